"""What is said in a request's thread: a question, an answer, that something is left, and in the thread of a merged one."""

from collections.abc import Callable
from typing import Any

import pytest

from models.intake.decisions import Mode
from models.intake.requests import Ball, Request, State
from sandbox.world.state import buttons
from tests.decided import dms, stands, stored
from tests.intake import CHANNEL, listening, made, say, thread
from tests.stories import Story
from tests.world import World

WORDS = "we want to summarise tickets"


@pytest.fixture
def slack(after: Callable[[Story], World]) -> World:
    """A desk answers, and Prickle is in the intake channel."""
    return after(listening)


def asked(world: World) -> dict[str, Any]:
    """Lee's line, which is a request."""
    message = say(world, "lee", WORDS)
    made(world)
    world.post()
    return message


def reply(world: World, name: str, text: str, above: dict[str, Any]) -> dict[str, Any]:
    """Somebody replies in a thread, and it is heard."""
    said = say(world, name, text, thread_ts=above["ts"])
    world.slack.settle()
    world.post()
    return said


def card(world: World, above: dict[str, Any]) -> dict[str, Any]:
    """The request's card, in the thread."""
    world.post()
    return next(each for each in world.slack.messages(CHANNEL, above["ts"]) if "#1 " in each["text"])


def offers(world: World, above: dict[str, Any], words: str) -> list[dict[str, Any]]:
    """The messages in the thread with a button that says this."""
    world.post()
    found = world.slack.messages(CHANNEL, above["ts"])
    return [each for each in found if any(button.words == words for button in buttons(each))]


# --- a question of the desk -------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Which tickets?", "<@{lee}> tell us which tickets", "Which ones? "])
def test_a_question_of_the_desk_offers_once_to_wait_on_who_asked(slack: World, words: str) -> None:
    above = asked(slack)
    reply(slack, "mia", words.format(lee=slack.id("lee")), above)
    reply(slack, "mia", "And in which language?", above)
    [offer] = offers(slack, above, "Waiting on Lee")
    slack.person("mia").press("Waiting on Lee", offer)
    request = stored(slack)
    assert (request.waiting_on, request.claimer_id) == (Ball.ASKER, slack.id("mia"))
    assert offers(slack, above, "Waiting on Lee") == [], "the offer says so now"
    assert any("This waits on" in each["text"] for each in slack.slack.messages(CHANNEL, above["ts"]))
    reply(slack, "lee", "All of them", above)
    assert stored(slack).waiting_on == Ball.CLAIMER


def test_a_statement_of_the_desk_and_a_question_of_others_offer_nothing(slack: World) -> None:
    above = asked(slack)
    reply(slack, "mia", "We look at it.", above)
    reply(slack, "yuki", "Me too?", above)
    reply(slack, "lee", "Is anybody there?", above)
    assert offers(slack, above, "Waiting on Lee") == []


def test_only_a_desk_waits_and_an_old_offer_says_that_it_is_answered(slack: World) -> None:
    above = asked(slack)
    reply(slack, "mia", "Which tickets?", above)
    [offer] = offers(slack, above, "Waiting on Lee")
    slack.person("lee").press("Waiting on Lee", offer)
    assert "only the people of PostHog AI (lead Sam) can" in str(slack.person("lee").view)
    slack.person("lee").close_all()
    answer_with_a_form(slack, "tom", above)
    slack.person("mia").press("Waiting on Lee", offer)
    assert "closed" in str(slack.person("mia").view)


def test_two_of_the_desk_press_it_at_once_and_it_waits_once(slack: World) -> None:
    above = asked(slack)
    reply(slack, "mia", "Which tickets?", above)
    [offer] = offers(slack, above, "Waiting on Lee")
    slack.at_once(*[lambda name=name: slack.person(name).press("Waiting on Lee", offer) for name in ("mia", "tom")])
    assert stored(slack).waiting_on == Ball.ASKER


# --- a reply that answers ---------------------------------------------------------------------------------------


def answer_with_a_form(world: World, name: str, above: dict[str, Any]) -> None:
    """Answer with guidance on the card."""
    person = world.person(name)
    person.click("decision_decide", message=card(world, above))
    person.fill(mode="guidance")
    assert person.submit(words="Use the embeddings") == {}
    world.post()


@pytest.mark.parametrize("emoji", ["white_check_mark", "heavy_check_mark"])
def test_a_check_mark_on_ones_own_reply_answers_with_its_words(slack: World, emoji: str) -> None:
    above = asked(slack)
    said = reply(slack, "mia", "Use the *embeddings* of our search", above)
    slack.person("mia").react(emoji, said)
    slack.slack.settle()
    slack.post()
    decision = stands(slack)
    assert decision is not None
    assert (decision.mode, decision.person_id) == (Mode.GUIDANCE, slack.id("mia"))
    assert decision.words == "Use the *embeddings* of our search"
    assert stored(slack).state == State.DONE
    assert (
        thread(slack, above)[-1]
        == f"<@{slack.id('lee')}>: ✅ that is the answer, says <@{slack.id('mia')}>. This is done."
    )


def test_a_check_mark_of_others_or_on_what_others_wrote_answers_nothing(slack: World) -> None:
    above = asked(slack)
    said = reply(slack, "mia", "Use the embeddings", above)
    theirs = reply(slack, "lee", "We use the embeddings already", above)
    slack.person("tom").react("white_check_mark", said)
    slack.person("lee").react("white_check_mark", theirs)
    slack.person("mia").react("white_check_mark", theirs)
    slack.person("mia").react("white_check_mark", above)
    slack.slack.settle()
    slack.post()
    assert stands(slack) is None
    assert len(made(slack)) == 1


def test_two_check_marks_answer_once(slack: World) -> None:
    above = asked(slack)
    for words in ("Use the embeddings", "Or the other ones"):
        said = reply(slack, "mia", words, above)
        slack.person("mia").react("white_check_mark", said)
    slack.slack.settle()
    slack.post()
    decision = stands(slack)
    assert decision is not None
    assert decision.words == "Use the embeddings"
    assert len([each for each in thread(slack, above) if "that is the answer" in each]) == 1


def test_this_answers_it_opens_the_form_with_the_replys_words_and_its_author(slack: World) -> None:
    above = asked(slack)
    said = reply(slack, "mia", "Use the embeddings", above)
    tom = slack.person("tom")
    tom.shortcut("reply_answer", message=said)
    assert tom.submit() == {}
    decision = stands(slack)
    assert decision is not None
    assert (decision.person_id, decision.words) == (slack.id("mia"), "Use the embeddings")
    assert stored(slack).state == State.DONE


def test_this_answers_it_is_for_a_desk_and_for_replies(slack: World) -> None:
    above = asked(slack)
    said = reply(slack, "mia", "Use the embeddings", above)
    slack.person("lee").shortcut("reply_answer", message=said)
    assert "only the people of PostHog AI (lead Sam) can" in str(slack.person("lee").view)
    elsewhere = say(slack, "mia", "Lunch", channel="team-replay")
    slack.person("mia").shortcut("reply_answer", message=elsewhere)
    assert "This is no reply to a request" in str(slack.person("mia").view)


# --- it is done, and something is left --------------------------------------------------------------------------


def test_a_reply_of_who_asked_to_what_is_done_offers_once_to_open_it_again(slack: World) -> None:
    above = asked(slack)
    answer_with_a_form(slack, "mia", above)
    reply(slack, "lee", "thanks!", above)
    reply(slack, "yuki", "How did it go on with the long ones?", above)
    assert offers(slack, above, "Reopen") == []
    reply(slack, "lee", "It fails for long tickets", above)
    reply(slack, "lee", "And for French ones", above)
    [offer] = offers(slack, above, "Reopen")
    slack.person("lee").press("Reopen", offer)
    request = stored(slack)
    assert (request.state, request.waiting_on, request.claimer_id) == (State.OPEN, Ball.CLAIMER, slack.id("mia"))
    assert f"It waits on <@{slack.id('mia')}>." in thread(slack, above)[-1]
    assert offers(slack, above, "Reopen") == []
    assert stands(slack) is None


def test_what_is_opened_again_waits_on_the_desk_when_who_answered_has_left(slack: World) -> None:
    above = asked(slack)
    answer_with_a_form(slack, "mia", above)
    slack.slack.change_user("mia", deleted=True)
    slack.meet()
    slack.person("lee").click("request_menu", message=card(slack, above), select="Reopen")
    assert (stored(slack).waiting_on, stored(slack).claimer_id) == (Ball.DESK, None)


def test_two_who_open_it_at_once_open_it_once(slack: World) -> None:
    above = asked(slack)
    answer_with_a_form(slack, "mia", above)
    shown = card(slack, above)
    slack.at_once(
        *[
            lambda name=name: slack.person(name).click("request_menu", message=shown, select="Reopen")
            for name in ("lee", "tom")
        ]
    )
    assert len([each for each in thread(slack, above) if "opened this again" in each]) == 1


def test_strangers_do_not_open_it_and_nobody_does_after_thirty_days(slack: World) -> None:
    above = asked(slack)
    answer_with_a_form(slack, "mia", above)
    shown = card(slack, above)
    slack.person("yuki").click("request_menu", message=shown, select="Reopen")
    assert "Only the person who asked" in str(slack.person("yuki").view)
    slack.hands.move_to("2026-08-20 08:00:00")
    for choice in ("Reopen", "Change the answer"):
        slack.person("mia").click("request_menu", message=shown, select=choice)
        assert "more than 30 days ago" in str(slack.person("mia").view)
        slack.person("mia").close_all()


def test_no_ai_problem_by_mistake_is_changed_to_an_answer(slack: World) -> None:
    above = asked(slack)
    mia = slack.person("mia")
    mia.click("decision_decide", message=card(slack, above))
    mia.fill(mode="not_ai")
    assert mia.submit(words="A filter") == {}
    mia.click("request_menu", message=card(slack, above), select="Change the answer")
    mia.fill(mode="build")
    mia.fill(done="later")
    assert mia.submit(due_on="2026-07-24") == {}
    request = stored(slack)
    assert (request.state, request.waiting_on, request.done_at) == (State.DECIDED, Ball.OWNER, None)
    slack.go_to("2026-07-13 09:00:00")
    assert dms(slack, "lee", "Did it help?") == []


# --- the thread of a merged one ---------------------------------------------------------------------------------


def merged(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Lee's line, and Yuki's, which goes on in it."""
    first = asked(world)
    second = say(world, "yuki", "summaries of our tickets, please")
    made(world)
    world.post()
    old = {"type": "button", "action_id": "match_same_0", "value": "2:1"}
    world.forge_press("yuki", world.slack.messages(CHANNEL, second["ts"])[1], old)
    world.post()
    return first, second


def test_a_reply_in_the_thread_of_a_merged_request_answers_the_one_that_it_goes_on_in(slack: World) -> None:
    first, second = merged(slack)
    mia = slack.person("mia")
    mia.click("request_menu", message=card(slack, first), select="Ask something")
    assert mia.submit(text="Which tickets?") == {}
    slack.post()
    reply(slack, "yuki", "The ones of this week", second)
    reply(slack, "yuki", "In English", second)
    assert stored(slack).waiting_on == Ball.CLAIMER
    [line] = [each for each in thread(slack, first) if "wrote in the thread of" in each]
    assert f"<@{slack.id('yuki')}> wrote in the thread of <http" in line
    with slack.db.read() as session:
        assert session.get_one(Request, 2).state == State.MERGED
