"""Handing a hero's week over: the button where the hero sees it, the form, and the message in the channel."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.heroes import hand_overs
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.kit import Element, Fields, View, keys

HAND_OVER = "hero_hand_over"
ENDS = "🦸 Your week as support hero ends."


def button(found: HandOver) -> Element:
    """What opens the form."""
    return kit.button(_label(found), HAND_OVER, f"{found.team_id}:{found.week_on}")


def _label(found: HandOver) -> str:
    return f"Hand over to {kit.shorten(found.to.name, 40)}" if found.to is not None else "Hand over"


def form(found: HandOver) -> View:
    """One line for the next one."""
    who = kit.shorten(found.to.name, 40) if found.to is not None else "the next one"
    element = kit.text_input("line", multiline=True, most=hand_overs.LONGEST)
    return kit.modal(
        HAND_OVER,
        "Hand over",
        [kit.field("line", f"What does {who} have to know?", element, hint="Your team's channel reads it.")],
        submit="Hand over",
        close="Cancel",
        metadata=f"{found.team_id}:{found.week_on}",
    )


def read_form(view: Mapping[str, Any]) -> tuple[int, date, str]:
    """The team, the first day of the week, and the line, which is one line whatever was typed."""
    team_id, _, week_on = str(view["private_metadata"]).partition(":")
    return keys.number(team_id), keys.day(week_on), " ".join(Fields(view).text("line").split())


def message(found: HandOver, by: str, line: str) -> Message:
    """What the channel reads."""
    to = f" to {kit.mention(found.to.id)}" if found.to is not None else ""
    words = f"🦸 {kit.mention(by)} hands over{to} as support hero: {kit.linked(line)}"
    return Message(words, [kit.section(words)])
