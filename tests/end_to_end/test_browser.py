"""The sandbox's page in a real browser: people plan a sprint by clicking and typing, each in a browser of their own."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.demo.company import begins_at
from tests.end_to_end import pictures
from tests.end_to_end.conftest import PATIENCE_MS, today
from tests.end_to_end.processes import Prickle

DATA_LOSS = "Fix the three data-loss bugs from the player incident"
QUIET = "Delete every alarm that nobody acted on"
SPEED = "Playback keeps its speed between recordings"
TIMELINE = "Ship the new timeline behind a flag"
SEEKING = "Write down how seeking works"
SHORT = "Roll the new timeline out"
REVIEWS = "Reviews wait for two days"
IMPROVEMENT = "A review is answered within a day"
HAND_OVER = "Half of us ask in the channel, the others in reviews"
VIEWPORTS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


class Colleague:
    """Somebody in front of the page, who can do what the page lets them do."""

    def __init__(self, browser: Browser, url: str, name: str, channel: str = "team-replay") -> None:
        self.troubles: list[str] = []
        self._page = browser.new_context(viewport=VIEWPORTS["desktop"]).new_page()  # type: ignore[arg-type]
        self._page.set_default_timeout(PATIENCE_MS)
        self._page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self._page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self._page.goto(f"{url}/?as={name}")
        # While it connects the page draws its links anew, and a click on an old one is lost.
        expect(self._page.get_by_text("Prickle is connected")).to_be_attached()
        self.go_to(channel)

    def go_to(self, channel: str) -> None:
        """Choose a channel at the left."""
        self._page.get_by_role("link", name=channel).click()
        expect(self._composer(channel)).to_be_focused()

    def look_into(self, url: str) -> None:
        """Follow a link to a channel that one is not in."""
        self._page.goto(url)
        expect(self._page.get_by_role("button", name="Join channel")).to_be_visible()

    def command(self, line: str, channel: str = "team-replay") -> None:
        """Type a slash command: half of its name, then what is offered, then the rest."""
        command, _, words = line.partition(" ")
        composer = self._composer(channel)
        composer.press_sequentially(command[:4])
        self._page.get_by_role("option", name=command, exact=True).click()
        expect(composer).to_have_value(f"{command} ")
        composer.press_sequentially(words)
        composer.press("Enter")

    def say(self, words: str, channel: str) -> None:
        """Write a message."""
        self._composer(channel).fill(words)
        self._composer(channel).press("Enter")

    def reply(self, words: str) -> None:
        """Write into the thread that is open."""
        composer = self._page.get_by_role("textbox", name="Reply in thread")
        composer.fill(words)
        composer.press("Enter")

    def read_dms(self) -> None:
        """Open the conversation with the app."""
        self._page.get_by_role("link", name="Prickle").click()
        self._page.get_by_role("tab", name="Messages").click()

    def read_home(self) -> Locator:
        """Open the app's Home tab."""
        self._page.get_by_role("link", name="Prickle").click()
        tab = self._page.get_by_role("tab", name="Home")
        expect(tab).to_be_visible()
        if tab.get_attribute("aria-selected") != "true":
            # A second visit would publish it a second time, below a menu that is open by then.
            tab.click()
        return self._page.get_by_role("tabpanel", name="Home")

    def _composer(self, channel: str) -> Locator:
        return self._page.get_by_role("textbox", name=f"Message #{channel}")

    def message(self, words: str) -> Locator:
        """The newest message that says this."""
        return self._page.get_by_role("article").filter(has_text=words).last

    def window(self, title: str) -> Locator:
        """The window that is on top, once it has this title."""
        window = self._page.get_by_role("dialog", name=title, exact=True)
        expect(window).to_be_visible()
        return window

    def leave(self, title: str) -> None:
        """Close the window that is on top, and the ones below it."""
        self.window(title).get_by_role("button", name="Close").first.click()
        expect(self._page.get_by_role("dialog")).to_have_count(0)

    def sees_no_window(self) -> None:
        """The form has closed: what it changed stands elsewhere."""
        expect(self._page.get_by_role("dialog")).to_have_count(0)

    def choose(self, menu: Locator, *choices: str) -> None:
        """Choose in a menu, one choice after the other."""
        menu.click()
        for choice in choices:
            self._page.get_by_role("option", name=choice, exact=True).click()
        menu.press("Tab")
        # What the app draws anew closes a menu that is opened too early.
        expect(self._page.locator("[data-busy]")).to_have_count(0)

    def pick_found(self, choice: str) -> None:
        """Pick from a menu that is open."""
        self._page.get_by_role("option", name=choice, exact=True).click()

    def pick(self, choice: str) -> None:
        """Pick from the menu behind three dots, which is open."""
        self._page.get_by_role("menuitem", name=choice).click()

    def jump(self, shows: str, to: datetime | None = None) -> None:
        """Move time to the next prompt, or to a moment on one's own wall; then the clock `shows` this."""
        clock = self._page.get_by_role("button", name="Time: now is")
        clock.click()
        panel = self._page.get_by_role("dialog", name="It is")
        if to is None:
            panel.get_by_role("button", name="Jump to the next prompt").click()
        else:
            panel.get_by_label("Jump to …").fill(f"{to:%Y-%m-%dT%H:%M}")
            panel.get_by_role("button", name="Jump", exact=True).click()
        expect(clock).to_contain_text(shows, timeout=4 * PATIENCE_MS)
        expect(clock).not_to_have_attribute("data-busy", "", timeout=4 * PATIENCE_MS)
        self._page.keyboard.press("Escape")
        expect(panel).to_have_count(0)

    def photograph(self, folder: Path, name: str) -> None:
        """Keep what is on the screen, wide and narrow, light and dark, for whoever wants to look at it."""
        for size, viewport in VIEWPORTS.items():
            self._page.set_viewport_size(viewport)  # type: ignore[arg-type]
            for colours in ("light", "dark"):
                self._page.emulate_media(color_scheme=colours)
                self._page.screenshot(path=folder / f"{name}-{size}-{colours}.png", animations="disabled")
        self._page.set_viewport_size(VIEWPORTS["desktop"])  # type: ignore[arg-type]
        self._page.emulate_media(color_scheme="light")

    def picture(self, name: str, size: str = "desktop") -> None:
        """Make one of the pictures that the pages for people show."""
        self._page.set_viewport_size(VIEWPORTS[size])  # type: ignore[arg-type]
        pictures.take(self._page, name)
        self._page.set_viewport_size(VIEWPORTS["desktop"])  # type: ignore[arg-type]

    def close(self) -> None:
        """Close the browser. Nothing must have gone wrong in the page."""
        assert self.troubles == []
        self._page.context.close()


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        prickle.says("Ctrl-C stops the demo")
        found = re.search(r"http://[\d.:]+\d", prickle.output)
        assert found is not None
        yield found[0]
        assert "Traceback" not in prickle.output


def test_a_team_in_two_zones_finishes_learns_and_plans_in_one_conversation(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    friday = begins_at(today())
    monday = friday.replace(hour=15, minute=1) + timedelta(days=3)
    ada, noor, sam = (Colleague(browser, url, name) for name in ("ada", "noor", "sam"))

    noor.message("My items").scroll_into_view_if_needed()
    noor.picture("plan")
    ada.jump("10:00")
    noor_has_nothing_new(noor, tmp_path)
    ada_wraps_up_and_shortens_too_long_a_line(ada, tmp_path)
    somebody_of_another_team_reads_why_not(Colleague(browser, url, "jonas", "team-ingestion"), f"{url}/?as=jonas")
    the_card_waits_for_the_others(noor, tmp_path)

    ada.jump("Mon", monday)
    sam_answers_the_one_reminder(sam, tmp_path)
    ada_reads_the_notes_and_finalizes(ada, tmp_path)
    for each in (ada, noor, sam):
        each.go_to("team-replay")
        the_final_plan_stands(each.message("Faster first, then wider."))
    noor_takes_the_improvement(noor, tmp_path)
    noor_finds_the_plan_from_the_companys_page(noor, tmp_path)

    sam_finishes_an_item_from_the_card(sam, tmp_path)
    for each in (ada, noor, sam):
        each.go_to("team-replay")
        expect(each.message("Faster first, then wider.")).to_contain_text("🟢 Try two spellings of the speed menu")
        expect(each.message("Faster first, then wider.")).to_contain_text("🟢 1")
    sam_reads_the_markdown(sam)
    for each in (ada, noor, sam):
        each.close()


def noor_has_nothing_new(noor: Colleague, folder: Path) -> None:
    noor.read_dms()
    turn = noor.message("How far did you get, what did you learn, what's next?")
    for title in (DATA_LOSS, QUIET):
        expect(turn).to_contain_text(title)
    noor.photograph(folder, "1-turn")
    noor.picture("turn")
    noor.picture("turn-phone", "phone")
    turn.get_by_role("button", name="Nothing new").click()
    answered = noor.message("Your plan for Replay")
    expect(answered).to_contain_text(f"{QUIET} (carried over)")
    expect(answered).to_contain_text(f"{DATA_LOSS} (carried over)")
    noor.photograph(folder, "2-nothing-new")


def ada_wraps_up_and_shortens_too_long_a_line(ada: Colleague, folder: Path) -> None:
    long = f"{SHORT} to {'more and ' * 20}"
    rest = "\n- Write the changelog entry\n    It waits for the pictures"
    ada.read_dms()
    ada.message("How far did you get").get_by_role("button", name="Wrap up and plan").click()
    form = ada.window("Wrap up and plan")
    expect(form).to_contain_text("What is unfinished carries over by itself")
    ada.photograph(folder, "3-form")
    ada.choose(form.get_by_role("combobox", name=TIMELINE), "🟢 Finished")
    expect(form.get_by_role("textbox", name="Because…")).to_have_count(0)
    ada.choose(form.get_by_role("combobox", name=SEEKING), "🔴 Won't finish")
    form.get_by_role("textbox", name="Because…").fill("The wiki has it")
    form.get_by_role("textbox", name="What could be better?").fill(HAND_OVER)
    field = form.get_by_role("textbox", name="High priority")
    field.fill(f"{long}more{rest}")
    form.get_by_role("button", name="Send").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("213 characters long; a title takes 200"))
    expect(form.get_by_role("textbox", name="What could be better?")).to_have_value(HAND_OVER)
    field.fill(SHORT + rest)
    expect(field).to_have_attribute("aria-invalid", "false")
    ada.photograph(folder, "4-form-filled")
    ada.picture("form")
    form.get_by_role("button", name="Send").click()
    ada.sees_no_window()
    expect(ada.message("Your plan for Replay")).to_contain_text(SHORT)


def somebody_of_another_team_reads_why_not(jonas: Colleague, address: str) -> None:
    jonas.look_into(f"{address}&channel=team-replay")
    jonas.message("Write my plan").get_by_role("button", name="Write my plan").click()
    expect(jonas.window("Nothing changed")).to_contain_text("Replay")
    jonas.leave("Nothing changed")
    jonas.close()


def the_card_waits_for_the_others(noor: Colleague, folder: Path) -> None:
    noor.go_to("team-replay")
    card = noor.message("Write my plan")
    expect(card.get_by_text("Waiting for Lee and Sam.", exact=True)).to_be_visible()
    expect(card).to_contain_text("Roll the new timeline out — Ada")
    expect(card).not_to_contain_text(TIMELINE)
    expect(noor.message("Retro: Replay")).to_contain_text("Written: ")
    expect(noor.message("Retro: Replay")).not_to_contain_text(HAND_OVER)
    noor.photograph(folder, "5-waiting")


def sam_answers_the_one_reminder(sam: Colleague, folder: Path) -> None:
    sam.read_dms()
    expect(sam.message("the message below asks you now")).to_be_visible()
    reminder = sam.message("A reminder, and the only one")
    sam.photograph(folder, "6-reminder")
    reminder.get_by_role("button", name="Wrap up and plan").click()
    form = sam.window("Wrap up and plan")
    expect(form).to_contain_text(REVIEWS)  # what Sam wrote during the sprint
    form.get_by_role("textbox", name="Side quests").fill("Try two spellings of the speed menu")
    form.get_by_role("button", name="Send").click()
    sam.sees_no_window()
    expect(sam.message("Your plan for Replay")).to_contain_text("Try two spellings of the speed menu")


def ada_reads_the_notes_and_finalizes(ada: Colleague, folder: Path) -> None:
    ada.read_dms()
    asked = ada.message("is ready for you to finalize")
    expect(asked).to_contain_text("3 answers in, none from Lee; what they left unfinished carries over.")
    expect(asked).to_contain_text(f"{REVIEWS} — Sam")
    ada.photograph(folder, "7-lead")
    ada.picture("lead")
    asked.get_by_role("button", name="Finalize").click()
    form = ada.window("Finalize the plan")
    form.get_by_role("textbox", name="Direction").fill("Faster first, then wider.")
    form.get_by_role("textbox", name="One improvement from the retro").fill(IMPROVEMENT)
    for title, place in (("Write the changelog entry", "Side quest"), (SHORT, "1"), (DATA_LOSS, "2")):
        ada.choose(form.locator(".section").filter(has_text=title).get_by_role("combobox"), place)
        expect(form.locator("[data-busy]")).to_have_count(0)  # the form makes room
    ada.photograph(folder, "8-finalize")
    ada.picture("finalize")
    form.get_by_role("button", name="Finalize").click()
    ada.sees_no_window()


def the_final_plan_stands(card: Locator) -> None:
    in_order = [
        "Faster first, then wider.",
        "High priority",
        "Roll the new timeline out",
        DATA_LOSS,
        "Side quests",
        "Write the changelog entry",
        "It waits for the pictures",
    ]
    expect(card).to_have_text(re.compile(".*".join(map(re.escape, in_order)), re.DOTALL))
    expect(card).to_contain_text("Ada changed: “Write the changelog entry” is a side quest now")
    for settled in (TIMELINE, SEEKING, SPEED):
        expect(card).not_to_contain_text(settled)


def noor_takes_the_improvement(noor: Colleague, folder: Path) -> None:
    board = noor.message("Retro: Replay")
    expect(board).to_contain_text("Who takes it?")
    expect(board).to_contain_text(f"{HAND_OVER} — Ada")
    board.scroll_into_view_if_needed()
    noor.photograph(folder, "9-board")
    board.get_by_role("button", name="I'll take it").scroll_into_view_if_needed()
    noor.picture("board")
    board.get_by_role("button", name="I'll take it").click()
    expect(board).to_contain_text(f"{IMPROVEMENT} — Noor")
    plan = noor.message("Faster first, then wider.")
    expect(plan).to_contain_text(f"{IMPROVEMENT} — Noor")
    plan.scroll_into_view_if_needed()
    noor.photograph(folder, "10-final")


def noor_finds_the_plan_from_the_companys_page(noor: Colleague, folder: Path) -> None:
    noor.go_to("sprints")
    page = noor.message("Faster first, then wider.")
    noor.photograph(folder, "11-company")
    noor.picture("company")
    page.get_by_role("link", name="Replay").click()
    the_final_plan_stands(noor.message("Faster first, then wider."))


def sam_finishes_an_item_from_the_card(sam: Colleague, folder: Path) -> None:
    sam.message("Faster first, then wider.").get_by_role("button", name="My items").click()
    mine = sam.window("Team Replay")
    item = mine.locator(".section").filter(has_text="Try two spellings of the speed menu")
    sam.photograph(folder, "12-my-items")
    sam.choose(item.get_by_role("combobox"), "🟢 Finished")
    expect(mine).to_contain_text("🟢 Try two spellings of the speed menu")
    sam.leave("Team Replay")


def sam_reads_the_markdown(sam: Colleague) -> None:
    sam.message("Faster first, then wider.").get_by_role("button", name="Show the plan").click()
    sam.window("Sprint plan").get_by_role("button", name="Export as Markdown").click()
    document = sam.window("Plan as Markdown")
    expect(document).to_contain_text("# Team Replay — sprint")
    expect(document).to_contain_text(f"- {DATA_LOSS} — Noor (carried over)")
    expect(document).to_contain_text(f"**One improvement:** {IMPROVEMENT} — Noor")
    sam.leave("Plan as Markdown")
