"""Filling a form, sending it, and what the app answers to that.

Like all acts, each may raise SandboxError (Slack's own client says no) or AppFailed (the app's answer is of no use).
"""

from typing import Any

from sandbox.app import client_checks, payloads
from sandbox.blocks import check_view, input_ids
from sandbox.people import picking
from sandbox.people.interaction import Spot, adopt, explain, in_view, press, suggest, tell_app
from sandbox.world import modals, pictures
from sandbox.world.core import Core
from sandbox.world.errors import AppFailed, SandboxError, SlackError
from sandbox.world.shapes import Response
from sandbox.world.state import current_values, stateful_elements
from sandbox.world.store import User, View
from sandbox.world.values import Json, StateValues


def fill(ws: Core, user: User, view: View, block_id: str, picked: Any) -> None:
    """Fill the one input of a block. Sends block_actions if the block says dispatch_action."""
    block = next((each for each in view.payload["blocks"] if each["block_id"] == block_id), None)
    found = [element for owner, element in stateful_elements([block] if block else []) if owner is block]
    if block is None or not found:
        there = [each["block_id"] for each, _element in stateful_elements(view.payload["blocks"])]
        raise SandboxError(f"There is no input called {block_id} here; there is {', '.join(there) or 'none'}.")
    element = found[0]
    if block.get("dispatch_action"):
        press(ws, user, Spot(view=view), element["action_id"], block_id=block_id, picked=picked)
        return
    spot = Spot(view=view)
    chosen = picking.value_of(ws, element, picked, lambda query: suggest(ws, user, spot, element["action_id"], query))
    with ws.lock:
        view.values.setdefault(block_id, {})[element["action_id"]] = chosen


def submit(ws: Core, user: User, view_id: str, state: StateValues | None = None) -> dict[str, str]:
    """Send a form; the errors by block_id, none when it was accepted."""
    with ws.lock:
        spot = in_view(ws, user, view_id)
        view = spot.view
        if view is None or view_id not in ws.store.stacks.get(view.screen, [])[-1:]:
            raise SandboxError("Another view lies on top of this one.")
        if view.payload["submit"] is None:
            raise SandboxError("This view has nothing to submit.")
        if state:
            adopt(ws, user, spot, state)
        values = current_values(view.payload["blocks"], view.values)
        view.errors = client_checks.errors(view.payload["blocks"], values)
        if view.errors:
            modals.tell(ws, view.screen)
            return view.errors
        payload = payloads.submission(ws, user, view)
    response = tell_app(ws, "interactive", payload)
    with ws.lock:
        return _after_submission(ws, view, response)


def _after_submission(ws: Core, view: View, response: Response) -> dict[str, str]:
    body = response.json()
    if body is None and response.body.strip() not in ("", "{}"):
        raise AppFailed(f"bad response to a submission: {response.body[:100]}")
    stack = ws.store.stacks.get(view.screen, [])
    place = stack.index(view.id) if view.id in stack else None
    if not body:
        if place is not None:
            modals.close(ws, view.screen, keep=place)
        return {}
    try:
        return _respond(ws, view, place, body)
    except SlackError as error:
        raise AppFailed(f"bad response to a submission: {explain(error)}") from error


def _respond(ws: Core, view: View, place: int | None, body: Json) -> dict[str, str]:
    action = body.get("response_action")
    if action == "errors":
        return _show_errors(ws, view, body.get("errors"))
    if action == "clear":
        modals.close(ws, view.screen, keep=0)
    elif action in ("update", "push"):
        checked = check_view(body.get("view"), ("modal",), pictures.checker(ws))
        if place is None:
            raise SlackError("not_found")
        if action == "update":
            modals.replace(ws, view, checked)
        else:
            modals.push(ws, view.screen, checked)
    else:
        raise AppFailed(f"bad response to a submission: response_action {action}")
    return {}


def _show_errors(ws: Core, view: View, errors: Any) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise AppFailed("bad response to a submission: errors must name at least one block")
    wrong = set(errors) - input_ids(view.payload)
    if wrong:
        raise AppFailed(f"bad response to a submission: no input block called {', '.join(sorted(wrong))}")
    if not all(isinstance(each, str) and each for each in errors.values()):
        raise AppFailed("bad response to a submission: every error must be a text")
    view.errors = errors
    modals.tell(ws, view.screen)
    return errors


def close(ws: Core, user: User, view_id: str, *, everything: bool = False) -> None:
    """Close a view, or all of them; the app hears of those with notify_on_close."""
    with ws.lock:
        record = in_view(ws, user, view_id).view
        views = modals.stack(ws, record.screen) if record else []
        if record is None or record not in views:
            raise SandboxError("This view is not open any more.")
        place = views.index(record)
        everything = everything or bool(views[place].payload["clear_on_close"])
        gone = views if everything else views[place:]
        told = [
            payloads.closed(ws, user, view, cleared=everything)
            for view in reversed(gone)
            if view.payload["notify_on_close"]
        ]
        modals.close(ws, record.screen, keep=0 if everything else place)
    for payload in told:
        tell_app(ws, "interactive", payload)
