"""`/reach-out setup` and `/reach-out rota`: the AI team's desks, and who has triage when."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import company
from bot.domain.company.parts import Part
from bot.domain.desks import desks, rota_card, setups, triage
from bot.domain.home.menu import Who
from bot.domain.intake import departures, early_requests, requests
from bot.domain.outbox import posts
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views.desks import desks as desk_views
from bot.views.desks import triage as triage_views
from bot.views.intake import departures as departure_views
from bot.views.kit import keys
from bot.views.teams import channels as channel_views
from handlers import responses
from handlers.commands import REACH_OUT
from handlers.features import Entry, Feature
from handlers.responses import Body


def setup(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An admin, or a desk's lead, wants to set the desks up."""
    with db.read() as session:
        shown = setups.read(session, me, now=clock.now())
    responses.open_view(client, body, desk_views.setup_view(shown))
    ack()


def new(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An admin wants another desk. The form takes the list's place, and the list comes back with it."""
    with db.read() as session:
        setups.require_setter(session, None, me)
    responses.replace_view(client, body, desk_views.desk_form(None))
    ack()


def edit(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Edit* beside a desk."""
    with db.read() as session:
        desk = desks.get(session, responses.row(body))
        setups.require_setter(session, desk.id, me)
    responses.replace_view(client, body, desk_views.desk_form(desk))
    ack()


def saved(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted a desk."""
    desk_id, form = desk_views.read_desk(body["view"])
    if form.channel is not None:
        found = slack.find_channel(client, form.channel)
        setups.require_channel(channel_views.read_channel(found) if found else None)
    now = clock.now()
    with db.begin() as session:
        before = {person.id for person in desks.people(session, desk_id)} if desk_id is not None else set()
        departures.hold(session, before)
        desk = setups.save(session, desk_id, form, by=me, now=now)
        left = before - {person.id for person in desks.people_of(desk)}
        for gone in departures.dropped(session, left, now=now):
            requests.say(session, gone.request, gone.key, departure_views.departed_message(gone), now=now)
        early_requests.give_to_first_desk(session, now=now)
        shown = setups.read(session, me, now=now)
    ack(response_action="update", view=desk_views.setup_view(shown))


def search_usergroup(ack: Ack, payload: Body, client: WebClient) -> None:
    """Somebody types a user group's name."""
    groups = client.usergroups_list()["usergroups"]
    ack(options=desk_views.usergroup_choices(groups, payload.get("value", "")))


def settings(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An admin wants to change what makes a request."""
    with db.read() as session:
        company.require_admin(session, me)
        chosen = company.current(session)
    responses.replace_view(client, body, desk_views.settings_form(chosen))
    ack()


def settings_saved(ack: Ack, body: Body, db: Database, me: str) -> None:
    """An admin submitted what makes a request."""
    now = clock.now()
    with db.begin() as session:
        company.set_intake(session, desk_views.read_settings(body["view"]), by=me)
        rota_card.show(session, now=now)
        shown = setups.read(session, me, now=now)
    ack(response_action="update", view=desk_views.setup_view(shown))


def rota(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to see who has triage when."""
    with db.read() as session:
        shown = triage.read(session, me, now=clock.now())
    responses.open_view(client, body, triage_views.rota_view(shown))
    ack()


def week_chosen(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose *Swap* or *Take* beside a week."""
    verb, _, key = responses.value(body).partition(":")
    week, now = triage_views.read_week(key), clock.now()
    if verb == triage_views.TAKE:
        with db.begin() as session:
            taken = triage.take(session, week, by=me, now=now)
            for key, person_id, message in triage_views.swapped_posts(taken, now):
                posts.write(session, key, person_id, message, now=now)
            shown = triage.read(session, me, now=now)
        view = triage_views.rota_view(shown)
    else:
        with db.read() as session:
            form = triage_views.swap_form(triage.read(session, me, now=now), week)
        if form is None:
            raise Refusal("Nobody else has a week at this desk yet, so there is none to swap with.")
        view = form
    responses.replace_view(client, body, view)
    ack()


def swapped(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted the form that swaps two weeks."""
    week, other = triage_views.read_swap(body["view"])
    now = clock.now()
    with db.begin() as session:
        exchanged = triage.swap(session, week, other, by=me, now=now)
        for key, person_id, message in triage_views.swapped_posts(exchanged, now):
            posts.write(session, key, person_id, message, now=now)
        shown = triage.read(session, me, now=now)
    ack(response_action="update", view=triage_views.rota_view(shown))


def turns_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody takes no turns at triage, or takes them again."""
    desk_id, _, wanted = responses.value(body).partition(":")
    now = clock.now()
    with db.begin() as session:
        triage.take_turns(session, keys.number(desk_id), wanted == "yes", by=me, now=now)
        shown = triage.read(session, me, now=now)
    responses.replace_view(client, body, triage_views.rota_view(shown))
    ack()


FEATURE = Feature(
    verbs={REACH_OUT: {"rota": rota, "setup": setup}},
    actions={
        desk_views.NEW: new,
        desk_views.EDIT: edit,
        desk_views.SETTINGS: settings,
        triage_views.WEEK: week_chosen,
        triage_views.TURNS: turns_pressed,
        triage_views.ROTA: rota,
    },
    views={
        desk_views.SAVE: saved,
        desk_views.SETTINGS: settings_saved,
        triage_views.SWAP: swapped,
    },
    options={desk_views.SEARCH_USERGROUP: search_usergroup},
    entries=[
        Entry(REACH_OUT, ["rota"], "Who has triage", rota, Part.INTAKE),
        Entry(REACH_OUT, ["setup"], "Desks", setup, Part.COMPANY, frozenset({Who.SETTER})),
    ],
)
