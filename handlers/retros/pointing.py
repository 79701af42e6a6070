"""Messages that become notes: by the emoji of one's team, or from a message's menu."""

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import people
from bot.domain.outbox import posts
from bot.domain.retros import boards, pointing, retros
from bot.domain.retros.pointing import Found, How
from bot.domain.teams import teams
from bot.domain.text import emoji
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.views import kit
from bot.views.kit import keys
from bot.views.retros import notes as note_views
from bot.views.retros import pointing as pointing_views
from handlers import responses
from handlers.features import Feature, Shortcut
from handlers.responses import Body
from models.teams import RETRO_EMOJI


def from_message(ack: Ack, body: Body, client: WebClient, db: Database, me: str, context: BoltContext) -> None:
    """Somebody chose *Add to retro* in a message's menu. Whether its channel is shared is asked when the note is sent."""
    message, channel_id = body["message"], body["channel"]["id"]
    with db.read() as session:
        teams.mine(session, me)
    if message.get("user") != context.bot_user_id and responses.may_be_open(body):
        view = pointing_views.message_form(_found(db, channel_id, message))
    else:
        view = pointing_views.empty_form(channel_id, message["ts"])
    responses.open_view(client, body, view)
    ack()


def message_kept(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted the message that becomes a note."""
    found, side = pointing_views.read_message_form(body["view"])
    if pointing_views.has_its_words(body["view"]) and not responses.is_open(client, found.channel_id):
        ack(response_action="update", view=pointing_views.empty_form(found.channel_id, found.ts))
        return
    with db.begin() as session:
        kept = pointing.keep(session, teams.mine(session, me), found, side, How.FORM, by=me, now=clock.now())
        retro = retros.load(session, kept.retro.id)
    ack(response_action="update", view=note_views.written_view(retro, me))


def reacted(ack: Ack, body: Body, event: Body, client: WebClient, db: Database, context: BoltContext) -> None:
    """Somebody put an emoji on a message: the one of their team makes it a note, or they read why it doesn't."""
    me, key, now = event["user"], _key("noted", body), clock.now()
    if not _means_a_note(db, event, context):
        ack()
        return
    found = _pointed_at(client, db, event, context.bot_user_id)
    with db.begin() as session:
        noted = pointing.note(session, found, by=me, now=now) if isinstance(found, Found) else found
        posts.write(session, key, me, pointing_views.noted_message(noted), now=now)
    ack()


def unreacted(ack: Ack, body: Body, event: Body, db: Database, context: BoltContext) -> None:
    """Somebody took an emoji off a message: the note that it made is deleted, too."""
    me, item, now = event["user"], event["item"], clock.now()
    if _means_a_note(db, event, context):
        with db.begin() as session:
            team = teams.for_person(session, me)
            left = pointing.withdraw(session, team, item["channel"], item["ts"], by=me, now=now) if team else None
            if left is not None:
                posts.write(session, _key("left", body), me, pointing_views.left_message(left), now=now)
    ack()


def _key(what: str, body: Body) -> str:
    return f"{what}:{body['event_id']}"[: keys.SOURCE_LENGTH]


def _means_a_note(db: Database, event: Body, context: BoltContext) -> bool:
    """Whether it is the emoji of this person's team, on a message. A person without a team is told so if it is the default emoji."""
    if event["user"] == context.bot_user_id or event["item"].get("type") != "message":
        return False
    with db.read() as session:
        team = teams.for_person(session, event["user"])
    return emoji.is_same(event["reaction"], team.retro_emoji if team else RETRO_EMOJI)


def _pointed_at(client: WebClient, db: Database, event: Body, us: str | None) -> Found | str:
    """The message, or a sentence why it can't become a note."""
    channel_id, ts = event["item"]["channel"], event["item"]["ts"]
    if event.get("item_user") == us:
        return pointing_views.OURS
    if not responses.is_open(client, channel_id):
        return pointing_views.CLOSED
    message = slack.find_message(client, channel_id, ts)
    if message is None:
        return pointing_views.UNREAD
    if message.get("user") == us:
        return pointing_views.OURS
    return _found(db, channel_id, message)


def _found(db: Database, channel_id: str, message: Body) -> Found:
    with db.read() as session:
        link = boards.permalink(session, channel_id, message["ts"], message.get("thread_ts"))
        names = people.names(session, kit.mentioned(message.get("text") or ""))
    return Found(pointing_views.words(message, names), link, channel_id, message["ts"])


FEATURE = Feature(
    shortcuts=[
        Shortcut("retro_message", "Add to retro", "Make a note of this message", from_message, kind="message"),
    ],
    events={"reaction_added": reacted, "reaction_removed": unreacted},
    views={pointing_views.FROM_MESSAGE: message_kept},
)
