"""Context: short public notes, which stand above the next plans of everybody for a week."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.company import company, people
from bot.domain.outbox import links, posts, undoing
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.outbox import Card, Post, PostState
from models.sharing import LINK_LENGTH, TEXT_LENGTH, Context, Kind

CARD = Card.CONTEXT  # in the company's sprint channel
FRESH_FOR = timedelta(days=7)
SHOWN = 5
LINK = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True)
class Wording:
    """What somebody wants everybody to know, and a link to more where there is one."""

    kind: Kind
    text: str
    link: str | None = None


@dataclass(frozen=True)
class SharedNote:
    """A note, and where it stands; None until it does."""

    context: Context
    url: str | None


@dataclass(frozen=True)
class Place:
    """The channel in which context is shared, which `is_lost` while nothing can be posted there."""

    channel_id: str
    is_lost: bool


def require_channel(session: Session) -> Place:
    """Where context is shared. Raises Refusal while there is no channel for it."""
    settings = company.current(session)
    if settings.sprint_channel_id is None:
        raise Refusal(
            "There is no sprint channel yet in which everybody would read it. Ask a Slack admin to run `/prickle setup`."
        )
    return Place(settings.sprint_channel_id, is_lost=settings.sprint_lost is not None)


def share(session: Session, source: str, wording: Wording, *, by: str, now: datetime) -> Context:
    """Post a note for everybody; the same source a second time is the note that is there.

    Raises Refusal while there is no channel for it, and for words or a link that can't be taken.
    """
    channel_id = require_channel(session).channel_id
    people.known(session, by)
    text, link = wording.text.strip(), (wording.link or "").strip() or None
    if not text:
        raise Refusal("Say in a sentence or two what the others should know.", field="text")
    if len(text) > TEXT_LENGTH:
        raise Refusal(
            f"That is {len(text)} characters, and a note takes {TEXT_LENGTH}. Say the point here, and link the rest.",
            field="text",
        )
    _check(link)
    values = {"source": source, "kind": wording.kind, "text": text, "link": link, "author_id": by, "at": now}
    session.execute(insert(session, Context).values(values).on_conflict_do_nothing(index_elements=["source"]))
    context = session.scalars(select(Context).where(Context.source == source).options(joinedload(Context.author))).one()
    posts.draw(session, CARD, context.id, channel_id, now=now)
    cards = [posts.card_key(CARD, context.id)]
    undoing.remember(session, _undo_key(context.id), by=by, before={}, left=_state(context), now=now, cards=cards)
    return context


def chosen(session: Session, *, now: datetime) -> None:
    """Post this week's context notes that Slack refused in the old sprint channel in the new one."""
    query = select(Context.id).join(Post, and_(Post.subject_id == Context.id, Post.card == CARD))
    query = query.where(Context.at > now - FRESH_FOR, Post.state == PostState.REFUSED).order_by(Context.id)
    for context_id in session.scalars(query).all():
        posts.draw(session, CARD, context_id, require_channel(session).channel_id, now=now)


def undo(session: Session, context_id: int, *, by: str, now: datetime) -> Context:
    """Take a note back: its message says so, and nobody is shown it any more. Raises Refusal when it is too late."""
    context = session.get(Context, context_id, with_for_update=True, populate_existing=True)
    if context is None:
        raise Refusal("This note is gone.")
    if undoing.take_back(session, _undo_key(context_id), _state(context), by=by, now=now) is not None:
        context.taken_back_at = now
        session.flush()
        posts.redraw(session, CARD, context_id, now=now)
    return read(session, context_id)


def can_undo(session: Session, context: Context, *, now: datetime) -> bool:
    """Whether its author may take it back by now."""
    return undoing.is_offered(session, _undo_key(context.id), _state(context), now=now)


def _undo_key(context_id: int) -> str:
    return f"context:{context_id}"


def _state(context: Context) -> dict[str, Any]:
    return undoing.of(context, "taken_back_at")


def _check(link: str | None) -> None:
    if link is None:
        return
    if not LINK.fullmatch(link):
        raise Refusal("A link begins with https:// and has no spaces. Leave it empty if there is none.", field="link")
    if len(link) > LINK_LENGTH:
        raise Refusal(f"That link is longer than {LINK_LENGTH} characters. Is there a shorter one?", field="link")


def read(session: Session, context_id: int) -> Context:
    """A note with its author."""
    return session.get_one(Context, context_id, options=[joinedload(Context.author)])


def fresh(session: Session, *, now: datetime) -> list[SharedNote]:
    """The newest notes of the last seven days, the newest first."""
    query = (
        select(Context, Post)
        .outerjoin(Post, and_(Post.subject_id == Context.id, Post.card == CARD))
        .where(Context.at > now - FRESH_FOR, Context.taken_back_at.is_(None))
        .order_by(Context.at.desc(), Context.id.desc())
        .limit(SHOWN)
        .options(joinedload(Context.author))
    )
    rows = session.execute(query).all()
    url = company.current(session).workspace_url
    return [
        SharedNote(context, links.permalink(url, post.posted_in_id, post.message_ts) if post else None)
        for context, post in rows
    ]
