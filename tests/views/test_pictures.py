"""Every picture: read on a phone, in a light Slack and in a dark one, in any script, and drawn in a moment."""

import io
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image, features

from bot.domain.calendar.cadence import Dates
from bot.domain.intake.capacity import Capacity, Cell, CellKind, Row, Stay
from bot.domain.retros.trends import Outcome
from bot.views.intake import capacity, digests
from bot.views.kit import lettering, pictures
from bot.views.kit.pictures import BACKGROUND, INK, Box, Curve, Drawing, Text
from bot.views.retros import trends
from tests.views.intake import test_bookings, test_nudges
from tests.views.retros import test_trends

ROOT = Path(__file__).parent.parent.parent
DRAWN: dict[str, Callable[[], Drawing]] = {
    **{f"trends, {name}": lambda each=each: trends.draw(each) for name, each in test_trends.SHAPES.items()},  # type: ignore[misc]
    **{
        f"capacity, {size}": lambda size=size: capacity.draw(test_bookings.a_capacity(size))  # type: ignore[misc]
        for size in test_bookings.SIZES
    },
    **{
        f"digest, {size}": lambda size=size: digests.draw(test_nudges.paces(size))  # type: ignore[misc]
        for size in test_nudges.HOW_MANY
    },
}
MONDAY = date(2026, 7, 13)
SPRINT = Dates(MONDAY, MONDAY + timedelta(days=11))
FREE = Cell(SPRINT, ())
WORLD = {
    "Chinese": "数据平台",
    "Japanese": "検索チームのなかま",
    "Korean": "검색 팀",
    "Cyrillic": "Команда поиска",
    "Greek": "Ομάδα αναζήτησης",
    "Vietnamese": "Đội tìm kiếm",
    "Armenian": "Որոնման թիմ",
    "emoji": "🦔🚀✨🎉👍🏽❤️👩‍💻🇩🇪",
    "letters with marks": unicodedata.normalize("NFD", "Équipe Göteborg"),
}
FROM_RIGHT = {"Hebrew": "צוות חיפוש", "Arabic": "فريق البحث"}
STRANGE = [
    "",
    " ",
    "\x00\x07\n\t",
    "\ud83e",
    "\u202eabc",
    "\u200b",
    "\U0010ffff",
    "\ue000",
    "e" + "\u0301" * 500,
    "🦔" * 5_000,
]


@pytest.fixture(params=DRAWN)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    """Every picture, with as little and as much in it as there can be."""
    return DRAWN[request.param]()


def texts(drawing: Drawing) -> list[Text]:
    return [mark for mark in drawing.marks if isinstance(mark, Text) and mark.words]


def boxes(drawing: Drawing, colour: str | None = None) -> list[Box]:
    return [mark for mark in drawing.marks if isinstance(mark, Box) and colour in (None, mark.colour)]


def of(*cells: Cell, desk: str = "Search", name: str = "Ada") -> Drawing:
    """The capacity of a desk with one engineer."""
    return capacity.draw(Capacity(1, desk, [], [cell.dates for cell in cells], [Row("U1", name, cells)]))


# --- read on a phone --------------------------------------------------------------------------------------------


def test_on_a_phone_no_letter_is_smaller_than_twelve_pixels(drawing: Drawing) -> None:
    assert min(text.size * 390 / pictures.WIDTH for text in texts(drawing)) >= 12


def test_letters_too_small_for_a_phone_are_not_drawn_at_all() -> None:
    with pytest.raises(ValueError, match="too small"):
        Drawing(100).text(0, 50, "Ada", 33)


def test_nothing_reaches_beyond_the_paper(drawing: Drawing) -> None:
    for mark in drawing.marks:
        if isinstance(mark, Curve):
            found = [dot for dot in mark.dots if dot]
            assert all(0 <= x <= pictures.WIDTH and 0 <= y <= drawing.height for x, y in found)
        else:
            assert 0 <= mark.left <= mark.right <= pictures.WIDTH
            assert 0 <= mark.top <= mark.bottom <= drawing.height


def _meet(one: Box | Text, other: Box | Text) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return not beside and one.top < other.bottom and other.top < one.bottom


def _holds(box: Box, text: Text) -> bool:
    return box.left <= text.left and text.right <= box.right and box.top <= text.top and text.bottom <= box.bottom


def test_no_words_lie_on_other_words_and_none_straddle_two_cells(drawing: Drawing) -> None:
    written = [text for text in texts(drawing) if not text.halo]  # the numbers on a curve move with it
    for place, text in enumerate(written):
        assert not [other.words for other in written[place + 1 :] if _meet(text, other)], text.words
        assert not [box for box in boxes(drawing) if _meet(box, text) and not _holds(box, text)], text.words


def _brightness(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_brightness(one), _brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_stand_out_from_what_they_are_written_on(drawing: Drawing) -> None:
    for text in texts(drawing):
        below = [box.colour for box in boxes(drawing) if not text.halo and _holds(box, text)]
        assert _contrast(text.colour, [BACKGROUND, *below][-1]) >= 4.5, text.words


def test_the_paper_is_light_and_opaque_since_slack_may_be_dark() -> None:
    for paint in (lambda: trends.draw(test_trends.USUAL), lambda: of(FREE)):
        image = Image.open(io.BytesIO(pictures.paint(paint)))
        assert image.mode == "RGB"
        assert image.getpixel((0, 0)) == tuple(bytes.fromhex(BACKGROUND[1:]))


# --- a bar's length stands for its number -----------------------------------------------------------------------


def _pixels(drawing: Drawing, box: Box) -> int:
    """How many pixels of its colour the picture has from the top of a bar to its foot, and a little beyond."""
    image = Image.open(io.BytesIO(pictures.paint(lambda: replace(drawing, marks=[*boxes(drawing)]))))
    x = round(box.left) + 1
    column = image.crop((x, round(box.top) - 2, x + 1, round(box.bottom) + 2))
    return column.tobytes().count(bytes.fromhex(box.colour[1:]))


def test_an_item_is_as_high_as_any_other_in_whichever_sprint_it_was() -> None:
    drawing = trends.draw(
        test_trends.some(test_trends.past(0, 40, 2, 1), test_trends.past(1, 3, 30, 0), test_trends.past(2, 1, 1, 9))
    )
    an_item = 300 / 43
    for outcome, numbers in zip(Outcome, ([40, 3, 1], [2, 30, 1], [1, 9]), strict=True):
        found = [box for box in boxes(drawing, trends.COLOURS[outcome]) if box.top > 240 and box.bottom > box.top]
        assert [box.bottom - box.top for box in found] == pytest.approx([an_item * number for number in numbers])
        assert all(
            abs(_pixels(drawing, box) - an_item * number) <= 1 for box, number in zip(found, numbers, strict=True)
        )


def test_an_age_has_a_bar_as_long_as_its_actions_are_many_and_none_has_none() -> None:
    drawing = trends.draw(replace(test_trends.USUAL, action_days=(100,) * 50 + (20,) * 5))
    lengths = [box.right - box.left for box in boxes(drawing, trends.ACTION)]
    assert lengths == pytest.approx([0, lengths[3] / 10, 0, lengths[3]])


def test_who_is_away_for_three_days_of_twelve_has_a_quarter_of_the_cell() -> None:
    cell = Cell(SPRINT, (Stay(CellKind.AWAY, MONDAY + timedelta(days=3), MONDAY + timedelta(days=5), False),))
    drawing = of(cell, FREE)
    ground, _ = boxes(drawing, capacity.COLOURS[None])[:2]
    strip = boxes(drawing, capacity.COLOURS[CellKind.AWAY])[0]
    width = ground.right - ground.left
    assert (strip.left - ground.left, strip.right - strip.left) == pytest.approx((width / 4, width / 4))
    assert {"free", "part away"} <= {text.words for text in texts(drawing)}


@pytest.mark.parametrize("late", [False, True])
def test_of_two_medians_the_longer_ones_number_is_above(late: bool) -> None:
    short, long = timedelta(hours=29), timedelta(hours=30)
    week = test_nudges.paces("usual")[0]
    paces = [replace(week, answer=long if late else short, decision=short if late else long)] * 4
    y = {text.words: text.y for text in texts(digests.draw(paces)) if text.halo}
    assert y["29 h"] - y["30 h"] > 2 * digests.LABEL


# --- in any script ----------------------------------------------------------------------------------------------


def _ink(words: str) -> bytes:
    drawing = Drawing(80)
    drawing.text(10, 50, words, 40)
    return pictures.paint(lambda: drawing)


@pytest.mark.parametrize("name", WORLD.values(), ids=WORLD)
def test_a_name_in_any_of_these_scripts_is_written_as_it_is(name: str) -> None:
    assert lettering.is_whole(name)
    letters = [each for each in lettering.drawable(name) if not each.isspace()]
    assert lettering.MISSING not in letters
    assert not {_ink(each) for each in letters} & {_ink(lettering.MISSING), _ink(" ")}
    assert capacity.MISSING not in [text.words for text in texts(of(FREE, name=name))]


@pytest.mark.parametrize("name", FROM_RIGHT.values(), ids=FROM_RIGHT)
def test_what_is_written_from_the_right_is_turned_where_the_system_can_and_never_written_backwards(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lettering._file.cache_clear()
    assert lettering.is_whole(name) == features.check("raqm")
    lettering._file.cache_clear()
    monkeypatch.setattr(features, "check", lambda _: False)
    assert lettering.drawable(name) == "? ?"
    lettering._file.cache_clear()


def test_letters_that_no_font_has_are_a_question_mark_and_the_picture_says_so() -> None:
    drawing = of(FREE, desk="ทีมค้นหา", name="खोज दल 7")
    words = [text.words for text in texts(drawing)]
    assert words[0] == "Capacity of ?"
    assert "? ? 7" in words
    assert words[-1] == capacity.MISSING


def test_a_question_mark_that_somebody_typed_is_no_missing_letter() -> None:
    assert capacity.MISSING not in [text.words for text in texts(of(FREE, name="Who?"))]


@pytest.mark.parametrize("name", STRANGE, ids=ascii)
def test_whatever_stands_in_a_name_a_picture_is_drawn(name: str) -> None:
    whole = Stay(CellKind.WITH, SPRINT.starts_on, SPRINT.ends_on, True, name, "1 of 2")
    drawing = of(Cell(SPRINT, (whole,)), FREE, FREE, desk=name, name=name)
    assert pictures.paint(lambda: drawing).startswith(b"\x89PNG")
    test_nothing_reaches_beyond_the_paper(drawing)
    test_no_words_lie_on_other_words_and_none_straddle_two_cells(drawing)


def test_the_fonts_are_in_the_package_with_their_licences() -> None:
    fonts = {lettering.REGULAR, lettering.BOLD, *lettering.FALLBACKS}
    assert {file.name for file in lettering.FOLDER.glob("*.ttf")} == fonts
    licences = [file.name.removeprefix("LICENSE-") for file in lettering.FOLDER.glob("LICENSE-*")]
    assert all(any(font.startswith(each) for each in licences) for font in fonts)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"bot.views.kit" = ["fonts/*"]' in project
    assert '"bot/views/kit/fonts/LICENSE-*"' in project


# --- in a moment ------------------------------------------------------------------------------------------------


def _least_cpu(paint: Callable[[], object]) -> float:
    def once() -> Iterator[float]:
        for _ in range(3):
            begun = time.process_time()
            paint()
            yield time.process_time() - begun

    return min(once())


def test_the_capacity_of_thirty_engineers_takes_a_few_times_as_long_as_an_empty_paper_of_that_size() -> None:
    worst = test_bookings.a_capacity("extreme")
    empty = Drawing(capacity.draw(worst).height)
    assert _least_cpu(lambda: capacity.paint(worst)) <= 10 * _least_cpu(lambda: pictures.paint(lambda: empty))


def test_ink_on_paper_is_drawn() -> None:
    image = Image.open(io.BytesIO(_ink("Ada")))
    assert tuple(bytes.fromhex(INK[1:])) in [colour for _, colour in image.getcolors(10_000) or []]
