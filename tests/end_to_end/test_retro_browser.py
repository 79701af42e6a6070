"""A retro in a real browser, from two notes in mid-sprint to the action in the next sprint's plan."""

from playwright.sync_api import Browser, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "team-replay"
ALARM = "The slow playback was only the proxy"
QUEUE = "Our deploys wait for the other teams' queue"
PAIRING = "Pairing on the player"
IMPROVEMENT = "Ask for a queue of our own"


def test_a_retro_leads_from_two_notes_in_mid_sprint_to_an_action_in_the_next_plan(browser: Browser, url: str) -> None:
    ada, noor = (Colleague(browser, url, name, CHANNEL) for name in ("ada", "noor"))

    ada_notes_what_could_be_better(ada)
    noor_makes_a_note_of_a_message(noor)

    ada_closes_the_sprint(ada)
    ada_says_that_this_is_all(ada)
    noor_reads_nothing_of_it_and_writes_one_more(noor)

    ada_reveals(ada)
    for each in (ada, noor):
        expect(each.message("Retro: Replay")).to_contain_text(f"{QUEUE} — Ada")
        expect(each.message("Retro: Replay")).to_contain_text(f"{PAIRING} — Noor")
    noor_agrees(noor)
    ada_closes_with_what_most_stand_behind(ada)
    expect(noor.message("Show the retro")).to_contain_text(f"One improvement: {IMPROVEMENT}")

    noor_takes_it(noor)
    expect(ada.message("Facilitator:")).to_contain_text(f"{IMPROVEMENT} — Noor")
    for each in (ada, noor):
        each.close()


def ada_closes_the_sprint(ada: Colleague) -> None:
    """Its end comes early, so that no time needs to pass: some days of the demo take a while."""
    ada.command("/sprint close", CHANNEL)
    ada.window("Close the sprint?").get_by_role("button", name="Close it").click()
    ada.sees_no_window()


def ada_notes_what_could_be_better(ada: Colleague) -> None:
    ada.command("/retro", CHANNEL)
    form = ada.window("Retro")
    form.get_by_role("textbox", name="What could be better?").fill(QUEUE)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form).to_contain_text("You have 1 note in this retro")
    ada.leave("Retro")


def noor_makes_a_note_of_a_message(noor: Colleague) -> None:
    noor.say(ALARM, CHANNEL)
    said = noor.message(ALARM)
    said.hover()
    said.get_by_role("button", name="More actions").click()
    noor.pick("Add to retro")
    form = noor.window("Add to retro")
    expect(form.get_by_role("textbox", name="Note")).to_have_value(ALARM)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(noor.window("Retro")).to_contain_text(ALARM)
    noor.leave("Retro")


def ada_says_that_this_is_all(ada: Colleague) -> None:
    ada.message("Retro: Replay").get_by_role("button", name="Write notes").click()
    form = ada.window("Retro")
    expect(form).to_contain_text(QUEUE)
    form.get_by_role("button", name="Send").click()
    expect(form).to_contain_text("You have 1 note in this retro")
    ada.leave("Retro")


def noor_reads_nothing_of_it_and_writes_one_more(noor: Colleague) -> None:
    board = noor.message("Retro: Replay")
    expect(board).to_contain_text("Written: Ada")
    board.get_by_role("button", name="Show it all").click()
    expect(noor.window("Retro")).to_contain_text(f"{ALARM} ↗ — Noor")
    expect(noor.window("Retro")).not_to_contain_text(QUEUE)
    noor.leave("Retro")
    board.get_by_role("button", name="Write notes").click()
    form = noor.window("Retro")
    form.get_by_role("textbox", name="What went well?").fill(PAIRING)
    form.get_by_role("button", name="Send").click()
    expect(form).to_contain_text("You have 3 notes in this retro")
    noor.leave("Retro")
    expect(board).to_contain_text("Written: Ada and Noor")
    expect(board).not_to_contain_text(PAIRING)


def ada_reveals(ada: Colleague) -> None:
    ada.message("Retro: Replay").get_by_role("button", name="More options").last.click()
    ada.pick("Reveal now")


def noor_agrees(noor: Colleague) -> None:
    note = noor.message("Retro: Replay").locator(".section").filter(has_text=QUEUE)
    note.get_by_role("button", name="Me too").click()
    expect(note).to_contain_text("👍 1")


def ada_closes_with_what_most_stand_behind(ada: Colleague) -> None:
    ada.message("Retro: Replay").get_by_role("button", name="Close the retro").click()
    form = ada.window("Close the retro")
    improvement = form.get_by_role("textbox", name="One improvement")
    expect(improvement).to_have_value(QUEUE)
    improvement.fill(IMPROVEMENT)
    form.get_by_role("button", name="Close it").click()
    ada.sees_no_window()


def noor_takes_it(noor: Colleague) -> None:
    noor.message("Show the retro").get_by_role("button", name="I'll take it").click()
