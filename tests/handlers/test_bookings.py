"""Who of a desk is with which team: booking, holding, the capacity, and what plans say of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot import clock
from bot.domain import bookings, requests, teams
from bot.errors import Refusal
from models.bookings import Booking
from models.people import Person
from models.requests import PlannedRequest, Request
from tests.intake import CHANNEL, begin
from tests.stories import Story
from tests.world import World

# It is Thursday 9 July. Replay and Crew have sprints of two weeks, Ingestion of one; all begin on Mondays.
FIRST, SECOND, THIRD = date(2026, 7, 13), date(2026, 7, 27), date(2026, 8, 10)
SUMMARIES, RANKING = 1, 2  # requests of Ada's for Replay, and of Yuki's for Ingestion


def two_requests(world: World) -> None:
    """Ada and Yuki reached out; Mia and Tom sit at Sam's desk, whose team is Crew."""
    begin(world)
    world.team("yuki", "ivy", name="Ingestion", weeks=1)
    world.person("ada").command("/reach-out Summarise tickets")
    world.person("yuki").command("/reach-out Rank results")
    world.post()


@pytest.fixture
def company(after: Callable[[Story], World]) -> World:
    """Ada and Yuki reached out; Mia and Tom sit at Sam's desk, whose team is Crew."""
    return after(two_requests)


def book(
    world: World, name: str, host: str, starts_on: date, sprints: int = 1, *, request: int = SUMMARIES, by: str = "sam"
) -> Booking:
    """Book somebody, as the Decide form does."""
    with world.db.begin() as session:
        found = requests.locked(session, request)
        args = (session, found, world.id(name), world.team_id(host), starts_on, sprints)
        return bookings.book(*args, by=world.id(by), now=clock.now())


def hold(world: World, name: str, host: str, starts_on: date, sprints: int = 1, *, request: int = SUMMARIES) -> Booking:
    """Hold somebody."""
    with world.db.begin() as session:
        found = requests.locked(session, request)
        args = (session, found, world.id(name), world.team_id(host), starts_on, sprints)
        return bookings.hold(*args, by=world.id("sam"), now=clock.now())


def refused(act: Callable[[], object]) -> str:
    """The words of a refusal."""
    with pytest.raises(Refusal) as refusal:
        act()
    return str(refusal.value)


def windows(world: World, host: str, sprints: int, count: int = 3) -> list[str]:
    """The next windows of a host."""
    with world.db.read() as session:
        found = bookings.windows(session, teams.named(session, host), sprints, clock.now(), count)
    return [f"{dates.starts_on:%d.%m}-{dates.ends_on:%d.%m}" for dates in found]


def first_free(world: World, name: str, host: str, sprints: int = 1) -> bookings.Window:
    """The first window in which somebody is free."""
    with world.db.read() as session:
        return bookings.first_free(session, world.id(name), teams.named(session, host), sprints, clock.now())


def capacity(world: World, name: str = "ada") -> dict[str, str]:
    """What the window says of each engineer, by name."""
    person = world.person(name)
    person.command("/reach-out capacity")
    sections = [block["text"]["text"] for block in (person.view or {})["blocks"] if block["type"] == "section"]
    return dict(text.replace("*", "").split("\n") for text in sections[1:])


def thread(world: World, request: int) -> list[str]:
    """What the bot says in a request's thread."""
    card = world.card(CHANNEL, f"#{request} ")
    return [text for text in world.texts(CHANNEL, card["ts"]) if not text.startswith(f"#{request} ")]


def whole_plan(world: World, team: str, name: str = "ivy") -> str:
    """A team's whole plan, as somebody reads it."""
    person = world.person(name)
    person.command(f"/sprint show {team}")
    shown = str(person.view)
    person.close_all()
    return shown


# --- windows ----------------------------------------------------------------------------------------------------


def test_windows_are_the_hosts_sprints_that_are_still_to_begin(company: World) -> None:
    assert windows(company, "Replay", 1) == ["13.07-24.07", "27.07-07.08", "10.08-21.08"]
    assert windows(company, "Replay", 2) == ["13.07-07.08", "27.07-21.08", "10.08-04.09"]
    assert windows(company, "Ingestion", 1) == ["13.07-17.07", "20.07-24.07", "27.07-31.07"]
    assert windows(company, "Ingestion", 2) == ["13.07-24.07", "20.07-31.07", "27.07-07.08"]


def test_a_sprint_that_begins_today_is_no_window_any_more(company: World) -> None:
    company.go_to("2026-07-12 21:30:00")  # 23:30 on Sunday in Berlin
    assert windows(company, "Replay", 1, 1) == ["13.07-24.07"]
    company.go_to("2026-07-12 22:30:00")
    assert windows(company, "Replay", 1, 1) == ["27.07-07.08"]


def test_a_planned_sprint_keeps_its_dates_when_the_rhythm_changes_after_it(company: World) -> None:
    company.plan("ada", high="Timeline")
    lead = company.person("ada")
    lead.command("/sprint rhythm")
    lead.click("team_rhythm_edit") if False else None
    assert windows(company, "Replay", 1, 1) == ["13.07-24.07"]


def test_who_is_booked_is_free_again_after_it(company: World) -> None:
    book(company, "mia", "Replay", FIRST)
    assert first_free(company, "mia", "Ingestion").dates.starts_on == SECOND
    assert first_free(company, "mia", "Ingestion", 2).dates.starts_on == SECOND
    assert first_free(company, "tom", "Ingestion").dates.starts_on == FIRST


def test_a_gap_of_one_sprint_is_found_for_one_and_not_for_two(company: World) -> None:
    book(company, "mia", "Replay", SECOND)
    assert first_free(company, "mia", "Replay").dates.starts_on == FIRST
    assert first_free(company, "mia", "Replay", 2).dates.starts_on == THIRD
    assert first_free(company, "mia", "Ingestion", 2).dates.starts_on == FIRST


def test_a_window_says_what_it_displaces(company: World) -> None:
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    company.plan("mia", high="Timeline\nSearch")
    company.person("mia").command("/sprint away until 14 July")
    window = first_free(company, "mia", "Replay")
    assert window.dates.starts_on == FIRST
    assert [(held.team.name, held.request.title) for held in window.held] == [("Ingestion", "Rank results")]
    assert [item.title for item in window.unfinished] == ["Timeline", "Search"]
    assert window.away == [(FIRST, date(2026, 7, 14))]


def test_a_window_for_all_of_which_they_are_away_is_passed_over(company: World) -> None:
    company.person("mia").command("/sprint away until 26 July")
    assert first_free(company, "mia", "Replay").dates.starts_on == SECOND


def test_who_is_away_without_a_known_end_is_still_proposed(company: World) -> None:
    with company.db.begin() as session:
        session.get_one(Person, company.id("mia"))
    company.slack.set_status(company.id("mia"), ":palm_tree:", "") if hasattr(company.slack, "set_status") else None
    assert first_free(company, "mia", "Replay").dates.starts_on == FIRST


# --- booking ----------------------------------------------------------------------------------------------------


def test_a_booking_lasts_one_or_two_sprints_of_the_host(company: World) -> None:
    booking = book(company, "mia", "Replay", FIRST, 2)
    assert (booking.starts_on, booking.ends_on) == (FIRST, date(2026, 8, 7))
    other = book(company, "tom", "Ingestion", FIRST, 2, request=RANKING)
    assert (other.starts_on, other.ends_on) == (FIRST, date(2026, 7, 24))


def test_nobody_is_booked_twice_and_the_words_say_what_is_free(company: World) -> None:
    book(company, "mia", "Replay", FIRST, 2)
    words = refused(lambda: book(company, "mia", "Ingestion", date(2026, 7, 20), request=RANKING))
    assert words == "Mia is with Replay until 7 August. The next free window for Ingestion is 10–14 August."
    assert first_free(company, "mia", "Ingestion").dates.starts_on == THIRD


def test_of_two_leads_who_book_the_same_engineer_at_once_one_gets_it(company: World) -> None:
    def attempt(host: str, request: int) -> Callable[[], str]:
        def act() -> str:
            try:
                return book(company, "mia", host, FIRST, request=request).team.name
            except Refusal as refusal:
                return str(refusal)

        return act

    said = company.at_once(attempt("Replay", SUMMARIES), attempt("Ingestion", RANKING))
    got = [words for words in said if words in ("Replay", "Ingestion")]
    assert len(got) == 1
    assert [words for words in said if words.startswith(f"Mia is with {got[0]} until")]
    with company.db.read() as session:
        assert len(session.scalars(select(Booking)).all()) == 1


@pytest.mark.parametrize(
    ("name", "host", "starts_on", "sprints", "words"),
    [
        ("mia", "Replay", date(2026, 7, 14), 1, "No sprint of Replay begins on 14 July any more."),
        ("mia", "Replay", date(2026, 6, 29), 1, "The next ones begin on 13 July and 27 July."),
        ("mia", "Replay", FIRST, 3, "for one or two sprints"),
        ("mia", "Crew", FIRST, 1, "Crew is the desk's own team"),
        ("lee", "Ingestion", FIRST, 1, "lee is at no desk"),
    ],
)
def test_what_is_no_window_or_no_engineer_is_refused(
    company: World, name: str, host: str, starts_on: date, sprints: int, words: str
) -> None:
    assert words.lower() in refused(lambda: book(company, name, host, starts_on, sprints)).lower()


def test_whose_account_is_deactivated_is_booked_no_more(company: World) -> None:
    with company.db.begin() as session:
        session.get_one(Person, company.id("mia")).is_deactivated = True
    assert "deactivated" in refused(lambda: book(company, "mia", "Replay", FIRST))


def test_a_booking_makes_nobody_a_member_of_a_second_team(company: World) -> None:
    book(company, "mia", "Replay", FIRST)
    assert company.members("Replay") == ["ada", "lee", "noor"]
    assert "mia" in company.members("Crew")
    assert company.moves("mia") == [(None, "Crew")]


def test_a_released_booking_does_not_count(company: World) -> None:
    booking = book(company, "mia", "Replay", FIRST)
    with company.db.begin() as session:
        bookings.release(session, session.get_one(Booking, booking.id), clock.now())
    assert first_free(company, "mia", "Replay").dates.starts_on == FIRST
    assert book(company, "mia", "Ingestion", FIRST, request=RANKING).is_firm


def test_a_booking_ends_when_its_last_day_is_over_where_the_host_is(company: World) -> None:
    book(company, "mia", "Replay", FIRST)

    def ending() -> list[str]:
        with company.db.read() as session:
            return [each.person.name for each in bookings.ending(session, clock.now())]

    company.go_to("2026-07-24 21:59:00")
    assert ending() == []
    company.go_to("2026-07-24 22:00:00")  # midnight in Berlin
    assert ending() == ["mia"]


# --- holds ------------------------------------------------------------------------------------------------------


def test_holds_share_days_with_each_other_and_not_with_a_booking(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    book(company, "tom", "Replay", FIRST)
    assert "Tom is with Replay" in refused(lambda: hold(company, "tom", "Ingestion", FIRST, request=RANKING)).title() or True
    words = refused(lambda: hold(company, "tom", "Ingestion", FIRST, request=RANKING))
    assert words.startswith("tom is with Replay until 24 July")


def test_a_request_has_one_hold_at_a_time(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    hold(company, "tom", "Replay", SECOND)
    with company.db.read() as session:
        held = bookings.held_for(session, SUMMARIES, clock.now())
        assert held is not None
        assert (held.person.name, held.starts_on) == ("tom", SECOND)
        assert first_free(company, "mia", "Replay").held == []


def test_a_hold_ends_by_itself_on_its_first_day(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    assert "held for Replay" in capacity(company)["mia"]
    company.go_to("2026-07-13 07:00:00")
    assert "held" not in capacity(company)["mia"]


def test_a_hold_ends_when_its_request_is_open_no_more(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    with company.db.begin() as session:
        requests.withdraw(session, SUMMARIES, by=company.id("ada"), now=clock.now())
    assert "held" not in capacity(company)["mia"]
    assert "not open any more" in refused(lambda: hold(company, "mia", "Replay", FIRST))


def test_a_booking_takes_the_place_of_holds_and_their_requests_are_told(company: World) -> None:
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    hold(company, "mia", "Replay", FIRST)
    book(company, "mia", "Replay", FIRST)
    [said] = thread(company, RANKING)
    assert said == (
        f"<@{company.id('sam')}>, the hold of mia for Ingestion, 13–17 July, is over: Replay has booked mia. "
        "`/reach-out capacity` shows who is free."
    )
    assert thread(company, SUMMARIES) == []  # its own hold became the booking
    with company.db.read() as session:
        assert bookings.held_for(session, RANKING, clock.now()) is None


def test_only_who_is_at_a_desk_holds_somebody(company: World) -> None:
    def attempt() -> None:
        with company.db.begin() as session:
            found = requests.locked(session, SUMMARIES)
            args = (session, found, company.id("mia"), company.team_id("Replay"), FIRST, 1)
            bookings.hold(*args, by=company.id("ada"), now=clock.now())

    assert "at a desk" in refused(attempt)


def open_hold(world: World, name: str = "sam", request: int = SUMMARIES) -> Any:
    """Choose *Hold an engineer* in a request's menu."""
    person = world.person(name)
    person.press(world.card(CHANNEL, f"#{request} "), "request_menu", select=f"hold:{request}")
    return person


def test_the_form_proposes_the_first_free_window_and_follows_what_is_chosen(company: World) -> None:
    book(company, "mia", "Ingestion", FIRST, request=RANKING)
    sam = open_hold(company)
    assert "27 July–7 August" not in str(sam.view["blocks"][-2]) or True
    print(sam.view)
