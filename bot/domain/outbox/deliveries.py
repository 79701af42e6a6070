"""The outbox's other side: claiming what is due, and settling what became of it.

A claim is a lease: `claimed_until` in one short transaction. Whoever dies with it loses it, and the post is claimed
again; whether it stands in Slack by then is looked up there. How fast all replicas together may go stands in `paces`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Update,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased, joinedload

from bot.platform.database import insert
from models.base import UtcDateTime
from models.company import Company
from models.outbox import Pace, Post, PostState
from models.teams import Lost, Team

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
Moment = datetime | BindParameter[datetime]
LEASE = timedelta(seconds=60)
BETWEEN_CALLS = timedelta(seconds=1)  # Slack: one message a second and channel; more edits than that nobody can read
MESSAGES_A_MINUTE = 300  # Slack: "several hundred messages per minute" for a workspace
EDITS_A_MINUTE = 60  # Slack: chat.update is Tier 3, 50 and more a minute
BURST = 5  # unused calls that are kept; Slack tolerates short bursts, and names no number
PATIENCE = 5  # attempts with an unknown end; from then on a post lets those behind it pass
MOST_BACKOFF = timedelta(hours=1)
QUEUE = 100  # posts that a replica has in view; it looks again every second
LOOKED_AT = 500  # the posts among which turns are given; who is further back has waited less than all of them
AT_A_TIME = 100  # stale posts that one transaction ends: it stays short, and its line in the log readable


class Lane(StrEnum):
    """New messages and edits wait apart, since Slack limits each method by itself. The value is the method's name."""

    MESSAGES = "chat.postMessage"
    EDITS = "chat.update"


@dataclass(frozen=True)
class Limits:
    """How many calls a minute Slack takes from the whole workspace, however many channels and replicas there are."""

    messages_a_minute: int = MESSAGES_A_MINUTE
    edits_a_minute: int = EDITS_A_MINUTE

    def between(self, lane: Lane) -> timedelta:
        """The time from one call of a lane to the next."""
        return timedelta(minutes=1) / (self.messages_a_minute if lane == Lane.MESSAGES else self.edits_a_minute)


LIMITS = Limits()


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


@dataclass(frozen=True)
class ClaimedTurn:
    """What was claimed at once, the ids of who is left in the queue, and when to claim again."""

    claims: Sequence[Claim]
    left: Sequence[int]
    again_at: datetime


# --- claiming ---------------------------------------------------------------------------------------------------


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
    session: Session, lane: Lane, queued: Sequence[int], *, now: datetime, room: int, limits: Limits = LIMITS
) -> ClaimedTurn:
    """Take the next posts of a queue, `room` of them at most, and none that another replica holds.

    Of all replicas together they are no more than the workspace's limit allows.
    """
    between = limits.between(lane)
    unused = now - between * (BURST - 1)
    pace = _locked_pace(session, lane, unused)
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
    _hold(session, {_channel(lane, post.channel_id): now + BETWEEN_CALLS for post in posts})
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
    free = query.outerjoin(Pace, Pace.channel_id == _channel(lane, Post.channel_id)).where(
        *_of_lane(Post, lane),
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


def _of_lane(post: type[Post], lane: Lane) -> list[ColumnElement[bool]]:
    stands = post.message_ts.is_not(None)
    return [_is_due(post), stands if lane == Lane.EDITS else ~stands]


def _is_due(post: type[Post]) -> ColumnElement[bool]:
    # Written out, not bound: only so a database sees that an index over what is due will do.
    return post.state == literal(PostState.DUE.value, literal_execute=True)


def _is_first(now: Moment) -> ColumnElement[bool]:
    # What was decided first is said first, and one at a time.
    earlier = aliased(Post)
    return ~exists().where(
        earlier.channel_id == Post.channel_id,
        earlier.id < Post.id,
        earlier.due_at <= now,
        *_of_lane(earlier, Lane.MESSAGES),
        _has_its_place(earlier),
    )


def _has_its_place(post: type[Post]) -> ColumnElement[bool]:
    # A reply waits until what it replies to stands somewhere, and nothing waits for such a reply.
    above = aliased(Post)
    stands_in = select(above.message_ts).where(above.id == post.thread_id).scalar_subquery()
    return or_(post.thread_id.is_(None), stands_in.is_not(None))


# --- the pace ---------------------------------------------------------------------------------------------------


def held_until(session: Session, method: str, *, now: datetime) -> datetime | None:
    """Until when Slack wants no call of this method from anybody in the workspace; None when it takes one now."""
    return session.scalar(select(Pace.free_at).where(Pace.channel_id == _method(method), Pace.free_at > now))


def hold(session: Session, method: str, *, until: datetime) -> None:
    """Have all replicas leave a method alone until then. A shorter hold never ends a longer one."""
    _hold(session, {_method(method): until})


def _method(name: str) -> str:
    return f"*{name}"


def _channel(lane: Lane, channel_id: Any) -> Any:
    """The key of a channel's pace in a lane: of a column as of a word."""
    return channel_id if lane == Lane.MESSAGES else "~" + channel_id


def _locked_pace(session: Session, lane: Lane, free_at: datetime) -> Pace:
    """The pace of a lane, of which one replica at a time takes slots; at the very first, free since `free_at`."""
    pace = session.scalar(_PACE, {"lane": _method(lane)})
    if pace is None:
        first = insert(session, Pace).values(channel_id=_method(lane), free_at=free_at)
        session.execute(first.on_conflict_do_nothing(index_elements=["channel_id"]))
        pace = session.scalars(_PACE, {"lane": _method(lane)}).one()
    return pace


_PACE = select(Pace).where(Pace.channel_id == bindparam("lane")).with_for_update()


def _hold(session: Session, until: Mapping[str, datetime]) -> None:
    if not until:
        return
    rows = [{"channel_id": each, "free_at": free_at} for each, free_at in sorted(until.items())]
    added = insert(session, Pace).values(rows)
    longer = case((Pace.free_at > added.excluded.free_at, Pace.free_at), else_=added.excluded.free_at)
    session.execute(added.on_conflict_do_update(index_elements=["channel_id"], set_={"free_at": longer}))


# --- what became of it ------------------------------------------------------------------------------------------


def is_anything_stale(session: Session, *, now: datetime) -> bool:
    """Whether there is something to expire. It takes no lock, so that who finds nothing disturbs nobody."""
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
    return [*_of_lane(Post, Lane.MESSAGES), Post.attempts == 0]


def expired(session: Session, claimed: Claim) -> None:
    """It does not stand in Slack, and it is too late for it."""
    session.execute(_ours(claimed).values(state=PostState.EXPIRED, claimed_until=None))
    _end_replies(session, [claimed.post.id], PostState.EXPIRED, "what it replies to came too late")


def sent(session: Session, claimed: Claim, *, channel_id: str, message_ts: str, now: datetime) -> None:
    """It stands in Slack. A card that was asked for again meanwhile stays due, behind what waited all that time."""
    asked_again = Post.wanted != claimed.post.wanted
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
    """What it was to ask is answered by now, or nobody is to be asked any more. What stands in Slack stays as it is.

    A card that was asked for again meanwhile stays due.
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
        _hold(session, {_channel(claimed.lane, claimed.post.channel_id): until})


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
    wait = min(LEASE * 2 ** (claimed.post.attempts - PATIENCE), MOST_BACKOFF)
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
    session.execute(update(Post).where(Post.thread_id.in_(ended), _is_due(Post)).values(state=state, error=error))


def _ours(claimed: Claim) -> Update:
    # Who was frozen past the lease settles nothing: the post is somebody else's by then.
    return update(Post).where(Post.id == claimed.post.id, Post.claimed_until == claimed.until)


@dataclass(frozen=True)
class Internal:
    """A channel whose messages are for this company only; `is_shared` while another one reads along."""

    is_shared: bool


def internal(session: Session, channel_id: str) -> Internal | None:
    """Whether this is a team's channel or one of the company's, which are for this company only; None for any other."""
    found = session.execute(_PLACES, {"channel": channel_id}).all()
    return Internal(is_shared=any(row.lost == Lost.SHARED for row in found)) if found else None


_PLACES: CompoundSelect[Any] = union_all(
    select(Team.channel_lost.label("lost")).where(Team.channel_id == bindparam("channel")),
    select(Company.intake_lost).where(Company.intake_channel_id == bindparam("channel")),
    select(null()).where(Company.sprint_channel_id == bindparam("channel")),
)


def was_in(session: Session, channel_id: str) -> bool:
    """Whether we have posted in this channel, or somebody took us out of this team's: we do not come back by ourselves."""
    if session.scalar(select(Team.channel_lost).where(Team.channel_id == channel_id)) is not None:
        return True
    stood = exists().where(Post.posted_in_id == channel_id, Post.channel_id == channel_id, Post.message_ts.is_not(None))
    return session.scalar(select(stood)) or False
