"""Where messages stand, in the form of Slack's own links."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.domain import company, posts, requests
from models.posts import Post
from models.requests import Request


def permalink(
    workspace_url: str | None, channel_id: str | None, ts: str | None, thread_ts: str | None = None
) -> str | None:
    """Where a message stands; None while it does not, and before the workspace's address is known."""
    if not (workspace_url and channel_id and ts):
        return None
    reply = f"?thread_ts={thread_ts}&cid={channel_id}" if thread_ts not in (None, ts) else ""
    return f"{workspace_url}archives/{channel_id}/p{ts.replace('.', '')}{reply}"


def to_threads(session: Session, shown: Sequence[Request]) -> Mapping[int, str | None]:
    """Where the threads of these requests begin, by the request's id: at a message, or else at their card."""
    with_cards = [each.id for each in shown if each.thread_ts is None]
    cards = to_cards(session, [requests.CARD], with_cards)
    url = company.current(session).workspace_url
    return {each.id: cards.get(each.id) or permalink(url, each.channel_id, each.thread_ts) for each in shown}


def to_thread(session: Session, request: Request, card: Post | None) -> str | None:
    """The same of one request, whose card is at hand where it stands."""
    url = company.current(session).workspace_url
    if card is not None and request.thread_ts is None:
        return permalink(url, card.posted_in_id, card.message_ts)
    return permalink(url, request.channel_id, request.thread_ts)


def to_cards(session: Session, cards: Sequence[str], subject_ids: Iterable[int]) -> Mapping[int, str | None]:
    """Where the cards of these kinds stand, by what they are about; of several about one thing, the newest."""
    keys = [posts.card_key(card, subject_id) for subject_id in subject_ids for card in cards]
    if not keys:
        return {}
    url = company.current(session).workspace_url
    query = select(Post).where(Post.key.in_(keys), Post.message_ts.is_not(None)).order_by(Post.id)
    found = session.scalars(query.options(joinedload(Post.thread)))
    return {each.subject_id or 0: _to_post(url, each) for each in found}


def _to_post(url: str | None, post: Post) -> str | None:
    return permalink(url, post.posted_in_id, post.message_ts, post.thread.message_ts if post.thread else post.thread_ts)
