"""Stored events become requests once, whatever Slack or a replica does; and what no event told of is found."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.domain.company import company
from bot.domain.intake import claims, event_queue, events, sweeping
from bot.domain.intake.events import EventKind, Heard
from bot.platform import clock
from jobs.intake import events as intake_job
from jobs.intake import sweeping as sweeps
from models.company import Company
from models.intake.events import InboundEvent
from models.intake.requests import Ball, Request
from models.teams import Lost
from sandbox.world import messages
from tests.intake import CHANNEL, begin
from tests.stories import Story
from tests.which import BOTH, ONE
from tests.world import World

pytestmark = BOTH

ROOT = Path(__file__).parents[3]
ALONE = 301  # seconds after which a line of the same person is a request of its own


def unread(world: World) -> None:
    """A desk answers, and Prickle has not yet read the intake channel."""
    world.slack.clock = lambda: clock.now().timestamp()
    begin(world)


def set_up(world: World) -> None:
    """A desk answers, and Prickle has read the intake channel for the first time."""
    unread(world)
    world.post()
    world.sweep()


@pytest.fixture
def slack(after: Callable[[Story], World]) -> World:
    """A desk answers, and Prickle has read the intake channel for the first time; Slack's clock stands still too."""
    world = after(set_up)
    world.slack.clock = lambda: clock.now().timestamp()
    world.hands.tick(60)
    return world


def say(world: World, text: str, name: str = "ada") -> str:
    """Write a message in the intake channel; its ts."""
    return str(world.person(name).say(text, channel=CHANNEL)["ts"])


def missed(world: World, count: int, text: str = "Idea", apart: int = 1) -> None:
    """So many messages of which no event told, so many seconds apart."""
    channel = world.slack.channel(CHANNEL)
    subscribed = world.slack.manifest
    world.slack.manifest = replace(subscribed, events=frozenset())
    for number in range(count):
        world.hands.tick(apart)
        messages.post(world.slack, channel, {"user": world.id("ada"), "text": f"{text} {number}"})
    world.slack.manifest = subscribed


def act(world: World) -> int:
    """Act on what is stored now."""
    world.slack.settle()
    return intake_job.act(world.db, world.client, clock.now)


def sweep(world: World) -> int:
    """The next reading of the channel; how many messages it found."""
    world.hands.tick(sweeping.BETWEEN_SWEEPS.total_seconds())
    return sweeps.sweep(world.db, world.client, clock.now)


def titles(world: World) -> Sequence[str]:
    """What was asked, in the order in which it was."""
    with world.db.read() as session:
        return session.scalars(select(Request.title).order_by(Request.id)).all()


def found(world: World) -> set[str]:
    """The words of what waits to be acted on."""
    return {event.payload["text"] for event in waiting(world)}


def waiting(world: World) -> Sequence[InboundEvent]:
    """The events that are still to be acted on."""
    with world.db.read() as session:
        return session.scalars(select(InboundEvent).where(InboundEvent.handled_at.is_(None))).all()


def calls(world: World, method: str) -> int:
    """How often the bot called a method, also in vain."""
    return sum(call.method == method for call in world.slack.calls)


# --- acting -----------------------------------------------------------------------------------------------------


def test_events_are_acted_on_in_the_order_in_which_they_came(slack: World) -> None:
    for text in ("Zebra", "Ant", "Mole"):
        slack.hands.tick(ALONE)
        say(slack, text)

    assert act(slack) == 3
    assert titles(slack) == ["Zebra", "Ant", "Mole"]
    assert act(slack) == 0


def test_two_replicas_share_the_work_and_double_nothing(slack: World) -> None:
    for number in range(12):
        slack.hands.tick(ALONE)
        say(slack, f"@Prickle idea {number}")
    slack.slack.settle()
    acted = slack.at_once(*[lambda: intake_job.act(slack.db, slack.client, clock.now)] * 3)

    assert sum(acted) == 24
    assert sorted(titles(slack)) == sorted(f"idea {number}" for number in range(12))
    assert waiting(slack) == []


def test_a_killed_replicas_event_is_taken_up_when_its_lease_is_over(slack: World) -> None:
    say(slack, "Idea")
    slack.slack.settle()
    with slack.db.begin() as session:
        frozen = event_queue.claim(session, now=clock.now())
    assert act(slack) == 0

    slack.hands.tick(event_queue.LEASE.total_seconds())
    assert act(slack) == 1
    assert titles(slack) == ["Idea"]
    assert frozen is not None
    intake_job._act(slack.db, slack.client, frozen, clock.now)  # it was only frozen, and goes on
    assert titles(slack) == ["Idea"]


def test_a_429_leaves_the_event_for_later_and_everything_else_goes_on(slack: World) -> None:
    slack.slack.invite("team-replay", "Prickle", by=slack.id("ada"))
    message = slack.person("lee").say("Support drowns", channel="team-replay")
    slack.slack.faults.add("ratelimited", "conversations.replies", retry_after=40)
    slack.person("ada").react("hedgehog", message)
    say(slack, "Idea")
    act(slack)
    assert titles(slack) == ["Idea"]
    assert waiting(slack)[0].attempts == 0

    slack.hands.tick(39)
    act(slack)
    assert calls(slack, "conversations.replies") == 1
    slack.hands.tick(2)
    act(slack)
    assert titles(slack) == ["Idea", "Support drowns"]


@pytest.mark.parametrize("trouble", ["server_error", "lost_reply"])
def test_a_slack_that_does_not_answer_is_asked_again(slack: World, trouble: str) -> None:
    slack.slack.invite("team-replay", "Prickle", by=slack.id("ada"))
    message = slack.person("lee").say("Support drowns", channel="team-replay")
    slack.person("ada").react("hedgehog", message)
    slack.slack.settle()
    slack.slack.faults.add(trouble, "conversations.replies", times=8)
    for _ in range(8):
        act(slack)
        slack.hands.tick(3_600)
    assert titles(slack) == []

    act(slack)
    assert titles(slack) == ["Support drowns"]


def test_what_fails_is_tried_less_and_less_often_and_given_up_after_a_day(
    slack: World, caplog: pytest.LogCaptureFixture
) -> None:
    slack.slack.faults.add("error", "conversations.replies", code="invalid_arguments", times=None)
    with slack.db.begin() as session:
        heard = Heard(EventKind.EMOJI, slack.id(CHANNEL), "1.000000", person_id=slack.id("ada"))
        events.keep(session, "Ev1", heard, now=clock.now())
    say(slack, "Idea")
    attempts = []
    for _ in range(60):
        attempts.append(sum(event.attempts for event in waiting(slack)))
        act(slack)
        slack.hands.tick(1_800)

    assert titles(slack) == ["Idea"]
    assert waiting(slack) == []
    assert 15 < max(attempts) < 40
    errors = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert "Ev1: attempt 5 failed" in " ".join(errors)
    assert "Ev1: given up" in errors[-1]
    assert "given up" not in " ".join(errors[:-1])


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "missing_scope"])
def test_what_can_not_be_read_makes_no_request_and_is_no_error(
    slack: World, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.slack.invite("team-replay", "Prickle", by=slack.id("ada"))
    message = slack.person("lee").say("Support drowns", channel="team-replay")
    slack.slack.faults.add("error", "conversations.replies", code=code)
    slack.person("ada").react("hedgehog", message)
    act(slack)

    assert titles(slack) == []
    assert waiting(slack) == []
    assert [each for each in caplog.records if each.levelno >= logging.WARNING and each.name.startswith("jobs")] == []


def test_events_that_were_acted_on_are_deleted_after_two_weeks(slack: World) -> None:
    say(slack, "Old")
    act(slack)
    slack.hands.tick(timedelta(days=13))
    say(slack, "New")
    act(slack)
    slack.hands.tick(timedelta(days=1, minutes=1))
    intake_job.turn(slack.db, slack.client, clock.now)

    with slack.db.read() as session:
        assert session.scalar(select(func.count()).select_from(InboundEvent)) == 1
    assert titles(slack) == ["Old", "New"]


# --- a hundred kills --------------------------------------------------------------------------------------------


def lean(world: World) -> None:
    """Prickle is set up, and in the intake channel; no desk answers yet."""
    world.set_up()
    world.sweep()


@ONE
def test_a_hundred_kills_between_storing_and_answering_leave_a_hundred_requests_and_cards(
    after: Callable[[Story], World],
) -> None:
    world = after(lean)
    numbers = range(101)  # the first one is told of in peace
    bodies = [json.dumps(told(world, number)) for number in numbers]
    world.db.dispose()
    command = [sys.executable, "-m", "tests.jobs.crash_intake", world.url, world.client.base_url, str(clock.now())]
    killed = subprocess.run(
        command, cwd=ROOT, input="\n".join(bodies), capture_output=True, text=True, timeout=300, check=False
    )
    assert killed.returncode == 0, killed.stderr
    died = json.loads(killed.stdout)

    assert sum(died.values()) == 100
    assert min(died.values()) > 5
    assert sorted(titles(world)) == sorted(f"Idea {number}" for number in numbers)
    assert waiting(world) == []
    world.hands.tick(60)
    world.post()
    replies = world.slack.channel(CHANNEL).replies
    assert [len(replies.get(stamp(number), [])) for number in numbers] == [1] * 101


def stamp(number: int) -> str:
    return f"{1_783_584_000 + number * ALONE}.000000"


def told(world: World, number: int) -> dict[str, Any]:
    """A message in the channel, and what Slack tells of it."""
    channel, ts = world.slack.channel(CHANNEL), stamp(number)
    message = {"type": "message", "user": world.id("ada"), "text": f"Idea {number}", "ts": ts}
    channel.add(message)
    world.slack.store.channel_of[ts] = channel.id
    event = {**message, "channel": channel.id, "channel_type": "channel"}
    return {"type": "event_callback", "team_id": world.slack.team_id, "event_id": f"Ev{number:03}", "event": event}


# --- the sweep --------------------------------------------------------------------------------------------------


def test_the_first_reading_joins_the_channel_and_makes_nothing_of_what_was_said_before(
    after: Callable[[Story], World],
) -> None:
    world = after(unread)
    world.slack.clock = lambda: clock.now().timestamp()
    missed(world, 3, "Old")
    world.hands.tick(1)
    world.sweep()
    assert world.slack.bot_user_id in world.slack.channel(CHANNEL).members
    missed(world, 1, "New")
    sweep(world)
    act(world)

    assert titles(world) == ["New 0"]


def test_after_a_downtime_all_pages_are_read_once(slack: World) -> None:
    missed(slack, 250)
    before = calls(slack, "conversations.history")
    assert sweep(slack) == 250
    assert calls(slack, "conversations.history") - before == 3
    assert found(slack) == {f"Idea {number}" for number in range(250)}

    assert sweep(slack) == 0
    assert len(waiting(slack)) == 250


def test_a_message_that_an_event_told_of_is_not_made_twice(slack: World) -> None:
    say(slack, "Heard")
    missed(slack, 1, apart=ALONE)
    assert sweep(slack) == 2  # the event is not acted on yet
    act(slack)

    assert titles(slack) == ["Heard", "Idea 0"]


def test_two_replicas_read_it_once_and_both_doing_so_is_harmless(slack: World) -> None:
    missed(slack, 5, apart=ALONE)
    slack.hands.tick(sweeping.BETWEEN_SWEEPS.total_seconds())
    before = calls(slack, "conversations.history")
    found = slack.at_once(*[lambda: sweeps.sweep(slack.db, slack.client, clock.now)] * 2)
    assert sorted(found) == [0, 5]
    assert calls(slack, "conversations.history") - before == 1

    with slack.db.begin() as session:
        session.execute(update(Company).values(swept_ts="1.000000", sweep_at=None))
    slack.at_once(
        lambda: sweeps.sweep(slack.db, slack.client, clock.now),
        lambda: intake_job.act(slack.db, slack.client, clock.now),
    )
    act(slack)
    assert titles(slack)[:5] == [f"Idea {number}" for number in range(5)]
    assert len(set(titles(slack))) == len(titles(slack))


def test_a_429_in_the_middle_is_waited_out_and_nothing_is_skipped(slack: World) -> None:
    missed(slack, 250)
    slack.hands.tick(sweeping.BETWEEN_SWEEPS.total_seconds())
    before = calls(slack, "conversations.history")
    slack.slack.faults.add("ratelimited", "conversations.history", after=1, retry_after=20)
    assert sweeps.sweep(slack.db, slack.client, clock.now) == 0
    slack.hands.tick(19)
    assert sweeps.sweep(slack.db, slack.client, clock.now) == 0
    assert calls(slack, "conversations.history") - before == 2
    slack.hands.tick(1)
    assert sweeps.sweep(slack.db, slack.client, clock.now) == 250

    assert found(slack) == {f"Idea {number}" for number in range(250)}
    assert len(waiting(slack)) == 250


def test_the_reading_leaves_out_what_makes_no_request_and_sees_who_opted_in(slack: World) -> None:
    talk = say(slack, ":speech_balloon: could AI find my mug?")
    say(slack, ":speech_balloon: lunch?")
    slack.person("lee").say("yes", channel=CHANNEL, thread_ts=talk, broadcast=True)
    channel = slack.slack.channel(CHANNEL)
    with slack.slack.lock:
        messages.post(slack.slack, channel, {"subtype": "bot_message", "bot_id": "B1", "text": "Deployed"})
        reactions = [{"name": "hedgehog", "users": [slack.id("noor")], "count": 1}]
        channel.messages[talk] = {**channel.messages[talk], "reactions": reactions}
    act(slack)
    assert sweep(slack) == 1
    act(slack)

    assert titles(slack) == ["could AI find my mug?"]
    with slack.db.read() as session:
        assert session.scalars(select(Request.brought_by_id)).one() == slack.id("noor")


def test_who_was_removed_from_the_channel_stays_out_until_invited_and_reads_what_was_missed(slack: World) -> None:
    slack.slack.kick(CHANNEL)
    slack.slack.settle()
    missed(slack, 1)
    assert sweep(slack) == 0
    assert intake_lost(slack) == Lost.REMOVED
    slack.person("ada").invite("Prickle", CHANNEL)
    slack.slack.settle()
    assert intake_lost(slack) is None
    assert sweep(slack) == 1


def test_an_archived_channel_is_left_alone(slack: World) -> None:
    slack.slack.archive(CHANNEL)
    slack.slack.settle()
    assert sweep(slack) == 0
    assert intake_lost(slack) == Lost.ARCHIVED


def intake_lost(world: World) -> str | None:
    """Why the intake channel is lost."""
    with world.db.read() as session:
        return session.scalars(select(Company.intake_lost)).one()


def test_another_channel_is_read_from_when_it_was_chosen(slack: World) -> None:
    other = slack.slack.add_channel("ask-ai", members=[slack.id("ada")])
    messages.post(slack.slack, other, {"user": slack.id("ada"), "text": "Before"})
    slack.hands.tick(1)
    with slack.db.begin() as session:
        company.current(session).intake_channel_id = other.id
    assert sweeps.sweep(slack.db, slack.client, clock.now) == 0
    slack.hands.tick(1)
    messages.post(slack.slack, other, {"user": slack.id("ada"), "text": "After"})
    sweep(slack)
    act(slack)

    assert titles(slack) == ["After"]


def asked_back(world: World) -> str:
    """Mia asks Ada something about her request; the ts of its message."""
    ts = say(world, "Idea")
    act(world)
    world.post()
    world.hands.tick(60)
    world.person("mia").click("request_menu", message=world.slack.messages(CHANNEL, ts)[1], select="Ask something")
    assert world.person("mia").submit(text="Which tickets?") == {}
    world.post()
    return ts


def ball(world: World) -> Ball:
    """Who owes the next step."""
    with world.db.read() as session:
        return Ball(session.scalars(select(Request.waiting_on)).one())


def reply_unheard(world: World, ts: str, name: str) -> None:
    """Somebody replies while nobody listens."""
    world.hands.tick(1)
    fields = {"user": world.id(name), "text": "Zendesk's", "thread_ts": ts}
    with world.db.begin() as session:
        known = set(session.scalars(select(InboundEvent.event_id)))
    messages.post(world.slack, world.slack.channel(CHANNEL), fields)
    world.slack.settle()
    with world.db.begin() as session:
        for event in session.scalars(select(InboundEvent).where(InboundEvent.event_id.not_in(known))):
            session.delete(event)


@pytest.mark.parametrize(("name", "then"), [("ada", Ball.CLAIMER), ("yuki", Ball.ASKER)])
def test_an_answer_that_was_given_during_a_downtime_is_heard_after_it(slack: World, name: str, then: Ball) -> None:
    reply_unheard(slack, asked_back(slack), name)
    assert ball(slack) == Ball.ASKER

    intake_job.start(slack.db, clock.now)
    intake_job.start(slack.db, clock.now)  # two replicas
    assert len(waiting(slack)) == 1
    act(slack)
    assert ball(slack) == then


def test_an_answer_to_an_earlier_question_is_none_to_a_later_one(slack: World) -> None:
    ts = asked_back(slack)
    reply_unheard(slack, ts, "ada")
    intake_job.start(slack.db, clock.now)
    slack.hands.tick(1)
    with slack.db.begin() as session:
        claims.ask(session, 1, "And which language?", by=slack.id("mia"), now=clock.now())
    act(slack)

    assert ball(slack) == Ball.ASKER


def test_at_a_start_the_channel_is_read_at_once(slack: World) -> None:
    missed(slack, 1)
    assert sweeps.sweep(slack.db, slack.client, clock.now) == 0
    intake_job.start(slack.db, clock.now)
    assert intake_job.turn(slack.db, slack.client, clock.now) == 2


def test_a_tick_with_nothing_to_do_takes_no_lock(slack: World) -> None:
    with slack.db.begin() as session:
        session.execute(update(Company).values(zone="UTC"))  # somebody else writes all that time
        assert intake_job.turn(slack.db, slack.client, lambda: datetime(2026, 7, 9, 8, tzinfo=clock.now().tzinfo)) == 0
