"""The address of a calendar: made on a press, shown once, good until the next one, and for full members only."""

import hashlib
import io
import logging
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select, text, update

from bot.platform import logs
from jobs import company
from models.company import Person
from models.subscriptions import EventVersion, Subscription
from tests import calendars
from tests.calendars import Program, served, shown, subscribe
from tests.stories import After
from tests.which import BOTH
from tests.world import PUBLIC_URL, World

pytestmark = BOTH
UNKNOWN = f"/calendar/{'A' * 43}.ics"
NONSENSE = (
    UNKNOWN,
    "/calendar/",
    "/calendar/.ics",
    "/calendar/a/b.ics",
    "/calendar/%00.ics",
    "/calendar/%ff%fe.ics",
    "/calendar/../calendar/x.ics",
    f"/calendar/{'A' * 43}",
    f"/calendar/{'9' * 60_000}.ics",
)


def begin(world: World) -> None:
    """Replay is Ada, Lee and Noor; Ingestion is Mia and Tom."""
    world.set_up()
    world.team("ada", "lee", "noor", weeks=1)
    world.team("mia", "tom", name="Ingestion", weeks=1)


@pytest.fixture
def company_of_two(after: After) -> World:
    return after(begin)


def statuses(world: World, *paths: str) -> list[int]:
    with served(world) as program:
        return [program.get(path).status for path in paths]


def close_ingestion(world: World) -> None:
    """Tom leaves the company, and Mia closes Ingestion."""
    world.slack.change_user("tom", deleted=True)
    world.slack.settle()
    mia = world.person("mia")
    mia.command("/small-team close")
    assert mia.submit() == {}
    mia.close_all()


# --- making one -------------------------------------------------------------------------------------------------


def test_it_is_shown_once_and_the_calendar_is_there(company_of_two: World) -> None:
    ada = company_of_two.person("ada")
    ada.command("/prickle calendar")
    assert "you're away" in str(ada.view)
    assert not calendars.ADDRESS.search(str(ada.view))
    ada.click("calendar_make")
    path = shown(ada)
    ada.close_all()
    with served(company_of_two) as program:
        said = program.get(path)
    assert (said.status, said.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert ("07-13", "07-17", "Replay: sprint") in said.lines
    ada.command("/prickle calendar")
    assert path not in str(ada.view)
    assert "You made an address on 9 July. *If you make a new one, this one stops working.*" in str(ada.view)


def test_the_menu_leads_to_it(company_of_two: World) -> None:
    sam = company_of_two.person("sam")
    sam.command("/prickle")
    sam.click("menu_part_sprints")
    sam.click("go_prickle_calendar")
    sam.click("calendar_make")
    assert statuses(company_of_two, shown(sam)) == [200]


def test_anybody_subscribes_to_any_team_from_its_window(company_of_two: World) -> None:
    sams, lees = (subscribe(company_of_two, name, "Replay") for name in ("sam", "lee"))
    assert statuses(company_of_two, sams, lees) == [200, 200]


def test_a_new_address_stops_the_old_one_of_the_same_person_and_calendar_and_no_other(company_of_two: World) -> None:
    world = company_of_two
    old = subscribe(world, "ada")
    others = [subscribe(world, "lee"), subscribe(world, "ada", "Replay"), subscribe(world, "ada", "Ingestion")]
    new = subscribe(world, "ada")
    assert statuses(world, old, new, *others) == [404, 200, 200, 200, 200]
    newest = subscribe(world, "ada", "Replay")
    assert statuses(world, others[1], newest, new, others[2]) == [404, 200, 200, 200]


@pytest.mark.parametrize("team", ["", "Replay"])
def test_of_two_tabs_that_make_one_at_once_one_address_is_good(company_of_two: World, team: str) -> None:
    world = company_of_two
    subscribe(world, "ada", team)
    ada = world.person("ada")
    ada.command(f"/small-team show {team}" if team else "/prickle calendar")
    if team:
        ada.click("team_calendar")
    presses = [world.press("ada", "calendar_make", None) for _ in range(2)]
    world.at_once(*(lambda press=press: world.slack.deliver("interactive", press) for press in presses))
    views = [str(call.args) for call in world.slack.calls if call.method == "views.update"][-2:]
    paths = [found for view in views for found in calendars.ADDRESS.findall(view)]
    assert len(set(paths)) == 2
    assert sorted(statuses(world, *paths)) == [200, 404]


def test_the_same_press_that_arrives_twice_makes_one(company_of_two: World) -> None:
    world = company_of_two
    ada = world.person("ada")
    ada.command("/prickle calendar")
    press = world.press("ada", "calendar_make", None)
    for _ in range(2):
        world.slack.deliver("interactive", press)
    assert statuses(world, shown(ada)) == [200]


def test_here_is_only_a_hash_of_256_bits(company_of_two: World) -> None:
    path = subscribe(company_of_two, "ada")
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 43  # 32 bytes in base 64
    with company_of_two.db.read() as session:
        row = session.scalars(select(Subscription)).one()
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(row))


# --- for whom it is not -----------------------------------------------------------------------------------------


def test_people_who_left_and_guests_read_nothing(company_of_two: World) -> None:
    world = company_of_two
    paths = [subscribe(world, name, team) for name in ("lee", "mia") for team in ("", "Replay")]
    assert statuses(world, *paths) == [200] * 4
    world.slack.change_user("lee", deleted=True)
    world.slack.change_user("mia", is_restricted=True)
    world.slack.settle()
    assert statuses(world, *paths) == [404] * 4


@pytest.mark.parametrize("how", ["deleted", "is_restricted"])
def test_an_address_that_stopped_stays_so_when_somebody_is_back(company_of_two: World, how: str) -> None:
    world = company_of_two
    paths = [subscribe(world, "lee", team) for team in ("", "Replay")]
    for is_gone in (True, False):
        world.slack.change_user("lee", **{how: is_gone})
        world.slack.settle()
        assert statuses(world, *paths) == [404, 404]
    assert statuses(world, subscribe(world, "lee")) == [200]


def test_an_address_from_before_somebody_left_stops_when_they_are_back(company_of_two: World) -> None:
    world = company_of_two
    path = subscribe(world, "lee")
    with world.db.begin() as session:
        session.execute(update(Person).where(Person.id == world.id("lee")).values(is_deactivated=True))
    assert statuses(world, path) == [404]
    world.slack.change_user("lee", deleted=False)
    world.slack.settle()
    assert statuses(world, path) == [404]


def test_the_calendar_of_a_team_that_ended_is_gone_and_ones_own_stays(company_of_two: World) -> None:
    world = company_of_two
    paths = [subscribe(world, "sam", "Ingestion"), subscribe(world, "mia", "Ingestion"), subscribe(world, "mia")]
    close_ingestion(world)
    assert statuses(world, *paths) == [404, 404, 200]


def test_nobody_makes_an_address_for_a_team_that_ended_meanwhile(company_of_two: World) -> None:
    world = company_of_two
    sam = world.person("sam")
    sam.command("/small-team show Ingestion")
    sam.click("team_calendar")
    close_ingestion(world)
    sam.click("calendar_make")
    assert "Ingestion was closed" in str(sam.view)
    with world.db.read() as session:
        assert session.scalar(select(func.count(Subscription.id))) == 0


# --- without a public address -----------------------------------------------------------------------------------


def test_without_a_public_address_no_button_shows_and_the_verb_answers_with_a_sentence(company_of_two: World) -> None:
    world = company_of_two
    path, sam = subscribe(world, "sam"), world.person("sam")
    sam.command("/prickle calendar")
    stale = world.press("sam", "calendar_make", None)
    sam.close_all()
    settings = world.settings.model_copy(update={"public_url": None})
    company.note_start(world.db, world.client.auth_test(), settings)
    sam.command("/prickle calendar")
    assert sam.ephemerals[-1]["text"] == "Calendars are off: the people who run Prickle have not set PUBLIC_URL."
    sam.command("/prickle")
    sam.click("menu_part_sprints")
    assert "calendar" not in str(sam.view)
    sam.close_all()
    for team in ("Replay", "Ingestion"):
        sam.command(f"/small-team show {team}")
        assert "alendar" not in str(sam.view)
        sam.close_all()
    world.slack.deliver("interactive", stale)
    assert statuses(world, path) == [200], "a press from before changes nothing"


# --- what does not fit ------------------------------------------------------------------------------------------


def test_unknown_old_and_lost_addresses_get_one_answer_for_the_same_work(company_of_two: World) -> None:
    world = company_of_two
    old, lees = subscribe(world, "ada"), subscribe(world, "lee")
    subscribe(world, "ada")
    world.slack.change_user("lee", deleted=True)
    world.slack.settle()
    asked: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.extend([] if statement == "BEGIN" else [statement])

    event.listen(world.db.engine, "before_cursor_execute", note)
    try:
        with served(world) as program:
            answers = [program.get(path) for path in (*NONSENSE, old, lees)]
    finally:
        event.remove(world.db.engine, "before_cursor_execute", note)
    assert {(each.status, each.body, each.headers["Cache-Control"]) for each in answers} == {
        (404, "There is nothing here.", "no-store")
    }
    assert len(asked) == len(answers), "each is one look, also of what can be no token"
    assert len(set(asked)) == 1
    assert asked[0].startswith("SELECT")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_calendar_is_only_read(company_of_two: World, method: str) -> None:
    path = subscribe(company_of_two, "ada")
    with served(company_of_two) as program:
        assert program.get(path, method=method).status == 404
        assert program.get(path).status == 200


@pytest.mark.parametrize("form", ["human", "json"])
def test_no_log_holds_the_address_whatever_goes_wrong(company_of_two: World, form: str) -> None:
    world, said = company_of_two, io.StringIO()
    root, handler = logging.getLogger(), logs.handler(form, said)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        world.run_with(feedback_keys=None)  # Bolt takes its level from the root when an app is made
        path = subscribe(world, "ada")
        with served(world) as program:
            assert program.get(path).status == 200
            forget_versions(world)
            broken = program.get(path)
            assert (broken.status, broken.headers["Retry-After"]) == (503, "60")
            confuse(world)
            assert program.get(path).status == 500
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
    assert "a calendar could not be read" in said.getvalue()
    assert "a calendar could not be drawn" in said.getvalue()
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in said.getvalue()


def forget_versions(world: World) -> None:
    """Take away a table that every calendar needs."""
    with world.db.begin() as session:
        session.execute(text(f"DROP TABLE {EventVersion.__tablename__}"))


def confuse(world: World) -> None:
    """Have the rows say what they never say."""
    with world.db.begin() as session:
        session.execute(update(Subscription).values(asked="nonsense"))


def test_at_the_sixty_first_request_in_an_hour_a_program_reads_when_to_come_again(company_of_two: World) -> None:
    world = company_of_two
    path, others = subscribe(world, "ada"), subscribe(world, "lee")
    with served(world) as program:
        assert asks(program, path, 30) == {200}
        world.hands.tick(30 * 60)
        assert asks(program, path, 30) == {200}
        world.hands.tick(60)
        refused = program.get(path)
        assert (refused.status, refused.headers["Retry-After"]) == (429, str(29 * 60))
        assert refused.headers["Cache-Control"] == "no-store"
        assert program.get(others).status == 200
        world.hands.tick(29 * 60)
        assert asks(program, path, 30) == {200}, "the first thirty are an hour ago"
        assert program.get(path).status == 429, "and the other thirty are not"
        assert program.get(subscribe(world, "ada")).status == 200


def asks(program: Program, path: str, times: int) -> set[int]:
    return {program.get(path).status for _ in range(times)}


def test_of_several_that_ask_at_once_sixty_are_answered(company_of_two: World) -> None:
    world = company_of_two
    path = subscribe(world, "ada")
    with served(world) as one, served(world) as other:
        assert asks(one, path, 56) == {200}
        said = world.at_once(*(lambda program=program: program.get(path).status for program in (one, other) * 4))
    assert sorted(said) == [200] * 4 + [429] * 4


def test_the_address_begins_as_the_people_who_run_prickle_said(company_of_two: World) -> None:
    ada = company_of_two.person("ada")
    ada.command("/prickle calendar")
    ada.click("calendar_make")
    assert f"{PUBLIC_URL}/calendar/" in str(ada.view)
