"""Lines in the intake channel: which of them make a request, and which belong to one that is there."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.intake import event_queue, requests
from bot.platform import clock
from jobs.intake import events as intake_job
from models.company import Company
from models.intake.events import InboundEvent, Line
from models.intake.requests import Ball, Request, State
from tests.intake import CHANNEL, listening_on_one_clock, made, on_one_clock, one, say, thread
from tests.stories import Story
from tests.world import World

OPENING, WORDS = "Hello, a question to all of you", "how do we summarise tickets?"


@pytest.fixture
def slack(after: Callable[[Story], World]) -> World:
    """A desk answers, Prickle listens, and Slack's clock stands still like the bot's."""
    return on_one_clock(after(listening_on_one_clock))


def act(world: World) -> None:
    """Act on what is stored, and post nothing."""
    world.slack.settle()
    intake_job.act(world.db, world.client, clock.now)


def titles(world: World) -> list[str]:
    return [each.title for each in made(world)]


def text(world: World) -> str:
    return one(world).text


def card(world: World, message: dict[str, Any]) -> str:
    """The card in a message's thread."""
    return thread(world, message)[0]


def card_below(world: World, message: dict[str, Any]) -> dict[str, Any]:
    world.post()
    return world.slack.messages(CHANNEL, message["ts"])[1]


# --- courtesies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["Hi team", "👍", "thanks everyone", "thanks @Prickle, that works great!", "hello @Prickle"]
)
def test_a_courtesy_makes_no_request_and_gets_no_answer(slack: World, words: str) -> None:
    message = say(slack, "ada", words)

    assert made(slack) == []
    assert thread(slack, message) == []


def test_a_courtesy_to_prickle_elsewhere_makes_none_either(slack: World) -> None:
    message = say(slack, "ada", "thanks @Prickle, that works great!", channel="team-replay")

    assert made(slack) == []
    assert thread(slack, message, "team-replay") == []


@pytest.mark.parametrize("channel", [CHANNEL, "team-replay"])
def test_help_is_answered_once_and_only_the_person_who_wanted_it_reads_that(slack: World, channel: str) -> None:
    before = slack.texts(channel)
    message = say(slack, "ada", "@Prickle help", channel=channel)

    assert made(slack) == []
    assert thread(slack, message, channel) == []
    assert slack.texts(channel) == before
    ada = slack.person("ada")
    (answer,) = ada.ephemerals
    assert "Mention me with one line" in answer["text"]
    assert [slack.person(name).ephemerals for name in ("lee", "mia")] == [[], []]
    ada.press("Reach out to the AI team", answer)
    assert "What would you like to do?" in str(ada.view)
    ada.close_all()
    ada.press("Menu", answer)
    assert (ada.view or {})["title"]["text"] == "Menu"


def test_help_in_a_thread_is_answered_there_and_one_that_slack_refuses_tells_nobody(slack: World) -> None:
    talk = say(slack, "lee", "Lunch?", channel="team-replay")
    say(slack, "noor", "Yes", channel="team-replay", thread_ts=talk["ts"])
    say(slack, "ada", "@Prickle help", channel="team-replay", thread_ts=talk["ts"])
    made(slack)
    assert [each.get("thread_ts") for each in slack.person("ada").ephemerals] == [talk["ts"]]
    say(slack, "ada", "@Prickle help", channel="team-replay")
    slack.slack.settle()
    slack.person("ada").leave("team-replay")
    told = {name: len(slack.person(name).dms) for name in ("ada", "ivy", "sam")}
    made(slack)
    assert len(slack.person("ada").ephemerals) == 1
    assert {name: len(slack.person(name).dms) for name in told} == told


def test_a_guest_who_only_says_thanks_is_not_turned_away(slack: World) -> None:
    slack.slack.change_user("lee", is_restricted=True)
    slack.slack.settle()
    assert thread(slack, say(slack, "lee", "thanks everyone")) == []
    assert "Ask a colleague" in thread(slack, say(slack, "lee", WORDS))[0]


def test_what_may_be_a_request_is_one_in_doubt(slack: World) -> None:
    say(slack, "ada", OPENING)
    assert one(slack).is_doubtful
    slack.hands.tick(600)
    say(slack, "ada", WORDS)

    assert [each.is_doubtful for each in made(slack)] == [True, False]


@pytest.mark.parametrize("name", ["ada", "mia"])
def test_not_a_request_closes_it_without_a_sentence_or_a_question(slack: World, name: str) -> None:
    message = say(slack, "ada", OPENING)
    one(slack)
    slack.person(name).press("Not a request", card_below(slack, message))
    request = one(slack)

    assert (request.state, request.waiting_on, request.nudge_at) == (State.WITHDRAWN, Ball.NOBODY, None)
    assert f"⚪ Not a request, says <@{slack.id(name)}>" in thread(slack, message)[0]
    assert len(thread(slack, message)) == 1
    slack.go_to("2026-08-20 08:00:00")
    assert [each for each in slack.person("ada").dms if "did it help" in each["text"].lower()] == []


def test_not_a_request_is_undone_and_refused_to_others(slack: World) -> None:
    message = say(slack, "ada", OPENING)
    one(slack)
    slack.person("yuki").press("Not a request", card_below(slack, message))
    assert one(slack).state == State.OPEN
    slack.person("ada").press("Not a request", card_below(slack, message))
    slack.person("ada").press("Undo", card_below(slack, message))

    assert (one(slack).state, one(slack).dismissed_by_id) == (State.OPEN, None)


def test_two_people_who_say_at_once_that_it_is_none_close_it_once(slack: World) -> None:
    message = say(slack, "ada", OPENING)
    one(slack)
    shown = card_below(slack, message)
    slack.at_once(*[lambda name=name: slack.person(name).press("Not a request", shown) for name in ("ada", "mia")])

    assert one(slack).state == State.WITHDRAWN


def test_a_request_that_nobody_doubts_is_none_by_its_details(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    shown = card_below(slack, message)
    assert "Not a request" not in str(shown["blocks"])
    mia = slack.person("mia")
    mia.click("request_menu", message=shown, select="Details and more")
    mia.click("request_dismiss")

    assert one(slack).dismissed_by_id == slack.id("mia")
    assert "Undo" in str(mia.view)


def test_the_title_is_the_first_words_that_say_something(slack: World) -> None:
    say(slack, "ada", "Hi all :wave:\n## Problem\n> Too slow\nPlease summarise our tickets")

    assert one(slack).title == "summarise our tickets"


# --- lines in a row ---------------------------------------------------------------------------------------------


def test_lines_of_one_person_within_five_minutes_are_one_request(slack: World) -> None:
    first = say(slack, "ada", OPENING)
    one(slack)
    slack.hands.tick(290)
    second = say(slack, "ada", WORDS)
    request = one(slack)

    assert (request.title, request.text) == (WORDS, f"{OPENING}\n{WORDS}")
    assert (request.thread_ts, request.later_words) == (first["ts"], WORDS)
    assert not request.is_doubtful
    assert WORDS in card(slack, first)
    assert thread(slack, second) == []


def test_what_was_said_in_the_thread_meanwhile_stays(slack: World) -> None:
    first = say(slack, "ada", OPENING)
    one(slack)
    say(slack, "mia", "Sure, go on!", thread_ts=first["ts"])
    one(slack)
    say(slack, "ada", WORDS)

    assert one(slack).title == WORDS
    assert [each.get("user") for each in slack.slack.messages(CHANNEL, first["ts"])][-1] == slack.id("mia")


def test_after_five_minutes_it_is_another_request(slack: World) -> None:
    say(slack, "ada", "we want to tag recordings")
    slack.hands.tick(301)
    say(slack, "ada", WORDS)

    assert titles(slack) == ["we want to tag recordings", WORDS]


def test_a_third_line_goes_on_with_the_second(slack: World) -> None:
    for words in (OPENING, WORDS, "they are in Zendesk"):
        say(slack, "ada", words)
        slack.hands.tick(200)

    assert text(slack) == f"{OPENING}\n{WORDS}\nthey are in Zendesk"


@pytest.mark.parametrize("between", ["thanks!", ":speech_balloon: lunch?", "we want to tag recordings"])
def test_somebody_in_between_makes_it_another_request(slack: World, between: str) -> None:
    say(slack, "ada", "could AI help us with reports?")
    say(slack, "lee", between)
    say(slack, "ada", WORDS)

    assert WORDS in titles(slack)
    assert [each for each in titles(slack) if each == "could AI help us with reports?"] != []


def test_a_reply_in_a_thread_is_not_in_between(slack: World) -> None:
    first = say(slack, "ada", OPENING)
    say(slack, "lee", "me too", thread_ts=first["ts"])
    say(slack, "ada", WORDS)

    assert text(slack) == f"{OPENING}\n{WORDS}"


def test_a_courtesy_adds_nothing(slack: World) -> None:
    say(slack, "ada", WORDS)
    say(slack, "ada", "thanks!")
    say(slack, "ada", ":speech_balloon: and lunch?")

    assert text(slack) == WORDS


def test_a_greeting_before_the_question_leaves_the_thread_to_the_question(slack: World) -> None:
    say(slack, "ada", "Hi team")
    question = say(slack, "ada", WORDS)

    assert (one(slack).thread_ts, text(slack)) == (question["ts"], WORDS)


def test_a_mention_that_follows_is_added_once(slack: World) -> None:
    say(slack, "ada", OPENING)
    say(slack, "ada", f"@Prickle {WORDS}")

    assert text(slack) == f"{OPENING}\n{WORDS}"


def test_what_is_decided_or_closed_takes_no_line(slack: World) -> None:
    say(slack, "ada", "could AI help us with reports?")
    one(slack)
    with slack.db.begin() as session:
        session.get_one(Request, 1).state = State.WITHDRAWN
    say(slack, "ada", WORDS)

    assert titles(slack)[1] == WORDS


def test_a_title_that_somebody_wrote_stays(slack: World) -> None:
    say(slack, "ada", OPENING)
    one(slack)
    with slack.db.begin() as session:
        session.get_one(Request, 1).title = "Tickets, in short"
    say(slack, "ada", WORDS)

    assert (one(slack).title, text(slack)) == ("Tickets, in short", f"{OPENING}\n{WORDS}")


def test_a_reply_below_a_later_line_is_heard(slack: World) -> None:
    say(slack, "ada", OPENING)
    second = say(slack, "ada", WORDS)
    one(slack)
    say(slack, "mia", "Which ones?", thread_ts=second["ts"])

    assert one(slack).answered_at is not None


def test_the_emoji_and_the_menu_know_a_later_line(slack: World) -> None:
    say(slack, "ada", OPENING)
    second = say(slack, "ada", WORDS)
    slack.person("lee").react("hedgehog", second)
    one(slack)
    slack.person("lee").shortcut("request_message", message=second)

    assert "request #1 already" in str(slack.person("lee").view)


# --- races ------------------------------------------------------------------------------------------------------


def test_two_lines_at_once_are_one_request(slack: World) -> None:
    for words in (OPENING, WORDS, "they are in Zendesk", "there are many"):
        say(slack, "ada", words)
    slack.slack.settle()
    slack.at_once(*[lambda: intake_job.act(slack.db, slack.client, clock.now)] * 3)

    assert text(slack) == f"{OPENING}\n{WORDS}\nthey are in Zendesk\nthere are many"


def test_a_message_and_who_points_at_it_at_once_are_one_request(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    slack.person("lee").react("hedgehog", message)
    slack.person("noor").shortcut("request_message", message=message)
    slack.slack.settle()
    slack.at_once(
        lambda: intake_job.act(slack.db, slack.client, clock.now),
        lambda: intake_job.act(slack.db, slack.client, clock.now),
        lambda: len(slack.person("noor").submit()),
    )

    assert (one(slack).asker_id, text(slack)) == (slack.id("ada"), WORDS)


def test_events_out_of_order_are_one_request_in_the_order_of_the_lines(slack: World) -> None:
    say(slack, "ada", OPENING)
    with slack.db.begin() as session:
        session.scalars(select(InboundEvent)).one().claimed_until = clock.now().replace(year=2027)
    slack.hands.tick(2)
    second = say(slack, "ada", WORDS)
    assert titles(slack) == [WORDS]

    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            event.claimed_until = None
    request = one(slack)
    assert (request.text, request.title) == (f"{OPENING}\n{WORDS}", WORDS)
    assert (request.thread_ts, request.later_words) == (second["ts"], OPENING)


def test_the_same_event_twice_adds_nothing_twice(slack: World) -> None:
    slack.slack.faults.add("duplicate_event", "message.channels", times=None)
    say(slack, "ada", OPENING)
    say(slack, "ada", f"@Prickle {WORDS}")

    assert text(slack) == f"{OPENING}\n{WORDS}"


def test_a_bot_that_dies_in_between_adds_the_line_once(slack: World) -> None:
    say(slack, "ada", OPENING)
    act(slack)
    say(slack, "ada", WORDS)
    slack.slack.settle()
    with slack.db.begin() as session:
        claimed = event_queue.claim(session, now=clock.now())
    slack.hands.tick(event_queue.LEASE.total_seconds())
    act(slack)
    assert claimed is not None
    intake_job._act(slack.db, slack.client, claimed, clock.now)  # it was only frozen

    assert text(slack) == f"{OPENING}\n{WORDS}"


def test_what_was_missed_is_read_as_one_request(slack: World) -> None:
    say(slack, "ada", OPENING)
    say(slack, "ada", WORDS)
    slack.slack.settle()
    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            session.delete(event)  # as if Slack had told of none
    slack.hands.tick(301)
    slack.sweep()

    assert text(slack) == f"{OPENING}\n{WORDS}"


def test_lines_that_are_no_request_are_forgotten_after_two_weeks(slack: World) -> None:
    say(slack, "ada", "Hi team")
    say(slack, "lee", WORDS)
    made(slack)
    slack.hands.tick(301)
    slack.sweep()
    slack.hands.tick(14 * 86_400)
    slack.sweep()

    with slack.db.read() as session:
        assert [each.person_id for each in session.scalars(select(Line))] == [slack.id("lee")]
        assert session.get_one(Company, 1).swept_ts is not None
        assert requests.load(session, 1).title == WORDS
