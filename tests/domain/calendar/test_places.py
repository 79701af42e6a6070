"""Time zones and countries are found by the names that people type."""

import pytest

from bot.domain.calendar import calendars, places
from bot.platform.zones import names


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("germany", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("india", "Asia/Kolkata"),
        ("bangalore", "Asia/Kolkata"),
        ("uk", "Europe/London"),
        ("united kingdom", "Europe/London"),
        ("britain", "Europe/London"),
        ("london", "Europe/London"),
        ("san francisco", "America/Los_Angeles"),
        ("boston", "America/New_York"),
        ("nyc", "America/New_York"),
        ("new york", "America/New_York"),
        ("texas", "America/Chicago"),
        ("tel aviv", "Asia/Jerusalem"),
        ("beijing", "Asia/Shanghai"),
        ("japan", "Asia/Tokyo"),
        ("holland", "Europe/Amsterdam"),
        ("cape town", "Africa/Johannesburg"),
        ("utc", "UTC"),
        ("America/Los_Angeles", "America/Los_Angeles"),
    ],
)
def test_the_usual_name_of_a_place_finds_its_zone_first(typed: str, zone: str) -> None:
    assert places.search(typed)[0].zone == zone


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("portland", {"America/Los_Angeles": "Portland (Oregon)", "America/New_York": "Portland (Maine)"}),
        ("cambridge", {"Europe/London": "Cambridge (England)", "America/New_York": "Cambridge (Massachusetts)"}),
        ("birmingham", {"Europe/London": "Birmingham (England)", "America/Chicago": "Birmingham (Alabama)"}),
        ("georgia", {"Asia/Tbilisi": "Georgia", "America/New_York": "Georgia (United States)"}),
        ("hyderabad", {"Asia/Kolkata": "Hyderabad (India)", "Asia/Karachi": "Hyderabad (Pakistan)"}),
    ],
)
def test_of_a_name_that_is_in_two_places_both_are_offered_with_where_they_are(
    typed: str, zones: dict[str, str]
) -> None:
    found = {place.zone: place.words for place in places.search(typed)[: len(zones)]}
    assert found.keys() == zones.keys()
    assert all(found[zone].startswith(words) for zone, words in zones.items())


def test_a_country_with_several_zones_offers_all_of_them() -> None:
    found = {place.zone for place in places.search("usa")}
    assert {"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"} <= found


def test_each_zone_is_offered_once_and_all_of_them_exist() -> None:
    for typed in ("", "a", "berlin", "new", "america"):
        found = [place.zone for place in places.search(typed)]
        assert len(found) == len(set(found)) <= 100
    assert set(places.CITIES) <= names()


def test_nonsense_finds_nothing() -> None:
    assert places.search("Atlantis") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(
            ("uk", "GB"),
            ("britain", "GB"),
            ("england", "GB-ENG"),
            ("scotland", "GB-SCT"),
            ("usa", "US"),
            ("america", "US"),
        ),
        *(("india", "IN"), ("germany", "DE"), ("deutschland", "DE"), ("bavaria", "DE-BY"), ("bayern", "DE-BY")),
        *(("holland", "NL"), ("korea", "KR"), ("texas", "US-TX"), ("california", "US-CA"), ("österreich", "AT")),
    ],
)
def test_the_usual_name_of_a_country_or_a_part_finds_it_first(typed: str, code: str) -> None:
    assert calendars.search_countries(typed)[0] == code


@pytest.mark.parametrize(("country", "part"), [("DE", "DE-BY"), ("GB", "GB-ENG"), ("US", "US-TX")])
def test_where_parts_differ_the_country_alone_says_that_only_what_all_share_is_meant(country: str, part: str) -> None:
    found = calendars.search_countries(calendars.country_name(country))
    assert part in found
    assert "only what all its parts share" in calendars.choice_name(country)
    assert "only" not in calendars.choice_name(part)


def test_where_no_part_differs_a_country_is_just_called_so() -> None:
    assert calendars.choice_name("JP") == "Japan"


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("DE-BY", "2026-11-01", "All Saints"),
        ("DE-SL", "2026-08-15", "Assumption"),
        ("GB-ENG", "2026-04-06", "Easter Monday"),
    ],
)
def test_the_holidays_of_a_part_are_kept(code: str, day: str, name: str) -> None:
    from datetime import date

    assert name in (calendars.Calendar(country=code).holiday(date.fromisoformat(day)) or "")
    assert calendars.Calendar(country=code[:2]).holiday(date.fromisoformat(day)) is None
