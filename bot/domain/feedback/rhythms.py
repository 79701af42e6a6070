"""A gentle rhythm: once a week, whom could you tell something? Leads are asked unless they said no; others if they said yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.company import people, presence
from bot.domain.outbox import posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import teams, worktimes
from bot.domain.teams.worktimes import Worktime
from bot.platform.crypto import Vault
from bot.platform.database import insert
from models.company import Person
from models.feedback import Feedback, FeedbackRhythm
from models.outbox import Card
from models.teams import Membership

CARD = Card.FEEDBACK_RHYTHM  # in a DM; its subject is the day, as a number
WEEKDAY = 2  # Wednesday: far from planning, and from the sprint's end
AT = time(14)
A_WHILE = timedelta(days=13)  # who was told something on a Wednesday is named two Wednesdays later
QUIET = timedelta(days=30)
MOST = 3  # names in one message: a question, and no list
AT_ONCE = 200


@dataclass(frozen=True)
class Candidate:
    """A teammate, and when they were last told something by who is asked; None for never."""

    person: Person
    told_at: datetime | None


@dataclass(frozen=True)
class WeeklyQuestion:
    """What somebody is asked on a day. `needed` is False where there is nobody to name, or they are not to be asked.

    `quiet_until` is the day of the next one, once they said "not now".
    """

    day: date
    candidates: Sequence[Candidate]
    quiet_until: date | None
    is_on: bool
    needed: bool


# --- on and off -------------------------------------------------------------------------------------------------


def is_on(session: Session, person_id: str) -> bool:
    """Whether this person is asked each week."""
    row = session.get(FeedbackRhythm, person_id)
    if row is not None and row.is_wanted is not None:
        return row.is_wanted
    seat = select(Membership.is_lead).where(Membership.person_id == person_id)
    return bool(session.scalar(seat))


def switch(session: Session, person_id: str, *, on: bool, now: datetime) -> None:
    """Be asked each week, or not. Raises Refusal for who is in no team: it asks about teammates."""
    teams.mine(session, person_id)
    person = people.known(session, person_id)
    next_at = _next_at(worktimes.for_person(session, person), now) if on else None
    _write(session, person_id, is_wanted=on, next_at=next_at)


def not_now(session: Session, person_id: str, day: date, *, now: datetime) -> None:
    """Say nothing of this for a month."""
    person = people.known(session, person_id)
    wanted = session.scalar(select(FeedbackRhythm.is_wanted).where(FeedbackRhythm.person_id == person_id))
    _write(session, person_id, is_wanted=wanted, next_at=_next_at(worktimes.for_person(session, person), now + QUIET))
    redraw(session, person_id, day, now=now)


def redraw(session: Session, person_id: str, day: date, *, now: datetime) -> None:
    """Have the question of this day say what became of it."""
    posts.redraw_sent(session, [CARD], day.toordinal(), now=now, to=person_id)


def _write(session: Session, person_id: str, *, is_wanted: bool | None, next_at: datetime | None) -> None:
    values = {"is_wanted": is_wanted, "next_at": next_at}
    written = insert(session, FeedbackRhythm).values(person_id=person_id, **values)
    session.execute(written.on_conflict_do_update(index_elements=["person_id"], set_=values))


def _next_at(worktime: Worktime, after: datetime) -> datetime:
    """Two o'clock of the first Wednesday from the day after, or of the working day that follows it."""
    day = cadence.next_weekday(worktime.today(after) + cadence.A_DAY, WEEKDAY)
    return cadence.instant(worktime.calendar.working_day(day), AT, worktime.zone)


# --- the clock --------------------------------------------------------------------------------------------------


def turn(session: Session, *, now: datetime) -> int:
    """Have those asked whose week is over, and look ahead for leads who are new. Returns how many people those were."""
    new = session.scalars(_new_leads(now).limit(AT_ONCE)).all()
    rows = session.scalars(_due(now).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    what = What.FEEDBACK_RHYTHM
    set_asides.each(session, what, new, lambda some: _look_ahead(session, some, now), now=now, key=lambda each: each.id)
    set_asides.each(
        session, what, rows, lambda some: _ask_all(session, some, now), now=now, key=lambda each: each.person_id
    )
    return len(new) + len(rows)


def _look_ahead(session: Session, new: Sequence[Person], now: datetime) -> None:
    for person in new:
        _write(session, person.id, is_wanted=None, next_at=_next_at(worktimes.for_person(session, person), now))


def _ask_all(session: Session, rows: Sequence[FeedbackRhythm], now: datetime) -> None:
    for row in rows:
        _ask(session, row, now)


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether there is anything to do."""
    return any(session.scalar(query.limit(1)) is not None for query in (_due(now), _new_leads(now)))


def _due(now: datetime) -> Select[FeedbackRhythm]:
    is_free = set_asides.not_aside(What.FEEDBACK_RHYTHM, FeedbackRhythm.person_id, now)
    return select(FeedbackRhythm).where(FeedbackRhythm.next_at <= now, is_free).order_by(FeedbackRhythm.next_at)


def _new_leads(now: datetime) -> Select[Person]:
    looked_after = or_(FeedbackRhythm.is_wanted.is_not(None), FeedbackRhythm.next_at.is_not(None))
    theirs = select(FeedbackRhythm.person_id).where(FeedbackRhythm.person_id == Person.id, looked_after)
    leads = select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.is_lead)
    is_free = set_asides.not_aside(What.FEEDBACK_RHYTHM, Person.id, now)
    return leads.where(~theirs.exists(), Person.is_gone.is_(False), is_free).order_by(Person.id)


def _ask(session: Session, row: FeedbackRhythm, now: datetime) -> None:
    person = session.get_one(Person, row.person_id)
    if person.is_gone or not is_on(session, person.id):
        row.next_at = None
        return
    worktime = worktimes.for_person(session, person)
    at, row.next_at = row.next_at or now, _next_at(worktime, now)
    day = worktime.today(at)
    posts.ask(
        session,
        f"feedback-rhythm:{person.id}:{day}",
        CARD,
        day.toordinal(),
        person.id,
        due_at=at,
        expires_at=cadence.instant(day, cadence.EVENING, worktime.zone),
        now=now,
    )


# --- the question -----------------------------------------------------------------------------------------------


def question(session: Session, vault: Vault, ordinal: int, *, by: str, now: datetime) -> WeeklyQuestion:
    """What this person is asked on the day with this number: up to three teammates, the longest untold first."""
    day, on = date.fromordinal(ordinal), is_on(session, by)
    candidates = _candidates(session, by, now)
    row = session.get(FeedbackRhythm, by)
    worktime = worktimes.for_person(session, people.known(session, by))
    next_on = worktime.today(row.next_at) if row is not None and row.next_at is not None else None
    is_quiet = next_on is not None and next_on - day > timedelta(days=10)  # a week, and a holiday or two
    is_there = not presence.is_away(session, by, now)
    needed = bool(candidates) and on and is_there and not vault.is_closed
    return WeeklyQuestion(day, candidates, next_on if is_quiet else None, on, needed)


def _candidates(session: Session, person_id: str, now: datetime) -> list[Candidate]:
    team = teams.for_person(session, person_id)
    if team is None or team.paused_at is not None:
        return []
    mates = {each.person_id: each.person for each in team.members if not each.person.is_gone}
    mates.pop(person_id, None)
    last = select(Feedback.receiver_id, func.max(Feedback.given_at)).where(
        Feedback.giver_id == person_id, Feedback.receiver_id.in_(mates)
    )
    told = dict(session.execute(last.group_by(Feedback.receiver_id)).all())
    away = presence.away_at(session, mates, now)
    found = [Candidate(person, told.get(each)) for each, person in mates.items() if each not in away]
    waiting = [each for each in found if each.told_at is None or now - each.told_at >= A_WHILE]
    return sorted(waiting, key=lambda each: (each.told_at is not None, each.told_at, each.person.name))[:MOST]
