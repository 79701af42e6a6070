"""What comes of an event, in one transaction: a request, words more in one, an answer, or nothing."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.company.people import Standing
from bot.domain.intake import changes, event_queue, events, lines, replies, requests
from bot.domain.intake.changes import Followed
from bot.domain.intake.events import EventKind, Heard, Place, Pointed
from bot.domain.intake.replies import Reply
from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.domain.text import emoji, remarks
from bot.domain.text.remarks import Kind
from bot.views import kit
from bot.views.intake import changes as change_views
from bot.views.intake import events as intake_views
from bot.views.intake import replies as reply_views
from bot.views.intake.events import Found
from jobs.intake.asking_slack import Later
from models.intake.events import Line

LATELY = timedelta(days=1)  # an edit of a message that was none so far may make a request of it


@dataclass(frozen=True)
class Seen:
    """What Slack answered about an event: is its channel open to everybody, which message is meant, who wrote in a thread."""

    is_open: bool
    found: Found | None
    authors: Collection[str]


def act(session: Session, heard: Heard, seen: Seen, now: datetime) -> None:
    """Do what an event asks for. Raises Later for what has to wait for another one."""
    if heard.kind == EventKind.THREAD:
        events.answered(session, heard, {each for each in seen.authors if _is_member(session, each)}, now=now)
    elif heard.kind == EventKind.DELETION:
        _deleted(session, heard, now)
    elif not _is_member(session, heard.person_id):
        _turn_away(session, heard, now)
    elif heard.kind == EventKind.EMOJI:
        _point_out(session, heard, seen.found, now)
    elif heard.kind == EventKind.EDIT:
        if seen.is_open:
            _edited(session, heard, now)
    elif not _reply(session, heard, now):
        if seen.is_open:
            _MAKE[heard.kind](session, heard, seen.found, now)
        elif not _is_a_courtesy(heard):
            _answer_in_thread(session, "closed", heard, intake_views.closed_message(), now)


def _is_member(session: Session, person_id: str) -> bool:
    return people.standings(session, [person_id]).get(person_id) is Standing.MEMBER


def _is_a_courtesy(heard: Heard) -> bool:
    """Whether somebody only greets or thanks. A bare mention is no courtesy: it means what stands above it."""
    return bool(heard.text) and _kind(heard) is Kind.NOTHING


def _kind(heard: Heard) -> Kind:
    return remarks.read(heard.text, has_files=bool(heard.files))


# --- in a channel -----------------------------------------------------------------------------------------------


def _turn_away(session: Session, heard: Heard, now: datetime) -> None:
    """Nothing comes of what a guest writes, or somebody of another organization; who reaches out is told so."""
    settings = company.current(session)
    is_line = heard.kind == EventKind.MESSAGE and _is_in_the_channel(session, heard)
    if is_line:
        _hear(session, heard, heard.ts, now)
    reaches_out = (heard.kind == EventKind.MENTION or is_line) and not _is_a_courtesy(heard)
    is_app = people.standings(session, [heard.person_id]).get(heard.person_id) is Standing.APP
    if not reaches_out or is_app or events.is_opted_out(settings, heard.text):
        return
    key, above = f"turned-away:{heard.channel_id}:{heard.ts}", heard.thread_ts or heard.ts
    posts.write_in_thread(session, key, heard.channel_id, above, intake_views.ask_a_colleague_message(), now=now)


def _is_in_the_channel(session: Session, heard: Heard) -> bool:
    """Whether it stands in the intake channel, and in no thread there."""
    return heard.thread_ts is None and heard.channel_id == company.current(session).intake_channel_id


def _reply(session: Session, heard: Heard, now: datetime) -> bool:
    """True when it is a reply in a request's thread, and is heard there."""
    if heard.thread_ts is None:
        return False
    reply = replies.hear(session, heard.place, heard.text, by=heard.person_id, now=now)
    if reply is not None:
        _say_more(session, reply, heard.person_id, now)
        return True
    if events.is_still_to_come(session, heard.channel_id, heard.thread_ts):
        raise Later("what it replies to is still to be acted on", event_queue.SOONEST)
    return False


def _say_more(session: Session, reply: Reply, by: str, now: datetime) -> None:
    """What is offered below a reply, and where the thread goes on, each once."""
    if (offered := reply_views.offer_message(reply, by)) is not None:
        requests.say(session, reply.request, f"{reply.offer}-offer:{reply.key}", offered, now=now)
    if (beside := reply_views.beside_message(reply, by)) is not None and reply.merged is not None:
        requests.say(session, reply.request, f"beside:{reply.merged.id}:{now:%Y%m%d}", beside, now=now)


def _message(session: Session, heard: Heard, _found: Found | None, now: datetime) -> None:
    if not _is_in_the_channel(session, heard):
        return
    line = _hear(session, heard, heard.ts, now)
    if line is not None:
        _make_of(session, line, heard, now)


def _hear(session: Session, heard: Heard, at_ts: str, now: datetime) -> Line | None:
    place = heard.place
    return lines.hear(session, place.channel_id, place.ts, place.thread_ts, heard.person_id, heard_ts=at_ts, now=now)


def _make_of(session: Session, line: Line, heard: Heard, now: datetime) -> None:
    """Make a request of a line, or add it to the one that its author has just begun."""
    if events.is_opted_out(company.current(session), heard.text) or events.is_known(session, heard.place):
        return
    kind = _kind(heard)
    if kind is Kind.HELP:
        _say_how(session, heard, now)
    elif kind is not Kind.NOTHING and (begun := lines.beside(session, line)) is not None:
        words = _words(session, heard).strip()
        lines.add(session, line, begun, words, is_doubtful=kind is Kind.DOUBTFUL, now=now)
    elif kind is not Kind.NOTHING:
        _reach_out(session, heard, now)


def _mention(session: Session, heard: Heard, found: Found | None, now: datetime) -> None:
    settings = company.current(session)
    if heard.channel_id == settings.intake_channel_id and events.is_opted_out(settings, heard.text):
        return
    words = heard.text or heard.files
    if words and _is_in_the_channel(session, heard):
        _message(session, heard, found, now)
    elif words:
        _speak(session, heard, now)
    elif found is not None and (pointed := _pointed(session, found, heard)).words:
        # A mention without words of its own means what the thread is about.
        _bring(session, found.place, pointed, now)
    elif heard.thread_ts is None or not events.is_known(session, Place(heard.channel_id, heard.thread_ts)):
        _say_how(session, heard, now)


def _speak(session: Session, heard: Heard, now: datetime) -> None:
    """Somebody mentions us somewhere else, with words of their own."""
    kind = _kind(heard)
    if kind is Kind.HELP:
        _say_how(session, heard, now)
    elif kind is not Kind.NOTHING:
        _reach_out(session, heard, now)


def _answer_in_thread(session: Session, name: str, heard: Heard, message: Message, now: datetime) -> None:
    events.require_a_person(session, heard.person_id)
    key, above = f"{name}:{heard.channel_id}:{heard.ts}", heard.thread_ts or heard.ts
    posts.write_in_thread(session, key, heard.channel_id, above, message, now=now)


def _say_how(session: Session, heard: Heard, now: datetime) -> None:
    """To them alone: the others have asked for nothing. Slack shows it in a thread only where that has replies already."""
    events.require_a_person(session, heard.person_id)
    key, message = f"how-to:{heard.channel_id}:{heard.ts}", intake_views.how_to_message()
    posts.whisper(session, key, heard.channel_id, heard.person_id, message, now=now, thread_ts=heard.thread_ts)


def _point_out(session: Session, heard: Heard, found: Found | None, now: datetime) -> None:
    asks = emoji.is_same(heard.emoji, company.current(session).intake_emoji)
    if found is not None and asks:
        _bring(session, found.place, _pointed(session, found, heard), now)
    elif found is not None:
        _answer(session, heard, found, now)
    elif asks:
        events.follow(session, heard.place, heard.person_id, now=now)


def _answer(session: Session, heard: Heard, found: Found, now: datetime) -> None:
    """Somebody of a desk marks a reply of their own as the answer."""
    words = intake_views.words(found.text, found.files, people.names(session, kit.mentioned(found.text)))
    if found.author_id != heard.person_id or not words:
        return
    decided = replies.answer(session, found.place, words, by=heard.person_id, now=now)
    if decided is not None:
        message = reply_views.answered_message(decided)
        requests.say(session, decided.request, f"decided:{decided.decision.id}", message, now=now)


_MAKE: dict[EventKind, Callable[[Session, Heard, Found | None, datetime], None]] = {
    EventKind.MESSAGE: _message,
    EventKind.MENTION: _mention,
}


def _pointed(session: Session, found: Found, heard: Heard) -> Pointed:
    """Who wrote a message asks; who pointed at it asks in the place of somebody who can't."""
    asker_id = found.author_id if _is_member(session, found.author_id) else heard.person_id
    names = people.names(session, [*kit.mentioned(found.text), found.author_id])
    return Pointed(asker_id, intake_views.said(found, names, asker_id), heard.person_id, found.author_id)


def _reach_out(session: Session, heard: Heard, now: datetime) -> None:
    author, is_doubtful = heard.person_id, _kind(heard) is Kind.DOUBTFUL
    _bring(
        session,
        heard.place,
        Pointed(author, _words(session, heard), author_id=author, is_doubtful=is_doubtful),
        now,
    )


def _bring(session: Session, place: Place, pointed: Pointed, now: datetime) -> None:
    reached = events.reach_out(session, place, pointed, now=now)
    if reached.is_new and reached.request.channel_id is None:
        key, above = f"kept:{place.channel_id}:{place.ts}", place.thread_ts or place.ts
        message = intake_views.kept_message(reached.request)
        posts.write_in_thread(session, key, place.channel_id, above, message, now=now)


def _words(session: Session, heard: Heard, author: str = "") -> str:
    return intake_views.words(heard.text, heard.files, people.names(session, kit.mentioned(heard.text)), author)


# --- what becomes of a message ----------------------------------------------------------------------------------


def _edited(session: Session, heard: Heard, now: datetime) -> None:
    line = _hear(session, heard, heard.said_ts, now)
    if line is None:
        return
    if line.request_id is not None:
        asker_id = requests.load(session, line.request_id).asker_id
        author = "" if asker_id == heard.person_id else people.names(session, [heard.person_id])[heard.person_id]
        words = _words(session, heard, author).strip()
        opted_out = events.is_opted_out(company.current(session), heard.text)
        changes.edited(session, line, words, _kind(heard), opted_out=opted_out, now=now)
    elif _is_in_the_channel(session, heard) and now.timestamp() - lines.seconds(heard.ts) < LATELY.total_seconds():
        _make_of(session, line, heard, now)


def _deleted(session: Session, heard: Heard, now: datetime) -> None:
    line = _hear(session, heard, heard.said_ts, now)
    if line is None:
        return
    request, followed = changes.deleted(session, line, now=now)
    if request is not None and followed is Followed.SAY_SO:
        key = f"gone:{request.id}:{heard.ts}"
        requests.say(session, request, key, change_views.gone_message(request), now=now)
