"""The board of a retro: everything that is shown of it at a moment, read in a handful of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.outbox import links
from bot.domain.retros import actions, agreements, retros
from bot.domain.sprints import sprints
from models.outbox import Post
from models.retros import Action, Agreement, Note, Retro
from models.sprints import Item


@dataclass(frozen=True)
class Board:
    """A retro with its sprint's `items`, the actions that were `open` before it, what it `led_to`, and what stands.

    `pages` is of how many messages it consists, and `now` when it was read. `settled` are the actions that the viewer
    settled a moment ago and may take back. `earlier` are the improvements of earlier retros, the latest first.
    """

    retro: Retro
    items: Sequence[Item]
    open: Sequence[Action]
    led_to: Sequence[Action]
    agreements: Sequence[Agreement]
    pages: int
    now: datetime
    settled: Sequence[Action] = ()
    earlier: Sequence[Action] = ()

    @property
    def undecided(self) -> list[Action]:
        """The open actions of which it is still to be said what becomes of them."""
        return actions.undecided(self.open, self.retro.id)


@dataclass(frozen=True)
class PageOfNotes:
    """What the board has no room for: a part of it, in its thread."""

    retro: Retro
    notes: Sequence[Note]
    now: datetime


def for_sprint(session: Session, sprint_id: int, *, now: datetime) -> Board:
    """The board of this sprint's retro."""
    return for_retro(session, retros.of_sprint(session, sprint_id), now=now)


def for_retro(session: Session, retro: Retro, *, now: datetime) -> Board:
    """The board of a retro that is at hand, whole."""
    team_id = retro.sprint.team_id
    still_open = actions.open_before(session, team_id, retro.sprint.starts_on)
    return Board(
        retro=retro,
        items=sprints.items_of(session, retro.sprint_id),
        open=[] if retro.closed_at is not None else still_open,
        led_to=actions.of_retro(session, retro.id),
        agreements=agreements.standing(session, team_id),
        pages=len({note.page_id for note in retro.notes} | {None}),
        now=now,
        earlier=actions.improvements_before(session, team_id, retro.sprint.starts_on),
    )


def with_neighbours(
    session: Session, retro_id: int, *, viewer: str, now: datetime
) -> tuple[Board, tuple[int | None, int | None]]:
    """The board of this retro as somebody sees it, and the ids of the retros before and after it.

    Raises Refusal when there is none.
    """
    retro = retros.load(session, retro_id)
    settled = actions.settled_lately(session, retro.sprint.team_id, viewer, now=now)
    board = replace(for_retro(session, retro, now=now), settled=settled)
    return board, retros.neighbours(session, retro)


def page(session: Session, first_note_id: int, *, now: datetime) -> PageOfNotes:
    """The part of a board that begins with this note."""
    retro = retros.load(session, session.get_one(Note, first_note_id).retro_id)
    return PageOfNotes(retro, [note for note in retro.notes if note.page_id == first_note_id], now)


def permalink(session: Session, channel_id: str, ts: str, thread_ts: str | None = None) -> str | None:
    """Where a message stands, in the form of Slack's own links; None before the workspace's address is known."""
    return links.permalink(company.current(session).workspace_url, channel_id, ts, thread_ts)


def link_to(session: Session, board: Post | None) -> str | None:
    """Where a board stands; None before it does."""
    if board is None or board.message_ts is None or board.posted_in_id is None:
        return None
    return permalink(session, board.posted_in_id, board.message_ts)
