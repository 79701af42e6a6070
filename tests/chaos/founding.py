"""The company as it stands on Monday: everybody met, every team in the middle of a sprint with a final plan."""

from datetime import timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bot.app import ANSWER_TIMEOUT_S, build_bolt
from bot.domain.calendar.cadence import Dates
from bot.domain.outbox import posts
from bot.domain.sprints import beginnings, cards, sprints
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.platform.slack import slack_client
from jobs import company
from models.company import Away, AwaySource, Company, Person
from models.outbox import Post
from models.sprints import Answer, Item, Mark, Priority, Sprint
from models.teams import Customer, Membership, Team
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.chaos import rules
from tests.chaos.clock import RoundClock
from tests.chaos.company import BEGINS, Member, Small
from tests.chaos.edge import Edge

COMPANY_CHANNEL = "sprints"


def meet(
    slack: Workspace, server: Server, edge: Edge, db: Database, now: RoundClock, teams: list[Small]
) -> dict[str, str]:
    """Connect the bot to a Slack with everybody in it, and have it read who that is. Returns their ids by name."""
    for team in teams:
        for member in team.members:
            slack.add_user(member.name, tz=member.zone, deleted=member.is_deactivated)
    for number, team in enumerate(teams):
        # Where the bot is not yet, it joins before it posts.
        bot = [slack.bot_user_id] if number % 3 else []
        slack.add_channel(channel_of(team), members=[*(each.name for each in team.members), *bot])
    slack.add_channel(COMPANY_CHANNEL, members=[slack.bot_user_id])
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=slack.bot_token,  # type: ignore[arg-type]
        slack_signing_secret=slack.signing_secret,  # type: ignore[arg-type]
        slack_api_url=server.api_url,
    )
    client = slack_client(settings, timeout_s=ANSWER_TIMEOUT_S)
    edge.connect(build_bolt(settings, db, client.auth_test(), client))
    company.sync(db, client, now)
    return {member.name: slack.user(member.name).id for team in teams for member in team.members}


def channel_of(team: Small) -> str:
    """The name of a team's channel."""
    return team.name.lower().replace(" ", "-")


def found(slack: Workspace, db: Database, teams: list[Small], ids: dict[str, str]) -> dict[str, int]:
    """Write everything down that people did before. Returns the teams' ids by name."""
    with db.begin() as session:
        session.execute(
            update(Company).values(sprint_channel_id=slack.channel(COMPANY_CHANNEL).id, zone="Europe/Berlin")
        )
        found = {}
        for team in teams:
            found[team.name] = _found(session, slack, team, ids)
        return found


def _found(session: Session, slack: Workspace, team: Small, ids: dict[str, str]) -> int:
    long_ago = BEGINS - timedelta(days=60)
    row = Team(
        name=team.name,
        name_key=team.name.casefold(),
        area="an area",
        customer_kind=Customer.INTERNAL,
        customer="everybody",
        channel_id=slack.channel(channel_of(team)).id,
        zone=team.zone,
        sprint_weeks=team.weeks,
        anchor_on=team.begun_on,
        turn_days=team.turn_days,
        turn_at=team.turn_at,
        country=team.country,
        paused_at=long_ago if team.is_paused else None,
        paused_because="an offsite" if team.is_paused else None,
        next_at=None if team.is_paused else BEGINS,
        created_at=long_ago,
    )
    session.add(row)
    session.flush()
    for seat, member in enumerate(team.members, start=1):
        _seat(session, row.id, seat, member, ids[member.name])
    if team.is_asked:
        _begin(session, row, team, ids)
    return row.id


def _seat(session: Session, team_id: int, seat: int, member: Member, person_id: str) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(country=member.country))
    session.add(Membership(person_id=person_id, team_id=team_id, seat=seat, is_lead=seat == 1, joined_at=BEGINS))
    if member.is_away:
        session.add(Away(person_id=person_id, source=AwaySource.SAID, starts_at=BEGINS, ends_at=None))


def _begin(session: Session, row: Team, team: Small, ids: dict[str, str]) -> None:
    begun_at = BEGINS - timedelta(days=3)
    dates = Dates(team.begun_on, rules.ends_on(team, team.begun_on))
    sprint = Sprint(
        **{
            **beginnings.new_row(row.id, dates, sprints.cadence_of(session, row), now=begun_at),
            "direction": "Go on.",
            "finalized_at": begun_at,
            "finalized_by_id": ids[team.lead.name],
            "revision": 1,
        }
    )
    session.add(sprint)
    session.flush()
    for position, (member, title) in enumerate(((m, title) for m in team.members for title in m.items), start=1):
        session.add(
            Item(
                sprint_id=sprint.id,
                owner_id=ids[member.name],
                title=title,
                priority=Priority.HIGH,
                mark=Mark.NOT_STARTED,
                position=position,
                carried=0,
            )
        )
    for member in team.members:
        session.add(Answer(sprint_id=sprint.id, person_id=ids[member.name], sent_at=begun_at))
    session.flush()
    session.execute(insert(Post), [posts.card_row(cards.SPRINT_CARD, sprint.id, row.channel_id, now=BEGINS)])
