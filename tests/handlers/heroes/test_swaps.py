"""Swapping weeks of the hero rota: two for each other, and asking who takes one."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.heroes import looking
from bot.platform import clock
from jobs import heroes as jobs
from models.heroes import HeroSwap, HeroTurn
from models.outbox import Post
from tests.handlers.heroes.test_rota import ada_founds_replay, lee_starts_it, line, stored, the_rota_is_on
from tests.rota import heroes, opened, rows, start, turn
from tests.stories import After
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH
FIRST, SECOND = "20260713", "20260720"  # Ada's week, and Lee's


@pytest.fixture
def runs(after: After) -> World:
    """Replay's rota runs: Ada has the week of 13 July, then Lee, then Noor."""
    return after(ada_founds_replay, the_rota_is_on, lee_starts_it)


def choose(world: World, name: str, week: str, verb: str) -> None:
    """Choose from the menu beside a week of one's own."""
    opened(world, name)
    day = f"{week[:4]}-{week[4:6]}-{week[6:]}"
    value = f"{verb}:{world.team_id('Replay')}:{day}:{world.id(name)}"
    world.person(name).click(f"hero_week_{world.team_id('Replay')}_{week}", select=value)


def ask(world: World, name: str, week: str, **fields: Any) -> dict[str, str]:
    """Ask for a swap. Returns the errors."""
    choose(world, name, week, "hero_ask")
    found = world.person(name).submit(**{"why": "Dentist", **fields})
    if not found:
        world.person(name).close_all()
    return found


def swap(world: World, name: str, week: str, other: str, whose: str) -> dict[str, str]:
    """Swap two weeks. Returns the errors."""
    choose(world, name, week, "hero_swap")
    day = f"{other[:4]}-{other[4:6]}-{other[6:]}"
    return world.person(name).submit(other=f"{world.team_id('Replay')}:{day}:{world.id(whose)}")


def asked(world: World) -> dict[str, Any]:
    """The newest message that asks for a swap, or says what became of it."""
    world.post()
    with world.db.read() as session:
        query = select(Post.message_ts).where(Post.card == "hero_swap").order_by(Post.id.desc())
        ts = session.scalars(query).first()
    return next(each for each in world.slack.messages("team-replay") if each["ts"] == ts)


def turns(world: World) -> list[str]:
    """Whose turns the weeks are, as written."""
    names = {world.id(name): name.capitalize() for name in ("ada", "lee", "noor", "mia", "tom", "sam")}
    with world.db.read() as session:
        found = session.scalars(select(HeroTurn.person_id).order_by(HeroTurn.team_id, HeroTurn.week_on))
        return [names[each] for each in found]


def messages(world: World) -> int:
    """How many messages stand in the team's channel."""
    return len(world.texts("team-replay"))


# --- two weeks for each other -------------------------------------------------------------------------------------


def test_two_people_have_each_others_weeks_and_the_order_stays(runs: World) -> None:
    before = turns(runs)
    assert swap(runs, "ada", FIRST, SECOND, "lee") == {}
    assert rows(runs.person("ada").view or {})[:2] == ["13–17 July: *Lee* · for Ada", "20–24 July: *Ada* · for Lee"]
    turn(runs)
    assert stored(runs)[:4] == ["Lee", "Ada", "Noor", "Ada"]
    assert turns(runs) == before
    assert "swapped two weeks as support hero" in runs.texts("team-replay")[-1]


def test_the_plan_shows_it_at_once(runs: World) -> None:
    runs.plan("noor", high="Player")
    swap(runs, "ada", FIRST, SECOND, "lee")
    assert line(runs, "sprint") == "🦸 Support hero: Lee (week 1), Ada (week 2)"


def test_nobody_swaps_the_weeks_of_others(runs: World) -> None:
    choose(runs, "ada", FIRST, "hero_swap")
    runs.person("ada").fill(other=f"{runs.team_id('Replay')}:2026-07-20:{runs.id('lee')}")
    payload = runs.submission("ada")
    payload["user"]["id"] = runs.id("noor")
    answer = runs.slack.deliver("interactive", payload).body
    assert "Swap a week of your own: nobody gives a week to somebody else." in str(answer)
    assert stored(runs)[:2] == ["Ada", "Lee"]


def test_a_week_that_changed_hands_in_between_is_not_swapped(runs: World) -> None:
    choose(runs, "ada", FIRST, "hero_swap")
    runs.person("ada").fill(other=f"{runs.team_id('Replay')}:2026-07-20:{runs.id('lee')}")
    swap(runs, "lee", SECOND, "20260727", "noor")
    assert "The rota changed a moment ago" in str(runs.person("ada").submit()) + str(runs.person("ada").view)
    assert stored(runs)[:3] == ["Ada", "Noor", "Lee"]


def test_a_week_in_which_the_other_is_away_is_not_swapped(runs: World) -> None:
    runs.person("lee").command("/sprint away")
    assert runs.person("lee").submit(first="2026-07-11", last="2026-07-18") == {}
    assert swap(runs, "ada", FIRST, SECOND, "lee") == {"other": "Lee is away 13–17 July. Choose another week."}


def test_of_two_swaps_of_one_week_at_once_one_holds_and_nobody_loses_a_week(runs: World) -> None:
    choose(runs, "ada", FIRST, "hero_swap")
    runs.person("ada").fill(other=f"{runs.team_id('Replay')}:2026-07-20:{runs.id('lee')}")
    choose(runs, "noor", "20260727", "hero_swap")
    runs.person("noor").fill(other=f"{runs.team_id('Replay')}:2026-07-20:{runs.id('lee')}")
    runs.at_once(lambda: runs.person("ada").submit(), lambda: runs.person("noor").submit())
    assert sorted(stored(runs)[:3]) == ["Ada", "Lee", "Noor"]
    assert stored(runs)[:3] in (["Lee", "Ada", "Noor"], ["Ada", "Noor", "Lee"])


def test_after_a_change_of_rhythm_a_swapped_week_is_theirs_in_the_week_in_which_it_began(runs: World) -> None:
    assert swap(runs, "lee", SECOND, "20260803", "ada") == {}
    ada = runs.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(start_weekday="2")
    assert ada.submit() == {}
    ada.close_all()
    turn(runs)
    found = [row.split(": ")[1].replace("*", "") for row in rows(opened(runs, "noor"))]
    assert found[:4] == ["Ada", "Lee", "Lee · for Noor", "Ada"]


# --- asking, and taking it ----------------------------------------------------------------------------------------


def test_who_asks_writes_one_message_and_the_first_press_takes_the_week(runs: World) -> None:
    before, order = messages(runs), turns(runs)
    assert ask(runs, "ada", FIRST) == {}
    assert messages(runs) == before + 1
    assert asked(runs)["text"].startswith("🦸 *Ada* asks: who takes over as support hero 13–17 July?")
    assert "Dentist" in asked(runs)["text"]
    runs.person("noor").click("hero_swap_take", message=asked(runs))
    assert asked(runs)["text"] == "🦸 *Noor* takes over from Ada as support hero 13–17 July."
    turn(runs)
    assert stored(runs)[:3] == ["Noor", "Lee", "Noor"]
    assert turns(runs) == order
    assert messages(runs) == before + 1


def test_of_two_who_take_it_at_once_the_first_has_it_and_the_second_reads_who(runs: World) -> None:
    ask(runs, "ada", FIRST)
    message = asked(runs)
    action = {"type": "button", "action_id": "hero_swap_take", "value": "1"}
    runs.at_once(*[lambda name=name: runs.forge_press(name, message, action) for name in ("lee", "noor")])
    winner = stored(runs)[0]
    loser = {"Lee": "noor", "Noor": "lee"}[winner]
    assert f"{winner} has taken it already." in str(runs.person(loser).view)
    assert runs.person(winner.lower()).view is None


def test_the_same_press_twice_takes_it_once_and_is_no_complaint(runs: World) -> None:
    ask(runs, "ada", FIRST)
    message = asked(runs)
    for _ in range(2):
        runs.forge_press("lee", message, {"type": "button", "action_id": "hero_swap_take", "value": "1"})
    assert runs.person("lee").view is None
    assert stored(runs)[:2] == ["Lee", "Lee"]


def test_single_days_are_taken_and_the_week_stays_with_its_hero(runs: World) -> None:
    runs.plan("noor", high="Player")
    assert ask(runs, "ada", FIRST, days=["2026-07-15", "2026-07-16"]) == {}
    assert "on Wed 15 July and Thu 16 July" in asked(runs)["text"]
    runs.person("lee").click("hero_swap_take", message=asked(runs))
    assert stored(runs)[:2] == ["Ada", "Lee"]
    assert line(runs, "sprint") == "🦸 Support hero: Ada (week 1), Lee (week 2); Lee on Wed 15 July; Lee on Thu 16 July"
    runs.go_to("2026-07-15 08:00:00")
    assert "🦸 Support hero: Lee" in str(runs.person("noor").open_home())
    assert rows(opened(runs, "noor"))[0].endswith("*Ada* · Lee on Wed 15 July · Lee on Thu 16 July")


def test_who_asks_says_why_and_for_at_least_one_day(runs: World) -> None:
    assert ask(runs, "ada", FIRST, why=" ")["why"]
    choose(runs, "ada", FIRST, "hero_ask")
    runs.person("ada").fill(why="Dentist")
    payload = runs.submission("ada")
    payload["view"]["state"]["values"]["days"]["days"]["selected_options"] = []
    assert "Choose at least one day that is still ahead." in str(runs.slack.deliver("interactive", payload).body)


def test_asked_again_the_message_says_what_is_asked_now(runs: World) -> None:
    ask(runs, "ada", FIRST)
    before = messages(runs)
    ask(runs, "ada", FIRST, days=["2026-07-15"], why="A talk")
    assert messages(runs) == before
    assert asked(runs)["text"].startswith(
        "🦸 *Ada* asks: who takes over as support hero on Wed 15 July?\n\u2003\u2002_A talk_\n"
    )


def test_who_asked_may_keep_it_after_all_and_nobody_else_says_so(runs: World) -> None:
    ask(runs, "ada", FIRST)
    runs.person("lee").click("hero_swap_end", message=asked(runs))
    assert "Ada asked for this, so only they can take it back." in str(runs.person("lee").view)
    runs.person("ada").click("hero_swap_end", message=asked(runs))
    assert ", and keeps it." in asked(runs)["text"]
    runs.forge_press("noor", asked(runs), {"type": "button", "action_id": "hero_swap_take", "value": "1"})
    assert "Nobody has to take it any more." in str(runs.person("noor").view)
    assert stored(runs)[0] == "Ada"


def test_in_the_window_the_others_take_it_too(runs: World) -> None:
    ask(runs, "ada", FIRST)
    assert "asks who takes it" in rows(opened(runs, "lee"))[0]
    runs.person("lee").click("hero_swap_take_1")
    assert rows(runs.person("lee").view or {})[0] == "13–17 July: *Lee* · for Ada"


def test_if_nobody_takes_it_the_message_says_so_a_week_before_and_two_days_before_and_it_stays(runs: World) -> None:
    ask(runs, "lee", SECOND)
    assert "⏳" not in asked(runs)["text"]
    runs.go_to("2026-07-13 07:00:00")
    assert "⏳ Within a week, and nobody has taken it yet." in asked(runs)["text"]
    runs.go_to("2026-07-18 07:00:00")
    assert "⏳ In two days, and nobody has taken it yet." in asked(runs)["text"]
    runs.go_to("2026-07-25 07:00:00")
    assert asked(runs)["text"].endswith("Nobody did.")
    assert stored(runs)[1] == "Lee"
    assert len([text for text in runs.texts("team-replay") if "support hero 20–24" in text]) == 1


def test_somebody_of_another_team_takes_nothing(runs: World) -> None:
    ask(runs, "ada", FIRST)
    runs.forge_press("tom", asked(runs), {"type": "button", "action_id": "hero_swap_take", "value": "1"})
    assert "Only people of Replay can take a week of its rota." in str(runs.person("tom").view)


def test_who_asked_cannot_take_it_themselves(runs: World) -> None:
    ask(runs, "ada", FIRST)
    runs.person("ada").click("hero_swap_take", message=asked(runs))
    assert "Somebody else of your team takes it." in str(runs.person("ada").view)


def test_who_is_away_then_does_not_take_it(runs: World) -> None:
    runs.person("lee").command("/sprint away until 31 July")
    ask(runs, "ada", FIRST)
    runs.person("lee").click("hero_swap_take", message=asked(runs))
    assert "You are away then yourself, so somebody else takes it." in str(runs.person("lee").view)


def test_what_somebody_asked_is_over_when_they_leave_and_the_next_one_has_the_week(runs: World) -> None:
    ask(runs, "lee", SECOND)
    runs.slack.change_user("lee", deleted=True)
    runs.slack.settle()
    turn(runs)
    assert ", and keeps it." in asked(runs)["text"]
    assert stored(runs)[:2] == ["Ada", "Noor"]


def test_a_leaver_who_took_a_week_gives_it_back_to_whose_turn_it_is(runs: World) -> None:
    ask(runs, "ada", FIRST)
    runs.person("lee").click("hero_swap_take", message=asked(runs))
    runs.slack.change_user("lee", deleted=True)
    runs.slack.settle()
    turn(runs)
    assert stored(runs)[:3] == ["Ada", "Noor", "Ada"]


def test_a_crash_between_the_press_and_its_answer_takes_it_once(runs: World) -> None:
    ask(runs, "ada", FIRST)
    message = asked(runs)
    action = {"type": "button", "action_id": "hero_swap_take", "value": "1"}
    runs.forge_press("lee", message, action)  # Slack never heard of it, and the person presses again
    runs.forge_press("lee", message, action)
    with runs.db.read() as session:
        assert [swap.taken_by_id for swap in session.scalars(select(HeroSwap))] == [runs.id("lee")]


# --- away in one's week -------------------------------------------------------------------------------------------


def test_who_is_away_for_days_of_their_week_is_asked_for_by_itself_and_once(runs: World) -> None:
    before = messages(runs)
    runs.person("ada").command("/sprint away")
    assert runs.person("ada").submit(first="2026-07-16", last="2026-07-17") == {}
    turn(runs)
    assert asked(runs)["text"].startswith(
        "🦸 *Ada* is away: who takes over as support hero on Thu 16 July and Fri 17 July?"
    )
    turn(runs)
    assert messages(runs) == before + 1


def test_who_is_back_is_asked_for_no_more(runs: World) -> None:
    runs.person("ada").command("/sprint away")
    assert runs.person("ada").submit(first="2026-07-16", last="2026-07-17") == {}
    turn(runs)
    runs.person("ada").command("/sprint back")
    turn(runs)
    assert ", and keeps it." in asked(runs)["text"]


def test_who_falls_ill_in_their_week_is_asked_for_and_is_next_when_they_are_back(runs: World) -> None:
    runs.go_to("2026-07-13 07:00:00")
    runs.person("ada").command("/sprint away until 17 July")
    turn(runs)
    assert stored(runs)[0] == "Ada"
    assert rows(opened(runs, "lee"))[0].startswith("*This week*, 13–17 July: nobody (Ada is away) · asks who takes it")
    runs.person("noor").click("hero_swap_take", message=asked(runs))
    turn(runs)
    assert heroes(runs, "lee")[:3] == ["Noor · for Ada", "Ada", "Lee"]


def test_what_they_took_back_is_not_asked_for_again(runs: World) -> None:
    runs.person("ada").command("/sprint away")
    assert runs.person("ada").submit(first="2026-07-16", last="2026-07-17") == {}
    turn(runs)
    runs.person("ada").click("hero_swap_end", message=asked(runs))
    before = messages(runs)
    turn(runs)
    with runs.db.begin() as session:
        looking.again_everywhere(session, now=clock.now())
    turn(runs)
    assert messages(runs) == before


def test_nobody_is_asked_while_the_team_is_paused(runs: World) -> None:
    runs.person("ada").command("/small-team pause")
    assert runs.person("ada").submit(because="Offsite") == {}
    before = messages(runs)
    runs.person("ada").close_all()
    runs.person("ada").command("/sprint away")
    assert runs.person("ada").submit(first="2026-07-16", last="2026-07-17") == {}
    turn(runs)
    assert messages(runs) == before


def test_who_leaves_in_mid_week_hands_it_to_the_next_one_who_reads_it_in_the_channel(runs: World) -> None:
    runs.go_to("2026-07-21 08:00:00")
    runs.slack.change_user("lee", deleted=True)
    runs.slack.settle()
    turn(runs)
    said = runs.texts("team-replay")[-1]
    assert said.startswith(
        f"🦸 <@{runs.id('noor')}> is next in the rota, and support hero from today until Fri 24 July."
    )
    turn(runs)
    assert len([text for text in runs.texts("team-replay") if "is next in the rota" in text]) == 1


def test_when_the_rota_is_stopped_nobody_is_asked_any_more(runs: World) -> None:
    ask(runs, "ada", FIRST)
    opened(runs, "lee")
    runs.person("lee").click("rota_stop")
    assert ", and keeps it." in asked(runs)["text"]


def test_two_replicas_say_it_again_once(runs: World) -> None:
    ask(runs, "lee", SECOND)
    runs.hands.move_to("2026-07-13 07:00:00")
    said = runs.at_once(lambda: jobs.say_again(runs.db, clock.now), lambda: jobs.say_again(runs.db, clock.now))
    assert sum(said) == 1


def test_a_team_of_two_swaps_too(runs: World) -> None:
    start(runs, "tom")
    opened(runs, "mia")
    value = f"hero_ask:{runs.team_id('Ingestion')}:2026-07-13:{runs.id('mia')}"
    runs.person("mia").click(f"hero_week_{runs.team_id('Ingestion')}_20260713", select=value)
    assert runs.person("mia").submit(why="Holiday") == {}
    runs.post()
    runs.person("tom").press("I'll take it")
    assert heroes(runs, "mia")[:2] == ["Tom · for Mia", "Tom"]


# --- found by attack ----------------------------------------------------------------------------------------------


def test_an_old_card_takes_nothing_from_who_has_entered_meanwhile(runs: World) -> None:
    runs.go_to("2026-07-13 07:00:00")
    runs.person("ada").command("/sprint away until 17 July")
    turn(runs)
    message, noor = asked(runs), runs.person("noor")
    noor.open_home()
    noor.click(f"hero_enter_{runs.team_id('Replay')}_20260713", home=True)
    assert stored(runs)[0] == "Noor"
    runs.forge_press("lee", message, {"type": "button", "action_id": "hero_swap_take", "value": "1"})
    assert "The rota changed a moment ago" in str(runs.person("lee").view)
    assert stored(runs)[0] == "Noor"


def test_a_week_is_not_swapped_with_a_week_of_the_same_person(runs: World) -> None:
    choose(runs, "ada", FIRST, "hero_swap")
    ada, team, before = runs.person("ada"), runs.team_id("Replay"), messages(runs)
    ada.fill(other=f"{team}:2026-07-20:{runs.id('lee')}")
    payload = runs.submission("ada")
    (field,) = payload["view"]["state"]["values"].values()
    (choice,) = field.values()
    choice["selected_option"]["value"] = f"{team}:2026-07-13:{runs.id('ada')}"
    assert "Choose a week that somebody else has." in str(runs.slack.deliver("interactive", payload).body)
    runs.post()
    assert messages(runs) == before
