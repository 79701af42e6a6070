"""People who ask for something meet the names of those who answer, and not the word for where they sit."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.intake.requests import State
from tests.decided import BUILD, EMBED, GUIDANCE, NOT_AI, NOT_NOW, card, decide, press, stored, two_requests
from tests.intake import CHANNEL, desk
from tests.stories import Story
from tests.world import World

WORD = re.compile(r"\bdesks?\b", re.IGNORECASE)
COMMANDS = ("", " help", " mine", " queue", " capacity", " rota", " Group the errors")


def words_of(shown: Any) -> Iterator[str]:
    """Everything that people read of a window, a message or Home."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from words_of(value)
    elif isinstance(shown, list):
        for each in shown:
            yield from words_of(each)


def meets_it(shown: Any) -> list[str]:
    """Where they would read it."""
    return [each for each in words_of(shown) if WORD.search(each)]


def two_teams_answer(world: World) -> None:
    """Ada and Yuki reached out; PostHog AI answers, and Array for what is about code."""
    two_requests(world)
    world.slack.add_channel("team-coding", members=[world.id("ivy")])
    world.team("ivy", name="Coding")
    desk(world, "Array", owns="The coding agent", team="Coding", lead="ivy")


@pytest.mark.parametrize("story", [two_requests, two_teams_answer])
def test_who_asks_reads_it_on_no_screen(after: Callable[[Story], World], story: Story) -> None:
    world = after(story)
    ada = world.person("ada")
    for command in COMMANDS:
        ada.command(f"/reach-out{command}")
        assert meets_it(ada.views) == [], command
        ada.close_all()
    ada.command("/reach-out queue")
    ada.click("queue_more")
    assert meets_it(ada.views) == []
    ada.close_all()
    ada.command("/prickle")
    assert meets_it(ada.views) == []
    ada.click("menu_part_intake")
    assert "All requests" in str(ada.view)
    assert meets_it(ada.views) == []
    assert meets_it(ada.ephemerals) == []
    assert meets_it(ada.open_home()) == []
    assert meets_it(world.slack.messages(CHANNEL)) == []


@pytest.mark.parametrize("answer", [BUILD, EMBED, GUIDANCE, NOT_AI, NOT_NOW])
def test_no_card_and_no_thread_has_it_whatever_happens_to_a_request(
    after: Callable[[Story], World], answer: dict[str, Any]
) -> None:
    world = after(two_teams_answer)
    mia = world.person("mia")
    mia.click("request_menu", message=card(world), select="Hand to another team")
    assert mia.submit(desk="2", why="It is about code") == {}
    press(world, "mia", "request_claim")
    mia.click("request_menu", message=card(world), select="Ask something")
    assert mia.submit(text="Which tickets?") == {}
    decide(world, **answer)
    if stored(world).state == State.PARKED:
        world.go_to("2026-07-24 09:00:00")
    assert "PostHog AI → *Array*." in world.texts(CHANNEL, card(world)["ts"])[1]
    for shown in (world.slack.messages(CHANNEL), world.slack.messages(CHANNEL, card(world)["ts"])):
        assert meets_it(shown) == []
    assert meets_it(world.person("ada").dms) == []
