"""Every reminder and every digest, with as little and as much in it as there can be."""

import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.home.home import Home
from bot.domain.intake import queues
from bot.domain.intake.batches import Batch, Reason, Reminded
from bot.domain.intake.digests import Digest, Owed, Pace
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.home import home
from bot.views.intake import digests, nudges
from bot.views.kit import pictures
from models.intake.decisions import Mode
from models.intake.requests import Ball, Request, State
from tests.views import screens
from tests.views.intake.test_requests import SIZES, a_request

LINK = "https://example.slack.com/archives/C0000000001/p1700000000000001"
MONDAY = date(2026, 7, 6)
HOW_MANY = {"vague": 1, "usual": 3, "extreme": 120}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """How much of everything there is."""
    return str(request.param)


def a_line(size: str, number: int, reason: Reason = Reason.TRIAGE, *, waits: bool = True, **changes: Any) -> Reminded:
    """A request in a reminder."""
    request = a_request(size, id=number, **changes).request
    away = request.claimer if size == "extreme" else None
    link = None if size == "vague" else LINK
    return Reminded(request, 1, reason, waits, number % 2 == 0, away, MONDAY if away else None, MONDAY, link)


def a_batch(size: str, reason: Reason = Reason.TRIAGE, *, waits: bool = True) -> Batch:
    return Batch("U1", [a_line(size, number, reason, waits=waits) for number in range(1, HOW_MANY[size] + 1)])


def some_requests(size: str) -> list[Request]:
    return [a_request(size, id=number).request for number in range(1, HOW_MANY[size] + 1)]


def a_digest(size: str) -> Digest:
    found = some_requests(size)
    links: dict[int, str | None] = {} if size == "vague" else {each.id: LINK for each in found}
    owed = [Owed("A desk" if size != "extreme" else screens.WORST * 60, found[start::3]) for start in range(3)]
    decided = [(each, list(Mode)[number % 5]) for number, each in enumerate(found)]
    return Digest(MONDAY, found, decided, found, [each for each in owed if each.requests], paces(size), links)


def paces(size: str) -> list[Pace]:
    """Twelve weeks, with holes, short and long ones."""
    if size == "vague":
        spans: list[timedelta | None] = [*[None] * 11, timedelta(0)]
    elif size == "usual":
        spans = [timedelta(hours=number * 7 % 60 + 1) for number in range(12)]
    else:
        spans = [timedelta(days=number * 97 % 400) if number % 3 else None for number in range(12)]
    weeks = [MONDAY + timedelta(weeks=number - 11) for number in range(12)]
    return [Pace(week, span, span * 2 if span else None) for week, span in zip(weeks, spans, strict=True)]


DRAWN: dict[str, Callable[[str], dict[str, Any] | Message]] = {
    "intake.nudges.message": lambda size: nudges.message(a_batch(size)),
    "intake.nudges.message, settled": lambda size: nudges.message(a_batch(size, waits=False)),
    "intake.nudges.only_one_desk_view": lambda size: nudges.only_one_desk_view(a_request(size).request),
    "intake.digests.message": lambda size: digests.message(a_digest(size)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, size: str) -> None:
    drawn = DRAWN[name](size)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_said_and_has_its_buttons(reason: Reason, size: str) -> None:
    if reason is Reason.LEADS and size == "vague":
        return  # it went through two desks
    message = nudges.message(a_batch(size, reason))
    screens.is_taken_by_slack(message)
    assert screens.is_escaped(message)
    assert "'action_id'" in str(message.blocks), "as buttons, or behind three dots where there are several"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("ball", Ball)
def test_what_became_of_it_is_said_in_every_state(state: State, ball: Ball) -> None:
    lines = [a_line("usual", number, waits=False, state=state, waiting_on=ball, merged_into_id=7) for number in (1, 2)]
    screens.is_taken_by_slack(nudges.message(Batch("U1", lines)))


def test_of_many_ten_have_buttons_some_a_line_and_the_others_are_counted() -> None:
    lines = [replace(a_line("usual", number), link=None) for number in range(1, 41)]
    text = nudges.message(Batch("U1", lines)).text
    assert "40 requests wait on you" in text
    assert text.count("you have triage") == 10
    assert "… and 10 more: see `/reach-out queue`" in text


def test_home_lists_five_and_says_that_there_are_more() -> None:
    lines = [queues.QueueLine(each, None, None, LINK) for each in some_requests("extreme")[:6]]
    shown = home.tab(Home(None, waiting=queues.Waits(lines[:5], 6)))
    screens.is_taken_by_slack(shown)
    assert str(shown).count("'text': 'Open'") == 5
    assert "/reach-out mine" in str(shown)
    assert "waiting on you" not in str(home.tab(Home(None)))


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_is_three_times_as_wide_as_a_phone_and_its_words_fit(size: str) -> None:
    width, height = struct.unpack(">II", digests.paint(paces(size))[16:24])
    assert (width, height) == (pictures.WIDTH, digests.HEIGHT)
    assert len(digests.alt_text(paces(size))) <= kit.ALT_TEXT


def test_hours_under_two_days_and_days_from_then_on() -> None:
    spans = [timedelta(hours=hours) for hours in (1 / 3, 1, 47, 48, 9 * 24)]
    assert [digests._span(each) for each in spans] == ["less than an hour", "1 hour", "47 hours", "2 days", "9 days"]
    assert [digests._brief(each) for each in spans] == ["<1 h", "1 h", "47 h", "2 d", "9 d"]
    assert [digests._brief(timedelta(days=days)) for days in (97, 98, 729, 1_100)] == ["97 d", "14 w", "104 w", "3 y"]


def test_a_single_week_makes_no_picture() -> None:
    assert digests.message(a_digest("vague")).picture is None
    assert digests.message(a_digest("usual")).picture is not None


def test_everything_that_draws_is_in_this_table() -> None:
    drawn = {name.split(",")[0] for name in DRAWN}
    assert {*screens.drawing(nudges), *screens.drawing(digests)} <= drawn
