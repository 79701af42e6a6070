"""Actions of earlier retros: what is still open, and what becomes of each."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.company.parts import Part
from bot.domain.home import home
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.planning import items
from bot.domain.retros import actions, agreements, boards
from bot.domain.retros.actions import Resolution
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.home import home as home_views
from bot.views.kit import keys
from bot.views.planning import items as item_views
from bot.views.retros import actions as action_views
from bot.views.retros import boards as board_views
from bot.views.retros import retros as retro_views
from handlers import responses
from handlers.commands import RETRO
from handlers.features import Entry, Feature
from handlers.responses import Body, View
from models.retros import Agreement
from models.teams import Team


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to know what earlier retros led to: in their team, or in the team they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
    responses.open_view(client, body, _list(db, team, me))
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose what becomes of an action."""
    action_id, verb = action_views.read_menu(responses.value(body))
    if verb == "drop":
        with db.read() as session:
            action = actions.open_one(session, action_id, by=me)
        shown = retro_views.read_retro(body["view"]) if body.get("view") else None
        responses.open_view(client, body, action_views.drop_form(action, shown))
        ack()
        return
    if verb == "agree":
        with db.begin() as session:
            agreement = agreements.keep_action(session, action_id, by=me, now=clock.now())
        responses.replace_view(client, body, _window(retro_views.read_retro(body["view"]), db, me, agreement))
        ack()
        return
    with db.begin() as session:
        if verb == "take":
            items.take_on(session, action_id, by=me, now=clock.now())
        else:
            actions.settle(session, action_id, keys.word(Resolution, verb), by=me, now=clock.now())
    _show(body, client, db, me)
    ack()


def undo(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Undo* at what they settled a moment ago: it is open again."""
    with db.begin() as session:
        actions.undo(session, responses.row(body), by=me, now=clock.now())
    _show(body, client, db, me)
    ack()


def _show(body: Body, client: WebClient, db: Database, me: str) -> None:
    """What has changed, where it was pressed."""
    if responses.is_home(body):
        with db.read() as session:
            at_home = home.for_person(session, me, now=clock.now())
        client.views_publish(user_id=me, view=home_views.tab(at_home))
    elif body.get("view"):
        responses.replace_view(client, body, _window(retro_views.read_retro(body["view"]), db, me))


def take_on(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I'll take it* at a retro's improvement: it stands in their plan."""
    now = clock.now()
    with db.begin() as session:
        changed = items.take_on(session, responses.row(body), by=me, now=now)
        if changed is not None:
            items.tell(session, changed, item_views.changed_message(changed), now=now)
    if body.get("view"):
        responses.replace_view(client, body, _window(retro_views.read_retro(body["view"]), db, me))
    ack()


def take(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *I'll take it* in the team's channel, where the actions of who left are offered."""
    action_id, _verb = action_views.read_menu(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        action = actions.take(session, action_id, by=me, now=now)
        team = teams.get(session, action.team_id)
        message = action_views.taken_message(action)
        posts.write(session, f"action-taken:{action.id}:{me}", team.channel_id, message, now=now)
    ack()


def dropped(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted why an action is dropped."""
    action_id, because = action_views.read_drop(body["view"])
    with db.begin() as session:
        actions.settle(session, action_id, Resolution.DROP, by=me, now=clock.now(), because=because)
    below = body["view"].get("previous_view_id")
    if below is not None:
        client.views_update(view_id=below, view=_window(action_views.read_below(body["view"]), db, me))
    ack()


def _window(retro_id: int | None, db: Database, me: str, agreed: Agreement | None = None) -> View:
    """The same window with what has changed: a whole retro, or the list of actions."""
    with db.read() as session:
        if retro_id is not None:
            look = boards.with_neighbours(session, retro_id, viewer=me, now=clock.now())
            return retro_views.whole_view(*look, me)
        team = teams.mine(session, me)
    return _list(db, team, me, agreed)


def _list(db: Database, team: Team, me: str, agreed: Agreement | None = None) -> View:
    now = clock.now()
    with db.read() as session:
        open_ones = actions.open_of(session, team.id)
        settled = actions.settled_lately(session, team.id, me, now=now)
        past = actions.settled_of(session, team.id)
    today = cadence.local_date(now, team.zone)
    return action_views.list_view(team, open_ones, today, me, settled=settled, agreed=agreed, past=past)


FEATURE = Feature(
    verbs={RETRO: {"actions": show}},
    actions={action_views.MENU: choose, action_views.TAKE: take, board_views.TAKE: take_on, action_views.UNDO: undo},
    views={action_views.DROP: dropped},
    entries=[
        Entry(RETRO, ["actions"], "What retros led to", show, Part.RETROS, frozenset({Who.MEMBER})),
    ],
)
