"""A 360 for a team: everybody writes to everybody, and all of it is delivered at once at the end.

Until then the receiver reads nothing. Who writes to the same person may read what its writer left open for that, and
agree instead of repeating it; nobody else reads anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, people, presence
from bot.domain.feedback import addressees, letters, sealing
from bot.domain.feedback.letters import Letter
from bot.domain.feedback.sealing import Words
from bot.domain.outbox import prompt_posts
from bot.domain.teams import teams, worktimes
from bot.platform.crypto import Vault
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.feedback import Feedback, FeedbackRound, FeedbackSeat, PlusOne
from models.outbox import Card
from models.teams import SMALLEST, Team

CARD = Card.FEEDBACK_ROUND  # in the DM of everybody who takes part
REMINDER_CARD = Card.FEEDBACK_ROUND_REMINDER
LATER = (CARD, REMINDER_CARD)
ENDS = time(16)  # on the wall of the team: there is time left to talk
USUAL = timedelta(days=7)
LONGEST = timedelta(days=60)
NOT_IN_IT = "Only people who take part in this 360 can write in it. `/give-feedback team` starts one for your team."
STOPPED = "{stopped}, and nothing of it is delivered. `/give-feedback mine` shows what you wrote."
OVER = "This 360 is over, and everything is delivered. With `/give-feedback` you can say more."


@dataclass(frozen=True)
class Standing:
    """A round as one person in it sees it: the other people, and which of them they have written to.

    `zone` is theirs. `may_stop` while it runs, and they started it, or who did is gone. Once it is over, `got_some` where
    somebody wrote to them.
    """

    round: FeedbackRound
    others: Sequence[Person]
    written: frozenset[str]
    needed: bool = True
    zone: str = "UTC"
    may_stop: bool = False
    got_some: bool = False

    @property
    def is_over(self) -> bool:
        """Whether everything is delivered."""
        return self.round.delivered_at is not None and not self.is_stopped

    @property
    def is_stopped(self) -> bool:
        """Whether it ended before its time, and nothing of it is delivered."""
        return self.round.stopped_at is not None


@dataclass(frozen=True)
class Page:
    """What somebody writes to one person in a round: their own words, and what they can agree with."""

    round: FeedbackRound
    to: Person
    mine: Letter | None
    others: Sequence[Letter]
    agreed: frozenset[int]


# --- starting ---------------------------------------------------------------------------------------------------


def running(session: Session, team_id: int) -> FeedbackRound | None:
    """The round that runs in a team."""
    query = select(FeedbackRound).where(FeedbackRound.team_id == team_id, FeedbackRound.delivered_at.is_(None))
    return session.scalar(query.options(*_WHOLE))


def usual_day(session: Session, team: Team, *, now: datetime) -> date:
    """When the form ends the round unless somebody chooses otherwise."""
    return _calendar(session, team).working_day(cadence.local_date(now, team.zone) + USUAL)


def start(session: Session, vault: Vault, ends_on: date | None, *, by: str, now: datetime) -> FeedbackRound:
    """Start a round in one's own team; where one runs already, that is it. Raises Refusal, under the field concerned."""
    sealing.require_on(vault)
    team = teams.get(session, teams.mine(session, by).id, lock=True)
    there = running(session, team.id)
    if there is not None:
        return there
    writers = [member.person for member in team.members if not member.person.is_gone]
    if len(writers) < SMALLEST:
        raise Refusal("A 360 takes at least two people. With `/give-feedback` you can tell one person something.")
    new = FeedbackRound(
        team_id=team.id, started_by_id=by, ends_at=_ends_at(session, team, ends_on, now), created_at=now
    )
    new.seats = [FeedbackSeat(person_id=person.id) for person in writers]
    session.add(new)
    session.flush()
    for person in writers:
        _ask(session, new, person, now)
    return load(session, new.id)


def _ends_at(session: Session, team: Team, ends_on: date | None, now: datetime) -> datetime:
    today = cadence.local_date(now, team.zone)
    if ends_on is None or ends_on <= today:
        raise Refusal("Choose a day after today, so that everybody has the time.", field="ends_on")
    if ends_on - today > LONGEST:
        raise Refusal(f"Choose a day within the next {LONGEST.days} days.", field="ends_on")
    if not _calendar(session, team).is_working_day(ends_on):
        raise Refusal("Nobody works on that day. Choose one on which people can talk about it.", field="ends_on")
    return cadence.instant(ends_on, ENDS, team.zone)


def _calendar(session: Session, team: Team) -> Calendar:
    return Calendar(company.current(session).weekend, team.country)


def _ask(session: Session, new: FeedbackRound, person: Person, now: datetime) -> None:
    worktime = worktimes.for_person(session, person)
    first = worktime.next(now)
    last = worktime.calendar.working_days_before(worktime.today(new.ends_at), 1)
    reminder = worktime.ten(last) if last > worktime.today(first) else None
    for card, at in {CARD: first, REMINDER_CARD: reminder}.items():
        if at is not None and at < new.ends_at:
            key = f"{card}:{new.id}:{person.id}"
            prompt_posts.ask(session, key, card, new.id, person.id, due_at=at, expires_at=new.ends_at, now=now)


# --- reading ----------------------------------------------------------------------------------------------------


def load(session: Session, round_id: int) -> FeedbackRound:
    """The round with its team and who takes part. Nothing that is written in it."""
    query = select(FeedbackRound).where(FeedbackRound.id == round_id).options(*_WHOLE)
    return session.scalars(query.execution_options(populate_existing=True)).one()


_WHOLE = (
    joinedload(FeedbackRound.team),
    joinedload(FeedbackRound.started_by),
    selectinload(FeedbackRound.seats).joinedload(FeedbackSeat.person),
)


def standing(session: Session, round_id: int, *, by: str, now: datetime) -> Standing:
    """The round as this person sees it. Raises Refusal for who takes no part, as for a round that is not there."""
    require_seat(session, round_id, by)
    found = load(session, round_id)
    others = [seat.person for seat in found.seats if seat.person_id != by and not seat.person.is_gone]
    to = select(Feedback.receiver_id).where(Feedback.round_id == round_id, Feedback.giver_id == by)
    agreed = select(Feedback.receiver_id).join(PlusOne).where(Feedback.round_id == round_id, PlusOne.person_id == by)
    written = frozenset([*session.scalars(to), *session.scalars(agreed)])
    is_missing = any(person.id not in written for person in others)
    me = people.known(session, by)
    is_there = not me.is_gone and not presence.is_away(session, by, now)
    runs = found.delivered_at is None
    return Standing(
        found,
        sorted(others, key=lambda each: each.name),
        written,
        needed=runs and is_missing and is_there,
        zone=worktimes.for_person(session, me).zone,
        may_stop=runs and may_stop(found, by),
        got_some=not runs and by in receivers(session, round_id),
    )


def may_stop(found: FeedbackRound, by: str) -> bool:
    """Whether this person, who takes part in the round, may stop it: who started it, or once they are gone anybody."""
    return found.started_by_id == by or found.started_by.is_gone


def starter_left(session: Session, person_id: str, *, now: datetime) -> None:
    """Somebody is no full member any more: the messages about the rounds that they started offer the others to stop them."""
    theirs = select(FeedbackRound.id).where(
        FeedbackRound.started_by_id == person_id, FeedbackRound.delivered_at.is_(None)
    )
    for round_id in session.scalars(theirs).all():
        prompt_posts.redraw_sent(session, LATER, round_id, now=now)


def receivers(session: Session, round_id: int) -> set[str]:
    """The ids of the people who received something in this round."""
    return set(session.scalars(select(Feedback.receiver_id).where(Feedback.round_id == round_id).distinct()))


def require_seat(session: Session, round_id: int, person_id: str) -> None:
    """Raise Refusal for people who are not in the round, in the same words as for a round that does not exist."""
    if session.get(FeedbackSeat, (round_id, person_id)) is None:
        raise Refusal(NOT_IN_IT)


def page(session: Session, vault: Vault, round_id: int, to: str, *, by: str) -> Page:
    """What somebody writes to one person. Raises Refusal for the person themselves, and for who takes no part."""
    found = _open_for(session, round_id, to, by)
    everything = select(Feedback).where(Feedback.round_id == round_id, Feedback.receiver_id == to)
    rows = session.scalars(everything.options(*letters.WHOLE).order_by(Feedback.id)).all()
    mine = next((each for each in rows if each.giver_id == by), None)
    others = [each for each in rows if each.giver_id != by and each.is_open]
    agreed = frozenset(each.id for each in others if any(one.person_id == by for one in each.plus_ones))
    person = next(seat.person for seat in found.seats if seat.person_id == to)
    return Page(
        found,
        person,
        Letter(mine, sealing.words_of(vault, mine)) if mine else None,
        [Letter(each, sealing.words_of(vault, each)) for each in others],
        agreed,
    )


def _open_for(session: Session, round_id: int, to: str, by: str, *, lock: bool = False) -> FeedbackRound:
    """The round, if `by` writes to `to` in it and it is not over. Raises Refusal otherwise."""
    require_seat(session, round_id, by)
    if by == to or session.get(FeedbackSeat, (round_id, to)) is None:
        raise Refusal(NOT_IN_IT)
    if lock:
        # Whoever writes in the moment of delivery is either delivered with the rest, or reads that it is over.
        session.execute(select(FeedbackRound.id).where(FeedbackRound.id == round_id).with_for_update())
    found = load(session, round_id)
    require_running(found)
    return found


def require_running(found: FeedbackRound) -> None:
    """Raise Refusal for a round that is over, or was stopped."""
    if found.stopped_at is not None:
        name = found.started_by.name
        words = "This 360 was stopped" if found.started_by.is_gone else f"{name} stopped this 360"
        raise Refusal(STOPPED.format(stopped=words))
    if found.delivered_at is not None:
        raise Refusal(OVER)


# --- writing ----------------------------------------------------------------------------------------------------


def write(
    session: Session, vault: Vault, round_id: int, to: str, words: Words, *, is_open: bool, by: str, now: datetime
) -> Feedback:
    """Write to one person, or change what one wrote. Raises Refusal, under the field concerned, and once it is over."""
    sealing.require_on(vault)
    _open_for(session, round_id, to, by, lock=True)
    addressees.receiver(session, to, giver_id=by, field="saw")
    said = letters.checked(words)
    found = letters.load(session, _row(session, round_id, to, is_open=is_open, by=by, now=now))
    before = sealing.words_of(vault, found) if found.sealed != sealing.UNSEALED else said
    found.is_open = is_open
    sealing.seal(vault, found, before)
    letters.rewrite(session, vault, found, said, now=now)
    _redraw(session, round_id, by, now)
    return found


def _row(session: Session, round_id: int, to: str, *, is_open: bool, by: str, now: datetime) -> int:
    source = f"round:{round_id}:{by}:{to}"
    values = {
        "source": source,
        "giver_id": by,
        "receiver_id": to,
        "sealed": sealing.UNSEALED,
        "round_id": round_id,
        "is_open": is_open,
        "given_at": now,
    }
    session.execute(insert(session, Feedback).values(values).on_conflict_do_nothing())
    return session.scalars(select(Feedback.id).where(Feedback.source == source)).one()


def agree(session: Session, vault: Vault, feedback_id: int, *, by: str, now: datetime) -> Page:
    """Say that one has seen the same, or take that back. Raises Refusal for what one may not read."""
    found = session.scalar(select(Feedback).where(Feedback.id == feedback_id, Feedback.round_id.is_not(None)))
    if found is None or found.round_id is None:
        raise Refusal(NOT_IN_IT)
    _open_for(session, found.round_id, found.receiver_id, by, lock=True)
    if found.giver_id == by or not found.is_open:
        raise Refusal(NOT_IN_IT)
    row = {"feedback_id": feedback_id, "person_id": by}
    gone = session.execute(delete(PlusOne).filter_by(**row).returning(PlusOne.person_id)).first()
    if gone is None:
        session.execute(insert(session, PlusOne).values(**row, at=now).on_conflict_do_nothing())
    _redraw(session, found.round_id, by, now)
    return page(session, vault, found.round_id, found.receiver_id, by=by)


def _redraw(session: Session, round_id: int, person_id: str, now: datetime) -> None:
    prompt_posts.redraw_sent(session, LATER, round_id, now=now, to=person_id)
