"""Following teams one does not sit in, told through Slack."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.outbox import posts
from bot.domain.sharing import following, week_news
from bot.domain.staffing import moves
from bot.platform import clock
from jobs import rhythm
from jobs import sharing as following_job
from models.outbox import Post
from models.sharing import Follower
from models.teams import Team
from tests import retro
from tests.follow import FRIDAY, NEXT_FRIDAY, begin, lines, queries, said_to
from tests.stories import After
from tests.world import World


def tom_follows(world: World) -> None:
    """Tom, who is in no team, follows both."""
    for name in ("replay", "ingestion"):
        world.person("tom").command(f"/small-team follow {name}")


@pytest.fixture
def company(after: After) -> World:
    """Two teams, whose sprints run."""
    return after(begin)


@pytest.fixture
def followed(after: After) -> World:
    """The same, followed by Tom."""
    return after(begin, tom_follows)


def fridays(world: World, name: str = "tom") -> list[dict[str, Any]]:
    """What somebody has read of the teams that they follow."""
    world.post()
    return [message for message in world.person(name).dms if "The week of" in message["text"]]


def names_of(world: World, name: str) -> list[str]:
    """The teams that somebody follows."""
    with world.db.read() as session:
        return [team.name for team in following.teams_of(session, world.id(name))]


def buttons(world: World, name: str) -> list[str]:
    """What somebody may press at the end of their window."""
    _tabs, row = [block for block in (world.person(name).view or {})["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for element in row["elements"]]


# --- following --------------------------------------------------------------------------------------------------


def test_one_follows_and_unfollows_by_typing_and_reads_what_that_means(company: World) -> None:
    tom = company.person("tom")
    tom.command("/small-team follow rep")
    assert said_to(company, "tom").startswith(
        "You follow *Replay*: its plans, changes and retros come in one message on"
    )
    tom.command("/small-team follow rep")
    assert names_of(company, "tom") == ["Replay"]
    tom.command("/small-team unfollow replay")
    assert said_to(company, "tom") == "You follow *Replay* no more."
    tom.command("/small-team unfollow replay")
    assert names_of(company, "tom") == []


def test_one_follows_and_unfollows_with_a_button_in_the_teams_window(company: World) -> None:
    tom = company.person("tom")
    tom.command("/small-team show replay")
    assert "Follow" in buttons(company, "tom")
    tom.click("team_follow")
    assert names_of(company, "tom") == ["Replay"]
    assert "Unfollow" in buttons(company, "tom")
    tom.click("team_unfollow")
    assert names_of(company, "tom") == []
    assert "Follow" in buttons(company, "tom")


def test_ones_own_team_is_not_followed(company: World) -> None:
    ada = company.person("ada")
    ada.command("/small-team follow replay")
    assert said_to(company, "ada").startswith("You sit in Replay: what happens there reaches you anyway")
    ada.command("/small-team")
    assert "Follow" not in buttons(company, "ada")
    assert names_of(company, "ada") == []


@pytest.mark.parametrize("word", ["follow", "unfollow"])
def test_without_a_name_one_chooses_in_a_window(company: World, word: str) -> None:
    tom = company.person("tom")
    tom.command(f"/small-team {word}")
    assert "You follow no team yet." in str(tom.view)
    for team in ("Replay", "Replay", "Ingestion"):
        tom.click("follow_choose", select=str(company.team_id(team)))
    assert names_of(company, "tom") == ["Ingestion", "Replay"]
    for _ in range(2):  # the second press is of a window that was drawn before
        tom.click(f"follow_drop_{company.team_id('Replay')}") if "*Replay*" in str(tom.view) else None
    assert names_of(company, "tom") == ["Ingestion"]
    assert "Replay" not in str(tom.view)


def test_the_own_team_is_not_followed(company: World) -> None:
    ada = company.person("ada")
    ada.command("/small-team follow")
    ada.click("follow_choose", select=str(company.team_id("Replay")))
    assert "You sit in Replay" in str(ada.view)


def test_a_name_that_no_team_has_is_refused_in_words(company: World) -> None:
    tom = company.person("tom")
    tom.command("/small-team unfollow <Nowhere>")
    assert "There is no team called “&lt;Nowhere&gt;”" in said_to(company, "tom")


def test_who_takes_a_seat_in_a_team_follows_it_no_more(followed: World) -> None:
    tom = followed.person("tom")
    tom.command("/small-team join replay")
    assert tom.submit() == {}
    assert names_of(followed, "tom") == ["Ingestion"]


def test_following_twice_at_once_is_following_once(company: World) -> None:
    company.at_once(*[lambda: company.person("tom").command("/small-team follow replay")] * 3)
    assert names_of(company, "tom") == ["Replay"]
    with company.db.read() as session:
        assert len(session.scalars(select(Follower)).all()) == 1


def test_who_joins_while_they_follow_is_in_the_team_or_outside_of_it_and_never_both(company: World) -> None:
    company.person("tom").command("/small-team join replay")
    submission = company.submission("tom")
    company.at_once(
        lambda: company.slack.deliver("interactive", submission),
        lambda: company.person("tom").command("/small-team follow replay"),
    )
    assert "Tom" in company.members("Replay")
    assert names_of(company, "tom") == []


# --- supporting -------------------------------------------------------------------------------------------------


def seats(world: World) -> str:
    """How many sit in Replay, as the list of teams says it."""
    world.person("ivy").command("/small-team list")
    return next(line for line in lines(world.person("ivy").view) if "*Replay*" in line).splitlines()[0]


def test_who_supports_a_team_is_listed_in_its_window_and_plan_and_follows_it(company: World) -> None:
    mia = company.person("mia")
    mia.command("/small-team show replay")
    mia.click("team_support")
    assert "🤲 Supported by Mia" in lines(mia.view)
    assert names_of(company, "mia") == ["Replay"]
    noor = company.person("noor")  # who sits in another team
    noor.command("/small-team show replay")
    noor.click("team_support")
    noor.command("/sprint show replay")
    assert "🤲 Supported by Mia and Noor" in lines(noor.view)
    company.go_to(FRIDAY)
    assert len(fridays(company, "mia")) == 1


def test_who_supports_a_team_takes_no_seat_and_is_asked_for_no_plan(company: World) -> None:
    for name in ("tom", "yuki", "mia", "ivy"):
        person = company.person(name)
        person.command("/small-team show replay")
        person.click("team_support")
    assert seats(company).startswith("*Replay* · 2 of 6 ·")
    for name in ("tom", "yuki", "mia"):
        company.person(name).command("/small-team join replay")
        assert company.person(name).submit() == {}
    ivy = company.person("ivy")
    ivy.command("/small-team join replay")
    assert ivy.submit() == {}
    assert seats(company).startswith("*Replay* · 6 of 6 ·")
    noor = company.person("noor")
    noor.command("/small-team show replay")
    assert "Supported by" not in str(noor.view)
    sam = company.person("sam")
    sam.command("/small-team show replay")
    sam.click("team_support")
    assert seats(company).startswith("*Replay* · 6 of 6 ·")
    assert "Sam" not in company.members("Replay")
    company.go_to("2026-07-24 08:00:00")
    company.post()
    assert not [message for message in company.person("sam").dms if "Replay" in message["text"]]


def test_ones_own_team_is_not_supported_also_by_a_stale_press(company: World) -> None:
    company.person("tom").command("/small-team show replay")
    pressed = company.press("tom", "team_support", None)
    with company.db.begin() as session:
        moves.join(session, company.team_id("Replay"), person_id=company.id("tom"), now=clock.now())
    company.slack.deliver("interactive", pressed)
    with company.db.read() as session:
        assert list(following.supporters(session, company.team_id("Replay"))) == []


def test_who_supports_no_more_still_follows_and_may_end_that_too(company: World) -> None:
    mia = company.person("mia")
    mia.command("/small-team show replay")
    mia.click("team_support")
    mia.command("/small-team unfollow replay")
    assert said_to(company, "mia").startswith("You support Replay, so you follow it, too.")
    mia.click("team_unsupport")
    assert "Supported by" not in str(mia.view)
    assert names_of(company, "mia") == ["Replay"]
    mia.click("team_unfollow")
    assert names_of(company, "mia") == []


def test_who_is_gone_is_listed_no_more(company: World) -> None:
    mia = company.person("mia")
    mia.command("/small-team show replay")
    mia.click("team_support")
    company.slack.change_user("mia", deleted=True)
    company.slack.settle()
    with company.db.read() as session:
        assert list(following.supporters(session, company.team_id("Replay"))) == []


# --- on Fridays -------------------------------------------------------------------------------------------------


def test_on_friday_afternoon_one_message_tells_the_week_of_all_teams_that_one_follows(company: World) -> None:
    tom_follows(company)
    lee = company.person("lee")
    lee.command("/sprint")
    lee.click("plan_change")
    assert lee.submit(add="Seek bar", reason="users ask for it") == {}
    company.go_to("2026-07-17 12:59:00")
    assert fridays(company) == []
    company.go_to(FRIDAY)
    (message,) = fridays(company)
    assert message["text"].splitlines()[0] == "*The week of Ingestion and Replay*"
    assert "📋 Plan 13–17 July: ⚪ 1" in message["text"]
    assert "Lag below a minute." in message["text"]
    assert "⚪ Consumers that catch up — Noor" in message["text"]
    assert "✏️ Lee added “Seek bar”: users ask for it" in message["text"]
    assert "Show the plan" in str(message["blocks"])
    assert fridays(company, "ada") == []


def test_the_next_week_tells_the_retro_and_not_again_what_was_told(followed: World) -> None:
    sam_adds(followed, "Schemas")
    followed.go_to(FRIDAY)
    (first,) = fridays(followed)
    assert "✏️ Sam added “Schemas”: asked for" in first["text"]
    sam_adds(followed, "Partitions")
    retro.write(followed, "sam", better="Lag")
    followed.go_to("2026-07-20 07:00:00")
    followed.go_to("2026-07-20 09:01:00")
    noor = followed.person("noor")
    noor.click("retro_close", message=followed.card("team-ingestion", "Retro: Ingestion"))
    assert noor.submit(action_0="Alert on lag") == {}
    followed.go_to(NEXT_FRIDAY)
    _, second = fridays(followed)
    assert second["text"].splitlines()[1:5] == [
        "*Ingestion*",
        "✏️ Sam added “Partitions”: asked for",
        "🔁 Retro 13–17 July: 0 of 3 items finished 🟢",
        "• Alert on lag",
    ]
    assert "Lag below a minute" not in second["text"]


def sam_adds(world: World, title: str) -> None:
    """Sam changes their plan within the sprint."""
    sam = world.person("sam")
    sam.click("plan_change", message=world.card("team-ingestion", "sprint 13"))
    assert sam.submit(add=title, reason="asked for") == {}
    sam.close_all()


def test_a_week_without_news_brings_no_message(followed: World) -> None:
    followed.go_to(FRIDAY)
    followed.go_to("2026-08-07 13:00:00")
    followed.go_to("2026-08-14 13:00:00")
    before = len(fridays(followed))
    followed.go_to("2026-08-21 13:00:00")
    assert len(fridays(followed)) == before


def test_who_is_away_or_gone_is_told_nothing(followed: World) -> None:
    followed.person("mia").command("/small-team follow replay")
    followed.person("tom").command("/sprint away until 24 july")
    followed.slack.change_user("mia", deleted=True)
    followed.slack.settle()
    followed.go_to(FRIDAY)
    assert fridays(followed) == []
    assert fridays(followed, "mia") == []


def test_who_is_in_another_zone_is_told_on_their_own_friday_afternoon(company: World) -> None:
    company.slack.change_user("yuki", tz="Asia/Tokyo")
    company.slack.settle()
    company.person("yuki").command("/small-team follow replay")
    company.go_to("2026-07-17 05:59:00")
    assert fridays(company, "yuki") == []
    company.go_to("2026-07-17 06:00:00")
    assert len(fridays(company, "yuki")) == 1


def test_whose_team_keeps_other_holidays_from_now_on_is_looked_at_again(company: World) -> None:
    ada, lee = company.person("ada"), company.person("lee")
    lee.command("/small-team follow ingestion")
    ada.command("/sprint rhythm")
    ada.fill(country="DE")
    assert ada.submit() == {}
    with company.db.read() as session:
        assert session.scalars(select(Follower.next_at)).one() == clock.now()
    company.go_to(FRIDAY)
    assert len(fridays(company, "lee")) == 1


def test_who_moves_to_another_zone_is_told_by_its_clock(followed: World) -> None:
    followed.slack.change_user("tom", tz="America/New_York")
    followed.slack.settle()
    followed.go_to(FRIDAY)
    assert fridays(followed) == []
    followed.go_to("2026-07-17 19:00:00")
    assert len(fridays(followed)) == 1


def test_where_friday_is_a_holiday_or_weekend_it_is_the_last_working_day_before(followed: World) -> None:
    ivy = followed.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(weekend=["Friday", "Saturday"]) == {}
    followed.go_to("2026-07-16 12:59:00")
    assert fridays(followed) == []
    followed.go_to("2026-07-16 13:00:00")
    assert len(fridays(followed)) == 1
    followed.go_to(FRIDAY)
    assert len(fridays(followed)) == 1


def test_two_replicas_write_one_message(followed: World) -> None:
    followed.hands.move_to(FRIDAY)
    assert sorted(followed.at_once(*[lambda: following_job.turn(followed.db, clock.now)] * 2)) == [0, 1]
    assert len(fridays(followed)) == 1


def test_a_process_that_dies_before_it_commits_leaves_it_to_the_next(
    followed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed.hands.move_to(FRIDAY)
    with monkeypatch.context() as patch:
        patch.setattr(posts, "write_rows", _crash)
        with pytest.raises(SystemExit):
            following_job.turn(followed.db, clock.now)
    assert following_job.turn(followed.db, clock.now) == 1
    assert len(fridays(followed)) == 1


def _crash(*_given: object) -> None:
    raise SystemExit("killed")  # an error would be set aside


def test_after_a_downtime_it_comes_late_on_the_same_day_and_on_no_other(followed: World) -> None:
    followed.go_to("2026-07-17 18:30:00")
    assert len(fridays(followed)) == 1


def test_after_a_longer_downtime_it_does_not_come_and_the_next_one_does(followed: World) -> None:
    followed.go_to("2026-07-18 08:00:00")
    assert fridays(followed) == []
    with followed.db.read() as session:
        assert str(session.scalars(select(Follower.next_at)).one()) == "2026-07-24 13:00:00+00:00"


def test_it_says_what_is_true_when_it_is_delivered(followed: World) -> None:
    followed.hands.move_to(FRIDAY)
    following_job.turn(followed.db, clock.now)
    followed.person("tom").command("/small-team unfollow replay")
    (message,) = fridays(followed)
    assert "Replay" not in message["text"]


def test_who_follows_nobody_any_more_is_not_looked_at_again_until_they_follow(followed: World) -> None:
    for name in ("replay", "ingestion"):
        followed.person("tom").command(f"/small-team unfollow {name}")
    followed.go_to(FRIDAY)
    assert fridays(followed) == []
    with followed.db.read() as session:
        assert not following.due(session, clock.now())
        assert session.scalars(select(Follower.next_at)).one() is None
    tom_follows(followed)
    with followed.db.read() as session:
        assert session.scalars(select(Follower.next_at)).one() is not None


def test_it_is_the_next_moment_when_nothing_else_is(followed: World) -> None:
    with followed.db.read() as session:
        next_at = session.scalars(select(Follower.next_at)).one()
    assert str(next_at) == "2026-07-17 13:00:00+00:00"
    followed.hands.move_to("2026-07-17 12:59:00")
    assert rhythm.following(followed.db, clock.now) is not None


def test_it_is_drawn_in_as_many_queries_for_twenty_teams_as_for_two(followed: World) -> None:
    def drawn() -> int:
        with followed.db.read() as session, queries(followed.db.engine) as sent:
            post = Post(channel_id=followed.id("tom"), subject_id=clock.now().date().toordinal())
            assert week_news.week(session, post, now=clock.now())
        return len(sent)

    followed.hands.move_to(FRIDAY)
    for_two = drawn()
    followed.many_teams(18)
    with followed.db.begin() as session:
        for team_id in session.scalars(select(Team.id).where(Team.name.startswith("Number"))).all():
            following.follow(session, team_id, by=followed.id("tom"), now=clock.now())
    assert drawn() == for_two <= 12
