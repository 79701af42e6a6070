"""What is known of the teams whose clock is due: their people, sprints and answers, read at once for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence
from bot.domain.calendar.asking_times import Occurrence, Whereabouts
from bot.domain.calendar.cadence import Cadence, Dates, PromptKind
from bot.domain.company import company
from bot.domain.sprints import sprints
from models.company import Away, Person
from models.outbox import Post
from models.sprints import Answer, Sprint
from models.teams import SMALLEST, Membership, Team

# Local times of one instant lie up to 26 hours apart (UTC-12 to UTC+14): so far back an occurrence may lie for somebody
# who moved to another zone, and so far back a second look finds what a first one missed.
LOOKS_BACK = timedelta(hours=26)
REMEMBERED = timedelta(days=30)  # sprints that ended longer ago say nothing about the next one
AHEAD = 2  # of how many sprints to come something may be asked already


@dataclass
class Plan:
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


class Known:
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

    def plan(self, team: Team) -> Plan:
        """What is due in this team; nothing while it is paused, still forming, or has no channel to plan in."""
        members = self._members.get(team.id, ())
        if team.paused_at is not None or team.channel_lost is not None or len(members) < SMALLEST:
            return Plan(team)
        rhythm = sprints.cadence_with(team, self._company.weekend)
        dates = self._dates(team, rhythm)
        found = Plan(team, rhythm, dates={each.starts_on: each for each in dates})
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
    found = [each for one in dates for each in asking_times.occurrences(rhythm, one, who, since=since)]
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
