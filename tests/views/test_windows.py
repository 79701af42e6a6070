"""A form closes where its change is seen. Few windows are left that only say something, and each is named here.

A window that says "done" has a next step; every other one answers what somebody asked, or says why there is nothing to show.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 10
# What says "done", and why no screen or message does.
DONE = {
    "company.company.set_up_view": "nothing stands in a channel yet: the next step is a first team",
    "feedback.letters.given_view": "for ten minutes it can be changed, and the copy comes only once it has arrived",
    "planning.comments.changed_view": "a person who said *Changed it* goes from here to change it",
    "planning.plans.sent_view": "it was sent from where no screen shows it; for the lead who was the last to answer *Finalize* is the next step",
    "retros.notes.read_otherwise": "it says how what was typed was read, where that is not as it was typed",
    "retros.notes.discussed_view": "it leads to the thread in which the note is discussed",
    "rhythm.rhythms.saved_view": "it says who is asked next, and when",
    "staffing.aways.saved_view": "it was typed in some channel: *Undo* stands beside what was understood",
    "teams.foundings.created_view": "the next step is the first plan",
    "teams.seats.joined_view": "the next step is a plan",
}
# What answers a question, or says that there is nothing to show or to choose from.
ANSWERS = {
    "intake.bookings.asked_view": "a picture takes a moment, and comes as a message",
    "intake.claims.route_form": "there is no other desk",
    "intake.events.already_view": "this message is a request",
    "retros.actions.list_view": "no action is open",
    "retros.trends.asked_view": "a picture takes a moment, and comes as a message",
    "retros.merging.merge_form": "there is no other note",
    "retros.retros.no_retro_view": "no retro has been held",
    "sprints.sprints.no_plan_view": "no plan has been written",
    "teams.seats.hand_over_form": "nobody else could lead",
}


def _saying(tree: ast.Module, *names: str) -> Iterator[str]:
    """The functions that show such a window."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(_calls(node, names) for node in ast.walk(function)):
            yield function.name


def _calls(node: ast.AST, names: tuple[str, ...]) -> bool:
    is_ours = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    return is_ours and ast.unparse(node.func).startswith("kit.")  # type: ignore[attr-defined]


def _windows(*names: str) -> set[str]:
    views = ROOT / "bot" / "views"
    found = set()
    for path in sorted(views.rglob("*.py")):
        module = ".".join(path.relative_to(views).with_suffix("").parts)
        found |= {f"{module}.{name}" for name in _saying(ast.parse(path.read_text("utf-8")), *names)}
    return found


def test_at_most_ten_windows_only_say_that_something_is_done_and_each_has_a_reason() -> None:
    assert _windows("done") | {"company.company.set_up_view"} == set(DONE)
    assert len(DONE) <= MOST


def test_every_other_window_with_one_thing_to_say_answers_a_question() -> None:
    assert _windows("notice") - {"company.company.set_up_view"} == set(ANSWERS)


def test_no_handler_says_done_by_itself() -> None:
    """Only what was refused, or has arrived already, is said by no view."""
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        if path.name != "errors.py":
            assert not list(_saying(ast.parse(path.read_text("utf-8")), "notice", "done")), path


def test_a_window_that_says_done_is_seen() -> None:
    said = ast.parse("def saved_view() -> View:\n    return kit.notice('Saved', 'It is.')\n")
    assert list(_saying(said, "notice")) == ["saved_view"]
