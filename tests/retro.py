"""A team in the middle of its first sprint, and how its retro is told about."""

from typing import Any

import pytest
from sqlalchemy import select

from models.retros import Note, Retro
from tests.stories import After
from tests.world import World

# The sprint runs 13–24 July in Berlin; its turn comes on Friday at 10:00, and the one reminder on Monday at 9:00. Two hours
# later the notes are revealed, and on Wednesday at 18:00 the retro closes.
MIDDLE = "2026-07-20 08:00:00"
ASKS = "2026-07-24 08:00:00"
REMINDS = "2026-07-27 07:00:00"
REVEALS = "2026-07-27 09:01:00"
CLOSES = "2026-07-29 16:00:00"
SECRET = "The deploys are slow"


def begin(world: World) -> None:
    """Ada leads Replay, with Lee and Noor; Ada and Lee have items."""
    world.set_up()
    world.team("ada", "lee", "noor")
    world.plan("ada", high="Timeline", side="Changelog")
    world.plan("lee", high="First frame")
    world.finalize("ada")
    world.go_to(MIDDLE)


@pytest.fixture
def replay(after: After) -> World:
    """Ada, Lee and Noor in the middle of their first sprint."""
    return after(begin)


@pytest.fixture
def ended(after: After) -> World:
    """The same three at the end of that sprint: they are asked, and nobody has written anything."""
    return after(begin, sprint_ends)


@pytest.fixture
def waiting(after: After) -> World:
    """The same, where Lee has written a note in the middle of the sprint."""
    return after(begin, lee_writes, sprint_ends)


@pytest.fixture
def revealed(after: After) -> World:
    """The Monday after: Lee's note is revealed."""
    return after(begin, lee_writes, sprint_ends, notes_are_revealed)


def write(world: World, name: str, **columns: str) -> None:
    """Write notes with `/retro`, one a line."""
    person = world.person(name)
    person.command("/retro")
    assert person.submit(**columns) == {}
    person.close_all()


def lee_writes(world: World) -> None:
    """Lee has something to say, in the middle of the sprint."""
    write(world, "lee", better=SECRET)


def sprint_ends(world: World) -> None:
    """All three are asked for their marks, their notes and their plans."""
    world.go_to(ASKS)


def notes_are_revealed(world: World) -> None:
    """Everybody is reminded on Monday, and two hours later nobody is waited for any more."""
    world.go_to(REMINDS)
    world.go_to(REVEALS)


def reveal(world: World) -> None:
    """Live through the sprint's end, until the notes are revealed."""
    sprint_ends(world)
    notes_are_revealed(world)


def board(world: World) -> dict[str, Any]:
    """The board in the team's channel."""
    return world.card("team-replay", "Retro: Replay")


def dm(world: World, name: str, containing: str = "13–24 July* ends") -> dict[str, Any]:
    """The newest message of the bot to somebody with these words."""
    world.post()
    return next(message for message in reversed(world.person(name).dms) if containing in message["text"])


def menu(world: World, name: str, action_id: str, choice: str) -> None:
    """Choose from a menu in the top window, by the words of the choice, beside the row with this action id."""
    person = world.person(name)
    view = person.view or {}
    element = next(
        block["accessory"] for block in view["blocks"] if block.get("accessory", {}).get("action_id") == action_id
    )
    option = next(each for each in element["options"] if choice in each["text"]["text"])
    person.click(action_id, select=option["value"])


def note_id(world: World, text: str) -> int:
    """The id of a note."""
    with world.db.read() as session:
        return session.scalars(select(Note.id).where(Note.text == text)).one()


def the_retro(world: World) -> Retro:
    """The newest retro as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Retro).order_by(Retro.id.desc())).first() or Retro()


def everything_but_the_author_reads(world: World, *others: str) -> str:
    """All that the others of the workspace can see, as one text: channels, their DMs, windows and Home."""
    world.post()
    seen = [str(world.slack.messages(channel)) for channel in ("team-replay", "sprints")]
    seen += [str(world.slack.messages("team-replay", board["ts"])) for board in world.slack.messages("team-replay")]
    for name in others:
        person = world.person(name)
        seen += [str(person.dms), str(person.open_home())]
        for words in ("/retro", "/retro show replay", "/retro export replay", "/retro actions replay", "/sprint"):
            person.command(words)
            seen.append(f"{person.view} {person.ephemerals}")
            person.close_all()
    return " ".join(seen)
