"""What is due becomes rows: each occurrence a post, written once whoever plans it and however often.

Plain rows in and plain rows out: on a Friday at ten every team of a large company is due in the same second.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, gathering
from bot.domain.calendar.asking_times import Occurrence, Whereabouts
from bot.domain.calendar.cadence import PromptKind
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.planning import carrying
from bot.domain.retros import openings
from bot.domain.rhythm.known import Known, Plan
from bot.domain.sprints import beginnings, cards, pages
from bot.platform.database import insert
from models.outbox import Card
from models.sprints import Sprint
from models.teams import Team

AT_ONCE = 500  # teams in one transaction
Due = tuple[Occurrence, Whereabouts]


def due(session: Session, now: datetime) -> bool:
    """Whether any team is to be looked at."""
    return session.connection().execute(_DUE, {"now": now}).first() is not None


def plan(session: Session, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Write a post for everything that is due by now in at most `limit` teams. Returns how many teams were looked at.

    Costs in proportion to what is due: teams of which nobody is asked are not even read.
    """
    teams = session.execute(_DUE_TEAMS, {"now": now, "limit": limit}).scalars().all()
    set_asides.each(
        session, What.ASKING, teams, lambda some: _plan(session, some, now), now=now, key=lambda team: team.id
    )
    return len(teams)


def _plan(session: Session, teams: Sequence[Team], now: datetime) -> None:
    known = Known(session, teams, now)
    plans = [known.plan(team) for team in teams]
    ids = _open_sprints(session, known, plans, now)
    _begin(session, known, plans, ids, now)
    rows = [row for plan in plans for row in _rows(plan, ids, known, now)]
    posts.write_rows(session, rows)
    _shrink(session, known, plans, rows, now)
    _look_next(session, plans)


# The statement of a tick with nothing to do, built once.
_NOW = bindparam("now", type_=Team.next_at.type)
_IS_DUE = Team.next_at <= _NOW, set_asides.not_aside(What.ASKING, Team.id, _NOW)
_DUE = select(Team.id).where(*_IS_DUE).limit(1)
_DUE_TEAMS = (
    select(Team)
    .where(*_IS_DUE)
    .order_by(Team.next_at, Team.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


def _open_sprints(session: Session, known: Known, plans: Sequence[Plan], now: datetime) -> dict[tuple[int, date], int]:
    """The ids of the sprints that something is asked about; those whose planning opens are begun."""
    ids = known.sprint_ids()
    wanted = [(plan, dates) for plan in plans for dates in plan.opening if (plan.team.id, dates.starts_on) not in ids]
    new = [
        beginnings.new_row(plan.team.id, dates, plan.rhythm, now=now)
        for plan, dates in wanted
        if plan.rhythm is not None
    ]
    if not new:
        return ids
    begun = insert(session, Sprint).on_conflict_do_nothing(index_elements=["team_id", "starts_on"])
    session.connection().execute(begun, new)
    query = select(Sprint.team_id, Sprint.starts_on, Sprint.id).where(
        Sprint.team_id.in_({row["team_id"] for row in new}), Sprint.starts_on.in_({row["starts_on"] for row in new})
    )
    return {**ids, **{(team_id, starts_on): sprint_id for team_id, starts_on, sprint_id in session.execute(query)}}


def _begin(
    session: Session,
    known: Known,
    plans: Sequence[Plan],
    ids: Mapping[tuple[int, date], int],
    now: datetime,
) -> None:
    """The turns that come now: the retro of the sprint before opens, and what is unfinished stands in the new plan."""
    begun: list[dict[str, Any]] = []
    ending: dict[int, datetime] = {}
    for plan in plans:
        for dates in plan.opening:
            sprint_id = ids.get((plan.team.id, dates.starts_on))
            if sprint_id is None or plan.rhythm is None:
                continue
            rhythm = plan.rhythm
            settles_at = rhythm.over_at(dates, plan.team.cadence_since or plan.team.created_at)
            latest = cadence.instant(rhythm.calendar.working_day(dates.starts_on), gathering.NOBODY_AT, rhythm.zone)
            looks_at = min(plan.reminders.get(dates.starts_on, latest), latest)
            begun.append({"of_sprint": sprint_id, "began": now, "looks": looks_at, "settles": settles_at})
            before = known.before(plan.team.id, dates.starts_on)
            if before is not None and sprint_id not in known.final:
                ending[before.id] = settles_at
    if not begun:
        return
    fresh = Sprint.id == bindparam("of_sprint"), Sprint.asked_at.is_(None)
    moment = Sprint.over_at.type
    session.connection().execute(
        update(Sprint)
        .where(*fresh)
        .values(
            asked_at=bindparam("began", type_=moment),
            gathers_at=bindparam("looks", type_=moment),
            settles_at=bindparam("settles", type_=moment),
        ),
        begun,
    )
    openings.open_all(session, ending, now=now)
    for starts_on in sorted({dates.starts_on for plan in plans for dates in plan.opening}):
        pages.plan_ahead(session, starts_on, now=now)
    carrying.begin(session, [row["of_sprint"] for row in begun], now=now)


def _rows(plan: Plan, ids: Mapping[tuple[int, date], int], known: Known, now: datetime) -> Iterable[dict[str, Any]]:
    team = plan.team
    for dates in plan.opening:
        sprint_id = ids[team.id, dates.starts_on]
        if sprint_id not in known.final:
            yield posts.card_row(cards.PLAN_CARD, sprint_id, team.channel_id, now=now)
    for occurrence, person_id, zone in plan.due:
        sprint_id = ids.get((team.id, occurrence.starts_on), 0)
        if not sprint_id or known.is_away(person_id, occurrence.at):
            continue
        if occurrence.kind is PromptKind.REMINDER and (sprint_id, person_id) in known.answered:
            continue
        if occurrence.kind is PromptKind.TURN and known.is_marked(team.id, occurrence.starts_on, person_id):
            continue
        yield prompt_posts.new_row(
            prompt_key(occurrence.kind, team.id, occurrence.starts_on, person_id),
            occurrence.kind,
            sprint_id,
            person_id,
            due_at=occurrence.at,
            expires_at=occurrence.expires_at(zone),
            now=now,
        )


def prompt_key(kind: str, team_id: int, starts_on: date, person_id: str) -> str:
    """What makes two prompts the same one, whatever rhythm or zone they come from."""
    return f"{kind}:{team_id}:{starts_on}:{person_id}"


def _shrink(
    session: Session, known: Known, plans: Sequence[Plan], rows: Iterable[dict[str, Any]], now: datetime
) -> None:
    """A message that asks something shrinks the one before it: of this turn, or of the one before."""
    last = [
        (sprint_id, person_id)
        for plan in plans
        for occurrence, person_id, _zone in plan.due
        if (sprint_id := known.id_before(plan.team.id, occurrence.starts_on)) is not None
    ]
    prompt_posts.redraw_prompts(session, [*PromptKind, *cadence.OLD_ASKS, Card.JOINED], last, now=now)
    reminded = [
        (row["subject_id"], row["channel_id"])
        for row in rows
        if row["card"] == PromptKind.REMINDER and row["expires_at"] > now
    ]
    prompt_posts.redraw_prompts(session, [PromptKind.TURN, *cadence.OLD_ASKS], reminded, now=now)


def _look_next(session: Session, plans: Sequence[Plan]) -> None:
    by_moment: dict[datetime | None, list[int]] = defaultdict(list)
    for plan in plans:
        by_moment[plan.next_at].append(plan.team.id)
    for next_at, team_ids in by_moment.items():
        session.execute(
            update(Team)
            .where(Team.id.in_(team_ids))
            .values(next_at=next_at)
            .execution_options(synchronize_session=False)
        )
