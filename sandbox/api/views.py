"""views.*: modals and Home tabs (Slack: reference/methods/views.open and its neighbours)."""

from typing import Any

from sandbox.api.args import Args, invalid
from sandbox.blocks import check_view
from sandbox.world import modals, pictures
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.values import Json


def _view(ws: Core, args: Args, kinds: tuple[str, ...]) -> Json:
    if not args.has("view"):
        raise invalid("missing required field: view")
    view: Any = args.json("view", "invalid_arguments")
    return check_view(view, kinds, pictures.checker(ws))


def open_(ws: Core, args: Args) -> Json:
    """views.open."""
    view = _view(ws, args, ("modal",))
    trigger = modals.redeem(ws, args.need("trigger_id"))
    return {"view": modals.with_state(modals.show(ws, trigger.screen, view))}


def push(ws: Core, args: Args) -> Json:
    """views.push: only with a trigger that came from an open modal."""
    view = _view(ws, args, ("modal",))
    trigger = modals.redeem(ws, args.need("trigger_id"))
    if not trigger.from_modal or not ws.store.stacks.get(trigger.screen):
        raise SlackError("invalid_trigger_id")
    return {"view": modals.with_state(modals.push(ws, trigger.screen, view))}


def update(ws: Core, args: Args) -> Json:
    """views.update."""
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not view_id and not external_id:
        raise invalid("missing required field: view_id")
    view = _view(ws, args, ("modal", "home"))
    record = modals.find(ws, view_id, external_id)
    if record.payload["type"] != view["type"]:
        raise invalid("view type cannot be changed [json-pointer:/view/type]")
    modals.check_hash(record, args.text("hash"))
    updated = modals.replace(ws, record, view)
    if view["type"] == "home":
        ws.changed({"type": "home", "view": modals.with_state(updated)}, [updated.user_id])
    return {"view": modals.with_state(updated)}


def publish(ws: Core, args: Args) -> Json:
    """views.publish."""
    view = _view(ws, args, ("home",))
    user = ws.store.users.get(args.need("user_id"))
    if user is None:
        raise invalid("invalid `user_id`")
    if not ws.manifest.home_tab:
        raise SlackError("not_enabled")
    return {"view": modals.with_state(modals.publish(ws, user.id, view, args.text("hash")))}
