"""Pictures: a drawing is a list of boxes, words and curves, in pixels from the top left; `paint` makes a PNG of it.

Its paper is light, so that it reads as well in a dark Slack. All pictures are equally wide. A phone shows them at about
a third of that, so no letters are smaller than `SMALLEST`.
"""

import struct
import zlib
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

BAND = 256  # as much of a picture is in memory at a time, whatever its height


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str

    @property
    def reach(self) -> tuple[float, float]:
        return self.top, self.bottom

    def draw(self, image: "Image", pen: "ImageDraw", above: int) -> None:
        left, top, right, bottom = map(round, (self.left, self.top, self.right, self.bottom))
        if left < right and top < bottom:
            pen.rectangle((left, top - above, right - 1, bottom - above - 1), fill=self.colour)


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

    @property
    def reach(self) -> tuple[float, float]:
        return self.y - 2 * self.size, self.y + 2 * self.size  # marks that are heaped on a letter, too

    def draw(self, image: "Image", pen: "ImageDraw", above: int) -> None:
        x = self.left
        for run in lettering.runs(self.words, self.size, bold=self.bold):
            at = (x, self.y - above)
            if self.halo:
                pen.text(at, run.words, BACKGROUND, run.font, "ls", stroke_width=HALO, stroke_fill=BACKGROUND)
            pen.text(at, run.words, self.colour, run.font, "ls")
            x += run.width


@dataclass(frozen=True)
class Curve:
    """A line through dots. It breaks where there is none."""

    dots: Sequence[tuple[float, float] | None]
    colour: str

    @property
    def reach(self) -> tuple[float, float]:
        found = [y for _, y in filter(None, self.dots)]
        return min(found, default=0) - DOT, max(found, default=0) + DOT

    def draw(self, image: "Image", pen: "ImageDraw", above: int) -> None:
        from PIL import Image, ImageDraw

        found = [dot for dot in self.dots if dot is not None]
        if not found:
            return
        left, top = (round(min(values)) - DOT for values in zip(*found, strict=True))
        right, bottom = (round(max(values)) + DOT for values in zip(*found, strict=True))
        large = Image.new("L", ((right - left) * FINER, (bottom - top) * FINER))
        self._draw_large(ImageDraw.Draw(large), left, top)
        image.paste(self.colour, (left, top - above), large.reduce(FINER))

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


# A thread keeps a heap of its own for as long as it lives. Many threads deliver, and this one paints for all of them.
_PAINTER = ThreadPoolExecutor(1, thread_name_prefix="painter")


def paint(draw: Callable[[], Drawing]) -> bytes:
    """What `draw` draws, as a PNG."""
    return _PAINTER.submit(lambda: _png(draw())).result()


def _png(drawing: Drawing) -> bytes:
    """Band by band. A tall picture as a whole takes 20 MB, which a heap does not always give back."""
    packer = zlib.compressobj()
    packed = [packer.compress(_rows(drawing, top)) for top in range(0, drawing.height, BAND)]
    head = struct.pack(">IIBBBBB", WIDTH, drawing.height, 8, 2, 0, 0, 0)  # eight bits each of red, green and blue
    chunks = ((b"IHDR", head), (b"IDAT", b"".join([*packed, packer.flush()])), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _rows(drawing: Drawing, top: int) -> bytes:
    """A band's pixels, as PNG has them: a zero before each row says that it is not filtered."""
    # It takes a moment to load, and a bot that nobody asks for a picture does without.
    from PIL import Image, ImageDraw

    height = min(BAND, drawing.height - top)
    image = Image.new("RGB", (WIDTH, height), BACKGROUND)
    pen = ImageDraw.Draw(image)
    for mark in drawing.marks:
        first, last = mark.reach
        if first < top + height and top < last:
            mark.draw(image, pen, top)
    pixels, row = image.tobytes(), WIDTH * 3
    return b"".join(b"\0" + pixels[start : start + row] for start in range(0, len(pixels), row))
