"""Pictures: a drawing is a list of boxes, words and curves, in pixels from the top left; `paint` makes a PNG of it.

Its paper is light, so that it reads as well in a dark Slack. All pictures are equally wide. A phone shows them at about
a third of that, so no letters are smaller than `SMALLEST`.
"""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Literal

from bot.views.kit import lettering

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

BACKGROUND, INK, FAINT, LINE, LIGHT_INK = "#FBFAF7", "#1F2328", "#5D656E", "#D5D2C9", "#FFFFFF"
WIDTH = 1080
PHONE, READABLE = 390, 12  # a phone's width, and the height of the smallest letters there
SMALLEST = ceil(READABLE * WIDTH / PHONE)
HALO, THICK, DOT = 5, 6, 9  # around words, of a curve, and from the middle of its dots to their edge
FINER = 3  # times: Pillow's lines have steps, so they are drawn larger and made smaller

BLOCK = 1 << 20  # bytes


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str

    def draw(self, image: "Image", pen: "ImageDraw") -> None:
        left, top, right, bottom = map(round, (self.left, self.top, self.right, self.bottom))
        if left < right and top < bottom:
            pen.rectangle((left, top, right - 1, bottom - 1), fill=self.colour)


@dataclass(frozen=True)
class Text:
    """Words on the baseline `y`. With a halo, a line behind them keeps its distance."""

    left: float
    y: float
    right: float
    words: str
    size: int
    colour: str
    bold: bool
    halo: bool

    @property
    def top(self) -> float:
        return self.y - 0.76 * self.size

    @property
    def bottom(self) -> float:
        return self.y + 0.24 * self.size

    def draw(self, image: "Image", pen: "ImageDraw") -> None:
        x = self.left
        for run in lettering.runs(self.words, self.size, bold=self.bold):
            at = (x, self.y)
            if self.halo:
                pen.text(at, run.words, BACKGROUND, run.font, "ls", stroke_width=HALO, stroke_fill=BACKGROUND)
            pen.text(at, run.words, self.colour, run.font, "ls")
            x += run.width


@dataclass(frozen=True)
class Curve:
    """A line through dots. It breaks where there is none."""

    dots: Sequence[tuple[float, float] | None]
    colour: str

    def draw(self, image: "Image", pen: "ImageDraw") -> None:
        from PIL import Image, ImageDraw

        found = [dot for dot in self.dots if dot is not None]
        if not found:
            return
        left, top = (round(min(values)) - DOT for values in zip(*found, strict=True))
        right, bottom = (round(max(values)) + DOT for values in zip(*found, strict=True))
        large = Image.new("L", ((right - left) * FINER, (bottom - top) * FINER))
        self._draw_large(ImageDraw.Draw(large), left, top)
        image.paste(self.colour, (left, top), large.reduce(FINER))

    def _draw_large(self, pen: "ImageDraw", left: float, top: float) -> None:
        dots = [dot and ((dot[0] - left) * FINER, (dot[1] - top) * FINER) for dot in self.dots]
        for one, following in pairwise(dots):
            if one and following:
                pen.line((one, following), fill=255, width=THICK * FINER)
        for dot in dots:
            if dot:
                pen.circle(dot, DOT * FINER - 1, fill=255)


Mark = Box | Text | Curve


@dataclass
class Drawing:
    """What is on a picture. What is drawn later lies on top."""

    height: int
    marks: list[Mark] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self.marks.append(Box(x, y, x + width, y + height, colour))

    def curve(self, dots: Sequence[tuple[float, float] | None], colour: str) -> None:
        """A line through dots."""
        self.marks.append(Curve(dots, colour))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int,
        *,
        colour: str = INK,
        bold: bool = False,
        align: Literal["left", "center"] = "left",
        halo: bool = False,
        room: float = WIDTH,
    ) -> float:
        """Write on the baseline `y`, as much as there is room for; returns where the words end."""
        if size < SMALLEST:
            raise ValueError(f"{size} pixels are too small to read on a phone")
        words = lettering.fitted(words, size, room, bold=bold)
        width = lettering.width(words, size, bold=bold)
        left = x - width / 2 if align == "center" else x
        self.marks.append(Text(left, y, left + width, words, size, colour, bold, halo))
        return left + width


def _take_small_blocks() -> None:
    """Have Pillow keep an image in blocks so small that the C library gives them back to the system."""
    from PIL import Image

    Image.core.set_block_size(BLOCK)  # type: ignore[attr-defined]  # as its documentation says, and its types do not


# A thread keeps a heap of its own for as long as it lives. Many threads deliver, and this one paints for all of them.
_PAINTER = ThreadPoolExecutor(1, thread_name_prefix="painter", initializer=_take_small_blocks)


def paint(draw: Callable[[], Drawing]) -> bytes:
    """What `draw` draws, as a PNG."""
    return _PAINTER.submit(lambda: _png(draw())).result()


def _png(drawing: Drawing) -> bytes:
    # It takes a moment to load, and a bot that nobody asks for a picture does without.
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, drawing.height), BACKGROUND)
    pen = ImageDraw.Draw(image)
    for mark in drawing.marks:
        mark.draw(image, pen)
    png = io.BytesIO()
    image.save(png, "png")
    return png.getvalue()
