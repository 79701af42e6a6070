"""What a retro leads to: actions until they are done or dropped, the plan items made from them, and agreements."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.staffing import moves
from bot.platform import clock
from models.retros import Action, ActionState, Agreement
from tests.retro import CLOSES, begin, board, lee_writes, menu, note_id, notes_are_revealed, reveal, sprint_ends, write
from tests.stories import After
from tests.world import World

DEPLOY = "Deploy in five minutes"
NEXT_ASKS, NEXT_REMINDS, NEXT_REVEALS = "2026-08-07 08:00:00", "2026-08-10 07:00:00", "2026-08-10 09:01:00"


def ada_closes(world: World) -> None:
    """The first retro leads to an action of Lee's."""
    ada = world.person("ada")
    ada.press("Close the retro", board(world))
    ada.click("retro_more_actions")
    assert ada.submit(action_0="", action_1=DEPLOY, owner_1=world.id("lee")) == {}
    ada.close_all()


def next_sprint_ends(world: World) -> None:
    """The second retro opens."""
    world.go_to(NEXT_ASKS)


def lee_plans_it(world: World) -> None:
    """Lee takes it into their plan."""
    plan_it(world, "lee")


FIRST_RETRO = (begin, lee_writes, sprint_ends, notes_are_revealed, ada_closes)


@pytest.fixture
def replay(after: After) -> World:
    """Ada, Lee and Noor, whose first retro led to an action of Lee's."""
    return after(*FIRST_RETRO)


@pytest.fixture
def ended(after: After) -> World:
    """The same three at the end of their second sprint: its retro is open."""
    return after(*FIRST_RETRO, next_sprint_ends)


@pytest.fixture
def planned(after: After) -> World:
    """The same three, where it is an item of Lee's plan."""
    return after(*FIRST_RETRO, lee_plans_it)


def close(world: World, name: str, **fields: Any) -> None:
    """Close the retro through its board."""
    person = world.person(name)
    person.press("Close the retro", board(world))
    assert person.submit(**fields) == {}
    person.close_all()


def action(world: World, text: str = DEPLOY) -> Action:
    """An action as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Action).where(Action.text == text)).one()


def listed(world: World, name: str, line: str = "/retro actions") -> str:
    """What somebody reads in the list of actions."""
    person = world.person(name)
    person.command(line)
    shown = str(person.view)
    person.close_all()
    return shown


def choose(world: World, name: str, choice: str, text: str = DEPLOY) -> None:
    """Choose what becomes of an action, in the list of actions."""
    world.person(name).command("/retro actions")
    menu(world, name, f"action_menu_{action(world, text).id}", choice)


def plan_it(world: World, name: str = "lee") -> None:
    """Take the first candidate into one's plan."""
    person = world.person(name)
    person.command("/sprint plan")
    block = next(each for each in (person.view or {})["blocks"] if each.get("block_id") == "actions")
    assert person.submit(actions=[block["element"]["options"][0]["value"]], high="") == {}
    person.close_all()


def next_board(world: World) -> dict[str, Any]:
    """The board of the second retro."""
    return world.card("team-replay", "Retro: Replay, 27 July")


def next_reveal(world: World) -> dict[str, Any]:
    """The board of the second retro, with a note of Noor's revealed."""
    write(world, "noor", better="Reviews wait")
    world.go_to(NEXT_REMINDS)
    world.go_to(NEXT_REVEALS)
    return next_board(world)


# --- settling ---------------------------------------------------------------------------------------------------


def test_an_open_action_leads_the_next_board_with_its_owner_and_age_until_it_is_done(ended: World) -> None:
    shown = next_board(ended)
    assert f"{DEPLOY} — Lee · 11 days old" in shown["text"]
    assert "Still open from earlier retros" in str(shown["blocks"])
    ended.person("noor").click(f"action_menu_{action(ended).id}", select=f"{action(ended).id}:done", message=shown)
    assert DEPLOY not in ended.card("team-replay", "Retro: Replay, 27 July")["text"]
    assert action(ended).settled_by_id == ended.id("noor")
    assert "no open action" in listed(ended, "ada")


def test_a_kept_action_is_asked_about_once_a_retro(ended: World) -> None:
    shown, menu_id = next_board(ended), f"action_menu_{action(ended).id}"
    ended.person("noor").click(menu_id, select=f"{action(ended).id}:keep", message=shown)
    shown = ended.card("team-replay", "Retro: Replay, 27 July")
    assert "Kept from earlier retros" in str(shown["blocks"])
    assert action(ended).state == ActionState.OPEN


def test_the_form_that_closes_a_retro_settles_earlier_actions(ended: World) -> None:
    ada = ended.person("ada")
    ada.press("Close the retro", next_reveal(ended))
    assert ada.submit(**{f"fate_{action(ended).id}": "done", "action_0": ""}) == {}
    assert action(ended).state == ActionState.DONE


def test_the_form_that_closes_a_retro_drops_an_earlier_action_with_a_reason(ended: World) -> None:
    ada, number = ended.person("ada"), action(ended).id
    ada.press("Close the retro", next_reveal(ended))
    ada.fill(**{f"fate_{number}": "drop"})
    assert ada.submit(action_0="", **{f"because_{number}": " "}) == {
        f"because_{number}": "Say in one line why you drop it, so that the others can follow."
    }
    ada.fill(**{f"fate_{number}": "keep"})
    assert f"because_{number}" not in str(ada.view)
    ada.fill(**{f"fate_{number}": "drop"})
    assert ada.submit(**{f"because_{number}": "The new pipeline is here"}) == {}
    assert (action(ended).state, action(ended).because) == (ActionState.DROPPED, "The new pipeline is here")


def test_an_action_is_dropped_with_a_reason_and_never_without(replay: World) -> None:
    choose(replay, "noor", "Drop, because")
    noor = replay.person("noor")
    assert noor.submit(because="   ") == {"because": "Say in one line why you drop it, so that the others can follow."}
    assert noor.submit(because="The new pipeline is here") == {}
    assert (action(replay).state, action(replay).because) == (ActionState.DROPPED, "The new pipeline is here")
    assert "no open action" in str(noor.view), "the list below shows it no more"
    noor.close_all()
    assert "no open action" in listed(replay, "lee")


def test_the_export_says_what_became_of_what_the_retro_led_to(replay: World) -> None:
    assert f"{DEPLOY}" in listed(replay, "lee", "/retro export")
    choose(replay, "noor", "Drop, because")
    assert replay.person("noor").submit(because="The new pipeline is here") == {}
    replay.person("noor").close_all()
    assert "(dropped: The new pipeline is here)" in listed(replay, "lee", "/retro export")


def test_who_dropped_an_action_takes_it_back_where_they_dropped_it(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/retro actions")
    menu(replay, "lee", f"action_menu_{action(replay).id}", "Drop")
    assert lee.submit(because="The build is fast enough") == {}
    assert f"🔴 Dropped: {DEPLOY}" in str(lee.view), "the list below shows it, and no window says it once more"
    assert len(lee.views) == 1
    lee.click(f"action_undo_{action(replay).id}")
    assert action(replay).state == ActionState.OPEN
    assert action(replay).because is None
    assert "Dropped" not in str(lee.view)
    assert DEPLOY in str(lee.view)


def test_an_action_that_is_done_can_be_taken_back_on_home_for_ten_minutes(replay: World) -> None:
    lee = replay.person("lee")
    lee.open_home()
    lee.click(f"action_menu_{action(replay).id}", home=True)
    assert f"🟢 Done: {DEPLOY}" in str(lee.home)
    lee.click(f"action_undo_{action(replay).id}", home=True)
    assert action(replay).state == ActionState.OPEN
    lee.click(f"action_menu_{action(replay).id}", home=True)
    replay.hands.tick(timedelta(minutes=10))
    lee.click(f"action_undo_{action(replay).id}", home=True)
    assert "Ten minutes have passed" in str(lee.view)
    assert action(replay).state == ActionState.DONE
    assert "Undo" not in str(lee.open_home())


def test_what_somebody_settled_is_theirs_to_undo_and_of_no_other(replay: World) -> None:
    lee, ada = replay.person("lee"), replay.person("ada")
    lee.command("/retro actions")
    menu(replay, "lee", f"action_menu_{action(replay).id}", "Done")
    ada.command("/retro actions")
    assert "Undo" not in str(ada.view)
    with replay.db.begin() as session:
        moves.leave(session, person_id=replay.id("lee"), now=clock.now())
    lee.click(f"action_undo_{action(replay).id}")
    assert "Only people of Replay can settle its actions." in str(lee.view)
    assert action(replay).state == ActionState.DONE


def test_an_action_settled_by_two_in_one_moment_is_settled_once(replay: World) -> None:
    for name in ("ada", "noor"):
        replay.person(name).command("/retro actions")
    menu_id, value = f"action_menu_{action(replay).id}", f"{action(replay).id}:done"
    ada, noor = replay.person("ada"), replay.person("noor")
    replay.at_once(lambda: ada.click(menu_id, select=value), lambda: noor.click(menu_id, select=value))
    said = [str(person.views).partition("This action is settled already: ")[2] for person in (ada, noor)]
    assert sorted(each.partition(" finished it on ")[0] for each in said) in (["", "Ada"], ["", "Noor"])


def test_somebody_of_another_team_reads_actions_and_settles_none(replay: World) -> None:
    shown = listed(replay, "sam", "/retro actions replay")
    assert DEPLOY in shown
    assert "action_menu" not in shown, "what would be refused is not offered"
    next_sprint_ends(replay)
    sam, board_now = replay.person("sam"), next_board(replay)
    sam.click(f"action_menu_{action(replay).id}", select=f"{action(replay).id}:done", message=board_now)
    assert "Only people of Replay can settle its actions." in str(sam.view)
    assert action(replay).state == ActionState.OPEN


def test_a_day_that_is_over_is_refused_under_its_field(ended: World) -> None:
    ada = ended.person("ada")
    ada.press("Close the retro", next_reveal(ended))
    ada.click("retro_more_actions")
    fields = {"action_1": "Review at once", "owner_1": ended.id("ada")}
    assert ada.submit(**fields, due_1="2026-08-09") == {"due_1": "That day has passed. Choose a later day."}
    assert ada.submit(due_1="2026-08-10") == {}


# --- an owner who is gone ---------------------------------------------------------------------------------------


def gone(world: World, how: str) -> None:
    """Lee is of the team no more."""
    lee = world.person("lee")
    if how == "left":
        lee.command("/small-team leave")
        lee.submit()
        lee.close_all()
    else:
        world.slack.change_user("lee", deleted=True)
        world.slack.settle()
    assert "Lee" not in world.members("Replay")


@pytest.mark.parametrize("how", ["left", "deactivated"])
def test_the_action_of_an_owner_who_is_gone_is_offered_to_the_team_and_taken_over(replay: World, how: str) -> None:
    assert "I take it" not in listed(replay, "noor")
    gone(replay, how)
    assert "nobody any more: anybody can take it" in listed(replay, "noor")
    choose(replay, "noor", "I take it")
    assert action(replay).owner_id == replay.id("noor")
    assert f"{DEPLOY} — Noor" in str(replay.person("noor").view)
    replay.person("noor").close_all()
    assert f"{DEPLOY} — Noor" in replay.card("team-replay", "27 July")["text"]


def test_two_who_take_an_action_over_in_one_moment_end_with_one_owner_and_a_sentence(replay: World) -> None:
    gone(replay, "left")
    menu_id, value = f"action_menu_{action(replay).id}", f"{action(replay).id}:take"
    ada, noor = replay.person("ada"), replay.person("noor")
    for person in (ada, noor):
        person.command("/retro actions")
    replay.at_once(lambda: ada.click(menu_id, select=value), lambda: noor.click(menu_id, select=value))
    owner = "Ada" if action(replay).owner_id == replay.id("ada") else "Noor"
    loser = noor if owner == "Ada" else ada
    assert f"{owner} has it. Talk to each other" in str(loser.view)


# --- plan items -------------------------------------------------------------------------------------------------


def test_finishing_the_plan_item_settles_the_action_and_unmarking_opens_it_again(planned: World) -> None:
    planned.mark("lee", DEPLOY, "Finished")
    assert action(planned).state == ActionState.DONE
    planned.person("lee").close_all()
    planned.mark("lee", DEPLOY, "In progress")
    assert action(planned).state == ActionState.OPEN
    assert DEPLOY in listed(planned, "ada")


def test_an_action_that_was_said_to_be_done_stays_done_while_its_item_goes_on(planned: World) -> None:
    choose(planned, "noor", "Done")
    planned.mark("lee", DEPLOY, "In progress")
    assert (action(planned).state, action(planned).settled_by_id) == (ActionState.DONE, planned.id("noor"))


def test_an_action_that_was_dropped_stays_dropped_whatever_becomes_of_its_item(planned: World) -> None:
    choose(planned, "noor", "Drop, because")
    assert planned.person("noor").submit(because="The new pipeline is here") == {}
    planned.mark("lee", DEPLOY, "Finished")
    assert action(planned).state == ActionState.DROPPED


def test_an_action_is_taken_along_with_its_item_is_no_candidate_beside_it_and_settled_by_the_later_one(
    planned: World,
) -> None:
    planned.go_to(NEXT_ASKS)
    lee = planned.person("lee")
    asked = next(each for each in reversed(lee.dms) if "10–21 August" in each["text"])
    assert asked["text"].count(DEPLOY) == 1
    lee.command("/sprint plan")
    assert all(block.get("block_id") != "actions" for block in (lee.view or {})["blocks"])
    lee.close_all()
    lee.press("Nothing new", asked)
    planned.go_to("2026-08-12 08:00:00")
    planned.mark("lee", DEPLOY, "Finished")
    assert action(planned).state == ActionState.DONE


def test_two_actions_of_the_same_words_are_planned_as_one_item(planned: World) -> None:
    with planned.db.begin() as session:
        first = session.scalars(select(Action)).one()
        names = ("team_id", "retro_id", "text", "owner_id", "created_at")
        session.add(Action(**{name: getattr(first, name) for name in names}))
    lee = planned.person("lee")
    lee.command("/sprint plan")
    block = next(each for each in (lee.view or {})["blocks"] if each.get("block_id") == "actions")
    assert lee.submit(actions=[block["element"]["options"][0]["value"]]) == {}
    assert planned.card("team-replay", "27 July")["text"].count(DEPLOY) == 1


# --- the improvement --------------------------------------------------------------------------------------------


def ada_improves(world: World) -> None:
    """Ada finalizes the next plan, and picks the one improvement."""
    world.finalize("ada", "Speed first.", improvement="Review within a day")


@pytest.fixture
def improving(after: After) -> World:
    """The notes of the first retro are revealed, and Ada has picked an improvement."""
    return after(begin, lee_writes, sprint_ends, notes_are_revealed, ada_improves)


def test_finalizing_picks_the_improvement_and_the_board_asks_who_takes_it(improving: World) -> None:
    text = board(improving)["text"]
    assert "*One improvement:* Review within a day\n*Who takes it?*" in text
    assert "I'll take it" in str(board(improving)["blocks"])
    assert "Close the retro" in str(board(improving)["blocks"]), "finalizing closes no retro"
    write(improving, "noor", better="Too many meetings")
    assert "Too many meetings — Noor" in board(improving)["text"], "further notes go on"


def test_anybody_in_the_team_takes_the_improvement_into_their_running_plan(improving: World) -> None:
    improving.person("noor").press("I'll take it", board(improving))
    assert "*One improvement:* Review within a day — Noor" in board(improving)["text"]
    card = improving.card("team-replay", "Speed first")
    assert "⚪ Review within a day — Noor" in card["text"]
    assert "Noor changed the plan, because Improvement from the last retro\n+ Review within a day" in improving.texts(
        "team-replay", card["ts"]
    )
    button = {"type": "button", "action_id": f"action_take_{action(improving, 'Review within a day').id}"}
    pressed = {**button, "block_id": "b", "value": str(action(improving, "Review within a day").id)}
    improving.forge_press("lee", board(improving), pressed)
    assert "Noor has it. Talk to each other" in str(improving.person("lee").view)
    improving.forge_press("sam", board(improving), pressed)
    assert "Only people of Replay can take its actions." in str(improving.person("sam").view)


def test_an_improvement_is_taken_from_the_card_of_a_closed_retro(improving: World) -> None:
    improving.go_to(CLOSES)
    assert "Who takes it?" in board(improving)["text"]
    improving.person("noor").press("I'll take it", board(improving))
    improving.post()
    assert "*One improvement:* Review within a day — Noor" in board(improving)["text"]


def test_the_summary_of_a_closed_retro_asks_for_a_taker_only_until_there_is_one(improving: World) -> None:
    close(improving, "lee")
    summary = improving.card("team-replay", " finished · ")
    assert "Who takes it?" in summary["text"]
    improving.person("noor").press("I'll take it", summary)
    improving.post()
    summary = improving.card("team-replay", " finished · ")
    assert summary["text"].endswith("— Noor")
    assert "I'll take it" not in str(summary["blocks"])


def test_an_improvement_that_nobody_takes_leads_the_next_board(improving: World) -> None:
    improving.go_to(CLOSES)
    next_sprint_ends(improving)
    assert "Review within a day — _Nobody took it._" in next_board(improving)["text"]


# --- agreements -------------------------------------------------------------------------------------------------


def lee_has_a_proposal(world: World) -> None:
    """A note of Lee's is revealed."""
    write(world, "lee", well="We write decisions down")
    reveal(world)


@pytest.fixture
def agreeing(after: After) -> World:
    """Ada, Lee and Noor, with a revealed note of Lee's."""
    return after(begin, lee_has_a_proposal)


def keep(world: World, name: str) -> None:
    """Keep Lee's note as an agreement."""
    person = world.person(name)
    person.command("/retro show")
    menu(world, name, f"note_menu_{note_id(world, 'We write decisions down')}", "Keep as an agreement")


def agreements(world: World) -> list[Agreement]:
    """The agreements as they are stored."""
    with world.db.read() as session:
        return list(session.scalars(select(Agreement)))


def test_a_note_is_kept_as_an_agreement_once_and_leads_the_next_board_until_retired(agreeing: World) -> None:
    for name in ("ada", "noor"):
        keep(agreeing, name)
    assert len(agreements(agreeing)) == 1
    assert "🤝 We write decisions down" in board(agreeing)["text"]
    agreeing.go_to(CLOSES)
    agreeing.go_to(NEXT_ASKS)
    shown = agreeing.card("team-replay", "Retro: Replay, 27 July")
    assert shown["text"].splitlines()[1:3] == ["*What we agreed on*", "🤝 We write decisions down"]
    lee = agreeing.person("lee")
    lee.command("/retro show")
    lee.click(f"agreement_retire_{agreements(agreeing)[0].id}")
    assert "What we agreed on" not in str(lee.view)
    assert "What we agreed on" not in agreeing.card("team-replay", "Retro: Replay, 27 July")["text"]


def test_two_who_keep_the_same_note_in_one_moment_keep_it_once(agreeing: World) -> None:
    for name in ("ada", "noor"):
        agreeing.person(name).command("/retro show")
    note = note_id(agreeing, "We write decisions down")
    ada, noor = agreeing.person("ada"), agreeing.person("noor")
    menu_id, value = f"note_menu_{note}", f"{note}:keep"
    agreeing.at_once(lambda: ada.click(menu_id, select=value), lambda: noor.click(menu_id, select=value))
    assert len(agreements(agreeing)) == 1


def test_an_agreement_retired_by_two_in_one_moment_is_retired_once_with_a_sentence(agreeing: World) -> None:
    keep(agreeing, "ada")
    ada, noor = agreeing.person("ada"), agreeing.person("noor")
    noor.command("/retro show")
    button = f"agreement_retire_{agreements(agreeing)[0].id}"
    agreeing.at_once(lambda: ada.click(button), lambda: noor.click(button))
    said = [str(person.views).partition("This agreement is retired already: ")[2] for person in (ada, noor)]
    assert sorted(each.partition(" did so on ")[0] for each in said) in (["", "Ada"], ["", "Noor"])


def test_an_action_is_kept_as_an_agreement(replay: World) -> None:
    choose(replay, "noor", "Make it an agreement")
    assert [each.text for each in agreements(replay)] == [DEPLOY]
    assert action(replay).state == ActionState.OPEN
