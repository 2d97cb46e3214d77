"""GET /v1/books/{id} with a token over all 10,000 books, one event loop on one core. The reference is one nginx worker on the same core that
serves a file of 1 KB. wrk runs with one thread and 64 connections on the other core. The two alternate."""

import os
import re
import subprocess

from harness import all_book_ids, call, load_demonstration, login, median, progress, print_result, scratch_folder, run_server

SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ROUNDS = 3
NGINX = """worker_processes 1; worker_cpu_affinity 01; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{ access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush off; open_file_cache max=100; default_type application/json;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
"""
LUA = """
local ids = {{}}
for line in io.lines("{ids}") do ids[#ids + 1] = "/v1/books/" .. line end
local i = 0
wrk.headers["Authorization"] = "Bearer {token}"
request = function() i = i % #ids + 1; return wrk.format("GET", ids[i]) end
"""


def wrk(url, script=None):
    command = ["taskset", "-c", "1", "wrk", "-t1", "-c64", f"-d{SECONDS}s"] + (["-s", str(script)] if script else []) + [url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in output and "Socket errors" not in output, output
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


def cpu_s(process):
    fields = open(f"/proc/{process.pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


with scratch_folder() as folder:
    load_demonstration(folder / "data")
    (folder / "www").mkdir()
    (folder / "www" / "file.json").write_text("x" * 1024)
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off; user root;" if os.getuid() == 0 else "daemon off;"])
    try:
        with run_server(folder / "data", "serve", "--loops", "1", prefix=("taskset", "-c", "0")) as (url, process):
            ids = all_book_ids(url)
            (folder / "ids").write_text("\n".join(ids) + "\n")
            script = folder / "books.lua"
            script.write_text(LUA.format(ids=folder / "ids", token=login(url)))
            token = login(url)
            before = cpu_s(process)
            for book in ids:
                call(url, f"/v1/books/{book}", token=token)
            cold_us = (cpu_s(process) - before) / len(ids) * 1e6
            progress(f"cold: {cold_us:.0f} µs of CPU per request; each book for the first time, on a new connection")
            ours, theirs = [], []
            for turn in range(ROUNDS):
                ours.append(wrk(url, script))
                theirs.append(wrk(f"http://127.0.0.1:{port}/file.json"))
                progress(f"estante {ours[-1]:.0f}/s, nginx {theirs[-1]:.0f}/s: {ours[-1] / theirs[-1]:.2f}")
    finally:
        nginx.terminate()
        nginx.wait(timeout=10)
    ratio = median(a / b for a, b in zip(ours, theirs))
    print_result("get-book", ratio, 0.7, per_s=median(ours), nginx_per_s=median(theirs), cold_cpu_us=cold_us)
