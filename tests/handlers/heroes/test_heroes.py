"""Who is support hero in which week: people enter themselves, and take it back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.heroes import HeroWeek
from models.sprints import Sprint
from tests.stories import After
from tests.world import World, of_another_window

FIRST, SECOND = "2026-07-13", "2026-07-20"  # the weeks of the sprint of 13–24 July
NEXT = "2026-07-27"  # the first week of the sprint after it


def ada_founds_replay(world: World) -> None:
    """Lee and Noor are with her; Mia and Tom are Ingestion, whose sprints take one week."""
    world.set_up()
    world.team("ada", "lee", "noor")
    world.team("mia", "tom", name="Ingestion", weeks=1)


def ada_plans(world: World) -> None:
    """She picks one item, and is hero in the first week."""
    world.plan("ada", high="Timeline", heroes=[FIRST])


def ada_finalizes(world: World) -> None:
    """Her plan is all there is in it, and the sprint has begun."""
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay of Ada, Lee and Noor: nobody has planned yet."""
    return after(ada_founds_replay)


@pytest.fixture
def planned(after: After) -> World:
    """The same, with Ada's plan in: she has the first of two weeks."""
    return after(ada_founds_replay, ada_plans)


@pytest.fixture
def running(after: After) -> World:
    """The same, where the plan is final and the sprint runs."""
    return after(ada_founds_replay, ada_plans, ada_finalizes)


def heroes(world: World) -> dict[str, str]:
    """Whose week it is, by its first day."""
    names = {world.id(name): name for name in ("ada", "lee", "noor", "mia", "tom", "sam")}
    with world.db.read() as session:
        rows = session.scalars(select(HeroWeek).order_by(HeroWeek.team_id, HeroWeek.week_on))
        return {row.week_on.isoformat(): names[row.person_id] for row in rows}


def line(world: World, channel: str = "team-replay", containing: str = "sprint") -> str:
    """What the newest plan's card says of heroes, in its blocks and in its text."""
    card = world.card(channel, containing)
    facts = next((block["elements"][0]["text"] for block in card["blocks"] if block["type"] == "context"), "")
    said = next((fact for fact in facts.split(" · ") if "Support hero" in fact), "")
    assert said in card["text"]
    return said.removeprefix("🦸 Support hero: ")


def value(world: World, week_on: str, team: str = "Replay") -> str:
    """A week of a team, as a button carries it."""
    return f"{world.team_id(team)}:{week_on}"


def take(world: World, name: str, week_on: str, *, containing: str = "sprint") -> None:
    """Choose a week behind the three dots of the plan's card."""
    card = world.card("team-replay", containing)
    world.person(name).click("comment_give", message=card, select=f"hero_enter|{value(world, week_on)}")


def button(world: World, view: Any, words: str) -> str:
    """The id of the button that says this, in a window or on Home."""
    accessories = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return str(next(each["action_id"] for each in accessories if each.get("text", {}).get("text") == words))


def menu(world: World) -> list[str]:
    """What stands behind the three dots of the plan's card."""
    (foot,) = [block for block in world.card("team-replay", "sprint")["blocks"] if block["type"] == "actions"]
    return [option["text"]["text"] for element in foot["elements"] for option in element.get("options", ())]


# --- one hero a week --------------------------------------------------------------------------------------------


def test_people_enter_themselves_and_the_card_names_one_a_week(planned: World) -> None:
    assert line(planned) == "Ada (week 1); week 2: nobody yet"
    take(planned, "lee", SECOND)
    assert line(planned) == "Ada (week 1), Lee (week 2)"
    assert heroes(planned) == {FIRST: "ada", SECOND: "lee"}


def test_the_weeks_that_nobody_has_are_offered_behind_the_three_dots_and_no_others(planned: World) -> None:
    assert menu(planned) == ["💬 Give feedback on this plan", "🦸 I'll be hero 20–24 July"]
    take(planned, "lee", SECOND)
    assert menu(planned) == ["💬 Give feedback on this plan"]


def test_a_card_has_three_buttons_and_one_menu_at_most(planned: World) -> None:
    for _ in range(2):
        (foot,) = [block for block in planned.card("team-replay", "sprint")["blocks"] if block["type"] == "actions"]
        kinds = [element["type"] for element in foot["elements"]]
        assert kinds.count("button") <= 3
        assert kinds.count("overflow") == 1
        planned.finalize("ada")


def test_feedback_is_still_given_from_the_same_menu(planned: World) -> None:
    tom = planned.person("tom")
    card = planned.card("team-replay", "sprint")
    tom.click("comment_give", message=card, select="💬 Give feedback on this plan")
    assert tom.submit(text="Looks good") == {}


def test_who_has_every_week_stands_there_once(planned: World) -> None:
    take(planned, "ada", SECOND)
    assert line(planned) == "Ada"


def test_a_sprint_of_one_week_has_one_hero_and_says_so_without_a_number(replay: World) -> None:
    replay.plan("mia", high="Consumers")
    assert line(replay, "team-ingestion") == "nobody yet"
    tom = replay.person("tom")
    card = replay.card("team-ingestion", "sprint")
    tom.click("comment_give", message=card, select="🦸 I'll be hero 13–17 July")
    assert line(replay, "team-ingestion") == "Tom"


def test_a_sprint_that_runs_on_for_three_weeks_has_three_heroes(planned: World) -> None:
    with planned.db.begin() as session:
        session.execute(update(Sprint).values(ends_on=date(2026, 7, 31)))
    take(planned, "lee", SECOND)
    assert line(planned) == "Ada (week 1), Lee (week 2); week 3: nobody yet"
    take(planned, "noor", NEXT)
    assert line(planned) == "Ada (week 1), Lee (week 2), Noor (week 3)"


def test_a_plan_without_any_hero_says_nobody_yet_once(replay: World) -> None:
    replay.plan("lee", high="Player")
    assert line(replay) == "nobody yet"


def test_a_week_that_passed_without_a_hero_is_not_spoken_of_any_more(replay: World) -> None:
    replay.plan("ada", high="Timeline")
    replay.finalize("ada")
    replay.go_to("2026-07-21 08:00:00")
    take(replay, "lee", SECOND)
    assert line(replay) == "Lee (week 2)"


def test_the_export_names_them_as_people_wrote_it_by_hand(running: World) -> None:
    take(running, "lee", SECOND)
    tom = running.person("tom")
    tom.command("/sprint export replay")
    assert "**Support hero:** Ada (week 1), Lee (week 2)\\n" in repr(str(tom.view)).replace("\\\\n", "\\n")


def test_the_companys_page_shows_one_a_week_and_in_the_second_week_only_that_one(running: World) -> None:
    take(running, "lee", SECOND)
    assert "🦸 Ada (week 1), Lee (week 2)" in str(running.card("sprints", "13–17 July")["blocks"])
    running.go_to("2026-07-20 08:00:00")
    running.plan("mia", high="Consumers")
    running.finalize("mia")
    blocks = running.card("sprints", "20–24 July")["blocks"]
    (replay,) = [block["text"]["text"] for block in blocks if "|Replay>" in str(block)]
    assert replay.partition(" · ")[2] == "13–24 July · week 2 of 2 · 1 item · 🦸 Lee"


# --- where it is entered, and taken back ------------------------------------------------------------------------


def test_on_home_one_tap_takes_a_week_and_one_gives_it_back(running: World) -> None:
    lee = running.person("lee")
    home = lee.open_home()
    assert "🦸 Support hero: Ada" in str(home)
    assert "🦸 Nobody is support hero 20–24 July." in str(home)
    lee.click(button(running, home, "I'll be hero that week"), home=True)
    assert "🦸 You are support hero 20–24 July." in str(lee.home)
    assert line(running) == "Ada (week 1), Lee (week 2)"
    lee.click(button(running, lee.home, "I can't after all"), home=True)
    assert "You are support hero" not in str(lee.home)
    assert line(running) == "Ada (week 1); week 2: nobody yet"


def test_on_home_the_week_that_runs_is_called_this_week(running: World) -> None:
    ada = running.person("ada")
    ada.click(button(running, ada.open_home(), "I can't after all"), home=True)
    lee = running.person("lee")
    home = lee.open_home()
    assert "Support hero:" not in str(home)
    lee.click(button(running, home, "I'll be hero this week"), home=True)
    assert "🦸 Support hero: Lee" in str(lee.home)


def test_in_the_overview_the_same_buttons_act_and_show_what_they_did(running: World) -> None:
    lee = running.person("lee")
    lee.command("/sprint")
    lee.click(button(running, lee.view, "I'll be hero that week"))
    assert "🦸 You are support hero 20–24 July." in str(lee.view)
    lee.click(button(running, lee.view, "I can't after all"))
    assert "🦸 You are not support hero 20–24 July any more." in str(lee.view)
    assert heroes(running) == {FIRST: "ada"}
    lee.click(button(running, lee.view, "Undo"))
    assert "🦸 You are support hero 20–24 July." in str(lee.view)
    assert heroes(running) == {FIRST: "ada", SECOND: "lee"}


def test_a_week_of_the_coming_sprint_is_taken_before_anybody_planned_it_and_nothing_is_posted(running: World) -> None:
    take(running, "lee", SECOND)
    before = len(running.texts("team-replay"))
    noor = running.person("noor")
    noor.click(button(running, noor.open_home(), "I'll be hero that week"), home=True)
    assert heroes(running) == {FIRST: "ada", SECOND: "lee", NEXT: "noor"}
    assert len(running.texts("team-replay")) == before
    running.go_to("2026-07-24 08:00:00")
    assert line(running, containing="27 July") == "Noor (week 1); week 2: nobody yet"


def test_the_running_sprint_has_its_weeks_also_where_only_the_next_one_was_planned(replay: World) -> None:
    replay.go_to("2026-07-22 08:00:00")
    replay.plan("lee", high="Player")
    noor = replay.person("noor")
    noor.click(button(replay, noor.open_home(), "I'll be hero this week"), home=True)
    noor.click(button(replay, noor.home, "I'll be hero that week"), home=True)
    assert heroes(replay) == {SECOND: "noor", NEXT: "noor"}


def test_after_a_change_of_rhythm_the_weeks_begin_on_the_new_day(running: World) -> None:
    ada = running.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(start_weekday="2")
    ada.fill(sprint_weeks="1")
    assert ada.submit() == {}
    ada.close_all()
    take(running, "lee", SECOND)
    home = running.person("noor").open_home()
    assert "🦸 Nobody is support hero 29 July–4 August." in str(home)


def test_the_leads_form_shows_the_heroes_and_has_no_field_for_them(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    assert "🦸 Support hero: Ada (week 1); week 2: nobody yet" in str(ada.view)
    assert not [block for block in (ada.view or {})["blocks"] if "hero" in block.get("block_id", "")]


def test_the_leads_form_shows_them_also_where_nobody_planned_yet(replay: World) -> None:
    lee, ada = replay.person("lee"), replay.person("ada")
    lee.click(button(replay, lee.open_home(), "I'll be hero that week"), home=True)
    ada.command("/sprint finalize")
    assert "🦸 Support hero: Lee (week 1); week 2: nobody yet" in str(ada.view)


def test_a_field_of_an_older_form_that_names_somebody_else_does_nothing(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    ada.fill(direction="Go")
    payload = planned.submission("ada")
    chosen = {"type": "static_select", "selected_option": {"value": planned.id("lee")}}
    payload["view"]["state"]["values"]["hero"] = {"hero": chosen}
    planned.slack.deliver("interactive", payload)
    assert line(planned) == "Ada (week 1); week 2: nobody yet"


# --- in the form of one's plan ----------------------------------------------------------------------------------


def boxes(world: World, name: str) -> tuple[list[str], list[str]]:
    """What the form offers to tick, and what is ticked."""
    person = world.person(name)
    person.command("/sprint plan")
    found = [block["element"] for block in (person.view or {})["blocks"] if block.get("block_id") == "heroes"]
    texts = [[each["text"]["text"] for each in element["options"]] for element in found]
    ticked = [[each["text"]["text"] for each in element.get("initial_options", ())] for element in found]
    return (texts or [[]])[0], (ticked or [[]])[0]


def test_the_form_offers_the_free_weeks_and_ones_own(planned: World) -> None:
    both = ["Week 1, 13–17 July", "Week 2, 20–24 July"]
    assert boxes(planned, "ada") == (both, both[:1])
    assert boxes(planned, "lee") == (both[1:], [])


def test_without_a_free_week_the_form_has_no_field_for_it(planned: World) -> None:
    take(planned, "lee", SECOND)
    assert boxes(planned, "noor") == ([], [])


def test_in_a_sprint_of_one_week_the_box_names_its_days(replay: World) -> None:
    assert boxes(replay, "mia") == (["13–17 July"], [])


def test_what_is_ticked_no_more_is_given_back(planned: World) -> None:
    planned.plan("ada", heroes=[SECOND])
    assert line(planned) == "Ada (week 2); week 1: nobody yet"
    planned.plan("ada", heroes=[])
    assert heroes(planned) == {}


def test_a_form_that_was_opened_before_gives_back_nothing_that_was_taken_meanwhile(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint plan")
    ada.fill(high="Timeline")
    take(planned, "ada", SECOND)
    assert ada.submit() == {}
    assert heroes(planned) == {FIRST: "ada", SECOND: "ada"}


def test_who_ticks_a_week_that_was_taken_meanwhile_reads_by_whom_and_loses_nothing(planned: World) -> None:
    lee = planned.person("lee")
    lee.command("/sprint plan")
    lee.fill(high="Player", heroes=[SECOND])
    take(planned, "noor", SECOND)
    assert lee.submit() == {"heroes": "Noor is hero 20–24 July already."}
    assert (lee.view or {})["state"]["values"]["high"]["high"]["value"] == "Player"
    assert lee.submit(heroes=[]) == {}
    assert heroes(planned) == {FIRST: "ada", SECOND: "noor"}


def test_who_is_off_for_a_whole_week_is_not_its_hero(planned: World) -> None:
    lee = planned.person("lee")
    lee.command("/sprint plan")
    errors = lee.submit(heroes=[SECOND], off_from="2026-07-20", off_until="2026-07-24")
    assert errors == {"heroes": "You are away 20–24 July, so the week needs somebody else."}


# --- who may not ------------------------------------------------------------------------------------------------


def test_somebody_of_another_team_is_no_hero_of_this_one(planned: World) -> None:
    take(planned, "tom", SECOND)
    assert "Only people of Replay can be its support hero." in str(planned.person("tom").view)
    assert heroes(planned) == {FIRST: "ada"}


def test_a_guest_is_turned_away(planned: World) -> None:
    card = planned.card("team-replay", "sprint")
    planned.slack.change_user("sam", is_restricted=True)
    planned.slack.settle()
    sam = planned.person("sam")
    sam.click("comment_give", message=card, select=f"hero_enter|{value(planned, SECOND)}")
    assert "guest" in str(sam.view)
    assert heroes(planned) == {FIRST: "ada"}


@pytest.mark.parametrize("week_on", ["2026-07-06", "2026-07-15", "2026-08-10", "2026-07-25"])
def test_only_a_week_of_the_running_or_the_coming_sprint_can_be_taken(planned: World, week_on: str) -> None:
    action = {"type": "overflow", "action_id": "comment_give"}
    chosen = {"selected_option": {"value": f"hero_enter|{value(planned, week_on)}"}}
    planned.forge_press("lee", planned.card("team-replay", "sprint"), {**action, **chosen})
    assert "That week is over, or the team's sprints begin on other days now." in str(planned.person("lee").view)
    assert heroes(planned) == {FIRST: "ada"}


@pytest.mark.parametrize(
    "nonsense", ["hero_enter|", "hero_enter|x:y", "hero_enter|1:13 July", "nothing|1", "|", "a|b|c"]
)
def test_a_forged_choice_is_answered_in_words(planned: World, nonsense: str) -> None:
    action = {"type": "overflow", "action_id": "comment_give", "selected_option": {"value": nonsense}}
    planned.forge_press("lee", planned.card("team-replay", "sprint"), action)
    assert "from an older version" in str(planned.person("lee").view)


def test_a_week_that_is_over_is_not_taken_any_more(running: World) -> None:
    card = running.card("team-replay", "sprint")
    ada = running.person("ada")
    home = ada.open_home()
    running.go_to("2026-07-21 08:00:00")
    action = {"type": "overflow", "action_id": "comment_give"}
    chosen = {"selected_option": {"value": f"hero_enter|{value(running, FIRST)}"}}
    running.forge_press("lee", card, {**action, **chosen})
    assert "The week of 13–17 July is over." in str(running.person("lee").view)
    ada.click(button(running, home, "I can't after all"), home=True)
    assert "The week of 13–17 July is over." in str(ada.view)
    assert heroes(running) == {FIRST: "ada"}


def test_nobody_gives_back_the_week_of_somebody_else(running: World) -> None:
    lee = running.person("lee")
    lee.command("/sprint")
    payload = running.press("lee", button(running, lee.view, "I'll be hero that week"), None)
    payload["actions"][0] |= {"action_id": "hero_give_back", "value": value(running, FIRST)}
    running.slack.deliver("interactive", payload)
    assert heroes(running) == {FIRST: "ada"}


# --- two at once ------------------------------------------------------------------------------------------------


def test_a_week_that_was_given_back_is_undone_on_home_unless_somebody_took_it(running: World) -> None:
    ada, lee = running.person("ada"), running.person("lee")
    ada.click(button(running, ada.open_home(), "I can't after all"), home=True)
    assert "🦸 You are not support hero 13–17 July any more." in str(ada.home)
    pressed = button(running, ada.home, "Undo")
    ada.click(pressed, home=True)
    assert heroes(running) == {FIRST: "ada"}
    ada.click(button(running, ada.home, "I can't after all"), home=True)
    lee.click(button(running, lee.open_home(), "I'll be hero this week"), home=True)
    ada.click(pressed, home=True)
    assert "This has changed since, so you can't undo it any more." in str(ada.view)
    assert heroes(running) == {FIRST: "lee"}


def test_a_week_that_was_unticked_in_the_form_is_undone_within_ten_minutes(planned: World) -> None:
    planned.plan("ada", heroes=[])
    assert heroes(planned) == {}
    ada = planned.person("ada")
    ada.command("/sprint")
    pressed = button(planned, ada.view, "Undo")
    planned.hands.tick(timedelta(minutes=10))
    ada.click(pressed)
    assert "Ten minutes have passed" in str(ada.view)
    ada.close_all()
    ada.command("/sprint")
    assert "Undo" not in str(ada.view)
    assert heroes(planned) == {}


def test_of_two_who_take_the_same_week_at_once_the_first_has_it_and_the_second_reads_who(planned: World) -> None:
    take_it = [lambda name=name: take(planned, name, SECOND) for name in ("lee", "noor")]
    planned.at_once(*take_it)
    winner = heroes(planned)[SECOND]
    loser = {"lee": "noor", "noor": "lee"}[winner]
    assert planned.person(winner).view is None
    assert f"{winner.capitalize()} is hero 20–24 July already." in str(planned.person(loser).view)
    assert line(planned) == f"Ada (week 1), {winner.capitalize()} (week 2)"


def test_the_same_press_twice_is_one_week_and_no_complaint(planned: World) -> None:
    take(planned, "lee", SECOND)
    lee = planned.person("lee")
    action = {"type": "overflow", "action_id": "comment_give"}
    chosen = {"selected_option": {"value": f"hero_enter|{value(planned, SECOND)}"}}
    planned.forge_press("lee", planned.card("team-replay", "sprint"), {**action, **chosen})
    assert lee.view is None
    assert heroes(planned) == {FIRST: "ada", SECOND: "lee"}


def test_the_same_form_twice_takes_a_week_once(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/sprint plan")
    lee.fill(high="Player", heroes=[FIRST])
    payload = replay.submission("lee")
    for each in (payload, payload, of_another_window(payload)):
        assert "errors" not in replay.slack.deliver("interactive", each).body
    assert heroes(replay) == {FIRST: "lee"}


# --- who goes ---------------------------------------------------------------------------------------------------


def lee_has_the_second_week(world: World) -> None:
    """And it is Tuesday of the first one."""
    take(world, "lee", SECOND)
    world.post()


def test_who_moves_to_another_team_gives_up_the_weeks_that_are_not_over(running: World) -> None:
    lee_has_the_second_week(running)
    lee = running.person("lee")
    lee.command("/small-team join Ingestion")
    assert lee.submit() == {}
    assert line(running) == "Ada (week 1); week 2: nobody yet"
    assert menu(running)[-1] == "🦸 I'll be hero 20–24 July"


@pytest.mark.parametrize(
    "how", [{"deleted": True}, {"is_restricted": True}], ids=["left the company", "became a guest"]
)
@pytest.mark.parametrize(
    ("who", "left"), [("lee", "Ada (week 1); week 2: nobody yet"), ("ada", "Lee (week 2); week 1: nobody yet")]
)
def test_who_is_no_full_member_any_more_is_no_hero_also_while_they_still_lead(
    running: World, how: dict[str, Any], who: str, left: str
) -> None:
    lee_has_the_second_week(running)
    running.slack.change_user(who, **how)
    running.slack.settle()
    assert line(running) == left
    take(running, "noor", SECOND if who == "lee" else FIRST)
    assert "noor" in heroes(running).values()


def test_who_was_hero_before_they_left_stays_so_in_the_plan(running: World) -> None:
    take(running, "lee", SECOND)
    running.go_to("2026-07-22 08:00:00")
    running.slack.change_user("ada", deleted=True)
    running.slack.settle()
    assert line(running) == "Ada (week 1), Lee (week 2)"


def test_the_week_of_somebody_who_is_away_for_all_of_it_is_free_and_says_why(running: World) -> None:
    lee_has_the_second_week(running)
    running.person("lee").command("/sprint away until 31 July")
    assert line(running) == "Ada (week 1); week 2: nobody yet (Lee is away)"
    take(running, "noor", SECOND)
    assert line(running) == "Ada (week 1), Noor (week 2)"


def test_who_comes_back_in_time_has_their_week_again_if_nobody_took_it(running: World) -> None:
    lee_has_the_second_week(running)
    running.person("lee").command("/sprint away until 31 July")
    assert "🦸 Nobody is support hero 20–24 July: Lee is away." in str(running.person("noor").open_home())
    running.person("lee").command("/sprint back")
    assert line(running) == "Ada (week 1), Lee (week 2)"


def test_who_is_away_for_a_day_of_their_week_stays_its_hero(running: World) -> None:
    lee_has_the_second_week(running)
    running.person("lee").command("/sprint away until 21 July")
    assert line(running) == "Ada (week 1), Lee (week 2)"


def test_the_export_leaves_out_who_was_away(running: World) -> None:
    lee_has_the_second_week(running)
    running.person("lee").command("/sprint away until 31 July")
    tom = running.person("tom")
    tom.command("/sprint export replay")
    assert "**Support hero:** Ada (week 1)" in str(tom.view)
