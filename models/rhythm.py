"""What somebody is told once, with whatever the clock asks them next."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId


class Word(StrEnum):
    """What there is to tell."""

    ONE_TURN = "one_turn"  # their team had chosen when the retro is revealed, votes, or a check halfway
    FEEDBACK = "feedback"  # they were asked on Wednesdays whom they could tell something


class Notice(Base):
    """Something to tell a person, in the next message in which the clock asks them something."""

    __tablename__ = "notices"

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    what: Mapped[Word] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]
