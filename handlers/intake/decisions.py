"""*Answer*, and what follows a decision: the checklist, when to look at it again, done, and the hand-back."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.intake import checklists, decisions, finishing, offers, requests
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import checklists as checklist_views
from bot.views.intake import decisions as decision_views
from bot.views.intake import finishing as finishing_views
from bot.views.intake import offers as offer_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body, View
from models.intake.decisions import Decision, Mode
from models.intake.requests import Request


def decide(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Answer*, or *Change the answer*."""
    with db.read() as session:
        offer = offers.begin(session, responses.row(body), by=me, now=clock.now())
    responses.open_view(client, body, offer_views.form(offer))
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose a mode, or something that others depend on: the window shows what there is to fill in."""
    with db.read() as session:
        offer = offers.offer(session, offer_views.read_form(body["view"]), by=me, now=clock.now())
    responses.replace_view(client, body, offer_views.with_offer(body["view"], offer))
    ack()


def decided(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted a decision."""
    answer = offer_views.read_form(body["view"])
    now = clock.now()
    with db.begin() as session:
        made = decisions.decide(session, answer, by=me, now=now)
        message = decision_views.decided_message(made)
        requests.say(session, made.request, f"decided:{made.decision.id}", message, now=now)
    ack(response_action="clear")


# --- the checklist ----------------------------------------------------------------------------------------------


def boxes(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody ticked or unticked lines on the card."""
    request_id, ticked, unticked = checklist_views.read_boxes(body["actions"][0])
    with db.begin() as session:
        for line in ticked:
            checklists.tick(session, request_id, line, by=me, now=clock.now())
        for line in unticked:
            checklists.untick(session, request_id, line, by=me, now=clock.now())
    ack()


def checklist(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to tick something, on a card of an older version."""
    responses.open_view(client, body, _checklist(db, responses.row(body), me))
    ack()


def tick(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody ticked a line."""
    request_id, line = checklist_views.read_line(responses.value(body))
    with db.begin() as session:
        checklists.tick(session, request_id, line, by=me, now=clock.now())
    responses.replace_view(client, body, _checklist(db, request_id, me))
    ack()


def untick(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody found that a line is not done after all."""
    request_id, line = checklist_views.read_line(responses.value(body))
    with db.begin() as session:
        checklists.untick(session, request_id, line, by=me, now=clock.now())
    responses.replace_view(client, body, _checklist(db, request_id, me))
    ack()


def _checklist(db: Database, request_id: int, me: str) -> View:
    with db.read() as session:
        request = checklists.checklist(session, request_id, by=me)
        return checklist_views.checklist_view(request, checklists.ticked(session, request_id))


# --- done -------------------------------------------------------------------------------------------------------


def done(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Shipped*, or *Done*."""
    request, decision = _running(db, body, me, Mode.BUILD, Mode.GUIDANCE)
    responses.open_view(client, body, finishing_views.done_form(request, decision))
    ack()


def finished(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted that it is done."""
    request_id, link = finishing_views.read_done(body["view"])
    now = clock.now()
    with db.begin() as session:
        request, decision = finishing.finish(session, request_id, link, by=me, now=now)
        message = finishing_views.finished_message(request, decision, me)
        requests.say(session, request, f"finished:{decision.id}:{now.isoformat()}", message, now=now)
    ack(response_action="clear")


def check_in(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Look at it again*."""
    request, _decision = _running(db, body, me, Mode.GUIDANCE)
    responses.open_view(client, body, finishing_views.check_in_form(request))
    ack()


def checked_in(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted when both look at it again."""
    request_id, due_on, words = finishing_views.read_check_in(body["view"])
    now = clock.now()
    with db.begin() as session:
        request, decision = finishing.check_in(session, request_id, due_on, words, by=me, now=now)
        message = finishing_views.checked_in_message(request, decision)
        requests.say(session, request, f"check-in:{decision.id}:{decision.due_on}", message, now=now)
    ack(response_action="clear")


def hand_back(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Hand back*."""
    request, _decision = _running(db, body, me, Mode.EMBED)
    responses.open_view(client, body, finishing_views.hand_back_form(request))
    ack()


def handed_back(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted what an engineer leaves behind."""
    request_id, left = finishing_views.read_hand_back(body["view"])
    now = clock.now()
    with db.begin() as session:
        request, decision = finishing.hand_back(session, request_id, left, by=me, now=now)
        message = finishing_views.handed_back_message(request, left, me)
        requests.say(session, request, f"handed-back:{decision.id}:{now.isoformat()}", message, now=now)
    ack(response_action="clear")


def _running(db: Database, body: Body, me: str, *modes: Mode) -> tuple[Request, Decision]:
    with db.read() as session:
        return finishing.running(session, responses.row(body), *modes, by=me)


FEATURE = Feature(
    actions={
        decision_views.DECIDE: decide,
        offer_views.FORM: choose,
        checklist_views.BOXES: boxes,
        checklist_views.CHECKLIST: checklist,
        checklist_views.TICK: tick,
        checklist_views.UNTICK: untick,
        decision_views.DONE: done,
        decision_views.CHECK_IN: check_in,
        decision_views.HAND_BACK: hand_back,
    },
    views={
        offer_views.FORM: decided,
        decision_views.DONE: finished,
        decision_views.CHECK_IN: checked_in,
        decision_views.HAND_BACK: handed_back,
    },
)
