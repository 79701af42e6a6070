"""Where messages stand, in the form of Slack's own links."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.domain.company import company
from bot.domain.outbox import posts
from models.outbox import Post


def permalink(
    workspace_url: str | None, channel_id: str | None, ts: str | None, thread_ts: str | None = None
) -> str | None:
    """Where a message stands; None while it does not, and before the workspace's address is known."""
    if not (workspace_url and channel_id and ts):
        return None
    reply = f"?thread_ts={thread_ts}&cid={channel_id}" if thread_ts not in (None, ts) else ""
    return f"{workspace_url}archives/{channel_id}/p{ts.replace('.', '')}{reply}"


def into_thread(
    workspace_url: str | None, channel_id: str | None, ts: str | None, thread_ts: str | None = None
) -> str | None:
    """The same with its thread beside it: also the one that the message begins itself."""
    there = permalink(workspace_url, channel_id, ts)
    return f"{there}?thread_ts={thread_ts or ts}&cid={channel_id}" if there else None


def to_cards(session: Session, cards: Sequence[str], subject_ids: Iterable[int]) -> Mapping[int, str | None]:
    """Where the cards of these kinds stand, by what they are about; of several about one thing, the newest."""
    keys = [posts.card_key(card, subject_id) for subject_id in subject_ids for card in cards]
    if not keys:
        return {}
    url = company.current(session).workspace_url
    query = select(Post).where(Post.key.in_(keys), Post.message_ts.is_not(None)).order_by(Post.id)
    found = session.scalars(query.options(joinedload(Post.thread)))
    return {each.subject: _to_post(url, each) for each in found}


def _to_post(url: str | None, post: Post) -> str | None:
    return permalink(url, post.posted_in_id, post.message_ts, post.thread.message_ts if post.thread else post.thread_ts)
