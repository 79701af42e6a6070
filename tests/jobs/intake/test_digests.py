"""The week's digest: once a week, about the week before, with one picture, and nothing when there is nothing to say."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.domain.intake import digests
from bot.platform import clock
from jobs import rhythm
from jobs.intake import digests as digests_job
from models.company import Company
from models.desks import Desk
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, Request, State
from models.outbox import Post, PostState
from models.teams import Team
from tests.intake import CHANNEL, begin
from tests.stories import Story
from tests.world import World

# It all begins on Thursday 9 July 2026; the digest of that week comes on Monday at nine in Berlin.
MONDAY = "2026-07-13 07:00:00"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def crew(after: Callable[[Story], World]) -> World:
    """The AI team has a desk, and nobody has reached out so far."""
    return after(begin)


def ago(world: World, **span: float) -> datetime:
    return datetime(2026, 7, 13, 7, tzinfo=UTC) - timedelta(**span)


def add(world: World, title: str, created_at: datetime, **values: Any) -> int:
    """A request of Ada's that came at this moment."""
    with world.db.begin() as session:
        row = Request(source=title, title=title, text=title, asker_id=world.id("ada"), channel_id=world.id(CHANNEL))
        row.team_id = session.scalars(select(Team.id).where(Team.name == "Replay")).one()
        row.desk_id = session.scalars(select(Desk.id)).one()
        row.state, row.waiting_on, row.nudged = State.OPEN, Ball.DESK, 0
        row.created_at = row.waiting_since = created_at
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        session.flush()
        return row.id


def decide(world: World, request_id: int, mode: Mode, at: datetime) -> None:
    with world.db.begin() as session:
        made = Decision(request_id=request_id, mode=mode, words="x", by_id=world.id("sam"), at=at)
        made.due_on, made.person_id = date(2026, 8, 1), world.id("tom")
        session.add(made)


def found(world: World) -> list[dict[str, Any]]:
    """The digests in the intake channel."""
    world.post()
    return [each for each in world.slack.messages(CHANNEL) if "Requests to the AI team" in str(each.get("text"))]


def the_week(world: World) -> None:
    """One was answered after 3 hours and decided after a day, one answered after 5 hours, and one waits."""
    came = datetime(2026, 7, 8, 8, tzinfo=UTC)
    embed = add(
        world,
        "embed me",
        came,
        answered_at=came + 3 * HOUR,
        decided_at=came + DAY,
        state=State.DECIDED,
        waiting_on=Ball.OWNER,
    )
    decide(world, embed, Mode.EMBED, came + DAY)
    add(world, "ask me", came, answered_at=came + 5 * HOUR, waiting_on=Ball.ASKER, waiting_since=came + 5 * HOUR)
    add(world, "wait for me", came)
    add(world, "all done", came - 30 * DAY, state=State.DONE, waiting_on=Ball.NOBODY, done_at=came + DAY)
    add(world, "too new", datetime(2026, 7, 12, 22, 30, tzinfo=UTC), waiting_on=Ball.NOBODY, state=State.WITHDRAWN)


def test_there_is_none_in_the_week_in_which_the_first_request_comes(crew: World) -> None:
    crew.hands.move_to("2026-07-13 07:30:00")  # Monday, half past nine
    crew.person("ada").command("/reach-out summarise tickets")
    crew.go_to("2026-07-13 08:00:00")
    crew.go_to("2026-07-14 08:00:00")
    assert found(crew) == []
    with crew.db.read() as session:
        assert str(digests.next_at(session, clock.now())) == "2026-07-20 07:00:00+00:00"
    crew.go_to("2026-07-20 07:00:00")
    [message] = found(crew)
    assert "1 new · 1 waiting now" in message["text"], "and what there is none of is not counted"


def test_by_when_it_is_wanted_is_said(crew: World) -> None:
    add(crew, "soon", datetime(2026, 7, 8, 8, tzinfo=UTC), wanted_on=date(2026, 8, 14))
    crew.go_to(MONDAY)
    [message] = found(crew)
    assert message["text"].count("wanted by Fri 14 Aug") == 2, "as a new one, and as one that waits"


def test_on_monday_at_nine_it_says_what_came_was_decided_done_and_waits_on_whom(crew: World) -> None:
    the_week(crew)
    crew.go_to("2026-07-13 06:59:00")
    assert found(crew) == []
    crew.go_to(MONDAY)
    [message] = found(crew)
    lines = message["text"].splitlines()
    assert lines[0] == "*Requests to the AI team, 6–12 July 2026*"
    assert lines[1] == "3 new · 1 answered · 1 done · 3 waiting now", "Sunday's last hour is Monday's first in Berlin"
    assert "• #2 ask me · ada of Replay" in message["text"].replace("Ada", "ada")
    assert "• #1 embed me: *Embed*" in lines
    assert "• #4 all done" in lines
    assert "*Waiting on PostHog AI* (1)" in lines
    assert "*Waiting on Tom* (1)" in lines
    assert "*Waiting on Ada* (1)" in lines
    assert lines.index("*Waiting on PostHog AI* (1)") < lines.index("*Waiting on Ada* (1)"), "the longest first"
    assert lines[-1] == "Median of the week's new requests: first answer after 4 hours, decision after 24 hours."
    assert "<@" not in message["text"], "a digest pings nobody"
    crew.go_to("2026-07-13 08:00:00")
    crew.go_to("2026-07-14 08:00:00")
    assert len(found(crew)) == 1


def test_ten_of_what_waits_are_named_and_the_others_counted(crew: World) -> None:
    for number in range(14):
        add(
            crew,
            f"number {number}",
            ago(crew, days=20, hours=-number),
            waiting_on=Ball.ASKER if number % 2 else Ball.DESK,
        )
    crew.go_to(MONDAY)
    [message] = found(crew)
    assert "*Waiting on PostHog AI* (7)" in message["text"]
    assert message["text"].count(" · since ") == 10
    assert "… and 4 more: `/reach-out queue`" in message["text"]


def test_a_picture_is_there_once_two_weeks_can_be_compared_and_it_is_uploaded_once(crew: World) -> None:
    the_week(crew)
    crew.go_to(MONDAY)
    assert [block for block in found(crew)[0]["blocks"] if block["type"] == "image"] == []
    came = datetime(2026, 7, 15, 8, tzinfo=UTC)
    add(crew, "next week", came, answered_at=came + 50 * HOUR)
    crew.go_to("2026-07-20 07:00:00")
    for _ in range(5):
        crew.hands.tick(timedelta(seconds=2))
        crew.post()
    assert len(found(crew)) == 2
    [image] = [block for block in found(crew)[-1]["blocks"] if block["type"] == "image"]
    assert "6 July: first answer after 4 hours, decision after 24 hours." in image["alt_text"]
    assert "13 July: first answer after 2 days, none decided." in image["alt_text"]
    assert sum(file.completed for file in crew.slack.store.files.values()) == 1


def test_a_week_in_which_nothing_happened_and_nothing_waits_has_none(crew: World) -> None:
    add(crew, "long ago", ago(crew, days=90), state=State.WITHDRAWN, waiting_on=Ball.NOBODY)
    crew.go_to(MONDAY)
    assert found(crew) == []
    with crew.db.read() as session:
        assert (
            session.scalars(select(Post.state).where(Post.key == "intake-digest:2026-07-13")).one() == PostState.EXPIRED
        )


def test_before_anybody_reached_out_nothing_is_written(crew: World) -> None:
    crew.hands.move_to(MONDAY)
    assert digests_job.plan(crew.db, clock.now) == 0
    assert rhythm.following(crew.db, clock.now) is not None


def test_two_replicas_post_one(crew: World) -> None:
    the_week(crew)
    crew.hands.move_to(MONDAY)
    crew.at_once(*[lambda: digests_job.plan(crew.db, clock.now)] * 2)
    assert len(found(crew)) == 1


@pytest.mark.parametrize(
    ("back", "number"),
    [("2026-07-13 13:00:00", 1), ("2026-07-13 20:00:00", 0), ("2026-07-14 07:30:00", 1), ("2026-07-15 08:00:00", 0)],
)
def test_after_downtime_it_comes_on_that_day_or_the_next_and_never_at_night(
    crew: World, back: str, number: int
) -> None:
    the_week(crew)
    crew.go_to(back)
    assert len(found(crew)) == number


def test_where_people_rest_on_mondays_it_comes_on_tuesday(crew: World) -> None:
    the_week(crew)
    with crew.db.begin() as session:
        session.get_one(Company, 1).weekend = "60"
    crew.go_to(MONDAY)
    assert found(crew) == []
    crew.go_to("2026-07-14 07:00:00")
    assert len(found(crew)) == 1


def test_the_demos_clock_stops_at_the_next_one(crew: World) -> None:
    the_week(crew)
    with crew.db.read() as session:
        assert digests.next_at(session, clock.now()) == datetime(2026, 7, 13, 7, tzinfo=UTC)
    crew.go_to(MONDAY)
    with crew.db.read() as session:
        assert digests.next_at(session, clock.now()) == datetime(2026, 7, 20, 7, tzinfo=UTC)


def test_it_costs_the_same_few_queries_however_much_there_is(crew: World) -> None:
    def queries() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(crew.db.engine, "before_cursor_execute", counted)
        with crew.db.read() as session:
            digests.read(session, date(2026, 7, 13))
        event.remove(crew.db.engine, "before_cursor_execute", counted)
        return count

    the_week(crew)
    few = queries()
    for number in range(40):
        add(crew, f"number {number}", ago(crew, days=number + 1), answered_at=ago(crew, days=number))
    assert queries() == few < 12
