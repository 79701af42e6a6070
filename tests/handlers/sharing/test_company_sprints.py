"""`/sprint company`: what all teams are at, told through Slack."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.staffing import moves
from bot.platform import clock
from models.sprints import Sprint
from models.teams import Team
from tests.follow import begin, lines, queries
from tests.stories import After
from tests.world import World

FILTER = "company_sprints_filter"


@pytest.fixture
def company(after: After) -> World:
    """Two teams, whose sprints run."""
    return after(begin)


def shown(world: World, name: str = "tom") -> str:
    """What somebody reads in their window."""
    return "\n".join(lines(world.person(name).view))


def test_anybody_sees_every_teams_dates_marks_direction_and_top_items_on_one_screen(company: World) -> None:
    company.mark("ada", "Timeline", "Finished")
    company.person("ada").close_all()
    company.person("tom").command("/sprint company")
    head, ingestion, replay = lines(company.person("tom").view)
    assert head == "2 teams"
    assert ingestion == "*Ingestion* · 13–17 July · ⚪ 1\nLag below a minute.\n⚪ Consumers that catch up — Noor"
    assert replay == (
        "*Replay* · 13–24 July · 🟢 1 · ⚪ 2\nPlayback first.\n🟢 Timeline — Ada\n⚪ First frame for Ingestion — Lee"
    )


def test_the_whole_plan_is_one_press_away(company: World) -> None:
    tom = company.person("tom")
    tom.command("/sprint company")
    tom.click(f"sprint_show_{sprint_id(company, 'Replay')}")
    assert "Team Replay: sprint 13–24 July 2026" in str(tom.view)
    assert len(tom.views) == 2


def test_it_shows_what_runs_or_what_is_being_planned(company: World) -> None:
    company.go_to("2026-07-17 08:00:00")
    company.plan("noor", high="Schemas")
    tom = company.person("tom")
    tom.command("/sprint company")
    assert "Schemas" in shown(company)
    assert "Consumers" in shown(company)
    tom.click(FILTER, select="running")
    assert ("20–24 July" in shown(company), "13–17 July" in shown(company)) == (False, True)
    tom.click(FILTER, select="planned")
    assert lines(tom.view) == [
        "1 team",
        "*Ingestion* · 20–24 July · being planned, ⚪ 2\n⚪ Consumers that catch up — Noor\n⚪ Schemas — Noor",
    ]


def test_somebody_of_a_team_finds_the_plans_that_touch_theirs_and_reads_where(company: World) -> None:
    noor = company.person("noor")
    noor.command("/sprint company")
    noor.click(FILTER, select="touching")
    _, replay = lines(noor.view)
    assert replay.endswith("\n→ Ingestion: twice as many events\n→ First frame for Ingestion")
    ada = company.person("ada")
    ada.command("/sprint company")
    ada.click(FILTER, select="touching")
    assert "No plan is open with this filter." in shown(company, "ada")


def test_who_is_in_no_team_is_not_offered_what_touches_theirs(company: World) -> None:
    tom = company.person("tom")
    tom.command("/sprint company")
    assert "touch" not in str(tom.view)


def test_who_left_their_team_meanwhile_sees_all_plans_again(company: World) -> None:
    company.person("sam").command("/sprint company")
    chosen = company.press("sam", FILTER, "touching")
    with company.db.begin() as session:
        moves.leave(session, person_id=company.id("sam"), now=clock.now())
    company.slack.deliver("interactive", chosen)
    assert "2 teams" in shown(company, "sam")


def test_what_is_over_or_closed_stands_there_no_more(company: World) -> None:
    ada = company.person("ada")
    ada.command("/sprint close")
    assert ada.submit() == {}
    company.go_to("2026-07-18 08:00:00")
    company.person("tom").command("/sprint company")
    assert "Timeline" not in shown(company)
    assert "13–17 July" not in shown(company)


def test_ten_teams_stand_on_a_page_and_the_filter_stays_while_one_turns(company: World) -> None:
    more_teams(company, 23)
    tom = company.person("tom")
    tom.command("/sprint company")
    assert lines(tom.view)[0] == "25 teams · page 1 of 3"
    tom.click(FILTER, select="running")
    tom.click("company_sprints_page_next")
    tom.click("company_sprints_page_next")
    assert lines(tom.view)[0] == "25 teams · page 3 of 3"
    assert len(lines(tom.view)) == 1 + 5
    assert "The next 10" not in str(tom.view)
    tom.click("company_sprints_page_before")
    assert lines(tom.view)[0] == "25 teams · page 2 of 3"
    assert '"initial_option": {"text": {"type": "plain_text", "text": "Running"' in str(tom.view).replace("'", '"')


def test_it_takes_as_many_queries_for_thirty_teams_as_for_two(company: World) -> None:
    noor = company.person("noor")
    with queries(company.db.engine) as for_two:
        noor.command("/sprint company")
    noor.close_all()
    more_teams(company, 28)
    with queries(company.db.engine) as for_thirty:
        noor.command("/sprint company")
    assert len(for_two) == len(for_thirty) <= 8


def test_it_is_a_tab_beside_ones_own_sprint(company: World) -> None:
    ada = company.person("ada")
    ada.command("/sprint")
    ada.click("go_sprint_company")
    assert "Consumers that catch up" in shown(company, "ada")
    assert len(ada.views) == 1


def test_a_company_without_a_plan_reads_how_to_write_the_first(world: World) -> None:
    world.person("tom").command("/sprint company")
    assert lines(world.person("tom").view) == [
        "0 teams",
        "No team has a plan yet. `/sprint plan` writes the first one.",
    ]


def sprint_id(world: World, team: str) -> int:
    """The id of a team's only sprint."""
    with world.db.read() as session:
        return session.scalars(select(Sprint.id).join(Sprint.team).where(Team.name == team)).one()


def more_teams(world: World, count: int) -> None:
    """So many teams whose sprints run and hold nothing."""
    world.many_teams(count)
    today = clock.now().date()
    with world.db.begin() as session:
        for team_id in session.scalars(select(Team.id).where(Team.name.startswith("Number"))):
            sprint = Sprint(team_id=team_id, starts_on=today, ends_on=today + timedelta(days=4), created_at=clock.now())
            sprint.over_at = clock.now() + timedelta(days=5)
            session.add(sprint)
