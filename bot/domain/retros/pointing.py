"""Messages that become notes, because somebody pointed at them: with an emoji, or from a message's menu."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.retros import notes, retros
from models.retros import Note, Retro, Side
from models.teams import Team


@dataclass(frozen=True)
class Found:
    """A message that becomes a note: its words, where it stands, and what makes it the same one."""

    text: str
    link: str | None
    channel_id: str
    ts: str


@dataclass(frozen=True)
class Kept:
    """A message became a note; `is_new` is False where it was one already."""

    retro: Retro
    note: Note
    is_new: bool


def keep(session: Session, team: Team, found: Found, side: Side, *, by: str, now: datetime) -> Kept:
    """Make a note of a message, once for each person and message. Raises Refusal for what can't be a note."""
    retro = retros.at(session, team.id, retros.meant(session, team, now=now).dates.starts_on, now=now)
    retros.require_member(retro, by, to="write in its retro")
    source = f"{by}:{found.channel_id}:{found.ts}"
    there = session.scalar(select(Note).where(Note.source == source))
    if there is not None:
        return Kept(retro, there, is_new=False)
    retros.require_open(retro)
    notes.require_room(retro, by, 1)
    words = notes.checked(found.text, "text")
    note = Note(author_id=by, side=side, text=words, link=found.link, source=source, created_at=now)
    notes.append(session, retro, [note], now)
    if retro.opened_at is not None and retro.revealed_at is None:
        retros.redraw_prompts(session, retro, now=now, to=by)
    return Kept(retro, note, is_new=True)
