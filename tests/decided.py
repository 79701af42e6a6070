"""Requests that are decided, and how that is told about."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain.intake import decisions
from models.intake.bookings import Booking
from models.intake.decisions import Decision
from models.intake.requests import Request
from sandbox.world.state import buttons
from tests.intake import CHANNEL, begin
from tests.world import World

# It is Thursday 9 July, 10:00 in Berlin. Replay has sprints of two weeks, from Monday 13 July.
SUMMARIES, RANKING = 1, 2  # requests of Ada's for Replay, and of Yuki's for Ingestion
TARGET = "2026-07-24"
EMBED: Mapping[str, Any] = {"mode": "embed", "engineer": "mia"}
BUILD: Mapping[str, Any] = {"mode": "build", "engineer": "mia", "due_on": TARGET}
GUIDANCE: Mapping[str, Any] = {"mode": "guidance", "engineer": "mia", "due_on": TARGET, "words": "Try it by hand"}
NOT_AI: Mapping[str, Any] = {"mode": "not_ai", "words": "A saved filter does that"}
NOT_NOW: Mapping[str, Any] = {
    "mode": "not_now",
    "words": "The model is too slow",
    "change": "Answers within a second",
    "due_on": TARGET,
}


def two_requests(world: World) -> None:
    """Ada and Yuki reached out; Mia and Tom sit at Sam's desk, whose team is Crew."""
    begin(world)
    world.team("yuki", name="Ingestion", weeks=1)
    world.person("ada").command("/reach-out Summarise tickets")
    world.person("yuki").command("/reach-out Rank results")
    world.post()


def embedded(world: World) -> None:
    """Mia is to join Replay for its sprint from 13 to 24 July."""
    two_requests(world)
    decide(world, **EMBED)


def built(world: World) -> None:
    """Mia builds it by 24 July."""
    two_requests(world)
    decide(world, **BUILD)


def advised(world: World) -> None:
    """Mia advises, and checks in on 24 July."""
    two_requests(world)
    decide(world, **GUIDANCE)


def parked(world: World) -> None:
    """It is not for now, and comes back on 24 July."""
    two_requests(world)
    decide(world, **NOT_NOW)


def shipped(world: World) -> None:
    """Mia built it, and Ada is asked what came of it."""
    built(world)
    press(world, "mia", "decision_done")
    assert world.person("mia").submit() == {}
    world.go_to("2026-07-09 08:12:00")


def card(world: World, request: int = SUMMARIES) -> dict[str, Any]:
    """The request's card."""
    return world.card(CHANNEL, f"#{request} ")


def press(world: World, name: str, action_id: str, request: int = SUMMARIES) -> None:
    """Press something on the request's card."""
    world.person(name).click(action_id, message=card(world, request))


def open_form(world: World, by: str = "sam", request: int = SUMMARIES) -> None:
    """Open the window *Answer*: with the button, or once there is an answer, from the menu."""
    shown = card(world, request)
    if any(each.element["action_id"] == "decision_decide" for each in buttons(shown)):
        world.person(by).click("decision_decide", message=shown)
    else:
        world.person(by).click("request_menu", message=shown, select="Change the answer")


def from_details(world: World, name: str, action_id: str, request: int = SUMMARIES) -> None:
    """Press something that one does once in a while, in the window *Details*."""
    person = world.person(name)
    person.click("request_menu", message=card(world, request), select=f"details:{request}")
    person.click(action_id)


def try_to(world: World, by: str = "sam", request: int = SUMMARIES, **fields: Any) -> dict[str, str]:
    """Answer through Slack; the window stays open where that is refused. Returns the errors."""
    open_form(world, by, request)
    person = world.person(by)
    for name, value in fields.items():
        if name == "due_on" and "done" in inputs(world, by):
            person.fill(done="later")
        person.fill(**{name: world.id(value) if name == "engineer" else value})
    return person.submit()


def decide(world: World, by: str = "sam", request: int = SUMMARIES, **fields: Any) -> None:
    """Answer through Slack."""
    assert try_to(world, by, request, **fields) == {}
    world.post()


def thread(world: World, request: int = SUMMARIES) -> list[str]:
    """What the bot says in a request's thread."""
    return world.texts(CHANNEL, card(world, request)["ts"])[1:]


def stored(world: World, request: int = SUMMARIES) -> Request:
    """A request as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Request).where(Request.id == request)).one()


def stands(world: World, request: int = SUMMARIES) -> Decision | None:
    """The decision that stands."""
    with world.db.read() as session:
        return decisions.standing(session, request)


def booked(world: World, name: str = "mia") -> list[tuple[date, date]]:
    """The days for which somebody is booked."""
    with world.db.read() as session:
        query = select(Booking).where(Booking.person_id == world.id(name), Booking.released_at.is_(None))
        return [(each.starts_on, each.ends_on) for each in session.scalars(query.order_by(Booking.starts_on))]


def inputs(world: World, name: str = "sam") -> list[str]:
    """The fields of the window on top."""
    return [each["block_id"] for each in (world.person(name).view or {})["blocks"] if each["type"] == "input"]


def dms(world: World, name: str, containing: str) -> list[dict[str, Any]]:
    """The bot's messages to somebody with these words."""
    world.post()
    return [each for each in world.person(name).dms if containing in each["text"]]
