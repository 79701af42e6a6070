"""The one place where a "no" and a failure become words for the person in front of it."""

import json
import secrets
from logging import Logger
from typing import Any

from slack_bolt import BoltResponse, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Refusal
from bot.views import kit
from handlers import answers
from handlers.answers import Body

REFUSED = "That did not work"


def answer(error: Exception, body: Body, client: WebClient, respond: Respond, logger: Logger) -> BoltResponse:
    """Something raised. Say it under the right field, in a window or in the channel; nothing that was typed is lost."""
    if isinstance(error, Refusal):
        return _tell(error.message, error.field, body, client, respond)
    if isinstance(error, SlackApiError) and error.response.get("error") == "hash_conflict":
        return BoltResponse(status=200)  # the person pressed twice, and sees the newer screen
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s failed", reference, body.get("type") or "command", exc_info=error)
    if body.get("type") == "event_callback":
        return BoltResponse(status=500)  # not acknowledged, so Slack sends the event again
    words = f"Something went wrong, and it is not your fault. Tell whoever runs Prickle the reference {reference}."
    return _tell(words, None, body, client, respond)


def _tell(words: str, field: str | None, body: Body, client: WebClient, respond: Respond) -> BoltResponse:
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": words})
    if body.get("type") == "view_submission":
        return _json(_under_a_field(words, field, body["view"]))
    if body.get("type") == "block_suggestion":
        return _json({"options": []})
    _open_notice(words, body, client, respond)
    return BoltResponse(status=200)


def _under_a_field(words: str, field: str | None, view: dict[str, Any]) -> dict[str, Any]:
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not inputs:
        return {"response_action": "push", "view": kit.notice(REFUSED, words, keep_below=True)}
    return {"response_action": "errors", "errors": {field if field in inputs else inputs[0]: _without_markup(words)}}


def _without_markup(words: str) -> str:
    # Slack shows the words under a field as they are.
    return words.replace("`", "").replace("*", "")


def _open_notice(words: str, body: Body, client: WebClient, respond: Respond) -> None:
    try:
        answers.open_view(client, body, kit.notice(REFUSED, kit.escape(words), keep_below=True))
    except SlackApiError:
        # The trigger is used up or too old for a window.
        if body.get("response_url"):
            respond(text=words, response_type="ephemeral", replace_original=False)


def _json(content: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(content), headers={"content-type": "application/json"})
