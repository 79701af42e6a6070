"""Every screen and message of similar asks and of the queue, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot.domain.intake.matches import EarlierRequest, Match, MatchOffer, Merged, Planned
from bot.domain.intake.queues import (
    MOST_MINE,
    PAGE,
    Age,
    AnswerState,
    MyRequests,
    Queue,
    QueueFilters,
    QueueLine,
    Waiting,
)
from bot.domain.outbox.posts import Message
from bot.views.intake import matches as match_views
from bot.views.intake import queues as queue_views
from models.intake.decisions import Decision, Mode
from models.intake.requests import TEXT_LENGTH, Ball, Request, State
from models.sprints import Item, Mark, Priority
from models.teams import Team
from tests.views import screens
from tests.views.intake.test_requests import LONG, NOW, SIZES, a_desk, a_person, a_request
from tests.views.screens import WORST

LINK = f"https://example.slack.com/archives/C{'0' * 10}/p1783584000000100"


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    name: str
    request: Request
    matches: list[Match]
    lines: list[QueueLine]

    @property
    def text(self) -> str:
        return LONG[:TEXT_LENGTH] if self.name == "extreme" else "we want to summarise tickets"

    @property
    def merged(self) -> Merged:
        askers = [f"U{number}" for number in range(400 if self.name == "extreme" else 1)]
        return Merged(self.request, an_earlier(self.name, State.DONE), askers)

    @property
    def offer(self) -> MatchOffer:
        return MatchOffer(self.request, None, self.matches)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> Size:
    return sized(request.param)


def sized(name: str) -> Size:
    matches: list[Match] = [an_earlier(name, State.DONE), an_earlier(name, State.OPEN), an_item(name)]
    lines = [a_line(name, ball) for ball in Ball for _ in range(PAGE)][:PAGE]
    return Size(name, a_request(name).request, matches if name != "vague" else [], lines if name != "vague" else [])


def a_decision(name: str, mode: Mode = Mode.EMBED) -> Decision:
    words = LONG[:1_000] if name == "extreme" else "Begin with the ten longest"
    team = Team(id=1, name=WORST * 20 if name == "extreme" else "Replay")
    return Decision(mode=mode, person=a_person(3, name), team=team, sprints=2, due_on=date(2026, 7, 24), words=words)


def an_earlier(name: str, state: State) -> EarlierRequest:
    request = a_request(name, state=state, done_at=NOW, decided_at=NOW).request
    return EarlierRequest(request, a_decision(name) if name != "vague" else None, LINK if name != "vague" else None)


def an_item(name: str) -> Planned:
    item = Item(id=3, title=(WORST * 70)[:200] if name == "extreme" else "Changelog", priority=Priority.HIGH)
    item.points = ""
    item.mark, item.owner, item.owner_id = Mark.IN_PROGRESS, a_person(1, name), "U1"
    team = Team(id=1, name=WORST * 20 if name == "extreme" else "Replay")
    return Planned(item, team, LINK if name != "vague" else None)


def a_line(name: str, ball: Ball = Ball.DESK) -> QueueLine:
    request = a_request(name, waiting_on=ball).request
    decision = a_decision(name) if name != "vague" else None
    return QueueLine(request, decision, a_person(2, name), LINK if name != "vague" else None)


def a_queue(size: Size, filters: QueueFilters) -> Queue:
    desks = [a_desk(number, size.name) for number in range(120 if size.name == "extreme" else 1)]
    return Queue(size.lines, filters, len(size.lines) * 3, desks)


def a_mine(size: Size) -> MyRequests:
    many = (size.lines * 2)[:MOST_MINE]
    return MyRequests([line for line in many if line.request.waiting_on != Ball.NOBODY], many, many)


CHOSEN = QueueFilters(desk_id=1, answer=AnswerState.EMBED, waiting=Waiting.ME, age=Age.MONTH)
SCREENS: dict[str, Callable[[Size], dict[str, Any]]] = {
    "intake.matches.is_it_one_of_these": lambda s: match_views.is_it_one_of_these(s.text, s.matches),
    "intake.queues.mine_view, joined": lambda s: queue_views.mine_view(
        a_mine(s), match_views.joined_words(an_earlier(s.name, State.OPEN))
    ),
    "intake.matches.similar_view": lambda s: match_views.similar_view(s.offer, may_merge=True),
    "intake.matches.similar_view, reading": lambda s: match_views.similar_view(s.offer, may_merge=False),
    "intake.queues.mine_view, merged": lambda s: queue_views.mine_view(a_mine(s), match_views.merged_words(s.merged)),
    "intake.queues.mine_view, owner_asked": lambda s: queue_views.mine_view(
        a_mine(s), match_views.owner_asked_words(an_item(s.name))
    ),
    "intake.queues.queue_view": lambda s: queue_views.queue_view(a_queue(s, QueueFilters(page=1))),
    "intake.queues.queue_view, filtered": lambda s: queue_views.queue_view(a_queue(s, CHOSEN)),
    "intake.queues.mine_view": lambda s: queue_views.mine_view(a_mine(s)),
}
MESSAGES: dict[str, Callable[[Size], Message]] = {
    "intake.matches.joined_message": lambda s: match_views.joined_message(an_earlier(s.name, State.OPEN), "U1", s.text),
    "intake.matches.offer": lambda s: match_views.offer(s.offer) or match_views.settled(s.offer),
    "intake.matches.offer, merged": lambda s: match_views.offer(a_merged_offer(s)) or match_views.settled(s.offer),
    "intake.matches.settled": lambda s: match_views.settled(s.offer),
    "intake.matches.merged_message": lambda s: match_views.merged_message(s.merged, "U1"),
    "intake.matches.gained_message": lambda s: match_views.gained_message(s.merged, "U1"),
    "intake.matches.owner_message": lambda s: match_views.owner_message(an_item(s.name), "U1"),
}


def a_merged_offer(size: Size) -> MatchOffer:
    return MatchOffer(a_request(size.name, state=State.MERGED).request, a_request(size.name).request, [])


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, size: Size) -> None:
    draw: Callable[[Size], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(size)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    assert {*screens.drawing(match_views), *screens.drawing(queue_views)} <= drawn


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("state", [state for state in State if state not in (State.MERGED, State.WITHDRAWN)])
def test_a_match_says_how_it_was_answered_in_every_mode(mode: Mode, state: State) -> None:
    request = a_request("usual", state=state, done_at=NOW, decided_at=NOW).request
    line = match_views.line(EarlierRequest(request, a_decision("usual", mode), LINK))
    assert request.title in line
    assert "asked by" in line


def test_a_match_that_is_done_says_when_what_and_by_whom() -> None:
    done = EarlierRequest(
        a_request("usual", state=State.DONE, done_at=NOW, desk=None).request, a_decision("usual", Mode.GUIDANCE), LINK
    )
    line = match_views.line(done)
    assert line.startswith("✅ done <!date^")
    assert f"|{done.request.title}>* (#{done.request.id}), Guidance by Sam · asked by " in line
