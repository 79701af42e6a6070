"""`python -m tests.hostile --count 20000 --seed 1`: so many payloads of each kind, on both databases."""

import argparse
import os
import sys

import pytest

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000, help="payloads that are signed, and as many that are not")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    wanted = parser.parse_args()
    databases = ["-k", wanted.only] if wanted.only else []
    os.environ.update(HOSTILE_COUNT=str(wanted.count), HOSTILE_SEED=str(wanted.seed), PRICKLE_EVERYTHING="1")
    sys.exit(pytest.main(["tests/hostile", "-q", "-s", "-n", "0", *databases]))
