"""Every screen and message of feedback on plans, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.outbox.posts import Message
from bot.domain.planning.comments import CommentDraft
from bot.domain.planning.lines import MOST_ITEMS
from bot.views import kit
from bot.views.planning import comments as comment_views
from bot.views.planning import finalizing
from bot.views.rhythm import leading
from bot.views.sprints import cards, sprints
from models.company import Person
from models.planning import BECAUSE_LENGTH, TEXT_LENGTH, Comment, Reply
from models.sprints import Mark, Sprint
from models.teams import SEATS
from tests.views import screens
from tests.views.screens import WORST
from tests.views.test_screens import NOW, SIZES, Size, a_sprint, lead_prompt

LINK = f"https://example.slack.com/archives/C{'0' * 10}/p1783584000000100?thread_ts=1783584000.000100"
EXTREME = SIZES[-1]


@pytest.fixture(params=SIZES, ids=lambda size: size.name)
def size(request: pytest.FixtureRequest) -> Size:
    size: Size = request.param
    return size


def a_comment(size: Size, answer: Reply | None = None, **about: Any) -> Comment:
    """What somebody from elsewhere thinks of the plan's last item; or as a whole, where there is none."""
    sprint = a_sprint(size)
    item = sprint.items[-1] if sprint.items else None
    text = "&" * TEXT_LENGTH if size is EXTREME else "Look at seeking first."
    because = None if answer is not Reply.KEPT else (WORST * BECAUSE_LENGTH)[:BECAUSE_LENGTH]
    comment = Comment(id=1, sprint_id=7, text=text, answer=answer, because=because, author_id="U99")
    comment.sprint, comment.item = sprint, item
    comment.item_id, comment.title = (item.id, item.title) if item else (None, None)
    comment.owner, comment.owner_id = (item.owner, item.owner_id) if item else (None, None)
    comment.author = Person(id="U99", name=size.text[:80], is_deactivated=False)
    comment.answered_by = sprint.team.members[-1].person if answer else None
    comment.answered_by_id = comment.answered_by.id if comment.answered_by else None
    for name, value in about.items():
        setattr(comment, name, value)
    return comment


def open_plan(comment: Comment) -> Comment:
    """The same, while the plan is written."""
    comment.sprint.finalized_at = None
    return comment


def draft(size: Size) -> CommentDraft:
    """Somebody from elsewhere is about to say what they think."""
    sprint = a_sprint(size)
    return CommentDraft(sprint, sprint.items, True, sprint.items[-1].id if sprint.items else None)


SCREENS: dict[str, Callable[[Size], dict[str, Any]]] = {
    "planning.comments.form": lambda size: comment_views.form(draft(size)),
    "planning.comments.form, of the lead": lambda size: comment_views.form(
        replace(draft(EXTREME), whole=False, item_id=None)
    ),
    "planning.comments.keep_form": lambda size: comment_views.keep_form(a_comment(size)),
    "planning.comments.changed_view": lambda size: comment_views.changed_view(a_comment(size, Reply.CHANGED)),
    "planning.comments.changed_view, open plan": lambda size: comment_views.changed_view(
        open_plan(a_comment(size, Reply.CHANGED))
    ),
    "planning.finalizing.finalize_form": lambda size: finalizing.finalize_form(a_sprint(size), NOW, 90),
}
MESSAGES: dict[str, Callable[[Size], Message]] = {
    "planning.comments.card": lambda size: comment_views.card(a_comment(size)),
    "planning.comments.card, changed": lambda size: comment_views.card(a_comment(size, Reply.CHANGED)),
    "planning.comments.card, kept": lambda size: comment_views.card(a_comment(size, Reply.KEPT)),
    "planning.comments.card, gone": lambda size: comment_views.card(a_comment(size, Reply.CHANGED, item=None)),
    "planning.comments.answered_message": lambda size: comment_views.answered_message(
        a_comment(size, Reply.KEPT), LINK
    ),
    "planning.comments.answered_message, nowhere": lambda size: comment_views.answered_message(
        a_comment(size, Reply.CHANGED), None
    ),
    "rhythm.leading.lead": lambda size: leading.lead(replace(lead_prompt(open_sprint(size)), comments=90)),
}


def open_sprint(size: Size) -> Sprint:
    """A sprint whose plan is still written."""
    sprint = a_sprint(size)
    sprint.finalized_at = None
    return sprint


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, size: Size) -> None:
    draw: Callable[[Size], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(size)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    assert set(screens.drawing(comment_views)) <= drawn


# --- the whole plan ---------------------------------------------------------------------------------------------


def menus(view: dict[str, Any]) -> list[str]:
    """The action ids of the menus beside a plan's items."""
    found = [block["accessory"]["action_id"] for block in view["blocks"] if "accessory" in block]
    assert len(found) == len(set(found))
    return found


def a_plan(items: int, prose: int = 1_000) -> Sprint:
    """A plan of six people with so many items each, all of them to be seen."""
    return a_sprint(Size("of its kind", SEATS, items, "Title", "Note", prose, 0, 0))


@pytest.mark.parametrize("items", range(1, MOST_ITEMS + 1))
def test_each_item_of_a_plan_takes_feedback_within_slacks_limits(items: int) -> None:
    sprint = a_plan(items)
    drawn = sprints.plan_view(sprint, (1, 2), "U99", NOW)
    screens.is_taken_by_slack(drawn)
    assert len(drawn["blocks"]) <= kit.VIEW_BLOCKS
    assert len(menus(drawn)) == len(sprint.items)


def test_where_a_menu_for_each_has_no_room_the_plan_is_in_lines_and_the_form_has_them_all() -> None:
    sprint = a_plan(MOST_ITEMS)
    sprint.direction, sprint.impacted = "&" * 1_000, f"{'&' * 599}\n{'&' * 400}"
    sprint.items[0].mark = Mark.IN_PROGRESS
    drawn = sprints.plan_view(sprint, (1, 2), "U99", NOW)
    screens.is_taken_by_slack(drawn)
    assert menus(drawn) == []
    assert str(drawn).count("Title — ") == len(sprint.items) == 90
    assert "'comment_give'" in str(drawn)
    offered = comment_views.form(CommentDraft(sprint, sprint.items, True, None))["blocks"][1]["element"]["options"]
    assert [each["value"] for each in offered] == ["plan", *(str(item.id) for item in sprint.items)]


def test_there_is_no_menu_beside_ones_own_items() -> None:
    sprint = a_sprint(SIZES[1])
    assert menus(sprints.plan_view(sprint, (1, 2), "U0", NOW)) == [
        f"comment_give_{item.id}"
        for item in sorted(sprint.items, key=lambda each: each.priority)
        if item.owner_id != "U0"
    ]


def test_a_plan_that_is_closed_takes_no_feedback() -> None:
    sprint = a_sprint(SIZES[1])
    sprint.closed_at = NOW
    assert "comment_give" not in str(sprints.plan_view(sprint, (1, 2), "U99", NOW))
    assert "comment_give" not in str(cards.final_card(sprint, NOW).blocks)


@pytest.mark.parametrize("number", [1, 2])
def test_how_much_is_open_is_one_line(number: int) -> None:
    are = "1 comment is" if number == 1 else "2 comments are"
    assert comment_views.open_line(number) == f"💬 {are} open, in the plan's thread."
