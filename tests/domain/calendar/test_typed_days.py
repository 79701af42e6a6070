"""A day that somebody typed, read on Thursday 9 July 2026."""

from datetime import date

import pytest

from bot.domain.calendar import typed_days
from bot.platform.errors import Refusal

TODAY = date(2026, 7, 9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2 Aug", "2026-08-02"),
        ("until 2 Aug", "2026-08-02"),
        ("till Aug 2", "2026-08-02"),
        ("until 2nd of August", "2026-08-02"),
        ("until the 2nd of August 2027", "2027-08-02"),
        ("August 2, 2027", "2027-08-02"),
        ("until Sunday, 2 August", "2026-08-02"),
        ("until 2026-08-02", "2026-08-02"),
        ("until 2.8.", "2026-08-02"),
        ("until 2.8.2027", "2027-08-02"),
        ("until 31/8", "2026-08-31"),
        ("until 8/31", "2026-08-31"),
        ("until 8/8", "2026-08-08"),
        ("until today", "2026-07-09"),
        ("until tomorrow", "2026-07-10"),
        ("until friday", "2026-07-10"),
        ("until Fri", "2026-07-10"),
        ("until this thursday", "2026-07-09"),
        ("until thursday", "2026-07-16"),
        ("until next friday", "2026-07-17"),
        ("until 2 January", "2027-01-02"),
        ("until “friday”", "2026-07-10"),
        ("until 'friday'", "2026-07-10"),
        ("until *friday*", "2026-07-10"),
        ("’til friday", "2026-07-10"),
        ("'til 2 Aug", "2026-08-02"),
        ("until 2026\u201112\u201103", "2026-12-03"),
        ("2026–12–03", "2026-12-03"),
        ("until 2\u00a0Aug", "2026-08-02"),
        ("until ２ Aug", "2026-08-02"),
    ],
)
def test_a_day_is_read_however_people_type_it(typed: str, meant: str) -> None:
    assert typed_days.read(typed, TODAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "until",
        "whenever",
        "2",
        "next week",
        "in two weeks",
        "31 June",
        "2026-13-01",
        "30/30",
        "2 2 Aug",
        "Aug Aug",
        "3–5 Dec",
        "3-5 Dec",
        "3 to 5 Dec",
        "“”",
    ],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert typed_days.read(typed, TODAY) is None


@pytest.mark.parametrize("typed", ["until 2/8", "8/2/2027", "2-8"])
def test_numbers_of_which_each_could_be_the_month_are_refused_with_both_days(typed: str) -> None:
    with pytest.raises(Refusal, match=r"`(2 August|8 February)` or `(8 February|2 August)`"):
        typed_days.read(typed, TODAY)


@pytest.mark.parametrize("typed", ["until 2 March", "until 8 July", "2026-07-08", "2 August 2025"])
def test_a_day_that_is_over_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="is over"):
        typed_days.read(typed, TODAY)


def test_a_day_more_than_half_a_year_back_is_next_years() -> None:
    assert typed_days.read("2 January", TODAY) == date(2027, 1, 2)
    assert typed_days.read("1 April", date(2026, 12, 20)) == date(2027, 4, 1)
    with pytest.raises(Refusal):
        typed_days.read("1 August", date(2026, 12, 20))
