"""How an idea is heard where it is written: a message, a mention, an emoji, or a message's menu.

What an event tells is stored before it is acknowledged, so that an acknowledged event is a kept one. `jobs.intake` acts
on it.
"""

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from bot.domain.company import company, people
from bot.domain.company.people import Standing
from bot.domain.intake import events
from bot.domain.intake.events import Heard
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.intake import events as intake_views
from bot.views.intake import requests as request_views
from handlers import receipts, responses
from handlers.features import Feature, Shortcut
from handlers.responses import Body


def written(ack: Ack, body: Body, event: Body, context: BoltContext, db: Database) -> None:
    """Somebody wrote in a public channel that we are in, or edited or deleted what they wrote."""
    _keep(db, body["event_id"], intake_views.read_written(event, context.bot_user_id or ""))
    ack()


def mentioned(ack: Ack, body: Body, event: Body, context: BoltContext, db: Database) -> None:
    """Somebody mentioned us."""
    _keep(db, body["event_id"], intake_views.read_mention(event, context.bot_user_id or ""))
    ack()


def reacted(ack: Ack, body: Body, event: Body, context: BoltContext, db: Database) -> None:
    """Somebody put an emoji on a message."""
    _keep(db, body["event_id"], intake_views.read_reaction(event, context.bot_user_id or ""))
    ack()


def _keep(db: Database, event_id: str, heard: Heard | None) -> None:
    if heard is None:
        return
    # Most of what is said in all channels is none of this: looking takes no lock.
    with db.read() as session:
        matters = events.matters(session, heard)
    if matters:
        with db.begin() as session:
            events.keep(session, event_id, events.without_talk(session, heard), now=clock.now())


def from_message(ack: Ack, body: Body, context: BoltContext, client: WebClient, db: Database) -> None:
    """Somebody chose *Reach out to the AI team* in a message's menu. `picked` asks whether its channel is shared."""
    message, channel_id, us = body["message"], body["channel"]["id"], context.bot_user_id or ""
    if not responses.may_be_open(body):
        responses.open_view(client, body, intake_views.empty_form())
        ack()
        return
    found = intake_views.read_found(message, channel_id, us)
    with db.read() as session:
        place = intake_views.read_place(message, channel_id)
        there = events.made_of(session, place)
        names = people.names(session, [*kit.mentioned(found.text), found.author_id]) if found else {}
        standing = people.standings(session, [found.author_id]).get(found.author_id) if found else None
        reader = company.current(session).intake_channel_id
    if there is not None:
        view = intake_views.already_view(there)
    else:
        me = body["user"]["id"]
        author_id = found.author_id if found and standing is Standing.MEMBER else ""
        words = intake_views.said(found, names, author_id or me) if found else ""
        view = intake_views.message_form(place, words, author_id, me, reader)
    responses.open_view(client, body, view)
    ack()


def picked(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted what they want, or somebody else, from a message's menu."""
    place, pointed = intake_views.read_message_form(body["view"], me)
    if not responses.is_open(client, place.channel_id):
        ack(response_action="update", view=intake_views.empty_form())
        return
    with db.begin() as session:
        reached = events.reach_out(session, place, pointed, now=clock.now())
    note = request_views.reached_words(reached.request, is_unseen=reached.is_unseen)
    ack(response_action="update", view=receipts.mine(db, me, note))


FEATURE = Feature(
    shortcuts=[
        Shortcut(
            "request_message",
            "Reach out to the AI team",
            "Make a request of this message",
            from_message,
            kind="message",
        )
    ],
    events={"message.channels": written, "app_mention": mentioned, "reaction_added": reacted},
    views={intake_views.FROM_MESSAGE: picked},
)
