"""Feedback from person to person. Its giver and its receiver read it, and nobody else: every verb asks who is acting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.company import company, people
from bot.domain.feedback import addressees, sealing
from bot.domain.feedback.sealing import Words
from bot.domain.outbox import home_refresh, posts, undoing
from bot.domain.teams import teams
from bot.platform.crypto import Vault
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.feedback import Feedback, FeedbackAsk, PlusOne
from models.outbox import Card
from models.teams import Team

CARD = Card.FEEDBACK  # in the receiver's DM
COPY_CARD = Card.FEEDBACK_COPY  # in the giver's DM, once it has arrived
SHARED_CARD = Card.FEEDBACK_SHARED  # in the channel of the receiver's team
LONGEST = 3_000  # characters of all three fields together: what a message has room for
PAGE = 15  # pieces of feedback in one window
MOST_ACTIONS = 30
NOT_YOURS = "Only the giver and the receiver can read or change this. `/give-feedback mine` shows your own."
PARTS = ("saw", "effect", "suggestion")


@dataclass(frozen=True)
class Given:
    """The form "give feedback". `source` makes it the same one, however often Slack delivers it."""

    source: str
    giver_id: str
    receiver_id: str | None
    words: Words
    ask_id: int | None = None


@dataclass(frozen=True)
class Letter:
    """A piece of feedback with its words, for its giver or its receiver. `question` is what the receiver had asked.

    `chat` leads to the conversation between the two; `team` is the receiver's, where they may share it.
    """

    feedback: Feedback
    words: Words
    question: str = ""
    chat: str | None = None
    team: Team | None = None
    has_arrived: bool = True


@dataclass(frozen=True)
class MyFeedback:
    """What the window "my feedback" shows: open actions, a page of what was received, the newest that was given."""

    actions: Sequence[Letter]
    received: Sequence[Letter]
    given: Sequence[Letter]
    page: int
    has_older: bool


def checked(words: Words) -> Words:
    """The words, if they can be feedback. Raises Refusal, under the field concerned."""
    if not words.saw.strip():
        raise Refusal("Say what you saw; one sentence is enough.", field="saw")
    texts = {part: getattr(words, part).strip() for part in PARTS}
    length = sum(map(len, texts.values()))
    if length > LONGEST:
        longest = max(texts, key=lambda part: len(texts[part]))
        raise Refusal(f"That is {length:,} characters in all; feedback takes {LONGEST:,}. Say less.", field=longest)
    return Words(**texts, link=words.link)


def give(session: Session, vault: Vault, given: Given, *, now: datetime) -> Feedback:
    """Tell somebody something, now. The same source a second time is the feedback that is there.

    Raises Refusal, under the field concerned, for what can't be, and while feedback is switched off.
    """
    sealing.require_on(vault)
    to = addressees.receiver(session, given.receiver_id, giver_id=given.giver_id)
    words = checked(given.words)
    people.require_row(session, given.giver_id)
    values = {
        "source": given.source,
        "giver_id": given.giver_id,
        "receiver_id": to.id,
        "sealed": sealing.UNSEALED,
        "ask_id": given.ask_id,
        "is_open": False,
        "given_at": now,
        "delivered_at": now,
    }
    written = insert(session, Feedback).values(values).on_conflict_do_nothing().returning(Feedback.id)
    new_id = session.scalar(written)
    if new_id is None:
        return _there(session, given)
    feedback = load(session, new_id)
    sealing.seal(vault, feedback, words)
    posts.draw(session, CARD, new_id, to.id, now=now)
    home_refresh.touch(session, [to.id], now=now)
    # For ten minutes its copy offers *Edit*: after that it is drawn anew, without.
    copy = posts.card_key(COPY_CARD, new_id)
    undoing.remember(session, f"feedback:{new_id}", by=given.giver_id, before={}, left={}, now=now, cards=[copy])
    return feedback


def _there(session: Session, given: Given) -> Feedback:
    same = [Feedback.source == given.source]
    if given.ask_id is not None:
        same.append(Feedback.ask_id == given.ask_id)
    found = session.scalar(select(Feedback.id).where(Feedback.giver_id == given.giver_id, or_(*same)).limit(1))
    if found is None:
        raise Refusal(NOT_YOURS)
    return load(session, found)


def load(session: Session, feedback_id: int) -> Feedback:
    """The feedback with its two people and who agrees with it. It opens nothing, and asks nobody who they are."""
    query = select(Feedback).where(Feedback.id == feedback_id).options(*WHOLE)
    return session.scalars(query.execution_options(populate_existing=True)).one()


WHOLE = (
    joinedload(Feedback.giver),
    joinedload(Feedback.receiver),
    joinedload(Feedback.ask).selectinload(FeedbackAsk.asked),
    selectinload(Feedback.plus_ones).joinedload(PlusOne.person),
)


def received(session: Session, vault: Vault, feedback_id: int, *, by: str) -> Letter:
    """The feedback as its receiver reads it. Raises Refusal for everybody else, as for one that does not exist."""
    return _shown(session, vault, of_receiver(session, feedback_id, by))


def given(session: Session, vault: Vault, feedback_id: int, *, by: str, lock: bool = False) -> Letter:
    """The feedback as its giver reads it. Raises Refusal for everybody else, as for one that does not exist."""
    feedback = _of(session, feedback_id, Feedback.giver_id == by, lock=lock)
    post = posts.card_of(session, CARD, feedback.id)
    return Letter(
        feedback, sealing.words_of(vault, feedback), has_arrived=post is not None and post.message_ts is not None
    )


def shared(session: Session, vault: Vault, feedback_id: int, channel_id: str) -> Letter:
    """The feedback, for the channel in which its receiver shared it. Raises Refusal for any other channel."""
    feedback = _of(session, feedback_id, Feedback.shared_in_id == channel_id)
    return Letter(feedback, sealing.words_of(vault, feedback))


def _shown(session: Session, vault: Vault, feedback: Feedback) -> Letter:
    url = company.current(session).workspace_url
    return _as_received(vault, feedback, url, _where_shared(session, feedback.receiver_id))


def _as_received(vault: Vault, feedback: Feedback, url: str | None, team: Team | None) -> Letter:
    return Letter(
        feedback,
        sealing.words_of(vault, feedback),
        question=sealing.question_of(vault, feedback.ask) if feedback.ask else "",
        chat=_chat_with(feedback.giver, url),
        team=team,
    )


def _chat_with(person: Person, url: str | None) -> str | None:
    """Where the reader and this person write to each other. A bot can not open it for two people without being in it."""
    return f"{url}app_redirect?channel={person.id}" if url and not person.is_gone else None


def _where_shared(session: Session, person_id: str) -> Team | None:
    team = teams.for_person(session, person_id)
    return team if team is not None and team.channel_lost is None else None


def of_receiver(session: Session, feedback_id: int, by: str, *, lock: bool = False) -> Feedback:
    return _of(session, feedback_id, Feedback.receiver_id == by, Feedback.delivered_at.is_not(None), lock=lock)


def _of(session: Session, feedback_id: int, *is_theirs: ColumnElement[bool], lock: bool = False) -> Feedback:
    """The feedback, if it is theirs. What is not theirs and what is not there answer with the same words."""
    query = select(Feedback.id).where(Feedback.id == feedback_id, *is_theirs)
    if session.scalar(query.with_for_update() if lock else query) is None:
        raise Refusal(NOT_YOURS)
    return load(session, feedback_id)


def mine(session: Session, vault: Vault, person_id: str, *, page: int = 0) -> MyFeedback:
    """What somebody was told, what they do about it, and what they told others."""
    sealing.require_on(vault)
    got = select(Feedback).where(Feedback.receiver_id == person_id, Feedback.delivered_at.is_not(None))
    kept = got.where(Feedback.kept_at.is_not(None), Feedback.done_at.is_(None)).order_by(Feedback.kept_at)
    newest = got.order_by(Feedback.delivered_at.desc(), Feedback.id.desc())
    found = session.scalars(newest.options(*WHOLE).offset(page * PAGE).limit(PAGE + 1)).all()
    told = select(Feedback).where(Feedback.giver_id == person_id).order_by(Feedback.id.desc()).limit(PAGE)
    actions = session.scalars(kept.options(*WHOLE).limit(MOST_ACTIONS)).all() if page == 0 else []
    given = session.scalars(told.options(*WHOLE)).all() if page == 0 else []

    def shown(rows: Sequence[Feedback]) -> list[Letter]:
        return [Letter(each, sealing.words_of(vault, each)) for each in rows]

    team, url = _where_shared(session, person_id), company.current(session).workspace_url
    received = [_as_received(vault, each, url, team) for each in found[:PAGE]]
    return MyFeedback(shown(actions), received, shown(given), page, has_older=len(found) > PAGE)


def rewrite(session: Session, vault: Vault, feedback: Feedback, words: Words, *, now: datetime) -> None:
    """Change the words. Every +1 goes, since people agreed with the words before."""
    if words == sealing.words_of(vault, feedback):
        return
    sealing.seal(vault, feedback, words)
    if feedback.delivered_at is not None:
        feedback.edited_at = now
    feedback.plus_ones.clear()
    session.flush()
    redraw(session, feedback, now=now)


def redraw(session: Session, feedback: Feedback, *, now: datetime) -> None:
    """Have every message that shows it drawn again."""
    home_refresh.touch(session, [feedback.receiver_id], now=now)
    posts.redraw_cards(session, [CARD, COPY_CARD, SHARED_CARD], feedback.id, now=now)
