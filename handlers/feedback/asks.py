"""`/give-feedback ask`: asking others for feedback, and answering."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.feedback import asks, sealing
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.feedback import asks as ask_views
from bot.views.feedback import letters as feedback_views
from handlers import responses
from handlers.commands import GIVE_FEEDBACK
from handlers.features import Entry, Feature
from handlers.responses import Body


def ask(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants to ask others for feedback."""
    sealing.require_on(vault)
    with db.read() as session:
        until = asks.usual_day(session, me, now=clock.now())
    responses.open_view(client, body, ask_views.form(until))
    ack()


def asked(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted whom they ask what."""
    form = ask_views.read_form(body["view"])
    with db.begin() as session:
        asks.ask(session, vault, form, by=me, now=clock.now())
    ack(response_action="clear")


def answer(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody who was asked wants to answer."""
    with db.read() as session:
        found = asks.answerable(session, vault, responses.row(body), by=me, now=clock.now())
    responses.open_view(client, body, ask_views.answer_form(found))
    ack()


def answered(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted their answer."""
    ask_id, source, words = ask_views.read_answer(body["view"])
    with db.begin() as session:
        given = asks.answer(session, vault, ask_id, source, words, by=me, now=clock.now())
    ack(response_action="update", view=feedback_views.given_view(given))


FEATURE = Feature(
    verbs={GIVE_FEEDBACK: {"ask": ask}},
    actions={ask_views.ASK_BUTTON: ask, ask_views.ANSWER: answer},
    views={ask_views.ASK: asked, ask_views.ANSWER: answered},
    entries=[
        Entry(GIVE_FEEDBACK, ["ask"], "Ask for feedback", ask, Part.FEEDBACK),
    ],
)
