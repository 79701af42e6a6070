"""The order of the turn, its budget of messages, and whose plan a plan is."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain.calendar.cadence import PromptKind
from bot.domain.rhythm import voices
from bot.domain.sprints import sprints
from models.company import Person
from models.outbox import Post
from models.retros import Retro
from models.sprints import UNFINISHED, Item, Sprint
from models.teams import Membership, Move
from tests.simulation.company import Company
from tests.simulation.rules.register import Seen, bot_messages, rule

PATIENCE = timedelta(hours=2)  # from a reminder to the reveal


@rule("No message to the lead and no final plan comes before the notes are revealed.", Post, Sprint, Retro)
def reveal_first(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    sent = select(Post.subject_id).where(Post.card == PromptKind.LEAD, Post.message_ts.is_not(None))
    early = select(Sprint.id).where(Sprint.asked_at.is_not(None), Sprint.gathered_at.is_(None), Sprint.id.in_(sent))
    yield from (f"sprint {each}: the lead was asked before anybody gathered" for each in session.scalars(early))
    before = aliased(Sprint)
    hidden = select(Sprint.id, Retro.id).join(before, before.team_id == Sprint.team_id)
    hidden = hidden.join(Retro, Retro.sprint_id == before.id).where(before.starts_on < Sprint.starts_on)
    hidden = hidden.where(Sprint.asked_at.is_not(None), or_(Sprint.id.in_(sent), Sprint.finalized_at.is_not(None)))
    hidden = hidden.where(Retro.opened_at <= func.coalesce(Sprint.gathered_at, Sprint.finalized_at))
    hidden = hidden.where(Retro.revealed_at.is_(None), Retro.closed_at.is_(None))
    yield from (f"sprint {sprint}: retro {retro} is hidden" for sprint, retro in session.execute(hidden))


@rule("Nothing is revealed while somebody who could answer was reminded less than two hours ago, or not yet.", Sprint)
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
        since = sprint.team.cadence_since or sprint.team.created_at
        until = rhythm.waits_until(sprints.dates_of(sprint), since)
        if at >= rhythm.over_at(sprints.dates_of(sprint), since):
            continue  # it is over: where the bot was down until then, nobody is waited for
        for person_id, voice in voices.voices(session, sprint, now=at).items():
            if voice.answered or voice.is_out or voice.is_lost or voice.reminder is None or voice.reminder.on > until:
                continue
            if voice.reminded_at is None or at - voice.reminded_at < PATIENCE:
                yield f"sprint {sprint_id}: {person_id} was reminded at {voice.reminded_at}, revealed at {at}"


@rule("Somebody's unasked messages about a turn are two at most, and a lead's three.", Post)
def budget(_company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    query = select(Post.channel_id, Post.subject_id, Post.card, func.count())
    query = query.where(Post.card.in_(PromptKind), Post.message_ts.is_not(None), Post.channel_id.like("U%"))
    query = query.group_by(Post.channel_id, Post.subject_id, Post.card).having(func.count() > 1)
    for person, sprint, card, count in session.execute(query):
        yield f"{person} got {count} messages {card} about sprint {sprint}"


@rule("Nobody has two messages that ask something about the turn.", in_the_end=True)
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


@rule("Only people of a team make its plan final.", Sprint)
def own_plan(_company: Company, session: Session, seen: Seen) -> Iterator[str]:
    for sprint in session.scalars(select(Sprint).where(Sprint.finalized_at.is_not(None))):
        if seen.deciders.get(sprint.id) == sprint.revision:
            continue
        seen.deciders[sprint.id] = sprint.revision
        moved = select(Move.id).where(Move.person_id == sprint.finalized_by_id, Move.from_team_id == sprint.team_id)
        sits = select(Membership.person_id).where(Membership.team_id == sprint.team_id)
        if sprint.finalized_by_id not in set(session.scalars(sits)) and session.scalar(moved.limit(1)) is None:
            yield f"sprint {sprint.id} was made final by {sprint.finalized_by_id}"


@rule("A plan that was just made final holds no item that was settled where it came from.", Sprint, Item)
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
