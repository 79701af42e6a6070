"""`make bench`: the tables of ratios."""

import os
import sys
import tempfile

from benchmarks import delivery, growth, planning, slash_command
from bot.platform import logs

if __name__ == "__main__":
    logs.configure("ERROR", "human")
    os.environ.setdefault(
        "XDG_RUNTIME_DIR", tempfile.gettempdir()
    )  # PostgreSQL's package warns when it has to guess it
    sys.stdout.write(slash_command.measure())
    sys.stdout.write("\n" + growth.measure())
    sys.stdout.write("\n" + planning.measure())
    sys.stdout.write("\n" + delivery.measure())
