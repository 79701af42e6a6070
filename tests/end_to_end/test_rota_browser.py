"""A team starts its hero rota in a real browser, and somebody takes the week of somebody else."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name


def test_a_hero_asks_who_takes_the_week_and_a_teammate_takes_it(browser: Browser, url: str, tmp_path: Path) -> None:
    ivy, ada, noor = (
        Colleague(browser, url, "ivy", "general"),
        Colleague(browser, url, "ada"),
        Colleague(browser, url, "noor"),
    )
    ivy_switches_the_rota_on(ivy, tmp_path)
    whose = ada_starts_the_rota(ada, tmp_path)
    hero, taker = (ada, noor) if whose == "Ada" else (noor, ada)
    the_hero_asks(hero, tmp_path)
    asked = taker.message("who takes over as support hero")
    expect(asked).to_contain_text("Dentist")
    asked.scroll_into_view_if_needed()
    taker.photograph(tmp_path, "5-asked")
    asked.get_by_role("button", name="I'll take it").click()
    taken = hero.message("takes over from")
    expect(taken).to_contain_text(f"takes over from {whose} as support hero")
    taken.scroll_into_view_if_needed()
    hero.photograph(tmp_path, "6-taken")
    taker.command("/small-team rota")
    expect(taker.window("Hero rota")).to_contain_text(f"for {whose}")
    taker.photograph(tmp_path, "7-rota-after")
    for each in (ivy, ada, noor):
        each.close()


def ivy_switches_the_rota_on(ivy: Colleague, folder: Path) -> None:
    ivy.command("/prickle setup", "general")
    form = ivy.window("Set up Prickle")
    form.get_by_role("checkbox", name="Hero rota").check()
    ivy.photograph(folder, "1-setup")
    form.get_by_role("button", name="Save").click()
    ivy.leave("Prickle is set up")


def ada_starts_the_rota(ada: Colleague, folder: Path) -> str:
    """Start it, and return whose week comes first of those two."""
    ada.command("/small-team rota")
    ada.photograph(folder, "2-before")
    ada.window("Hero rota").get_by_role("button", name="Start the rota").click()
    rota = ada.window("Hero rota")
    expect(rota).to_contain_text("Stop the rota")
    ada.photograph(folder, "3-rota")
    said = rota.inner_text()
    ada.leave("Hero rota")
    return min(("Ada", "Noor"), key=lambda name: said.index(name) if name in said else len(said))


def the_hero_asks(hero: Colleague, folder: Path) -> None:
    hero.command("/small-team rota")
    hero.window("Hero rota").get_by_role("button", name="More options").first.click()
    hero.pick("Ask for a swap…")
    form = hero.window("Ask for a swap")
    form.get_by_role("textbox", name="Why, in one line?").fill("Dentist")
    hero.photograph(folder, "4-asking")
    form.get_by_role("button", name="Ask").click()
    expect(hero.window("Hero rota")).to_contain_text("you ask who takes it")
    hero.leave("Hero rota")
