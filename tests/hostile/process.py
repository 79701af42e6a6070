"""The bot in a process of its own, so that nothing of the sandbox counts as its memory: `… API_URL DATABASE_URL`.

It says its port, and ends when nobody holds its standard input any more.
"""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import ANSWER_TIMEOUT_S, build_bolt
from bot.platform import logs
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.platform.slack import slack_client
from bot.serving.web import Web


@dataclass(frozen=True)
class Running:
    """A bot that takes requests."""

    pid: int
    port: int
    log: Path

    @property
    def resident(self) -> int:
        """Pages of memory that it holds now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])

    @property
    def tracebacks(self) -> list[str]:
        """What it logged as a failure that nobody expected: its innermost lines."""
        found = self.log.read_text("utf-8").split("Traceback (most recent call last):\n")[1:]
        return ["\n".join(_lines(each)[-5:]) for each in found]


def _lines(traceback: str) -> list[str]:
    lines = traceback.splitlines()
    end = next((place for place, line in enumerate(lines) if not line.startswith(" ")), len(lines))
    return lines[: end + 1]


@contextmanager
def running(settings: Settings, database_url: str, log: Path) -> Iterator[Running]:
    """Run the bot until the block ends."""
    secrets = [settings.slack_bot_token, settings.slack_signing_secret, settings.feedback_keys]
    words = [each.get_secret_value() if each else "" for each in secrets]
    command = [sys.executable, "-m", "tests.hostile.process", *words, settings.slack_api_url, database_url]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            yield Running(process.pid, int((process.stdout or sys.stdin).readline()), log)
        finally:
            process.kill()


def main(token: str, secret: str, keys: str, api_url: str, database_url: str) -> None:
    """Serve until the process is ended."""
    logs.configure("INFO", "human")
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=token,  # type: ignore[arg-type]
        slack_signing_secret=secret,  # type: ignore[arg-type]
        slack_api_url=api_url,
        database_url=database_url,
        feedback_keys=keys,  # type: ignore[arg-type]
    )
    db, client = Database(database_url), slack_client(settings, timeout_s=ANSWER_TIMEOUT_S)
    bolt = build_bolt(settings, db, client.auth_test(), client)
    web = Web(bolt, db, host="127.0.0.1", port=0, secret=settings.slack_signing_secret)
    web.start()
    gc.collect()
    gc.freeze()  # as the bot itself does when it has started
    sys.stdout.write(f"{web.port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
