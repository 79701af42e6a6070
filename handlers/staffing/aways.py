"""`/sprint away` and `/sprint back`: nobody waits for who is away."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import typed_days
from bot.domain.company.parts import Part
from bot.domain.home import home
from bot.domain.home.home import Home
from bot.domain.home.menu import Who
from bot.domain.outbox.posts import Message
from bot.domain.staffing import aways
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.home import home as home_views
from bot.views.kit import countries
from bot.views.sprints import overviews as overview_views
from bot.views.staffing import aways as away_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SPRINT
from handlers.features import Entry, Feature
from handlers.responses import Body, View


def away(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wrote `/sprint away`, perhaps with the last day; without one that can be read they choose it."""
    typed = kit.unescape(argument)
    now = clock.now()
    with db.read() as session:
        draft = aways.draft(session, me, now=now)
    last = typed_days.read(typed, draft.today)
    if last is None:
        responses.open_view(client, body, away_views.form(draft, typed))
        ack()
        return
    with db.begin() as session:
        gone = aways.go(session, me, None, last, now=now)
    message = away_views.away_message(gone)
    ack(text=message.text, blocks=message.blocks)


def away_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I'm away* on Home."""
    with db.read() as session:
        draft = aways.draft(session, me, now=clock.now())
    responses.open_view(client, body, away_views.form(draft))
    ack()


def gone(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted when they are away, and whose public holidays they keep."""
    leave = away_views.read_form(body["view"])
    with db.begin() as session:
        chosen = aways.submit(session, me, leave, now=clock.now())
    if chosen is not None and not away_views.was_typed(body["view"]):
        ack(response_action="clear")
    else:
        ack(response_action="update", view=away_views.saved_view(chosen, leave.country))


def undo(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Undo*: they are not away after all."""
    now = clock.now()
    with db.begin() as session:
        stands = aways.undo(session, me, now=now)
        at_home = home.for_person(session, me, now=now) if responses.is_home(body) else None
        shown = home.of_team(session, me, now=now)
    if at_home is not None:
        client.views_publish(user_id=me, view=home_views.tab(at_home))
    elif body.get("view"):
        responses.replace_view(client, body, _window(shown))
    else:
        words = away_views.undone_words(stands)
        responses.replace_message(body, Message(words, [kit.section(words)]))
    ack()


def back(ack: Ack, db: Database, me: str) -> None:
    """Somebody wrote `/sprint back`."""
    with db.begin() as session:
        returned = aways.come_back(session, me, now=clock.now())
    message = away_views.back_message(returned)
    ack(text=message.text, blocks=message.blocks)


def back_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I'm back*, on Home or in the window of `/sprint`."""
    now = clock.now()
    with db.begin() as session:
        aways.come_back(session, me, now=now)
        on_home = responses.is_home(body)
        shown = home.for_person(session, me, now=now) if on_home else home.of_team(session, me, now=now)
    if on_home:
        client.views_publish(user_id=me, view=home_views.tab(shown))
    else:
        responses.replace_view(client, body, _window(shown))
    ack()


def _window(shown: Home) -> View:
    """What `/sprint` opens."""
    if shown.overview is None:
        return team_views.no_team_view(shown.teams)
    return overview_views.overview_view(shown.overview)


def country_chosen(ack: Ack, body: Body, client: WebClient) -> None:
    """Somebody chose a country in the form: one whose parts differ is asked for its part."""
    responses.replace_view(client, body, away_views.with_part(body["view"]))
    ack()


def search_country(ack: Ack, payload: Body) -> None:
    """Somebody types a country."""
    ack(options=countries.choices(payload.get("value", ""), away_views.THE_SAME))


FEATURE = Feature(
    verbs={SPRINT: {"away": away, "back": back}},
    actions={
        away_views.AWAY: away_pressed,
        overview_views.BACK: back_pressed,
        overview_views.UNDO_AWAY: undo,
        away_views.SEARCH_COUNTRY: country_chosen,
    },
    views={away_views.AWAY: gone},
    options={away_views.SEARCH_COUNTRY: search_country},
    entries=[
        Entry(SPRINT, ["away"], "I'm away", away_pressed, Part.SPRINTS, frozenset({Who.HERE}), often=True),
        Entry(SPRINT, ["back"], "I'm back", back_pressed, Part.SPRINTS, frozenset({Who.AWAY}), often=True),
    ],
)
