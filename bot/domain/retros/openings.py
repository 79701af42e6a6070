"""How a retro is asked for: with the end of its sprint, late where nobody could be asked, and at which time it is revealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company
from bot.domain.outbox import posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.retros import facilitators, retros
from bot.domain.teams import teams
from bot.domain.text import emoji
from bot.platform.database import insert
from models.company import Person
from models.retros import Note, Retro
from models.sprints import Sprint
from models.teams import SMALLEST, Membership, Team

OPEN_FOR = 2  # working days from the reveal until a retro closes by itself


@dataclass(frozen=True)
class Settings:
    """The form of `/retro settings`: when notes are revealed, which emoji makes one, and whether the team votes."""

    retro_at: time
    retro_emoji: str
    retro_votes: bool


def open_all(session: Session, sprint_ids: Iterable[int], *, now: datetime) -> None:
    """The end of these sprints has come: their retros are asked for, and their boards stand in the teams' channels."""
    ids = sorted(set(sprint_ids))
    if not ids:
        return
    rows = [{"sprint_id": sprint_id, "has_votes": False, "created_at": now} for sprint_id in ids]
    session.execute(insert(session, Retro).on_conflict_do_nothing(index_elements=["sprint_id"]), rows)
    team = joinedload(Retro.sprint).joinedload(Sprint.team)
    members = team.selectinload(Team.members).joinedload(Membership.person).selectinload(Person.aways)
    unopened = select(Retro).where(Retro.sprint_id.in_(ids), Retro.opened_at.is_(None), Retro.closed_at.is_(None))
    found = session.scalars(unopened.options(members).with_for_update(of=Retro)).all()
    turns = facilitators.turns(session, [retro.sprint.team_id for retro in found])
    weekend = company.current(session).weekend
    for retro in found:
        _open(retro, weekend, turns, now)
    session.flush()
    cards = [posts.card_row(retros.CARD, each.sprint_id, each.sprint.team.channel_id, now=now) for each in found]
    posts.write_rows(session, cards)


def open_now(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """The lead closed the sprint before its end: its retro opens with that, and everybody at work is asked at once."""
    open_all(session, [sprint.id], now=now)
    for member in sprint.team.members:
        key = f"{PromptKind.MARKS}:{sprint.team_id}:{sprint.starts_on}:{member.person_id}"
        posts.ask(
            session,
            key,
            PromptKind.MARKS,
            sprint.id,
            member.person_id,
            due_at=now,
            expires_at=now + cadence.PROMPT_LIVES,
            now=now,
        )


def move(session: Session, team: Team, *, now: datetime) -> None:
    """The team has another channel: the boards that are still open stand there from now on."""
    query = select(Retro.sprint_id).join(Sprint).where(Sprint.team_id == team.id, Retro.opened_at.is_not(None))
    for sprint_id in session.scalars(query.where(Retro.closed_at.is_(None))).all():
        posts.draw(session, retros.CARD, sprint_id, team.channel_id, now=now)


def open_over(session: Session, *, now: datetime) -> int:
    """Open the retros of sprints that are over, where nobody was asked for it in time: the bot was down, for one.

    Returns how many; of a team that is paused, forming or without a channel, none.
    """
    queries = over(now), left_behind(now)
    found = sorted({sprint_id for query in queries for sprint_id in session.scalars(query.limit(20))})
    set_asides.each(session, What.RETRO_OPENING, found, lambda ids: open_all(session, ids, now=now), now=now)
    return len(found)


def over(now: datetime) -> Select[int]:
    """The sprints that are over, and whose retro nobody was asked for."""
    missing = Retro.opened_at.is_(None), Retro.closed_at.is_(None)
    of_sprints = select(Sprint.id).outerjoin(Retro, Retro.sprint_id == Sprint.id).where(*missing)
    return _able_to_meet(of_sprints.where(Sprint.closed_at.is_(None), Sprint.over_at <= now), now)


def left_behind(now: datetime) -> Select[int]:
    """Sprints that closed while their team was paused or the bot down, with notes that somebody wrote before."""
    unopened = select(Sprint.id).join(Retro, Retro.sprint_id == Sprint.id).where(Retro.opened_at.is_(None))
    has_notes = exists().where(Note.retro_id == Retro.id)
    return _able_to_meet(unopened.where(Retro.revealed_at.is_(None), Sprint.closed_at.is_not(None), has_notes), now)


def _able_to_meet(of_sprints: Select[int], now: datetime) -> Select[int]:
    members = select(func.count()).select_from(Membership).where(Membership.team_id == Team.id).scalar_subquery()
    teams_of = of_sprints.join(Team, Team.id == Sprint.team_id)
    is_free = set_asides.not_aside(What.RETRO_OPENING, Sprint.id, now)
    return teams_of.where(Team.paused_at.is_(None), Team.channel_lost.is_(None), members >= SMALLEST, is_free)


def _open(retro: Retro, weekend: str, turns: dict[tuple[int, str], datetime], now: datetime) -> None:
    team = retro.sprint.team
    retro.opened_at = now
    retro.has_votes = team.retro_votes
    _set_times(retro, Calendar(weekend, team.country), now)
    retro.facilitator_id = next(iter(facilitators.rota(team, turns, now)), None)


def _set_times(retro: Retro, calendar: Calendar, now: datetime) -> None:
    """It reveals itself on the first working day after the sprint, at the team's time; at once never."""
    team = retro.sprint.team
    reveals_on = calendar.next_working_day(retro.sprint.ends_on)
    reveals_at = cadence.instant(reveals_on, team.retro_at, team.zone)
    while reveals_at <= now:
        reveals_on = calendar.next_working_day(reveals_on)
        reveals_at = cadence.instant(reveals_on, team.retro_at, team.zone)
    retro.reveals_at = reveals_at
    retro.closes_at = closes_at(calendar, reveals_on, team)


def closes_at(calendar: Calendar, revealed_on: date, team: Team) -> datetime:
    """When a retro closes by itself that is revealed on this day, in UTC."""
    last = revealed_on
    for _ in range(OPEN_FOR):
        last = calendar.next_working_day(last)
    return cadence.instant(last, team.retro_at, team.zone)


def change_settings(session: Session, team_id: int, settings: Settings, *, by: str, now: datetime) -> Team:
    """Change when the team's notes are revealed, which emoji makes one, and whether it votes.

    Raises Refusal unless `by` leads the team, and for what can't be.
    """
    team = teams.get(session, team_id, lock=True)
    teams.require_lead(team, by, to="change its retro")
    team.retro_at = cadence.require_daytime(settings.retro_at, field="retro_at")
    team.retro_emoji = emoji.name(settings.retro_emoji, example="retro", field="retro_emoji")
    team.retro_votes = settings.retro_votes
    session.flush()
    calendar = Calendar(company.current(session).weekend, team.country)
    waiting = select(Retro.id).join(Sprint).where(Sprint.team_id == team_id, Retro.revealed_at.is_(None))
    for retro_id in session.scalars(waiting.where(Retro.opened_at.is_not(None))).all():
        retro = retros.locked(session, retro_id)
        _set_times(retro, calendar, now)
        retro.has_votes = team.retro_votes
        retros.redraw(session, retro, now=now)
    return team
