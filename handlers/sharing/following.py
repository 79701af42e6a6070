"""Following and supporting a team: `/small-team follow` and `unfollow`, and buttons in a team's window."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.sharing import following
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views import kit, routes
from bot.views.sharing import following as following_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SMALL_TEAM
from handlers.features import Feature
from handlers.responses import Body, View
from models.teams import Team


def follow(ack: Ack, db: Database, me: str, argument: str) -> None:
    """Somebody wants to read of a team on Fridays."""
    with db.begin() as session:
        named = teams.named(session, _name(argument, "follow"))
        team = following.follow(session, named.id, by=me, now=clock.now())
    ack(text=following_views.followed_words(team))


def unfollow(ack: Ack, db: Database, me: str, argument: str) -> None:
    """Somebody wants to read of a team no more."""
    with db.begin() as session:
        team = following.unfollow(session, teams.named(session, _name(argument, "unfollow")).id, by=me, now=clock.now())
    ack(text=following_views.unfollowed_words(team))


def _name(argument: str, verb: str) -> str:
    if not argument:
        raise Refusal(f"Which team? Type its name behind it, such as `/small-team {verb} Replay`.")
    return kit.unescape(argument)


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
    },
)
