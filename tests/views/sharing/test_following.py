"""Every screen and message of what people see of other teams, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.domain.outbox.posts import Message
from bot.domain.planning.overlaps import SHOWN, Overlap
from bot.domain.rhythm.leading import LeadPrompt
from bot.domain.rhythm.prompts import TurnPrompt
from bot.domain.rhythm.riders import Riders
from bot.domain.sharing import contexts as notes
from bot.domain.sharing.company_sprints import (
    TEAMS_A_PAGE,
    TOP,
    CompanySprints,
    Contents,
    Plan,
    PlanFilters,
    TopItem,
    Which,
)
from bot.domain.sharing.contexts import SharedNote
from bot.domain.sharing.week_news import Learnt, News
from bot.views.planning import finalizing as finalizing_views
from bot.views.rhythm import leading, prompts
from bot.views.sharing import company_sprints, contexts, following
from models.company import Person
from models.retros import Action, Retro
from models.sharing import Context, Kind
from models.sprints import Change, ChangeKind, Item, Mark, Sprint
from models.teams import Membership, Team
from tests.views import screens
from tests.views.intake.test_requests import NOW
from tests.views.screens import WORST

SIZES = ("nothing", "usual", "extreme")
LINK = f"https://example.slack.com/archives/C{'0' * 10}/p1783584000000100"


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    name: str

    @property
    def is_extreme(self) -> bool:
        return self.name == "extreme"

    def many(self, most: int) -> int:
        return {"nothing": 0, "usual": min(2, most), "extreme": most}[self.name]

    def text(self, most: int, usual: str = "Summarise tickets") -> str:
        return (WORST * most)[:most] if self.is_extreme else usual

    def team(self, number: int = 1) -> Team:
        return Team(id=number, name=self.text(60, "Replay"), channel_id="C1", zone="Europe/Berlin")

    def sprint(self, number: int = 1) -> Sprint:
        team = self.team(number)
        sprint = Sprint(id=number, team_id=team.id, team=team, starts_on=date(2026, 7, 13), ends_on=date(2026, 7, 24))
        sprint.direction = self.text(1_000, "Playback first.") if self.name != "nothing" else ""
        sprint.impacted, sprint.finalized_at, sprint.revision = self.text(1_000), NOW, 2
        return sprint

    @property
    def contents(self) -> Contents:
        top = [TopItem(self.text(200), Mark.IN_PROGRESS, self.text(200, "Ada"))] * self.many(TOP)
        return Contents(dict.fromkeys(Mark, 45) if top else {}, top, [each.title for each in top])


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> Size:
    return Size(request.param)


def heard(size: Size) -> list[SharedNote]:
    """As many notes as are shown at once."""
    author = Person(id="U1", name=size.text(200, "Ada"))
    return [
        SharedNote(Context(kind=kind, text=size.text(500), link=LINK, author=author), LINK if size.is_extreme else None)
        for kind in list(Kind)[: size.many(notes.SHOWN)]
    ]


def turn_prompt(size: Size) -> TurnPrompt:
    """A turn has come, and everybody had something to say."""
    return TurnPrompt(
        sprint=size.sprint(),
        zone="Europe/Berlin",
        needed=True,
        late_for=None,
        ended=None,
        earlier=(),
        mine=(),
        answered=False,
        off=False,
        away=False,
        is_live=True,
        repeats=False,
        wraps_up=False,
        may_finalize=False,
        riders=Riders(context=heard(size)),
    )


def some_overlaps(size: Size) -> list[Overlap]:
    """As many items as are shown that look like one of ours."""
    owner = Person(id="U1", name=size.text(200, "Ada"))
    ours = Item(id=1, title=size.text(200), owner=owner, position=1)
    return [Overlap(size.text(60, "Replay"), size.text(200), size.text(200, "Lee"), ours)] * size.many(SHOWN)


def an_open_sprint(size: Size) -> Sprint:
    """A plan of nobody yet, to be made final."""
    sprint = size.sprint()
    sprint.items, sprint.absences = [], []
    sprint.team.members = [Membership(person_id="U1", person=Person(id="U1", name=size.text(200, "Ada"), aways=[]))]
    return sprint


def lead_prompt(size: Size) -> LeadPrompt:
    """A plan is to be made final, and others plan the same."""
    sprint = size.sprint()
    sprint.finalized_at, sprint.answers = None, []
    return LeadPrompt(sprint, "Europe/Berlin", True, None, [], [], None, [], overlaps=some_overlaps(size))


def plans(size: Size) -> CompanySprints:
    """A page of teams, each with two plans."""
    touches = [size.text(1_000)] * size.many(20)
    found = [
        (size.team(number), [Plan(size.sprint(number + each), each == 0, size.contents, touches) for each in (0, 100)])
        for number in range(size.many(TEAMS_A_PAGE))
    ]
    return CompanySprints(found, PlanFilters(Which.TOUCHING, 1), size.many(1_000), size.team(), heard(size))


def news(size: Size, number: int) -> News:
    """A week in which a team did everything there is to do."""
    by = Person(id="U1", name=size.text(200, "Ada"))
    changes = [
        (size.sprint(number), Change(kind=kind, title=size.text(200), reason=size.text(300), by=by, revision=2))
        for kind in ChangeKind
    ]
    retro = Retro(id=number, sprint_id=number, sprint=size.sprint(number))
    led_to = [Action(text=size.text(200), owner=by)] * size.many(10)
    return News(
        size.team(number),
        [(size.sprint(number), size.contents)],
        changes[: size.many(9)],
        [Learnt(retro, size.contents, led_to)],
    )


def a_note(size: Size, taken_back_at: datetime | None = None) -> Context:
    """A note that somebody shared."""
    note = (heard(size) or heard(Size("usual")))[0].context
    note.taken_back_at = taken_back_at
    return note


SCREENS: dict[str, Callable[[Size], dict[str, Any]]] = {
    "sharing.following.list_view": lambda s: following.list_view([news(s, n).team for n in range(s.many(40))]),
    "sharing.company_sprints.company_view": lambda s: company_sprints.company_view(plans(s)),
    "planning.finalizing.finalize_form, with overlaps": lambda s: finalizing_views.finalize_form(
        an_open_sprint(s), NOW, 0, some_overlaps(s)
    ),
    "sharing.contexts.form": lambda _: contexts.form(),
}
MESSAGES: dict[str, Callable[[Size], Message]] = {
    "sharing.contexts.card": lambda s: contexts.card(a_note(s)),
    "sharing.contexts.card, just shared": lambda s: contexts.card(a_note(s), can_undo=True),
    "sharing.contexts.card, taken back": lambda s: contexts.card(a_note(s, taken_back_at=NOW)),
    "sharing.contexts.shared_message": lambda s: contexts.shared_message(a_note(s), "C1"),
    "sharing.contexts.shared_message, kept": lambda s: contexts.shared_message(a_note(s), "C1", is_unseen=True),
    "sharing.contexts.undone_message": lambda _: contexts.undone_message(),
    "rhythm.prompts.turn, with context": lambda s: prompts.turn(turn_prompt(s)),
    "rhythm.leading.lead, with overlaps": lambda s: leading.lead(lead_prompt(s)),
    "sharing.following.week": lambda s: following.week([news(s, number) for number in range(max(1, s.many(40)))]),
    "sharing.following.week, of a retro alone": lambda s: following.week([replace(news(s, 1), plans=[], changes=[])]),
}
MODULES = [company_sprints, contexts, following]


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, size: Size) -> None:
    draw: Callable[[Size], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(size)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    assert {name for module in MODULES for name in screens.drawing(module)} <= drawn


def test_a_window_of_plans_reads_well_on_a_phone() -> None:
    blocks = company_sprints.company_view(plans(Size("usual")))["blocks"]
    assert not [block for block in blocks if "fields" in block or block["type"] == "table"]
    assert max(len(line) for block in blocks if "text" in block for line in block["text"]["text"].splitlines()) < 80
