"""Who joins a team in mid-sprint gets exactly one message, and is waited for in the next turn."""

from typing import Any

import pytest

from bot.domain.calendar.cadence import PromptKind
from tests.jobs.test_rhythm import asked, move, nothing_new, set_team
from tests.retro import ASKS, REMINDS, REVEALS, begin
from tests.stories import After
from tests.world import World


@pytest.fixture
def replay(after: After) -> World:
    """Ada, Lee and Noor in the middle of their first sprint, 13–24 July, on Monday the 20th."""
    return after(begin)


def join(world: World, name: str, team: str = "Replay") -> None:
    """Take a seat."""
    person = world.person(name)
    person.command(f"/small-team join {team}")
    assert person.submit() == {}
    person.close_all()
    world.post()


def told(world: World, name: str) -> list[str]:
    """What the bot wrote to somebody."""
    world.post()
    return [each["text"] for each in world.person(name).dms]


def newest(world: World, name: str) -> dict[str, Any]:
    """The newest message to somebody."""
    world.post()
    return world.person(name).dms[-1]


def buttons(message: dict[str, Any]) -> list[str]:
    """The words of a message's buttons."""
    elements = [each for block in message["blocks"] for each in block.get("elements", [])]
    return [each["text"]["text"] for each in elements if each["type"] == "button"]


def test_one_message_holds_the_plan_the_retros_door_and_the_way_to_a_plan_of_ones_own(replay: World) -> None:
    join(replay, "tom")
    (text,) = told(replay, "tom")
    assert text.splitlines() == [
        "Welcome to Replay! *13–24 July* runs: Playback first.",
        "Add what you work on when you like; nobody waits for it.",
        "On Fri 24 July you wrap up and plan with the others.",
    ]
    assert buttons(newest(replay, "tom")) == ["Write my plan", "Show the plan", "Write a retro note"]
    for moment in ("2026-07-21 07:00:00", "2026-07-21 08:00:00", "2026-07-22 12:00:00", "2026-07-23 08:00:00"):
        replay.go_to(moment)
    assert len(told(replay, "tom")) == 1


def test_its_buttons_lead_to_the_plan_and_to_the_notes(replay: World) -> None:
    join(replay, "tom")
    tom, message = replay.person("tom"), newest(replay, "tom")
    tom.press("Show the plan", message)
    assert "Timeline" in str(tom.view)
    tom.close_all()
    tom.press("Write a retro note", message)
    assert tom.submit(better="Nobody told me of the wiki") == {}
    tom.close_all()
    tom.press("Write my plan", message)
    assert tom.submit(high="Learn the player") == {}
    tom.close_all()
    assert "Learn the player" in replay.card("team-replay", "Playback first")["text"]
    assert "Your plan is in." in newest(replay, "tom")["text"]
    assert "Write my plan" not in buttons(newest(replay, "tom"))


def test_they_are_waited_for_in_the_next_turn_and_its_message_shrinks_the_welcome(replay: World) -> None:
    join(replay, "tom")
    replay.go_to(ASKS)
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee", "Noor", "Tom"]
    assert "Write my plan" not in buttons(replay.person("tom").dms[0])
    nothing_new(replay, "ada", "lee", "noor")
    assert asked(replay, PromptKind.LEAD) == [], "Tom has not answered"
    replay.go_to(REMINDS)
    assert asked(replay, PromptKind.REMINDER) == ["Tom"]
    replay.go_to(REVEALS)
    assert asked(replay, PromptKind.LEAD) == ["Ada"]
    assert len(told(replay, "tom")) == 3, "the welcome in one sprint, two messages in the next"


def test_at_night_and_on_a_weekend_it_comes_in_working_hours(replay: World) -> None:
    replay.go_to("2026-07-21 19:00:00")
    join(replay, "tom")
    assert told(replay, "tom") == []
    replay.go_to("2026-07-22 06:59:00")
    assert told(replay, "tom") == []
    replay.go_to("2026-07-22 07:00:00")
    assert len(told(replay, "tom")) == 1


def test_on_the_day_of_the_turn_the_turn_is_the_one_message(replay: World) -> None:
    replay.go_to("2026-07-24 07:00:00")
    join(replay, "tom")
    assert told(replay, "tom") == []
    replay.go_to(ASKS)
    assert len(told(replay, "tom")) == 1
    assert "27 July–7 August" in told(replay, "tom")[0]


def test_after_the_turn_of_the_day_they_are_asked_at_once_and_not_told_that_it_is_late(replay: World) -> None:
    replay.go_to(ASKS)
    replay.go_to("2026-07-24 12:00:00")
    join(replay, "tom")
    replay.go_to("2026-07-24 12:01:00")
    (text,) = told(replay, "tom")
    assert "27 July–7 August" in text
    assert "sorry that it comes late" not in str(newest(replay, "tom"))
    nothing_new(replay, "ada", "lee", "noor")
    assert asked(replay, PromptKind.LEAD) == [], "they wait for Tom"


def test_between_turn_and_reminder_the_reminder_is_the_one_message(replay: World) -> None:
    replay.go_to(ASKS)
    replay.go_to("2026-07-25 10:00:00")
    join(replay, "tom")
    replay.go_to(REMINDS)
    assert len(told(replay, "tom")) == 1
    assert "A reminder" not in told(replay, "tom")[0]


def test_joining_twice_is_one_message(replay: World) -> None:
    join(replay, "tom")
    tom = replay.person("tom")
    tom.command("/small-team leave")
    assert tom.submit() == {}
    tom.close_all()
    join(replay, "tom")
    assert len(told(replay, "tom")) == 1


def test_in_a_paused_team_nobody_is_welcomed_and_after_it_everybody_is_asked(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team pause")
    assert ada.submit(because="Offsite") == {}
    ada.close_all()
    join(replay, "tom")
    assert told(replay, "tom") == []
    ada.command("/small-team resume")
    replay.go_to("2026-07-20 09:00:00")
    assert len(told(replay, "tom")) == 1


def test_somebody_in_another_zone_reads_it_in_their_own_morning(replay: World) -> None:
    move(replay, "tom", "America/New_York")
    join(replay, "tom")
    assert told(replay, "tom") == []
    replay.go_to("2026-07-20 13:00:00")
    assert len(told(replay, "tom")) == 1


# --- a team begins ------------------------------------------------------------------------------------------------


def test_a_team_that_gets_its_second_member_is_asked_about_the_running_sprint_at_once(world: World) -> None:
    world.set_up()
    world.team("ada")
    world.go_to("2026-07-14 08:00:00")  # the Tuesday of its first sprint, 13–24 July
    join(world, "lee")
    world.go_to("2026-07-14 08:05:00")
    for name in ("ada", "lee"):
        (text,) = [text for text in told(world, name) if "13–24 July" in text]
        assert text.startswith("What do you plan for *Replay, 13–24 July*?")
    assert not any("Welcome" in text for text in told(world, "lee"))


def test_with_less_than_half_of_it_ahead_it_waits_for_its_turn_and_the_newcomer_is_welcomed(world: World) -> None:
    world.set_up()
    world.team("ada")
    world.go_to("2026-07-21 08:00:00")
    join(world, "lee")
    world.go_to("2026-07-21 08:05:00")
    assert asked(world, PromptKind.TURN) == []
    (text,) = told(world, "lee")
    assert text.startswith("Welcome to Replay! *13–24 July* runs.")
    world.go_to(ASKS)
    assert asked(world, PromptKind.TURN) == ["Ada", "Lee"]


def test_a_team_that_chooses_another_channel_after_losing_its_own_is_asked_at_once(replay: World) -> None:
    replay.go_to("2026-07-24 07:00:00")
    set_team(replay, channel_lost="archived", next_at=None)
    replay.go_to(REMINDS)
    assert asked(replay, PromptKind.TURN) == asked(replay, PromptKind.REMINDER) == []
    replay.slack.add_channel("team-new", members=[replay.id("ada")])
    ada = replay.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(channel=replay.slack.channel("team-new").id) == {}
    ada.close_all()
    replay.go_to("2026-07-27 07:05:00")
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee", "Noor"]
