"""When somebody is asked what: laws that hold for every rhythm, place and year, and a few days that people know."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.domain.calendar import asking_times, cadence, calendars, gathering
from bot.domain.calendar.asking_times import Occurrence, Whereabouts
from bot.domain.calendar.cadence import Cadence, Dates, PromptKind
from bot.domain.calendar.calendars import Calendar
from bot.domain.calendar.gathering import Voice
from bot.domain.rhythm.known import LOOKS_BACK
from bot.domain.sprints import sprints
from bot.platform.errors import Refusal
from tests.which import examples

laws = settings(
    derandomize=True, deadline=None, max_examples=examples(100), suppress_health_check=[HealthCheck.filter_too_much]
)

ZONES = sorted(available_timezones())
COUNTRIES = calendars.search_countries("", limit=10_000)
WEEKENDS = ("56", "45", "456", "6", "4", "")
A_DAY = timedelta(days=1)
FIRST, LAST = date(2024, 1, 1), date(2034, 12, 31)


# --- every rhythm, place and year -------------------------------------------------------------------------------


def daytimes() -> st.SearchStrategy[time]:
    """Any minute of the day that a lead may choose."""
    minutes = st.integers(cadence.MORNING.hour * 60, cadence.EVENING.hour * 60)
    return minutes.map(lambda minute: time(minute // 60, minute % 60))


def countries() -> st.SearchStrategy[str | None]:
    """Any country or part of one, or none."""
    return st.none() | st.sampled_from(COUNTRIES)


def places(*, with_holidays: bool = True) -> st.SearchStrategy[Whereabouts]:
    """Where somebody may be."""
    return st.builds(Whereabouts, st.sampled_from(ZONES), countries() if with_holidays else st.none())


@st.composite
def rhythms(draw: st.DrawFn, *, with_holidays: bool = True) -> Cadence:
    """Any rhythm that a lead may choose, in any company."""
    weeks = draw(st.sampled_from((1, 2)))
    country = draw(countries()) if with_holidays else None
    return Cadence(
        anchor_on=draw(st.dates(FIRST, LAST)),
        weeks=weeks,
        zone=draw(st.sampled_from(ZONES)),
        calendar=Calendar(draw(st.sampled_from(WEEKENDS)), country),
        turn_days=draw(st.integers(0, 3)),
        turn_at=draw(daytimes()),
        reminder_at=draw(daytimes()),
        nudge_at=draw(daytimes()),
    )


def consecutive(rhythm: Cadence, count: int = 6) -> list[Dates]:
    """The first sprints of a rhythm that are held."""
    found = [rhythm.dates_from(cadence.start_of(rhythm, rhythm.anchor_on))]
    while len(found) < count:
        found.append(rhythm.dates_from(found[-1].next_on))
    return found


def asked_of(rhythm: Cadence, who: Whereabouts, count: int = 6) -> list[Occurrence]:
    """What somebody is asked about these sprints."""
    return [each for dates in consecutive(rhythm, count) for each in asking_times.occurrences(rhythm, dates, who)]


def time_of(rhythm: Cadence, kind: PromptKind) -> time:
    """The time of day that the lead chose for it."""
    return {PromptKind.TURN: rhythm.turn_at, PromptKind.REMINDER: rhythm.reminder_at}[kind]


def calendar_of(rhythm: Cadence, who: Whereabouts) -> Calendar:
    """The days on which this person works."""
    return Calendar(rhythm.calendar.weekend, who.country or rhythm.calendar.country)


def moment(day: date, at: time, zone: str) -> datetime:
    """An instant, by a calendar and a clock on a wall."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@laws
@given(rhythms(with_holidays=False), places(with_holidays=False))
def test_everybody_gets_one_turn_and_at_most_one_reminder_a_sprint(rhythm: Cadence, who: Whereabouts) -> None:
    for dates in consecutive(rhythm):
        found = [each.kind for each in asking_times.occurrences(rhythm, dates, who)]
        assert found == [PromptKind.TURN, PromptKind.REMINDER]


@laws
@given(rhythms(), places())
def test_nobody_is_asked_the_same_thing_twice_on_one_day(rhythm: Cadence, who: Whereabouts) -> None:
    found = Counter((each.kind, each.on) for each in asked_of(rhythm, who))
    assert not [day for day, times in found.items() if times > 1]


@laws
@given(rhythms(), places())
def test_a_sprint_has_three_working_days_at_least_and_runs_on_through_shorter_ones(
    rhythm: Cadence, who: Whereabouts
) -> None:
    sprints_held = consecutive(rhythm)
    for dates, following in pairwise(sprints_held):
        first_weeks = dates.starts_on + timedelta(weeks=rhythm.weeks) - A_DAY
        assert _working(rhythm, dates.starts_on, first_weeks) >= 3
        assert dates.next_on == following.starts_on
        between = dates.starts_on + timedelta(weeks=rhythm.weeks)
        while between < following.starts_on:
            assert _working(rhythm, between, between + timedelta(weeks=rhythm.weeks) - A_DAY) < 3
            between += timedelta(weeks=rhythm.weeks)


def _working(rhythm: Cadence, first: date, last: date) -> int:
    days = [first + number * A_DAY for number in range((last - first).days + 1)]
    return sum(rhythm.calendar.is_working_day(day) for day in days)


@laws
@given(rhythms(), places())
def test_the_turn_is_on_ones_own_last_working_day_and_the_reminder_on_the_next_one(
    rhythm: Cadence, who: Whereabouts
) -> None:
    works = calendar_of(rhythm, who).is_working_day
    for before, dates in pairwise(consecutive(rhythm, 4)):
        found = {each.kind: each.on for each in asking_times.occurrences(rhythm, dates, who)}
        opens = rhythm.opens_on(dates.starts_on)
        assert before.starts_on < opens < dates.starts_on
        if PromptKind.TURN in found:
            turn = found[PromptKind.TURN]
            assert turn <= opens
            assert not any(works(turn + number * A_DAY) for number in range(1, (opens - turn).days + 1))
        if PromptKind.REMINDER in found:
            since = found.get(PromptKind.TURN, opens - A_DAY)
            reminder = found[PromptKind.REMINDER]
            assert not any(works(since + number * A_DAY) for number in range(1, (reminder - since).days))


@laws
@given(rhythms(), places())
def test_it_is_the_time_that_was_chosen_on_the_wall_of_whoever_is_asked(rhythm: Cadence, who: Whereabouts) -> None:
    for each in asked_of(rhythm, who, 3):
        there = each.at.astimezone(ZoneInfo(who.zone))
        assert (there.date(), there.time()) == (each.on, time_of(rhythm, each.kind))
        assert cadence.MORNING <= there.time() <= cadence.EVENING
        gone = each.expires_at(who.zone).astimezone(ZoneInfo(who.zone))
        assert there < gone <= datetime.combine(each.on, asking_times.NIGHT, gone.tzinfo)


@laws
@given(rhythms(), places())
def test_nobody_is_asked_on_a_weekend_or_on_their_own_public_holiday(rhythm: Cadence, who: Whereabouts) -> None:
    calendar = calendar_of(rhythm, who)
    for each in asked_of(rhythm, who):
        assert str(each.on.weekday()) not in rhythm.calendar.weekend
        assert calendar.holiday(each.on) is None


@laws
@given(rhythms(), places())
def test_a_turn_is_over_before_the_next_one_comes(rhythm: Cadence, who: Whereabouts) -> None:
    for dates, following in pairwise(consecutive(rhythm, 4)):
        closes_at = cadence.closing(dates.starts_on, rhythm.zone, rhythm.calendar)
        closes_on = cadence.local_date(closes_at, rhythm.zone)
        assert closes_on <= rhythm.opens_on(following.starts_on)
        asked = [each.on for each in asking_times.occurrences(rhythm, following, who)]
        assert all(closes_on <= day for day in asked)


@laws
@given(st.sampled_from(ZONES), st.integers(2024, 2034), daytimes())
def test_the_hour_is_right_on_the_days_on_which_clocks_change_and_around_them(zone: str, year: int, at: time) -> None:
    for changed in _changes(zone, year):
        for day in (changed - A_DAY, changed, changed + A_DAY):
            # Without a weekend a sprint's last day may be any day.
            rhythm = Cadence(day - timedelta(days=6), 1, "UTC", Calendar(""), turn_at=at)
            found = asking_times.occurrences(rhythm, consecutive(rhythm)[1], Whereabouts(zone))
            there = found[0].at.astimezone(ZoneInfo(zone))
            assert (there.date(), there.time()) == (day, at)


def _changes(zone: str, year: int) -> Iterator[date]:
    noons = (datetime(year, 1, 1, 12, tzinfo=UTC) + number * A_DAY for number in range(366))
    before = None
    for noon in noons:
        offset = noon.astimezone(ZoneInfo(zone)).utcoffset()
        if before is not None and offset != before:
            yield noon.date()
        before = offset


@laws
@given(rhythms(), places(), st.sampled_from(ZONES), st.integers(-10 * 24, 20 * 24))
def test_who_moves_to_another_zone_is_asked_everything_once(
    rhythm: Cadence, who: Whereabouts, zone: str, hours: int
) -> None:
    there = replace(who, zone=zone)
    moved_at = datetime.combine(rhythm.anchor_on, time(), UTC) + timedelta(hours=hours)
    before = [each for each in asked_of(rhythm, who, 3) if each.at <= moved_at]
    after = [each for each in asked_of(rhythm, there, 3) if each.at > moved_at - LOOKS_BACK]
    asked = Counter({(each.kind, each.starts_on) for each in [*before, *after]})
    in_peace = {(each.kind, each.starts_on) for each in asked_of(rhythm, who, 3)}
    in_peace &= {(each.kind, each.starts_on) for each in asked_of(rhythm, there, 3)}
    assert asked.keys() >= in_peace  # and a key is posted once


@laws
@given(rhythms(), places(), st.integers(-10 * 24, 20 * 24))
def test_a_rhythm_that_is_chosen_after_the_turn_asks_at_once_in_working_hours_or_waits_for_the_next(
    rhythm: Cadence, who: Whereabouts, hours: int
) -> None:
    since = datetime.combine(rhythm.anchor_on, time(), UTC) + timedelta(hours=hours)
    for dates in consecutive(rhythm, 3):
        usual, found = (asking_times.occurrences(rhythm, dates, who, since=each) for each in (None, since))
        if not usual or usual[0].at >= since:
            assert found == usual
            continue
        assert [each.kind for each in found] in ([], [PromptKind.TURN], [PromptKind.TURN, PromptKind.REMINDER])
        for each in found[:1]:
            there = each.at.astimezone(ZoneInfo(who.zone))
            assert since <= each.at
            assert cadence.HELLO <= there.time() <= cadence.GOODBYE
            ahead = _working(rhythm, max(each.on, dates.starts_on), dates.ends_on)
            assert 2 * ahead >= _working(rhythm, dates.starts_on, dates.ends_on)


# --- the order ----------------------------------------------------------------------------------------------------


@st.composite
def turns(draw: st.DrawFn) -> tuple[Cadence, Dates, list[Voice]]:
    """Any turn of any team: members anywhere, who answer or not, and whose reminders arrive or not."""
    rhythm = draw(rhythms())
    dates = consecutive(rhythm, 3)[2]
    found = []
    for _ in range(draw(st.integers(1, 6))):
        asked = asking_times.occurrences(rhythm, dates, draw(places()))
        reminder = next((each for each in asked if each.kind is PromptKind.REMINDER), None)
        late = timedelta(minutes=draw(st.integers(0, 12 * 60)))
        delivered = reminder.at + late if reminder and draw(st.booleans()) else None
        answered, out, lost = (draw(st.booleans()) for _ in range(3))
        found.append(Voice(answered, out, reminder, delivered, is_lost=lost and delivered is None))
    return rhythm, dates, found


@settings(laws)
@given(turns(), st.integers(0, 24 * 10), st.integers(0, 24 * 10))
def test_a_turn_that_is_to_be_over_at_a_moment_is_looked_at_then_whatever_became_of_the_rhythm(
    turn: tuple[Cadence, Dates, list[Voice]], hours: int, more: int
) -> None:
    rhythm, dates, voices = turn
    now = moment(rhythm.opens_on(dates.starts_on), time(), rhythm.zone) + timedelta(hours=hours)
    over_at = now + timedelta(hours=more)
    found = gathering.of(voices, rhythm, dates, since=None, now=now, closes_at=over_at)
    assert found.look_at <= over_at
    assert found.at is None or found.at <= over_at


@settings(laws, max_examples=examples(400))
@given(turns(), st.integers(0, 24 * 10))
def test_no_reveal_before_all_have_answered_or_the_last_waited_for_reminder_is_two_hours_old(
    turn: tuple[Cadence, Dates, list[Voice]], hours: int
) -> None:
    rhythm, dates, voices = turn
    now = moment(rhythm.opens_on(dates.starts_on), time(), rhythm.zone) + timedelta(hours=hours)
    found = gathering.of(voices, rhythm, dates, since=None, now=now)
    first_day = rhythm.calendar.working_day(dates.starts_on)
    over = now >= cadence.closing(dates.starts_on, rhythm.zone, rhythm.calendar)
    waited = [
        each
        for each in voices
        if not (each.answered or each.is_out or each.is_lost) and each.reminder and each.reminder.on <= first_day
    ]
    if found.at is None or found.at > now:
        assert not over
        assert found.look_at > now or found.at is not None
    if found.at is not None and not over:
        for each in waited:
            assert each.reminded_at is not None
            assert found.at >= each.reminded_at + timedelta(hours=2)
        if not waited and not any(each.answered for each in voices):
            assert found.at == moment(first_day, time(11), rhythm.zone)
    if over:
        assert found.at == now


@dataclass(frozen=True)
class Stored:
    """What is known of a sprint that planning has opened for, or that ran."""

    id: int
    starts_on: date
    ends_on: date
    over_at: datetime
    finalized_at: datetime | None
    closed_at: datetime | None = None


def stored(rhythm: Cadence, all_dates: list[Dates], *, final: bool) -> list[Stored]:
    """These sprints as they stand in the table, all plans before the last one final or not."""
    rows = []
    for number, dates in enumerate(all_dates):
        is_final = final and number < len(all_dates) - 1
        finalized_at = datetime.combine(dates.starts_on, time(), UTC) if is_final else None
        rows.append(Stored(number, dates.starts_on, dates.ends_on, dates.over_at(rhythm.zone), finalized_at))
    return rows


@laws
@given(rhythms(), places(), st.booleans(), st.integers(0, 99))
def test_from_the_moment_planning_opens_until_its_turn_a_sprint_is_the_one_to_plan(
    rhythm: Cadence, who: Whereabouts, final: bool, when: int
) -> None:
    *before, dates = consecutive(rhythm, 4)
    opened = [each for each in asking_times.occurrences(rhythm, dates, who) if each.kind is PromptKind.TURN]
    until = moment(rhythm.turns_on(dates), time(), rhythm.zone)
    assume(opened and opened[0].at < until)
    now = opened[0].at + (until - opened[0].at) * when / 100
    rows = stored(rhythm, [*before, dates], final=final)
    assert sprints.to_plan(rows, rhythm, now).dates == dates


@laws
@given(rhythms(), st.booleans(), st.integers(0, 99))
def test_the_day_that_planning_opens_the_next_sprint_is_meant_though_nothing_of_it_is_written(
    rhythm: Cadence, final: bool, when: int
) -> None:
    *before, dates = consecutive(rhythm, 4)
    start, until = (
        moment(day, time(), rhythm.zone) for day in (rhythm.opens_on(dates.starts_on), rhythm.turns_on(dates))
    )
    now = start + (until - start) * when / 100
    assert sprints.to_plan(stored(rhythm, before, final=final), rhythm, now).dates == dates
    assert sprints.to_plan([], rhythm, now).dates == dates


# --- days that people know --------------------------------------------------------------------------------------

BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"
MONDAY_30_NOVEMBER = date(2026, 11, 30)


def days_of(rhythm: Cadence, who: Whereabouts, starts_on: date) -> dict[PromptKind, date]:
    """When this person is asked what about a sprint."""
    return {each.kind: each.on for each in asking_times.occurrences(rhythm, rhythm.dates_from(starts_on), who)}


def test_the_turn_to_a_sprint_from_a_monday_is_on_friday() -> None:
    rhythm = Cadence(date(2026, 7, 13), 2, BERLIN)
    assert days_of(rhythm, Whereabouts(BERLIN), date(2026, 7, 13)) == {
        PromptKind.TURN: date(2026, 7, 10),
        PromptKind.REMINDER: date(2026, 7, 13),
    }
    early = replace(rhythm, turn_days=2)
    assert days_of(early, Whereabouts(BERLIN), date(2026, 7, 13)) == {
        PromptKind.TURN: date(2026, 7, 8),
        PromptKind.REMINDER: date(2026, 7, 9),
    }


def test_the_turn_to_a_sprint_that_starts_on_a_wednesday_is_on_tuesday() -> None:
    rhythm = Cadence(date(2026, 7, 15), 1, BERLIN)
    assert rhythm.dates_from(date(2026, 7, 15)) == Dates(date(2026, 7, 15), date(2026, 7, 21))
    assert days_of(rhythm, Whereabouts(BERLIN), date(2026, 7, 22)) == {
        PromptKind.TURN: date(2026, 7, 21),
        PromptKind.REMINDER: date(2026, 7, 22),
    }


def test_people_in_auckland_berlin_and_new_york_are_asked_at_ten_of_their_own() -> None:
    rhythm = Cadence(MONDAY_30_NOVEMBER, 1, BERLIN)
    dates = cadence.sprint_dates(MONDAY_30_NOVEMBER, 1)
    first = [asking_times.occurrences(rhythm, dates, Whereabouts(zone))[0].at for zone in (AUCKLAND, BERLIN, NEW_YORK)]
    assert first == [
        datetime(2026, 11, 26, 21, tzinfo=UTC),
        datetime(2026, 11, 27, 9, tzinfo=UTC),
        datetime(2026, 11, 27, 15, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("zone", "sunday", "hour"),
    [
        (BERLIN, date(2026, 3, 29), 8),
        (BERLIN, date(2026, 10, 25), 9),
        (NEW_YORK, date(2026, 3, 8), 14),
        (NEW_YORK, date(2026, 11, 1), 15),
    ],
)
def test_ten_is_ten_on_the_sunday_on_which_clocks_change(zone: str, sunday: date, hour: int) -> None:
    rhythm = Cadence(sunday, 1, zone, Calendar("45"), reminder_at=time(10))
    reminder = asking_times.occurrences(rhythm, rhythm.dates_from(sunday), Whereabouts(zone))[-1]
    assert reminder.at == datetime.combine(sunday, time(hour), UTC)


def test_a_holiday_of_ones_own_moves_the_turn_to_ones_working_day_before() -> None:
    rhythm = Cadence(date(2026, 12, 28), 2, BERLIN)
    ada, lee = Whereabouts(BERLIN), Whereabouts("Europe/London", "GB-ENG")
    of_ada, of_lee = (days_of(rhythm, who, date(2026, 12, 28)) for who in (ada, lee))
    assert (of_ada[PromptKind.TURN], of_ada[PromptKind.REMINDER]) == (date(2026, 12, 25), date(2026, 12, 28))
    # Christmas Day is Lee's holiday, and so is Monday the 28th.
    assert (of_lee[PromptKind.TURN], of_lee[PromptKind.REMINDER]) == (date(2026, 12, 24), date(2026, 12, 29))
    assert rhythm.waits_until(rhythm.dates_from(date(2026, 12, 28)), None) == date(2026, 12, 28)


def test_the_last_working_day_is_one_of_the_teams_country() -> None:
    germany = Cadence(date(2026, 5, 4), 2, BERLIN, Calendar(country="DE"))
    assert days_of(germany, Whereabouts(BERLIN), date(2026, 5, 4))[PromptKind.TURN] == date(2026, 4, 30)  # 1 May
    nowhere = replace(germany, calendar=Calendar())
    assert days_of(nowhere, Whereabouts(BERLIN), date(2026, 5, 4))[PromptKind.TURN] == date(2026, 5, 1)


def test_in_golden_week_a_tokyo_member_of_a_berlin_team_is_asked_before_and_waited_for_no_longer() -> None:
    berlin = Cadence(date(2026, 5, 4), 1, BERLIN)
    yuki = days_of(berlin, Whereabouts("Asia/Tokyo", "JP"), date(2026, 5, 4))
    assert yuki == {PromptKind.TURN: date(2026, 5, 1), PromptKind.REMINDER: date(2026, 5, 7)}
    assert yuki[PromptKind.REMINDER] > berlin.waits_until(berlin.dates_from(date(2026, 5, 4)), None)


def test_at_christmas_a_british_member_of_a_german_team_keeps_both_days_and_is_waited_for_no_longer() -> None:
    german = Cadence(date(2026, 12, 14), 1, BERLIN, Calendar(country="DE"))
    coming = german.dates_from(date(2026, 12, 28))
    assert days_of(german, Whereabouts(BERLIN), coming.starts_on) == {
        PromptKind.TURN: date(2026, 12, 24),  # the 25th is a holiday in both
        PromptKind.REMINDER: date(2026, 12, 28),
    }
    lee = days_of(german, Whereabouts("Europe/London", "GB-ENG"), coming.starts_on)
    assert lee == {PromptKind.TURN: date(2026, 12, 24), PromptKind.REMINDER: date(2026, 12, 29)}
    assert german.waits_until(coming, None) == date(2026, 12, 28)


def test_members_east_of_their_teams_zone_are_asked_on_their_own_friday() -> None:
    west = Cadence(date(2026, 7, 6), 1, "America/Los_Angeles")
    moments = {
        zone: asking_times.occurrences(west, west.dates_from(date(2026, 7, 13)), Whereabouts(zone), since=None)[0].at
        for zone in ("Asia/Tokyo", BERLIN, "America/Los_Angeles")
    }
    assert moments == {
        "Asia/Tokyo": datetime(2026, 7, 10, 1, tzinfo=UTC),
        BERLIN: datetime(2026, 7, 10, 8, tzinfo=UTC),
        "America/Los_Angeles": datetime(2026, 7, 10, 17, tzinfo=UTC),
    }


def test_in_golden_week_an_all_tokyo_team_holds_no_sprint_and_the_one_before_runs_on() -> None:
    tokyo = Cadence(date(2026, 4, 20), 1, "Asia/Tokyo", Calendar(country="JP"))
    assert tokyo.dates_from(date(2026, 4, 27)) == Dates(date(2026, 4, 27), date(2026, 5, 8))
    assert cadence.start_of(tokyo, date(2026, 5, 7)) == date(2026, 4, 27)
    assert days_of(tokyo, Whereabouts("Asia/Tokyo"), date(2026, 5, 11))[PromptKind.TURN] == date(2026, 5, 8)


def test_a_company_whose_weekend_is_friday_and_saturday_begins_on_sunday() -> None:
    sunday = date(2026, 7, 5)
    rhythm = Cadence(sunday, 1, "Asia/Riyadh", Calendar("45"))
    assert cadence.sprint_dates(sunday, 1, rhythm.calendar).ends_on == date(2026, 7, 9)
    assert days_of(rhythm, Whereabouts("Asia/Riyadh"), date(2026, 7, 12)) == {
        PromptKind.TURN: date(2026, 7, 9),
        PromptKind.REMINDER: date(2026, 7, 12),
    }


def test_a_team_from_monday_in_such_a_company_ends_on_sunday() -> None:
    rhythm = Cadence(date(2026, 7, 6), 1, "Asia/Riyadh", Calendar("45"))
    assert days_of(rhythm, Whereabouts("Asia/Riyadh"), date(2026, 7, 13)) == {
        PromptKind.TURN: date(2026, 7, 12),
        PromptKind.REMINDER: date(2026, 7, 13),
    }


def test_the_next_sprint_is_meant_as_soon_as_planning_opens_for_the_one_who_is_farthest_east() -> None:
    rhythm = Cadence(date(2026, 11, 23), 1, NEW_YORK)
    running, following = consecutive(rhythm, 2)
    opened = asking_times.occurrences(rhythm, following, Whereabouts(AUCKLAND))[0].at
    assert cadence.local_date(opened, NEW_YORK) == date(2026, 11, 26)  # a Thursday, and Friday in Auckland
    assert sprints.to_plan(stored(rhythm, [running], final=False), rhythm, opened).dates == running
    assert sprints.to_plan(stored(rhythm, [running, following], final=False), rhythm, opened).dates == following


def test_countries_and_their_parts_are_found_by_name_and_by_code() -> None:
    assert calendars.search_countries("germ")[0] == "DE"
    assert calendars.search_countries("bayern") == ["DE-BY"]
    assert calendars.search_countries("us-ca") == ["US-CA"]
    assert calendars.country_name("DE-BY") == "Germany, Bayern"
    assert calendars.country_name("GB") == "United Kingdom"
    assert calendars.search_countries("Atlantis") == []


def test_a_leap_day_is_a_day_like_any_other() -> None:
    wednesday = date(2028, 3, 1)
    rhythm = Cadence(wednesday, 1, BERLIN)
    assert days_of(rhythm, Whereabouts(BERLIN), wednesday)[PromptKind.TURN] == date(2028, 2, 29)


def test_ten_days_of_holidays_are_part_of_the_sprint_before_them() -> None:
    """In Russia nobody works from the last day of 2025 to Sunday 11 January."""
    rhythm = Cadence(date(2025, 12, 22), 1, "Europe/Moscow", Calendar(country="RU"))
    who = Whereabouts("Europe/Moscow")
    assert rhythm.dates_from(date(2025, 12, 22)) == Dates(date(2025, 12, 22), date(2026, 1, 9))
    assert days_of(rhythm, who, date(2026, 1, 12)) == {
        PromptKind.TURN: date(2025, 12, 30),
        PromptKind.REMINDER: date(2026, 1, 12),
    }


def test_a_founding_too_late_for_its_first_sprint_asks_for_no_plan_of_it() -> None:
    rhythm, dates = Cadence(date(2026, 7, 13), 1, BERLIN), cadence.sprint_dates(date(2026, 7, 13), 1)
    late = asking_times.occurrences(rhythm, dates, Whereabouts(BERLIN), since=datetime(2026, 7, 16, 9, tzinfo=UTC))
    assert late == ()


@pytest.mark.parametrize(
    ("at", "fine"), [(time(6, 59), False), (time(7), True), (time(20), True), (time(20, 1), False)]
)
def test_nobody_is_asked_at_night(at: time, fine: bool) -> None:
    if fine:
        assert asking_times.require_daytime(at, field="turn_at") == at
        return
    with pytest.raises(Refusal, match="Choose a time between 07:00 and 20:00: nobody is asked at night") as refused:
        asking_times.require_daytime(at, field="turn_at")
    assert refused.value.field == "turn_at"
