"""`make bench`: the table of ratios."""

import sys

from benchmarks.slash_command import measure
from bot import logs

if __name__ == "__main__":
    logs.configure("ERROR", "human")
    sys.stdout.write(measure())
