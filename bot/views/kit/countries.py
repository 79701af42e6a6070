"""Countries in a menu that is searched by typing. Its first choice is none, in words that say what none means there."""

from bot.domain.calendar.calendars import choice_name, search_countries
from bot.views import kit
from bot.views.kit import Element, Fields

NONE = "none"


def menu(action_id: str, country: str | None) -> Element:
    """The menu, with the country that is chosen by now."""
    return kit.search_select(action_id, "Type a country, such as Germany", _choice(country) if country else None)


def choices(typed: str, none: str) -> list[Element]:
    """What fits the letters that are typed. `none` is what choosing no country is called."""
    found = [_choice(code) for code in search_countries(typed, limit=kit.OPTIONS - 1)]
    is_meant = typed.strip().casefold() in none.casefold()
    return [kit.option(none, NONE), *found] if is_meant else found


def read(fields: Fields) -> str | None:
    """The country that is chosen in the field `country`, if any."""
    chosen = fields.choice("country")
    return None if chosen == NONE else chosen


def _choice(code: str) -> Element:
    return kit.option(choice_name(code), code)
