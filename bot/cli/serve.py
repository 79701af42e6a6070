"""A replica's life: start, or say in a sentence why not; then work until it is told to stop."""

import errno
import gc
import logging
import threading
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app import Prickle
from bot.platform import logs
from bot.platform.settings import Settings
from bot.serving import migrate
from bot.serving.manifest import missing_scopes, without_scopes

SILENT = (URLError, ConnectionError, TimeoutError, SlackClientError)  # what a call raises when no answer comes

log = logging.getLogger(__name__)

APP_TOKEN_CALL = "apps.connections.open"  # noqa: S105 - a method's name


class StartError(Exception):
    """The bot can't start. The message says why, and what to do."""


def run(settings: Settings, stopped: threading.Event) -> None:
    """Serve until `stopped` is set. Raises StartError, with one sentence, when there is no way to start."""
    _require_tables(settings)
    prickle = _started(settings)
    gc.enable()
    _tell_scopes(prickle)
    way = "Socket Mode" if settings.slack_app_token else "signed requests"
    log.info("Prickle takes work: %s, HTTP on %s:%s", way, settings.host, prickle.port)
    stopped.wait()
    log.info("Prickle stops: what is in flight is finished first")
    prickle.stop()
    log.info("Prickle has stopped")


def _require_tables(settings: Settings) -> None:
    try:
        migrate.require_current(settings.database_url)
    except migrate.SchemaError as error:
        raise StartError(str(error)) from None


def _started(settings: Settings) -> Prickle:
    try:
        prickle = Prickle(settings)
        with logs.without("slack_sdk", "slack_bolt"):  # they say what is raised here too, and less well
            prickle.start()
    except SlackApiError as error:
        raise StartError(refused(error)) from None
    except SILENT as error:
        raise StartError(silent(settings, error)) from None
    except OSError as error:
        raise StartError(_no_address(settings, error)) from None
    return prickle


def _tell_scopes(prickle: Prickle) -> None:
    """Without a scope it would look healthy, and answer half of what people do."""
    missing = missing_scopes(prickle.identity)
    if missing:
        prickle.shortcoming = f"{without_scopes(missing)} `prickle doctor` looks again; then start Prickle anew."
        log.error(prickle.shortcoming)


def refused(error: SlackApiError) -> str:
    """What Slack's refusal of a token means, and what to do."""
    code = error.response.get("error") or error.response.status_code
    if APP_TOKEN_CALL in str(error.response.api_url):
        return f"Slack refused SLACK_APP_TOKEN ({code}). Make one with connections:write under Basic Information."
    return f"Slack refused SLACK_BOT_TOKEN ({code}). Copy it again from OAuth & Permissions."


def silent(settings: Settings, error: Exception) -> str:
    """What it means that no answer comes, and what to do."""
    reason = str(error).rpartition(": ")[2].strip("<>")
    return f"Slack does not answer at {settings.slack_api_url} ({reason}). Check the network, and SLACK_API_URL."


def _no_address(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program. Choose another PORT."
    return f"Can't listen on {where}: {error.strerror or error}. Check HOST and PORT."
