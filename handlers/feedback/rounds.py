"""`/give-feedback team`: a 360 in which everybody of a team writes to everybody."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import people
from bot.domain.company.parts import Part
from bot.domain.feedback import endings, rounds, sealing
from bot.domain.home.menu import Who
from bot.domain.teams import teams, worktimes
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.feedback import rounds as round_views
from handlers import responses
from handlers.commands import GIVE_FEEDBACK
from handlers.features import Entry, Feature
from handlers.responses import Body, View


def show(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wrote `/give-feedback team`: the round that runs, or the form to start one."""
    sealing.require_on(vault)
    now = clock.now()
    with db.read() as session:
        team = teams.mine(session, me)
        running = rounds.running(session, team.id)
        if running is not None:
            view = round_views.window(rounds.standing(session, running.id, by=me, now=now))
        else:
            zone = worktimes.for_person(session, people.known(session, me)).zone
            view = round_views.start_form(team, rounds.usual_day(session, team, now=now), zone, me)
    responses.open_view(client, body, view)
    ack()


def started(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted until when a round runs."""
    now = clock.now()
    with db.begin() as session:
        new = rounds.start(session, vault, round_views.read_start(body["view"]), by=me, now=now)
        standing = rounds.standing(session, new.id, by=me, now=now)
    ack(response_action="update", view=round_views.window(standing))


def stop(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The person who started a round stopped it: each message about it says so."""
    round_id = responses.row(body)
    with db.begin() as session:
        endings.stop(session, round_id, by=me, now=clock.now())
    if body.get("view"):
        responses.replace_view(client, body, _window(db, round_id, me))
    ack()


def open_window(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Write* in the message of a round."""
    responses.open_view(client, body, _window(db, responses.row(body), me))
    ack()


def write(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody chose to whom they write."""
    round_id, person_id = round_views.read_target(responses.value(body))
    with db.read() as session:
        page = rounds.page(session, vault, round_id, person_id, by=me)
    responses.open_view(client, body, round_views.form(page))
    ack()


def agree(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody has seen the same as a teammate."""
    with db.begin() as session:
        page = rounds.agree(session, vault, responses.row(body), by=me, now=clock.now())
    responses.replace_view(client, body, round_views.form(page))
    ack()


def written(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted what they write to a person: the window below shows that it is done."""
    round_id, person_id, words, is_open = round_views.read_form(body["view"])
    with db.begin() as session:
        rounds.write(session, vault, round_id, person_id, words, is_open=is_open, by=me, now=clock.now())
    below = body["view"].get("previous_view_id")
    if below is not None:
        client.views_update(view_id=below, view=_window(db, round_id, me))
    ack()


def _window(db: Database, round_id: int, me: str) -> View:
    with db.read() as session:
        return round_views.window(rounds.standing(session, round_id, by=me, now=clock.now()))


FEATURE = Feature(
    verbs={GIVE_FEEDBACK: {"team": show}},
    actions={
        round_views.OPEN: open_window,
        round_views.WRITE: write,
        round_views.PLUS_ONE: agree,
        round_views.STOP: stop,
    },
    views={round_views.START: started, round_views.WRITE: written},
    entries=[
        Entry(GIVE_FEEDBACK, ["team"], "A 360 in my team", show, Part.FEEDBACK, frozenset({Who.MEMBER})),
    ],
)
