"""A reply to a message that is gone: Slack posts it at the channel's root, and we take it back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.intake import requests
from bot.domain.outbox import deliveries, posts
from bot.domain.outbox.posts import Message
from bot.platform import clock
from models.intake.requests import Request
from models.outbox import Post, PostState
from tests.stories import After
from tests.world import World

CHANNEL = "team-posthog-ai"


def listening(world: World) -> None:
    """The company is set up, and the bot is in the intake channel."""
    world.set_up()
    world.post()
    world.sweep()
    world.slack.settle()


@pytest.fixture
def slack(after: After) -> World:
    return after(listening)


def say(world: World, text: str = "Could AI sort our tickets?") -> dict[str, Any]:
    """Mia writes in the intake channel; nothing is acted on yet."""
    return world.person("mia").say(text, channel=CHANNEL)


def request(world: World) -> Request:
    """The only request."""
    with world.db.read() as session:
        return session.scalars(select(Request)).one()


def reply(world: World, key: str, above: str, channel: str = CHANNEL) -> None:
    """Something is to be said below somebody's message."""
    with world.db.begin() as session:
        posts.write_in_thread(session, key, world.id(channel), above, Message(f"about {key}"), now=clock.now())


def state(world: World, key: str) -> PostState:
    with world.db.read() as session:
        return session.scalars(select(Post.state).where(Post.key == key)).one()


def at_root(world: World, channel: str = CHANNEL) -> list[str]:
    """What of ours stands at the channel's root."""
    return world.texts(channel)


def test_a_reply_to_a_deleted_message_is_taken_back_and_nobody_is_told(slack: World) -> None:
    said = slack.person("mia").say("Never mind", channel="team-replay")
    slack.team("ada", "lee")
    before = at_root(slack, "team-replay")
    slack.person("mia").delete(said)
    reply(slack, "the secret", said["ts"], "team-replay")
    assert at_root(slack, "team-replay") == before
    assert state(slack, "the secret") == PostState.REFUSED
    assert not [each for each in slack.person("ada").dms if "could not post" in each["text"]]


def test_the_words_of_a_deleted_message_are_not_below_it_but_in_a_card_of_its_own(slack: World) -> None:
    said = say(slack)
    slack.person("mia").delete(said)
    (card,) = at_root(slack)
    assert "Could AI sort our tickets?" in card
    assert request(slack).thread_ts is None


def test_later_lines_of_a_request_whose_message_is_gone_stand_below_its_new_card(slack: World) -> None:
    said = say(slack)
    slack.post()
    with slack.db.read() as session:
        first = session.scalars(select(Post.message_ts).where(Post.card == requests.CARD)).one()
    with slack.slack.lock:  # nothing is left of it, not even what Slack leaves of a message with replies
        channel = slack.slack.channel(CHANNEL)
        for ts in [*channel.replies.pop(said["ts"], []), said["ts"]]:
            del channel.messages[ts]
        channel.top.remove(said["ts"])
    reply(slack, "one", said["ts"])
    reply(slack, "two", said["ts"])
    (card,) = at_root(slack)
    root = slack.card(CHANNEL)
    assert root["ts"] != first
    assert slack.texts(CHANNEL, root["ts"]) == [card, "about one", "about two"]
    assert request(slack).thread_ts is None


def test_a_reply_to_a_deleted_card_waits_until_the_card_is_posted_anew(slack: World) -> None:
    slack.team("ada", "lee")
    slack.plan("ada", high="Timeline")
    card = slack.card("team-replay", "sprint")
    slack.client.chat_delete(channel=slack.id("team-replay"), ts=card["ts"])
    with slack.db.begin() as session:
        under = session.scalars(select(Post).where(Post.message_ts == card["ts"])).one()
        posts.reply(session, "change", under, Message("a change"), now=clock.now())
    slack.post()
    anew = slack.card("team-replay", "sprint")
    assert anew["ts"] != card["ts"]
    assert slack.texts("team-replay", anew["ts"])[1:] == ["a change"]


def test_a_stray_reply_whose_answer_was_lost_is_found_and_taken_back(slack: World) -> None:
    slack.person("mia").say("Never mind", channel=CHANNEL)
    slack.post()
    before = at_root(slack)
    other = slack.person("mia").say(":speech_balloon: lunch", channel=CHANNEL)
    slack.person("mia").delete(other)
    slack.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    reply(slack, "the secret", other["ts"])
    slack.deliveries[0].tick()
    assert "about the secret" in [each["text"] for each in slack.slack.messages(CHANNEL)]
    slack.hands.tick(deliveries.LEASE + timedelta(seconds=1))
    assert at_root(slack) == before
    assert state(slack, "the secret") == PostState.REFUSED


@pytest.mark.parametrize("code", ["ratelimited", "internal_error"])
def test_a_stray_reply_that_slack_does_not_delete_at_once_is_deleted_later(slack: World, code: str) -> None:
    other = slack.person("mia").say(":speech_balloon: lunch", channel=CHANNEL)
    slack.person("mia").delete(other)
    fault = {"kind": "ratelimited"} if code == "ratelimited" else {"kind": "error", "code": code}
    slack.slack.faults.add(method="chat.delete", times=1, **fault)  # type: ignore[arg-type]
    reply(slack, "the secret", other["ts"])
    slack.post()
    slack.hands.tick(deliveries.LEASE + timedelta(seconds=1))
    assert at_root(slack) == []
    assert state(slack, "the secret") == PostState.REFUSED


def test_a_private_channel_that_cannot_be_read_holds_up_no_other(slack: World) -> None:
    private, other = slack.id("team-replay"), slack.id("team-ingestion")
    with slack.db.begin() as session:
        for channel in (private, other):
            posts.write(session, f"first in {channel}", channel, Message("first"), now=clock.now())
    slack.post()
    slack.slack.make_private("team-replay")
    for channel in (private, other):
        slack.slack.faults.add("lost_reply", "chat.postMessage", channel=channel, times=1)
        with slack.db.begin() as session:
            posts.write(session, f"second in {channel}", channel, Message("second"), now=clock.now())
    slack.post()
    slack.hands.tick(deliveries.LEASE + timedelta(seconds=1))
    slack.post()
    assert state(slack, f"second in {other}") == PostState.SENT
    assert state(slack, f"second in {private}") == PostState.DUE
    slack.hands.tick(posts.KEEP_TRYING_FOR)
    slack.post()
    assert state(slack, f"second in {private}") == PostState.EXPIRED


def test_what_stays_of_use_and_can_never_be_looked_up_is_given_up(slack: World) -> None:
    private = slack.id("team-replay")
    with slack.db.begin() as session:
        posts.write(session, "first", private, Message("first"), now=clock.now())
    slack.post()
    slack.slack.make_private("team-replay")
    slack.slack.faults.add("lost_reply", "chat.postMessage", channel=private, times=1)
    with slack.db.begin() as session:
        posts.write(session, "like a card", private, Message("said for long"), now=clock.now())
        session.execute(update(Post).where(Post.key == "like a card").values(expires_at=None))
    slack.post()
    slack.hands.tick(timedelta(minutes=2))
    slack.post()
    assert state(slack, "like a card") == PostState.DUE
    slack.hands.tick(timedelta(minutes=31))
    slack.post()
    assert state(slack, "like a card") == PostState.REFUSED
