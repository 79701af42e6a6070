"""What can be done with a message in a browser: react to it, use a shortcut on it, look at its picture."""

import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from sandbox.seed import company
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world.values import Json
from tests.sandbox.kit import MANIFEST, entry, modal, plain, png

SAID = "The build was red for a day"


@pytest.fixture
def server() -> Iterator[Server]:
    workspace = company(MANIFEST)
    with Server(workspace) as server:
        yield server
    workspace.close()


@pytest.fixture
def slack(server: Server) -> Workspace:
    """The company's Slack, with an app that keeps what somebody has said."""
    slack = server.workspace
    app = App(client=client_of(server), signing_secret=slack.signing_secret, process_before_response=True)

    @app.message_shortcut("keep")
    def keep(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(entry(), title=plain("Keep it")))
        ack()

    @app.event("message")
    def heard() -> None:
        """Other words are no business of this app."""

    def call(_method: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any], str]:
        response = app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return response.status, dict(response.headers), response.body

    slack.app.connect_function(call)
    slack.person("lee").say(SAID, channel="team-replay")
    return slack


def client_of(server: Server) -> WebClient:
    return WebClient(server.workspace.bot_token, base_url=server.api_url)


def look(browser: Browser, server: Server) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{server.url}/?as=ada&channel=team-replay")
    expect(page.get_by_role("textbox", name="Message #team-replay")).to_be_focused()
    expect(message(page)).to_be_visible()
    return page


def message(page: Page) -> Locator:
    return page.get_by_role("article").filter(has_text=SAID).last


def test_a_reaction_is_added_by_a_click_or_by_its_name_and_taken_back(
    browser: Browser, server: Server, slack: Workspace
) -> None:
    page = look(browser, server)
    message(page).hover()
    message(page).get_by_role("button", name="React with retro").click()
    mine = message(page).get_by_role("button", name="retro, 1: Ada")
    expect(mine).to_have_attribute("aria-pressed", "true")
    slack.person("noor").react("retro", slack.messages("team-replay")[-1])
    expect(message(page).get_by_role("button", name="retro, 2: Ada, Noor")).to_be_visible()

    message(page).get_by_role("button", name="Add another reaction").click()
    field = page.get_by_role("searchbox", name="Search emoji")
    field.fill(":nonsense:")
    expect(page.get_by_role("dialog", name="Emoji picker")).to_contain_text("No emoji is called")
    field.fill(":hedgehog:")
    field.press("Enter")
    expect(message(page).get_by_role("button", name="hedgehog, 1: Ada")).to_be_visible()
    message(page).get_by_role("button", name="retro, 2").click()
    expect(message(page).get_by_role("button", name="retro, 1: Noor")).to_have_attribute("aria-pressed", "false")
    page.context.close()


def test_a_shortcut_is_reached_with_the_keyboard_alone(browser: Browser, server: Server, slack: Workspace) -> None:
    page = look(browser, server)
    page.keyboard.press("Shift+Tab")
    expect(message(page)).to_be_focused()
    expect(message(page).get_by_role("button", name="More actions")).to_be_visible()
    for _ in message(page).get_by_role("button").all():
        page.keyboard.press("Tab")
    expect(message(page).get_by_role("button", name="More actions")).to_be_focused()
    page.keyboard.press("Enter")
    shortcut = page.get_by_role("menu", name="More actions").get_by_role("menuitem", name="Keep")
    expect(shortcut).to_be_focused()
    shortcut.press("Enter")
    expect(page.get_by_role("dialog", name="Keep it")).to_be_visible()
    page.context.close()


def test_a_picture_is_shown_with_its_description_and_no_wider_than_its_message(
    browser: Browser, server: Server, slack: Workspace
) -> None:
    client = client_of(server)
    file = client.files_getUploadURLExternal(filename="mood.png", length=len(png()), alt_txt="Well")
    urllib.request.urlopen(urllib.request.Request(file["upload_url"], png(), method="POST")).close()  # noqa: S310
    client.files_completeUploadExternal(files=[{"id": file["file_id"]}])
    block = {"type": "image", "slack_file": {"id": file["file_id"]}, "alt_text": "Three of four are well"}
    client.chat_postMessage(channel=slack.channel("team-replay").id, text="Mood", blocks=[block])

    page = look(browser, server)
    picture = page.get_by_role("img", name="Three of four are well")
    expect(picture).to_be_visible()
    assert picture.evaluate("node => node.decode().then(() => node.naturalWidth)") == 1
    assert picture.evaluate("node => getComputedStyle(node).maxWidth") == "100%"
    page.context.close()
