"""What two teams plan that looks alike is read by both leads."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.planning import overlaps
from bot.domain.sprints import sprints
from bot.platform import clock
from models.sprints import Item, Priority, Sprint
from models.teams import Team
from tests.follow import queries
from tests.stories import After
from tests.world import World

ALIKE = "Another team plans something alike. Talk to each other:"


def begin(world: World) -> None:
    """Replay and Ingestion plan, each without knowing what the other does, and neither plan is final."""
    world.set_up()
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion", weeks=1)
    world.plan("ada", high="Ticket summaries\nTimeline")
    world.plan("sam", high="Summarise tickets\nConsumers that catch up")


@pytest.fixture
def planned(after: After) -> World:
    """Two plans that are still open, and hold something alike."""
    return after(begin)


def finalize_form(world: World, name: str) -> str:
    """What a lead reads who finalizes."""
    lead = world.person(name)
    lead.command("/sprint finalize")
    return next((b["elements"][0]["text"] for b in (lead.view or {})["blocks"] if ALIKE in str(b)), "")


def test_each_lead_reads_it_in_the_form_that_makes_the_plan_final(planned: World) -> None:
    assert finalize_form(planned, "ada") == (
        f"{ALIKE}\n• Ingestion: “Summarise tickets” (Sam). Yours: “Ticket summaries” (Ada)"
    )
    assert finalize_form(planned, "noor") == (
        f"{ALIKE}\n• Replay: “Ticket summaries” (Ada). Yours: “Summarise tickets” (Sam)"
    )
    assert planned.person("noor").submit(direction="Lag below a minute.") == {}


def test_each_lead_reads_it_when_they_are_asked_to_finalize(planned: World) -> None:
    for moment in ("2026-07-10 08:00:00", "2026-07-13 07:00:00", "2026-07-13 09:01:00"):
        planned.go_to(moment)
    for name, words in (("ada", "Ingestion: “Summarise tickets” (Sam)"), ("noor", "Replay: “Ticket summaries” (Ada)")):
        asked = next(dm for dm in planned.person(name).dms if "for you to finalize" in dm["text"])
        assert f"{ALIKE}\n• {words}. Yours:" in asked["text"]


def test_nothing_alike_is_not_mentioned(after: After) -> None:
    def alone(world: World) -> None:
        world.team("ada", "lee")
        world.plan("ada", high="Timeline")

    assert finalize_form(after(alone), "ada") == ""


def test_what_was_dropped_or_is_over_counts_no_more(planned: World) -> None:
    planned.finalize("noor")
    sam = planned.person("sam")
    sam.command("/sprint")
    sam.click(f"plan_change_{sprint_id(planned)}")
    assert sam.submit(drop=str(planned.item_id("Summarise tickets")), reason="Replay does it") == {}
    assert finalize_form(planned, "ada") == ""


def test_what_stands_in_more_than_three_other_plans_is_no_double_work(planned: World) -> None:
    planned.many_teams(5)
    others_plan(planned, "Summaries of tickets", teams=(0, 1))
    assert finalize_form(planned, "ada").count("•") == 3
    others_plan(planned, "Summarising tickets", teams=(2, 3, 4))
    assert finalize_form(planned, "ada") == ""


def test_it_takes_one_query(planned: World) -> None:
    with planned.db.read() as session:
        sprint = sprints.latest(session, planned.team_id("Replay"))[0]
        sprint = sprints.load(session, sprint.id)
        with queries(planned.db.engine) as sent:
            assert len(overlaps.for_sprint(session, sprint)) == 1
    assert len(sent) == 1


def sprint_id(world: World) -> int:
    """The id of Ingestion's only sprint."""
    with world.db.read() as session:
        return sprints.latest(session, world.team_id("Ingestion"))[0].id


def others_plan(world: World, title: str, *, teams: Sequence[int]) -> None:
    """Of five teams more, these plan this."""
    with world.db.begin() as session:
        found = session.scalars(select(Team.id).where(Team.name.startswith("Number")).order_by(Team.id)).all()
        for number in teams:
            today = clock.now().date()
            sprint = Sprint(team_id=found[number], starts_on=today, ends_on=today, created_at=clock.now())
            sprint.over_at = clock.now() + timedelta(days=1)
            sprint.items = [Item(owner_id=world.id("noor"), title=title, priority=Priority.HIGH, position=1)]
            session.add(sprint)
