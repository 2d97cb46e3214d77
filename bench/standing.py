"""A test engine for one measurement."""

import contextlib
import os
import subprocess
import sys
import tempfile

from served import ROOT

sys.path.insert(0, str(ROOT / "tests" / "api"))  # dynamodb_tables


@contextlib.contextmanager
def standing(*names, **settings):
    """The URL of the first of these engines that is available on this machine, started with these variables."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, **settings, "ESTANTE_ENGINES_STATE": state}
        script = str(ROOT / "scripts" / "engines")
        try:
            for name in names:
                if subprocess.run([script, "up", name], env=environment, stdout=subprocess.DEVNULL).returncode == 0:
                    break
            lines = subprocess.run([script, "env"], env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
            if not lines:
                raise SystemExit(f"none of {', '.join(names)} is available on this machine")
            yield lines[0].split("=", 1)[1]
        finally:
            subprocess.run([script, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)


def dynoxide():
    return standing("dynoxide")


def opensearch():
    """3.8 where Java 21 or newer is found, else 2.19; with the full compiler, not the quick one of the tests."""
    return standing("opensearch", "opensearch-2", ESTANTE_ENGINES_JIT="full")
