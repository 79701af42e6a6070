"""The menu of `/prickle`: every verb is a button in it, and help is made from the same entries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.views import routes
from bot.views.home import menu as menu_views
from handlers import FEATURES, errors, routing
from handlers.commands import COMMANDS
from handlers.features import Entry
from jobs import company
from sandbox.app import payloads
from sandbox.people.person import Person
from sandbox.world import modals
from tests import intake
from tests.rota import switch
from tests.stories import After
from tests.world import World

ENTRIES = routing.entries_of(FEATURES)


def begin(world: World) -> None:
    """Two teams whose second turn has come; one of them answers at a desk. Noor has just founded a third, alone."""
    intake.begin(world)
    switch(world, *parts.CHOSEN)
    world.person("noor").command("/small-team leave")
    assert world.person("noor").submit() == {}
    world.slack.add_channel("team-alone", members=[world.id("noor")])
    world.team("noor", name="Alone")
    for item, first_day, last_day in (("Playback", "2026-07-14", "2026-07-24"), ("Export", "2026-07-28", "2026-08-07")):
        world.plan("ada", high=item)
        world.finalize("ada")
        world.go_to(f"{first_day} 08:00:00")
        world.go_to(f"{last_day} 08:00:00")
        world.post()


def paused(world: World) -> None:
    """Ada's team takes a break."""
    ada = world.person("ada")
    ada.command("/small-team pause")
    assert ada.submit(because="Offsite") == {}
    ada.close_all()


def away(world: World) -> None:
    """Lee is on holiday."""
    world.person("lee").command("/sprint away until 14 August")


# Who sees an entry, and what has to be so for it. Ada leads, Lee is in her team, Noor is alone in hers, Ivy is an admin and in none.
LIVES: Mapping[str, tuple[str, Callable[[World], None] | None]] = {
    "a lead": ("ada", None),
    "a member": ("lee", None),
    "alone in a team": ("noor", None),
    "an admin who is in no team": ("ivy", None),
    "the lead of a paused team": ("ada", paused),
    "a member who is away": ("lee", away),
}


def shown(view: Any) -> list[str]:
    """The ids of the buttons in a window."""
    return [element["action_id"] for element in _elements(view) if element["type"] == "button"]


def _elements(view: Any) -> Iterator[Any]:
    for block in view["blocks"]:
        yield from block.get("elements", []) if block["type"] == "actions" else []
        yield from [block["accessory"]] if "accessory" in block else []


def opened(world: World, name: str) -> Person:
    """This person, with the menu before them and no other window."""
    person = world.person(name)
    if person.views:
        person.close_all()
    person.command("/prickle")
    return person


def find(world: World, name: str, entry: Entry) -> bool:
    """Go through the menu to this entry, as far as this person sees it."""
    person = opened(world, name)
    part = f"{routes.MENU_PART.verb}_{entry.part}"
    if part in shown(person.view):
        person.click(part)
    return entry.verb in shown(person.view)


def test_every_verb_of_every_command_is_an_entry_of_the_menu() -> None:
    verbs = {(name, verb) for feature in FEATURES for name, said in feature.verbs.items() for verb in said}
    entries = {(entry.command, word) for entry in ENTRIES for word in entry.words}
    assert entries == verbs - {("/prickle", "")}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.label}")
def test_pressed_in_the_menu_each_verb_does_what_it_does_when_typed(after: After, entry: Entry) -> None:
    world = after(begin)
    pressed = [name for life, (name, so_that) in LIVES.items() if _press(world, name, so_that, entry)]
    assert pressed, "nobody gets it from their menu"


def _press(world: World, name: str, so_that: Callable[[World], None] | None, entry: Entry) -> bool:
    if so_that is not None:
        so_that(world)
    if not find(world, name, entry):
        return False
    person = world.person(name)
    person.click(entry.verb)
    view = person.view
    assert view is not None
    assert view["callback_id"] not in (menu_views.MENU, menu_views.PART), "the menu makes room for what was chosen"
    assert len(person.views) == 1, "three windows are all that Slack stacks: the menu takes none of them"
    return view["title"]["text"] not in errors.TITLES


def test_the_menu_has_at_most_twelve_entries_and_what_i_owe_comes_first(after: After) -> None:
    world = after(begin)
    for name in ("ada", "lee", "noor", "ivy", "mia"):
        assert len(shown(opened(world, name).view)) <= menu_views.MOST
    ada = opened(world, "ada")
    assert ada.view is not None
    assert ada.view["blocks"][0]["text"]["text"] == "*For you now*"
    assert shown(ada.view)[0].startswith("plan_write")


def test_no_page_of_the_menu_has_more_than_twelve_entries(after: After) -> None:
    world = after(begin)
    for name, _ in LIVES.values():
        for part in Part:
            person = opened(world, name)
            button = f"{routes.MENU_PART.verb}_{part}"
            if button in shown(person.view):
                person.click(button)
                assert 1 < len(shown(person.view)) <= menu_views.MOST + 1  # and the way back


def test_a_part_leads_back_to_the_menu(after: After) -> None:
    ada = after(begin).person("ada")
    ada.command("/prickle")
    ada.click(f"{routes.MENU_PART.verb}_{Part.SPRINTS}")
    ada.click(routes.MENU.verb)
    assert (ada.view or {})["callback_id"] == menu_views.MENU


def test_a_part_that_is_off_is_neither_in_the_menu_nor_on_home_nor_in_help(world: World) -> None:
    world.team("ada", "lee")
    world.run_with(feedback_keys=None)
    company.note_start(world.db, world.client.auth_test(), world.settings)
    ada = world.person("ada")
    ada.command("/prickle")
    assert "AI team" not in str(ada.view)
    assert "Feedback" not in str(ada.view)
    ada.close_all()
    ada.open_home()
    assert "Reach out" not in str(ada.home)
    assert "Give feedback" not in str(ada.home)
    ada.command("/prickle help")
    assert "/reach-out" not in ada.ephemerals[-1]["text"]
    assert "/give-feedback" not in ada.ephemerals[-1]["text"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_help_is_five_lines_at_most_and_the_menu(after: After, command: Any) -> None:
    ada = after(begin).person("ada")
    ada.command(f"{command.name} help")
    said = ada.ephemerals[-1]
    title, *lines = said["text"].splitlines()
    assert title == f"*{command.title}*"
    assert 1 <= len(lines) <= menu_views.HELP_LINES
    ada.press("Menu", said)
    assert (ada.view or {})["callback_id"] == menu_views.MENU


def test_a_word_that_a_command_does_not_know_is_said_back_with_what_it_does_know(after: After) -> None:
    ada = after(begin).person("ada")
    ada.command("/sprint <dance>")
    said = ada.ephemerals[-1]["text"]
    assert said.startswith("`/sprint &lt;dance&gt;` is not something I know.")
    assert "`/sprint plan` – Write my plan" in said


# --- tabs -------------------------------------------------------------------------------------------------------


def test_every_tab_is_registered() -> None:
    known = {entry.verb for entry in ENTRIES} | {routes.MENU_PART.verb}
    for tab in (*routes.SPRINT_TABS, *routes.team_tabs(parts.CHOSEN), *routes.INTAKE_TABS):
        assert routing.verb_of(tab.verb, known), tab


@pytest.mark.parametrize(
    ("command", "tabs"),
    [
        ("/sprint", routes.SPRINT_TABS),
        ("/small-team", routes.team_tabs(parts.CHOSEN)),
        ("/reach-out queue", routes.INTAKE_TABS[1:]),
    ],
)
def test_from_each_tab_one_presses_every_other_and_no_windows_pile_up(
    after: After, command: str, tabs: Sequence[routes.Tab]
) -> None:
    ada = after(begin).person("ada")
    for first in tabs[:-1]:
        for second in tabs:
            ada.command(command)
            ada.click(first.verb)
            assert f"▾ {first.name}" in str(ada.view)
            ada.click(second.verb)
            assert len(ada.views) == 1
            assert (ada.view or {})["callback_id"] == menu_views.PART or f"▾ {second.name}" in str(ada.view)
            ada.close_all()


def test_a_tab_beside_a_form_opens_above_it_so_that_nothing_typed_is_lost(after: After) -> None:
    ada = after(begin).person("ada")
    ada.command("/reach-out")
    ada.fill(title="Summarise tickets")
    ada.click("go_reach_out_queue")
    assert len(ada.views) == 2
    ada.close_view()
    assert ada.submit() == {}


def test_a_form_in_the_window_of_one_that_was_sent_is_another_one(after: After) -> None:
    ada = after(begin).person("ada")
    ada.command("/reach-out mine")
    for words in ("Summarise tickets", "Draw a map of our alerts"):
        ada.click("go_reach_out")
        assert ada.submit(title=words) == {}
        if "match_anyway" in str(ada.view):
            assert ada.submit() == {}
    ada.close_all()
    ada.command("/reach-out mine")
    assert "Summarise tickets" in str(ada.view)
    assert "Draw a map of our alerts" in str(ada.view)


def test_the_next_sprint_is_shown_and_where_nobody_has_planned_it_how_to_begin(after: After) -> None:
    world = after(begin)
    noor = world.person("noor")
    noor.command("/sprint next")
    assert "Nobody in *Alone* has written a plan for the next sprint yet." in str(noor.view)
    noor.click("go_sprint_plan")
    assert (noor.view or {})["callback_id"] == "my_plan"
    ada = world.person("ada")
    world.plan("ada", high="Timeline")
    ada.command("/sprint next")
    assert "Timeline" in str(ada.view)


# --- first contact ----------------------------------------------------------------------------------------------


def test_who_is_new_reads_what_it_is_and_how_to_begin(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.open_home()
    assert "Prickle keeps small teams in rhythm" in str(tom.home)
    tom.click(routes.MENU.verb, home=True)
    assert "Begin here" in str(tom.view)
    tom.click("go_small_team_join")
    assert (tom.view or {})["callback_id"] == "team_join"


def test_what_can_i_type_as_an_older_version_drew_it_leads_to_the_menu(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.command("/small-team")
    user, view = world.slack.user("ada"), modals.stack(world.slack, world.id("ada"))[-1]
    press = payloads.view_actions(world.slack, user, view, {"type": "button", "action_id": "company_help"})
    assert world.slack.deliver("interactive", press).status == 200
    assert (ada.view or {})["callback_id"] == menu_views.MENU
