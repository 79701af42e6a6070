"""How fast messages go out: as fast as Slack takes them and no faster, whoever wants to say how much."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from bot.app import POST_TIMEOUT_S
from bot.domain.outbox import deliveries, paces, posts, settling
from bot.domain.outbox.paces import BURST, Lane, Limits
from bot.domain.outbox.posts import Message
from bot.platform import clock
from bot.platform.database import FROZEN_MS, Database
from bot.platform.slack import slack_client
from jobs.outbox.delivery import Delivery
from jobs.outbox.pump import AT_ONCE
from models.outbox import Pace, Post, PostState
from sandbox.world import steady
from tests.databases import PostgresDatabases
from tests.which import BOTH
from tests.world import PEOPLE, World

pytestmark = BOTH

SLOW = Limits(messages_a_minute=60, edits_a_minute=30)


def wall() -> datetime:
    """The real time, for what waits for it."""
    return datetime.fromtimestamp(steady.wall(), UTC)


def replica(world: World, limits: Limits, now: Callable[[], datetime] = clock.now) -> Delivery:
    """One more process that delivers, at a pace of its own."""
    client = slack_client(world.settings, timeout_s=POST_TIMEOUT_S)
    world.deliveries.append(Delivery(world.db, client, now, limits))
    return world.deliveries[-1]


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The connections of one process."""
    db = Database(url)
    yield db
    db.dispose()


def rooms(world: World, count: int) -> list[str]:
    """The names of so many new channels with the bot in them."""
    names = [f"room-{number:02}" for number in range(count)]
    for name in names:
        world.slack.add_channel(name, members=[world.slack.bot_user_id])
    return names


def write(world: World, channel: str, count: int = 1, now: Callable[[], datetime] = clock.now) -> None:
    """Decide that so much is to be said in a channel."""
    with world.db.begin() as session:
        for number in range(count):
            text = f"{channel} {number}"
            posts.write(session, text, world.id(channel), Message(text), now=now())


def change(world: World, *channels: str) -> None:
    """Have what stands in these channels edited, as if it were cards."""
    ids = [world.id(channel) for channel in channels]
    with world.db.begin() as session:
        session.execute(
            update(Post)
            .where(Post.channel_id.in_(ids), Post.message_ts.is_not(None))
            .values(state=PostState.DUE, due_at=clock.now(), wanted=Post.wanted + 1)
        )


def said(world: World, method: str = "chat.postMessage") -> list[str]:
    """What Slack took, in the order in which it came."""
    return [str(call.args["text"]) for call in world.slack.calls if call.method == method and call.response_ok]


def states(world: World) -> set[str]:
    """How far all posts are."""
    with world.db.read() as session:
        return set(session.scalars(select(Post.state)))


def slots(limits: Limits, lane: Lane, seconds: float) -> int:
    """How many calls a lane has in so many seconds that follow some quiet ones."""
    return int(seconds / limits.between(lane).total_seconds()) + BURST


def run(world: World, seconds: float, *each: Delivery, step: float = 0.5) -> None:
    """Let the time pass in small steps, with all replicas at work in each."""
    for _ in range(int(seconds / step)):
        world.at_once(*(delivery.tick for delivery in each))
        world.hands.tick(timedelta(seconds=step))


@pytest.fixture
def strict(world: World) -> World:
    """A Slack that enforces its limits, on the clock that the test moves."""
    world.slack.clock = lambda: clock.now().timestamp()
    world.slack.enforce_rate_limits = True
    return world


def test_many_channels_together_keep_to_what_the_workspace_takes_a_minute(strict: World) -> None:
    names = rooms(strict, 40)
    for name in names:
        write(strict, name)
    delivery, started = strict.deliveries[0], clock.now()
    while len(said(strict)) < len(names):
        delivery.tick()
        strict.hands.tick(timedelta(milliseconds=200))
    assert all(call.error != "ratelimited" for call in strict.slack.calls)
    least = (len(names) - BURST) * Limits().between(Lane.MESSAGES)
    assert least <= clock.now() - started <= least * 1.1


def test_what_was_not_used_in_a_quiet_time_is_not_made_up_for(world: World) -> None:
    delivery, names = replica(world, SLOW), rooms(world, 30)
    world.hands.tick(timedelta(hours=1))
    for name in names:
        write(world, name)
    delivery.tick()
    assert len(said(world)) == BURST
    world.hands.tick(timedelta(seconds=3))
    delivery.tick()
    assert len(said(world)) == BURST + 3


def test_three_replicas_together_are_no_faster_than_one(world: World) -> None:
    replicas = [replica(world, SLOW) for _ in range(3)]
    world.slack.clock = lambda: clock.now().timestamp()
    for name in rooms(world, 30):
        write(world, name)
    run(world, 20, *replicas)
    times = [call.at for call in world.slack.calls if call.method == "chat.postMessage"]
    assert len(times) == len(set(said(world)))
    for first, then in itertools.combinations(range(len(times)), 2):
        assert then - first + 1 <= slots(SLOW, Lane.MESSAGES, times[then] - times[first] + 0.001)
    assert len(times) >= 20


def test_on_a_bad_day_three_replicas_say_everything_once_and_are_never_too_fast(strict: World) -> None:
    replicas = [strict.deliveries[0], strict.replica(), strict.replica()]
    for kind, times in (("lost_reply", 8), ("server_error", 6), ("ratelimited", 3)):
        strict.slack.faults.add(kind, "chat.postMessage", times=times, probability=0.3, retry_after=7)
    names = rooms(strict, 25)
    for name in names:
        write(strict, name, 3)
    while states(strict) != {PostState.SENT}:
        run(strict, 5, *replicas, step=1)
    for name in names:
        assert strict.texts(name) == [f"{name} {number}" for number in range(3)]
    assert sum(call.error == "ratelimited" for call in strict.slack.calls) == 3, "those that were planned"


def test_replicas_that_begin_at_once_on_an_empty_table_share_the_first_slots(world: World) -> None:
    replicas = [replica(world, SLOW) for _ in range(3)]
    for name in rooms(world, 20):
        write(world, name)
    world.at_once(*(each.tick for each in replicas))
    assert len(said(world)) == BURST


def test_edits_have_a_pace_of_their_own_and_neither_lane_delays_the_other(world: World) -> None:
    delivery, names = replica(world, SLOW), rooms(world, 30)
    for name in names[:20]:
        write(world, name)
    run(world, 20, delivery, step=1)
    change(world, *names[:20])
    for name in names[20:]:
        write(world, name)
    posted = len(said(world))
    run(world, 6, delivery)
    assert len(said(world)) - posted == 10
    assert len(said(world, "chat.update")) == slots(SLOW, Lane.EDITS, 5.5)


def test_a_message_does_not_wait_for_an_edit_in_its_own_channel(world: World) -> None:
    delivery, names = replica(world, Limits(messages_a_minute=60, edits_a_minute=1)), rooms(world, 8)
    for name in names:
        write(world, name)
    run(world, 10, delivery)
    change(world, *names)
    delivery.tick()
    write(world, names[-1], 2)
    run(world, 2, delivery)
    assert said(world)[-1] == f"{names[-1]} 1"
    assert len(said(world, "chat.update")) == BURST


def test_a_429_holds_the_method_for_all_channels_and_all_replicas(world: World) -> None:
    first, second = world.deliveries[0], world.replica()
    names = rooms(world, 6)
    write(world, names[0])
    first.tick()
    world.hands.tick(timedelta(seconds=2))
    world.slack.faults.add("ratelimited", "chat.postMessage", retry_after=30)
    write(world, names[1])
    first.tick()
    for name in names[1:]:
        write(world, name, 2)
    change(world, names[0])
    for _ in range(29):
        world.hands.tick(timedelta(seconds=1))
        world.at_once(first.tick, second.tick)
    assert said(world) == [f"{names[0]} 0"]
    assert len(said(world, "chat.update")) == 1, "edits are another method"
    run(world, 5, first, second)
    assert sorted(said(world)) == sorted([f"{names[0]} 0", *(f"{name} {n}" for name in names[1:] for n in range(2))])
    assert [text for text in said(world) if names[1] in text] == [f"{names[1]} 0", f"{names[1]} 1"], "it kept its place"


def test_a_shorter_retry_after_ends_no_longer_one(world: World) -> None:
    now, longer = clock.now(), clock.now() + timedelta(minutes=1)
    for until in (longer, now + timedelta(seconds=1)):
        with world.db.begin() as session:
            paces.hold(session, "chat.postMessage", until=until)
    with world.db.read() as session:
        assert paces.held_until(session, "chat.postMessage", now=now) == longer
        assert paces.held_until(session, "chat.postMessage", now=longer) is None
        assert paces.held_until(session, "chat.update", now=now) is None


def test_after_a_hold_nothing_that_was_missed_is_made_up_for(world: World) -> None:
    delivery, names = replica(world, SLOW), rooms(world, 20)
    with world.db.begin() as session:
        paces.hold(session, "chat.postMessage", until=clock.now() + timedelta(seconds=30))
    for name in names:
        write(world, name)
    run(world, 30, delivery, step=1)
    assert said(world) == []
    delivery.tick()
    assert len(said(world)) == 1


def test_a_429_on_looking_up_holds_only_what_has_to_be_looked_up(world: World) -> None:
    delivery, names = world.deliveries[0], rooms(world, 4)
    world.slack.faults.add("lost_reply", "chat.postMessage", times=2)
    for name in names[:2]:
        write(world, name)
        delivery.tick()
        world.hands.tick(timedelta(seconds=10))
    world.slack.faults.add("ratelimited", "conversations.history", retry_after=40)
    world.hands.tick(deliveries.LEASE - timedelta(seconds=20))
    for name in names[2:]:
        write(world, name)
    run(world, 35, delivery, step=1)
    assert sorted(said(world)[2:]) == [f"{name} 0" for name in names[2:]]
    assert sum(call.method == "conversations.history" for call in world.slack.calls) == 1
    run(world, 10, delivery, step=1)
    assert states(world) == {PostState.SENT}
    assert len(said(world)) == 4


def test_who_has_much_to_say_delays_nobody_else(world: World) -> None:
    delivery, names = replica(world, SLOW), rooms(world, 21)
    write(world, names[0], 50)
    for name in names[1:]:
        write(world, name)
    run(world, 21 - BURST + 1, delivery)
    others = [text for text in said(world) if not text.startswith(names[0])]
    assert sorted(others) == [f"{name} 0" for name in names[1:]]
    assert len(said(world)) - len(others) <= 2


def test_some_who_have_much_to_say_do_not_share_all_turns_among_themselves(world: World) -> None:
    names = rooms(world, 18)
    for name in names[:8]:
        write(world, name, 20)
    run(world, 10, world.deliveries[0])
    for name in names[8:]:
        write(world, name)
    before = len(said(world))
    run(world, 4, world.deliveries[0])
    after = said(world)[before:]
    assert {f"{name} 0" for name in names[8:]} <= set(after)
    assert len(after) > 10, "and those go on meanwhile"


def test_a_card_that_changes_all_the_time_delays_no_other(world: World) -> None:
    delivery, names = replica(world, SLOW), rooms(world, 11)
    for name in names:
        write(world, name)
    run(world, 15, delivery, step=1)
    change(world, *names)
    for _ in range(2 * 11):
        change(world, names[0])
        run(world, 1, delivery)
    edited = said(world, "chat.update")
    assert {f"{name} 0" for name in names} <= set(edited[: 11 + BURST])


def test_a_card_that_changes_while_it_is_edited_goes_behind_those_that_waited(world: World) -> None:
    names = rooms(world, 2)
    for name in names:
        write(world, name)
    world.deliveries[0].tick()
    change(world, names[0])
    with world.db.begin() as session:
        queued = deliveries.queue(session, Lane.EDITS, now=clock.now())
        turn = deliveries.claim(session, Lane.EDITS, queued, now=clock.now(), room=1)
    world.hands.tick(timedelta(seconds=1))
    change(world, names[1])
    world.hands.tick(timedelta(seconds=1))
    with world.db.begin() as session:
        session.execute(update(Post).where(Post.id == turn.claims[0].post.id).values(wanted=Post.wanted + 1))
        settling.sent(session, turn.claims[0], channel_id=world.id(names[0]), message_ts="1.0", now=clock.now())
    with world.db.begin() as session:
        queued = deliveries.queue(session, Lane.EDITS, now=clock.now())
        turn = deliveries.claim(session, Lane.EDITS, queued, now=clock.now(), room=1)
    assert turn.claims[0].post.key == f"{names[1]} 0"


def test_a_slow_answer_delays_nobody_else(world: World) -> None:
    names = rooms(world, 3 * AT_ONCE[Lane.MESSAGES])
    world.slack.faults.add("slow", "chat.postMessage", channel=world.id(names[0]), seconds=4)
    for name in names:
        write(world, name)
    delivery = replica(world, Limits(messages_a_minute=60_000))
    ticking = threading.Thread(target=delivery.tick)
    ticking.start()
    while len(said(world)) < len(names) and ticking.is_alive():
        world.hands.tick(timedelta(milliseconds=10))
        threading.Event().wait(0.02)
    with world.db.read() as session:
        slow = session.scalars(select(Post.state).where(Post.key == f"{names[0]} 0")).one()
    assert slow == PostState.DUE, "all others are said before its answer came"
    ticking.join(timeout=10)
    assert states(world) == {PostState.SENT}


def test_a_stop_finishes_what_is_in_flight_and_begins_nothing(world: World) -> None:
    names = rooms(world, 2)
    world.slack.faults.add("slow", "chat.postMessage", seconds=0.5)
    delivery = replica(world, Limits(messages_a_minute=60_000))
    write(world, names[0])
    ticking = threading.Thread(target=delivery.tick)
    ticking.start()
    while not said(world):
        threading.Event().wait(0.01)
    delivery.stop()
    ticking.join(timeout=5)
    write(world, names[1])
    assert delivery.tick() == 0
    assert said(world) == [f"{names[0]} 0"]
    with world.db.read() as session:
        assert session.scalars(select(Post.state).order_by(Post.id)).all() == [PostState.SENT, PostState.DUE]


def test_who_is_frozen_while_claiming_holds_up_the_others_for_some_seconds_only(
    postgresql_databases: PostgresDatabases,
) -> None:
    def claim(db: Database, meanwhile: Callable[[], object]) -> str:
        with db.begin() as session:
            turn = deliveries.claim(session, Lane.MESSAGES, [1], now=wall(), room=1)
            meanwhile()
            session.execute(select(Pace))
        return turn.claims[0].post.key

    def stand_still() -> None:
        threading.Event().wait(FROZEN_MS / 1000 + 0.5)

    with postgresql_databases.new() as url, opened(url) as frozen, opened(url) as other:
        with other.begin() as session:
            posts.write(session, "hello", "C1", Message("hello"), now=wall())
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            claim(frozen, stand_still)
        assert claim(other, lambda: None) == "hello"


def test_a_pump_uses_the_turns_that_come_within_its_second(world: World) -> None:
    delivery = replica(world, Limits(messages_a_minute=1_200), wall)
    for name in rooms(world, 40):
        write(world, name, now=wall)
    delivery.pump()
    delivery.stop()
    assert BURST < len(said(world)) <= 18 + BURST + 1


def test_a_pump_has_nothing_to_wait_for_when_nothing_is_due(world: World) -> None:
    delivery = replica(world, Limits(), wall)
    began = steady.monotonic()
    delivery.pump()
    assert steady.monotonic() - began < 0.5


def test_paces_are_few(world: World) -> None:
    for name in (*rooms(world, 3), *PEOPLE[:2]):
        write(world, name, 3)
    run(world, 5, world.deliveries[0])
    change(world, "room-00")
    run(world, 5, world.deliveries[0])
    with world.db.read() as session:
        keys = set(session.scalars(select(Pace.channel_id)))
    rooms_and_people = {world.id(name) for name in ("room-00", "room-01", "room-02", *PEOPLE[:2])}
    assert keys == {"*chat.postMessage", "*chat.update", "~" + world.id("room-00"), *rooms_and_people}
