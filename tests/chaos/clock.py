"""A clock that is set and then ticks as real time does: each round of the week begins at an instant that all agree on."""

import time
from datetime import UTC, datetime, timedelta


class RoundClock:
    """Simulated time, in UTC. It goes back only where somebody sets it back on purpose."""

    def __init__(self, start: datetime) -> None:
        self._base = start
        self._set_at = time.monotonic()

    def __call__(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._set_at)

    def set_back(self, moment: datetime) -> None:
        """Show `moment`, though it is over."""
        self._base, self._set_at = moment.astimezone(UTC), time.monotonic()

    def set(self, moment: datetime) -> datetime:
        """Show `moment`, or the present one where that is later, and return what is shown."""
        self._base, self._set_at = max(moment, self()).astimezone(UTC), time.monotonic()
        return self._base
