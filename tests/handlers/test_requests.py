"""Reaching out, and what both sides do until it is decided."""

from collections.abc import Callable

from sqlalchemy import select

from models.requests import Request
from tests.stories import Story
from tests.world import World


def begin(world: World) -> None:
    world.set_up()
    world.team("ada", "lee", "noor")


def test_one_line_is_a_request_with_its_card_in_the_channel(after: Callable[[Story], World]) -> None:
    world = after(begin)
    ada = world.person("ada")
    ada.command("/reach-out we want to summarise tickets")

    assert "as #1" in ada.ephemerals[-1]["text"]
    card = world.card("team-posthog-ai", "summarise")
    assert "we want to summarise tickets" in card["text"]
    with world.db.read() as session:
        assert [each.title for each in session.scalars(select(Request))] == ["we want to summarise tickets"]
