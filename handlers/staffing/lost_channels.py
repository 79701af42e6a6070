"""What Slack tells us of channels as it happens: one of ours is lost, or found again."""

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import company
from bot.domain.intake import intake_channel
from bot.domain.staffing import lost_channels
from bot.domain.teams import channels, team_channels
from bot.domain.teams.channels import Channel
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.views.intake import events as intake_views
from bot.views.staffing import lost_channels as lost_channel_views
from bot.views.teams import channels as channel_views
from handlers.features import Feature
from handlers.responses import Body
from models.teams import Lost


def changed(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """A channel was archived, shared with another company or shared no more, or deleted; it counts what it is by now."""
    if _is_ours(event["channel"], db):
        channel = _look(event["channel"], client)
        lost = channel.lost if channel is not None else Lost.HIDDEN
        _keep(event["channel"], lost, db)
    ack()


def left(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """Somebody removed us from a channel."""
    if _is_ours(event["channel"], db):
        channel = _look(event["channel"], client)
        lost = channel.lost or (None if channel.is_ours else Lost.REMOVED) if channel is not None else Lost.HIDDEN
        _keep(event["channel"], lost, db)
    ack()


def unarchived(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """Somebody brought a channel back; that does not bring us back into it."""
    if _is_ours(event["channel"], db):
        client.conversations_join(channel=event["channel"])
    _keep(event["channel"], None, db)
    ack()


def joined(ack: Ack, event: Body, context: BoltContext, client: WebClient, db: Database) -> None:
    """Somebody is in a channel now; here it matters when that is us."""
    if event["user"] == context.bot_user_id and _is_lost(event["channel"], db):
        channel = _look(event["channel"], client)
        _keep(event["channel"], channel.lost if channel is not None else Lost.HIDDEN, db)
    ack()


def _is_ours(channel_id: str, db: Database) -> bool:
    """Whether it is a team's channel, or one of the company's."""
    with db.read() as session:
        settings = company.current(session)
        of_company = channel_id in (settings.intake_channel_id, settings.sprint_channel_id)
        return of_company or team_channels.at(session, channel_id) is not None


def _is_lost(channel_id: str, db: Database) -> bool:
    with db.read() as session:
        team, settings = team_channels.at(session, channel_id), company.current(session)
        is_intake = settings.intake_channel_id == channel_id and settings.intake_archived_at is not None
        return is_intake or (team is not None and team.channel_lost is not None)


def _look(channel_id: str, client: WebClient) -> Channel | None:
    """What Slack says of it by now: a late event may tell of what was mended since."""
    found = slack.find_channel(client, channel_id)
    return channel_views.read_channel(found) if found else None


def _keep(channel_id: str, lost: Lost | None, db: Database) -> None:
    """Take down that it is lost, and have one person told; or that it is found again."""
    now = clock.now()
    with db.begin() as session:
        if lost is None:
            lost_channels.find(session, channel_id, now=now)
            intake_channel.find(session, channel_id, now=now)
            return
        told = lost_channels.lose(session, channel_id, lost, now=now)
        channels.tell(session, told, lost_channel_views.told_message, now=now)
        of_intake = intake_channel.lose(session, channel_id, lost, now=now)
        channels.tell(session, of_intake, intake_views.told_message, now=now)


FEATURE = Feature(
    events={
        "channel_archive": changed,
        "channel_deleted": changed,
        "channel_left": left,
        "channel_shared": changed,
        "channel_unarchive": unarchived,
        "channel_unshared": changed,
        "member_joined_channel": joined,
    }
)
