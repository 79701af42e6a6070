"""`/retro`: the board, who facilitates, the reveal, and closing with one improvement."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.planning import exports
from bot.domain.retros import boards, closings, facilitators, openings, retros
from bot.domain.rhythm import turns
from bot.domain.sharing import following
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.kit import keys
from bot.views.retros import boards as board_views
from bot.views.retros import closings as closing_views
from bot.views.retros import retros as retro_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import RETRO
from handlers.features import Entry, Feature
from handlers.responses import Body, View
from models.retros import Retro


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to read a retro: their team's, or that of the team they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
        retro = retros.to_show(session, team)
    view = _whole(db, retro.id, me) if retro else retro_views.no_retro_view(team)
    responses.open_view(client, body, view)
    ack()


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Show it all*."""
    responses.open_view(client, body, _whole(db, responses.row(body), me))
    ack()


def turn(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody turns to the retro before or after."""
    responses.replace_view(client, body, _whole(db, responses.row(body), me))
    ack()


def _whole(db: Database, retro_id: int, me: str) -> View:
    with db.read() as session:
        return retro_views.whole_view(*boards.with_neighbours(session, retro_id, viewer=me, now=clock.now()), me)


def choose(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody chose from the board's menu: to reveal, to facilitate, or to hand it on."""
    retro_id, verb = board_views.read_menu(responses.value(body))
    verbs = {"reveal": turns.reveal, "mine": facilitators.facilitate, "skip": facilitators.skip}
    decide = keys.one_of(verbs, verb)
    with db.begin() as session:
        decide(session, retro_id, by=me, now=clock.now())
    ack()


def close(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Close the retro*."""
    now = clock.now()
    with db.read() as session:
        retro = retros.load(session, responses.row(body))
        retros.require_member(retro, me, to="close its retro")
        retros.require_open(retro)
        board = boards.for_retro(session, retro, now=now)
    responses.open_view(client, body, closing_views.close_form(board))
    ack()


def more_actions(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody wants to write down one more action."""
    with db.read() as session:
        team = retros.load(session, closing_views.read_closing_retro(body["view"])).sprint.team
    responses.replace_view(client, body, closing_views.with_another(body["view"], team))
    ack()


def fate_chosen(ack: Ack, body: Body, client: WebClient) -> None:
    """Somebody chose what becomes of an action: one that is dropped needs a reason."""
    responses.replace_view(client, body, closing_views.with_reasons(body["view"]))
    ack()


def closed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted the improvement and what else is to be done."""
    closing = closing_views.read_close(body["view"])
    now = clock.now()
    with db.begin() as session:
        closings.close(session, closing, by=me, now=now)
    ack(response_action="clear")


def export(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants a retro as Markdown: their team's, or that of the team they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
        retro = retros.to_show(session, team)
    view = _export(db, retro) if retro else retro_views.no_retro_view(team)
    responses.open_view(client, body, view)
    ack()


def export_pressed(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody pressed *Export as Markdown* under a retro."""
    with db.read() as session:
        retro = retros.load(session, responses.row(body))
    responses.open_view(client, body, _export(db, retro))
    ack()


def _export(db: Database, retro: Retro) -> View:
    with db.read() as session:
        markdown = exports.retro_page(session, retro)
    return retro_views.export_view(retro.sprint.team, markdown)


def settings(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wrote `/retro settings`."""
    with db.read() as session:
        team = teams.mine(session, me)
        teams.require_lead(team, me, to="change its retro")
    responses.open_view(client, body, retro_views.settings_form(team))
    ack()


def settings_saved(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead submitted the settings: the team's window says them."""
    team_id, chosen = retro_views.read_settings(body["view"])
    with db.begin() as session:
        team = openings.change_settings(session, team_id, chosen, by=me, now=clock.now())
        ties = following.ties(session, team.id, me)
    today = cadence.local_date(clock.now(), team.zone)
    ack(**responses.back_to(client, body, team_views.team_view(team, me, today, ties)))


FEATURE = Feature(
    verbs={RETRO: {"show": show, "export": export, "settings": settings}},
    actions={
        board_views.SHOW: show_pressed,
        retro_views.TURN: turn,
        board_views.MENU: choose,
        closing_views.CLOSE: close,
        closing_views.MORE_ACTIONS: more_actions,
        closing_views.FATE: fate_chosen,
        retro_views.EXPORT: export_pressed,
    },
    views={closing_views.CLOSE: closed, retro_views.SETTINGS: settings_saved},
    entries=[
        Entry(RETRO, ["show"], "Show the retro", show, Part.RETROS, frozenset({Who.MEMBER})),
        Entry(RETRO, ["export"], "Export the retro", export, Part.RETROS, frozenset({Who.MEMBER})),
        Entry(RETRO, ["settings"], "Emoji for notes", settings, Part.RETROS, frozenset({Who.LEAD}), setting=True),
    ],
)
