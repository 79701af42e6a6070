"""The outbox's verbs: what is decided here is posted by `jobs.outbox` within a second or two."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, String, Update, and_, bindparam, case, null, or_, select, update
from sqlalchemy.orm import Session

from bot.platform.database import insert
from models.base import UtcDateTime
from models.outbox import Post, PostState

KEEP_TRYING_FOR = timedelta(hours=12)  # what was decided yesterday is history, not news
AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Picture:
    """A PNG below a message's blocks, painted once and just before it is uploaded. `alt` says the same in words."""

    name: str
    alt: str
    paint: Callable[[], bytes]


@dataclass(frozen=True)
class Message:
    """What a message says. `text` alone must carry the full meaning: screen readers and notifications read only that.

    Only a card has a `picture`, and one that is posted and never edited. Where Slack takes no picture, the text stands
    alone.
    """

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    picture: Picture | None = None


def write(
    session: Session, key: str, channel_id: str, message: Message, *, now: datetime, due_at: datetime | None = None
) -> None:
    """Post `message` once, now or at `due_at`; a second post with the same `key` is none."""
    _insert_message(session, key, channel_id, message, None, now, due_at)


def write_in_thread(
    session: Session, key: str, channel_id: str, thread_ts: str, message: Message, *, now: datetime
) -> None:
    """Post `message` once, in the thread of a message that is not ours."""
    _insert_message(session, key, channel_id, message, None, now, thread_ts=thread_ts)


def whisper(
    session: Session,
    key: str,
    channel_id: str,
    person_id: str,
    message: Message,
    *,
    now: datetime,
    thread_ts: str | None = None,
) -> None:
    """Say something that this person alone reads, in a channel, or in a thread that has replies already.

    Slack does not promise that it arrives, and keeps none: nothing may depend on it.
    """
    _insert_message(session, key, channel_id, message, None, now, thread_ts=thread_ts, only_to_id=person_id)


def reply(session: Session, key: str, under: Post | None, message: Message, *, now: datetime) -> None:
    """Post `message` once, in the thread under another post, and not before that one stands."""
    if under is not None and under.state != PostState.REFUSED:
        _insert_message(session, key, under.channel_id, message, under.id, now)


def _insert_message(
    session: Session,
    key: str,
    channel_id: str,
    message: Message,
    thread_id: int | None,
    now: datetime,
    due_at: datetime | None = None,
    thread_ts: str | None = None,
    only_to_id: str | None = None,
) -> None:
    _insert(
        session,
        key=key,
        channel_id=channel_id,
        text=message.text,
        blocks=message.blocks,
        thread_id=thread_id,
        thread_ts=thread_ts,
        only_to_id=only_to_id,
        due_at=due_at or now,
        created_at=now,
        expires_at=(due_at or now) + KEEP_TRYING_FOR,
    )


def draw(
    session: Session,
    card: str,
    subject_id: int,
    channel_id: str,
    *,
    now: datetime,
    wait: timedelta = AT_ONCE,
    under: Post | None = None,
    thread_ts: str | None = None,
) -> None:
    """Have the card of this subject drawn: posted if it stands nowhere yet, else edited in place.

    In a channel that is not the card's any more it is posted anew. With `wait`, what else changes in that time is shown
    by the same drawing. With `under`, it stands in the thread of that post; with `thread_ts`, in that of somebody's message;
    with both, in the latter, and not before that post stands.
    """
    if _draw_there(session, card_key(card, subject_id), channel_id, thread_ts, now + wait):
        return
    row = card_row(card, subject_id, channel_id, now=now, wait=wait, under=under)
    if not _insert(session, **row, thread_ts=thread_ts):  # somebody else asked for it in this very moment
        _draw_there(session, row["key"], channel_id, thread_ts, now + wait)


def leave(session: Session, card: Post, key: str, as_card: str, *, now: datetime) -> None:
    """Leave the message of a card behind, which is to be posted elsewhere: it is drawn as another card once, in place."""
    row = new_row(key, card.channel_id, as_card, card.subject_id or 0, due_at=now, expires_at=None, now=now)
    _insert(session, **row, message_ts=card.message_ts, posted_in_id=card.posted_in_id)


def say_again(session: Session, channel_id: str, *, now: datetime) -> None:
    """Post what Slack refused in this channel and what still is news: it can be posted in again."""
    session.execute(
        update(Post)
        .where(
            Post.channel_id == channel_id,
            Post.card.is_(None),
            Post.state == PostState.REFUSED,
            Post.expires_at > now,
        )
        .values(state=PostState.DUE, attempts=0, error=None)
    )


def draw_refused(session: Session, channel_id: str, *, now: datetime) -> None:
    """Have every card drawn again that Slack refused to post or to edit in this channel."""
    refused = select(Post.key).where(
        Post.channel_id == channel_id, Post.card.is_not(None), Post.state == PostState.REFUSED
    )
    _redraw(session, session.scalars(refused).all(), now=now, wait=AT_ONCE)


def stand_alone(session: Session, card: Post, thread_ts: str, lost: Post) -> None:
    """The message above the card is gone: it is posted anew by itself, with what was to be said there below it."""
    card.thread_ts = card.message_ts = card.posted_in_id = None
    session.flush()
    unsaid = or_(Post.state == PostState.DUE, Post.id == lost.id)
    session.execute(
        update(Post)
        .where(Post.channel_id == card.channel_id, Post.thread_ts == thread_ts, Post.message_ts.is_(None), unsaid)
        .values(thread_ts=None, thread_id=card.id, state=PostState.DUE, attempts=0, error=None)
    )


def redraw(session: Session, card: str, subject_id: int, *, now: datetime, wait: timedelta = AT_ONCE) -> None:
    """Have the card drawn again if it was ever asked for; also one that Slack refused, since that may be mended.

    With `wait`, what else changes in that time is shown by the same edit.
    """
    redraw_all(session, card, [subject_id], now=now, wait=wait)


def redraw_all(
    session: Session, card: str, subject_ids: Iterable[int], *, now: datetime, wait: timedelta = AT_ONCE
) -> None:
    """The same for several cards of one kind."""
    _redraw(session, [card_key(card, subject_id) for subject_id in subject_ids], now=now, wait=wait)


def redraw_cards(session: Session, cards: Iterable[str], subject_id: int, *, now: datetime) -> None:
    """The same for several cards of one subject."""
    _redraw(session, [card_key(card, subject_id) for card in cards], now=now, wait=AT_ONCE)


def redraw_keys(session: Session, keys: Sequence[str], *, now: datetime) -> None:
    """The same for the cards of these keys."""
    _redraw(session, keys, now=now, wait=AT_ONCE)


def _redraw(session: Session, keys: Sequence[str], *, now: datetime, wait: timedelta) -> None:
    if not keys:
        return
    session.execute(_DRAW_AGAIN, {"keys": list(keys), "by_then": now + wait})


# Built once: building them takes longer than running them, and nearly every press runs one.
_BY_THEN = bindparam("by_then", type_=UtcDateTime())
_DRAW = (
    update(Post)
    .values(
        state=PostState.DUE,
        wanted=Post.wanted + 1,
        due_at=case((and_(Post.state == PostState.DUE, Post.due_at < _BY_THEN), Post.due_at), else_=_BY_THEN),
    )
    .execution_options(synchronize_session=False)
)
_DRAW_AGAIN = _DRAW.where(Post.key.in_(bindparam("keys", expanding=True)))


def _draw_anew() -> Update:
    """The same for one card, which leaves its message behind where it is to stand in another channel."""
    channel, thread = bindparam("channel", type_=String()), bindparam("thread", type_=String())
    stays = Post.channel_id == channel
    return _DRAW.where(Post.key == bindparam("card_key")).values(
        channel_id=channel,
        thread_ts=case((stays, Post.thread_ts), else_=thread),
        message_ts=case((stays, Post.message_ts), else_=null()),
        posted_in_id=case((stays, Post.posted_in_id), else_=null()),
        attempts=case((stays, Post.attempts), else_=0),
    )


_DRAW_ANEW = _draw_anew()


def _draw_there(session: Session, key: str, channel_id: str, thread_ts: str | None, by_then: datetime) -> bool:
    """Have the card of this key drawn in this channel. False where it was never asked for."""
    values = {"card_key": key, "channel": channel_id, "thread": thread_ts, "by_then": by_then}
    return bool(cast(CursorResult[Any], session.execute(_DRAW_ANEW, values)).rowcount)


def write_rows(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write these rows, but for those whose key is there already."""
    if rows:
        session.connection().execute(insert(session, Post).on_conflict_do_nothing(index_elements=["key"]), rows)


def card_row(
    card: str,
    subject_id: int,
    channel_id: str,
    *,
    now: datetime,
    wait: timedelta = AT_ONCE,
    under: Post | None = None,
) -> dict[str, Any]:
    """A card that is to be posted unless it was asked for before, as the values of its row."""
    row = new_row(card_key(card, subject_id), channel_id, card, subject_id, due_at=now + wait, expires_at=None, now=now)
    return {**row, "thread_id": under.id if under else None}


def new_row(
    key: str,
    channel_id: str,
    card: str,
    subject_id: int,
    *,
    due_at: datetime,
    expires_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    return {
        "key": key,
        "channel_id": channel_id,
        "text": "",
        "blocks": [],
        "card": card,
        "subject_id": subject_id,
        "thread_id": None,
        "state": PostState.DUE,
        "wanted": 1,
        "attempts": 0,
        "due_at": due_at,
        "expires_at": expires_at,
        "created_at": now,
    }


def card_of(session: Session, card: str, subject_id: int) -> Post | None:
    """The post of this card, if it was ever asked for."""
    query = select(Post).where(Post.key == card_key(card, subject_id))
    return session.scalar(query.execution_options(populate_existing=True))


def card_key(card: str, subject_id: int) -> str:
    """The key of a card: one card a kind and subject."""
    return f"card:{card}:{subject_id}"


def _insert(session: Session, **values: Any) -> bool:
    values = {"state": PostState.DUE, "wanted": 1, "attempts": 0, **values}
    statement = insert(session, Post).values(**values).on_conflict_do_nothing(index_elements=["key"]).returning(Post.id)
    return session.scalar(statement) is not None
