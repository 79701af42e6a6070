"""What is in a calendar, read by two readers that know nothing of each other; and what is never in one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from models.company import Away, Person
from models.subscriptions import EventVersion
from models.teams import Lost, Team
from tests import retro, rota
from tests.calendars import Program, Said, served, subscribe
from tests.stories import After
from tests.world import World

AUTUMN = "2026-10-20 08:00:00"  # a Tuesday; on the Sunday after it clocks in Berlin go back
TURN, REVEAL = "Replay: wrap up and plan", "Replay: retro notes are revealed"
SECRETS = (
    *("Timeline of replays", "Playback first", "Offsite in Rome", "Too many meetings", "You explained it well"),
    *("team-replay", "sprints", "Session replay"),
)


def begin(world: World) -> None:
    """Replay of Ada, Lee and Noor plans one-week sprints from Mondays."""
    world.set_up()
    world.team("ada", "lee", "noor", weeks=1)


def in_autumn(world: World) -> None:
    """It is the week before the clocks go back."""
    world.hands.move_to(AUTUMN)


@pytest.fixture
def replay(after: After) -> World:
    return after(begin)


@pytest.fixture
def autumn(after: After) -> World:
    return after(begin, in_autumn)


def read(world: World, path: str, **headers: str) -> Said:
    with served(world) as program:
        return program.get(path, **headers)


def mine(world: World, name: str) -> Said:
    """Somebody's own calendar, at a new address."""
    return read(world, subscribe(world, name))


def teams(world: World) -> Said:
    """The calendar of Replay, as somebody from outside reads it."""
    return read(world, subscribe(world, "sam", "Replay"))


def change(world: World, **values: Any) -> None:
    """Have the row of Replay say something else."""
    with world.db.begin() as session:
        session.execute(update(Team).where(Team.name == "Replay").values(**values))


def hero(world: World, name: str, week: str) -> None:
    """Somebody takes a week."""
    world.plan(name, high=f"What {name} does", heroes=[week])


# --- days and times ---------------------------------------------------------------------------------------------


def test_both_readers_see_the_same_times_before_and_after_the_clocks_go_back(autumn: World) -> None:
    said = mine(autumn, "ada")
    turns = [each for each in said.events if each.summary == TURN]
    assert sorted(each.starts for each in turns)[:3] == [
        datetime(2026, 10, 23, 8, tzinfo=UTC),  # ten in Berlin
        datetime(2026, 10, 30, 9, tzinfo=UTC),  # ten in Berlin, in winter
        datetime(2026, 11, 6, 9, tzinfo=UTC),
    ]
    assert said.lines[:4] == [
        ("10-19", "10-23", "Replay: sprint"),
        ("10-23 08:00", "10-23 08:15", TURN),
        ("10-26", "10-30", "Replay: sprint"),
        ("10-30 09:00", "10-30 09:15", TURN),
    ]


def test_a_turn_is_on_each_persons_own_clock(autumn: World) -> None:
    autumn.slack.change_user("lee", tz="America/New_York")
    autumn.slack.settle()
    turns = [line for line in mine(autumn, "lee").lines if line[2] == TURN]
    assert [line[0] for line in turns[:3]] == ["10-23 14:00", "10-30 14:00", "11-06 15:00"]


def test_a_team_has_its_sprints_heroes_reveals_and_who_is_away(replay: World) -> None:
    hero(replay, "ada", "2026-07-13")
    replay.person("lee").command("/sprint away until 24 July")
    assert teams(replay).lines[:6] == [
        ("07-09", "07-24", "Lee is away"),
        ("07-13", "07-17", "Replay: Ada is support hero"),
        ("07-13", "07-17", "Replay: sprint"),
        ("07-20", "07-24", "Replay: sprint"),
        ("07-20 09:00", "07-20 09:15", REVEAL),
        ("07-27", "07-31", "Replay: sprint"),
    ]


def test_one_reads_of_ones_own_weeks_and_aways_and_of_nobody_elses(replay: World) -> None:
    hero(replay, "ada", "2026-07-13")
    replay.person("lee").command("/sprint away until 24 July")
    ada, lee = ({line[2] for line in mine(replay, name).lines} for name in ("ada", "lee"))
    assert ada == {"Replay: sprint", TURN, "Replay: you're support hero"}
    assert lee == {"Replay: sprint", TURN, "You're away"}


def test_who_is_away_is_not_asked_then_and_the_calendar_says_so(replay: World) -> None:
    replay.person("lee").command("/sprint away until 24 July")
    assert next(line[0] for line in mine(replay, "lee").lines if line[2] == TURN) == "07-31 08:00"


def test_days_off_that_were_written_into_a_plan_are_there(replay: World) -> None:
    replay.plan("noor", high="Search", off_from="2026-07-14", off_until="2026-07-15")
    assert ("07-14", "07-15", "Noor is away") in teams(replay).lines
    assert ("07-14", "07-15", "You're away") in mine(replay, "noor").lines


def test_somebody_whose_return_nobody_knows_is_away_until_today(replay: World) -> None:
    replay.slack.change_user("lee", status_text="Sick", status_emoji=":face_with_thermometer:")
    replay.slack.settle()
    with replay.db.read() as session:
        if session.scalar(select(Away.person_id)) is None:
            pytest.fail("the status says that Lee is away")
    team, path = subscribe(replay, "sam", "Replay"), subscribe(replay, "lee")
    assert ("07-09", "07-09", "Lee is away") in read(replay, team).lines
    replay.hands.move_to("2026-07-14 08:00:00")
    assert ("07-09", "07-14", "Lee is away") in read(replay, team).lines
    assert ("07-09", "07-14", "You're away") in read(replay, path).lines


def test_holidays_are_left_out_of_sprints_heroes_weeks_aways_and_turns(replay: World) -> None:
    change(replay, country="FR")  # 14 July is a Tuesday
    hero(replay, "ada", "2026-07-13")
    lines = teams(replay).lines
    assert [line[:2] for line in lines if line[2] == "Replay: Ada is support hero"] == [
        ("07-13", "07-13"),
        ("07-15", "07-17"),
    ]
    change(replay, country="AT")  # 26 October is a Monday
    replay.hands.move_to(AUTUMN)
    replay.person("lee").command("/sprint away until 26 October")
    lines = teams(replay).lines
    assert ("10-27", "10-30", "Replay: sprint") in lines
    assert ("10-20", "10-23", "Lee is away") in lines
    change(replay, country="PL")  # 11 November is a Wednesday, 25 and 26 December are a Friday and a Saturday
    replay.hands.move_to("2026-12-15 08:00:00")
    turns = [line[0] for line in mine(replay, "ada").lines if line[2] == TURN]
    assert turns[:2] == ["12-18 09:00", "12-23 09:00"]  # since 2025 the 24th is one, too


def test_somebody_in_no_team_has_their_aways(replay: World) -> None:
    replay.person("sam").command("/sprint away until 14 July")
    said = mine(replay, "sam")
    assert said.lines == [("07-09", "07-14", "You're away")]
    assert "NAME:Prickle" in said.body


def test_ones_own_calendar_follows_to_another_team(replay: World) -> None:
    world = replay
    path = subscribe(world, "noor")
    world.team("mia", "tom", name="Ingestion", weeks=2)
    noor = world.person("noor")
    noor.command("/small-team join Ingestion")
    assert noor.submit() == {}
    said = {line[2].partition(":")[0] for line in read(world, path).lines}
    assert said == {"Ingestion"}


@pytest.mark.parametrize("still", [{"paused_at": datetime(2026, 7, 9, tzinfo=UTC)}, {"channel_lost": Lost.HIDDEN}])
def test_a_team_of_which_nobody_is_asked_has_no_turns_ahead(replay: World, still: dict[str, Any]) -> None:
    replay.plan("ada", high="Timeline")
    change(replay, **still)
    assert teams(replay).lines == [("07-13", "07-17", "Replay: sprint")]
    assert mine(replay, "ada").lines == [("07-13", "07-17", "Replay: sprint")]


def test_a_reveal_is_where_it_was_once_it_has_been(after: After) -> None:
    world = after(retro.begin, retro.lee_writes, retro.sprint_ends)
    path = subscribe(world, "sam", "Replay")
    before = reveal(world, path, "2026-07-27 09:00")
    for name in ("ada", "lee", "noor"):
        world.plan(name, said_well=f"What {name} liked")
    world.go_to("2026-07-24 08:30:00")
    after_it = reveal(world, path, "2026-07-24 08:")
    assert after_it.uid == before.uid
    assert after_it.sequence == before.sequence + 1
    world.go_to("2026-07-28 08:30:00")
    assert reveal(world, path, "2026-07-24 08:") == after_it


def reveal(world: World, path: str, day: str) -> Any:
    found = [each for each in read(world, path).events if each.summary == REVEAL]
    return next(each for each in found if str(each.starts).startswith(day))


# --- nothing private --------------------------------------------------------------------------------------------


def test_nothing_private_is_in_any_calendar(replay: World) -> None:
    world = replay
    world.plan("ada", high="Timeline of replays")
    retro.write(world, "lee", better="Too many meetings")
    world.finalize("ada", direction="Playback first")
    world.slack.change_user("lee", status_text="Offsite in Rome", status_emoji=":palm_tree:")
    world.slack.settle()
    ada = world.person("ada")
    ada.command("/give-feedback")
    assert ada.submit(person=world.id("noor"), saw="You explained it well") == {}
    ada.close_all()
    ada.command("/small-team pause")
    assert ada.submit(because="Offsite in Rome") == {}
    ada.close_all()
    bodies = [mine(world, name).body for name in ("ada", "lee", "noor")] + [teams(world).body]
    with world.db.read() as session:
        ids = [*session.scalars(select(Person.id)), *session.scalars(select(Team.channel_id))]
    for body in bodies:
        unfolded = body.replace("\r\n ", "")
        assert not [each for each in (*SECRETS, *ids, "@", "ATTENDEE", "ORGANIZER") if each in unfolded]
    assert "Lee is away" in bodies[3]


@pytest.mark.parametrize("name", ["Lee; of \\ the, North", "Lee\r\nBEGIN:VALARM", "Löe 🦔 “quoted”: yes", "{team} {0}"])
def test_a_name_is_a_name_whatever_is_in_it(replay: World, name: str) -> None:
    replay.person("lee").command("/sprint away until 24 July")
    path = subscribe(replay, "sam", "Replay")
    with replay.db.begin() as session:
        session.execute(update(Person).where(Person.id == replay.id("lee")).values(name=name))
    change(replay, name="A, B; C\\n D:")
    said = read(replay, path)
    assert "BEGIN:VALARM" not in said.body.splitlines()
    assert {each.summary for each in said.events if "away" in each.summary} == {
        f"{name.replace(chr(13), ' ').replace(chr(10), ' ')} is away"
    }
    assert "A, B; C\\n D:: sprint" in {each.summary for each in said.events}


# --- versions ---------------------------------------------------------------------------------------------------


def week(world: World, path: str) -> Any:
    return next(each for each in read(world, path).events if "support hero" in each.summary)


def test_an_event_that_changes_stays_the_same_one_with_a_higher_number(replay: World) -> None:
    world = replay
    hero(world, "ada", "2026-07-13")
    path = subscribe(world, "sam", "Replay")
    adas = week(world, path)
    assert (adas.summary, adas.sequence) == ("Replay: Ada is support hero", 0)
    world.hands.tick(60)
    assert week(world, path) == adas
    world.plan("ada", high="What ada does", heroes=[])
    hero(world, "lee", "2026-07-13")
    lees = week(world, path)
    assert (lees.summary, lees.uid, lees.sequence) == ("Replay: Lee is support hero", adas.uid, 1)
    assert lees.stamp > adas.stamp
    others = {each.uid: each.sequence for each in read(world, path).events if each.uid != lees.uid}
    assert set(others.values()) == {0}


def test_two_programs_that_ask_at_once_after_a_change_see_one_number(replay: World) -> None:
    world = replay
    hero(world, "ada", "2026-07-13")
    paths = [subscribe(world, name, "Replay") for name in ("sam", "lee", "mia")]
    assert {week(world, path).sequence for path in paths} == {0}
    world.plan("ada", high="What ada does", heroes=[])
    hero(world, "lee", "2026-07-13")
    with served(world) as program:
        said = world.at_once(*(lambda path=path: program.get(path) for path in paths))
    assert {each.body for each in said} == {said[0].body}
    assert next(each for each in said[0].events if "Lee" in each.summary).sequence == 1


def test_what_is_long_over_is_forgotten(replay: World) -> None:
    path = subscribe(replay, "ada")
    read(replay, path)
    replay.hands.move_to("2027-12-01 08:00:00")
    read(replay, path)
    with replay.db.read() as session:
        assert min(session.scalars(select(EventVersion.last_on))) > date(2026, 12, 1)


# --- what has not changed is not sent ---------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(replay: World) -> None:
    path = subscribe(replay, "ada")
    with served(replay) as program:
        first = program.get(path)
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "private, max-age=900"
        replay.hands.tick(3600)
        for said in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = program.get(path, If_None_Match=said)
            assert (again.status, again.body, again.headers["ETag"]) == (304, "", tag)
            assert again.headers["Cache-Control"] == "private, max-age=900"
            assert again.headers["Content-Length"] is None
        for said in ('"other"', "", "nonsense", tag.strip('"')):
            assert sent(program, path, said) == 200
        replay.plan("ada", high="Timeline", heroes=["2026-07-13"])
        changed = program.get(path, If_None_Match=tag)
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


def sent(program: Program, path: str, tag: str) -> int:
    return program.get(path, If_None_Match=tag).status


def test_a_program_that_asks_for_the_head_alone_gets_no_body(replay: World) -> None:
    path = subscribe(replay, "ada")
    with served(replay) as program:
        whole, head = program.get(path), program.get(path, method="HEAD")
    assert (head.status, head.body, head.headers["ETag"]) == (200, "", whole.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(whole.body.encode()))


# --- the meeting ------------------------------------------------------------------------------------------------


def meet(world: World, at: str, link: str = "") -> dict[str, str]:
    """Ada edits when Replay meets to plan. Returns what was said of the fields."""
    ada = world.person("ada")
    ada.command("/small-team edit")
    errors = ada.submit(meets_at=at, meets_link=link)
    ada.close_all()
    return errors


def meetings(world: World, path: str) -> list[Any]:
    found = [each for each in read(world, path).events if each.summary == "Replay: planning meeting"]
    return sorted(found, key=lambda each: each.starts)


def test_a_team_that_meets_to_plan_says_when_and_where_to_everybody(autumn: World) -> None:
    world = autumn
    path = subscribe(world, "sam", "Replay")
    assert meetings(world, path) == []
    assert meet(world, "10:30", "https://meet.example/replay?pwd=1&x=2") == {}
    change(world, country="AT")  # 26 October is a Monday and a holiday
    first, second, *_ = meetings(world, path)
    assert (first.starts, first.ends) == (
        datetime(2026, 10, 27, 9, 30, tzinfo=UTC),
        datetime(2026, 10, 27, 10, tzinfo=UTC),
    )
    assert second.starts == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert first.location == "https://meet.example/replay?pwd=1&x=2"
    assert first.description == "Anybody may come. https://meet.example/replay?pwd=1&x=2"
    sam = world.person("sam")
    sam.command("/small-team show Replay")
    assert "Meets to plan on a sprint's first working day at 10:30 in Berlin. Anybody may come" in str(sam.view)
    sam.close_all()
    assert meet(world, "11:00") == {}
    moved = meetings(world, path)[0]
    assert (moved.uid, moved.sequence, moved.location) == (first.uid, 1, "")
    assert moved.starts == datetime(2026, 10, 27, 10, tzinfo=UTC)
    assert meet(world, "") == {}
    assert meetings(world, path) == []


@pytest.mark.parametrize(
    ("at", "link", "field"),
    [
        ("10:00", "meet.example/replay", "meets_link"),
        ("10:00", "http://meet.example/replay", "meets_link"),
        ("10:00", "https://meet.example/re play", "meets_link"),
        ("10:00", "https://meet.example/|x>", "meets_link"),
        ("10:00", "https://meet.example/?q=\\nBEGIN:VALARM", "meets_link"),
        ("", "https://meet.example/replay", "meets_at"),
    ],
)
def test_a_meeting_behind_what_is_no_link_is_refused_under_its_field(
    replay: World, at: str, link: str, field: str
) -> None:
    assert list(meet(replay, at, link)) == [field]
    assert "planning meeting" not in teams(replay).body


def test_the_meeting_is_in_each_members_own_calendar_unless_they_are_away(autumn: World) -> None:
    world = autumn
    ada, lee, sam = (subscribe(world, name) for name in ("ada", "lee", "sam"))
    assert meet(world, "10:30", "https://meet.example/replay") == {}
    world.person("lee").command("/sprint away until 30 October")
    world.person("sam").command("/sprint away until 30 October")
    first, second, *_ = meetings(world, ada)
    assert (first.starts, first.location) == (datetime(2026, 10, 26, 9, 30, tzinfo=UTC), "https://meet.example/replay")
    assert second.starts == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert [each.starts for each in meetings(world, lee)][:1] == [second.starts]
    assert meetings(world, sam) == [], "who is in no team goes to no meeting"


def test_editing_the_team_keeps_its_meeting(replay: World) -> None:
    assert meet(replay, "10:30", "https://meet.example/replay") == {}
    ada = replay.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(area="Playback") == {}
    assert meetings(replay, subscribe(replay, "sam", "Replay"))[0].location == "https://meet.example/replay"


# --- the rota ---------------------------------------------------------------------------------------------------


def test_the_weeks_of_a_rota_are_there_as_far_ahead_as_it_is_known(replay: World) -> None:
    rota.switch(replay, "rota")
    rota.start(replay, "lee")
    said = teams(replay).lines
    heroes = [line[2].removeprefix("Replay: ").removesuffix(" is support hero") for line in said if "hero" in line[2]]
    assert heroes[:8] == ["Ada", "Lee", "Noor", "Ada", "Lee", "Noor", "Ada", "Lee"]
    mine_ = [line[0] for line in mine(replay, "lee").lines if "hero" in line[2]]
    assert mine_[:3] == ["07-20", "08-10", "08-31"]
