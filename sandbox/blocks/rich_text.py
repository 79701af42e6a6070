"""rich_text: sections, lists, quotes and code (Slack: reference/block-kit/blocks/rich-text-block)."""

from sandbox.blocks.checks import Check
from sandbox.world.values import Json

_CONTAINERS: dict[str, tuple[str, ...]] = {
    "rich_text_section": ("type", "elements"),
    "rich_text_list": ("type", "elements", "style", "indent", "offset", "border"),
    "rich_text_quote": ("type", "elements", "border"),
    "rich_text_preformatted": ("type", "elements", "border", "language"),
}
_LEAVES: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "usergroup": ("usergroup_id",),
    "channel": ("channel_id",),
    "broadcast": ("range",),
    "color": ("value",),
    "date": ("timestamp", "format"),
    "team": ("team_id",),
}
_STYLES = frozenset(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"))


def check_rich_text(check: Check, block: Json, at: str) -> None:
    """The containers of a rich_text block."""
    check.required(block, ("elements",), at)
    for container, place in check.objects(block, "elements", 0, 1000, at):
        _container(check, container, place)


def _container(check: Check, container: Json, at: str) -> None:
    kind = container.get("type")
    if kind not in _CONTAINERS:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.known(container, _CONTAINERS[kind], at)
    check.required(container, ("elements",), at)
    if kind == "rich_text_list":
        check.required(container, ("style",), at)
        check.one_of(container, "style", ("bullet", "ordered"), at)
        check.integer(container, "indent", 0, 8, at)
    for element, place in check.objects(container, "elements", 0, 1000, at):
        if kind == "rich_text_list":
            _list_item(check, element, place)
        else:
            _leaf(check, element, place)


def _list_item(check: Check, item: Json, at: str) -> None:
    if item.get("type") != "rich_text_section":
        check.wrong(f"unsupported type: {item.get('type')}", f"{at}/type")
        return
    _container(check, item, at)


def _leaf(check: Check, leaf: Json, at: str) -> None:
    kind = leaf.get("type")
    if kind not in _LEAVES:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.required(leaf, _LEAVES[kind], at)
    if kind == "text":
        check.string(leaf, "text", 40_000, at, least=1)
        check.text_length += len(str(leaf.get("text", "")))
    for key in _LEAVES[kind]:
        if key.endswith("_id"):
            check.string(leaf, key, 255, at)
    style = leaf.get("style")
    if isinstance(style, dict):
        check.known(style, _STYLES, f"{at}/style")
