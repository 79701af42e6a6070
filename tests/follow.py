"""A company with two teams that plan, and people who look at them from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tests.world import World

TUESDAY = "2026-07-14 08:00:00"  # both sprints run from Monday, 13 July: Replay's for two weeks, Ingestion's for one
FRIDAY = "2026-07-17 13:00:00"  # three in the afternoon in Berlin
NEXT_FRIDAY = "2026-07-24 13:00:00"


def begin(world: World) -> None:
    """Ada leads Replay, with Lee; Noor leads Ingestion, with Sam. Both plans are final, and both sprints run."""
    world.set_up()
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion", weeks=1)
    world.plan("ada", high="Timeline", side="Changelog")
    world.plan("lee", high="First frame for Ingestion")
    world.plan("noor", high="Consumers that catch up")
    world.go_to("2026-07-10 20:00:00")  # a Friday, past three everywhere
    world.finalize("ada", "Playback first.\nThen the rest.", impacted="Ingestion: twice as many events")
    world.finalize("noor", "Lag below a minute.")
    world.go_to(TUESDAY)


def lines(view: dict[str, Any] | None) -> list[str]:
    """The paragraphs of a window, and what stands small between them."""
    found = []
    for block in (view or {})["blocks"]:
        if block["type"] == "section":
            found.append(block["text"]["text"])
        if block["type"] == "context":
            found.append(block["elements"][0]["text"])
    return found


def said_to(world: World, name: str) -> str:
    """The last thing that only this person sees."""
    return str(world.person(name).ephemerals[-1]["text"])


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
