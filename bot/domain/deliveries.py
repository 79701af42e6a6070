"""The outbox's other side: claiming what is due, and settling what became of it.

A claim is a lease: `claimed_until` in one short transaction. Whoever dies with it loses it, and the post is claimed
again; whether it stands in Slack by then is looked up there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, Update, case, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased, joinedload

from models.posts import Pace, Post, PostState

LEASE = timedelta(seconds=60)
EVERY_CHANNEL = "*"
BETWEEN_MESSAGES = timedelta(seconds=1)  # Slack: one message a second and channel


@dataclass(frozen=True)
class Claim:
    """A post that is ours to deliver until the lease ends. `maybe_sent` when somebody claimed it before us."""

    post: Post
    thread_ts: str | None
    maybe_sent: bool


def claim(session: Session, *, now: datetime, limit: int) -> list[Claim]:
    """Take the next due posts: at most one a channel, the oldest first, and none that another replica holds."""
    _expire(session, now)
    due = session.scalars(_claimable(now).limit(limit).with_for_update(of=Post, skip_locked=True)).all()
    for post in due:
        post.claimed_until = now + LEASE
        post.attempts += 1
        _hold(session, post.channel_id, now + BETWEEN_MESSAGES)
    session.flush()
    return [
        Claim(
            post,
            thread_ts=post.thread.message_ts if post.thread else None,
            maybe_sent=post.attempts > 1 and post.message_ts is None,
        )
        for post in due
    ]


def _claimable(now: datetime) -> Select[Post]:
    earlier = aliased(Post)
    above = aliased(Post)
    query = select(Post).where(
        Post.state == PostState.DUE,
        Post.due_at <= now,
        or_(Post.claimed_until.is_(None), Post.claimed_until <= now),
        # What was decided first is said first, and one at a time.
        ~exists().where(
            earlier.channel_id == Post.channel_id,
            earlier.state == PostState.DUE,
            earlier.due_at <= now,
            earlier.id < Post.id,
        ),
        ~exists().where(Pace.channel_id.in_([Post.channel_id, EVERY_CHANNEL]), Pace.free_at > now),
        # A reply waits until what it replies to stands somewhere.
        ~exists().where(above.id == Post.thread_id, above.message_ts.is_(None)),
    )
    return query.order_by(Post.due_at, Post.id).options(joinedload(Post.thread))


def _expire(session: Session, now: datetime) -> None:
    session.execute(
        update(Post)
        .where(
            Post.state == PostState.DUE,
            Post.due_at <= now,
            Post.expires_at <= now,
            or_(Post.claimed_until.is_(None), Post.claimed_until <= now),
        )
        .values(state=PostState.EXPIRED)
    )


def sent(session: Session, claimed: Claim, *, channel_id: str, message_ts: str) -> None:
    """It stands in Slack. A card that was asked for again meanwhile stays due."""
    session.execute(
        _ours(claimed).values(
            posted_in_id=channel_id,
            message_ts=message_ts,
            shown=claimed.post.wanted,
            state=case((Post.wanted == claimed.post.wanted, PostState.SENT), else_=Post.state),
            attempts=0,
            claimed_until=None,
            error=None,
        )
    )


def not_sent(session: Session, claimed: Claim, *, until: datetime, error: str) -> None:
    """Slack certainly did not take it, and asks to wait until `until`."""
    # This attempt left no trace in Slack, so it does not make the next one look for one.
    session.execute(_ours(claimed).values(claimed_until=None, attempts=Post.attempts - 1, due_at=until, error=error))
    _hold(session, claimed.post.channel_id, until)


def refused(session: Session, claimed: Claim, *, error: str) -> None:
    """Slack certainly refused it, and would again. What was to stand under it has no place either."""
    session.execute(_ours(claimed).values(state=PostState.REFUSED, claimed_until=None, error=error[:120]))
    session.execute(
        update(Post)
        .where(Post.thread_id == claimed.post.id, Post.state == PostState.DUE)
        .values(state=PostState.REFUSED, error="what it replies to was refused")
    )


def lost_its_message(session: Session, claimed: Claim) -> None:
    """The message to edit is gone: somebody deleted it. The card is posted anew."""
    session.execute(_ours(claimed).values(message_ts=None, posted_in_id=None, claimed_until=None, attempts=0))


def _ours(claimed: Claim) -> Update:
    # Who was frozen past the lease settles nothing: the post is somebody else's by then.
    return update(Post).where(Post.id == claimed.post.id, Post.claimed_until == claimed.post.claimed_until)


def _hold(session: Session, channel_id: str, until: datetime) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Pace)
        .values(channel_id=channel_id, free_at=until)
        .on_conflict_do_update(index_elements=["channel_id"], set_={"free_at": until})
    )
