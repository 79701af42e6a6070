"""What people see of a retro: the board in the channel, its pages, the whole of it in a window, and the form that closes it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import count, days, weekday
from bot.domain.outbox.posts import Message
from bot.domain.planning import exports
from bot.domain.planning.exports import MARKS
from bot.domain.retros import actions, notes, retros
from bot.domain.retros.actions import Closing, Resolution, Resolve
from bot.domain.retros.boards import Board, PageOfNotes
from bot.domain.retros.openings import Settings
from bot.domain.teams import teams
from bot.views import kit
from bot.views.kit import Block, Element, Fields, View, keys
from bot.views.retros import actions as action_views
from bot.views.retros import agreements as agreement_views
from bot.views.retros import notes as note_views
from bot.views.sprints.sprints import MARK_ORDER, key, tally
from models.retros import Action, ActionState, Retro
from models.sprints import TITLE_LENGTH, Item, Mark
from models.teams import Team

SHOW = "retro_show"
TURN = "retro_turn"
MENU = "retro_menu"
CLOSE = "retro_close"
MORE_ACTIONS = "retro_more_actions"
EXPORT = "retro_export"
SETTINGS = "retro_settings"
TAKE = "improvement_take"
MORE = "There is more: *Show it all* has it."
STATUS = 2_400  # characters of the status pass on the board; the window has all of it

HELP = """*Retros*
• `/retro` – add a note, whenever something strikes you: it is hidden until the retro
• `/retro show [team]` – your team's retro, or any other team's
• `/retro actions [team]` – what earlier retros led to, and what is still open
• `/retro trends [team]` – how the last sprints went, as a picture
• `/retro export [team]` – the retro as Markdown
• `/retro settings` – the lead chooses which emoji on a message makes a note of it
A message in a public channel becomes a note, too: *Add to retro* in its menu, or the emoji :retro: on it."""


# --- the board --------------------------------------------------------------------------------------------------


def board(shown: Board) -> Message:
    """The retro in the team's channel."""
    retro = shown.retro
    if _is_empty(retro):
        line = f"{_title(retro)}: nobody wrote anything this time, and that is fine."
        return Message(line, [kit.context(line), *_open_blocks(shown)])
    blocks = [kit.header(_plain_title(retro)), *_improvement_blocks(shown), *_head(shown), *_body(shown)]
    more = (
        [kit.context(f"Notes go on in the thread, on {count(shown.pages - 1, 'more page')}.")]
        if shown.pages > 1
        else []
    )
    return Message(
        kit.in_short(_lines(shown)), kit.fit_message([*blocks, *more], [kit.actions(*_buttons(retro))], MORE)
    )


def _is_empty(retro: Retro) -> bool:
    return retro.closed_at is not None and not retro.notes and retro.closed_by_id is None


def _taker(action: Action) -> Element:
    return kit.button("I'll take it", f"{TAKE}_{action.id}", str(action.id), style="primary")


def _improvement_blocks(shown: Board) -> list[Block]:
    """What was picked, and who takes it: anybody in the team."""
    blocks = []
    for action in shown.led_to:
        words = kit.section(_led_to_line(action, shown.retro.sprint.team))
        open_to_all = action.is_improvement and not actions.has_owner(action, shown.retro.sprint.team)
        is_open = open_to_all and action.state == ActionState.OPEN
        blocks.append({**words, "accessory": _taker(action)} if is_open else words)
    return blocks


def _head(shown: Board) -> list[Block]:
    """What stands, what is still open, and how far the sprint got."""
    standing = agreement_views.lines(shown.agreements)
    status = kit.clip("\n".join(_status(shown.items, whole=shown.retro.revealed_at is None)), STATUS)
    return [
        *kit.paragraphs(standing),
        *_open_blocks(shown),
        *([kit.section(status)] if status else []),
        kit.context(kit.clip(" · ".join(_facts(shown)) or "Open all sprint", kit.SECTION_TEXT)),
    ]


def _open_blocks(shown: Board) -> list[Block]:
    if not shown.open:
        return []
    today = cadence.local_date(shown.now, shown.retro.sprint.team.zone)
    rows = action_views.rows(shown.open, shown.retro.sprint.team, today, undecided=shown.undecided)
    left = "Still open from earlier retros" if shown.undecided else "Kept from earlier retros"
    return [kit.section(f"*{left}*"), *rows]


def _body(shown: Board) -> list[Block]:
    retro = shown.retro
    if retro.revealed_at is None:
        return []
    here = [note for note in retro.notes if note.page_id is None]
    hint = [] if retro.closed_at is not None else [kit.context("Merge, discuss or keep a note: *Show it all*.")]
    return [*note_views.columns(retro, here), *hint]


def _led_to_lines(led_to: Sequence[Action], team: Team) -> list[str]:
    return [_led_to_line(action, team) for action in led_to]


def _led_to_line(action: Action, team: Team) -> str:
    first = "*One improvement:* " if action.is_improvement else "• "
    due = f", by {days(action.due_on, action.due_on)}" if action.due_on else ""
    if action.is_improvement and action.state == ActionState.OPEN and not actions.has_owner(action, team):
        return f"{first}{kit.escape(action.text)}\n*Who takes it?*"
    return f"{first}{kit.escape(action.text)} — {kit.escape(action.owner.name)}{due}"


def _status(items: Sequence[Item], *, whole: bool) -> list[str]:
    """The sprint's items by mark; those with a reason, or all of them while nothing else is to be read."""
    if not items:
        return ["_This sprint had no plan._"]
    told = [item for mark in MARK_ORDER for item in items if item.mark == mark and (whole or item.note)]
    return [tally(items), *(_item(item) for item in told)]


def _item(item: Item) -> str:
    note = kit.note(item.note) if item.note else ""
    return f"{MARKS[Mark(item.mark)]} {kit.escape(item.title)} — {kit.escape(item.owner.name)}{note}"


def _facts(shown: Board) -> list[str]:
    """Who has written, who facilitates, and when what is hidden is revealed."""
    retro = shown.retro
    facts = []
    if names := retros.written_by(retro):
        facts.append(f"Written: {kit.names([kit.escape(name) for name in names])}")
    waiting = retros.waiting_for(retro, shown.now) if retro.revealed_at is None else []
    if waiting:
        facts.append(f"Still to come: {kit.names([kit.escape(person.name) for person in waiting])}")
    if retro.facilitator is not None:
        facts.append(f"Facilitator: {kit.escape(retro.facilitator.name)}")
    if retro.revealed_at is None and retro.opened_at is not None:
        facts.append("Revealed once all have answered")
    elif retro.closed_at is not None:
        facts.append("Closed")
    elif retro.closes_at is not None:
        facts.append(f"Open until {_when(retro.closes_at, retro)}")
    return facts


def read_menu(value: str) -> tuple[int, str]:
    """The retro's id and what was chosen."""
    retro_id, _, verb = value.partition(":")
    return keys.number(retro_id), verb


def _when(at: datetime, retro: Retro) -> str:
    fallback = weekday(cadence.local_date(at, retro.sprint.team.zone))
    return f"<!date^{at.timestamp():.0f}^{{date_short_pretty}} at {{time}}|{fallback}>"


def _buttons(retro: Retro) -> list[Element | None]:
    write = kit.button("Write notes", note_views.WRITE, key(retro.sprint.team_id, retro.sprint.starts_on))
    show = kit.button("Show it all", SHOW, str(retro.id))
    if retro.closed_at is not None:
        return [show]
    turns = [kit.option("🙋 I facilitate", f"{retro.id}:mine"), kit.option("⏭️ Next in the rota", f"{retro.id}:skip")]
    if retro.revealed_at is None:
        write["style"] = "primary"
        reveal = kit.option("👀 Reveal now", f"{retro.id}:reveal")
        return [write, show, kit.overflow(MENU, [reveal, *turns])]
    close = kit.button("Close the retro", CLOSE, str(retro.id), style="primary")
    return [close, show, write, kit.overflow(MENU, turns)]


def _lines(shown: Board) -> list[str]:
    retro = shown.retro
    team = retro.sprint.team
    today = cadence.local_date(shown.now, team.zone)
    here = [note for note in retro.notes if note.page_id is None] if retro.revealed_at is not None else []
    return [
        _title(retro),
        *_led_to_lines(shown.led_to, team),
        *agreement_views.lines(shown.agreements),
        *(action_views.words(action, team, today) for action in shown.open),
        *_status(shown.items, whole=retro.revealed_at is None),
        " · ".join(_facts(shown)),
        *note_views.lines(retro, here),
    ]


def _title(retro: Retro) -> str:
    return kit.escape(_plain_title(retro))


def _plain_title(retro: Retro) -> str:
    sprint = retro.sprint
    return f"Retro: {sprint.team.name}, {days(sprint.starts_on, sprint.ends_on)}"


def page(shown: PageOfNotes) -> Message:
    """One more page of notes, in the board's thread."""
    lines = note_views.lines(shown.retro, shown.notes)
    blocks = note_views.columns(shown.retro, shown.notes)
    title = f"{_title(shown.retro)}: more notes"
    return Message(kit.in_short([title, *lines]), kit.fit_message([kit.context(title), *blocks], [], MORE))


def summary(retro: Retro, items: Sequence[Item], led_to: Sequence[Action]) -> Message:
    """What the team's channel reads when a retro is closed."""
    finished = sum(item.mark == Mark.FINISHED for item in items)
    facts = [f"{finished} of {count(len(items), 'item')} finished"] if items else []
    facts.append(count(len(retro.notes), "note"))
    lines = [f"*{_title(retro)}* · {' · '.join(facts)}", *_led_to_lines(led_to, retro.sprint.team)]
    if not led_to:
        lines.append("No improvement this time.")
    wanting = [each for each in led_to if each.is_improvement and not actions.has_owner(each, retro.sprint.team)]
    takers = [_taker(each) for each in wanting]
    text = kit.in_short(lines)
    show = kit.button("Show the retro", SHOW, str(retro.id))
    return Message(text, [*kit.paragraphs(lines), kit.actions(*takers, show)])


# --- the window -------------------------------------------------------------------------------------------------


def whole_view(shown: Board, neighbours: tuple[int | None, int | None], viewer: str) -> View:
    """Anybody's look at a team's whole retro, and from there at those before and after it."""
    retro = shown.retro
    team = retro.sprint.team
    today = cadence.local_date(shown.now, team.zone)
    visible = retros.visible(retro, viewer)
    hidden = [] if retros.sees(retro, viewer) else [kit.context(_hidden_words(retro, viewer))]
    mine = teams.is_member(team, viewer)
    blocks = [
        kit.header(_plain_title(retro).removeprefix("Retro: ")),
        *_improvement_blocks(shown),
        *(agreement_views.rows(shown.agreements) if mine else kit.paragraphs(agreement_views.lines(shown.agreements))),
        *(action_views.rows(shown.open, team, today, undecided=shown.undecided) if mine else []),
        *kit.paragraphs(_status(shown.items, whole=True)),
        kit.context(kit.clip(" · ".join(_facts(shown)) or "Being written", kit.SECTION_TEXT)),
        *hidden,
        *note_views.columns(retro, visible, menus=viewer),
    ]
    before, after = neighbours
    foot = kit.actions(
        kit.button("Export as Markdown", EXPORT, str(retro.id)),
        kit.button("Earlier retro", f"{TURN}_{before}", str(before)) if before else None,
        kit.button("Later retro", f"{TURN}_{after}", str(after)) if after else None,
    )
    more = "There is more: *Export as Markdown* has it all."
    fitting = kit.fit_view(blocks, [foot], more)
    # It may stand on top of an older look at the same retro, after a merge: both are closed together.
    return kit.modal("retro_whole", "Retro", fitting, metadata=str(retro.id), clear_on_close=True)


def _hidden_words(retro: Retro, viewer: str) -> str:
    if teams.is_member(retro.sprint.team, viewer):
        return "You read the others' notes once you have sent yours, or at the reveal."
    return "The notes are hidden until the reveal."


def read_retro(view: Mapping[str, Any]) -> int | None:
    """Which retro a window shows; None for a window that shows something else."""
    metadata = str(view.get("private_metadata") or "")
    return keys.number(metadata) if view.get("callback_id") == "retro_whole" and metadata.isdigit() else None


def no_retro_view(team: Team) -> View:
    """A team that has held no retro yet."""
    return kit.notice(
        "Retro", f"*{kit.escape(team.name)}* has held no retro yet. It opens by itself with the end of a sprint."
    )


def export_view(team: Team, markdown: str) -> View:
    """The Markdown, to copy."""
    boxes = [kit.preformatted(part) for part in exports.parts(markdown, kit.SECTION_TEXT)]
    return kit.modal(EXPORT, "Retro as Markdown", [kit.context(f"Team {kit.escape(team.name)}, to copy:"), *boxes])


# --- closing ----------------------------------------------------------------------------------------------------


def close_form(shown: Board) -> View:
    """Asks for the one improvement, what else is to be done, and what becomes of earlier actions."""
    retro = shown.retro
    picked = next((each for each in shown.led_to if each.is_improvement), None)
    best = None if picked else notes.suggested(retro)
    suggested = picked.text if picked else kit.shorten(best.text, TITLE_LENGTH) if best else ""
    return kit.modal(
        CLOSE,
        "Close the retro",
        _close_blocks(retro.sprint.team, 1, suggested, shown.undecided),
        submit="Close it",
        close="Cancel",
        metadata=json.dumps({"retro": retro.id, "actions": 1}),
    )


def _close_blocks(team: Team, number: int, suggested: str, undecided: Sequence[Action]) -> list[Block]:
    return [
        *(_fate_field(action) for action in undecided),
        *(block for place in range(number) for block in _action_fields(team, place, suggested)),
        kit.actions(kit.button("Add another action", MORE_ACTIONS)),
    ]


def _fate_field(action: Action) -> Block:
    choices = [kit.option("🔁 Keep", Resolution.KEEP), kit.option("🟢 Done", Resolution.DONE)]
    label = kit.shorten(f"{action.text} — {action.owner.name}", 150)
    return kit.field(f"fate_{action.id}", label, kit.select(f"fate_{action.id}", choices, Resolution.KEEP))


def _action_fields(team: Team, place: int, suggested: str = "") -> list[Block]:
    people = [member.person for member in team.members if not member.person.is_gone]
    owners = [kit.option(person.name, person.id) for person in people]
    label = "One improvement for the next sprint" if place == 0 else "A further action"
    text = kit.text_input(f"action_{place}", initial=suggested if place == 0 else "", most=TITLE_LENGTH)
    hint = "What most people stand behind is suggested. Anybody in the team can take it." if place == 0 else ""
    what = kit.field(f"action_{place}", label, text, optional=True, hint=hint)
    if place == 0:
        return [what]
    return [
        what,
        kit.field(f"owner_{place}", "Owner", kit.select(f"owner_{place}", owners), optional=True),
        kit.field(f"due_{place}", "By when", kit.date_input(f"due_{place}"), optional=True),
    ]


def with_another(view: Mapping[str, Any], team: Team) -> View:
    """The same form, with fields for one more action."""
    metadata = keys.stored(view)
    place = keys.number(metadata["actions"])
    blocks = list(view["blocks"])
    full = place + 1 >= actions.MOST_ACTIONS
    last = [] if full else blocks[-1:]
    rewritten = kit.rewritten(view, [*blocks[:-1], *_action_fields(team, place), *last])
    return {**rewritten, "private_metadata": json.dumps({**metadata, "actions": place + 1})}


def read_close(view: Mapping[str, Any]) -> Closing:
    """What was decided."""
    fields = Fields(view)
    metadata = keys.stored(view)
    resolves = [
        Resolve(fields.text(f"action_{place}"), fields.choice(f"owner_{place}"), fields.date(f"due_{place}"))
        for place in range(keys.number(metadata["actions"]))
    ]
    fates = {
        keys.number(block_id.removeprefix("fate_")): keys.word(Resolution, fields.choice(block_id) or Resolution.KEEP)
        for block_id in fields.starting_with("fate_")
    }
    return Closing(keys.number(metadata["retro"]), resolves, fates)


def read_closing_retro(view: Mapping[str, Any]) -> int:
    """Which retro the form closes."""
    return keys.number(keys.stored(view)["retro"])


def closed_view(retro: Retro, led_to: Sequence[Action]) -> View:
    """The receipt of a closed retro."""
    candidates = "The improvement waits on the board for somebody who takes it."
    next_time = candidates if led_to else "The next retro opens by itself."
    channel = kit.channel(retro.sprint.team.channel_id)
    return kit.notice("Retro closed", f"The summary stands in {channel}. {next_time}")


# --- settings ---------------------------------------------------------------------------------------------------


def settings_form(team: Team) -> View:
    """What the lead chooses for the team's retros."""
    return kit.modal(
        SETTINGS,
        "Retro settings",
        [
            kit.context(
                f"Team {kit.escape(team.name)}. The retro opens with the turn to the next sprint, and its notes are revealed "
                "once all have answered. `/sprint rhythm` has the times."
            ),
            kit.field(
                "retro_emoji",
                "This emoji on a message makes it a note",
                kit.text_input("retro_emoji", initial=f":{team.retro_emoji}:", most=102),
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=str(team.id),
    )


def read_settings(view: Mapping[str, Any]) -> tuple[int, Settings]:
    """The team's id and what was chosen."""
    fields = Fields(view)
    settings = Settings(retro_emoji=fields.text("retro_emoji"))
    return keys.number(view["private_metadata"]), settings


def settings_saved_view(team: Team) -> View:
    """The receipt."""
    words = f":{team.retro_emoji}: makes a note of a message."
    return kit.notice("Saved", words)
