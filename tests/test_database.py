"""Many who write at once: each gets their turn, and whoever does not is told so."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.platform import clock, database
from bot.platform.database import Database, WriteQueue
from bot.platform.errors import Busy
from jobs.job import Job, Replica, run
from models.outbox import Post
from sandbox.world.profiles import user_json
from sandbox.world.shapes import Response
from tests.world import World

PEOPLE = 50
EACH = 4

only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def test_writers_of_a_process_take_turns_in_the_order_in_which_they_came() -> None:
    queue, wrote = WriteQueue(), list[int]()

    def write(number: int) -> None:
        with queue.turn():
            wrote.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    with queue.turn():
        for number, thread in enumerate(threads):
            thread.start()
            _until(lambda line=number + 2: len(queue) == line)  # type: ignore[misc]
    for thread in threads:
        thread.join()

    assert wrote == list(range(20))


def test_whoever_waits_too_long_is_told_so_and_the_others_still_get_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = WriteQueue()
    monkeypatch.setattr(database, "WAIT_S", 0.02)
    with queue.turn(), pytest.raises(Busy), queue.turn():
        pass
    assert len(queue) == 0
    with queue.turn():
        assert len(queue) == 1


@contextmanager
def somebody_who_writes(db: Database) -> Iterator[None]:
    """Another thread that is in the middle of its transaction for the length of the block."""
    began, done = threading.Event(), threading.Event()

    def write() -> None:
        with db.begin():
            began.set()
            done.wait(10)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert began.wait(10)
        try:
            yield
        finally:
            done.set()
            writing.result()


def test_a_transaction_inside_another_of_the_same_thread_is_refused_at_once(db: Database) -> None:
    with db.begin(), pytest.raises(RuntimeError, match="has a transaction already"), db.begin():
        pass
    with db.begin():
        pass


@only_sqlite
def test_who_waits_to_write_holds_up_no_reader(db: Database) -> None:
    def write() -> None:
        with db.begin():
            pass

    with ThreadPoolExecutor(2 * database.POOL_SIZE) as pool:
        with db.begin():
            writers = [pool.submit(write) for _ in range(2 * database.POOL_SIZE)]
            with db.read() as session:
                assert session.scalar(select(1)) == 1
            db.ping()
        for writer in writers:
            writer.result()


def test_fifty_people_who_write_four_times_in_a_row_all_get_through(db: Database) -> None:
    def write(person: int) -> None:
        for number in range(EACH):
            with db.begin() as session:
                posts.write(session, f"at once:{person}:{number}", f"C{person}", Message("hello"), now=clock.now())

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(write, range(PEOPLE)))
    with db.read() as session:
        assert session.scalars(select(func.count(Post.id))).one() == PEOPLE * EACH


@only_sqlite
def test_a_form_that_found_no_room_stays_open_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.command("/sprint plan")
    monkeypatch.setattr(database, "WAIT_S", 0.02)
    with somebody_who_writes(world.db):
        errors = ada.submit(high="Typed with care")
    assert "Many people are writing at this moment" in errors["high"]
    assert ada.submit(high="Typed with care") == {}


@only_sqlite
def test_an_event_that_found_no_room_is_not_acknowledged_and_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.02)
    event = {"type": "user_change", "user": user_json(world.slack, world.slack.user("ada"))}

    def heard() -> Response:
        return world.slack.deliver("events_api", {"type": "event_callback", "event_id": "Ev1", "event": event})

    with somebody_who_writes(world.db):
        assert heard().status == 500
    assert heard().status == 200


def test_a_job_that_met_a_lock_comes_again_until_the_bot_stops(world: World) -> None:
    ran, paused = list[str](), list[float]()

    def work(_replica: Replica) -> int:
        ran.append("ran")
        if len(ran) < 3:
            raise Busy
        return 7

    def pause(seconds: float) -> bool:
        paused.append(seconds)
        return False

    job = Job("people", 6 * 3600, work, does="waits")
    assert run(job, world.replica_of_jobs, pause=pause) == 7
    assert (len(ran), len(paused)) == (3, 2)
    ran.clear()
    assert run(job, world.replica_of_jobs, pause=lambda _seconds: True) == 0
    assert len(ran) == 1


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)
