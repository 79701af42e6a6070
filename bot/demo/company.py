"""The demo's company: five teams on the last day of a sprint, a minute before the turn, made with the verbs that people use.

Replay, Ingestion, Mobile and PostHog AI have a final plan and a day left; Array is one person so far; PostHog AI and Array
answer what the others ask of them; and three people sit in no team.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo.history import FRIDAY, ZONE, History
from bot.demo.intake import Intake
from bot.demo.story import CREWS
from bot.domain.calendar import cadence
from bot.domain.company import company
from bot.domain.company.company import CompanySetup
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.settings import Settings
from models.company import Person
from models.teams import Team

BEGINS_AT = time(9, 59)  # on a Friday in Berlin: most people are asked a minute later
# So long before it, people talked; and in the night it was nobody's Friday morning yet, not even in Tokyo.
A_DAY_BEFORE, NIGHT = timedelta(hours=20), timedelta(hours=10)


def begins_at(now: datetime) -> datetime:
    """The moment at which one meets the company: the next Friday, a minute before the turn in Berlin."""
    day = cadence.next_weekday(cadence.local_date(now, ZONE), FRIDAY)
    at = datetime.combine(day, BEGINS_AT, ZoneInfo(ZONE))
    return at if at >= now else datetime.combine(day + timedelta(weeks=1), BEGINS_AT, ZoneInfo(ZONE))


def settings(bot_token: str, app_token: str, api_url: str, database_url: str, feedback_key: str, port: int) -> Settings:
    """The demo's settings: Slack is the sandbox, calendars are at `port`, and nothing comes from a file `.env`."""
    return Settings.model_validate(
        {
            "slack_bot_token": bot_token,
            "slack_app_token": app_token,
            "slack_api_url": api_url,
            "database_url": database_url,
            "feedback_keys": feedback_key,
            "host": "127.0.0.1",
            "port": port,
            "public_url": f"http://127.0.0.1:{port}",
        }
    )


def fill(db: Database, client: WebClient) -> None:
    """Found the demo's company, unless there are teams already. Everybody's profile must have been read before."""
    now = clock.now()
    with db.read() as session:
        if session.scalar(select(Team.id).limit(1)) is not None:
            return
    channels = _channels(client)
    with db.begin() as session:
        _found(session, channels, now)


def _channels(client: WebClient) -> dict[str, str]:
    pages = client.conversations_list(limit=200, exclude_archived=True)
    return {channel["name"]: channel["id"] for page in pages for channel in page["channels"]}


def _found(session: Session, channels: dict[str, str], now: datetime) -> None:
    people = {person.name: person.id for person in session.scalars(select(Person).order_by(Person.id.desc()))}
    setup = CompanySetup(channels["sprints"], channels["team-posthog-ai"], ZONE)
    company.set_up(session, setup, by=people["Ivy"], now=now)
    History(session, people, channels, now).tell(CREWS)
    Intake(session, people, now).open()
