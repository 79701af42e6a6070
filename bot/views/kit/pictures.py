"""Pictures: the paper, the ink, and what is written and drawn on it. Everything is in pixels, from the top left."""

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BACKGROUND, INK, FAINT, LINE = "#FBFAF7", "#1F2328", "#5D656E", "#D5D2C9"

# Matplotlib keeps fonts and settings that threads share.
_ONE_AT_A_TIME = threading.Lock()


def paint(width: int, height: int, draw: Callable[["Axes"], None]) -> bytes:
    """What `draw` draws, as a PNG. Its paper is light, so that it reads as well in a dark Slack."""
    # It takes a second to load, and a bot that nobody asks for a picture does without.
    from matplotlib.figure import Figure

    with _ONE_AT_A_TIME:
        # At 72 dots an inch, a point of type is a pixel.
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=BACKGROUND)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        draw(axes)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=72)
    return png.getvalue()


def text(
    axes: "Axes",
    x: float,
    y: float,
    words: str,
    size: int,
    *,
    colour: str = INK,
    weight: str = "normal",
    align: Literal["left", "center"] = "left",
    halo: bool = False,
) -> float:
    """Write on the baseline `y`; returns where the words end. With a halo, a line behind them keeps its distance."""
    from matplotlib.patheffects import withStroke

    font = {"family": "DejaVu Sans", "size": size, "weight": weight}
    written = axes.text(x, y, words, font, color=colour, horizontalalignment=align, parse_math=False)
    if halo:
        written.set_path_effects([withStroke(linewidth=10, foreground=BACKGROUND)])
    return float(axes.transData.inverted().transform(written.get_window_extent().max)[0])


def box(axes: "Axes", x: float, y: float, width: float, height: float, colour: str) -> None:
    """A filled rectangle."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))
