"""Closing a retro: the one improvement, what else is to be done, and what becomes of earlier actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import local_date
from bot.domain.outbox import posts
from bot.domain.retros import actions, retros, revealing, typed
from bot.domain.retros.actions import Resolution
from bot.platform.errors import Refusal
from models.retros import Action, ActionState, Retro
from models.sprints import TITLE_LENGTH
from models.teams import Team

MOST_ACTIONS = 8  # of one retro, the improvement included; more of them die


@dataclass(frozen=True)
class Resolve:
    """One thing to do, by whom and, if need be, by when."""

    text: str
    owner_id: str | None
    due_on: date | None = None


@dataclass(frozen=True)
class Proposal:
    """A line of a note that proposes an action, and who wrote it."""

    text: str
    by_id: str | None


NOTHING = Proposal("", None)


@dataclass(frozen=True)
class Closing:
    """The form that closes a retro. The first of `resolves` is the improvement.

    `fates` and `reasons` are of earlier actions, by id: what becomes of each, and why one is dropped.
    """

    retro_id: int
    resolves: Sequence[Resolve]
    fates: Mapping[int, Resolution]
    reasons: Mapping[int, str] = field(default_factory=dict)


def proposed(retro: Retro) -> list[Proposal]:
    """The actions that the retro's notes propose, each once."""
    found: dict[str, Proposal] = {}
    for note in retro.notes:
        for text in typed.proposals(note.text):
            found.setdefault(text.casefold(), Proposal(text, note.author_id))
    return list(found.values())


def improve(session: Session, retro: Retro, text: str, *, by: str, now: datetime) -> None:
    """Pick the one improvement of a retro, for anybody to take; other words replace one that nobody has taken yet."""
    if _pick(session, retro, _words(text, "improvement"), by, now):
        retros.redraw(session, retro, now=now)
        actions.redraw_boards(session, retro.sprint.team_id, now=now)


def _pick(session: Session, retro: Retro, words: str, by: str, now: datetime) -> bool:
    """Returns False where there is one that somebody has taken, or that says the same."""
    there = actions.improvement(session, retro.id)
    if there is not None and (not there.wants_taker or there.text == words):
        return False
    if there is not None and words:
        there.text = words
    elif words:
        session.add(_untaken(retro, words, by, now))
    session.flush()
    return True


def _untaken(retro: Retro, words: str, by: str, now: datetime) -> Action:
    return Action(
        team_id=retro.sprint.team_id,
        retro_id=retro.id,
        text=words,
        is_improvement=True,
        owner_id=by,
        wants_taker=True,
        state=ActionState.OPEN,
        created_at=now,
    )


def _words(text: str, field: str) -> str:
    words = " ".join(text.split())
    if len(words) > TITLE_LENGTH:
        raise Refusal(
            f"That is {len(words)} characters; an action takes {TITLE_LENGTH}, as a plan item does.", field=field
        )
    return words


def close(session: Session, closing: Closing, *, by: str, now: datetime) -> tuple[Retro, list[Action]]:
    """Close a retro with its improvement and further actions, or without any. Returns it and them.

    Raises Refusal, under the field concerned, for what can't be an action, for somebody of another team, and for a
    retro that is closed already.
    """
    retro = retros.locked(session, closing.retro_id)
    team = retro.sprint.team
    retros.require_member(retro, by, to="close its retro")
    if retro.closed_at is not None:
        raise Refusal("This retro is closed already: somebody was faster. The board shows what it led to.")
    retros.require_revealed(retro)
    wanted = [(place, resolve) for place, resolve in enumerate(closing.resolves) if resolve.text.strip()]
    if len(wanted) > MOST_ACTIONS:
        raise Refusal(f"That is {len(wanted)} actions; a retro takes {MOST_ACTIONS}, and teams finish few of many.")
    made = [_new(retro, team, resolve, place, now) for place, resolve in wanted if place]
    for place, resolve in wanted:
        if not place:
            _pick(session, retro, _words(resolve.text, "action_0"), by, now)
    if made:
        session.execute(insert(Action), [_values(action) for action in made])
    _decide(session, retro, closing, by, now)
    revealing.closed(session, retro, by=by, now=now)
    actions.redraw_boards(session, team.id, now=now)
    posts.write_rows(session, [posts.card_row(actions.SUMMARY, retro.id, team.channel_id, now=now)])
    return retro, actions.of_retro(session, retro.id)


def _new(retro: Retro, team: Team, resolve: Resolve, place: int, now: datetime) -> Action:
    field = f"action_{place}"
    words = _words(resolve.text, field)
    member = next((each for each in team.members if each.person_id == resolve.owner_id), None)
    if member is None or member.person.is_gone:
        raise Refusal("Choose an owner: what nobody owns, nobody does.", field=f"owner_{place}")
    if resolve.due_on is not None and resolve.due_on < local_date(now, team.zone):
        raise Refusal("That day has passed. Choose a later day.", field=f"due_{place}")
    return Action(
        team_id=team.id,
        retro_id=retro.id,
        text=words,
        is_improvement=False,
        owner=member.person,
        due_on=resolve.due_on,
        state=ActionState.OPEN,
        created_at=now,
    )


def _values(action: Action) -> dict[str, Any]:
    names = ("team_id", "retro_id", "text", "is_improvement", "due_on", "state", "created_at")
    return {**{name: getattr(action, name) for name in names}, "owner_id": action.owner.id}


def _decide(session: Session, retro: Retro, closing: Closing, by: str, now: datetime) -> None:
    fates = closing.fates
    if not fates:
        return
    team_id = retro.sprint.team_id
    query = select(Action).where(Action.id.in_(fates), Action.team_id == team_id, Action.state == ActionState.OPEN)
    for action in session.scalars(query.with_for_update()):
        because = closing.reasons.get(action.id, "")
        actions.resolve(
            action, fates[action.id], because, by=by, now=now, retro_id=retro.id, within=f"because_{action.id}"
        )
