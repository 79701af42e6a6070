"""A company whose AI team has a desk, and how requests are told about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.domain.intake import requests
from bot.platform import clock
from jobs.intake import sweeping as sweeps
from models.desks import Desk
from models.intake.requests import Request
from tests.world import World

MONDAY = "2026-07-13 07:05:00"  # 09:05 in Berlin
CHANNEL = "team-posthog-ai"  # where people reach out


def begin(world: World) -> None:
    """Ada leads the product team Replay, with Lee and Noor; Sam leads Crew at the desk PostHog AI, with Mia and Tom."""
    world.set_up()
    world.team("ada", "lee", "noor")
    world.slack.add_channel("team-crew", members=[world.id(each) for each in ("sam", "mia", "tom")])
    world.team("sam", "mia", "tom", name="Crew")
    desk(world)


def desk(
    world: World,
    name: str = "PostHog AI",
    *,
    owns: str = "The assistant, and everything that talks",
    team: str = "Crew",
    lead: str = "sam",
    by: str = "ivy",
    **fields: Any,
) -> int:
    """Found a desk through Slack's forms, and have it known who is there. Returns its id."""
    errors = try_desk(world, name=name, owns=owns, team=team, lead=lead, by=by, **fields)
    assert errors == {}
    world.person(by).close_all()
    world.desks.turn()
    return desk_id(world, name)


def try_desk(world: World, *, by: str = "ivy", team: str = "Crew", lead: str = "sam", **fields: Any) -> dict[str, str]:
    """Fill the form of a new desk and send it; the window stays open. Returns the errors."""
    person = world.person(by)
    person.command("/reach-out setup")
    person.click("desk_new")
    return person.submit(team=str(world.team_id(team)), lead=world.id(lead), **fields)


def desk_id(world: World, name: str = "PostHog AI") -> int:
    """A desk's id."""
    with world.db.read() as session:
        return session.scalars(select(Desk.id).where(Desk.name == name)).one()


def lines(view: Any) -> Sequence[str]:
    """The paragraphs of a window."""
    return [block["text"]["text"] for block in (view or {})["blocks"] if block["type"] == "section"]


def listening(world: World) -> None:
    """A desk answers, and Prickle is in the intake channel and in #team-replay."""
    begin(world)
    world.post()
    sweeps.sweep(world.db, world.client, clock.now)
    world.slack.invite("team-replay", "Prickle", by=world.id("ada"))
    world.slack.settle()


def on_one_clock(world: World) -> World:
    """Slack's clock stands still like the bot's."""
    world.slack.clock = lambda: clock.now().timestamp()
    return world


def listening_on_one_clock(world: World) -> None:
    """A desk answers, Prickle listens, and Slack's clock stands still like the bot's."""
    listening(on_one_clock(world))
    world.hands.tick(1)


def made(world: World) -> list[Request]:
    """The requests that there are, once everything is acted on and said."""
    world.slack.settle()
    world.post()
    with world.db.read() as session:
        return [requests.load(session, each) for each in session.scalars(select(Request.id).order_by(Request.id))]


def one(world: World) -> Request:
    """The only request."""
    (request,) = made(world)
    return request


def thread(world: World, message: dict[str, Any], channel: str = CHANNEL) -> list[str]:
    """What the bot said below a message."""
    return world.texts(channel, message["ts"])


def say(world: World, name: str, text: str, **more: Any) -> dict[str, Any]:
    """Write a message, in the intake channel unless it says otherwise."""
    return world.person(name).say(text, **{"channel": CHANNEL, **more})
