"""What the page lets a person do: each verb is one act of `interaction`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.people import commands, forms, interaction, talking
from sandbox.people.interaction import Spot
from sandbox.people.journey import Journeys
from sandbox.world import modals
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.store import User
from sandbox.world.values import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Verb = Callable[["Workspace", User, Json], Json]


def do(ws: "Workspace", verb: str, body: Json) -> Json:
    """Do it; {"ok": true, …}, or {"ok": false, "error": a sentence}."""
    act = _VERBS.get(verb)
    if act is None:
        return {"ok": False, "error": f"There is no verb called {verb}."}
    try:
        user = ws.user(str(body.get("as", "")))
        modals.PAGE.set(str(body.get("page", "")))  # each call runs in a context of its own
        return {"ok": True, **act(ws, user, body)}
    except SandboxError as error:
        return {"ok": False, "error": str(error)}
    except AppFailed as failure:
        with ws.lock:
            ws.notices.publish({"type": "trouble", "text": failure.sentence}, [user.id])
        return {"ok": False, "error": failure.sentence}
    except KeyError as missing:
        return {"ok": False, "error": f"The request lacks {missing}."}


def _spot(ws: "Workspace", user: User, container: Json) -> Spot:
    with ws.lock:
        if container["type"] == "view":
            return interaction.in_view(ws, user, container["view_id"])
        return interaction.in_message(ws, user, container["ts"])


def _say(ws: "Workspace", user: User, body: Json) -> Json:
    message = talking.say(ws, user, body["channel"], body["text"], body.get("thread_ts") or None)
    return {"message": message}


def _command(ws: "Workspace", user: User, body: Json) -> Json:
    commands.run_command(ws, user, body["channel"], body["command"], body.get("text") or "")
    return {}


def _click(ws: "Workspace", user: User, body: Json) -> Json:
    spot = _spot(ws, user, body["container"])
    interaction.press(
        ws,
        user,
        spot,
        body["action_id"],
        block_id=body.get("block_id"),
        picked=body.get("picked"),
        state=body.get("state"),
    )
    return {}


def _submit(ws: "Workspace", user: User, body: Json) -> Json:
    return {"errors": forms.submit(ws, user, body["view_id"], body.get("state"))}


def _close(ws: "Workspace", user: User, body: Json) -> Json:
    forms.close(ws, user, body["view_id"], everything=bool(body.get("all")))
    return {}


def _options(ws: "Workspace", user: User, body: Json) -> Json:
    spot = _spot(ws, user, body["container"])
    return interaction.suggestions(ws, user, spot, body["action_id"], body.get("value") or "")


def _shortcut(ws: "Workspace", user: User, body: Json) -> Json:
    message = body.get("message") or {}
    interaction.shortcut(ws, user, body["callback_id"], message.get("ts"))
    return {}


def _home(ws: "Workspace", user: User, _body: Json) -> Json:
    interaction.open_home(ws, user)
    return {}


def _messages_tab(ws: "Workspace", user: User, _body: Json) -> Json:
    interaction.open_messages(ws, user)
    return {}


def _react(ws: "Workspace", user: User, body: Json) -> Json:
    talking.react(ws, user, body["ts"], body["name"])
    return {}


def _read(ws: "Workspace", user: User, body: Json) -> Json:
    talking.mark_read(ws, user, body["channel"])
    return {}


def _join(ws: "Workspace", user: User, body: Json) -> Json:
    talking.join(ws, user, body["channel"])
    return {}


def _leave(ws: "Workspace", user: User, body: Json) -> Json:
    talking.leave(ws, user, body["channel"])
    return {}


def _status(ws: "Workspace", user: User, body: Json) -> Json:
    ws.set_status(user.id, body["text"].strip(), body.get("emoji") or "", int(body.get("expiration") or 0))
    ws.settle()
    return {}


def _dm(ws: "Workspace", user: User, body: Json) -> Json:
    with ws.lock:
        return {"channel": ws.open_im(user.id, ws.user(body["user"]).id).id}


_VERBS: dict[str, Verb] = {
    "say": _say,
    "command": _command,
    "click": _click,
    "submit": _submit,
    "close": _close,
    "options": _options,
    "shortcut": _shortcut,
    "home": _home,
    "messages_tab": _messages_tab,
    "react": _react,
    "read": _read,
    "join": _join,
    "leave": _leave,
    "dm": _dm,
    "status": _status,
}


def move_clock(journeys: Journeys, verb: str, body: Json | None) -> Json:
    """Move time: `next`, `jump` with `to` in epoch seconds, `week`, `stop`. Answers like `do`."""
    try:
        _MOVES[verb](journeys, body or {})
    except SandboxError as error:
        return {"ok": False, "error": str(error)}
    except (KeyError, TypeError, ValueError):
        return {"ok": False, "error": "That is no way to move time."}
    return {"ok": True, **journeys.shown()}


_MOVES: dict[str, Callable[[Journeys, Json], None]] = {
    "next": lambda journeys, _body: journeys.go_to_next(),
    "jump": lambda journeys, body: journeys.go_to(float(body["to"])),
    "week": lambda journeys, _body: journeys.run_week(),
    "stop": lambda journeys, _body: journeys.stop(),
}
