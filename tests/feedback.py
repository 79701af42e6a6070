"""A team whose people give each other feedback, and everything that anybody can read, to look for what they must not."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, select, text

from models.feedback import Feedback
from tests.world import World

SECRET = "The demo lost the customer after a minute"
EFFECT = "They stopped listening to us"
ADVICE = "Begin with their own recording"
WORDS = (SECRET, EFFECT, ADVICE)


def begin(world: World) -> None:
    """Ada leads Replay, with Lee and Noor; Sam leads Crew, with Mia."""
    world.set_up()
    world.team("ada", "lee", "noor")
    world.slack.add_channel("team-crew", members=[world.id(each) for each in ("sam", "mia", "tom")])
    world.team("sam", "mia", name="Crew")


def told(world: World) -> None:
    """The same, and Ada has told Lee something."""
    begin(world)
    give(world, "ada", "lee")
    world.post()


def give(world: World, giver: str, receiver: str, saw: str = SECRET, **more: str) -> None:
    """Give feedback through the form, with an effect and a suggestion unless the words are others."""
    person = world.person(giver)
    person.command("/give-feedback")
    fields = {"effect": EFFECT, "suggestion": ADVICE, **more} if saw == SECRET else more
    assert person.submit(person=world.id(receiver), saw=saw, **fields) == {}
    person.close_all()


def dm(world: World, name: str, containing: str = "has feedback for you") -> dict[str, Any]:
    """The newest message of the bot to somebody with these words."""
    world.post()
    return next(message for message in reversed(world.person(name).dms) if containing in message["text"])


def dms(world: World, name: str, containing: str = "") -> list[str]:
    """What the bot wrote to somebody, with these words in it."""
    world.post()
    return [message["text"] for message in world.person(name).dms if containing in message["text"]]


def stored(world: World) -> Feedback:
    """The newest feedback as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Feedback).order_by(Feedback.id.desc())).first() or Feedback()


def everything_somebody_reads(world: World, name: str) -> str:
    """All that one person can reach: their channels, their DM, Home, and what every command answers."""
    world.post()
    person = world.person(name)
    seen: list[Any] = [person.dms]
    for channel in world.slack.store.channels.values():
        if not channel.is_im:
            seen += [world.slack.messages(channel.id)]
            seen += [world.slack.messages(channel.id, ts) for ts in channel.top]
    seen.append(person.open_home())
    for line in COMMANDS:
        person.command(line)
        seen += [person.views, person.ephemerals]
        if person.view:
            person.close_all()
    return json.dumps(seen, ensure_ascii=False, default=str)


COMMANDS = (
    "/give-feedback",
    "/give-feedback mine",
    "/sprint",
    "/sprint show replay",
    "/sprint export replay",
    "/retro show replay",
    "/retro actions replay",
    "/retro trends replay",
    "/retro export replay",
    "/small-team show replay",
    "/reach-out rota",
    "/prickle",
)


def everything_stored(world: World) -> str:
    """The whole database as text: SQLite's file and its journal, and on both databases every row of every table."""
    url = make_url(world.url)
    files = [Path(f"{url.database}{end}") for end in ("", "-wal")] if url.get_backend_name() == "sqlite" else []
    kept = [file.read_bytes().decode("latin-1") for file in files if file.exists()]
    return " ".join([*kept, every_row(world)])


def every_row(world: World) -> str:
    """Every row of every table as text."""
    with world.db.read() as session:
        tables = session.connection().dialect.get_table_names(session.connection())
        assert {"feedback", "posts", "inbound_events"} <= set(tables)
        return " ".join(str(session.execute(text(f'SELECT * FROM "{table}"')).all()) for table in tables)  # noqa: S608
