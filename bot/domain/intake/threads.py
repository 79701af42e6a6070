"""The way to a request: to its card, with its thread beside it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.intake import requests
from bot.domain.outbox import links, posts
from models.intake.requests import Request
from models.outbox import Post


def to_threads(session: Session, shown: Sequence[Request]) -> Mapping[int, str | None]:
    """The ways to these requests, by their ids; before a card stands, to the message that was asked with."""
    if not shown:
        return {}
    keys = [posts.card_key(requests.CARD, each.id) for each in shown]
    cards = session.scalars(select(Post).where(Post.key.in_(keys), Post.message_ts.is_not(None)))
    standing = {each.subject: each for each in cards}
    return {each.id: to_thread(session, each, standing.get(each.id)) for each in shown}


def to_thread(session: Session, request: Request, card: Post | None) -> str | None:
    """The same of one request, whose card is at hand where it stands."""
    url = company.current(session).workspace_url
    if card is not None:
        return links.into_thread(url, card.posted_in_id, card.message_ts, card.thread_ts)
    return links.into_thread(url, request.channel_id, request.thread_ts)
