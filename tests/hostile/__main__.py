"""`python -m tests.hostile --count 20000 --seed 1`: so many payloads of each kind, on both databases."""

import argparse
import os
import sys

import pytest

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000, help="payloads that are signed, and as many that are not")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    os.environ.update(HOSTILE_COUNT=str(wanted.count), HOSTILE_SEED=str(wanted.seed))
    sys.exit(pytest.main(["tests/hostile", "-q"]))
