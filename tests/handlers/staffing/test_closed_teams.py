"""A form was opened while a team was there, and is sent after the team was closed: nothing is bound to it any more."""

import pytest

from tests.decided import RANKING, card, open_form, two_requests
from tests.stories import After
from tests.world import World

CLOSED = "Ingestion was closed. Choose another team"


def with_a_plan(world: World) -> None:
    """Yuki is alone in Ingestion, and has a plan and a request; Sam's desk answers."""
    two_requests(world)
    world.plan("yuki", high="New consumers")
    world.post()


@pytest.fixture
def company(after: After) -> World:
    """Yuki is alone in Ingestion, and has a plan and a request; Sam's desk answers."""
    return after(with_a_plan)


def close(world: World) -> None:
    """Yuki closes the team."""
    world.person("yuki").command("/small-team close")
    assert world.person("yuki").submit() == {}
    world.post()


def test_nobody_is_booked_for_it(company: World) -> None:
    open_form(company, "sam", RANKING)
    sam = company.person("sam")
    sam.fill(mode="embed")
    sam.fill(engineer=company.id("mia"))
    close(company)
    assert CLOSED in str(sam.submit())


def test_no_request_is_for_it(company: World) -> None:
    ada = company.person("ada")
    ada.click("request_menu", message=card(company, 1), select="details:1")
    ada.fill(team=str(company.team_id("Ingestion")))
    close(company)
    assert CLOSED in ada.submit()["team"]


def test_no_desk_is_its(company: World) -> None:
    ivy = company.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("desk_new")
    ivy.fill(name="Ranking", owns="Search", team=str(company.team_id("Ingestion")), lead=company.id("ada"))
    close(company)
    assert CLOSED in ivy.submit()["team"]


def test_its_plan_takes_no_feedback(company: World) -> None:
    noor = company.person("noor")
    noor.command("/sprint show Ingestion")
    noor.click(f"comment_give_{company.item_id('New consumers')}", select="💬 Give feedback")
    close(company)
    before = company.texts("team-ingestion")
    assert "Ingestion was closed." in str(noor.submit(text="Why new ones?"))
    assert company.texts("team-ingestion") == before


def test_nobody_follows_it(company: World) -> None:
    noor = company.person("noor")
    noor.command("/small-team show Ingestion")
    close(company)
    noor.click("team_follow")
    assert "Ingestion was closed." in str(noor.view)
    noor.close_all()
    noor.command("/sprint show Ingestion")
    assert "New consumers" in str(noor.view)
