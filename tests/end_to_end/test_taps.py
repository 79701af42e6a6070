"""How many taps a turn takes on a phone. Focusing a field is one; typing, and scrolling, are none."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, expect

from bot.demo.company import begins_at
from tests.end_to_end.conftest import PATIENCE_MS, today
from tests.end_to_end.test_browser import VIEWPORTS, Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "team-posthog-ai"
QUESTION = "Can we rank search results by meaning?"
ADVICE = "Yes: embed both, and use the cosine."
COUNT = "addEventListener('pointerdown', (event) => { window.taps = (window.taps ?? 0) + (event.isTrusted ? 1 : 0); }, true)"


class Thumb:
    """Somebody with a phone in front of their messages from Prickle, or of another place."""

    def __init__(self, browser: Browser, url: str, name: str, place: str = "tab=messages") -> None:
        context = browser.new_context(viewport=VIEWPORTS["phone"], has_touch=True, is_mobile=True)  # type: ignore[arg-type]
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(COUNT)
        self.page.goto(f"{url}/?as={name}&{place}")

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

    def opens_the_thread_of(self, words: str) -> None:
        """Find it: a tap that is none of the answer's."""
        self.message(words).get_by_role("button", name="reply").tap()

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

    asked = jonas.message("is ready for you to finalize")
    expect(asked).to_contain_text("We look at the lag too late — Priya")
    with jonas.at_most(4):
        jonas.press(asked, "Finalize")
        form = jonas.window("Finalize the plan")
        jonas.write(form, "Direction", "Finish the move before anything new begins.")
        jonas.write(form, "One improvement", "We look at the lag every morning")
        jonas.press(form, "Finalize")
        expect(jonas.page.get_by_role("dialog")).to_have_count(0)


def test_a_simple_answer_is_a_line_and_a_tap_for_the_asker_and_three_taps_for_who_answers(
    browser: Browser, url: str
) -> None:
    jonas, kofi = (Thumb(browser, url, name, f"channel={CHANNEL}") for name in ("jonas", "kofi"))
    with jonas.at_most(1):
        jonas.write(jonas.page.locator("main"), f"Message #{CHANNEL}", QUESTION)
        jonas.page.keyboard.press("Enter")
    jonas.opens_the_thread_of(QUESTION)
    kofi.opens_the_thread_of(QUESTION)

    with kofi.at_most(3):
        kofi.press(kofi.message("waiting on PostHog AI"), "Answer")
        form = kofi.window("Answer")
        kofi.write(form, "Your answer", ADVICE)
        kofi.press(form, "Answer")
        expect(kofi.page.get_by_role("dialog")).to_have_count(0)
    expect(kofi.message(ADVICE)).to_be_visible()
    thread = kofi.page.get_by_role("complementary").get_by_role("article")
    expect(thread).to_have_count(3)  # the question, its card, and the answer

    clock = Colleague(browser, url, "jonas", CHANNEL)
    clock.jump("15:00", begins_at(today()).replace(hour=15, minute=0))
    clock.close()
    asked = Thumb(browser, url, "jonas")
    with asked.at_most(1):
        asked.press(asked.message("Did it help?"), "Yes")
        expect(asked.message("You said that it helped")).to_be_visible()


def test_a_phone_shows_the_first_requests_of_the_queue_without_scrolling(browser: Browser, url: str) -> None:
    kofi = Thumb(browser, url, "kofi", f"channel={CHANNEL}")
    kofi.write(kofi.page.locator("main"), f"Message #{CHANNEL}", "/reach-out queue ")
    kofi.page.keyboard.press("Enter")
    queue = kofi.window("Queue")
    expect(queue.get_by_role("combobox")).to_have_count(1)
    for place in range(2):
        expect(queue.locator(".section").nth(place)).to_be_in_viewport(ratio=1)
    kofi.press(queue, "More filters")
    expect(queue.get_by_role("combobox")).to_have_count(4)
