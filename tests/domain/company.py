"""A small company for domain tests: people and teams, without Slack."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.company import people
from bot.domain.company.people import Profile
from bot.domain.planning import contents, finalizing, plans
from bot.domain.planning.finalizing import Final
from bot.domain.planning.wrapping_up import MyPlan, TypedItem
from bot.domain.sprints import sprints
from bot.domain.teams import foundings
from bot.domain.teams.foundings import Charter, Founding
from models.sprints import Sprint
from models.teams import Customer, Team

NOW = datetime(2026, 7, 9, 8, tzinfo=UTC)  # a Thursday
NAMES = ("ada", "lee", "noor", "sam", "mia", "tom", "yuki")


def meet(session: Session, **changes: Any) -> None:
    """Everybody is known; `changes` are of all of them."""
    traits = {"zone": None, "is_admin": False, "is_bot": False, "is_guest": False, "is_deactivated": False, **changes}
    people.sync(session, [Profile(id=name, name=name.capitalize(), **traits) for name in NAMES], now=NOW)


def charter(name: str = "Replay", **changes: Any) -> Charter:
    """What a team is."""
    values = {
        "name": name,
        "area": "Playback",
        "customer_kind": Customer.EXTERNAL,
        "customer": "Product engineers",
        "channel": f"C{name.upper()}",
    }
    return Charter(**{**values, **changes})


def found(session: Session, lead: str, *members: str, name: str = "Replay") -> Team:
    """A team with these people."""
    founding = Founding(charter(name), "Europe/Berlin", sprint_weeks=2, start_weekday=0, lead=lead, members=members)
    return foundings.create(session, founding, by=lead, now=NOW)


def plan(session: Session, team: Team, person_id: str, *titles: str, now: datetime = NOW) -> Sprint:
    """Somebody's plan, all of high priority."""
    starts_on = sprints.to_plan(
        sprints.latest(session, team.id), sprints.cadence_of(session, team), now
    ).dates.starts_on
    mine = MyPlan(team.id, starts_on, {}, [TypedItem(title) for title in titles], [], None, None, keep_points=False)
    return plans.send(session, mine, person_id=person_id, now=now).sprint


def finalize(session: Session, sprint: Sprint, by: str, *, now: datetime = NOW, revision: int = 0) -> Sprint:
    """The final plan, as it stands."""
    ids = [item.id for item in contents.active(sprint)]
    final = Final(sprint.team_id, sprint.starts_on, revision, ids, "Quality.", "", ids)
    return finalizing.finalize(session, final, by=by, now=now)
