"""Asking others for feedback: each is asked once while they work, and reminded once at the most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence
from bot.domain.company import people, presence
from bot.domain.feedback import addressees, letters, sealing
from bot.domain.feedback.letters import Given
from bot.domain.feedback.sealing import Words
from bot.domain.outbox import posts, prompt_posts
from bot.domain.teams import worktimes
from bot.domain.teams.worktimes import Worktime
from bot.platform.crypto import Vault
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.feedback import Feedback, FeedbackAsk, FeedbackAsked
from models.outbox import Card

CARD = Card.FEEDBACK_ASK  # in the DM of who is asked
REMINDER_CARD = Card.FEEDBACK_ASK_REMINDER
OVERVIEW_CARD = Card.FEEDBACK_ASKED  # in the asker's DM
LATER = (CARD, REMINDER_CARD)
MOST_PEOPLE = 8
QUESTION_LENGTH = 500
USUAL = timedelta(days=7)
LONGEST = timedelta(days=60)
NOT_ASKED = "Nobody asked you this. With `/give-feedback` you can tell somebody something anyway."
ANSWERED = "You have answered this already. With `/give-feedback` you can say more."


@dataclass(frozen=True)
class Asking:
    """The form "ask for feedback". `source` makes it the same one, however often Slack delivers it."""

    source: str
    people: Sequence[str]
    question: str
    until: date | None


@dataclass(frozen=True)
class Question:
    """What somebody is asked. `needed` is False once they need not be asked any more."""

    ask: FeedbackAsk
    question: str
    is_answered: bool
    needed: bool


@dataclass(frozen=True)
class AskOverview:
    """What the asker sees: their question, and who has answered."""

    ask: FeedbackAsk
    question: str


def usual_day(session: Session, person_id: str, *, now: datetime) -> date:
    """Until when the form asks unless somebody chooses otherwise."""
    return worktimes.for_person(session, people.known(session, person_id)).today(now) + USUAL


def ask(session: Session, vault: Vault, asking: Asking, *, by: str, now: datetime) -> FeedbackAsk:
    """Have each of these people asked once. The same source a second time is the ask that is there.

    Raises Refusal, under the field concerned.
    """
    sealing.require_on(vault)
    asker = people.known(session, by)
    others = [addressees.receiver(session, each, giver_id=by, field="people") for each in dict.fromkeys(asking.people)]
    if not others or len(others) > MOST_PEOPLE:
        raise Refusal(f"Choose one to {MOST_PEOPLE} people.", field="people")
    question = asking.question.strip()
    if not question:
        raise Refusal("Ask one question of your own, such as: how was my demo?", field="question")
    if len(question) > QUESTION_LENGTH:
        raise Refusal(f"That is {len(question)} characters; a question takes {QUESTION_LENGTH}.", field="question")
    until = _checked(asking.until, worktimes.for_person(session, asker).today(now))
    values = {
        "source": asking.source,
        "asker_id": by,
        "sealed": sealing.UNSEALED,
        "until": until,
        "created_at": now,
    }
    written = insert(session, FeedbackAsk).values(values).on_conflict_do_nothing(index_elements=["source"])
    new_id = session.scalar(written.returning(FeedbackAsk.id))
    if new_id is None:
        there = select(FeedbackAsk.id).where(FeedbackAsk.source == asking.source, FeedbackAsk.asker_id == by)
        return load(session, session.scalars(there).one())
    session.add_all(FeedbackAsked(ask_id=new_id, person_id=each.id) for each in others)
    session.flush()
    new = load(session, new_id)
    sealing.seal_question(vault, new, question)
    over = worktimes.for_person(session, asker).over(until)
    for person in others:
        _ask(session, new_id, person, until, over, now)
    posts.draw(session, OVERVIEW_CARD, new_id, by, now=now)
    return new


def _checked(until: date | None, today: date) -> date:
    if until is None or until <= today:
        raise Refusal("Choose a day after today, so that everybody has the time.", field="until")
    if until - today > LONGEST:
        raise Refusal(f"Choose a day within the next {LONGEST.days} days: people forget what they saw.", field="until")
    return until


def _ask(session: Session, ask_id: int, person: Person, until: date, over: datetime, now: datetime) -> None:
    worktime = worktimes.for_person(session, person)
    first = worktime.next(now)
    moments = {CARD: first, REMINDER_CARD: _reminder_at(worktime, first, until)}
    for card, at in moments.items():
        if at is not None and at < over:
            key = f"{card}:{ask_id}:{person.id}"
            prompt_posts.ask(session, key, card, ask_id, person.id, due_at=at, expires_at=over, now=now)


def _reminder_at(worktime: Worktime, first: datetime, until: date) -> datetime | None:
    """Ten o'clock of the last working day, if that is a later day than the first."""
    day = worktime.calendar.working_days_before(until + cadence.A_DAY, 1)
    return worktime.ten(day) if day > worktime.today(first) else None


# --- reading ----------------------------------------------------------------------------------------------------


def load(session: Session, ask_id: int) -> FeedbackAsk:
    """The ask with its asker and who is asked. It opens nothing."""
    query = select(FeedbackAsk).where(FeedbackAsk.id == ask_id).options(*_WHOLE)
    return session.scalars(query.execution_options(populate_existing=True)).one()


_WHOLE = (joinedload(FeedbackAsk.asker), selectinload(FeedbackAsk.asked).joinedload(FeedbackAsked.person))


def asked(session: Session, vault: Vault, ask_id: int, *, by: str, now: datetime) -> Question:
    """What somebody is asked. Raises Refusal if they were not asked, and if there is no such question."""
    theirs = session.get(FeedbackAsked, (ask_id, by))
    if theirs is None:
        raise Refusal(NOT_ASKED)
    found = load(session, ask_id)
    person = people.known(session, by)
    is_answered = theirs.answered_at is not None
    can = not person.is_gone and not found.asker.is_gone and not presence.is_away(session, by, now)
    return Question(found, sealing.question_of(vault, found), is_answered, needed=can and not is_answered)


def overview(session: Session, vault: Vault, ask_id: int, *, by: str) -> AskOverview:
    """Who has answered, for the asker. Raises Refusal for everybody else, and if there is no such question."""
    theirs = select(FeedbackAsk.id).where(FeedbackAsk.id == ask_id, FeedbackAsk.asker_id == by)
    if session.scalar(theirs) is None:
        raise Refusal(NOT_ASKED)
    found = load(session, ask_id)
    return AskOverview(found, sealing.question_of(vault, found))


def answerable(session: Session, vault: Vault, ask_id: int, *, by: str, now: datetime) -> Question:
    """What somebody can still answer. Raises Refusal if they were not asked, or have answered."""
    found = asked(session, vault, ask_id, by=by, now=now)
    if found.is_answered:
        raise Refusal(ANSWERED)
    return found


# --- answering --------------------------------------------------------------------------------------------------


def answer(
    session: Session, vault: Vault, ask_id: int, source: str, words: Words, *, by: str, now: datetime
) -> Feedback:
    """Give the feedback that somebody asked for. Raises Refusal if the giver was not asked, and for a second answer."""
    mine = select(FeedbackAsked).where(FeedbackAsked.ask_id == ask_id, FeedbackAsked.person_id == by)
    theirs = session.scalar(mine.with_for_update())
    if theirs is None:
        raise Refusal(NOT_ASKED)
    asker_id = session.scalars(select(FeedbackAsk.asker_id).where(FeedbackAsk.id == ask_id)).one()
    given = letters.give(session, vault, Given(source, by, asker_id, words, ask_id=ask_id), now=now)
    if given.source != source:
        raise Refusal(ANSWERED, field="saw")
    if theirs.answered_at is None:
        theirs.answered_at = now
        session.flush()
        prompt_posts.redraw_sent(session, LATER, ask_id, now=now, to=by)
        posts.redraw(session, OVERVIEW_CARD, ask_id, now=now)
    return given
