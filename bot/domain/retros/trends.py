"""How a team's last sprints went: numbers of the team as a whole, and never of a person in it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, or_, select, union
from sqlalchemy.orm import Session

from bot.domain.outbox import prompt_posts
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.outbox import Card
from models.retros import Action, ActionState, Note, Retro, RetroAnswer
from models.sprints import Item, Mark, Sprint
from models.teams import Membership, Move, Team

CARD = Card.TRENDS  # in the team's channel, or in the DM of who asked
SPRINTS = 12
FRESH = timedelta(minutes=10)  # who asked has turned to something else by then


class Outcome(StrEnum):
    """What became of an item by the end of its sprint. What is unfinished is carried, or asked about in the next plan."""

    FINISHED = "finished"
    CARRIED = "carried"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Turnout:
    """How many took part in a retro, of how many who sat in the team then."""

    present: int
    members: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 for a team that was empty."""
        return self.present / self.members if self.members else 0.0


@dataclass(frozen=True)
class Past:
    """One sprint that is over. `turnout` is None for a sprint without a retro."""

    starts_on: date
    ends_on: date
    items: Mapping[Outcome, int]
    turnout: Turnout | None

    @property
    def total(self) -> int:
        """How many items were planned."""
        return sum(self.items.values())


@dataclass(frozen=True)
class Trends:
    """A team's sprints that are over, earliest first, and since when each of its open actions waits, in days, longest first."""

    team_id: int
    team_name: str
    sprints: Sequence[Past]
    action_days: Sequence[int]


def ask(session: Session, team: Team, *, by: str, now: datetime) -> None:
    """Have the picture posted in the DM of who asked. Raises Refusal while no sprint of the team is over."""
    if session.scalar(_over(team.id, now).limit(1)) is None:
        raise Refusal(
            f"No sprint of {team.name} is over yet, so there is nothing to compare. Ask again after the first."
        )
    _post(session, f"{CARD}:{team.id}:{by}:{now.isoformat()}", team.id, by, now)


def share(session: Session, team_id: int, pressed_in: str, *, by: str, now: datetime) -> None:
    """Have the picture posted in the team's channel, once for the message `pressed_in`.

    Raises Refusal unless `by` is of the team, and where nothing can be posted there.
    """
    team = teams.get(session, team_id)
    teams.require_member(team, by, to="share its trends in its channel")
    if team.channel_lost is not None:
        raise Refusal(f"Nothing can be posted in the channel of {team.name} at the moment. Its lead was told why.")
    _post(session, f"{CARD}:{team.id}:shared:{pressed_in}", team.id, team.channel_id, now)


def _post(session: Session, key: str, team_id: int, place: str, now: datetime) -> None:
    prompt_posts.ask(session, key, CARD, team_id, place, due_at=now, expires_at=now + FRESH, now=now)


def read(session: Session, team_id: int, *, now: datetime) -> Trends | None:
    """The trends of a team; None while no sprint of it is over. Costs the same few queries for every team."""
    recent = _over(team_id, now).order_by(Sprint.starts_on.desc()).limit(SPRINTS)
    rows = list(reversed(session.execute(recent).all()))
    if not rows:
        return None
    ids = [row.id for row in rows]
    items, writers, seats = _items(session, ids), _writers(session, ids), _Seats(session, team_id)
    return Trends(
        team_id=team_id,
        team_name=session.scalars(select(Team.name).where(Team.id == team_id)).one(),
        sprints=[_past(row, items, writers, seats) for row in rows],
        action_days=_action_days(session, team_id, now),
    )


def _over(team_id: int, now: datetime) -> Any:
    query = select(Sprint.id, Sprint.starts_on, Sprint.ends_on, Sprint.over_at, Sprint.closed_at)
    return query.where(Sprint.team_id == team_id, or_(Sprint.over_at <= now, Sprint.closed_at.is_not(None)))


def _past(
    sprint: Row[Any],
    items: Mapping[int, Mapping[Outcome, int]],
    writers: Mapping[int, set[str]],
    seats: "_Seats",
) -> Past:
    turnout = None
    if (wrote := writers.get(sprint.id)) is not None:
        ended_at = min(sprint.over_at, sprint.closed_at or sprint.over_at)
        turnout = Turnout(len(wrote), len(wrote | seats.at(ended_at)))
    return Past(sprint.starts_on, sprint.ends_on, items[sprint.id], turnout)


def _items(session: Session, sprint_ids: Sequence[int]) -> Mapping[int, Counter[Outcome]]:
    kinds = (Item.sprint_id, Item.mark, Item.dropped_at.is_not(None))
    query = select(*kinds, func.count()).where(Item.sprint_id.in_(sprint_ids)).group_by(*kinds)
    found: defaultdict[int, Counter[Outcome]] = defaultdict(Counter)
    for sprint_id, mark, was_dropped, number in session.execute(query):
        found[sprint_id][_outcome(mark, was_dropped)] += number
    return found


def _outcome(mark: str, was_dropped: bool) -> Outcome:
    if was_dropped or mark == Mark.WONT_FINISH:
        return Outcome.DROPPED
    return Outcome.FINISHED if mark == Mark.FINISHED else Outcome.CARRIED


def _writers(session: Session, sprint_ids: Sequence[int]) -> Mapping[int, set[str]]:
    """Who took part in the retro of each sprint that has one."""
    retros = select(Retro.sprint_id).where(Retro.sprint_id.in_(sprint_ids))
    answers = retros.add_columns(RetroAnswer.person_id).outerjoin(RetroAnswer, RetroAnswer.retro_id == Retro.id)
    notes = retros.add_columns(Note.author_id).outerjoin(Note, Note.retro_id == Retro.id)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for sprint_id, person_id in session.execute(union(answers, notes)):
        found[sprint_id].update([person_id] if person_id else [])
    return found


class _Seats:
    """Who sat in the team at a moment: who sits there now, with every later move taken back."""

    def __init__(self, session: Session, team_id: int) -> None:
        seated = select(Membership.person_id).join(Person, Person.id == Membership.person_id)
        self._now = set(session.scalars(seated.where(Membership.team_id == team_id, ~Person.is_gone)))
        moves = select(Move.person_id, Move.at, Move.to_team_id).order_by(Move.id.desc())
        self._moves = [
            (person_id, at, to_team_id == team_id)
            for person_id, at, to_team_id in session.execute(
                moves.where(or_(Move.from_team_id == team_id, Move.to_team_id == team_id))
            )
        ]

    def at(self, moment: datetime) -> set[str]:
        """The ids of the people who sat there."""
        seated = set(self._now)
        for person_id, at, came in self._moves:
            if at > moment:
                (seated.discard if came else seated.add)(person_id)
        return seated


def _action_days(session: Session, team_id: int, now: datetime) -> list[int]:
    query = select(Action.created_at).where(Action.team_id == team_id, Action.state == ActionState.OPEN)
    return sorted(((now - created_at).days for created_at in session.scalars(query)), reverse=True)
