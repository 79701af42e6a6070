"""What Slack tells us of channels as it happens: a team's own was archived or came back, or we were removed or invited."""

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import company
from bot.domain.intake import events
from bot.domain.outbox import posts
from bot.domain.staffing import lost_channels
from bot.domain.teams import teams
from bot.domain.teams.channels import Channel
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import events as intake_views
from bot.views.staffing import lost_channels as lost_channel_views
from bot.views.teams import channels as channel_views
from handlers.features import Feature
from handlers.responses import Body
from models.teams import Lost


def archived(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """Somebody archived a channel."""
    channel = _of_ours(event["channel"], client, db)
    if channel is not None and channel.is_archived:
        _lose(event["channel"], Lost.ARCHIVED, db)
        _lose_intake(event["channel"], db)
    ack()


def left(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """Somebody removed us from a channel."""
    channel = _of_ours(event["channel"], client, db)
    if channel is not None and not channel.is_ours:
        _lose(event["channel"], Lost.REMOVED, db)
    ack()


def unarchived(ack: Ack, event: Body, db: Database) -> None:
    """Somebody brought a channel back."""
    now = clock.now()
    with db.begin() as session:
        lost_channels.find(session, event["channel"], now=now)
        events.find(session, event["channel"], now=now)
    ack()


def joined(ack: Ack, event: Body, context: BoltContext, db: Database) -> None:
    """Somebody is in a channel now; here it matters when that is us."""
    if event["user"] == context.bot_user_id:
        with db.begin() as session:
            lost_channels.find(session, event["channel"], now=clock.now())
    ack()


def _of_ours(channel_id: str, client: WebClient, db: Database) -> Channel | None:
    """A team's channel, or the intake channel, as it is by now: a late event may tell of what was mended since."""
    with db.read() as session:
        if teams.at(session, channel_id) is None and company.current(session).intake_channel_id != channel_id:
            return None
    return channel_views.read_channel(client.conversations_info(channel=channel_id)["channel"])


def _lose(channel_id: str, lost: Lost, db: Database) -> None:
    now = clock.now()
    with db.begin() as session:
        told = lost_channels.lose(session, channel_id, lost, now=now)
        if told is not None:
            posts.write(session, told.key, told.person_id, lost_channel_views.told_message(told), now=now)


def _lose_intake(channel_id: str, db: Database) -> None:
    now = clock.now()
    with db.begin() as session:
        told = events.lose(session, channel_id, now=now)
        if told is not None:
            posts.write(session, told.key, told.person_id, intake_views.archived_message(channel_id), now=now)


FEATURE = Feature(
    events={
        "channel_archive": archived,
        "channel_unarchive": unarchived,
        "channel_left": left,
        "member_joined_channel": joined,
    }
)
