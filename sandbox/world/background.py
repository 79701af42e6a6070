"""One thread that does things a little later: events the app caused, retries, saving."""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable

from sandbox.world import steady

Task = Callable[[], object]


class Background:
    """Runs tasks in order of their time, one after the other; its thread starts with the first task."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: list[tuple[float, int, Task]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._closed = False

    def later(self, seconds: float, task: Task) -> None:
        """Run `task` in `seconds` real seconds; after `close` it is dropped."""
        with self._changed:
            if self._closed:
                return
            heapq.heappush(self._tasks, (steady.monotonic() + seconds, next(self._order), task))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wait_idle(self, timeout: float = 5.0) -> bool:
        """Wait until everything that is due has run; False after `timeout` seconds."""
        deadline = steady.monotonic() + timeout
        with self._changed:
            while self._busy or (self._tasks and self._tasks[0][0] <= steady.monotonic()):
                left = deadline - steady.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(min(left, 0.05))
        return True

    def close(self) -> None:
        """Drop what has not run, and end the thread."""
        with self._changed:
            self._closed = True
            self._tasks.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=5)

    def _run(self) -> None:
        while (task := self._next()) is not None:
            try:
                task()
            except Exception:
                logging.getLogger(__name__).exception("A background task of the sandbox failed")
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _next(self) -> Task | None:
        with self._changed:
            while not self._closed:
                wait = self._tasks[0][0] - steady.monotonic() if self._tasks else None
                if wait is not None and wait <= 0:
                    self._busy = True
                    return heapq.heappop(self._tasks)[2]
                self._changed.wait(wait)
            return None
