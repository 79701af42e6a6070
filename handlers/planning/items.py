"""One's items during a sprint: mark, note, change."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.home import home
from bot.domain.home.home import Home
from bot.domain.planning import items, readings
from bot.domain.rhythm import prompts
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.home import home as home_views
from bot.views.planning import items as item_views
from bot.views.planning import plans as plan_views
from bot.views.planning import readings as reading_views
from bot.views.sprints import overviews as overview_views
from bot.views.sprints import sprints as sprint_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body, View


def mark(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose a mark for an item, or to write a note under it."""
    item_id, chosen = item_views.read_mark(responses.value(body))
    now = clock.now()
    if chosen is None:
        with db.read() as session:
            item = items.mine(session, item_id, by=me)
        responses.open_view(client, body, item_views.note_form(item))
        ack()
        return
    with db.begin() as session:
        sprint = items.mark(session, item_id, chosen, by=me, now=now)
        prompts.marked(session, sprint.id, me, now=now)
        on_home = responses.is_home(body)
        shown = home.for_person(session, me, now=now) if on_home else home.of_team(session, me, now=now)
    if on_home:
        client.views_publish(user_id=me, view=home_views.tab(shown))
    else:
        client.views_update(view_id=body["view"]["id"], view=_window(shown))
    ack()


def noted(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted the note under an item."""
    item_id, note = item_views.read_note(body["view"])
    now = clock.now()
    with db.begin() as session:
        sprint = items.write_note(session, item_id, note, by=me, now=now)
        prompts.marked(session, sprint.id, me, now=now)
        below = body["view"].get("root_view_id")
        in_a_window = bool(below) and below != body["view"]["id"]
        shown = home.of_team(session, me, now=now) if in_a_window else home.for_person(session, me, now=now)
    if in_a_window:
        client.views_update(view_id=below, view=_window(shown))
    else:
        client.views_publish(user_id=me, view=home_views.tab(shown))
    ack()


# Who left the team a moment ago has no overview any more, but what they marked is kept.
def _window(shown: Home) -> View:
    return overview_views.overview_view(shown.overview) if shown.overview else team_views.no_team_view(shown.teams)


def change(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Change my plan*."""
    with db.read() as session:
        sprint = sprints.load(session, responses.row(body))
        teams.require_member(sprint.team, me, to="change its plan")
        sprints.require_open(sprint, clock.now())
    responses.open_view(client, body, item_views.change_form(sprint, me, on_screen=responses.is_on_screen(body)))
    ack()


def changed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted a change of their plan."""
    swap, team_id = item_views.read_change(body["view"])
    if team_id is not None:
        with db.read() as session:
            lists = readings.of(session, {"add": swap.add}, swap.left_out, team_id, me)
        if shown := reading_views.unseen(body["view"], lists):
            ack(response_action="update", view=shown)
            return
    now = clock.now()
    with db.begin() as session:
        swapped = items.change(session, swap, by=me, now=now)
        prompts.answered(session, swapped.sprint, me, now=now)
        items.tell(session, swapped, item_views.changed_message(swapped), now=now)
        sprint = sprints.load(session, swapped.sprint.id)
    if kit.is_seen_behind(body["view"]):
        ack(response_action="clear")
    else:
        ack(response_action="update", view=plan_views.sent_view(sprint, me))


FEATURE = Feature(
    actions={overview_views.MARK: mark, sprint_views.CHANGE: change},
    views={item_views.CHANGE: changed, item_views.NOTE: noted},
)
