"""What a team agreed on and keeps to, until it retires it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import local_date
from bot.domain.calendar.wording import a_day
from bot.domain.outbox import posts
from bot.domain.retros import actions, notes, retros, typed
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.retros import AGREEMENT_LENGTH, Agreement, Retro
from models.sprints import Sprint

MOST = 10  # that stand at once: more than that nobody keeps in mind


def standing(session: Session, team_id: int) -> list[Agreement]:
    """The team's agreements that stand, oldest first."""
    query = select(Agreement).where(Agreement.team_id == team_id, Agreement.retired_at.is_(None))
    return list(session.scalars(query.order_by(Agreement.id)))


def agree(session: Session, retro: Retro, text: str, *, by: str, now: datetime) -> Agreement:
    """Keep a note or an improvement as a standing agreement. Kept twice it is kept once.

    Raises Refusal for somebody of another team, before the reveal, and when there are too many.
    """
    retros.require_member(retro, by, to="agree on something")
    retros.require_revealed(retro)
    words = " ".join(text.split())
    if not words:
        raise Refusal("Write what you agree on.", field="text")
    if len(words) > AGREEMENT_LENGTH:
        raise Refusal(f"That is {len(words)} characters; an agreement takes {AGREEMENT_LENGTH}.", field="text")
    team_id = retro.sprint.team_id
    teams.get(session, team_id, lock=True)  # of two who keep the same one, the second finds the first's
    there = standing(session, team_id)
    same = next((each for each in there if each.text.casefold() == words.casefold()), None)
    if same is not None:
        return same
    if len(there) >= MOST:
        raise Refusal(f"{MOST} agreements are enough for people to remember. Retire one first.", field="text")
    made = Agreement(team_id=team_id, retro_id=retro.id, text=words, by_id=by, created_at=now)
    session.add(made)
    session.flush()
    _redraw(session, team_id, now)
    return made


def keep_note(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Keep a note's words as a standing agreement. Returns its retro. Raises Refusal where that can't be."""
    retro, note = notes.readable(session, note_id, by=by)
    words = typed.in_one_line(note.text)
    short = words if len(words) <= AGREEMENT_LENGTH else f"{words[: AGREEMENT_LENGTH - 1]}…"  # its note has all of it
    agree(session, retro, short, by=by, now=now)
    return retro


def keep_action(session: Session, action_id: int, *, by: str, now: datetime) -> Agreement:
    """Keep an open action's words as a standing agreement; it stays open. Raises Refusal where that can't be."""
    action = actions.open_one(session, action_id, by=by)
    return agree(session, retros.load(session, action.retro_id), action.text, by=by, now=now)


def retire(session: Session, agreement_id: int, *, by: str, now: datetime) -> Agreement:
    """An agreement stands no longer. Raises Refusal for somebody of another team, and for one that is retired."""
    found = session.scalar(select(Agreement).where(Agreement.id == agreement_id).with_for_update())
    if found is None:
        raise Refusal("This agreement is gone.")
    team = teams.get(session, found.team_id)
    teams.require_member(team, by, to="retire its agreements")
    if found.retired_at is not None:
        who = session.get(Person, found.retired_by_id) if found.retired_by_id else None
        when = a_day(local_date(found.retired_at, team.zone))
        raise Refusal(f"This agreement is retired already: {who.name if who else 'Somebody'} did so on {when}.")
    found.retired_at, found.retired_by_id = now, by
    session.flush()
    _redraw(session, found.team_id, now)
    return found


def _redraw(session: Session, team_id: int, now: datetime) -> None:
    """Agreements stand on top of the team's newest board."""
    opened = Sprint.team_id == team_id, Retro.opened_at.is_not(None)
    newest = session.scalar(
        select(Retro.sprint_id).join(Sprint).where(*opened).order_by(Sprint.starts_on.desc()).limit(1)
    )
    if newest is not None:
        posts.redraw(session, retros.CARD, newest, now=now)
