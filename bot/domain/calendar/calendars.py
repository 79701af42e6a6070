"""Which days people work: the company's weekend and the public holidays of a country, which the `holidays` library knows."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.platform.errors import Refusal
from models.company import WEEKEND

MOST_DAYS_OFF = 60  # in a row, weekends and holidays together; no calendar has that many
A_YEAR = 2026  # whether parts differ is the same in any
# What people type who don't mean the library's name.
USUAL: Mapping[str, str] = {
    **dict.fromkeys(("uk", "britain", "great britain"), "GB"),
    "england": "GB-ENG",
    "scotland": "GB-SCT",
    "wales": "GB-WLS",
    "northern ireland": "GB-NIR",
    **dict.fromkeys(("usa", "america", "united states of america"), "US"),
    "deutschland": "DE",
    "bavaria": "DE-BY",
    "saxony": "DE-SN",
    "hesse": "DE-HE",
    "thuringia": "DE-TH",
    "lower saxony": "DE-NI",
    "north rhine-westphalia": "DE-NW",
    "nrw": "DE-NW",
    "rhineland-palatinate": "DE-RP",
    "österreich": "AT",
    "schweiz": "CH",
    "suisse": "CH",
    "holland": "NL",
    "nederland": "NL",
    "españa": "ES",
    "italia": "IT",
    "brasil": "BR",
    "korea": "KR",
    "turkey": "TR",
    "türkiye": "TR",
    "czech republic": "CZ",
    "uae": "AE",
    "emirates": "AE",
    "polska": "PL",
    "sverige": "SE",
    "norge": "NO",
    "danmark": "DK",
    "suomi": "FI",
}
COUNTRY = re.compile(r"[A-Z]{2}(?:-\w{1,7})?")


@dataclass(frozen=True)
class Calendar:
    """The working days of a company, and of a country where one is given: `DE`, or a part of one, `DE-BY`.

    `weekend` holds the weekdays on which nobody works, as digits; 0 is Monday.
    """

    weekend: str = WEEKEND
    country: str | None = None

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return str(day.weekday()) not in self.weekend and self.holiday(day) is None

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday on this day, in English where the library has it."""
        return _holidays(self.country, day.year).get(day) if self.country else None

    def working_day(self, day: date) -> date:
        """`day` itself or the first working day after it."""
        return self._step(day, 1)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self._step(day + timedelta(days=1), 1)

    def working_day_number(self, number: int, day: date) -> date:
        """The first, second or third … working day from `day` on, which counts if it is one."""
        found = self.working_day(day)
        for _ in range(number - 1):
            found = self.next_working_day(found)
        return found

    def working_days(self, first: date, last: date) -> int:
        """How many working days there are from the first day to the last, both included."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return sum(map(self.is_working_day, days))

    def working_days_before(self, day: date, count: int) -> date:
        """The working day that has `count - 1` others between itself and `day`."""
        for _ in range(count):
            day = self._step(day - timedelta(days=1), -1)
        return day

    def _step(self, day: date, days: int) -> date:
        for _ in range(MOST_DAYS_OFF):
            if self.is_working_day(day):
                return day
            day += timedelta(days=days)
        return day


def known_country(code: str | None) -> str | None:
    """`code`, if it is a country or a part of one whose holidays are known. Raises Refusal otherwise."""
    if code is None or code in _names():
        return code
    raise Refusal("Choose a country from the list: type its name, such as Germany.", field="country")


def country_name(code: str) -> str:
    """A country in words: `Germany`, or `Germany, Bayern` for a part of it."""
    return _names().get(code, code)


def choice_name(code: str) -> str:
    """The same as a choice: where the parts of a country differ, its own name says that only what all share is meant."""
    return f"{country_name(code)} – only what all its parts share" if parts_differ(code) else country_name(code)


def parts_of(code: str) -> list[str]:
    """The codes of a country's parts by their names, where they have different holidays; none for another country."""
    if not code or "-" in code or code not in _names() or not parts_differ(code):
        return []
    return sorted((each for each in _names() if each.startswith(f"{code}-")), key=lambda each: _names()[each])


def search_countries(text: str, *, limit: int = 100) -> list[str]:
    """The codes of countries and parts with `text` in their name or code, those that begin with it first.

    100 is what a Slack menu takes.
    """
    wanted = text.strip().casefold()
    usual = {code for name, code in USUAL.items() if wanted and name.startswith(wanted)}
    found = [
        code
        for code, name in _names().items()
        if wanted in name.casefold() or code.casefold().startswith(wanted) or code in usual
    ]
    return sorted(found, key=lambda code: (_rank(code, wanted, usual), _names()[code]))[:limit]


def _rank(code: str, wanted: str, usual: Collection[str]) -> int:
    """What is called exactly so, or usually; then what begins so; then a part whose own name does; then the rest."""
    name = _names()[code].casefold()
    if wanted in (name, code.casefold()) or code in usual:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if name.partition(", ")[2].startswith(wanted) else 3


@cache
def parts_differ(code: str) -> bool:
    """Whether some part of a country has holidays that other parts don't have."""
    import holidays

    parts = holidays.list_supported_countries(include_aliases=False).get(code, [])
    whole = set(_holidays(code, A_YEAR))
    return any(
        set(_holidays(f"{code}-{part}", A_YEAR)) != whole for part in parts if COUNTRY.fullmatch(f"{code}-{part}")
    )


@cache
def _holidays(country: str, year: int) -> Mapping[date, str]:
    if country not in _names():
        return {}  # a later version of the library may know a part of a country no more
    code, _, part = country.partition("-")
    import holidays  # not at the top: who chose no country starts faster without it, and smaller

    return dict(holidays.country_holidays(code, subdiv=part or None, years=year, language="en_US"))


@cache
def _names() -> Mapping[str, str]:
    import holidays
    from holidays.registry import COUNTRIES

    written = {entry[1]: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry[0]) for entry in COUNTRIES.values()}
    names = {}
    for code, parts in holidays.list_supported_countries(include_aliases=False).items():
        names[code] = written.get(code, code)
        in_words = _parts(code)
        for part in parts:
            if COUNTRY.fullmatch(f"{code}-{part}"):
                names[f"{code}-{part}"] = f"{names[code]}, {in_words.get(part, part)}"
    return names


def _parts(country: str) -> Mapping[str, str]:
    """The names of a country's parts by their codes; the longest, for some aliases are other codes."""
    import holidays

    aliases: Mapping[str, str] = getattr(getattr(holidays, country), "subdivisions_aliases", {})
    return {code: name for name, code in sorted(aliases.items(), key=lambda alias: len(alias[0]))}
