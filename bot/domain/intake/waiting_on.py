"""The ball in court: who owes a request its next step, since when, and when they are reminded of it.

A reminder comes at ten on a working day of whom it goes to, and rises: from who has triage to the whole desk to its lead.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, presence
from bot.domain.desks import desks, duties
from bot.domain.outbox import prompt_posts
from bot.domain.teams import teams
from models.company import Person
from models.desks import Desk
from models.intake.decisions import Decision
from models.intake.nudges import MOST_NUDGES, Nudge
from models.intake.requests import Ball, CoAsker, Request
from models.outbox import Card, Post
from models.teams import Membership, Team

REMINDER = Card.NUDGE_BATCH  # all that somebody is reminded of on a morning, in their DM or in the desk's channel
NUDGE_AT, LATEST_AT = time(10), time(18)  # one that was missed comes late on the same day, and not in the evening
# Working days until somebody is reminded. What has a date of its own is asked about on that day.
PATIENCE = {Ball.DESK: 1, Ball.CLAIMER: 2, Ball.ASKER: 2, Ball.OWNER: 1, Ball.LEADS: 1}
STILL_READ = timedelta(days=14)  # an older message is not looked at again, so it need not say what became of it


def give(session: Session, request: Request, to: Ball, *, now: datetime) -> None:
    """From now on time counts for `to`: reminders begin anew, and a snooze is over."""
    request.waiting_on, request.waiting_since = to, now
    request.nudged, request.snoozed_until = 0, None
    look_ahead(session, request, now=now)


def owe(session: Session, request: Request, due_on: date, *, now: datetime) -> None:
    """Whom the decision names owes something until this day, and is reminded on it, or on the first working day after."""
    give(session, request, Ball.OWNER, now=now)
    zone, calendar = where(session, debtor(session, request))
    request.nudge_at = cadence.instant(calendar.working_day(due_on), NUDGE_AT, zone)


def look_ahead(session: Session, request: Request, *, now: datetime) -> None:
    """Set when the next reminder is due; None after the last one, and while nobody owes anything."""
    if request.waiting_on == Ball.NOBODY or request.nudged >= MOST_NUDGES:
        request.nudge_at = None
        return
    request.nudge_at = _after(session, request, PATIENCE[request.waiting_on], now)


def snooze(session: Session, request: Request, until: date, *, now: datetime) -> None:
    """Remind nobody before this day, and somebody then: also of one that was reminded of for the last time."""
    request.nudged = min(request.nudged, MOST_NUDGES - 1)
    zone, calendar = where(session, _first_recipient(session, request, now))
    request.snoozed_until = until
    request.nudge_at = cadence.instant(calendar.working_day(until), NUDGE_AT, zone)


def put_off(session: Session, request: Request, *, now: datetime) -> None:
    """Nobody is there who could be reminded: look again on the company's next working day."""
    zone, calendar = where(session, None)
    request.nudge_at = cadence.instant(calendar.next_working_day(cadence.local_date(now, zone)), NUDGE_AT, zone)


# --- to whom ----------------------------------------------------------------------------------------------------


def recipients(session: Session, request: Request, level: int, *, now: datetime) -> Sequence[str]:
    """To whom reminder number `level`, from 1, goes: people, or the channel of the desk's team.

    Whoever has left or is away is passed over for the next in line. Nobody when none is left, or there is no desk.
    """
    if request.waiting_on == Ball.ASKER and (who := who_answers(session, request, level, now=now)) is not None:
        return [who]
    if request.waiting_on == Ball.LEADS:
        both = [each for each in leads(session, request) if is_there(session, each, now)]
        if both:
            return both
    if request.desk_id is None:
        return ()
    line = _line(session, request, desks.get(session, request.desk_id), level, now)
    first = next((each for each in line if each is not None), None)
    return [first] if first is not None else ()


def leads(session: Session, request: Request) -> Sequence[str]:
    """The leads of the two desks between which the request went back and forth, as far as they are open."""
    last = request.routings[-1] if request.routings else None
    both = [last.from_desk_id, last.to_desk_id] if last else []
    return desks.leads_of(session, both)


def is_there(session: Session, person_id: str, now: datetime) -> bool:
    """Whether this person is with us and not away at the moment."""
    person = session.get(Person, person_id)
    return person is not None and not person.is_gone and not presence.is_away(session, person_id, now)


def next_hour(session: Session, person_id: str, *, now: datetime) -> datetime:
    """When this person may be asked something: now, by day on a working day of theirs, or at ten on the next one.

    Who is away may still be so then: look again.
    """
    zone, calendar = where(session, person_id)
    local = now.astimezone(ZoneInfo(zone))
    by_day = cadence.MORNING <= local.time() < cadence.EVENING
    if by_day and calendar.is_working_day(local.date()) and is_there(session, person_id, now):
        return now
    before_work = local.time() < cadence.MORNING
    day = calendar.working_day(local.date()) if before_work else calendar.next_working_day(local.date())
    return cadence.instant(day, NUDGE_AT, zone)


def _line(session: Session, request: Request, desk: Desk, level: int, now: datetime) -> Iterator[str | None]:
    """Who is reminded at the desk, the first in line first; None for a place at which nobody is there."""

    def here(person_id: str | None) -> str | None:
        return person_id if person_id is not None and is_there(session, person_id, now) else None

    channel = desk.team.channel_id if desk.team.channel_lost is None else None
    if level >= MOST_NUDGES:
        yield here(desk.lead_id)
    elif level == 1 or request.waiting_on == Ball.OWNER:
        yield here(debtor(session, request))
    else:
        yield channel
    on_triage = duties.on_triage(session, desk.id, now=now)
    yield on_triage.id if on_triage else None
    yield here(desk.lead_id)
    yield channel


def debtor(session: Session, request: Request) -> str | None:
    """The person at the desk who is on it: the claimer, or after a decision the person it names."""
    if request.waiting_on in (Ball.CLAIMER, Ball.ASKER):
        return request.claimer_id
    if request.waiting_on == Ball.OWNER:
        standing = select(Decision.person_id).where(Decision.request_id == request.id, Decision.ended_at.is_(None))
        return session.scalar(standing)
    return None


def who_answers(session: Session, request: Request, level: int, *, now: datetime) -> str | None:
    """Who is to answer: one of those who asked for it, or after two reminders, or without them, the lead of their team.

    None when nobody of them is there.
    """
    team = teams.get(session, request.team_id) if request.team_id is not None else None
    lead = teams.lead_of(team) if team else None
    others = session.scalars(
        select(CoAsker.person_id).where(CoAsker.request_id == request.id).order_by(CoAsker.at, CoAsker.person_id)
    )
    askers = [request.asker_id, *others]
    line = [*(askers if level < MOST_NUDGES else []), *([lead.person_id] if lead else [])]
    if level >= MOST_NUDGES:
        line = [each for each in line if each not in askers]
    return next((each for each in line if is_there(session, each, now)), None)


# --- when -------------------------------------------------------------------------------------------------------


def morning(session: Session, recipient: str, *, now: datetime) -> datetime:
    """When the next reminder may come: now, in the daytime of a working day of theirs, else at ten on the next one."""
    zone, calendar = where(session, recipient)
    local = now.astimezone(ZoneInfo(zone))
    if calendar.is_working_day(local.date()) and local.time() < LATEST_AT:
        return max(now, cadence.instant(local.date(), NUDGE_AT, zone))
    return next_morning(session, recipient, local.date())


def next_morning(session: Session, recipient: str, day: date) -> datetime:
    """Ten o'clock on their first working day after `day`."""
    zone, calendar = where(session, recipient)
    return cadence.instant(calendar.next_working_day(day), NUDGE_AT, zone)


def where(session: Session, recipient: str | None) -> tuple[str, Calendar]:
    """The zone and the working days of a person, of the team whose channel it is, or else of the company."""
    settings = company.current(session)
    person = session.get(Person, recipient) if recipient else None
    team = select(Team.zone, Team.country)
    if person is not None:
        team = team.join(Membership, Membership.team_id == Team.id).where(Membership.person_id == person.id)
    else:
        team = team.where(Team.channel_id == recipient)
    found = session.execute(team).first()
    zone, country = (found.zone, found.country) if found else (settings.zone, None)
    if person is None:
        return zone, Calendar(settings.weekend, country)
    return person.zone or zone, Calendar(person.weekend or settings.weekend, person.country or country)


def _after(session: Session, request: Request, working_days: int, now: datetime) -> datetime:
    """Ten o'clock so many working days from now, where the next one to be reminded is."""
    zone, calendar = where(session, _first_recipient(session, request, now))
    day = cadence.local_date(now, zone)
    for _ in range(working_days):
        day = calendar.next_working_day(day)
    return cadence.instant(day, NUDGE_AT, zone)


def _first_recipient(session: Session, request: Request, now: datetime) -> str | None:
    level = min(request.nudged + 1, MOST_NUDGES)
    return next(iter(recipients(session, request, level, now=now)), None)


# --- what was said ----------------------------------------------------------------------------------------------


def redraw_reminders(session: Session, request: Request, *, now: datetime) -> None:
    """Have the messages in which somebody was reminded of it say what became of it."""
    for batch_id in session.scalars(_batches(request, now)).all():
        if batch_id is not None:
            prompt_posts.redraw_sent(session, [REMINDER], batch_id, now=now)


def reminded_in(request: Request, now: datetime) -> ColumnElement[bool]:
    """Which posts these messages are."""
    return (Post.card == REMINDER) & Post.subject_id.in_(_batches(request, now))


def _batches(request: Request, now: datetime) -> Select[int | None]:
    return select(Nudge.batch_id).where(Nudge.request_id == request.id, Nudge.at > now - STILL_READ).distinct()
