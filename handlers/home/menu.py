"""`/prickle`: the menu, a button for every verb."""

from collections.abc import Mapping, Sequence

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.domain.home import menu
from bot.domain.home.menu import Menu
from bot.platform import clock
from bot.platform.database import Database
from bot.views import routes
from bot.views.company import company as company_views
from bot.views.home import menu as menu_views
from bot.views.kit import keys
from handlers import responses, routing
from handlers.commands import PRICKLE
from handlers.features import Command, Entry, Feature, Handler
from handlers.responses import Body


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, entries: Sequence[Entry]) -> None:
    """Somebody wrote `/prickle`, or pressed *Menu*, anywhere."""
    responses.replace_view(client, body, menu_views.menu_view(_read(db, me), entries))
    ack()


def show_part(ack: Ack, body: Body, client: WebClient, db: Database, me: str, entries: Sequence[Entry]) -> None:
    """Somebody pressed a part in the menu, or ⚙ among a window's tabs."""
    part = keys.word(Part, responses.value(body))
    responses.replace_view(client, body, menu_views.part_view(_read(db, me), part, entries))
    ack()


def explain(command: Command, entries: Sequence[Entry]) -> Handler:
    """What answers a command's `help`, and a word that it does not know."""

    def answer(ack: Ack, body: Mapping[str, str], db: Database) -> None:
        with db.read() as session:
            on = parts.on(session)
        verb = routing.first_word(body)
        unknown = "" if verb in ("help", "") else f"`{command.name} {verb}` is not something I know."
        shown = menu_views.help_message(command.title, [each for each in entries if each.part in on], unknown)
        ack(text=shown.text, blocks=shown.blocks)

    return answer


def _read(db: Database, me: str) -> Menu:
    with db.read() as session:
        return menu.read(session, me, now=clock.now())


FEATURE = Feature(
    verbs={PRICKLE: {"": show}},
    actions={
        routes.MENU.verb: show,
        routes.MENU_PART.verb: show_part,
        company_views.HELP_BUTTON: show,  # on Home as an older version drew it
    },
)
