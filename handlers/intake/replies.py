"""What people do with a reply in a request's thread: it was a question, or it is the answer."""

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import people
from bot.domain.intake import offers, replies
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.intake import events as intake_views
from bot.views.intake import offers as offer_views
from bot.views.intake import replies as reply_views
from handlers import responses
from handlers.features import Feature, Shortcut
from handlers.responses import Body


def wait(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody of a desk says that what they wrote was a question."""
    with db.begin() as session:
        request = replies.wait(session, responses.row(body), by=me, now=clock.now())
    responses.replace_message(body, reply_views.waits_message(request))
    ack()


def from_message(ack: Ack, body: Body, context: BoltContext, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose *This answers it* in a message's menu: the form has its words."""
    found = intake_views.read_found(body["message"], body["channel"]["id"], context.bot_user_id or "")
    place = intake_views.read_place(body["message"], body["channel"]["id"])
    with db.read() as session:
        request = replies.answerable(session, place, by=me)
        author = found.author_id if found else me
        names = people.names(session, kit.mentioned(found.text)) if found else {}
        words = intake_views.words(found.text, found.files, names) if found else ""
        offer = offers.with_words(session, request.id, words, author, by=me, now=clock.now())
    responses.open_view(client, body, offer_views.form(offer))
    ack()


FEATURE = Feature(
    shortcuts=[
        Shortcut(
            reply_views.ANSWER, "This answers it", "Answer a request with this reply", from_message, kind="message"
        )
    ],
    actions={reply_views.WAIT: wait},
)
