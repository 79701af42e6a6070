"""What people do about a reminder, from the message itself."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.intake.requests import Request, State
from sandbox.world.state import buttons
from tests.intake import CHANNEL, begin, desk
from tests.stories import Story
from tests.world import World

FRIDAY, MONDAY, TUESDAY = "2026-07-10 08:00:00", "2026-07-13 08:00:00", "2026-07-14 08:00:00"


def reminded(world: World) -> None:
    """Ada of Replay has reached out, and nobody has answered: on Friday who has triage was reminded, on Monday the desk."""
    begin(world)
    world.person("ada").command("/reach-out summarise tickets")
    world.post()
    world.go_to(FRIDAY)
    world.go_to(MONDAY)


@pytest.fixture
def crew(after: Callable[[Story], World]) -> World:
    """The desk PostHog AI was reminded in Crew's channel of what Ada wants."""
    return after(reminded)


def in_channel(world: World) -> dict[str, Any]:
    return world.card("team-crew", "summarise")


def request(world: World) -> Request:
    with world.db.read() as session:
        return session.scalars(select(Request)).one()


def texts(view: Any) -> str:
    return str((view or {})["blocks"])


def test_a_claim_from_the_channel_is_seen_there_and_on_the_card(crew: World) -> None:
    crew.person("tom").press("I'll take it", in_channel(crew))
    assert request(crew).claimer_id == crew.id("tom")
    assert "Each of these has an owner or an answer now" in in_channel(crew)["text"]
    assert "✅ Tom is on it" in in_channel(crew)["text"]
    assert not [block for block in in_channel(crew)["blocks"] if block["type"] == "actions"]
    assert "waiting on" in crew.card(CHANNEL, "summarise")["text"]


def test_only_people_at_a_desk_act_on_a_reminder(crew: World) -> None:
    for words in ("I'll take it", "Not us"):
        yuki = crew.person("yuki")
        yuki.join("team-crew")
        yuki.press(words, in_channel(crew))
        assert "Only the people of PostHog AI (lead Sam) can" in texts(yuki.view)
        yuki.close_all()
        yuki.leave("team-crew")
    assert request(crew).claimer_id is None


def test_a_question_settles_it_for_the_desk_and_an_answer_for_the_asker(crew: World) -> None:
    crew.person("mia").click("request_menu", message=crew.card(CHANNEL, "summarise"), select="Ask something")
    assert crew.person("mia").submit(text="Which tickets?") == {}
    assert "✅ Mia asked, and waits for the answer" in in_channel(crew)["text"]
    crew.go_to(TUESDAY)
    crew.go_to("2026-07-15 08:00:00")
    ada = crew.person("ada")
    [message] = [each for each in ada.dms if "Mia asked something" in each["text"]]
    ada.click("nudge_open_1", message=message)
    ada.click("request_menu", message=crew.card(CHANNEL, "summarise"), select="brief:1")
    assert ada.submit(problem="Support drowns") == {}
    crew.post()
    assert "✅ answered" in next(each for each in ada.dms if each["ts"] == message["ts"])["text"]


def test_an_asker_snoozes_it_or_takes_it_back_from_the_reminder(crew: World) -> None:
    crew.person("mia").click("request_menu", message=crew.card(CHANNEL, "summarise"), select="Ask something")
    assert crew.person("mia").submit(text="Which tickets?") == {}
    crew.go_to("2026-07-15 08:00:00")
    ada = crew.person("ada")
    message = next(each for each in ada.dms if "Mia asked something" in each["text"])
    ada.press("Snooze", message)
    assert ada.submit(until="2026-07-20") == {}
    assert "snoozed until Mon 20 Jul" in str(crew.texts(CHANNEL, crew.card(CHANNEL, "summarise")["ts"]))
    crew.go_to("2026-07-20 08:00:00")
    message = [each for each in ada.dms if "Mia asked something" in each["text"]][-1]
    ada.press("Take it back", message)
    crew.post()
    assert "taken back" in next(each for each in ada.dms if each["ts"] == message["ts"])["text"]


def undo_of(message: dict[str, Any]) -> list[str]:
    """The *Undo* in a message."""
    return [str(each.element["action_id"]) for each in buttons(message) if each.words == "Undo"]


def newest(world: World, name: str, words: str) -> dict[str, Any]:
    """Somebody's newest message with these words."""
    world.post()
    return [each for each in world.person(name).dms if words in each["text"]][-1]


def test_who_acts_from_the_desks_reminder_undoes_it_there_for_ten_minutes(crew: World) -> None:
    tom = crew.person("tom")
    tom.press("I'll take it", in_channel(crew))
    assert undo_of(in_channel(crew)) == ["request_undo_1"]
    crew.person("mia").press("Undo", in_channel(crew))
    assert "Tom did this, so only they can undo it." in texts(crew.person("mia").view)
    tom.press("Undo", in_channel(crew))
    assert request(crew).claimer_id is None
    assert "1 request waits on PostHog AI" in in_channel(crew)["text"]
    tom.press("Snooze", in_channel(crew))
    assert tom.submit(until="2026-07-20") == {}
    assert "💤 snoozed until Mon 20 Jul" in in_channel(crew)["text"]
    assert "an answer or a later day now" in in_channel(crew)["text"]
    assert undo_of(in_channel(crew)) == ["request_undo_1"]
    crew.go_to("2026-07-13 08:11:00")
    assert undo_of(in_channel(crew)) == []


def test_an_asker_undoes_in_the_reminder_what_they_did_there(crew: World) -> None:
    crew.person("mia").click("request_menu", message=crew.card(CHANNEL, "summarise"), select="Ask something")
    assert crew.person("mia").submit(text="Which tickets?") == {}
    crew.go_to("2026-07-15 08:00:00")
    ada, words = crew.person("ada"), "Mia asked something"
    ts = newest(crew, "ada", words)["ts"]

    def reminder() -> dict[str, Any]:
        crew.post()
        return next(each for each in ada.dms if each["ts"] == ts)

    ada.press("Snooze", reminder())
    assert ada.submit(until="2026-07-20") == {}
    assert "snoozed until" in reminder()["text"]
    ada.press("Undo", reminder())
    assert words in reminder()["text"], "it waits on her as before"
    ada.press("Take it back", reminder())
    assert "taken back" in reminder()["text"]
    ada.press("Undo", reminder())
    assert words in reminder()["text"]
    assert request(crew).state == State.OPEN


def test_a_reminder_offers_nobody_the_undo_of_what_another_person_did(crew: World) -> None:
    crew.post()
    names = ("sam", "mia", "tom")
    first = next(name for name in names if any("summarise" in each["text"] for each in crew.person(name).dms))
    other = next(name for name in names if name != first)
    crew.person(other).press("I'll take it", in_channel(crew))
    assert "is on it" in newest(crew, first, "summarise")["text"]
    assert undo_of(newest(crew, first, "summarise")) == []


def test_not_us_with_one_desk_says_so_and_offers_an_answer(crew: World) -> None:
    tom = crew.person("tom")
    tom.press("Not us", in_channel(crew))
    assert "PostHog AI is the only desk" in texts(tom.view)
    assert "'text': 'Answer'" in texts(tom.view)


def test_not_us_routes_it_where_there_is_another_desk(crew: World) -> None:
    second = desk(crew, "Array", team="Replay", lead="ada")
    tom = crew.person("tom")
    tom.press("Not us", in_channel(crew))
    assert tom.submit(desk=str(second), why="It is about code") == {}
    assert "↪️ it is at Array now" in in_channel(crew)["text"]
    assert request(crew).desk_id == second


def test_after_a_second_bounce_both_leads_are_reminded_by_name(crew: World) -> None:
    second = desk(crew, "Array", team="Replay", lead="ada")
    for name, target in (("tom", second), ("noor", 1)):
        person = crew.person(name)
        person.click("request_menu", message=crew.card(CHANNEL, "summarise"), select="route:1")
        assert person.submit(desk=str(target), why="Not ours") == {}
    crew.go_to(TUESDAY)
    for name in ("ada", "sam"):
        text = next(each["text"] for each in crew.person(name).dms if "it went back and forth" in each["text"])
        assert f"<@{crew.id('ada')}> of Array" in text
        assert f"<@{crew.id('sam')}> of PostHog AI" in text


def test_a_press_on_what_is_settled_says_so(crew: World) -> None:
    message = in_channel(crew)
    crew.person("tom").press("I'll take it", message)
    crew.forge_press("mia", message, {"type": "button", "action_id": "request_claim_1", "value": "1", "block_id": "x"})
    assert "Tom is on it" in texts(crew.person("mia").view)
