"""What one person of a channel reads alone: Slack keeps none of it, so nothing can be looked up there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.outbox import deliveries, posts
from bot.domain.outbox.posts import Message
from bot.platform import clock
from models.outbox import Post, PostState
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH


def whisper(world: World, to: str = "ada", *, channel: str = "sprints", key: str = "psst") -> None:
    """Decide that somebody is to read something alone, where Prickle is."""
    world.slack.invite(channel, "Prickle", by=world.id("ivy"))
    world.slack.settle()
    with world.db.begin() as session:
        posts.whisper(session, key, world.id(channel), world.id(to), Message("Psst"), now=clock.now())
    world.post()


def calls(world: World, method: str) -> int:
    """How often the bot called a method."""
    return sum(each.method == method for each in world.slack.calls)


def later(world: World, seconds: float) -> None:
    """Let time pass, and then everything happen that is due."""
    world.hands.tick(timedelta(seconds=seconds))
    world.post()


def state(world: World) -> PostState:
    """How far it is."""
    with world.db.read() as session:
        return PostState(session.scalars(select(Post.state).where(Post.key == "psst")).one())


def read_by(world: World, name: str) -> list[str]:
    """What somebody reads alone."""
    return [each["text"] for each in world.person(name).ephemerals]


def test_one_person_reads_it_and_the_channel_does_not(world: World) -> None:
    whisper(world)
    whisper(world)
    assert read_by(world, "ada") == ["Psst"]
    assert read_by(world, "lee") == []
    assert world.texts("sprints") == []
    assert state(world) == PostState.SENT


@pytest.mark.parametrize("fault", ["lost_reply", "server_error"])
def test_where_nobody_knows_whether_it_arrived_it_is_said_again(world: World, fault: str) -> None:
    world.slack.faults.add(fault, "chat.postEphemeral", times=1)
    whisper(world)
    assert state(world) == PostState.DUE
    later(world, deliveries.LEASE.total_seconds() + 1)
    assert read_by(world, "ada")[-1] == "Psst"
    assert state(world) == PostState.SENT
    assert calls(world, "conversations.history") == 0, "it stands in no history"


def test_slacks_429_is_waited_out(world: World) -> None:
    world.slack.faults.add("ratelimited", "chat.postEphemeral", retry_after=30, times=1)
    whisper(world)
    whisper(world, "lee", channel="team-ingestion", key="to lee")
    later(world, 20)
    assert (read_by(world, "ada"), read_by(world, "lee")) == ([], [])
    assert calls(world, "chat.postEphemeral") == 1, "Slack wants none from anybody"
    later(world, 12)
    later(world, 2)
    assert (read_by(world, "ada"), read_by(world, "lee")) == (["Psst"], ["Psst"])


def test_no_channel_is_joined_for_it(world: World) -> None:
    with world.db.begin() as session:
        posts.whisper(session, "psst", world.id("sprints"), world.id("ada"), Message("Psst"), now=clock.now())
    world.post()
    assert state(world) == PostState.REFUSED
    assert not [each for each in world.slack.calls if each.method == "conversations.join"]


def test_for_somebody_who_has_left_the_channel_it_is_given_up_and_nobody_is_told(world: World) -> None:
    world.team("ada", "lee")
    world.post()
    told = {name: len(world.person(name).dms) for name in ("ada", "lee", "ivy")}
    world.person("tom").leave("team-replay")
    whisper(world, "tom", channel="team-replay")
    assert state(world) == PostState.REFUSED
    assert {name: len(world.person(name).dms) for name in told} == told
