"""Who is who in the demo's company, and who is asked next. The page shows both to people who choose a person to play."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import asking_times, cadence
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.desks import duties
from bot.domain.planning import finalizing
from bot.domain.rhythm import schedules, voices
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from models.company import Person
from models.outbox import Post, PostState
from models.sprints import Sprint
from models.teams import Membership

FAR_ENOUGH = 60  # lines of the schedule, in which somebody is asked

Prompt = tuple[datetime, str]


class Roles:
    """What each person is in the company, in a few words, by id."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __call__(self) -> Mapping[str, str]:
        """As it is at this moment."""
        with self._db.read() as session:
            return roles(session, now=clock.now())


def roles(session: Session, *, now: datetime) -> Mapping[str, str]:
    """Who leads what, who sits where or nowhere, and who has triage."""
    found = dict.fromkeys(session.scalars(select(Person.id).where(~Person.is_gone, ~Person.is_bot)), "in no team")
    for seat in session.scalars(select(Membership).options(joinedload(Membership.team))):
        found[seat.person_id] = f"leads {seat.team.name}" if seat.is_lead else f"in {seat.team.name}"
    for turn in duties.triage(session, now=now):
        if turn.person is not None:
            at = "" if found[turn.person.id].endswith(turn.desk.name) else f" for {turn.desk.name}"
            found[turn.person.id] += f", has triage{at}"
    return found


def next_prompt(session: Session, *, now: datetime) -> tuple[datetime, Sequence[str]] | None:
    """When somebody is asked something next, and who; None if nobody ever is."""
    by_moment: dict[datetime, list[str]] = defaultdict(list)
    for at, person_id in (*_asked(session, now), *_leads(session, now), *_on_their_way(session, now)):
        if at > now:
            by_moment[at].append(person_id)
    if not by_moment:
        return None
    soonest = min(by_moment)
    return soonest, sorted(set(by_moment[soonest]))


def _asked(session: Session, now: datetime) -> Iterator[Prompt]:
    """The turns and the reminders."""
    for each in schedules.upcoming(session, teams.all_teams(session), now=now, count=FAR_ENOUGH):
        yield from ((each.at, seat.person_id) for seat in each.people if not seat.is_away(each.at))


def _leads(session: Session, now: datetime) -> Iterator[Prompt]:
    """The leads of teams that have answered, or will have been reminded for long enough."""
    is_open = Sprint.asked_at.is_not(None), Sprint.gathered_at.is_(None), Sprint.closed_at.is_(None)
    for sprint_id in session.scalars(select(Sprint.id).where(*is_open, Sprint.finalized_at.is_(None))):
        sprint = sprints.load(session, sprint_id)
        at, lead = voices.gathers(session, sprint, now=now).at, teams.lead_of(sprint.team)
        if at is None or lead is None:
            continue
        if finalizing.why_not_the_lead(session, sprint.team, sprint.starts_on, now) is None:
            where = Whereabouts(lead.person.zone or sprint.team.zone, lead.person.country, lead.person.weekend)
            works = asking_times.calendar_of(sprints.cadence_of(session, sprint.team), where)
            yield cadence.in_working_hours(at, where.zone, works), lead.person_id


def _on_their_way(session: Session, now: datetime) -> Iterator[Prompt]:
    """What is written for later, such as the message of a lead who sleeps."""
    query = select(Post.due_at, Post.channel_id).join(Person, Person.id == Post.channel_id)
    waits = Post.state == PostState.DUE, Post.message_ts.is_(None), Post.due_at > now
    yield from ((at, person_id) for at, person_id in session.execute(query.where(*waits)))
