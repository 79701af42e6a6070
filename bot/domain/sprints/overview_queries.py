"""What an overview reads from the database, in three statements that are built once."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ScalarSelect, and_, bindparam, exists, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from bot.domain.heroes import looking
from models.base import UtcDateTime
from models.company import Away, Company, Person
from models.heroes import HeroWeek, Rota
from models.outbox import Undo
from models.sprints import Absence, Answer, Item, Sprint
from models.teams import Membership, Team

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)  # when an away ends whose end nobody knows
_NOW = bindparam("now", type_=Away.starts_at.type)


def _away_until() -> ScalarSelect[Any]:
    """When the viewer's away ends; no row while they are not away."""
    end = func.max(func.coalesce(Away.ends_at, literal(FOREVER, UtcDateTime())), type_=Away.starts_at.type)
    query = select(end).where(Away.person_id == Membership.person_id, Away.starts_at <= _NOW)
    return query.where(or_(Away.ends_at.is_(None), Away.ends_at > _NOW)).scalar_subquery()


def _taken_seats() -> ScalarSelect[Any]:
    members = aliased(Membership)
    return select(func.count()).where(members.team_id == Team.id).scalar_subquery()


# The statements are built once: building one costs as much as running it.
_MY_TEAM = select(Membership.team_id).where(Membership.person_id == bindparam("me")).scalar_subquery()
# Chosen before anything is joined to them: else PostgreSQL joins everything to all sprints that the team ever had.
_RECENT = select(Sprint.id).where(Sprint.team_id == _MY_TEAM).order_by(Sprint.starts_on.desc()).limit(3).subquery()
TEAM_AND_SPRINTS = (
    select(
        Team.id,
        Team.name,
        Team.anchor_on,
        Team.sprint_weeks,
        Team.zone,
        Team.turn_days,
        Team.country,
        Company.weekend,
        Membership.is_lead,
        Sprint.id,
        Sprint.starts_on,
        Sprint.ends_on,
        Sprint.over_at,
        Sprint.finalized_at,
        Sprint.closed_at,
        Sprint.direction,
        exists().where(Answer.sprint_id == Sprint.id, Answer.person_id == Membership.person_id),
        Sprint.closes_at,
        Team.paused_at,
        Team.paused_until,
        Team.paused_because,
        Team.channel_id,
        Team.channel_lost.label("channel_lost"),
        _taken_seats().label("seats"),
        Person.zone.label("own_zone"),
        _away_until().label("away_until"),
        exists().where(Undo.by_id == Membership.person_id, Undo.ends_at > _NOW).label("acted_lately"),
        (exists().where(Rota.team_id == Team.id) & looking.IS_ON).label("in_rota"),
    )
    .select_from(Membership)
    .join(Person, Person.id == Membership.person_id)
    .join(Team, Team.id == Membership.team_id)
    .join(Company, Company.id == 1)
    .outerjoin(_RECENT, true())
    .outerjoin(Sprint, Sprint.id == _RECENT.c.id)
    .where(Membership.person_id == bindparam("me"))
    .order_by(Sprint.starts_on.desc())
)
ITEMS = (
    select(
        Item.sprint_id,
        Item.id,
        Item.owner_id,
        Item.title,
        Item.mark,
        Item.note,
        Item.carried,
        Item.points,
        Item.others,
    )
    .where(Item.sprint_id.in_(bindparam("sprints", expanding=True)), Item.dropped_at.is_(None))
    .order_by(Item.position, Item.id)
)
SEATS = (
    select(
        Membership.seat,
        Person.name,
        Person.zone,
        Person.is_gone
        | exists().where(Answer.sprint_id == bindparam("sprint"), Answer.person_id == Membership.person_id),
        Absence.starts_on,
        Absence.ends_on,
        Away.starts_at,
        Away.ends_at,
        Away.next_at,
        Person.id,
        Person.is_gone,
        HeroWeek.week_on,
        HeroWeek.days,
    )
    .join(Membership, Person.id == Membership.person_id)
    .outerjoin(
        Absence,
        and_(Absence.person_id == Person.id, Absence.sprint_id.in_((bindparam("sprint"), bindparam("running")))),
    )
    .outerjoin(Away, Away.person_id == Person.id)
    .outerjoin(
        HeroWeek,
        and_(
            HeroWeek.person_id == Person.id,
            HeroWeek.team_id == Membership.team_id,
            HeroWeek.week_on.between(bindparam("first_day"), bindparam("last_day")),
        ),
    )
    .where(Membership.team_id == bindparam("team"))
    .order_by(Membership.seat)
)
