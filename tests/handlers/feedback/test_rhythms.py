"""A line about feedback rides on the turn: who has not heard from me for a while? Who wants it switches it on."""

from collections.abc import Callable
from typing import Any

import pytest

from models.feedback import FeedbackRhythm
from models.rhythm import Notice, Word
from tests.feedback import begin, dms, give
from tests.stories import Story
from tests.world import World

ASKS = "Anyone you have feedback for?"
OFFERS = "Should I name people here who haven't heard from you in two weeks?"
MOVED = "not on Wednesdays any more"
# The turn to the sprint that begins on 13 July comes on Friday at ten, the reminder on Monday; on Monday at eleven the lead is asked.
TURN, REMINDER, LEAD = "2026-07-10 08:00:00", "2026-07-13 07:00:00", "2026-07-13 09:01:00"
NEXT_TURN, NEXT_REMINDER, NEXT_LEAD = "2026-07-24 08:00:00", "2026-07-27 07:00:00", "2026-07-27 09:01:00"


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Ada leads Replay, with Lee and Noor; Sam leads Crew, with Mia."""
    return after(begin)


def ask_all(world: World, *moments: str) -> None:
    """Let the clock go on to these moments."""
    for moment in moments:
        world.go_to(moment)


def newest(world: World, name: str, containing: str) -> dict[str, Any]:
    """The newest message to somebody with these words."""
    world.post()
    return next(each for each in reversed(world.person(name).dms) if containing in each["text"])


def switch(world: World, name: str, to: str) -> None:
    """Switch the line on or off with a command."""
    person = world.person(name)
    person.command(f"/give-feedback rhythm {to}")
    person.close_all()


def was_asked_on_wednesdays(world: World, name: str, *, said: bool | None) -> None:
    """Somebody whom an older version asked each week, as the migration leaves it."""
    with world.db.begin() as session:
        at = world.hands().astimezone()
        session.add(FeedbackRhythm(person_id=world.id(name), is_wanted=said, next_at=at))
        session.add(Notice(person_id=world.id(name), what=Word.FEEDBACK, since=at))


def test_nobody_reads_of_feedback_who_did_not_ask_for_it(replay: World) -> None:
    ask_all(replay, TURN, REMINDER, LEAD)
    assert [name for name in ("ada", "lee", "noor", "sam", "mia") if dms(replay, name, ASKS)] == []
    ask_all(replay, "2026-07-15 12:00:00", "2026-07-15 18:00:00")
    assert [name for name in ("ada", "lee", "sam") if dms(replay, name, OFFERS)] == ["ada", "sam"], "leads are offered"
    assert [name for name in ("ada", "lee", "sam") if dms(replay, name, "Whom could you tell")] == []


def test_a_member_reads_the_line_in_the_turn_and_a_lead_in_the_leads_message(replay: World) -> None:
    switch(replay, "lee", "on")
    switch(replay, "ada", "on")
    ask_all(replay, TURN)
    assert dms(replay, "lee", ASKS)[0].splitlines()[-1] == f"💬 {ASKS} Ada and Noor: nothing yet"
    assert dms(replay, "ada", ASKS) == []
    ask_all(replay, REMINDER, LEAD)
    assert f"💬 {ASKS} Lee and Noor: nothing yet" in newest(replay, "ada", "for you to finalize")["text"]


def test_who_was_told_something_is_named_again_after_two_weeks(replay: World) -> None:
    switch(replay, "lee", "on")
    give(replay, "lee", "ada", "Hello")
    ask_all(replay, TURN)
    assert dms(replay, "lee", ASKS)[-1].splitlines()[-1] == f"💬 {ASKS} Noor: nothing yet"
    give(replay, "lee", "noor", "Hello")
    ask_all(replay, NEXT_TURN)
    assert newest(replay, "lee", "27 July")["text"].endswith(f"{ASKS} Ada and Noor: nothing in the last two weeks")


def test_where_everybody_was_told_something_there_is_no_line(replay: World) -> None:
    switch(replay, "lee", "on")
    for name in ("ada", "noor"):
        give(replay, "lee", name, "Hello")
    ask_all(replay, TURN)
    assert dms(replay, "lee", ASKS) == []


def test_its_menu_leads_to_the_form_with_the_name_filled_in(replay: World) -> None:
    switch(replay, "lee", "on")
    ask_all(replay, TURN)
    lee = replay.person("lee")
    lee.click("feedback_line", select=replay.id("noor"), message=newest(replay, "lee", ASKS))
    assert lee.submit(saw="You stayed calm") == {}
    lee.close_all()
    assert dms(replay, "noor", "You stayed calm")


def test_its_menu_gives_a_month_of_quiet_or_leaves_it_out(replay: World) -> None:
    for name in ("lee", "noor"):
        switch(replay, name, "on")
    ask_all(replay, TURN)
    replay.person("lee").click("feedback_line", select="quiet", message=newest(replay, "lee", ASKS))
    replay.person("noor").click("feedback_line", select="off", message=newest(replay, "noor", ASKS))
    replay.post()
    assert (dms(replay, "lee", ASKS), dms(replay, "noor", ASKS)) == ([], []), "the message says so, too"
    ask_all(replay, NEXT_TURN, "2026-08-07 08:00:00", "2026-08-21 08:00:00")
    assert (len(dms(replay, "lee", ASKS)), len(dms(replay, "noor", ASKS))) == (1, 0)


def test_a_lead_is_offered_the_line_once_and_switches_it_on_with_one_button(replay: World) -> None:
    ask_all(replay, TURN, REMINDER, LEAD)
    assert (len(dms(replay, "ada", OFFERS)), len(dms(replay, "sam", OFFERS))) == (1, 1)
    replay.person("ada").press("Yes, name them", newest(replay, "ada", OFFERS))
    replay.post()
    assert f"{ASKS} Lee and Noor: nothing yet" in newest(replay, "ada", "for you to finalize")["text"]
    for name in ("ada", "sam"):
        replay.finalize(name)
    ask_all(replay, NEXT_TURN, NEXT_REMINDER, NEXT_LEAD)
    assert f"{ASKS} Lee and Noor: nothing yet" in newest(replay, "ada", "27 July–7 August* is ready for you")["text"]
    assert "feedback" not in newest(replay, "sam", "27 July–7 August* is ready for you")["text"], (
        "nobody is offered it twice"
    )
    assert len(dms(replay, "sam", OFFERS)) <= 1


def test_a_lead_who_answers_last_reads_the_line_in_the_receipt(replay: World) -> None:
    switch(replay, "sam", "on")
    ask_all(replay, TURN)
    for name in ("mia", "sam"):
        replay.person(name).press("Nothing new", newest(replay, name, "13–24 July"))
    text = newest(replay, "sam", "now you can finalize it")["text"]
    assert f"{ASKS} Mia: nothing yet" in text


def test_the_team_reads_nothing_of_it_where_the_lead_is_away(replay: World) -> None:
    switch(replay, "ada", "on")
    ask_all(replay, TURN)
    replay.person("ada").command("/sprint away until 24 jul")
    ask_all(replay, REMINDER, LEAD)
    (said,) = [text for text in replay.texts("team-replay") if "Anyone in the team can finalize" in text]
    assert ASKS not in said


def test_the_window_says_how_it_is_and_switches_it(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/give-feedback rhythm")
    assert "You get no line about feedback" in str(lee.view)
    lee.click("feedback_weekly_on")
    assert "Once a sprint, a line names people" in str(lee.view)
    lee.click("feedback_weekly_off")
    assert "You get no line about feedback" in str(lee.view)
    lee.close_all()
    lee.command("/give-feedback mine")
    lee.click("feedback_weekly_open")
    assert "You get no line about feedback" in str(lee.view)


def test_who_is_in_no_team_is_told_so(replay: World) -> None:
    yuki = replay.person("yuki")
    yuki.command("/give-feedback rhythm on")
    assert "You are in no small team yet." in yuki.ephemerals[-1]["text"]


def test_without_a_key_there_is_no_line(replay: World) -> None:
    switch(replay, "lee", "on")
    replay.run_with(feedback_keys=None)
    ask_all(replay, TURN, REMINDER, LEAD)
    assert (dms(replay, "lee", ASKS), dms(replay, "ada", OFFERS)) == ([], [])


# --- who was asked on Wednesdays ----------------------------------------------------------------------------------


def test_a_member_who_wanted_to_be_asked_keeps_it_as_a_line_and_is_told_once(replay: World) -> None:
    was_asked_on_wednesdays(replay, "lee", said=True)
    ask_all(replay, TURN)
    assert MOVED in newest(replay, "lee", ASKS)["text"]
    ask_all(replay, REMINDER)
    assert MOVED not in newest(replay, "lee", "13–24 July")["text"]
    assert dms(replay, "lee", ASKS) != []
    ask_all(replay, LEAD, NEXT_TURN)
    assert MOVED not in newest(replay, "lee", "27 July–7 August")["text"]


def test_it_is_told_even_where_there_is_nobody_to_name(replay: World) -> None:
    was_asked_on_wednesdays(replay, "lee", said=True)
    for name in ("ada", "noor"):
        give(replay, "lee", name, "Hello")
    ask_all(replay, TURN)
    assert len(dms(replay, "lee", MOVED)) == 1


def test_a_lead_who_was_asked_without_a_word_of_theirs_reads_once_that_it_is_gone_with_the_offer(replay: World) -> None:
    was_asked_on_wednesdays(replay, "ada", said=None)
    ask_all(replay, TURN, REMINDER, LEAD)
    ada = newest(replay, "ada", OFFERS)["text"]
    assert "Nobody is asked about feedback on Wednesdays any more." in ada
    ask_all(replay, "2026-07-15 12:00:00")
    assert dms(replay, "ada", "Whom could you tell") == []


def test_who_said_no_is_asked_and_told_nothing(replay: World) -> None:
    switch(replay, "ada", "on")
    switch(replay, "ada", "off")
    ask_all(replay, TURN, REMINDER, LEAD)
    assert dms(replay, "ada", "feedback") == []
