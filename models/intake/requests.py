"""What product teams ask of the AI team: the request, its brief, its questions, and the desks it went through."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.desks import Desk
from models.sprints import Item
from models.teams import Team

TITLE_LENGTH = 150
TEXT_LENGTH = 3_000  # what a message's section takes
LINK_LENGTH = 500
BRIEF_LENGTH = 1_000


class Why(StrEnum):
    """Why somebody comes. The first four are the handbook's."""

    UNUSUAL = "unusual"
    UNSUPPORTED = "unsupported"
    DESIGN = "design"
    UNSURE = "unsure"
    REVIEW = "review"
    PATTERN = "pattern"


class State(StrEnum):
    """How far a request is. A parked one comes back by itself; a merged one lives on in another."""

    OPEN = "open"
    DECIDED = "decided"
    PARKED = "parked"
    DONE = "done"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Ball(StrEnum):
    """Who owes the next step. The owner is whom the decision names."""

    DESK = "desk"
    CLAIMER = "claimer"
    ASKER = "asker"
    OWNER = "owner"
    LEADS = "leads"
    NOBODY = "nobody"


class Request(Base):
    """One thing that somebody asked of the AI team, perhaps vaguely, and who owes the next step.

    `source` is what it came from, so that the same message makes no second request; `link` leads there. Its thread is
    that of the message `thread_ts` in `channel_id`, or without one that of its card, which is drawn once there is a
    channel. `waiting_on` owes the next step since `waiting_since`, was reminded `nudged` times, and is at `nudge_at`
    next, which is later while it is snoozed.
    `later_words` are what its asker wrote below the first message, in the channel. `brought_by_id` pointed at somebody else's
    message. One that `is_doubtful` may be none; `dismissed_by_id` said so. If its message was deleted, that was at
    `message_gone_at`, and since `kept_at` it is known to be wanted all the same.
    `answered_at` is the first answer of a person at a desk. `returns_at` is when a parked one comes back, a decided one is
    due, or a done one is asked whether it is in use. `retitled_at` is when its title last became another.
    """

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint(f"length(title) BETWEEN 1 AND {TITLE_LENGTH}", name="title_length"),
        CheckConstraint("state IN ('open', 'decided', 'parked', 'done', 'merged', 'withdrawn')", name="state"),
        CheckConstraint(
            "waiting_on IN ('desk', 'claimer', 'asker', 'owner', 'leads', 'nobody')",
            name="waiting_on",
        ),
        partial_index("ix_requests_nudge_at", "nudge_at", where="nudge_at IS NOT NULL"),
        partial_index("ix_requests_returns_at", "returns_at", where="returns_at IS NOT NULL"),
        partial_index("ix_requests_live", "desk_id", where="state IN ('open', 'decided', 'parked')"),
        partial_index("ix_requests_open", "waiting_since", "id", where="state = 'open'"),
        partial_index("ix_requests_under_way", "waiting_since", "id", where="state IN ('decided', 'parked')"),
        partial_index("ix_requests_done", "done_at", "id", where="state = 'done'"),
        partial_index("ix_requests_queue", "waiting_since", "id", where="state IN ('open', 'decided', 'parked')"),
        partial_index("ix_requests_waiting_on_claimer", "claimer_id", "waiting_on", where="waiting_on = 'claimer'"),
        partial_index("ix_requests_waiting_on_asker", "asker_id", "waiting_on", where="waiting_on = 'asker'"),
        partial_index("ix_requests_waiting_on_desk", "desk_id", "waiting_on", where="waiting_on = 'desk'"),
        partial_index("ix_requests_waiting_on_leads", "id", "waiting_on", where="waiting_on = 'leads'"),
        partial_index("ix_requests_retitled_at", "retitled_at", where="retitled_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120), unique=True)
    link: Mapped[str | None] = mapped_column(String(LINK_LENGTH))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    asker_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    why: Mapped[Why | None] = mapped_column(String(11))
    tried: Mapped[str | None] = mapped_column(String(BRIEF_LENGTH))
    wanted_on: Mapped[date | None]
    channel_id: Mapped[SlackId | None]
    thread_ts: Mapped[str | None] = mapped_column(String(32), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    claimer_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[State] = mapped_column(String(9), default=State.OPEN)
    waiting_on: Mapped[Ball] = mapped_column(String(7), default=Ball.DESK)
    waiting_since: Mapped[datetime]
    nudged: Mapped[int] = mapped_column(default=0)
    nudge_at: Mapped[datetime | None]
    snoozed_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    returns_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    is_doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    dismissed_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    brought_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    later_words: Mapped[str | None] = mapped_column(Text)
    message_gone_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    retitled_at: Mapped[datetime | None]

    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asker_id])
    claimer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[claimer_id])
    team: Mapped[Team | None] = relationship(lazy="raise")
    desk: Mapped[Desk | None] = relationship(lazy="raise")
    merged_into: Mapped["Request | None"] = relationship(lazy="raise", remote_side=[id])
    co_askers: Mapped[list["CoAsker"]] = relationship(lazy="raise", order_by="CoAsker.at, CoAsker.person_id")
    briefs: Mapped[list["Brief"]] = relationship(lazy="raise", order_by="Brief.version")
    questions: Mapped[list["Question"]] = relationship(lazy="raise", order_by="Question.id")
    routings: Mapped[list["Routing"]] = relationship(lazy="raise", order_by="Routing.id")


class CoAsker(Base):
    """Somebody who asked for the same, and is kept informed like the asker."""

    __tablename__ = "co_askers"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class Brief(Base):
    """A version of a request's brief: what both sides agreed is wanted. The newest one counts; the others are kept."""

    __tablename__ = "briefs"
    __table_args__ = (UniqueConstraint("request_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    version: Mapped[int]
    problem: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    audience: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    smallest: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    measure: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise")


class Question(Base):
    """What somebody at a desk asked in the thread, and when the other side answered."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    by: Mapped[Person] = relationship(lazy="raise")


class Routing(Base):
    """A request went from one desk to another, with the sentence why."""

    __tablename__ = "routings"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    from_desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"))
    to_desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"))
    why: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise")
    from_desk: Mapped[Desk] = relationship(lazy="raise", foreign_keys=[from_desk_id])
    to_desk: Mapped[Desk] = relationship(lazy="raise", foreign_keys=[to_desk_id])


class PlannedRequest(Base):
    """A plan item was made from a request: somebody of the desk takes it up in that sprint."""

    __tablename__ = "planned_requests"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)

    item: Mapped[Item] = relationship(lazy="raise")
