"""Who joins a team in mid-sprint gets one message: the plan, the retro's door, and the way to a plan of their own."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.calendar.cadence import Cadence
from bot.domain.company import presence
from bot.domain.outbox import prompt_posts
from bot.domain.rhythm import prompts
from bot.domain.sprints import beginnings, sprints
from bot.domain.teams import teams
from models.company import Person
from models.outbox import Card
from models.sprints import Sprint
from models.teams import SMALLEST, Team

CARD = Card.JOINED  # in the DM of somebody who joined; its subject is the sprint that runs
AHEAD = 2  # of how many sprints to come somebody may be asked already


@dataclass(frozen=True)
class Welcome:
    """What somebody reads who joined in mid-sprint.

    `asked_on` is the day of their next turn, if it is known. `is_live` until they are asked something later, and `needed`
    while they sit in a team that meets.
    """

    sprint: Sprint
    asked_on: date | None
    answered: bool
    is_live: bool
    needed: bool


def begin(session: Session, team: Team, *, now: datetime) -> None:
    """A team that gets its second member begins: people are asked about the running sprint at once, if it is worth it."""
    if len(team.members) == SMALLEST:
        team.cadence_since = now
        teams.look_again(team, now)
        session.flush()


def greet(session: Session, team: Team, person: Person, *, now: datetime) -> None:
    """Have somebody read what runs who joined this team just now, which is whole; nothing where they are asked anyway."""
    if not prompts.can_meet(team):
        return
    rhythm, where = sprints.cadence_of(session, team), _where(team, person)
    at = cadence.in_working_hours(now, where.zone, asking_times.calendar_of(rhythm, where))
    if _is_asked(session, team, rhythm, where, at, now):
        return
    latest = sprints.latest(session, team.id)
    runs = sprints.running(latest, team.zone, now)
    if runs is not None:
        sprint_id = runs.id
    else:
        dates = sprints.present(latest, rhythm, now)
        if dates.starts_on > cadence.local_date(now, team.zone):
            return
        sprint_id = beginnings.id_at(session, team, dates.starts_on, now=now)
    night = cadence.instant(cadence.local_date(at, where.zone), asking_times.NIGHT, where.zone)
    key = f"{CARD}:{team.id}:{sprint_id}:{person.id}"
    expires_at = min(at + asking_times.PROMPT_LIVES, night)
    prompt_posts.ask(session, key, CARD, sprint_id, person.id, due_at=at, expires_at=expires_at, now=now)


def _is_asked(session: Session, team: Team, rhythm: Cadence, where: Whereabouts, at: datetime, now: datetime) -> bool:
    """Whether a turn or a reminder comes to them on that day anyway, or is still to be delivered late."""
    since = team.cadence_since or team.created_at
    stored = sprints.latest(session, team.id)
    dates = [sprints.dates_of(row) for row in stored if row.closed_at is None]
    today = cadence.local_date(now, team.zone)
    dates += cadence.coming(rhythm, [sprints.dates_of(row) for row in stored], today, AHEAD)
    day = cadence.local_date(at, where.zone)
    return any(
        occurrence.on <= day and occurrence.expires_at(where.zone) > now
        for one in dates
        for occurrence in asking_times.occurrences(rhythm, one, where, since=since)
    )


def _where(team: Team, person: Person) -> Whereabouts:
    return Whereabouts(person.zone or team.zone, person.country, person.weekend)


def read(session: Session, sprint_id: int, person_id: str, *, now: datetime) -> Welcome:
    """What the message says now."""
    sprint = sprints.load(session, sprint_id)
    team = sprint.team
    rhythm = sprints.cadence_of(session, team)
    member = next((each for each in team.members if each.person_id == person_id), None)
    following = rhythm.dates_from(sprints.dates_of(sprint).next_on)
    asked = asking_times.occurrences(rhythm, following, _where(team, member.person)) if member else ()
    return Welcome(
        sprint=sprint,
        asked_on=asked[0].on if asked else None,
        answered=any(answer.person_id == person_id for answer in sprint.answers),
        is_live=not prompts.is_asked_from(session, sprint, person_id, now),
        needed=member is not None
        and prompts.can_meet(team)
        and not sprints.is_over(sprint, now)
        and not presence.is_away(session, person_id, now),
    )
