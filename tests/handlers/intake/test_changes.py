"""A message that became a request is edited or deleted: the request follows, asks once, or says so."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.intake import asking, changes, claims
from bot.platform import clock
from bot.views.intake import asking as asking_views
from jobs.intake import events as intake_job
from models.intake.events import InboundEvent
from models.intake.requests import Ball, Request, State
from sandbox.world import messages
from tests.intake import CHANNEL, listening_on_one_clock, made, on_one_clock, one, say, thread
from tests.stories import Story
from tests.world import World

WORDS, BETTER = "we want to summarise tickets", "we want to translate tickets"


@pytest.fixture
def slack(after: Callable[[Story], World]) -> World:
    """A desk answers, Prickle listens, and Slack's clock stands still like the bot's."""
    return on_one_clock(after(listening_on_one_clock))


def edit(world: World, message: dict[str, Any], text: str, name: str = "ada") -> None:
    world.hands.tick(1)
    world.person(name).edit(message, text)
    world.slack.settle()


def delete(world: World, message: dict[str, Any], name: str = "ada") -> None:
    world.hands.tick(1)
    world.person(name).delete(message)
    world.slack.settle()


def questions(world: World, name: str = "ada") -> list[dict[str, Any]]:
    """The messages in somebody's DM about what was deleted."""
    made(world)
    return [each for each in world.person(name).dms if "The message behind" in each["text"] or "#1 *" in each["text"]]


def card(world: World, message: dict[str, Any]) -> dict[str, Any]:
    """The card in a message's thread."""
    world.post()
    return world.slack.messages(CHANNEL, message["ts"])[1]


def claim(world: World, message: dict[str, Any]) -> None:
    made(world)
    with world.db.begin() as session:
        request = session.get_one(Request, 1)
        request.claimer_id, request.waiting_on = world.id("mia"), Ball.CLAIMER


def ask(world: World, message: dict[str, Any]) -> None:
    made(world)
    with world.db.begin() as session:
        claims.ask(session, 1, "Which tickets?", by=world.id("mia"), now=clock.now())


def answer(world: World, message: dict[str, Any]) -> None:
    made(world)
    say(world, "mia", "We look into it", thread_ts=message["ts"])
    made(world)


# --- edits ------------------------------------------------------------------------------------------------------


def test_a_request_follows_an_edit_of_its_message(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    edit(slack, message, f"{BETTER}\nfrom French")

    request = one(slack)
    assert (request.title, request.text) == (BETTER, f"{BETTER}\nfrom French")
    assert BETTER in card(slack, message)["text"]


def test_an_edit_of_a_later_line_is_followed_too(slack: World) -> None:
    say(slack, "ada", WORDS)
    second = say(slack, "ada", "and tag them")
    one(slack)
    edit(slack, second, "and translate them")

    assert one(slack).text == f"{WORDS}\nand translate them"


def test_similar_asks_follow_an_edit(slack: World) -> None:
    say(slack, "lee", "translate the tickets of our customers")
    message = say(slack, "ada", "we want to group errors")
    made(slack)
    assert not [each for each in slack.person("ada").dms if "one of these" in each["text"]]

    edit(slack, message, "we want to translate tickets of customers")
    made(slack)
    assert [each for each in slack.person("ada").dms if "one of these" in each["text"]]


def test_a_mention_elsewhere_is_followed_and_what_somebody_pointed_at_too(slack: World) -> None:
    mention = say(slack, "ada", f"@Prickle {WORDS}", channel="team-replay")
    pointed = say(slack, "lee", "Support drowns in mail", channel="team-replay")
    slack.person("ada").react("hedgehog", pointed)
    made(slack)
    edit(slack, mention, f"@Prickle {BETTER}")
    edit(slack, pointed, "Support drowns in spam", name="lee")

    assert [each.title for each in made(slack)] == [BETTER, "Support drowns in spam"]


def test_words_that_somebody_changed_in_the_form_do_not_follow(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.person("ada").shortcut("request_message", message=message)
    assert slack.person("ada").submit(title="Tickets, in short") == {}
    edit(slack, message, BETTER, name="lee")

    assert one(slack).text == "Tickets, in short"


@pytest.mark.parametrize("happens", [claim, ask, answer])
def test_after_a_claim_a_question_or_an_answer_an_edit_changes_nothing(
    happens: Callable[[World, dict[str, Any]], None], slack: World
) -> None:
    message = say(slack, "ada", WORDS)
    happens(slack, message)
    edit(slack, message, BETTER)

    assert one(slack).title == WORDS


def test_a_link_that_slack_unfolds_is_no_edit(slack: World) -> None:
    message = say(slack, "ada", "could AI read https://a.example/x for us?")
    before = one(slack)
    with slack.slack.lock:
        channel = slack.slack.channel(CHANNEL)
        unfolded = {
            **channel.messages[message["ts"]],
            "attachments": [{"text": "A page", "from_url": "https://a.example/x"}],
        }
        messages.change(slack.slack, channel, message["ts"], unfolded)

    assert one(slack).text == before.text
    with slack.db.read() as session:
        assert len(session.scalars(select(InboundEvent)).all()) == 1  # nothing was stored of it


def test_of_two_edits_the_newer_counts_also_when_it_arrives_first(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    edit(slack, message, "we want to tag tickets")
    with slack.db.begin() as session:
        older = session.scalars(select(InboundEvent).where(InboundEvent.handled_at.is_(None))).one()
        older.claimed_until = clock.now().replace(year=2027)
    edit(slack, message, BETTER)
    assert one(slack).title == BETTER
    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            event.claimed_until = None

    assert one(slack).title == BETTER


def test_an_edit_that_overtakes_its_message_makes_the_request_once(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    slack.slack.settle()
    with slack.db.begin() as session:
        session.scalars(select(InboundEvent)).one().claimed_until = clock.now().replace(year=2027)
    edit(slack, message, BETTER)
    assert one(slack).title == BETTER
    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            event.claimed_until = None

    assert one(slack).title == BETTER


def test_the_same_edit_twice_and_by_two_replicas_at_once_changes_it_once(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.slack.faults.add("duplicate_event", "message.channels", times=None)
    edit(slack, message, BETTER)
    edit(slack, message, "we want to tag tickets")
    slack.at_once(*[lambda: intake_job.act(slack.db, slack.client, clock.now)] * 3)

    assert one(slack).title == "we want to tag tickets"


def test_a_greeting_that_becomes_a_question_becomes_a_request(slack: World) -> None:
    message = say(slack, "ada", "Hi team")
    assert made(slack) == []
    edit(slack, message, f"Hi team, {WORDS}")

    assert (one(slack).title, one(slack).thread_ts) == (WORDS, message["ts"])


def test_talk_that_is_no_talk_any_more_becomes_a_request(slack: World) -> None:
    message = say(slack, "ada", f":speech_balloon: {WORDS}")
    assert made(slack) == []
    edit(slack, message, WORDS)

    assert one(slack).title == WORDS


def test_what_becomes_talk_is_no_request(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    edit(slack, message, f":speech_balloon: {WORDS}")
    request = one(slack)

    assert (request.state, request.dismissed_by_id) == (State.WITHDRAWN, slack.id("ada"))
    assert questions(slack) == []


def test_a_request_that_becomes_a_greeting_asks_whether_it_is_taken_back(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    edit(slack, message, "thanks, all good!")
    (question,) = questions(slack)

    assert one(slack).title == WORDS
    slack.person("ada").press("Take it back", question)
    assert one(slack).state == State.WITHDRAWN


def test_a_request_that_says_something_again_asks_no_more(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    edit(slack, message, "thanks, all good!")
    assert len(questions(slack)) == 1
    edit(slack, message, BETTER)

    assert one(slack).title == BETTER
    (question,) = questions(slack)
    assert "Take it back" not in json.dumps(question)


def test_a_message_of_old_that_is_edited_makes_no_request(slack: World) -> None:
    message = say(slack, "ada", "Hi team")
    made(slack)
    slack.hands.tick(86_400 * 2)
    edit(slack, message, WORDS)

    assert made(slack) == []


def test_what_is_edited_where_another_company_reads_stays_there(slack: World) -> None:
    message = say(slack, "ada", f"@Prickle {WORDS}", channel="team-replay")
    one(slack)
    slack.slack.channel("team-replay").is_ext_shared = True
    edit(slack, message, f"@Prickle {BETTER}")

    assert one(slack).title == WORDS


# --- deletions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("button", ["Take it back", "Keep it"])
def test_a_deletion_asks_the_asker_once_whether_it_is_taken_back(slack: World, button: str) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    delete(slack, message)
    (question,) = questions(slack)
    assert "was deleted" in question["text"]
    assert one(slack).state == State.OPEN

    slack.person("ada").press(button, question)
    (settled,) = questions(slack)
    assert "Keep it" not in json.dumps(settled)
    assert one(slack).state == (State.WITHDRAWN if button == "Take it back" else State.OPEN)


def test_who_takes_it_back_where_they_were_asked_undoes_it_there(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    delete(slack, message)
    ada = slack.person("ada")
    ada.press("Take it back", questions(slack)[0])
    (settled,) = questions(slack)
    assert "is taken back" in settled["text"]
    ada.press("Undo", settled)
    assert one(slack).state == State.OPEN
    assert "Keep it" in json.dumps(questions(slack)), "the question is open again"
    ada.press("Take it back", questions(slack)[0])
    slack.post()
    slack.go_to((clock.now() + timedelta(minutes=11)).strftime("%Y-%m-%d %H:%M:%S"))
    assert "Undo" not in json.dumps(questions(slack))


def test_a_request_taken_back_on_its_card_leaves_no_open_question_in_the_dm(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    delete(slack, message)
    (question,) = questions(slack)
    assert "Keep it" in json.dumps(question)
    with slack.db.begin() as session:
        asking.withdraw(session, 1, by=slack.id("ada"), say=asking_views.withdrawn_message, now=clock.now())
    (settled,) = questions(slack)
    assert "Keep it" not in json.dumps(settled)


def test_what_is_taken_back_twice_in_the_same_moment_is_said_once(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    delete(slack, message)
    (question,) = questions(slack)
    slack.at_once(*[lambda: slack.person("ada").press("Take it back", question)] * 2)

    assert one(slack).state == State.WITHDRAWN
    assert sum("took this request back" in line for line in thread(slack, message)) == 1


def test_only_the_askers_side_keeps_it(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    delete(slack, message)
    (question,) = questions(slack)
    with slack.db.begin() as session, pytest.raises(Exception, match="Only people who asked"):
        changes.keep(session, 1, by=slack.id("mia"), now=clock.now())
    assert question


@pytest.mark.parametrize("happens", [claim, ask, answer])
def test_what_somebody_is_at_says_so_in_its_thread(
    happens: Callable[[World, dict[str, Any]], None], slack: World
) -> None:
    message = say(slack, "ada", WORDS)
    happens(slack, message)
    delete(slack, message)

    assert one(slack).state == State.OPEN
    assert "was deleted. #1 stays open" in thread(slack, message)[-1]
    assert questions(slack) == []


def test_a_claim_after_the_deletion_leaves_the_question(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    delete(slack, message)
    (question,) = questions(slack)
    claim(slack, message)
    slack.person("ada").press("Keep it", question)

    assert one(slack).kept_at is not None


def test_a_later_line_that_is_deleted_takes_its_words_along(slack: World) -> None:
    say(slack, "ada", WORDS)
    second = say(slack, "ada", "the password is 1234 by the way")
    one(slack)
    delete(slack, second)

    assert (one(slack).text, one(slack).later_words) == (WORDS, None)
    assert questions(slack) == []


def test_a_deletion_that_overtakes_its_message_leaves_no_request(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    slack.slack.settle()
    with slack.db.begin() as session:
        session.scalars(select(InboundEvent)).one().claimed_until = clock.now().replace(year=2027)
    delete(slack, message)
    assert made(slack) == []
    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            event.claimed_until = None

    assert made(slack) == []


def test_a_deletion_is_heard_once_also_when_slack_tells_twice(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.slack.faults.add("duplicate_event", "message.channels", times=None)
    edit(slack, message, "thanks, all good!")
    delete(slack, message)

    assert len(questions(slack)) == 1


def test_a_message_of_a_closed_request_is_deleted_in_silence(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    with slack.db.begin() as session:
        session.get_one(Request, 1).state = State.WITHDRAWN
    before = thread(slack, message)
    delete(slack, message)

    assert questions(slack) == []
    assert thread(slack, message) == before


def test_an_edit_after_the_deletion_that_was_late_changes_nothing(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    edit(slack, message, BETTER)
    with slack.db.begin() as session:
        session.scalars(
            select(InboundEvent).where(InboundEvent.handled_at.is_(None))
        ).one().claimed_until = clock.now().replace(year=2027)
    delete(slack, message)
    one(slack)
    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            event.claimed_until = None

    assert one(slack).title == WORDS


def test_the_emoji_on_a_message_that_was_deleted_above_its_thread_makes_nothing(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    say(slack, "ada", "yes", channel="team-replay", thread_ts=message["ts"])
    slack.person("ada").react("hedgehog", message)
    slack.person("lee").delete(message)

    assert made(slack) == []
