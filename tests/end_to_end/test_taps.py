"""How many taps a turn takes on a phone. Focusing a field is one; typing, and scrolling, are none."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end.conftest import PATIENCE_MS
from tests.end_to_end.test_browser import VIEWPORTS, Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

COUNT = "addEventListener('pointerdown', (event) => { window.taps = (window.taps ?? 0) + (event.isTrusted ? 1 : 0); }, true)"


class Thumb:
    """Somebody with a phone in front of their messages from Prickle."""

    def __init__(self, browser: Browser, url: str, name: str) -> None:
        context = browser.new_context(viewport=VIEWPORTS["phone"], has_touch=True, is_mobile=True)  # type: ignore[arg-type]
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(COUNT)
        self.page.goto(f"{url}/?as={name}&tab=messages")

    def message(self, words: str) -> Locator:
        """The newest message that says this."""
        return self.page.get_by_role("article").filter(has_text=words).last

    def window(self, title: str) -> Locator:
        """The window with this title."""
        return self.page.get_by_role("dialog", name=title, exact=True)

    def press(self, place: Locator, button: str) -> None:
        """One tap."""
        place.get_by_role("button", name=button, exact=True).tap()

    def choose(self, form: Locator, item: str, mark: str) -> None:
        """A tap to open, a tap to choose."""
        form.get_by_role("combobox", name=item).tap()
        self.page.get_by_role("option", name=mark, exact=True).tap()

    def write(self, form: Locator, field: str, words: str) -> None:
        """A tap into the field, and then the keys."""
        form.get_by_role("textbox", name=field).tap()
        self.page.keyboard.type(words)

    @contextmanager
    def at_most(self, taps: int) -> Iterator[None]:
        """The block takes so many taps, and at least one."""
        before = self._taps()
        yield
        taken = self._taps() - before
        assert 1 <= taken <= taps, f"{taken} taps, where {taps} are enough"

    def _taps(self) -> int:
        return int(self.page.evaluate("window.taps ?? 0"))


def test_nothing_new_is_one_tap_a_whole_turn_eight_and_finalizing_four(browser: Browser, url: str) -> None:
    clock = Colleague(browser, url, "jonas", "team-ingestion")
    clock.jump("10:00")
    clock.close()
    jonas, priya = Thumb(browser, url, "jonas"), Thumb(browser, url, "priya")

    with jonas.at_most(1):
        jonas.press(jonas.message("How far did you get"), "Nothing new")
        expect(jonas.message("Your plan for Ingestion")).to_contain_text("is in")

    with priya.at_most(8):
        priya.press(priya.message("How far did you get"), "Wrap up and plan")
        form = priya.window("Wrap up and plan")
        priya.choose(form, "Compress person properties on write", "🟢 Finished")
        priya.choose(form, "Late events land in the right partition", "🟡 In progress")
        priya.write(form, "What could be better?", "We look at the lag too late")
        priya.write(form, "High priority", "Alerts say what to do")
        priya.press(form, "Send")
        expect(priya.page.get_by_role("dialog")).to_have_count(0)

    asked = jonas.message("is yours to finalize")
    expect(asked).to_contain_text("We look at the lag too late — Priya")
    with jonas.at_most(4):
        jonas.press(asked, "Finalize")
        form = jonas.window("Finalize the plan")
        jonas.write(form, "Direction", "Finish the move before anything new begins.")
        jonas.write(form, "One improvement", "We look at the lag every morning")
        jonas.press(form, "Finalize")
        expect(jonas.page.get_by_role("dialog")).to_have_count(0)
