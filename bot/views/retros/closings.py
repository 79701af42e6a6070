"""The form that closes a retro."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.retros import closings, notes, typed
from bot.domain.retros.actions import Resolution
from bot.domain.retros.boards import Board
from bot.domain.retros.closings import Closing, Proposal, Resolve
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from models.retros import BECAUSE_LENGTH, Action
from models.sprints import TITLE_LENGTH
from models.teams import Team

CLOSE = "retro_close"
MORE_ACTIONS = "retro_more_actions"
FATE = "retro_fate"
FATES = {Resolution.KEEP: "🔁 Keep", Resolution.DONE: "🟢 Done", Resolution.DROP: "🔴 Drop, because…"}


def close_form(shown: Board) -> View:
    """Asks for the one improvement, what else is to be done, and what becomes of earlier actions."""
    retro = shown.retro
    picked = next((each for each in shown.led_to if each.is_improvement), None)
    best = None if picked else notes.suggested(retro)
    suggested = picked.text if picked else kit.shorten(typed.as_action(best.text), TITLE_LENGTH) if best else ""
    proposed = [each for each in closings.proposed(retro) if each.text.casefold() != suggested.casefold()]
    offered = [Proposal(suggested, None), *proposed[: closings.MOST_ACTIONS - 1]]
    return kit.modal(
        CLOSE,
        "Close the retro",
        [*_close_blocks(retro.sprint.team, offered, shown.undecided), *_no_room(len(proposed) + 1 - len(offered))],
        submit="Close it",
        close="Cancel",
        metadata=json.dumps({"retro": retro.id, "actions": len(offered)}),
    )


def _close_blocks(team: Team, offered: Sequence[Proposal], undecided: Sequence[Action]) -> list[Block]:
    another = [kit.actions(kit.button("Add another action", MORE_ACTIONS))]
    return [
        *(_fate_field(action) for action in undecided),
        *(block for place, each in enumerate(offered) for block in _action_fields(team, place, each)),
        *(another if len(offered) < closings.MOST_ACTIONS else []),
    ]


def _no_room(more: int) -> list[Block]:
    return [kit.context(f"The notes propose {more} more. You can read them on the board.")] if more else []


def _fate_field(action: Action) -> Block:
    choices = [kit.option(words, fate) for fate, words in FATES.items()]
    label = kit.shorten(f"{action.text} — {action.owner.name}", 150)
    return kit.field(
        f"fate_{action.id}", label, kit.select(f"{FATE}_{action.id}", choices, Resolution.KEEP), tells=True
    )


def with_reasons(view: Mapping[str, Any]) -> View:
    """The same form, with a field for the reason under each action that is dropped, and under no other."""
    fields = Fields(view)
    blocks: list[Block] = []
    for block in view["blocks"]:
        name, _, number = str(block.get("block_id", "")).rpartition("_")
        if name == "because":
            continue
        blocks.append(block)
        if name == "fate" and fields.choice(f"fate_{number}") == Resolution.DROP:
            typed_so_far = fields.text(f"because_{number}")
            because = kit.text_input(
                f"because_{number}", initial=typed_so_far, most=BECAUSE_LENGTH, placeholder="One line for the others"
            )
            blocks.append(kit.field(f"because_{number}", "Because…", because))
    return kit.rewritten(view, blocks)


def _action_fields(team: Team, place: int, offered: Proposal = closings.NOTHING) -> list[Block]:
    people = [member.person for member in team.members if not member.person.is_gone]
    owners = [kit.option(person.name, person.id) for person in people]
    label = "One improvement for the next sprint" if place == 0 else "A further action"
    text = kit.text_input(f"action_{place}", initial=kit.shorten(offered.text, TITLE_LENGTH), most=TITLE_LENGTH)
    hint = "Prickle suggests what most people agree with. Anybody in the team can take it." if place == 0 else ""
    what = kit.field(f"action_{place}", label, text, optional=True, hint=hint)
    if place == 0:
        return [what]
    return [
        what,
        kit.field(f"owner_{place}", "Owner", kit.select(f"owner_{place}", owners, offered.by_id), optional=True),
        kit.field(f"due_{place}", "By when", kit.date_input(f"due_{place}"), optional=True),
    ]


def with_another(view: Mapping[str, Any], team: Team) -> View:
    """The same form, with fields for one more action."""
    metadata = keys.stored(view)
    place = keys.number(metadata["actions"])
    blocks = list(view["blocks"])
    full = place + 1 >= closings.MOST_ACTIONS
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
    reasons = {number: fields.text(f"because_{number}") for number in fates}
    return Closing(keys.number(metadata["retro"]), resolves, fates, reasons)


def read_closing_retro(view: Mapping[str, Any]) -> int:
    """Which retro the form closes."""
    return keys.number(keys.stored(view)["retro"])
