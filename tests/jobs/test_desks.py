"""What keeps the desks: who is there, whose week it is, and the pinned card."""

import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.domain.desks import desks, rota_card
from bot.platform import clock
from jobs.desks import BETWEEN_READS, Desks
from models.company import Company, Person
from models.desks import DeskMember, TriageWeek
from models.intake.requests import Ball
from models.outbox import Post
from models.teams import Team
from tests.decided import BUILD, booked, decide, press, stored, thread, two_requests
from tests.intake import CHANNEL, MONDAY, begin, desk, desk_id
from tests.stories import Story
from tests.world import World

TOLD = "2026-07-13 08:01:00"  # a minute past ten in Berlin: the reminders of the morning are written by then


@pytest.fixture
def crew(after: Callable[[Story], World]) -> World:
    """Sam, Mia and Tom answer at PostHog AI, and its card stands in the intake channel."""
    world = after(begin)
    world.post()
    return world


def at(world: World, name: str) -> list[str]:
    """Who is at a desk."""
    with world.db.read() as session:
        return [person.name for person in desks.people(session, desk_id(world, name))]


def later(world: World) -> None:
    """Let the time pass until Slack is asked again, and ask."""
    world.hands.tick(BETWEEN_READS + timedelta(seconds=1))
    world.desks.turn()


def array(world: World) -> str:
    """A desk whose people are those of a channel: Ada, Lee and Noor of Replay, and Yuki. Returns the channel's id."""
    channel = world.slack.add_channel("array", members=["yuki"])
    desk(world, "Array", owns="Agents", team="Replay", lead="ada", channel=channel.id)
    return channel.id


# --- who is there -----------------------------------------------------------------------------------------------


def test_who_joins_the_channel_answers_and_who_leaves_does_not(crew: World) -> None:
    array(crew)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Yuki"]
    crew.person("tom").join("array")
    crew.person("yuki").leave("array")
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Yuki"], "Slack is not asked every minute"
    later(crew)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Tom"]


def test_apps_guests_and_deactivated_accounts_do_not_answer(crew: World) -> None:
    crew.slack.add_user("hedge", is_bot=True)
    crew.slack.add_user("guest", is_restricted=True)
    crew.slack.add_user("gone", deleted=True)
    crew.meet()
    channel = crew.slack.add_channel("array", members=["yuki", "hedge", "guest", "gone"])
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada", channel=channel.id)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Yuki"]
    with crew.db.read() as session:
        assert session.scalars(select(DeskMember.person_id)).all() == [crew.id("yuki")]


def test_who_is_not_known_yet_answers_once_they_are(crew: World) -> None:
    channel = array(crew)
    crew.slack.add_user("zoe")
    crew.slack.invite(channel, "zoe")
    later(crew)
    assert "Zoe" not in at(crew, "Array")
    crew.meet()
    later(crew)
    assert "Zoe" in at(crew, "Array")


def test_the_people_of_a_user_group_answer(crew: World) -> None:
    group = crew.slack.add_usergroup("ai", users=["yuki", "tom"])
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada", usergroup=group.id)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Tom", "Yuki"]
    group.users.remove(crew.id("tom"))
    later(crew)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Yuki"]


def test_a_large_channel_is_read_in_pages(crew: World) -> None:
    names = [f"engineer{number}" for number in range(450)]
    for name in names:
        crew.slack.add_user(name)
    crew.meet()
    channel = crew.slack.add_channel("everybody", members=names)
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada", channel=channel.id)
    assert len(at(crew, "Array")) == 453


def test_a_429_is_waited_out_and_what_was_known_stays(crew: World, caplog: pytest.LogCaptureFixture) -> None:
    array(crew)
    crew.person("tom").join("array")
    crew.slack.faults.add("ratelimited", "conversations.members", retry_after=120, times=1)
    later(crew)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Yuki"]
    crew.hands.tick(timedelta(seconds=60))
    crew.desks.turn()
    assert "Tom" not in at(crew, "Array"), "not before the two minutes are over"
    crew.hands.tick(timedelta(seconds=61))
    crew.desks.turn()
    assert "Tom" in at(crew, "Array")
    assert not caplog.records


def test_a_desk_whose_channel_is_gone_keeps_its_people_and_it_is_said_once(
    crew: World, caplog: pytest.LogCaptureFixture
) -> None:
    array(crew)
    caplog.set_level(logging.WARNING)
    crew.slack.faults.add("error", "conversations.members", code="channel_not_found", times=3)
    for _ in range(3):
        later(crew)
    assert at(crew, "Array") == ["Ada", "Lee", "Noor", "Yuki"]
    assert [record.getMessage() for record in caplog.records] == [
        f"desk {desk_id(crew, 'Array')}: Slack does not say who is there (channel_not_found); its people stay"
    ]


def test_two_replicas_that_read_at_once_write_everybody_once(crew: World) -> None:
    channel = crew.slack.add_channel("array", members=["yuki", "lee", "noor"])
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada", channel=channel.id)
    for name in ("tom", "mia"):
        crew.person(name).join("array")
    replicas = [Desks(crew.db, crew.client, clock.now) for _ in range(3)]
    crew.at_once(*[replica.turn for replica in replicas])
    with crew.db.read() as session:
        query = select(func.count()).where(DeskMember.desk_id == desk_id(crew, "Array"))
        assert session.scalar(query) == 5


def test_who_leaves_the_desks_channel_is_on_nothing_there_any_more(after: Callable[[Story], World]) -> None:
    world = after(two_requests)
    hired_by_channel(world)
    press(world, "ivy", "request_claim")
    assert stored(world).claimer_id == world.id("ivy")
    world.person("ivy").leave("ai")
    later(world)
    world.post()
    assert stored(world).claimer_id is None
    assert stored(world).waiting_on == Ball.DESK
    assert (
        thread(world)[-1]
        == "Ivy does not answer requests any more, so nobody is on it. Anyone at PostHog AI can press *I'll take it*."
    )
    later(world)
    world.post()
    assert sum("does not answer requests any more" in words for words in thread(world)) == 1


def test_who_was_to_do_it_and_leaves_the_desks_channel_is_not_to_do_it(after: Callable[[Story], World]) -> None:
    world = after(two_requests)
    hired_by_channel(world)
    decide(world, **{**BUILD, "engineer": "ivy"})
    world.person("ivy").leave("ai")
    later(world)
    world.post()
    assert "Ivy does not answer requests any more, and was to build this." in thread(world)[-1]
    assert booked(world) == []


def test_a_desk_that_gets_another_team_frees_what_the_people_of_the_one_before_did(
    after: Callable[[Story], World],
) -> None:
    world = after(two_requests)
    press(world, "mia", "request_claim")
    ivy = world.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("desk_edit_1")
    assert ivy.submit(team=str(world.team_id("Ingestion")), lead=world.id("yuki")) == {}
    world.post()
    assert stored(world).claimer_id is None
    assert "Mia does not answer requests any more, so nobody is on it." in thread(world)[-1]


def hired_by_channel(world: World) -> None:
    """Ivy answers at PostHog AI, since she is in its channel."""
    channel = world.slack.add_channel("ai", members=["ivy"])
    ivy = world.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("desk_edit_1")
    assert ivy.submit(channel=channel.id) == {}
    ivy.close_all()
    world.desks.turn()
    assert "Ivy" in at(world, "PostHog AI")


# --- whose week it is -------------------------------------------------------------------------------------------


def weeks(world: World) -> list[tuple[str, str]]:
    """The rota as it is stored."""
    with world.db.read() as session:
        rows = session.scalars(select(TriageWeek).order_by(TriageWeek.desk_id, TriageWeek.week_on))
        return [(f"{row.week_on:%d.%m.}", row.person_id) for row in rows]


def test_a_second_turn_finds_nothing_to_do(crew: World) -> None:
    crew.desks.turn()
    before = weeks(crew)
    assert Desks(crew.db, crew.client, clock.now).turn() == 0
    assert weeks(crew) == before


def test_replicas_that_turn_the_week_at_once_fill_and_tell_once(crew: World) -> None:
    crew.hands.move_to(MONDAY)
    replicas = [Desks(crew.db, crew.client, clock.now) for _ in range(3)]
    crew.at_once(*[replica.turn for replica in replicas])
    assert len(weeks(crew)) == 7  # with the week that is over
    crew.go_to(TOLD)
    assert len([each for each in crew.person("sam").dms if "You have triage" in each["text"]]) == 1


def test_who_leaves_the_desk_or_the_company_is_followed_at_once(crew: World) -> None:
    crew.slack.user("mia").deleted = True
    crew.meet()
    crew.desks.turn()
    assert crew.id("mia") not in dict(weeks(crew)).values()
    assert "triage this week: Tom" in crew.card(CHANNEL, "Reach out")["text"]
    assert "You have triage at PostHog AI" in crew.person("tom").dms[-1]["text"]


def test_nobody_is_told_on_a_weekend_of_a_week_that_is_over_by_monday(crew: World) -> None:
    crew.go_to("2026-07-11 09:00:00")
    crew.slack.user("mia").deleted = True
    crew.meet()
    crew.go_to("2026-07-11 09:05:00")
    crew.go_to(MONDAY)
    crew.go_to(TOLD)
    told = [name for name in ("sam", "tom") for each in crew.person(name).dms if "You have triage" in each["text"]]
    assert told == ["sam"]


def test_who_is_told_at_night_reads_it_in_the_morning(crew: World) -> None:
    crew.go_to("2026-07-09 21:00:00")
    crew.slack.user("mia").deleted = True
    crew.meet()
    crew.go_to("2026-07-09 21:05:00")
    assert not [each for each in crew.person("tom").dms if "You have triage" in each["text"]]
    crew.go_to("2026-07-10 07:05:00")
    assert "You have triage" in crew.person("tom").dms[-1]["text"]


def test_nobody_gets_a_week_in_which_they_do_not_work_at_all(crew: World) -> None:
    with crew.db.begin() as session:
        mondays_only = update(Person).where(Person.id.in_([crew.id("mia"), crew.id("tom")]))
        session.execute(mondays_only.values(weekend="123456"))
        session.execute(update(Person).where(Person.id == crew.id("sam")).values(country="DE"))
        session.execute(update(Team).where(Team.name == "Crew").values(country="JP"))  # 20 July is Marine Day there
        held = session.scalar(select(TriageWeek).where(TriageWeek.week_on == date(2026, 7, 20)))
        assert held is not None
        held.person_id = crew.id("mia")
    later(crew)
    with crew.db.read() as session:
        rows = session.scalars(select(TriageWeek).order_by(TriageWeek.week_on)).all()
        whose = {row.week_on: row.person_id for row in rows}
    assert whose[date(2026, 7, 20)] == crew.id("sam")
    assert {crew.id("mia"), crew.id("tom")} <= set(whose.values())


# --- the pinned card --------------------------------------------------------------------------------------------


def pins(world: World, channel: str = CHANNEL) -> list[str]:
    """What is pinned in a channel."""
    return list(world.slack.channel(channel).pins)


def test_the_card_is_pinned_once(crew: World) -> None:
    assert pins(crew) == []
    for _ in range(2):
        crew.desks.turn()
    card = crew.card(CHANNEL, "Reach out")
    assert pins(crew) == [card["ts"]]
    with crew.db.read() as session:
        assert session.get_one(Company, 1).pinned_ts == card["ts"]


def test_what_another_replica_pinned_is_pinned(crew: World, caplog: pytest.LogCaptureFixture) -> None:
    replicas = [Desks(crew.db, crew.client, clock.now) for _ in range(3)]
    crew.at_once(*[replica.turn for replica in replicas])
    assert len(pins(crew)) == 1
    assert not caplog.records
    assert Desks(crew.db, crew.client, clock.now).turn() == 0


def test_a_card_that_moved_is_pinned_where_it_stands_now(crew: World) -> None:
    crew.desks.turn()
    channel = crew.slack.add_channel("ask-ai")
    ivy = crew.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(intake_channel=channel.id) == {}
    card = crew.card("ask-ai", "Reach out")
    crew.desks.turn()
    assert pins(crew, "ask-ai") == [card["ts"]]


def test_a_card_that_was_deleted_is_posted_and_pinned_again(crew: World) -> None:
    crew.desks.turn()
    old = crew.card(CHANNEL, "Reach out")
    crew.client.chat_delete(channel=crew.id(CHANNEL), ts=old["ts"])
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada")
    card = crew.card(CHANNEL, "Reach out")
    assert card["ts"] != old["ts"]
    crew.desks.turn()
    assert card["ts"] in pins(crew)


@pytest.mark.parametrize("code", ["missing_scope", "too_many_pins", "not_in_channel"])
def test_a_refused_pin_is_said_once_a_day_and_stops_nothing(
    crew: World, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    crew.slack.faults.add("error", "pins.add", code=code, times=2)
    for _ in range(3):
        crew.desks.turn()
    assert [record.getMessage() for record in caplog.records] == [f"the desks' card is not pinned ({code})"]
    crew.hands.tick(timedelta(days=1))
    crew.desks.turn()
    assert len(caplog.records) == 2
    crew.hands.tick(timedelta(days=1))
    crew.desks.turn()
    assert len(pins(crew)) == 1


def test_a_reply_that_was_lost_leaves_one_pin(crew: World) -> None:
    crew.slack.faults.add("lost_reply", "pins.add", times=1)
    crew.desks.turn()
    crew.hands.tick(timedelta(minutes=1, seconds=1))
    crew.desks.turn()
    assert len(pins(crew)) == 1
    with crew.db.read() as session:
        assert session.get_one(Company, 1).pinned_ts is not None


def test_a_company_without_a_desk_is_left_alone(world: World) -> None:
    world.set_up()
    assert world.desks.turn() == 0
    with world.db.read() as session:
        assert session.scalar(select(func.count()).where(Post.card == rota_card.CARD)) == 0
