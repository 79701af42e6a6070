"""The ids that Slack gives to blocks and elements that came without any."""

from sandbox.world.core import Core
from sandbox.world.values import Json


class IdMaker:
    """Ids that differ within one surface: short, counted, and the same in every run."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def __call__(self) -> str:
        """The next one."""
        self._count += 1
        return f"{self._prefix}{self._count}"


def with_fresh_ids(ws: Core, blocks: list[Json]) -> list[Json]:
    """The blocks with the ids that Slack adds where the app gave none; no other surface of the workspace has them."""
    new = IdMaker(ws.store.next_id("")[-5:])
    return [_with_ids(block, new) for block in blocks]


def _with_ids(block: Json, new: IdMaker) -> Json:
    filled = dict(block)
    if not filled.get("block_id"):
        filled["block_id"] = new()
    for key in ("accessory", "element"):
        if isinstance(filled.get(key), dict):
            filled[key] = _with_action_id(filled[key], new)
    if filled["type"] in ("actions", "context_actions"):
        filled["elements"] = [_with_action_id(element, new) for element in filled["elements"]]
    return filled


def _with_action_id(element: Json, new: IdMaker) -> Json:
    if element.get("action_id") or element.get("type") == "image":
        return element
    return {**element, "action_id": new()}
