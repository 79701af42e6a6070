"""Small things that one part of the sandbox makes and another uses."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.world.values import Json


@dataclass(frozen=True)
class Request:
    """One thing that Slack tells the app. `payload` is JSON text, frozen at the moment it was true."""

    kind: str
    payload: str
    retry: int = 0
    reason: str = ""

    @property
    def content_type(self) -> str:
        """Events travel as JSON, everything else as a form."""
        return "application/json" if self.kind == "events_api" else "application/x-www-form-urlencoded"

    def body(self) -> bytes:
        """The body of the signed HTTP request."""
        if self.kind == "events_api":
            return self.payload.encode()
        if self.kind == "slash_commands":
            return urlencode(json.loads(self.payload)).encode()
        return urlencode({"payload": self.payload}).encode()

    def envelope(self, envelope_id: str) -> str:
        """The same, wrapped for a Socket Mode connection."""
        head = {
            "envelope_id": envelope_id,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
        }
        if self.kind == "events_api":
            head |= {"retry_attempt": self.retry, "retry_reason": self.reason}
        return f'{json.dumps(head)[:-1]}, "payload": {self.payload}}}'


@dataclass(frozen=True)
class Response:
    """What came back; `trouble` is None when it came in time and with status 200."""

    status: int
    body: str
    trouble: str | None = None

    def json(self) -> Json | None:
        """The body as a JSON object, None when it is empty or something else."""
        try:
            found = json.loads(self.body) if self.body else None
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True)
class Call:
    """One Web API call of the app, as the tests want to know it. `at` is epoch seconds of the workspace's clock."""

    method: str
    args: Json
    at: float
    response_ok: bool
    error: str | None = None


@dataclass
class Trigger:
    """The right to show a view to somebody who has just done something."""

    screen: str
    expires: float
    from_modal: bool
    used: bool = False


@dataclass
class ResponseUrl:
    """Where it leads: a person in a channel, and the message that was acted on, if there was one."""

    user_id: str
    channel_id: str
    expires: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0
