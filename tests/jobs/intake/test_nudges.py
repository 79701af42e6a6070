"""Reminders: who is reminded when of what waits, once a morning, and never of what is settled."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.domain.desks import duties
from bot.domain.intake import requests, waiting_on
from bot.domain.intake.requests import Ask
from bot.platform import clock
from jobs import rhythm
from jobs.intake import nudges
from models.company import Person
from models.intake.decisions import Decision, Mode
from models.intake.nudges import Nudge
from models.intake.requests import Ball, Request, Routing, State
from models.outbox import Post
from models.teams import Team
from sandbox.world.state import buttons
from tests.intake import CHANNEL, begin, desk
from tests.stories import Story
from tests.world import World

# Thursday 9 July 2026, 10:00 in Berlin, is when it all begins.
FRIDAY, MONDAY, TUESDAY = "2026-07-10 08:00:00", "2026-07-13 08:00:00", "2026-07-14 08:00:00"
WEDNESDAY, THURSDAY = "2026-07-15 08:00:00", "2026-07-16 08:00:00"


def asked(world: World) -> None:
    """On Thursday Ada of Replay has reached out to the desk PostHog AI, where Mia has triage, then Sam, then Tom."""
    begin(world)
    reach_out(world, "summarise tickets")


@pytest.fixture
def crew(after: Callable[[Story], World]) -> World:
    """On Thursday Ada of Replay has reached out to the desk PostHog AI; Sam leads it."""
    return after(asked)


def reach_out(world: World, *titles: str) -> None:
    """Ada reaches out, without being shown what was asked before and is like it."""
    with world.db.begin() as session:
        for title in titles:
            asked_for = Ask(f"test:{title}", world.id("ada"), title)
            requests.reach_out(session, asked_for, now=clock.now())
    world.post()


def triage(world: World) -> str:
    """The name of who has triage at the moment."""
    with world.db.read() as session:
        person = duties.on_triage(session, 1, clock.now())
    return next(name for name in ("mia", "sam", "tom") if person and world.id(name) == person.id)


def reminders(world: World, name: str) -> list[dict[str, Any]]:
    """The reminders in somebody's DM, or in a channel."""
    world.post()
    found = world.slack.messages(name) if name.startswith("team-") else world.person(name).dms
    return [
        each
        for each in found
        if "wait on" in each["text"] or "waits on" in each["text"] or "has an owner" in each["text"]
    ]


def everybody(world: World) -> dict[str, int]:
    """How many reminders stand where."""
    places = ("ada", "lee", "noor", "sam", "mia", "tom", "yuki", "ivy", "team-crew", "team-replay")
    return {place: number for place in places if (number := len(reminders(world, place)))}


def request(world: World, title: str = "summarise tickets") -> Request:
    with world.db.read() as session:
        return session.scalars(select(Request).where(Request.title == title)).one()


def card(world: World) -> str:
    return str(world.card(CHANNEL, "summarise")["text"])


def at(moment: str) -> int:
    return int(datetime.fromisoformat(f"{moment}+00:00").timestamp())


def settle(world: World, name: str, **values: Any) -> None:
    """Write something about a person behind everybody's back."""
    with world.db.begin() as session:
        session.execute(update(Person).where(Person.id == world.id(name)).values(**values))


# --- rising -----------------------------------------------------------------------------------------------------


def test_it_rises_from_triage_to_the_desk_to_its_lead_over_a_weekend_and_then_stops(crew: World) -> None:
    first = triage(crew)
    assert f"next reminder <!date^{at(FRIDAY)}^" in card(crew)
    crew.go_to("2026-07-10 07:59:00")
    assert everybody(crew) == {}
    crew.go_to(FRIDAY)
    assert everybody(crew) == {first: 1}
    [message] = reminders(crew, first)
    assert "1 request waits on you" in message["text"]
    assert "#1 summarise tickets" in message["text"]
    assert "you have triage at PostHog AI" in message["text"]
    assert f"next reminder <!date^{at(MONDAY)}^" in card(crew)
    crew.go_to("2026-07-12 08:00:00")
    assert everybody(crew) == {first: 1}
    crew.go_to(MONDAY)
    assert everybody(crew) == {first: 1, "team-crew": 1}
    assert "1 request waits on PostHog AI" in reminders(crew, "team-crew")[0]["text"]
    assert f"next reminder <!date^{at(TUESDAY)}^" in card(crew)
    crew.go_to(TUESDAY)
    assert "you lead PostHog AI" in reminders(crew, "sam")[-1]["text"]
    assert "reminded 3 times; no more reminders" in card(crew)
    for later in (WEDNESDAY, THURSDAY, "2026-07-20 08:00:00"):
        crew.go_to(later)
    assert sum(everybody(crew).values()) == 3


def test_nobody_is_reminded_on_a_public_holiday_of_theirs(crew: World) -> None:
    for name in ("mia", "sam", "tom"):
        settle(crew, name, country="FR")
    crew.go_to(MONDAY)
    before = sum(everybody(crew).values())
    reach_out(crew, "group the errors")
    crew.go_to(TUESDAY)  # the fourteenth of July
    assert sum(everybody(crew).values()) == before + 1, "the desk's channel, where nobody keeps it"
    crew.go_to(WEDNESDAY)
    assert "group the errors" in reminders(crew, triage(crew))[-1]["text"]


def test_each_is_reminded_at_ten_where_they_are(crew: World) -> None:
    settle(crew, "sam", zone="America/New_York")
    with crew.db.begin() as session:
        session.execute(update(Team).where(Team.name == "Crew").values(zone="Asia/Tokyo"))
    first = triage(crew)
    settle(crew, first, zone="Europe/Berlin")
    settle(crew, "sam", zone="America/New_York")
    crew.go_to(FRIDAY)
    assert everybody(crew) == {first: 1}
    crew.go_to("2026-07-13 01:00:00")
    assert everybody(crew) == {first: 1, "team-crew": 1}, "ten in Tokyo"
    crew.go_to("2026-07-14 13:59:00")
    assert sum(everybody(crew).values()) == 2
    crew.go_to("2026-07-14 14:00:00")
    assert "you lead PostHog AI" in reminders(crew, "sam")[-1]["text"], "ten in New York"


# --- looking again ----------------------------------------------------------------------------------------------


def test_what_is_claimed_before_it_fires_is_not_reminded_of_and_counts_for_the_claimer(crew: World) -> None:
    crew.person("tom").press("I'll take it", crew.card(CHANNEL, "summarise"))
    crew.go_to(FRIDAY)
    assert everybody(crew) == {}
    crew.go_to(MONDAY)
    assert everybody(crew) == {"tom": 1}
    assert "you're on it" in reminders(crew, "tom")[0]["text"]


def test_what_is_settled_between_planning_and_posting_is_not_posted(crew: World) -> None:
    crew.hands.move_to(FRIDAY)
    assert nudges.plan(crew.db, clock.now) == 1
    crew.person("ada").click("request_menu", message=crew.slack.messages(CHANNEL)[-1], select="details:1")
    crew.person("ada").click("request_withdraw")
    assert everybody(crew) == {}


def test_a_request_that_waits_on_nobody_is_looked_at_once_more_and_never_again(crew: World) -> None:
    with crew.db.begin() as session:
        session.execute(update(Request).values(waiting_on="nobody"))
    crew.hands.move_to(FRIDAY)
    assert nudges.plan(crew.db, clock.now) == 1
    assert nudges.plan(crew.db, clock.now) == 0
    assert request(crew).nudge_at is None


def test_after_a_snooze_nobody_is_reminded_before_its_day_and_somebody_then(crew: World) -> None:
    first = triage(crew)
    crew.go_to(FRIDAY)
    person = crew.person(first)
    person.press("Snooze", reminders(crew, first)[0])
    assert person.submit(until="2026-07-18") == {}  # a Saturday
    assert "💤 snoozed until Sat 18 Jul" in reminders(crew, first)[0]["text"]
    for day in (MONDAY, TUESDAY, THURSDAY, "2026-07-18 08:00:00"):
        crew.go_to(day)
    assert everybody(crew) == {first: 1}
    crew.go_to("2026-07-20 08:00:00")
    assert everybody(crew) == {first: 1, "team-crew": 1}
    assert "snoozed" not in card(crew)


def test_a_snooze_after_the_last_reminder_brings_the_last_one_back(crew: World) -> None:
    for day in (FRIDAY, MONDAY, TUESDAY):
        crew.go_to(day)
    sam = crew.person("sam")
    sam.press("Snooze", reminders(crew, "sam")[-1])
    assert sam.submit(until="2026-07-20") == {}
    before = len(reminders(crew, "sam"))
    crew.go_to("2026-07-20 08:00:00")
    assert len(reminders(crew, "sam")) == before + 1
    crew.go_to("2026-07-21 08:00:00")
    assert len(reminders(crew, "sam")) == before + 1


# --- who is not there -------------------------------------------------------------------------------------------


def test_while_the_claimer_is_away_who_has_triage_is_told_so_and_takes_it_over(crew: World) -> None:
    other = triage(crew)
    crew.person(other).press("I'll take it", crew.card(CHANNEL, "summarise"))
    crew.person(other).command("/sprint away until 24 july")
    crew.go_to(MONDAY)
    first = triage(crew)
    [message] = [each for each in reminders(crew, first) if "summarise" in each["text"]]
    assert f"{crew.slack.user(other).shown} is away until Fri 24 Jul: take it over?" in message["text"]
    crew.person(first).click("request_menu_1", message=message, select="Take over")
    assert "✅" in reminders(crew, first)[-1]["text"]
    assert request(crew).claimer_id == crew.id(first)


def test_an_asker_is_reminded_twice_and_then_the_lead_of_their_team(crew: World) -> None:
    crew.person("noor").command("/reach-out group the errors")
    crew.post()
    crew.person("mia").click("request_menu", message=crew.card(CHANNEL, "group"), select="Ask something")
    assert crew.person("mia").submit(text="Which errors?") == {}
    for day in (FRIDAY, MONDAY, TUESDAY, WEDNESDAY):
        crew.go_to(day)
    mine = [each for each in reminders(crew, "noor") if "group" in each["text"]]
    assert len(mine) == 2
    assert "Mia asked something in the thread" in mine[0]["text"]
    assert [each["text"]["text"] for each in mine[0]["blocks"][2]["elements"]] == [
        "Answer in the thread",
        "Snooze",
        "Take it back",
    ]
    crew.go_to("2026-07-17 08:00:00")
    assert "you lead Replay, and Noor has got two reminders" in reminders(crew, "ada")[-1]["text"]


def test_when_nobody_is_left_to_ask_the_desk_is_told(crew: World) -> None:
    """Ada leads Replay herself, so after two reminders only the desk is left."""
    crew.person("mia").click("request_menu", message=crew.card(CHANNEL, "summarise"), select="Ask something")
    assert crew.person("mia").submit(text="Which?") == {}
    for day in (MONDAY, WEDNESDAY, "2026-07-17 08:00:00"):
        crew.go_to(day)
    assert len(reminders(crew, "ada")) == 2
    assert "Ada has got two reminders of a question in the thread: decide without" in reminders(crew, "sam")[-1]["text"]


def test_when_nobody_at_all_is_there_it_is_looked_at_again_the_next_morning(crew: World) -> None:
    for name in ("mia", "sam", "tom"):
        crew.person(name).command("/sprint away until 13 july")
    with crew.db.begin() as session:
        session.execute(update(Team).where(Team.name == "Crew").values(channel_lost="archived"))
    crew.go_to(FRIDAY)
    crew.go_to(MONDAY)
    assert everybody(crew) == {}
    assert request(crew).nudged == 0
    crew.go_to(TUESDAY)
    assert everybody(crew) == {triage(crew): 1}


def test_the_owner_of_a_decision_is_reminded_with_a_link_and_snooze(crew: World) -> None:
    with crew.db.begin() as session:
        made = Decision(request_id=1, mode=Mode.BUILD, words="x", by_id=crew.id("sam"), at=clock.now())
        made.due_on, made.person_id = date(2026, 7, 9), crew.id("tom")
        session.add(made)
        row = requests.locked(session, 1)
        row.state = State.DECIDED
        session.flush()
        waiting_on.give(session, row, Ball.OWNER, now=clock.now())
    crew.go_to(FRIDAY)
    assert everybody(crew) == {"tom": 1}
    [message] = reminders(crew, "tom")
    assert "it is due on Thu 9 Jul: is it done?" in message["text"]
    assert [each["text"]["text"] for each in message["blocks"][2]["elements"]] == ["Open it", "Snooze"]


def test_leads_in_two_zones_are_each_reminded_in_their_own_morning_and_once_a_day(crew: World) -> None:
    second = desk(crew, "Array", team="Replay", lead="ada")
    settle(crew, "ada", zone="America/New_York", country="US")
    crew.hands.move_to("2026-09-03 08:00:00")  # a Thursday; on Monday 7 September people in America celebrate work
    with crew.db.begin() as session:
        row = requests.locked(session, 1)
        session.add(
            Routing(request_id=1, from_desk_id=second, to_desk_id=1, why="x", by_id=crew.id("sam"), at=clock.now())
        )
        session.flush()
        row = requests.locked(session, 1)
        waiting_on.give(session, row, Ball.LEADS, now=clock.now())
        row.nudge_at = datetime(2026, 9, 7, 8, tzinfo=UTC)  # ten o'clock in Berlin
    before = everybody(crew)
    crew.go_to("2026-09-07 08:00:00")
    crew.go_to("2026-09-07 14:30:00")
    assert everybody(crew) == {**before, "sam": before.get("sam", 0) + 1}, "it is a holiday where Ada is"
    crew.go_to("2026-09-08 08:00:00")
    crew.go_to("2026-09-08 14:00:00")
    assert everybody(crew) == {**before, "sam": before.get("sam", 0) + 2, "ada": 1}
    assert reminders(crew, "ada")[0]["text"].count("summarise tickets") == 1


# --- one message ------------------------------------------------------------------------------------------------


def test_twelve_requests_are_one_message_in_which_ten_can_be_acted_on(crew: World) -> None:
    reach_out(crew, *(f"Number {number}" for number in range(2, 13)))
    first = triage(crew)
    crew.go_to(FRIDAY)
    assert everybody(crew) == {first: 1}
    [message] = reminders(crew, first)
    assert "12 requests wait on you" in message["text"]
    assert sum("accessory" in block for block in message["blocks"]) == 10, "each behind its own three dots"
    assert list(buttons(message)) == []
    assert "• <" in str(message["blocks"])
    assert "#12 Number 12" in str(message["blocks"])
    person = crew.person(first)
    person.click("request_menu_3", message=message, select="I'll take it")
    [message] = reminders(crew, first)
    assert "11 requests wait on you" in message["text"]
    assert "#3 Number 3>: ✅" in message["text"]


def test_two_replicas_that_plan_at_once_post_one_message(crew: World) -> None:
    reach_out(crew, *(f"Number {number}" for number in range(2, 32)))
    crew.hands.move_to(FRIDAY)
    crew.at_once(*[lambda: nudges.plan(crew.db, clock.now)] * 2)
    assert everybody(crew) == {triage(crew): 1}
    assert "31 requests wait on you" in reminders(crew, triage(crew))[0]["text"]
    with crew.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Nudge)) == 31


def test_what_comes_a_minute_later_still_stands_in_the_same_message(crew: World) -> None:
    first = triage(crew)
    crew.go_to(FRIDAY)
    with crew.db.begin() as session:
        session.execute(update(Request).values(nudge_at=clock.now(), waiting_since=clock.now(), nudged=0))
    reach_out(crew, "Number 2")
    with crew.db.begin() as session:
        session.execute(update(Request).where(Request.id == 2).values(nudge_at=clock.now()))
    crew.go_to("2026-07-10 08:01:00")
    assert everybody(crew) == {first: 1}
    assert "Number 2" in reminders(crew, first)[0]["text"]


def test_a_second_message_on_a_day_waits_for_the_next_working_morning(crew: World) -> None:
    first = triage(crew)
    crew.go_to(FRIDAY)
    reach_out(crew, "Number 2")
    with crew.db.begin() as session:
        session.execute(update(Request).where(Request.id == 2).values(nudge_at=clock.now()))
    crew.go_to("2026-07-10 12:00:00")
    assert len(reminders(crew, first)) == 1
    assert "Number 2" not in reminders(crew, first)[0]["text"]
    crew.go_to(MONDAY)
    assert "Number 2" in reminders(crew, triage(crew))[-1]["text"]


# --- the week's triage --------------------------------------------------------------------------------------------


def told(world: World, name: str) -> list[str]:
    """What somebody's DM says of their triage, or of what waits on them."""
    world.post()
    return [each["text"] for each in world.person(name).dms if "triage" in each["text"] or "wait" in each["text"]]


def asked_on_friday(world: World) -> None:
    """One more request, which waits over the weekend: Sam has triage by the time when somebody is reminded of it."""
    world.hands.move_to("2026-07-10 12:00:00")
    reach_out(world, "a model for titles")


def test_on_monday_who_has_triage_reads_of_it_and_of_what_waits_in_one_message(crew: World) -> None:
    asked_on_friday(crew)
    crew.go_to("2026-07-13 07:05:00")
    assert told(crew, "sam") == []
    crew.go_to(MONDAY)
    crew.go_to("2026-07-13 08:02:00")
    crew.go_to("2026-07-13 15:00:00")
    (message,) = told(crew, "sam")
    first, second, *_ = message.splitlines()
    assert first.startswith("You have triage at PostHog AI this week")
    assert second == "*2 requests wait on you*"
    assert "a model for titles" in message
    buttons = str(reminders(crew, "sam")[-1]["blocks"])
    assert all(words in buttons for words in ("Rota", "I'll take it", "Snooze"))


def test_where_nothing_waits_it_is_told_alone(crew: World) -> None:
    settle_all(crew)
    crew.go_to(MONDAY)
    crew.go_to("2026-07-13 08:02:00")
    (message,) = told(crew, "sam")
    assert message.startswith("You have triage at PostHog AI this week")


def settle_all(world: World) -> None:
    """Nothing waits on anybody."""
    with world.db.begin() as session:
        session.execute(update(Request).values(nudge_at=None, waiting_on=Ball.NOBODY))


def test_what_is_settled_in_the_moment_of_posting_leaves_the_week_told(crew: World) -> None:
    asked_on_friday(crew)
    crew.go_to("2026-07-13 07:05:00")
    crew.hands.move_to(MONDAY)
    nudges.plan(crew.db, clock.now)
    settle_all(crew)
    crew.go_to("2026-07-13 08:02:00")
    (message,) = told(crew, "sam")
    assert message.startswith("You have triage at PostHog AI this week")
    assert "wait on" not in message


def test_a_reminder_that_comes_after_it_was_told_waits_for_the_next_morning(crew: World) -> None:
    settle_all(crew)
    crew.go_to("2026-07-13 08:02:00")
    reach_out(crew, "a model for titles")
    with crew.db.begin() as session:
        session.execute(update(Request).where(Request.title == "a model for titles").values(nudge_at=clock.now()))
    crew.go_to("2026-07-13 09:00:00")
    assert len(told(crew, "sam")) == 1
    crew.go_to(TUESDAY)
    assert "a model for titles" in told(crew, "sam")[-1]
    assert "You have triage" not in told(crew, "sam")[-1]


def test_who_has_triage_at_two_desks_reads_one_message(crew: World) -> None:
    settle_all(crew)
    desk(crew, "Array", owns="Agents", team="Crew", lead="sam")
    crew.go_to("2026-07-13 07:05:00")
    crew.go_to("2026-07-13 08:02:00")
    for name in ("sam", "mia", "tom"):
        assert len([text for text in told(crew, name) if "You have triage" in text and "Array" in text]) <= 1
    both = [text for name in ("sam", "mia", "tom") for text in told(crew, name) if "PostHog AI and Array" in text]
    one = [text for name in ("sam", "mia", "tom") for text in told(crew, name) if "You have triage" in text]
    assert both or len(one) == 2


# --- downtime ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("back", "told"),
    [("2026-07-10 15:30:00", FRIDAY), ("2026-07-10 20:00:00", MONDAY), ("2026-07-12 11:00:00", MONDAY)],
)
def test_after_downtime_it_comes_late_in_the_daytime_or_on_the_next_morning(crew: World, back: str, told: str) -> None:
    on_friday = triage(crew)
    crew.go_to(back)
    assert everybody(crew) == ({triage(crew): 1} if told == FRIDAY else {})
    crew.go_to(MONDAY)
    assert everybody(crew) == ({triage(crew): 1} if told == MONDAY else {on_friday: 1, "team-crew": 1})


def test_a_reply_that_is_lost_leaves_one_message(crew: World) -> None:
    crew.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    crew.go_to(FRIDAY)
    crew.go_to("2026-07-10 08:05:00")
    assert everybody(crew) == {triage(crew): 1}


def test_a_tick_with_nothing_to_do_writes_nothing(crew: World) -> None:
    with crew.db.read() as session:
        before = session.execute(select(Post.key, Post.wanted)).all()
    assert nudges.plan(crew.db, clock.now) == 0
    with crew.db.read() as session:
        assert session.execute(select(Post.key, Post.wanted)).all() == before


def test_the_demos_clock_stops_where_somebody_is_reminded(crew: World) -> None:
    with crew.db.begin() as session:
        session.execute(update(Team).values(next_at=None))
    assert rhythm.following(crew.db, clock.now) == request(crew).nudge_at
