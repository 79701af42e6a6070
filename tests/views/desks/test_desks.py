"""Every screen and message of the desks, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.calendar import rotation
from bot.domain.desks.duties import OnTriage
from bot.domain.desks.setups import NAME_LENGTH, OWNS_LENGTH, DeskSetup
from bot.domain.desks.triage import DeskRota, Rota, Ways, Week, WeeksSwapped
from bot.domain.outbox.posts import Message
from bot.views.desks import desks as desk_views
from bot.views.desks import rota_card as rota_card_views
from bot.views.desks import triage as triage_views
from models.company import EMOJI, PREFIX, Company, Person
from models.desks import Desk, DeskMember
from models.teams import Team
from tests.views import screens
from tests.views.screens import WORST

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
WEEKS = rotation.coming(date(2026, 7, 13))


@dataclass(frozen=True)
class Size:
    """How many desks there are, and people at each, and how much is written of them."""

    desks: int
    people: int
    text: str


SIZES = {
    "none": Size(0, 0, ""),
    "usual": Size(2, 4, "PostHog AI"),
    "extreme": Size(60, 300, WORST * 100),
}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> Size:
    """How much of everything there is."""
    return SIZES[request.param]


def people(size: Size) -> list[Person]:
    """The people at a desk."""
    found = [Person(id=f"U{number}", name=(size.text + str(number))[:80]) for number in range(size.people or 1)]
    for person in found:
        person.is_bot = person.is_guest = person.is_deactivated = False
    return found


def a_desk(size: Size, number: int = 1) -> Desk:
    """A desk, without a database."""
    found = people(size)
    desk = Desk(id=number, name=size.text[:NAME_LENGTH], owns=size.text[:OWNS_LENGTH], lead_id="U0", team_id=1)
    desk.lead, desk.team = found[0], Team(id=1, name=size.text[:NAME_LENGTH])
    desk.members = [DeskMember(desk_id=number, person_id=each.id, takes_turns=True) for each in found]
    for member, person in zip(desk.members, found, strict=True):
        member.person = person
    desk.channel_id, desk.usergroup_id = (None, "S1") if number % 2 else ("C1", None)
    return desk


def all_turns(size: Size) -> list[OnTriage]:
    """Who has triage where; at every other desk nobody."""
    return [OnTriage(desk, None if desk.id % 2 else desk.lead) for desk in (a_desk(size, n) for n in range(size.desks))]


def company(size: Size) -> Company:
    """What makes a request."""
    emoji, prefix = (WORST * 33, WORST * 33) if size.people > 100 else (EMOJI, PREFIX)
    channel = "C1" if size.people else None
    return Company(id=1, intake_channel_id=channel, intake_prefix=prefix, intake_emoji=emoji)


def rota(size: Size, *, is_at: bool = True) -> Rota:
    """The rota of every desk; the last one is still to be filled."""
    found = []
    for turn in all_turns(size):
        filled = turn.desk.id < size.desks - 1 or not turn.desk.id
        weeks = [(week, turn.desk.lead if filled and week != WEEKS[3] else None) for week in WEEKS]
        found.append(DeskRota(turn.desk, turn.person, weeks, is_at, takes_turns=bool(turn.desk.id % 2)))
    return Rota(found, WEEKS[0])


def two(size: Size) -> Rota:
    """The rota of a desk at which two people take turns."""
    desk, (ada, lee, *_) = a_desk(size), [*people(size), Person(id="U99", name="Lee")]
    weeks: list[tuple[date, Person | None]] = [(week, ada if number % 2 else lee) for number, week in enumerate(WEEKS)]
    return Rota([DeskRota(desk, ada, weeks, True, True)], WEEKS[0])


def week_of(size: Size) -> Week:
    """The first week of the rota of two."""
    person = two(size).desks[0].weeks[0][1]
    return Week(1, WEEKS[0], person.id if person else "")


def swapped(size: Size) -> WeeksSwapped:
    """Two weeks changed hands."""
    ada, lee = [*people(size), Person(id="U99", name="Lee")][:2]
    return WeeksSwapped(a_desk(size), ada, {WEEKS[0]: ada, WEEKS[1]: lee}, {WEEKS[0]: lee, WEEKS[1]: ada})


SCREENS: dict[str, Callable[[Size], dict[str, Any]]] = {
    "desks.desks.setup_view": lambda s: desk_views.setup_view(DeskSetup(all_turns(s), company(s), "U1", True)),
    "desks.desks.setup_view, to a lead": lambda s: desk_views.setup_view(
        DeskSetup(all_turns(s), company(s), "U0", False)
    ),
    "desks.desks.desk_form": lambda s: desk_views.desk_form(a_desk(s) if s.desks else None),
    "desks.desks.settings_form": lambda s: desk_views.settings_form(company(s)),
    "desks.triage.rota_view": lambda s: triage_views.rota_view(rota(s)),
    "desks.triage.rota_view, to others": lambda s: triage_views.rota_view(rota(s, is_at=False)),
    "desks.triage.swap_form": lambda s: triage_views.swap_form(two(s), week_of(s)) or {},
}
MESSAGES: dict[str, Callable[[Size], Message]] = {
    "desks.rota_card.moved_card": lambda _s: rota_card_views.moved_card("C1"),
    "desks.rota_card.card": lambda s: rota_card_views.card(Ways(all_turns(s), company(s))),
    "desks.triage.turn_message": lambda s: triage_views.turn_message([a_desk(s)] * 3),
    "desks.triage.swapped_posts": lambda s: triage_views.swapped_posts(swapped(s), NOW)[0][2],
}


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, size: Size) -> None:
    draw: Callable[[Size], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(size)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


def test_nobody_is_mentioned_by_the_card_that_all_of_the_channel_reads() -> None:
    card = rota_card_views.card(Ways(all_turns(SIZES["usual"]), company(SIZES["usual"])))
    assert "<@" not in f"{card.text}{card.blocks}"
    assert "<!" not in f"{card.text}{card.blocks}"


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    modules = (desk_views, triage_views, rota_card_views)
    assert {name for module in modules for name in screens.drawing(module)} <= drawn
