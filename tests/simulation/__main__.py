"""`make simulate SEEDS=100` lives through so many companies on both databases; `make simulate SEED=7` through one again."""

import argparse
import sys
import time
from collections.abc import Sequence

from tests.databases import KINDS
from tests.simulation import report
from tests.simulation.life import Broken
from tests.simulation.planted import PLANTED
from tests.simulation.seeds import Lived, lives, one_by_one, parallel


def main() -> int:
    """Live through what is asked for, and print what was met. Returns 1 when a rule is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many companies")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="this one company, with all that happens in it")
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--one-process", action="store_true", help="leave the other processors to others")
    parser.add_argument("--all-verbs", action="store_true", help="fail where a verb was never pressed")
    parser.add_argument("--planted", nargs="?", const="", help="search a planted bug, or each of them")
    wanted = parser.parse_args()
    kinds = wanted.database or KINDS
    if wanted.seed is not None:
        return _again(kinds[0], wanted.seed)
    seeds = range(wanted.first, wanted.first + wanted.seeds)
    if wanted.planted is not None:
        return _search(kinds[0], [wanted.planted] if wanted.planted else list(PLANTED), seeds)
    results = [_many(kind, seeds, in_parallel=not wanted.one_process) for kind in kinds]
    is_lacking = wanted.all_verbs and any(report.never(lived.met) for lived in results)
    return 1 if is_lacking or any(lived.broken for lived in results) else 0


def _again(kind: str, seed: int) -> int:
    with lives(kind) as here:
        try:
            here.live(seed)
        except Broken as broken:
            _say("\n".join([*broken.history, "", broken.told()]))
            return 1
    _say(f"Seed {seed} breaks no rule.")
    return 0


def _search(kind: str, bugs: Sequence[str], seeds: Sequence[int]) -> int:
    """Which seed finds each bug. Returns 1 when all were found, since then rules were broken."""
    found = 0
    with lives(kind) as here:
        for bug in bugs:
            broken = next(filter(None, (here.breaks(seed, PLANTED[bug]()) for seed in seeds)), None)
            found += broken is not None
            _say(f"{bug}: seed {broken.seed}, {broken.sentence}" if broken else f"{bug}: not found")
    return 1 if found == len(bugs) else 0


def _many(kind: str, seeds: Sequence[int], *, in_parallel: bool) -> Lived:
    begun, lived = time.monotonic(), Lived()
    for some in parallel(kind, seeds) if in_parallel else one_by_one(kind, seeds):
        lived += some
        for told in some.broken:
            _say(told)
        sys.stderr.write(f"\r{kind}: {lived.seeds} of {len(seeds)}")
    sys.stderr.write("\r")
    _say(f"{kind}: {lived.seeds} seeds in {time.monotonic() - begun:.0f} s, {len(lived.broken)} of them broke a rule")
    _say("\n".join(report.table(lived.met)))
    for verb in report.never(lived.met):
        _say(f"never: {verb}")
    return lived


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
