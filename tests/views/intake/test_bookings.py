"""Every screen and message of a booking, and the plans that tell of one, with as little and as much as there can be."""

import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.calendar.cadence import Dates
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.intake import free_windows
from bot.domain.intake.booking_drafts import BookingDraft
from bot.domain.intake.capacity import SPRINTS, Capacity, Cell, CellKind, Row, Stay
from bot.domain.intake.free_windows import Window
from bot.domain.outbox.posts import Message
from bot.domain.planning.wrapping_up import PlanDraft as PlanDraft
from bot.domain.rhythm.riders import Riders
from bot.domain.sprints.sprints import Planning
from bot.views import kit
from bot.views.intake import bookings as booking_views
from bot.views.intake import capacity
from bot.views.kit import pictures
from bot.views.planning import plans
from bot.views.rhythm import prompts
from bot.views.sprints import cards, sprints
from models.company import Person
from models.intake.bookings import Booking
from models.intake.requests import TITLE_LENGTH, Request, State
from models.sprints import Item, Sprint
from tests.views import screens, test_screens
from tests.views.intake.test_requests import NOW, a_desk, a_person
from tests.views.screens import WORST

FIRST = date(2026, 7, 13)
SIZES = {"empty": 0, "usual": 4, "extreme": 45}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """How much of everything there is."""
    return str(request.param)


def the_sprints() -> list[Dates]:
    """Six sprints of two weeks."""
    starts = [FIRST + timedelta(weeks=2 * number) for number in range(SPRINTS)]
    return [Dates(day, day + timedelta(days=11)) for day in starts]


def a_row(number: int, size: str) -> Row:
    """An engineer who is everywhere once, and in the extreme everywhere at once."""
    cells = []
    for place, dates in enumerate(the_sprints()):
        name = a_desk(1, size).team.name
        every = [
            Stay(CellKind.WITH, dates.starts_on, dates.ends_on, True, name, f"{place % 2 + 1} of 2"),
            Stay(CellKind.HELD, dates.starts_on, dates.starts_on + timedelta(days=4), False, name),
            Stay(CellKind.AWAY, dates.ends_on - timedelta(days=4), dates.ends_on, False),
        ]
        some = [] if (place + number) % 4 == 3 else [every[(place + number) % 4]]
        cells.append(Cell(dates, every * 8 if size == "extreme" else some))
    return Row(f"U{number}", a_person(number, size).name, cells)


def a_capacity(size: str) -> Capacity:
    """A desk of this size, of several."""
    desks = [a_desk(number, size) for number in range(1, 2 if size == "empty" else 130)]
    rows = [a_row(number, size) for number in range(SIZES[size])]
    return Capacity(1, desks[0].name, desks, the_sprints(), rows)


def a_booking(size: str, *, is_firm: bool = False) -> Booking:
    """Somebody is held for a team, for two of its sprints."""
    text = WORST * 60 if size == "extreme" else "Summarise tickets"
    desk = a_desk(2, size)
    host = a_desk(3, size).team
    return Booking(
        id=1,
        person=a_person(1, size),
        person_id="U1",
        desk=desk,
        team=host,
        team_id=host.id,
        request=Request(id=12, title=text[:TITLE_LENGTH], state=State.OPEN),
        request_id=12,
        by_id="U2",
        is_firm=is_firm,
        starts_on=FIRST,
        ends_on=FIRST + timedelta(days=11),
    )


def a_draft(size: str, *, host: bool = True) -> BookingDraft:
    """The form for a hold."""
    number = SIZES[size]
    people = [a_person(each, size) for each in range(max(number * 3, 1))]
    items = [Item(id=each, title=(WORST * 70)[:200]) for each in range(number)]
    window = Window(the_sprints()[0], [a_booking(size)] * number, items, [(FIRST, FIRST)] * number)
    held = a_booking(size) if number else None
    team = a_desk(1, size).team if host else None
    return BookingDraft(
        a_booking(size).request, people, people[0], team, 2, the_sprints(), window if host else None, held
    )


SCREENS: dict[str, Callable[[str], dict[str, Any]]] = {
    "intake.bookings.capacity_view": lambda size: booking_views.capacity_view(a_capacity(size)),
    "intake.bookings.capacity_view, another page": lambda size: booking_views.capacity_view(a_capacity(size), 2),
    "intake.bookings.asked_view": lambda _size: booking_views.asked_view(),
    "intake.bookings.hold_form": lambda size: booking_views.hold_form(a_draft(size)),
    "intake.bookings.hold_form, for nobody": lambda size: booking_views.hold_form(a_draft(size, host=False)),
}
MESSAGES: dict[str, Callable[[str], Message]] = {
    "intake.bookings.capacity_message": lambda size: booking_views.capacity_message(a_capacity(size), is_shared=False),
    "intake.bookings.held_message": lambda size: booking_views.held_message(a_booking(size), "U1"),
    "intake.bookings.displaced_message": lambda size: booking_views.displaced_message(a_booking(size), None),
    "intake.bookings.displaced_message, by a booking": lambda size: booking_views.displaced_message(
        a_booking(size), a_booking(size, is_firm=True)
    ),
}


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, size: str) -> None:
    draw: Callable[[str], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(size)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    assert set(screens.drawing(booking_views)) <= drawn


def test_a_long_list_of_engineers_has_pages() -> None:
    view = booking_views.capacity_view(a_capacity("extreme"), 1)
    buttons = [each["text"]["text"] for each in view["blocks"][-1]["elements"]]
    assert buttons == ["As a picture", "Earlier in the list", "More engineers"]


def test_the_picture_is_as_tall_as_its_rows_and_no_taller_than_slack_shows() -> None:
    for number, rows in {"empty": 0, "usual": 4, "extreme": capacity.MOST_ROWS}.items():
        png = capacity.paint(a_capacity(number))
        width, height = struct.unpack(">II", png[16:24])
        assert width == pictures.WIDTH
        more = capacity.NOTE if number == "extreme" else 0
        assert height == capacity.TOP + rows * capacity.ROW + capacity.BOTTOM + more


# --- plans that tell of one -------------------------------------------------------------------------------------


def some_embeds(size: str, team_id: int) -> list[Embed]:
    """Engineers who are with this team, and as many of it who are with another one."""
    found = []
    for number in range(SIZES[size]):
        booking = a_booking(size, is_firm=True)
        booking.team_id = team_id if number % 2 else 99
        embed = embeds.within(booking, FIRST, FIRST + timedelta(days=4 + number % 2 * 7))
        assert embed is not None
        found.append(embed)
    return found


def a_sprint(size: str) -> Sprint:
    """A sprint of this size."""
    return test_screens.a_sprint(next(each for each in test_screens.SIZES if each.name == size))


def some_requests(size: str) -> list[Request]:
    """Requests to take up."""
    text = (WORST * 60 if size == "extreme" else "Summarise tickets")[:TITLE_LENGTH]
    return [Request(id=number, title=text, state=State.OPEN) for number in range(1, SIZES[size] * 3 + 1)]


def a_plan(size: str, sprint: Sprint) -> PlanDraft:
    """A plan that says where somebody is, and what can be taken up."""
    planning = Planning(Dates(sprint.starts_on, sprint.ends_on), 7, late=True)
    taken = some_requests(size)
    return PlanDraft(sprint.team, planning, True, [], sprint.items[:15], None, (), taken, some_embeds(size, 99))


def test_plans_take_whoever_is_with_whom(size: str) -> None:
    sprint = a_sprint(size)
    shared = some_embeds(size, sprint.team_id)
    prompt = test_screens.turn_prompt(sprint)
    drawn: list[dict[str, Any] | Message] = [
        sprints.plan_view(sprint, (1, 2), "U0", NOW, shared),
        cards.final_card(sprint, NOW, shared),
        plans.form(a_plan(size, sprint), "U0"),
        prompts.turn(replace(prompt, riders=Riders(embeds=shared))),
    ]
    sprint.finalized_at = None
    drawn.append(cards.planning_card(sprint, NOW, shared))
    for each in drawn:
        screens.is_taken_by_slack(each)
        assert screens.is_escaped(each)


@pytest.mark.parametrize(
    ("weeks", "first", "days", "words"),
    [
        (2, 0, 11, "Ada is with Replay"),
        (1, 0, 11, "Ada is with Replay, 1–2 of 2"),
        (1, 0, 4, "Ada is with Replay, 1 of 2"),
        (1, 7, 4, "Ada is with Replay, 2 of 2"),
        (1, 7, 11, "Ada is with Replay, 20–24 July, 2 of 2"),
    ],
)
def test_an_embed_follows_the_sprints_of_both_teams(weeks: int, first: int, days: int, words: str) -> None:
    booking = a_booking("usual", is_firm=True)
    booking.person = Person(id="U1", name="Ada")
    booking.team.name, booking.team.sprint_weeks = "Replay", weeks
    start = FIRST + timedelta(days=first)
    embed = embeds.within(booking, start, start + timedelta(days=days))
    assert embed is not None
    assert embeds.lent(embed) == words


def test_an_embed_that_was_released_ends_on_that_day() -> None:
    booking = a_booking("usual", is_firm=True)
    booking.released_at = NOW  # Tuesday
    assert embeds.last_day(booking) == NOW.date()
    assert embeds.within(booking, FIRST + timedelta(weeks=1), FIRST + timedelta(days=11)) is None


def test_what_is_said_of_a_hold_fits_in_a_line() -> None:
    assert booking_views.held_words(a_booking("usual")) == "Lee for Desk 3, 13–24 July (#12 Summarise tickets)"
    assert len(booking_views.held_words(a_booking("extreme"))) < kit.SECTION_TEXT
    assert free_windows.PROPOSED <= kit.OPTIONS
