"""What becomes of a retro that was asked for: all notes are revealed at once, placed on its board, and it is closed."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company
from bot.domain.outbox import home_refresh, posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.retros import openings, retros
from bot.domain.sprints import cards, pages, sequence
from bot.platform.errors import Refusal
from models.outbox import Card
from models.retros import Note, Retro
from models.sprints import Sprint

PAGE_CARD = Card.RETRO_PAGE  # what the board has no room for, in its thread; its subject is the first note on it
SHORTEST = timedelta(hours=4)  # a retro that is revealed later than this before its closing stays open a day longer
# A message holds 12,000 characters of JSON; the board needs some for its actions and marks, and a note for its frame.
ROOM_ON_THE_BOARD, ROOM_ON_A_PAGE, FRAME = 5_500, 10_500, 300
NOTES_ON_THE_BOARD, NOTES_ON_A_PAGE = 15, 40  # Slack: 50 blocks a message


def require_revealable(retro: Retro, by: str) -> None:
    """Raise Refusal unless this person may reveal the notes now: anybody of the team facilitates, once they are asked for."""
    retros.require_member(retro, by, to="reveal its notes")
    retros.require_open(retro)
    if retro.revealed_at is not None:
        raise Refusal("The notes are revealed already: somebody was faster. The board shows them.")
    if retro.opened_at is None:
        raise Refusal("This retro is still being written: it opens with the turn to the next sprint.")


def reveal(session: Session, retro: Retro, *, now: datetime) -> None:
    """Show all notes to everybody. The retro is locked."""
    if retro.revealed_at is not None or retro.closed_at is not None:
        return
    retro.revealed_at, retro.reveals_at = now, None
    if retro.closes_at is not None and retro.closes_at - now < SHORTEST:
        # The bot was down, or the team paused: people still get time to read and to say something.
        team = retro.sprint.team
        calendar = Calendar(company.current(session).weekend, team.country)
        retro.closes_at = cadence.instant(
            calendar.next_working_day(cadence.local_date(now, team.zone)), cadence.GOODBYE, team.zone
        )
    _page(session, retro, now)
    session.flush()
    retros.redraw(session, retro, now=now)
    home_refresh.touch_team(session, retro.sprint.team_id, now=now)
    retros.redraw_prompts(session, retro, now=now)


def due(session: Session, now: datetime) -> bool:
    """Whether the time of any retro has come. It takes no lock, so a look that finds nothing blocks nobody."""
    waiting = (_to_reveal(now), _to_close(now), openings.over(now), openings.left_behind(now))
    return any(session.scalar(query.limit(1)) is not None for query in waiting)


def _to_reveal(now: datetime) -> Select[int]:
    """Those to which an older version gave a time."""
    is_time = Retro.revealed_at.is_(None), Retro.closed_at.is_(None), Retro.reveals_at <= now
    return _able(select(Retro.id).where(*is_time, set_asides.not_aside(What.REVEAL, Retro.id, now)))


def _to_close(now: datetime) -> Select[int]:
    is_time = Retro.closed_at.is_(None), Retro.revealed_at.is_not(None), Retro.closes_at <= now
    return _able(select(Retro.id).where(*is_time, set_asides.not_aside(What.RETRO_CLOSING, Retro.id, now)))


def _able(found: Select[int]) -> Select[int]:
    return found.join(Sprint, Sprint.id == Retro.sprint_id).where(Sprint.team_id.in_(openings.able_to_meet()))


def _some(session: Session, retros_due: Select[int]) -> Sequence[int]:
    """A few of them, which no other replica has in hand."""
    locked = retros_due.order_by(Retro.id).limit(20).with_for_update(of=Retro, skip_locked=True)
    return session.scalars(locked).all()


def reveal_due(session: Session, *, now: datetime) -> int:
    """Reveal every retro whose time has come. Returns how many. A few at a time; call it until it returns 0."""
    found = _some(session, _to_reveal(now))
    set_asides.each(session, What.REVEAL, found, lambda ids: _reveal_all(session, ids, now), now=now)
    return len(found)


def _reveal_all(session: Session, retro_ids: Sequence[int], now: datetime) -> None:
    for retro_id in retro_ids:
        reveal(session, retros.locked(session, retro_id), now=now)


def _page(session: Session, retro: Retro, now: datetime) -> None:
    """Give every note its place: on the board, or on a page in the board's thread."""
    pages_of_notes = _batches(retro.notes)[1:]
    for batch in pages_of_notes:
        for note in batch:
            note.page_id = batch[0].id
    _show_pages(session, retro, [batch[0].id for batch in pages_of_notes], now)


def _show_pages(session: Session, retro: Retro, added: Sequence[int], now: datetime) -> None:
    if not added:
        return
    board = posts.card_of(session, retros.CARD, retro.sprint_id)
    channel = retro.sprint.team.channel_id
    posts.write_rows(session, [posts.card_row(PAGE_CARD, page_id, channel, now=now, under=board) for page_id in added])


def _batches(notes: Sequence[Note]) -> list[list[Note]]:
    """The notes in the order of the columns, in as few parts as have room for them. The first part is the board's own."""
    order = ("well", "better", "puzzle")
    batches: list[list[Note]] = [[]]
    room, places = ROOM_ON_THE_BOARD, NOTES_ON_THE_BOARD
    for note in sorted(notes, key=lambda each: (order.index(each.side), each.id)):
        room -= weight(note)
        if room < 0 or len(batches[-1]) == places:
            batches.append([])
            room, places = ROOM_ON_A_PAGE - weight(note), NOTES_ON_A_PAGE
        batches[-1].append(note)
    return batches


def weight(note: Note) -> int:
    """About how many characters a note takes in a message."""
    escaped = 4 * sum(note.text.count(letter) for letter in "&<>\n")  # a line below a note begins with a bullet
    return len(json.dumps(note.text, ensure_ascii=False)) + escaped + len(note.link or "") + FRAME


def place(session: Session, retro: Retro, note: Note, *, now: datetime) -> None:
    """Give a note that came after the reveal its place: after the last ones, or on a new page."""
    earlier = [each for each in retro.notes if each is not note]
    last = (
        earlier[-1].page_id if earlier and earlier[-1].created_at > (retro.revealed_at or now) else _last_page(earlier)
    )
    there = [each for each in earlier if each.page_id == last]
    room, places = (ROOM_ON_A_PAGE, NOTES_ON_A_PAGE) if last else (ROOM_ON_THE_BOARD, NOTES_ON_THE_BOARD)
    if sum(map(weight, there)) + weight(note) <= room and len(there) < places:
        note.page_id = last
        return
    note.page_id = note.id
    _show_pages(session, retro, [note.id], now)


def _last_page(notes: Sequence[Note]) -> int | None:
    """The page of the last batch, None for the board itself."""
    batches = _batches(notes)
    return batches[-1][0].page_id if batches[-1] else None


def redraw_notes(session: Session, retro: Retro, notes: Iterable[Note], *, now: datetime) -> None:
    """Have the messages drawn again on which these notes stand."""
    places = {note.page_id for note in notes}
    posts.redraw_all(session, PAGE_CARD, [page_id for page_id in places if page_id is not None], now=now)
    posts.redraw(session, retros.CARD, retro.sprint_id, now=now)


def close_due(session: Session, *, now: datetime) -> int:
    """Close every retro that nobody closed in its days. Returns how many. A few at a time; call it until it returns 0."""
    found = _some(session, _to_close(now))
    set_asides.each(session, What.RETRO_CLOSING, found, lambda ids: _close_all(session, ids, now), now=now)
    return len(found)


def _close_all(session: Session, retro_ids: Sequence[int], now: datetime) -> None:
    for retro_id in retro_ids:
        closed(session, retros.locked(session, retro_id), by=None, now=now)


def close_all_of(session: Session, team_id: int, *, now: datetime) -> None:
    """A team ends: what its people wrote for retros that nobody holds any more is there to be read."""
    of_team = select(Retro.id).join(Sprint).where(Sprint.team_id == team_id, Retro.closed_at.is_(None))
    for retro_id in session.scalars(of_team.order_by(Retro.id)).all():
        retro = retros.locked(session, retro_id)
        if retro.opened_at is not None:
            reveal(session, retro, now=now)
        closed(session, retro, by=None, now=now)


def closed(session: Session, retro: Retro, *, by: str | None, now: datetime) -> None:
    """The retro is closed: its board, the prompts and the company's page say so."""
    retro.revealed_at = retro.revealed_at or now
    retro.closed_at, retro.closed_by_id = now, by
    session.flush()
    retros.redraw(session, retro, now=now)
    home_refresh.touch_team(session, retro.sprint.team_id, now=now)
    pages.redraw(session, retro.sprint, now=now)
    if (following := sequence.after(session, retro.sprint)) is not None:
        cards.redraw(session, following, now=now)
