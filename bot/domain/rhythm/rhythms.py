"""A team's rhythm: when its sprints begin, and when people are asked what. Its lead changes it, everybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence, calendars
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, people
from bot.domain.heroes import looking
from bot.domain.rhythm import schedules
from bot.domain.rhythm.schedules import Upcoming
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.sprints import Sprint
from models.teams import Team

MOST_TURN_DAYS = 3  # working days before the last one of a sprint
TIMES = ("turn_at", "reminder_at", "nudge_at")
SHOWN = 3  # of each kind


@dataclass(frozen=True)
class Rhythm:
    """The form of `/sprint rhythm`. `start_weekday` is 0 for Monday, `country` is whose public holidays the team keeps.

    The turn comes `turn_days` working days before a sprint's last one. The times are each person's own.
    """

    sprint_weeks: int
    start_weekday: int
    zone: str
    country: str | None
    turn_days: int
    turn_at: time
    reminder_at: time
    nudge_at: time


@dataclass(frozen=True)
class Preview:
    """What a rhythm means: the next sprints, and what each of them brings. `problem` when it can't be one, and why.

    The team comes with its members. `changes` when it is not the team's rhythm yet.
    """

    team: Team
    rhythm: Rhythm
    changes: bool
    sprints: Sequence[Dates] = ()
    coming: Sequence[Upcoming] = ()
    problem: str | None = None


def for_team(team: Team) -> Rhythm:
    """The team's rhythm."""
    return Rhythm(
        sprint_weeks=team.sprint_weeks,
        start_weekday=team.anchor_on.weekday(),
        zone=team.zone,
        country=team.country,
        turn_days=team.turn_days,
        turn_at=team.turn_at,
        reminder_at=team.remind_at,
        nudge_at=team.nudge_at,
    )


def preview(session: Session, team_id: int, rhythm: Rhythm | None = None, *, now: datetime) -> Preview:
    """What the team's rhythm means, or what this one would. Changes nothing. Raises Refusal when there is no such team."""
    team = teams.get(session, team_id)
    shown = rhythm or for_team(team)
    changes = shown != for_team(team)
    try:
        _require_sensible(shown)
    except Refusal as no:
        return Preview(team, shown, changes, problem=no.message)
    chosen = _cadence(session, team, shown, now)
    since = now if changes else team.cadence_since or team.created_at
    # The next two may be past some of what they bring.
    found = schedules.expected(session, team, chosen, since=since, now=now, ahead=SHOWN + 2)
    today = cadence.local_date(now, chosen.zone)
    ahead = sorted({each.dates for each in found if each.dates.starts_on >= today}, key=lambda dates: dates.starts_on)
    return Preview(team, shown, changes, ahead[:SHOWN], found)


def edit(session: Session, team_id: int, rhythm: Rhythm, *, seen: datetime | None, by: str, now: datetime) -> Team:
    """Change the team's rhythm. `seen` is when the one was chosen that the form was filled from.

    Sprints keep their dates; new ones begin after the last of them. In a new zone they are over at its midnight.
    Raises Refusal unless `by` leads the team, for what is no rhythm, and when it was changed meanwhile.
    """
    team = teams.get(session, team_id, lock=True)
    teams.require_lead(team, by, to="change its rhythm")
    _require_sensible(rhythm)
    if rhythm == for_team(team):
        return team
    if seen != team.cadence_since:
        raise Refusal(
            "The rhythm was changed in the meantime, perhaps in another window. Open it again to see what it is now.",
            field="sprint_weeks",
        )
    chosen = _cadence(session, team, rhythm, now)
    _apply(team, rhythm, chosen.anchor_on)
    team.cadence_since = now
    teams.look_again(team, now)
    looking.again(session, [team.id], now=now)
    people.look_again(session, [member.person_id for member in team.members], now=now)
    for sprint in sprints.open_ones(session, team_id):
        dates = sprints.dates_of(sprint)
        sprint.over_at, sprint.closes_at = dates.over_at(chosen.zone), dates.closes_at(chosen.zone, chosen.calendar)
        if sprint.asked_at is not None and sprint.gathered_at is None:
            sprint.gathers_at = now
    session.flush()
    return team


def _require_sensible(rhythm: Rhythm) -> None:
    company.known_zone(rhythm.zone)
    calendars.known_country(rhythm.country)
    if not 0 <= rhythm.turn_days <= MOST_TURN_DAYS:
        raise Refusal(
            f"The turn comes at most {MOST_TURN_DAYS} working days before a sprint's last one.", field="turn_days"
        )
    for field in TIMES:
        asking_times.require_daytime(getattr(rhythm, field), field=field)


def _apply(team: Team, rhythm: Rhythm, anchor_on: date) -> None:
    team.anchor_on, team.sprint_weeks = anchor_on, rhythm.sprint_weeks
    team.zone, team.country = rhythm.zone, rhythm.country
    team.turn_days, team.turn_at = rhythm.turn_days, rhythm.turn_at
    team.remind_at, team.nudge_at = rhythm.reminder_at, rhythm.nudge_at


def _cadence(session: Session, team: Team, rhythm: Rhythm, now: datetime) -> Cadence:
    return Cadence(
        anchor_on=_anchor(session, team, rhythm, now),
        weeks=rhythm.sprint_weeks,
        zone=rhythm.zone,
        calendar=Calendar(company.current(session).weekend, rhythm.country),
        turn_days=rhythm.turn_days,
        turn_at=rhythm.turn_at,
        reminder_at=rhythm.reminder_at,
        nudge_at=rhythm.nudge_at,
    )


def _anchor(session: Session, team: Team, rhythm: Rhythm, now: datetime) -> date:
    """The first day of one of the sprints: where their length or weekday changes, after all that are there."""
    if (rhythm.sprint_weeks, rhythm.start_weekday) == (team.sprint_weeks, team.anchor_on.weekday()):
        return team.anchor_on
    today = cadence.local_date(now, rhythm.zone)
    last_day = session.scalar(select(func.max(Sprint.ends_on)).where(Sprint.team_id == team.id))
    first = max(today, last_day + timedelta(days=1)) if last_day else today
    return cadence.next_weekday(first, rhythm.start_weekday)
