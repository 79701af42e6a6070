"""A process that may die between any two statements, and comes back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


class Killed(BaseException):
    """The process is gone: nothing in it runs on, and no `except Exception` sees this."""


class Machine:
    """What runs at the moment: a replica's job, or what answers a press.

    Every statement and every call of Slack asks it first, so that it can die before any of them.
    """

    def __init__(self) -> None:
        self._left: int | None = None
        self.is_dead = False
        self.kills = 0

    def step(self) -> None:
        """One more thing is about to be done. Raises Killed when it is not."""
        if self.is_dead:
            raise Killed
        if self._left is None:
            return
        self._left -= 1
        if self._left < 0:
            self.is_dead = True
            self.kills += 1
            raise Killed

    @contextmanager
    def dying_after(self, steps: int | None) -> Iterator[None]:
        """In this block it dies after so many steps, if it takes as many. Whoever comes next is a new process."""
        self._left, self.is_dead = steps, False
        try:
            yield
        finally:
            self._left, self.is_dead = None, False

    def watch(self, engine: Engine) -> None:
        """Have every statement ask first."""
        event.listen(engine, "before_cursor_execute", lambda *_words: self.step())
