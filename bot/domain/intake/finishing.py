"""A request is done, is checked in on, or an engineer hands back what they worked on."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.intake import decisions, requests, sides, undos, waiting_on
from bot.domain.outbox import prompt_posts
from bot.platform.errors import Refusal
from models.intake.decisions import Decision, HandBack, Mode
from models.intake.requests import LINK_LENGTH, Request

_LINK = re.compile(r"https?://[^\s<>|]+")


@dataclass(frozen=True)
class Left:
    """The form "hand back": who owns it now, where it is described, how it is measured."""

    owner: str
    docs: str
    measure: str


def running(session: Session, request_id: int, *modes: Mode, by: str, lock: bool = False) -> tuple[Request, Decision]:
    """The request with its decision, for whoever wants to bring it forward.

    Raises Refusal for whoever is at no desk, once it is done, and when it was decided otherwise meanwhile.
    """
    request = requests.locked(session, request_id) if lock else requests.load(session, request_id)
    sides.require_answerer(session, request, by, to="say how it goes")
    requests.require_live(request)
    decision = decisions.standing(session, request.id)
    if decision is None or decision.mode not in modes:
        raise Refusal("Somebody else decided this first. The card shows what.")
    return request, decision


def finish(session: Session, request_id: int, link: str, *, by: str, now: datetime) -> tuple[Request, Decision]:
    """What was to be built is shipped, perhaps with a link to it, or the advice is given."""
    request, decision = running(session, request_id, Mode.BUILD, Mode.GUIDANCE, by=by, lock=True)
    before = undos.snapshot(session, request)
    link = link.strip()
    if link and (len(link) > LINK_LENGTH or not _LINK.fullmatch(link)):
        raise Refusal("That is no link. One begins with https:// and has no spaces.", field="link")
    if link:
        decision.words = link
    decisions.mark_done(session, request, now)
    undos.remember(session, request, before, by=by, now=now)
    return _moved_on(session, request, decision, now)


def check_in(
    session: Session, request_id: int, due_on: date | None, words: str, *, by: str, now: datetime
) -> tuple[Request, Decision]:
    """Advice goes on: when to look at it together, and what is to do until then."""
    request, decision = running(session, request_id, Mode.GUIDANCE, by=by, lock=True)
    decision.words = decisions.said(words, "words", "Say what is to do until then.")
    decision.due_on = decisions.coming(session, due_on, by, now)
    waiting_on.owe(session, request, decision.due_on, now=now)
    return _moved_on(session, request, decision, now)


def hand_back(session: Session, request_id: int, left: Left, *, by: str, now: datetime) -> tuple[Request, Decision]:
    """An embed is over, in time or early: what is left is said, and the engineer is free."""
    request, decision = running(session, request_id, Mode.EMBED, by=by, lock=True)
    before = undos.snapshot(session, request)
    session.add(
        HandBack(
            decision_id=decision.id,
            owner=decisions.said(left.owner, "owner", "Say who owns it now."),
            docs=decisions.said(left.docs, "docs", "Say where it is described; “nowhere yet” is an answer."),
            measure=decisions.said(left.measure, "measure", "Say how it is measured; “not yet” is an answer."),
            by_id=by,
            at=now,
        )
    )
    decisions.let_go(session, request, now=now)
    decisions.mark_done(session, request, now)
    undos.remember(session, request, before, by=by, now=now)
    prompt_posts.redraw_sent(session, [decisions.HAND_BACK], decision.id, now=now)
    return _moved_on(session, request, decision, now)


def _moved_on(session: Session, request: Request, decision: Decision, now: datetime) -> tuple[Request, Decision]:
    session.flush()
    requests.redraw(session, request, now=now)
    return requests.load(session, request.id), decision
