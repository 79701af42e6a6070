"""The bots that are measured, each a process of its own: `python -m benchmarks.bots KIND API_URL DATABASE_URL`."""

import gc
import sys
import threading
from typing import Any

import waitress
from pydantic import SecretStr
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from sqlalchemy import select

from bot import app
from bot.app import ANSWER_TIMEOUT_S
from bot.domain.home import home
from bot.domain.planning import wrapping_up
from bot.domain.sharing import company_sprints
from bot.domain.sharing.company_sprints import PlanFilters
from bot.domain.sprints import overviews
from bot.domain.teams import teams
from bot.platform import clock, logs
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.platform.slack import slack_client
from bot.serving.web import THREADS, Web
from bot.views.home import home as home_views
from bot.views.planning import plans as plan_views
from bot.views.sharing import company_sprints as company_views
from bot.views.sprints.overviews import overview_view
from bot.views.teams import teams as team_views
from handlers import FEATURES, responses
from handlers.features import Feature
from models.teams import Membership

TOKEN = "xoxb-sandbox-bot"  # noqa: S105  (the sandbox's, which everybody knows)
SECRET = "sandbox-signing-secret"  # noqa: S105


def prickle(api_url: str, db: Database) -> App:
    """The bot itself."""
    settings = _settings(api_url)
    client = slack_client(settings, timeout_s=ANSWER_TIMEOUT_S)
    view = static_view(db)
    vars(app)["FEATURES"] = (probe("first_of_all", view), *FEATURES, probe("last_of_all", view))
    return app.build_bolt(settings, db, client.auth_test(), client)


def _settings(api_url: str) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=TOKEN,  # type: ignore[arg-type]
        slack_signing_secret=SECRET,  # type: ignore[arg-type]
        slack_api_url=api_url,
    )


def static_view(db: Database) -> dict[str, Any]:
    """What `/sprint` shows one person, drawn once: as large as the real one, so that it costs Slack as much."""
    with db.read() as session:
        person = session.scalars(select(Membership.person_id)).first() or ""
        shown = overviews.for_person(session, person, now=clock.now())
    if shown is None:
        raise LookupError("there is nobody in a team")
    return overview_view(shown)


def static_home(db: Database) -> dict[str, Any]:
    """One person's Home, drawn once."""
    with db.read() as session:
        person = session.scalars(select(Membership.person_id)).first() or ""
        return home_views.tab(home.for_person(session, person, now=clock.now()))


def static_lists(db: Database) -> dict[str, dict[str, Any]]:
    """The lists of all teams and of their sprints, drawn once, by the words that open them."""
    with db.read() as session:
        all_teams = team_views.list_view(teams.page(session))
        found = company_sprints.read(session, PlanFilters(), viewer="", now=clock.now())
        return {"list": all_teams, "company": company_views.company_view(found)}


def static_form(db: Database) -> dict[str, Any]:
    """One person's form "my plan", drawn once."""
    with db.read() as session:
        seat = session.scalars(select(Membership)).first()
        if seat is None:
            raise LookupError("there is nobody in a team")
        draft = wrapping_up.draft(session, seat.team_id, None, person_id=seat.person_id, now=clock.now())
        return plan_views.form(draft, seat.person_id)


def probe(action_id: str, view: dict[str, Any]) -> Feature:
    """A button that opens a window that never changes: what it takes beside another one is the routing's."""

    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        """Somebody pressed it."""
        responses.open_view(client, body, view)
        ack()

    return Feature(actions={action_id: press})


def bare(api_url: str, db: Database) -> App:
    """A Bolt app that opens, publishes and answers with views that never change."""
    view, tab = static_view(db), static_home(db)
    opened = {"plan": static_form(db), **static_lists(db)}
    bolt = App(
        client=slack_client(_settings(api_url), timeout_s=ANSWER_TIMEOUT_S),
        signing_secret=SECRET,
        process_before_response=True,
    )

    @bolt.command("/sprint")
    @bolt.command("/small-team")
    def open_static(ack: Ack, body: dict[str, str], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=opened.get(body["text"], view))
        ack()

    @bolt.action("first_of_all")
    @bolt.action("last_of_all")
    def open_pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @bolt.event("app_home_opened")
    def publish_static(ack: Ack, event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=tab)
        ack()

    @bolt.view(plan_views.MINE)
    def take(ack: Ack) -> None:
        ack(response_action="update", view=view)

    return bolt


def main(kind: str, api_url: str, database_url: str) -> None:
    """Serve until the process is ended; the port is printed first."""
    logs.configure("ERROR", "human")
    db = Database(database_url)
    if kind == "bare":
        # As Bolt's own documentation serves an app, behind the same server with as many threads.
        server = waitress.create_server(
            SlackRequestHandler(bare(api_url, db)), host="127.0.0.1", port=0, threads=THREADS
        )
        _say(server.effective_port)
        server.run()
        return
    web = Web(prickle(api_url, db), db, host="127.0.0.1", port=0, secret=SecretStr(SECRET))
    web.start()
    gc.collect()
    gc.freeze()  # as the bot itself does when it has started
    _say(web.port)
    threading.Event().wait()


def _say(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
