"""Who sits where, who reads what, and whether what they wrote is kept as they wrote it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.company import Person
from models.feedback import Feedback
from models.intake.bookings import Booking
from models.intake.requests import Request
from models.planning import Comment
from models.retros import Note, Retro, RetroAnswer
from models.teams import Membership
from tests.simulation.company import Company
from tests.simulation.rules.register import Seen, rule

TO_HEAR_OF_IT = timedelta(hours=1)
MARK = re.compile(r"w\d{4}x")  # what people type is marked, so that no two texts are the same
WRITTEN: tuple[tuple[Any, Any], ...] = (
    (Note, Note.author_id),
    (Comment, Comment.author_id),
    (Request, Request.asker_id),
    (Feedback, Feedback.giver_id),
)
TYPED: tuple[tuple[Any, Any, Any], ...] = (
    (Note, Note.text, Note.author_id),
    (Comment, Comment.text, Comment.author_id),
    (Request, Request.title, Request.asker_id),
)


@rule("A small team has six people at most, and nobody is in two.", Membership)
def small(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    sizes = select(Membership.team_id, func.count()).group_by(Membership.team_id).having(func.count() > 6)
    yield from (f"team {team} has {size} people" for team, size in session.execute(sizes))
    twice = select(Membership.person_id).group_by(Membership.person_id).having(func.count() > 1)
    yield from (f"{person} is in two teams" for person in session.scalars(twice))


@rule("No engineer is booked twice.", Booking)
def booked_once(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    bookings = session.scalars(select(Booking).where(Booking.is_firm, Booking.released_at.is_(None))).all()
    for one in bookings:
        for other in bookings:
            same = one.id < other.id and one.person_id == other.person_id
            if same and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
                yield f"{one.person_id} is booked as {one.id} and {other.id}"


@rule("Nobody reads feedback that is not theirs, in no message, window or Home.")
def feedback_is_private(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    if not company.secrets:
        return
    mine: dict[str, set[str]] = {}
    for giver, receiver, shared in session.execute(select(Feedback.giver_id, Feedback.receiver_id, Feedback.shared_at)):
        mine.setdefault(giver, {giver}).add("everybody" if shared else receiver)
    allowed = {words: mine.get(giver, {giver}) for words, giver in company.secrets.items()}
    yield from _read_by_others(company, {words: who for words, who in allowed.items() if "everybody" not in who})


@rule("No word of feedback stands in the database as it was typed.")
def sealed(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    is_shared = select(Feedback.id).where(Feedback.shared_at.is_not(None)).limit(1)
    if not company.secrets or session.scalar(is_shared) is not None:
        return
    everything = company.stored(session)
    yield from (f"{words} is there to read" for words in company.secrets if words in everything)


@rule("Before the reveal a note is read by its author, and by people of the team who have sent theirs.")
def notes_are_hidden(company: Company, session: Session, seen: Seen) -> Iterator[str]:
    if seen.news.is_news("hidden notes", Note, Retro, RetroAnswer):
        seen.hidden = _hidden(session)
    yield from _read_by_others(company, seen.hidden)


def _hidden(session: Session) -> dict[str, set[str]]:
    """The notes that are hidden, and who may read each."""
    query = select(Note.text, Note.author_id, Note.retro_id).join(Retro, Retro.id == Note.retro_id)
    query = query.where(Retro.revealed_at.is_(None), Retro.closed_at.is_(None), Note.source.is_(None))
    notes = [each for each in session.execute(query) if MARK.search(each.text)]
    answered = session.execute(select(RetroAnswer.retro_id, RetroAnswer.person_id)).all() if notes else []
    return {text: {author, *(who for retro, who in answered if retro == at)} for text, author, at in notes}


def _read_by_others(company: Company, allowed: dict[str, set[str]]) -> Iterator[str]:
    """Who reads words that they may not read, in everything that anybody sees."""
    if not allowed:
        return
    for where, seen_by, shown in company.screens():
        for words, readers in allowed.items():
            if words in shown and (others := seen_by - readers):
                yield f"{others} read {words!r} in {where}"


@rule("A guest, and somebody who has left, writes nothing.")
def only_members_write(company: Company, session: Session, seen: Seen) -> Iterator[str]:
    users = company.slack.store.users.values()
    seen.outside = {
        each.id: seen.outside.get(each.id, company.moment) for each in users if each.deleted or each.is_restricted
    }
    # Of the others the bot may not have heard yet.
    known = seen.gone | {person for person, since in seen.outside.items() if company.moment - since > TO_HEAR_OF_IT}
    seen.gone = seen.outside.keys() & set(session.scalars(select(Person.id).where(Person.is_gone)))
    for table, author in WRITTEN:
        name = table.__tablename__
        if not seen.news.is_news(f"written {name}", table):
            continue
        last = seen.written.get(name, 0)
        for row_id, person in session.execute(select(table.id, author).where(table.id > last)):
            seen.written[name] = max(seen.written.get(name, 0), row_id)
            if person in known:
                yield f"{person} wrote {name} {row_id}"


@rule("What was sent once is there once.")
def once_stored(_company: Company, session: Session, seen: Seen) -> Iterator[str]:
    for table, words, author in TYPED:
        if not seen.news.is_news(f"twice {table.__tablename__}", table):
            continue
        for twice in session.scalars(select(words).group_by(words, author).having(func.count() > 1)):
            if MARK.search(twice):
                yield f"{words}: {twice!r} is there twice"


@rule("What was acknowledged is stored.")
def stored(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    yield from company.lost
    company.lost.clear()
