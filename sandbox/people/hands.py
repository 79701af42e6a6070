"""What has to move when time moves here: the clock of whatever runs beside the workspace."""

from datetime import datetime
from typing import Protocol


class Hands(Protocol):
    """The clock of what runs beside the workspace, such as a bot, and what it waits for.

    Who gives hands to a server has set them to the workspace's clock before: a saved workspace may be ahead of real time.
    Every method may be called from any thread, and no lock of the workspace is held meanwhile.
    """

    def move_to(self, moment: datetime) -> None:
        """Show this moment (UTC) from now on, and go on ticking."""

    def next_moment(self) -> datetime | None:
        """When it will say something by itself next (UTC); None if never."""

    def settle(self) -> bool:
        """Do what is due at this moment; False when some of it still waits for the next second."""
