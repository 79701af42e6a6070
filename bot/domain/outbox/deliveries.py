"""The outbox's other side: claiming what is due.

A claim is a lease: `claimed_until` in one short transaction. Whoever dies with it loses it, and the post is claimed
again; whether it stands in Slack by then is looked up there. How fast all replicas together may go stands in `paces`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, case, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from bot.domain.outbox import paces
from bot.domain.outbox.paces import Lane, Limits
from models.outbox import Pace, Post, PostState

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
Moment = datetime | BindParameter[datetime]
LEASE = timedelta(seconds=60)
TIME_TO_POST = timedelta(seconds=10)  # with less of a lease left, another replica may have the post before we are done
QUEUE = 100  # posts that a replica has in view; it looks again every second
LOOKED_AT = 500  # the posts among which turns are given; who is further back has waited less than all of them


@dataclass(frozen=True)
class Claim:
    """A post that is ours to deliver `until` the lease ends. `maybe_sent` when somebody claimed it before us."""

    post: Post
    lane: Lane
    until: datetime
    thread_ts: str | None
    maybe_sent: bool

    def is_stale(self, now: datetime) -> bool:
        """Whether it is too late for a message that does not stand yet. What stands is kept up to date at any time."""
        return self.lane == Lane.MESSAGES and self.post.expires_at is not None and self.post.expires_at <= now

    def ends_soon(self, now: datetime) -> bool:
        """Whether too little of the lease is left to talk to Slack."""
        return self.until - now < TIME_TO_POST


@dataclass(frozen=True)
class ClaimedTurn:
    """What was claimed at once, the ids of who is left in the queue, and when to claim again."""

    claims: Sequence[Claim]
    left: Sequence[int]
    again_at: datetime


def queue(session: Session, lane: Lane, *, now: datetime) -> Sequence[int]:
    """The ids of the due posts that may be claimed, at most one a channel; whose channel has waited longest goes first.

    So a channel with much to say delays no other. It takes no lock: looking is dear, and claiming has to be cheap.
    """
    return session.scalars(_queue(lane), {"now": now}).all()


@cache
def _queue(lane: Lane) -> Select[int]:
    # Built once: every replica looks every second, and building it takes longer than asking.
    now = bindparam("now", type_=Post.due_at.type)
    waiting = (
        _claimable(select(Post.id, _turn().label("turn")), lane, now)
        .where(*([_is_first(now)] if lane == Lane.MESSAGES else []))
        .order_by(Post.due_at, Post.id)
        .limit(LOOKED_AT)
        .subquery()
    )
    return select(waiting.c.id).order_by(waiting.c.turn, waiting.c.id).limit(QUEUE)


def claim(
    session: Session, lane: Lane, queued: Sequence[int], *, now: datetime, room: int, limits: Limits = paces.LIMITS
) -> ClaimedTurn:
    """Take the next posts of a queue, `room` of them at most, and none that another replica holds.

    Of all replicas together they are no more than the workspace's limit allows.
    """
    between = limits.between(lane)
    unused = now - between * (paces.BURST - 1)
    pace = paces.locked_pace(session, lane, unused)
    begins_at = max(pace.free_at, unused)
    if begins_at > now:
        return ClaimedTurn([], queued, begins_at)
    slots = (now - begins_at) // between + 1
    wanted = min(room, slots)
    posts = session.scalars(_next(lane), {"now": now, "queued": queued, "wanted": wanted}).all()
    for post in posts:
        post.claimed_until = now + LEASE
        post.attempts += 1
    pace.free_at = begins_at + between * len(posts)
    paces.hold_all(session, {paces.channel_key(lane, post.channel_id): now + paces.BETWEEN_CALLS for post in posts})
    session.flush()
    taken = {post.id for post in posts}
    left = [each for each in queued if each not in taken] if len(posts) == wanted else []
    return ClaimedTurn([_claimed(post, lane, now + LEASE) for post in posts], left, max(pace.free_at, now))


@cache
def _next(lane: Lane) -> Select[Post]:
    now, wanted = bindparam("now", type_=Post.due_at.type), bindparam("wanted", type_=Integer)
    query = _claimable(select(Post), lane, now).where(Post.id.in_(bindparam("queued", expanding=True)))
    ordered = query.order_by(_turn(), Post.id).limit(wanted)
    return ordered.options(joinedload(Post.thread)).with_for_update(of=Post, skip_locked=True)


def _claimed(post: Post, lane: Lane, until: datetime) -> Claim:
    return Claim(
        post,
        lane,
        until,
        thread_ts=post.thread_ts or (post.thread.message_ts if post.thread else None),
        maybe_sent=post.attempts > 1 and lane == Lane.MESSAGES,
    )


def _claimable(query: S, lane: Lane, now: Moment) -> S:
    free = query.outerjoin(Pace, Pace.channel_id == paces.channel_key(lane, Post.channel_id)).where(
        *of_lane(Post, lane),
        Post.due_at <= now,
        or_(Post.claimed_until.is_(None), Post.claimed_until <= now),
        or_(Pace.free_at.is_(None), Pace.free_at <= now),
    )
    if lane == Lane.EDITS:
        return free
    return free.where(
        or_(Post.expires_at.is_(None), Post.expires_at > now, Post.attempts > 0),
        _has_its_place(Post),
    )


def _turn() -> ColumnElement[datetime]:
    # Whoever was served just now, or has just come, stands behind those that wait.
    return case((Pace.free_at > Post.due_at, Pace.free_at), else_=Post.due_at)


def of_lane(post: type[Post], lane: Lane) -> list[ColumnElement[bool]]:
    stands = post.message_ts.is_not(None)
    return [is_due(post), stands if lane == Lane.EDITS else ~stands]


def is_due(post: type[Post]) -> ColumnElement[bool]:
    # Written out, not bound: only so a database sees that an index over what is due will do.
    return post.state == literal(PostState.DUE.value, literal_execute=True)


def _is_first(now: Moment) -> ColumnElement[bool]:
    # What was decided first is said first, and one at a time.
    earlier = aliased(Post)
    return ~exists().where(
        earlier.channel_id == Post.channel_id,
        earlier.id < Post.id,
        earlier.due_at <= now,
        *of_lane(earlier, Lane.MESSAGES),
        _has_its_place(earlier),
    )


def _has_its_place(post: type[Post]) -> ColumnElement[bool]:
    # A reply waits until what it replies to stands somewhere, and nothing waits for such a reply.
    above = aliased(Post)
    stands_in = select(above.message_ts).where(above.id == post.thread_id).scalar_subquery()
    return or_(post.thread_id.is_(None), stands_in.is_not(None))
