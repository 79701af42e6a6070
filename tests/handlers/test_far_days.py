"""Days in the year 1026 or 9999, which a slip of the finger picks: they are refused in words, or do no harm."""

from typing import Any

import pytest

from tests import intake
from tests.stories import After
from tests.world import World

FAR = ("1026-07-13", "9999-12-31")


def begin(world: World) -> None:
    """A company with a desk; Lee has asked for something."""
    intake.begin(world)
    world.person("lee").command("/reach-out A model for titles")
    world.post()


@pytest.fixture
def company(after: After) -> World:
    """A company with a desk; Lee has asked for something."""
    return after(begin)


def refused(world: World, name: str, fields: dict[str, Any], day: str) -> None:
    """Whoever submits the form that is open reads what is wrong under one of these fields, and the form stays open."""
    errors = world.person(name).submit(**fields)
    year = str(int(day[:4]))
    assert list(errors) == [key for key in fields if fields[key] == day][:1]
    assert f"That is in the year {year}." in next(iter(errors.values()))
    world.person(name).close_all()


@pytest.mark.parametrize("day", FAR)
def test_a_day_thousands_of_years_away_is_refused_under_its_field(
    company: World, day: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada, lee = company.person("ada"), company.person("lee")
    ada.command("/small-team pause")
    refused(company, "ada", {"until": day, "because": "Offsite"}, day)
    lee.command("/sprint away soon")
    refused(company, "lee", {"first": day, "last": "2026-07-20"}, day)
    lee.command("/sprint away soon")
    refused(company, "lee", {"last": day}, day)
    lee.command("/sprint plan")
    refused(company, "lee", {"off_from": day, "off_until": "2026-07-20"}, day)
    lee.command("/give-feedback ask")
    refused(company, "lee", {"people": [company.id("ada")], "question": "How was it?", "until": day}, day)
    lee.command("/give-feedback team")
    refused(company, "lee", {"ends_on": day}, day)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("day", [*FAR, "٢٠٢٦-٠٧-١٣"])
def test_a_button_that_carries_such_a_day_is_of_an_older_version(
    company: World, day: str, caplog: pytest.LogCaptureFixture
) -> None:
    company.plan("ada", high="Timeline")
    company.post()
    message = company.card("team-replay", "Timeline")
    team = company.team_id("Replay")
    for action in ("sprint_show", "plan_write", "plan_finalize", "prompt_again"):
        company.forge_press("ada", message, {"type": "button", "action_id": action, "value": f"{team}:{day}"})
        assert "This is from an older version" in str(company.person("ada").view)
        company.person("ada").close_all()
    assert not [record for record in caplog.records if record.exc_info]
