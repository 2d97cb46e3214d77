"""Backups of a served folder, and shops that move to another folder while they sell."""

import shutil
import subprocess
import threading

import pytest

from estante import Client, Server, eventually, problem
from small_shops import BOOK_COUNT
from test_races import set_copies, shoppers

pytestmark = pytest.mark.only_on("sqlite")  # about data folders


class Sale:
    """Customers who buy one copy after the other until they are told to stop, or are no longer let."""

    def __init__(self, server, customers=6):
        self.shop = Client(server, "goodbooks")
        self.book = self.shop.books()[0]["book_id"]
        set_copies(self.shop.as_manager(), self.book, 10_000)
        self.clients = shoppers(server, customers, self.book)
        self.acknowledged = []  # (client, purchase)
        self.refusals = []
        self.stopping = threading.Event()
        self.changed = threading.Condition()
        self.threads = [threading.Thread(target=self.buy, args=(client,)) for client in self.clients]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def buy(self, client):
        while not self.stopping.is_set():
            bought = client.post("/v1/purchases")
            if bought.status_code == 201:
                with self.changed:
                    self.acknowledged.append((client, bought.json()["purchase_id"]))
                    self.changed.notify_all()
            elif bought.json()["code"] != "cart_empty":
                self.refusals.append(bought)
            added = client.post("/v1/cart/items", {"book_id": self.book})
            if added.status_code != 200:
                self.refusals.append(added)

    def wait_for(self, more):
        """Until that many purchases more were acknowledged; those of before."""
        with self.changed:
            before = list(self.acknowledged)
            assert self.changed.wait_for(lambda: len(self.acknowledged) >= len(before) + more, 60)
        return before

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)


def purchases_of(client):
    found, cursor = [], None
    while True:
        page = client.get("/v1/purchases?limit=100" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [purchase["purchase_id"] for purchase in page["items"]]
        if not (cursor := page["next_cursor"]):
            return found


def logged_in_at(server, sale, client):
    """The same customer at another server: its tokens are signed with other keys, its refresh token is in the store."""
    other = Client(server, client.tenant)
    response = other.post("/v1/users/refresh", {"refresh_token": client.refresh_token})
    assert response.status_code == 200, response.text
    other.token = response.json()["token"]
    return other


def mode_of(path):
    return oct(path.stat().st_mode)[-3:]


def test_a_backup_while_checkouts_run_has_every_purchase_acknowledged_before_it(server, run_cli, binary, tmp_path):
    backup, restored = tmp_path / "backup", tmp_path / "restored"
    with Sale(server) as sale:
        sale.wait_for(50)
        before = list(sale.acknowledged)
        made = run_cli("backup", "--data", server.folder, "--to", backup)
        after = list(sale.acknowledged)
        sale.wait_for(10)  # the sale goes on
    assert made.returncode == 0, made
    assert "2 shops" in made.stdout and "items" in made.stdout and "secrets" in made.stderr, made
    assert not sale.refusals
    assert mode_of(backup) == "700" and mode_of(backup / "estante.db") == "600" and mode_of(backup / "keys") == "600"
    assert sorted(file.name for file in backup.iterdir()) == ["estante.db", "keys"]

    done = run_cli("restore", "--from", backup, "--data", restored)
    assert done.returncode == 0 and "2 shops" in done.stdout, done
    other = Server(binary, restored).start()
    kept = {}
    for client in sale.clients:
        same = Client(other, "goodbooks")
        same.token = client.token  # the keys came along
        kept[client] = set(purchases_of(same))
    for client, purchase in before:
        assert purchase in kept[client]
    copies = sum(map(len, kept.values()))
    assert len(before) <= copies <= len(after) + len(sale.clients)
    manager = Client(other, "goodbooks").as_manager()
    assert manager.get(f"/v1/books/{sale.book}/stock").json()["on_hand"] == 10_000 - copies  # of one moment
    assert Client(other, "libreria").books()
    assert other.stop() == 0


def test_a_backup_of_a_folder_that_nobody_serves(demo_folder, run_cli, tmp_path):
    made = run_cli("backup", "--data", demo_folder, "--to", tmp_path / "backup")
    assert made.returncode == 0, made
    assert sorted(file.name for file in (tmp_path / "backup").iterdir()) == ["DEMONSTRATION", "estante.db", "keys"]
    listed = run_cli("restore", "--from", tmp_path / "backup", "--data", tmp_path / "again")
    assert listed.returncode == 0, listed
    assert "goodbooks" in run_cli("tenant", "list", "--data", tmp_path / "again").stdout


def test_backups_and_restores_that_cannot_be(server, run_cli, tmp_path):
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine").write_text("x")
    backup = tmp_path / "backup"
    assert run_cli("backup", "--data", server.folder, "--to", backup).returncode == 0
    damaged = tmp_path / "damaged"
    shutil.copytree(backup, damaged)
    with open(damaged / "estante.db", "r+b") as file:
        file.seek(50 * 4096)
        file.write(b"\xa5" * 3 * 4096)
    for arguments, words in (
        (("backup", "--data", server.folder, "--to", used), [str(used), "not empty"]),
        (("backup", "--data", tmp_path / "none", "--to", tmp_path / "b2"), ["no data folder", "none"]),
        (("restore", "--from", backup, "--data", used), [str(used), "not empty"]),
        (("restore", "--from", backup, "--data", server.folder), ["in use"]),
        (("restore", "--from", used, "--data", tmp_path / "new"), [str(used), "no backup"]),
        (("restore", "--from", damaged, "--data", tmp_path / "new"), ["damaged"]),
    ):
        done = run_cli(*arguments)
        assert done.returncode == 1, (arguments, done)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        for word in words:
            assert word in done.stderr, (arguments, done.stderr)
    assert (used / "mine").read_text() == "x"
    assert not (tmp_path / "new").exists() and not (tmp_path / "none").exists() and not (tmp_path / "b2").exists()


def test_all_shops_are_copied_and_compared(server, run_cli, binary, tmp_path):
    target = tmp_path / "target"
    done = run_cli("copy", "--from", f"sqlite:{server.folder}", "--to", f"sqlite:{target}")
    assert done.returncode == 0, done
    for tenant in ("goodbooks", "libreria", "operator"):
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(tenant + " ")]
        assert line.endswith("equal") and int(line.split()[1]) > 0
    assert not list(tmp_path.glob("*copy-*.json"))

    again = run_cli("copy", "--from", f"sqlite:{server.folder}", "--to", f"sqlite:{target}")
    assert again.returncode == 1 and "--replace" in again.stderr, again
    other = Server(binary, target).start()
    assert Client(other, "goodbooks").get("/v1/books/search?limit=1").json()["total"] == BOOK_COUNT
    assert Client(other, "libreria").login("manager@example.com").token
    assert other.stop() == 0


def test_a_shop_moves_while_it_sells_and_nothing_is_lost(server, run_cli, binary, tmp_path):
    target = tmp_path / "target"
    with Sale(server) as sale:
        sale.wait_for(30)
        moved = run_cli("copy", "--from", f"sqlite:{server.folder}", "--to", f"sqlite:{target}", "--tenant", "goodbooks")
    assert moved.returncode == 0, moved
    assert "goodbooks is open in" in moved.stdout and "libreria" not in moved.stdout

    # It sold until it was read-only; then it was refused with a pause, and at last closed. No other refusal was given.
    assert len(sale.acknowledged) > 30
    assert sale.refusals
    for refusal in sale.refusals:
        assert refusal.status_code in (403, 503)
        if refusal.status_code == 503:
            assert refusal.headers["Retry-After"] == "5" and refusal.json()["code"] == "unavailable"
    problem(sale.shop.get("/v1/shop"), 403, "forbidden")
    assert Client(server, "libreria").get("/v1/shop").status_code == 200

    other = Server(binary, target).start()
    found = {}
    for client in sale.clients:
        found[client] = purchases_of(logged_in_at(other, sale, client))
    for client in sale.clients:
        assert sorted(found[client]) == sorted(purchase for buyer, purchase in sale.acknowledged if buyer is client)
    manager = Client(other, "goodbooks").as_manager()
    assert manager.get(f"/v1/books/{sale.book}/stock").json()["on_hand"] == 10_000 - len(sale.acknowledged)
    problem(Client(other, "libreria").get("/v1/shop"), 404, "not_found")
    assert other.stop() == 0

    # And back, over what was left there.
    back = ("copy", "--from", f"sqlite:{target}", "--to", f"sqlite:{server.folder}", "--tenant", "goodbooks")
    refused = run_cli(*back)
    assert refused.returncode == 1 and "--replace" in refused.stderr, refused
    returned = run_cli(*back, "--replace")
    assert returned.returncode == 0, returned
    assert Client(server, "goodbooks").get("/v1/shop").status_code == 200


def test_copies_that_cannot_be(server, run_cli, tmp_path):
    here = f"sqlite:{server.folder}"
    for arguments, words in (
        (("--from", here, "--to", here), ["itself"]),
        (("--from", here, "--to", f"{here}/."), ["itself"]),
        (("--from", here, "--to", "sqlite"), ["sqlite:", "dynamodb:"]),
        (("--from", "oracle:x", "--to", here), ["sqlite:", "dynamodb:"]),
        (("--from", f"sqlite:{tmp_path}/none", "--to", here), ["no data folder", "none"]),
        (("--from", here, "--to", f"sqlite:{tmp_path}/t", "--tenant", "nosuch"), ["nosuch"]),
        (("--from", here, "--to", f"sqlite:{tmp_path}/t", "--tenant", "operator"), ["operator"]),
    ):
        done = run_cli("copy", *arguments)
        assert done.returncode == 1, (arguments, done)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        for word in words:
            assert word in done.stderr, (arguments, done.stderr)
    assert not (tmp_path / "t").exists()


def test_a_shop_that_was_left_read_only_is_resumed(server, run_cli):
    """As a crash in the middle of a move leaves it."""
    assert server.stop() == 0
    database = server.folder / "estante.db"
    subprocess.run(["sqlite3", database, "UPDATE users SET body = replace(body, '\"status\":\"active\"', '\"status\":\"moving\"') "
                    "WHERE pk = 'libreria#TENANT'"], check=True)
    server.start()
    shop = Client(server, "libreria")
    assert shop.get("/v1/shop").status_code == 200
    refused = shop.post("/v1/cart/items", {"book_id": shop.books()[0]["book_id"]})
    assert problem(refused, 503, "unavailable") and refused.headers["Retry-After"] == "5"
    data = ("--data", server.folder)
    assert "moving" in run_cli("tenant", "list", *data).stdout
    assert run_cli("tenant", "resume", "libreria", *data).returncode == 0
    assert shop.post("/v1/cart/items", {"book_id": shop.books()[0]["book_id"]}).status_code == 200


def test_a_copy_whose_caller_leaves_stops_and_goes_on_when_it_is_repeated(demo_server, binary, run_cli, tmp_path):
    server = demo_server  # large enough that the copy takes a while
    command = ["copy", "--from", f"sqlite:{server.folder}", "--to", f"sqlite:{tmp_path}/target"]
    begun = subprocess.Popen([binary, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    progress = f"{server.folder.name}.copy-*.json"
    eventually(lambda: begun.poll() is not None or list(server.folder.parent.glob(progress)), timeout_s=60)
    begun.kill()
    begun.wait()
    done = run_cli(*command)  # the control socket serves it when the first one has stopped
    if done.returncode == 1:  # which was faster than the signal
        assert "--replace" in done.stderr
    else:
        assert done.returncode == 0 and "equal" in done.stdout, done
    assert not list(server.folder.parent.glob(progress))
