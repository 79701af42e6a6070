"""The clock in the sandbox's page, in a real browser: what it says, and how it moves time."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_sdk import WebClient

from sandbox.seed import company
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world.clock import Clock

THURSDAY = datetime(2026, 11, 26, 9, 0, 30, tzinfo=UTC)
"""10:00 in Berlin, where Ada is, and 04:00 in New York, where Sam is."""


class Reminder:
    """Something that asks Ada each morning at nine, UTC, on its own clock."""

    def __init__(self, slack: Workspace, url: str) -> None:
        self.slack = slack
        self.client = WebClient(slack.bot_token, base_url=url)
        self.asked = THURSDAY.replace(second=0)

    def move_to(self, moment: datetime) -> None:
        self.now = moment

    def next_moment(self) -> datetime:
        return self.asked + timedelta(days=1)

    def next_prompt(self) -> tuple[datetime, list[str]]:
        return self.next_moment(), [self.slack.user("ada").id]

    def settle(self) -> bool:
        while self.next_moment().timestamp() <= self.slack.clock():
            self.asked = self.next_moment()
            self.client.chat_postMessage(channel=self.slack.user("ada").id, text=f"Asked on {self.asked:%A}")
        return True


@pytest.fixture
def server() -> Iterator[Server]:
    workspace = company(workspace=Workspace(clock=Clock(offset=THURSDAY.timestamp() - time.time())))
    with Server(workspace) as server:
        server.hands = Reminder(workspace, server.api_url)
        yield server
    workspace.close()


def page_of(browser: Browser, server: Server, name: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Asia/Tokyo").new_page()
    page.goto(f"{server.url}/?as={name}&tab=messages")
    return page


def test_time_moves_to_the_next_prompt_to_a_moment_and_through_a_week(browser: Browser, server: Server) -> None:
    ada = page_of(browser, server, "ada")
    clock = ada.get_by_role("button", name="Time: now is")
    expect(clock).to_have_text(re.compile("now is Thu 26 Nov, 10:0"))
    expect(ada.get_by_role("status", name="App is not connected")).to_be_attached()
    clock.press("Enter")
    panel = ada.get_by_role("dialog", name="It is Thu 26 Nov, 10:0")
    following = panel.get_by_role("button", name="Jump to the next prompt")
    expect(following).to_be_focused()
    expect(following).to_contain_text("Fri 27 Nov, 10:00")
    following.press("Enter")
    expect(ada.get_by_role("article").filter(has_text="Asked on Friday")).to_contain_text("10:00")
    expect(clock).to_contain_text("Fri 27 Nov")

    panel = ada.get_by_role("dialog", name="It is Fri 27 Nov, 10:0")
    panel.get_by_label("Jump to …").fill("2026-11-27T09:00")
    panel.get_by_role("button", name="Jump", exact=True).click()
    expect(panel.get_by_role("alert")).to_contain_text("That moment is over: it is Fri 27 Nov")
    panel.get_by_label("Jump to …").fill("2026-11-29T11:00")
    panel.get_by_role("button", name="Jump", exact=True).click()
    expect(ada.get_by_role("article").filter(has_text="Asked on Sunday")).to_be_visible()
    expect(clock).to_contain_text("Sun 29 Nov, 11:0")

    ada.get_by_role("button", name="Run a week").click()
    running = ada.get_by_role("dialog", name="Running a week")
    expect(running.get_by_role("progressbar")).to_be_visible()
    expect(running.get_by_role("button", name="Stop")).to_be_focused()
    expect(ada.get_by_role("article").filter(has_text="Asked on")).to_have_count(10)
    expect(clock).to_contain_text("Sun 6 Dec, 11:0")
    ada.keyboard.press("Escape")
    expect(clock).to_be_focused()

    sam = page_of(browser, server, "sam")
    expect(sam.get_by_role("button", name="Time: now is")).to_have_text(re.compile("Sun 6 Dec, 05:0"))
    sam.context.close()
    ada.context.close()


def test_the_panel_says_whose_prompt_it_is_and_makes_one_that_person(browser: Browser, server: Server) -> None:
    lee = page_of(browser, server, "lee")
    lee.get_by_role("button", name="Time: now is").click()
    panel = lee.get_by_role("dialog", name="It is Thu 26 Nov")
    following = panel.get_by_role("button", name="Jump to the next prompt")
    expect(following).to_contain_text("Fri 27 Nov, 09:00 · Ada")
    following.click()
    expect(panel).to_have_count(0)
    panel = lee.get_by_role("dialog", name="It is Fri 27 Nov")
    expect(panel).to_contain_text("Asked just now: Ada.")
    # As long as time moves the panel is drawn anew, and a click on an old button is lost.
    expect(lee.locator("[data-busy]")).to_have_count(0)
    panel.get_by_role("button", name="Be Ada").click()
    expect(lee.get_by_role("button", name="Switch person: you are Ada")).to_be_visible()
    expect(lee.get_by_role("article").filter(has_text="Asked on Friday")).to_be_visible()
    lee.context.close()


def test_a_week_can_be_stopped_and_is_not_moved_by_two(browser: Browser, server: Server) -> None:
    ada, sam = page_of(browser, server, "ada"), page_of(browser, server, "sam")
    ada.get_by_role("button", name="Time: now is").click()
    sam.get_by_role("button", name="Time: now is").click()
    ada.get_by_role("button", name="Run a week").click()
    sam.get_by_role("dialog", name="Running a week").get_by_role("button", name="Stop").click()
    expect(ada.get_by_role("button", name="Run a week")).to_be_focused()
    expect(sam.get_by_role("dialog", name="It is")).to_be_visible()

    assert server.workspace.clock() < (THURSDAY + timedelta(days=6)).timestamp()
    sam.context.close()
    ada.context.close()


def test_without_hands_there_is_no_clock(browser: Browser, server: Server) -> None:
    server.hands = None
    ada = page_of(browser, server, "ada")
    expect(ada.get_by_role("button", name="Switch person")).to_be_visible()
    expect(ada.get_by_role("button", name="Time: now is")).to_have_count(0)
    ada.context.close()


def test_a_permalink_opens_at_its_message_and_a_status_is_shown(browser: Browser, server: Server) -> None:
    lee = page_of(browser, server, "lee")
    lee.get_by_role("button", name="Switch person").click()
    lee.get_by_role("menuitem", name="Set a status").click()
    status = lee.get_by_role("dialog", name="Set a status")
    status.get_by_role("textbox", name="Status").fill("Back on Thursday")
    status.get_by_label("Clear it after").select_option("Choose a day and time")
    status.get_by_label("Until").fill("2026-12-03T08:00")
    status.get_by_role("button", name="Save").click()
    expect(status).to_have_count(0)
    user = server.workspace.user("lee")
    assert (user.status_text, user.status_emoji) == ("Back on Thursday", ":speech_balloon:")
    assert user.status_expiration == datetime(2026, 12, 3, 8, tzinfo=UTC).timestamp()

    second = server.workspace.messages("team-replay")[1]
    where = server.workspace.channel("team-replay").id
    lee.goto(f"{server.url}/archives/{where}/p{second['ts'].replace('.', '')}")
    expect(lee.get_by_role("article").filter(has_text="Sending you what I find")).to_be_focused()
    lee.context.close()
