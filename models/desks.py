"""The AI team's desks: what each owns, who answers there, and whose week of triage it is."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId
from models.company import Person
from models.teams import Team


class Desk(Base):
    """A desk of the AI team, where requests are answered: what it owns, its small team, its lead.

    Its engineers are booked by its small team's sprints.

    Its people are the members of `channel_id` or of the user group `usergroup_id`, and those of the team. At one that is
    closed nobody answers; its row stays, since requests went through it, and its name is free.
    """

    __tablename__ = "desks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(240), unique=True)
    owns: Mapped[str] = mapped_column(String(300))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    lead_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    channel_id: Mapped[SlackId | None]
    usergroup_id: Mapped[SlackId | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship(lazy="raise")
    lead: Mapped[Person] = relationship(lazy="raise")
    members: Mapped[list["DeskMember"]] = relationship(
        lazy="raise", order_by="DeskMember.person_id", cascade="all, delete-orphan"
    )


class DeskMember(Base):
    """Somebody who answers at a desk, as Slack last told us. `takes_turns` at triage unless they said that they don't."""

    __tablename__ = "desk_members"

    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    takes_turns: Mapped[bool] = mapped_column(default=True)

    person: Mapped[Person] = relationship(lazy="raise")


class TriageWeek(Base):
    """Who looks at what comes in at a desk, in the week that begins on the Monday `week_on`."""

    __tablename__ = "triage_weeks"

    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id", ondelete="CASCADE"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(lazy="raise")
