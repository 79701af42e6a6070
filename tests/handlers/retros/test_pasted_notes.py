"""Notes as people paste them: what is indented stays with its note, headings make none, and an arrow proposes an action."""

from sqlalchemy import select

from bot.domain.retros import closings
from models.retros import Action, Note
from tests.retro import board, dm, ended, notes_are_revealed, replay, reveal, revealed, write
from tests.world import World

__all__ = ["ended", "replay", "revealed"]  # fixtures, which pytest finds by name

PASTED = """## What could be better
-better understanding of the goal
- Deploys are slow
    - an hour each
    - <https://example.com/log|the log> says why

| who | what |
|-----|------|
"""
SEEN = "Deploys are slow — Lee\n\u2003\u2002• an hour each\n\u2003\u2002• <https://example.com/log|the log> says why"


def window(world: World, name: str) -> str:
    """What somebody's top window shows."""
    return str(world.person(name).view)


def texts(world: World) -> list[str]:
    """All notes, oldest first."""
    with world.db.read() as session:
        return list(session.scalars(select(Note.text).order_by(Note.id)))


def close_form(world: World, name: str) -> dict[str, str]:
    """Open the form that closes the retro. Returns what its text fields start with."""
    person = world.person(name)
    person.press("Close the retro", board(world))
    inputs = {block["block_id"]: block["element"] for block in (person.view or {})["blocks"] if "element" in block}
    return {name: element.get("initial_value", "") for name, element in inputs.items() if name.startswith("action_")}


def test_a_pasted_list_is_read_as_it_was_meant_and_what_made_no_note_is_said(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/retro")
    assert lee.submit(better=PASTED) == {}
    receipt = window(replay, "lee")
    assert "Thank you! You have 2 notes in this retro." in receipt
    assert "Headings and tables make no notes. Left out:*\\nWhat could be better\\n| who | what |" in receipt
    assert texts(replay) == [
        "better understanding of the goal",
        "Deploys are slow\nan hour each\n[the log](https://example.com/log) says why",
    ]


def test_what_stands_below_a_note_is_shown_on_the_board_in_the_window_and_in_the_export(replay: World) -> None:
    write(replay, "lee", better=PASTED)
    reveal(replay)
    assert SEEN in board(replay)["text"]
    assert SEEN in "".join(str(block.get("text", {}).get("text")) for block in board(replay)["blocks"])
    noor = replay.person("noor")
    noor.command("/retro show")
    assert "Deploys are slow — Lee\\n\\u2003\\u2002• an hour each" in window(replay, "noor")
    noor.close_all()
    noor.command("/retro export")
    exported = "- Deploys are slow — Lee\\n  - an hour each\\n  - [the log](https://example.com/log) says why\\n"
    assert exported in window(replay, "noor")


def test_a_note_keeps_its_lines_when_it_is_edited_and_when_it_is_merged(replay: World) -> None:
    write(replay, "lee", better="Deploys\n  an hour each")
    write(replay, "noor", better="Deploying\n  it takes ages")
    reveal(replay)
    lee = replay.person("lee")
    lee.command("/retro show")
    note = next(each for each in the_notes(replay) if each.text.startswith("Deploys"))
    lee.click(f"note_menu_{note.id}", select=f"{note.id}:edit")
    assert lee.submit(text="Deploys\n  two hours each\n-> Deploy on Mondays") == {}
    assert texts(replay)[0] == "Deploys\ntwo hours each\n→ Deploy on Mondays"
    lee.close_all()
    noor = replay.person("noor")
    noor.command("/retro show")
    other = the_notes(replay)[1]
    noor.click(f"note_menu_{other.id}", select=f"{other.id}:merge")
    assert noor.submit(into=str(note.id)) == {}
    merged = "• → Deploy on Mondays\n\u2003\u2002↳ Deploying — Noor\n\u2003\u2002• it takes ages"
    assert merged in board(replay)["text"]
    noor.close_all()
    noor.command("/retro export")
    assert "  - Deploying — Noor\\n    - it takes ages\\n" in window(replay, "noor")


def the_notes(world: World) -> list[Note]:
    """All notes as they are stored, oldest first."""
    with world.db.read() as session:
        return list(session.scalars(select(Note).order_by(Note.id)))


def test_the_form_of_the_turn_reads_notes_in_the_same_way_and_says_what_it_left_out(ended: World) -> None:
    lee = ended.person("lee")
    lee.press("Wrap up and plan", dm(ended, "lee"))
    assert lee.submit(said_better=PASTED, said_well="The demo\n  with a customer") == {}
    assert "Left out:*\\nWhat could be better" in window(ended, "lee")
    assert texts(ended)[0] == "The demo\nwith a customer"
    lee.close_all()
    noor = ended.person("noor")
    noor.press("Wrap up and plan", dm(ended, "noor"))
    assert noor.submit(said_well="The demo") == {}
    assert noor.view is None


def test_a_line_with_an_arrow_is_offered_as_an_action_of_its_author_at_closing(replay: World) -> None:
    write(replay, "lee", better="Deploys are slow\n  -> Deploy on Mondays\n→ Buy a bigger runner", well="→ Pair more")
    write(replay, "noor", puzzle="=> pair MORE")
    reveal(replay)
    assert "→ Buy a bigger runner — Lee" in board(replay)["text"]
    offered = close_form(replay, "ada")
    assert offered == {
        "action_0": "",
        "action_1": "Pair more",
        "action_2": "Deploy on Mondays",
        "action_3": "Buy a bigger runner",
    }
    assert replay.person("ada").submit(action_0="Smaller changes", action_3="") == {}
    with replay.db.read() as session:
        made = [(each.text, each.owner_id) for each in session.scalars(select(Action).order_by(Action.id))]
    lee = replay.id("lee")
    assert sorted(made) == [
        ("Deploy on Mondays", lee),
        ("Pair more", lee),
        ("Smaller changes", replay.id("ada")),
    ]


def test_a_proposed_action_that_is_the_improvement_already_is_not_offered_beside_it(replay: World) -> None:
    write(replay, "lee", better="→ Deploy on Mondays")
    reveal(replay)
    replay.person("noor").click(f"note_me_too_{the_notes(replay)[0].id}", message=board(replay))
    assert close_form(replay, "ada") == {"action_0": "Deploy on Mondays"}


def test_the_form_that_finalizes_names_what_the_notes_propose_and_not_before_the_reveal(ended: World) -> None:
    write(ended, "lee", better="→ Deploy on Mondays\nReviews\n  -> Review within a day")
    proposed = "The notes propose: “Deploy on Mondays”, “Review within a day”."
    ada = ended.person("ada")
    ada.command("/sprint finalize")
    assert "The notes propose" not in window(ended, "ada")
    ada.close_all()
    notes_are_revealed(ended)
    ada.command("/sprint finalize")
    assert proposed in window(ended, "ada")


def test_of_many_proposals_as_many_are_offered_as_a_retro_takes(replay: World) -> None:
    write(replay, "lee", better="\n".join(f"→ Do {number}" for number in range(9)))
    reveal(replay)
    assert len(close_form(replay, "ada")) == closings.MOST_ACTIONS
    assert "The notes propose 2 more. You can read them on the board." in window(replay, "ada")
    assert "Add another action" not in window(replay, "ada")
    assert replay.person("ada").submit() == {}


def test_a_long_note_that_is_kept_as_an_agreement_is_cut_and_not_refused(revealed: World) -> None:
    noor = revealed.person("noor")
    noor.press("Write notes", board(revealed))
    assert noor.submit(better="→ We review each other's changes " + "within a day " * 60) == {}
    noor.close_all()
    noor.command("/retro show")
    note = the_notes(revealed)[-1]
    noor.click(f"note_menu_{note.id}", select=f"{note.id}:keep")
    assert "🤝 We review each other's changes within a day" in window(revealed, "noor")
