"""What a process that dies leaves: one line, and the exit status of the signal."""

import re
import signal

import pytest

from estante import Client, Server


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT"])
def test_a_process_that_dies_of_a_signal_says_so_in_one_line(binary, tmp_path, name):
    server = Server(binary, tmp_path / "data").start()
    assert Client(server, "nobody").get("/healthz").status_code == 200
    server.process.send_signal(getattr(signal, name))
    assert server.process.wait(timeout=30) == -getattr(signal, name), "the signal's own exit status"
    server.reader.join(timeout=10)
    (line,) = [line for line in server.lines if "died of" in line]
    assert re.fullmatch(rf"estante \S+ died of {name}; stack:( [^ +]+\+0x[0-9a-f]+| 0x[0-9a-f]+)+", line), line
    assert re.search(r" estante\+0x[0-9a-f]+", line), "the program's own frames"
    assert server.lines[-1] == line


def test_a_process_that_is_told_to_end_says_nothing_of_the_kind(binary, tmp_path):
    server = Server(binary, tmp_path / "data").start()
    assert server.stop() == 0
    assert not [line for line in server.lines if "died" in line]
