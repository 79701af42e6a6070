"""A real `prickle` beside the test, and what it logged."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE_S = 15.0


def environment(**settings: str) -> dict[str, str]:
    """What a process gets: these settings, and nothing that happens to be set here."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **settings}


def run(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `prickle` to its end."""
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def until(true: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S) -> None:
    """Wait until something is true. Raises AssertionError when it never is."""
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


class Prickle:
    """`prickle` with these words, running in `folder` until the block ends."""

    def __init__(self, folder: Path, *words: str, **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self._output = folder / "output"
        self._command = [sys.executable, "-m", "bot", *words]
        self._folder = folder
        self._environment = environment(**settings)

    def __enter__(self) -> Self:
        with self._output.open("w") as output:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdout=output, stderr=output
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        if error is not None:
            error.add_note(f"the process said:\n{self.output}")

    @property
    def output(self) -> str:
        """All that it wrote."""
        return self._output.read_text("utf-8")

    @property
    def log(self) -> list[dict[str, Any]]:
        """Its JSON log."""
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def cpu_s(self) -> float:
        """How long it has kept a processor busy, in seconds."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def says(self, words: str) -> None:
        """Wait until it has written this."""
        until(lambda: words in self.output or self._process.poll() is not None, f"“{words}”")
        assert words in self.output, self.output

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def ends(self) -> int:
        """Wait for its end; its exit status."""
        return self._process.wait(timeout=PATIENCE_S)
