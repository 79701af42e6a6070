"""Telling open browser pages what has changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sandbox.world.values import Json

Listener = Callable[[Json], None]


@dataclass
class Notices:
    """Who listens, and for whom. Publishing costs nothing while nobody does."""

    listeners: dict[str, list[Listener]] = field(default_factory=dict)

    def subscribe(self, user_id: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every notice for that person until the returned function is called."""
        self.listeners.setdefault(user_id, []).append(listener)

        def leave() -> None:
            self.listeners[user_id].remove(listener)
            if not self.listeners[user_id]:
                del self.listeners[user_id]

        return leave

    def publish(self, notice: Json, to: Iterable[str] | None = None) -> None:
        """Tell some people, or with `to=None` everybody who listens."""
        if not self.listeners:
            return
        for user_id in self.listeners.keys() if to is None else self.listeners.keys() & set(to):
            for listener in self.listeners[user_id]:
                listener(notice)
