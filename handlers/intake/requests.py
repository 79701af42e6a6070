"""`/reach-out`, and what both sides do with a request until it is decided."""

from collections.abc import Callable, Mapping

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.company import company, people
from bot.domain.company.parts import Part
from bot.domain.desks import desks
from bot.domain.intake import asking, booking_drafts, briefs, card_contents, claims, matches, requests, sides
from bot.domain.intake.bookings import Wish
from bot.domain.intake.requests import Ask, Reached
from bot.domain.outbox.posts import Message
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.intake import asking as asking_views
from bot.views.intake import bookings as booking_views
from bot.views.intake import briefs as brief_views
from bot.views.intake import claims as claim_views
from bot.views.intake import matches as match_views
from bot.views.intake import requests as request_views
from bot.views.kit import keys
from handlers import receipts, responses
from handlers.commands import REACH_OUT
from handlers.features import Entry, Feature, Shortcut
from handlers.responses import Body, View


def reach_out(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wrote `/reach-out`, with a line or without."""
    words = kit.unescape(body["text"]).strip()
    if not words:
        nobody = _open_form(body, client, db, me)
        if nobody is not None:
            ack(text=nobody.text, blocks=nobody.blocks)
            return
        ack()
        return
    if look_first := _is_it_one_of_these(db, words):
        responses.open_view(client, body, look_first)
        ack()
        return
    reached = _reach_out(db, Ask(keys.commanded(body), me, words))
    ack(text=request_views.reached_words(reached.request, is_unseen=reached.is_unseen))


def reach_out_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Reach out to the AI team*, or chose it from a menu."""
    nobody = _open_form(body, client, db, me)
    if nobody is not None:
        responses.open_view(client, body, kit.modal("notice", "Reach out", nobody.blocks))
    ack()


def _open_form(body: Body, client: WebClient, db: Database, me: str) -> Message | None:
    """Open the form. Before there is a desk, returns the message to show instead."""
    with db.read() as session:
        found, is_admin = desks.all(session), people.known(session, me).is_admin
    if not found:
        return request_views.nobody_answers_message(is_admin=is_admin)
    responses.open_view(client, body, request_views.reach_out_form(desks=found))
    return None


def reached_out(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted what they want."""
    words, desk_id = request_views.read_reach_out(body["view"])
    if look_first := _is_it_one_of_these(db, words, desk_id):
        ack(response_action="update", view=look_first)
        return
    reached = _reach_out(db, Ask(keys.sent(body["view"]), me, words, desk_id=desk_id))
    note = request_views.reached_words(reached.request, is_unseen=reached.is_unseen)
    ack(response_action="update", view=receipts.mine(db, me, note))


def _is_it_one_of_these(db: Database, words: str, desk_id: int | None = None) -> View | None:
    """What is shown to who asks before the crowd sees it: what is like it, if anything is."""
    with db.read() as session:
        found = matches.before_asking(session, words)
    return match_views.is_it_one_of_these(words, found, desk_id) if found else None


def _reach_out(db: Database, asked: Ask) -> Reached:
    with db.begin() as session:
        return requests.reach_out(session, asked, now=clock.now())


# --- the asker's side -------------------------------------------------------------------------------------------


def details(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Why you come*, *What you tried* or *By when* on a card of an older version."""
    responses.open_view(client, body, _details_form(db, responses.row(body), me))
    ack()


def _details_form(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        request = requests.load(session, request_id)
        requests.require_live(request)
        sides.require_either_side(session, request, me, to="change its details")
        at_a_desk, asks = bool(desks.at_a_desk(session, me)), requests.is_askers_side(request, me)
        return asking_views.details_form(request, teams.by_name(session), at_a_desk=at_a_desk, asks=asks)


def described(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted details."""
    request_id, written = asking_views.read_details(body["view"])
    with db.begin() as session:
        asking.describe(session, request_id, written, by=me, now=clock.now())
    ack(response_action="clear")


def withdraw(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody takes a request back."""
    row, say = responses.row(body), asking_views.withdrawn_message
    with db.begin() as session:
        request = asking.withdraw(session, row, by=me, say=say, now=clock.now())
    if body.get("view"):  # a message says it itself
        responses.replace_view(client, body, receipts.mine(db, me, asking_views.closed_words(request)))
    ack()


def take_over_asking(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody still wants what a person asked for who has left the company."""
    now = clock.now()
    with db.begin() as session:
        request = asking.take_over_asking(session, responses.row(body), by=me, now=now)
        message = asking_views.taken_over_asking_message(request)
        requests.say(session, request, f"taken-over-asking:{request.id}:{me}", message, now=now)
    ack()


# --- at a desk --------------------------------------------------------------------------------------------------


def claim(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody takes a request."""
    with db.begin() as session:
        claims.claim(session, responses.row(body), by=me, now=clock.now())
    ack()


def ask(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody at a desk has questions."""
    with db.read() as session:
        request = claims.routable(session, responses.row(body), by=me, to="ask from here")
    responses.open_view(client, body, claim_views.ask_form(request))
    ack()


def asked(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted questions."""
    request_id, text = claim_views.read_ask(body["view"])
    now = clock.now()
    with db.begin() as session:
        request, question = claims.ask(session, request_id, text, by=me, now=now)
        message = claim_views.asked_message(request, question)
        requests.say(session, request, f"question:{question.id}", message, now=now)
    ack(response_action="clear")


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose from a card's menu."""
    verb, request_id = request_views.read_menu(responses.value(body))
    if verb == "over":
        _take_over(db, request_id, me)
    else:
        responses.open_view(client, body, keys.one_of(_FORMS, verb)(db, request_id, me))
    ack()


def _take_over(db: Database, request_id: int, me: str) -> None:
    now = clock.now()
    with db.begin() as session:
        before = requests.load(session, request_id).claimer_id
        request = claims.claim(session, request_id, by=me, now=now, over=True)
        if before != me:
            message = claim_views.claimed_message(request, me, before)
            requests.say(session, request, f"over:{request.id}:{now.isoformat()}", message, now=now)


def _route_form(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        return claim_views.route_form(
            claims.routable(session, request_id, by=me, to="hand it over"), desks.all(session)
        )


def _snooze_form(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        request = requests.load(session, request_id)
        requests.require_live(request)
        sides.require_either_side(session, request, me, to="snooze it")
        zone = people.known(session, me).zone or company.current(session).zone
    return claim_views.snooze_form(request, cadence.local_date(clock.now(), zone))


def _brief_form(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        request = requests.load(session, request_id)
        requests.require_live(request)
        sides.require_either_side(session, request, me, to="write its brief")
    return brief_views.brief_form(request)


def _hold_form(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        draft = booking_drafts.draft(session, request_id, Wish(), by=me, now=clock.now())
    return booking_views.hold_form(draft)


def _similar(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        shown = matches.for_card(session, request_id)
        return match_views.similar_view(shown, may_merge=matches.may_merge(session, shown.request, me))


_FORMS: Mapping[str, Callable[[Database, int, str], View]] = {
    "route": _route_form,
    "similar": _similar,
    "snooze": _snooze_form,
    "brief": _brief_form,
    "hold": _hold_form,
    "details": _details_form,
}


def routed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted to which desk it goes, and why."""
    request_id, desk_id, why = claim_views.read_route(body["view"])
    now = clock.now()
    with db.begin() as session:
        request = claims.route(session, request_id, desk_id, why, by=me, now=now)
        message = claim_views.routed_message(card_contents.read(session, request.id, now=now))
        requests.say(session, request, f"routed:{request.id}:{len(request.routings)}", message, now=now)
    ack(response_action="clear")


def snoozed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted until when a request is snoozed."""
    request_id, until = claim_views.read_snooze(body["view"])
    now = clock.now()
    with db.begin() as session:
        request = claims.snooze(session, request_id, until, by=me, now=now)
        message = claim_views.snoozed_message(request, me)
        requests.say(session, request, f"snoozed:{request.id}:{now.isoformat()}", message, now=now)
    ack(response_action="clear")


def brief_written(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted the brief."""
    draft = brief_views.read_brief(body["view"])
    now = clock.now()
    with db.begin() as session:
        request = briefs.write(session, draft, by=me, now=now)
        newest = briefs.newest(request)
        if newest is not None and newest.version > draft.version:
            message = brief_views.brief_message(request, me)
            requests.say(session, request, f"brief:{request.id}:{newest.version}", message, now=now)
    ack(response_action="clear")


FEATURE = Feature(
    verbs={REACH_OUT: {"": reach_out}},
    shortcuts=[
        Shortcut("request_new", "Reach out to AI team", "Ask the AI team, even with a vague idea", reach_out_pressed)
    ],
    actions={
        request_views.REACH_OUT: reach_out_pressed,
        asking_views.DETAILS: details,
        asking_views.WITHDRAW: withdraw,
        asking_views.TAKE_OVER_ASKING: take_over_asking,
        request_views.CLAIM: claim,
        claim_views.ASK: ask,
        request_views.MENU: choose,
    },
    views={
        request_views.REACH_OUT: reached_out,
        asking_views.DETAILS: described,
        claim_views.ASK: asked,
        claim_views.ROUTE: routed,
        claim_views.SNOOZE: snoozed,
        brief_views.BRIEF: brief_written,
    },
    entries=[
        Entry(REACH_OUT, [""], "Reach out to the AI team", reach_out_pressed, Part.INTAKE, often=True),
    ],
)
