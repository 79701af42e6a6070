"""`/give-feedback rhythm`: being asked once a week whom one could tell something."""

from slack_bolt import Ack

from bot.domain.feedback import rhythms, sealing
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.feedback import rhythms as rhythm_views
from handlers import responses
from handlers.commands import GIVE_FEEDBACK
from handlers.features import Feature
from handlers.responses import Body


def show(ack: Ack, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants to know whether they are asked."""
    sealing.require_on(vault)
    with db.read() as session:
        on = rhythms.is_on(session, me)
    ack(text=rhythm_views.switched(on=on))


def switch_on(ack: Ack, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants to be asked."""
    sealing.require_on(vault)
    with db.begin() as session:
        rhythms.switch(session, me, on=True, now=clock.now())
    ack(text=rhythm_views.switched(on=True))


def switch_off(ack: Ack, db: Database, me: str) -> None:
    """Somebody does not want to be asked."""
    with db.begin() as session:
        rhythms.switch(session, me, on=False, now=clock.now())
    ack(text=rhythm_views.switched(on=False))


def not_now(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody wants to hear nothing of it for a month."""
    with db.begin() as session:
        rhythms.not_now(session, me, rhythm_views.read_day(responses.value(body)), now=clock.now())
    ack()


def never(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody chose not to be asked any more."""
    now = clock.now()
    with db.begin() as session:
        rhythms.switch(session, me, on=False, now=now)
        rhythms.redraw(session, me, rhythm_views.read_day(responses.value(body)), now=now)
    ack()


FEATURE = Feature(
    verbs={GIVE_FEEDBACK: {"rhythm": show, "rhythm on": switch_on, "rhythm off": switch_off}},
    actions={rhythm_views.NOT_NOW: not_now, rhythm_views.MENU: never},
)
