"""What holds after every step, whatever happened. Each rule is a function with a sentence, and yields what breaks it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import PromptKind
from bot.domain.rhythm import turns
from bot.domain.sprints import sprints
from jobs.outbox import cards
from models.company import Person
from models.feedback import Feedback
from models.intake.bookings import Booking
from models.intake.requests import Request
from models.outbox import Card, Post, PostState
from models.planning import Comment
from models.retros import Note, Retro, RetroAnswer
from models.sprints import UNFINISHED, Item, Sprint
from models.teams import Membership, Move, Team
from sandbox.world.values import Json
from tests.simulation.company import Company

PATIENCE = timedelta(hours=2)  # from a reminder to the reveal
HOUR = timedelta(hours=1)
LASTING = (Card.PLAN, Card.SPRINT, Card.RETRO, Card.REQUEST)  # what they say doesn't change with the time of day
MARK = re.compile(r"w\d{4}x")  # what people type is marked, so that no two texts are the same
WRITTEN: tuple[tuple[Any, Any], ...] = (
    (Note, Note.author_id),
    (Comment, Comment.author_id),
    (Request, Request.asker_id),
    (Feedback, Feedback.giver_id),
)


@dataclass
class Seen:
    """What the rules remember from one step to the next."""

    gathered: set[int] = field(default_factory=set)
    finalized: dict[int, int] = field(default_factory=dict)
    deciders: dict[int, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)


Rule = Callable[[Company, Session, Seen], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(sentence: str) -> Callable[[Rule], Rule]:
    """This function judges whether the sentence is true."""

    def registered(judge: Rule) -> Rule:
        RULES[sentence] = judge
        return judge

    return registered


def bot_messages(company: Company) -> Iterator[tuple[str, Json]]:
    """Every message of the bot's, with its channel."""
    for channel in company.slack.store.channels.values():
        for message in channel.messages.values():
            if message.get("bot_id") and message.get("subtype") != "tombstone":
                yield channel.id, message


def key_of(message: Json) -> str | None:
    """Which post it is."""
    payload: Mapping[str, Any] = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("key")


@rule("A post stands in a channel once at most.")
def once(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    # A card that moves to another channel leaves its message behind, which says where it went.
    keys = Counter((channel, key) for channel, message in bot_messages(company) if (key := key_of(message)))
    yield from (f"{key} stands there {count} times" for (_, key), count in keys.items() if count > 1)


@rule("A small team has six people at most, and nobody is in two.")
def small(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    sizes = session.execute(select(Membership.team_id, func.count()).group_by(Membership.team_id)).all()
    yield from (f"team {team} has {size} people" for team, size in sizes if size > 6)
    twice = select(Membership.person_id).group_by(Membership.person_id).having(func.count() > 1)
    yield from (f"{person} is in two teams" for person in session.scalars(twice))


@rule("No message to the lead and no final plan comes before the notes are revealed.")
def reveal_first(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    sent = select(Post.subject_id).where(Post.card == PromptKind.LEAD, Post.message_ts.is_not(None))
    asked = set(session.scalars(sent))
    for sprint in session.scalars(select(Sprint).where(Sprint.asked_at.is_not(None))):
        if sprint.id in asked and sprint.gathered_at is None:
            yield f"sprint {sprint.id}: the lead was asked before anybody gathered"
        if sprint.id not in asked and sprint.finalized_at is None:
            continue
        hidden = select(Retro.id).join(Sprint).where(Sprint.team_id == sprint.team_id)
        hidden = hidden.where(Sprint.starts_on < sprint.starts_on, Retro.opened_at.is_not(None))
        hidden = hidden.where(Retro.revealed_at.is_(None), Retro.closed_at.is_(None))
        hidden = hidden.where(Retro.opened_at <= (sprint.gathered_at or sprint.finalized_at))
        yield from (f"sprint {sprint.id}: retro {retro} is hidden" for retro in session.scalars(hidden))


@rule("Nothing is revealed while somebody who could answer was reminded less than two hours ago, or not yet.")
def waits(company: Company, session: Session, seen: Seen) -> Iterator[str]:
    query = select(Sprint.id).where(Sprint.gathered_at.is_not(None))
    for sprint_id in session.scalars(query):
        if sprint_id in seen.gathered:
            continue
        seen.gathered.add(sprint_id)
        if company.by_hand or company.skew:
            continue  # somebody revealed it, or finalized early
        sprint = sprints.load(session, sprint_id)
        at = sprint.gathered_at or company.now()
        rhythm = sprints.cadence_of(session, sprint.team)
        until = rhythm.waits_until(sprints.dates_of(sprint), sprint.team.cadence_since or sprint.team.created_at)
        for person_id, voice in turns.voices(session, sprint, now=at).items():
            if voice.answered or voice.is_out or voice.is_lost or voice.reminder is None or voice.reminder.on > until:
                continue
            if voice.reminded_at is None or at - voice.reminded_at < PATIENCE:
                yield f"sprint {sprint_id}: {person_id} was reminded at {voice.reminded_at}, revealed at {at}"


@rule("Somebody's unasked messages about a turn are two at most, and a lead's three.")
def budget(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    query = select(Post.channel_id, Post.subject_id, Post.card, func.count())
    query = query.where(Post.card.in_(PromptKind), Post.message_ts.is_not(None), Post.channel_id.like("U%"))
    for person, sprint, card, count in session.execute(query.group_by(Post.channel_id, Post.subject_id, Post.card)):
        if count > 1:
            yield f"{person} got {count} messages {card} about sprint {sprint}"


@rule("Nobody reads feedback that is not theirs, in no message, window or Home.")
def feedback_is_private(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    if not company.secrets:
        return
    mine: dict[str, set[str]] = {}
    for giver, receiver, shared in session.execute(select(Feedback.giver_id, Feedback.receiver_id, Feedback.shared_at)):
        mine.setdefault(giver, {giver}).add("everybody" if shared else receiver)
    for words, giver in company.secrets.items():
        readers = mine.get(giver, {giver})
        if "everybody" not in readers:
            yield from (f"{who} read {words} in {where}" for where, who in _readers(company, words) if who - readers)


@rule("No word of feedback stands in the database as it was typed.")
def sealed(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    is_shared = session.scalar(select(Feedback.id).where(Feedback.shared_at.is_not(None)).limit(1)) is not None
    if not company.secrets or is_shared:
        return
    everything = company.stored(session)
    yield from (f"{words} is there to read" for words in company.secrets if words in everything)


@rule("Before the reveal a note is read by its author, and by people of the team who have sent theirs.")
def notes_are_hidden(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    query = select(Note.text, Note.author_id, Note.retro_id).join(Retro, Retro.id == Note.retro_id)
    query = query.where(Retro.revealed_at.is_(None), Retro.closed_at.is_(None), Note.source.is_(None))
    for words, author, retro_id in session.execute(query).all():
        if MARK.search(words):
            answered = set(session.scalars(select(RetroAnswer.person_id).where(RetroAnswer.retro_id == retro_id)))
            others = [(where, who - answered - {author}) for where, who in _readers(company, words)]
            yield from (f"{who} read {words!r} in {where}" for where, who in others if who)


def _readers(company: Company, words: str) -> Iterator[tuple[str, set[str]]]:
    """Where these words can be read, and by whom."""
    yield from ((where, who) for where, who, shown in company.screens() if words in shown)


@rule("Only people of a team make its plan final.")
def own_plan(_company: Company, session: Session, seen: Seen) -> Iterator[str]:
    for sprint in session.scalars(select(Sprint).where(Sprint.finalized_at.is_not(None))):
        if seen.deciders.get(sprint.id) == sprint.revision:
            continue
        seen.deciders[sprint.id] = sprint.revision
        moved = select(Move.id).where(Move.person_id == sprint.finalized_by_id, Move.from_team_id == sprint.team_id)
        sits = select(Membership.person_id).where(Membership.team_id == sprint.team_id)
        if sprint.finalized_by_id not in set(session.scalars(sits)) and session.scalar(moved.limit(1)) is None:
            yield f"sprint {sprint.id} was made final by {sprint.finalized_by_id}"


@rule("A guest, and somebody who has left, writes nothing.")
def only_members_write(company: Company, session: Session, seen: Seen) -> Iterator[str]:
    outside = {each.id for each in company.slack.store.users.values() if each.deleted or each.is_restricted}
    for table, author in WRITTEN:
        last = seen.written.get(table.__tablename__, 0)
        for row_id, person in session.execute(select(table.id, author).where(table.id > last)):
            seen.written[table.__tablename__] = max(seen.written.get(table.__tablename__, 0), row_id)
            if person in outside & seen.outside:
                yield f"{person} wrote {table.__tablename__} {row_id}"
    seen.outside = outside


@rule("What was sent once is there once.")
def once_stored(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    typed = ((Note.text, Note.author_id), (Comment.text, Comment.author_id), (Request.title, Request.asker_id))
    for words, author in typed:
        for twice in session.scalars(select(words).group_by(words, author).having(func.count() > 1)):
            if MARK.search(twice):
                yield f"{words}: {twice!r} is there twice"


@rule("A reply stands in its thread, and never at the channel's root.")
def in_thread(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    replies = select(Post.key).where(or_(Post.thread_ts.is_not(None), Post.thread_id.is_not(None)))
    keys = set(session.scalars(replies.where(Post.message_ts.is_not(None))))
    for channel, message in bot_messages(company):
        if key_of(message) in keys and not message.get("thread_ts"):
            yield f"{key_of(message)} stands at the root of {channel}"


@rule("Nothing new is said in a channel that another company reads.")
def kept_inside(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    for channel_id, since in company.shared.items():
        channel = company.slack.store.channels[channel_id]
        for ts, message in channel.messages.items() if channel.is_ext_shared else ():
            if key_of(message) and float(ts) > since:
                yield f"{key_of(message)} in #{channel.name}"


@rule("No engineer is booked twice.")
def booked_once(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    bookings = session.scalars(select(Booking).where(Booking.is_firm, Booking.released_at.is_(None))).all()
    for one in bookings:
        for other in bookings:
            same = one.id < other.id and one.person_id == other.person_id
            if same and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
                yield f"{one.person_id} is booked as {one.id} and {other.id}"


@rule("A plan that was just made final holds no item that was settled where it came from.")
def carried(_company: Company, session: Session, seen: Seen) -> Iterator[str]:
    for sprint in session.scalars(select(Sprint).where(Sprint.finalized_at.is_not(None))):
        if seen.finalized.get(sprint.id) == sprint.revision:
            continue
        seen.finalized[sprint.id] = sprint.revision
        query = select(Item).where(Item.sprint_id == sprint.id, Item.carried_from_id.is_not(None))
        for item in session.scalars(query):
            origin = session.get(Item, item.carried_from_id)
            if origin is not None and origin.mark not in UNFINISHED:
                yield f"{item.title!r} was {origin.mark} in sprint {origin.sprint_id}"


@rule("Slack never has to slow the bot down.")
def in_pace(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    limited = [call for call in company.slack.calls if call.error == "ratelimited"]
    faults = sum(fault.hits for fault in company.slack.faults.active if fault.kind == "ratelimited")
    faults += company.met["Slack: ratelimited"]
    if len(limited) > faults:
        yield f"{len(limited)} calls were too fast, {faults} of them by order: the last was {limited[-1].method}"


@rule("What fails has a name: no error is unexpected.")
def no_surprise(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    yield from company.heard
    company.heard.clear()


@rule("What was acknowledged is stored.")
def stored(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    yield from company.lost
    company.lost.clear()


CALM: dict[str, Rule] = {}


def calm(sentence: str) -> Callable[[Rule], Rule]:
    """This function judges whether the sentence is true once everything has got through."""

    def registered(judge: Rule) -> Rule:
        CALM[sentence] = judge
        return judge

    return registered


@calm("Nothing that is due stays due for more than an hour of a good day.")
def nothing_waits(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    before = company.now() - HOUR
    query = select(Post.key, Post.error).where(Post.state == PostState.DUE, Post.due_at < before)
    yield from (f"{key} is due ({error})" for key, error in session.execute(query))
    yield from (f"team {each} is due" for each in session.scalars(select(Team.id).where(Team.next_at < before)))
    meets = Sprint.team_id.in_(select(Team.id).where(Team.paused_at.is_(None), Team.channel_lost.is_(None)))
    late = select(Sprint.id).where(Sprint.closes_at < before, Sprint.closed_at.is_(None), meets)
    yield from (f"sprint {each} is not closed" for each in session.scalars(late))


@calm("Nobody has two messages that ask something about the turn.")
def one_prompt(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    active = set(session.scalars(select(Person.id).where(Person.is_deactivated.is_(False))))
    asking = Counter(
        channel
        for channel, message in bot_messages(company)
        if company.slack.store.channels[channel].is_im and "prompt_again" in json.dumps(message.get("blocks", []))
    )
    for channel, count in asking.items():
        if count > 1 and set(company.slack.store.channels[channel].members) & active:
            yield f"{count} messages ask in {channel}"


@calm("A card says what is stored.")
def cards_are_true(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    said = {key_of(message): str(message.get("text")) for _, message in bot_messages(company)}
    meets = select(Membership.team_id).group_by(Membership.team_id).having(func.count() > 1)
    resting = set(session.scalars(select(Sprint.id).where(Sprint.team_id.not_in(meets))))
    for post in session.scalars(select(Post).where(Post.card.in_(LASTING), Post.state == PostState.SENT)):
        if not _is_home(company, post.posted_in_id or post.channel_id):
            continue
        if post.card != Card.REQUEST and post.subject_id in resting:
            continue  # of a team of one nothing is asked, and nothing told
        drawn = cards.draw(session, post, company.now())
        if drawn is not None and post.key in said and _lasting(said[post.key]) != _lasting(drawn.text):
            yield f"{post.key} says {said[post.key]!r} instead of {drawn.text!r}"


def _is_home(company: Company, channel_id: str) -> bool:
    """Whether the bot still speaks in this channel."""
    channel = company.slack.store.channels[channel_id]
    is_away = channel.is_archived or channel.is_private or channel.is_ext_shared
    return not is_away and company.slack.bot_user_id in channel.members


def _lasting(text: str) -> list[str]:
    """What a card says, but for the line that asks for a hero while there are days left."""
    return [line for line in text.splitlines() if "🦸" not in line]
