"""By what a thing is known that a person sent, so that it is acted on once."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.domain.outbox.submissions import Sent

CONTENT_LENGTH = 4  # of a hash: it tells two texts apart, and nobody can try out on it what somebody wrote


def sent(body: Mapping[str, Any]) -> Sent | None:
    """The key of a command, a press or a form; None for what nobody sent, such as an event, which has a key of its own."""
    view, trigger = body.get("view"), body.get("trigger_id")
    if body.get("type") == "view_submission" and isinstance(view, Mapping):
        # Not the trigger: whoever presses *Submit* again, because the answer was lost, has a new one. The hash changes
        # whenever we show another form in the same window.
        return Sent(_hash("form", view.get("id"), view.get("hash")), _content(view.get("state")))
    if body.get("type") == "event_callback" or not trigger:
        return None
    return Sent(_hash("press", trigger))


def _content(state: object) -> str:
    return _hash(state)[:CONTENT_LENGTH]


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
