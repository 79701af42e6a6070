"""What is due becomes rows: each occurrence a post, written once whoever plans it and however often.

Plain rows in and plain rows out: on a Friday at ten every team of a large company is due in the same second.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, gathering
from bot.domain.calendar.cadence import Cadence, Dates, Occurrence, PromptKind, Whereabouts
from bot.domain.company import company
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.planning import carrying
from bot.domain.retros import openings
from bot.domain.sprints import beginnings, cards, pages, sprints
from bot.platform.database import insert
from models.company import Away, Person
from models.outbox import Card, Post
from models.sprints import Answer, Sprint
from models.teams import SMALLEST, Membership, Team

AT_ONCE = 500  # teams in one transaction
# Local times of one instant lie up to 26 hours apart (UTC-12 to UTC+14): so far back an occurrence may lie for somebody
# who moved to another zone, and so far back a second look finds what a first one missed.
LOOKS_BACK = timedelta(hours=26)
REMEMBERED = timedelta(days=30)  # sprints that ended longer ago say nothing about the next one
AHEAD = 2  # of how many sprints to come something may be asked already

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
    known = _Known(session, teams, now)
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


@dataclass
class _Plan:
    """What is due in one team: each occurrence with its person, the sprints whose turn comes, and when to look again.

    `reminders` are the first ones of these sprints that anybody gets.
    """

    team: Team
    rhythm: Cadence | None = None
    due: list[tuple[Occurrence, str, str]] = field(default_factory=list)
    dates: dict[date, Dates] = field(default_factory=dict)
    reminders: dict[date, datetime] = field(default_factory=dict)
    next_at: datetime | None = None

    @cached_property
    def opening(self) -> list[Dates]:
        return [self.dates[day] for day in sorted({occurrence.starts_on for occurrence, _, _ in self.due})]


class _Known:
    """Everything that has to be known of these teams, read in a handful of queries."""

    def __init__(self, session: Session, teams: Sequence[Team], now: datetime) -> None:
        ids = [team.id for team in teams]
        self._now = now
        self._company = company.current(session)
        self._members = _by_team(session.execute(_MEMBERS.where(Membership.team_id.in_(ids))))
        recent = Sprint.team_id.in_(ids), Sprint.ends_on >= (now - REMEMBERED).date()
        self._sprints = _by_team(session.execute(_SPRINTS.where(*recent)))
        self._aways: dict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
        aways = session.execute(_AWAY.where(Membership.team_id.in_(ids)), {"now": now, "since": now - LOOKS_BACK})
        for person_id, starts_at, ends_at in aways:
            self._aways[person_id].append((starts_at, ends_at))
        open_ids = [sprint.id for rows in self._sprints.values() for sprint in rows if sprint.closed_at is None]
        answers = session.execute(_ANSWERS.where(Answer.sprint_id.in_(open_ids)))
        self.answered = {(sprint_id, person_id) for sprint_id, person_id in answers}
        marked = session.execute(_MARKED.where(Post.subject_id.in_(open_ids)))
        self._marked = {(sprint_id, person_id) for sprint_id, person_id in marked}
        self.final = {row.id for rows in self._sprints.values() for row in rows if row.finalized_at is not None}
        # Most teams of a company share their rhythm, and most people of a team their zone.
        self._schedules: dict[Any, list[Occurrence]] = {}
        self._ahead: dict[Any, list[Dates]] = {}

    def plan(self, team: Team) -> _Plan:
        """What is due in this team; nothing while it is paused, still forming, or has no channel to plan in."""
        members = self._members.get(team.id, ())
        if team.paused_at is not None or team.channel_lost is not None or len(members) < SMALLEST:
            return _Plan(team)
        rhythm = sprints.cadence_with(team, self._company.weekend)
        dates = self._dates(team, rhythm)
        found = _Plan(team, rhythm, dates={each.starts_on: each for each in dates})
        since = team.cadence_since or team.created_at
        floor = min(team.next_at or self._now, self._now - LOOKS_BACK)
        following = []
        for member in members:
            if member.is_gone:
                continue
            who = Whereabouts(member.zone or team.zone, member.country, member.weekend)
            for occurrence in self._schedule(rhythm, dates, who, since):
                if occurrence.kind is PromptKind.REMINDER:
                    earliest = found.reminders.get(occurrence.starts_on, occurrence.at)
                    found.reminders[occurrence.starts_on] = min(earliest, occurrence.at)
                if occurrence.at > self._now:
                    following.append(occurrence.at)
                elif occurrence.at >= floor:
                    found.due.append((occurrence, member.person_id, who.zone))
        found.next_at = min(following, default=None)
        return found

    def is_away(self, person_id: str, at: datetime) -> bool:
        """Whether this person is away, or was at that instant: who is back reads one line, and not what they missed."""
        return any(
            starts_at <= moment and (ends_at is None or ends_at > moment)
            for starts_at, ends_at in self._aways[person_id]
            for moment in (at, self._now)
        )

    def is_marked(self, team_id: int, starts_on: date, person_id: str) -> bool:
        """Whether an older version asked this person for their marks and notes of the sprint before this one."""
        before = self.before(team_id, starts_on)
        return before is not None and (before.id, person_id) in self._marked

    def before(self, team_id: int, starts_on: date) -> Any:
        """The team's sprint before the one that begins on this day, if it is open."""
        rows = [row for row in self._sprints.get(team_id, ()) if row.starts_on < starts_on]
        return rows[-1] if rows and rows[-1].closed_at is None else None

    def id_before(self, team_id: int, starts_on: date) -> int | None:
        """The team's sprint before the one that begins on this day."""
        rows = [row for row in self._sprints.get(team_id, ()) if row.starts_on < starts_on]
        return rows[-1].id if rows else None

    def sprint_ids(self) -> dict[tuple[int, date], int]:
        """The sprints that are stored, by their team and first day."""
        return {(team_id, row.starts_on): row.id for team_id, rows in self._sprints.items() for row in rows}

    def _dates(self, team: Team, rhythm: Cadence) -> tuple[Dates, ...]:
        stored = self._sprints.get(team.id, ())
        planned = tuple(Dates(row.starts_on, row.ends_on) for row in stored)
        ahead = self._ahead.get((rhythm, planned))
        if ahead is None:
            today = cadence.local_date(self._now, team.zone)
            ahead = self._ahead[rhythm, planned] = cadence.coming(rhythm, planned, today, AHEAD)
        return (*(Dates(row.starts_on, row.ends_on) for row in stored if row.closed_at is None), *ahead)

    def _schedule(
        self, rhythm: Cadence, dates: tuple[Dates, ...], who: Whereabouts, since: datetime
    ) -> list[Occurrence]:
        """What one person is asked, in the order of time. Most people of a team share it, and most teams of a company."""
        key = (rhythm, dates, who)
        found = self._schedules.get(key)
        if found is None:
            found = self._schedules[key] = _merged(rhythm, dates, who, None)
        if any(each.kind is PromptKind.TURN and each.at < since for each in found):
            return _merged(rhythm, dates, who, since)
        return found


def _merged(rhythm: Cadence, dates: Iterable[Dates], who: Whereabouts, since: datetime | None) -> list[Occurrence]:
    found = [each for one in dates for each in cadence.occurrences(rhythm, one, who, since=since)]
    return sorted(found, key=lambda each: each.at)


_MEMBERS = (
    select(
        Membership.team_id,
        Membership.person_id,
        Membership.is_lead,
        Person.zone,
        Person.country,
        Person.weekend,
        Person.is_gone,
    )
    .join(Person, Person.id == Membership.person_id)
    .order_by(Membership.team_id, Membership.seat)
)
_SPRINTS = select(
    Sprint.team_id, Sprint.id, Sprint.starts_on, Sprint.ends_on, Sprint.finalized_at, Sprint.closed_at
).order_by(Sprint.starts_on)
_AWAY = (
    select(Away.person_id, Away.starts_at, Away.ends_at)
    .join(Membership, Membership.person_id == Away.person_id)
    .where(
        Away.starts_at <= bindparam("now", type_=Away.starts_at.type),
        Away.ends_at.is_(None) | (Away.ends_at > bindparam("since", type_=Away.starts_at.type)),
    )
)
_ANSWERS = select(Answer.sprint_id, Answer.person_id)
_MARKED = select(Post.subject_id, Post.channel_id).where(Post.card == "marks", Post.message_ts.is_not(None))


def _by_team(rows: Iterable[Row[Any]]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.team_id].append(row)
    return found


def _open_sprints(
    session: Session, known: _Known, plans: Sequence[_Plan], now: datetime
) -> dict[tuple[int, date], int]:
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
    known: _Known,
    plans: Sequence[_Plan],
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


def _rows(plan: _Plan, ids: Mapping[tuple[int, date], int], known: _Known, now: datetime) -> Iterable[dict[str, Any]]:
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
        yield prompt_posts.prompt_row(
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
    session: Session, known: _Known, plans: Sequence[_Plan], rows: Iterable[dict[str, Any]], now: datetime
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


def _look_next(session: Session, plans: Sequence[_Plan]) -> None:
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
