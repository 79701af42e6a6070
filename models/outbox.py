"""The outbox: what is to stand in Slack, and how far that is."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person


class PostState(StrEnum):
    """Where a post is on its way."""

    DUE = "due"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"


class Card(StrEnum):
    """What a message shows that is drawn anew whenever it changes. What the clock asks has its own kinds: PromptKind."""

    PLAN = "plan"
    SPRINT = "sprint"
    COMMENT = "comment"
    MEANWHILE = "meanwhile"
    OPEN_PLAN = "open_plan"
    PAGE = "page"
    RETRO = "retro"
    RETRO_PAGE = "retro_page"
    RETRO_SUMMARY = "retro_summary"
    TRENDS = "trends"
    BACK = "back"
    JOINED = "joined"
    CONTEXT = "context"
    FOLLOWED = "followed"
    ROTA = "rota"
    ROTA_MOVED = "rota_moved"
    HERO_SWAP = "hero_swap"
    PAGE_MOVED = "page_moved"
    PLAN_MOVED = "plan_moved"
    TRIAGE = "triage"
    REQUEST = "request"
    REQUEST_LINK = "request_link"
    MATCH = "match"
    GONE = "gone"
    NUDGE_BATCH = "waiting"
    INTAKE_DIGEST = "intake_digest"
    HAND_BACK = "hand_back"
    OUTCOME = "outcome"
    IN_USE = "in_use"
    CAPACITY = "capacity"
    DISPLACED = "displaced"
    FEEDBACK = "feedback"
    FEEDBACK_COPY = "feedback_copy"
    FEEDBACK_SHARED = "feedback_shared"
    FEEDBACK_ASK = "feedback_ask"
    FEEDBACK_ASK_REMINDER = "feedback_ask_reminder"
    FEEDBACK_ASKED = "feedback_asked"
    FEEDBACK_ROUND = "feedback_round"
    FEEDBACK_ROUND_REMINDER = "feedback_round_reminder"
    FEEDBACK_RHYTHM = "feedback_rhythm"


class Post(Base):
    """One message for Slack, and how far it has come.

    It is written in the transaction that decides it, and posted by `jobs.outbox`.

    A plain post carries its `text` and `blocks`. A *card* carries a `card` name and a `subject_id` instead: it is drawn
    anew from what is stored whenever it is delivered, and edited in place. `wanted` counts what asked for a new drawing:
    who delivers one sees by it whether another was asked for meanwhile. A card with a picture keeps it in `blocks` once
    it is uploaded.
    It stands in the thread of somebody else's message `thread_ts`, or of the post `thread_id`, and not before that one.
    `channel_id` may be a person's id; `posted_in_id` is then the DM that Slack opened. In a channel `only_to_id` alone reads it.
    `due_at` is when it is to be posted, and past `expires_at` it is noise; `sent_at` is when it was.
    """

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("state IN ('due', 'sent', 'refused', 'expired')", name="state"),
        CheckConstraint("(card IS NULL) = (subject_id IS NULL)", name="a_card_has_a_subject"),
        partial_index("ix_posts_due", "due_at", where="state = 'due'"),
        partial_index("ix_posts_queue", "channel_id", "id", where="state = 'due'"),
        partial_index("ix_posts_edits", "due_at", where="state = 'due' AND message_ts IS NOT NULL"),
        partial_index("ix_posts_stale", "expires_at", where="state = 'due' AND message_ts IS NULL"),
        partial_index("ix_posts_replies", "thread_id", where="state = 'due' AND thread_id IS NOT NULL"),
        partial_index("ix_posts_places", "posted_in_id", where="card IS NOT NULL AND message_ts IS NOT NULL"),
        Index("ix_posts_subject", "subject_id", "card"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    channel_id: Mapped[SlackId]
    text: Mapped[str] = mapped_column(Text, default="")
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    card: Mapped[str | None] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    only_to_id: Mapped[SlackId | None]
    state: Mapped[PostState] = mapped_column(String(7), default=PostState.DUE)
    wanted: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    posted_in_id: Mapped[SlackId | None]
    message_ts: Mapped[str | None] = mapped_column(String(32))
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]

    thread: Mapped["Post | None"] = relationship(lazy="raise", remote_side=[id])

    @property
    def subject(self) -> int:
        """The row that a card is about. Raises LookupError for a post that is no card."""
        if self.subject_id is None:
            raise LookupError(f"post {self.id} is no card")
        return self.subject_id


class Pace(Base):
    """A channel, or a method of Slack's for the whole workspace, and when it takes the next call.

    `channel_id` is the channel's id for its messages, the id after a `~` for its edits, or a method's name after a `*`.
    """

    __tablename__ = "paces"

    channel_id: Mapped[SlackId] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]


class SetAside(Base):
    """Work on one row that failed again and again, so that the clock does the rest without it.

    `why` names the error, and never its words.

    `what` is to be done for the row `subject`. It failed `attempts` times since `since`, and nobody tries before `until`.
    """

    __tablename__ = "set_asides"

    what: Mapped[str] = mapped_column(String(30), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    attempts: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(200))


class Submission(Base):
    """A form, press or command that changed something, kept so that it does so only once.

    `content` tells two texts typed into the same form apart, and is too short to tell what either of them was.
    """

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(index=True)


class Undo(Base):
    """The last thing that somebody did and may take back: until `ends_at`, if it ends, and while all is as they `left` it.

    `before` is what stood there. `key` names what it is about, and the last one who acted on that has the row. `cards` are
    the keys of the posts that offer it.
    """

    __tablename__ = "undos"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    before: Mapped[dict[str, Any]]
    left: Mapped[dict[str, Any]]
    cards: Mapped[list[str]]
    ends_at: Mapped[datetime | None] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]

    by: Mapped[Person] = relationship(lazy="raise")
