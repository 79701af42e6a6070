"""`/give-feedback rhythm`: a line, once a sprint, that names people whom one told nothing for a while."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.feedback import addressees, rhythms, sealing
from bot.domain.rhythm import prompts
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.feedback import letters as letter_views
from bot.views.feedback import rhythms as rhythm_views
from bot.views.feedback.letters import Draft
from handlers import responses
from handlers.commands import GIVE_FEEDBACK
from handlers.features import Entry, Feature
from handlers.responses import Body, View


def show(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants to know whether they have the line."""
    sealing.require_on(vault)
    responses.open_view(client, body, _window(db, me))
    ack()


def switch_on(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants the line, and wrote so."""
    sealing.require_on(vault)
    _switch(db, me, on=True)
    responses.open_view(client, body, _window(db, me))
    ack()


def switch_off(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody does not want it, and wrote so."""
    _switch(db, me, on=False)
    responses.open_view(client, body, _window(db, me))
    ack()


def on_pressed(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody switched it on, in the window or in the message that offered it."""
    sealing.require_on(vault)
    _switch(db, me, on=True)
    _show_again(body, client, db, me)
    ack()


def off_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody switched it off."""
    _switch(db, me, on=False)
    _show_again(body, client, db, me)
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody chose from the menu behind the line: whom to write to, or to read no such line."""
    chosen = responses.value(body)
    if chosen == rhythm_views.QUIET_CHOICE:
        _not_now(db, me)
    elif chosen == rhythm_views.OFF_CHOICE:
        _switch(db, me, on=False)
    else:
        sealing.require_on(vault)
        with db.read() as session:
            person = letter_views.giveable(addressees.find_person(session, chosen), me)
        responses.open_view(client, body, letter_views.form(Draft(person)))
    ack()


def old_not_now(ack: Ack, db: Database, me: str) -> None:
    """Somebody pressed *Not now* in a message of an older version."""
    _not_now(db, me)
    ack()


def old_never(ack: Ack, db: Database, me: str) -> None:
    """Somebody chose there not to be asked any more."""
    _switch(db, me, on=False)
    ack()


def _switch(db: Database, me: str, *, on: bool) -> None:
    with db.begin() as session:
        rhythms.switch(session, me, on=on)
        prompts.redraw_all(session, me, now=clock.now())


def _not_now(db: Database, me: str) -> None:
    now = clock.now()
    with db.begin() as session:
        rhythms.not_now(session, me, now=now)
        prompts.redraw_all(session, me, now=now)


def _window(db: Database, me: str) -> View:
    with db.read() as session:
        return rhythm_views.window(rhythms.wish(session, me, now=clock.now()))


def _show_again(body: Body, client: WebClient, db: Database, me: str) -> None:
    """The window with what has changed. A message is drawn again by itself."""
    if (body.get("view") or {}).get("type") == "modal":
        responses.replace_view(client, body, _window(db, me))


FEATURE = Feature(
    verbs={GIVE_FEEDBACK: {"rhythm": show, "rhythm on": switch_on, "rhythm off": switch_off}},
    actions={
        rhythm_views.OPEN: show,
        rhythm_views.ON: on_pressed,
        rhythm_views.OFF: off_pressed,
        rhythm_views.LINE: choose,
        rhythm_views.OLD_NOT_NOW: old_not_now,
        rhythm_views.OLD_MENU: old_never,
    },
    entries=[
        Entry(
            GIVE_FEEDBACK,
            ["rhythm", "rhythm on", "rhythm off"],
            "Feedback line in the turn",
            show,
            Part.FEEDBACK,
            setting=True,
        ),
    ],
)
