"""A browser for the tests that look at the sandbox's page."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from sandbox.world import steady

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
NO_CHROMIUM = "This test needs a Chromium. On Debian: apt-get install chromium; elsewhere set CHROMIUM to its path."
# Chromium's own sandbox needs rights that containers lack; the other switches keep it from talking to anybody.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000


def today() -> datetime:
    """What this machine's clock shows, though other tests of this process have time stand still."""
    return datetime.fromtimestamp(steady.wall(), UTC)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Starting one takes longer than many a test looks at it."""
    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """A browser that remembers nothing: whatever a test opens in it is closed at its end."""
    yield chromium
    for context in chromium.contexts:
        context.close()
