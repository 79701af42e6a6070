"""Time zones by the names that people type: a city, a country, or what everybody calls it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.platform import zones


@dataclass(frozen=True)
class Place:
    """A time zone, and the words by which it was found: `Munich`, `Portland, Maine`."""

    zone: str
    words: str


# Large cities that have no zone of their own name. One name in two places stands twice, each with where it is.
CITIES: Mapping[str, str] = {
    "Europe/Berlin": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Düsseldorf, Leipzig, Dresden, Nuremberg",
    "Europe/London": "Manchester, Edinburgh, Glasgow, Cardiff, Bristol, Leeds, Liverpool, Oxford, Cambridge (England), "
    "Birmingham (England), York, England, Scotland, Wales, UK, United Kingdom, Great Britain",
    "Europe/Dublin": "Cork, Galway",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Nice, Bordeaux, Lille, Nantes",
    "Europe/Madrid": "Barcelona, Valencia (Spain), Seville, Málaga, Malaga, Bilbao",
    "Europe/Rome": "Milan, Milano, Turin, Naples, Florence, Bologna, Venice",
    "Europe/Zurich": "Zürich, Geneva, Basel, Bern, Lausanne",
    "Europe/Amsterdam": "Rotterdam, Utrecht, The Hague, Eindhoven, Holland",
    "Europe/Brussels": "Antwerp, Ghent",
    "Europe/Vienna": "Wien, Graz, Salzburg, Innsbruck",
    "Europe/Warsaw": "Krakow, Kraków, Gdansk, Gdańsk, Wroclaw, Wrocław, Poznan",
    "Europe/Prague": "Brno, Czech Republic",
    "Europe/Lisbon": "Porto",
    "Europe/Stockholm": "Gothenburg, Malmö, Malmo",
    "Europe/Copenhagen": "Aarhus",
    "Europe/Oslo": "Bergen",
    "Europe/Helsinki": "Tampere, Espoo",
    "Europe/Moscow": "Saint Petersburg",
    "Europe/Istanbul": "Ankara, Izmir, Turkey",
    "Europe/Kyiv": "Lviv, Kharkiv",
    "Asia/Kolkata": "Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad (India), Pune, Ahmedabad",
    "Asia/Karachi": "Lahore, Islamabad, Hyderabad (Pakistan)",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Hangzhou, Chengdu",
    "Asia/Tokyo": "Osaka, Kyoto, Yokohama",
    "Asia/Seoul": "Busan, Korea",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Dubai": "Abu Dhabi, UAE, Emirates",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, San Jose (California), Portland (Oregon), Las Vegas, Oakland, "
    "Bay Area, California, Pacific time",
    "America/Denver": "Salt Lake City, Albuquerque, Boulder, Mountain time",
    "America/Chicago": "Austin, Dallas, Houston, San Antonio, Minneapolis, New Orleans, Nashville, Milwaukee, St. Louis, Texas, "
    "Birmingham (Alabama), Central time",
    "America/New_York": "Boston, Washington, Philadelphia, Miami, Atlanta, Pittsburgh, Baltimore, Charlotte, Raleigh, "
    "Portland (Maine), Cambridge (Massachusetts), Georgia (United States), NYC, Florida, Eastern time",
    "Asia/Tbilisi": "Georgia (the country)",
    "America/Costa_Rica": "San Jose (Costa Rica)",
    "America/Caracas": "Valencia (Venezuela)",
    "America/Toronto": "Montreal, Montréal, Ottawa, Quebec, London (Ontario)",
    "America/Vancouver": "Victoria",
    "America/Edmonton": "Calgary",
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte, Curitiba",
    "America/Bogota": "Medellin, Medellín, Cali",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria",
    "Africa/Lagos": "Abuja",
    "Africa/Cairo": "Alexandria",
    "Australia/Sydney": "Canberra, Newcastle (Australia)",
    "Pacific/Auckland": "Wellington, Christchurch",
}


def search(text: str, *, limit: int = 100) -> list[Place]:
    """Where this may be, the likeliest first, each zone once. 100 is what a Slack menu takes."""
    wanted = _key(text)
    if not wanted:
        return [Place(zone, _words(zone)) for zone in sorted(zones.names())[:limit]]
    found = [
        (_rank(key, wanted), place.zone not in _current(), place.words, place)
        for key, places in _names().items()
        if any(word.startswith(wanted) for word in _tails(key)) or (len(wanted) > 2 and wanted in key)
        for place in places
    ]
    by_zone: dict[str, Place] = {}
    for *_, place in sorted(found, key=lambda each: each[:3]):
        by_zone.setdefault(place.zone, place)
    return list(by_zone.values())[:limit]


def _rank(key: str, wanted: str) -> int:
    """The name itself, or a name of which there are two; then what begins so; then a later word that does."""
    if key == wanted or key.partition(" (")[0] == wanted:
        return 0
    return 1 if key.startswith(wanted) else 2 if f" {wanted}" in key else 3


def _tails(key: str) -> list[str]:
    words = key.split()
    return [" ".join(words[place:]) for place in range(len(words))]


@cache
def _names() -> Mapping[str, list[Place]]:
    """Every name of a place: cities with a zone of their own, large ones without, and countries with all their zones."""
    names: dict[str, list[Place]] = defaultdict(list)
    for zone in sorted(zones.names()):
        names[_key(zone.rpartition("/")[2])].append(Place(zone, _words(zone)))
        names[_key(zone.replace("/", " "))].append(Place(zone, _words(zone)))
    for zone, cities in CITIES.items():
        for city in cities.split(", "):
            names[_key(city)].append(Place(zone, f"{city} · {_words(zone)}"))
    countries = {row[0]: row[1] for row in _rows("iso3166.tab")}
    for codes, zone in ((row[0], row[2]) for row in _rows("zone1970.tab")):
        for code in codes.split(","):
            names[_key(countries[code])].append(Place(zone, f"{countries[code]} · {_words(zone)}"))
            if code in ("US", "GB"):
                names["usa" if code == "US" else "britain"].append(Place(zone, _words(zone)))
    return names


@cache
def _current() -> frozenset[str]:
    """The zones that stand for themselves; others are earlier names of one of these."""
    return frozenset({"UTC", *(row[2] for row in _rows("zone1970.tab"))})


def _rows(name: str) -> list[tuple[str, ...]]:
    table = (resources.files("tzdata") / "zoneinfo" / name).read_text("utf-8")
    return [tuple(line.split("\t")) for line in table.splitlines() if line and not line.startswith("#")]


def _words(zone: str) -> str:
    return zone.replace("_", " ")


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("/", " ").split())
