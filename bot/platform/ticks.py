"""The ticks of the jobs. What is due stands in the database, so a tick may be late, but never for long.

APScheduler looks at the wall clock alone. Set back ten minutes, it waits ten minutes; set forward by 40 days, it counts
through every second of them. So its thread looks every second whether the wall clock went as fast as one that nobody can
set, and when it did not, every job is due at once.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

from bot.platform import clock

JUMP_S = 2.0  # what a time server corrects in small steps is less
LOOK_EVERY_S = 1.0
QUIET_S = 60.0

log = logging.getLogger(__name__)


@dataclass
class _Pulse:
    """When a job last began or ended, and how often it is to."""

    seconds: int
    beat_at: float


class Ticks(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Runs jobs in threads, each at its own interval and never twice at once."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__(timezone=UTC)
        self._steady = steady
        self._ahead = self._wall_ahead()
        self._pulses: dict[str, _Pulse] = {}

    def tick(self, name: str, job: Callable[[], object], *, seconds: int) -> None:
        """Run a job every so many seconds, once started. A late tick is as good as one in time."""
        pulse = self._pulses[name] = _Pulse(seconds, self._steady())

        def run() -> None:
            # Its beginning counts too, or reading a large workspace, which takes minutes, would look like a standstill.
            pulse.beat_at = self._steady()
            try:
                job()
            finally:
                pulse.beat_at = self._steady()

        how = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self.add_job(run, "interval", seconds=seconds, id=name, name=name, **how)

    def standstill(self) -> str | None:
        """That the clock, or a job of it, stands still, in a sentence; None while all of them tick."""
        now = self._steady()
        quiet = {name: now - pulse.beat_at for name, pulse in self._pulses.items()}
        if quiet and min(quiet.values()) > QUIET_S:
            return f"The clock stands still: the last tick was {min(quiet.values()):.0f} s ago."
        late = [name for name, pulse in self._pulses.items() if quiet[name] > pulse.seconds + QUIET_S]
        if late:
            # Together with the rest: one job may hold what the others wait for.
            since = ", ".join(f"{name} ({quiet[name]:.0f} s)" for name in late)
            return f"The clock ticks, but these jobs stand still: {since}."
        return None

    def _process_jobs(self) -> float:
        ahead = self._wall_ahead()
        jump, self._ahead = ahead - self._ahead, ahead
        if abs(jump) > JUMP_S:
            log.warning("This machine's clock was moved by %.0f s, so every job runs now", jump)
            for job in self.get_jobs():
                job.modify(next_run_time=clock.wall())
        wait_s: float | None = super()._process_jobs()
        return LOOK_EVERY_S if wait_s is None else min(wait_s, LOOK_EVERY_S)

    def _wall_ahead(self) -> float:
        return clock.wall().timestamp() - self._steady()
