"""The notes of a retro: written alone, read together, agreed with, merged and voted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import periods
from bot.domain.calendar.cadence import PromptKind
from bot.domain.outbox import posts
from bot.domain.retros import retros, revealing
from bot.platform.errors import Refusal
from models.retros import NOTE_LENGTH, MeToo, Note, Retro, Side, Vote
from models.teams import Team

MOST_NOTES = 30  # a person and retro; six people's must fit in a thread that somebody reads
MOST_VOTES = 3
GONE = "This note is gone: its author deleted it. `/retro show` has what stands."


@dataclass(frozen=True)
class Written:
    """The form "add a note": the lines of each column, one note a line."""

    team_id: int
    starts_on: date
    lines: Mapping[Side, Sequence[str]]


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


# --- writing ----------------------------------------------------------------------------------------------------


def add(session: Session, written: Written, *, by: str, now: datetime) -> Retro:
    """Add notes to a retro. Once it is asked for, that is an answer to it, with notes or without.

    Raises Refusal, under the column concerned, for what can't be a note, and once the retro is closed.
    """
    retro = retros.at(session, written.team_id, written.starts_on, now=now)
    retros.require_member(retro, by, to="write in its retro")
    retros.require_open(retro)
    lines = [(side, _checked(line, side)) for side in Side for line in written.lines.get(side, ())]
    if not lines and retro.opened_at is None:
        raise Refusal("Write a line, in any of the three fields.", field=Side.WELL)
    _require_room(retro, by, len(lines))
    _append(session, retro, [Note(author_id=by, side=side, text=line, created_at=now) for side, line in lines], now)
    retros.answer(session, retro, by, now=now)
    return retros.load(session, retro.id)


def keep(session: Session, team: Team, found: Found, side: Side, *, by: str, now: datetime) -> Kept:
    """Make a note of a message, once for each person and message. Raises Refusal for what can't be a note."""
    retro = retros.at(session, team.id, retros.meant(session, team, now=now).dates.starts_on, now=now)
    retros.require_member(retro, by, to="write in its retro")
    source = f"{by}:{found.channel_id}:{found.ts}"
    there = session.scalar(select(Note).where(Note.source == source))
    if there is not None:
        return Kept(retro, there, is_new=False)
    retros.require_open(retro)
    _require_room(retro, by, 1)
    words = _checked(found.text, "text")
    note = Note(author_id=by, side=side, text=words, link=found.link, source=source, created_at=now)
    _append(session, retro, [note], now)
    if retro.opened_at is not None and retro.revealed_at is None:
        posts.redraw_sent(session, [PromptKind.MARKS], retro.sprint_id, now=now, to=by)
    return Kept(retro, note, is_new=True)


def _append(session: Session, retro: Retro, added: Sequence[Note], now: datetime) -> None:
    for note in added:
        retro.notes.append(note)
        if retro.revealed_at is not None:
            session.flush()  # a page in the thread is named after its first note
            revealing.place(session, retro, note, now=now)
    session.flush()
    if added and retro.revealed_at is not None:
        revealing.redraw_notes(session, retro, added, now=now)


def _require_room(retro: Retro, by: str, more: int) -> None:
    there = sum(note.author_id == by for note in retro.notes)
    if there + more > MOST_NOTES:
        raise Refusal(
            f"That would be {there + more} notes of yours; a retro takes {MOST_NOTES} from each. Keep what matters most.",
            field=Side.WELL,
        )


def _checked(text: str, field: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Refusal("Write something, or delete the note.", field=field)
    if len(words) > NOTE_LENGTH:
        shown = f"{words[:39]}…"
        raise Refusal(f"“{shown}” is {len(words)} characters long; a note takes {NOTE_LENGTH}.", field=field)
    return words


def edit(session: Session, note_id: int, text: str, side: Side, *, by: str, now: datetime) -> Retro:
    """Change one's note; after the reveal it shows as edited. Raises Refusal for somebody else's note."""
    retro, note = _mine(session, note_id, by)
    words = _checked(text, "text")
    if (words, side) != (note.text, note.side) and retro.revealed_at is not None:
        note.edited_at = now
    note.text, note.side = words, side
    session.flush()
    _show(session, retro, [note], by, now)
    return retros.load(session, retro.id)


def remove(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Delete one's note, before the others have read it. Raises Refusal after that, and for somebody else's note."""
    retro, note = _mine(session, note_id, by)
    if retro.revealed_at is not None:
        raise Refusal("The others have read this note, so it stays. You can still edit it.")
    session.delete(note)
    session.flush()
    _show(session, retro, [], by, now)
    return retros.load(session, retro.id)


def mine(session: Session, note_id: int, *, by: str) -> Note:
    """One's note. Raises Refusal for somebody else's."""
    note = session.get(Note, note_id)
    if note is None:
        raise Refusal(GONE)
    if note.author_id != by:
        raise Refusal("Only who wrote a note changes it.")
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
        posts.redraw_sent(session, [PromptKind.MARKS], retro.sprint_id, now=now, to=by)


# --- together ---------------------------------------------------------------------------------------------------


def agree(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Say *me too* to a note, or take it back. Raises Refusal for one's own note, and for one that is still hidden."""
    retro, note = _together(session, note_id, by, to="agree in its retro")
    if note.author_id == by:
        raise Refusal("This note is yours: that you agree goes without saying.")
    _toggle(session, MeToo, retro, note, by)
    revealing.redraw_notes(session, retro, [note], now=now)
    return retros.load(session, retro.id)


def _toggle(session: Session, table: type[MeToo | Vote], retro: Retro, note: Note, by: str) -> bool:
    """Say it of this note, or take it back, also where it was said of one that was merged into it since."""
    alike = [each.id for each in (note, *under(retro.notes, note))]
    said = session.scalar(select(table.note_id).where(table.note_id.in_(alike), table.person_id == by).limit(1))
    if said is None:
        session.add(table(note_id=note.id, person_id=by))
        session.flush()
        return True
    session.execute(delete(table).where(table.note_id == said, table.person_id == by))
    return False


def vote(session: Session, note_id: int, *, by: str, now: datetime) -> Retro:
    """Give a note one of one's three votes, or take it back. Raises Refusal for a fourth, and in a team without votes."""
    retro, note = _together(session, note_id, by, to="vote in its retro")
    if not retro.has_votes:
        raise Refusal("This team does not vote. Its lead can switch it on with `/retro settings`.")
    given = select(func.count()).select_from(Vote).join(Note).where(Note.retro_id == retro.id, Vote.person_id == by)
    if _toggle(session, Vote, retro, note, by) and (session.scalar(given) or 0) > MOST_VOTES:
        raise Refusal(f"You have given your {MOST_VOTES} votes. Take one back first.")
    revealing.redraw_notes(session, retro, [note], now=now)
    return retros.load(session, retro.id)


def merge(session: Session, note_id: int, into_id: int, *, by: str, now: datetime) -> Retro:
    """Put a note, and what stands under it, under an alike one. Raises Refusal where that can't be."""
    retro, note = _together(session, note_id, by, to="merge its notes")
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
    retro, note = _together(session, note_id, by, to="take its notes apart")
    apart = under(retro.notes, note)
    if not apart:
        raise Refusal("Nothing stands under this note any more: somebody was faster.")
    for each in apart:
        each.merged_into_id = None
    session.flush()
    revealing.redraw_notes(session, retro, [note, *apart], now=now)
    return retros.load(session, retro.id)


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


def _together(session: Session, note_id: int, by: str, *, to: str) -> tuple[Retro, Note]:
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
    """How many people besides its author stand behind a note: by *me too*, or by a note of their own merged into it."""
    alike = [note, *under(notes, note)]
    people = {each.person_id for one in alike for each in one.me_toos} | {one.author_id for one in alike}
    return len(people - {note.author_id})


def votes(notes: Sequence[Note], note: Note) -> int:
    """How many votes a note got, with those merged into it."""
    return sum(len(each.votes) for each in [note, *under(notes, note)])


def votes_are_shown(retro: Retro, now: datetime) -> bool:
    """Whether all who are at work have voted, or nobody can any more."""
    voted = {vote.person_id for note in retro.notes for vote in note.votes}
    present = [
        member.person_id
        for member in retro.sprint.team.members
        if not member.person.is_deactivated and not any(periods.is_away(away, now) for away in member.person.aways)
    ]
    return retro.closed_at is not None or all(person_id in voted for person_id in present)


def suggested(retro: Retro, now: datetime) -> Note | None:
    """The note that most people stand behind; none where nobody stands behind any but its author.

    Votes that are still hidden count nothing, or the suggestion would tell them.
    """
    counts_votes = votes_are_shown(retro, now)

    def weight(note: Note) -> tuple[int, int, int]:
        return votes(retro.notes, note) if counts_votes else 0, support(retro.notes, note), -note.id

    better = [note for note in top(retro.notes) if note.side != Side.WELL and any(weight(note)[:2])]
    return max(better, key=weight, default=None)
