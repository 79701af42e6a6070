"""Whether a request has the shape of one of Slack's: what handlers read is there, and is of its kind.

Only somebody with the signing secret could send another, and it gets a plain 400. No handler has to expect a list where
Slack writes a text.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

LONGEST = 255  # of what is no prose: the longest that Slack allows are the ids of blocks and actions, which apps choose
DEEPEST = 60  # Slack nests rich text about twenty levels deep
SSL_CHECK = {"ssl_check": "1"}  # Slack looks at our certificate, and sends nothing else
Check = Callable[[Any], bool]
_UNPAIRED = re.compile("[\ud800-\udfff]")


def is_whole(content_type: str, raw: bytes) -> bool:
    """Whether these bytes can be read, and hold what their kind of payload holds."""
    try:
        body = _read(content_type, raw)
        return body == SSL_CHECK or (_is_clean(body) and _of_its_kind(body))
    except (ValueError, RecursionError):
        return False


def _read(content_type: str, raw: bytes) -> Any:
    """The payload, or a command's fields."""
    text = raw.decode()
    if content_type.startswith("application/json"):
        return json.loads(text)
    fields = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True, errors="strict").items()}
    if "ssl_check" in fields:
        return SSL_CHECK
    return json.loads(fields["payload"]) if "payload" in fields else fields


def _is_clean(value: Any, depth: int = 0) -> bool:
    """No text that no database takes, and no nesting that nobody writes."""
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return "\x00" not in value and (value.isascii() or _UNPAIRED.search(value) is None)
    if isinstance(value, list):
        return all(_is_clean(each, depth + 1) for each in value)
    if isinstance(value, dict):
        return all(_is_clean(each, depth + 1) for pair in value.items() for each in pair)
    return True


def _of_its_kind(body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    if "command" in body:
        return _command(body)
    check = _KINDS.get(body["type"]) if isinstance(body.get("type"), str) else None
    return check is not None and check(body)


# --- what may stand somewhere -----------------------------------------------------------------------------------


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST


def _url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _words(value: Any) -> bool:
    return isinstance(value, str)


def _item(value: Any) -> bool:
    is_message = isinstance(value, dict) and value.get("type") == "message"
    return (_MESSAGE_ITEM if is_message else _OTHER_ITEM)(value)


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _all(check: Check, least: int = 0) -> Check:
    return lambda value: isinstance(value, list) and len(value) >= least and all(check(each) for each in value)


def _each(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(check(each) for each in value.values())


def _object(needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object that has these keys, and of those that it may have only right ones."""
    more = optional or {}

    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(key in value and right(value[key]) for key, right in needed.items())
            and all(right(value[key]) for key, right in more.items() if key in value)
        )

    return check


_NAMED = _object({"id": _text}, {"name": _or_none(_words)})
_TEXT_OBJECT = _object({"type": _text, "text": _words})
_OPTION = _object({"value": _words}, {"text": _TEXT_OBJECT})
_VALUES: Mapping[str, Check] = {
    "value": _or_none(_words),
    "selected_option": _or_none(_OPTION),
    "selected_options": _or_none(_all(_OPTION)),
    "selected_user": _or_none(_text),
    "selected_users": _or_none(_all(_text)),
    "selected_channel": _or_none(_text),
    "selected_channels": _or_none(_all(_text)),
    "selected_conversation": _or_none(_text),
    "selected_conversations": _or_none(_all(_text)),
    "selected_date": _or_none(_text),
    "selected_time": _or_none(_text),
}
_STATE = _object({"values": _each(_each(_object({"type": _text}, _VALUES)))})
_ELEMENT = _object({"type": _text})
_BLOCK = _object(
    {"type": _text, "block_id": _text},
    {"element": _ELEMENT, "accessory": _ELEMENT, "elements": _all(_ELEMENT), "text": _or_none(_TEXT_OBJECT)},
)
_VIEW = _object(
    {
        "id": _text,
        "type": _text,
        "callback_id": _words,
        "private_metadata": _words,
        "blocks": _all(_BLOCK),
        "state": _STATE,
    },
    {"hash": _words, "external_id": _words, "root_view_id": _or_none(_text), "previous_view_id": _or_none(_text)},
)
_FILES = _all(_object({}, {"name": _or_none(_words), "title": _or_none(_words)}))
_ATTACHMENTS = _all(_object({}, {"text": _or_none(_words), "fallback": _or_none(_words)}))
_SAID: Mapping[str, Check] = {
    "text": _or_none(_words),
    "user": _or_none(_words),
    "subtype": _or_none(_words),
    "thread_ts": _or_none(_text),
    "bot_id": _or_none(_words),
    "username": _or_none(_words),
    "files": _or_none(_FILES),
    "attachments": _or_none(_ATTACHMENTS),
    "blocks": _or_none(_all(_ELEMENT)),
    "metadata": _or_none(_object({})),
}
_MESSAGE = _object({"ts": _text}, _SAID)
_PRESSED = _object({"type": _text, "action_id": _text, "block_id": _text}, {key: _VALUES[key] for key in _VALUES})
_CONTAINER = _object({"type": _text}, {"message_ts": _text, "channel_id": _text, "view_id": _text, "thread_ts": _text})
_WHO: Mapping[str, Check] = {"user": _NAMED}
_WHERE: Mapping[str, Check] = {
    "team": _or_none(_NAMED),
    "enterprise": _or_none(_NAMED),
    "channel": _NAMED,
    "message": _MESSAGE,
    "view": _VIEW,
    "container": _CONTAINER,
    "trigger_id": _text,
    "response_url": _url,
    "state": _STATE,
    "response_urls": _all(_object({})),
    "is_enterprise_install": lambda value: value in (None, True, False, "true", "false"),
}
_USER = _object(
    {"id": _text},
    {
        "name": _or_none(_words),
        "real_name": _or_none(_words),
        "tz": _or_none(_words),
        "profile": _object(
            {}, dict.fromkeys(("display_name", "real_name", "status_text", "status_emoji"), _or_none(_words))
        ),
    },
)
_CHANGED: Mapping[str, Check] = {**_SAID, "message": _or_none(_MESSAGE), "previous_message": _or_none(_MESSAGE)}
_MESSAGE_ITEM = _object({"type": _text, "channel": _text, "ts": _text})
_OTHER_ITEM = _object({"type": _text})
_EVENTS: Mapping[str, Check] = {
    "message": _object({"channel": _text, "ts": _text}, _CHANGED),
    "app_mention": _object({"channel": _text, "ts": _text}, _SAID),
    "app_home_opened": _object({"user": _text}, {"tab": _words}),
    "reaction_added": _object({"user": _text, "reaction": _text, "item": _item}),
    "reaction_removed": _object({"user": _text, "reaction": _text, "item": _item}),
    "member_joined_channel": _object({"user": _text, "channel": _text}),
    "member_left_channel": _object({"user": _text, "channel": _text}),
    "channel_archive": _object({"channel": _text}),
    "channel_unarchive": _object({"channel": _text}),
    "channel_left": _object({"channel": _text}),
    "team_join": _object({"user": _USER}),
    "user_change": _object({"user": _USER}),
}


def _event(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    if not isinstance(event, dict) or not _text(event.get("type")) or not _text(body.get("event_id")):
        return False
    authorizations = _all(_object({}, {"user_id": _or_none(_text)}))
    check = _EVENTS.get(event["type"], _object({}))
    return check(event) and _or_none(authorizations)(body.get("authorizations"))


def _pressed(body: Mapping[str, Any]) -> bool:
    in_view = isinstance(body.get("view"), dict)
    from_somewhere = in_view or isinstance(body.get("channel"), dict)
    return from_somewhere and _object({**_WHO, "trigger_id": _text, "actions": _all(_PRESSED, 1)}, _WHERE)(body)


_command = _object(
    {
        "command": _text,
        "user_id": _text,
        "channel_id": _text,
        "text": _words,
        "trigger_id": _text,
        "response_url": _url,
    }
)
_KINDS: Mapping[str, Check] = {
    "event_callback": _event,
    "url_verification": _object({"challenge": _words}),
    "block_actions": _pressed,
    "view_submission": _object({**_WHO, "view": _VIEW}, _WHERE),
    "view_closed": _object({**_WHO, "view": _VIEW}, _WHERE),
    "block_suggestion": _object({**_WHO, "action_id": _text, "block_id": _text, "value": _words}, _WHERE),
    "shortcut": _object({**_WHO, "callback_id": _text, "trigger_id": _text}, _WHERE),
    "message_action": _object(
        {**_WHO, "callback_id": _text, "trigger_id": _text, "channel": _NAMED, "message": _MESSAGE}, _WHERE
    ),
}
