"""The client of Slack's Web API, with connections that stay open between calls."""

import http.client
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast
from urllib.request import Request

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.platform.settings import Settings

PRESS_TIMEOUT_S = 2  # of the 3 s in which a press has to be acknowledged
ALT_LENGTH = 1_000  # what Slack takes for a file's description; beside the picture in a message it takes 2,000
SLOW_DOWN = {"ratelimited", "rate_limited"}
NOBODY = {"user_not_found", "user_not_visible", "users_not_found"}
UNKNOWN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
LOCKED_OUT = {"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive", "missing_scope"}
UNREADABLE = {"channel_not_found", "missing_scope", "not_in_channel", "thread_not_found", "message_not_found"}
THREAD_GONE = "thread_not_found"
CONNECTIONS = 32  # as many as there are threads that call Slack


class PooledWebClient(WebClient):
    """Slack's own client, but a call does not pay for a new TCP and TLS handshake, of the 3 s that a person's trigger lives.

    It never repeats a call by itself: a lost reply is not a lost message.
    """

    def __init__(self, token: str, base_url: str, timeout_s: int) -> None:
        super().__init__(token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[])
        self._pool = urllib3.ProxyManager(self.proxy) if self.proxy else urllib3.PoolManager()
        self._pool.connection_pool_kw.update(
            maxsize=CONNECTIONS, retries=False, timeout=urllib3.Timeout(total=timeout_s)
        )

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """The one method of the SDK that opens a connection."""
        try:
            answer = self._pool.request("POST", url, body=cast("bytes", req.data), headers=dict(req.headers))
        except urllib3.exceptions.HTTPError as error:
            # What callers know is the error that urllib raises.
            raise ConnectionError(str(error)) from error
        headers = {**answer.headers, **{name.title(): value for name, value in answer.headers.items()}}
        return {"status": answer.status, "headers": headers, "body": answer.data.decode("utf-8")}

    def close(self) -> None:
        """Close the connections that are open."""
        self._pool.clear()


def replace_message(
    response_url: str, text: str, blocks: list[dict[str, Any]], metadata: dict[str, Any] | None
) -> bool:
    """Replace the message that a press came from. False when Slack did not take it within a press's time.

    Unlike `chat.update` this has no limit that a company's busy morning would meet. The metadata is the post's key.
    """
    body = {"replace_original": True, "text": text, "blocks": blocks, **({"metadata": metadata} if metadata else {})}
    try:
        return WebhookClient(response_url, timeout=PRESS_TIMEOUT_S).send_dict(body).status_code == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def whisper(response_url: str, text: str) -> None:
    """Tell something to the person whose press had this address, and nobody else."""
    body = {"text": text, "response_type": "ephemeral", "replace_original": False}
    WebhookClient(response_url, timeout=PRESS_TIMEOUT_S).send_dict(body)


def find_channel(client: WebClient, channel_id: str) -> dict[str, Any] | None:
    """What Slack says of a channel; None when it knows none, or it is private."""
    try:
        return dict(client.conversations_info(channel=channel_id)["channel"])
    except SlackApiError as error:
        if not is_hidden(error):
            raise
        return None


def is_hidden(error: SlackApiError) -> bool:
    """Whether a conversation is private, or there is none. For a public one we have the scope, unless somebody took it."""
    needed = str(error.response.get("needed") or "").split(",")
    return code(error) == "channel_not_found" or (code(error) == "missing_scope" and "channels:read" not in needed)


def find_message(client: WebClient, channel_id: str, ts: str) -> dict[str, Any] | None:
    """What Slack says of a message, or of a reply; None when it is gone, or where we are not."""
    try:
        # Asked for a reply by its own time, Slack has been seen to return it alone, and below its thread's first message.
        asked = client.conversations_replies(channel=channel_id, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=2)
    except SlackApiError as error:
        if code(error) not in UNREADABLE:
            raise
        return None
    return next((dict(each) for each in asked["messages"] if each["ts"] == ts), None)


def find_person(client: WebClient, person_id: str) -> dict[str, Any] | None:
    """What Slack says of an account; None when it knows none of this id, or shows us none."""
    try:
        return dict(client.users_info(user=person_id)["user"])
    except SlackApiError as error:
        if code(error) not in NOBODY:
            raise
        return None


def code(error: SlackApiError) -> str:
    """Slack's word for what went wrong, or the status where there is none."""
    return str(error.response.get("error") or error.response.status_code)


def is_too_fast(error: SlackApiError) -> bool:
    """Whether Slack did nothing of it, and asks to wait."""
    return error.response.status_code == HTTPStatus.TOO_MANY_REQUESTS or code(error) in SLOW_DOWN


def is_unknown(error: SlackApiError) -> bool:
    """Whether Slack may have done it or not."""
    return error.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or code(error) in UNKNOWN


def retry_after(error: SlackApiError) -> timedelta:
    """How long Slack asks to wait; a second when it does not say."""
    seconds = str(error.response.headers.get("Retry-After", ""))
    return timedelta(seconds=int(seconds) if seconds.isdecimal() else 1)


def upload(client: WebClient, name: str, alt: str, content: bytes) -> str:
    """Bring a file to Slack, and return its id. It stands nowhere yet, and nobody sees it until a message shows it.

    Raises SlackApiError for what Slack refuses, and ConnectionError when the bytes did not get through.
    """
    wanted = client.files_getUploadURLExternal(filename=name, length=len(content), alt_txt=alt[:ALT_LENGTH])
    _send_bytes(client, str(wanted["upload_url"]), content)
    client.files_completeUploadExternal(files=[{"id": wanted["file_id"], "title": name}])
    return str(wanted["file_id"])


def _send_bytes(client: WebClient, url: str, content: bytes) -> None:
    manager = urllib3.ProxyManager(client.proxy) if client.proxy else urllib3.PoolManager()
    headers = {"Content-Type": "application/octet-stream"}
    try:
        with manager as pool:
            answer = pool.request("POST", url, body=content, headers=headers, timeout=client.timeout, retries=False)
    except urllib3.exceptions.HTTPError as error:
        raise ConnectionError(str(error)) from error
    if answer.status != HTTPStatus.OK:
        raise ConnectionError(f"Slack answered {answer.status} to the bytes of a file")


def slack_client(settings: Settings, *, timeout_s: int) -> PooledWebClient:
    """A client with the bot's token."""
    return PooledWebClient(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, timeout_s)
