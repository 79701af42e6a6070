"""Asking for feedback: one message each, one reminder at the most, and answers that only the asker reads."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.feedback.asks import NOT_ASKED
from bot.platform import clock
from jobs import rhythm
from models.feedback import Feedback, FeedbackAsk
from tests.feedback import SECRET, begin, dm, dms, everything_somebody_reads, everything_stored
from tests.stories import Story
from tests.world import World

QUESTION = "What should I do more of in demos?"
ASKS = "asks for your feedback"
REMINDS = "would still be glad of your feedback"


def asked(world: World) -> None:
    """Ada asks Lee and Mia until Thursday the 16th; today is Thursday the 9th, at ten in Berlin."""
    begin(world)
    ask(world, "lee", "mia")
    world.post()


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Two teams."""
    return after(begin)


@pytest.fixture
def adas(after: Callable[[Story], World]) -> World:
    """Ada has asked Lee and Mia."""
    return after(asked)


def ask(world: World, *names: str, by: str = "ada", **fields: Any) -> dict[str, str]:
    """Ask these people. Returns the errors."""
    person = world.person(by)
    person.command("/give-feedback ask")
    values = {"people": [world.slack.user(name).id for name in names], "question": QUESTION, **fields}
    errors = person.submit(**values)
    person.close_all()
    return errors


def answer(world: World, name: str, saw: str = SECRET) -> dict[str, str]:
    """Answer through the form. Returns the errors."""
    person = world.person(name)
    person.press("Answer", dm(world, name, QUESTION))
    errors = person.submit(saw=saw)
    person.close_all()
    return errors


def overview(world: World) -> str:
    """What the asker sees."""
    return str(dm(world, "ada", "You asked for feedback")["text"])


def test_each_is_asked_once_and_the_asker_sees_who_has_answered(adas: World) -> None:
    for name in ("lee", "mia"):
        (text,) = dms(adas, name, ASKS)
        assert QUESTION in text
        assert f"<@{adas.id('ada')}>" in text
        assert "Thu 16 July" in text
    assert f"⏳ <@{adas.id('lee')}> and <@{adas.id('mia')}>" in overview(adas)
    assert answer(adas, "lee") == {}
    assert f"✅ <@{adas.id('lee')}>\n⏳ <@{adas.id('mia')}>" in overview(adas)
    assert SECRET not in overview(adas), "the answer is a message of its own"


def test_an_answer_is_feedback_that_says_what_was_asked(adas: World) -> None:
    assert answer(adas, "lee") == {}
    text = dm(adas, "ada", "has feedback for you")["text"]
    assert SECRET in text
    assert f"You asked: {QUESTION}" in text
    shown = dm(adas, "lee", ASKS)
    assert "You answered" in shown["text"]
    assert "Answer" not in str([block for block in shown["blocks"] if block["type"] == "actions"])
    adas.person("ada").press("Thank", dm(adas, "ada", "has feedback for you"))
    assert dms(adas, "lee", "thanks you")


def test_who_has_not_answered_is_reminded_once_on_the_last_day_and_nobody_else_is(adas: World) -> None:
    assert answer(adas, "lee") == {}
    for day in range(10, 25):
        adas.go_to(f"2026-07-{day} 09:00:00")
    assert len(dms(adas, "mia", REMINDS)) == 1
    assert len(dms(adas, "mia", ASKS)) == 1
    assert dms(adas, "lee", REMINDS) == []


def test_the_reminder_comes_on_the_last_working_day_where_the_asked_person_works(replay: World) -> None:
    replay.slack.user("mia").tz = "America/New_York"
    replay.meet()
    assert ask(replay, "mia", until="2026-07-19") == {}  # a Sunday
    assert dms(replay, "mia", ASKS) == [], "at 4 in the morning nobody is asked"
    replay.go_to("2026-07-09 13:59:00")
    assert dms(replay, "mia", ASKS) == []
    replay.go_to("2026-07-09 14:00:00")
    assert len(dms(replay, "mia", ASKS)) == 1
    replay.go_to("2026-07-17 13:59:00")
    assert dms(replay, "mia", REMINDS) == []
    replay.go_to("2026-07-17 14:00:00")
    assert len(dms(replay, "mia", REMINDS)) == 1


def test_who_is_away_is_not_asked_until_they_are_back_for_the_reminder(replay: World) -> None:
    mia = replay.person("mia")
    mia.command("/sprint away until 14 jul")
    assert ask(replay, "mia") == {}
    replay.post()
    replay.go_to("2026-07-15 09:00:00")
    assert dms(replay, "mia", ASKS) == []
    replay.go_to("2026-07-16 08:00:00")
    assert len(dms(replay, "mia", REMINDS)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"question": " "}, "question", "Ask one question of your own"),
        ({"until": "2026-07-09"}, "until", "Choose a day after today"),
        ({"until": "2027-07-09"}, "until", "within the next 60 days"),
    ],
)
def test_what_can_not_be_asked_is_refused_under_its_field(
    replay: World, fields: dict[str, str], field: str, words: str
) -> None:
    errors = ask(replay, "lee", **fields)
    assert set(errors) == {field}
    assert words in errors[field]


def test_oneself_and_guests_are_not_asked(replay: World) -> None:
    replay.slack.add_user("rosa", is_ultra_restricted=True)
    replay.meet()
    assert "This is you" in ask(replay, "lee", "ada")["people"]
    assert "is a guest here" in ask(replay, "rosa")["people"]


def test_a_form_that_is_delivered_twice_asks_once(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback ask")
    ada.fill(people=[replay.id("lee")], question=QUESTION)
    payload = replay.submission("ada")
    replay.at_once(*[lambda: replay.slack.deliver("interactive", payload)] * 3)
    assert len(dms(replay, "lee", ASKS)) == 1
    with replay.db.read() as session:
        assert session.scalar(select(func.count()).select_from(FeedbackAsk)) == 1


def test_two_forms_that_answer_the_same_are_one_answer_and_the_second_keeps_its_words(adas: World) -> None:
    lee = adas.person("lee")
    lee.press("Answer", dm(adas, "lee", ASKS))
    lee.fill(saw=SECRET)
    first = adas.submission("lee")
    second = {**first, "view": {**first["view"], "id": "V0ANOTHER"}}
    bodies = adas.at_once(*[lambda each=each: adas.slack.deliver("interactive", each).body for each in (first, second)])
    assert sum("You have answered this already" in body for body in bodies) == 1
    with adas.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) == 1


def test_only_who_was_asked_answers_and_a_stolen_press_reads_no_question(adas: World) -> None:
    assert ask(adas, "noor", by="sam", question="Hello?") == {}
    message = dm(adas, "noor", "Hello?")
    for ask_id in (1, 999):
        action = {"type": "button", "action_id": "feedback_answer", "block_id": "b", "value": str(ask_id)}
        adas.forge_press("noor", message, action)
        noor = adas.person("noor")
        assert NOT_ASKED.replace("`", "") in str(noor.view).replace("`", "")
        assert QUESTION not in str(noor.views)
        noor.close_all()


def test_nobody_else_reads_the_question_or_an_answer_and_the_database_holds_neither(adas: World) -> None:
    assert answer(adas, "lee") == {}
    for name in ("noor", "ivy", "sam"):
        read = everything_somebody_reads(adas, name)
        assert QUESTION not in read
        assert SECRET not in read
    assert SECRET not in everything_somebody_reads(adas, "mia"), "who is asked reads no other answer"
    found = everything_stored(adas)
    assert QUESTION not in found
    assert SECRET not in found


def test_the_demos_clock_stops_where_somebody_is_reminded(adas: World) -> None:
    adas.go_to("2026-07-16 07:00:00")
    assert str(rhythm.following(adas.db, clock.now)) == "2026-07-16 08:00:00+00:00"
