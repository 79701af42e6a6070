"""No idea is lost: what Slack tells is kept before it is acknowledged, and becomes a request, or an answer, once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.desks import desks
from bot.domain.intake import asking, lines, matches, requests
from bot.domain.intake.requests import LIVE, Ask, Reached
from bot.domain.outbox import posts
from bot.domain.retros import boards
from bot.domain.text import emoji
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import PREFIX, Company, Person
from models.intake.events import InboundEvent
from models.intake.requests import Ball, Request
from models.outbox import Card, Post

LINK_CARD = Card.REQUEST_LINK  # below a message elsewhere that became a request: where that stands
ANSWERED = ("white_check_mark", "heavy_check_mark")  # what a desk puts on its own reply that answers
SPEECH_BALLOON = "💬"  # what the default prefix looks like


class EventKind(StrEnum):
    """What was heard: a message, what became of it, a mention of ours, an emoji, or nothing yet of a thread to be read."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETION = "deletion"
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
    of `us`, which is our own id. Of a THREAD, what was written since `ts` is still to be read. `said_ts` is when a message
    was edited or deleted.
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
    said_ts: str = ""

    @property
    def place(self) -> Place:
        """The message."""
        return Place(self.channel_id, self.ts, self.thread_ts)

    @property
    def payload(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Pointed:
    """A message that is to be a request: who asks, in which words, and who points at it if that is somebody else.

    It `is_verbatim` where nobody changed its author's words, so that it can follow when the author does.
    """

    asker_id: str
    words: str
    by: str | None = None
    author_id: str = ""
    is_verbatim: bool = True
    is_doubtful: bool = False


class Unreadable(Exception):
    """Another version stored this event, and this one does not know what it says."""


def read(payload: Mapping[str, Any]) -> Heard:
    try:
        return Heard(**{**payload, "kind": EventKind(payload["kind"])})
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable from error


# --- keeping ----------------------------------------------------------------------------------------------------


def matters(session: Session, heard: Heard) -> bool:
    """Whether it may make a request or answer one; decided with what is at hand."""
    settings = company.current(session)
    is_here = heard.channel_id == settings.intake_channel_id
    if heard.kind == EventKind.EMOJI:
        return emoji.is_same(heard.emoji, settings.intake_emoji) or _may_answer(session, heard)
    if heard.kind in (EventKind.EDIT, EventKind.DELETION):
        return (is_here and heard.thread_ts is None) or lines.is_line(session, heard.channel_id, heard.ts)
    if heard.kind != EventKind.MESSAGE:
        return True
    # Who says something in between, be it only talk, ends what somebody else wrote in a row.
    return is_here or (heard.thread_ts is not None and _goes_on_in(session, heard.channel_id))


def _may_answer(session: Session, heard: Heard) -> bool:
    """Whether somebody of a desk may mark their own reply as an answer with it."""
    is_mark = heard.emoji in ANSWERED and _goes_on_in(session, heard.channel_id)
    return is_mark and bool(desks.at_a_desk(session, heard.person_id))


def _goes_on_in(session: Session, channel_id: str) -> bool:
    """Whether a request has its thread there still, from when it was the intake channel."""
    return session.scalar(select(exists().where(Request.state.in_(LIVE), Request.channel_id == channel_id))) or False


def is_opted_out(settings: Company, text: str) -> bool:
    """Whether a message in the intake channel says by its beginning that it is no request."""
    beginnings = [settings.intake_prefix, *([SPEECH_BALLOON] if settings.intake_prefix == PREFIX else [])]
    return text.lstrip().startswith(tuple(beginnings))


def without_talk(session: Session, heard: Heard) -> Heard:
    """The same, but of what its author says is no request only that somebody said it."""
    settings = company.current(session)
    if heard.kind in (EventKind.MESSAGE, EventKind.EDIT) and is_opted_out(settings, heard.text):
        return replace(heard, text=settings.intake_prefix, files=())
    return heard


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


# --- acting on it -----------------------------------------------------------------------------------------------


def is_known(session: Session, place: Place) -> bool:
    """Whether a message is a request already, or a part of one."""
    is_source = session.scalar(select(exists().where(Request.source == place.source)))
    return is_source or lines.is_line(session, place.channel_id, place.ts)


def made_of(session: Session, place: Place) -> int | None:
    """The id of the request that a message became, or that has its thread below it."""
    made = _became(session, place)
    return made if made is not None else requests.of_thread(session, place.channel_id, place.ts)


def _became(session: Session, place: Place) -> int | None:
    made = session.scalar(select(Request.id).where(Request.source == place.source))
    return made if made is not None else lines.request_of(session, place.channel_id, place.ts)


def is_still_to_come(session: Session, channel_id: str, ts: str) -> bool:
    """Whether this message waits to be acted on, and may be a request soon."""
    waiting = session.scalars(select(InboundEvent.payload).where(InboundEvent.handled_at.is_(None)))
    return any((each.get("channel_id"), each.get("ts")) == (channel_id, ts) for each in waiting)


def reach_out(session: Session, place: Place, pointed: Pointed, *, now: datetime) -> Reached:
    """Make a request of a message, once, whoever brings it.

    One in the intake channel has its thread there. Another one is linked to from the card, and gets one line below
    itself with the way to the card, where we are in its channel. Raises Refusal, under "title", when there are no words.
    """
    asker_id = pointed.asker_id
    lines.one_at_a_time(session)
    require_a_person(session, asker_id, field="asker" if pointed.by not in (None, asker_id) else None)
    if (there := _became(session, place)) is not None:
        follow(session, place, pointed.by, now=now)
        return Reached(requests.load(session, there), is_new=False)
    here = place.channel_id == company.current(session).intake_channel_id and place.thread_ts is None
    link = None if here else boards.permalink(session, place.channel_id, place.ts, place.thread_ts)
    by = pointed.by if pointed.by != asker_id else None
    asked = Ask(place.source, asker_id, pointed.words, link, place.ts if here else None, by, pointed.is_doubtful)
    reached = requests.reach_out(session, asked, now=now)
    if reached.is_new:
        _made(session, reached.request, place, pointed, now)
    return reached


def follow(session: Session, place: Place, by: str | None, *, now: datetime) -> None:
    """Somebody points at a message that is a request already: they follow it from now on, while it goes on."""
    there = _became(session, place)
    request = requests.locked(session, there) if there is not None and by else None
    if request is not None and by and request.state in LIVE:
        asking.follow(session, request, by, now=now)


def _made(session: Session, request: Request, place: Place, pointed: Pointed, now: datetime) -> None:
    if pointed.is_verbatim:
        line = lines.hear(
            session, place.channel_id, place.ts, place.thread_ts, pointed.author_id, heard_ts=place.ts, now=now
        ) or lines.at(session, place.channel_id, place.ts)
        if line is not None:
            lines.belong_to(session, line, request, pointed.words.strip())
    if request.brought_by_id is not None:
        asking.follow(session, request, request.brought_by_id, now=now)
    if request.channel_id is not None:
        matches.offer(session, request, now=now)
    if request.thread_ts is None:
        _show_the_way(session, request, place, now)


def require_a_person(session: Session, person_id: str, *, field: str | None = None) -> None:
    """Raise Refusal for an app, which asks for nothing, and for people who are no full members of the workspace."""
    person = session.get(Person, person_id)
    if person is not None and (person.is_bot or person.is_gone):
        raise Refusal("Only full members of this workspace can reach out.", field=field)


def _show_the_way(session: Session, request: Request, place: Place, now: datetime) -> None:
    card = posts.card_of(session, requests.CARD, request.id)
    if card is not None:
        above = place.thread_ts or place.ts
        posts.draw(session, LINK_CARD, request.id, place.channel_id, now=now, under=card, thread_ts=above)


def answered(session: Session, thread: Heard, authors: Collection[str], *, now: datetime) -> None:
    """These people wrote in a thread while nobody listened, if the request there still waits for the same answer."""
    request_id = requests.of_thread(session, thread.channel_id, thread.thread_ts or "")
    request = requests.locked(session, request_id) if request_id is not None else None
    if request is None or request.waiting_on != Ball.ASKER or stamp(request.waiting_since) != thread.ts:
        return
    for author in authors:
        asking.heard(session, request.id, by=author, now=now)


# --- sweeping ---------------------------------------------------------------------------------------------------


def stamp(at: datetime) -> str:
    """An instant as Slack stamps messages."""
    return f"{at.timestamp():.6f}"


# --- the channel ------------------------------------------------------------------------------------------------


def links_to(session: Session, post: Post) -> tuple[Request, str | None]:
    """The request of such a line, and the way to its card."""
    request = requests.load(session, post.subject)
    return request, boards.link_to(session, posts.card_of(session, requests.CARD, request.id))
