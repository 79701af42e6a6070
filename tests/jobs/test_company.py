"""Who is in the workspace, read by several replicas, in pages, within Slack's limits."""

import pytest
from sqlalchemy import func, select

from bot.platform import clock
from jobs import company
from models.company import Person
from tests.world import World


def test_replicas_that_start_at_once_meet_everybody_once(world: World) -> None:
    for number in range(30):
        world.slack.add_user(f"newcomer{number}")
    counts = world.at_once(*[lambda: company.sync(world.db, world.client, clock.now)] * 3)
    assert len(set(counts)) == 1
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == counts[0]


def test_a_429_between_two_pages_is_waited_out(world: World) -> None:
    for number in range(250):
        world.slack.add_user(f"newcomer{number}")
    world.slack.faults.add("ratelimited", "users.list", retry_after=0, times=1)
    assert company.sync(world.db, world.client, clock.now) > 250


def test_a_429_that_says_nonsense_of_how_long_is_waited_out(world: World) -> None:
    world.slack.faults.add("ratelimited", "users.list", retry_after="soon", times=1)  # type: ignore[arg-type]
    assert company.sync(world.db, world.client, clock.now) > 8


@pytest.mark.parametrize("fault", ["slow", "server_error", "error"])
def test_a_slack_that_is_slow_or_refuses_stops_no_start(
    world: World, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.slack.faults.add(fault, "users.list", seconds=10)
    assert company.sync_quietly(world.replica_of_jobs) == 0
    assert "Could not read who is in the workspace" in caplog.text
    assert company.sync_quietly(world.replica_of_jobs) > 8
