"""A line in the turn that names teammates who haven't heard from a person for a while. People switch it on themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.company import presence
from bot.domain.teams import teams
from bot.platform.database import insert
from models.company import Person
from models.feedback import Feedback, FeedbackRhythm
from models.outbox import Card

OLD_CARD = Card.FEEDBACK_RHYTHM  # what an older version asked on Wednesdays; its messages are still in people's DMs
A_WHILE = timedelta(days=13)  # who was told something at one turn is named again two weeks later
QUIET = timedelta(days=30)
MOST = 3  # names: a question, and no list


@dataclass(frozen=True)
class Candidate:
    """A teammate, and when they last heard something from the person who is asked; None for never."""

    person: Person
    told_at: datetime | None


@dataclass(frozen=True)
class Wish:
    """Whether somebody wants the line. `said` is False before they ever chose; `quiet_until` while they want none for now."""

    on: bool
    said: bool
    quiet_until: datetime | None = None


# --- on and off -------------------------------------------------------------------------------------------------


def wish(session: Session, person_id: str, *, now: datetime) -> Wish:
    """What this person said of the line."""
    row = session.get(FeedbackRhythm, person_id)
    if row is None or row.is_wanted is None:
        return Wish(on=False, said=False)
    is_quiet = row.quiet_until is not None and row.quiet_until > now
    return Wish(on=row.is_wanted, said=True, quiet_until=row.quiet_until if is_quiet else None)


def switch(session: Session, person_id: str, *, on: bool) -> None:
    """Switch the line on or off. Raises Refusal for somebody in no team, since it names teammates."""
    teams.mine(session, person_id)
    _write(session, person_id, is_wanted=on, quiet_until=None)


def not_now(session: Session, person_id: str, *, now: datetime) -> None:
    """Have it again in a month."""
    _write(session, person_id, is_wanted=True, quiet_until=now + QUIET)


def _write(session: Session, person_id: str, *, is_wanted: bool, quiet_until: datetime | None) -> None:
    values = {"is_wanted": is_wanted, "quiet_until": quiet_until, "next_at": None}
    written = insert(session, FeedbackRhythm).values(person_id=person_id, **values)
    session.execute(written.on_conflict_do_update(index_elements=["person_id"], set_=values))


# --- the line ---------------------------------------------------------------------------------------------------


def candidates(session: Session, person_id: str, *, now: datetime) -> Sequence[Candidate]:
    """Up to three teammates who have not heard from this person for a while, the longest first."""
    team = teams.for_person(session, person_id)
    if team is None or team.paused_at is not None:
        return []
    mates = {each.person_id: each.person for each in team.members if not each.person.is_gone}
    mates.pop(person_id, None)
    last = select(Feedback.receiver_id, func.max(Feedback.given_at)).where(
        Feedback.giver_id == person_id, Feedback.receiver_id.in_(mates)
    )
    told = dict(session.execute(last.group_by(Feedback.receiver_id)).all())
    away = presence.away_at(session, mates, now)
    found = [Candidate(person, told.get(each)) for each, person in mates.items() if each not in away]
    waiting = [each for each in found if each.told_at is None or now - each.told_at >= A_WHILE]
    return sorted(waiting, key=lambda each: (each.told_at is not None, each.told_at, each.person.name))[:MOST]
