"""Time from exec to the first search response, with the demonstration loaded. Ratio: limit / measured."""

import subprocess
import time

from harness import BINARY, call, load_demonstration, median, progress, print_result, scratch_folder, run_server

LIMIT_S = 0.5

with scratch_folder() as folder:
    load_demonstration(folder / "data")
    times = []
    for turn in range(7):
        begin = time.perf_counter()
        with run_server(folder / "data") as (url, _):
            assert call(url, "/v1/books/search?q=hunger+games", tenant="goodbooks")["total"] >= 3
            times.append(time.perf_counter() - begin)
        reference = time.perf_counter()
        subprocess.run([BINARY, "version"], check=True, stdout=subprocess.DEVNULL)
        progress(f"{times[-1]:.3f} s to the first answer; {time.perf_counter() - reference:.3f} s for a program that does nothing")
    print_result("start", LIMIT_S / median(times), 1, seconds=median(times), slowest=max(times), limit_s=LIMIT_S)
