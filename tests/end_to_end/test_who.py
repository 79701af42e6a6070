"""Who looks at the sandbox's page: the address says it, the browser remembers it, or the page asks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.seed import company
from sandbox.server import Server


@pytest.fixture
def url() -> Iterator[str]:
    workspace = company()
    with Server(workspace) as server:
        server.roles = lambda: {workspace.user("ada").id: "leads Replay", workspace.user("ivy").id: "in no team"}
        yield server.url
    workspace.close()


def switcher(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=f"Switch person: you are {name}")).to_be_visible()


def test_somebody_new_is_asked_once_and_remembered(browser: Browser, url: str) -> None:
    page = browser.new_context().new_page()
    page.goto(url)
    question = page.get_by_role("dialog", name="Who are you?")
    expect(question.get_by_role("button")).to_have_count(16)
    expect(question.get_by_role("button", name="Rosa")).to_contain_text("guest")
    expect(question.get_by_role("button", name="Ada")).to_contain_text("leads Replay")
    question.get_by_role("button", name=re.compile("Ivy.*Operations · admin.*in no team")).click()
    switcher(page, "Ivy")
    expect(question).to_have_count(0)
    page.goto(url)
    switcher(page, "Ivy")
    expect(question).to_have_count(0)
    page.context.close()


def test_an_address_with_a_name_asks_nothing(browser: Browser, url: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{url}/?as=lee")
    switcher(page, "Lee")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Switch person").click()
    menu = page.get_by_role("menu", name="People")
    expect(menu.get_by_role("menuitemradio", name=re.compile("Ivy"))).to_contain_text("Operations · in no team · admin")
    assert menu.evaluate("menu => menu.scrollHeight <= menu.clientHeight"), "everybody is in sight"
    page.context.close()
