"""The outbox's other side: claiming what is due, and settling what became of it.

A claim is a lease: `claimed_until` in one short transaction. Whoever dies with it loses it, and the post is claimed
again; whether it stands in Slack by then is looked up there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, Update, case, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from bot.database import insert
from models.posts import Pace, Post, PostState

LEASE = timedelta(seconds=60)
BETWEEN_MESSAGES = timedelta(seconds=1)  # Slack: one message a second and channel
PATIENCE = 5  # attempts with an unknown end; from then on a post lets those behind it pass
MOST_BACKOFF = timedelta(hours=1)


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
        ~exists().where(Pace.channel_id == Post.channel_id, Pace.free_at > now),
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
            state=case((Post.wanted == claimed.post.wanted, PostState.SENT), else_=Post.state),
            attempts=0,
            claimed_until=None,
            error=None,
        )
    )


def not_needed(session: Session, claimed: Claim) -> None:
    """What it was to ask is answered by now, or nobody is to be asked any more. What stands in Slack stays as it is."""
    state = PostState.SENT if claimed.post.message_ts else PostState.EXPIRED
    session.execute(_ours(claimed).values(state=state, claimed_until=None, error="not needed any more"))


def not_sent(session: Session, claimed: Claim, *, until: datetime, error: str) -> None:
    """Slack certainly did not take it, and asks to wait until `until`."""
    # This attempt left no trace in Slack, so it does not make the next one look for one.
    session.execute(_ours(claimed).values(claimed_until=None, attempts=Post.attempts - 1, due_at=until, error=error))
    _hold(session, claimed.post.channel_id, until)


def unknown(session: Session, claimed: Claim, *, now: datetime) -> None:
    """It may stand in Slack or not. The lease runs out, and whoever claims it next looks it up.

    After some attempts it waits longer each time, and what was decided after it is said meanwhile.
    """
    if claimed.post.attempts < PATIENCE:
        return
    wait = min(LEASE * 2 ** (claimed.post.attempts - PATIENCE), MOST_BACKOFF)
    session.execute(_ours(claimed).values(claimed_until=None, due_at=now + wait))


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
    session.execute(
        insert(session, Pace)
        .values(channel_id=channel_id, free_at=until)
        .on_conflict_do_update(index_elements=["channel_id"], set_={"free_at": until})
    )
