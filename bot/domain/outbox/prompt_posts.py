"""Cards in people's DMs that ask something, each with a time after which it is not worth sending."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, bindparam, case, or_, update
from sqlalchemy.orm import Session

from bot.domain.outbox import posts
from bot.platform.database import insert
from models.base import UtcDateTime
from models.outbox import Post, PostState


def new_row(
    key: str, card: str, subject_id: int, person_id: str, *, due_at: datetime, expires_at: datetime, now: datetime
) -> dict[str, Any]:
    """A card in a person's DM that asks something, as the values of its row. Past `expires_at` it is not asked."""
    return posts.new_row(key, person_id, card, subject_id, due_at=due_at, expires_at=expires_at, now=now)


def ask(
    session: Session,
    key: str,
    card: str,
    subject_id: int,
    person_id: str,
    *,
    due_at: datetime,
    expires_at: datetime,
    now: datetime,
    again: bool = False,
) -> None:
    """Draw a card in a person's DM once, at `due_at`; a second one with the same `key` is none.

    It may be a channel's id as well. With `again`, one that was not needed when it was due is asked after all.
    """
    row = new_row(key, card, subject_id, person_id, due_at=due_at, expires_at=expires_at, now=now)
    session.execute(insert(session, Post).values(row).on_conflict_do_nothing(index_elements=["key"]))
    if again:
        unsent = Post.key == key, Post.message_ts.is_(None), Post.state != PostState.DUE
        anew = {"state": PostState.DUE, "due_at": due_at, "expires_at": expires_at, "error": None}
        session.execute(update(Post).where(*unsent).values(anew).execution_options(synchronize_session=False))


def redraw_sent(
    session: Session,
    cards: Iterable[str],
    subject_id: int,
    *,
    now: datetime,
    to: str | None = None,
    but_ts: str | None = None,
    and_all: Iterable[str] = (),
) -> None:
    """Have the cards of this subject drawn again that stand in Slack already: all of them, or those sent `to` a person.

    One that is on its way is drawn again once it stands; one that is still to come stays where it is in time. The
    message `but_ts` shows it already. The cards `and_all` are drawn again whoever has them.
    """
    every, theirs = (list(and_all), list(cards)) if to else ([*cards, *and_all], [])
    values = {"subject": subject_id, "every": every, "theirs": theirs, "to": to or "", "but": but_ts or "", "now": now}
    session.execute(_REDRAW_SENT, values)


def _redraw_sent() -> Update:
    stands, at_once = Post.message_ts.is_not(None), bindparam("now", type_=UtcDateTime())
    is_theirs = Post.card.in_(bindparam("theirs", expanding=True)) & (Post.channel_id == bindparam("to"))
    return (
        update(Post)
        .where(
            Post.subject_id == bindparam("subject"),
            Post.card.in_(bindparam("every", expanding=True)) | is_theirs,
            Post.state.in_((PostState.DUE, PostState.SENT)),
            or_(Post.message_ts.is_(None), Post.message_ts != bindparam("but")),
        )
        .values(
            state=case((stands, PostState.DUE), else_=Post.state),
            due_at=case((stands, at_once), else_=Post.due_at),
            wanted=Post.wanted + 1,
        )
        .execution_options(synchronize_session=False)
    )


_REDRAW_SENT = _redraw_sent()


def redraw_prompts(
    session: Session,
    cards: Iterable[str],
    of: Sequence[tuple[int, str]],
    *,
    now: datetime,
    wait: timedelta = posts.AT_ONCE,
) -> None:
    """Have the cards of these kinds drawn again that stand in these people's DMs, each about its own subject."""
    for subject_id, person_id in of:
        theirs = Post.subject_id == subject_id, Post.channel_id == person_id, Post.card.in_(cards)
        session.execute(
            update(Post)
            .where(*theirs, Post.message_ts.is_not(None))
            .values(state=PostState.DUE, wanted=Post.wanted + 1, due_at=now + wait)
            .execution_options(synchronize_session=False)
        )
