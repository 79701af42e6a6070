"""Curves over a number that grows tenfold from step to step, one chart below the other, as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import floor, log10

from bot.views.kit import pictures
from bot.views.kit.pictures import FAINT, LINE, WIDTH, Drawing

HEIGHT, PLOT, LEFT, RIGHT = 800, 420, 150, 60  # of a chart, of its curves, and beside them
TITLE, LABEL = 44, 34
TICKS = 4


@dataclass(frozen=True)
class Series:
    """One curve: values by the number that grows."""

    name: str
    colour: str
    values: Mapping[int, float]


@dataclass(frozen=True)
class Chart:
    """Its curves, and what both axes count."""

    title: str
    across: str
    series: Sequence[Series]


def paint(charts: Sequence[Chart]) -> bytes:
    """The picture as a PNG."""
    return pictures.paint(partial(draw, charts))


def draw(charts: Sequence[Chart]) -> Drawing:
    """The charts, one below the other."""
    paper = Drawing(HEIGHT * len(charts))
    for place, chart in enumerate(charts):
        _draw(paper, chart, place * HEIGHT)
    return paper


def _draw(paper: Drawing, chart: Chart, top: float) -> None:
    paper.text(LEFT, top + 70, chart.title, TITLE, bold=True, room=WIDTH - LEFT)
    for place, series in enumerate(chart.series):
        x, y = LEFT + place % 2 * 450, top + 130 + place // 2 * 48
        paper.box(x, y - 17, 40, 10, series.colour)
        paper.text(x + 54, y, series.name, LABEL)
    bottom = top + 230 + PLOT
    most = _upwards(paper, chart, bottom)
    x_of = _across(paper, chart, bottom)
    for series in chart.series:
        dots = [(x_of[step], bottom - PLOT * value / most) for step, value in series.values.items()]
        paper.curve(dots, series.colour)


def _upwards(paper: Drawing, chart: Chart, bottom: float) -> float:
    """The lines that curves are read against; returns what the highest one stands for."""
    most = max(value for series in chart.series for value in series.values.values())
    size = 10.0 ** floor(log10(most / TICKS))
    step = size * next(each for each in (1, 2, 5, 10) if size * each * TICKS >= most)
    for tick in range(TICKS + 1):
        y = bottom - PLOT * tick / TICKS
        paper.box(LEFT, y, WIDTH - LEFT - RIGHT, 2, LINE)
        paper.text(24, y + 12, f"{tick * step:,.4g}" if step < 1 else f"{tick * step:,.0f}", LABEL, colour=FAINT)
    return step * TICKS


def _across(paper: Drawing, chart: Chart, bottom: float) -> dict[int, float]:
    """Where each step stands."""
    steps = sorted({step for series in chart.series for step in series.values})
    width = (WIDTH - LEFT - RIGHT - 80) / log10(steps[-1] / steps[0])
    x_of = {step: LEFT + 40 + width * log10(step / steps[0]) for step in steps}
    for step, x in x_of.items():
        paper.text(x, bottom + 48, f"{step:,}", LABEL, colour=FAINT, align="center")
    paper.text((LEFT + WIDTH - RIGHT) / 2, bottom + 100, chart.across, LABEL, colour=FAINT, align="center")
    return x_of
