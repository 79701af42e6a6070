import sys, time
from bot import logs
from tests.chaos import company
from tests.chaos.week import Week
from tests.databases import PostgresDatabases, SqliteDatabases
import tempfile
from pathlib import Path


def main():
    logs.configure("CRITICAL", "human")
    url = sys.argv[3] if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as f:
        with SqliteDatabases(Path(f)).new() as url:
            w = Week(url, company.draw(int(sys.argv[1]), int(sys.argv[2]), 1), seed=1, kills=30)
            try:
                w.run(lambda l: print(l, round(time.monotonic(), 1), flush=True))
                print(w.log, len(w.slack.calls), w.crowd.presses, w.crowd.retries)
            finally:
                w.close()


if __name__ == "__main__":
    main()
