"""`/small-team rota`: whose turn as support hero comes when."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.heroes import looking, rota
from bot.platform import clock
from jobs import heroes as jobs
from models.heroes import HeroWeek, Rota
from tests.rota import heroes, opened, rows, start, switch, texts, turn
from tests.stories import After
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH
ROUND = ["Ada", "Lee", "Noor"]


def ada_founds_replay(world: World) -> None:
    """Lee and Noor are with her; Mia and Tom are Ingestion."""
    world.set_up()
    world.team("ada", "lee", "noor")
    world.team("mia", "tom", name="Ingestion", weeks=1)


def the_rota_is_on(world: World) -> None:
    """An admin has switched it on."""
    switch(world, "rota")


def lee_starts_it(world: World) -> None:
    """It runs in Replay, from the sprint of 13–24 July on."""
    start(world, "lee")


@pytest.fixture
def off(after: After) -> World:
    """Replay and Ingestion, where the rota is off."""
    return after(ada_founds_replay)


@pytest.fixture
def on(after: After) -> World:
    """The same, where it is on, and nobody has started any."""
    return after(ada_founds_replay, the_rota_is_on)


@pytest.fixture
def runs(after: After) -> World:
    """The same, where Replay's rota runs."""
    return after(ada_founds_replay, the_rota_is_on, lee_starts_it)


def stored(world: World) -> list[str]:
    """Whose weeks are written, earliest first: what plans and Home read."""
    with world.db.read() as session:
        found = session.scalars(select(HeroWeek.person_id).order_by(HeroWeek.team_id, HeroWeek.week_on))
        names = {world.id(name): name.capitalize() for name in ("ada", "lee", "noor", "mia", "tom", "sam")}
        return [names[each] for each in found]


def line(world: World, containing: str) -> str:
    """What the newest plan's card says of heroes."""
    card = world.card("team-replay", containing)
    facts = next((block["elements"][0]["text"] for block in card["blocks"] if block["type"] == "context"), "")
    return next((fact for fact in facts.split(" · ") if "Support hero" in fact), "")


def labels(view: dict[str, Any]) -> list[str]:
    """What the buttons of a window say."""
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row if each["type"] == "button"]


# --- on and off ---------------------------------------------------------------------------------------------------


def test_while_it_is_off_the_command_answers_with_one_sentence_and_nothing_shows_it(off: World) -> None:
    ada = off.person("ada")
    ada.command("/small-team rota")
    said = "The hero rota is off. An admin of this Slack workspace can switch it on in `/prickle setup`."
    assert said in str(ada.view or ada.ephemerals)
    ada.close_all()
    ada.command("/small-team")
    assert "Hero rota" not in str(ada.view)
    ada.close_all()
    ada.command("/prickle")
    assert "Hero rota" not in str(ada.view)


def test_who_presses_an_old_button_while_it_is_off_reads_the_same_sentence(runs: World) -> None:
    opened(runs, "ada")
    switch(runs)
    runs.person("ada").click("rota_stop")
    assert "The hero rota is off." in str(runs.person("ada").view)


def test_an_admin_switches_it_on_and_every_team_finds_it_beside_its_other_tabs(on: World) -> None:
    ada = on.person("ada")
    ada.command("/small-team")
    assert "Hero rota" in labels(ada.view or {})
    ada.close_all()
    ada.command("/prickle")
    ada.click("menu_part_rota")
    assert "Hero rota" in labels(ada.view or {})


def test_switched_off_the_weeks_are_free_again_and_switched_on_it_goes_on(runs: World) -> None:
    before = heroes(runs)
    switch(runs)
    turn(runs)
    assert stored(runs) == []
    switch(runs, "rota")
    turn(runs)
    assert heroes(runs) == before
    assert len(stored(runs)) == rota.AHEAD


def test_a_setup_form_of_an_older_version_leaves_the_parts_as_they_are(runs: World) -> None:
    ivy = runs.person("ivy")
    ivy.command("/prickle setup")
    payload = runs.submission("ivy")
    del payload["view"]["state"]["values"]["parts"]
    runs.slack.deliver("interactive", payload)
    assert heroes(runs)[0] == "Ada"


# --- starting and stopping ----------------------------------------------------------------------------------------


def test_anybody_of_the_team_starts_it_and_the_channel_reads_who_comes_next(on: World) -> None:
    assert "No rota runs in this team" in str(opened(on, "lee"))
    on.person("lee").click("rota_start")
    assert [row.partition(": ")[2] for row in rows(on.person("lee").view or {})] == [
        *[f"*{name}*" for name in [*ROUND, *ROUND]],
        "*Ada*",
        "*Lee*",
    ]
    said = on.texts("team-replay")[-1]
    assert said.startswith("🦸 Lee started a rota of support heroes. 13–17 July: *Ada* · 20–24 July: *Lee*")


def test_the_plans_heroes_fill_themselves(runs: World) -> None:
    runs.plan("noor", high="Player")
    assert line(runs, "sprint") == "🦸 Support hero: Ada (week 1), Lee (week 2)"
    assert "🦸 You are support hero 13–17 July." in str(runs.person("ada").open_home())


def test_a_week_of_the_rota_is_not_given_back_with_one_press(runs: World) -> None:
    home = str(runs.person("ada").open_home())
    assert "I can't after all" not in home
    assert "rota_show" in home
    runs.person("ada").command("/sprint plan")
    assert "I'll be support hero" not in str(runs.person("ada").view)


def test_a_press_of_an_older_card_does_not_give_a_week_back(on: World) -> None:
    on.plan("ada", high="Timeline", heroes=["2026-07-13"])
    ada = on.person("ada")
    ada.open_home()
    start(on, "lee")
    ada.click(f"hero_give_back_{on.team_id('Replay')}_20260713", home=True)
    assert "a week isn't given back" in str(ada.view)
    assert heroes(on)[0] == "Ada"


def test_the_same_press_twice_starts_one_rota_and_says_so_once(on: World) -> None:
    for name in ("lee", "noor"):
        opened(on, name)
    on.at_once(*[lambda name=name: on.person(name).click("rota_start") for name in ("lee", "noor")])
    said = [text for text in on.texts("team-replay") if "started a rota" in text]
    assert len(said) == 1
    with on.db.read() as session:
        assert len(session.scalars(select(Rota)).all()) == 1


def test_somebody_of_another_team_reads_it_and_changes_nothing(runs: World) -> None:
    view = opened(runs, "tom", "Replay")
    assert len(rows(view)) == rota.AHEAD
    assert "Stop the rota" not in labels(view)
    opened(runs, "ada")
    payload = runs.press("ada", "rota_stop", None)
    payload["user"]["id"] = runs.id("tom")
    runs.slack.deliver("interactive", payload)
    assert len(stored(runs)) == rota.AHEAD


def test_people_in_no_team_read_how_to_find_one(on: World) -> None:
    sam = on.person("sam")
    sam.command("/small-team rota")
    assert "You are in no small team yet." in str(sam.view or sam.ephemerals)


def test_who_stops_it_lets_people_enter_themselves_again(runs: World) -> None:
    opened(runs, "noor")
    runs.person("noor").click("rota_stop")
    assert stored(runs) == []
    assert "Start the rota" in labels(runs.person("noor").view or {})
    assert runs.texts("team-replay")[-1].startswith("🦸 Noor stopped the rota")


def test_stopped_in_mid_week_the_week_stays_with_its_hero(runs: World) -> None:
    runs.go_to("2026-07-15 08:00:00")
    opened(runs, "noor")
    runs.person("noor").click("rota_stop")
    assert stored(runs) == ["Ada"]


def test_started_again_it_goes_on_where_it_was(runs: World) -> None:
    runs.go_to("2026-07-15 08:00:00")
    opened(runs, "noor")
    runs.person("noor").click("rota_stop")
    start(runs, "noor")
    assert heroes(runs)[:3] == ["Lee", "Noor", "Ada"]


def test_weeks_that_people_had_before_count_as_turns(on: World) -> None:
    on.plan("ada", high="Timeline", heroes=["2026-07-13"])
    on.go_to("2026-07-14 08:00:00")
    start(on, "ada")
    assert heroes(on)[:3] == ["Lee", "Noor", "Ada"]


# --- whose turn it is ---------------------------------------------------------------------------------------------


def test_each_week_the_next_one_has_it_and_the_rota_grows_at_its_end(runs: World) -> None:
    runs.go_to("2026-07-20 08:00:00")
    assert heroes(runs) == ["Lee", "Noor", "Ada", "Lee", "Noor", "Ada", "Lee", "Noor"]
    assert rows(opened(runs, "ada"))[0] == "*This week*, 20–24 July: *Lee*"
    assert stored(runs) == ["Ada", "Lee", "Noor", "Ada", "Lee", "Noor", "Ada", "Lee", "Noor"]


def test_who_is_away_in_their_week_is_skipped_and_next_when_they_are_back(runs: World) -> None:
    lee = runs.person("lee")
    lee.command("/sprint away")
    assert lee.submit(first="2026-07-20", last="2026-07-26") == {}
    turn(runs)
    assert stored(runs)[:5] == ["Ada", "Noor", "Lee", "Ada", "Noor"]
    lee.command("/sprint back")
    turn(runs)
    assert stored(runs)[:5] == ["Ada", "Lee", "Noor", "Ada", "Lee"]


def test_days_off_that_somebody_writes_into_their_plan_count_too(runs: World) -> None:
    runs.plan("lee", high="Player", off_from="2026-07-20", off_until="2026-07-24")
    turn(runs)
    assert stored(runs)[:3] == ["Ada", "Noor", "Lee"]


def test_while_everybody_is_away_it_says_nobody(runs: World) -> None:
    for name in ("ada", "lee", "noor"):
        runs.person(name).command("/sprint away")
        assert runs.person(name).submit(first="2026-07-20", last="2026-07-26") == {}
    turn(runs)
    assert heroes(runs)[:3] == ["Ada", "nobody: everybody is away", "Lee"]


def test_a_week_that_nobody_had_is_taken_as_before_or_given_to_who_is_back(runs: World) -> None:
    for name in ("ada", "lee", "noor"):
        runs.person(name).command("/sprint away")
        assert runs.person(name).submit(first="2026-07-20", last="2026-07-26") == {}
    turn(runs)
    noor = runs.person("noor")
    noor.command("/sprint back")
    noor.click(f"hero_enter_{runs.team_id('Replay')}_20260720", home=bool(noor.open_home()))
    turn(runs)
    assert heroes(runs)[:4] == ["Ada", "Noor", "Lee", "Ada"]


def test_who_joins_is_last(runs: World) -> None:
    sam = runs.person("sam")
    sam.command("/small-team join Replay")
    assert sam.submit() == {}
    turn(runs)
    assert stored(runs)[:5] == ["Ada", "Lee", "Noor", "Sam", "Ada"]


def test_the_weeks_of_who_leaves_go_to_the_next_ones(runs: World) -> None:
    runs.person("lee").command("/small-team leave")
    assert runs.person("lee").submit() == {}
    turn(runs)
    assert stored(runs) == ["Ada", "Noor", "Ada", "Noor", "Ada", "Noor", "Ada", "Noor"]


@pytest.mark.parametrize("how", [{"deleted": True}, {"is_restricted": True}])
def test_who_leaves_the_company_in_their_week_hands_it_to_the_next_one(runs: World, how: dict[str, Any]) -> None:
    runs.go_to("2026-07-21 08:00:00")
    runs.slack.change_user("lee", **how)
    runs.slack.settle()
    turn(runs)
    assert stored(runs)[:4] == ["Ada", "Noor", "Ada", "Noor"]


def test_a_team_of_two_takes_turns(on: World) -> None:
    start(on, "tom")
    assert heroes(on, "mia") == ["Mia", "Tom"] * 4


def test_after_a_change_of_rhythm_the_weeks_are_those_of_the_new_one(runs: World) -> None:
    ada = runs.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(start_weekday="2")
    assert ada.submit() == {}
    ada.close_all()
    turn(runs)
    with runs.db.read() as session:
        days = session.scalars(select(HeroWeek.week_on).order_by(HeroWeek.week_on)).all()
    assert len(days) == rota.AHEAD
    assert {day.weekday() for day in days} == {2}


def test_the_bot_that_was_down_for_weeks_knows_whose_turns_passed(runs: World) -> None:
    runs.go_to("2026-08-04 08:00:00")
    assert heroes(runs)[:3] == ["Ada", "Lee", "Noor"]


def test_a_closed_team_has_no_rota(runs: World) -> None:
    for name in ("lee", "noor"):
        runs.person(name).command("/small-team leave")
        assert runs.person(name).submit() == {}
    ada = runs.person("ada")
    ada.command("/small-team close")
    assert ada.submit() == {}
    turn(runs)
    assert stored(runs) == []


def test_two_replicas_that_fill_at_once_write_each_week_once(runs: World) -> None:
    runs.person("lee").command("/sprint away until 31 July")
    runs.at_once(lambda: turn(runs), lambda: turn(runs))
    assert len(stored(runs)) == rota.AHEAD


def test_the_window_explains_itself(runs: World) -> None:
    assert texts(opened(runs, "ada"))[0].startswith("*Replay: whose turn as support hero?*")


def test_who_takes_another_name_changes_no_turn(world: World) -> None:
    ada_founds_replay(world)
    the_rota_is_on(world)
    lee_starts_it(world)
    before = heroes(world, "noor")
    world.slack.change_user("ada", display_name="Zoe")
    world.slack.settle()
    turn(world)
    assert [each.replace("Zoe", "Ada") for each in heroes(world, "noor")] == before


def test_the_clock_looks_at_more_rotas_than_one_transaction_holds(on: World, monkeypatch: pytest.MonkeyPatch) -> None:
    start(on, "lee")
    start(on, "mia")
    monkeypatch.setattr(looking, "AT_ONCE", 1)
    with on.db.begin() as session:
        looking.again_everywhere(session, now=clock.now())
    assert jobs.fill(on.db, clock.now) == 2
    assert jobs.fill(on.db, clock.now) == 0
