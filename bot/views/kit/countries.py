"""Countries in a menu that is searched by typing. Its first choice is none, in words that say what none means there."""

from bot.domain.calendar.calendars import choice_name, country_name, parts_of, search_countries
from bot.platform.errors import Outdated
from bot.views import kit
from bot.views.kit import Block, Element, Fields

NONE = "none"
PART = "part"  # of a country, whose own holidays differ from those of other parts


def menu(action_id: str, country: str | None) -> Element:
    """The menu, with the country that is chosen by now."""
    return kit.search_select(action_id, "Type a country, such as Germany", _choice(country) if country else None)


def choices(typed: str, none: str) -> list[Element]:
    """What fits the letters that are typed. `none` is what choosing no country is called."""
    found = [_choice(code) for code in search_countries(typed, limit=kit.OPTIONS - 1)]
    is_meant = typed.strip().casefold() in none.casefold()
    return [kit.option(none, NONE), *found] if is_meant else found


def part_field(country: str | None, action_id: str, *, tells: bool = False) -> list[Block]:
    """Asks for the part of a country whose parts have different holidays; nothing for another one."""
    whole = (country or "").partition("-")[0]
    parts = parts_of(whole)
    if not parts:
        return []
    name = country_name(whole)
    common = kit.option("I don't know: only shared holidays", whole)  # longer words are cut on a phone
    found = [kit.option(kit.shorten(country_name(code).partition(", ")[2], kit.OPTION_TEXT), code) for code in parts]
    choice = kit.select(action_id, [common, *found[: kit.OPTIONS - 1]], country)
    label = kit.shorten(f"Which part of {name}?", 200)
    # Another country has another field: what was chosen for the one before does not stay.
    return [kit.field(f"{PART}_{whole}", label, choice, hint="Its parts have different public holidays.", tells=tells)]


def read(fields: Fields) -> str | None:
    """The country that is chosen in the field `country`, if any, or the part of it that is."""
    chosen = fields.choice("country")
    if chosen is None or chosen == NONE:
        return None
    part = fields.choice(f"{PART}_{chosen.partition('-')[0]}")
    return part or chosen


def with_part(blocks: list[Block], country: str | None, action_id: str, *, tells: bool = False) -> list[Block]:
    """These blocks of a form, with the part of the country that is chosen by now asked for below it.

    Raises Outdated for a form that asks for no country.
    """
    rest = [block for block in blocks if not block["block_id"].startswith(f"{PART}_")]
    names = [block["block_id"] for block in rest]
    if "country" not in names:
        raise Outdated
    place = names.index("country") + 1
    return [*rest[:place], *part_field(country, action_id, tells=tells), *rest[place:]]


def _choice(code: str) -> Element:
    return kit.option(choice_name(code), code)
