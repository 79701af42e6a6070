"""`make bench`: the tables of ratios."""

import sys

from benchmarks import delivery, pictures, planning, slash_command
from bot.platform import logs

if __name__ == "__main__":
    logs.configure("ERROR", "human")
    sys.stdout.write(slash_command.measure())
    sys.stdout.write("\n" + pictures.measure())
    sys.stdout.write("\n" + planning.measure())
    sys.stdout.write("\n" + delivery.measure())
