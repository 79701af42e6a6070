"""Gives out the coming weeks of triage, each to the next person in line."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence, rotation
from bot.domain.calendar.rotation import Crew
from bot.domain.desks import desks, duties, rota_card
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import worktimes
from bot.platform.database import insert
from models.company import Person
from models.desks import Desk, TriageWeek
from models.intake.requests import Ball, Request
from models.outbox import Card, Post

CARD = Card.TRIAGE  # in the DM of who has triage, on their Monday morning
TOLD_AT = time(10, 1)  # the requests that wait are written at ten


def due(session: Session, *, now: datetime) -> bool:
    """Whether a week has nobody yet, or its person has not been told."""
    aside = set(session.scalars(select(Desk.id).where(~set_asides.not_aside(What.DESK, Desk.id, now))))
    found = [desk for desk in desks.everything(session) if desk.id not in aside]
    if not found:
        return False
    crews, week = duties.crews_of(session, found), duties.this_week(session, now)
    taken = duties.weeks(session, [desk.id for desk in found], since=week)
    return any(_is_due(session, desk, crews[desk.id], taken[desk.id], week) for desk in found)


def _is_due(session: Session, desk: Desk, crew: Crew, taken: dict[date, str], week: date) -> bool:
    if _filled(session, desk, crew, taken, week) != _covered(taken, week):
        return True
    return week in taken and not _has_row(session, _key(desk.id, week))


def fill_weeks(session: Session, *, now: datetime) -> int:
    """Give this week and the coming ones of every desk to somebody. Returns how many weeks changed hands."""
    is_free = set_asides.not_aside(What.DESK, Desk.id, now)
    ids = session.scalars(select(Desk.id).where(desks.IS_OPEN, is_free).order_by(Desk.id)).all()
    changed: dict[int, int] = {}

    def fill_all(some: Sequence[int]) -> None:
        changed.update({desk_id: fill(session, desk_id, now=now) for desk_id in some})

    set_asides.each(session, What.DESK, ids, fill_all, now=now)
    return sum(changed.values())


def fill(session: Session, desk_id: int, *, now: datetime) -> int:
    """The same for one desk."""
    return _fill(session, desks.load(session, desk_id, lock=True), now)


def release(session: Session, desk_id: int, person_id: str, now: datetime) -> None:
    here = (TriageWeek.desk_id == desk_id, TriageWeek.person_id == person_id)
    session.execute(delete(TriageWeek).where(*here, TriageWeek.week_on >= duties.this_week(session, now)))


def _fill(session: Session, desk: Desk, now: datetime) -> int:
    """Fill the weeks of a locked desk, tell the person who has this week, and update the card when that person changed."""
    week = duties.this_week(session, now)
    taken = duties.weeks(session, [desk.id], since=week)[desk.id]
    before = _covered(taken, week)
    filled = _filled(session, desk, duties.crews_of(session, [desk])[desk.id], taken, week)
    changed = [each for each in rotation.coming(week) if filled.get(each) != before.get(each)]
    write_weeks(session, desk.id, {each: filled.get(each) for each in changed})
    person_id, was = filled.get(week), before.get(week)
    begins = not _has_row(session, _key(desk.id, week))
    if person_id is not None and (begins or person_id != was):
        key = _key(desk.id, week) if begins else f"{_key(desk.id, week)}:{person_id}"
        _tell(session, key, desk.id, session.get_one(Person, person_id), week, now)
    if (begins and person_id is not None) or person_id != was:
        show(session, desk.id, now)
    return len(changed)


def show_without(session: Session, person_id: str, *, now: datetime) -> None:
    """Redraw the cards that named this person, who had triage at a desk or filled in for somebody away, and has left."""
    coming = TriageWeek.person_id == person_id, TriageWeek.week_on >= duties.this_week(session, now)
    in_turn = session.scalars(select(TriageWeek.desk_id).where(*coming)).all()
    for desk_id in sorted({*in_turn, *desks.of_people(session, [person_id])}):
        show(session, desk_id, now)


def show(session: Session, desk_id: int, now: datetime) -> None:
    """Have the pinned card say who has triage, and every request that waits on them."""
    rota_card.show(session, now=now)
    query = select(Request.id).where(Request.desk_id == desk_id, Request.waiting_on.in_((Ball.DESK, Ball.LEADS)))
    posts.redraw_all(session, Card.REQUEST, session.scalars(query).all(), now=now)


def _filled(session: Session, desk: Desk, crew: Crew, taken: dict[date, str], week: date) -> dict[date, str]:
    query = select(TriageWeek.person_id, func.max(TriageWeek.week_on)).group_by(TriageWeek.person_id)
    query = query.where(TriageWeek.desk_id == desk.id, TriageWeek.week_on < week)
    before = {person_id: last for person_id, last in session.execute(query)}  # noqa: C416  (rows are no pairs to a type checker)
    return rotation.fill(crew, rotation.coming(week), taken, before)


def _covered(taken: dict[date, str], week: date) -> dict[date, str]:
    return {each: taken[each] for each in rotation.coming(week) if each in taken}


def write_weeks(session: Session, desk_id: int, people: Mapping[date, str | None]) -> None:
    free = [week for week, person_id in people.items() if person_id is None]
    session.execute(delete(TriageWeek).where(TriageWeek.desk_id == desk_id, TriageWeek.week_on.in_(free)))
    for week, person_id in people.items():
        if person_id is not None:
            values = {"desk_id": desk_id, "week_on": week, "person_id": person_id}
            statement = insert(session, TriageWeek).values(values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["desk_id", "week_on"], set_={"person_id": person_id})
            )


def _key(desk_id: int, week: date) -> str:
    return f"triage:{desk_id}:{week}"


def _has_row(session: Session, key: str) -> bool:
    return session.scalar(select(Post.id).where(Post.key == key)) is not None


def _tell(session: Session, key: str, desk_id: int, person: Person, week: date, now: datetime) -> None:
    """One message to who has this week: on their Monday, or in the daytime when it is theirs only then.

    It comes a moment after the morning's reminders are written, so that one message shows what waits, too.
    """
    theirs = worktimes.for_person(session, person)
    zone, calendar = theirs.zone, theirs.calendar
    due_at = cadence.in_daytime(max(now, cadence.instant(week, cadence.HELLO, zone)), zone, calendar)
    due_at = max(due_at, cadence.instant(calendar.working_day(week), TOLD_AT, zone))
    # Who is only at work again when the week is over reads nothing of it: the post is there, and expires unsent.
    expires_at = min(due_at + asking_times.PROMPT_LIVES, cadence.instant(week + timedelta(weeks=1), time(), zone))
    prompt_posts.ask(session, key, CARD, desk_id, person.id, due_at=due_at, expires_at=expires_at, now=now)
