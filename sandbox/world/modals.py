"""Modals and Home tabs: triggers, the stack of views, hashes, what has been typed."""

from contextvars import ContextVar

from sandbox.world.block_ids import with_fresh_ids
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.shapes import Trigger
from sandbox.world.state import current_values, stateful_elements
from sandbox.world.store import View
from sandbox.world.values import Json

TRIGGER_SECONDS = 3.0
"""Slack: surfaces/modals, "trigger_id expires in 3 seconds"."""
STACK = 3
"""Slack: reference/methods/views.push, `push_limit_reached`."""
PAGE: ContextVar[str] = ContextVar("page", default="")
"""The browser page that acts now, if it is one: as in Slack, a modal opens in the window where it was asked for."""


def screen_of(user_id: str, page: str | None = None) -> str:
    """The key of a stack of views: a person's, in one page (by default the one that acts now)."""
    return f"{user_id} {PAGE.get() if page is None else page}".strip()


def new_trigger(ws: Core, user_id: str, *, from_modal: bool) -> str:
    """A trigger_id for what the person is doing now."""
    trigger_id = f"{ws.store.next_id('')}.{ws.team_number}.{ws.random.getrandbits(128):032x}"
    now = ws.clock()
    # Expired ones are kept a while, because Slack tells an expired one from one it never gave.
    while ws.triggers and _is_old(ws, next(iter(ws.triggers)), now):
        del ws.triggers[next(iter(ws.triggers))]
    ws.triggers[trigger_id] = Trigger(screen_of(user_id), now + TRIGGER_SECONDS, from_modal)
    return trigger_id


def _is_old(ws: Core, trigger_id: str, now: float) -> bool:
    return ws.triggers[trigger_id].expires < now - 3600 or len(ws.triggers) > 5000


def redeem(ws: Core, trigger_id: str) -> Trigger:
    """Use a trigger up.

    Raises SlackError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
    """
    trigger = ws.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if ws.clock() > trigger.expires:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def stack(ws: Core, screen: str) -> list[View]:
    """The views that are open there, bottom first. A person who is no page has their user id as the screen."""
    return [ws.store.views[view_id] for view_id in ws.store.stacks.get(screen, [])]


def show(ws: Core, screen: str, view: Json) -> View:
    """Open a checked view as a new root: what was open there before is gone."""
    external_id_is_free(ws, view)
    forget(ws, screen, keep=0)
    return _stack_up(ws, screen, view)


def push(ws: Core, screen: str, view: Json) -> View:
    """Put a checked view on top. Raises SlackError push_limit_reached for a fourth."""
    if len(ws.store.stacks.get(screen, [])) >= STACK:
        raise SlackError("push_limit_reached")
    external_id_is_free(ws, view)
    return _stack_up(ws, screen, view)


def _stack_up(ws: Core, screen: str, view: Json) -> View:
    below = ws.store.stacks.setdefault(screen, [])
    view_id = ws.store.next_id("V")
    payload = _payload(ws, view, view_id) | {
        "root_view_id": below[0] if below else view_id,
        "previous_view_id": below[-1] if below else None,
    }
    record = ws.store.views[view_id] = View(payload, screen.partition(" ")[0], screen=screen)
    below.append(view_id)
    tell(ws, screen)
    return record


def replace(ws: Core, record: View, view: Json) -> View:
    """Put a checked view in the place of an open one; typed values stay under the same block_id and action_id."""
    external_id_is_free(ws, view, but=record)
    previous = {key: record.payload[key] for key in ("root_view_id", "previous_view_id")}
    before = current_values(record.payload["blocks"], record.values)
    record.payload = _payload(ws, view, record.id) | previous
    record.values = _kept(record.payload["blocks"], before, record.values)
    record.errors = {}
    tell(ws, record.screen)
    return record


def _kept(blocks: list[Json], before: Json, typed: Json) -> Json:
    """What was typed or picked, where the new view still asks the same."""
    kept: Json = {}
    for block, element in stateful_elements(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        value = typed.get(block_id, {}).get(action_id)
        if value is not None and before[block_id][action_id]["type"] == element["type"]:
            kept.setdefault(block_id, {})[action_id] = value
    return kept


def publish(ws: Core, user_id: str, view: Json, hash_: str | None) -> View:
    """Set somebody's Home tab. Raises SlackError hash_conflict."""
    existing = ws.store.views.get(ws.store.homes.get(user_id, ""))
    if existing is not None:
        check_hash(existing, hash_)
        home = replace(ws, existing, view)
    else:
        external_id_is_free(ws, view)
        view_id = ws.store.next_id("V")
        links = {"root_view_id": view_id, "previous_view_id": None}
        home = ws.store.views[view_id] = View(_payload(ws, view, view_id) | links, user_id)
        ws.store.homes[user_id] = view_id
    ws.changed({"type": "home", "view": with_state(home)}, [user_id])
    return home


def check_hash(record: View, hash_: str | None) -> None:
    """Refuse a write that was made from an older state. Raises SlackError hash_conflict."""
    if hash_ and hash_ != record.payload["hash"]:
        raise SlackError("hash_conflict")


def external_id_is_free(ws: Core, view: Json, but: View | None = None) -> None:
    """Raises SlackError duplicate_external_id when another live view has the same."""
    external_id = view.get("external_id")
    if external_id and any(
        each is not but and each.payload["external_id"] == external_id for each in ws.store.views.values()
    ):
        raise SlackError("duplicate_external_id")


def forget(ws: Core, screen: str, keep: int) -> None:
    """Drop the views above the lowest `keep`."""
    views = ws.store.stacks.get(screen, [])
    for view_id in views[keep:]:
        del ws.store.views[view_id]
    del views[keep:]


def close(ws: Core, screen: str, keep: int) -> None:
    """Drop views and show what is left."""
    forget(ws, screen, keep)
    tell(ws, screen)


def shown(ws: Core, screen: str) -> Json:
    """The stack as a page draws it."""
    views = stack(ws, screen)
    return {"stack": [with_state(view) for view in views], "errors": views[-1].errors if views else {}}


def tell(ws: Core, screen: str) -> None:
    """Show the stack to its page."""
    user_id, _, page = screen.partition(" ")
    ws.changed({"type": "modal", "page": page, **shown(ws, screen)}, [user_id])


def with_state(record: View) -> Json:
    """The view as a payload carries it: with what has been typed."""
    return {**record.payload, "state": {"values": current_values(record.payload["blocks"], record.values)}}


def find(ws: Core, view_id: str | None, external_id: str | None) -> View:
    """A live view. Raises SlackError not_found."""
    if view_id:
        record = ws.store.views.get(view_id)
    else:
        live = ws.store.views.values()
        record = next((each for each in live if external_id and each.payload["external_id"] == external_id), None)
    if record is None:
        raise SlackError("not_found")
    return record


def _payload(ws: Core, view: Json, view_id: str) -> Json:
    """The view object (Slack: reference/interaction-payloads/view-interactions-payload)."""
    return {
        "id": view_id,
        "team_id": ws.team_id,
        "type": view["type"],
        "blocks": with_fresh_ids(ws, view["blocks"]),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "state": {"values": {}},
        "hash": f"{ws.store.next_ts(ws.clock())}.{ws.random.getrandbits(32):08x}",
        "title": view.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "app_id": ws.app_id,
        "external_id": view.get("external_id") or "",
        "app_installed_team_id": ws.team_id,
        "bot_id": ws.bot_id,
    }
