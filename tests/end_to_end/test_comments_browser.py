"""Feedback on another team's item in a real browser, and what its owner answers."""

import re

from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "team-ingestion"
DIRECTION = "Finish the move to the new consumers"
ITEM = "Compress person properties on write"
WORDS = "Reading them is what is slow for us. Could that come first?"
BECAUSE = "half of the disk is person properties"


def test_feedback_on_another_teams_item_is_answered_by_its_owner_and_who_gave_it_is_told(
    browser: Browser, url: str
) -> None:
    lee = Colleague(browser, url, "lee")
    jonas, priya = (Colleague(browser, url, name, CHANNEL) for name in ("jonas", "priya"))

    lee_says_what_he_thinks_of_priyas_item(lee)
    jonas_leads_but_does_not_answer_for_her(jonas)
    priya_keeps_it_with_a_reason(priya)
    expect(jonas.message(WORDS)).to_contain_text(f"Priya: keeping it, because {BECAUSE}")
    lee_is_told_with_a_link(lee)

    for each in (lee, jonas, priya):
        each.close()


def lee_says_what_he_thinks_of_priyas_item(lee: Colleague) -> None:
    lee.command("/sprint show Ingestion")
    item = lee.window("Sprint plan").locator(".section").filter(has_text=ITEM)
    item.get_by_role("button", name="More options").click()
    lee.pick("Give feedback")
    form = lee.window("Give feedback")
    expect(form).to_contain_text("for everybody to read")
    form.get_by_role("textbox", name="What do you think?").fill(WORDS)
    form.get_by_role("button", name="Send").click()
    lee.sees_no_window()


def open_the_thread(colleague: Colleague) -> Locator:
    colleague.message(DIRECTION).get_by_role("button", name=re.compile("repl")).click()
    said = colleague.message(WORDS)
    expect(said).to_contain_text("Lee to @Priya and @Jonas, on this item:")
    expect(said).to_contain_text(ITEM)
    return said


def jonas_leads_but_does_not_answer_for_her(jonas: Colleague) -> None:
    open_the_thread(jonas).get_by_role("button", name="Changed it").click()
    expect(jonas.window("Nothing changed")).to_contain_text("Priya answers this one.")
    jonas.leave("Nothing changed")


def priya_keeps_it_with_a_reason(priya: Colleague) -> None:
    said = open_the_thread(priya)
    said.get_by_role("button", name="Keeping it, because…").click()
    form = priya.window("Keeping it")
    expect(form).to_contain_text(WORDS)
    form.get_by_role("textbox", name="Because…").fill(BECAUSE)
    form.get_by_role("button", name="Send").click()
    priya.sees_no_window()
    expect(said).to_contain_text(f"Priya: keeping it, because {BECAUSE}")
    expect(said.get_by_role("button", name="Changed it")).to_have_count(0)


def lee_is_told_with_a_link(lee: Colleague) -> None:
    lee.read_dms()
    told = lee.message("Priya answered")
    expect(told).to_contain_text(f"on “{ITEM}”: keeping it, because {BECAUSE}")
    told.get_by_role("link", name="your feedback").click()
    expect(lee.message(WORDS)).to_contain_text("Priya: keeping it")
