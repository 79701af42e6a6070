"""`make bench`: the tables of ratios, and what missed its goal. It exits with 1 where anything did."""

import os
import sys
import warnings
from tempfile import mkdtemp

from benchmarks import delivery, growth, pictures, planning, presses, start
from bot.platform import logs

MEASURED = (start, presses, growth, pictures, planning, delivery)


def main(names: list[str]) -> int:
    """Measure everything, or what is named. Returns the exit status."""
    logs.configure("CRITICAL", "human")
    warnings.simplefilter("ignore")
    # PostgreSQL's package warns when it has to guess this folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp())
    chosen = [each for each in MEASURED if not names or each.__name__.rpartition(".")[2] in names]
    missed: list[str] = []
    for measured in chosen:
        found = measured.measure()
        missed += found.missed
        sys.stdout.write(f"{found.text}\n\n")
        sys.stdout.flush()
    sys.stdout.write(
        "\n".join(f"Missed: {sentence}" for sentence in missed) + "\n" if missed else "Every goal is met.\n"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
