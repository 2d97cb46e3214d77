"""The test runner itself: budgets that are exceeded are reported, and an engine that is not available is skipped aloud."""

import importlib.machinery
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINES = str(ROOT / "scripts" / "engines")
NAMES = subprocess.run([ENGINES, "names"], capture_output=True, text=True, check=True).stdout.split()
GTEST_PROGRAMS = ("cloudwatch", "dynamodb", "s3", "athena", "opensearch")  # those that use engines
NOWHERE = "http://127.0.0.1:1"


def environment(**variables):
    """Without any engine but those that are named."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ESTANTE_TEST_", "ESTANTE_HIDE_", "ESTANTE_BUDGETS", "PYTEST_"))}
    return {**clean, "PYTHONDONTWRITEBYTECODE": "1", **variables}


@pytest.fixture
def runner(tmp_path, monkeypatch):
    """scripts/test as a module. Its stages are replaced by the test."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delenv("ESTANTE_BUDGETS", raising=False)
    loader = importlib.machinery.SourceFileLoader("runner", str(ROOT / "scripts" / "test"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("runner", loader))
    monkeypatch.setitem(sys.modules, "runner", module)  # where its dataclasses are looked up
    loader.exec_module(module)
    return module


def budgets(tmp_path, text):
    file = tmp_path / "budgets"
    file.write_text(text)
    return file


def busy(seconds):
    return f"import time\nwhile time.process_time() < {seconds}: pass\n"


def test_a_stage_over_its_budget_fails(runner, tmp_path, capfd):
    runner.STAGES[:] = [runner.Stage("work", "burns CPU time", lambda run: run.command(sys.executable, "-c", busy(0.5)))]
    cheap = budgets(tmp_path, "work 0  # nothing\n")
    assert runner.main(["--budget-file", str(cheap)]) == 1
    assert re.search(r"FAILED: the stage work used \d+ CPU seconds, more than 1\.3 times its budget of 0", capfd.readouterr().out)
    assert runner.main(["--budget-file", str(cheap), "--budgets", "warn"]) == 0
    assert "WARNING: the stage work" in capfd.readouterr().err
    ample = budgets(tmp_path, "work 5\n")
    assert runner.main(["--budget-file", str(ample)]) == 0


def test_a_stage_without_a_budget_and_an_unreadable_budget_are_refused(runner, tmp_path, capfd):
    runner.STAGES[:] = [runner.Stage("work", "nothing", lambda run: None)]
    assert runner.main(["--budget-file", str(budgets(tmp_path, "other 5\n"))]) == 1
    assert "has no budget" in capfd.readouterr().out
    for text in ("work\n", "work five\n", "work 1\nwork 2\n"):
        with pytest.raises(SystemExit, match="expected `stage seconds`"):
            runner.main(["--budget-file", str(budgets(tmp_path, text))])


def test_every_stage_has_a_budget(runner):
    assert set(runner.read_budgets(ROOT / "tests" / "budgets")) == {stage.name for stage in runner.STAGES}


def test_the_cpu_time_of_a_process_that_outlives_its_parent_counts(tmp_path):
    """As that of an engine, which a script starts and another one ends."""
    os.mkfifo(tmp_path / "done")
    orphan = f"{busy(1.2)}open({str(tmp_path / 'done')!r}, 'w').close()\n"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}], start_new_session=True)"
    wait = f"open({str(tmp_path / 'done')!r}).read()\n"  # until the orphan opens and closes the FIFO
    program = textwrap.dedent(f"""
        import importlib.machinery, importlib.util, sys
        loader = importlib.machinery.SourceFileLoader("runner", {str(ROOT / 'scripts' / 'test')!r})
        runner = importlib.util.module_from_spec(importlib.util.spec_from_loader("runner", loader))
        sys.modules["runner"] = runner
        loader.exec_module(runner)
        def work(run):
            run.command(sys.executable, "-c", {parent!r})
            run.command(sys.executable, "-c", {wait!r})
        runner.STAGES[:] = [runner.Stage("work", "an orphan works", work)]
        sys.exit(runner.main(["--budget-file", {str(budgets(tmp_path, "work 0"))!r}]))
        """)
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done
    wall, cpu = map(int, re.search(r"^work +(\d+) +(\d+)", done.stdout, re.M).groups())
    assert cpu >= 1, done.stdout  # of the orphan; starting the other processes takes less


def test_a_failing_command_fails_its_stage_and_the_others_run(runner, tmp_path, capfd):
    runner.STAGES[:] = [runner.Stage("broken", "fails", lambda run: run.command("sh", "-c", "echo the reason; exit 1")),
                        runner.Stage("sound", "passes", lambda run: run.command("echo", "it ran"))]
    assert runner.main(["--budget-file", str(budgets(tmp_path, "broken 1\nsound 1\n"))]) == 1
    out = capfd.readouterr().out
    assert "it ran" in out
    assert re.search(r"FAILED: broken: sh -c .* failed; its last lines:\nthe reason\n$", out), out


@pytest.mark.parametrize("name", NAMES)
def test_a_hidden_engine_is_unavailable(name, tmp_path):
    hidden = environment(ESTANTE_HIDE_ENGINES=name, ESTANTE_ENGINES_STATE=str(tmp_path))
    for command in ("install", "up"):
        done = subprocess.run([ENGINES, command, name], env=hidden, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr.splitlines()) == (3, [f"engines: {name} skipped: hidden by ESTANTE_HIDE_ENGINES"]), done


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_without_its_engine_is_skipped_aloud(runner, name, tmp_path, capfd, monkeypatch):
    """All engines are hidden but none is needed to find that out: the commands of the stages are recorded, not run."""
    monkeypatch.setenv("ESTANTE_HIDE_ENGINES", ",".join(NAMES))
    commands = []
    monkeypatch.setattr(runner.Run, "command", lambda run, *words, **variables: commands.append(words))
    stages = [stage for stage in runner.STAGES if any(name in choice.split("|") for choice in stage.engines)]
    if not stages:
        assert name == "trino", f"no stage uses {name}"  # scripts/athena-proof does
        return
    runner.STAGES[:] = stages
    assert runner.main(["--budgets", "warn"]) == 0
    out = capfd.readouterr()
    for stage in stages:
        expected = "what needs .* in the stage" if stage.partial else "the stage"
        assert re.search(f"^SKIPPED: {expected} {stage.name}: .*{name}.* is not available", out.out, re.M), out
    assert bool(commands) == any(stage.partial for stage in stages)


def collected(*arguments, **variables):
    """What pytest says of tests/api without the engines."""
    return subprocess.run(["/usr/bin/python3", "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "tests/api", *arguments],
                          env=environment(**variables), cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("arguments, variables, reason", [
    (("-m", "moto"), {}, "moto does not run"),
    (("-m", "search_engine"), {}, "no search engine runs"),
    ((), {"ESTANTE_TEST_STORE": "dynamodb"}, "needs dynoxide and moto"),
    ((), {"ESTANTE_TEST_STORE": "dynamodb", "ESTANTE_TEST_MOTO": NOWHERE}, "needs dynoxide"),
    ((), {"ESTANTE_TEST_STORE": "dynamodb", "ESTANTE_TEST_DYNOXIDE": "/nowhere"}, "needs moto"),
])
def test_black_box_tests_without_their_engine_are_skipped(arguments, variables, reason):
    done = collected(*arguments, **variables)
    assert done.returncode == 0, done.stdout
    assert re.search(rf"^SKIPPED \[\d+\] .*{reason}", done.stdout, re.M), done.stdout
    assert re.search(r"^\d+ skipped(, \d+ deselected)? in", done.stdout, re.M), done.stdout


def test_engines_are_looked_up_in_one_place():
    """Which skips the tests of an engine that is not there; another place would end in a KeyError."""
    lookups = [str(file.relative_to(ROOT)) for file in sorted((ROOT / "tests" / "api").glob("*.py"))
               for name in re.findall(r"ESTANTE_TEST_(\w+)", re.sub(r'""".*?"""', "", file.read_text(), flags=re.S)) if name != "STORE"]
    assert set(lookups) == {"tests/api/engines.py"}


@pytest.mark.parametrize("program", GTEST_PROGRAMS)
def test_googletest_programs_without_engines_are_skipped(program):
    binary = str(ROOT / "build" / "release" / "tests" / f"{program}_tests")
    done = subprocess.run([binary], env=environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\[  SKIPPED \] \d+ test", done.stdout, re.M), done.stdout
