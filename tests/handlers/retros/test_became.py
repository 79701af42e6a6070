"""What became of what retros led to: in the next retro, its export and the list of actions, whatever happened meanwhile."""

import pytest
from sqlalchemy import select, update

from models.retros import Action, Retro
from models.sprints import Item
from tests.retro import CLOSES, begin, board, lee_writes, menu, notes_are_revealed, sprint_ends
from tests.stories import After
from tests.world import World

NEXT_ASKS = "2026-08-07 08:00:00"
IMPROVEMENT = "Review within a day"


def ada_improves(world: World) -> None:
    """Ada finalizes the next plan, and picks the one improvement."""
    world.finalize("ada", "Speed first.", improvement=IMPROVEMENT)


@pytest.fixture
def improving(after: After) -> World:
    """Ada has picked an improvement from the first retro."""
    return after(begin, lee_writes, sprint_ends, notes_are_revealed, ada_improves)


def action(world: World) -> Action:
    """The improvement as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Action).where(Action.text == IMPROVEMENT)).one()


def listed(world: World, name: str, line: str) -> str:
    """What somebody reads behind a command."""
    person = world.person(name)
    person.command(line)
    shown = str(person.view)
    person.close_all()
    return shown


def drop(world: World, name: str) -> None:
    """Drop the improvement in the list of actions."""
    person = world.person(name)
    person.command("/retro actions")
    menu(world, name, f"action_menu_{action(world).id}", "Drop")
    assert person.submit(because="We <pair> now") == {}
    person.close_all()


def second_board(world: World) -> str:
    """The board of the second retro."""
    return str(world.card("team-replay", "Retro: Replay, 27 July")["text"])


def test_the_reason_for_dropping_an_improvement_is_read_in_the_retro_that_picked_it(improving: World) -> None:
    drop(improving, "noor")
    dropped = f"{IMPROVEMENT} — 🔴 dropped by Noor on 27 July, because: We &lt;pair&gt; now"
    assert f"*One improvement:* {dropped}" in board(improving)["text"]
    assert f"*One improvement:* {dropped}" in listed(improving, "lee", "/retro show")
    assert f"{IMPROVEMENT} (dropped: We <pair> now)" in listed(improving, "lee", "/retro export")


def test_the_next_retro_and_the_list_of_actions_say_what_became_of_an_improvement(improving: World) -> None:
    drop(improving, "noor")
    improving.go_to(CLOSES)
    improving.go_to(NEXT_ASKS)
    dropped = f"• {IMPROVEMENT} — 🔴 dropped by Noor on 27 July, because: We &lt;pair&gt; now"
    assert f"*What became of earlier improvements*\n{dropped}" in second_board(improving)
    assert dropped in listed(improving, "lee", "/retro show")
    assert f"*What became of earlier ones*\\n{dropped}" in listed(improving, "lee", "/retro actions")
    assert f"*What became of earlier ones*\\n{dropped}" in listed(improving, "sam", "/retro actions replay")
    exported = listed(improving, "lee", "/retro export")
    assert f"### Earlier improvements\\n\\n- {IMPROVEMENT} (dropped: We <pair> now)" in exported


def test_an_improvement_that_is_still_open_says_so_in_the_export_and_one_that_is_done_who_did_it(
    improving: World,
) -> None:
    improving.person("noor").press("I'll take it", board(improving))
    improving.go_to(CLOSES)
    improving.go_to(NEXT_ASKS)
    assert f"- {IMPROVEMENT} — Noor (still open)" in listed(improving, "lee", "/retro export")
    improving.mark("noor", IMPROVEMENT, "Finished")
    assert f"• {IMPROVEMENT} — 🟢 finished by Noor on 7 August" in second_board(improving)


def test_what_is_settled_a_moment_ago_can_be_taken_back_and_is_listed_once(improving: World) -> None:
    noor = improving.person("noor")
    noor.command("/retro actions")
    menu(improving, "noor", f"action_menu_{action(improving).id}", "Done")
    shown = str(noor.view)
    assert "🟢 Done: Review within a day" in shown
    assert "What became of earlier ones" not in shown
    noor.close_all()
    assert "🟢 finished by Noor" in listed(improving, "lee", "/retro actions")


def test_an_improvement_that_is_picked_sprints_late_reaches_the_board_that_is_open(after: After) -> None:
    world = after(begin, lee_writes, sprint_ends, notes_are_revealed)
    hold_open(world)
    for moment in (NEXT_ASKS, "2026-08-12 16:01:00", "2026-08-21 08:00:00"):
        world.go_to(moment)
    assert IMPROVEMENT not in world.card("team-replay", "Retro: Replay, 10–21 August")["text"]
    ada = world.person("ada")
    ada.press("Close the retro", world.card("team-replay", "Retro: Replay, 13"))
    assert ada.submit(action_0=IMPROVEMENT) == {}
    world.post()
    asks = f"{IMPROVEMENT} — _Nobody took it._"
    assert asks in world.card("team-replay", "Retro: Replay, 10–21 August")["text"]


def hold_open(world: World) -> None:
    """The first retro has no end, as when the clock that closes it stood still for a sprint."""
    with world.db.begin() as session:
        session.execute(update(Retro).values(closes_at=None))


def offered(world: World, name: str) -> list[str]:
    """What the form of the turn offers from the retro."""
    person = world.person(name)
    person.command("/sprint plan")
    blocks = (person.view or {})["blocks"]
    options = [each["element"]["options"] for each in blocks if each.get("block_id") == "actions"]
    return [option["text"]["text"] for each in options for option in each]


def test_an_improvement_that_nobody_took_stands_in_the_next_plans_form_and_is_taken_by_picking_it(
    improving: World,
) -> None:
    improving.go_to(CLOSES)
    improving.go_to(NEXT_ASKS)
    for name in ("lee", "noor"):
        assert offered(improving, name) == [f"🔁 {IMPROVEMENT} (nobody took it)"]
    picked = [str(action(improving).id)]
    assert improving.person("noor").submit(actions=picked) == {}
    assert improving.person("lee").submit(actions=picked, high="Second frame") == {}, "who was slower is not refused"
    assert (action(improving).owner_id, action(improving).wants_taker) == (improving.id("noor"), False)
    plan = improving.card("team-replay", "10–21 August")["text"]
    assert f"{IMPROVEMENT} — Noor" in plan
    assert f"{IMPROVEMENT} — Lee" not in plan
    assert f"{IMPROVEMENT} — Noor" in second_board(improving)


def test_two_who_pick_an_improvement_in_the_same_moment_end_with_one_owner(improving: World) -> None:
    improving.go_to(CLOSES)
    improving.go_to(NEXT_ASKS)
    picked = [str(action(improving).id)]
    for name in ("lee", "noor"):
        improving.person(name).command("/sprint plan")
        improving.person(name).fill(actions=picked)
    assert improving.at_once(improving.person("lee").submit, improving.person("noor").submit) == [{}, {}]
    owner = action(improving).owner_id
    assert owner in (improving.id("lee"), improving.id("noor"))
    with improving.db.read() as session:
        made = session.scalars(select(Item).where(Item.title == IMPROVEMENT)).all()
    assert [item.owner_id for item in made] == [owner]


def test_who_takes_an_improvement_from_the_board_while_somebody_picks_it_end_with_one_owner(improving: World) -> None:
    improving.go_to(CLOSES)
    improving.go_to(NEXT_ASKS)
    lee, noor = improving.person("lee"), improving.person("noor")
    button = {"type": "button", "action_id": f"improvement_take_{action(improving).id}", "block_id": "b"}
    pressed = {**button, "value": str(action(improving).id)}
    lee.command("/sprint plan")
    lee.fill(actions=[str(action(improving).id)])
    shown = board(improving)
    sent, _pressed = improving.at_once(lee.submit, lambda: improving.forge_press("noor", shown, pressed))
    assert sent == {}
    with improving.db.read() as session:
        made = session.scalars(select(Item).where(Item.title == IMPROVEMENT)).all()
    assert [item.owner_id for item in made] == [action(improving).owner_id]
    assert noor.view is None or "Lee has it" in str(noor.view)
