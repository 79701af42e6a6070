"""Rows become messages: each exactly once, whatever Slack or a replica does."""

import itertools
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.outbox import deliveries, posts, settling
from bot.domain.outbox.paces import Lane
from bot.domain.outbox.posts import Message
from bot.platform import clock
from bot.platform.crypto import Vault
from jobs.outbox import cards
from models.outbox import Post, PostState
from models.teams import Lost, Team
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH

ROOT = Path(__file__).parents[3]


def write(world: World, key: str, channel: str = "sprints", text: str | None = None) -> None:
    """Decide that something is to be said."""
    with world.db.begin() as session:
        posts.write(session, key, world.id(channel), Message(text or key), now=clock.now())


def later(world: World, seconds: float) -> None:
    """Let time pass, and then everything happen that is due."""
    world.hands.tick(timedelta(seconds=seconds))
    world.post()


def state(world: World, key: str) -> str:
    """How far a post is."""
    with world.db.read() as session:
        return session.scalars(select(Post.state).where(Post.key == key)).one()


def state_of_card(world: World, card: str) -> str:
    """How far the only card of this kind is."""
    with world.db.read() as session:
        return session.scalars(select(Post.state).where(Post.card == card)).one()


def new_card(world: World) -> None:
    """What a newer version of the code wrote into the company's channel."""
    with world.db.begin() as session:
        posts.draw(session, "new", 1, world.id("sprints"), now=clock.now())


def calls(world: World, method: str = "chat.postMessage") -> int:
    """How often the bot called a method."""
    return sum(call.method == method for call in world.slack.calls)


def test_a_post_is_sent_once_with_its_key_in_the_metadata(world: World) -> None:
    for _ in range(2):
        write(world, "hello")
    world.post()
    assert world.texts("sprints") == ["hello"]
    history = world.client.conversations_history(channel=world.id("sprints"), include_all_metadata=True)
    assert history["messages"][0]["metadata"]["event_payload"] == {"key": "hello"}


def test_what_was_rolled_back_is_not_announced(world: World) -> None:
    try:
        with world.db.begin() as session:
            posts.write(session, "never", world.id("sprints"), Message("never"), now=clock.now())
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert world.texts("sprints") == []


def test_a_channel_that_the_bot_is_not_in_is_joined(world: World) -> None:
    write(world, "hello")
    world.post()
    assert calls(world, "conversations.join") == 1
    assert world.texts("sprints") == ["hello"]


def test_messages_of_one_channel_keep_their_order_and_a_second_between_them(world: World) -> None:
    for number in range(5):
        write(world, f"number {number}")
    times = []
    for _ in range(30):
        before = calls(world)
        world.deliveries[0].tick()
        times += [clock.now()] * (calls(world) - before)
        world.hands.tick(timedelta(milliseconds=250))
    assert world.texts("sprints") == [f"number {number}" for number in range(5)]
    sent = times[1:]  # before the first one the channel was joined
    assert min(after - before for before, after in itertools.pairwise(sent)) >= timedelta(seconds=1)


def test_slacks_429_is_waited_out_and_nothing_is_lost_or_doubled(world: World) -> None:
    write(world, "first")
    world.post()
    world.slack.faults.add(method="chat.postMessage", kind="ratelimited", retry_after=30, times=1)
    write(world, "second")
    later(world, 2)
    before = calls(world)
    later(world, 20)
    assert calls(world) == before
    later(world, 11)
    assert world.texts("sprints") == ["first", "second"]


def test_a_lost_reply_is_looked_up_and_not_said_again(world: World) -> None:
    write(world, "first")
    world.post()
    world.slack.faults.add(method="chat.postMessage", kind="lost_reply", times=1)
    write(world, "second")
    later(world, 2)
    assert state(world, "second") == PostState.DUE
    before = calls(world)
    later(world, deliveries.LEASE.total_seconds() + 1)
    assert state(world, "second") == PostState.SENT
    assert calls(world) == before
    assert world.texts("sprints") == ["first", "second"]


def test_a_card_that_changed_while_its_reply_was_lost_says_what_holds_now(world: World) -> None:
    world.team("ada", "lee")
    world.post()
    world.slack.faults.add(method="chat.postMessage", kind="lost_reply", times=1)
    world.plan("ada", high="One")
    later(world, 2)
    world.plan("ada", high="Two")
    later(world, deliveries.LEASE.total_seconds() + 1)
    later(world, 2)
    [card] = [each for each in world.slack.messages("team-replay") if "sprint 13" in each["text"]]
    assert "Two — Ada" in card["text"]


def test_a_lost_reply_in_a_thread_and_in_a_dm_is_looked_up_there(world: World) -> None:
    write(world, "parent")
    write(world, "dm", channel="ada", text="for you")
    world.post()
    world.slack.faults.add(method="chat.postMessage", kind="lost_reply", times=2)
    with world.db.begin() as session:
        under = session.scalars(select(Post).where(Post.key == "parent")).one()
        posts.reply(session, "reply", under, Message("reply"), now=clock.now())
    write(world, "second dm", channel="ada", text="for you too")
    later(world, 2)
    later(world, deliveries.LEASE.total_seconds() + 1)
    parent = world.card("sprints", "parent")
    assert world.texts("sprints", parent["ts"]) == ["parent", "reply"]
    assert [message["text"] for message in world.person("ada").dms] == ["for you", "for you too"]


@pytest.mark.parametrize("kind", ["server_error", "error"])
def test_slacks_internal_error_is_unknown_and_tried_again_after_the_lease(world: World, kind: str) -> None:
    write(world, "first")
    world.post()
    world.slack.faults.add(kind, "chat.postMessage", times=1)
    write(world, "second")
    later(world, 2)
    assert state(world, "second") == PostState.DUE
    later(world, deliveries.LEASE.total_seconds() + 1)
    assert world.texts("sprints") == ["first", "second"]


def test_a_refused_channel_is_recorded_and_its_lead_is_told_once(world: World) -> None:
    world.team("ada", "lee")
    world.post()
    world.slack.archive("team-replay")
    world.slack.settle()
    world.plan("ada", high="One")
    world.plan("lee", high="Two")
    world.post()
    told = [message["text"] for message in world.person("ada").dms]
    assert len(told) == 1
    assert "the channel is archived" in told[0]
    assert "`/small-team edit`" in told[0]
    before = calls(world)
    later(world, 600)
    assert calls(world) == before


@pytest.mark.parametrize(
    ("posting", "words"),
    [
        ("read_only", "only some people may post there"),
        ("thread_only", "only replies may be posted there"),
    ],
)
def test_in_a_channel_with_posting_rights_the_lead_reads_what_is_the_matter(
    world: World, posting: str, words: str
) -> None:
    world.team("ada", "lee")
    world.slack.restrict("team-replay", posting)
    world.plan("ada", high="Timeline")
    world.post()
    (told,) = world.person("ada").dms
    assert f"I could not post in <#{world.id('team-replay')}>: {words}." in told["text"]


def test_a_card_that_an_admin_deleted_is_posted_anew_with_what_came_since(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.person("ivy").delete(world.card("team-replay", "sprint"))
    world.plan("lee", high="Two")
    assert "Two" in world.card("team-replay", "sprint")["text"]


def test_a_card_that_was_refused_stands_in_the_teams_next_channel(world: World) -> None:
    world.team("ada", "lee")
    world.slack.archive("team-replay")
    world.slack.settle()
    world.plan("ada", high="One")
    world.post()
    ada = world.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(channel=world.id("team-ingestion")) == {}
    ada.close_all()
    world.plan("ada", high="One, again")
    assert "One, again" in world.card("team-ingestion", "sprint")["text"]


def test_a_card_is_posted_once_its_channel_is_unarchived(world: World) -> None:
    world.team("ada", "lee")
    world.slack.archive("team-replay")
    world.slack.settle()
    world.plan("ada", high="One")
    world.post()
    world.slack.archive("team-replay", archived=False)
    world.slack.settle()
    world.plan("lee", high="Two")
    text = world.card("team-replay", "sprint")["text"]
    assert "One" in text
    assert "Two" in text


def test_a_429_on_joining_a_channel_is_waited_out_too(world: World) -> None:
    world.slack.faults.add("ratelimited", "conversations.join", retry_after=20, times=1)
    write(world, "hello")
    later(world, 1)
    assert state(world, "hello") == PostState.DUE
    later(world, 21)
    assert world.texts("sprints") == ["hello"]


def test_a_lost_reply_on_joining_a_channel_loses_nothing(world: World) -> None:
    world.slack.faults.add("lost_reply", "conversations.join", times=1)
    write(world, "hello")
    write(world, "elsewhere", channel="team-replay")
    later(world, 1)
    later(world, deliveries.LEASE.total_seconds() + 1)
    assert world.texts("sprints") == ["hello"]
    assert world.texts("team-replay") == ["elsewhere"]


def test_a_revoked_token_holds_everything_until_somebody_mends_it(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.post()
    world.slack.faults.add("error", "chat.update", code="token_revoked", times=1)
    world.plan("lee", high="Two")
    later(world, 1)
    assert "Two" not in world.card("team-replay", "sprint")["text"]
    later(world, 301)
    assert "Two" in world.card("team-replay", "sprint")["text"]
    assert world.person("ada").dms == []


def test_a_post_that_cannot_be_drawn_lets_the_others_pass(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    monkeypatch.setattr(cards, "draw", lambda *_: 1 / 0)
    write(world, "later", channel="team-replay")
    for _ in range(settling.PATIENCE + 1):
        later(world, deliveries.LEASE.total_seconds() + 1)
    assert "later" in world.texts("team-replay")


def test_what_is_due_later_blocks_nothing_and_is_blocked_by_nothing(world: World) -> None:
    for key, hours in (("in an hour", 1), ("now", 0), ("in two hours", 2), ("after that", 0)):
        with world.db.begin() as session:
            due_at = clock.now() + timedelta(hours=hours)
            posts.write(session, key, world.id("sprints"), Message(key), now=clock.now(), due_at=due_at)
    assert world.texts("sprints") == ["now", "after that"]
    later(world, 3600)
    assert world.texts("sprints") == ["now", "after that", "in an hour"]
    later(world, 3600)
    assert world.texts("sprints") == ["now", "after that", "in an hour", "in two hours"]


def test_a_channel_that_the_bot_was_taken_out_of_is_not_joined_again(world: World) -> None:
    world.team("ada", "lee")
    with world.db.begin() as session:
        session.execute(update(Team).values(channel_lost=Lost.REMOVED))
    write(world, "hello", channel="team-replay")
    write(world, "elsewhere")
    world.post()
    assert state(world, "hello") == PostState.REFUSED
    assert [call.args["channel"] for call in world.slack.calls if call.method == "conversations.join"] == [
        world.id("sprints")
    ]
    assert world.person("ada").dms == [], "she was told when it happened"


def test_a_channel_that_slack_lets_nobody_in_is_joined_once_and_refused(world: World) -> None:
    world.slack.faults.add("error", "chat.postMessage", code="not_in_channel", times=None)
    write(world, "hello")
    world.post()
    assert state(world, "hello") == PostState.REFUSED
    assert calls(world, "conversations.join") == 1


def test_a_card_that_this_version_does_not_know_is_left_to_a_newer_one(world: World) -> None:
    new_card(world)
    later(world, 1)
    assert state(world, "card:new:1") == PostState.DUE


def test_a_card_that_no_version_knows_is_given_up_and_lets_the_others_pass(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    new_card(world)
    write(world, "behind it")
    for _ in range(settling.PATIENCE):
        later(world, deliveries.LEASE.total_seconds() + 1)
    assert state(world, "card:new:1") == PostState.REFUSED
    assert "post card:new:1: no card new in this version; given up" in caplog.messages
    assert world.texts("sprints") == ["behind it"]
    assert world.person("ivy").dms == []


def test_a_card_that_somebody_deleted_is_posted_anew(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    card = world.card("team-replay", "sprint")
    world.client.chat_delete(channel=world.id("team-replay"), ts=card["ts"])
    world.plan("ada", high="Two")
    assert "Two" in world.card("team-replay", "sprint")["text"]


def test_a_stale_message_expires_and_a_card_does_not(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    write(world, "news")
    world.hands.tick(timedelta(hours=13))
    world.post()
    assert state(world, "news") == PostState.EXPIRED
    assert "One" in world.card("team-replay", "sprint")["text"]


def test_what_expires_is_logged_by_its_key_and_never_by_its_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(settling.AT_A_TIME + 20):
        write(world, f"key {number}", text="the words of a person")
    later(world, 12 * 3600)
    assert world.texts("sprints") == []
    logged = "\n".join(caplog.messages)
    assert all(f"key {number}" in logged for number in range(settling.AT_A_TIME + 20))
    assert f"{settling.AT_A_TIME} posts came too late" in logged
    assert "20 posts came too late" in logged
    assert "the words" not in caplog.text


def test_a_card_that_asks_expires_unless_it_stands(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.post()
    with world.db.begin() as session:
        session.execute(update(Post).where(Post.card == "plan").values(expires_at=clock.now() + timedelta(hours=12)))
    world.hands.tick(timedelta(hours=13))
    world.plan("lee", high="Two")
    assert "Two" in world.card("team-replay", "sprint")["text"]
    with world.db.begin() as session:
        session.execute(update(Post).where(Post.card == "plan").values(message_ts=None, state=PostState.DUE))
    world.post()
    assert state_of_card(world, "plan") == PostState.EXPIRED


def test_what_may_stand_is_looked_up_before_it_expires(world: World) -> None:
    world.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    world.client.conversations_join(channel=world.id("sprints"))
    write(world, "it stands")
    world.deliveries[0].tick()
    world.slack.faults.add("server_error", "chat.postMessage", times=1)
    write(world, "it does not", channel="ada")
    world.deliveries[0].tick()
    later(world, 13 * 3600)
    assert state(world, "it stands") == PostState.SENT
    assert state(world, "it does not") == PostState.EXPIRED
    assert world.person("ada").dms == []


def test_a_reply_to_what_came_too_late_is_not_posted_and_blocks_nothing(world: World) -> None:
    with world.db.begin() as session:
        posts.write(session, "parent", world.id("sprints"), Message("parent"), now=clock.now() - timedelta(hours=13))
        parent = session.scalars(select(Post).where(Post.key == "parent")).one()
        posts.reply(session, "reply", parent, Message("reply"), now=clock.now())
    write(world, "next")
    assert world.texts("sprints") == ["next"]
    assert state(world, "reply") == PostState.EXPIRED


def test_what_waits_for_a_reply_that_waits_for_its_parent_is_not_kept_waiting(world: World) -> None:
    with world.db.begin() as session:
        tomorrow = clock.now() + timedelta(days=1)
        posts.write(session, "parent", world.id("sprints"), Message("parent"), now=clock.now(), due_at=tomorrow)
        parent = session.scalars(select(Post).where(Post.key == "parent")).one()
        posts.reply(session, "reply", parent, Message("reply"), now=clock.now())
    write(world, "next")
    assert world.texts("sprints") == ["next"]


def test_what_is_not_needed_any_more_is_not_posted_unless_it_is_asked_for_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    draw, drawn = cards.draw, []

    def nothing_at_first(session: Session, post: Post, now: datetime, vault: Vault) -> Message | None:
        drawn.append(post.card)
        if len(drawn) > 1:
            return draw(session, post, now, vault)
        with world.db.begin() as other:
            posts.redraw(other, str(post.card), post.subject, now=now)
        return None

    monkeypatch.setattr(cards, "draw", nothing_at_first)
    world.post()
    assert "One" in world.card("team-replay", "sprint")["text"]
    monkeypatch.setattr(cards, "draw", lambda *_: None)
    world.plan("lee", high="Two")
    world.post()
    assert "Two" not in world.card("team-replay", "sprint")["text"]
    assert state_of_card(world, "plan") == PostState.SENT


def test_who_has_hardly_any_lease_left_does_not_post(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.team("ada", "lee")
    world.post()
    world.plan("ada", high="One")
    draw, before = cards.draw, calls(world)

    def slowly(session: Session, post: Post, now: datetime, vault: Vault) -> Message | None:
        world.hands.tick(deliveries.LEASE - timedelta(seconds=5))
        return draw(session, post, now, vault)

    monkeypatch.setattr(cards, "draw", slowly)
    world.deliveries[0].tick()
    assert calls(world) == before
    monkeypatch.setattr(cards, "draw", draw)
    later(world, 6)
    assert "One" in world.card("team-replay", "sprint")["text"]


def test_a_reply_waits_for_what_it_replies_to_and_falls_with_it(world: World) -> None:
    world.team("ada", "lee")
    world.post()
    world.slack.archive("team-replay")
    world.slack.settle()
    world.plan("ada", high="One")
    with world.db.begin() as session:
        card = session.scalars(select(Post).where(Post.card == "plan")).one()
        posts.reply(session, "reply", card, Message("reply"), now=clock.now())
    world.post()
    assert state(world, "reply") == PostState.REFUSED


def test_two_replicas_say_everything_once(world: World) -> None:
    first, second = world.deliveries[0], world.replica()
    for number in range(10):
        for channel in ("sprints", "team-replay", "ada", "lee"):
            write(world, f"{channel} {number}", channel=channel)
    for _ in range(60):
        world.at_once(first.tick, second.tick)
        world.hands.tick(timedelta(seconds=1))
    for channel in ("sprints", "team-replay"):
        assert world.texts(channel) == [f"{channel} {number}" for number in range(10)]
    for name in ("ada", "lee"):
        assert [m["text"] for m in world.person(name).dms] == [f"{name} {number}" for number in range(10)]


def test_a_replica_killed_between_posting_and_settling_leaves_each_message_once(world: World) -> None:
    for channel in ("sprints", "team-replay"):
        world.client.conversations_join(channel=world.id(channel))
        write(world, f"from {channel}", channel=channel)
    for number in range(3):
        write(world, f"dm {number}", channel=("ada", "lee", "noor")[number])
    command = [sys.executable, "-m", "tests.jobs.crash", world.url, world.settings.slack_api_url]
    died = subprocess.run(
        [*command, world.slack.bot_token, clock.now().isoformat()],
        cwd=ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert died.returncode == -9, died.stderr
    assert calls(world) >= 1  # it did post before it died
    later(world, deliveries.LEASE.total_seconds() + 1)
    assert world.texts("sprints") == ["from sprints"]
    assert world.texts("team-replay") == ["from team-replay"]
    assert [len(world.person(name).dms) for name in ("ada", "lee", "noor")] == [1, 1, 1]


def test_who_was_frozen_past_the_lease_settles_nothing(world: World) -> None:
    write(world, "hello")
    with world.db.begin() as session:
        queued = deliveries.queue(session, Lane.MESSAGES, now=clock.now())
        frozen = deliveries.claim(session, Lane.MESSAGES, queued, now=clock.now(), room=1).claims[0]
    later(world, deliveries.LEASE.total_seconds() + 1)
    ts = world.card("sprints", "hello")["ts"]
    with world.db.begin() as session:
        settling.sent(session, frozen, channel_id="C0OTHER", message_ts="1.0", now=clock.now())
    with world.db.read() as session:
        assert session.scalars(select(Post.message_ts)).one() == ts
