"""No idea is lost: what Slack tells is kept before it is acknowledged, and becomes a request, or an answer, once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.desks import rota_card
from bot.domain.intake import matches, requests
from bot.domain.intake.requests import LIVE, Ask, Reached
from bot.domain.outbox import home_refresh, posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.retros import boards
from bot.domain.teams import channels
from bot.domain.teams.channels import Trouble
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import PREFIX, Company, Person
from models.intake.events import InboundEvent
from models.intake.requests import Ball, Request
from models.outbox import Card, Post
from models.teams import Lost

LINK_CARD = Card.REQUEST_LINK  # below a message elsewhere that became a request: where that stands
LEASE = timedelta(seconds=30)
PATIENCE = 5  # attempts that failed; from then on each waits longer
SOONEST, LATEST = timedelta(seconds=5), timedelta(hours=1)
GIVES_UP_AFTER = timedelta(days=1)
KEPT_FOR = timedelta(days=14)
BETWEEN_SWEEPS = timedelta(minutes=5)
THREADS = 50  # whose answers are looked for after a start: as many calls as Slack takes in a minute
SPEECH_BALLOON = "💬"  # what the default prefix looks like


class EventKind(StrEnum):
    """What was heard: a message, a mention of ours, an emoji on a message, or nothing yet of a thread to be read."""

    MESSAGE = "message"
    MENTION = "mention"
    EMOJI = "emoji"
    THREAD = "thread"


@dataclass(frozen=True)
class Place:
    """A message: `thread_ts` is the one above it, when it is a reply."""

    channel_id: str
    ts: str
    thread_ts: str | None = None

    @property
    def source(self) -> str:
        """What makes all that is heard of this message one request."""
        return f"message:{self.channel_id}:{self.ts}"


@dataclass(frozen=True)
class Heard:
    """What Slack told, and no more of it than is needed.

    `person_id` wrote the message `ts`, or put the `emoji` on it. `text` is escaped as Slack does it, without the mention
    of `us`, which is our own id. Of a THREAD, what was written since `ts` is still to be read.
    """

    kind: EventKind
    channel_id: str
    ts: str
    thread_ts: str | None = None
    person_id: str = ""
    text: str = ""
    files: Sequence[str] = ()
    emoji: str = ""
    us: str = ""

    @property
    def place(self) -> Place:
        """The message."""
        return Place(self.channel_id, self.ts, self.thread_ts)

    @property
    def payload(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: value for name, value in asdict(self).items() if value}


class Unreadable(Exception):
    """Another version stored this event, and this one does not know what it says."""


def _read(payload: Mapping[str, Any]) -> Heard:
    try:
        return Heard(**{**payload, "kind": EventKind(payload["kind"])})
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable from error


# --- keeping ----------------------------------------------------------------------------------------------------


def matters(session: Session, heard: Heard) -> bool:
    """Whether it may make a request or answer one; decided with what is at hand."""
    settings = company.current(session)
    if heard.kind == EventKind.EMOJI:
        return heard.emoji == settings.intake_emoji
    if heard.kind != EventKind.MESSAGE:
        return True
    if heard.thread_ts is not None:
        return heard.channel_id == settings.intake_channel_id or _goes_on_in(session, heard.channel_id)
    return heard.channel_id == settings.intake_channel_id and not is_opted_out(settings, heard.text)


def _goes_on_in(session: Session, channel_id: str) -> bool:
    """Whether a request has its thread there still, from when it was the intake channel."""
    return session.scalar(select(exists().where(Request.state.in_(LIVE), Request.channel_id == channel_id))) or False


def is_opted_out(settings: Company, text: str) -> bool:
    """Whether a message in the intake channel says by its beginning that it is no request."""
    beginnings = [settings.intake_prefix, *([SPEECH_BALLOON] if settings.intake_prefix == PREFIX else [])]
    return text.lstrip().startswith(tuple(beginnings))


def keep(session: Session, event_id: str, heard: Heard, *, now: datetime) -> None:
    """Have it acted on soon, once an `event_id`."""
    keep_all(session, {event_id: heard}, now=now)


def keep_all(session: Session, heard: Mapping[str, Heard], *, now: datetime) -> None:
    """The same for several, by the ids of their events."""
    rows = [
        {"event_id": event_id, "payload": each.payload, "received_at": now, "attempts": 0}
        for event_id, each in heard.items()
    ]
    if rows:
        statement = insert(session, InboundEvent).on_conflict_do_nothing(index_elements=["event_id"])
        session.connection().execute(statement, rows)


# --- taking it up -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventClaim:
    """An event that is ours to act on `until` the lease ends."""

    event_id: str
    payload: Mapping[str, Any]
    until: datetime
    attempts: int
    received_at: datetime

    @property
    def heard(self) -> Heard:
        """What it told. Raises Unreadable for what another version wrote and this one can't read."""
        return _read(self.payload)


def is_waiting(session: Session, *, now: datetime) -> bool:
    """Whether there is something to act on. It takes no lock, so that who finds nothing disturbs nobody."""
    return session.scalar(select(exists().where(*_free(now)))) or False


def claim(session: Session, *, now: datetime) -> EventClaim | None:
    """Take the oldest event that nobody else is at."""
    oldest = select(InboundEvent).where(*_free(now)).order_by(InboundEvent.received_at, InboundEvent.event_id)
    event = session.scalar(oldest.limit(1).with_for_update(skip_locked=True))
    if event is None:
        return None
    event.claimed_until = now + LEASE
    event.attempts += 1
    return EventClaim(event.event_id, event.payload, now + LEASE, event.attempts, event.received_at)


def _free(now: datetime) -> list[ColumnElement[bool]]:
    free = or_(InboundEvent.claimed_until.is_(None), InboundEvent.claimed_until <= now)
    return [InboundEvent.handled_at.is_(None), free, set_asides.not_aside(What.EVENT, InboundEvent.event_id, now)]


def is_ours(session: Session, claimed: EventClaim) -> bool:
    """Whether it is still to be acted on, and by us; nobody else acts on it until the transaction ends."""
    return _locked(session, claimed) is not None


def settle(session: Session, claimed: EventClaim, *, now: datetime) -> None:
    """It was acted on. What it said is in the request, and is forgotten here."""
    event = _locked(session, claimed)
    if event is not None:
        event.handled_at, event.claimed_until, event.payload = now, None, {}
        set_asides.mended(session, What.EVENT, claimed.event_id)


def put_off(session: Session, claimed: EventClaim, *, until: datetime, failed: bool) -> None:
    """Nobody takes it up before `until`. Unless it `failed`, Slack asked to wait, and that was no attempt."""
    event = _locked(session, claimed)
    if event is not None:
        event.claimed_until = until
        event.attempts -= not failed


def _locked(session: Session, claimed: EventClaim) -> InboundEvent | None:
    # Who was frozen past the lease settles nothing: the event is somebody else's by then.
    ours = select(InboundEvent).where(
        InboundEvent.event_id == claimed.event_id,
        InboundEvent.claimed_until == claimed.until,
        InboundEvent.handled_at.is_(None),
    )
    return session.scalar(ours.with_for_update())


def wait(claimed: EventClaim, *, now: datetime) -> timedelta:
    """How long to leave it alone: about as long as all waits before, so that there are few attempts."""
    return min(max(now - claimed.received_at, SOONEST), LATEST)


def set_aside(session: Session, claimed: EventClaim, error: Exception, *, now: datetime) -> None:
    """This version can't read it: it is tried a few times more, and a newer version finds it as it is."""
    event = _locked(session, claimed)
    if event is not None:
        event.claimed_until = None
        set_asides.failed(session, What.EVENT, claimed.event_id, error, now=now)


def is_hopeless(claimed: EventClaim, *, now: datetime) -> bool:
    """Whether it failed again and again, for a day."""
    return claimed.attempts > PATIENCE and claimed.received_at + GIVES_UP_AFTER <= now


def forget(session: Session, *, now: datetime) -> None:
    """Delete the events that were acted on so long ago that Slack sends none of them again."""
    old = InboundEvent.received_at <= now - KEPT_FOR
    session.execute(delete(InboundEvent).where(InboundEvent.handled_at.is_not(None), old))


# --- acting on it -----------------------------------------------------------------------------------------------


def is_known(session: Session, place: Place) -> bool:
    """Whether a message is a request already."""
    return session.scalar(select(exists().where(Request.source == place.source))) or False


def made_of(session: Session, place: Place) -> int | None:
    """The id of the request that a message became, or that has its thread below it."""
    made = session.scalar(select(Request.id).where(Request.source == place.source))
    return made if made is not None else requests.of_thread(session, place.channel_id, place.ts)


def is_still_to_come(session: Session, channel_id: str, ts: str) -> bool:
    """Whether this message waits to be acted on, and may be a request soon."""
    waiting = session.scalars(select(InboundEvent.payload).where(InboundEvent.handled_at.is_(None)))
    return any((each.get("channel_id"), each.get("ts")) == (channel_id, ts) for each in waiting)


def reach_out(session: Session, place: Place, asker_id: str, words: str, *, now: datetime) -> Reached:
    """Make a request of a message, once, whoever brings it.

    One in the intake channel has its thread there. Another one is linked to from the card, and gets one line below
    itself with the way to the card, where we are in its channel. Raises Refusal, under "title", when there are no words.
    """
    require_a_person(session, asker_id)
    here = place.channel_id == company.current(session).intake_channel_id and place.thread_ts is None
    link = None if here else boards.permalink(session, place.channel_id, place.ts, place.thread_ts)
    asked = Ask(place.source, asker_id, words, link=link, thread_ts=place.ts if here else None)
    reached = requests.reach_out(session, asked, now=now)
    if reached.is_new and reached.request.channel_id is not None:
        matches.offer(session, reached.request, now=now)
    if reached.is_new and not here:
        _show_the_way(session, reached.request, place, now)
    return reached


def require_a_person(session: Session, person_id: str) -> None:
    """Raise Refusal for an app, which asks for nothing, and for whoever is no full member of the workspace."""
    person = session.get(Person, person_id)
    if person is not None and (person.is_bot or person.is_gone):
        raise Refusal("Only full members of this workspace reach out.")


def _show_the_way(session: Session, request: Request, place: Place, now: datetime) -> None:
    card = posts.card_of(session, requests.CARD, request.id)
    if card is not None:
        above = place.thread_ts or place.ts
        posts.draw(session, LINK_CARD, request.id, place.channel_id, now=now, under=card, thread_ts=above)


def heard(session: Session, place: Place, *, by: str, now: datetime) -> bool:
    """Somebody wrote a reply. False when it is no request's thread."""
    request_id = requests.of_thread(session, place.channel_id, place.thread_ts or place.ts)
    if request_id is None:
        return False
    requests.heard(session, request_id, by=by, now=now)
    return True


def answered(session: Session, thread: Heard, authors: Collection[str], *, now: datetime) -> None:
    """These people wrote in a thread while nobody listened, if the request there still waits for the same answer."""
    request_id = requests.of_thread(session, thread.channel_id, thread.thread_ts or "")
    request = requests.locked(session, request_id) if request_id is not None else None
    if request is None or request.waiting_on != Ball.ASKER or _stamp(request.waiting_since) != thread.ts:
        return
    for author in authors:
        requests.heard(session, request.id, by=author, now=now)


# --- sweeping ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sweep:
    """The intake channel is to be read from `since` on; not at all when it is new to us."""

    channel_id: str
    since: str
    is_first: bool


def is_sweep_due(session: Session, *, now: datetime) -> bool:
    """Whether the intake channel is to be read. It takes no lock."""
    return _is_due(company.current(session), now)


def _is_due(settings: Company, now: datetime) -> bool:
    is_new = settings.intake_channel_id != settings.swept_channel_id
    is_time = settings.sweep_at is None or settings.sweep_at <= now
    return settings.intake_channel_id is not None and (is_new or is_time)


def begin_sweep(session: Session, *, now: datetime) -> Sweep | None:
    """Take the next reading; None when another replica was faster. If we die with it, it is done some minutes later.

    What was written before a channel became the intake channel makes no request.
    """
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    channel_id = settings.intake_channel_id
    if channel_id is None or not _is_due(settings, now):
        return None
    is_first = channel_id != settings.swept_channel_id or settings.swept_ts is None
    if is_first:
        settings.swept_channel_id, settings.swept_ts = channel_id, _stamp(now)
    settings.sweep_at = now + BETWEEN_SWEEPS
    return Sweep(channel_id, settings.swept_ts or _stamp(now), is_first)


def keep_missed(session: Session, messages: Sequence[Heard], *, now: datetime) -> int:
    """Have those messages acted on that matter and are no request yet. Returns how many those are."""
    sources = [each.place.source for each in messages]
    known = set(session.scalars(select(Request.source).where(Request.source.in_(sources)))) if sources else set()
    missed = [each for each in messages if each.place.source not in known and matters(session, each)]
    keep_all(session, {f"swept:{each.kind}:{each.channel_id}:{each.ts}": each for each in missed}, now=now)
    return len(missed)


def end_sweep(session: Session, sweep: Sweep, read_to: str) -> None:
    """All was read, up to the message `read_to`."""
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    if settings.swept_channel_id == sweep.channel_id:
        settings.swept_ts = max(settings.swept_ts or read_to, read_to)


def sweep_again(session: Session, *, at: datetime) -> None:
    """Have the intake channel read at this time."""
    session.get_one(Company, 1, with_for_update=True, populate_existing=True).sweep_at = at


def listen_again(session: Session, *, now: datetime) -> None:
    """We start, and may have been away: have the intake channel read, and the threads in which somebody owes an answer."""
    sweep_again(session, at=now)
    query = select(Request).where(Request.state.in_(LIVE), Request.waiting_on == Ball.ASKER)
    owed = session.scalars(query.order_by(Request.waiting_since).limit(THREADS)).all()
    # Two replicas that start in the same minute need not both read them.
    keep_all(
        session, {f"thread:{each.id}:{now:%Y%m%d%H%M}": it for each in owed if (it := _thread(session, each))}, now=now
    )


def _thread(session: Session, request: Request) -> Heard | None:
    card = posts.card_of(session, requests.CARD, request.id)
    above = request.thread_ts or (card.message_ts if card else None)
    if request.channel_id is None or above is None:
        return None
    return Heard(EventKind.THREAD, request.channel_id, _stamp(request.waiting_since), above)


def _stamp(at: datetime) -> str:
    """An instant as Slack stamps messages."""
    return f"{at.timestamp():.6f}"


# --- the channel ------------------------------------------------------------------------------------------------


def lose(session: Session, channel_id: str, lost: Lost, *, now: datetime) -> Trouble | None:
    """Nothing can be posted in the intake channel any more, or nothing may: requests are kept, and nobody sees them.

    None when somebody was told already.
    """
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    if settings.intake_channel_id != channel_id or settings.intake_archived_at is not None:
        return None
    settings.intake_archived_at, settings.intake_lost = now, lost
    _on_admins_homes(session, now)
    person_id = _responsible(session, settings)
    key = f"lost-intake:{channel_id}:{now:%Y%m%d%H%M%S%f}"
    return Trouble(key, person_id, channel_id, lost=lost) if person_id is not None else None


def _responsible(session: Session, settings: Company) -> str | None:
    """Who set the company up, or when they have left another admin."""
    return session.scalar(_admins().order_by(Person.id != settings.set_up_by_id, Person.id).limit(1))


def _admins() -> Select[str]:
    return select(Person.id).where(Person.is_admin, Person.is_bot.is_(False), Person.is_gone.is_(False))


def _on_admins_homes(session: Session, now: datetime) -> None:
    home_refresh.touch(session, session.scalars(_admins()).all(), now=now)


def find(session: Session, channel_id: str, *, now: datetime) -> None:
    """The intake channel can be posted in again: what Slack refused meanwhile is posted."""
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    if settings.intake_channel_id != channel_id or settings.intake_archived_at is None:
        return
    settings.intake_archived_at = settings.intake_lost = None
    settings.sweep_at = now  # who unarchives a channel does not bring us back into it
    _on_admins_homes(session, now)
    posts.draw_refused(session, channel_id, now=now)
    rota_card.show(session, now=now)
    posts.say_again(session, channel_id, now=now)


def refused(session: Session, post: Post, error: str, *, now: datetime) -> Trouble | None:
    """Slack refused a post with this error. None when nobody is to be told, or was told already."""
    lost = channels.LOSSES.get(error)
    if lost is None:
        return None
    channel_id = post.channel_id
    if channel_id != company.current(session).intake_channel_id:
        _move(session, channel_id, now)
    return lose(session, channel_id, lost, now=now)


def chosen(session: Session, before: str | None, *, now: datetime) -> None:
    """The company has chosen its intake channel, which was `before`.

    Who talks about a request goes on doing so where they are. Only from a channel that is lost requests move to the new one.
    """
    requests.draw_homeless(session, now=now)
    settings = company.current(session)
    if before in (None, settings.intake_channel_id):
        return
    if settings.intake_archived_at is not None:
        _move(session, before or "", now)
        _on_admins_homes(session, now)
    settings.intake_archived_at = settings.intake_lost = None


def lost_thread(session: Session, post: Post, *, now: datetime) -> None:
    """Somebody deleted the message above a post. If it became a request, that goes on below its own card."""
    if post.thread_ts is None:
        return
    of_it = select(Request).where(Request.channel_id == post.channel_id, Request.thread_ts == post.thread_ts)
    request = session.scalar(of_it.with_for_update())
    card = posts.card_of(session, requests.CARD, request.id) if request is not None else None
    if request is not None and card is not None:
        request.thread_ts = None
        posts.stand_alone(session, card, post.thread_ts, post)
        requests.redraw(session, request, now=now)


def _move(session: Session, channel_id: str, now: datetime) -> None:
    new_id = company.current(session).intake_channel_id
    live = select(Request).where(Request.state.in_(LIVE), Request.channel_id == channel_id).order_by(Request.id)
    for request in session.scalars(live.with_for_update()).all() if new_id is not None else []:
        if request.thread_ts is not None:
            request.link = request.link or boards.permalink(session, channel_id, request.thread_ts)
        request.channel_id, request.thread_ts = new_id, None
        session.flush()
        requests.draw(session, request, now=now)


def links_to(session: Session, post: Post) -> tuple[Request, str | None]:
    """The request of such a line, and the way to its card."""
    request = requests.load(session, post.subject)
    return request, boards.link_to(session, posts.card_of(session, requests.CARD, request.id))
