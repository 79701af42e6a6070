"""A team's retros: who wrote which notes, what the others say to them, and where they stand."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.sprints import TITLE_LENGTH, Item, Sprint

NOTE_LENGTH = 1_000
LINK_LENGTH = 500


class Side(StrEnum):
    """What a note is about: the columns of the board."""

    WELL = "well"
    BETTER = "better"
    PUZZLE = "puzzle"


class Retro(Base):
    """The retro of one sprint: who facilitates, and when it was opened, revealed and closed.

    It is there as soon as somebody writes a note. It is opened at the sprint's turn (`opened_at`). Until `revealed_at`
    notes are hidden. From `closed_at` on it stays as it is; `closes_at` is when it closes by itself. An older version
    gave it a time, `reveals_at`, and votes.
    """

    __tablename__ = "retros"
    __table_args__ = (
        partial_index("ix_retros_reveals_at_hidden", "reveals_at", where="revealed_at IS NULL"),
        partial_index("ix_retros_closes_at_open", "closes_at", where="closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"), unique=True)
    facilitator_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    has_votes: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    reveals_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]

    sprint: Mapped[Sprint] = relationship(lazy="raise")
    facilitator: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[facilitator_id])
    notes: Mapped[list["Note"]] = relationship(lazy="raise", order_by="Note.id")
    answers: Mapped[list["RetroAnswer"]] = relationship(
        lazy="raise", order_by="RetroAnswer.sent_at, RetroAnswer.person_id"
    )


class RetroAnswer(Base):
    """Somebody has said what they have to say, perhaps nothing: from then on they see the others' notes."""

    __tablename__ = "retro_answers"

    retro_id: Mapped[int] = mapped_column(ForeignKey("retros.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sent_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class Note(Base):
    """One thing that one person wrote for a retro. A note that was merged stands under the one of `merged_into_id`.

    The first line of `text` is what it says; further ones are what its author indented below. A line that begins with an
    arrow proposes an action.

    `source` names the message that it was made from, so that the same one makes no second note; `link` leads there, and
    the `pointers` are those who pointed at that message as well, besides the author. What the board has no room for stands on pages in its thread since the reveal: `page_id` is the first note of
    such a page. `edited_at` is set by edits after the reveal.
    """

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {NOTE_LENGTH}", name="text_length"),
        CheckConstraint("side IN ('well', 'better', 'puzzle')", name="side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    retro_id: Mapped[int] = mapped_column(ForeignKey("retros.id"), index=True)
    author_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    side: Mapped[Side] = mapped_column(String(6))
    text: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    link: Mapped[str | None] = mapped_column(String(LINK_LENGTH))
    source: Mapped[str | None] = mapped_column(String(120), unique=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")
    pointers: Mapped[list["NotePointer"]] = relationship(lazy="raise", order_by="NotePointer.person_id")
    me_toos: Mapped[list["MeToo"]] = relationship(lazy="raise")
    votes: Mapped[list["Vote"]] = relationship(lazy="raise")


class NotePointer(Base):
    """Somebody pointed at a message of which a teammate had made a note already: it is one note with two names."""

    __tablename__ = "note_pointers"

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="raise")


class MeToo(Base):
    """Somebody agrees with a note instead of repeating it."""

    __tablename__ = "me_toos"

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)


class Vote(Base):
    """A vote of an older version, in which teams could vote."""

    __tablename__ = "votes"

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)


BECAUSE_LENGTH = 300
AGREEMENT_LENGTH = 500


class ActionState(StrEnum):
    """What became of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(Base):
    """One thing that a team wants to do after a retro, until it is done or dropped.

    Its text is as long as an item's title, since it may become one. `kept_in_id` is the last retro in which it was
    decided to keep it. While it `wants_taker`, nobody has taken it, and its owner is only who wrote it down.
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
    wants_taker: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    kept_in_id: Mapped[int | None] = mapped_column(ForeignKey("retros.id"))
    state: Mapped[ActionState] = mapped_column(String(7), default=ActionState.OPEN)
    because: Mapped[str | None] = mapped_column(String(BECAUSE_LENGTH))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]

    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=[owner_id])
    settled_by: Mapped[Person | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[settled_by_id])


class PlannedAction(Base):
    """A plan item that was made from an action: when the item is finished, the action is done."""

    __tablename__ = "planned_actions"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), index=True)

    item: Mapped[Item] = relationship(lazy="raise")
    action: Mapped[Action] = relationship(lazy="raise")


class Agreement(Base):
    """Something that a team agreed on in a retro, and keeps until somebody retires it."""

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
