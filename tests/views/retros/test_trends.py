"""The picture of a team's trends, and what it says in words."""

import struct
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.retros.trends import Outcome, Past, Trends, Turnout
from bot.views import kit
from bot.views.kit import pictures
from bot.views.retros import trends

ROOT = Path(__file__).parents[3]
FIRST = date(2026, 6, 1)


def past(number: int, *items: int, turnout: Turnout | None = None) -> Past:
    """The sprint of this number, with so many items finished, carried and dropped."""
    starts_on = FIRST + timedelta(weeks=2 * number)
    return Past(starts_on, starts_on + timedelta(days=11), Counter(dict(zip(Outcome, items, strict=False))), turnout)


def some(*sprints: Past, days: tuple[int, ...] = (), name: str = "Replay") -> Trends:
    """A team's trends."""
    return Trends(1, name, sprints, days)


USUAL = some(
    past(0, 4, 2, 1, turnout=Turnout(4, 5)), past(1, 6, 0, 0), past(2, turnout=Turnout(5, 5)), days=(45, 20, 3, 0)
)
SHAPES = {
    "one": some(past(0, 6, 3, 1, turnout=Turnout(4, 5)), days=(3,)),
    "usual": USUAL,
    "nothing": some(*(past(number, turnout=Turnout(0, 0)) for number in range(12))),
    "no retro": some(past(0, 6, 3, 1)),
    "huge": some(
        *(past(number, 123_456, 9_999, 7, turnout=Turnout(6, 6)) for number in range(12)), days=(900,) * 12_345
    ),
    "a name with markup": some(past(0, 1), name="$x_1$ & <!channel> 🦔 " * 3),
}


def size(png: bytes) -> tuple[int, int]:
    """Its width and height."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("name", SHAPES)
def test_whatever_the_numbers_the_picture_is_three_times_as_wide_as_a_phone(name: str) -> None:
    width, height = size(trends.paint(SHAPES[name]))
    assert width == pictures.WIDTH == 3 * 360
    assert 0.8 * width <= height <= trends.HEIGHT


@pytest.mark.parametrize("name", SHAPES)
def test_whatever_the_numbers_its_words_fit_into_what_slack_takes(name: str) -> None:
    message = trends.message(SHAPES[name], is_shared=False)
    assert message.picture is not None
    assert len(message.picture.alt) <= kit.ALT_TEXT
    assert len(message.text) <= kit.MESSAGE_TEXT
    assert "<!channel>" not in message.text + str(message.blocks)


def test_the_words_say_what_the_picture_shows() -> None:
    assert trends.alt_text(USUAL).splitlines() == [
        "The last 3 sprints, 1 June–10 July 2026.",
        "1 June: 4 finished, 2 carried, 1 dropped; retro: 4 of 5 took part.",
        "15 June: 6 finished, 0 carried, 0 dropped; retro: none.",
        "29 June: no items; retro: 5 of 5 took part.",
        "4 open actions, the oldest 1 month old: 2 for under 2 weeks, 1 for 2 to 4 weeks, 1 for 1 to 3 months.",
    ]


def test_one_sprint_and_one_action_are_said_in_the_singular() -> None:
    words = trends.alt_text(SHAPES["one"])
    assert words.startswith("The last sprint, 1–12 June 2026.")
    assert "1 open action, 3 days old" in words
    assert "No open actions." in trends.alt_text(SHAPES["nothing"])


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (1_000, "1k"), (1_250, "1.2k"), (12_345, "12k"), (1_999_999, "1.9M"), (25_000_000, "25M")],
)
def test_a_number_takes_four_characters_at_most(number: int, words: str) -> None:
    assert trends.short(number) == words


def test_threads_paint_the_same_picture_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: trends.paint(USUAL), range(4)))) == 1


def test_a_bot_that_nobody_asks_for_a_picture_does_not_load_what_paints() -> None:
    code = "import sys, bot.app; sys.exit('PIL' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
