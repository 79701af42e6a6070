"""Somebody is no full member any more, or moved: what was theirs is free, and whoever can take it up is told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.desks import desks, filling
from bot.domain.feedback import rounds
from bot.domain.heroes import heroes
from bot.domain.intake import departures, requests
from bot.domain.intake.departures import Departed
from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.domain.retros import actions, facilitators
from bot.domain.rhythm import prompts, turns
from bot.domain.sprints import cards, sprints
from bot.domain.staffing import closings, moves
from bot.domain.staffing.closings import Closed
from bot.domain.teams import teams
from bot.domain.teams.seats import Seated
from models.company import Person
from models.desks import Desk
from models.retros import Action
from models.teams import Team


@dataclass(frozen=True)
class Left:
    """What somebody leaves behind, in their team, at the desks that they led, and in the requests' threads.

    `leaderless` is a team that they led and in which others are; `closed` one in which nobody was left.
    """

    key: str
    person: Person
    seated: Seated | None = None
    leaderless: Team | None = None
    closed: Closed | None = None
    team: Team | None = None
    actions: Sequence[Action] = ()
    desks: Sequence[Desk] = ()
    requests: Sequence[Departed] = ()


@dataclass(frozen=True)
class Words:
    """How it is said: in channels, each with a post's key, and in the thread of a request."""

    in_channels: Callable[[Left], Iterable[tuple[str, str, Message]]]
    in_thread: Callable[[Departed], Message]


def leave(session: Session, person: Person, *, words: Words, now: datetime) -> Left:
    """Somebody is no full member any more: tell the people who can take over what was theirs."""
    team = teams.for_person(session, person.id)
    led = team if team is not None and teams.leads(team, person.id) else None
    others = [member for member in (team.members if team else []) if not member.person.is_gone]
    closed = closings.close_empty(session, led, now=now) if led is not None and not others else None
    seated = moves.vacate(session, person, now=now) if led is None else None
    if led is not None:
        _not_there(session, led, person, now)
    departed = departures.left_by(session, person, now=now)
    rounds.starter_left(session, person.id, now=now)
    ours = select(Desk).where(desks.IS_OPEN, Desk.lead_id == person.id).order_by(Desk.id)
    ids = [desk.id for desk in session.scalars(ours)]
    for desk_id in ids:
        filling.show(session, desk_id, now)  # who leads a desk may be next in line for what waits there
    left = Left(
        key=f"{person.id}:{now:%Y%m%d%H%M%S}",
        person=person,
        seated=seated,
        leaderless=led if others else None,
        closed=closed,
        team=team,
        actions=_orphans(session, person, team, now) if team is not None and closed is None else (),
        desks=[desks.load(session, desk_id) for desk_id in ids],
        requests=departed,
    )
    return _told(session, left, words, now)


def _not_there(session: Session, team: Team, person: Person, now: datetime) -> None:
    """A lead keeps the seat until somebody takes the lead, but is nobody's hero, and nobody asks them or waits for them."""
    heroes.leave(session, team, person.id, now=now)
    for sprint in sprints.open_ones(session, team.id):
        cards.redraw(session, sprint, now=now)
        turns.look_again(session, sprint.id, now=now)
        prompts.redraw_mine(session, sprint.id, person.id, now=now)
    facilitators.pass_on(session, [person.id], now=now)


def moved(session: Session, seated: Seated, *, words: Words, now: datetime) -> Left:
    """Somebody left a team, joined one, or moved: tell both teams, and offer what was theirs to the others."""
    person, team = seated.person, seated.left
    left = Left(
        key=f"{person.id}:{now:%Y%m%d%H%M%S}",
        person=person,
        seated=seated,
        team=team,
        actions=_orphans(session, person, team, now) if team is not None else (),
        requests=departures.off_the_desk(session, person, now=now),
    )
    return _told(session, left, words, now)


def _told(session: Session, left: Left, words: Words, now: datetime) -> Left:
    for key, channel_id, message in words.in_channels(left):
        posts.write(session, key, channel_id, message, now=now)
    for gone in left.requests:
        requests.say(session, gone.request, gone.key, words.in_thread(gone), now=now)
    return left


def _orphans(session: Session, person: Person, team: Team, now: datetime) -> list[Action]:
    """The open actions of this person in a team; the board of the retro that asks about them is drawn anew."""
    found = [each for each in actions.open_of(session, team.id) if each.owner_id == person.id]
    for action in found:
        actions.redraw(session, action, now)
    return found
