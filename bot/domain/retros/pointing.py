"""Messages that become notes, because somebody pointed at them: with an emoji, or from a message's menu.

Two people of a team who point at one message make one note with two names.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.outbox import home_refresh
from bot.domain.retros import notes, retros, revealing
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.retros import Note, NotePointer, Retro, Side
from models.sprints import Sprint
from models.teams import Team

READ = "The others have read it. `/retro show` lets you edit it."
CHANGED = "You have put it in your own words. `/retro` lets you delete it."


class How(StrEnum):
    """How somebody pointed at a message."""

    EMOJI = "emoji"  # removing the emoji deletes a note that nobody has edited
    FORM = "form"


@dataclass(frozen=True)
class Found:
    """A message that becomes a note: its words, where it stands, and what makes it the same one."""

    text: str
    link: str | None
    channel_id: str
    ts: str

    @property
    def place(self) -> str:
        """The end of the `source` of every note that was made from it."""
        return _place(self.channel_id, self.ts)


@dataclass(frozen=True)
class Kept:
    """A message became a note, or one that is there has one more name; `is_new` is False where it had this name already."""

    retro: Retro
    note: Note
    is_new: bool
    is_shared: bool = False


@dataclass(frozen=True)
class Withdrawn:
    """The emoji was taken off a message that had become a note: so the note is gone, or it `stays`, and why."""

    note: Note
    stays: str = ""


def _place(channel_id: str, ts: str) -> str:
    return f":{channel_id}:{ts}"


def keep(session: Session, team: Team, found: Found, side: Side, how: How, *, by: str, now: datetime) -> Kept:
    """Make a note of a message, once for each person and message. Raises Refusal for what can't be a note."""
    retro = retros.at(session, team.id, retros.meant(session, team, now=now).dates.starts_on, now=now)
    retros.require_member(retro, by, to="write in its retro")
    alike = [note for note in retro.notes if (note.source or "").endswith(found.place)]
    mine = next((note for note in alike if retros.is_of(note, by)), None)
    if mine is not None:
        return Kept(retro, mine, is_new=False)
    retros.require_open(retro)
    notes.require_room(retro, by, 1)
    words = notes.checked(found.text, "text")
    same = next((note for note in alike if (note.text, note.side) == (words, side)), None)
    if same is not None:
        session.add(NotePointer(note_id=same.id, person_id=by))
        session.flush()
    note = same or _made(session, retro, found, Note(author_id=by, side=side, text=words), how, now)
    if retro.revealed_at is not None:
        revealing.redraw_notes(session, retro, [note], now=now)
    elif retro.opened_at is not None:
        retros.redraw_prompts(session, retro, now=now, to=by)
    return Kept(retro, note, is_new=True, is_shared=same is not None)


def note(session: Session, found: Found, *, by: str, now: datetime) -> Kept | str:
    """The same for the emoji of one's team. Returns a sentence if it makes no note: there is no form to show an error in."""
    try:
        with session.begin_nested():
            return keep(session, teams.mine(session, by), found, Side.BETTER, How.EMOJI, by=by, now=now)
    except Refusal as refused:
        return refused.message


def _made(session: Session, retro: Retro, found: Found, note: Note, how: How, now: datetime) -> Note:
    note.source = f"{how}:{note.author_id}:{retro.id}{found.place}"
    note.link, note.created_at, note.pointers = found.link, now, []
    notes.append(session, retro, [note], now)
    return note


def withdraw(session: Session, team: Team, channel_id: str, ts: str, *, by: str, now: datetime) -> Withdrawn | None:
    """Take back the note of a person who removed their emoji from a message. A note that was edited or read stays.

    Returns None if there is no such note.
    """
    emoji = Note.source.startswith(f"{How.EMOJI}:") | Note.source.startswith(f"{notes.OWN}:")
    query = select(Note.retro_id).join(Retro).join(Sprint).where(Sprint.team_id == team.id, Retro.closed_at.is_(None))
    there = query.where(emoji, Note.source.endswith(_place(channel_id, ts), autoescape=True))
    for retro_id in session.scalars(there.distinct().order_by(Note.retro_id)).all():
        retro = retros.locked(session, retro_id)
        mine = [note for note in retro.notes if _is_from(note, channel_id, ts) and retros.is_of(note, by)]
        if mine:
            return _leave(session, retro, mine[0], by, now)
    return None


def _is_from(note: Note, channel_id: str, ts: str) -> bool:
    kind = (note.source or "").partition(":")[0]
    return kind in (How.EMOJI, notes.OWN) and (note.source or "").endswith(_place(channel_id, ts))


def _leave(session: Session, retro: Retro, note: Note, by: str, now: datetime) -> Withdrawn:
    if retro.revealed_at is not None:
        return Withdrawn(note, READ)
    if note.source is not None and note.source.startswith(f"{notes.OWN}:"):
        return Withdrawn(note, CHANGED)
    notes.take_back(session, retro, note, by=by, now=now)
    home_refresh.touch(session, [by], now=now)
    return Withdrawn(note)
