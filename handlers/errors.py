"""The one place where a "no" and a failure become words for the person in front of it."""

import json
import secrets
from logging import Logger
from typing import Any

from slack_bolt import BoltResponse, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.platform.errors import Outdated, Refusal
from bot.views import kit
from handlers import responses
from handlers.responses import Body

REFUSED = "That did not work"
# A message that an event was about: gone by now, or in a conversation that Prickle may not read.
UNREADABLE = {"message_not_found", "thread_not_found", "channel_not_found", "not_in_channel", "missing_scope"}
CLOSED_MEANWHILE = {"not_found", "view_not_found"}


def answer(error: Exception, body: Body, client: WebClient, respond: Respond, logger: Logger) -> BoltResponse:
    """Something raised. Say it under the right field, in a window or in the channel; nothing that was typed is lost."""
    is_event = body.get("type") == "event_callback"
    if isinstance(error, Refusal):
        if is_event:
            logger.info("an event was not acted on: %s", type(error).__name__)
            return BoltResponse(status=200)
        if isinstance(error, Outdated):
            logger.warning("%s carries what this version does not read", body.get("type") or "command")
        return _tell(error.message, error.field, body, client, respond)
    if isinstance(error, SlackApiError) and error.response.get("error") in CLOSED_MEANWHILE:
        return BoltResponse(status=200)  # what was decided is kept; there is only nobody left to look at it
    if is_event and isinstance(error, SlackApiError) and error.response.get("error") in UNREADABLE:
        logger.info("an event was not acted on: %s", error.response["error"])
        return BoltResponse(status=200)
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s failed", reference, body.get("type") or "command", exc_info=error)
    if is_event:
        return BoltResponse(status=500)  # not acknowledged, so Slack sends the event again
    words = f"Something went wrong, and it is not your fault. Tell whoever runs Prickle the reference {reference}."
    return _tell(words, None, body, client, respond)


def _tell(words: str, field: str | None, body: Body, client: WebClient, respond: Respond) -> BoltResponse:
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": kit.escape(words)})
    if body.get("type") == "view_submission":
        return _json(_under_a_field(words, field, body["view"]))
    if body.get("type") == "block_suggestion":
        return _json({"options": []})
    _open_notice(words, body, client, respond)
    return BoltResponse(status=200)


def _under_a_field(words: str, field: str | None, view: dict[str, Any]) -> dict[str, Any]:
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not inputs:
        return {"response_action": "push", "view": kit.notice(REFUSED, kit.escape(words), keep_below=True)}
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


def _open_notice(words: str, body: Body, client: WebClient, respond: Respond) -> None:
    notice = kit.notice(REFUSED, kit.escape(words), keep_below=True)
    try:
        responses.open_view(client, body, notice)
    except SlackApiError:
        # The trigger is used up or too old for a window, or three windows are open already. A form is left alone:
        # what was typed into it is worth more than the sentence.
        view = body.get("view") or {}
        if view.get("type") == "modal" and not any(block["type"] == "input" for block in view["blocks"]):
            client.views_update(view_id=body["view"]["id"], view=notice)
        elif body.get("response_url"):
            respond(text=kit.escape(words), response_type="ephemeral", replace_original=False)


def _json(content: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(content), headers={"content-type": "application/json"})
