"""Every screen and message of a decision and of what comes of it, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.calendar.cadence import Dates
from bot.domain.intake.card_contents import CardContent
from bot.domain.intake.checklists import LINES
from bot.domain.intake.decisions import Decided, DecisionForm
from bot.domain.intake.finishing import Left
from bot.domain.intake.free_windows import Window
from bot.domain.intake.offers import DecisionDraft
from bot.domain.intake.outcomes import OutcomeAsked, Verdict
from bot.domain.outbox.posts import Message
from bot.views.intake import checklists as checklist_views
from bot.views.intake import decisions as decision_views
from bot.views.intake import finishing as finishing_views
from bot.views.intake import offers as offer_views
from bot.views.intake import outcomes as outcome_views
from bot.views.intake import requests as request_views
from models.intake.bookings import Booking
from models.intake.decisions import Decision, Mode, Outcome
from models.intake.requests import BRIEF_LENGTH, LINK_LENGTH, State
from models.sprints import TITLE_LENGTH, Item
from tests.views import screens
from tests.views.intake.test_requests import NOW, SIZES, a_desk, a_person, a_request
from tests.views.screens import WORST

Drawn = dict[str, Any] | Message


def a_text(size: str, length: int = BRIEF_LENGTH) -> str:
    return {"vague": "?", "usual": "Try it by hand first", "extreme": (WORST * 1_000)}[size][:length]


def a_decision(size: str, mode: Mode) -> Decision:
    together = mode in (Mode.EMBED, Mode.BUILD, Mode.GUIDANCE)
    person, by = a_person(1, size), a_person(2, size)
    team = a_desk(2, size).team if mode == Mode.EMBED else None
    return Decision(
        id=3,
        request_id=12,
        mode=mode,
        person=person if together else None,
        person_id=person.id if together else None,
        team=team,
        team_id=2 if team else None,
        sprints=2 if team else None,
        due_on=None if mode == Mode.NOT_AI else date(2026, 7, 24),
        words=a_text(size) if mode != Mode.EMBED else "",
        change=a_text(size) if mode == Mode.NOT_NOW else None,
        by=by,
        by_id=by.id,
        at=NOW,
        ended_at=None,
    )


def a_booking(size: str) -> Booking:
    return Booking(
        id=1,
        person=a_person(1, size),
        person_id="U1",
        team=a_desk(2, size).team,
        request=a_request(size).request,
        request_id=12,
        starts_on=date(2026, 7, 13),
        ends_on=date(2026, 7, 24),
        is_firm=False,
    )


def an_offer(size: str, mode: Mode | None, *, with_window: bool = True) -> DecisionDraft:
    dates = [Dates(date(2026, 7, 13), date(2026, 7, 24)), Dates(date(2026, 12, 21), date(2027, 1, 15))]
    full = size != "vague"
    items = [Item(title=a_text(size, TITLE_LENGTH)) for _ in range(30)] if full else []
    window = Window(dates[0], [a_booking(size)] * 9 if full else [], items, [(NOW.date(), NOW.date())] * 9)
    return DecisionDraft(
        request=a_request(size).request,
        standing=a_decision(size, Mode.EMBED) if full else None,
        answer=DecisionForm(12, 3 if full else None, mode, engineer="U1" if full else None, team=2, sprints=1),
        teams=[a_desk(number, size).team for number in range(1, 131 if size == "extreme" else 4)],
        able=[a_person(number, size) for number in range(1, 131 if size == "extreme" else 4)],
        engineer=a_person(1, size),
        free=dates,
        window=window if with_window else None,
        missing="" if with_window else "Choose an engineer.",
    )


def decided(size: str, mode: Mode) -> Decided:
    before = a_decision(size, Mode.BUILD) if size == "extreme" else None
    booking = a_booking(size) if mode == Mode.EMBED else None
    state = State.DONE if mode == Mode.NOT_AI else State.DECIDED
    return Decided(a_request(size, state=state).request, a_decision(size, mode), before, booking)


def left(size: str) -> Left:
    return Left(a_text(size), a_text(size), a_text(size))


def asked(size: str, *, answered: bool) -> OutcomeAsked:
    outcome = Outcome(request_id=12)
    if answered:
        outcome.helped, outcome.words = Verdict.PARTLY, a_text(size)
        outcome.in_use, outcome.in_use_at = True, NOW
    return OutcomeAsked(a_request(size, state=State.DONE).request, outcome, True)


SCREENS: dict[str, Callable[[str, Mode], Drawn]] = {
    "intake.offers.form": lambda size, mode: offer_views.form(an_offer(size, mode)),
    "intake.offers.form, no mode": lambda size, _mode: offer_views.form(an_offer(size, None)),
    "intake.offers.form, no window": lambda size, mode: offer_views.form(an_offer(size, mode, with_window=False)),
    "intake.checklists.checklist_view": lambda size, _m: checklist_views.checklist_view(
        a_request(size).request, LINES[:2]
    ),
    "intake.finishing.done_form": lambda size, mode: finishing_views.done_form(
        a_request(size).request, a_decision(size, mode)
    ),
    "intake.finishing.check_in_form": lambda size, _mode: finishing_views.check_in_form(a_request(size).request),
    "intake.finishing.hand_back_form": lambda size, _mode: finishing_views.hand_back_form(a_request(size).request),
    "intake.decisions.decided_message": lambda size, mode: decision_views.decided_message(decided(size, mode)),
    "intake.decisions.returned_message": lambda size, mode: decision_views.returned_message(
        a_request(size).request, a_decision(size, mode)
    ),
    "intake.finishing.finished_message": lambda size, mode: finishing_views.finished_message(
        a_request(size).request, shipped(size, mode), "U1"
    ),
    "intake.finishing.checked_in_message": lambda size, mode: finishing_views.checked_in_message(
        a_request(size).request, a_decision(size, mode)
    ),
    "intake.decisions.embed_over_message": lambda size, mode: decision_views.embed_over_message(a_decision(size, mode)),
    "intake.finishing.handed_back_message": lambda size, _mode: finishing_views.handed_back_message(
        a_request(size).request, left(size), "U1"
    ),
    "intake.finishing.hand_back_card": lambda size, mode: finishing_views.hand_back_card(
        a_request(size).request, a_decision(size, mode), needed=True
    ),
    "intake.finishing.hand_back_card, over": lambda size, mode: finishing_views.hand_back_card(
        a_request(size).request, a_decision(size, mode), needed=False
    ),
    "intake.outcomes.card": lambda size, _mode: outcome_views.card(asked(size, answered=False)),
    "intake.outcomes.card, answered": lambda size, _mode: outcome_views.card(asked(size, answered=True)),
    "intake.outcomes.in_use_card": lambda size, _mode: outcome_views.in_use_card(asked(size, answered=False)),
    "intake.outcomes.in_use_card, answered": lambda size, _mode: outcome_views.in_use_card(asked(size, answered=True)),
    "intake.outcomes.helped_message": lambda size, _mode: outcome_views.helped_message(
        a_request(size).request, Verdict.NO
    ),
    "intake.outcomes.differently_form": lambda size, _mode: outcome_views.differently_form(
        a_request(size).request, asked(size, answered=True).outcome
    ),
}


def shipped(size: str, mode: Mode) -> Decision:
    decision = a_decision(size, mode)
    decision.words = f"https://{a_text(size, LINK_LENGTH - 8)}"
    return decision


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", Mode)
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(size: str, mode: Mode) -> None:
    for draw in SCREENS.values():
        drawn = draw(size, mode)
        screens.is_taken_by_slack(drawn)
        assert screens.is_escaped(drawn)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("state", State)
def test_a_card_is_taken_in_every_mode_and_state(size: str, mode: Mode, state: State) -> None:
    shown: CardContent = replace(a_request(size, state=state), decision=a_decision(size, mode), ticks=set(LINES[:2]))
    card = request_views.card(shown)
    screens.is_taken_by_slack(card)
    assert screens.is_escaped(card)


def test_everything_that_draws_is_in_this_table() -> None:
    drawn = {name.split(",")[0] for name in SCREENS}
    modules = (decision_views, offer_views, checklist_views, finishing_views, outcome_views)
    assert {name for module in modules for name in screens.drawing(module)} <= drawn
