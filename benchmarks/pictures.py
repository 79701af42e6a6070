"""Pictures: the processor's time for each, and how much larger the process is after fifty, painted for many threads.

The time is measured against a blank picture of the same size, and the memory in a process of its own that serves nothing.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks import goals
from benchmarks.goals import Report
from bot.views.intake import capacity, digests
from bot.views.kit import pictures
from bot.views.kit.pictures import Drawing
from bot.views.retros import trends
from tests.views.intake import test_bookings, test_nudges
from tests.views.retros import test_trends

TIMES = 5  # the best one counts, for both sides
PICTURES, THREADS = 50, 8
CPU_GOAL_S, MEMORY_GOAL_MB = 0.5, 30
WORST: dict[str, Callable[[], Drawing]] = {
    "trends of 12 full sprints": partial(trends.draw, test_trends.SHAPES["huge"]),
    "digest of 12 weeks": partial(digests.draw, test_nudges.paces("extreme")),
    "capacity of 4 engineers": partial(capacity.draw, test_bookings.a_capacity("usual")),
    "capacity of 30 engineers": partial(capacity.draw, test_bookings.a_capacity("extreme")),
}


def measure() -> Report:
    """Both tables, and what missed its goal."""
    times, memory = _times(), _memory()
    return Report(f"{times.text}\n\n{memory.text}", [*times.missed, *memory.missed])


def _times() -> Report:
    rows, missed = [["A picture, processor time", "painted", "goal", "blank", "ratio"]], []
    for name, draw in WORST.items():
        blank = Drawing(draw().height)
        painted, bare = _cpu(draw), _cpu(lambda blank=blank: blank)  # type: ignore[misc]
        rows.append([name, f"{painted:.3f} s", f"{CPU_GOAL_S} s", f"{bare:.3f} s", f"{painted / bare:.1f}×"])
        missed += goals.at_most(f"The picture {name}", painted, CPU_GOAL_S, " s")
    return Report(goals.table(rows), missed)


def _cpu(draw: Callable[[], Drawing]) -> float:
    def once() -> float:
        begun = time.process_time()
        pictures.paint(draw)
        return time.process_time() - begun

    return min(once() for _ in range(TIMES))


def _memory() -> Report:
    command = [sys.executable, "-m", "benchmarks.pictures"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout  # noqa: S603  (our own module)
    before, after = map(float, said.split())
    more = after - before
    rows = [
        [f"The process, {PICTURES} pictures of 30 engineers for {THREADS} threads", "before", "after", "more", "goal"],
        ["", f"{before:.0f} MB", f"{after:.0f} MB", f"{more:.1f} MB", f"{MEMORY_GOAL_MB} MB"],
    ]
    return Report(goals.table(rows), goals.at_most("The memory of the pictures", more, MEMORY_GOAL_MB, " MB"))


def _megabytes() -> float:
    """What this process holds; it reads Linux's own account of it."""
    gc.collect()
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def main() -> None:
    """Paint for many threads, and print what the process held before and after."""
    import bot.app  # noqa: F401  (as large as the bot is when it is asked for its first picture)

    draw = WORST["capacity of 30 engineers"]
    before = _megabytes()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(pictures.paint, [draw] * PICTURES))
    sys.stdout.write(f"{before} {_megabytes()}\n")


if __name__ == "__main__":
    main()
