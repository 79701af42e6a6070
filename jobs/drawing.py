"""What a wing needs to say what its cards show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.outbox.posts import Message
from bot.platform.crypto import Vault
from models.outbox import Post


@dataclass(frozen=True)
class Drawing:
    """A card that is to be drawn from what is stored now. The `vault` opens what is sealed for those who read it."""

    session: Session
    post: Post
    now: datetime
    vault: Vault

    @property
    def subject(self) -> int:
        """The row that the card is about."""
        return self.post.subject


# None for a card that is not needed any more.
Draw = Callable[[Drawing], Message | None]
Draws = Mapping[str, Draw]
