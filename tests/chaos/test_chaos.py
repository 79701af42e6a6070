"""A small company's week; `make chaos` is the large one."""

import os
import subprocess
import sys

import pytest

from tests.databases import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_week_of_kills_and_faults_loses_doubles_and_forgets_nothing(kind: str) -> None:
    # A process of its own: its clock is a week's, and the other tests' clock stands still. So is its database, which it stops.
    small = ["--teams", "4", "--people", "16", "--kills", "6", "--faults", "0.2", "--strikes", "1", "--changes", "1"]
    command = [sys.executable, "-m", "tests.chaos", "--url", kind, *small]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
