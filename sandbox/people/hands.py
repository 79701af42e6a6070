"""What has to move when time moves here: the clock of whatever runs beside the workspace; and what it knows of people."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

Roles = Callable[[], Mapping[str, str]]
"""What each person is to it at the moment, in a few words, by id: for those who choose whom to play."""


class Hands(Protocol):
    """The clock of what runs beside the workspace, such as a bot, and what it waits for.

    Who gives hands to a server has set them to the workspace's clock before: a saved workspace may be ahead of real time.
    Every method may be called from any thread, and no lock of the workspace is held meanwhile.
    """

    def move_to(self, moment: datetime) -> None:
        """Show this moment (UTC) from now on, and go on ticking."""

    def next_moment(self) -> datetime | None:
        """When it will say something by itself next (UTC); None if never."""

    def next_prompt(self) -> tuple[datetime, Sequence[str]] | None:
        """When it will ask somebody something next (UTC), and their ids; None if it never will."""

    def settle(self) -> bool:
        """Do what is due at this moment; False when some of it still waits for the next second."""
