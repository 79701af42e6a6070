"""Which earlier requests and running plan items stand for what somebody is about to ask."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.intake import matches, titles
from bot.domain.intake.matches import EarlierRequest, Planned
from bot.domain.planning import plans
from bot.domain.planning.wrapping_up import MyPlan
from bot.domain.sprints import sprints
from bot.platform.database import Database
from bot.platform.errors import Refusal
from models.intake.requests import Ball, CoAsker, PlannedRequest, Request, State
from models.sprints import Item, Sprint
from tests.domain.company import NOW, finalize, found, meet, plan

TICKETS = "Summarise support tickets"
CHANGELOG = "Write the changelog from merged pull requests"


@pytest.fixture
def company(db: Database) -> Database:
    """People, and the team Replay."""
    with db.begin() as session:
        meet(session)
        found(session, "ada", "lee", "noor")
    return db


def ask(session: Session, title: str = TICKETS, **values: Any) -> int:
    """A request, as it is stored."""
    given = {"asker_id": "ada", "waiting_on": Ball.DESK, "waiting_since": NOW, "created_at": NOW, "text": title}
    number = len(session.scalars(select(Request.id)).all()) + 1
    session.add(Request(source=f"test:{number}", title=title, **{**given, **values}))
    session.flush()
    return number


def nearest(session: Session, words: str, **options: Any) -> list[int | str]:
    """The ids of requests, and the titles of items."""
    found_ones = matches.nearest(session, words, **options)
    return [match.request.id if isinstance(match, EarlierRequest) else match.item.title for match in found_ones]


def test_a_request_in_any_state_is_found_but_one_that_was_taken_back(company: Database) -> None:
    with company.begin() as session:
        for state in (State.OPEN, State.PARKED, State.WITHDRAWN):
            ask(session, state=state)
        ask(session, "Auto-label session replays")
        assert nearest(session, "summaries of tickets") == [2, 1]


def test_what_a_request_says_below_its_title_is_compared_too(company: Database) -> None:
    said = f"Something from our retro\n{TICKETS} before anybody reads them"
    with company.begin() as session:
        number = ask(session, "Something from our retro", text=said)
        other = ask(
            session, "Explain slow queries", text="Explain slow queries\nThey take minutes, and nobody knows why"
        )
    with company.read() as session:
        assert nearest(session, "summaries of tickets") == [number]
        assert matches.nearest(session, "One more thing", "One more thing\nnobody knows why queries take minutes") != []
        assert nearest(session, TICKETS, but=number) == []
        assert other != number


def test_three_are_enough_and_the_nearest_come_first(company: Database) -> None:
    with company.begin() as session:
        for title in (f"{TICKETS} by topic", TICKETS, f"{TICKETS} by team", f"{TICKETS} every week"):
            ask(session, title)
        assert nearest(session, TICKETS)[0] == 2
        assert len(nearest(session, TICKETS)) == 3


def test_a_request_is_not_like_itself_or_like_what_lives_on_in_it(company: Database) -> None:
    with company.begin() as session:
        ask(session)
        ask(session, state=State.MERGED, merged_into_id=1)
        assert nearest(session, TICKETS) == [1]
        assert nearest(session, TICKETS, but=1) == []


def test_what_was_merged_into_one_that_was_taken_back_is_not_found(company: Database) -> None:
    with company.begin() as session:
        ask(session, state=State.WITHDRAWN)
        ask(session, state=State.MERGED, merged_into_id=1)
        assert nearest(session, TICKETS) == []


def test_only_the_newest_are_looked_at(company: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "NEWEST", 1)
    with company.begin() as session:
        ask(session)
        ask(session, "Auto-label session replays")
        assert nearest(session, TICKETS) == []


def test_an_item_of_an_open_sprint_is_found_until_it_is_dropped_or_the_sprint_closed(company: Database) -> None:
    with company.begin() as session:
        team = found(session, "sam", "mia", name="Ingestion")
        plan(session, team, "sam", CHANGELOG)
        (match,) = matches.nearest(session, "generate the changelog from pull requests")
        assert isinstance(match, Planned)
        assert (match.team.name, match.item.owner.name) == ("Ingestion", "Sam")
        session.execute(update(Item).values(dropped_at=NOW))
        assert nearest(session, CHANGELOG) == []
        session.execute(update(Item).values(dropped_at=None))
        session.execute(update(Sprint).values(closed_at=NOW))
        assert nearest(session, CHANGELOG) == []


def test_an_item_that_was_made_from_a_request_is_that_request(company: Database) -> None:
    with company.begin() as session:
        plan(session, found(session, "sam", "mia", name="Ingestion"), "sam", TICKETS)
        number = ask(session)
        assert len(nearest(session, TICKETS)) == 2
        session.add(PlannedRequest(item_id=1, request_id=number))
        session.flush()
        assert nearest(session, TICKETS) == [number]


def test_an_item_that_was_carried_on_is_found_once(company: Database) -> None:
    with company.begin() as session:
        team = found(session, "sam", "mia", name="Ingestion")
        first = plan(session, team, "sam", CHANGELOG)
        finalize(session, sprints.load(session, first.id), "sam")
        later = NOW + timedelta(days=12)
        starts_on = sprints.to_plan(
            sprints.latest(session, team.id), sprints.cadence_of(session, team), later
        ).dates.starts_on
        mine = MyPlan(team.id, starts_on, {}, [], [], None, None, keep_points=False)
        plans.send(session, mine, person_id="sam", now=later)
        assert len(session.scalars(select(Item.id)).all()) == 2
        assert nearest(session, CHANGELOG) == [CHANGELOG]


def test_words_that_say_nothing_find_nothing(company: Database) -> None:
    with company.begin() as session:
        ask(session, "We want AI")
        assert nearest(session, "we want AI, please") == []


def test_whoever_asked_first_does_not_become_their_own_co_asker(company: Database) -> None:
    with company.begin() as session:
        ask(session)
        matches.join(session, 1, by="ada", now=NOW)
        matches.join(session, 1, by="sam", now=NOW)
        matches.join(session, 1, by="sam", now=NOW)
        assert session.scalars(select(CoAsker.person_id)).all() == ["sam"]


def test_a_request_of_nobodys_is_refused_in_words(company: Database) -> None:
    with company.begin() as session, pytest.raises(Refusal, match="This request is gone"):
        matches.join(session, 99, by="ada", now=NOW)
