"""Two notes that say the same become one, and can be taken apart again."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.retros import notes, retros, revealing
from bot.platform.errors import Refusal
from models.retros import Note, Retro


def merge(session: Session, note_id: int, into_id: int, *, by: str, now: datetime) -> Retro:
    """Put a note, and what stands under it, under an alike one. Raises Refusal where that can't be."""
    retro, note = notes.together(session, note_id, by, to="merge its notes")
    into = next((each for each in retro.notes if each.id == into_id), None)
    if into is None or into.merged_into_id is not None or into.id == note.id:
        raise Refusal("Somebody merged that note elsewhere a moment ago. Open the board again.", field="into")
    if note.merged_into_id is not None:
        raise Refusal("Somebody merged this note a moment ago. Open the board again.", field="into")
    session.execute(update(Note).where(Note.merged_into_id == note.id).values(merged_into_id=into.id))
    note.merged_into_id = into.id
    session.flush()
    revealing.redraw_notes(session, retro, [note, into], now=now)
    return retros.load(session, retro.id)


def split(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Have all notes that were merged into this one stand by themselves again. Raises Refusal where there are none."""
    retro, note = notes.together(session, note_id, by, to="take its notes apart")
    apart = notes.under(retro.notes, note)
    if not apart:
        raise Refusal("No note is merged into this one any more: somebody was faster.")
    for each in apart:
        each.merged_into_id = None
    session.flush()
    revealing.redraw_notes(session, retro, [note, *apart], now=now)
    return retros.load(session, retro.id)
