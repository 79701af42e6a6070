"""A small company's week; `make chaos` is the large one."""

import os
import subprocess
import sys


def test_a_week_of_kills_and_faults_loses_doubles_and_forgets_nothing(database_url: str) -> None:
    # A process of its own: its clock is a week's, and the other tests' clock stands still.
    small = ["--teams", "4", "--people", "16", "--kills", "6", "--faults", "0.2"]
    command = [sys.executable, "-m", "tests.chaos", "--url", database_url, *small]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
