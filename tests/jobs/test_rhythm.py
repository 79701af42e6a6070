"""One turn a sprint: what happened, what was learned, what comes next. Each is asked once, at their own ten o'clock."""

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
from models.sprints import Sprint
from models.teams import Lost, Team
from tests.retro import ASKS, CLOSES, REMINDS, REVEALS, begin, board, sprint_ends, the_retro, write
from tests.stories import After
from tests.world import World

# The team's first sprint runs 13–24 July; the turn to the second one, 27 July–7 August, comes on Friday 24 July.
NUDGED = "2026-07-28 07:30:00"  # half past nine in Berlin, on Tuesday
PLAN = "27 July"


@pytest.fixture
def replay(after: After) -> World:
    """Ada, Lee and Noor in the middle of their first sprint, of which Ada and Lee have unfinished items."""
    return after(begin)


@pytest.fixture
def asked_all(after: After) -> World:
    """The same three on the sprint's last working day: they are asked."""
    return after(begin, sprint_ends)


def dms(world: World, name: str, containing: str = PLAN) -> list[str]:
    """What the bot's messages to somebody say, those that hold these words."""
    return [message["text"] for message in world.person(name).dms if containing in message["text"]]


def newest(world: World, name: str, containing: str = PLAN) -> dict[str, Any]:
    """The newest message to somebody with these words."""
    return next(message for message in reversed(world.person(name).dms) if containing in message["text"])


def asked(world: World, kind: PromptKind) -> list[str]:
    """Who was asked this, by name, in alphabetical order; a name for each post that was sent."""
    with world.db.read() as session:
        query = select(Person.name).join(Post, Post.channel_id == Person.id)
        return list(session.scalars(query.where(Post.card == kind, Post.message_ts.is_not(None)).order_by(Person.name)))


def live(world: World, name: str) -> list[dict[str, Any]]:
    """The messages to somebody that still ask something: those with *Nothing new*."""
    return [message for message in world.person(name).dms if "Nothing new" in str(message["blocks"])]


def nothing_new(world: World, *names: str) -> None:
    """These people have nothing to add."""
    for name in names:
        world.person(name).press("Nothing new", newest(world, name))
        world.post()


def plan_card(world: World) -> dict[str, Any]:
    """The plan of the second sprint, in the team's channel."""
    return world.card("team-replay", "27 July–7 August 2026")


def move(world: World, name: str, zone: str) -> None:
    """Somebody works in another zone now, as Slack tells us."""
    world.slack.change_user(name, tz=zone)
    world.meet()


def keep_holidays_of(world: World, name: str, country: str) -> None:
    """Somebody keeps the public holidays of a country."""
    with world.db.begin() as session:
        session.execute(update(Person).where(Person.id == world.id(name)).values(country=country))
        session.execute(update(Team).values(next_at=clock.now()))


def set_team(world: World, **values: object) -> None:
    """Change the team behind everybody's back."""
    with world.db.begin() as session:
        session.execute(update(Team).where(Team.name == "Replay").values(values))


def is_revealed(world: World) -> bool:
    """Whether everybody reads the notes of the first sprint's retro."""
    return the_retro(world).revealed_at is not None


# --- the turn ---------------------------------------------------------------------------------------------------


def test_on_the_last_working_day_at_ten_everybody_gets_one_message_with_marks_and_three_buttons(replay: World) -> None:
    replay.go_to("2026-07-24 07:59:00")
    assert dms(replay, "ada") == []
    replay.go_to(ASKS)
    assert dms(replay, "ada") == [
        "Replay: *13–24 July* ends, *27 July–7 August* comes. How far did you get, what did you learn, what's next?\n"
        "⚪ Timeline\n⚪ Changelog"
    ]
    message = newest(replay, "ada")
    assert all(words in str(message) for words in ("Wrap up and plan", "Nothing new", "I'm away"))
    assert str(message["blocks"]).count("static_select") == 2
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee", "Noor"]


def test_who_leaves_the_team_is_asked_nothing_any_more(asked_all: World) -> None:
    lee = asked_all.person("lee")
    lee.command("/small-team leave")
    assert lee.submit() == {}
    asked_all.post()
    assert live(asked_all, "lee") == []


def test_nothing_new_is_one_tap_and_the_message_says_so_at_once(asked_all: World) -> None:
    edits = len(asked_all.slack.calls)
    asked_all.person("ada").press("Nothing new", newest(asked_all, "ada"))
    assert "chat.update" not in {call.method for call in asked_all.slack.calls[edits:]}
    assert dms(asked_all, "ada")[0].startswith(
        "Your plan for *Replay, 27 July–7 August* is in.\n⚪ Timeline _(carried over)_\n⚪ Changelog _(carried over)_"
    )
    assert "⚪ Timeline — Ada _(carried over)_" in str(plan_card(asked_all)["blocks"])
    assert "Waiting for Lee and Noor." in plan_card(asked_all)["text"]


def test_nothing_new_pressed_twice_at_once_carries_everything_once(asked_all: World) -> None:
    message, ada = newest(asked_all, "ada"), asked_all.person("ada")
    asked_all.at_once(lambda: ada.press("Nothing new", message), lambda: ada.press("Nothing new", message))
    assert plan_card(asked_all)["text"].count("Timeline") == 1


def test_a_mark_is_chosen_in_the_message_and_answers_nothing_else(asked_all: World) -> None:
    item = asked_all.first_item_id("Timeline")
    value = f"{item}:finished"
    asked_all.person("ada").click(f"prompt_mark_{item}", select=value, message=newest(asked_all, "ada"))
    assert "🟢 Timeline\n⚪ Changelog" in newest(asked_all, "ada")["text"]
    assert "🟢 Timeline — Ada" in asked_all.card("team-replay", "Playback first")["text"]
    assert "Waiting for" not in plan_card(asked_all)["text"], "nobody has answered"
    assert "Timeline" not in plan_card(asked_all)["text"], "what is finished does not carry over"


def test_one_form_takes_marks_reasons_notes_and_the_plan(asked_all: World) -> None:
    lee, item = asked_all.person("lee"), asked_all.first_item_id("First frame")
    lee.press("Wrap up and plan", newest(asked_all, "lee"))
    lee.fill(**{f"mark_{item}": "wont_finish"})
    assert lee.submit(high="Second frame", side="Tidy up", said_well="Pairing", said_better="Slow deploys") == {
        f"because_{item}": "Please complete this required field."
    }
    assert lee.submit(**{f"because_{item}": "Mobile first"}) == {}
    lee.close_all()
    text = plan_card(asked_all)["text"]
    assert "Second frame" in text
    assert "First frame" not in text
    assert "🔴 1" in asked_all.card("team-replay", "Playback first")["text"]
    nothing_new(asked_all, "ada", "noor")
    assert "Slow deploys — Lee" in board(asked_all)["text"]
    assert "Pairing — Lee" in board(asked_all)["text"]


def test_somebody_elses_prompt_cannot_be_answered_by_a_forged_press(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion")
    replay.go_to(ASKS)
    message = newest(replay, "lee")
    button = next(e for block in message["blocks"] for e in block.get("elements", []) if e.get("action_id"))
    forged = {**button, "action_id": "prompt_again", "value": f"{replay.team_id('Ingestion')}:2026-07-27"}
    replay.forge_press("lee", message, forged)
    assert "Only people of Ingestion can plan its sprint." in str(replay.person("lee").view)
    forged = {**forged, "value": f"{replay.team_id('Replay')}:2026-07-26"}
    replay.forge_press("lee", message, forged)
    assert "Copy your lines and open it again" in str(replay.person("lee").view)


def test_somebody_away_says_so_until_the_coming_sprints_last_day_and_can_undo_it(asked_all: World) -> None:
    noor = asked_all.person("noor")
    noor.press("I'm away", newest(asked_all, "noor"))
    assert "2026-08-07" in str(noor.view), "the coming sprint's last day is proposed"
    assert noor.submit() == {}
    noor.close_all()
    asked_all.post()
    assert dms(asked_all, "noor") == [
        "You are away, and nobody waits for you. *Replay, 27 July–7 August* asks you when you are back."
    ]
    assert "Waiting for Ada and Lee" in plan_card(asked_all)["text"] or "Off: Noor" in str(plan_card(asked_all))
    noor.press("Undo", newest(asked_all, "noor"))
    assert "How far did you get" in newest(asked_all, "noor")["text"]


def goes_away(world: World, name: str) -> None:
    """Somebody presses *I'm away* in the turn and sends the form as it is."""
    person = world.person(name)
    person.press("I'm away", newest(world, name))
    assert person.submit() == {}
    person.close_all()
    world.post()


def test_after_ten_minutes_undo_is_gone_and_an_old_press_says_that_it_is_too_late(asked_all: World) -> None:
    goes_away(asked_all, "noor")
    message = newest(asked_all, "noor")
    (button,) = [each for block in message["blocks"] for each in block.get("elements", []) if "action_id" in each]
    asked_all.hands.tick(timedelta(minutes=10))
    asked_all.forge_press("noor", message, button)
    assert "It's too late to undo that" in newest(asked_all, "noor")["text"]
    assert "Waiting for Ada and Lee" in plan_card(asked_all)["text"] or "Off: Noor" in str(plan_card(asked_all))
    with asked_all.db.read() as session:
        assert session.get(Away, (asked_all.id("noor"), AwaySource.SAID)) is not None


def test_undo_leaves_the_message_by_itself(asked_all: World) -> None:
    goes_away(asked_all, "noor")
    assert "Undo" in str(newest(asked_all, "noor")["blocks"])
    said = clock.now()
    asked_all.go_to(f"{said + timedelta(minutes=9):%Y-%m-%d %H:%M:%S}")
    assert "Undo" in str(newest(asked_all, "noor")["blocks"])
    asked_all.go_to(f"{said + timedelta(minutes=10, seconds=5):%Y-%m-%d %H:%M:%S}")
    assert "prompt_here" not in str(newest(asked_all, "noor")["blocks"])
    assert "You are away, and nobody waits for you." in newest(asked_all, "noor")["text"]


def test_once_the_others_went_on_without_somebody_it_cannot_be_undone(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee")
    goes_away(asked_all, "noor")
    assert is_revealed(asked_all), "nobody is waited for any more"
    message = newest(asked_all, "noor")
    assert "prompt_here" not in str(message["blocks"])
    assert "It's too late to undo that" in message["text"]


def test_everybody_is_asked_at_their_own_ten_o_clock(replay: World) -> None:
    move(replay, "lee", "America/New_York")
    move(replay, "noor", "Asia/Tokyo")
    replay.go_to("2026-07-24 00:59:00")
    assert asked(replay, PromptKind.TURN) == []
    replay.go_to("2026-07-24 01:00:00")
    assert asked(replay, PromptKind.TURN) == ["Noor"]
    replay.go_to(ASKS)
    assert asked(replay, PromptKind.TURN) == ["Ada", "Noor"]
    replay.go_to("2026-07-24 14:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee", "Noor"]


def test_a_zone_that_changes_on_the_day_asks_nobody_twice_and_leaves_nobody_out(asked_all: World) -> None:
    move(asked_all, "ada", "America/New_York")
    asked_all.go_to("2026-07-24 14:00:00")
    assert asked(asked_all, PromptKind.TURN) == ["Ada", "Lee", "Noor"]


# --- the one reminder -------------------------------------------------------------------------------------------


def test_one_reminder_comes_the_next_working_day_at_nine_and_the_first_message_shrinks(asked_all: World) -> None:
    nothing_new(asked_all, "ada")
    asked_all.go_to("2026-07-27 06:59:00")
    assert asked(asked_all, PromptKind.REMINDER) == []
    asked_all.go_to(REMINDS)
    assert asked(asked_all, PromptKind.REMINDER) == ["Lee", "Noor"]
    first, second = dms(asked_all, "lee")
    assert first == "Replay, 27 July–7 August: the message below asks you now."
    assert second.startswith("A reminder, and the only one: Replay: *13–24 July* ends")
    assert len(live(asked_all, "lee")) == 1
    for day in (28, 29, 30, 31):
        asked_all.go_to(f"2026-07-{day} 07:00:00")
    assert asked(asked_all, PromptKind.REMINDER) == ["Lee", "Noor"]


def test_a_mark_that_is_chosen_in_the_reminder_leaves_it_asking(asked_all: World) -> None:
    asked_all.go_to(REMINDS)
    item = asked_all.first_item_id("Timeline")
    asked_all.person("ada").click(f"prompt_mark_{item}", select=f"{item}:finished", message=newest(asked_all, "ada"))
    reminder = newest(asked_all, "ada")
    assert "A reminder, and the only one" in reminder["text"]
    assert "🟢 Timeline" in reminder["text"]
    assert len(live(asked_all, "ada")) == 1


def test_who_answers_between_the_planning_of_a_reminder_and_its_posting_gets_none(asked_all: World) -> None:
    asked_all.hands.move_to(REMINDS)
    rhythm.plan(asked_all.db, clock.now)
    asked_all.plan("lee", high="In time")
    asked_all.post()
    assert asked(asked_all, PromptKind.REMINDER) == ["Ada", "Noor"]


# --- the reveal -------------------------------------------------------------------------------------------------


def test_when_everybody_has_answered_the_notes_are_revealed_and_the_lead_is_asked(asked_all: World) -> None:
    write(asked_all, "lee", better="The deploys are slow")
    nothing_new(asked_all, "ada", "lee")
    assert not is_revealed(asked_all)
    assert asked(asked_all, PromptKind.LEAD) == []
    nothing_new(asked_all, "noor")
    assert is_revealed(asked_all)
    [text] = dms(asked_all, "ada", "for you to finalize")
    assert "Everybody has answered." in text
    assert "From the retro:\n• The deploys are slow — Lee" in text
    assert dms(asked_all, "lee", "for you to finalize") == []


def test_otherwise_two_hours_after_the_last_reminder_was_delivered(asked_all: World) -> None:
    nothing_new(asked_all, "ada")
    asked_all.go_to(REMINDS)
    asked_all.go_to("2026-07-27 08:59:00")
    assert not is_revealed(asked_all)
    assert dms(asked_all, "ada", "for you to finalize") == []
    asked_all.go_to(REVEALS)
    assert is_revealed(asked_all)
    [text] = dms(asked_all, "ada", "for you to finalize")
    assert "1 answer in, none from Lee and Noor; what they left unfinished carries over." in text


def test_a_reminder_that_comes_late_is_waited_for_from_then_on(asked_all: World) -> None:
    nothing_new(asked_all, "ada")
    asked_all.go_to("2026-07-27 10:00:00")
    assert not is_revealed(asked_all)
    asked_all.go_to("2026-07-27 11:59:00")
    assert not is_revealed(asked_all)
    asked_all.go_to("2026-07-27 12:01:00")
    assert is_revealed(asked_all)


def test_nobody_waits_for_a_reminder_that_comes_after_the_sprints_first_working_day(replay: World) -> None:
    """In Britain Monday 31 August is a holiday: Lee is reminded on Tuesday, and the German team goes on without Lee."""
    keep_holidays_of(replay, "lee", "GB-ENG")
    with replay.db.begin() as session:
        session.execute(update(Team).values(anchor_on=datetime(2026, 8, 17).date()))  # noqa: DTZ001
    replay.go_to("2026-08-28 08:00:00")
    replay.go_to("2026-08-31 07:00:00")
    with replay.db.read() as session:
        query = select(Person.name).join(Post, Post.channel_id == Person.id).where(Post.card == PromptKind.REMINDER)
        reminded = session.scalars(query.where(Post.key.contains("2026-08-31"))).all()
    assert sorted(reminded) == ["Ada", "Noor"]
    replay.go_to("2026-08-31 09:01:00")
    assert dms(replay, "ada", "for you to finalize") != []
    replay.finalize("ada", "On we go.")
    replay.go_to("2026-09-01 07:00:00")
    assert dms(replay, "lee", "31 August")[-1].startswith(
        "The plan for *Replay, 31 August–11 September* is final. Add yours when you like."
    )


def test_a_lead_who_answers_last_finds_finalize_in_the_receipt_and_gets_no_message(asked_all: World) -> None:
    nothing_new(asked_all, "lee", "noor")
    asked_all.person("ada").press("Nothing new", newest(asked_all, "ada"))
    asked_all.post()
    assert is_revealed(asked_all)
    assert asked(asked_all, PromptKind.LEAD) == []
    message = newest(asked_all, "ada")
    assert "The others have answered: now you can finalize it." in message["text"]
    asked_all.person("ada").press("Finalize", message)
    assert asked_all.person("ada").submit(direction="Speed first.") == {}
    assert "Speed first." in asked_all.card("team-replay", "Speed first")["text"]


def test_a_lead_who_answers_last_in_the_form_goes_on_from_its_receipt(asked_all: World) -> None:
    nothing_new(asked_all, "lee", "noor")
    ada = asked_all.person("ada")
    ada.press("Wrap up and plan", newest(asked_all, "ada"))
    assert ada.submit(high="Timeline 2") == {}
    assert "you can finalize" in str(ada.view)
    assert "plan_finalize" in str(ada.view)


def test_a_silent_lead_who_is_asked_the_next_morning_has_one_message_that_asks(replay: World) -> None:
    move(replay, "ada", "Asia/Tokyo")
    replay.go_to("2026-07-24 01:00:00")  # ten o'clock in Tokyo
    replay.go_to(ASKS)
    replay.go_to("2026-07-27 00:00:00")  # nine o'clock there
    replay.go_to(REMINDS)
    replay.go_to(REVEALS)  # it is evening there
    assert [message["text"].startswith("A reminder") for message in live(replay, "ada")] == [True]
    replay.go_to("2026-07-28 00:00:00")
    assert ["is ready for you to finalize" in message["text"] for message in live(replay, "ada")] == [True]


def test_the_lead_in_the_night_is_asked_in_their_next_working_hour(replay: World) -> None:
    move(replay, "ada", "Asia/Tokyo")
    replay.go_to("2026-07-24 01:00:00")
    nothing_new(replay, "ada")
    replay.go_to(ASKS)
    replay.go_to("2026-07-24 12:00:00")  # nine in the evening in Tokyo
    nothing_new(replay, "lee", "noor")
    assert is_revealed(replay)
    assert asked(replay, PromptKind.LEAD) == []
    replay.go_to("2026-07-27 00:00:00")
    assert asked(replay, PromptKind.LEAD) == ["Ada"]


def test_while_the_lead_is_away_anyone_can_finalize_and_the_plan_says_for_whom(asked_all: World) -> None:
    asked_all.person("ada").command("/sprint away until 7 august")
    nothing_new(asked_all, "lee", "noor")
    message = asked_all.card("team-replay", "Ada is away.")
    assert message["text"].startswith("Ada is away. Anyone in the team can finalize *Replay, 27 July–7 August*.")
    lee = asked_all.person("lee")
    lee.press("Finalize", message)
    assert lee.submit(direction="Speed first.") == {}
    assert "Finalized by Lee, for Ada." in asked_all.card("team-replay", "Speed first")["text"]


def test_who_hands_the_lead_over_is_not_asked_to_finalize_any_more(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee", "noor")
    assert asked(asked_all, PromptKind.LEAD) == ["Ada"]
    ada = asked_all.person("ada")
    ada.command("/small-team lead")
    assert ada.submit(lead=asked_all.id("lee")) == {}
    asked_all.post()
    assert "Finalize" not in str([message["blocks"] for message in ada.dms])


def test_nobody_else_finalizes_while_the_lead_is_there(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee", "noor")
    lee = asked_all.person("lee")
    lee.press("Finalize", plan_card(asked_all))
    assert "Only the lead of Replay, Ada, can finalize the plan." in str(lee.view)


def test_an_open_plan_is_recalled_by_one_line_in_its_thread_and_never_in_a_message(asked_all: World) -> None:
    asked_all.go_to(REMINDS)
    asked_all.go_to(REVEALS)
    before = len(asked_all.person("ada").dms)
    card = plan_card(asked_all)
    asked_all.go_to("2026-07-28 07:29:00")
    assert asked_all.texts("team-replay", card["ts"])[1:] == []
    asked_all.go_to(NUDGED)
    asked_all.go_to("2026-07-29 07:30:00")
    assert asked_all.texts("team-replay", card["ts"])[1:] == [
        "The plan of Replay for 27 July–7 August is still open. One sentence of direction makes it final."
    ]
    assert len(asked_all.person("ada").dms) == before


def test_a_final_plan_is_not_recalled(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee", "noor")
    card = plan_card(asked_all)
    asked_all.finalize("ada", "Speed first.")
    asked_all.go_to("2026-07-27 07:30:00")
    assert asked_all.texts("team-replay", card["ts"])[1:] == []


def test_a_plan_that_touches_another_team_is_shown_to_its_lead(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion")
    replay.plan("yuki", high="New consumers")
    replay.finalize("yuki", "Move on.", impacted="replay: a new topic to read\nMobile: nothing")
    replay.go_to(ASKS)
    nothing_new(replay, "ada", "lee", "noor")
    assert (
        "What touches you:\n• Ingestion: replay: a new topic to read" in dms(replay, "ada", "for you to finalize")[-1]
    )


# --- finalizing early, late and never -----------------------------------------------------------------------------


def test_finalizing_early_reveals_the_notes_names_who_has_not_answered_and_the_reminder_still_comes(
    asked_all: World,
) -> None:
    write(asked_all, "lee", better="The deploys are slow")
    nothing_new(asked_all, "ada")
    ada = asked_all.person("ada")
    ada.command("/sprint finalize")
    assert "No answer from Lee and Noor yet. Finalizing now reveals the notes, too." in str(ada.view)
    assert ada.submit(direction="Speed first.") == {}
    ada.close_all()
    asked_all.post()
    assert is_revealed(asked_all)
    assert "The deploys are slow — Lee" in board(asked_all)["text"]
    assert asked(asked_all, PromptKind.LEAD) == []
    asked_all.go_to(REMINDS)
    assert asked(asked_all, PromptKind.REMINDER) == ["Lee", "Noor"]
    assert "The plan for *Replay, 27 July–7 August* is final. Add yours when you like." in dms(asked_all, "lee")[-1]


def test_before_the_turn_nobody_finalizes_the_next_plan(replay: World) -> None:
    replay.go_to("2026-07-23 08:00:00")
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    assert "The turn to this sprint comes on Fri 24 July" in str(ada.ephemerals)


def test_an_answer_after_the_plan_is_final_stands_in_its_thread_and_nobody_is_called_late(asked_all: World) -> None:
    asked_all.finalize("ada", "Speed first.")
    asked_all.go_to(REMINDS)
    lee = asked_all.person("lee")
    lee.press("Wrap up and plan", newest(asked_all, "lee"))
    assert lee.submit(high="Second frame") == {}
    lee.close_all()
    card = asked_all.card("team-replay", "Speed first")
    assert asked_all.texts("team-replay", card["ts"])[-1] == "Lee added their plan:\n• Second frame"
    assert "late" not in card["text"].lower()


def test_a_plan_that_nobody_finalizes_runs_as_people_wrote_it(asked_all: World) -> None:
    nothing_new(asked_all, "ada")
    for moment in (REMINDS, REVEALS, CLOSES):
        asked_all.go_to(moment)
    card = plan_card(asked_all)
    assert "Not finalized: it runs as people wrote it." in card["text"]
    assert the_retro(asked_all).closed_at is not None
    asked_all.mark("lee", "First frame", "Finished")
    assert "So far: 🟢 1 · ⚪ 2" in plan_card(asked_all)["text"]
    asked_all.go_to("2026-08-07 08:00:00")
    assert "⚪ Timeline — Ada _(carried over, second sprint, not looked at yet)_" in str(
        asked_all.card("team-replay", "10–21 August 2026")["blocks"]
    )
    assert "First frame" not in asked_all.card("team-replay", "10–21 August 2026")["text"]


# --- carrying over ------------------------------------------------------------------------------------------------


def test_what_is_unfinished_carries_over_answered_or_not(asked_all: World) -> None:
    text = str(plan_card(asked_all)["blocks"])
    assert "⚪ First frame — Lee _(carried over, not looked at yet)_" in text
    nothing_new(asked_all, "lee")
    assert "⚪ First frame — Lee _(carried over)_" in str(plan_card(asked_all)["blocks"])


def test_nothing_new_on_friday_and_finished_on_saturday_is_not_in_the_plan(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee", "noor")
    asked_all.go_to("2026-07-25 10:00:00")
    item = asked_all.first_item_id("First frame")
    asked_all.person("lee").click(f"prompt_mark_{item}", select=f"{item}:finished", message=newest(asked_all, "lee"))
    assert "First frame" not in plan_card(asked_all)["text"]
    asked_all.finalize("ada", "Speed first.")
    assert "First frame" not in asked_all.card("team-replay", "Speed first")["text"]


def test_what_is_finished_after_the_plan_is_final_leaves_it_and_the_thread_says_so(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee", "noor")
    asked_all.finalize("ada", "Speed first.")
    item = asked_all.first_item_id("First frame")
    lee = asked_all.person("lee")
    lee.click(f"prompt_mark_{item}", select=f"{item}:finished", message=newest(asked_all, "lee"))
    card = asked_all.card("team-replay", "Speed first")
    assert "First frame" not in card["text"]
    assert asked_all.texts("team-replay", card["ts"])[-1] == "Finished meanwhile: First frame — Lee"
    lee.click(f"prompt_mark_{item}", select=f"{item}:in_progress", message=newest(asked_all, "lee"))
    assert "First frame" in asked_all.card("team-replay", "Speed first")["text"]
    assert asked_all.texts("team-replay", card["ts"])[-1] == "Back in the plan: First frame — Lee"


def test_what_its_owner_changed_in_the_new_plan_stays_there(asked_all: World) -> None:
    nothing_new(asked_all, "ada", "lee", "noor")
    asked_all.finalize("ada", "Speed first.")
    asked_all.go_to("2026-07-27 06:00:00")
    asked_all.mark("lee", "First frame", "In progress")
    item = asked_all.first_item_id("First frame")
    asked_all.person("lee").click(f"prompt_mark_{item}", select=f"{item}:finished", message=newest(asked_all, "lee"))
    assert "🟡 First frame — Lee" in asked_all.card("team-replay", "Speed first")["text"]


def test_items_of_somebody_who_is_away_for_the_whole_sprint_wait_for_their_next_turn(replay: World) -> None:
    replay.person("lee").command("/sprint away until 7 august")
    replay.go_to(ASKS)
    assert "First frame" not in plan_card(replay)["text"]
    nothing_new(replay, "ada", "noor")
    replay.finalize("ada", "Speed first.")
    replay.go_to("2026-08-07 08:00:00")
    replay.go_to("2026-08-10 07:00:00")
    assert "First frame" in dms(replay, "lee", "10–21 August")[-1]


def test_marks_are_taken_until_the_turn_is_over_and_then_they_stay(asked_all: World) -> None:
    nothing_new(asked_all, "ada")
    message = newest(asked_all, "ada")
    asked_all.go_to("2026-07-29 15:59:00")
    item = asked_all.first_item_id("Timeline")
    ada = asked_all.person("ada")
    ada.click(f"prompt_mark_{item}", select=f"{item}:finished", message=newest(asked_all, "ada", "Your plan"))
    assert "🟢 Timeline — Ada" in asked_all.card("team-replay", "Playback first")["text"]
    asked_all.go_to("2026-07-29 16:00:01")
    assert "Closed: 🟢 1 · ⚪ 2" in asked_all.card("team-replay", "Playback first")["text"]
    other = asked_all.first_item_id("Changelog")
    forged = {"type": "static_select", "action_id": f"prompt_mark_{other}", "block_id": "b"}
    option = {"text": {"type": "plain_text", "text": "x"}, "value": f"{other}:finished"}
    asked_all.forge_press("ada", message, {**forged, "selected_option": option})
    assert "This sprint is closed" in str(ada.view)


# --- who is not asked ---------------------------------------------------------------------------------------------


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
def test_people_who_are_away_deactivated_or_gone_are_neither_asked_nor_waited_for(
    replay: World, state: Callable[[World], None]
) -> None:
    state(replay)
    replay.go_to(ASKS)
    assert asked(replay, PromptKind.TURN) == ["Ada", "Noor"]
    assert dms(replay, "lee") == []
    nothing_new(replay, "ada", "noor")
    assert is_revealed(replay)


def test_away_on_friday_and_back_on_tuesday_is_asked_then_instead_of_being_welcomed(replay: World) -> None:
    replay.go_to("2026-07-23 12:00:00")
    replay.person("lee").command("/sprint away until 27 july")
    replay.go_to(ASKS)
    nothing_new(replay, "ada", "noor")
    assert is_revealed(replay), "nobody waits for Lee"
    replay.finalize("ada", "Speed first.")
    replay.go_to("2026-07-27 22:00:00")
    replay.go_to("2026-07-28 07:00:00")
    [text] = dms(replay, "lee")
    assert text.startswith("The plan for *Replay, 27 July–7 August* is final. Add yours when you like.")
    assert dms(replay, "lee", "Welcome back") == []


def test_everybody_away_is_revealed_at_eleven_on_the_first_working_day(replay: World) -> None:
    for name in ("ada", "lee", "noor"):
        replay.person(name).command("/sprint away until 7 august")
    replay.go_to(ASKS)
    replay.go_to("2026-07-27 08:59:00")
    assert not is_revealed(replay)
    replay.go_to("2026-07-27 09:00:00")
    assert is_revealed(replay)
    assert "Ada is away. Anyone in the team can finalize" in replay.card("team-replay", "Ada is away")["text"]


@pytest.mark.parametrize(
    "values",
    [{"paused_at": datetime(2026, 7, 20, tzinfo=UTC), "paused_because": "offsite"}, {"channel_lost": Lost.ARCHIVED}],
    ids=["paused", "without a channel"],
)
def test_a_team_that_is_paused_or_lost_its_channel_is_not_asked(replay: World, values: dict[str, object]) -> None:
    set_team(replay, **values)
    for moment in (ASKS, REMINDS, REVEALS):
        replay.go_to(moment)
    assert {asked(replay, kind) == [] for kind in PromptKind} == {True}


def test_a_pause_stops_reveal_lead_and_closing_and_after_it_they_follow(asked_all: World) -> None:
    write(asked_all, "lee", better="The deploys are slow")
    asked_all.go_to("2026-07-24 12:00:00")
    set_team(asked_all, paused_at=clock.now(), paused_because="offsite")
    for moment in (REMINDS, REVEALS, CLOSES, "2026-07-30 08:00:00"):
        asked_all.go_to(moment)
    assert not is_revealed(asked_all)
    assert asked(asked_all, PromptKind.LEAD) == []
    with asked_all.db.read() as session:
        assert session.scalars(select(Sprint).order_by(Sprint.id)).first().closed_at is None  # type: ignore[union-attr]
    asked_all.person("ada").command("/small-team resume")
    asked_all.go_to("2026-07-30 08:01:00")
    assert is_revealed(asked_all)
    assert asked(asked_all, PromptKind.LEAD) == ["Ada"]
    asked_all.go_to("2026-07-31 16:00:00")
    assert the_retro(asked_all).closed_at is not None


def test_a_team_that_is_paused_between_planning_and_posting_is_not_asked(replay: World) -> None:
    replay.hands.move_to(ASKS)
    rhythm.plan(replay.db, clock.now)
    set_team(replay, paused_at=clock.now(), paused_because="offsite")
    replay.post()
    assert asked(replay, PromptKind.TURN) == []


def test_a_team_of_one_is_not_asked(world: World) -> None:
    world.team("ada")
    world.go_to("2026-07-10 12:00:00")
    assert world.person("ada").dms == []


def test_a_team_that_is_founded_after_its_turn_is_asked_at_once_in_working_hours(world: World) -> None:
    world.set_up()
    world.go_to("2026-07-12 12:00:00")  # a Sunday
    world.team("ada", "lee")
    world.go_to("2026-07-12 12:01:00")
    assert asked(world, PromptKind.TURN) == []
    world.go_to("2026-07-13 07:00:00")
    assert asked(world, PromptKind.TURN) == ["Ada", "Lee"]
    assert "What do you plan for *Replay, 13–24 July*?" in dms(world, "ada", "13–24 July")[0]
    world.go_to("2026-07-14 07:00:00")
    assert dms(world, "ada", "for you to finalize") == []
    world.go_to("2026-07-14 09:01:00")
    assert dms(world, "ada", "for you to finalize") != []


@pytest.mark.parametrize("weeks", [1, 2])
def test_a_team_that_is_founded_by_the_middle_of_a_week_plans_the_sprint_that_runs(world: World, weeks: int) -> None:
    world.set_up()
    world.go_to("2026-07-15 08:00:00")  # a Wednesday: with it three of five working days are ahead
    world.team("ada", "lee", weeks=weeks)
    world.go_to("2026-07-15 08:01:00")
    assert asked(world, PromptKind.TURN) == ["Ada", "Lee"]
    for name in ("ada", "lee"):
        assert "What do you plan for *Replay, 13–" in dms(world, name, "13–")[0]
        world.person(name).press("Nothing new", newest(world, name, "13–"))
        world.post()
    assert dms(world, "ada", "for you to finalize") != []


def test_a_team_that_is_founded_on_a_sprints_third_day_waits_for_its_people_until_the_next_one(world: World) -> None:
    world.set_up()
    world.go_to("2026-07-15 08:00:00")
    world.team("ada", "lee", weeks=1)
    world.go_to("2026-07-15 18:01:00")  # as work ends on a third working day, other turns are over
    assert asked(world, PromptKind.LEAD) == []
    world.go_to("2026-07-16 07:00:00")  # the reminders, at 9:00 in Berlin
    world.go_to("2026-07-16 08:59:00")
    assert asked(world, PromptKind.LEAD) == []
    world.go_to("2026-07-16 09:01:00")
    assert asked(world, PromptKind.LEAD) == ["Ada"]


def test_a_team_that_is_founded_late_in_a_week_plans_the_next_one_at_its_turn(world: World) -> None:
    world.set_up()
    world.go_to("2026-07-16 08:00:00")  # a Thursday
    world.team("ada", "lee", weeks=1)
    world.go_to("2026-07-17 07:59:00")
    assert asked(world, PromptKind.TURN) == []
    world.go_to("2026-07-17 08:00:00")
    assert asked(world, PromptKind.TURN) == ["Ada", "Lee"]
    assert "*Replay, 20–24 July*" in dms(world, "ada", "20–24")[0]


def test_a_public_holiday_of_ones_own_on_the_last_day_moves_the_turn_to_the_working_day_before(world: World) -> None:
    world.set_up()
    world.team("ada", "lee", weeks=1)
    keep_holidays_of(world, "lee", "US")
    world.go_to("2026-12-24 09:00:00")  # ten o'clock in Berlin; Christmas Day is Lee's holiday, and the team keeps none
    turns = asked(world, PromptKind.TURN)
    world.go_to("2026-12-25 09:00:00")
    assert asked(world, PromptKind.TURN).count("Lee") == turns.count("Lee")
    assert asked(world, PromptKind.TURN).count("Ada") == turns.count("Ada") + 1


# --- after downtime, and twice ------------------------------------------------------------------------------------


def test_a_turn_that_comes_late_on_its_day_says_so(replay: World) -> None:
    replay.go_to("2026-07-24 12:30:00")
    assert "This was due at 10:00; sorry that it comes late." in str(newest(replay, "ada"))


def test_down_from_friday_to_monday_afternoon_the_reminder_carries_the_turn_and_is_not_called_one(
    replay: World,
) -> None:
    replay.go_to("2026-07-27 13:00:00")
    assert asked(replay, PromptKind.TURN) == []
    assert asked(replay, PromptKind.REMINDER) == ["Ada", "Lee", "Noor"]
    assert dms(replay, "ada")[0].startswith("Replay: *13–24 July* ends, *27 July–7 August* comes.")
    with replay.db.read() as session:
        stale = Post.state == PostState.EXPIRED, Post.card == PromptKind.TURN, Post.key.contains("2026-07-27")
        assert session.scalar(select(func.count()).where(*stale)) == 3
    replay.go_to("2026-07-27 14:30:00")
    assert not is_revealed(replay)
    replay.go_to("2026-07-27 15:01:00")
    assert is_revealed(replay)


def test_down_past_the_third_working_day_nobody_is_asked_and_the_lead_reads_why(replay: World) -> None:
    write(replay, "lee", better="The deploys are slow")
    replay.go_to("2026-07-30 08:00:00")
    replay.go_to("2026-07-30 08:01:00")
    assert asked(replay, PromptKind.TURN) == asked(replay, PromptKind.REMINDER) == []
    assert is_revealed(replay)
    assert "⚪ Timeline — Ada" in plan_card(replay)["text"]
    [text] = dms(replay, "ada", "for you to finalize")
    assert "Prickle was down when the turn was due, so it asked nobody." in text


def test_replicas_that_plan_at_once_ask_everybody_once(replay: World) -> None:
    replay.hands.move_to(ASKS)
    replay.at_once(*[lambda: rhythm.plan(replay.db, clock.now)] * 3)
    replay.post()
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee", "Noor"]
    assert plan_card(replay)["text"].count("Timeline") == 1


def test_replicas_that_gather_at_once_ask_the_lead_once(asked_all: World) -> None:
    nothing_new(asked_all, "ada")
    asked_all.go_to(REMINDS)
    asked_all.hands.move_to(REVEALS)
    asked_all.at_once(*[lambda: rhythm.gather(asked_all.db, clock.now)] * 3)
    asked_all.post()
    assert asked(asked_all, PromptKind.LEAD) == ["Ada"]


def test_a_tick_with_nothing_due_writes_nothing(asked_all: World) -> None:
    with asked_all.db.read() as session:
        before = session.scalar(select(func.max(Post.id)))
    asked_all.hands.tick(timedelta(minutes=5))
    assert rhythm.plan(asked_all.db, clock.now) == 0
    assert rhythm.gather(asked_all.db, clock.now) == 0
    with asked_all.db.read() as session:
        assert session.scalar(select(func.max(Post.id))) == before


# --- the company's page -------------------------------------------------------------------------------------------


def test_the_page_comes_on_the_first_day_at_nine_and_is_one_message_edited_in_place(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion")
    replay.go_to(ASKS)
    assert not [text for text in replay.texts("sprints") if "27 July" in text]
    nothing_new(replay, "ada")
    assert not [text for text in replay.texts("sprints") if "27 July" in text]
    replay.go_to(REMINDS)
    page = replay.card("sprints", "Sprints 27 July–7 August 2026")
    assert "Replay: plans Monday, 1 of 3 have answered" in page["text"]
    replay.finalize("ada", "Speed first.")
    replay.plan("yuki", high="New consumers")
    replay.post()
    text = replay.card("sprints", "Sprints 27 July")["text"]
    assert "Replay: 3 items. Speed first." in text
    assert "Ingestion: plans Monday, 1 of 2 have answered" in text
    plan = replay.card("team-replay", "Speed first")
    link = f"/archives/{replay.id('team-replay')}/p{plan['ts'].replace('.', '')}|Replay>"
    assert link in str(replay.card("sprints", "Sprints 27 July")["blocks"])
    assert len([text for text in replay.texts("sprints") if "27 July" in text]) == 1


@pytest.mark.parametrize("how", [{"deleted": True}, {"is_restricted": True}])
def test_the_page_does_not_wait_for_a_lead_who_is_gone(replay: World, how: dict[str, bool]) -> None:
    replay.go_to(ASKS)
    nothing_new(replay, "ada", "noor")
    replay.slack.change_user("ada", **how)
    replay.slack.settle()
    replay.go_to("2026-07-27 08:30:00")
    assert "Replay: plans Monday, 1 of 2 have answered" in replay.card("sprints", "Sprints 27 July–7 August")["text"]


def test_the_page_comes_with_the_first_final_plan(asked_all: World) -> None:
    asked_all.finalize("ada", "Speed first.")
    assert "Replay: 3 items. Speed first." in asked_all.card("sprints", "Sprints 27 July")["text"]


def test_a_team_on_two_weeks_has_one_line_on_the_page_of_its_second_week(replay: World) -> None:
    replay.team("yuki", "mia", name="Ingestion", weeks=1)
    for moment in (ASKS, REMINDS, "2026-07-31 08:00:00", "2026-08-03 07:00:00"):
        replay.go_to(moment)
    text = str(replay.card("sprints", "Sprints 3–7 August")["blocks"])
    assert "27 July–7 August · week 2 of 2" in text
    assert "3–7 August" in text


def test_a_large_companys_page_has_parts_in_the_thread_of_the_first(world: World) -> None:
    world.set_up()
    world.many_teams(23)
    world.team("ada", "lee", name="Replay")
    world.go_to("2026-07-10 08:00:00")
    world.go_to("2026-07-13 07:00:00")
    page = world.card("sprints", "Sprints")
    parts = world.texts("sprints", page["ts"])
    assert len(parts) == 3
    assert "part 3 of 3" in parts[-1]
    assert "Replay" in parts[-1]
