"""Decided requests by the clock: what was not for now returns, embeds end, and askers are asked, each once."""

from collections.abc import Callable

import pytest

from bot.domain.intake import requests
from bot.domain.outbox.undoing import TEN_MINUTES
from bot.platform import clock
from jobs import rhythm
from jobs.intake import decisions
from models.intake.requests import Ball, State
from tests.decided import (
    BUILD,
    NOT_AI,
    booked,
    built,
    card,
    decide,
    dms,
    embedded,
    parked,
    press,
    shipped,
    stands,
    stored,
    thread,
    two_requests,
)
from tests.stories import Story
from tests.world import World

BACK = "2026-07-24 08:00:00"  # ten in Berlin, on the day that was chosen
OVER = "2026-07-24 22:01:00"  # Replay's sprint has just ended
MONDAY = "2026-07-27 08:00:00"
A_MONTH_LATER = "2026-08-10 08:00:00"
HANDED_BACK = "Your time with Replay is over"
HELPED = "Did it help?"
IN_USE = "Is it in use?"


def test_what_was_not_for_now_comes_back_by_itself_and_says_what_would_change_our_mind(
    after: Callable[[Story], World],
) -> None:
    world = after(parked)
    world.go_to("2026-07-24 07:59:00")
    assert stored(world).state == State.PARKED
    world.go_to(BACK)
    assert (stored(world).state, stored(world).waiting_on) == (State.OPEN, Ball.DESK)
    assert stands(world) is None
    said = thread(world)[-1]
    assert said.startswith(f"<@{world.id('ada')}>: this comes back")
    assert "Answers within a second" in said
    assert "Answer" in str(card(world)["blocks"])
    decide(world, **{**BUILD, "due_on": "2026-08-07"})
    assert stored(world).state == State.DECIDED


def test_two_replicas_bring_it_back_once(after: Callable[[Story], World]) -> None:
    world = after(parked)
    world.hands.move_to(BACK)
    assert sorted(world.at_once(*[lambda: decisions.turn(world.db, clock.now)] * 2)) == [0, 1]
    assert sum("comes back, as announced" in text for text in thread(world)) == 1


def test_a_crash_on_the_way_back_leaves_it_parked_until_the_next_tick(
    after: Callable[[Story], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = after(parked)
    world.hands.move_to(BACK)
    with monkeypatch.context() as patch:
        patch.setattr(requests, "say", _crash)
        with pytest.raises(SystemExit):
            decisions.turn(world.db, clock.now)
    assert stored(world).state == State.PARKED
    decisions.turn(world.db, clock.now)
    assert stored(world).state == State.OPEN
    assert sum("comes back, as announced" in text for text in thread(world)) == 1


def _crash(*_args: object, **_kwargs: object) -> None:
    raise SystemExit


def test_it_comes_back_late_rather_than_never(after: Callable[[Story], World]) -> None:
    world = after(parked)
    world.go_to("2026-09-01 08:00:00")
    assert stored(world).state == State.OPEN


def test_an_embed_ends_by_itself_and_the_engineer_is_asked_once_what_they_leave(
    after: Callable[[Story], World],
) -> None:
    world = after(embedded)
    world.go_to("2026-07-24 21:00:00")
    assert booked(world) != []
    world.go_to(OVER)
    assert booked(world) == []
    assert stored(world).waiting_on == Ball.OWNER
    assert "time with *Replay* is over" in thread(world)[-1]
    assert dms(world, "mia", HANDED_BACK) == [], "not at midnight, nor on the weekend"
    world.go_to(MONDAY)
    world.go_to("2026-07-28 08:00:00")
    asked = dms(world, "mia", HANDED_BACK)
    assert len(asked) == 1
    mia = world.person("mia")
    mia.click("decision_hand_back", message=asked[0])
    assert mia.submit(owner="Ada", docs="The handbook", measure="Weekly users") == {}
    assert "*Who owns it now:*\nAda" in thread(world)[-1]
    assert stored(world).state == State.DONE
    assert dms(world, "mia", "is handed back. Thank you!") != []


def test_who_has_left_is_not_asked_what_they_leave(after: Callable[[Story], World]) -> None:
    world = after(embedded)
    world.slack.change_user("mia", deleted=True)
    world.meet()
    world.go_to(OVER)
    world.go_to(MONDAY)
    assert dms(world, "mia", HANDED_BACK) == []
    assert stored(world).waiting_on == Ball.DESK


def test_an_embed_that_was_changed_does_not_end_what_came_after(after: Callable[[Story], World]) -> None:
    world = after(embedded)
    decide(world, **BUILD)
    world.go_to(OVER)
    assert stored(world).state == State.DECIDED
    assert "is over" not in str(thread(world))


def test_the_asker_alone_is_asked_two_questions_once(after: Callable[[Story], World]) -> None:
    world = after(shipped)
    world.go_to("2026-07-10 08:00:00")
    assert len(dms(world, "ada", HELPED)) == 1
    assert dms(world, "lee", HELPED) == []
    ada = world.person("ada")
    ada.click("outcome_helped_partly", message=dms(world, "ada", HELPED)[0])
    assert thread(world)[-1] == f"<@{world.id('ada')}> says that it helped in part."
    asked = dms(world, "ada", "You said that it helped in part")[0]
    ada.click("outcome_differently", message=asked)
    assert ada.submit(words="Answer <sooner>") == {}
    assert dms(world, "ada", "You wrote: Answer &lt;sooner&gt;") != []
    assert "sooner" not in str(thread(world)), "only the first answer stands in the open"


def test_nobody_else_answers_for_the_asker_and_an_answer_stands(after: Callable[[Story], World]) -> None:
    world = after(shipped)
    asked = dms(world, "ada", HELPED)[0]
    yes, no = ({"type": "button", "action_id": f"outcome_helped_{each}", "value": "1"} for each in ("yes", "no"))
    world.forge_press("lee", asked, yes)
    assert "Only Ada, who asked, can say that" in str(world.person("lee").view)
    world.forge_press("ada", asked, yes)
    world.forge_press("ada", asked, yes)
    world.forge_press("ada", asked, no)
    assert "You answered this already" in str(world.person("ada").view)
    assert "Ada says that it helped" in card(world)["text"]
    assert "says that it" not in str(thread(world)), "the card is enough"


def test_what_did_not_help_goes_back_to_the_desk_and_is_asked_about_again(after: Callable[[Story], World]) -> None:
    world = after(shipped)
    asked = dms(world, "ada", HELPED)[0]
    world.person("ada").click("outcome_helped_no", message=asked)
    request = stored(world)
    assert (request.state, request.waiting_on, request.claimer_id) == (State.OPEN, Ball.DESK, None)
    ada = world.id("ada")
    assert thread(world)[-1] == f"<@{ada}> says that it did not help. It's open again, and waits on PostHog AI."
    assert dms(world, "ada", HELPED) == [], "the question says so"
    assert len(dms(world, "ada", "Prickle asks you again once it is")) == 1
    world.forge_press("ada", asked, {"type": "button", "action_id": "outcome_helped_no", "value": "1"})
    assert "This is not done yet" in str(world.person("ada").view)
    decide(world, **NOT_AI)
    world.go_to("2026-07-09 09:00:00")
    assert len(dms(world, "ada", HELPED)) == 1
    world.person("ada").close_all()
    world.person("ada").click("outcome_helped_yes", message=dms(world, "ada", HELPED)[-1])
    assert dms(world, "ada", HELPED) == []


def test_of_an_answer_that_was_changed_the_asker_is_asked_anew(after: Callable[[Story], World]) -> None:
    world = after(shipped)
    world.person("mia").click("request_menu", message=card(world), select="Change the answer")
    world.person("mia").fill(mode="not_ai")
    assert world.person("mia").submit(words="A filter") == {}
    assert dms(world, "ada", HELPED) == [], "the question says that it goes on"
    world.go_to("2026-07-09 09:00:00")
    assert len(dms(world, "ada", HELPED)) == 1


def test_a_month_later_it_is_asked_once_whether_it_is_in_use(after: Callable[[Story], World]) -> None:
    world = after(shipped)
    world.go_to("2026-08-08 08:03:00")
    assert dms(world, "ada", IN_USE) == [], "it is a Saturday"
    world.go_to(A_MONTH_LATER)
    world.go_to("2026-08-11 08:00:00")
    assert len(dms(world, "ada", IN_USE)) == 1
    said = len(thread(world))
    world.person("ada").click("outcome_in_use_no_longer", message=dms(world, "ada", IN_USE)[0])
    assert dms(world, "ada", "not in use, you said") != []
    assert len(thread(world)) == said, "that is for the record"
    world.go_to("2026-10-01 08:00:00")
    assert stored(world).returns_at is None


def test_of_what_was_no_ai_problem_it_is_not_asked_whether_it_is_in_use(after: Callable[[Story], World]) -> None:
    world = after(two_requests)
    decide(world, **NOT_AI)
    world.go_to("2026-07-09 09:00:00")
    assert len(dms(world, "ada", HELPED)) == 1
    assert stored(world).returns_at is None


def test_who_is_away_is_asked_on_their_first_working_day(after: Callable[[Story], World]) -> None:
    world = after(built)
    world.person("ada").command("/sprint away until 19 july")
    press(world, "mia", "decision_done")
    assert world.person("mia").submit() == {}
    for day in ("09 08:30", "10 08:00", "13 08:00", "16 08:00", "19 08:00"):
        world.go_to(f"2026-07-{day}:00")
    assert dms(world, "ada", HELPED) == []
    world.go_to("2026-07-20 08:00:00")
    assert len(dms(world, "ada", HELPED)) == 1


def test_who_has_left_is_not_asked(after: Callable[[Story], World]) -> None:
    world = after(built)
    world.slack.change_user("ada", deleted=True)
    world.meet()
    press(world, "mia", "decision_done")
    assert world.person("mia").submit() == {}
    world.go_to("2026-07-10 08:00:00")
    assert dms(world, "ada", HELPED) == []
    assert stored(world).returns_at is None


def test_two_replicas_ask_once(after: Callable[[Story], World]) -> None:
    world = after(built)
    press(world, "mia", "decision_done")
    assert world.person("mia").submit() == {}
    world.hands.tick(TEN_MINUTES)
    world.at_once(*[lambda: decisions.turn(world.db, clock.now)] * 3)
    decisions.turn(world.db, clock.now)
    assert len(dms(world, "ada", HELPED)) == 1
    assert str(stored(world).returns_at)[:10] == "2026-08-08"


def test_a_question_whose_reply_was_lost_is_asked_once(after: Callable[[Story], World]) -> None:
    world = after(built)
    press(world, "mia", "decision_done")
    assert world.person("mia").submit() == {}
    world.post()
    world.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    world.go_to("2026-07-09 08:30:00")
    world.go_to("2026-07-09 08:40:00")
    assert len(dms(world, "ada", HELPED)) == 1


def test_the_demos_clock_stops_where_something_returns(after: Callable[[Story], World]) -> None:
    world = after(parked)
    world.go_to("2026-07-24 07:30:00")
    assert str(rhythm.following(world.db, clock.now)) == "2026-07-24 08:00:00+00:00"
