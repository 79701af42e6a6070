"""The weeks that lie ahead of a team: those of its sprints, and of those that it has not planned yet; and its rota's."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.company import parts, people
from bot.domain.company.parts import Part
from bot.domain.heroes import heroes, looking, rota
from bot.domain.heroes.rota import TeamRota
from bot.domain.outbox import home_refresh, posts, set_asides
from bot.domain.outbox.posts import Message
from bot.domain.outbox.set_asides import What
from bot.domain.sprints import cards, sprints
from bot.domain.sprints.sprints import Span
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.sprints import Sprint
from models.teams import Team


def ahead(recent: Sequence[Span], rhythm: Cadence, now: datetime, count: int = 2) -> list[Dates]:
    """The sprint that runs, or comes next where none does, and those after it, given the team's latest by start.

    Those that nobody wrote anything for are as the rhythm has them.
    """
    found = [sprints.dates_of(each) for each in recent if not sprints.is_over(each, now)]
    planned = [sprints.dates_of(each) for each in recent]
    present = cadence.start_of(rhythm, cadence.local_date(now, rhythm.zone))
    while len(found) < count:
        found.append(rhythm.dates_from(cadence.free_start(rhythm, present, [*planned, *found])))
    return sorted(found, key=lambda dates: dates.starts_on)[:count]


def of_team(session: Session, team: Team, week_on: date, *, now: datetime) -> Dates:
    """The week that begins on this day, of the running sprint or the coming one. Raises Refusal when it is of neither."""
    coming = ahead(sprints.latest(session, team.id), sprints.cadence_of(session, team), now)
    for week in (week for dates in coming for week in heroes.weeks(dates)):
        if week.starts_on == week_on:
            return week
    raise Refusal("That week is over, or the team's sprints begin on other days now. `/sprint` shows what comes.")


def coming(session: Session, team: Team, *, now: datetime) -> list[Dates]:
    """The weeks that a rota covers: those that are not over, one after the other."""
    recent, rhythm = sprints.latest(session, team.id), sprints.cadence_of(session, team)
    today = cadence.local_date(now, team.zone)
    found = [week for dates in ahead(recent, rhythm, now, rota.AHEAD + 1) for week in heroes.weeks(dates)]
    return [week for week in found if week.ends_on >= today][: rota.AHEAD]


def redraw(session: Session, team: Team, week: Dates, *, now: datetime) -> None:
    """Have everything drawn anew that shows this week: its sprint's cards, if there are any, and the team's Homes."""
    _redraw(session, team, [week.starts_on], now)


def _redraw(session: Session, team: Team, days: Iterable[date], now: datetime) -> None:
    found = {}
    for day in days:
        query = select(Sprint).where(Sprint.team_id == team.id, Sprint.starts_on <= day, Sprint.ends_on >= day)
        if (sprint := session.scalar(query)) is not None:
            found[sprint.id] = sprint
    for sprint in found.values():
        cards.redraw(session, sprint, now=now)
    home_refresh.touch_team(session, team.id, now=now)


# --- the rota -----------------------------------------------------------------------------------------------------


def rota_of(session: Session, team: Team, viewer: str, *, now: datetime) -> TeamRota:
    """The rota of a team, for this viewer."""
    return rota.read(session, team, coming(session, team, now=now), viewer, now=now)


def start_rota(
    session: Session, team_id: int, *, by: str, say: Callable[[str, TeamRota], Message], now: datetime
) -> None:
    """Start a team's rota, fill its weeks, and say so in the team's channel. Where one runs already, nothing changes."""
    team = teams.get(session, team_id, lock=True)
    if rota.start(session, team, coming(session, team, now=now), by=by, now=now):
        fill(session, team_id, now=now)
        _say(session, "started", team, say(people.known(session, by).name, rota_of(session, team, by, now=now)), now)


def stop_rota(session: Session, team_id: int, *, by: str, say: Callable[[str], Message], now: datetime) -> None:
    """Stop a team's rota, and say so in the team's channel. Where none runs, nothing changes."""
    parts.require(session, Part.ROTA)
    team = teams.get(session, team_id, lock=True)
    freed = rota.stop(session, team, by=by, now=now)
    if freed is not None:
        _redraw(session, team, freed, now)
        _say(session, "stopped", team, say(people.known(session, by).name), now)


def _say(session: Session, what: str, team: Team, message: Message, now: datetime) -> None:
    posts.write(session, f"rota_{what}:{team.id}:{now:%Y%m%d%H%M%S%f}", team.channel_id, message, now=now)


def fill(session: Session, team_id: int, *, now: datetime) -> int:
    """Write whose weeks are coming in this team, and have it drawn where it shows. Returns how many changed hands."""
    team = teams.get(session, team_id)
    changed = rota.fill(session, team, coming(session, team, now=now), now=now)
    if changed:
        _redraw(session, team, changed, now)
    return len(changed)


def fill_due(session: Session, *, now: datetime) -> int:
    """The same for every team that is due. Returns how many weeks changed hands."""
    changed: dict[int, int] = {}

    def fill_all(some: Sequence[int]) -> None:
        changed.update({team_id: fill(session, team_id, now=now) for team_id in some})

    set_asides.each(session, What.ROTA, looking.due(session, now=now), fill_all, now=now)
    return sum(changed.values())
