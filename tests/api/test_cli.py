"""The command line, as a person types it."""

import os
import resource
import shlex
import shutil
import subprocess

import pytest

from estante import Client, Server, problem

pytestmark = pytest.mark.only_on("sqlite")  # about data folders


def test_settings_flags_beat_environment_beats_file(run_cli, tmp_path):
    (tmp_path / "estante.toml").write_text('listen = "127.0.0.1:1111"\ndomain = "from.file"\nloops = 3\n')
    shown = run_cli("config", "--config", "estante.toml", "--listen", "127.0.0.1:3333",
                    env={"ESTANTE_LISTEN": "127.0.0.1:2222", "ESTANTE_DOMAIN": "from.environment", "ESTANTE_SIGNING_KEYS": "k:" + "s" * 32})
    lines = {line.split()[0]: line.split(maxsplit=2)[1:] for line in shown.stdout.splitlines()}
    assert lines["listen"] == ["127.0.0.1:3333", "flag --listen"]
    assert lines["domain"] == ["from.environment", "environment ESTANTE_DOMAIN"]
    assert lines["loops"] == ["3", "estante.toml"]
    assert lines["data"] == ["estante-data", "default"]
    assert "ssss" not in shown.stdout


def test_mistakes_are_one_clear_line(run_cli, tmp_path):
    (tmp_path / "wrong.toml").write_text("lisen = 1\n")
    for arguments, words in ((("serve", "--config", "wrong.toml"), ["wrong.toml", "line 1", "lisen", "listen"]),
                             (("serve", "--config", "nosuch.toml"), ["nosuch.toml"]),
                             (("serve", "--loops", "many"), ["loops", "many"]),
                             (("serve", "--listen", "8080"), ["8080", "HOST:PORT"]),
                             (("tenant", "create", "X!", "--name", "n", "--manager", "not-an-email"), ["tenant_id", "manager_email"]),
                             (("import", "none.csv", "--tenant", "nosuch"), ["nosuch"])):
        done = run_cli(*arguments)
        assert done.returncode == 1, (arguments, done)
        for word in words:
            assert word in done.stderr, (arguments, done.stderr)
        assert "terminate" not in done.stderr
    for words, names in ((("serv",), "serve, demo"), (("lake", "statsu"), "status, close"), (("streams", "dead-letters", "lst"), "list, replay")):
        unknown = run_cli(*words)
        assert unknown.returncode == 2 and f"there is no command '{words[-1]}'; there are: {names}" in unknown.stderr, unknown
    assert run_cli("--help").returncode == 0
    for command in ("serve", "demo", "operator", "tenant", "user", "import", "search", "config", "version"):
        assert run_cli(command, "--help").returncode == 0


def test_help_shows_options_in_groups_with_units_limits_and_defaults(run_cli):
    shown = " ".join(run_cli("serve", "--help").stdout.split())
    assert "Server:" in shown and "Data lake:" in shown
    assert "--max-upload-mb MB largest catalogue that can be imported over HTTP, 1 to 65536 [default: 512]" in shown


def test_bash_completes_commands_options_and_values(run_cli):
    script = run_cli("completion", "bash").stdout

    def complete(*words):
        command = f'{script}\nCOMP_WORDS=({" ".join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}\n_estante\necho "${{COMPREPLY[@]}}"'
        return subprocess.run(["bash", "--norc", "-c", command], capture_output=True, text=True, check=True).stdout.split()

    assert {"serve", "lake", "completion"} <= set(complete("estante", ""))
    assert complete("estante", "streams", "dead-letters", "") == ["list", "replay", "--help"]
    assert complete("estante", "lake", "--help", "status", "--te") == ["--tenant"]
    assert complete("estante", "search", "verify", "--rep") == ["--repair"]
    assert complete("estante", "serve", "--store", "") == ["sqlite", "dynamodb"]
    assert complete("estante", "completion", "f") == ["fish"]
    assert complete("estante", "serve", "--listen", "") == []


def test_the_manual_page_is_well_formed(run_cli, tmp_path):
    (tmp_path / "estante.1").write_text(run_cli("man").stdout)
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    formatted = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-Kutf8", "-P-cbou", tmp_path / "estante.1"], capture_output=True, text=True, check=True)
    assert formatted.stderr == ""
    assert "EXIT STATUS" in formatted.stdout and "--search-memory-mb MB" in formatted.stdout


def test_a_shop_from_nothing_by_hand(run_cli, binary, tmp_path):
    made = run_cli("tenant", "create", "acme", "--name", "Acme", "--manager", "boss@example.com")
    assert made.returncode == 0 and "invitation" in made.stdout, made
    assert run_cli("tenant", "create", "acme", "--name", "Acme", "--manager", "boss@example.com").returncode == 1
    assert "acme" in run_cli("tenant", "list").stdout
    user = run_cli("user", "create", "acme", "ana@example.com", "--role", "manager", "--password-stdin", input="a good password\n")
    assert user.returncode == 0, user
    assert "a good password" not in user.stdout + user.stderr
    weak = run_cli("user", "create", "acme", "eva@example.com", "--password-stdin", input="short\n")
    assert weak.returncode == 1 and "password" in weak.stderr and "8" in weak.stderr
    (tmp_path / "books.csv").write_text("title,contributors,category,price,stock,source_id\nLa busca,Pío Baroja,Novela,9.95,3,b1\n,X,Y,1,1,b2\n")
    imported = run_cli("import", "books.csv", "--tenant", "acme")
    assert imported.returncode == 0 and "1 new" in imported.stdout and "1 refused" in imported.stdout, imported
    assert "line 3" in imported.stderr
    again = run_cli("import", "books.csv", "--tenant", "acme")
    assert "0 new, 0 changed, 1 unchanged" in again.stdout, again
    assert "La busca" in run_cli("search", "acme", "baroja").stdout

    server = Server(binary, tmp_path / "estante-data").start()
    manager = Client(server, "acme").login("ana@example.com", "a good password")
    assert manager.get("/v1/books/search?q=baroja").json()["total"] == 1
    assert server.stop() == 0


def test_commands_reach_the_running_server(server, run_cli):
    data = ("--data", server.folder)
    assert "libreria" in run_cli("tenant", "list", *data).stdout
    made = run_cli("user", "create", "goodbooks", "eva@example.com", "--password-stdin", *data, input="a good password\n")
    assert made.returncode == 0, made
    assert Client(server, "goodbooks").login("eva@example.com", "a good password").token
    assert run_cli("tenant", "suspend", "libreria", *data).returncode == 0
    problem(Client(server, "libreria").get("/v1/shop"), 403, "forbidden")
    assert run_cli("tenant", "resume", "libreria", *data).returncode == 0
    assert Client(server, "libreria").get("/v1/shop").status_code == 200
    assert oct((server.folder / "control.sock").stat().st_mode)[-3:] == "600"
    assert oct((server.folder / "keys").stat().st_mode)[-3:] == "600"


def test_a_second_server_on_the_same_folder_or_port_is_refused(server, run_cli, binary, tmp_path):
    second = run_cli("serve", "--data", server.folder, "--listen", "127.0.0.1:0")
    assert second.returncode == 1 and "in use" in second.stderr
    port = server.url.rsplit(":", 1)[1]
    taken = run_cli("serve", "--data", tmp_path / "other", "--listen", f"127.0.0.1:{port}", "--admin-listen", "off")
    assert taken.returncode == 1 and port in taken.stderr


def test_a_demonstration_says_that_everyone_knows_its_passwords(binary, demo_folder):
    for command in ("serve", "demo"):
        running = Server(binary, demo_folder, command).start()
        assert running.stop() == 0
        assert any("everyone knows" in line for line in running.lines)


def test_folders_that_cannot_be_used(run_cli, tmp_path):
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", "/proc/estante"):
        done = run_cli("serve", "--data", folder)
        assert done.returncode == 1 and str(folder) in done.stderr, done
        assert len(done.stderr.strip().splitlines()) == 1
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "estante.db").write_bytes(b"this is no database, and long enough to be read as one" * 100)
    done = run_cli("serve", "--data", broken)
    assert done.returncode == 1 and "estante.db" in done.stderr, done


def test_a_full_disk_refuses_writes_and_keeps_what_was_acknowledged(binary, shop_folder):
    """A limit on the size of files stands in for the disk: writes beyond it fail as on a full one."""
    size = (shop_folder / "estante.db").stat().st_size
    server = Server(binary, shop_folder, "serve", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size + 400_000, resource.RLIM_INFINITY)))
    server.start()
    shop = Client(server, "libreria")
    books = [book["book_id"] for book in shop.books("limit=100&sort=title")]
    guest = Client(server, "libreria")
    kept = []
    for number in range(6000):
        added = guest.post("/v1/cart/items", {"book_id": books[number % 90], "quantity": 1}, check=False)
        if added.status_code == 503:
            break
        if "X-Cart-Token" in added.headers and added.status_code == 200 and number % 90 == 0:
            kept.append((added.headers["X-Cart-Token"], added.json()["items"][0]["book_id"]))
    else:
        pytest.fail("the limit was never reached")
    problem(added, 503, "unavailable")
    assert shop.get("/v1/shop").status_code == 200  # reading goes on
    server.kill()

    server = Server(binary, shop_folder).start()
    assert kept
    for token, book in kept:
        client = Client(server, "libreria")
        client.cart_token = token
        assert client.get("/v1/cart").json()["items"][0]["book_id"] == book
    assert server.stop() == 0


def test_an_interrupted_demonstration_begins_anew(binary, tmp_path):
    folder = tmp_path / "data"
    process = subprocess.Popen([binary, "demo", "--data", str(folder), "--listen", "127.0.0.1:0", "--admin-listen", "off"],
                               stdout=subprocess.PIPE, text=True)
    assert "loading" in process.stdout.readline()
    process.kill()
    process.wait()
    server = Server(binary, folder, "demo").start(timeout_s=120)
    assert Client(server, "goodbooks").get("/v1/books/search?limit=1").json()["total"] == 10_000
    assert server.stop() == 0
