"""Similar asks: before somebody asks, after they did, and at triage."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.intake import matches, requests
from bot.domain.intake.requests import Ask
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import matches as match_views
from bot.views.intake import requests as request_views
from bot.views.kit import keys
from handlers import receipts, responses
from handlers.features import Feature
from handlers.responses import Body


def similar(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to see what is like a request."""
    with db.read() as session:
        shown = matches.for_card(session, responses.row(body))
        may_merge = matches.may_merge(session, shown.request, me)
    responses.open_view(client, body, match_views.similar_view(shown, may_merge=may_merge))
    ack()


def same(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Same as this*: on a request that stands, or instead of making one."""
    request_id, into_id = match_views.read_pressed(responses.value(body))
    note = _join(db, into_id, body, me) if request_id is None else _merge(db, request_id, into_id, me)
    if body.get("view"):  # a message says it itself
        responses.replace_view(client, body, receipts.mine(db, me, note))
    ack()


def _join(db: Database, into_id: int, body: Body, me: str) -> str:
    words, now = match_views.read_words(body["view"]), clock.now()
    with db.begin() as session:
        into = matches.join(session, into_id, by=me, now=now)
        message = match_views.joined_message(into, me, words)
        requests.say(session, into.request, f"same:{into.request.id}:{body['view']['id']}", message, now=now)
    return match_views.joined_words(into)


def _merge(db: Database, request_id: int, into_id: int, me: str) -> str:
    now = clock.now()
    with db.begin() as session:
        merged = matches.merge(session, request_id, into_id, by=me, now=now)
        key = f"merged:{merged.request.id}"
        requests.say(session, merged.request, f"{key}:here", match_views.merged_message(merged, me), now=now)
        requests.say(session, merged.into.request, f"{key}:there", match_views.gained_message(merged, me), now=now)
    return match_views.merged_words(merged)


def owner(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Ask its owner*: about a request that stands, or one that is made by it."""
    request_id, item_id = match_views.read_pressed(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        if request_id is None:
            asked = _asked(body, me)
            request_id = requests.reach_out(session, asked, now=now).request.id
        request, planned = matches.ask_owner(session, request_id, item_id, by=me)
        message = match_views.owner_message(planned, me)
        requests.say(session, request, f"owner:{request.id}:{item_id}", message, now=now)
    responses.replace_view(client, body, receipts.mine(db, me, match_views.owner_asked_words(planned)))
    ack()


def anyway(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody asks although there is something like it."""
    asked = _asked(body, me)
    with db.begin() as session:
        reached = requests.reach_out(session, asked, now=clock.now())
    note = request_views.reached_words(reached.request, is_unseen=reached.is_unseen)
    ack(response_action="update", view=receipts.mine(db, me, note))


def _asked(body: Body, me: str) -> Ask:
    view = body["view"]
    return Ask(keys.sent(view), me, match_views.read_words(view), desk_id=match_views.read_desk(view))


FEATURE = Feature(
    actions={match_views.SIMILAR: similar, match_views.SAME: same, match_views.OWNER: owner},
    views={match_views.ANYWAY: anyway},
)
