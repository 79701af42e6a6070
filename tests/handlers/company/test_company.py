"""`/prickle`: what it is, and the setup."""

from typing import Any

from sqlalchemy import select

from bot.platform import clock
from models.company import Company
from models.teams import Team
from tests.world import World


def test_an_admin_sets_the_company_up_and_its_zone_is_offered_to_new_teams(world: World) -> None:
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(
        sprint_channel=world.id("sprints"), intake_channel=world.id("team-posthog-ai"), zone="Asia/Tokyo"
    )
    assert errors == {}
    assert "Next, found a team with `/small-team create`" in str(ivy.view)
    tom = world.person("tom")
    tom.command("/small-team create")
    assert "Asia/Tokyo" in str(tom.view)


def test_who_is_no_admin_reads_whom_to_ask(world: World) -> None:
    ada = world.person("ada")
    ada.command("/prickle setup")
    assert "Only an admin of this Slack workspace can set Prickle up." in ada.ephemerals[-1]["text"]
    assert ada.view is None


def test_one_channel_for_both_is_refused(world: World) -> None:
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(sprint_channel=world.id("sprints"), intake_channel=world.id("sprints"))
    assert errors["intake_channel"].startswith("Choose two different channels")


def test_a_channel_that_is_shared_with_another_company_is_refused(world: World) -> None:
    world.slack.channel("sprints").is_ext_shared = True
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(sprint_channel=world.id("sprints"), intake_channel=world.id("team-posthog-ai"))
    assert errors == {"sprint_channel": "#sprints is shared with another company. Plans are internal: choose another."}


def test_the_weekend_is_a_setting_and_every_team_is_asked_on_other_days(world: World) -> None:
    world.team("ada", "lee")
    world.set_up()
    world.go_to("2026-07-09 08:05:00")
    before = next_looks(world)
    world.set_up()  # the same weekend again
    assert next_looks(world) == before
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    assert [option["value"] for option in element(ivy.view, "weekend")["initial_options"]] == ["5", "6"]
    assert ivy.submit(weekend=["Sunday", "Friday", "Saturday"]) == {}
    with world.db.read() as session:
        assert session.get_one(Company, 1).weekend == "456"
    assert next_looks(world) == [clock.now()]
    ivy.close_all()
    world.team("noor", "sam", name="Ingestion")
    world.plan("noor", high="Consumers")
    assert "13–23 July" in world.card("team-ingestion", "sprint 13")["text"]


def test_a_weekend_of_more_than_three_days_and_none_are_refused(world: World) -> None:
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    form = {"sprint_channel": world.id("sprints"), "intake_channel": world.id("team-posthog-ai")}
    assert "weekend" in ivy.submit(**form, weekend=["Thursday", "Friday", "Saturday", "Sunday"])
    assert "weekend" in ivy.submit(**form, weekend=[])
    assert ivy.submit(**form, weekend=["Friday"]) == {}


def next_looks(world: World) -> list[object]:
    """When the clock looks at the teams again."""
    with world.db.read() as session:
        return list(session.scalars(select(Team.next_at)))


def element(view: dict[str, Any] | None, block_id: str) -> dict[str, Any]:
    """The element of a form's field."""
    return next(block["element"] for block in (view or {})["blocks"] if block.get("block_id") == block_id)


def test_a_company_without_an_ai_team_is_set_up_without_its_channel(world: World) -> None:
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(sprint_channel=world.id("sprints")) == {}
    with world.db.read() as session:
        assert session.get_one(Company, 1).intake_channel_id is None
    ivy.close_all()
    ivy.open_home()
    assert "Reach out" not in str(ivy.home)


def test_a_channel_in_which_requests_are_made_is_not_given_up_for_none(world: World) -> None:
    world.set_up()
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    assert "There is an intake channel already." in ivy.submit(intake_channel=None)["intake_channel"]
