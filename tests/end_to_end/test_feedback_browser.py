"""Feedback in a real browser: given, received, thanked, and kept as an action."""

from playwright.sync_api import Browser, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "team-ingestion"
SAW = "You asked the customer what they were trying to do"
ADVICE = "Begin every demo with that question"


def test_feedback_is_given_received_thanked_and_kept(browser: Browser, url: str) -> None:
    jonas, priya = (Colleague(browser, url, name, CHANNEL) for name in ("jonas", "priya"))

    jonas.command("/give-feedback @Priya ", CHANNEL)
    form = jonas.window("Give feedback")
    expect(form.get_by_role("combobox", name="Who is it for?")).to_have_value("Priya")
    form.get_by_role("textbox", name="What I saw").fill(SAW)
    form.get_by_role("textbox", name="What I suggest").fill(ADVICE)
    form.get_by_role("button", name="Send").click()
    expect(jonas.window("Sent")).to_contain_text("Priya gets it in a moment")
    jonas.leave("Sent")

    priya.read_dms()
    told = priya.message("has feedback for you")
    expect(told).to_contain_text(SAW)
    told.get_by_role("button", name="Thank").click()
    expect(told).to_contain_text("you said thanks")
    told.get_by_role("button", name="Keep as my action").click()
    expect(told.get_by_role("button", name="Done")).to_be_visible()

    jonas.read_dms()
    expect(jonas.message("has your feedback")).to_contain_text(ADVICE)
    expect(jonas.message("thanks you for your feedback")).to_be_visible()

    priya.go_to(CHANNEL)
    priya.command("/give-feedback mine", CHANNEL)
    mine = priya.window("My feedback")
    expect(mine).to_contain_text("1 action of mine")
    mine.get_by_role("button", name="Done").click()
    expect(mine).not_to_contain_text("1 action of mine")
    for each in (jonas, priya):
        each.close()
