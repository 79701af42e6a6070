"""Words in Slack's markup. Everything a person typed passes `escape` before it becomes mrkdwn."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar.wording import city
from bot.views.kit.limits import LONGEST_NAME

_LINK = re.compile(r"\[(?P<words>[^\[\]|]{1,150})\]\((?P<url>https?://[^\s()|<>]{1,1000})\)")
_BOLD = re.compile(r"\*\*(?P<words>[^*\s](?:[^*]*[^*\s])?)\*\*")  # as Markdown writes it; Slack has one star
POINTS, POINT = 10, 200  # of what stands below an item: how many, and characters of each
_TORN = re.compile(r"(&[a-z]{0,3}|<[^<>]*)\Z")  # what a cut leaves of `&amp;` or of a link when it falls within
_MARKUP = re.compile(r"<([^<>\n]+)>")


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
    if label and target in (f"mailto:{label}", f"tel:{label}"):
        return label  # nobody wrote the link: Slack made one of a bare address
    return f"{label} ({target})" if label and label not in target else target


def shorten(text: str, length: int) -> str:
    """`text`, cut to `length` characters with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def clip(safe: str, length: int) -> str:
    """Escaped text, cut to `length` characters, and never within an escaped character or Slack's `<…>`."""
    return safe if len(safe) <= length else f"{_TORN.sub('', safe[: length - 1])}…"


def name(text: str) -> str:
    """Somebody's or something's name, escaped; no real one is so long that a line has no room for it."""
    return escape(shorten(text, LONGEST_NAME))


def channel(channel_id: str) -> str:
    """A channel, as a link that Slack shows by name."""
    return f"<#{channel_id}>"


def linked(text: str) -> str:
    """The same, and a link that was written as `[words](https://…)` is one."""
    return _BOLD.sub(r"*\g<words>*", _LINK.sub(r"<\g<url>|\g<words>>", escape(text)))


def unlinked(text: str) -> str:
    """The text with the words alone of a link that was written as `[words](https://…)`: for where nothing can be a link."""
    return _BOLD.sub(r"\g<words>", _LINK.sub(r"\g<words>", text))


def note(text: str) -> str:
    """A note that a person wrote, on a line of its own below its item. Plain spaces at a line's start get lost."""
    return f"\n\u2003\u2002_{linked(text)}_"


def points(listed: Sequence[str]) -> str:
    """What somebody wrote below an item, a line each; of many, the first ones. Everything stands in the export."""
    shown = [f"\n\u2003\u2002• {linked(shorten(point, POINT))}" for point in listed[:POINTS]]
    more = len(listed) - len(shown)
    return "".join([*shown, *([f"\n\u2003\u2002… and {more} more"] if more else [])])


def moment(at: datetime, *, with_time: bool = True, zone: str = "UTC") -> str:
    """An instant on the reader's own clock: Slack takes their device's zone. `zone` is used only where Slack shows the fallback."""
    shape = "{date_short_pretty} at {time}" if with_time else "{date_short_pretty}"
    place = "UTC" if zone == "UTC" else f"in {city(zone)}"
    return f"<!date^{at.timestamp():.0f}^{shape}|{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {place}>"


def mention(person_id: str) -> str:
    """Somebody, by a name that Slack shows and that tells them."""
    return f"<@{person_id}>"


def names(people: Sequence[str]) -> str:
    """Names in a row: `Ada`, `Ada and Lee`, `Ada, Lee and Noor`."""
    if len(people) < 2:
        return "".join(people)
    return f"{', '.join(people[:-1])} and {people[-1]}"
