"""Messages: once each, where they belong, as fast as Slack allows, and true in the end."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from jobs.outbox import cards
from models.outbox import Card, Post, PostState
from models.sprints import Sprint
from models.teams import Membership, Team
from tests.simulation.company import Company
from tests.simulation.rules.register import Seen, bot_messages, key_of, rule

HOUR = timedelta(hours=1)
AGE = re.compile(r" · (?:new|\d+ days? old)")
LASTING = (Card.PLAN, Card.SPRINT, Card.RETRO, Card.REQUEST)  # what they say doesn't change with the time of day


@rule("A post stands in a channel once at most.")
def once(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    # A card that moves to another channel leaves its message behind, which says where it went.
    keys = Counter((channel, key) for channel, message in bot_messages(company) if (key := key_of(message)))
    yield from (f"{key} stands there {count} times" for (_, key), count in keys.items() if count > 1)


@rule("A reply stands in its thread, and never at the channel's root.")
def in_thread(company: Company, session: Session, seen: Seen) -> Iterator[str]:
    if seen.news.is_news("replies", Post):
        replies = select(Post.key).where(or_(Post.thread_ts.is_not(None), Post.thread_id.is_not(None)))
        seen.replies = set(session.scalars(replies.where(Post.message_ts.is_not(None))))
    for channel, message in bot_messages(company):
        if key_of(message) in seen.replies and not message.get("thread_ts"):
            yield f"{key_of(message)} stands at the root of {channel}"


@rule("Nothing new is said in a channel that another company reads.")
def kept_inside(company: Company, _session: Session, _seen: Seen) -> Iterator[str]:
    for channel_id, since in company.shared.items():
        channel = company.slack.store.channels[channel_id]
        for ts, message in channel.messages.items() if channel.is_ext_shared else ():
            if key_of(message) and float(ts) > since:
                yield f"{key_of(message)} in #{channel.name}"


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


@rule("Nothing that is due stays due for more than an hour of a good day.", in_the_end=True)
def nothing_waits(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    before = company.now() - HOUR
    query = select(Post.key, Post.error).where(Post.state == PostState.DUE, Post.due_at < before)
    yield from (f"{key} is due ({error})" for key, error in session.execute(query))
    yield from (f"team {each} is due" for each in session.scalars(select(Team.id).where(Team.next_at < before)))
    meets = Sprint.team_id.in_(select(Team.id).where(Team.paused_at.is_(None), Team.channel_lost.is_(None)))
    late = select(Sprint.id).where(Sprint.closes_at < before, Sprint.closed_at.is_(None), meets)
    yield from (f"sprint {each} is not closed" for each in session.scalars(late))


@rule("A card says what is stored.", in_the_end=True)
def cards_are_true(company: Company, session: Session, _seen: Seen) -> Iterator[str]:
    said = {(channel, key_of(message)): str(message.get("text")) for channel, message in bot_messages(company)}
    several = select(Membership.team_id).group_by(Membership.team_id).having(func.count() > 1)
    meets = select(Team.id).where(Team.paused_at.is_(None), Team.id.in_(several))
    resting = set(session.scalars(select(Sprint.id).where(Sprint.team_id.not_in(meets))))
    for post in session.scalars(select(Post).where(Post.card.in_(LASTING), Post.state == PostState.SENT)):
        place = post.posted_in_id or post.channel_id
        if not _is_home(company, place):
            continue
        if post.card != Card.REQUEST and post.subject_id in resting:
            continue  # of a team of one, or one that pauses, nothing is asked, and nothing told
        drawn = cards.draw(session, post, company.now())
        stands = said.get((place, post.key))
        if drawn is not None and stands is not None and _lasting(stands) != _lasting(drawn.text):
            yield f"{post.key} says {stands!r} instead of {drawn.text!r}"


def _is_home(company: Company, channel_id: str) -> bool:
    """Whether the bot still speaks in this channel."""
    channel = company.slack.store.channels[channel_id]
    is_away = channel.is_archived or channel.is_private or channel.is_ext_shared
    return not is_away and company.slack.bot_user_id in channel.members


def _lasting(text: str) -> list[str]:
    """What a card says, but for how old an action is, and the line that asks for a hero while there are days left."""
    return [AGE.sub("", line) for line in text.splitlines() if "🦸" not in line]
