"""`/context`: sharing what helps others to plan."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.sharing import contexts
from bot.domain.sharing.contexts import Place, Wording
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.kit import keys
from bot.views.sharing import contexts as context_views
from handlers import responses
from handlers.commands import CONTEXT
from handlers.features import Entry, Feature, Shortcut
from handlers.responses import Body
from models.sharing import Context, Kind


def share(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wrote `/context`, with the words behind it or without."""
    words = kit.unescape(body["text"]).strip()
    if not words:
        _open(body, client, db)
        ack()
        return
    context, place = _share(db, keys.commanded(body), Wording(Kind.NOTE, words), me)
    message = context_views.shared_message(context, place.channel_id, is_unseen=place.is_lost)
    ack(text=message.text, blocks=message.blocks)


def share_pressed(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody pressed *Share context*, or chose it from a menu."""
    _open(body, client, db)
    ack()


def shared(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted the form."""
    _share(db, keys.sent(body["view"]), context_views.read_form(body["view"]), me)
    ack(response_action="clear")


def undo(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Undo*: in the channel the note's message says so, and so does the receipt if it was pressed there."""
    with db.begin() as session:
        contexts.undo(session, responses.row(body), by=me, now=clock.now())
    if responses.is_whispered(body):
        responses.replace_message(body, context_views.undone_message())
    ack()


def _open(body: Body, client: WebClient, db: Database) -> None:
    with db.read() as session:
        contexts.require_channel(session)
    responses.open_view(client, body, context_views.form())


def _share(db: Database, source: str, wording: Wording, me: str) -> tuple[Context, Place]:
    with db.begin() as session:
        context = contexts.share(session, source, wording, by=me, now=clock.now())
        return context, contexts.require_channel(session)


FEATURE = Feature(
    verbs={CONTEXT: {"": share}},
    shortcuts=[
        Shortcut("share_context", "Share context", "Tell everybody what helps them to plan", share_pressed),
    ],
    actions={context_views.SHARE: share_pressed, context_views.UNDO: undo},
    views={context_views.FORM: shared},
    entries=[
        Entry(CONTEXT, [""], "Share context", share_pressed, Part.SPRINTS, often=True),
    ],
)
