"""Swapping weeks of the hero rota: from its window, and from the message that asks who takes one."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import parts
from bot.domain.heroes import swaps
from bot.domain.heroes.rota import TeamRota
from bot.domain.sprints import weeks
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views.heroes import rota as rota_views
from bot.views.heroes import swaps as swap_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body, View


def chosen(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose *Swap*, *Ask for a swap* or *I keep it* beside a week of theirs."""
    verb, key = swap_views.read_choice(responses.value(body))
    if verb == swap_views.END:
        _end(body, client, db, me, swap_views.read_id(key))
    else:
        week = swap_views.read_week(key)
        form = swap_views.swap_form if verb == swap_views.SWAP else swap_views.ask_form
        view = form(_rota(db, week.team_id, me), week)
        if view is None:
            raise Refusal("There is no week to swap with yet, or this one is over.")
        responses.open_view(client, body, view)
    ack()


def swapped(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted the form that swaps two weeks."""
    mine, other = swap_views.read_swap(body["view"])
    with db.begin() as session:
        weeks.swap(session, mine, other, by=me, say=swap_views.swapped_message, now=clock.now())
    ack(**responses.back_to(client, body, _window(db, mine.team_id, me)))


def asked(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted the form that asks for a swap."""
    week, wish = swap_views.read_ask(body["view"])
    with db.begin() as session:
        weeks.ask_for_swap(session, week, wish, by=me, now=clock.now())
    ack(**responses.back_to(client, body, _window(db, week.team_id, me)))


def taken(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I'll take it*, in the channel or in the rota's window."""
    with db.begin() as session:
        team = weeks.take_swap(session, responses.row(body), by=me, now=clock.now())
    _show_again(body, client, db, team.id, me)
    ack()


def ended(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The person who asked keeps the week after all."""
    _end(body, client, db, me, responses.row(body))
    ack()


def _end(body: Body, client: WebClient, db: Database, me: str, swap_id: int) -> None:
    with db.begin() as session:
        team = swaps.end(session, swap_id, by=me, now=clock.now())
    _show_again(body, client, db, team.id, me)


def _show_again(body: Body, client: WebClient, db: Database, team_id: int, me: str) -> None:
    """The window shows what a press in it did; a message in the channel is drawn anew anyway."""
    if body.get("view"):
        responses.replace_view(client, body, _window(db, team_id, me))


def _rota(db: Database, team_id: int, me: str) -> TeamRota:
    with db.read() as session:
        return weeks.rota_of(session, teams.get(session, team_id), me, now=clock.now())


def _window(db: Database, team_id: int, me: str) -> View:
    with db.read() as session:
        on = parts.on(session)
    return rota_views.rota_view(_rota(db, team_id, me), on)


FEATURE = Feature(
    actions={
        swap_views.WEEK: chosen,
        swap_views.TAKE: taken,
        swap_views.END: ended,
    },
    views={swap_views.SWAP: swapped, swap_views.ASK: asked},
)
