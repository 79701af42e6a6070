"""What Slack says of an account may be nonsense: then it counts as not said, and stops nobody."""

from typing import Any

import pytest
from sqlalchemy import select, text

from bot.domain.calendar.cadence import PromptKind
from bot.views.company import people as people_views
from models.company import Person
from models.outbox import Post
from tests.stories import After
from tests.world import World


def two_teams(world: World) -> None:
    """Replay of Ada and Lee, Ingestion of Noor and Sam."""
    world.set_up()
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion")


@pytest.fixture
def teams(after: After) -> World:
    """Replay of Ada and Lee, Ingestion of Noor and Sam."""
    return after(two_teams)


def zone_of(world: World, name: str) -> str | None:
    """The zone that counts for somebody."""
    with world.db.read() as session:
        return session.scalars(select(Person.zone).where(Person.id == world.id(name))).one()


def stored_zone(world: World, name: str, zone: str) -> None:
    """Store a zone that nobody checked, as an earlier version did."""
    with world.db.begin() as session:
        session.execute(text("UPDATE people SET zone = :zone WHERE id = :id"), {"zone": zone, "id": world.id(name)})


def asked(world: World) -> set[str]:
    """Who was asked to plan."""
    names = {world.id(name): name for name in ("ada", "lee", "noor", "sam")}
    with world.db.read() as session:
        posts = session.scalars(select(Post.channel_id).where(Post.card == PromptKind.TURN))
        return {names[each] for each in posts}


NONSENSE = ["Etc/Unknown", "", "europe/berlin", "../../etc/passwd", 5]


@pytest.mark.parametrize("zone", NONSENSE)
def test_an_unknown_zone_in_the_list_of_people_counts_as_none(teams: World, zone: Any) -> None:
    teams.slack.user("ada").tz = zone
    teams.meet()
    assert zone_of(teams, "ada") is None
    teams.go_to("2026-07-10 08:10:00")
    assert asked(teams) == {"ada", "lee", "noor", "sam"}


def test_an_unknown_zone_that_an_event_tells_of_counts_as_none(teams: World) -> None:
    teams.slack.change_user("ada", tz="Etc/Unknown")
    teams.slack.settle()
    assert zone_of(teams, "ada") is None


def test_an_unknown_zone_that_is_stored_already_stops_nobody(teams: World) -> None:
    stored_zone(teams, "ada", "Etc/Unknown")
    teams.go_to("2026-07-10 08:10:00")
    assert asked(teams) == {"ada", "lee", "noor", "sam"}


def test_who_has_an_unknown_zone_goes_away_by_their_teams_clock(teams: World) -> None:
    stored_zone(teams, "ada", "Etc/Unknown")
    ada = teams.person("ada")
    ada.command("/sprint away until 17 july")
    assert "17 July" in str(ada.view or ada.ephemerals)


def test_an_unknown_zone_of_a_team_or_the_company_stops_nobody(teams: World) -> None:
    with teams.db.begin() as session:
        session.execute(text("UPDATE teams SET zone = 'Etc/Unknown' WHERE name = 'Ingestion'"))
        session.execute(text("UPDATE company SET zone = 'Mars/Olympus'"))
    teams.go_to("2026-07-10 08:10:00")
    assert asked(teams) == {"ada", "lee", "noor", "sam"}


@pytest.mark.parametrize("nonsense", ["soon", 10**30, -1, {}, None])
def test_a_status_with_an_end_that_is_no_time_has_no_end(nonsense: Any) -> None:
    status = people_views.read_profile({"id": "U1", "profile": {"status_expiration": nonsense}}).status
    assert status.ends_at is None
