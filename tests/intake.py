"""A company whose AI team has a desk, and how requests are told about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from models.desks import Desk
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
