"""The Home tab and the shortcut: the verbs for those who are not in a channel."""

from collections.abc import Callable

from tests import intake
from tests.stories import Story
from tests.world import World


def test_home_leads_with_my_items_and_marks_them_with_one_choice(world: World) -> None:
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    ada = world.person("ada")
    ada.open_home()
    item = world.item_id("Timeline")
    ada.click(f"item_mark_{item}", home=True, select=f"{item}:finished")
    assert "🟢 Timeline" in str(ada.home)
    ada.click(f"item_mark_{item}", home=True, select=f"{item}:note")
    assert ada.submit(note="done early") == {}
    assert "done early" in str(ada.home)


def test_a_newcomers_home_shows_the_way_to_a_team(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.open_home()
    assert "You are in no small team yet." in str(tom.home)
    tom.click(f"team_join_{world.team_id('Replay')}", home=True)
    assert tom.submit() == {}
    tom.open_home()
    assert "*Team Replay*" in str(tom.home)


def test_home_holds_at_most_a_hundred_blocks(world: World) -> None:
    world.many_teams(80)
    tom = world.person("tom")
    tom.open_home()
    assert 8 < len((tom.home or {})["blocks"]) <= 100


def test_an_admin_sets_the_company_up_from_home_and_nobody_else_is_asked(world: World) -> None:
    ada, ivy = world.person("ada"), world.person("ivy")
    assert "Set up" not in str(ada.open_home())
    ivy.open_home()
    ivy.click("company_set_up", home=True)
    assert ivy.submit(sprint_channel=world.id("sprints"), intake_channel=world.id("team-posthog-ai")) == {}
    assert "Set up" not in str(ivy.open_home())


def test_the_setup_stays_on_an_admins_home_while_they_mark(world: World) -> None:
    world.team("ivy", "lee")
    world.plan("ivy", high="Timeline")
    world.finalize("ivy")
    world.go_to("2026-07-14 08:00:00")
    ivy = world.person("ivy")
    ivy.open_home()
    item = world.item_id("Timeline")
    ivy.click(f"item_mark_{item}", home=True, select=f"{item}:finished")
    assert "🟢 Timeline" in str(ivy.home)
    assert "Set up" in str(ivy.home)


def test_home_says_what_can_be_typed(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.open_home()
    ada.click("company_help", home=True)
    assert "`/sprint plan`" in str(ada.view)


def test_the_shortcut_opens_my_plan_from_anywhere(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.shortcut("plan_sprint")
    assert (ada.view or {})["callback_id"] == "my_plan"


def test_a_refusal_without_a_command_is_shown_in_a_window(world: World) -> None:
    tom = world.person("tom")
    tom.shortcut("plan_sprint")
    assert "You are in no small team yet." in str(tom.view)


def test_home_leads_with_the_requests_that_wait_on_me_and_only_those(after: Callable[[Story], World]) -> None:
    world = after(intake.begin)
    world.person("ada").command("/reach-out summarise tickets")
    world.post()
    mia = world.person("mia")
    mia.press("Claim", world.card(intake.CHANNEL, "summarise"))
    home = str(mia.open_home())
    assert "Requests waiting on you" in home
    assert "/archives/" in home
    mia.click("nudge_open_1", home=True)
    assert "Requests waiting on you" not in str(world.person("tom").open_home())
    mia.press("Ask", world.card(intake.CHANNEL, "summarise"))
    assert mia.submit(text="Which?") == {}
    assert "Requests waiting on you" not in str(mia.open_home())
    assert "summarise tickets" in str(world.person("ada").open_home())


def test_everybody_reaches_out_from_home_also_without_a_team(world: World) -> None:
    world.set_up()
    tom = world.person("tom")
    tom.open_home()
    tom.click("request_reach_out", home=True)
    assert tom.submit(title="we want to summarise tickets") == {}
    assert "as #1" in str(tom.view)
