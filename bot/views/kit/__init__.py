"""The bricks of Block Kit, and Slack's limits on them.

Everything a person typed passes `escape` before it stands in mrkdwn; `plain` text needs none.
Source of the limits: Slack's Block Kit reference (section text 3,000 characters, message 50 blocks, view 100 blocks, and so on).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.views.kit import keys

_MARKUP = re.compile(r"<([^<>\n]+)>")

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3_000
HEADER_TEXT = 150
OPTION_TEXT = 75
TITLE_TEXT = 24
OPTIONS = 100
RADIOS = 10
LONGEST_NAME = 60
ALT_TEXT = 2_000
MESSAGE_TEXT = 4_000  # chat.update refuses more (msg_too_long)
# All blocks of a message together: Slack counts about 12,000 characters, containers included, and gives no exact
# number (msg_blocks_too_long; bolt-js#2509 and #2867 measured it), so the JSON itself is held to it.
MESSAGE_JSON = 12_000
VIEW_JSON = 200_000  # a view takes 250 kB (view_too_large); what Slack adds to it needs room too


# --- text -------------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Text that a person typed, for mrkdwn: `<!channel>` arrives as text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Text that Slack escaped, as a slash command's is, the way it was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> list[str]:
    """The ids of the people whom a message of Slack's mentions."""
    return [target[1:].partition("|")[0] for target in _MARKUP.findall(text) if target.startswith("@")]


def spoken(text: str, names: Mapping[str, str]) -> str:
    """A message of Slack's as the words that people read: its mentions by name, its links with where they lead."""
    return unescape(_MARKUP.sub(lambda found: _spoken(found[1], names), text))


def _spoken(markup: str, names: Mapping[str, str]) -> str:
    target, _, label = markup.partition("|")
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return f"@{names.get(rest) or label or 'somebody'}"
    if kind == "#":
        return f"#{label or 'a-channel'}"
    if kind == "!":
        return label or f"@{rest.partition('^')[0]}"
    return f"{label} ({target})" if label and label not in target else target


def shorten(text: str, length: int) -> str:
    """`text`, cut to `length` characters with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def clip(safe: str, length: int) -> str:
    """Escaped text, cut to `length` characters, and never within an escaped one."""
    return safe if len(safe) <= length else f"{safe[: length - 1].rsplit('&', 1)[0]}…"


def name(text: str) -> str:
    """Somebody's or something's name, escaped; no real one is so long that a line has no room for it."""
    return escape(shorten(text, LONGEST_NAME))


def channel(channel_id: str) -> str:
    """A channel, as a link that Slack shows by name."""
    return f"<#{channel_id}>"


def note(text: str) -> str:
    """A note that a person wrote, on a line of its own below its item. Plain spaces at a line's start get lost."""
    return f"\n\u2003\u2002_{escape(text)}_"


def moment(at: datetime, *, with_time: bool = True) -> str:
    """An instant, on the clock of whoever reads it: Slack takes the device's zone. The fallback is UTC."""
    shape = "{date_short_pretty} at {time}" if with_time else "{date_short_pretty}"
    return f"<!date^{at.timestamp():.0f}^{shape}|{at:%Y-%m-%d %H:%M} UTC>"


def mention(person_id: str) -> str:
    """Somebody, by a name that Slack shows and that tells them."""
    return f"<@{person_id}>"


def names(people: Sequence[str]) -> str:
    """Names in a row: `Ada`, `Ada and Lee`, `Ada, Lee and Noor`."""
    if len(people) < 2:
        return "".join(people)
    return f"{', '.join(people[:-1])} and {people[-1]}"


def plain(text: str) -> Element:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Element:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


# --- blocks -----------------------------------------------------------------------------------------------------


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(shorten(text, HEADER_TEXT))}


def section(text: str, accessory: Element | None = None, *, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn, with an element at its right."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if block_id is not None:
        block["block_id"] = block_id
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(text: str) -> Block:
    """A small grey line of mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def image(file_id: str, alt: str) -> Block:
    """A picture that was uploaded to Slack, with what it says in words."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": shorten(alt, ALT_TEXT)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def actions(*elements: Element | None) -> Block:
    """A row of buttons; None is left out."""
    return {"type": "actions", "elements": [element for element in elements if element is not None]}


def preformatted(text: str) -> Block:
    """Text exactly as it is, in one box to copy from."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def paragraphs(lines: Iterable[str], *, limit: int = SECTION_TEXT) -> list[Block]:
    """Lines of mrkdwn in as few sections as hold them; no line is torn apart."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= limit:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]


def fit_message(blocks: Sequence[Block], foot: Sequence[Block], more: str) -> list[Block]:
    """The blocks of a message, with `foot` whatever comes, and the line `more` where something had to go."""
    return _fit(blocks, foot, more, MESSAGE_BLOCKS, MESSAGE_JSON)


def fit_view(blocks: Sequence[Block], foot: Sequence[Block], more: str) -> list[Block]:
    """The blocks of a view, with `foot` whatever comes, and the line `more` where something had to go."""
    return _fit(blocks, foot, more, VIEW_BLOCKS, VIEW_JSON)


def _fit(blocks: Sequence[Block], foot: Sequence[Block], more: str, most: int, budget: int) -> list[Block]:
    end = [context(more), *foot]
    kept: list[Block] = []
    left = budget - _size(end)
    for block in blocks:
        left -= _size([block])
        if left < 0 or len(kept) + len(end) > most:
            return [*kept[: most - len(end)], *end]
        kept.append(block)
    return [*kept, *foot]


def _size(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def in_short(
    lines: Iterable[str], *, limit: int = MESSAGE_TEXT - 200, more: str = "… and more: `/sprint show` has it all."
) -> str:
    """The top-level text of a message: these lines, cut where `chat.update` would refuse it."""
    text = "\n".join(line for line in lines if line)
    if len(text) <= limit:
        return text
    cut = text[:limit].rpartition("\n")[0] or clip(text, limit)
    return f"{cut}\n{more}"


# --- elements ---------------------------------------------------------------------------------------------------


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
    return {"text": plain(shorten(text, OPTION_TEXT)), "value": value}


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


# --- views ------------------------------------------------------------------------------------------------------


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
    clear_on_close: bool = False,
) -> View:
    """A window. Its `metadata` carries ids only."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(shorten(title, TITLE_TEXT)),
        "close": plain(close),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }
    if submit is not None:
        view["submit"] = plain(submit)
    if metadata:
        view["private_metadata"] = metadata
    if clear_on_close:
        view["clear_on_close"] = True
    return view


def notice(title: str, text: str, *, keep_below: bool = False) -> View:
    """A window with one thing to say. Closing it closes the windows below as well, unless they are to be kept."""
    return modal("notice", title, [section(text)], clear_on_close=not keep_below)


def rewritten(view: Mapping[str, Any], blocks: Sequence[Block]) -> View:
    """The view of a payload with other blocks, the way Slack takes it back. What was typed stays where the ids stay."""
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata", "clear_on_close")
    return {**{name: view[name] for name in kept if view.get(name)}, "blocks": list(blocks)}


def prose(text: str) -> list[Block]:
    """A text that a person wrote, in as few sections as hold it."""
    safe = escape(text)
    if len(safe) <= SECTION_TEXT:
        return [section(safe)]
    # An escaped character takes up to five, so a fifth of the limit always fits.
    step = SECTION_TEXT // 5
    return [section(escape(text[start : start + step])) for start in range(0, len(text), step)]


# --- reading ----------------------------------------------------------------------------------------------------


class Fields:
    """What a person put into a form, by block id. Every form's input has the action id of its block."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]

    def _element(self, block_id: str) -> Mapping[str, Any]:
        return next(iter(self._values.get(block_id, {}).values()), {})

    def text(self, block_id: str) -> str:
        """What was typed, without white space around it."""
        return (self._element(block_id).get("value") or "").strip()

    def lines(self, block_id: str) -> list[str]:
        """The lines that were typed, with their indentation; empty ones are left out."""
        return [line.rstrip() for line in (self._element(block_id).get("value") or "").splitlines() if line.strip()]

    def choice(self, block_id: str) -> str | None:
        """The value that was chosen in a menu."""
        chosen = self._element(block_id).get("selected_option")
        return chosen["value"] if chosen else None

    def choices(self, block_id: str) -> list[str]:
        """The values that were chosen, in the order in which they were picked."""
        return [chosen["value"] for chosen in self._element(block_id).get("selected_options") or []]

    def person(self, block_id: str) -> str | None:
        """The id of the person who was picked."""
        return self._element(block_id).get("selected_user")

    def people(self, block_id: str) -> list[str]:
        """The ids of the people who were picked."""
        return list(self._element(block_id).get("selected_users") or [])

    def channel(self, block_id: str) -> str | None:
        """The id of the channel that was picked."""
        return self._element(block_id).get("selected_channel")

    def date(self, block_id: str) -> date | None:
        """The day that was picked."""
        chosen = self._element(block_id).get("selected_date")
        return keys.day(chosen) if chosen else None

    def time(self, block_id: str) -> time | None:
        """The time that was picked."""
        chosen = self._element(block_id).get("selected_time")
        return keys.clock(chosen) if chosen else None

    def starting_with(self, prefix: str) -> list[str]:
        """The block ids that begin with `prefix`."""
        return [block_id for block_id in self._values if block_id.startswith(prefix)]
