"""Where the threads of requests begin."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.intake import requests
from bot.domain.outbox import links
from models.intake.requests import Request
from models.outbox import Post


def to_threads(session: Session, shown: Sequence[Request]) -> Mapping[int, str | None]:
    """Where the threads of these requests begin, by the request's id: at a message, or else at their card."""
    with_cards = [each.id for each in shown if each.thread_ts is None]
    cards = links.to_cards(session, [requests.CARD], with_cards)
    url = company.current(session).workspace_url
    return {each.id: cards.get(each.id) or links.permalink(url, each.channel_id, each.thread_ts) for each in shown}


def to_thread(session: Session, request: Request, card: Post | None) -> str | None:
    """The same of one request, whose card is at hand where it stands."""
    url = company.current(session).workspace_url
    if card is not None and request.thread_ts is None:
        return links.permalink(url, card.posted_in_id, card.message_ts)
    return links.permalink(url, request.channel_id, request.thread_ts)
