"""What happens later and at once, in the order in which the seed wants it."""

import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

Task = Callable[[], object]


class Later:
    """What the sandbox does in the background: kept, and done when somebody says so, in any order.

    It stands where `sandbox.world.background.Background` does.
    """

    def __init__(self, now: Callable[[], float], dice: random.Random) -> None:
        self._now, self._dice = now, dice
        self._tasks: list[tuple[float, Task]] = []
        self.disorder = 0.0  # how often something later goes first

    def __len__(self) -> int:
        return len(self._tasks)

    def later(self, seconds: float, task: Task) -> None:
        """Do `task` once so many seconds have passed."""
        self._tasks.append((self._now() + seconds, task))

    def wait_idle(self, timeout: float = 0) -> bool:
        """Nothing is waited for: what is to happen happens in `work`."""
        return True

    def work(self, at_most: int | None = None) -> int:
        """Do what is due, all of it or so much. Returns how much that was."""
        done = 0
        while (at_most is None or done < at_most) and (due := [each for each in self._tasks if each[0] <= self._now()]):
            chosen = self._dice.choice(due) if self._dice.random() < self.disorder else due[0]
            self._tasks.remove(chosen)
            chosen[1]()
            done += 1
        return done

    def close(self) -> None:
        """Forget what was not done."""
        self._tasks.clear()


class InThisThread(Executor):
    """Does at once, and in the same thread, what a pool would do beside it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it, and return that it is done. What kills the process is not caught."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done
