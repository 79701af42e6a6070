"""The clock asks: each thing once, of whom it concerns, at their own ten o'clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.domain.calendar.cadence import PromptKind
from bot.platform import clock
from jobs import rhythm
from models.company import Away, AwaySource, Person
from models.outbox import Post, PostState
from models.teams import Lost, Team
from tests.retro import begin, sprint_ends
from tests.stories import After
from tests.world import World

# The team's first sprint runs 13–24 July; the second one, 27 July–7 August, is planned from Thursday 23 July on.
OPENS = "2026-07-23 08:00:00"  # ten o'clock in Berlin
REMINDS = "2026-07-24 08:00:00"
LEADS = "2026-07-24 12:00:00"
BEGINS = "2026-07-27 07:30:00"


def planning_opens(world: World) -> None:
    """All three are asked for their plans of the second sprint."""
    world.go_to(OPENS)


@pytest.fixture
def replay(after: After) -> World:
    """Ada, Lee and Noor in the middle of their first sprint, of which Ada and Lee have unfinished items."""
    return after(begin)


@pytest.fixture
def opened(after: After) -> World:
    """The same three when planning of their second sprint has opened."""
    return after(begin, planning_opens)


@pytest.fixture
def ended(after: After) -> World:
    """The same three at the end of their first sprint."""
    return after(begin, sprint_ends)


def dms(world: World, name: str, containing: str = "27 July") -> list[str]:
    """What the bot's messages to somebody say, those that hold these words."""
    return [message["text"] for message in world.person(name).dms if containing in message["text"]]


def newest(world: World, name: str, containing: str = "27 July") -> dict[str, Any]:
    """The newest message to somebody with these words."""
    return next(message for message in reversed(world.person(name).dms) if containing in message["text"])


def asked(world: World, kind: PromptKind) -> list[str]:
    """Who was asked this, by name, in alphabetical order; a name for each post that was sent."""
    with world.db.read() as session:
        query = select(Person.name).join(Post, Post.channel_id == Person.id)
        return list(session.scalars(query.where(Post.card == kind, Post.message_ts.is_not(None)).order_by(Person.name)))


def move(world: World, name: str, zone: str) -> None:
    """Somebody works in another zone now, as Slack tells us."""
    world.slack.change_user(name, tz=zone)
    world.meet()


# --- planning ---------------------------------------------------------------------------------------------------


def test_planning_opens_two_working_days_before_with_what_is_unfinished_and_three_buttons(replay: World) -> None:
    replay.go_to("2026-07-23 07:59:00")
    assert dms(replay, "ada") == []
    replay.go_to(OPENS)
    assert dms(replay, "ada") == [
        "Planning is open: *Replay, 27 July–7 August*\nUnfinished from last time:\n⚪ Timeline\n⚪ Changelog"
    ]
    assert all(words in str(newest(replay, "ada")) for words in ("Same again", "Write my plan", "I'm off"))
    assert "Nothing is left over" in dms(replay, "noor")[0]
    assert "Same again" not in str(newest(replay, "noor"))
    assert "Nobody has written a plan yet." in replay.card("team-replay", "27 July")["text"]


def test_same_again_is_one_click_and_the_message_says_so_at_once(opened: World) -> None:
    edits = len(opened.slack.calls)
    opened.person("ada").press("Same again", newest(opened, "ada"))
    assert "chat.update" not in {call.method for call in opened.slack.calls[edits:]}
    assert dms(opened, "ada") == [
        "Your plan for *Replay, 27 July–7 August* is in.\n⚪ Timeline _(carried over)_\n⚪ Changelog _(carried over)_"
    ]
    assert "⚪ Timeline — Ada" in opened.card("team-replay", "27 July")["text"]
    assert "Waiting for Lee and Noor." in opened.card("team-replay", "27 July")["text"]


def test_same_again_pressed_twice_at_once_carries_everything_once(opened: World) -> None:
    message, ada = newest(opened, "ada"), opened.person("ada")
    opened.at_once(lambda: ada.press("Same again", message), lambda: ada.press("Same again", message))
    assert opened.card("team-replay", "27 July")["text"].count("Timeline") == 1


def test_somebody_elses_prompt_cannot_be_answered_by_a_forged_press(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion")
    replay.go_to(OPENS)
    message = newest(replay, "lee")
    button = next(e for block in message["blocks"] for e in block.get("elements", []) if e.get("action_id"))
    forged = {**button, "value": f"{replay.team_id('Ingestion')}:2026-07-27"}
    replay.forge_press("lee", message, forged)
    assert "Only people of Ingestion can plan its sprint." in str(replay.person("lee").view)
    forged = {**button, "value": f"{replay.team_id('Replay')}:2026-07-26"}
    replay.forge_press("lee", message, forged)
    assert "Copy your lines and open it again" in str(replay.person("lee").view)


def test_who_is_off_says_so_with_one_click_and_is_not_waited_for(opened: World) -> None:
    opened.person("noor").press("I'm off", newest(opened, "noor"))
    assert dms(opened, "noor") == ["You are off for *Replay, 27 July–7 August*, and nobody waits for your plan. Enjoy!"]
    card = opened.card("team-replay", "27 July")
    assert "Off: Noor" in str(card)
    assert "Waiting for" not in card["text"] or "Noor" not in card["text"].split("Waiting for")[1]
    opened.go_to(REMINDS)
    assert len(dms(opened, "noor")) == 1


def test_the_message_says_what_was_answered_in_the_form_too(opened: World) -> None:
    opened.plan("lee", high="Second frame")
    opened.post()
    assert "Second frame" in dms(opened, "lee")[0]
    assert dms(opened, "lee")[0].startswith("Your plan")


def test_who_has_answered_is_not_reminded_and_nobody_is_reminded_twice(opened: World) -> None:
    opened.person("ada").press("Same again", newest(opened, "ada"))
    for day in (24, 27, 28, 29, 30):
        opened.go_to(f"2026-07-{day} 08:00:00")
        opened.go_to(f"2026-07-{day} 14:00:00")
    assert asked(opened, PromptKind.PLANNING) == ["Ada", "Lee", "Noor"]
    assert asked(opened, PromptKind.REMINDER) == ["Lee", "Noor"]


def test_who_answers_between_the_planning_of_a_reminder_and_its_posting_gets_none(opened: World) -> None:
    opened.hands.move_to(REMINDS)
    rhythm.plan(opened.db, clock.now)
    opened.plan("lee", high="In time")
    opened.post()
    assert asked(opened, PromptKind.REMINDER) == ["Ada", "Noor"]


def test_everybody_is_asked_at_their_own_ten_o_clock(replay: World) -> None:
    move(replay, "lee", "America/New_York")
    move(replay, "noor", "Pacific/Auckland")
    replay.go_to("2026-07-22 21:59:00")
    assert asked(replay, PromptKind.PLANNING) == []
    replay.go_to("2026-07-22 22:00:00")
    assert asked(replay, PromptKind.PLANNING) == ["Noor"]
    replay.go_to(OPENS)
    assert asked(replay, PromptKind.PLANNING) == ["Ada", "Noor"]
    replay.go_to("2026-07-23 14:00:00")
    assert asked(replay, PromptKind.PLANNING) == ["Ada", "Lee", "Noor"]


def test_a_zone_that_changes_on_the_day_asks_nobody_twice_and_leaves_nobody_out(opened: World) -> None:
    move(opened, "ada", "America/New_York")
    opened.go_to("2026-07-23 14:00:00")
    assert asked(opened, PromptKind.PLANNING) == ["Ada", "Lee", "Noor"]


def test_a_late_answer_is_taken_and_marked_as_late(opened: World) -> None:
    opened.finalize("ada", "Speed first.")
    opened.go_to("2026-07-28 08:00:00")
    opened.person("lee").press("Same again", newest(opened, "lee"))
    card = opened.card("team-replay", "Speed first")
    assert "Came late: Lee." in card["text"]
    assert opened.texts("team-replay", card["ts"])[-1] == "Lee's plan came late:\n• First frame"


# --- the lead ---------------------------------------------------------------------------------------------------


def test_the_lead_is_asked_the_day_before_and_reads_who_answered_and_what_was_carried(opened: World) -> None:
    for name in ("ada", "lee"):
        opened.person(name).press("Same again", newest(opened, name))
    opened.go_to(LEADS)
    [text] = dms(opened, "ada", "yours to finalize")
    assert "2 plans in; still to come: Noor." in text
    assert "• First frame — Lee _(carried over)_" in text
    assert dms(opened, "lee", "yours to finalize") == []
    opened.person("ada").press("Finalize", newest(opened, "ada", "yours to finalize"))
    opened.person("ada").submit(direction="Speed first.")
    opened.post()
    assert dms(opened, "ada", "is final. Thank you!") != []
    opened.go_to(BEGINS)
    assert dms(opened, "ada", "begins today") == []


def test_a_plan_that_touches_another_team_is_shown_to_its_lead(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion")
    replay.go_to(OPENS)
    replay.plan("yuki", high="New consumers")
    replay.finalize("yuki", "Move on.", impacted="replay: a new topic to read\nMobile: nothing")
    replay.go_to(LEADS)
    assert "What touches you:\n• Ingestion: replay: a new topic to read" in dms(replay, "ada", "yours to finalize")[0]


def test_a_plan_that_is_still_open_at_the_start_gets_one_nudge(opened: World) -> None:
    opened.go_to(BEGINS)
    opened.go_to("2026-07-28 07:30:00")
    assert len(dms(opened, "ada", "begins today")) == 1
    assert "Replay: not posted yet" in opened.card("sprints", "Sprints 27 July")["text"]


# --- marks ------------------------------------------------------------------------------------------------------


def test_the_end_of_the_sprint_asks_for_marks_and_one_click_is_one_mark(ended: World) -> None:
    ada = ended.person("ada")
    message = newest(ended, "ada", "ends. How far did you get?")
    item = ended.first_item_id("Timeline")
    ada.click(f"prompt_mark_{item}_finished", message=message)
    assert "🟢 Timeline\n⚪ Changelog" in newest(ended, "ada", "ends.")["text"]
    assert "🟢 Timeline — Ada" in ended.card("team-replay", "Playback first")["text"]
    assert "How was it?" in dms(ended, "noor", "ends.")[0], "who planned nothing may have something to say"


def test_marks_are_taken_over_the_weekend_and_then_the_sprint_closes_by_itself(ended: World) -> None:
    message = newest(ended, "ada", "ends.")
    ended.go_to("2026-07-27 08:00:00")
    ada = ended.person("ada")
    ada.click(f"prompt_mark_{ended.first_item_id('Timeline')}_finished", message=message)
    assert "🟢 Timeline — Ada" in ended.card("team-replay", "Playback first")["text"]
    ended.go_to("2026-07-27 22:00:01")
    assert "Closed: 🟢 1 · ⚪ 2" in ended.card("team-replay", "Playback first")["text"]
    ada.click(f"prompt_mark_{ended.first_item_id('Changelog')}_finished", message=newest(ended, "ada", "ends."))
    assert "This sprint is closed" in str(ada.view)


def test_somebody_elses_item_is_not_marked_from_a_prompt(ended: World) -> None:
    lee, message = ended.person("lee"), newest(ended, "lee", "ends.")
    with pytest.raises(Exception, match="prompt_mark"):
        lee.click(f"prompt_mark_{ended.first_item_id('Timeline')}_finished", message=message)


def test_a_mark_set_elsewhere_shows_in_the_prompt(ended: World) -> None:
    ended.mark("lee", "First frame", "In progress")
    ended.post()
    assert "🟡 First frame" in newest(ended, "lee", "ends.")["text"]


def test_nobody_is_asked_halfway_unless_the_team_wants_it(replay: World) -> None:
    replay.go_to("2026-07-20 12:00:00")
    assert asked(replay, PromptKind.MIDWAY) == []


def test_a_team_that_wants_it_is_asked_for_marks_halfway(world: World) -> None:
    world.team("ada", "lee")
    with world.db.begin() as session:
        session.execute(update(Team).values(checks_midway=True))
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    world.go_to("2026-07-20 12:00:00")  # the middle is a Saturday, so it is the Monday after
    assert asked(world, PromptKind.MIDWAY) == ["Ada"]
    assert "is half over. How far are you?" in str(world.person("ada").dms)
    item = world.item_id("Timeline")
    world.person("ada").click(f"prompt_mark_{item}_in_progress", message=newest(world, "ada", "half over"))
    assert "half over" in newest(world, "ada", "🟡 Timeline")["text"]


# --- who is not asked -------------------------------------------------------------------------------------------


def away(world: World) -> None:
    with world.db.begin() as session:
        session.add(Away(person_id=world.id("lee"), source=AwaySource.SAID, starts_at=clock.now(), ends_at=None))


def deactivated(world: World) -> None:
    world.slack.change_user("lee", deleted=True)
    world.meet()


def left(world: World) -> None:
    lee = world.person("lee")
    lee.command("/small-team leave")
    lee.submit()
    lee.close_all()


@pytest.mark.parametrize("state", [away, deactivated, left])
def test_who_is_away_deactivated_or_gone_is_not_asked(replay: World, state: Callable[[World], None]) -> None:
    state(replay)
    for moment in (OPENS, REMINDS, LEADS):
        replay.go_to(moment)
    assert asked(replay, PromptKind.PLANNING) == ["Ada", "Noor"]
    assert dms(replay, "lee") == []


def set_team(world: World, **values: object) -> None:
    """Change the team behind everybody's back."""
    with world.db.begin() as session:
        session.execute(update(Team).where(Team.name == "Replay").values(values))


@pytest.mark.parametrize(
    "values",
    [{"paused_at": datetime(2026, 7, 20, tzinfo=UTC), "paused_because": "offsite"}, {"channel_lost": Lost.ARCHIVED}],
    ids=["paused", "without a channel"],
)
def test_a_team_that_is_paused_or_lost_its_channel_is_not_asked(replay: World, values: dict[str, object]) -> None:
    set_team(replay, **values)
    for moment in (OPENS, REMINDS, LEADS, BEGINS):
        replay.go_to(moment)
    assert {asked(replay, kind) == [] for kind in PromptKind} == {True}


def test_a_team_that_is_paused_between_planning_and_posting_is_not_asked(replay: World) -> None:
    replay.hands.move_to(OPENS)
    rhythm.plan(replay.db, clock.now)
    set_team(replay, paused_at=clock.now(), paused_because="offsite")
    replay.post()
    assert asked(replay, PromptKind.PLANNING) == []


def test_a_team_of_one_is_not_asked(world: World) -> None:
    world.team("ada")
    world.go_to("2026-07-10 12:00:00")
    assert world.person("ada").dms == []


def test_a_public_holiday_of_the_person_moves_their_prompt_to_the_next_working_day(world: World) -> None:
    world.team("ada", "lee", weeks=1)
    with world.db.begin() as session:
        session.execute(update(Person).where(Person.id == world.id("lee")).values(country="US"))
    world.go_to("2026-11-26 09:00:00")  # Thanksgiving, ten o'clock in Berlin
    assert (asked(world, PromptKind.PLANNING).count("Ada"), asked(world, PromptKind.PLANNING).count("Lee")) == (1, 0)
    world.go_to("2026-11-27 09:00:00")
    assert asked(world, PromptKind.PLANNING).count("Lee") == 1


def test_a_public_holiday_of_the_team_is_no_working_day_of_its_rhythm(world: World) -> None:
    world.team("ada", "lee", weeks=1)
    set_team(world, country="DE")
    world.go_to("2027-03-24 09:00:00")  # two working days before Tuesday, for Friday and Monday are Easter's
    assert asked(world, PromptKind.PLANNING) == ["Ada", "Lee"]


# --- after downtime, and twice ----------------------------------------------------------------------------------


def test_what_is_still_useful_after_downtime_is_posted_late_and_says_so(replay: World) -> None:
    replay.go_to("2026-07-23 12:30:00")
    assert "This was due at 10:00; sorry that it comes late." in str(newest(replay, "ada"))


def test_what_is_stale_after_downtime_is_not_posted_and_the_page_catches_up(replay: World) -> None:
    replay.go_to("2026-07-23 20:30:00")
    assert dms(replay, "ada") == []
    with replay.db.read() as session:
        stale = Post.state == PostState.EXPIRED, Post.card == PromptKind.PLANNING, Post.key.contains("2026-07-27")
        expired = session.scalar(select(func.count()).where(*stale))
    assert expired == 3
    assert "Replay" in replay.card("sprints", "Sprints 27 July")["text"]
    replay.go_to(REMINDS)
    assert asked(replay, PromptKind.REMINDER) == ["Ada", "Lee", "Noor"]


def test_what_was_due_in_the_very_second_for_which_the_clock_was_set_is_not_missed_after_days(replay: World) -> None:
    set_team(replay, next_at=datetime(2026, 7, 23, 8, tzinfo=UTC))
    replay.go_to("2026-07-26 08:00:00")
    assert "Replay" in replay.card("team-replay", "27 July")["text"]


def test_replicas_that_plan_at_once_ask_everybody_once(replay: World) -> None:
    replay.hands.move_to(OPENS)
    replay.at_once(*[lambda: rhythm.plan(replay.db, clock.now)] * 3)
    replay.post()
    assert asked(replay, PromptKind.PLANNING) == ["Ada", "Lee", "Noor"]


def test_a_tick_with_nothing_due_writes_nothing(opened: World) -> None:
    with opened.db.read() as session:
        before = session.scalar(select(func.max(Post.id)))
    opened.hands.tick(timedelta(minutes=5))
    assert rhythm.plan(opened.db, clock.now) == 0
    with opened.db.read() as session:
        assert session.scalar(select(func.max(Post.id))) == before


# --- the company's page -----------------------------------------------------------------------------------------


def test_the_page_is_one_message_a_period_edited_in_place(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion")
    replay.go_to(OPENS)
    page = replay.card("sprints", "Sprints 27 July–7 August 2026")
    assert "Replay: not posted yet" in page["text"]
    replay.plan("ada", high="Timeline 2")
    replay.post()
    assert "Replay: being planned, 1 of 3 have answered" in replay.card("sprints", "Sprints 27 July")["text"]
    replay.finalize("ada", "Speed first.", hero=replay.id("lee"))
    replay.plan("yuki", high="New consumers")
    replay.post()
    text = replay.card("sprints", "Sprints 27 July")["text"]
    assert "Replay: 3 items. Speed first." in text
    assert "Ingestion: not posted yet, 1 item so far" in text
    assert "🦸 Lee" in str(replay.card("sprints", "Sprints 27 July")["blocks"])
    plan = replay.card("team-replay", "Speed first")
    link = f"/archives/{replay.id('team-replay')}/p{plan['ts'].replace('.', '')}|Replay>"
    assert link in str(replay.card("sprints", "Sprints 27 July")["blocks"])
    assert len([text for text in replay.texts("sprints") if "27 July" in text]) == 1


def test_teams_on_one_week_and_on_two_both_sit_right_on_the_page(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion", weeks=1)
    replay.go_to("2026-07-23 08:00:00")
    replay.go_to("2026-07-30 08:00:00")
    text = str(replay.card("sprints", "Sprints 3–7 August")["blocks"])
    assert "27 July–7 August" in text
    assert "3–7 August" in text


def test_a_large_companys_page_has_parts_in_the_thread_of_the_first(world: World) -> None:
    world.set_up()
    world.many_teams(23)
    world.team("ada", "lee", name="Replay")
    world.go_to("2026-07-10 08:00:00")
    page = world.card("sprints", "Sprints")
    parts = world.texts("sprints", page["ts"])
    assert len(parts) == 3
    assert "part 3 of 3" in parts[-1]
    assert "Replay" in parts[-1]
