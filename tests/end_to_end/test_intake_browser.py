"""A request in a real browser, from a vague line in the channel to an engineer in both teams' next plans."""

from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end.test_browser import Colleague, url

__all__ = ["url"]  # a fixture, which pytest finds by name

CHANNEL = "team-posthog-ai"
VAGUE = "Could something tell us why a partition is late?"
QUESTION = "Who would read the answer, and where?"
EMBED = "Embed: one of our engineers joins the team"
ANSWER = "Whoever is on call, in the alert itself"


def test_a_vague_line_is_asked_about_and_leads_to_an_engineer_in_both_teams_next_plans(
    browser: Browser, url: str
) -> None:
    jonas, kofi = (Colleague(browser, url, name, CHANNEL) for name in ("jonas", "kofi"))

    jonas.say(VAGUE, CHANNEL)
    for each in (jonas, kofi):
        each.message(VAGUE).get_by_role("button", name="reply").click()
        expect(the_card(each)).to_contain_text("waiting on PostHog AI")
    kofi.picture("request")

    kofi_asks(kofi)
    jonas_answers(jonas)
    expect(the_card(kofi)).to_contain_text("waiting on @Kofi")
    kofi_joins_for_two_sprints(kofi)
    for each in (jonas, kofi):
        expect(the_card(each)).to_contain_text("Kofi with Ingestion for 2 sprints")

    for each, channel, words in (
        (jonas, "team-ingestion", "With us: Kofi, of PostHog AI, 1 of 2"),
        (kofi, "ai-crew", "Kofi is with Ingestion"),
    ):
        begins_to_plan_the_next_sprint(each, channel)
        expect(each.message("Write my plan")).to_contain_text(words)
        each.close()


def the_card(of: Colleague) -> Locator:
    """The request's card, in the thread below the line that became one."""
    return of.message("for Ingestion")


def kofi_asks(kofi: Colleague) -> None:
    the_card(kofi).get_by_role("button", name="More options").click()
    kofi.pick("Ask something")
    form = kofi.window("Ask")
    form.get_by_role("textbox", name="Your questions").fill(QUESTION)
    form.get_by_role("button", name="Ask", exact=True).click()


def jonas_answers(jonas: Colleague) -> None:
    expect(jonas.message(QUESTION)).to_contain_text("@Kofi asks")
    expect(the_card(jonas)).to_contain_text("waiting on @Jonas")
    jonas.reply(ANSWER)


def kofi_joins_for_two_sprints(kofi: Colleague) -> None:
    the_card(kofi).get_by_role("button", name="Answer", exact=True).click()
    form = kofi.window("Answer")
    kofi.choose(form.get_by_role("combobox", name="How do you work together?"), EMBED)
    proposal = form.get_by_text("first free window is")
    expect(form.locator("[data-busy]")).to_have_count(0)  # the form follows each choice
    for_one_sprint = proposal.inner_text()
    form.get_by_role("radio", name="Two sprints").check()
    expect(proposal).not_to_have_text(for_one_sprint)
    expect(form.locator("[data-busy]")).to_have_count(0)
    form.get_by_role("button", name="Answer", exact=True).click()


def begins_to_plan_the_next_sprint(lead: Colleague, channel: str) -> None:
    """The sprint's end comes early, so that no time needs to pass."""
    lead.go_to(channel)
    lead.command("/sprint close", channel)
    lead.window("Close the sprint?").get_by_role("button", name="Close it").click()
    lead.sees_no_window()
    lead.command("/sprint plan", channel)
    form = lead.window("Wrap up and plan")
    form.get_by_role("textbox", name="High priority").fill("Begin together")
    form.get_by_role("button", name="Send").click()
    lead.leave("Your plan is in")
