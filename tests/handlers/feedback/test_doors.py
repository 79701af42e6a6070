"""Every door that takes a message elsewhere, tried on feedback: its words leave by *Share it*, and in no other way."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.intake.requests import Request
from models.retros import Note
from sandbox.world import messages
from tests.feedback import SECRET, WORDS, dm, every_row, everything_somebody_reads, everything_stored, told
from tests.stories import Story
from tests.world import World

MENUS = ("retro_message", "request_message", "feedback_on_message")
EMOJI = ("retro", "hedgehog")
OTHERS = ("noor", "sam", "ivy")
TYPED = {
    "retro_message": {"text": "What everybody can read"},
    "request_message": {"title": "What everybody can read"},
    "feedback_on_message": {"saw": "What only Noor reads"},
}


@pytest.fixture
def lees(after: Callable[[Story], World]) -> World:
    """Ada has told Lee something."""
    return after(told)


def shared_by_lee(world: World) -> dict[str, Any]:
    """The message in the team's channel in which Lee shares what Ada said."""
    lee = world.person("lee")
    lee.click("feedback_menu", message=dm(world, "lee"), select="1")
    assert lee.submit() == {}
    lee.close_all()
    return world.card("team-replay", SECRET)


def forwarded_by_lee(world: World) -> dict[str, Any]:
    """The same message as Slack shows it after Lee has forwarded it from the DM, without a word, to the team."""
    given = dm(world, "lee")
    copied = {
        "text": given["text"],
        "author_id": world.slack.bot_user_id,
        "channel_id": world.slack.dm(world.id("lee")),
        "is_share": True,
        "from_url": "https://sandbox.slack.com/archives/D1/p1",
    }
    fields = {"user": world.id("lee"), "text": "", "attachments": [copied]}
    with world.slack.lock:
        return messages.post(world.slack, world.slack.channel("team-replay"), fields)


WHERE: dict[str, Callable[[World], tuple[str, dict[str, Any]]]] = {
    "the receiver's DM": lambda world: ("lee", dm(world, "lee")),
    "the giver's DM": lambda world: ("ada", dm(world, "ada", "has your feedback")),
    "the channel it is shared in": lambda world: ("noor", shared_by_lee(world)),
    "a channel it was forwarded to": lambda world: ("noor", forwarded_by_lee(world)),
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("door", [*MENUS, *EMOJI, "mention"])
def test_no_door_takes_its_words_anywhere(lees: World, where: str, door: str) -> None:
    name, message = WHERE[where](lees)
    go_through(lees, name, message, door)
    lees.slack.settle()
    lees.post()

    found = everything_stored(lees)
    assert [words for words in WORDS if words in found] == []
    if "DM" in where:
        for other in OTHERS:
            read = everything_somebody_reads(lees, other)
            assert [words for words in WORDS if words in read] == [], f"{other} reads it"


def go_through(world: World, name: str, message: dict[str, Any], door: str) -> None:
    """Do with the message what one can do, and send what is proposed, or when nothing is, something else."""
    person = world.person(name)
    if door in EMOJI:
        person.react(door, message)
    elif door in MENUS:
        person.shortcut(door, message)
        assert [words for words in WORDS if words in str(person.views)] == []
        others = {"person": world.id("noor" if name != "noor" else "lee")} if door == "feedback_on_message" else {}
        if person.submit(**others):
            assert person.submit(**TYPED[door]) == {}
        person.close_all()
    else:
        channel = next(each.id for each in world.slack.store.channels.values() if message["ts"] in each.messages)
        person.say("@Prickle", channel=channel, thread_ts=message["ts"])


def test_what_is_typed_instead_is_kept_without_the_way_to_the_conversation(lees: World) -> None:
    for door in ("retro_message", "request_message"):
        go_through(lees, "lee", dm(lees, "lee"), door)
    lees.post()
    with lees.db.read() as session:
        note, request = session.scalars(select(Note)).one(), session.scalars(select(Request)).one()
    assert (note.text, note.link) == ("What everybody can read", None)
    assert (request.text, request.link) == ("What everybody can read", None)


# --- where a message stands -------------------------------------------------------------------------------------


def in_a_conversation_of_two(world: World) -> str:
    """Where Lee and Noor write to each other."""
    return world.slack.open_im(world.id("lee"), world.id("noor")).id


def in_a_private_channel(world: World) -> str:
    """A private channel in which Prickle is as well."""
    members = [world.id("lee"), world.id("noor"), world.slack.bot_user_id]
    return world.slack.add_channel("quiet", private=True, members=members).id


def in_a_shared_channel(world: World) -> str:
    """A channel that another company reads and writes in."""
    channel = world.slack.add_channel("partners", members=["lee", "noor", world.slack.bot_user_id])
    channel.is_ext_shared = True
    return channel.id


CLOSED = (in_a_conversation_of_two, in_a_private_channel, in_a_shared_channel)


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("door", [*EMOJI, "retro_message", "request_message", "mention", "mention with words"])
def test_what_is_said_where_not_everybody_reads_stays_there(
    lees: World, closed: Callable[[World], str], door: str
) -> None:
    channel_id = closed(lees)
    message = lees.person("lee").say("Between us: I am worried", channel=channel_id)
    if door == "mention with words":
        lees.person("noor").say("@Prickle Between us: I am worried", channel=channel_id)
    else:
        go_through(lees, "noor", message, door)
    lees.slack.settle()
    lees.post()

    assert "I am worried" not in every_row(lees)
    written_elsewhere = [lees.slack.messages(each) for each in lees.slack.store.channels if each != channel_id]
    assert "I am worried" not in str(written_elsewhere)


@pytest.mark.parametrize("closed", [in_a_private_channel, in_a_shared_channel])
def test_a_mention_where_not_everybody_reads_says_how_to_ask_in_the_open(
    lees: World, closed: Callable[[World], str]
) -> None:
    channel_id = closed(lees)
    message = lees.person("noor").say("@Prickle we want to tag recordings", channel=channel_id)
    lees.slack.settle()
    lees.post()
    answer = lees.slack.messages(channel_id, message["ts"])[-1]
    assert "What is said in this channel stays here" in answer["text"]


def test_in_the_open_a_colleagues_message_is_taken_by_every_door(lees: World) -> None:
    message = lees.person("lee").say("The build took an hour", channel="team-replay")
    for door in (*EMOJI, "retro_message"):
        person = lees.person("noor")
        if door in EMOJI:
            person.react(door, message)
            continue
        person.shortcut(door, message)
        assert "The build took an hour" in str(person.views)
        person.close_all()
    lees.slack.settle()
    lees.post()
    with lees.db.read() as session:
        assert session.scalars(select(Note)).one().text == "The build took an hour"
        assert session.scalars(select(Request)).one().text.startswith("The build took an hour")


@pytest.mark.parametrize("door", MENUS)
@pytest.mark.parametrize("closed", [None, *CLOSED])
def test_a_menu_and_its_form_take_one_call_of_slack_each(
    lees: World, closed: Callable[[World], str] | None, door: str
) -> None:
    channel = closed(lees) if closed else "team-replay"
    message, noor = lees.person("lee").say("The build took an hour", channel=channel), lees.person("noor")
    before = len(lees.slack.calls)
    noor.shortcut(door, message)
    assert [call.method for call in lees.slack.calls[before:]] == ["views.open"]
    before = len(lees.slack.calls)
    noor.submit(**(TYPED[door] if closed or door == "feedback_on_message" else {}))
    assert [call.method for call in lees.slack.calls[before:]] in ([], ["conversations.info"])


@pytest.mark.parametrize("door", ["retro_message", "request_message"])
def test_in_a_shared_channel_the_form_asks_for_words_of_ones_own_before_it_keeps_any(lees: World, door: str) -> None:
    message, noor = lees.person("lee").say("I am worried", channel=in_a_shared_channel(lees)), lees.person("noor")
    noor.shortcut(door, message)
    assert noor.submit() == {}
    assert "Its words stay where they are" in str(noor.view)
    assert "I am worried" not in str(noor.view)
    assert noor.submit(**TYPED[door]) == {}
    assert "What everybody can read" in every_row(lees)
    assert "I am worried" not in every_row(lees)
