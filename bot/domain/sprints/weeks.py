"""A team's coming weeks, in sprints that are planned and not planned yet, and its rota."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.company import parts, people
from bot.domain.company.parts import Part
from bot.domain.heroes import filling, heroes, looking, offers, rota, stand_ins, swaps
from bot.domain.heroes.heroes import Hero
from bot.domain.heroes.rota import TeamRota
from bot.domain.heroes.swaps import SeenWeek, Wish
from bot.domain.outbox import home_refresh, posts, prompt_posts, set_asides
from bot.domain.outbox.posts import Message
from bot.domain.outbox.set_asides import What
from bot.domain.sprints import cards, sprints
from bot.domain.sprints.sprints import Span
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.sprints import Sprint
from models.teams import Team

StepsIn = Callable[[int, Hero, Dates], Message]  # what a team reads of who is hero now, from today until the week's end


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
    redraw_days(session, team, [week.starts_on], now=now)


def redraw_days(session: Session, team: Team, days: Iterable[date], *, now: datetime) -> None:
    """The same for the weeks in which these days lie."""
    found = {}
    for day in days:
        query = select(Sprint).where(Sprint.team_id == team.id, Sprint.starts_on <= day, Sprint.ends_on >= day)
        if (sprint := session.scalar(query)) is not None:
            found[sprint.id] = sprint
    for sprint in found.values():
        cards.redraw(session, sprint, now=now)
        prompt_posts.redraw_sent(session, cadence.ASKS, sprint.id, now=now)
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
        redraw_days(session, team, freed, now=now)
        _end_what_is_over(session, team, now)
        _say(session, "stopped", team, say(people.known(session, by).name), now)


def _say(session: Session, what: str, team: Team, message: Message, now: datetime) -> None:
    posts.write(session, f"rota_{what}:{team.id}:{now:%Y%m%d%H%M%S%f}", team.channel_id, message, now=now)


def swap(
    session: Session,
    mine: SeenWeek,
    other: SeenWeek,
    *,
    by: str,
    say: Callable[[SeenWeek, SeenWeek, str], Message],
    now: datetime,
) -> Team:
    """Let two people have each other's weeks, and say so in the team's channel."""
    found = coming(session, teams.get(session, mine.team_id), now=now)
    team = swaps.exchange(session, mine, other, found, by=by, now=now)
    _changed(session, team, [mine.week_on, other.week_on], now)
    _say(session, "swapped", team, say(mine, other, by), now)
    return team


def ask_for_swap(session: Session, week: SeenWeek, wish: Wish, *, by: str, now: datetime) -> Team:
    """Ask the team who takes a week of one's own, or days of it."""
    found = coming(session, teams.get(session, week.team_id), now=now)
    return swaps.ask(session, week, wish, found, by=by, now=now)


def take_swap(session: Session, swap_id: int, *, by: str, now: datetime) -> Team:
    """Take what somebody asked for."""
    team, week_on = swaps.take(session, swap_id, by=by, now=now)
    _changed(session, team, [week_on], now)
    return team


def _changed(session: Session, team: Team, days: Iterable[date], now: datetime) -> None:
    looking.again(session, [team.id], now=now)
    redraw_days(session, team, days, now=now)


# --- the clock ----------------------------------------------------------------------------------------------------


def fill(session: Session, team_id: int, *, now: datetime, say: StepsIn | None = None) -> int:
    """Write whose weeks are coming in this team, and have it drawn where it shows. Returns how many changed hands.

    `say` is what the team's channel reads where the week that runs changed hands by itself.
    """
    team = teams.get(session, team_id)
    found = coming(session, team, now=now)
    changed = filling.fill(session, team, found, now=now)
    if changed:
        redraw_days(session, team, changed, now=now)
    _end_what_is_over(session, team, now)
    if looking.runs(session, team_id):
        offers.offer_for_the_away(session, team, found, now=now)
        _say_who_steps_in(session, team, found[0], changed, say, now)
    return len(changed)


def _end_what_is_over(session: Session, team: Team, now: datetime) -> None:
    swaps.end_strangers(session, team, now)
    stand_ins.end_lost(session, team, today=cadence.local_date(now, team.zone), now=now)


def _say_who_steps_in(
    session: Session,
    team: Team,
    week: Dates,
    changed: Sequence[date],
    say: StepsIn | None,
    now: datetime,
) -> None:
    has_begun = week.starts_on <= cadence.local_date(now, team.zone)
    if say is None or team.paused_at is not None or not has_begun or week.starts_on not in changed:
        return
    hero = filling.hero_of(session, team, week.starts_on)
    if hero is not None:
        key = f"rota_steps_in:{team.id}:{week.starts_on}:{hero.id}"
        posts.write(session, key, team.channel_id, say(team.id, hero, week), now=now)


def fill_due(session: Session, *, say: StepsIn, now: datetime) -> int:
    """The same for some of the teams that are due. Call it until it returns 0."""

    def fill_all(some: Sequence[int]) -> None:
        for team_id in some:
            fill(session, team_id, now=now, say=say)

    found = looking.due(session, now=now)
    set_asides.each(session, What.ROTA, found, fill_all, now=now)
    return len(found)
