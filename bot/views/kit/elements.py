"""What people press, choose and type into."""

from collections.abc import Sequence
from datetime import date, time

from bot.views.kit.limits import OPTION_TEXT, OWN_VERB, Block, Element
from bot.views.kit.text import shorten, unlinked


def plain(text: str) -> Element:
    """A plain_text object, in which nothing can be a link."""
    return {"type": "plain_text", "text": unlinked(text), "emoji": True}


def mrkdwn(text: str) -> Element:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def button(
    text: str, action_id: str, value: str = "", *, style: str | None = None, confirm: Element | None = None
) -> Element:
    """A button. The verb is its `action_id`, the row's id its `value`."""
    element: Element = {"type": "button", "text": plain(text), "action_id": action_id}
    if value:
        element["value"] = value
    if style is not None:
        element["style"] = style
    if confirm is not None:
        element["confirm"] = confirm
    return element


def link_button(text: str, action_id: str, url: str, *, style: str | None = None) -> Element:
    """A button that leads somewhere. Slack tells of the press all the same."""
    return {**button(text, action_id, style=style), "url": url}


def confirmation(title: str, text: str, yes: str, no: str = "Not now") -> Element:
    """What Slack asks before it sends a press."""
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def option(text: str, value: str) -> Element:
    """One choice of a menu."""
    return {"text": plain(shorten(unlinked(text), OPTION_TEXT)), "value": value}


def menu_option(text: str, verb: str, value: str) -> Element:
    """A choice that sets off a verb of its own, whatever its menu is called: so choices of several wings share a menu."""
    return option(text, f"{verb}{OWN_VERB}{value}")


def overflow(action_id: str, choices: Sequence[Element]) -> Element:
    """The menu behind three dots; Slack takes 5 choices at most."""
    return {"type": "overflow", "action_id": action_id, "options": list(choices)}


def select(action_id: str, choices: Sequence[Element], initial: str | None = None) -> Element:
    """A menu for one choice."""
    element: Element = {"type": "static_select", "action_id": action_id, "options": list(choices)}
    chosen = [choice for choice in choices if choice["value"] == initial]
    if chosen:
        element["initial_option"] = chosen[0]
    return element


def multi_select(action_id: str, choices: Sequence[Element], initial: Sequence[str] = ()) -> Element:
    """A menu for several choices, which keep the order in which they were picked."""
    element: Element = {"type": "multi_static_select", "action_id": action_id, "options": list(choices)}
    by_value = {choice["value"]: choice for choice in choices}
    chosen = [by_value[value] for value in initial if value in by_value]
    if chosen:
        element["initial_options"] = chosen
    return element


def search_select(action_id: str, placeholder: str, initial: Element | None = None) -> Element:
    """A menu whose choices are looked up while somebody types."""
    element: Element = {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
    if initial is not None:
        element["initial_option"] = initial
    return element


def radio(action_id: str, choices: Sequence[Element], initial: str | None = None) -> Element:
    """One of a few choices, all in sight."""
    return {**select(action_id, choices, initial), "type": "radio_buttons"}


def text_input(
    action_id: str,
    *,
    initial: str = "",
    multiline: bool = False,
    most: int | None = None,
    placeholder: str = "",
) -> Element:
    """A field to type in."""
    element: Element = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    if initial:
        element["initial_value"] = initial
    if most is not None:
        element["max_length"] = most
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return element


def date_input(action_id: str, initial: date | None = None) -> Element:
    """A calendar."""
    element: Element = {"type": "datepicker", "action_id": action_id}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return element


def time_input(action_id: str, initial: time | None = None) -> Element:
    """A time of the day."""
    element: Element = {"type": "timepicker", "action_id": action_id}
    if initial is not None:
        element["initial_time"] = f"{initial:%H:%M}"
    return element


def checkboxes(action_id: str, choices: Sequence[Element], initial: Sequence[str] = ()) -> Element:
    """Boxes to tick, all in sight."""
    return {**multi_select(action_id, choices, initial), "type": "checkboxes"}


def picker(
    kind: str, action_id: str, initial: str | Sequence[str] | None = None, *, most: int | None = None
) -> Element:
    """Slack's own picker: `users_select`, `multi_users_select` or `channels_select`."""
    element: Element = {"type": kind, "action_id": action_id}
    if initial:
        name = {"users_select": "initial_user", "multi_users_select": "initial_users"}.get(kind, "initial_channel")
        element[name] = initial if isinstance(initial, str) else list(initial)
    if most is not None:
        element["max_selected_items"] = most
    return element


def field(
    block_id: str,
    label: str,
    element: Element,
    *,
    optional: bool = False,
    hint: str = "",
    tells: bool = False,
) -> Block:
    """An input of a form. Its `block_id` is the name of the form's dataclass field. `tells` sends each choice at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    if tells:
        block["dispatch_action"] = True
    return block
