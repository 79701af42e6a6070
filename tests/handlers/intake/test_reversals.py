"""*Undo* on a request's card: for ten minutes, or until somebody else acted on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.outbox import posts
from bot.platform import clock
from models.intake.requests import Ball, State
from models.outbox import Card
from sandbox.world.state import buttons
from tests.decided import (
    BUILD,
    EMBED,
    GUIDANCE,
    NOT_AI,
    NOT_NOW,
    booked,
    built,
    card,
    decide,
    dms,
    embedded,
    from_details,
    press,
    stands,
    stored,
    thread,
    two_requests,
)
from tests.stories import Story
from tests.world import World


@pytest.fixture
def company(after: Callable[[Story], World]) -> World:
    """Ada and Yuki reached out; Mia and Tom sit at Sam's desk, whose team is Crew."""
    return after(two_requests)


def undo(world: World, name: str) -> None:
    """Press *Undo* on the card."""
    press(world, name, "request_undo")
    world.post()


def is_offered(world: World) -> bool:
    """Whether the card has it."""
    return any(each.words == "Undo" for each in buttons(card(world)))


def told(world: World, name: str) -> str:
    """What somebody reads."""
    return str(world.person(name).view)


def test_who_takes_it_gives_it_back_without_a_word_in_the_thread(company: World) -> None:
    before = stored(company)
    press(company, "mia", "request_claim")
    undo(company, "mia")
    after = stored(company)
    assert (after.claimer_id, after.waiting_on) == (None, Ball.DESK)
    assert (after.waiting_since, after.nudge_at) == (before.waiting_since, before.nudge_at)
    assert thread(company) == []
    assert not is_offered(company)


def test_who_took_it_over_gives_it_back_and_the_thread_says_so(company: World) -> None:
    press(company, "mia", "request_claim")
    press(company, "tom", "request_menu_over")
    undo(company, "tom")
    assert stored(company).claimer_id == company.id("mia")
    assert thread(company)[-1] == f"↩️ <@{company.id('tom')}> took that back. It's as before: 🟡 Open, and Mia is on it."


@pytest.mark.parametrize("answer", [BUILD, GUIDANCE, NOT_AI, NOT_NOW, EMBED])
def test_an_answer_is_taken_back_whatever_it_was(company: World, answer: dict[str, Any]) -> None:
    before = stored(company)
    decide(company, **answer)
    undo(company, "sam")
    after = stored(company)
    assert (after.state, after.waiting_on, after.nudge_at) == (State.OPEN, Ball.DESK, before.nudge_at)
    assert (after.answered_at, after.decided_at, after.done_at, after.returns_at) == (None,) * 4
    assert stands(company) is None
    assert booked(company) == []
    company.go_to("2026-07-09 09:00:00")
    assert dms(company, "ada", "Did it help?") == [], "nobody is asked what came of it"
    decide(company, **answer)
    assert stands(company) is not None


def test_a_changed_answer_is_the_one_before_again_with_its_engineer(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    decide(company, **BUILD)
    assert booked(company) == []
    undo(company, "sam")
    decision = stands(company)
    assert decision is not None
    assert decision.mode == "embed"
    assert len(booked(company)) == 1


def test_an_engineer_who_was_booked_elsewhere_since_is_not_booked_twice(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    decide(company, **BUILD)
    decide(company, "tom", 2, **EMBED)
    undo(company, "sam")
    assert "Mia is booked for another team on these days" in told(company, "sam")
    decision = stands(company)
    assert decision is not None
    assert decision.mode == "build"
    assert len(booked(company)) == 1


def test_what_was_shipped_by_mistake_goes_on_and_nobody_is_asked_whether_it_helped(
    after: Callable[[Story], World],
) -> None:
    company = after(built)
    press(company, "mia", "decision_done")
    assert company.person("mia").submit(link="https://example.com/1") == {}
    company.go_to("2026-07-09 08:05:00")
    assert dms(company, "ada", "Did it help?") == [], "not before that stands"
    undo(company, "mia")
    assert (stored(company).state, stored(company).done_at) == (State.DECIDED, None)
    decision = stands(company)
    assert decision is not None
    assert decision.words == ""
    company.go_to("2026-07-09 10:00:00")
    assert dms(company, "ada", "Did it help?") == []


def test_a_hand_back_is_taken_back_and_written_again(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    company.go_to("2026-07-15 08:00:00")
    for owner in ("Ada", "Lee"):
        press(company, "mia", "decision_hand_back")
        assert company.person("mia").submit(owner=owner, docs="Here", measure="Users") == {}
        company.post()
        if owner == "Ada":
            undo(company, "mia")
            assert len(booked(company)) == 1
    assert stored(company).state == State.DONE
    assert "*Who owns it now:*\nLee" in thread(company)[-1]


def test_a_snooze_is_taken_back(company: World) -> None:
    before = stored(company)
    company.person("mia").click("request_menu", message=card(company), select="Snooze")
    assert company.person("mia").submit(until="2026-07-20") == {}
    undo(company, "mia")
    assert (stored(company).snoozed_until, stored(company).nudge_at) == (None, before.nudge_at)


def test_what_was_taken_back_by_its_asker_is_asked_again(company: World) -> None:
    from_details(company, "ada", "request_withdraw")
    undo(company, "ada")
    assert (stored(company).state, stored(company).waiting_on) == (State.OPEN, Ball.DESK)
    from_details(company, "ada", "request_withdraw")
    assert len([each for each in thread(company) if "took this request back" in each]) == 2


# --- who, until when, and unless --------------------------------------------------------------------------------


def test_nobody_else_undoes_it(company: World) -> None:
    press(company, "mia", "request_claim")
    for name in ("tom", "ada"):
        undo(company, name)
        assert "Mia did this, so only they can undo it." in told(company, name)
        company.person(name).close_all()
    assert stored(company).claimer_id == company.id("mia")


def test_after_ten_minutes_the_card_has_it_no_more_and_an_old_button_says_so(company: World) -> None:
    press(company, "mia", "request_claim")
    assert is_offered(company)
    old = card(company)
    company.go_to("2026-07-09 08:10:30")
    assert not is_offered(company)
    company.forge_press("mia", old, {"type": "button", "action_id": "request_undo", "value": "1"})
    assert "Ten minutes have passed" in told(company, "mia")
    assert stored(company).claimer_id == company.id("mia")


def test_once_somebody_else_acted_on_it_it_stays(company: World) -> None:
    press(company, "mia", "request_claim")
    old = card(company)
    decide(company, "tom", **BUILD)
    company.forge_press("mia", old, {"type": "button", "action_id": "request_undo", "value": "1"})
    assert "Tom did this" in told(company, "mia")
    assert stored(company).state == State.DECIDED


def test_pressed_twice_at_once_it_is_undone_once(company: World) -> None:
    decide(company, **BUILD)
    shown = card(company)
    sam = company.person("sam")
    company.at_once(*[lambda: sam.click("request_undo", message=shown)] * 2)
    assert stored(company).state == State.OPEN
    assert len([each for each in thread(company) if "took that back" in each]) == 1


def test_who_has_left_leaves_nothing_to_undo(company: World) -> None:
    press(company, "mia", "request_claim")
    company.slack.change_user("mia", deleted=True)
    company.meet()
    assert not is_offered(company)
    assert stored(company).claimer_id is None


def test_a_request_that_is_done_asks_nobody_to_take_it_over_when_its_asker_leaves(company: World) -> None:
    tom = company.person("tom")
    tom.click("decision_decide", message=card(company))
    tom.fill(mode="not_ai")
    assert tom.submit(words="A filter") == {}
    company.slack.change_user(stored(company).asker_id, deleted=True)
    company.meet()
    with company.db.begin() as session:
        posts.redraw(session, Card.REQUEST, 1, now=clock.now())
    company.post()
    assert "Not an AI problem" in str(card(company))
    assert "can take it over" not in str(card(company))


def test_an_undo_and_an_answer_in_the_same_moment_leave_one_of_the_two(company: World) -> None:
    press(company, "mia", "request_claim")
    shown = card(company)
    tom = company.person("tom")
    tom.click("decision_decide", message=shown)
    tom.fill(mode="not_ai")
    tom.fill(words="A filter")
    company.at_once(lambda: company.person("mia").click("request_undo", message=shown), tom.submit)
    request = stored(company)
    assert request.state == State.DONE
    assert request.claimer_id in (None, company.id("mia"))


def test_the_desk_is_reminded_as_if_it_had_never_been_taken(company: World) -> None:
    press(company, "mia", "request_claim")
    undo(company, "mia")
    company.hands.tick(timedelta(days=1))
    company.go_to("2026-07-10 08:00:00")
    assert sum(
        "summarise" in each["text"].lower() for name in ("sam", "mia", "tom") for each in company.person(name).dms
    )
