"""What Slack tells us of channels as it happens: one of ours is lost, or found again."""

from dataclasses import replace

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import company
from bot.domain.intake import intake_channel
from bot.domain.sprints import sprint_channel
from bot.domain.staffing import lost_channels
from bot.domain.teams import channels, team_channels
from bot.domain.teams.channels import Seen
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.views.intake import events as intake_views
from bot.views.sprints import sprint_channel as sprint_channel_views
from bot.views.staffing import lost_channels as lost_channel_views
from bot.views.teams import channels as channel_views
from handlers.features import Feature
from handlers.responses import Body
from models.teams import Lost


def changed(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """A channel was archived, shared with another company or shared no more, or deleted; it counts what it is by now."""
    if _is_ours(event["channel"], db):
        _keep(event["channel"], _look(event["channel"], client), db)
    ack()


def left(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """Somebody removed us from a channel."""
    if _is_ours(event["channel"], db):
        seen = _look(event["channel"], client)
        _keep(event["channel"], seen if seen.lost or seen.is_ours else replace(seen, lost=Lost.REMOVED), db)
    ack()


def unarchived(ack: Ack, event: Body, client: WebClient, db: Database) -> None:
    """Somebody brought a channel back; that does not bring us back into it."""
    if _is_ours(event["channel"], db):
        seen = _look(event["channel"], client)
        if seen.lost is None and not seen.is_ours:
            client.conversations_join(channel=event["channel"])
        _keep(event["channel"], replace(seen, is_ours=True), db)
    ack()


def joined(ack: Ack, event: Body, context: BoltContext, client: WebClient, db: Database) -> None:
    """Somebody is in a channel now; here it matters when that is us."""
    if event["user"] == context.bot_user_id and _is_lost(event["channel"], db):
        _keep(event["channel"], _look(event["channel"], client), db)
    ack()


def _is_ours(channel_id: str, db: Database) -> bool:
    """Whether it is a team's channel, or one of the company's."""
    with db.read() as session:
        settings = company.current(session)
        of_company = channel_id in (settings.intake_channel_id, settings.sprint_channel_id)
        return of_company or team_channels.at(session, channel_id) is not None


def _is_lost(channel_id: str, db: Database) -> bool:
    with db.read() as session:
        return channel_id in lost_channels.lost_ones(session)


def _look(channel_id: str, client: WebClient) -> Seen:
    """What Slack says of it by now: a late event may tell of what was mended since."""
    return channel_views.read_seen(slack.find_channel(client, channel_id))


def _keep(channel_id: str, seen: Seen, db: Database) -> None:
    """Take down that it is lost, and have one person told; or that it is found again."""
    now = clock.now()
    with db.begin() as session:
        if seen.lost is None:
            lost_channels.find_all(session, channel_id, is_ours=seen.is_ours, now=now)
            return
        told = lost_channels.lose(session, channel_id, seen.lost, now=now)
        channels.tell(session, told, lost_channel_views.told_message, now=now)
        of_sprints = sprint_channel.lose(session, channel_id, seen.lost, now=now)
        channels.tell(session, of_sprints, sprint_channel_views.told_message, now=now)
        of_intake = intake_channel.lose(session, channel_id, seen.lost, now=now)
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
