"""`/give-feedback team`: a 360 in which everybody of a team writes to everybody."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import clock
from bot.crypto import Vault
from bot.database import Database
from bot.domain import feedback_rounds, sealing, teams
from bot.views import feedback_rounds as round_views
from handlers import answers
from handlers.answers import Body, View
from handlers.commands import GIVE_FEEDBACK
from handlers.surface import Feature


def show(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wrote `/give-feedback team`: the round that runs, or the form to start one."""
    sealing.require_on(vault)
    now = clock.now()
    with db.read() as session:
        team = teams.mine(session, me)
        running = feedback_rounds.running(session, team.id)
        if running is not None:
            view = round_views.window(feedback_rounds.standing(session, running.id, by=me, now=now))
        else:
            view = round_views.start_form(team, feedback_rounds.usual_day(session, team, now=now))
    answers.open_view(client, body, view)
    ack()


def started(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted until when a round runs."""
    now = clock.now()
    with db.begin() as session:
        new = feedback_rounds.start(session, vault, round_views.read_start(body["view"]), by=me, now=now)
        standing = feedback_rounds.standing(session, new.id, by=me, now=now)
    ack(response_action="update", view=round_views.window(standing))


def open_window(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Write* in the message of a round."""
    answers.open_view(client, body, _window(db, int(answers.value(body)), me))
    ack()


def write(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody chose to whom they write."""
    round_id, person_id = round_views.read_target(answers.value(body))
    with db.read() as session:
        page = feedback_rounds.page(session, vault, round_id, person_id, by=me)
    answers.open_view(client, body, round_views.form(page))
    ack()


def agree(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody has seen the same as a teammate."""
    with db.begin() as session:
        page = feedback_rounds.agree(session, vault, int(answers.value(body)), by=me, now=clock.now())
    answers.replace_view(client, body, round_views.form(page))
    ack()


def written(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted what they write to a person: the window below shows that it is done."""
    round_id, person_id, words, is_open = round_views.read_form(body["view"])
    with db.begin() as session:
        feedback_rounds.write(session, vault, round_id, person_id, words, is_open=is_open, by=me, now=clock.now())
    below = body["view"].get("previous_view_id")
    if below is not None:
        client.views_update(view_id=below, view=_window(db, round_id, me))
    ack()


def _window(db: Database, round_id: int, me: str) -> View:
    with db.read() as session:
        return round_views.window(feedback_rounds.standing(session, round_id, by=me, now=clock.now()))


FEATURE = Feature(
    verbs={GIVE_FEEDBACK: {"team": show}},
    actions={round_views.OPEN: open_window, round_views.WRITE: write, round_views.PLUS_ONE: agree},
    views={round_views.START: started, round_views.WRITE: written},
)
