"""The sandbox's page in a real browser: people plan a sprint by clicking and typing, each in a browser of their own."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end.conftest import PATIENCE_MS
from tests.end_to_end.processes import Prickle

FIRST_FRAME = "Cut first-frame time below one second for long recordings"
OLD_PATH = "Delete the old ingestion path"
TIMELINE = "🟡 Ship the new timeline behind a flag"
DATA_LOSS = "Fix the three data-loss bugs from the player incident"


class Colleague:
    """Somebody in front of the page, who can do what the page lets them do."""

    def __init__(self, browser: Browser, url: str, name: str, channel: str = "team-replay") -> None:
        self.troubles: list[str] = []
        self._page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
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

    def choose(self, menu: Locator, *choices: str) -> None:
        """Choose in a menu, one choice after the other."""
        menu.click()
        for choice in choices:
            self._page.get_by_role("option", name=choice, exact=True).click()
        menu.press("Tab")

    def pick(self, choice: str) -> None:
        """Pick from the menu behind three dots, which is open."""
        self._page.get_by_role("menuitem", name=choice).click()

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


def days_from_today(days: int) -> str:
    """A day that the sprint to plan holds, whatever day is today: it begins three days from now at the latest."""
    today = datetime.fromtimestamp(time.time(), ZoneInfo("Europe/Berlin")).date()
    return (today + timedelta(days=days)).isoformat()


def waits_for(card: Locator, words: str) -> None:
    expect(card.get_by_text(words, exact=True)).to_be_visible()


def test_three_people_plan_a_sprint_by_clicking_and_typing_and_the_lead_finalizes_it(
    browser: Browser, url: str
) -> None:
    ada, lee, noor = (Colleague(browser, url, name) for name in ("ada", "lee", "noor"))

    lee_takes_one_item_along_and_drops_the_other(lee)
    cards = [each.message("Write my plan") for each in (ada, lee, noor)]
    for card in cards:
        waits_for(card, "Waiting for Ada, Noor and Sam.")
        expect(card).to_contain_text(f"{FIRST_FRAME} — Lee (carried over")
        expect(card).not_to_contain_text(OLD_PATH)

    noor_is_off_for_two_days(noor)
    ada_writes_too_long_a_line_and_shortens_it(ada)
    for card in cards:
        waits_for(card, "Waiting for Sam.")
        expect(card).to_contain_text("Off: Noor")
        expect(card).to_contain_text("Roll the new timeline out — Ada")

    somebody_of_another_team_reads_why_not(Colleague(browser, url, "jonas", "team-ingestion"), f"{url}/?as=jonas")
    ada_finalizes(ada)
    for each in (ada, lee, noor):
        the_final_plan_stands(each.message("Faster first, then wider."))
    noor_finds_the_plan_from_the_companys_page(noor)

    lee_finishes_an_item_from_the_card(lee)
    for each in (ada, lee, noor):
        expect(each.message("Faster first, then wider.")).to_contain_text(f"🟢 {FIRST_FRAME}")
        expect(each.message("Faster first, then wider.")).to_contain_text("🟢 1 · ⚪ 5")
    lee_reads_the_markdown(lee)

    for each in (ada, lee, noor):
        each.close()


def noor_finds_the_plan_from_the_companys_page(noor: Colleague) -> None:
    noor.go_to("sprints")
    page = noor.message("Faster first, then wider.")
    expect(page).to_contain_text("6 items")
    page.get_by_role("link", name="Replay").click()
    the_final_plan_stands(noor.message("Faster first, then wider."))


def lee_takes_one_item_along_and_drops_the_other(lee: Colleague) -> None:
    lee.command("/sprint plan")
    form = lee.window("My plan")
    expect(form.get_by_text("Unfinished from last time")).to_be_visible()
    expect(form.get_by_role("textbox", name="Because…")).to_have_count(0)
    lee.choose(form.get_by_role("combobox", name=OLD_PATH), "🔴 Drop, because…")
    form.get_by_role("textbox", name="Because…").fill("Nobody needs its disk before spring")
    form.get_by_role("textbox", name="Side quests").fill("Try two spellings of the speed menu")
    form.get_by_role("button", name="Send").click()
    expect(lee.window("Your plan is in")).to_contain_text("1 high priority item and 1 side quest")
    lee.leave("Your plan is in")


def noor_is_off_for_two_days(noor: Colleague) -> None:
    noor.message("Write my plan").get_by_role("button", name="Write my plan").click()
    form = noor.window("My plan")
    form.get_by_label("My first day off").fill(days_from_today(5))
    form.get_by_label("My last day off").fill(days_from_today(6))
    form.get_by_role("button", name="Send").click()
    noor.leave("Your plan is in")


def ada_writes_too_long_a_line_and_shortens_it(ada: Colleague) -> None:
    long, short = "Roll the new timeline out to " + "more and " * 20, "Roll the new timeline out"
    rest = "\n- Write the changelog entry\n    It waits for the pictures"
    ada.command("/sprint plan")
    form = ada.window("My plan")
    ada.choose(form.get_by_role("combobox", name=TIMELINE), "🟢 Done")
    field = form.get_by_role("textbox", name="High priority")
    field.fill(f"{long}more{rest}")
    form.get_by_role("textbox", name="Side quests").fill("Answer the three oldest questions")
    form.get_by_role("button", name="Send").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("213 characters long; a title takes 200"))
    expect(field).to_have_value(f"{long}more{rest}")
    expect(form.get_by_role("textbox", name="Side quests")).to_have_value("Answer the three oldest questions")
    field.fill(short + rest)
    expect(field).to_have_attribute("aria-invalid", "false")
    form.get_by_role("button", name="Send").click()
    expect(ada.window("Your plan is in")).to_contain_text("2 high priority items and 1 side quest")
    ada.leave("Your plan is in")


def somebody_of_another_team_reads_why_not(jonas: Colleague, address: str) -> None:
    jonas.look_into(f"{address}&channel=team-replay")
    card = jonas.message("Write my plan")
    for button in ("Write my plan", "Finalize"):
        card.get_by_role("button", name=button).click()
        expect(jonas.window("That did not work")).to_contain_text("Replay")
        jonas.leave("That did not work")
    jonas.close()


def ada_finalizes(ada: Colleague) -> None:
    ada.message("Write my plan").get_by_role("button", name="Finalize").click()
    form = ada.window("Finalize the plan")
    form.get_by_role("textbox", name="Direction").fill("Faster first, then wider.")
    order = form.get_by_role("combobox", name="High priority, in order")
    # What is taken out is a side quest; what is put in again stands last.
    form.get_by_role("button", name="Remove Write the changelog entry — Ada").click()
    form.get_by_role("button", name=f"Remove {DATA_LOSS} — Noor").click()
    ada.choose(order, f"{DATA_LOSS} — Noor")
    form.get_by_role("button", name="Finalize").click()
    expect(ada.window("The plan is final")).to_contain_text("sprints")
    ada.leave("The plan is final")


def the_final_plan_stands(card: Locator) -> None:
    in_order = [
        "Off: Noor",
        "Faster first, then wider.",
        "High priority",
        FIRST_FRAME,
        "Roll the new timeline out",
        DATA_LOSS,
        "Side quests",
        "Write the changelog entry",
        "It waits for the pictures",
    ]
    expect(card).to_have_text(re.compile(".*".join(map(re.escape, in_order)), re.DOTALL))
    expect(card).to_contain_text("Ada changed: “Write the changelog entry” is a side quest now")


def lee_finishes_an_item_from_the_card(lee: Colleague) -> None:
    lee.message("Faster first, then wider.").get_by_role("button", name="My items").click()
    mine = lee.window("Team Replay")
    item = mine.locator(".section").filter(has_text=FIRST_FRAME)
    item.get_by_role("button", name="More options").click()
    lee.pick("🟢 Finished")
    expect(mine).to_contain_text(f"🟢 {FIRST_FRAME}")
    lee.leave("Team Replay")


def lee_reads_the_markdown(lee: Colleague) -> None:
    lee.message("Faster first, then wider.").get_by_role("button", name="Show the plan").click()
    lee.window("Sprint plan").get_by_role("button", name="Export as Markdown").click()
    document = lee.window("Plan as Markdown")
    expect(document).to_contain_text("# Team Replay — sprint")
    expect(document).to_contain_text(f"- {FIRST_FRAME} — Lee (carried over)")
    lee.leave("Plan as Markdown")
