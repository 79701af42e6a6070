"""Every screen and message of a request, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain.intake.card_contents import CardContent
from bot.domain.intake.decisions import Decided
from bot.domain.intake.departures import Departed, Was
from bot.domain.intake.desk_closings import Closing, DeskClosed, Moved
from bot.domain.intake.events import Place
from bot.domain.intake.replies import Offer, Reply
from bot.domain.outbox.posts import Message
from bot.domain.teams.channels import Trouble
from bot.views import kit
from bot.views.intake import asking as asking_views
from bot.views.intake import briefs as brief_views
from bot.views.intake import changes as change_views
from bot.views.intake import claims as claim_views
from bot.views.intake import departures as departure_views
from bot.views.intake import desk_closings as closing_views
from bot.views.intake import events as intake_views
from bot.views.intake import reopenings as reopening_views
from bot.views.intake import replies as reply_views
from bot.views.intake import requests as request_views
from bot.views.intake import reversals as reversal_views
from models.company import Person
from models.desks import Desk
from models.intake.decisions import Decision, Mode
from models.intake.requests import (
    BRIEF_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Ball,
    Brief,
    CoAsker,
    Question,
    Request,
    Routing,
    State,
    Why,
)
from models.teams import Customer, Lost, Team
from sandbox.world import state as state_of
from tests.views import screens
from tests.views.screens import WORST

PLACE = Place("C" * 32, "1783584000.000000", "1783583000.000000")
NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
LONG = WORST * 1_000
SIZES = ("vague", "usual", "extreme")


@pytest.fixture(params=SIZES)
def shown(request: pytest.FixtureRequest) -> CardContent:
    """A request as its card shows it."""
    return a_request(request.param)


def a_person(number: int, size: str) -> Person:
    name = (WORST * 27)[:80] if size == "extreme" else ("Ada", "Lee", "Noor", "Sam")[number % 4]
    return Person(id=f"U{number}", name=name, is_deactivated=size == "extreme", zone="Europe/Berlin")


def a_desk(number: int, size: str) -> Desk:
    text = WORST * 20 if size == "extreme" else f"Desk {number}"
    team = Team(
        id=number,
        name=text,
        area="x",
        customer_kind=Customer.INTERNAL,
        customer="x",
        channel_id=f"C{number}",
        zone="UTC",
        sprint_weeks=1,
        anchor_on=date(2026, 7, 6),
        planning_at=time(10),
        members=[],
    )
    lead = a_person(number, size)
    return Desk(id=number, name=text[:60], owns=(text * 5)[:300], team=team, team_id=number, lead=lead, lead_id=lead.id)


def a_request(size: str, **changes: Any) -> CardContent:
    """A request of this size, with what differs."""
    people = [a_person(number, size) for number in range(12)]
    full = size != "vague"
    words = {"vague": "?", "usual": "We want to summarise tickets", "extreme": LONG}[size]
    desk = a_desk(1, size) if full else None
    request = Request(
        id=12,
        source="x",
        link="https://x.slack.com/archives/C1/p1" if full else None,
        title=words[:TITLE_LENGTH],
        text=words,
        asker=people[0],
        asker_id="U0",
        team=a_desk(2, size).team if full else None,
        team_id=2 if full else None,
        why=Why.UNSURE if full else None,
        tried=words[:BRIEF_LENGTH] if full else None,
        wanted_on=date(2026, 8, 1) if full else None,
        channel_id="C1" if full else None,
        thread_ts=None,
        desk=desk,
        desk_id=desk.id if desk else None,
        claimer=people[1] if full else None,
        claimer_id="U1" if full else None,
        state=State.OPEN,
        waiting_on=Ball.CLAIMER if full else Ball.DESK,
        waiting_since=NOW,
        nudged=0,
        nudge_at=NOW if full else None,
        co_askers=[CoAsker(person_id=each.id, person=each, at=NOW) for each in (people if size == "extreme" else [])],
        briefs=[a_brief(words[:BRIEF_LENGTH], people[1])] if full else [],
        questions=[Question(id=1, text=words[:TEXT_LENGTH], by_id="U1", by=people[1], at=NOW)],
        routings=[a_routing(words[:BRIEF_LENGTH], people[1], size)] if full else [],
        created_at=NOW,
    )
    for name, value in changes.items():
        setattr(request, name, value)
    waits_for = [each.id for each in people] if size == "extreme" else ["U1"] if full else []
    return CardContent(request, None, set(), waits_for, people[1] if size == "extreme" else None)


def a_brief(text: str, by: Person) -> Brief:
    return Brief(version=3, problem=text, audience=text, smallest=text, measure=text, by=by, by_id=by.id, at=NOW)


def a_routing(why: str, by: Person, size: str) -> Routing:
    return Routing(from_desk=a_desk(2, size), to_desk=a_desk(1, size), why=why, by=by, by_id=by.id, at=NOW)


def a_departure(request: Request, *, was: Was) -> Departed:
    return Departed("key", request, request.asker, was)


def the_desk(shown: CardContent) -> Desk:
    """The desk of a request, or some desk."""
    return shown.request.desk or a_desk(1, "usual")


def closing(shown: CardContent, others: int) -> Closing:
    """Its desk, which is to be closed, beside so many others."""
    return Closing(the_desk(shown), others, [a_desk(n, "usual") for n in range(others)])


def a_reply(shown: CardContent, offer: Offer | None) -> Reply:
    """A reply in its thread, which was merged with another one of the kind."""
    return Reply(shown.request, shown.request, "https://slack.example/archives/C1/p1", offer, "key")


def drawn(message: Message | None) -> Message:
    """What is said, and there is something."""
    assert message is not None
    return message


def an_answer(mode: Mode) -> Decision:
    """An answer of this kind."""
    person = a_person(1, "usual")
    return Decision(id=1, request_id=12, mode=mode, due_on=date(2026, 7, 24), words="x", person=person, by_id=person.id)


def a_closed_desk(shown: CardContent) -> DeskClosed:
    """Its desk, which is closed."""
    return DeskClosed(the_desk(shown), the_desk(shown))


def gone(shown: CardContent, **changes: Any) -> Request:
    """Its request, whose message was deleted."""
    for name, value in {"message_gone_at": NOW, **changes}.items():
        setattr(shown.request, name, value)
    return shown.request


SCREENS: dict[str, Callable[[CardContent], dict[str, Any]]] = {
    "intake.requests.reach_out_form": lambda s: request_views.reach_out_form(
        s.request.text[:TEXT_LENGTH], [the_desk(s)] * 120
    ),
    "intake.asking.details_form": lambda s: asking_views.details_form(
        s.request, [s.request.team or Team(id=1, name="A")], at_a_desk=True, asks=True
    ),
    "intake.claims.ask_form": lambda s: claim_views.ask_form(s.request),
    "intake.claims.route_form": lambda s: claim_views.route_form(s.request, [a_desk(n, "usual") for n in range(1, 13)]),
    "intake.claims.route_form, one desk": lambda s: claim_views.route_form(s.request, []),
    "intake.desk_closings.form": lambda s: closing_views.form(closing(s, 12)),
    "intake.desk_closings.form, two desks": lambda s: closing_views.form(closing(s, 1)),
    "intake.desk_closings.form, the last one": lambda s: closing_views.form(closing(s, 0)),
    "intake.claims.snooze_form": lambda s: claim_views.snooze_form(s.request, NOW.date()),
    "intake.briefs.brief_form": lambda s: brief_views.brief_form(s.request),
    "intake.events.message_form": lambda s: intake_views.message_form(PLACE, s.request.text, "U0LEE", "U0ADA", "C0AI"),
    "intake.events.message_form, one's own": lambda s: intake_views.message_form(
        PLACE, s.request.text, "U0", "U0", None
    ),
    "intake.events.empty_form": lambda _s: intake_views.empty_form(),
    "intake.events.already_view": lambda s: intake_views.already_view(s.request.id),
}
MESSAGES: dict[str, Callable[[CardContent], Message]] = {
    "intake.requests.card": request_views.card,
    "intake.asking.withdrawn_message": lambda s: asking_views.withdrawn_message(s.request, "U1"),
    "intake.asking.taken_over_asking_message": lambda s: asking_views.taken_over_asking_message(s.request),
    "intake.claims.claimed_message": lambda s: claim_views.claimed_message(s.request, "U1", "U2"),
    "intake.claims.asked_message": lambda s: claim_views.asked_message(s.request, s.request.questions[0]),
    "intake.claims.routed_message": claim_views.routed_message,
    "intake.claims.snoozed_message": lambda s: claim_views.snoozed_message(s.request, "U1"),
    "intake.briefs.brief_message": lambda s: brief_views.brief_message(s.request, "U1"),
    "intake.events.ask_a_colleague_message": lambda s: intake_views.ask_a_colleague_message(),
    "intake.departures.departed_message, owner": lambda s: departure_views.departed_message(
        a_departure(s.request, was=Was.OWNER)
    ),
    "intake.departures.departed_message, held": lambda s: departure_views.departed_message(
        a_departure(s.request, was=Was.HELD)
    ),
    "intake.departures.departed_message": lambda s: departure_views.departed_message(
        a_departure(s.request, was=Was.ASKER)
    ),
    "intake.departures.departed_message, claimer": lambda s: departure_views.departed_message(
        a_departure(s.request, was=Was.CLAIMER)
    ),
    "intake.replies.offer_message": lambda s: drawn(reply_views.offer_message(a_reply(s, Offer.WAIT), "U1")),
    "intake.replies.offer_message, reopen": lambda s: drawn(reply_views.offer_message(a_reply(s, Offer.REOPEN), "U1")),
    "intake.replies.waits_message": lambda s: reply_views.waits_message(s.request),
    "intake.replies.beside_message": lambda s: drawn(reply_views.beside_message(a_reply(s, None), "U1")),
    "intake.replies.answered_message": lambda s: reply_views.answered_message(
        Decided(s.request, an_answer(Mode.GUIDANCE), None, None)
    ),
    "intake.reversals.undone_message": lambda s: reversal_views.undone_message(s.request, "U1"),
    "intake.reopenings.reopened_message": lambda s: reopening_views.reopened_message(s.request, "U1"),
    "intake.reopenings.offer_message": lambda s: reopening_views.offer_message(s.request, "U1"),
    "intake.reopenings.settled_message": lambda s: reopening_views.settled_message(s.request),
    "intake.events.way_message": lambda s: intake_views.way_message(s.request, "https://slack.example/archives/C1/p1"),
    "intake.events.way_message, unknown": lambda s: intake_views.way_message(s.request, None),
    "intake.requests.nobody_answers_message": lambda _s: request_views.nobody_answers_message(is_admin=False),
    "intake.requests.nobody_answers_message, admin": lambda _s: request_views.nobody_answers_message(is_admin=True),
    "intake.events.kept_message": lambda s: intake_views.kept_message(s.request),
    "intake.events.how_to_message": lambda _s: intake_views.how_to_message(),
    "intake.desk_closings.moved_message": lambda s: closing_views.moved_message(
        a_closed_desk(s), Moved(s.request, s.request.asker)
    ),
    "intake.changes.card": lambda s: change_views.card(s.request, None),
    "intake.changes.card, deleted": lambda s: change_views.card(gone(s), "https://slack.example/archives/C1/p1"),
    "intake.changes.card, taken back": lambda s: change_views.card(gone(s, state=State.WITHDRAWN), None),
    "intake.changes.card, done": lambda s: change_views.card(gone(s, state=State.DONE), None),
    "intake.changes.card, kept": lambda s: change_views.card(gone(s, kept_at=NOW), None),
    "intake.changes.gone_message": lambda s: change_views.gone_message(s.request),
    "intake.events.closed_message": lambda _s: intake_views.closed_message(),
    "intake.events.told_message": lambda _s: intake_views.told_message(Trouble("k", "U1", "C1", lost=Lost.SHARED)),
    "intake.events.lost_message": lambda _s: intake_views.lost_message("C1", Lost.SHARED),
}


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, shown: CardContent) -> None:
    draw: Callable[[CardContent], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(shown)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("ball", Ball)
def test_a_card_is_taken_in_every_state(state: State, ball: Ball) -> None:
    card = request_views.card(a_request("usual", state=state, waiting_on=ball, merged_into=a_request("vague").request))
    screens.is_taken_by_slack(card)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", [None, *Mode])
@pytest.mark.parametrize("can_undo", [True, False])
def test_a_card_has_three_buttons_and_a_menu_at_most_and_no_two_open_the_same_form(
    state: State, size: str, mode: Mode | None, can_undo: bool
) -> None:
    merged_into = a_request("vague").request
    for ball in Ball:
        # What may be no request has one button more, while nobody is on it.
        maybe = {"is_doubtful": True, "claimer": None, "claimer_id": None} if ball is Ball.DESK else {}
        shown = a_request(size, state=state, waiting_on=ball, merged_into=merged_into, **maybe)
        answer = an_answer(mode) if mode is not None else None
        on_card = request_views.card(
            replace(shown, decision=answer, can_undo=can_undo, may_reopen=True, has_begun=answer is not None)
        )
        screens.is_taken_by_slack(on_card)
        elements = [each for block in on_card.blocks for each in state_of.elements_of(block)]
        buttons = [each["action_id"] for each in elements if each["type"] == "button"]
        assert len(buttons) <= 3
        assert len(set(buttons)) == len(buttons)
        menus = [each for each in elements if each["type"] == "overflow"]
        assert len(menus) <= 1
        verbs = [each["value"].partition(kit.OWN_VERB)[0] for menu in menus for each in menu["options"]]
        assert not set(verbs) & set(buttons)


def shown_words(**changes: Any) -> str:
    """What a card says, and offers, of an open request that nobody has taken."""
    usual = {"claimer": None, "claimer_id": None, "waiting_on": Ball.DESK, **changes}
    return str(request_views.card(a_request("usual", **usual)).blocks)


def test_what_may_be_no_request_says_so_on_the_first_line_until_somebody_is_on_it() -> None:
    assert "Not a request" in shown_words(is_doubtful=True)
    assert "Not a request" not in shown_words()
    assert "Not a request" not in shown_words(is_doubtful=True, claimer_id="U1")
    assert "⚪ Not a request, says <@U3>" in shown_words(state=State.WITHDRAWN, dismissed_by_id="U3")


def test_a_card_below_its_message_shows_what_was_written_since_and_all_once_the_message_is_gone() -> None:
    below = {"thread_ts": "1.0", "text": "We want this\nand that", "title": "We want this"}
    assert "and that" not in shown_words(**below)
    assert "and that" in shown_words(**below, later_words="and that")
    assert "and that" not in shown_words(**below, message_gone_at=NOW)
    assert "and that" in shown_words(**below, message_gone_at=NOW, kept_at=NOW)


def test_a_card_names_who_brought_it_apart_from_who_wants_it_too() -> None:
    follows = [CoAsker(person_id="U7", person=a_person(7, "usual"), at=NOW)]
    shown = shown_words(brought_by_id="U7", co_askers=follows)
    assert "brought by <@U7>" in shown
    assert "also wanted by" not in shown


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    modules = (
        reply_views,
        reopening_views,
        reversal_views,
        request_views,
        asking_views,
        brief_views,
        change_views,
        claim_views,
        departure_views,
        intake_views,
    )
    assert {name for module in modules for name in screens.drawing(module)} <= drawn
