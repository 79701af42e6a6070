"""A message that became a request was edited or deleted: the request follows, asks, or says so."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.domain.intake import dismissals, lines, requests
from bot.domain.outbox import prompt_posts
from bot.domain.text.remarks import Kind
from bot.platform.errors import Refusal
from models.intake.events import Line
from models.intake.requests import Request, State
from models.outbox import Card, Post

CARD = Card.GONE  # in the asker's DM, once: is the request taken back with its message?
WORTH_ASKING_FOR = timedelta(days=2)


class Followed(StrEnum):
    """What came of it: nothing, other words, a question to the asker, or a line in the thread."""

    NOTHING = "nothing"
    RETOLD = "retold"
    ASKED = "asked"
    SAY_SO = "say so"


def is_untouched(request: Request) -> bool:
    """Whether nobody has claimed, asked or answered: until then a request says what its message says."""
    nobody_yet = request.claimer_id is None and request.answered_at is None and not request.questions
    return request.state == State.OPEN and nobody_yet


def edited(session: Session, line: Line, words: str, kind: Kind, *, opted_out: bool, now: datetime) -> Followed:
    """Somebody edited a line of a request."""
    if line.request_id is None or words == line.words:
        return Followed.NOTHING
    request = requests.locked(session, line.request_id)
    if not is_untouched(request):
        return Followed.NOTHING
    if opted_out and requests.is_askers_side(request, line.person_id):
        dismissals.dismiss(session, request.id, by=line.person_id, now=now)
        return Followed.RETOLD
    if kind in (Kind.NOTHING, Kind.HELP):
        return _says_nothing(session, line, request, now)
    line.words = words
    request.is_doubtful = request.is_doubtful and kind is Kind.DOUBTFUL
    if session.scalar(select(exists().where(Post.key == _key(request)))):
        request.kept_at = now  # it says something again, so nobody need say whether it is taken back
        settled(session, request, now=now)
    lines.retell(session, request, now=now)
    return Followed.RETOLD


def deleted(session: Session, line: Line, *, now: datetime) -> tuple[Request | None, Followed]:
    """Somebody deleted a line; the request that it was a part of."""
    line.is_gone = True
    session.flush()
    if line.request_id is None:
        return None, Followed.NOTHING
    request = requests.locked(session, line.request_id)
    if request.state not in requests.LIVE:
        return request, Followed.NOTHING
    is_first = _is_first(line, request)
    if is_first:
        request.message_gone_at = now
        session.flush()
    if not is_untouched(request):
        requests.redraw(session, request, now=now)
        return request, Followed.SAY_SO
    if not is_first and _others(session, line, request):
        lines.retell(session, request, now=now)
        return request, Followed.RETOLD
    _ask(session, request, now)
    return request, Followed.ASKED


def _is_first(line: Line, request: Request) -> bool:
    """Whether it is the message above the request's thread, or the one elsewhere that it was made of."""
    return line.ts == request.thread_ts or request.source == f"message:{line.channel_id}:{line.ts}"


def _others(session: Session, line: Line, request: Request) -> bool:
    return any(each.ts != line.ts and each.words for each in lines.of_request(session, request.id))


def _says_nothing(session: Session, line: Line, request: Request, now: datetime) -> Followed:
    if _others(session, line, request):
        line.words = ""
        lines.retell(session, request, now=now)
        return Followed.RETOLD
    _ask(session, request, now)
    return Followed.ASKED


def _ask(session: Session, request: Request, now: datetime) -> None:
    until = now + WORTH_ASKING_FOR
    prompt_posts.ask(session, _key(request), CARD, request.id, request.asker_id, due_at=now, expires_at=until, now=now)
    requests.redraw(session, request, now=now)


def _key(request: Request) -> str:
    return f"{CARD}:{request.id}"


def keep(session: Session, request_id: int, *, by: str, now: datetime) -> Request:
    """Its asker still wants it, although its message is gone. Raises Refusal for anybody but the asker's side."""
    request = requests.locked(session, request_id)
    requests.require_live(request)
    if not requests.is_askers_side(request, by):
        raise Refusal("Only people who asked for a request, and their team, can keep it.")
    request.kept_at = request.kept_at or now
    session.flush()
    settled(session, request, now=now)
    return requests.changed(session, request, now)


def settled(session: Session, request: Request, *, now: datetime) -> None:
    """Have the question say what was answered."""
    prompt_posts.redraw_sent(session, [CARD], request.id, now=now)


def is_open_question(request: Request) -> bool:
    """Whether the asker has still to say if they take it back."""
    return request.state in requests.LIVE and request.kept_at is None
