"""Messages that become notes: by the emoji of one's team, or from a message's menu."""

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import people
from bot.domain.outbox import posts
from bot.domain.retros import boards, pointing, retros
from bot.domain.retros.pointing import Found
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.retros import notes as note_views
from bot.views.retros import pointing as pointing_views
from handlers import responses
from handlers.features import Feature, Shortcut
from handlers.responses import Body
from models.retros import Side


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
        kept = pointing.keep(session, teams.mine(session, me), found, side, by=me, now=clock.now())
        retro = retros.load(session, kept.retro.id)
    ack(response_action="update", view=note_views.written_view(retro, me))


def reacted(ack: Ack, event: Body, client: WebClient, db: Database, context: BoltContext) -> None:
    """Somebody put an emoji on a message: the one of their team makes it a note, if it is a colleague's in the open."""
    me, us, item = event["user"], context.bot_user_id, event["item"]
    if us in (me, event.get("item_user")) or item.get("type") != "message":
        ack()
        return
    with db.read() as session:
        team = teams.for_person(session, me)
    is_theirs = team is not None and team.retro_emoji == event["reaction"].partition("::")[0]
    if team is None or not is_theirs or not responses.is_open(client, item["channel"]):
        ack()
        return
    # Asked for a reply by its own time, Slack has been seen to return it alone, and below its thread's first message.
    ts = item["ts"]
    asked = client.conversations_replies(channel=item["channel"], ts=ts, oldest=ts, latest=ts, inclusive=True, limit=2)
    message = next((each for each in asked["messages"] if each["ts"] == ts), None)
    if message and message.get("user") != us and (message.get("text") or "").strip():
        now, found = clock.now(), _found(db, item["channel"], message)
        with db.begin() as session:
            kept = pointing.keep(session, team, found, Side.BETTER, by=me, now=now)
            if kept.is_new:
                posts.write(session, f"noted:{kept.note.id}", me, pointing_views.kept_message(kept), now=now)
    ack()


def _found(db: Database, channel_id: str, message: Body) -> Found:
    text = message.get("text") or ""
    with db.read() as session:
        link = boards.permalink(session, channel_id, message["ts"], message.get("thread_ts"))
        names = people.names(session, kit.mentioned(text))
    return Found(pointing_views.cut(kit.spoken(text, names)), link, channel_id, message["ts"])


FEATURE = Feature(
    shortcuts=[
        Shortcut("retro_message", "Add to retro", "Make a note of this message", from_message, kind="message"),
    ],
    events={"reaction_added": reacted},
    views={pointing_views.FROM_MESSAGE: message_kept},
)
