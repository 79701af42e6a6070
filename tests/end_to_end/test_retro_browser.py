"""A retro in a real browser, from two notes in mid-sprint to the action in the next sprint's plan."""

from playwright.sync_api import Browser, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "team-ingestion"
ALARM = "The lag alarm was only the dashboard"
QUEUE = "Our deploys wait for the other teams' queue"
PAIRING = "Pairing on the partitions"
IMPROVEMENT = "Ask for a queue of our own"


def test_a_retro_leads_from_two_notes_in_mid_sprint_to_an_action_in_the_next_plan(browser: Browser, url: str) -> None:
    jonas, priya = (Colleague(browser, url, name, CHANNEL) for name in ("jonas", "priya"))

    jonas_notes_what_could_be_better(jonas)
    priya_makes_a_note_of_a_message(priya)

    jonas_closes_the_sprint(jonas)
    jonas_says_that_this_is_all(jonas)
    priya_reads_nothing_of_it_and_writes_one_more(priya)

    jonas_reveals(jonas)
    for each in (jonas, priya):
        expect(each.message("Retro: Ingestion")).to_contain_text(f"{QUEUE} — Jonas")
        expect(each.message("Retro: Ingestion")).to_contain_text(f"{PAIRING} — Priya")
    priya_agrees(priya)
    jonas_closes_with_what_most_stand_behind(jonas)
    expect(priya.message("Show the retro")).to_contain_text(f"One improvement: {IMPROVEMENT}")

    priya_takes_it(priya)
    expect(jonas.message("Facilitator:")).to_contain_text(f"{IMPROVEMENT} — Priya")
    for each in (jonas, priya):
        each.close()


def jonas_closes_the_sprint(jonas: Colleague) -> None:
    """Its end comes early, so that no time needs to pass: some days of the demo take a while."""
    jonas.command("/sprint close", CHANNEL)
    jonas.window("Close the sprint?").get_by_role("button", name="Close it").click()
    jonas.leave("The sprint is closed")


def jonas_notes_what_could_be_better(jonas: Colleague) -> None:
    jonas.command("/retro", CHANNEL)
    form = jonas.window("Retro")
    form.get_by_role("textbox", name="What could be better?").fill(QUEUE)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form).to_contain_text("You have 1 note in this retro")
    jonas.leave("Retro")


def priya_makes_a_note_of_a_message(priya: Colleague) -> None:
    priya.say(ALARM, CHANNEL)
    said = priya.message(ALARM)
    said.hover()
    said.get_by_role("button", name="More actions").click()
    priya.pick("Add to retro")
    form = priya.window("Add to retro")
    expect(form.get_by_role("textbox", name="Note")).to_have_value(ALARM)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form).to_contain_text("Noted for the retro of Ingestion")
    priya.leave("Add to retro")


def jonas_says_that_this_is_all(jonas: Colleague) -> None:
    jonas.message("Retro: Ingestion").get_by_role("button", name="Write notes").click()
    form = jonas.window("Retro")
    expect(form).to_contain_text(QUEUE)
    form.get_by_role("button", name="Send").click()
    expect(form).to_contain_text("You have 1 note in this retro")
    jonas.leave("Retro")


def priya_reads_nothing_of_it_and_writes_one_more(priya: Colleague) -> None:
    board = priya.message("Retro: Ingestion")
    expect(board).to_contain_text("Written: Jonas")
    board.get_by_role("button", name="Show it all").click()
    expect(priya.window("Retro")).to_contain_text(f"{ALARM} ↗ — Priya")
    expect(priya.window("Retro")).not_to_contain_text(QUEUE)
    priya.leave("Retro")
    board.get_by_role("button", name="Write notes").click()
    form = priya.window("Retro")
    form.get_by_role("textbox", name="What went well?").fill(PAIRING)
    form.get_by_role("button", name="Send").click()
    expect(form).to_contain_text("You have 2 notes in this retro")
    priya.leave("Retro")
    expect(board).to_contain_text("Written: Jonas and Priya")
    expect(board).not_to_contain_text(PAIRING)


def jonas_reveals(jonas: Colleague) -> None:
    jonas.message("Retro: Ingestion").get_by_role("button", name="More options").click()
    jonas.pick("Reveal now")


def priya_agrees(priya: Colleague) -> None:
    note = priya.message("Retro: Ingestion").locator(".section").filter(has_text=QUEUE)
    note.get_by_role("button", name="Me too").click()
    expect(note).to_contain_text("👍 1")


def jonas_closes_with_what_most_stand_behind(jonas: Colleague) -> None:
    jonas.message("Retro: Ingestion").get_by_role("button", name="Close the retro").click()
    form = jonas.window("Close the retro")
    improvement = form.get_by_role("textbox", name="One improvement")
    expect(improvement).to_have_value(QUEUE)
    improvement.fill(IMPROVEMENT)
    form.get_by_role("button", name="Close it").click()
    jonas.leave("Retro closed")


def priya_takes_it(priya: Colleague) -> None:
    priya.message("Show the retro").get_by_role("button", name="I'll take it").click()
