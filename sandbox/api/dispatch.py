"""All methods by name, and what stands before each: token, scope, faults, limits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.api import chat, connections, conversations, files, limits, lookup, pins, reactions, users, views
from sandbox.api.args import Args
from sandbox.world import statuses
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.faults import Fault
from sandbox.world.handed_back import handed_back
from sandbox.world.values import Json

Method = Callable[[Core, Args], Json]


@dataclass(frozen=True)
class Endpoint:
    """A method with the scopes of which the app needs one, and the kind of token it takes."""

    run: Method
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind, not a secret


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP. `hang_up` means: close the connection without a word."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hang_up: bool = False


METHODS: dict[str, Endpoint] = {
    "auth.test": Endpoint(users.auth_test, token="any"),  # noqa: S106
    "team.info": Endpoint(users.team_info, ("team:read",)),
    "users.info": Endpoint(users.info, ("users:read",)),
    "users.list": Endpoint(users.list_, ("users:read",)),
    "users.profile.get": Endpoint(users.profile_get, ("users.profile:read",)),
    "users.lookupByEmail": Endpoint(users.lookup_by_email, ("users:read.email",)),
    "users.conversations": Endpoint(
        conversations.users_conversations, ("channels:read", "groups:read", "im:read", "mpim:read")
    ),
    "bots.info": Endpoint(users.bots_info, ("users:read",)),
    "usergroups.list": Endpoint(users.usergroups_list, ("usergroups:read",)),
    "usergroups.users.list": Endpoint(users.usergroups_users_list, ("usergroups:read",)),
    "conversations.info": Endpoint(conversations.info, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "conversations.list": Endpoint(conversations.list_, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "conversations.members": Endpoint(conversations.members, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "conversations.join": Endpoint(conversations.join, ("channels:join",)),
    "conversations.leave": Endpoint(conversations.leave, ("channels:manage", "groups:write")),
    "conversations.setTopic": Endpoint(
        conversations.set_topic, ("channels:manage", "channels:write.topic", "groups:write")
    ),
    "conversations.open": Endpoint(conversations.open_, ("im:write", "mpim:write")),
    "conversations.history": Endpoint(
        conversations.history, ("channels:history", "groups:history", "im:history", "mpim:history")
    ),
    "conversations.replies": Endpoint(
        conversations.replies, ("channels:history", "groups:history", "im:history", "mpim:history")
    ),
    "chat.postMessage": Endpoint(chat.post_message, ("chat:write",)),
    "chat.update": Endpoint(chat.update, ("chat:write",)),
    "chat.delete": Endpoint(chat.delete, ("chat:write",)),
    "chat.postEphemeral": Endpoint(chat.post_ephemeral, ("chat:write",)),
    "chat.getPermalink": Endpoint(chat.get_permalink),
    "views.open": Endpoint(views.open_),
    "views.push": Endpoint(views.push),
    "views.update": Endpoint(views.update),
    "views.publish": Endpoint(views.publish),
    "reactions.add": Endpoint(reactions.reactions_add, ("reactions:write",)),
    "reactions.remove": Endpoint(reactions.reactions_remove, ("reactions:write",)),
    "pins.add": Endpoint(pins.pins_add, ("pins:write",)),
    "pins.remove": Endpoint(pins.pins_remove, ("pins:write",)),
    "files.getUploadURLExternal": Endpoint(files.get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Endpoint(files.complete_upload, ("files:write",)),
    "files.info": Endpoint(files.info, ("files:read",)),
    "apps.connections.open": Endpoint(connections.open_, token="app"),  # noqa: S106
}


def answer(ws: Core, method: str, raw: Json, token: str | None) -> Answer:
    """Answer one Web API call. Raises nothing: what Slack refuses is in the body."""
    args = {key: value for key, value in raw.items() if key != "token"}
    with ws.lock:
        fault = ws.faults.draw(method, args)
        if fault is not None and fault.kind in _INSTEAD:
            return _INSTEAD[fault.kind](ws, method, args, fault)
        statuses.end_the_old(ws)
        wait = limits.too_fast(ws, method, args)
        if wait:
            return _limited(ws, method, args, wait)
        body = _run(ws, method, args, token or raw.get("token"))
    granted = {"x-oauth-scopes": ",".join(sorted(ws.manifest.scopes or ()))}
    if fault is None:
        return Answer(body, headers=granted)
    return Answer(
        body, headers=granted, delay=fault.seconds if fault.kind == "slow" else 0.0, hang_up=fault.kind == "lost_reply"
    )


def _run(ws: Core, method: str, args: Json, token: str | None) -> Json:
    try:
        endpoint = METHODS.get(method)
        if endpoint is None:
            raise SlackError("unknown_method", req_method=method)
        _authorize(ws, endpoint, token)
        body = {"ok": True, **_given_back(endpoint.run(ws, Args(args)))}
    except SlackError as error:
        ws.record(method, args, error.code)
        return {"ok": False, "error": error.code, **error.extra}
    ws.record(method, args, None)
    return body


def _given_back(body: Json) -> Json:
    blocks = {key: handed_back(body[key]) for key in ("message", "messages", "view") if key in body}
    return body | blocks


def _authorize(ws: Core, endpoint: Endpoint, token: str | None) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in (ws.bot_token, ws.app_token):
        raise SlackError("invalid_auth")
    if endpoint.token != "any" and token != {"bot": ws.bot_token, "app": ws.app_token}[endpoint.token]:  # noqa: S105
        raise SlackError("not_allowed_token_type")
    lookup.granted(ws, endpoint.scopes)


def _limited(ws: Core, method: str, args: Json, seconds: int) -> Answer:
    ws.record(method, args, "ratelimited")
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"retry-after": str(seconds)})


def _ratelimited(ws: Core, method: str, args: Json, fault: Fault) -> Answer:
    return _limited(ws, method, args, fault.retry_after)


def _broken(ws: Core, method: str, args: Json, _fault: Fault) -> Answer:
    ws.record(method, args, "server_error")
    return Answer({}, 500)


def _refused(ws: Core, method: str, args: Json, fault: Fault) -> Answer:
    ws.record(method, args, fault.code)
    return Answer({"ok": False, "error": fault.code})


_INSTEAD: dict[str, Callable[[Core, str, Json, Fault], Answer]] = {
    "ratelimited": _ratelimited,
    "server_error": _broken,
    "error": _refused,
}
