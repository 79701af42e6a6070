"""The bots that are measured, each a process of its own: `python -m benchmarks.bots KIND API_URL DATABASE_URL`."""

import gc
import sys
import time
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from sqlalchemy import select

from bot.app import ANSWER_TIMEOUT_S, build_bolt
from bot.domain.sprints import overviews
from bot.platform import clock, logs
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.platform.slack import slack_client
from bot.serving.web import Web
from bot.views.sprints.sprints import overview_view
from models.teams import Membership

TOKEN = "xoxb-sandbox-bot"  # noqa: S105  (the sandbox's, which everybody knows)
SECRET = "sandbox-signing-secret"  # noqa: S105


def prickle(api_url: str, db: Database) -> App:
    """The bot itself."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=TOKEN,  # type: ignore[arg-type]
        slack_signing_secret=SECRET,  # type: ignore[arg-type]
        slack_api_url=api_url,
    )
    client = slack_client(settings, timeout_s=ANSWER_TIMEOUT_S)
    return build_bolt(settings, db, client.auth_test(), client)


def static_view(db: Database) -> dict[str, Any]:
    """What `/sprint` shows one person, drawn once: as large as the real one, so that it costs Slack as much."""
    with db.read() as session:
        person = session.scalars(select(Membership.person_id)).first() or ""
        shown = overviews.for_person(session, person, now=clock.now())
    if shown is None:
        raise LookupError("there is nobody in a team")
    return overview_view(shown)


def bare(api_url: str, db: Database, *, process_before_response: bool) -> App:
    """A Bolt app with one command, which opens a modal that never changes."""
    view = static_view(db)
    app = App(
        client=WebClient(token=TOKEN, base_url=api_url),
        signing_secret=SECRET,
        process_before_response=process_before_response,
    )

    @app.command("/sprint")
    def open_static(ack: Ack, body: dict[str, str], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    return app


def main(kind: str, api_url: str, database_url: str) -> None:
    """Serve until the process is ended; the port is printed first."""
    logs.configure("ERROR", "human")
    db = Database(database_url)
    apps = {
        "prickle": lambda: prickle(api_url, db),
        "bare": lambda: bare(api_url, db, process_before_response=True),
        "default": lambda: bare(api_url, db, process_before_response=False),
    }
    web = Web(apps[kind](), db, host="127.0.0.1", port=0)
    web.start()
    if kind == "prickle":
        gc.collect()
        gc.freeze()  # as the bot itself does when it has started
    sys.stdout.write(f"{web.port}\n")
    sys.stdout.flush()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
