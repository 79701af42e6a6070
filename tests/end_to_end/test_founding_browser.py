"""Somebody who sits in no team founds one in a real browser, and says whose public holidays they keep."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

COMMON = "I don't know: only shared holidays"


def test_a_newcomer_founds_a_team_and_keeps_the_holidays_of_a_part_of_a_country(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    ivy = Colleague(browser, url, "ivy", "general")
    ivy_founds_a_team(ivy, tmp_path)
    ivy_keeps_the_holidays_of_bavaria(ivy, tmp_path)
    ivy.close()


def ivy_founds_a_team(ivy: Colleague, folder: Path) -> None:
    home = ivy.read_home()
    expect(home).to_contain_text("You are in no small team yet.")
    ivy.photograph(folder, "1-newcomer")
    home.get_by_role("button", name="Create a team").click()
    form = ivy.window("Create a small team")
    ivy.photograph(folder, "2-founding")
    form.get_by_role("textbox", name="Name").fill("Docs")
    form.get_by_role("textbox", name="The area it owns").fill("The handbook and the documentation")
    form.get_by_role("radio", name="Internal: people here").check()
    form.get_by_role("textbox", name="Who that is").fill("Everybody who looks something up")
    ivy.choose(form.get_by_role("combobox", name="Its public channel"), "general")
    ivy.photograph(folder, "3-founding-filled")
    form.get_by_role("button", name="Create").click()
    there = ivy.window("Your team is founded")
    expect(there).to_contain_text("Team Docs has 1 person. It is forming until somebody joins.")
    ivy.photograph(folder, "4-founded")
    ivy.leave("Your team is founded")
    expect(ivy.read_home()).to_contain_text("Team Docs")
    ivy.photograph(folder, "5-home")


def ivy_keeps_the_holidays_of_bavaria(ivy: Colleague, folder: Path) -> None:
    ivy.read_home().get_by_role("button", name="I'm away").click()
    form = ivy.window("Away")
    ivy.photograph(folder, "6-away")
    _search(form, "germany")
    ivy.photograph(folder, "7-countries")
    ivy.pick_found("Germany – only what all its parts share")
    part = form.get_by_role("combobox", name="Which part of Germany?")
    expect(part).to_have_value(COMMON)
    ivy.photograph(folder, "8-part")
    part.click()
    ivy.photograph(folder, "9-parts")
    ivy.pick_found("Bayern")
    ivy.photograph(folder, "10-bavaria")
    form.get_by_role("button", name="Save").click()
    expect(ivy.window("Saved")).to_contain_text("You keep the public holidays of Germany, Bayern.")
    ivy.photograph(folder, "11-saved")
    ivy.leave("Saved")


def _search(form: Locator, words: str) -> None:
    menu = form.get_by_role("combobox", name="Public holidays I keep")
    menu.click()
    menu.press_sequentially(words)
