"""Homes that are published by themselves: of whom something changed, once, and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.domain.outbox import home_refresh
from bot.platform import clock
from bot.views.home import home as home_views
from jobs import home
from models.company import Person
from models.home import OpenedHome
from tests.follow import queries
from tests.stories import After
from tests.world import World


def begin(world: World) -> None:
    """Ada leads Replay, with Lee and Noor; the sprint runs, and Ada and Lee have opened Home."""
    world.set_up()
    world.team("ada", "lee", "noor")
    world.plan("ada", high="Timeline\nPlayback")
    world.plan("lee", high="First frame")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    for name in ("ada", "lee"):
        world.person(name).open_home()


@pytest.fixture
def replay(after: After) -> World:
    return after(begin)


def published(world: World) -> int:
    """How often a Home was published so far."""
    return sum(call.method == "views.publish" and call.error is None for call in world.slack.calls)


def turn(world: World, seconds: float = 2.1) -> int:
    """Let some seconds pass, and the job run."""
    world.hands.tick(seconds)
    return home.turn(world.db, world.client, clock.now)


def due(world: World) -> int:
    """How many Homes are to be published."""
    with world.db.read() as session:
        return session.scalars(select(func.count()).where(OpenedHome.due_at.is_not(None))).one()


def test_what_changes_in_two_seconds_is_published_once_and_nobody_elses_home_is(replay: World) -> None:
    before = published(replay)
    for choice in ("In progress", "Finished") * 5:
        replay.mark("ada", "Timeline", choice)
    assert turn(replay, 0.5) == 0
    assert turn(replay) == 2, "Ada's, and that of Lee, who sees how far the team is; Noor never opened hers"
    assert published(replay) - before == 2
    assert "🟢 1 · ⚪ 2" in str(replay.person("lee").home)
    assert (turn(replay), due(replay)) == (0, 0)


def test_two_replicas_publish_each_once(replay: World) -> None:
    replay.mark("ada", "Timeline", "Finished")
    before = published(replay)
    replay.hands.tick(3)
    replay.at_once(*[lambda: home.turn(replay.db, replay.client, clock.now)] * 3)
    assert published(replay) - before == 2


def test_a_429_is_waited_out_by_all_replicas(replay: World) -> None:
    replay.mark("ada", "Timeline", "Finished")
    replay.slack.faults.add("ratelimited", "views.publish", retry_after=30, times=1)
    assert turn(replay) == 0
    tries = sum(call.method == "views.publish" for call in replay.slack.calls)
    assert [turn(replay, 9), turn(replay, 9), turn(replay, 9)] == [0, 0, 0]
    assert sum(call.method == "views.publish" for call in replay.slack.calls) == tries
    assert turn(replay, 5) == 2
    assert "🟢" in str(replay.person("ada").home)


def test_what_slack_refuses_is_logged_and_the_others_are_published(
    replay: World, caplog: pytest.LogCaptureFixture
) -> None:
    replay.mark("ada", "Timeline", "Finished")
    replay.slack.faults.add("error", "views.publish", code="user_not_found", times=1)
    assert turn(replay) == 1
    assert "is not published" in caplog.text
    assert due(replay) == 0


def test_what_can_not_be_drawn_is_logged_and_the_others_are_published(
    replay: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay.mark("ada", "Timeline", "Finished")
    draw = home_views.tab
    ada = replay.id("ada")
    monkeypatch.setattr(home_views, "tab", lambda shown: 1 / 0 if shown.overview.viewer == ada else draw(shown))
    assert turn(replay) == 1
    assert "can't be drawn" in caplog.text
    assert due(replay) == 0


def test_after_a_bad_moment_it_is_tried_again(replay: World) -> None:
    replay.mark("ada", "Timeline", "Finished")
    replay.slack.faults.add("server_error", "views.publish", times=1)
    assert turn(replay) == 0
    assert due(replay) == 2
    assert turn(replay, 61) == 2


def test_what_changes_while_it_is_published_is_published_too(replay: World) -> None:
    replay.mark("ada", "Timeline", "Finished")
    replay.hands.tick(3)
    with replay.db.begin() as session:
        claimed = home_refresh.claim(session, now=clock.now())
    replay.mark("lee", "First frame", "Finished")
    with replay.db.begin() as session:
        for person_id in claimed.person_ids:
            home_refresh.settled(session, claimed, person_id)
    assert turn(replay) == 2
    assert "🟢 2 · ⚪ 1" in str(replay.person("ada").home)


def test_who_was_deactivated_or_has_not_looked_for_two_weeks_gets_none(replay: World) -> None:
    replay.mark("ada", "Timeline", "Finished")
    with replay.db.begin() as session:
        session.execute(update(Person).where(Person.id == replay.id("lee")).values(is_deactivated=True))
    assert turn(replay) == 1
    with replay.db.begin() as session:
        session.execute(update(OpenedHome).values(opened_at=clock.now() - home_refresh.LATELY))
    replay.mark("ada", "Timeline", "In progress")
    assert due(replay) == 0


def test_whoever_opens_it_again_takes_no_lock_and_is_still_kept_up_to_date(replay: World) -> None:
    with queries(replay.db.engine) as sent:
        replay.person("ada").open_home()
    assert sent, "it was drawn"
    assert not [each for each in sent if not each.startswith(("SELECT", "BEGIN")) or "IMMEDIATE" in each]
    replay.hands.move_to(clock.now() + home_refresh.LATELY - timedelta(hours=1))
    replay.person("ada").open_home()
    replay.hands.tick(timedelta(hours=2))
    replay.person("ada").open_home()
    with replay.db.begin() as session:
        home_refresh.touch(session, [replay.id("ada")], now=clock.now())
    assert due(replay) == 1


def test_what_is_refused_makes_nothing_due(replay: World) -> None:
    def refused() -> None:
        with replay.db.begin() as session:
            home_refresh.touch(session, [replay.id("ada")], now=clock.now())
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        refused()
    assert due(replay) == 0


def test_two_who_change_the_same_people_in_another_order_wait_for_each_other_in_no_circle(replay: World) -> None:
    ada, lee = replay.id("ada"), replay.id("lee")

    def change(*person_ids: str) -> None:
        for _ in range(20):
            with replay.db.begin() as session:
                for person_id in person_ids:
                    home_refresh.touch(session, [person_id], now=clock.now())

    replay.at_once(lambda: change(ada, lee), lambda: change(lee, ada))
    assert due(replay) == 2
