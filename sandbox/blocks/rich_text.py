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
_MORE: dict[str, tuple[str, ...]] = {
    "link": ("text", "unsafe"),
    "emoji": ("unicode", "url", "skin_tone", "display_url", "display_team_id"),
    "date": ("url", "fallback"),
}
_OF_WORDS = ("bold", "italic", "strike", "code", "underline")
_OF_MENTIONS = ("bold", "italic", "strike", "highlight", "client_highlight", "unlink")
_STYLES: dict[str, tuple[str, ...]] = {
    "text": _OF_WORDS,
    "link": _OF_WORDS,
    "user": _OF_MENTIONS,
    "usergroup": _OF_MENTIONS,
    "channel": _OF_MENTIONS,
    "team": _OF_MENTIONS,
    "broadcast": _OF_MENTIONS,
    "emoji": _OF_WORDS,
    "date": _OF_WORDS,
    "color": _OF_WORDS,
}


def check_rich_text(check: Check, block: Json, at: str) -> None:
    """The containers of a rich_text block."""
    check.required(block, ("elements",), at)
    for container, place in check.objects(block, "elements", 0, 1000, at):
        _container(check, container, place)


def _container(check: Check, container: Json, at: str) -> None:
    kind = container.get("type")
    if not isinstance(kind, str) or kind not in _CONTAINERS:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.known(container, _CONTAINERS[kind], at)
    check.required(container, ("elements",), at)
    check.integer(container, "border", 0, 1, at)
    check.string(container, "language", 255, at)
    if kind == "rich_text_list":
        check.required(container, ("style",), at)
        check.one_of(container, "style", ("bullet", "ordered"), at)
        check.integer(container, "indent", 0, 8, at)
        check.integer(container, "offset", 0, 1_000_000, at)
    for element, place in check.objects(container, "elements", 0, 1000, at):
        if kind == "rich_text_list":
            _list_item(check, element, place)
        elif kind == "rich_text_preformatted" and element.get("type") not in ("text", "link"):
            check.wrong(f"unsupported type: {element.get('type')}", f"{place}/type")
        else:
            _leaf(check, element, place)


def _list_item(check: Check, item: Json, at: str) -> None:
    if item.get("type") != "rich_text_section":
        check.wrong(f"unsupported type: {item.get('type')}", f"{at}/type")
        return
    _container(check, item, at)


def _leaf(check: Check, leaf: Json, at: str) -> None:
    kind = leaf.get("type")
    if not isinstance(kind, str) or kind not in _LEAVES:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.known(leaf, ("type", "style", *_LEAVES[kind], *_MORE.get(kind, ())), at)
    check.required(leaf, _LEAVES[kind], at)
    if kind == "text":
        check.string(leaf, "text", 40_000, at, least=1)
        check.text_length += len(str(leaf.get("text", "")))
    elif kind == "link":
        check.string(leaf, "url", 3000, at, least=1)
        check.string(leaf, "text", 40_000, at)
        check.boolean(leaf, ("unsafe",), at)
    elif kind == "date":
        check.integer(leaf, "timestamp", 0, 9_999_999_999, at)
        check.string(leaf, "format", 3000, at, least=1)
    elif kind == "broadcast":
        check.one_of(leaf, "range", ("here", "channel", "everyone"), at)
    for key in _LEAVES[kind]:
        if key.endswith("_id") or key in ("name", "value"):
            check.string(leaf, key, 255, at, least=1)
    _style(check, leaf, _STYLES[kind], at)


def _style(check: Check, leaf: Json, allowed: tuple[str, ...], at: str) -> None:
    style = leaf.get("style")
    if style is None:
        return
    if not isinstance(style, dict):
        check.wrong("must provide an object", f"{at}/style")
        return
    check.known(style, allowed, f"{at}/style")
    check.boolean(style, tuple(key for key in style if key in allowed), f"{at}/style")
