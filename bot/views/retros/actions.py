"""What people see of actions: a row of the board, their list, and the form to drop one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import a_day, count
from bot.domain.outbox.posts import Message
from bot.domain.retros import actions
from bot.domain.teams import teams
from bot.views import kit
from bot.views.kit import Block, Element, Fields, View, keys
from models.retros import BECAUSE_LENGTH, Action, ActionState, Agreement
from models.teams import Team

TAKE = "action_take"
MENU = "action_menu"
DROP = "action_drop"
UNDO = "action_undo"
PAST = 30  # of what became of actions, how many lines a window shows


def rows(open_actions: Sequence[Action], team: Team, today: date, *, undecided: Sequence[Action] = ()) -> list[Block]:
    """Open actions, each with what can become of it. Those still `undecided` say so."""
    waiting = {action.id for action in undecided}
    return [kit.section(words(each, team, today, asks=each.id in waiting), _menu(each, team)) for each in open_actions]


def settled_rows(settled: Sequence[Action]) -> list[Block]:
    """What the viewer settled a moment ago, each with the way back."""
    return [kit.section(_settled(each), kit.button("Undo", f"{UNDO}_{each.id}", str(each.id))) for each in settled]


def _settled(action: Action) -> str:
    if action.state == ActionState.DONE:
        return f"🟢 Done: {kit.escape(action.text)}"
    return f"🔴 Dropped: {kit.escape(action.text)}{kit.note(action.because) if action.because else ''}"


def history(settled: Sequence[Action], team: Team, *, most: int) -> list[str]:
    """What became of actions, a line each; of many, the first ones."""
    more = len(settled) - most
    shown = [f"• {kit.escape(each.text)}{became(each, team)}" for each in settled[:most]]
    return [*shown, *([f"… and {more} more"] if more > 0 else [])]


def became(action: Action, team: Team) -> str:
    """Behind an action's words: who finished or dropped it, when and why; nothing while it is open."""
    if action.state == ActionState.OPEN:
        return ""
    verb = "🟢 finished" if action.state == ActionState.DONE else "🔴 dropped"
    by = f" by {kit.escape(action.settled_by.name)}" if action.settled_by else ""
    on = f" on {a_day(cadence.local_date(action.settled_at, team.zone))}" if action.settled_at else ""
    because = f", because: {kit.linked(action.because)}" if action.because else ""
    return f" — {verb}{by}{on}{because}"


def lines(open_actions: Sequence[Action], team: Team, today: date) -> list[str]:
    """The same to read only."""
    return [words(each, team, today) for each in open_actions]


def words(action: Action, team: Team, today: date, *, asks: bool = False) -> str:
    """An action with its owner, its age and its day."""
    owner = kit.escape(action.owner.name) if actions.has_owner(action, team) else _nobody(action)
    age = (today - cadence.local_date(action.created_at, team.zone)).days
    parts = [
        owner,
        f"{count(age, 'day')} old" if age else "new",
        *([f"by {a_day(action.due_on)}"] if action.due_on else []),
    ]
    mark = "⏳" if asks else "•"
    return f"{mark} {kit.escape(action.text)} — {' · '.join(parts)}"


def _nobody(action: Action) -> str:
    return "_Nobody took it._" if action.wants_taker else "_nobody any more: anybody can take it_"


def _menu(action: Action, team: Team) -> Element:
    choices = [
        ("🟢 Done", "done"),
        ("🔁 Keep", "keep"),
        ("🔴 Drop, because…", "drop"),
        ("🤝 Make it an agreement", "agree"),
    ]
    if not actions.has_owner(action, team):
        choices.insert(0, ("✋ I take it", "take"))
    return kit.overflow(f"{MENU}_{action.id}", [kit.option(text, f"{action.id}:{verb}") for text, verb in choices])


def taken_message(action: Action) -> Message:
    """What the team's channel reads when somebody takes over what was offered there."""
    return Message(f"{kit.escape(action.owner.name)} takes over: {kit.escape(action.text)}")


def read_menu(value: str) -> tuple[int, str]:
    """The action's id and what was chosen."""
    action_id, _, verb = value.partition(":")
    return keys.number(action_id), verb


def list_view(
    team: Team,
    open_actions: Sequence[Action],
    today: date,
    viewer: str,
    *,
    settled: Sequence[Action] = (),
    agreed: Agreement | None = None,
    past: Sequence[Action] = (),
) -> View:
    """What `/retro actions` opens: for who is of the team, with what can become of each, and what became of `past` ones.

    What the viewer `settled` a moment ago can be taken back, and what they just `agreed` on is said.
    """
    if not open_actions and not settled and not past:
        text = f"*{kit.escape(team.name)}* has no open action. The next retro's improvement will be here."
        return kit.notice("Actions", text)
    how_many = count(len(open_actions), "open action") if open_actions else "no open action"
    head = kit.context(f"Team {kit.escape(team.name)} · {how_many}")
    mine = teams.is_member(team, viewer)
    shown = rows(open_actions, team, today) if mine else kit.paragraphs(lines(open_actions, team, today))
    undoable = {each.id for each in settled}
    became_of = history([each for each in past if each.id not in undoable], team, most=PAST)
    heading = ["*What became of earlier ones*"] if became_of else []
    blocks = [head, *(_agreed(agreed) if agreed else []), *settled_rows(settled), *shown]
    blocks += kit.paragraphs([*heading, *became_of])
    return kit.modal(
        "actions",
        "Actions",
        kit.fit_view(blocks, [], "There are more: drop what nobody will do."),
        metadata=str(team.id),
    )


def _agreed(agreement: Agreement) -> list[Block]:
    words = f"🤝 {kit.escape(agreement.text)}\nIt leads the board until somebody retires it. The action stays open."
    return [kit.section(words)]


def drop_form(action: Action, retro_id: int | None) -> View:
    """Asks why an action is dropped, on top of a retro's window or of the list of actions."""
    because = kit.text_input("because", most=BECAUSE_LENGTH, placeholder="One line for the others")
    return kit.modal(
        DROP,
        "Drop an action",
        [kit.section(kit.escape(action.text)), kit.field("because", "Because…", because)],
        submit="Drop it",
        close="Cancel",
        metadata=f"{action.id}:{retro_id or ''}",
    )


def read_drop(view: Mapping[str, Any]) -> tuple[int, str]:
    """The action's id and the reason."""
    return keys.number(view["private_metadata"].partition(":")[0]), Fields(view).text("because")


def read_below(view: Mapping[str, Any]) -> int | None:
    """Of which retro the window below the form is; None for the list of actions."""
    retro_id = view["private_metadata"].partition(":")[2]
    return keys.optional(retro_id)
