"""The board of a retro in its team's channel, the pages of notes below it, and the summary."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import count, days, weekday
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS
from bot.domain.retros import actions, retros
from bot.domain.retros.boards import Board, PageOfNotes
from bot.views import kit
from bot.views.kit import Block, Element, keys
from bot.views.retros import actions as action_views
from bot.views.retros import agreements as agreement_views
from bot.views.retros import closings as closing_views
from bot.views.retros import notes as note_views
from bot.views.sprints.sprints import MARK_ORDER, below, key, owner, tally
from models.retros import Action, ActionState, Retro
from models.sprints import Item, Mark
from models.teams import Team

SHOW = "retro_show"
MENU = "retro_menu"
TAKE = "improvement_take"
MORE = "There is more: *Show it all* has it."
EARLIER = 3  # of earlier improvements, how many the board shows
STATUS = 2_400  # characters of the status pass on the board; the window has all of it


def board(shown: Board) -> Message:
    """The retro in the team's channel."""
    retro = shown.retro
    if _is_empty(retro):
        line = f"{_title(retro)}: nobody wrote anything this time, and that is fine."
        return Message(line, [kit.context(line), *_open_blocks(shown)])
    blocks = [kit.header(plain_title(retro)), *improvement_blocks(shown), *_head(shown), *_body(shown)]
    more = (
        [kit.context(f"More notes are in the thread, on {count(shown.pages - 1, 'more page')}.")]
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


def improvement_blocks(shown: Board) -> list[Block]:
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
    status = kit.clip("\n".join(status_pass(shown.items, whole=shown.retro.revealed_at is None)), STATUS)
    return [
        *kit.paragraphs(standing),
        *_open_blocks(shown),
        *kit.paragraphs(earlier_lines(shown, most=EARLIER)),
        *([kit.section(status)] if status else []),
        kit.context(kit.clip(" · ".join(board_facts(shown)) or "Open all sprint long", kit.SECTION_TEXT)),
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
    owner = "" if action.wants_taker else f" — {kit.escape(action.owner.name)}"
    return f"{first}{kit.escape(action.text)}{owner}{due}{action_views.became(action, team)}"


def earlier_lines(shown: Board, *, most: int) -> list[str]:
    """What became of earlier improvements. Those that are open are asked about elsewhere."""
    settled = [each for each in shown.earlier if each.state != ActionState.OPEN]
    lines = action_views.history(settled, shown.retro.sprint.team, most=most)
    return ["*What became of earlier improvements*", *lines] if lines else []


def status_pass(items: Sequence[Item], *, whole: bool) -> list[str]:
    """The sprint's items by mark; those with a reason, or all of them while nothing else is to be read."""
    if not items:
        return ["_This sprint had no plan._"]
    told = [item for mark in MARK_ORDER for item in items if item.mark == mark and (whole or item.note)]
    return [tally(items), *(_item(item) for item in told)]


def _item(item: Item) -> str:
    return f"{MARKS[Mark(item.mark)]} {kit.linked(item.title)} — {owner(item)}{below(item)}"


def board_facts(shown: Board) -> list[str]:
    """Who has written, who facilitates, and when what is hidden is revealed."""
    retro = shown.retro
    facts = []
    if names := retros.written_by(retro):
        facts.append(f"Written: {kit.names([kit.escape(name) for name in names])}")
    waiting = retros.waiting_for(retro, shown.now) if retro.revealed_at is None else []
    if waiting:
        facts.append(f"Not written yet: {kit.names([kit.escape(person.name) for person in waiting])}")
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
    close = kit.button("Close the retro", closing_views.CLOSE, str(retro.id), style="primary")
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
        *earlier_lines(shown, most=EARLIER),
        *status_pass(shown.items, whole=retro.revealed_at is None),
        " · ".join(board_facts(shown)),
        *note_views.lines(retro, here),
    ]


def _title(retro: Retro) -> str:
    return kit.escape(plain_title(retro))


def plain_title(retro: Retro) -> str:
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
