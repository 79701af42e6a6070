"""What became of a claimed post: it stands in Slack, was refused, came too late, or nobody knows yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, case, exists, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from bot.domain.outbox import deliveries, paces
from bot.domain.outbox.deliveries import Claim, Moment
from bot.domain.outbox.paces import Lane
from models.base import UtcDateTime
from models.outbox import Post, PostState

PATIENCE = 5  # attempts with an unknown end; from then on a post lets those behind it pass
MOST_BACKOFF = timedelta(hours=1)
AT_A_TIME = 100  # stale posts that one transaction ends: it stays short, and its line in the log readable


def is_anything_stale(session: Session, *, now: datetime) -> bool:
    """Whether there is something to expire. It takes no lock, so a look that finds nothing blocks nobody."""
    return session.scalar(_anything_stale(), {"now": now}) or False


@cache
def _anything_stale() -> Select[bool]:
    return select(exists().where(*_stale(bindparam("now", type_=Post.due_at.type))))


def expire(session: Session, *, now: datetime) -> Sequence[str]:
    """End some of what is not worth posting any more, and return the keys; none when nothing is left."""
    stale = select(Post.id).where(*_stale(now)).limit(AT_A_TIME).with_for_update(skip_locked=True)
    ended = session.execute(
        update(Post).where(Post.id.in_(stale)).values(state=PostState.EXPIRED).returning(Post.id, Post.key)
    ).all()
    _end_replies(session, [post_id for post_id, _ in ended], PostState.EXPIRED, "what it replies to came too late")
    return [key for _, key in ended]


def _stale(now: Moment) -> list[ColumnElement[bool]]:
    # What was tried may stand in Slack. That is looked up first: a card that stands has to be kept up to date.
    return [*_untried(), Post.expires_at <= now]


def _untried() -> list[ColumnElement[bool]]:
    return [*deliveries.of_lane(Post, Lane.MESSAGES), Post.attempts == 0]


def expired(session: Session, claimed: Claim) -> None:
    """It does not stand in Slack, and it is too late for it."""
    session.execute(_ours(claimed).values(state=PostState.EXPIRED, claimed_until=None))
    _end_replies(session, [claimed.post.id], PostState.EXPIRED, "what it replies to came too late")


def sent(
    session: Session, claimed: Claim, *, channel_id: str, message_ts: str, now: datetime, is_found: bool = False
) -> None:
    """Mark a post as sent. A card that changed since it was claimed stays due, behind the posts that were waiting already.

    A card that `is_found` stays due, too: an earlier attempt posted it, and may have posted an older version. A card with a
    picture is never edited, so it isn't drawn again.
    """
    may_be_older = is_found and not claimed.post.blocks
    asked_again = Post.card.is_not(None) if may_be_older else Post.wanted != claimed.post.wanted
    session.execute(
        _ours(claimed).values(
            posted_in_id=channel_id,
            message_ts=message_ts,
            sent_at=func.coalesce(Post.sent_at, literal(now, UtcDateTime())),
            state=case((asked_again, Post.state), else_=PostState.SENT),
            due_at=case((asked_again, literal(now, UtcDateTime())), else_=Post.due_at),
            attempts=0,
            claimed_until=None,
            error=None,
        )
    )


def not_needed(session: Session, claimed: Claim) -> None:
    """Mark a post as not needed: its question is answered, or nobody has to be asked any more. Its message in Slack stays.

    A card that changed since it was claimed stays due.
    """
    ended = PostState.SENT if claimed.lane == Lane.EDITS else PostState.EXPIRED
    state = case((Post.wanted != claimed.post.wanted, Post.state), else_=ended)
    session.execute(_ours(claimed).values(state=state, attempts=0, claimed_until=None, error="not needed any more"))
    if ended == PostState.EXPIRED:
        _end_replies(session, [claimed.post.id], ended, "what it replies to was not needed")


def not_sent(session: Session, claimed: Claim, *, error: str, until: datetime | None = None) -> None:
    """Slack certainly did not take it. It keeps its place; with `until`, its channel waits so long."""
    # This attempt left no trace in Slack, so it does not make the next one look for one.
    session.execute(_ours(claimed).values(claimed_until=None, attempts=Post.attempts - 1, error=error))
    if until is not None:
        paces.hold_all(session, {paces.channel_key(claimed.lane, claimed.post.channel_id): until})


def keep(session: Session, claimed: Claim, block: dict[str, Any]) -> None:
    """Its picture is in Slack: the next attempt shows the same one."""
    session.execute(_ours(claimed).values(blocks=[block]))


def not_ready(session: Session, claimed: Claim, *, error: str, wait: timedelta, now: datetime) -> None:
    """Slack certainly did not take it, but may soon. What was decided after it is said meanwhile."""
    session.execute(
        _ours(claimed).values(claimed_until=None, attempts=Post.attempts - 1, due_at=now + wait, error=error)
    )


def unknown(session: Session, claimed: Claim, *, now: datetime) -> None:
    """It may stand in Slack or not. The lease runs out, and whoever claims it next looks it up.

    After some attempts it waits longer each time, and what was decided after it is said meanwhile.
    """
    if claimed.post.attempts < PATIENCE:
        return
    wait = min(deliveries.LEASE * 2 ** (claimed.post.attempts - PATIENCE), MOST_BACKOFF)
    session.execute(_ours(claimed).values(claimed_until=None, due_at=now + wait))


def refused(session: Session, claimed: Claim, *, error: str) -> None:
    """It was certainly refused, and would be again. What was to stand under it has no place either."""
    session.execute(_ours(claimed).values(state=PostState.REFUSED, claimed_until=None, error=error[:120]))
    _end_replies(session, [claimed.post.id], PostState.REFUSED, "what it replies to was refused")


def undrawn(session: Session, claimed: Claim, *, error: str) -> None:
    """It can't be drawn, and is given up. What stands in Slack already stays as it is, with its thread."""
    if claimed.lane == Lane.MESSAGES:
        refused(session, claimed, error=error)
    else:
        session.execute(_ours(claimed).values(state=PostState.REFUSED, claimed_until=None, error=error))


def lost_its_message(session: Session, claimed: Claim) -> None:
    """The message to edit is gone: somebody deleted it. The card is posted anew."""
    session.execute(_ours(claimed).values(message_ts=None, posted_in_id=None, claimed_until=None, attempts=0))


def lost_the_card_above(session: Session, claimed: Claim, *, now: datetime) -> bool:
    """Somebody deleted the card that it replies to: that is posted anew, and this one waits for it.

    False when it replies to something else, which does not come back.
    """
    if claimed.post.thread_id is None or claimed.post.thread_ts is not None:
        return False
    above = session.get_one(Post, claimed.post.thread_id, with_for_update=True, populate_existing=True)
    if above.card is None:
        return False
    if above.message_ts == claimed.thread_ts:
        above.state, above.message_ts, above.posted_in_id = PostState.DUE, None, None
        above.due_at, above.attempts, above.wanted = now, 0, above.wanted + 1
        session.flush()
    not_sent(session, claimed, error="the card above it was deleted")
    return True


def _end_replies(session: Session, above: Iterable[int], state: PostState, error: str) -> None:
    parent = aliased(Post)
    ended = select(parent.id).where(parent.id.in_(above), parent.state == state)
    session.execute(
        update(Post).where(Post.thread_id.in_(ended), deliveries.is_due(Post)).values(state=state, error=error)
    )


def _ours(claimed: Claim) -> Update:
    # A process frozen past its lease settles nothing: another one has the post now.
    return update(Post).where(Post.id == claimed.post.id, Post.claimed_until == claimed.until)
