"""What a retro leads to: the improvement and further actions, the plan items made from them, and standing agreements."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.items import TITLE_LENGTH, Item
from models.people import Person

BECAUSE_LENGTH = 300
AGREEMENT_LENGTH = 500


class ActionState(StrEnum):
    """What became of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(Base):
    """One thing that a team wants to do after a retro. Its text is as long as an item's title, since it may become one.

    `kept_in_id` is the last retro in which it was decided to keep it.
    """

    __tablename__ = "actions"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {TITLE_LENGTH}", name="text_length"),
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        partial_index("ix_actions_team_open", "team_id", where="state = 'open'"),
        partial_index("ix_actions_owner_open", "owner_id", where="state = 'open'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    retro_id: Mapped[int] = mapped_column(ForeignKey("retros.id"), index=True)
    text: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    is_improvement: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    due_on: Mapped[date | None]
    kept_in_id: Mapped[int | None] = mapped_column(ForeignKey("retros.id"))
    state: Mapped[ActionState] = mapped_column(String(7), default=ActionState.OPEN)
    because: Mapped[str | None] = mapped_column(String(BECAUSE_LENGTH))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]

    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=[owner_id])


class PlannedAction(Base):
    """A plan item that was made from an action: when the item is finished, the action is done."""

    __tablename__ = "planned_actions"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), index=True)

    item: Mapped[Item] = relationship(lazy="raise")
    action: Mapped[Action] = relationship(lazy="raise")


class Agreement(Base):
    """Something that a team agreed on in a retro, and that stands until it is retired."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {AGREEMENT_LENGTH}", name="text_length"),
        partial_index("ix_agreements_team_standing", "team_id", where="retired_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    retro_id: Mapped[int] = mapped_column(ForeignKey("retros.id"))
    text: Mapped[str] = mapped_column(String(AGREEMENT_LENGTH))
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
