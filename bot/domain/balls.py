"""The ball in court: who owes a request its next step, since when, and when they are reminded of it.

A reminder comes at ten on a working day of whom it goes to, and rises: from who has triage to the whole desk to its lead.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import aways, cadence, company, desks, teams
from bot.domain.calendars import Calendar
from models.decisions import Decision
from models.nudges import MOST_NUDGES
from models.people import Person
from models.requests import Ball, Request

NUDGE_AT = time(10)
# Working days until somebody is reminded. What has a date of its own is asked about on that day.
PATIENCE = {Ball.DESK: 1, Ball.CLAIMER: 2, Ball.ASKER: 2, Ball.OWNER: 1, Ball.LEADS: 1}


def give(session: Session, request: Request, to: Ball, *, now: datetime) -> None:
    """From now on time counts for `to`: reminders begin anew, and a snooze is over."""
    request.waiting_on, request.waiting_since = to, now
    request.nudged, request.snoozed_until = 0, None
    look_ahead(session, request, now=now)


def owe(session: Session, request: Request, due_on: date, *, now: datetime) -> None:
    """Whom the decision names owes something until this day, and is reminded on it, or on the first working day after."""
    give(session, request, Ball.OWNER, now=now)
    zone, calendar = _where(session, _debtor(session, request))
    request.nudge_at = cadence.instant(calendar.working_day(due_on), NUDGE_AT, zone)


def look_ahead(session: Session, request: Request, *, now: datetime) -> None:
    """Set when the next reminder is due; None after the last one, and while nobody owes anything."""
    if request.waiting_on == Ball.NOBODY or request.nudged >= MOST_NUDGES:
        request.nudge_at = None
        return
    request.nudge_at = _after(session, request, PATIENCE[request.waiting_on], now)


def snooze(session: Session, request: Request, until: date) -> None:
    """Remind nobody before this day; what is remembered of earlier reminders stays."""
    zone, calendar = _where(session, _first_recipient(session, request))
    request.snoozed_until = until
    request.nudge_at = cadence.instant(calendar.working_day(until), NUDGE_AT, zone)


def recipients(session: Session, request: Request, level: int, *, now: datetime) -> Sequence[str]:
    """To whom reminder number `level`, from 1, goes: people, or the channel of the desk's team. Nobody when none is left."""
    desk = desks.get(session, request.desk_id) if request.desk_id is not None else None
    if request.waiting_on == Ball.ASKER:
        return _askers(session, request, level)
    if request.waiting_on == Ball.LEADS:
        return _leads(session, request)
    if desk is None:
        return ()
    if level >= MOST_NUDGES:
        return [desk.lead_id]
    if level == 2 and request.waiting_on != Ball.OWNER:
        return [desk.team.channel_id]
    person_id = _debtor(session, request)
    if person_id is None or not is_there(session, person_id, now):
        on_triage = desks.on_triage(session, desk.id, now=now)
        return [on_triage.id] if on_triage else [desk.lead_id]
    return [person_id]


def is_there(session: Session, person_id: str, now: datetime) -> bool:
    """Whether this person is with us and not away at the moment."""
    person = session.get(Person, person_id)
    return person is not None and not person.is_deactivated and not aways.is_away(session, person_id, now)


def next_hour(session: Session, person_id: str, *, now: datetime) -> datetime:
    """When this person may be asked something: now, by day on a working day of theirs, or at ten on the next one.

    Who is away may still be so then: look again.
    """
    zone, calendar = _where(session, person_id)
    local = now.astimezone(ZoneInfo(zone))
    by_day = cadence.MORNING <= local.time() < cadence.EVENING
    if by_day and calendar.is_working_day(local.date()) and is_there(session, person_id, now):
        return now
    before_work = local.time() < cadence.MORNING
    day = calendar.working_day(local.date()) if before_work else calendar.next_working_day(local.date())
    return cadence.instant(day, NUDGE_AT, zone)


def _debtor(session: Session, request: Request) -> str | None:
    if request.waiting_on == Ball.CLAIMER:
        return request.claimer_id
    if request.waiting_on == Ball.OWNER:
        standing = select(Decision.person_id).where(Decision.request_id == request.id, Decision.ended_at.is_(None))
        return session.scalar(standing)
    return None


def _askers(session: Session, request: Request, level: int) -> Sequence[str]:
    asker = session.get_one(Person, request.asker_id)
    team = teams.get(session, request.team_id) if request.team_id is not None else None
    lead = next((member.person_id for member in team.members if member.is_lead), None) if team else None
    if lead and (asker.is_deactivated or level >= MOST_NUDGES):
        return [lead]
    return [] if asker.is_deactivated else [asker.id]


def _leads(session: Session, request: Request) -> Sequence[str]:
    last = request.routings[-1] if request.routings else None
    both = [last.from_desk_id, last.to_desk_id] if last else []
    return list(dict.fromkeys(desks.get(session, desk_id).lead_id for desk_id in both))


def _after(session: Session, request: Request, working_days: int, now: datetime) -> datetime:
    """Ten o'clock so many working days from now, where the next one to be reminded is."""
    zone, calendar = _where(session, _first_recipient(session, request, now=now))
    day = cadence.local_date(now, zone)
    for _ in range(working_days):
        day = calendar.next_working_day(day)
    return cadence.instant(day, NUDGE_AT, zone)


def _first_recipient(session: Session, request: Request, *, now: datetime | None = None) -> str | None:
    level = min(request.nudged + 1, MOST_NUDGES)
    return next(iter(recipients(session, request, level, now=now or request.waiting_since)), None)


def _where(session: Session, recipient: str | None) -> tuple[str, Calendar]:
    """The zone and the working days of a person, of the team whose channel it is, or else of the company."""
    settings = company.current(session)
    person = session.get(Person, recipient) if recipient else None
    team = teams.at(session, recipient) if recipient and person is None else None
    if person is not None:
        seat = teams.of(session, person.id)
        country = person.country or (seat.country if seat else None)
        return person.zone or settings.zone, Calendar(settings.weekend, country)
    if team is not None:
        return team.zone, Calendar(settings.weekend, team.country)
    return settings.zone, Calendar(settings.weekend, None)
