"""`estante analytics sql`: one shop's lake through views, on a served folder and on one that is not."""

import resource
import subprocess

import pytest

import estante

pytestmark = pytest.mark.only_on("sqlite")  # makes a data folder of its own

HOSTILE = ["SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('/**')", "ATTACH '/tmp/other.db'",
           "COPY purchases TO '/tmp/purchases.csv'", "SET lock_configuration = false", "SELECT 1; SELECT 2"]


def sql(binary, folder, statement, *more):
    return subprocess.run([binary, "analytics", "sql", statement, "--tenant", "acme", "--data", str(folder), *more],
                          capture_output=True, text=True, timeout=60)


def check(binary, folder):
    response = sql(binary, folder, "SELECT count(*) AS n, 'a,b' AS t FROM purchases", "--csv")
    assert (response.returncode, response.stderr) == (0, "")
    assert response.stdout.splitlines() == ['"n","t"', '"0","a,b"']
    for statement in HOSTILE:
        refused = sql(binary, folder, statement)
        assert refused.returncode == 1, statement
        assert refused.stdout == "" and "The statement was refused" in refused.stderr, (statement, refused.stderr)


def check_parquet(binary, folder, place):
    file = place / "out.parquet"
    response = sql(binary, folder, "SELECT 7 AS n, 'ñ' AS t UNION ALL SELECT 8, NULL", "--parquet", str(file))
    assert (response.returncode, response.stderr) == (0, "") and "2 rows" in response.stdout, response
    whole = file.read_bytes()
    assert whole[:4] == whole[-4:] == b"PAR1"

    taken = sql(binary, folder, "SELECT 1 AS n", "--parquet", str(file))
    assert taken.returncode == 1 and "--overwrite" in taken.stderr and taken.stderr.count("\n") == 1, taken
    assert file.read_bytes() == whole
    replaced = sql(binary, folder, "SELECT 1 AS n", "--parquet", str(file), "--overwrite")
    assert replaced.returncode == 0 and "1 row in" in replaced.stdout, replaced
    assert file.read_bytes() != whole
    whole = file.read_bytes()
    for statement, *more in (("SELECT nothing",), ("SELECT 1; SELECT 2",), ("COPY purchases TO '/tmp/purchases.csv'",)):
        refused = sql(binary, folder, statement, "--parquet", str(file), "--overwrite")
        assert refused.returncode == 1 and "The statement was refused" in refused.stderr, refused
    for name, words in (("no/such.parquet", ["there is no folder"]), (".", ["--overwrite"])):
        refused = sql(binary, folder, "SELECT 1", "--parquet", str(place / name))
        assert refused.returncode == 1 and all(word in refused.stderr for word in words), refused
    assert sql(binary, folder, "SELECT 1", "--parquet", str(place), "--overwrite").returncode == 1
    assert file.read_bytes() == whole
    assert [path.name for path in place.iterdir()] == ["out.parquet"]
    for flags in (("--parquet", "x", "--csv"), ("--overwrite",)):
        assert sql(binary, folder, "SELECT 1", *flags).returncode == 2
    file.unlink()


def test_on_a_full_disk_nothing_is_left_of_the_file_and_what_was_there_stays(binary, tmp_path):
    folder, place = tmp_path / "data", tmp_path / "place"
    subprocess.run([binary, "tenant", "create", "acme", "--name", "Acme", "--manager", "m@acme.example", "--data",
                    str(folder)], check=True, capture_output=True, timeout=60)
    place.mkdir()
    file = place / "out.parquet"
    file.write_bytes(b"before")
    arguments = [binary, "analytics", "sql", "SELECT hash(range) AS h FROM range(1000000)", "--tenant", "acme", "--data", str(folder),
                 "--parquet", str(file), "--overwrite"]
    full = subprocess.run(arguments, capture_output=True, text=True, timeout=60,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
    assert full.returncode == 1 and full.stderr.count("\n") == 1, full
    assert file.read_bytes() == b"before" and [path.name for path in place.iterdir()] == ["out.parquet"]
    assert subprocess.run(arguments, capture_output=True, timeout=60).returncode == 0
    assert file.stat().st_size > 1 << 20


def test_sql_reads_the_shop_and_nothing_else(binary, tmp_path):
    folder = tmp_path / "data"
    subprocess.run([binary, "tenant", "create", "acme", "--name", "Acme", "--manager", "m@acme.example", "--data",
                    str(folder)], check=True, capture_output=True, timeout=60)
    check(binary, folder)
    place = tmp_path / "place"
    place.mkdir()
    check_parquet(binary, folder, place)
    server = estante.Server(binary, folder).start()
    try:
        check(binary, folder)
        check_parquet(binary, folder, place)
    finally:
        server.stop()
