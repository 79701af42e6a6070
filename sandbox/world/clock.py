"""The workspace's clock: real time, and how far it has been moved ahead of it."""

import time
from collections.abc import Callable

Source = Callable[[], float]


class Clock:
    """Epoch seconds when it is called. It ticks like its source, and can be moved forward, never back."""

    def __init__(self, source: Source | None = None, offset: float = 0.0) -> None:
        """`source` is real time by default; `offset` is how many seconds this clock is ahead of it."""
        self._source = source
        self.offset = offset

    def __call__(self) -> float:
        # time.time is looked up at every call, so that a test's frozen time counts here too.
        return (self._source or time.time)() + self.offset

    def move_to(self, moment: float) -> float:
        """Show `moment` (epoch seconds) from now on; returns by how many seconds that is later.

        Raises ValueError for a moment that is over.
        """
        ahead = moment - self()
        if ahead < 0:
            raise ValueError("Time only moves forward.")
        self.offset += ahead
        return ahead


def as_clock(source: Source | None) -> Clock:
    """`source` itself when it is a clock, or a new clock that ticks like it."""
    return source if isinstance(source, Clock) else Clock(source)
