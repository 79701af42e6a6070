"""A message with a picture: uploaded first, and standing exactly once, whatever Slack or a replica does."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.outbox import deliveries, posts, prompt_posts
from bot.domain.outbox.posts import Message, Picture
from bot.domain.retros import trends
from bot.platform import clock, slack
from jobs.outbox import cards
from models.outbox import Post, PostState
from tests.world import World

ROOT = Path(__file__).parents[3]
PNG = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which a picture is to be posted in the team's channel."""
    world.client.conversations_join(channel=world.id("team-replay"))
    drawn = Message("in words", [], Picture("trends.png", "in words", lambda: PNG))
    monkeypatch.setitem(cards.CARDS, trends.CARD, lambda _card: drawn)
    ask(world)
    return world


def ask(world: World) -> None:
    """Have the picture posted."""
    now = clock.now()
    with world.db.begin() as session:
        channel = world.id("team-replay")
        expires_at = now + trends.FRESH
        prompt_posts.ask(session, "picture", trends.CARD, 1, channel, due_at=now, expires_at=expires_at, now=now)


def shown(world: World) -> list[list[str]]:
    """The blocks of the messages in the team's channel, by type."""
    found = world.slack.messages("team-replay")
    return [[block["type"] for block in each.get("blocks", [])] for each in found if each["text"] == "in words"]


def uploads(world: World) -> int:
    """How many files are in Slack."""
    return sum(file.completed for file in world.slack.store.files.values())


def wait(world: World, seconds: float) -> None:
    """Let time pass, and what is due be posted."""
    for _ in range(int(seconds)):
        world.hands.tick(timedelta(seconds=1))
        world.post()


def state(world: World) -> str:
    """How far the picture's post is."""
    with world.db.read() as session:
        return session.scalars(select(Post.state).where(Post.key == "picture")).one()


def test_the_picture_is_in_the_message_with_our_key_and_nowhere_else(asked: World) -> None:
    asked.post()
    assert shown(asked) == [["image"]]
    [file] = asked.slack.store.files.values()
    assert (file.content, file.alt_txt) == (PNG, "in words")
    history = asked.client.conversations_history(channel=asked.id("team-replay"), include_all_metadata=True)
    keys = [each["metadata"]["event_payload"]["key"] for each in history["messages"] if "metadata" in each]
    assert keys == ["picture"]
    assert state(asked) == PostState.SENT


@pytest.mark.parametrize("kind", ["lost_reply", "server_error"])
def test_after_a_lost_reply_the_message_stands_exactly_once(asked: World, kind: str) -> None:
    asked.slack.faults.add(kind, "chat.postMessage", times=1)
    asked.post()
    wait(asked, deliveries.LEASE.total_seconds() + 1)
    assert shown(asked) == [["image"]]
    assert uploads(asked) == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("kind", ["server_error", "lost_reply", "ratelimited"])
def test_an_upload_that_fails_is_repeated_soon_and_holds_up_nothing(asked: World, method: str, kind: str) -> None:
    asked.slack.faults.add(kind, method, times=1)
    with asked.db.begin() as session:
        posts.write(session, "next", asked.id("team-replay"), Message("what comes next"), now=clock.now())
    wait(asked, 10)
    assert asked.texts("team-replay") == ["what comes next", "in words"]
    assert shown(asked) == [["image"]]


def test_bytes_that_do_not_get_through_are_sent_again(asked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    send = slack._send_bytes
    monkeypatch.setattr(slack, "_send_bytes", lambda client, url, _content: send(client, url, b"cut"))
    asked.deliveries[0].tick()
    assert uploads(asked) == 0
    monkeypatch.setattr(slack, "_send_bytes", send)
    wait(asked, 4)
    assert shown(asked) == [["image"]]


def test_while_slack_is_at_work_on_the_file_the_message_waits_and_the_file_is_kept(asked: World) -> None:
    asked.slack.faults.add("unprocessed_file", times=2)
    asked.deliveries[0].tick()
    assert shown(asked) == []
    wait(asked, 10)
    assert shown(asked) == [["image"]]
    assert uploads(asked) == 1


def test_a_file_that_slack_never_gets_done_with_is_said_in_words_after_a_few_attempts(asked: World) -> None:
    fault = asked.slack.faults.add("unprocessed_file", times=None)
    wait(asked, 100)
    assert shown(asked) == [[]]
    assert 3 <= fault.hits <= 7
    assert state(asked) == PostState.SENT


def test_after_a_slow_upload_with_hardly_any_lease_left_the_next_attempt_posts_it(
    asked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly() -> bytes:
        asked.hands.tick(deliveries.LEASE - timedelta(seconds=5))
        return PNG

    drawn = Message("in words", [], Picture("trends.png", "in words", slowly))
    monkeypatch.setitem(cards.CARDS, trends.CARD, lambda _card: drawn)
    asked.deliveries[0].tick()
    assert shown(asked) == []
    asked.hands.tick(timedelta(seconds=30))
    asked.deliveries[0].tick()
    assert uploads(asked) == 1
    assert len(shown(asked)) == 1


@pytest.mark.parametrize("code", ["missing_scope", "file_uploads_disabled"])
def test_where_slack_takes_no_uploads_the_words_stand_alone_at_once(asked: World, code: str) -> None:
    asked.slack.faults.add("error", "files.getUploadURLExternal", times=None, code=code)
    asked.post()
    assert shown(asked) == [[]]


def test_a_picture_that_comes_too_late_is_not_posted(asked: World) -> None:
    asked.hands.tick(trends.FRESH + timedelta(seconds=1))
    asked.post()
    assert shown(asked) == []
    assert state(asked) == PostState.EXPIRED


def test_two_replicas_post_it_once(asked: World) -> None:
    first, second = asked.deliveries[0], asked.replica()
    asked.slack.faults.add("unprocessed_file", times=3)
    for _ in range(30):
        asked.at_once(first.tick, second.tick)
        asked.hands.tick(timedelta(seconds=1))
    assert shown(asked) == [["image"]]
    assert uploads(asked) == 1


def test_a_replica_killed_right_after_posting_it_leaves_it_once(world: World) -> None:
    world.go_to("2026-06-25 08:00:00")
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.go_to("2026-07-14 08:00:00")
    world.person("ada").command("/retro trends", "team-replay")
    command = [sys.executable, "-m", "tests.jobs.crash", world.url, world.settings.slack_api_url]
    died = subprocess.run(
        [*command, world.slack.bot_token, clock.now().isoformat()],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -9, died.stderr
    wait(world, deliveries.LEASE.total_seconds() + 1)
    pictures = [
        each for each in world.person("ada").dms if any(block["type"] == "image" for block in each.get("blocks", []))
    ]
    assert len(pictures) == 1
