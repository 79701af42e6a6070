"""`/reach-out capacity`: who of a desk is free when, as a picture too, and holding somebody for a request."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.intake import booking_drafts, bookings, capacity, requests
from bot.domain.intake.bookings import Wish
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import bookings as booking_views
from bot.views.teams import seats as seat_views
from handlers import responses
from handlers.commands import REACH_OUT
from handlers.features import Entry, Feature
from handlers.responses import Body


def show(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody wants to know who is free when."""
    with db.read() as session:
        shown = capacity.grid(session, None, clock.now())
    responses.open_view(client, body, booking_views.capacity_view(shown))
    ack()


def turn(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody chose another desk, or turned a page."""
    desk_id, page = booking_views.read_page(responses.value(body))
    with db.read() as session:
        shown = capacity.grid(session, desk_id, clock.now())
    responses.replace_view(client, body, booking_views.capacity_view(shown, page))
    ack()


def picture(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants the same as a picture."""
    with db.begin() as session:
        capacity.ask(session, responses.row(body), by=me, now=clock.now())
    responses.open_view(client, body, booking_views.asked_view())
    ack()


def share(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Share in the channel* under the picture."""
    with db.begin() as session:
        capacity.share(session, responses.row(body), responses.pressed_ts(body) or "", by=me, now=clock.now())
    ack()


def hold(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to hold an engineer for a request."""
    with db.read() as session:
        draft = booking_drafts.draft(session, responses.row(body), Wish(), by=me, now=clock.now())
    responses.open_view(client, body, booking_views.hold_form(draft))
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose something in the form: the free windows, and what gives way, follow."""
    request_id, wish = booking_views.read_choice(body["view"], body["actions"][0]["action_id"])
    with db.read() as session:
        draft = booking_drafts.draft(session, request_id, wish, by=me, now=clock.now())
    responses.replace_view(client, body, booking_views.hold_form(draft))
    ack()


def search_team(ack: Ack, payload: Body, db: Database) -> None:
    """Somebody types a team's name."""
    with db.read() as session:
        found = teams.search(session, payload.get("value", ""))
    ack(options=seat_views.choices(found))


def held(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted a hold."""
    request_id, wish = booking_views.read_hold(body["view"])
    now = clock.now()
    with db.begin() as session:
        made = bookings.hold_as(session, request_id, wish, by=me, now=now)
        message = booking_views.held_message(made, me)
        requests.say(session, made.request, f"held:{made.id}", message, now=now)
    ack(response_action="clear")


FEATURE = Feature(
    verbs={REACH_OUT: {"capacity": show}},
    actions={
        booking_views.DESK: turn,
        booking_views.PAGE: turn,
        booking_views.PICTURE: picture,
        booking_views.SHARE: share,
        booking_views.HOLD: hold,
        **dict.fromkeys(booking_views.HOLD_FIELDS, choose),
    },
    views={booking_views.HOLD: held},
    options={booking_views.TEAM: search_team},
    entries=[
        Entry(REACH_OUT, ["capacity"], "Who is free when", show, Part.INTAKE),
    ],
)
