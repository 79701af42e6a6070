"""The turn fits one screen of a phone, and says the most urgent things first."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.feedback.rhythms import Candidate
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.heroes.heroes import Hero, Week
from bot.domain.retros.boards import Board
from bot.domain.rhythm.riders import FeedbackLine, Riders
from bot.domain.sharing.contexts import SharedNote
from bot.views.rhythm import prompts
from models.company import Person
from models.sharing import Context, Kind
from models.sprints import Item, Mark, Priority
from tests.views.intake.test_bookings import a_sprint, some_embeds
from tests.views.test_screens import a_board, turn_prompt

LINE = 44  # characters that a phone of usual size shows beside each other in a DM
SMALL = 52  # of a context's smaller letters
SCREEN = 34  # lines between the conversation's head and the field to write in
SELECT, BUTTONS = 1, 2  # lines that a menu beside an item adds, and a row of buttons


def visible(words: str) -> str:
    """What of Slack's markup is seen."""
    said = re.sub(r"<[^|>]+\|([^>]*)>", r"\1", words)
    return re.sub(r"&(lt|gt|amp);", "x", re.sub(r"[*_`]", "", said))


def height(blocks: list[dict[str, Any]]) -> int:
    """How many lines of a phone these blocks take."""
    lines = 0
    for block in blocks:
        texts = [block["text"]["text"]] if "text" in block else [each.get("text", "") for each in block["elements"]]
        words = [visible(line) for text in texts if isinstance(text, str) for line in text.splitlines()]
        if block["type"] == "actions":
            lines += BUTTONS * math.ceil(len(block["elements"]) / 3)
            continue
        width = {"context": SMALL}.get(block["type"], LINE)
        width -= 6 if block.get("accessory", {}).get("type") == "overflow" else 0
        lines += sum(max(1, math.ceil(len(line) / width)) for line in words)
        lines += SELECT if block.get("accessory", {}).get("type") == "static_select" else 0
    return lines


def item(number: int, mark: Mark = Mark.NOT_STARTED, priority: Priority = Priority.HIGH) -> Item:
    """An item with a long title, that was carried over."""
    title = f"Item {number}: " + "make the replay of long sessions start in under a second, everywhere " * 2
    return Item(
        id=number,
        title=title,
        mark=mark,
        priority=priority,
        carried=2,
        note="a reason " * 20,
        points="",
        heading="",
        others="",
    )


def everything() -> Riders:
    """Every part is on, and each has more to say than there is room for."""
    author = Person(id="U1", name="Ada Kern-Schmitt")
    notes = [
        SharedNote(
            Context(kind=Kind.CUSTOMER, text=f"Note {number} " + "says a lot " * 40, author=author), "https://a.b/c"
        )
        for number in range(5)
    ]
    board: Board = a_board(a_sprint("usual"))
    mates = [Candidate(Person(id=f"U{number}", name=f"Teammate Number {number}"), None) for number in range(3)]
    return Riders(
        one_turn=True,
        embeds=some_embeds("usual", 99),
        actions=board.open,
        context=notes,
        feedback=FeedbackLine(mates, moved=True),
    )


@pytest.mark.parametrize("without", [(), ("one_turn",), ("one_turn", "embeds"), ("one_turn", "embeds", "actions")])
@pytest.mark.parametrize("final", [True, False])
def test_with_every_part_on_it_fits_one_screen_of_a_phone(without: Sequence[str], final: bool) -> None:
    sprint = a_sprint("usual")
    sprint.finalized_at = sprint.finalized_at if final else None
    left_out: dict[str, Any] = dict.fromkeys(without, ())
    riders = replace(everything(), **left_out)
    items = [item(number) for number in range(15)]
    drawn = prompts.turn(turn_prompt(sprint, earlier=items, riders=riders, repeats=True))
    assert height(drawn.blocks) <= SCREEN, f"{height(drawn.blocks)} lines:\n{drawn.text}"
    assert str(drawn.blocks).count("static_select") == prompts.ITEMS
    assert "… and in the form 9 items and " in drawn.text


def test_with_a_heros_week_that_ends_and_one_that_comes_it_still_fits_and_these_come_first() -> None:
    first = date(2026, 7, 13)
    ends = HandOver(1, first, Hero("U1", "Teammate Number 1"))
    weeks = [Week(1, first, first + timedelta(days=4), 1, 2), Week(1, first, first + timedelta(days=11), 2, 2)]
    riders = replace(everything(), hands_over=ends, hero_in=weeks)
    items = [item(number) for number in range(15)]
    drawn = prompts.turn(turn_prompt(a_sprint("usual"), earlier=items, riders=riders, repeats=True))
    assert height(drawn.blocks) <= SCREEN, f"{height(drawn.blocks)} lines:\n{drawn.text}"
    assert "Hand over to Teammate Number 1" in str(drawn.blocks)
    order = [drawn.text.index(words) for words in ("🦸 Your week", "🦸 You are support hero", "🆕")]
    assert order == sorted(order)


def test_the_most_urgent_of_what_there_is_to_know_comes_first() -> None:
    riders = everything()
    drawn = prompts.turn(turn_prompt(a_sprint("usual"), earlier=(), riders=riders, late_for=None))
    order = [drawn.text.index(words) for words in ("🆕", "🤝")]
    assert order == sorted(order)
    assert [drawn.text.count(sign) for sign in ("📣", "💬")] == [0, 0]
    left = prompts.beside(riders)
    assert [words[0] for words in left] == ["📣"] * 5 + ["💬"], "what the form does not ask about anyway"
    fewer = replace(riders, one_turn=False, embeds=(), actions=())
    assert [words[0] for words in prompts.beside(fewer)] == ["📣", "📣", "💬"]


@pytest.mark.parametrize("parts", [{}, {"feedback": FeedbackLine((), moved=True)}])
def test_where_all_of_it_has_room_nothing_is_left_for_the_form(parts: dict[str, Any]) -> None:
    drawn = prompts.turn(turn_prompt(a_sprint("usual"), earlier=[item(1)], riders=Riders(**parts)))
    assert "in the form" not in drawn.text
    assert prompts.beside(Riders(**parts)) == []


def test_of_many_items_those_that_are_open_are_shown_and_the_rest_is_in_the_form() -> None:
    done = [item(number, Mark.FINISHED) for number in range(5)]
    open_ones = [item(number, Mark.IN_PROGRESS, Priority.SIDE) for number in range(5, 11)]
    drawn = prompts.turn(turn_prompt(a_sprint("usual"), earlier=[*done, *open_ones]))
    assert [f"Item {number}:" in drawn.text for number in range(11)] == [False] * 5 + [True] * 6
    assert "… and in the form 5 items" in drawn.text
