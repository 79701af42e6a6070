"""The one place where a "no" and a failure become words for the person in front of it."""

import json
import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.platform import slack
from bot.platform.database import outage
from bot.platform.errors import Busy, Outdated, Refusal, Repeated
from bot.views import kit
from handlers import responses
from handlers.commands import COMMANDS
from handlers.responses import Body, View

REFUSED = "Nothing changed"  # above a "no" in words, which is nobody's fault
FAILED = "That did not work"
TITLES = (REFUSED, FAILED)
SLOW = "Slack was slow. Press again."
SLOW_COMMAND = "Slack was slow. Try again."
SLOW_SHORTCUT = "Slack was slow. Choose it again."
AWAY = "Prickle can't reach its database at the moment, and changed nothing. Try again in a minute."
TOO_MANY = "Many people are writing at this moment, and yours did not get through. Try again in a moment."
AGAIN = "This has arrived already, and nothing was done twice."
# What an event was about is gone, or nobody Slack knows, or in a conversation that Prickle may not read.
UNREADABLE = {
    "invalid_arguments",
    "message_not_found",
    "thread_not_found",
    "channel_not_found",
    "not_in_channel",
    "missing_scope",
}
CLOSED_MEANWHILE = {"not_found", "view_not_found"}
TOO_LATE = {
    "expired_trigger_id",
    "exchanged_trigger_id",
    "invalid_trigger_id",
    "trigger_expired",
    "trigger_exchanged",
}
THREE_WINDOWS = "Slack shows no more than three windows at a time. Close one, and press again."
ABOVE_HOME = "not_opened"
SILENT = (URLError, ConnectionError, TimeoutError)  # what a call of Slack raises when no answer comes

Say = Callable[[str, str, Body, WebClient], None]

log = logging.getLogger(__name__)


def answer(error: Exception, body: Body, client: WebClient) -> BoltResponse:
    """Something raised. Say it under the right field, in a window or in the channel; nothing that was typed is lost.

    It raises nothing itself, whatever it is given: after it there is nobody who could still say something.
    """
    try:
        return _answer(error, body, client)
    except Exception as second:
        log.error("nobody could be told of an error", exc_info=second)
        return BoltResponse(status=500 if _is_event(body) else 200)


def _answer(error: Exception, body: Body, client: WebClient) -> BoltResponse:
    what = str(body.get("type") or "command")
    if isinstance(error, Repeated):
        log.info("a %s arrived again, and nothing was done twice", what)
        return _tell_again(body)
    if isinstance(error, BoltUnhandledRequestError):
        log.info("nothing listens to a payload of the kind %s", what)
        return BoltResponse(status=200)
    if _is_event(body):
        return _settle_event(error)
    if isinstance(error, Refusal):
        if isinstance(error, Outdated):
            log.warning("a %s carries what this version does not read", what)
        return _tell(error.message, error.field, body, client, title=REFUSED)
    if _code(error) in CLOSED_MEANWHILE:
        return BoltResponse(status=200)  # what was decided is kept; there is only nobody left to look at it
    if _code(error) == "push_limit_reached":
        return _tell(THREE_WINDOWS, None, body, client, title=REFUSED)
    if _is_slow(error):
        log.warning("Slack was slow: %s", _code(error) or type(error).__name__)
        # Of the three seconds two are over: whoever pressed reads it in a moment, and the press is acknowledged now.
        return _tell(_slow(body), None, body, client, later=True)
    if isinstance(error, Busy):
        log.warning("a %s found no room in the database", what)
        return _tell(TOO_MANY, None, body, client)
    if outage(error) is not None:
        log.error("a %s failed", what, exc_info=error)
        return _tell(AWAY, None, body, client)
    return _tell(_with_reference(error, what), None, body, client)


def _settle_event(error: Exception) -> BoltResponse:
    """Nobody waits for its answer but Slack, which sends again what is not acknowledged."""
    if isinstance(error, Refusal) or (_code(error) in UNREADABLE | CLOSED_MEANWHILE and not _is_drawn_wrong(error)):
        log.info("an event was not acted on: %s", _code(error) or type(error).__name__)
        return BoltResponse(status=200)
    if isinstance(error, Busy):
        log.warning("an event found no room in the database")
    elif outage(error) is not None or _is_slow(error):
        log.error("an event failed", exc_info=error)
    else:
        _with_reference(error, "event")
    return BoltResponse(status=500)


def _with_reference(error: Exception, what: str) -> str:
    reference = secrets.token_hex(4)
    log.error("reference %s: %s failed", reference, what, exc_info=error, extra={"always": True})
    return f"Something went wrong, and it is not your fault. Give the people who run Prickle the reference {reference}."


def _is_event(body: object) -> bool:
    return isinstance(body, dict) and body.get("type") == "event_callback"


def _is_drawn_wrong(error: Exception) -> bool:
    """Whether Slack refused a view because of how we built it. That is our fault, so it is logged as an error."""
    if not isinstance(error, SlackApiError):
        return False
    said = (error.response.get("response_metadata") or {}).get("messages") or []
    return slack.code(error) == "invalid_arguments" and any("/view/" in str(each) for each in said)


def _code(error: Exception) -> str | None:
    return slack.code(error) if isinstance(error, SlackApiError) else None


def _is_slow(error: Exception) -> bool:
    """Whether the same thing may well work in a moment: Slack did not answer in time, or we did not."""
    if isinstance(error, SlackApiError):
        return slack.is_too_fast(error) or slack.is_unknown(error) or slack.code(error) in TOO_LATE
    return isinstance(error, SILENT)


def _slow(body: Body) -> str:
    if "command" in body:
        return SLOW_COMMAND
    return SLOW_SHORTCUT if body.get("type") in ("shortcut", "message_action") else SLOW


def _tell_again(body: Body) -> BoltResponse:
    """The first answer may have been lost, and with it the receipt."""
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": AGAIN})
    if body.get("type") == "view_submission":
        return _json({"response_action": "update", "view": kit.notice("It has arrived", AGAIN)})
    return BoltResponse(status=200)


def _tell(
    words: str, field: str | None, body: Body, client: WebClient, *, title: str = FAILED, later: bool = False
) -> BoltResponse:
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": "\n".join([kit.escape(words), *_typed(body)])})
    if body.get("type") == "view_submission":
        return _json(_under_a_field(words, field, body.get("view") or {}, title))
    if body.get("type") == "block_suggestion":
        return _json({"options": []})
    if later:
        _soon(_open_notice, title, words, body, client)
    else:
        _try(_open_notice, title, words, body, client)
    return BoltResponse(status=200)


def _typed(body: Body) -> list[str]:
    """The words typed after a command that takes sentences. Slack does not keep them, so they are shown again to copy."""
    text = str(body.get("text") or "").strip()
    takes_text = any(each.takes_text for each in COMMANDS if each.name == body["command"])
    return [f"You typed: {kit.escape(kit.unescape(text))}"] if takes_text and len(text.split()) > 1 else []


def _under_a_field(words: str, field: str | None, view: dict[str, Any], title: str) -> dict[str, Any]:
    inputs = [block["block_id"] for block in view.get("blocks") or [] if block["type"] == "input"]
    if not inputs:
        return {"response_action": "push", "view": _notice(title, words)}
    return {"response_action": "errors", "errors": {_nearest(field, inputs): _without_markup(words)}}


def _nearest(field: str | None, inputs: list[str]) -> str:
    """The input that the words are about; for one that is not in sight, the one about the same row."""
    if field in inputs:
        return str(field)
    row = (field or "").rpartition("_")[2]
    same_row = [each for each in inputs if row.isdecimal() and each.endswith(f"_{row}")]
    return (same_row or inputs)[0]


def _without_markup(words: str) -> str:
    # Slack shows the words under a field as they are.
    return words.replace("`", "").replace("*", "")


def _soon(say: Say, title: str, words: str, body: Body, client: WebClient) -> None:
    threading.Thread(target=_try, args=[say, title, words, body, client], daemon=True).start()


def _try(say: Say, title: str, words: str, body: Body, client: WebClient) -> None:
    try:
        say(title, words, body, client)
    except Exception as error:
        log.warning("a sentence could not be shown to anybody: %s", _code(error) or type(error).__name__)


def _open_notice(title: str, words: str, body: Body, client: WebClient) -> None:
    try:
        responses.open_view(client, body, _notice(title, words))
    except SlackApiError:
        _say_elsewhere(title, words, body, client)
    except SILENT:
        _soon(_say_elsewhere, title, words, body, client)  # of the three seconds two are over once more


def _say_elsewhere(title: str, words: str, body: Body, client: WebClient) -> None:
    """The trigger is used up or too old for a window, or three windows are open already.

    A form is left alone: what was typed into it is worth more than the sentence.
    """
    view = body.get("view") or {}
    if view.get("type") == "modal":
        if not any(block["type"] == "input" for block in view["blocks"]):
            client.views_update(view_id=view["id"], view=_notice(title, words))
    elif view.get("type") == "home":
        client.views_publish(user_id=body["user"]["id"], view=_above_home(view, words))
    elif body.get("response_url"):
        slack.whisper(body["response_url"], kit.escape(words))
    else:
        # A person who used the ⚡ menu has no window, message or Home open that could show an answer.
        mine = {"channel": body["user"]["id"], "text": kit.escape(words)}
        client.chat_postMessage(**mine)  # room: nothing was decided that could be rolled back


def _notice(title: str, words: str) -> View:
    return kit.notice(title, kit.escape(words), keep_below=True)


def _above_home(view: dict[str, Any], words: str) -> dict[str, Any]:
    """Home as it is shown, with a sentence on top. Whoever opens Home the next time sees it without."""
    shown = [block for block in view["blocks"] if block.get("block_id") != ABOVE_HOME]
    sentence = {**kit.section(f"*{kit.escape(words)}*"), "block_id": ABOVE_HOME}
    return {"type": "home", "blocks": [sentence, *shown][: kit.VIEW_BLOCKS]}


def _json(content: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(content), headers={"content-type": "application/json"})
