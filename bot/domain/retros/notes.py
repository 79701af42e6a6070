"""The notes of a retro: written alone, read together, agreed with and merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from bot.domain.retros import retros, revealing, typed
from bot.platform.errors import Refusal
from models.retros import NOTE_LENGTH, MeToo, Note, NotePointer, Retro, Side

MOST_NOTES = 30  # a person and retro; six people's must fit in a thread that somebody reads
OWN = "own"  # begins the source of a note that was made from a message and then reworded
GONE = "This note is gone: its author deleted it. `/retro show` shows the others."


@dataclass(frozen=True)
class Written:
    """The form "add a note": the notes of each column, as `typed` reads them."""

    team_id: int
    starts_on: date
    lines: Mapping[Side, Sequence[str]]


# --- writing ----------------------------------------------------------------------------------------------------


def add(session: Session, written: Written, *, by: str, now: datetime) -> Retro:
    """Add notes to a retro, or once it is closed to the running sprint's. Where it is asked for, that is an answer to it.

    Raises Refusal, under the column concerned, for what can't be a note.
    """
    retro = retros.at(session, written.team_id, written.starts_on, now=now)
    retros.require_member(retro, by, to="write in its retro")
    if retro.closed_at is not None:
        meant = retros.meant(session, retro.sprint.team, now=now)
        retro = retros.at(session, written.team_id, meant.dates.starts_on, now=now)
    retros.require_open(retro)
    lines = [(side, checked(line, side)) for side in Side for line in written.lines.get(side, ())]
    if not lines and retro.opened_at is None:
        raise Refusal("Write a line, in any of the three fields.", field=Side.WELL)
    require_room(retro, by, len(lines))
    append(
        session,
        retro,
        [Note(author_id=by, side=side, text=line, created_at=now, pointers=[]) for side, line in lines],
        now,
    )
    retros.answer(session, retro, by, now=now)
    return retros.load(session, retro.id)


def append(session: Session, retro: Retro, added: Sequence[Note], now: datetime) -> None:
    """Add notes to a retro; once it is revealed they stand on the board at once."""
    for note in added:
        retro.notes.append(note)
        if retro.revealed_at is not None:
            session.flush()  # a page in the thread is named after its first note
            revealing.place(session, retro, note, now=now)
    session.flush()
    if added and retro.revealed_at is not None:
        revealing.redraw_notes(session, retro, added, now=now)


def require_room(retro: Retro, by: str, more: int) -> None:
    """Raise Refusal where that many more notes of one person are too many."""
    there = sum(retros.is_of(note, by) for note in retro.notes)
    if there + more > MOST_NOTES:
        raise Refusal(
            f"That would be {there + more} notes of yours; a retro takes {MOST_NOTES} from each. Keep what matters most.",
            field=Side.WELL,
        )


def checked(text: str, field: str) -> str:
    """A note's words. Raises Refusal for what can't be one."""
    words = typed.clean(text)
    if not words:
        raise Refusal("Write something, or delete the note.", field=field)
    if len(words) > NOTE_LENGTH:
        shown = f"{words[:39]}…"
        raise Refusal(f"“{shown}” is {len(words)} characters long; a note takes {NOTE_LENGTH}.", field=field)
    return words


def edit(session: Session, note_id: int, text: str, side: Side, *, by: str, now: datetime) -> Retro:
    """Change one's note; after the reveal it shows as edited. Raises Refusal for somebody else's note."""
    retro, note = _mine(session, note_id, by)
    words = checked(text, "text")
    if (words, side) == (note.text, note.side):
        return retros.load(session, retro.id)
    if note.pointers:
        _part(session, retro, note, Note(author_id=by, side=side, text=words, link=note.link, created_at=now), now)
    else:
        note.edited_at = now if retro.revealed_at is not None else note.edited_at
        note.text, note.side, note.source = words, side, _reworded(retro, note, by)
    session.flush()
    _show(session, retro, [note], by, now)
    return retros.load(session, retro.id)


def _part(session: Session, retro: Retro, note: Note, own: Note, now: datetime) -> None:
    """Somebody says it in words of their own: the note stays that of the others who pointed at the message."""
    own.source, own.pointers = _reworded(retro, note, own.author_id), []
    leave(session, note, own.author_id)
    append(session, retro, [own], now)


def _reworded(retro: Retro, note: Note, by: str) -> str | None:
    """The source of a note that says something else than its message: with the emoji it does not go."""
    return f"{OWN}:{by}:{retro.id}:{':'.join(note.source.split(':')[-2:])}" if note.source else None


def leave(session: Session, note: Note, by: str) -> None:
    """Take one of several names from a note."""
    pointer = note.pointers[0].person_id if note.author_id == by else by
    if note.author_id == by:
        note.author_id = pointer
    session.execute(delete(NotePointer).where(NotePointer.note_id == note.id, NotePointer.person_id == pointer))
    session.flush()


def remove(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Delete one's note, before the others have read it. Raises Refusal after that, and for somebody else's note."""
    retro, note = _mine(session, note_id, by)
    if retro.revealed_at is not None:
        raise Refusal("The others have read this note, so it stays. You can still edit it.")
    take_back(session, retro, note, by=by, now=now)
    return retros.load(session, retro.id)


def take_back(session: Session, retro: Retro, note: Note, *, by: str, now: datetime) -> None:
    """Take a person's name off a hidden note, and delete the note if nobody else is named on it. The retro is locked."""
    if note.pointers:
        leave(session, note, by)
    else:
        session.delete(note)
        session.flush()
    _show(session, retro, [], by, now)


def mine(session: Session, note_id: int, *, by: str) -> Note:
    """One's note. Raises Refusal for somebody else's."""
    note = session.scalar(select(Note).where(Note.id == note_id).options(selectinload(Note.pointers)))
    if note is None:
        raise Refusal(GONE)
    if not retros.is_of(note, by):
        raise Refusal("Only the author of a note can change it.")
    return note


def _mine(session: Session, note_id: int, by: str) -> tuple[Retro, Note]:
    mine(session, note_id, by=by)
    retro, note = _locked(session, note_id)
    retros.require_open(retro)
    return retro, note


def _locked(session: Session, note_id: int) -> tuple[Retro, Note]:
    retro_id = session.scalar(select(Note.retro_id).where(Note.id == note_id))
    if retro_id is None:
        raise Refusal(GONE)
    retro = retros.locked(session, retro_id)
    note = next((each for each in retro.notes if each.id == note_id), None)
    if note is None:
        raise Refusal(GONE)
    return retro, note


def _show(session: Session, retro: Retro, notes: Sequence[Note], by: str, now: datetime) -> None:
    if retro.revealed_at is not None:
        revealing.redraw_notes(session, retro, notes, now=now)
    else:
        retros.redraw_prompts(session, retro, now=now, to=by)


# --- together ---------------------------------------------------------------------------------------------------


def agree(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Say *me too* to a note, or take it back. Raises Refusal for one's own note, and for one that is still hidden."""
    retro, note = together(session, note_id, by, to="agree in its retro")
    if retros.is_of(note, by):
        raise Refusal("This note is yours: that you agree goes without saying.")
    _toggle(session, retro, note, by)
    revealing.redraw_notes(session, retro, [note], now=now)
    return retros.load(session, retro.id)


def _toggle(session: Session, retro: Retro, note: Note, by: str) -> None:
    """Say it of this note, or take it back, also where it was said of one that was merged into it since."""
    alike = [each.id for each in (note, *under(retro.notes, note))]
    said = session.scalar(select(MeToo.note_id).where(MeToo.note_id.in_(alike), MeToo.person_id == by).limit(1))
    if said is None:
        session.add(MeToo(note_id=note.id, person_id=by))
        session.flush()
        return
    session.execute(delete(MeToo).where(MeToo.note_id == said, MeToo.person_id == by))


def shared(session: Session, note_id: int, *, by: str, to: str) -> tuple[Retro, Note]:
    """A revealed note of one's team, with its retro, whole. `to` says what for. Raises Refusal for any other."""
    retro, note = readable(session, note_id, by=by)
    _require_together(retro, by, to=to)
    return retro, note


def readable(session: Session, note_id: int, *, by: str) -> tuple[Retro, Note]:
    """A note that this person may read, with its retro, whole. Raises Refusal for one that is hidden from them."""
    retro_id = session.scalar(select(Note.retro_id).where(Note.id == note_id))
    retro = retros.load(session, retro_id) if retro_id is not None else None
    note = next((each for each in retros.visible(retro, by) if each.id == note_id), None) if retro else None
    if retro is None or note is None:
        raise Refusal(GONE)
    return retro, note


def together(session: Session, note_id: int, by: str, *, to: str) -> tuple[Retro, Note]:
    retro, note = _locked(session, note_id)
    _require_together(retro, by, to=to)
    return retro, note


def _require_together(retro: Retro, by: str, *, to: str) -> None:
    """What is decided together is decided after the reveal, by somebody of the team, while the retro is not closed."""
    retros.require_member(retro, by, to=to)
    retros.require_open(retro)
    retros.require_revealed(retro)


# --- reading ----------------------------------------------------------------------------------------------------


def top(notes: Sequence[Note]) -> list[Note]:
    """The notes that stand by themselves."""
    return [note for note in notes if note.merged_into_id is None]


def under(notes: Sequence[Note], note: Note) -> list[Note]:
    """The notes that were merged into this one."""
    return [each for each in notes if each.merged_into_id == note.id]


def support(notes: Sequence[Note], note: Note) -> int:
    """How many people besides those who are named stand behind a note: by *me too*, or by a note of their own merged into it."""
    alike = [note, *under(notes, note)]
    people = {each.person_id for one in alike for each in one.me_toos}
    return len(people.union(*map(retros.writers, alike)) - retros.writers(note))


def stands_for(retro: Retro, note: Note) -> int:
    """How many people a note has besides the one who wrote it."""
    return support(retro.notes, note) + len(note.pointers)


def suggested(retro: Retro) -> Note | None:
    """The note that most people stand behind; none where nobody stands behind any but its author."""

    def weight(note: Note) -> tuple[int, int]:
        return stands_for(retro, note), -note.id

    better = [note for note in top(retro.notes) if note.side != Side.WELL and weight(note)[0]]
    return max(better, key=weight, default=None)


def most_agreed(retro: Retro, count: int) -> list[Note]:
    """The notes that most people stand behind; where none has more than its author, the first ones."""
    return sorted(top(retro.notes), key=lambda note: (-stands_for(retro, note), note.id))[:count]
