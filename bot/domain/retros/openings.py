"""How a retro is asked for: with the turn after its sprint, or once it is over where nobody could be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.outbox import posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.retros import facilitators, retros
from bot.domain.sprints import cards, sprints
from bot.domain.teams import teams
from bot.domain.text import emoji
from bot.platform.database import insert
from models.company import Person
from models.retros import Note, Retro
from models.sprints import Sprint
from models.teams import SMALLEST, Membership, Team


@dataclass(frozen=True)
class Settings:
    """The form of `/retro settings`: which emoji makes a note of a message."""

    retro_emoji: str


def open_all(session: Session, closing: Mapping[int, datetime], *, now: datetime) -> None:
    """The turn after these sprints has come: their retros are asked for, and their boards stand in the teams' channels.

    `closing` says for each when its retro closes and its marks are frozen.
    """
    ids = sorted(closing)
    if not ids:
        return
    rows = [{"sprint_id": sprint_id, "has_votes": False, "created_at": now} for sprint_id in ids]
    session.execute(insert(session, Retro).on_conflict_do_nothing(index_elements=["sprint_id"]), rows)
    longer = update(Sprint).where(Sprint.id == bindparam("of_sprint"), Sprint.closed_at.is_(None))
    longer = longer.values(closes_at=bindparam("until", type_=Sprint.over_at.type))
    session.connection().execute(longer, [{"of_sprint": each, "until": closing[each]} for each in ids])
    team = joinedload(Retro.sprint).joinedload(Sprint.team)
    members = team.selectinload(Team.members).joinedload(Membership.person).selectinload(Person.aways)
    unopened = select(Retro).where(Retro.sprint_id.in_(ids), Retro.opened_at.is_(None), Retro.closed_at.is_(None))
    found = session.scalars(unopened.options(members).with_for_update(of=Retro)).all()
    turns = facilitators.turns(session, [retro.sprint.team_id for retro in found])
    for retro in found:
        retro.opened_at, retro.closes_at = now, closing[retro.sprint_id]
        retro.facilitator_id = next(iter(facilitators.rota(retro.sprint.team, turns, now)), None)
    session.flush()
    boards = [posts.card_row(retros.CARD, each.sprint_id, each.sprint.team.channel_id, now=now) for each in found]
    posts.write_rows(session, boards)


def closing_of(session: Session, sprint: Sprint) -> datetime:
    """When the retro of this sprint closes; the sprint comes with its team."""
    rhythm = sprints.cadence_of(session, sprint.team)
    return cadence.closing(sprints.dates_of(sprint).next_on, rhythm.zone, rhythm.calendar)


def move(session: Session, team: Team, *, now: datetime) -> None:
    """The team has another channel: the boards that are still open stand there from now on."""
    query = select(Retro.sprint_id).join(Sprint).where(Sprint.team_id == team.id, Retro.opened_at.is_not(None))
    for sprint_id in session.scalars(query.where(Retro.closed_at.is_(None))).all():
        cards.leave(session, posts.card_of(session, retros.CARD, sprint_id), team.channel_id, now=now)
        posts.draw(session, retros.CARD, sprint_id, team.channel_id, now=now)


def open_over(session: Session, *, now: datetime) -> int:
    """Open the retros of sprints that are over, where nobody was asked for it in time: the bot was down, for one.

    Returns how many; of a team that is paused, forming or without a channel, none.
    """
    queries = over(now), left_behind(now)
    found = sorted({sprint_id for query in queries for sprint_id in session.scalars(query.limit(20))})
    set_asides.each(session, What.RETRO_OPENING, found, lambda ids: _open_those(session, ids, now), now=now)
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


def _open_those(session: Session, sprint_ids: Sequence[int], now: datetime) -> None:
    query = select(Sprint).where(Sprint.id.in_(sprint_ids)).options(joinedload(Sprint.team))
    open_all(session, {each.id: closing_of(session, each) for each in session.scalars(query)}, now=now)


def _able_to_meet(of_sprints: Select[int], now: datetime) -> Select[int]:
    is_free = set_asides.not_aside(What.RETRO_OPENING, Sprint.id, now)
    return of_sprints.where(Sprint.team_id.in_(able_to_meet()), is_free)


def able_to_meet() -> Select[int]:
    """The teams that can be asked: not paused, with a channel and two people at least."""
    members = select(func.count()).select_from(Membership).where(Membership.team_id == Team.id).scalar_subquery()
    return select(Team.id).where(Team.paused_at.is_(None), Team.channel_lost.is_(None), members >= SMALLEST)


def change_settings(session: Session, team_id: int, settings: Settings, *, by: str, now: datetime) -> Team:
    """Change which emoji makes a note. Raises Refusal unless `by` leads the team, and for what can't be."""
    team = teams.get(session, team_id, lock=True)
    teams.require_lead(team, by, to="change its retro")
    team.retro_emoji = emoji.name(settings.retro_emoji, example="retro", field="retro_emoji")
    session.flush()
    return team
