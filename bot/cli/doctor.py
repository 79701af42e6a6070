"""An examination of this deployment: what is right, what is not, and what to do about it."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import DBAPIError

from bot.app import ANSWER_TIMEOUT_S
from bot.cli import serve
from bot.domain.company import company
from bot.domain.feedback import sealing
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from bot.platform import settings
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.platform.settings import Settings, SettingsError
from bot.platform.slack import slack_client
from bot.serving import migrate
from bot.serving.manifest import missing_scopes, without_scopes
from bot.views.teams.channels import read_channel

# What was to be done for the row whose number or name follows.
WORDS: dict[str, str] = {
    What.EVENT: "acting on Slack's event",
    What.PROFILE: "keeping the account",
    What.STATUS: "reading the Slack status of",
    What.ASKING: "asking the people of team",
    What.CLOSING: "closing sprint",
    What.RETRO_OPENING: "opening the retro of sprint",
    What.GATHERING: "ending the turn to sprint",
    What.REVEAL: "revealing retro",
    What.RETRO_CLOSING: "closing retro",
    What.AWAY: "noticing who goes away or is back:",
    What.PAUSE: "ending the pause of team",
    What.FOLLOWER: "telling a follower of teams:",
    What.DECIDED: "bringing back request",
    What.NUDGE: "reminding of request",
    What.ROTA: "giving out the hero weeks of team",
    What.DESK: "giving out the weeks of desk",
    What.DESK_PEOPLE: "reading who is at desk",
    What.DIGEST: "planning the digest of the week of",
    What.ROUND: "delivering feedback round",
    What.FEEDBACK: "telling the giver of feedback",
    What.FEEDBACK_RHYTHM: "asking once a week for feedback:",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in words that say what to do if it is not `ok`, or to switch on what `is_off`."""

    ok: bool
    words: str
    is_off: bool = False


def examine() -> Iterator[Finding]:
    """Look at everything that can be looked at; what depends on something broken is left out."""
    try:
        chosen = settings.load()
    except SettingsError as error:
        yield from (Finding(False, line) for line in str(error).splitlines())
        return
    yield Finding(True, "The settings are complete.")
    db = Database(chosen.database_url)
    try:
        has_tables = yield from _database(db, chosen.database_url)
        granted = yield from _bot_token(chosen)
        yield from _app_token(chosen)
        yield from _feedback(db if has_tables else None, Vault(chosen.vault_keys))
        yield _calendars(chosen)
        if has_tables:
            yield from _set_aside(db)
            yield from _company(db, slack_client(chosen, timeout_s=ANSWER_TIMEOUT_S) if granted else None)
    finally:
        db.dispose()


def _database(db: Database, url: str) -> Generator[Finding, None, bool]:
    try:
        wrong = migrate.shortcoming(db)
    except DBAPIError as error:
        yield Finding(False, migrate.trouble(url, error))
        return False
    if db.is_new():
        yield Finding(True, f"The database will be {_where(db)}.")
    else:
        yield Finding(True, f"The database answers: {_where(db)}.")
    yield Finding(wrong is None, wrong or "Its tables are this version's.")
    return wrong is None


def _where(db: Database) -> str:
    """Which database is meant: of SQLite the file, whole, for a relative one is another in another folder."""
    url = db.engine.url
    return f"{Path(url.database or '').absolute()}" if url.get_backend_name() == "sqlite" else url.render_as_string()


def _bot_token(chosen: Settings) -> Generator[Finding, None, bool]:
    try:
        answer = slack_client(chosen, timeout_s=ANSWER_TIMEOUT_S).auth_test()
    except SlackApiError as error:
        yield Finding(False, serve.refused(error))
        return False
    except serve.SILENT as error:
        yield Finding(False, serve.silent(chosen, error))
        return False
    yield Finding(True, f"SLACK_BOT_TOKEN is good: {answer['user']} in the workspace {answer['team']}.")
    yield _scopes(answer)
    return True


def _scopes(answer: SlackResponse) -> Finding:
    missing = missing_scopes(answer)
    return Finding(not missing, without_scopes(missing) if missing else "The app has every scope that it needs.")


def _app_token(chosen: Settings) -> Iterator[Finding]:
    token = chosen.slack_app_token
    if token is None:
        yield Finding(True, "SLACK_APP_TOKEN is not set: requests come over HTTP, with SLACK_SIGNING_SECRET.")
        return
    try:
        slack_client(chosen, timeout_s=ANSWER_TIMEOUT_S).apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        yield Finding(False, serve.refused(error))
    except serve.SILENT:
        pass  # said of the bot's token already
    else:
        yield Finding(True, "SLACK_APP_TOKEN is good: payloads come over Socket Mode.")


def _feedback(db: Database | None, vault: Vault) -> Iterator[Finding]:
    if db is not None:
        with db.read() as session:
            shut, old = sealing.is_shut(session, vault), sealing.old_ones(session)
        if shut:
            words = "There is feedback that no key in FEEDBACK_KEYS opens. Add the key that it was written with."
            yield Finding(False, words)
            return
        if old:
            words = f"An earlier version encrypted {old} of the texts of feedback: run `prickle rotate-feedback`, once."
            yield Finding(False, words)
    if vault.is_closed:
        words = "FEEDBACK_KEYS is not set: feedback is switched off. `prickle feedback-key` makes a key."
        yield Finding(True, words, is_off=True)
        return
    yield Finding(True, "FEEDBACK_KEYS is good: feedback is switched on, and encrypted.")


def _calendars(chosen: Settings) -> Finding:
    if chosen.public_url is None:
        return Finding(True, "PUBLIC_URL is not set: calendars to subscribe to are switched off.", is_off=True)
    return Finding(True, f"PUBLIC_URL is set: calendars are at {chosen.public_url}/calendar/, if it leads here.")


def _set_aside(db: Database) -> Iterator[Finding]:
    with db.read() as session:
        asides, undrawn = set_asides.all_of_them(session), set_asides.undrawn(session)
    for aside in asides:
        yield Finding(
            False,
            f"Set aside since {aside.since:%Y-%m-%d %H:%M} UTC: {WORDS[aside.what]} {aside.subject} ({aside.why}). The rest "
            "runs. It is tried again once a day and at each start; the log has more.",
        )
    for key in undrawn:
        yield Finding(False, f"The message {key} could not be drawn and is not posted. The log says why.")
    if not asides and not undrawn:
        yield Finding(True, "Nothing is set aside.")


def _company(db: Database, client: WebClient | None) -> Iterator[Finding]:
    with db.read() as session:
        settings = company.current(session)
    channel_id, intake_id = settings.sprint_channel_id, settings.intake_channel_id
    if channel_id is None:
        yield Finding(False, "The company is not set up. A Slack admin types `/prickle setup`.")
        return
    yield Finding(True, "The company is set up.")
    if client is not None:
        yield _channel(client, channel_id, "sprint")
        if intake_id is not None:
            yield _channel(client, intake_id, "intake")


def _channel(client: WebClient, channel_id: str, what: str) -> Finding:
    again = "An admin chooses another one with `/prickle setup`."
    try:
        channel = client.conversations_info(channel=channel_id)["channel"]
    except SlackApiError as error:
        code = error.response.get("error")
        return Finding(
            False, f"The {what} channel {channel_id} is gone or private, or can't be reached ({code}). {again}"
        )
    except serve.SILENT:
        return Finding(False, f"Slack did not say whether the {what} channel {channel_id} is there. Try again.")
    if channel.get("is_archived"):
        return Finding(False, f"The {what} channel #{channel['name']} is archived. {again}")
    if read_channel(channel).is_shared:
        return Finding(False, f"The {what} channel #{channel['name']} is shared with another company. {again}")
    if channel.get("is_private"):
        return Finding(False, f"The {what} channel #{channel['name']} is private, and is for everybody. {again}")
    return Finding(True, f"The {what} channel #{channel['name']} can be reached.")
