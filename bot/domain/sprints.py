"""A team's sprints: which one runs, which one is being planned, and when one is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain import cadence, posts, teams
from bot.domain.cadence import Dates
from bot.errors import Refusal
from models.items import Item
from models.people import Person
from models.posts import Post
from models.sprints import Absence, Answer, Sprint
from models.teams import Membership, Team

PLAN_CARD = "plan"  # in the team's channel, while people plan
SPRINT_CARD = "sprint"  # in the team's channel, the final plan and its marks
COMPANY_CARD = "company"  # the same in the company's sprint channel


class Span(Protocol):
    """What has to be known of a sprint to tell which one people mean: a whole row, or these columns of it."""

    @property
    def id(self) -> int: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date: ...

    @property
    def over_at(self) -> datetime: ...

    @property
    def finalized_at(self) -> datetime | None: ...

    @property
    def closed_at(self) -> datetime | None: ...


S = TypeVar("S", bound=Span)


@dataclass(frozen=True)
class Planning:
    """The sprint to plan now: its dates, and its id once somebody wrote something. `late` when its plan is final."""

    dates: Dates
    sprint_id: int | None
    late: bool


@dataclass(frozen=True)
class Rhythm:
    """What a team's sprints follow from."""

    anchor_on: date
    weeks: int
    zone: str


def rhythm(team: Team) -> Rhythm:
    """The team's rhythm."""
    return Rhythm(team.anchor_on, team.sprint_weeks, team.zone)


def is_over(sprint: Span, now: datetime) -> bool:
    """Whether the sprint was closed or its last day has passed."""
    return sprint.closed_at is not None or sprint.over_at <= now


def running(sprints: Sequence[S], zone: str, now: datetime) -> S | None:
    """The sprint that has begun and is not over, by the calendar of `zone`."""
    today = cadence.local_date(now, zone)
    return next((sprint for sprint in sprints if sprint.starts_on <= today and not is_over(sprint, now)), None)


def to_plan(sprints: Sequence[Span], rhythm: Rhythm, now: datetime) -> Planning:
    """The sprint that people mean when they plan now, given the team's latest sprints by start.

    An open plan that is not final comes first. Else it is the sprint whose start is nearest; if that one was closed
    early, the one after it.
    """
    for sprint in sprints:
        if not is_over(sprint, now) and sprint.finalized_at is None:
            return Planning(Dates(sprint.starts_on, sprint.ends_on), sprint.id, late=False)
    today = cadence.local_date(now, rhythm.zone)
    starts_on = cadence.nearest_start(rhythm.anchor_on, rhythm.weeks, today)
    by_start = {sprint.starts_on: sprint for sprint in sprints}
    while starts_on in by_start and is_over(by_start[starts_on], now):
        starts_on += timedelta(weeks=rhythm.weeks)
    starts_on = _not_before_the_last_one_ended(sprints, starts_on, rhythm.weeks)
    found = by_start.get(starts_on)
    dates = Dates(found.starts_on, found.ends_on) if found else cadence.sprint_dates(starts_on, rhythm.weeks)
    return Planning(dates, found.id if found else None, late=found is not None)


def _not_before_the_last_one_ended(sprints: Sequence[Span], starts_on: date, weeks: int) -> date:
    # After a lead changed the rhythm, the new one begins where no earlier sprint still reaches.
    reach = max((sprint.ends_on for sprint in sprints if sprint.starts_on != starts_on), default=None)
    while reach is not None and starts_on <= reach and starts_on not in {sprint.starts_on for sprint in sprints}:
        starts_on += timedelta(weeks=weeks)
    return starts_on


def latest(session: Session, team_id: int) -> list[Sprint]:
    """The team's last three sprints, earliest first: at most one running, one ahead and one behind."""
    query = select(Sprint).where(Sprint.team_id == team_id).order_by(Sprint.starts_on.desc()).limit(3)
    return list(reversed(session.scalars(query).all()))


def whole(session: Session, sprint_id: int, *, lock: bool = False) -> Sprint:
    """The sprint with its team, people, items and changes. With `lock`, for deciding something about it."""
    query = (
        select(Sprint)
        .where(Sprint.id == sprint_id)
        .options(
            joinedload(Sprint.hero),
            joinedload(Sprint.finalized_by),
            joinedload(Sprint.team).selectinload(Team.members).joinedload(Membership.person),
            selectinload(Sprint.items).joinedload(Item.owner),
            selectinload(Sprint.answers).joinedload(Answer.person),
            selectinload(Sprint.absences).joinedload(Absence.person),
            selectinload(Sprint.changes),
        )
        .execution_options(populate_existing=True)
    )
    sprint = session.scalar(query.with_for_update(of=Sprint) if lock else query)
    if sprint is None:
        raise Refusal("This sprint is gone. `/sprint` shows the one that runs.")
    return sprint


def at(session: Session, team: Team, starts_on: date, *, now: datetime) -> Sprint:
    """The team's sprint that begins on this day, locked; made if it is the one to plan and nobody wrote anything yet."""
    found = session.scalar(select(Sprint.id).where(Sprint.team_id == team.id, Sprint.starts_on == starts_on))
    if found is None:
        planning = to_plan(latest(session, team.id), rhythm(team), now)
        if planning.dates.starts_on != starts_on:
            raise Refusal("The team's sprint dates changed meanwhile. Copy your lines and open `/sprint plan` again.")
        found = _insert(session, team, planning.dates, now=now)
    return whole(session, found, lock=True)


def _insert(session: Session, team: Team, dates: Dates, *, now: datetime) -> int:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Sprint)
        .values(
            team_id=team.id,
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            over_at=dates.over_at(team.zone),
            direction="",
            impacted="",
            revision=0,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["team_id", "starts_on"])
    )
    query = select(Sprint.id).where(Sprint.team_id == team.id, Sprint.starts_on == dates.starts_on)
    return session.scalars(query).one()


def to_show(session: Session, team: Team, *, now: datetime) -> Sprint | None:
    """The sprint that people mean by a team's plan: the running one, else the next one, else the last; whole."""
    recent = latest(session, team.id)
    ahead = [sprint for sprint in recent if not is_over(sprint, now)]
    shown = running(recent, team.zone, now) or next(iter(ahead), None) or next(reversed(recent), None)
    return whole(session, shown.id) if shown else None


def neighbours(session: Session, sprint: Sprint) -> tuple[int | None, int | None]:
    """The ids of the team's sprints before and after this one."""
    theirs = select(Sprint.id).where(Sprint.team_id == sprint.team_id)
    before = theirs.where(Sprint.starts_on < sprint.starts_on).order_by(Sprint.starts_on.desc()).limit(1)
    after = theirs.where(Sprint.starts_on > sprint.starts_on).order_by(Sprint.starts_on).limit(1)
    return session.scalar(before), session.scalar(after)


def to_finalize(session: Session, team: Team, *, now: datetime) -> Sprint:
    """The sprint that the lead makes final now, whole; made if nobody wrote anything for it yet."""
    planning = to_plan(latest(session, team.id), rhythm(team), now)
    return at(session, team, planning.dates.starts_on, now=now)


def previous(session: Session, sprint: Sprint) -> Sprint | None:
    """The team's sprint before this one, whole."""
    before, _after = neighbours(session, sprint)
    return whole(session, before) if before is not None else None


def require_open(sprint: Sprint, now: datetime, *, field: str | None = None) -> None:
    """Raise Refusal when the sprint is over: its marks and its plan stay as they are."""
    if is_over(sprint, now):
        raise Refusal("This sprint is closed, and stays as it was. `/sprint plan` opens the next one.", field=field)


def waiting_for(sprint: Sprint) -> list[Person]:
    """The members whose plan is still to come: those who are off for the whole sprint are not waited for."""
    answered = {answer.person_id for answer in sprint.answers}
    away = {absence.person_id for absence in sprint.absences if _covers(absence, sprint)}
    return [
        member.person
        for member in sprint.team.members
        if member.person_id not in answered and member.person_id not in away and not member.person.is_deactivated
    ]


def _covers(absence: Absence, sprint: Sprint) -> bool:
    return absence.starts_on <= sprint.starts_on and absence.ends_on >= sprint.ends_on


def to_close(session: Session, team: Team, *, now: datetime) -> int:
    """The id of the team's running sprint. Raises Refusal when none is running."""
    sprint = running(latest(session, team.id), team.zone, now)
    if sprint is None:
        raise Refusal("No sprint of your team is running, so there is nothing to close.")
    return sprint.id


def close(session: Session, sprint_id: int, *, by: str, now: datetime) -> Sprint:
    """Close the sprint before its last day has passed. Raises Refusal unless `by` leads its team."""
    sprint = whole(session, sprint_id, lock=True)
    teams.require_lead(sprint.team, by, to="close the sprint")
    if sprint.closed_at is not None:
        raise Refusal("This sprint is closed already.")
    if sprint.starts_on > cadence.local_date(now, sprint.team.zone):
        raise Refusal("This sprint has not begun yet, so there is nothing to close.")
    return _close(session, sprint, now)


def close_over(session: Session, *, now: datetime) -> list[Sprint]:
    """Close every sprint whose last day has passed. Costs in proportion to what is to be closed."""
    query = select(Sprint.id).where(Sprint.closed_at.is_(None), Sprint.over_at <= now).order_by(Sprint.id).limit(100)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    return [_close(session, whole(session, sprint_id), now) for sprint_id in found]


def _close(session: Session, sprint: Sprint, now: datetime) -> Sprint:
    sprint.closed_at = now
    redraw(session, sprint.id, now=now)
    return sprint


def redraw(session: Session, sprint_id: int, *, now: datetime) -> None:
    """Have every card that shows this sprint drawn again."""
    for each in (PLAN_CARD, SPRINT_CARD, COMPANY_CARD):
        posts.redraw(session, each, sprint_id, now=now)


def card(session: Session, sprint: Sprint) -> Post:
    """The card whose thread keeps what changes: the final one, once there is one."""
    return posts.card_of(session, SPRINT_CARD if sprint.finalized_at else PLAN_CARD, sprint.id)
