"""The hero rota in tests: switched on, started, and read off the window."""

import re
from typing import Any

from bot.platform import clock
from jobs import heroes as jobs
from tests.world import World


def switch(world: World, *parts: str) -> None:
    """An admin ticks these parts, and no others."""
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(parts=list(parts)) == {}
    ivy.close_all()


def turn(world: World) -> None:
    """Let the clock give out the weeks that are due, and everything be posted."""
    jobs.fill(world.db, clock.now)
    world.post()


def opened(world: World, name: str, team: str = "") -> dict[str, Any]:
    """The rota's window."""
    person = world.person(name)
    person.close_all()
    person.command(f"/small-team rota {team}".strip())
    return person.view or {}


def texts(view: dict[str, Any]) -> list[str]:
    """What the sections of a window say."""
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]


def rows(view: dict[str, Any]) -> list[str]:
    """The weeks of the rota's window, each with its hero."""
    return [text.removeprefix("🦸 ") for text in texts(view) if text.startswith("🦸 ")]


def heroes(world: World, name: str = "ada") -> list[str]:
    """Each week's hero by name, as this person reads them in the window."""
    found = [row.partition(": ")[2] for row in rows(opened(world, name))]
    world.person(name).close_all()
    return [re.sub(r"\*", "", each) for each in found]


def start(world: World, name: str) -> None:
    """Somebody starts their team's rota."""
    opened(world, name)
    world.person(name).click("rota_start")
    world.person(name).close_all()
    world.post()
