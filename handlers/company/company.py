"""`/prickle`: what it is, and the setup of the company."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import company
from bot.domain.company.parts import Part
from bot.domain.desks import rota_card
from bot.domain.heroes import looking
from bot.domain.home.menu import Who
from bot.domain.intake import intake_channel
from bot.domain.sharing import contexts
from bot.domain.sprints import pages, sprint_channel
from bot.domain.teams import channels
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.views.company import company as company_views
from bot.views.teams import channels as channel_views
from handlers import responses
from handlers.commands import PRICKLE
from handlers.features import Entry, Feature
from handlers.responses import Body


def setup(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An admin wants to set the company up."""
    with db.read() as session:
        company.require_admin(session, me)
        settings = company.current(session)
    responses.open_view(client, body, company_views.setup_form(settings))
    ack()


def set_up(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An admin submitted the setup."""
    chosen = company_views.read_setup(body["view"])
    for field, channel_id, what in (
        ("sprint_channel", chosen.sprint_channel, "Plans are"),
        ("intake_channel", chosen.intake_channel, "Requests are"),
    ):
        if channel_id is None:
            continue
        found = slack.find_channel(client, channel_id)
        channels.require_internal(channel_views.read_channel(found) if found else None, field=field, what=what)
    now = clock.now()
    with db.begin() as session:
        settings = company.current(session)
        before, sprints_before = settings.intake_channel_id, settings.sprint_channel_id
        settings = company.set_up(session, chosen, by=me, now=now)
        session.flush()
        intake_channel.chosen(session, before, now=now)
        sprint_channel.chosen(session, sprints_before, now=now)
        if settings.sprint_channel_id != sprints_before:
            contexts.chosen(session, now=now)
        looking.again_everywhere(session, now=now)
        pages.show_current(session, now=now)
        rota_card.show(session, now=now)
    ack(response_action="update", view=company_views.set_up_view(settings))


FEATURE = Feature(
    verbs={PRICKLE: {"setup": setup}},
    actions={company_views.SETUP_BUTTON: setup},
    views={company_views.SETUP: set_up},
    entries=[
        Entry(PRICKLE, ["setup"], "Channels, zone, weekend and parts", setup, Part.COMPANY, frozenset({Who.ADMIN})),
    ],
)
