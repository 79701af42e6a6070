"""Following and supporting a team: `/small-team follow` and `unfollow`, and buttons in a team's window."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.domain.sharing import following
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit, routes
from bot.views.sharing import following as following_views
from bot.views.teams import seats as seat_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SMALL_TEAM
from handlers.features import Entry, Feature
from handlers.responses import Body, View
from models.teams import Team


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to see the teams that they follow, and perhaps to choose others."""
    responses.open_view(client, body, _list(db, me))
    ack()


def follow(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to read of a team on Fridays: of the one they name, or they choose."""
    if not argument:
        responses.open_view(client, body, _list(db, me))
        ack()
        return
    with db.begin() as session:
        named = teams.named(session, kit.unescape(argument))
        team = following.follow(session, named.id, by=me, now=clock.now())
    ack(text=following_views.followed_words(team))


def unfollow(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to read of a team no more: of the one they name, or they choose."""
    if not argument:
        responses.open_view(client, body, _list(db, me))
        ack()
        return
    with db.begin() as session:
        named = teams.named(session, kit.unescape(argument))
        team = following.unfollow(session, named.id, by=me, now=clock.now())
    ack(text=following_views.unfollowed_words(team))


def chosen(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose a team to follow in the list of those that they follow."""
    with db.begin() as session:
        following.follow(session, following_views.read_choice(responses.value(body)), by=me, now=clock.now())
    responses.replace_view(client, body, _list(db, me))
    ack()


def dropped(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Unfollow* there."""
    with db.begin() as session:
        following.unfollow(session, responses.row(body), by=me, now=clock.now())
    responses.replace_view(client, body, _list(db, me))
    ack()


def search(ack: Ack, payload: Body, db: Database) -> None:
    """Somebody types the name of a team to follow."""
    with db.read() as session:
        found = teams.search(session, payload.get("value", ""))
    ack(options=seat_views.choices(found))


def _list(db: Database, me: str) -> View:
    with db.read() as session:
        return following_views.list_view(following.teams_of(session, me), parts.on(session))


def follow_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Follow*."""
    with db.begin() as session:
        team = following.follow(session, responses.row(body), by=me, now=clock.now())
    responses.replace_view(client, body, _window(db, team, me))
    ack()


def unfollow_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Unfollow*."""
    with db.begin() as session:
        team = following.unfollow(session, responses.row(body), by=me, now=clock.now())
    responses.replace_view(client, body, _window(db, team, me))
    ack()


def support_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I support this team*."""
    with db.begin() as session:
        team = following.support(session, responses.row(body), by=me, now=clock.now())
    responses.replace_view(client, body, _window(db, team, me))
    ack()


def support_no_more_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I don't support it any more*."""
    with db.begin() as session:
        team = following.support_no_more(session, responses.row(body), by=me)
    responses.replace_view(client, body, _window(db, team, me))
    ack()


def _window(db: Database, team: Team, me: str) -> View:
    with db.read() as session:
        ties = following.ties(session, team.id, me)
    return team_views.team_view(team, me, cadence.local_date(clock.now(), team.zone), ties)


FEATURE = Feature(
    verbs={SMALL_TEAM: {"follow": follow, "unfollow": unfollow}},
    actions={
        routes.FOLLOW_TEAM.verb: follow_pressed,
        routes.UNFOLLOW_TEAM.verb: unfollow_pressed,
        routes.SUPPORT_TEAM.verb: support_pressed,
        routes.SUPPORT_TEAM_NO_MORE.verb: support_no_more_pressed,
        following_views.CHOOSE: chosen,
        following_views.DROP: dropped,
    },
    options={following_views.CHOOSE: search},
    entries=[
        Entry(SMALL_TEAM, ["follow", "unfollow"], "Teams I follow", show, Part.TEAMS),
    ],
)
