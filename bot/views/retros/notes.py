"""What people see of single notes: a line of the board, and the forms to write, edit and merge one."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.wording import count, period
from bot.domain.outbox.posts import Message
from bot.domain.retros import notes, retros, typed
from bot.domain.retros.notes import Written
from bot.domain.retros.retros import Meant
from bot.domain.teams import teams
from bot.views import kit, routes
from bot.views.kit import Block, Element, Fields, View, keys
from bot.views.sprints.sprints import key, read_sprint
from models.retros import NOTE_LENGTH, Note, Retro, Side
from models.teams import Team

WRITE = routes.WRITE_NOTES.verb
ADD = "retro_add"
EDIT = "note_edit"
ME_TOO = "note_me_too"
VOTE = "note_vote"  # an older version's, when teams could vote
MENU = "note_menu"
SIDES = {Side.WELL: "What went well?", Side.BETTER: "What could be better?", Side.PUZZLE: "What puzzles you?"}
COLUMNS = {Side.WELL: "🌱 Went well", Side.BETTER: "🔧 Could be better", Side.PUZZLE: "❓ Puzzles"}
LEFT_OUT, MOST_LEFT_OUT = 200, 10  # characters of a line that made no note, and how many of those are shown
HINT = "One note a line. Indented lines belong to the note above. A line with → proposes an action."


# --- a note on the board ----------------------------------------------------------------------------------------

WHO_READS = "Your team reads your notes at the reveal. People who have sent their own can read yours from the turn on."


def columns(retro: Retro, shown: Sequence[Note], *, menus: str | None = None) -> list[Block]:
    """Notes by column. `menus` is who gets a menu beside each; else each has its one button."""
    blocks = []
    for side, name in COLUMNS.items():
        standing = [note for note in notes.top(shown) if note.side == side]
        if standing:
            blocks.append(kit.section(f"*{name}*"))
        for note in standing:
            element = _menu(retro, note, menus) if menus is not None else _button(retro, note)
            blocks.append(kit.section(kit.clip(words(retro, note), kit.SECTION_TEXT), element))
    return blocks


def lines(retro: Retro, shown: Sequence[Note]) -> list[str]:
    """The same as lines of text, for who can't see blocks."""
    found = []
    for side, name in COLUMNS.items():
        standing = [note for note in notes.top(shown) if note.side == side]
        found += [f"*{name}*", *(words(retro, note) for note in standing)] if standing else []
    return found


def words(retro: Retro, note: Note) -> str:
    """A note with its author, who agrees, and what was merged into it."""
    merged = [f"\n\u2003\u2002↳ {said_by(each)}" for each in notes.under(retro.notes, note)]
    others = notes.support(retro.notes, note)
    agrees = f" · 👍 {others}" if others else ""
    return f"{said_by(note, agrees)}{''.join(merged)}"


def said_by(note: Note, agrees: str = "") -> str:
    """A note with its author behind what it says, and what else they wrote below."""
    edited = " _(edited)_" if note.edited_at else ""
    return f"{_said(note)} — {authors(note)}{edited}{agrees}{_below(note)}"


def authors(note: Note) -> str:
    """The names behind a note."""
    return kit.names([kit.escape(name) for name in retros.names(note)])


def _said(note: Note) -> str:
    link = f" <{note.link}|↗>" if note.link else ""
    return f"{kit.linked(typed.headline(note.text))}{link}"


def _below(note: Note) -> str:
    return "".join(f"\n\u2003\u2002• {kit.linked(line)}" for line in typed.below(note.text))


def _button(retro: Retro, note: Note) -> Element | None:
    if retro.closed_at is not None:
        return None
    return kit.button("Me too", f"{ME_TOO}_{note.id}", str(note.id))


def _menu(retro: Retro, note: Note, viewer: str) -> Element | None:
    """What this person can do with a note. Slack takes five choices."""
    if retro.closed_at is not None:
        return None
    choices: list[tuple[str, str]] = []
    if retros.is_of(note, viewer):
        choices.append(("✏️ Edit", "edit"))
        choices += [] if retro.revealed_at else [("🗑️ Delete", "delete")]
    elif retro.revealed_at and teams.is_member(retro.sprint.team, viewer):
        choices.append(("👍 Me too", "agree"))
    if retro.revealed_at and teams.is_member(retro.sprint.team, viewer):
        merged = bool(notes.under(retro.notes, note))
        choices.append(("🔀 Take apart", "split") if merged else ("🔀 Merge into another…", "merge"))
        choices.append(("🤝 Keep as an agreement", "keep"))
        choices.append(("💬 Discuss in the thread", "discuss"))
    options = [kit.option(text, f"{note.id}:{verb}") for text, verb in choices]
    return kit.overflow(f"{MENU}_{note.id}", options) if options else None


def read_menu(value: str) -> tuple[int, str]:
    """The note's id and what was chosen."""
    note_id, _, verb = value.partition(":")
    return keys.number(note_id), verb


def discussed_view(link: str | None) -> View:
    """The receipt of a note that is discussed."""
    thread = f"<{link}|the board's thread>" if link else "the board's thread"
    words = kit.section(f"The note is in {thread} now: answer it there.")
    return kit.done("Discuss a note", [words], keep_below=True)


def discussed_message(note: Note) -> Message:
    """A note as a message of its own in the board's thread, to reply to."""
    return Message(f"💬 {said_by(note)}")


# --- writing ----------------------------------------------------------------------------------------------------


def form(meant: Meant, retro: Retro | None, viewer: str) -> View:
    """The form of `/retro`: my notes so far, and a field for each column."""
    asked = retro is not None and retro.opened_at is not None
    return kit.modal(
        WRITE,
        "Retro",
        _form_blocks(meant.team, meant.dates, retro, viewer),
        submit="Send" if asked else "Add",
        close="Cancel",
        metadata=key(meant.team.id, meant.dates.starts_on),
    )


def still_writing(view: Mapping[str, Any], retro: Retro, viewer: str) -> View | None:
    """The form again, with what was typed and the notes as they are now; None for another window."""
    if view["callback_id"] != WRITE:
        return None
    sprint = retro.sprint
    blocks = _form_blocks(sprint.team, Dates(sprint.starts_on, sprint.ends_on), retro, viewer)
    return kit.rewritten(view, blocks)


def _form_blocks(team: Team, dates: Dates, retro: Retro | None, viewer: str) -> list[Block]:
    mine = [note for note in retro.notes if retros.is_of(note, viewer)] if retro else []
    about = f"Team {kit.escape(team.name)} · {period(dates.starts_on, dates.ends_on)}"
    return [
        kit.context(f"{about}\n{_who_reads(retro, viewer)}"),
        *my_notes(retro, mine, viewer),
        *(_lines_field(side, label) for side, label in SIDES.items()),
    ]


def _who_reads(retro: Retro | None, viewer: str) -> str:
    if retro is not None and retro.closed_at is not None:
        return "This retro is closed: what you write goes to the retro of the sprint that runs."
    if retro is not None and retro.revealed_at is not None:
        return "The notes are revealed: everybody reads what you add."
    if retro is not None and retro.opened_at is not None and not retros.has_answered(retro, viewer):
        return "Once you have sent your own notes, you can read the others'. Sending none is an answer, too."
    return f"{WHO_READS} Your name is beside them."


def my_notes(retro: Retro | None, mine: Sequence[Note], viewer: str) -> list[Block]:
    """Somebody's own notes, to edit or delete."""
    if retro is None or not mine:
        return []
    rows = [
        kit.section(f"{COLUMNS[Side(note.side)].split()[0]} {kit.clip(plain(note), 2_900)}", _menu(retro, note, viewer))
        for note in mine
    ]
    return [kit.section("*Your notes so far*"), *rows, kit.divider()]


def plain(note: Note) -> str:
    """A note without its author."""
    return f"{_said(note)}{_below(note)}"


def _lines_field(side: Side, label: str) -> Block:
    hint = HINT if side is Side.WELL else ""
    return kit.field(side, label, kit.text_input(side, multiline=True), optional=True, hint=hint)


def read_form(view: Mapping[str, Any]) -> Written:
    """What was written."""
    fields = Fields(view)
    team_id, starts_on = read_sprint(view["private_metadata"])
    lines = {side: typed.read(fields.typed(side)).notes for side in Side}
    return Written(team_id, starts_on, lines)


def how_it_was_read(view: Mapping[str, Any], prefix: str = "") -> list[str]:
    """How the notes were read, if not as they were typed. `prefix` begins the names of the form's fields for notes."""
    fields = Fields(view)
    found = [typed.read(fields.typed(f"{prefix}{side}")) for side in Side]
    lines = [kit.escape(kit.shorten(line, LEFT_OUT)) for read in found for line in read.left_out]
    more = [f"… and {count(len(lines) - MOST_LEFT_OUT, 'more line')}"] if len(lines) > MOST_LEFT_OUT else []
    left_out = [*lines[:MOST_LEFT_OUT], *more]
    torn = sum(read.torn for read in found)
    long = "A long note became" if torn == 1 else f"{torn} long notes became"
    return [
        *([f"{long} several notes, of {NOTE_LENGTH} characters at most."] if torn else []),
        *(["*Headings and tables make no notes. Left out:*", *left_out] if left_out else []),
    ]


def read_otherwise(read: Sequence[str]) -> View:
    """What is said of notes that were written with something else, which is shown elsewhere."""
    return kit.done("Your retro notes", [kit.section("Your plan and your notes are in."), *kit.paragraphs(read)])


def written_view(retro: Retro, viewer: str, read: Sequence[str] = ()) -> View:
    """The receipt: my notes, and how they were `read` where that isn't as they were typed."""
    mine = [note for note in retro.notes if retros.is_of(note, viewer)]
    said = (
        f"Thank you! You have {count(len(mine), 'note')} in this retro."
        if mine
        else "Nothing to add: that is an answer."
    )
    return kit.modal(
        "notes_written",
        "Retro",
        kit.fit_view(
            [kit.section(said), *kit.paragraphs(read), *my_notes(retro, mine, viewer)],
            [kit.context(_what_next(retro, viewer))],
            "There are more: `/retro` shows them.",
        ),
    )


def _what_next(retro: Retro, viewer: str) -> str:
    if retro.revealed_at is not None:
        return "Everybody reads them on the board."
    return WHO_READS if retro.opened_at is None else f"{WHO_READS} `/retro show` shows what they wrote."


def edit_form(note: Note) -> View:
    """The form to change one's note."""
    return kit.modal(
        EDIT,
        "Edit my note",
        [text_field(note.text), side_field(Side(note.side))],
        submit="Save",
        close="Cancel",
        metadata=str(note.id),
    )


def read_edit(view: Mapping[str, Any]) -> tuple[int, str, Side]:
    """The note's id, its words and its column."""
    fields = Fields(view)
    return (
        keys.number(view["private_metadata"]),
        fields.text("text"),
        keys.word(Side, fields.choice("side") or Side.BETTER),
    )


def text_field(initial: str) -> Block:
    """A note's words."""
    return kit.field("text", "Note", kit.text_input("text", initial=initial, multiline=True, most=NOTE_LENGTH))


def side_field(side: Side) -> Block:
    """Its column."""
    choices = [kit.option(name, each) for each, name in COLUMNS.items()]
    return kit.field("side", "It answers", kit.radio("side", choices, side))
