"""The picture of a desk's capacity: an engineer a row, a sprint a column. The list says the same in words."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from bot.domain.calendar.wording import MONTHS, count, days
from bot.domain.intake.capacity import Capacity, Cell, CellKind
from bot.views.kit import lettering, pictures
from bot.views.kit.pictures import FAINT, INK, LIGHT_INK, WIDTH, Drawing

MARGIN = 32
NAME, CELL, STRIP, GAP = (
    50,
    102,
    20,
    24,
)  # high: an engineer's name, their cells, the strip in a cell, what is left free
ROW = NAME + CELL + GAP
TOP, BOTTOM, NOTE = 252, 74, 52  # above the first row, below the last one, and of a line below the legend
BETWEEN, EDGE = 6, 4  # cells, and from a cell's edge to its words
TITLE, LABEL = 52, 34
MOST_ROWS = 30
MISSING = f"A {lettering.MISSING} is a letter that pictures can't show. The list shows it."
COLOURS = {None: "#DDEBE3", CellKind.WITH: "#0072B2", CellKind.HELD: "#E69F00", CellKind.AWAY: "#B9B5AB"}
NAMES_OF = {None: "free", CellKind.WITH: "with a team", CellKind.HELD: "held", CellKind.AWAY: "away"}


def look_of(cell: Cell) -> CellKind | None:
    """What counts most in a cell; None for one in which somebody can still be booked."""
    return next((stay.kind for stay in cell.stays if stay.kind is not CellKind.AWAY or stay.whole), None)


def paint(capacity: Capacity) -> bytes:
    """The picture as a PNG."""
    return pictures.paint(partial(draw, capacity))


def draw(capacity: Capacity) -> Drawing:
    """The picture: an engineer a row, with a cell a sprint under their name."""
    shown = capacity.rows[:MOST_ROWS]
    notes = list(_notes(capacity))
    paper = Drawing(TOP + ROW * len(shown) + BOTTOM + NOTE * len(notes))
    room = WIDTH - 2 * MARGIN
    paper.text(MARGIN, 78, f"Capacity of {capacity.desk_name}", TITLE, bold=True, room=room)
    paper.text(MARGIN, 130, days(capacity.sprints[0].starts_on, capacity.sprints[-1].ends_on), LABEL, colour=FAINT)
    column = room / len(capacity.sprints)
    for place, dates in enumerate(capacity.sprints):
        x = MARGIN + place * column
        paper.text(x, TOP - 50, _short_day(dates.starts_on), LABEL, bold=True, room=column)
        paper.text(x, TOP - 12, f"to {_short_day(dates.ends_on)}", LABEL, colour=FAINT, room=column)
    for number, row in enumerate(shown):
        y = TOP + number * ROW
        paper.text(MARGIN, y + 38, row.name, LABEL, bold=True, room=room)
        for place, cell in enumerate(row.cells):
            _draw_cell(paper, cell, MARGIN + place * column, y + NAME, column - BETWEEN)
    _draw_legend(paper, TOP + len(shown) * ROW + 38, notes)
    return paper


def _short_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def _draw_cell(paper: Drawing, cell: Cell, x: float, y: float, width: float) -> None:
    """A cell is as long as its sprint. What takes all of it is its ground; the strip at its foot shows the days of the rest."""
    whole = next((stay for stay in cell.stays if stay.whole), None)
    paper.box(x, y, width, CELL, COLOURS[whole.kind if whole else None])
    length = (cell.dates.ends_on - cell.dates.starts_on).days + 1
    for stay in reversed([each for each in cell.stays if not each.whole]):  # what counts most lies on top
        first = (stay.starts_on - cell.dates.starts_on).days
        share = ((stay.ends_on - stay.starts_on).days + 1) / length
        paper.box(x + width * first / length, y + CELL - STRIP, width * share, STRIP, COLOURS[stay.kind])
    above, below = _cell_text(cell)
    colour = LIGHT_INK if whole and whole.kind is CellKind.WITH else INK
    for words, baseline in ((above, 36 if below else 54), (below, 72)):
        paper.text(x + width / 2, y + baseline, words, LABEL, colour=colour, align="center", room=width - 2 * EDGE)


def _cell_text(cell: Cell) -> tuple[str, str]:
    stay = next((each for each in cell.stays if each.kind is look_of(cell)), None)
    if stay is None:
        return "free", "part away" if cell.stays else ""
    if stay.kind is CellKind.AWAY:
        return "away", ""
    return stay.team_name, "held" if stay.kind is CellKind.HELD else stay.part


def _draw_legend(paper: Drawing, y: float, notes: Sequence[str]) -> None:
    x: float = MARGIN
    for kind, words in NAMES_OF.items():
        paper.box(x, y - 28, 32, 32, COLOURS[kind])
        x = paper.text(x + 44, y, words, LABEL) + 36
    for line, words in enumerate(notes, start=1):
        paper.text(MARGIN, y + line * NOTE, words, LABEL, colour=FAINT)


def _notes(capacity: Capacity) -> Iterator[str]:
    """What the picture does not show."""
    missing = len(capacity.rows) - MOST_ROWS
    if missing > 0:
        yield f"and {count(missing, 'more engineer')}"
    if not all(map(lettering.is_whole, _typed(capacity))):
        yield MISSING


def _typed(capacity: Capacity) -> Iterator[str]:
    """What people have named."""
    yield capacity.desk_name
    for row in capacity.rows[:MOST_ROWS]:
        yield row.name
        yield from (stay.team_name for cell in row.cells for stay in cell.stays)
