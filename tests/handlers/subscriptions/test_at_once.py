"""Two programs ask in the same instant, of two replicas: one waits for the other, and nothing is counted twice or not at all."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.subscriptions import addresses, feeds, versions
from bot.domain.subscriptions.addresses import MOST_AN_HOUR, Reader
from bot.platform import clock
from bot.platform.database import Database
from models.subscriptions import EventVersion, Subscription
from tests.calendars import subscribe
from tests.handlers.subscriptions.test_feeds import begin, hero
from tests.stories import After
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH
A_MOMENT_S = 0.3  # in which the second one would be done, if it waited for nobody


@pytest.fixture
def replay(after: After) -> World:
    return after(begin)


def both(world: World, act: Callable[[Session], object]) -> None:
    """Do it twice, the second time in another replica, in the midst of the first."""
    other = Database(world.url)
    done = threading.Event()

    def second() -> None:
        with other.begin() as session:
            act(session)
        done.set()

    thread = threading.Thread(target=second)
    with world.db.begin() as session:
        act(session)
        thread.start()
        assert not done.wait(A_MOMENT_S)
    thread.join()
    other.dispose()
    assert done.is_set()


def test_requests_at_once_are_both_counted(replay: World) -> None:
    subscribe(replay, "ada")
    reader, now = Reader(1, replay.id("ada"), None), clock.now()
    with replay.db.begin() as session:
        for _ in range(MOST_AN_HOUR - 2):
            assert addresses.count(session, reader, now=now) == 0
    waits: list[int] = []
    both(replay, lambda session: waits.append(addresses.count(session, reader, now=now)))
    assert waits == [0, 0]
    with replay.db.begin() as session:
        assert addresses.count(session, reader, now=now) == timedelta(hours=1).total_seconds()
        assert session.scalars(select(Subscription.asked)).one().count(",") == MOST_AN_HOUR - 1


def test_a_change_that_two_see_at_once_is_one_change(replay: World) -> None:
    world = replay
    hero(world, "ada", "2026-07-13")
    reader = Reader(1, world.id("sam"), world.team_id("Replay"))

    def events(session: Session) -> object:
        return versions.note(session, feeds.read(session, reader, now=clock.now()).events, now=clock.now())

    with world.db.begin() as session:
        events(session)
    world.plan("ada", high="What ada does", heroes=[])
    hero(world, "lee", "2026-07-13")
    both(world, events)
    with world.db.read() as session:
        assert sorted(session.scalars(select(EventVersion.sequence)))[-2:] == [0, 1]
