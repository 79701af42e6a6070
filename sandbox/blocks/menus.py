"""Menus and choices: options, groups, and what is picked before anybody has picked."""

from typing import Any

from sandbox.blocks.checks import Check
from sandbox.world.values import Json

_CONVERSATIONS = ("im", "mpim", "private", "public")


def _options(check: Check, element: Json, at: str, most: int, *, mrkdwn: bool = False, url: bool = False) -> None:
    values: set[Any] = set()
    for option, place in check.objects(element, "options", 1, most, at):
        _option(check, option, place, mrkdwn=mrkdwn, url=url)
        if most == 10 and option.get("value") in values:
            check.wrong("option values must be unique", f"{place}/value")
        values.add(str(option.get("value")))


def _option(check: Check, option: Json, at: str, *, mrkdwn: bool = False, url: bool = False) -> None:
    check.known(option, ("text", "value", "description", *(("url",) if url else ())), at)
    check.text(option, "text", 75, at, plain=not mrkdwn, required=True)
    check.required(option, ("value",), at)
    check.string(option, "value", 150, at)
    check.text(option, "description", 75, at, plain=not mrkdwn)
    check.string(option, "url", 3000, at)


def overflow(check: Check, element: Json, at: str) -> None:
    """The menu behind three dots."""
    check.required(element, ("options",), at)
    _options(check, element, at, 5, url=True)


def static(check: Check, element: Json, at: str) -> None:
    """A menu whose options the app has sent along."""
    if ("options" in element) == ("option_groups" in element):
        check.wrong("must define exactly one of: options, option_groups", at)
    _options(check, element, at, 100)
    for group, place in check.objects(element, "option_groups", 1, 100, at):
        check.known(group, ("label", "options"), place)
        check.text(group, "label", 75, place, plain=True, required=True)
        check.required(group, ("options",), place)
        _options(check, group, place, 100)
    _initial(check, element, at)
    check.integer(element, "max_selected_items", 1, 1_000_000, at)


def _initial(check: Check, element: Json, at: str) -> None:
    offered = offered_options(element)
    initial = element.get("initial_option")
    if initial is not None and not _offers(offered, initial):
        check.wrong("initial_option was not found in the options", f"{at}/initial_option")
    for index, each in enumerate(check.items(element, "initial_options", 1, 100, at)):
        if not _offers(offered, each):
            check.wrong("initial_options were not found in the options", f"{at}/initial_options/{index}")


def _offers(offered: list[Json], wanted: Any) -> bool:
    return isinstance(wanted, dict) and any(_same(option, wanted) for option in offered)


def _same(option: Json, wanted: Json) -> bool:
    return option.get("value") == wanted.get("value") and _words(option) == _words(wanted)


def _words(option: Json) -> Any:
    text = option.get("text")
    return text.get("text") if isinstance(text, dict) else None


def offered_options(element: Json) -> list[Json]:
    """All options of a static element, those in groups included."""
    groups = element.get("option_groups")
    lists = [element.get("options")]
    if isinstance(groups, list):
        lists += [group.get("options") for group in groups if isinstance(group, dict)]
    return [each for options in lists if isinstance(options, list) for each in options if isinstance(each, dict)]


def few_choices(check: Check, element: Json, at: str) -> None:
    """Checkboxes and radio buttons."""
    check.required(element, ("options",), at)
    _options(check, element, at, 10, mrkdwn=True)
    _initial(check, element, at)


def external(check: Check, element: Json, at: str) -> None:
    """A menu that asks the app for its options."""
    check.integer(element, "min_query_length", 0, 1_000_000, at)
    check.integer(element, "max_selected_items", 1, 1_000_000, at)
    initial = element.get("initial_option")
    if isinstance(initial, dict):
        _option(check, initial, f"{at}/initial_option")
    elif initial is not None:
        check.wrong("must provide an object", f"{at}/initial_option")
    for option, place in check.objects(element, "initial_options", 1, 100, at):
        _option(check, option, place)


def many_ids(check: Check, element: Json, at: str) -> None:
    """A menu of several people or channels."""
    check.integer(element, "max_selected_items", 1, 1_000_000, at)
    for key in ("initial_users", "initial_channels", "initial_conversations"):
        check.strings(element, key, 0, 1000, at)
    for key in ("initial_user", "initial_channel", "initial_conversation"):
        check.string(element, key, 255, at, least=1)


def conversations(check: Check, element: Json, at: str) -> None:
    """A menu of conversations."""
    many_ids(check, element, at)
    wanted = element.get("filter")
    if wanted is None:
        return
    place = f"{at}/filter"
    if not isinstance(wanted, dict):
        check.wrong("must provide an object", place)
        return
    check.known(wanted, ("include", "exclude_external_shared_channels", "exclude_bot_users"), place)
    check.boolean(wanted, ("exclude_external_shared_channels", "exclude_bot_users"), place)
    if "include" in wanted:
        check.subset(wanted["include"], _CONVERSATIONS, f"{place}/include")
