"""Who of a desk is with which team: booking, holding, the capacity, and what plans say of it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.intake import asking, bookings, claims, free_windows, requests, reserved
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.errors import Refusal
from bot.views.intake import asking as asking_views
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, Mode
from models.intake.requests import PlannedRequest, Request, State
from models.sprints import Item
from tests.intake import CHANNEL, begin, desk
from tests.stories import Story
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH

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
        found = free_windows.windows(session, teams.named(session, host), sprints, clock.now(), count)
    return [f"{dates.starts_on:%d.%m}-{dates.ends_on:%d.%m}" for dates in found]


def first_free(world: World, name: str, host: str, sprints: int = 1) -> free_windows.Window:
    """The first window in which somebody is free."""
    with world.db.read() as session:
        return free_windows.first_free(session, world.id(name), teams.named(session, host), sprints, clock.now())


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
    assert lead.submit(sprint_weeks="1", start_weekday="2") == {}
    assert windows(company, "Replay", 1) == ["13.07-24.07", "29.07-04.08", "05.08-11.08"]
    assert windows(company, "Replay", 2, 1) == ["13.07-04.08"]
    assert book(company, "mia", "Replay", date(2026, 7, 29)).ends_on == date(2026, 8, 4)


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
    company.slack.set_status("mia", "On leave", ":palm_tree:")
    company.meet()
    window = first_free(company, "mia", "Replay")
    assert (window.dates.starts_on, window.away) == (FIRST, [(FIRST, date(2026, 7, 24))])


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
        ("mia", "Replay", date(9999, 12, 27), 1, "The next ones begin on 13 July and 27 July."),
        ("mia", "Replay", FIRST, 3, "for one or two sprints"),
        ("mia", "Crew", FIRST, 1, "Crew is the desk's own team"),
        ("lee", "Ingestion", FIRST, 1, "Lee is at no desk"),
    ],
)
def test_what_is_no_window_or_no_engineer_is_refused(
    company: World, name: str, host: str, starts_on: date, sprints: int, words: str
) -> None:
    assert words in refused(lambda: book(company, name, host, starts_on, sprints))


def test_whose_account_is_deactivated_is_booked_no_more(company: World) -> None:
    with company.db.begin() as session:
        session.get_one(Person, company.id("mia")).is_deactivated = True
    assert "deactivated" in refused(lambda: book(company, "mia", "Replay", FIRST))


def test_a_booking_makes_nobody_a_member_of_a_second_team(company: World) -> None:
    book(company, "mia", "Replay", FIRST)
    assert company.members("Replay") == ["Ada", "Lee", "Noor"]
    assert company.members("Crew") == ["Mia", "Sam", "Tom"]
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
            return [each.person.name for each in reserved.ending(session, clock.now())]

    company.go_to("2026-07-24 21:59:00")
    assert ending() == []
    company.go_to("2026-07-24 22:00:00")  # midnight in Berlin
    assert ending() == ["Mia"]


# --- holds ------------------------------------------------------------------------------------------------------


def test_holds_share_days_with_each_other_and_not_with_a_booking(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    book(company, "tom", "Replay", FIRST)
    words = refused(lambda: hold(company, "tom", "Ingestion", FIRST, request=RANKING))
    assert words.startswith("Tom is with Replay until 24 July")


def test_a_request_has_one_hold_at_a_time(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    hold(company, "tom", "Replay", SECOND)
    with company.db.read() as session:
        held = reserved.held_for(session, SUMMARIES, clock.now())
        assert held is not None
        assert (held.person.name, held.starts_on) == ("Tom", SECOND)
        assert first_free(company, "mia", "Replay").held == []


def test_a_hold_ends_by_itself_on_its_first_day(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    assert "held for Replay" in capacity(company)["Mia"]
    company.go_to("2026-07-13 07:00:00")
    assert "held" not in capacity(company)["Mia"]


def test_a_hold_ends_when_its_request_is_open_no_more(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    with company.db.begin() as session:
        say = asking_views.withdrawn_message
        asking.withdraw(session, SUMMARIES, by=company.id("ada"), say=say, now=clock.now())
    assert "held" not in capacity(company)["Mia"]
    assert "not open any more" in refused(lambda: hold(company, "mia", "Replay", FIRST))


def test_a_booking_takes_the_place_of_holds_and_their_requests_are_told(company: World) -> None:
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    hold(company, "mia", "Replay", FIRST)
    book(company, "mia", "Replay", FIRST)
    [said] = thread(company, RANKING)
    assert said == (
        f"<@{company.id('sam')}>, the hold of Mia for Ingestion, 13–17 July, is over: Replay has booked Mia. "
        "`/reach-out capacity` shows who is free."
    )
    assert thread(company, SUMMARIES) == []  # its own hold became the booking
    with company.db.read() as session:
        assert reserved.held_for(session, RANKING, clock.now()) is None


def test_only_who_is_at_a_desk_holds_somebody(company: World) -> None:
    def attempt() -> None:
        with company.db.begin() as session:
            found = requests.locked(session, SUMMARIES)
            args = (session, found, company.id("mia"), company.team_id("Replay"), FIRST, 1)
            bookings.hold(*args, by=company.id("ada"), now=clock.now())

    assert "only the people of PostHog AI (lead Sam) can hold" in refused(attempt)


def open_hold(world: World, name: str = "sam", request: int = SUMMARIES) -> Any:
    """Press *Hold an engineer* in the details of a request that somebody is on."""
    with world.db.begin() as session:
        claims.claim(session, request, by=world.id("sam"), now=clock.now())
    person = world.person(name)
    person.click("request_menu", message=world.card(CHANNEL, f"#{request} "), select=f"details:{request}")
    if person.view is not None and "booking_hold" in str(person.view):
        person.click("booking_hold")
    return person


def proposed(person: Any) -> str:
    """The window that the form proposes."""
    fields = [block["element"] for block in person.view["blocks"] if block.get("block_id") == "starts_on"]
    return str(fields[0]["initial_option"]["text"]["text"]) if fields else ""


def test_the_form_proposes_the_first_free_window_and_follows_what_is_chosen(company: World) -> None:
    book(company, "mia", "Ingestion", FIRST, request=RANKING)
    sam = open_hold(company)
    sam.fill(engineer=company.id("mia"))
    assert proposed(sam) == "27 July–7 August"
    sam.fill(engineer=company.id("tom"))
    assert proposed(sam) == "13–24 July"
    sam.fill(sprints="2")
    assert proposed(sam) == "13 July–7 August"
    sam.fill(team=str(company.team_id("Ingestion")))
    assert proposed(sam) == "13–24 July"
    assert sam.submit() == {}
    [said] = thread(company, SUMMARIES)
    assert said.startswith(f"<@{company.id('sam')}> holds Tom for Ingestion, 13–24 July.")
    assert "✋ 13–24 Jul held for Ingestion (1–2 of 2)" in capacity(company)["Tom"]


def test_the_form_says_what_stands_in_these_days(company: World) -> None:
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    company.plan("mia", high="Search & <!channel>")
    sam = open_hold(company)
    sam.fill(engineer=company.id("mia"))
    shown = str(sam.view)
    assert "✋ Held: Mia for Ingestion, 13–17 July (#2 Rank results)" in shown
    assert "📋 In Mia's plan by then: Search &amp; &lt;!channel&gt;" in shown


def test_a_second_hold_of_a_request_says_whose_place_it_takes(company: World) -> None:
    hold(company, "mia", "Replay", FIRST)
    sam = open_hold(company)
    assert "replaces the hold of Mia for Replay, 13–24 July" in str(sam.view)


def test_a_form_that_was_open_too_long_is_refused_under_its_field(company: World) -> None:
    sam = open_hold(company)
    sam.fill(engineer=company.id("mia"))
    book(company, "mia", "Replay", FIRST, request=RANKING)
    assert sam.submit()["starts_on"].startswith("Mia is with Replay until 24 July")


def test_without_a_team_the_form_asks_for_one(company: World) -> None:
    company.person("ivy").command("/reach-out Nobody's idea")
    company.person("tom").command("/reach-out Our own idea")
    sam = open_hold(company, request=4)
    assert proposed(sam) == ""  # Tom's team is the desk's own
    assert "team" in sam.submit()


def test_who_is_at_no_desk_gets_no_form(company: World) -> None:
    lee = open_hold(company, "lee")
    assert "Hold an engineer" not in str(lee.view)
    lee.close_all()
    old = {"type": "overflow", "action_id": "request_menu", "selected_option": {"value": f"hold:{SUMMARIES}"}}
    company.forge_press("lee", company.card(CHANNEL, f"#{SUMMARIES} "), old)
    assert "only the people of PostHog AI (lead Sam) can hold" in str(lee.view), (
        "from the menu of an older version's card, too"
    )


def test_a_hold_that_gave_way_is_made_again_from_its_thread(company: World) -> None:
    hold(company, "mia", "Ingestion", FIRST, request=RANKING)
    book(company, "mia", "Replay", FIRST)
    company.post()
    sam = company.person("sam")
    card = company.card(CHANNEL, f"#{RANKING} ")
    sam.press("Hold somebody again", company.slack.messages(CHANNEL, card["ts"])[-1])
    assert "Rank results" in str(sam.view)


# --- capacity ---------------------------------------------------------------------------------------------------


def test_the_capacity_is_a_line_an_engineer(company: World) -> None:
    book(company, "mia", "Replay", SECOND, 2)
    hold(company, "tom", "Ingestion", FIRST, 2, request=RANKING)
    company.person("sam").command("/sprint away until 14 July")
    assert capacity(company) == {
        "Mia": (
            "✅ 13–24 Jul free · 🤝 27 Jul–7 Aug with Replay (1 of 2) · 🤝 10–21 Aug with Replay (2 of 2) · "
            "✅ 24 Aug–2 Oct free"
        ),
        "Sam": "✅ 13–24 Jul free · 🌴 13–14 Jul away · ✅ 27 Jul–2 Oct free",
        "Tom": "✋ 13–24 Jul held for Ingestion (1–2 of 2) · ✅ 27 Jul–2 Oct free",
    }


def test_a_shorter_stay_says_its_days_and_the_running_sprint_is_there(company: World) -> None:
    book(company, "mia", "Ingestion", date(2026, 7, 20), request=RANKING)
    company.go_to("2026-07-20 08:00:00")
    assert capacity(company)["Mia"] == "🤝 20–24 Jul with Ingestion, else free · ✅ 27 Jul–2 Oct free"


def test_another_desk_is_chosen_above(company: World) -> None:
    desk(company, "Array", owns="The desktop agent", team="Ingestion", lead="yuki")
    ada = company.person("ada")
    ada.command("/reach-out capacity")
    assert "*PostHog AI*" in str(ada.view)
    ada.click("capacity_desk", select="Array")
    assert "*Array*" in str(ada.view)
    assert "Yuki" in str(ada.view)


def test_without_a_desk_there_is_a_sentence(world: World) -> None:
    world.person("ada").command("/reach-out capacity")
    assert "`/reach-out setup`" in world.person("ada").ephemerals[-1]["text"]


def test_as_a_picture_it_comes_in_a_dm_and_says_the_same_in_words(company: World) -> None:
    book(company, "mia", "Replay", FIRST)
    ada = company.person("ada")
    ada.command("/reach-out capacity")
    ada.click("capacity_picture")
    company.post()
    message = ada.dms[-1]
    [image] = [block for block in message["blocks"] if block["type"] == "image"]
    assert "Mia: 🤝 13–24 Jul with Replay" in image["alt_text"]
    assert image["alt_text"] in message["text"]
    file = company.slack.store.files[image["slack_file"]["id"]]
    assert (file.content or b"").startswith(b"\x89PNG")


def test_the_desk_shares_the_picture_in_the_channel_once_and_nobody_else_does(company: World) -> None:
    for name in ("ada", "mia"):
        person = company.person(name)
        person.command("/reach-out capacity")
        person.click("capacity_picture")
        company.post()
        for _ in range(2):
            person.press("Share in the channel", person.dms[-1])
        company.post()
    assert "Only the people of PostHog AI can share" in str(company.person("ada").view)
    channel = company.slack.messages(CHANNEL)
    [shared] = [each for each in channel if any(block["type"] == "image" for block in each.get("blocks", []))]
    assert "Share" not in str(shared["blocks"])


# --- in plans ---------------------------------------------------------------------------------------------------


def test_a_booking_stands_in_both_teams_plans(company: World) -> None:
    company.plan("ada", high="Timeline")
    company.plan("mia", high="Search")
    company.post()
    book(company, "mia", "Replay", FIRST, 2)
    assert "🤝 With us: Mia, of PostHog AI, 1 of 2" in str(company.card("team-replay", "13–24 July"))
    assert "🤝 Mia is with Replay, 1 of 2" in str(company.card("team-crew", "13–24 July"))
    company.finalize("ada")
    assert "With us: Mia, of PostHog AI, 1 of 2" in company.card("team-replay", "Playback first")["text"]
    assert "🤝 With us: Mia" in whole_plan(company, "Replay")
    assert "Mia is with Replay" in whole_plan(company, "Crew")
    assert "With us: Mia" in str(company.slack.messages("sprints"))


def test_when_it_is_released_it_stands_there_no_more(company: World) -> None:
    company.plan("ada", high="Timeline")
    booking = book(company, "mia", "Replay", FIRST)
    assert "With us" in str(company.card("team-replay", "13–24 July"))
    with company.db.begin() as session:
        bookings.release(session, session.get_one(Booking, booking.id), clock.now())
    assert "With us" not in str(company.card("team-replay", "13–24 July"))


def test_who_was_there_stays_in_the_plan_once_it_is_over(company: World) -> None:
    company.plan("ada", high="Timeline")
    booking = book(company, "mia", "Replay", FIRST)
    company.go_to("2026-07-27 08:00:00")
    with company.db.begin() as session:
        bookings.release(session, session.get_one(Booking, booking.id), clock.now())
    ivy = company.person("ivy")
    ivy.command("/sprint show Replay")
    assert "27 July" in str(ivy.view)
    assert "With us" not in str(ivy.view)
    ivy.click(next(id_ for id_ in re.findall(r"sprint_turn_\d+", str(ivy.view))))
    assert "With us: Mia" in str(ivy.view)


def test_one_week_of_a_two_week_sprint_is_said_with_its_days(company: World) -> None:
    company.plan("mia", high="Search")
    book(company, "mia", "Ingestion", date(2026, 7, 20), request=RANKING)
    assert "🤝 Mia is with Ingestion, 20–24 July" in str(company.card("team-crew", "13–24 July"))
    book(company, "tom", "Ingestion", FIRST, 2)
    assert "🤝 Tom is with Ingestion, 1–2 of 2" in str(company.card("team-crew", "13–24 July"))


def test_the_export_says_who_is_with_whom(company: World) -> None:
    company.plan("ada", high="Timeline")
    company.plan("mia", high="Search")
    book(company, "mia", "Replay", FIRST, 2)
    ivy = company.person("ivy")
    ivy.command("/sprint export Replay")
    assert "**With us:** Mia, of PostHog AI, 1 of 2\\n" in str(ivy.view)
    ivy.close_all()
    ivy.command("/sprint export Crew")
    assert "**With other teams:** Mia is with Replay, 1 of 2\\n" in str(ivy.view)


def test_the_engineers_prompt_and_form_say_where_they_are(company: World) -> None:
    book(company, "mia", "Replay", FIRST, 2)
    mia = company.person("mia")
    mia.command("/sprint plan")
    assert "🤝 You are with Replay this sprint (1 of 2)" in str(mia.view)
    mia.close_all()
    company.go_to("2026-07-10 08:05:00")
    assert "🤝 You are with Replay this sprint (1 of 2)" in str(mia.dms)
    assert "You are with" not in str(company.person("tom").dms)


def test_a_prompt_that_stands_follows_a_booking(company: World) -> None:
    company.go_to("2026-07-10 08:05:00")
    mia = company.person("mia")
    assert "You are with" not in str(mia.dms)
    book(company, "mia", "Replay", FIRST)
    company.post()
    assert "🤝 You are with Replay this sprint" in str(mia.dms)


# --- requests in plans ------------------------------------------------------------------------------------------


def offered(world: World, name: str) -> list[str]:
    """The requests that somebody can take up in their plan."""
    person = world.person(name)
    person.command("/sprint plan")
    fields = [block["element"] for block in (person.view or {})["blocks"] if block.get("block_id") == "requests"]
    person.close_all()
    return [option["text"]["text"] for field in fields for option in field["options"]]


def planned(world: World) -> list[tuple[int, str, str]]:
    """Which request became which item, and whose."""
    with world.db.read() as session:
        found = session.scalars(select(PlannedRequest).order_by(PlannedRequest.item_id)).all()
        names = {person.id: person.name for person in session.scalars(select(Person))}
        items = {each.item_id: session.get_one(Item, each.item_id) for each in found}
        return [(each.request_id, items[each.item_id].title, names[items[each.item_id].owner_id]) for each in found]


def claimer(world: World, request: int) -> str | None:
    """Who is on a request."""
    with world.db.read() as session:
        return session.get_one(Request, request).claimer_id


def test_open_requests_are_offered_to_the_desks_team_and_to_nobody_else(company: World) -> None:
    assert offered(company, "mia") == ["📥 Summarise tickets", "📥 Rank results"]
    assert offered(company, "ada") == []


def test_who_picks_one_gets_an_item_and_claims_it(company: World) -> None:
    company.plan("mia", high="Search", requests=[str(RANKING)])
    assert planned(company) == [(RANKING, "Rank results", "Mia")]
    assert claimer(company, RANKING) == company.id("mia")
    assert offered(company, "mia") == ["📥 Summarise tickets"]
    assert offered(company, "tom") == ["📥 Summarise tickets"]


def test_who_picks_one_in_the_turn_has_answered_it(company: World) -> None:
    company.go_to("2026-07-24 08:05:00")
    company.plan("mia", high="Search", requests=[str(RANKING)])
    assert planned(company) == [(RANKING, "Rank results", "Mia")]
    assert claimer(company, RANKING) == company.id("mia")


def test_what_somebody_claimed_is_offered_to_them_alone_and_first(company: World) -> None:
    company.person("mia").press("I'll take it", company.card(CHANNEL, f"#{RANKING} "))
    assert offered(company, "mia") == ["📥 Rank results", "📥 Summarise tickets"]
    assert offered(company, "tom") == ["📥 Summarise tickets"]


def test_what_was_decided_is_offered_to_who_does_it(company: World) -> None:
    with company.db.begin() as session:
        session.get_one(Request, SUMMARIES).state = State.DECIDED
        decision = Decision(request_id=SUMMARIES, mode=Mode.BUILD, person_id=company.id("tom"), due_on=SECOND)
        decision.words, decision.by_id, decision.at = "", company.id("sam"), clock.now()
        session.add(decision)
    assert offered(company, "tom") == ["🤝 Summarise tickets", "📥 Rank results"]
    assert offered(company, "mia") == ["📥 Rank results"]
    company.plan("tom", requests=[str(SUMMARIES)])
    assert planned(company) == [(SUMMARIES, "Summarise tickets", "Tom")]


def test_of_two_who_pick_the_same_one_only_the_first_has_it(company: World) -> None:
    tom = company.person("tom")
    tom.command("/sprint plan")
    company.plan("mia", requests=[str(RANKING)])
    assert tom.submit(high="Search", requests=[str(RANKING)]) == {}
    assert planned(company) == [(RANKING, "Rank results", "Mia")]


def test_an_item_that_is_taken_along_stays_the_requests(company: World) -> None:
    company.plan("mia", requests=[str(RANKING)])
    company.go_to("2026-07-23 08:05:00")
    mia = company.person("mia")
    mia.command("/sprint plan")
    assert mia.submit() == {}
    assert [request for request, *_ in planned(company)] == [RANKING, RANKING]


def test_finishing_the_item_decides_nothing(company: World) -> None:
    company.plan("mia", requests=[str(RANKING)])
    company.mark_of("Rank results", "finished")
    with company.db.read() as session:
        assert session.get_one(Request, RANKING).state == State.OPEN


def test_the_same_line_typed_and_picked_is_one_item(company: World) -> None:
    company.plan("mia", high="rank  results", requests=[str(RANKING)])
    assert planned(company) == [(RANKING, "rank results", "Mia")]
