"""The pictures in the pages for people: a test makes each, so that none shows what Prickle no longer looks like.

A picture's caption promises words in “…”. Its test holds the screen against them, and with `WRITE_PICTURES=1` writes the file.
Two runs differ in pixels, since the demo begins on the Friday of today, so nobody compares the files.
"""

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "pictures"
COLOURS = 256
GLANCE_MS = 500


def promised() -> dict[str, set[str]]:
    """The pictures that the pages show, by name, and the words that their captions promise."""
    found: dict[str, set[str]] = {}
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for caption, name in re.findall(r"!\[([^]]*)\]\((?:docs/)?pictures/([\w-]+)\.png\)", file.read_text("utf-8")):
            found.setdefault(name, set()).update(re.findall("“([^”]+)”", caption))
    return found


def take(page: Page, name: str) -> None:
    """Make the picture of what is on the screen, which has to show what the caption says."""
    missing = [words for words in sorted(promised()[name]) if not _is_on_screen(page.get_by_text(words))]
    assert not missing, f"{name}.png would not show {missing}"
    if "WRITE_PICTURES" in os.environ:
        assert _has_emoji(), "The pictures need a font with emoji. On Debian: apt-get install fonts-noto-color-emoji"
        shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
        shot.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def _has_emoji() -> bool:
    command = shutil.which("fc-list")
    return command is not None and b"/" in subprocess.check_output([command, ":lang=und-zsye"])


def _is_on_screen(found: Locator) -> bool:
    """Whether a person sees one of these without scrolling."""
    return any(_is_seen(each) for each in found.all())


def _is_seen(each: Locator) -> bool:
    try:
        expect(each).to_be_in_viewport(timeout=GLANCE_MS)
    except AssertionError:
        return False
    return True
