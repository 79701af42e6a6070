"""Retros by the clock: revealed and closed once, whoever looks, and late rather than never."""

import pytest
from sqlalchemy import select

from bot.platform import clock
from jobs import retros, rhythm
from models.outbox import Post
from tests.retro import (
    ASKS,
    REMINDS,
    REVEALS,
    SECRET,
    begin,
    board,
    lee_writes,
    notes_are_revealed,
    sprint_ends,
    the_retro,
)
from tests.stories import After
from tests.world import World


@pytest.fixture
def replay(after: After) -> World:
    """Ada, Lee and Noor in the middle of their first sprint, of which Lee has something to say."""
    return after(begin, lee_writes)


@pytest.fixture
def ended(after: After) -> World:
    """The same three at the end of that sprint: they are asked."""
    return after(begin, lee_writes, sprint_ends)


def boards(world: World) -> int:
    """How many boards stand in the team's channel, in whatever state."""
    return sum("Retro: Replay, 13" in text for text in world.texts("team-replay"))


def test_two_replicas_open_and_reveal_one_board(replay: World) -> None:
    replay.hands.move_to(ASKS)
    replay.at_once(*[lambda: rhythm.plan(replay.db, clock.now)] * 2)
    assert boards(replay) == 1
    replay.go_to(REMINDS)
    replay.hands.move_to(REVEALS)
    assert sorted(replay.at_once(*[lambda: rhythm.gather(replay.db, clock.now)] * 2)) in ([0, 1], [1, 1])
    assert boards(replay) == 1
    assert f"{SECRET} — Lee" in board(replay)["text"]


def test_a_tick_with_nothing_to_do_writes_nothing(ended: World) -> None:
    with ended.db.read() as session:
        before = session.execute(select(Post.key, Post.wanted)).all()
    assert retros.turn(ended.db, clock.now) == 0
    with ended.db.read() as session:
        assert session.execute(select(Post.key, Post.wanted)).all() == before


def test_a_reply_that_is_lost_leaves_one_board(replay: World) -> None:
    replay.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    replay.go_to(ASKS)
    replay.go_to("2026-07-24 12:05:00")
    assert boards(replay) == 1


def test_after_days_of_downtime_the_notes_are_revealed_and_people_still_have_a_day_to_close_it(
    ended: World,
) -> None:
    ended.go_to("2026-07-31 09:00:00")
    retro = the_retro(ended)
    assert retro.revealed_at is not None
    assert retro.closed_at is None
    assert "Close the retro" in str(board(ended)["blocks"])
    ended.go_to("2026-08-03 16:00:00")
    assert the_retro(ended).closed_at is not None


def test_the_demos_clock_stops_where_a_retro_is_revealed_and_where_it_closes(ended: World) -> None:
    ended.go_to("2026-07-26 22:00:00")
    assert str(rhythm.following(ended.db, clock.now)) == "2026-07-27 07:00:00+00:00", "the reminder"
    ended.go_to("2026-07-27 07:00:00")
    ended.go_to("2026-07-27 07:05:00")
    assert str(rhythm.following(ended.db, clock.now)).startswith("2026-07-27 09:00:0"), "the reveal"


def test_who_is_away_is_neither_asked_nor_waited_for_nor_the_facilitator(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint away until 3 august")
    replay.go_to(ASKS)
    assert "Facilitator: Lee" in board(replay)["text"]
    assert "Not written yet: Lee and Noor" in board(replay)["text"]
    assert not [each for each in ada.dms if "ends" in each["text"]]


def test_a_forming_team_holds_no_retro(world: World) -> None:
    world.set_up()
    world.team("ada")
    world.go_to(ASKS)
    world.go_to(REVEALS)
    assert all("Retro:" not in text for text in world.texts("team-replay"))


def test_marks_set_over_the_weekend_stand_on_the_board(ended: World) -> None:
    lee = ended.person("lee")
    message = next(each for each in reversed(lee.dms) if "ends" in each["text"])
    item = ended.first_item_id("First frame")
    lee.click(f"prompt_mark_{item}", select=f"{item}:finished", message=message)
    assert "🟢 First frame — Lee" in board(ended)["text"]
    notes_are_revealed(ended)
    assert "🟢 1" in board(ended)["text"]
