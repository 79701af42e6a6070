"""Home of a member, a lead and a newcomer in a real browser, and how it follows what a teammate does."""

from playwright.sync_api import Browser, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "sprints"
ITEM = "Write down how a mode is added"


def test_home_leads_with_what_is_mine_and_follows_what_a_teammate_marks(browser: Browser, url: str) -> None:
    kofi, elena, ivy = (Colleague(browser, url, name, CHANNEL) for name in ("kofi", "elena", "ivy"))

    leads = kofi.read_home()
    expect(leads).to_contain_text("Team PostHog AI")
    expect(leads).to_contain_text("🟢 1 · 🟡 2 · ⚪ 1")
    kofi.picture("home")

    mine = elena.read_home()
    item = mine.locator(".section").filter(has_text=ITEM)
    elena.choose(item.get_by_role("combobox"), "🟢 Finished")
    expect(mine).to_contain_text(f"🟢 {ITEM}")
    expect(leads).to_contain_text("🟢 2 · 🟡 2")

    newcomers = ivy.read_home()
    expect(newcomers).to_contain_text("You are in no small team yet.")
    expect(newcomers.get_by_role("button", name="Join").first).to_be_visible()
    for each in (kofi, elena, ivy):
        each.close()
