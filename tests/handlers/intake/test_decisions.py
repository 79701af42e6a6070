"""Deciding about a request: five modes with fields of their own, a date in each, and what follows until it is done."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.intake.bookings import Booking
from models.intake.decisions import Decision, HandBack, Mode
from models.intake.requests import Ball, State
from sandbox.app import payloads
from sandbox.world import modals
from tests.decided import (
    BUILD,
    EMBED,
    GUIDANCE,
    NOT_AI,
    NOT_NOW,
    RANKING,
    SUMMARIES,
    TARGET,
    advised,
    booked,
    built,
    card,
    decide,
    dms,
    embedded,
    from_details,
    inputs,
    open_form,
    parked,
    press,
    stands,
    stored,
    thread,
    try_to,
    two_requests,
)
from tests.intake import CHANNEL
from tests.stories import Story
from tests.world import World, of_another_window

NO_DATE = "Say by when, or say that it is done: “will do” does not help the one who asked."
ALL = (EMBED, BUILD, GUIDANCE, NOT_AI, NOT_NOW)


@pytest.fixture
def company(after: Callable[[Story], World]) -> World:
    """Ada and Yuki reached out; Mia and Tom sit at Sam's desk, whose team is Crew."""
    return after(two_requests)


def proposal(world: World, name: str = "sam") -> str:
    """What the window says of when an engineer could join."""
    blocks = (world.person(name).view or {})["blocks"]
    return next((str(each["text"]["text"]) for each in blocks if each["block_id"] == "window"), "")


def buttons(world: World) -> list[str]:
    """What can be pressed on the card."""
    found = [
        element
        for block in card(world)["blocks"]
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if element.get("type") == "button"
    ]
    return [str(each["text"]["text"]) for each in found]


# --- the window -------------------------------------------------------------------------------------------------


def test_each_mode_has_its_own_fields_and_no_other(company: World) -> None:
    open_form(company)
    sam = company.person("sam")
    fields = {
        "embed": ["mode", "engineer", "team", "sprints", "starts_on"],
        "build": ["mode", "engineer", "done", "due_on"],
        "guidance": ["words", "mode", "engineer", "done"],
        "not_ai": ["words", "mode"],
        "not_now": ["words", "mode", "change", "due_on"],
    }
    assert inputs(company) == fields["guidance"], "what most want: an answer in words"
    for mode, own in fields.items():
        sam.fill(mode=mode)
        assert inputs(company) == own
        assert not any(each.get("optional") for each in (sam.view or {})["blocks"]), "all of them are needed"


def test_the_person_who_is_on_it_is_proposed_with_the_askers_team_and_the_first_free_window(company: World) -> None:
    press(company, "mia", "request_claim")
    open_form(company)
    sam = company.person("sam")
    sam.fill(mode="build")
    assert company.id("mia") in str(sam.view)
    sam.fill(mode="embed")
    assert inputs(company) == ["mode", "engineer", "team", "sprints", "starts_on"]
    assert proposal(company) == "Mia's first free window is *13–24 July*. It displaces nothing."
    assert sam.submit() == {}
    assert booked(company) == [(date(2026, 7, 13), date(2026, 7, 24))]


def test_the_windows_follow_the_engineer_and_the_length_and_say_what_gives_way(company: World) -> None:
    company.plan("tom", high="Faster search\nThe old parser")
    open_form(company)
    sam = company.person("sam")
    sam.fill(mode="embed")
    assert proposal(company) == "Sam's first free window is *13–24 July*. It displaces nothing.", "who answers"
    sam.fill(engineer=company.id("tom"))
    assert "It displaces what Tom planned: Faster search, The old parser." in proposal(company)
    sam.fill(sprints="2")
    assert "Tom's first free window is *13 July–7 August*" in proposal(company)
    sam.fill(starts_on="2026-07-27")
    assert "Tom's window is *27 July–21 August*. It displaces nothing." in proposal(company)
    sam.fill(engineer=company.id("mia"))
    assert "Mia's first free window is *13 July–7 August*" in proposal(company)


def test_what_was_typed_stays_when_another_kind_of_answer_is_chosen(company: World) -> None:
    open_form(company)
    sam = company.person("sam")
    sam.fill(words="A saved filter does that")
    sam.fill(mode="not_ai")
    assert sam.submit() == {}
    decision = stands(company)
    assert decision is not None
    assert (decision.mode, decision.words) == (Mode.NOT_AI, "A saved filter does that")


def test_what_was_typed_comes_back_after_a_kind_of_answer_that_has_no_words(company: World) -> None:
    sam = company.person("sam")
    open_form(company)
    sam.fill(words="Use the index: it is\nthere: already")
    for mode in ("embed", "build", "guidance"):
        sam.fill(mode=mode)
    assert "Use the index: it is\\nthere: already" in str(sam.view)
    sam.fill(mode="embed")
    assert "Use the index" in (sam.view or {})["private_metadata"]


def test_who_changes_an_answer_begins_with_the_one_that_stands(after: Callable[[Story], World]) -> None:
    company = after(advised)
    open_form(company)
    assert inputs(company) == ["words", "mode", "engineer", "done", "due_on"]
    assert company.person("sam").submit(words="Try it with ten of them") == {}
    decision = stands(company)
    assert decision is not None
    assert (decision.mode, decision.person_id) == (Mode.GUIDANCE, company.id("mia"))
    assert (decision.due_on, decision.words) == (date(2026, 7, 24), "Try it with ten of them")
    assert stored(company).state == State.DECIDED
    company.post()
    decide(company, mode="not_now", change="Answers within a second", due_on=TARGET)
    open_form(company)
    assert inputs(company) == ["words", "mode", "change", "due_on"]
    assert company.person("sam").submit() == {}, "as it stood"


def test_an_answer_that_is_done_stays_done_when_its_words_are_changed(company: World) -> None:
    decide(company, mode="guidance", engineer="mia", words="Try it by hand", done="done")
    open_form(company)
    assert inputs(company) == ["words", "mode", "engineer", "done"]
    assert company.person("sam").submit(words="Try it with ten of them") == {}
    assert stored(company).state == State.DONE


def test_what_two_modes_ask_alike_is_kept_from_one_to_the_other(company: World) -> None:
    open_form(company)
    sam = company.person("sam")
    sam.fill(mode="guidance")
    sam.fill(engineer=company.id("tom"), words="Try it by hand", done="later")
    sam.fill(due_on=TARGET)
    sam.fill(mode="build")
    assert sam.submit() == {}
    decision = stands(company)
    assert decision is not None
    assert (decision.person_id, decision.due_on, decision.words) == (company.id("tom"), date(2026, 7, 24), "")


def test_only_the_ai_team_decides(company: World) -> None:
    press(company, "ada", "decision_decide")
    assert "only the people of PostHog AI (lead Sam) can" in str(company.person("ada").view)


def test_it_is_checked_again_when_a_form_is_sent(company: World) -> None:
    open_form(company)
    company.person("sam").fill(mode="not_ai")
    company.person("sam").fill(words="A filter")
    sam = company.slack.user("sam")
    view = modals.stack(company.slack, sam.id)[-1]
    forged = payloads.submission(company.slack, sam, view)
    forged["user"]["id"] = company.id("ada")
    assert "only the people of PostHog AI (lead Sam) can answer it" in str(
        company.slack.deliver("interactive", forged).json()
    )
    assert stands(company) is None


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["build", "guidance"])
def test_an_answer_without_a_date_is_refused_in_that_sentence_unless_it_is_done(company: World, mode: str) -> None:
    fields: dict[str, Any] = {"words": "Try it by hand"} if mode == "guidance" else {}
    assert list(try_to(company, mode=mode, engineer="mia", **fields, done="later")) == ["due_on"]
    sam = company.slack.user("sam")
    forged = payloads.submission(company.slack, sam, modals.stack(company.slack, sam.id)[-1])
    assert NO_DATE in str(company.slack.deliver("interactive", forged).json())
    assert company.person("sam").submit(done="done") == {}
    assert stored(company).state == State.DONE


def test_not_now_needs_a_date_too(company: World) -> None:
    assert list(try_to(company, mode="not_now", words="No", change="A year")) == ["due_on"]
    sam = company.slack.user("sam")
    forged = payloads.submission(company.slack, sam, modals.stack(company.slack, sam.id)[-1])
    assert NO_DATE in str(company.slack.deliver("interactive", forged).json())


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-07-08", "has passed"), ("2027-07-10", "more than a year ahead")],
)
def test_a_date_has_not_passed_and_is_within_a_year(company: World, day: str, words: str) -> None:
    errors = try_to(company, **{**BUILD, "due_on": day})
    assert words in errors["due_on"]
    assert company.person("sam").submit(due_on="2027-07-09") == {}


def test_today_is_the_best_answer_there_is(company: World) -> None:
    decide(company, **{**BUILD, "due_on": "2026-07-09"})
    assert "by Thu 9 Jul" in card(company)["text"]
    company.go_to("2026-07-09 09:00:00")
    assert len(dms(company, "mia", "is it done?")) == 1, "and its owner is asked on the same day"


def test_who_builds_or_advises_is_at_a_desk(company: World) -> None:
    open_form(company)
    company.person("sam").fill(mode="build")
    view = company.person("sam").view or {}
    menu = next(each["element"] for each in view["blocks"] if each["block_id"] == "engineer")
    assert {each["text"]["text"] for each in menu["options"]} == {"Mia", "Sam", "Tom"}, "people of the desk, and no app"
    company.person("sam").fill(engineer=company.id("tom"), due_on=TARGET)
    forged = json.loads(json.dumps(company.submission("sam")).replace(company.id("tom"), company.id("ada")))
    assert "'engineer': 'Ada is at no desk." in str(company.slack.deliver("interactive", forged).json())


def test_who_joins_is_at_a_desk_and_still_here(company: World) -> None:
    open_form(company)
    tom = company.person("sam")
    tom.fill(mode="embed")
    tom.fill(engineer=company.id("tom"))
    company.slack.change_user("tom", deleted=True)
    company.meet()
    assert "deactivated" in tom.submit()["engineer"]


@pytest.mark.parametrize("mode", [GUIDANCE, NOT_AI, NOT_NOW])
def test_words_of_spaces_are_no_words(company: World, mode: dict[str, Any]) -> None:
    assert list(try_to(company, **{**mode, "words": "  "})) == ["words"]


# --- the five modes ---------------------------------------------------------------------------------------------


def test_an_embed_is_booked_and_waits_for_nobody(company: World) -> None:
    press(company, "tom", "request_claim")
    decide(company, **EMBED)
    request, decision = stored(company), stands(company)
    assert (request.state, request.waiting_on, request.claimer_id) == (
        State.DECIDED,
        Ball.NOBODY,
        company.id("tom"),
    )
    assert request.decided_at is not None
    assert request.answered_at is not None
    assert decision is not None
    assert (decision.mode, decision.sprints, decision.due_on) == (Mode.EMBED, 1, date(2026, 7, 24))
    mia, ada = (f"<@{company.id(name)}>" for name in ("mia", "ada"))
    assert thread(company)[-1].startswith(f"{ada}: ")
    assert f"*Embed*: {mia} joins *Replay* for 1 sprint, 13–24 July." in thread(company)[-1]
    assert "*Embed* · Mia with *Replay* for 1 sprint · until Fri 24 Jul" in card(company)["text"]


def test_what_we_build_is_owed_by_its_owner_and_asked_about_on_its_date(company: World) -> None:
    decide(company, **BUILD)
    request = stored(company)
    assert (request.state, request.waiting_on) == (State.DECIDED, Ball.OWNER)
    assert str(request.nudge_at) == "2026-07-24 08:00:00+00:00"
    assert f"*We build it*: <@{company.id('mia')}> builds it, by Fri 24 Jul." in thread(company)[-1]
    assert buttons(company) == ["Shipped", "Undo"]


def test_a_day_later_than_the_one_that_is_wanted_says_so_in_the_form_on_the_card_and_in_the_thread(
    company: World,
) -> None:
    ada, sam = company.person("ada"), company.person("sam")
    ada.click("request_menu", message=card(company), select="details:1")
    assert ada.submit(wanted_on="2026-07-20") == {}
    open_form(company)
    sam.fill(mode="build")
    assert "Wanted by Mon 20 Jul." in str(sam.view)
    sam.fill(due_on="2026-07-20")
    assert "later than" not in str(sam.view)
    sam.fill(due_on="2026-07-21")
    assert "That is later than Mon 20 Jul, the day it is wanted by." in str(sam.view)
    assert sam.submit() == {}
    assert "That is later than Mon 20 Jul, the day it was wanted by." in thread(company)[-1]
    assert "That is later than Mon 20 Jul" in str(card(company)["blocks"])
    company.go_to("2026-07-21 08:00:00")
    assert dms(company, "sam", "wanted by Mon 20 Jul") != []


def test_a_date_on_a_weekend_is_asked_about_on_monday(company: World) -> None:
    decide(company, **{**BUILD, "due_on": "2026-07-25"})
    assert str(stored(company).nudge_at) == "2026-07-27 08:00:00+00:00"


def test_guidance_says_what_to_do_for_now_and_when_both_look_at_it_again(company: World) -> None:
    decide(company, **GUIDANCE)
    assert "looks at it with you on Fri 24 Jul. For now:\nTry it by hand" in thread(company)[-1]
    assert "for now: Try it by hand · look at it again on Fri 24 Jul" in card(company)["text"]
    assert buttons(company) == ["Done", "Look at it again", "Undo"]


def test_not_an_ai_problem_is_done_with_what_to_do_instead(company: World) -> None:
    decide(company, **NOT_AI)
    assert stored(company).state == State.DONE
    assert "*Not an AI problem*. What to do instead:\nA saved filter does that" in thread(company)[-1]
    assert "checkboxes" not in str(card(company)["blocks"])


def test_not_now_says_why_and_what_would_change_our_mind(company: World) -> None:
    decide(company, **NOT_NOW)
    assert (stored(company).state, stored(company).waiting_on) == (State.PARKED, Ball.NOBODY)
    said = thread(company)[-1]
    assert "*Not now*. It comes back by itself on Fri 24 Jul. The reason:\nThe model is too slow" in said
    assert said.endswith("*What would change our mind:*\nAnswers within a second")


@pytest.mark.parametrize("mode", [BUILD, GUIDANCE])
def test_what_is_done_already_is_said_so(company: World, mode: dict[str, Any]) -> None:
    decide(company, **{**mode, "due_on": None, "done": "done"})
    assert stored(company).state == State.DONE
    assert "24 Jul" not in thread(company)[-1]
    assert "advises:" in thread(company)[-1] or "built it already" in thread(company)[-1]


def test_what_was_typed_reaches_nobody_as_markup(company: World) -> None:
    decide(company, **{**NOT_AI, "words": "<!channel> & <b>"})
    assert "&lt;!channel&gt; &amp; &lt;b&gt;" in thread(company)[-1]
    assert "<!channel>" not in str(card(company))


# --- changing it ------------------------------------------------------------------------------------------------


def test_a_decision_is_changed_and_an_embed_lets_its_engineer_go(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    decide(company, **BUILD)
    assert booked(company) == []
    assert "changed the answer" in thread(company)[-1]
    with company.db.read() as session:
        modes = session.execute(select(Decision.mode, Decision.ended_at.is_(None)).order_by(Decision.id)).all()
    assert [tuple(each) for each in modes] == [("embed", False), ("build", True)]


def test_the_same_engineer_is_booked_for_longer_by_changing_it(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    decide(company, **EMBED, sprints="2")
    assert booked(company) == [(date(2026, 7, 13), date(2026, 8, 7))]


def test_a_change_that_is_refused_leaves_the_embed_as_it_was(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    assert try_to(company, mode="build", engineer="mia", due_on="2026-07-01") != {}
    assert booked(company) == [(date(2026, 7, 13), date(2026, 7, 24))]


def test_what_is_parked_is_decided_earlier(after: Callable[[Story], World]) -> None:
    company = after(parked)
    assert buttons(company) == ["Undo"]
    decide(company, **BUILD)
    assert stored(company).state == State.DECIDED
    company.go_to("2026-07-24 08:00:00")
    assert stored(company).state == State.DECIDED, "the day on which it was to come back means nothing any more"


def test_who_takes_a_request_back_lets_the_engineer_go(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    from_details(company, "ada", "request_withdraw")
    assert booked(company) == []


# --- races ------------------------------------------------------------------------------------------------------


def test_of_two_who_decide_at_once_one_reads_that_the_other_was_faster(company: World) -> None:
    open_form(company, "sam")
    open_form(company, "tom")
    for name in ("sam", "tom"):
        company.person(name).fill(mode="build")
        company.person(name).fill(engineer=company.id("mia"), due_on=TARGET)
    errors = company.at_once(*[lambda name=name: company.person(name).submit() for name in ("sam", "tom")])
    lost = next(each for each in errors if each)
    assert sorted(errors, key=len) == [{}, lost]
    assert "answered while you wrote" in lost["mode"]
    with company.db.read() as session:
        assert session.scalar(select(func.count(Decision.id))) == 1
    assert len(thread(company)) == 1


def test_of_two_leads_who_book_one_engineer_one_reads_with_whom_and_until_when(company: World) -> None:
    open_form(company, "sam", SUMMARIES)
    open_form(company, "tom", RANKING)
    for name in ("sam", "tom"):
        company.person(name).fill(mode="embed")
        company.person(name).fill(engineer=company.id("mia"))
    errors = company.at_once(*[lambda name=name: company.person(name).submit() for name in ("sam", "tom")])
    lost = next(each for each in errors if each)
    assert sorted(errors, key=len) == [{}, lost]
    assert "Mia is with " in lost["starts_on"]
    assert "The next free window" in lost["starts_on"]
    assert len(booked(company)) == 1
    late = "sam" if errors[0] else "tom"
    request = SUMMARIES if late == "sam" else RANKING
    assert stored(company, request).state == State.OPEN, "nothing of it was decided"
    view = company.person(late).view or {}
    menu = next(each["element"] for each in view["blocks"] if each["block_id"] == "starts_on")
    free = next(each for each in menu["options"] if each["value"] == "2026-07-27")
    assert company.person(late).submit(starts_on=free["value"]) == {}
    assert len(booked(company)) == 2


def test_the_same_form_sent_twice_decides_once(company: World) -> None:
    open_form(company)
    company.person("sam").fill(mode="build")
    company.person("sam").fill(engineer=company.id("mia"), due_on=TARGET)
    again = company.submission("sam")
    assert company.person("sam").submit() == {}
    assert "has arrived already" in str(company.slack.deliver("interactive", again).json())
    assert "answered while you wrote" in str(company.slack.deliver("interactive", of_another_window(again)).json())
    assert len(thread(company)) == 1


# --- the checklist ----------------------------------------------------------------------------------------------


def tick(world: World, name: str, *lines: str) -> None:
    """Have these lines ticked on the card, and no other."""
    shown = card(world)
    block = next(each for each in shown["blocks"] if "decision_boxes" in str(each))
    world.person(name).click("decision_boxes", message=shown, select=list(lines), block_id=block["block_id"])


def ticked(world: World) -> set[str]:
    """The lines that are ticked on the card."""
    boxes = next(e for each in card(world)["blocks"] for e in each.get("elements", []) if e["type"] == "checkboxes")
    return {option["value"] for option in boxes.get("initial_options", [])}


def test_either_side_ticks_the_boxes_on_the_card(after: Callable[[Story], World]) -> None:
    company = after(built)
    assert "Start small: ship one workflow that works reliably." in str(card(company)["blocks"])
    tick(company, "ada", "found")
    tick(company, "mia", "found", "logic")
    assert ticked(company) == {"found", "logic"}
    tick(company, "mia", "logic")
    assert ticked(company) == {"logic"}


def test_others_do_not_tick_it(after: Callable[[Story], World]) -> None:
    company = after(built)
    tick(company, "yuki", "found")
    assert "Only the person who asked, their team, and the people of PostHog AI" in str(company.person("yuki").view)
    assert ticked(company) == set()


def test_two_who_tick_what_they_see_at_once_lose_nothing(after: Callable[[Story], World]) -> None:
    company = after(built)
    shown = card(company)
    block = next(each for each in shown["blocks"] if "decision_boxes" in str(each))
    picks = {"ada": ["found"], "lee": ["logic"], "mia": ["found"]}
    company.at_once(
        *[
            lambda name=name, lines=lines: company.person(name).click(
                "decision_boxes", message=shown, select=lines, block_id=block["block_id"]
            )
            for name, lines in picks.items()
        ]
    )
    assert ticked(company) == {"found", "logic"}


def test_an_embed_has_its_boxes_from_its_first_day_on(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    assert "checkboxes" not in str(card(company)["blocks"])
    company.go_to("2026-07-12 22:01:00")  # Monday's first minute where the host is
    assert "checkboxes" in str(card(company)["blocks"])
    company.go_to("2026-07-24 22:01:00")
    assert "is over" in thread(company)[-1]


def test_a_card_of_an_older_version_opens_the_checklist_in_a_window(after: Callable[[Story], World]) -> None:
    company = after(built)
    old = {"type": "button", "action_id": "decision_checklist", "value": "1"}
    company.forge_press("ada", card(company), old)
    company.person("ada").click("decision_tick_found")
    assert ticked(company) == {"found"}
    company.person("ada").click("decision_untick_found")
    assert ticked(company) == set()


def test_there_is_no_checklist_before_a_decision(company: World) -> None:
    with_button = {"type": "button", "action_id": "decision_checklist", "value": "1"}
    company.forge_press("ada", card(company), with_button)
    assert "There is no checklist" in str(company.person("ada").view)


# --- done -------------------------------------------------------------------------------------------------------


def test_what_is_shipped_is_said_with_its_link(after: Callable[[Story], World]) -> None:
    company = after(built)
    press(company, "mia", "decision_done")
    mia = company.person("mia")
    assert "That is no link" in mia.submit(link="somewhere")["link"]
    assert mia.submit(link="https://example.com/a?b=1&c=2") == {}
    assert stored(company).state == State.DONE
    assert "✅ shipped" in thread(company)[-1]
    assert "https://example.com/a?b=1&amp;c=2" in thread(company)[-1]
    assert stored(company).nudge_at is None


def test_what_is_done_is_done_once(after: Callable[[Story], World]) -> None:
    company = after(built)
    for name in ("mia", "tom"):
        press(company, name, "decision_done")
    errors = company.at_once(*[lambda name=name: company.person(name).submit() for name in ("mia", "tom")])
    assert sorted(map(len, errors)) == [0, 1]
    assert sum("shipped" in text for text in thread(company)) == 1


def test_who_asked_does_not_say_that_it_is_done(after: Callable[[Story], World]) -> None:
    company = after(built)
    press(company, "ada", "decision_done")
    assert "only the people of PostHog AI (lead Sam) can" in str(company.person("ada").view)


def test_a_check_in_leads_to_the_next_one_or_to_the_end(after: Callable[[Story], World]) -> None:
    company = after(advised)
    press(company, "mia", "decision_check_in")
    mia = company.person("mia")
    assert "has passed" in mia.submit(words="Write an eval", due_on="2026-07-01")["due_on"]
    assert mia.submit(due_on="2026-08-03") == {}
    assert "looks at it with you again on Mon 3 Aug. Until then:\nWrite an eval" in thread(company)[-1]
    assert str(stored(company).nudge_at) == "2026-08-03 08:00:00+00:00"
    press(company, "mia", "decision_done")
    assert mia.submit() == {}
    assert "✅ the advice is given" in thread(company)[-1]


def test_an_embed_is_handed_back_early(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    company.go_to("2026-07-15 08:00:00")
    press(company, "mia", "decision_hand_back")
    mia = company.person("mia")
    assert list(mia.submit(owner="Ada", docs=" ", measure="Weekly users")) == ["docs"]
    assert mia.submit(docs="In the <handbook>") == {}
    assert booked(company) == []
    assert stored(company).state == State.DONE
    assert "*Where the docs are:*\nIn the &lt;handbook&gt;" in thread(company)[-1]
    with company.db.read() as session:
        left = session.scalars(select(HandBack)).one()
        released = session.scalars(select(Booking.released_at)).one()
    assert (left.owner, left.measure) == ("Ada", "Weekly users")
    assert released is not None
    company.go_to("2026-07-27 08:00:00")
    assert dms(company, "mia", "is over") == [], "nobody asks about it again"


def test_a_mode_that_has_changed_meanwhile_is_not_done_by_an_old_button(after: Callable[[Story], World]) -> None:
    company = after(embedded)
    press(company, "mia", "decision_hand_back")
    decide(company, **BUILD)
    errors = company.person("mia").submit(owner="Ada", docs="Here", measure="Users")
    assert "Somebody else decided this first. The card shows what." in str(errors)
    assert stored(company).state == State.DECIDED


@pytest.mark.parametrize("mode", ALL)
def test_every_decision_is_said_once_to_everybody_who_asked(company: World, mode: dict[str, Any]) -> None:
    decide(company, **mode)
    assert len(thread(company)) == 1
    assert f"<@{company.id('ada')}>" in thread(company)[0]
    assert company.card(CHANNEL, "#2 "), "and nothing elsewhere"
