"""The answers that a handler may give: at most one Slack call, for the person in front of it."""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

from bot.domain.outbox.posts import Message
from bot.platform import slack
from bot.views.kit import OWN_VERB, SEARCH, keys
from bot.views.routes import ENTRY
from bot.views.teams.channels import is_direct, read_channel

Body = dict[str, Any]
View = dict[str, Any]
# What Slack's payloads call conversations whose names it keeps to itself, and how those of several people begin.
_CLOSED_NAMES, _OF_A_GROUP = ("directmessage", "privategroup"), "mpdm-"


def open_view(client: WebClient, body: Body, view: View) -> None:
    """Show a window: on top of the one that is open, or as a first one. The menu and a tab's window make room for it."""
    shown = body.get("view") or {}
    in_a_window = shown.get("type") == "modal"
    submit = shown.get("submit")
    is_form = isinstance(submit, Mapping) and submit.get("text") != SEARCH
    if in_a_window and _is_an_entry(body) and not is_form:
        client.views_update(view_id=shown["id"], view=view)
    elif in_a_window:
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def _is_an_entry(body: Body) -> bool:
    pressed: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
    return str(pressed.get("action_id", "")).startswith(f"{ENTRY}_")


def replace_view(client: WebClient, body: Body, view: View) -> None:
    """Show something else in the window that the press came from. A press outside of a window opens one."""
    shown = body.get("view") or {}
    if shown.get("type") == "modal":
        # Without the view's hash: of two quick presses the later one shows what both did, and must not be refused.
        client.views_update(view_id=shown["id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def back_to(client: WebClient, body: Body, view: View) -> dict[str, Any]:
    """How to acknowledge a form that closes: what it changed is in the window below it, or without one in its own place."""
    below = body["view"].get("previous_view_id")
    if below is None:
        return {"response_action": "update", "view": view}
    client.views_update(view_id=below, view=view)
    return {}


def replace_message(body: Body, message: Message) -> bool:
    """Show something else in the message that the press came from. False when Slack did not take it in time."""
    url = body.get("response_url")
    return url is not None and slack.replace_message(
        url, message.text, message.blocks, (body.get("message") or {}).get("metadata")
    )


def is_open(client: WebClient, channel_id: str) -> bool:
    """Whether everybody of the company may read this conversation, and nobody else: words are taken only from there."""
    found = None if is_direct(channel_id) else slack.find_channel(client, channel_id)
    return found is not None and read_channel(found).is_open


def may_be_open(body: Body) -> bool:
    """Whether a message's menu was opened where everybody may read, as far as its payload says: it costs no call.

    It does not say whether the channel is shared with another company: `is_open` does, when the form is sent.
    """
    channel = body["channel"]
    name = channel.get("name") or ""
    return not (is_direct(channel["id"]) or name in _CLOSED_NAMES or name.startswith(_OF_A_GROUP))


def is_home(body: Body) -> bool:
    """Whether the press came from the Home tab."""
    return bool((body.get("view") or {}).get("type") == "home")


def is_on_screen(body: Body) -> bool:
    """Whether the press came from a message or from Home, which show at once what becomes of it."""
    return is_home(body) or pressed_ts(body) is not None


def pressed_ts(body: Body) -> str | None:
    """The message that the press came from; None for a press in a window or on Home."""
    return (body.get("container") or {}).get("message_ts")


def is_whispered(body: Body) -> bool:
    """Whether the press came from a message that only this person sees."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


def row(body: Body) -> int:
    """The number of the row that the pressed button or menu entry stands for. Raises Outdated where it carries none."""
    return keys.number(value(body))


def value(body: Body) -> str:
    """The row that the pressed button or menu entry stands for."""
    action = body["actions"][0]
    return str(action.get("value") or (action.get("selected_option") or {}).get("value") or "").rpartition(OWN_VERB)[2]
