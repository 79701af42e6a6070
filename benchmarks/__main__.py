"""`make bench`: the tables of ratios."""

import os
import sys
import tempfile

from benchmarks import delivery, growth, pictures, planning, slash_command
from bot.platform import logs

if __name__ == "__main__":
    logs.configure("ERROR", "human")
    # PostgreSQL's package warns when it has to guess this folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    for measured in (slash_command, growth, pictures, planning, delivery):
        sys.stdout.write(measured.measure() + "\n")
