"""Who may come in: full members of this workspace. Everybody else reads one sentence.

It stands before every handler. What a member may do is for the domain's verbs to say.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_sdk import WebClient

from bot.domain.company import people
from bot.domain.company.people import Standing
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views import kit
from bot.views.company import people as people_views
from handlers.responses import Body

MOST_LOOKED_UP = 8  # of the people in one form: each is a call, and Slack waits 3 s for all of them
# Slack itself tells of these: they hold for whoever they are about. Every other event is something that a person does.
TELLS = ("channel_", "group_", "member_", "team_", "user_", "subteam_", "app_uninstalled", "tokens_revoked")
# Anybody is heard; `jobs.intake` asks who it is before anything comes of it, and answers in the thread.
HEARD = ("message", "app_mention")


def before_all(db: Database, client: WebClient) -> Callable[..., BoltResponse | None]:
    """What Bolt is to run before any handler."""

    def ask(context: BoltContext, body: Body, next_: Callable[[], BoltResponse]) -> BoltResponse | None:
        if context.user_id is None or not is_an_act(body):
            return next_()
        standing = _meet(db, client, context.user_id, picked(body), clock.now())
        if standing is Standing.MEMBER:
            return next_()
        return _turn_away(standing, context.user_id, body, client)

    return ask


def is_an_act(body: Mapping[str, Any]) -> bool:
    """Whether somebody does something, and Slack does not only tell of something."""
    if body.get("type") != "event_callback":
        return True
    kind = str(body["event"]["type"])
    return kind not in HEARD and not kind.startswith(TELLS)


def picked(body: Mapping[str, Any]) -> set[str]:
    """The people whom somebody has picked in a form, or named in a command."""
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    elements = [element for block in values.values() for element in block.values()]
    return {*_chosen([*elements, *body.get("actions", [])]), *kit.mentioned(kit.unescape(str(body.get("text") or "")))}


def _chosen(elements: list[Mapping[str, Any]]) -> Iterator[str]:
    for element in elements:
        yield from filter(None, [element.get("selected_user"), *(element.get("selected_users") or [])])


def _meet(db: Database, client: WebClient, actor: str, others: set[str], now: datetime) -> Standing | None:
    """Who acts. Whoever is new to us, of them and of the people they picked, is looked up at once."""
    with db.read() as session:
        known = people.standings(session, {actor, *others})
    new = sorted({actor, *others} - known.keys(), key=lambda each: each != actor)
    if not new:
        return known[actor]
    found = [slack.find_person(client, each) for each in new[:MOST_LOOKED_UP]]
    profiles = [people_views.read_profile(user) for user in found if user is not None]
    with db.begin() as session:
        people.sync(session, profiles, now=now)
        return people.standings(session, [actor]).get(actor)


def _turn_away(standing: Standing | None, person_id: str, body: Body, client: WebClient) -> BoltResponse:
    if body.get("type") != "event_callback":
        raise Refusal(people_views.why_not(standing))
    if body["event"]["type"] == "app_home_opened":
        client.views_publish(user_id=person_id, view=people_views.closed_home(standing))
    return BoltResponse(status=200)
