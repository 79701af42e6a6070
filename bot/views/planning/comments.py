"""What people see of feedback on a plan: the form, the message in the plan's thread, and its answer."""

from collections.abc import Mapping
from typing import Any

from bot.domain.calendar.wording import period
from bot.domain.outbox.posts import Message
from bot.domain.planning import comments
from bot.domain.planning.comments import CommentDraft
from bot.domain.teams import teams
from bot.views import kit
from bot.views.kit import Fields, View, keys
from bot.views.sprints.sprints import CHANGE, FINALIZE, WRITE, key
from models.company import Person
from models.planning import BECAUSE_LENGTH, TEXT_LENGTH, Comment, Reply

FORM = "comment"
CHANGED = "comment_changed"
KEEP = "comment_keep"
KEPT = "comment_kept"

MORE = "… and more."
WHOLE = "plan"  # the value of the choice beside the items
SHOWN_TITLE = 48  # of an item's title in a menu, so that its owner's name has room beside it


# --- giving -----------------------------------------------------------------------------------------------------


def form(draft: CommentDraft) -> View:
    """The form "give feedback": on what, and what one thinks."""
    sprint = draft.sprint
    head = (
        f"Team {kit.name(sprint.team.name)} · {period(sprint.starts_on, sprint.ends_on)}\n"
        "It is posted in the plan's thread with your name, for everybody to read. No plan waits for it."
    )
    items = [
        kit.option(f"{kit.shorten(kit.unlinked(item.title), SHOWN_TITLE)} — {item.owner.name}", str(item.id))
        for item in draft.items
    ]
    choices = [*([kit.option("The plan as a whole", WHOLE)] if draft.whole else []), *items]
    chosen = str(draft.item_id) if draft.item_id is not None else WHOLE
    text = kit.text_input("text", multiline=True, most=TEXT_LENGTH)
    return kit.modal(
        FORM,
        "Give feedback",
        [
            kit.context(head),
            kit.field("item", "On what?", kit.select("item", choices[: kit.OPTIONS], chosen)),
            kit.field("text", "What do you think?", text, hint="What you see, and what you would do instead."),
        ],
        submit="Send",
        close="Cancel",
        metadata=str(sprint.id),
    )


def read_about(value: str) -> tuple[int, int | None]:
    """The ids of the sprint and of the item that was pressed; no item for the plan as a whole."""
    sprint_id, _, item_id = value.partition(":")
    return keys.number(sprint_id), keys.optional(item_id)


def read_form(view: Mapping[str, Any]) -> comments.Said:
    """What was filled in."""
    fields = Fields(view)
    chosen = fields.choice("item") or WHOLE
    return comments.Said(
        source=keys.sent(view),
        sprint_id=keys.number(view["private_metadata"]),
        item_id=None if chosen == WHOLE else keys.number(chosen),
        text=fields.text("text"),
    )


# --- in the plan's thread ---------------------------------------------------------------------------------------


def card(comment: Comment) -> Message:
    """The message in the plan's thread: to whom, on what, the words, and the answer or the way to one."""
    quote = [f">{_title(comment)}"] if comment.title is not None else []
    head = "\n".join([_head(comment), *quote])
    answer = [_answer(comment)] if comment.answer is not None else []
    foot = [kit.section(line) for line in answer] or [_answers(comment)]
    blocks = kit.fit_message([kit.section(head), *kit.prose(comment.text)], foot, MORE)
    return Message(kit.in_short([head, *answer, kit.escape(comment.text)], more=MORE), blocks)


def _answers(comment: Comment) -> kit.Block:
    return kit.actions(
        kit.button("Changed it", CHANGED, str(comment.id)),
        kit.button("Keeping it, because…", KEEP, str(comment.id)),
    )


def _head(comment: Comment) -> str:
    to = kit.names([kit.mention(person.id) for person in _told(comment)])
    about = "on the plan as a whole:" if comment.title is None else "on this item:"
    return f"💬 {' to '.join(filter(None, [kit.name(comment.author.name), to]))}, {about}"


def _told(comment: Comment) -> list[Person]:
    """Whom it is for: whoever answers, and the lead."""
    lead = teams.lead_of(comment.sprint.team)
    people = [comments.answerer(comment), lead.person if lead else None]
    told = {person.id: person for person in people if person is not None and not person.is_gone}
    return [person for person in told.values() if person.id != comment.author_id]


def _title(comment: Comment) -> str:
    title = kit.escape(comment.title or "")
    return f"~{title}~ _(not in the plan any more)_" if comments.is_gone(comment) else title


def _answer(comment: Comment) -> str:
    name = kit.name(comment.answered_by.name) if comment.answered_by else "The lead"
    return f"↩️ {name}: {_reply(comment)}"


def _reply(comment: Comment) -> str:
    if comment.answer == Reply.CHANGED:
        return "changed it."
    return f"keeping it, because {kit.escape(comment.because or '')}"


# --- the answer -------------------------------------------------------------------------------------------------


def keep_form(comment: Comment) -> View:
    """Asks for one line of why the plan stays as it is."""
    because = kit.text_input(
        "because", most=BECAUSE_LENGTH, placeholder="One line for the person who wrote it, and for everybody else"
    )
    quoted = kit.prose(comment.text)
    about = [kit.section(f"*{kit.escape(comment.title)}*")] if comment.title is not None else []
    return kit.modal(
        KEPT,
        "Keeping it",
        [
            *about,
            kit.context(f"{kit.name(comment.author.name)} says:"),
            *quoted,
            kit.field("because", "Because…", because),
        ],
        submit="Send",
        close="Cancel",
        metadata=str(comment.id),
    )


def read_kept(view: Mapping[str, Any]) -> tuple[int, str]:
    """The comment's id, and why the plan stays as it is."""
    return keys.number(view["private_metadata"]), Fields(view).text("because")


def changed_view(comment: Comment) -> View:
    """Somebody said *Changed it*, and the plan can still be changed: the way to change it."""
    words = f"Your answer is below the feedback, and Prickle tells {kit.name(comment.author.name)}."
    way = kit.actions(_way(comment))
    return kit.done("Answered", [kit.section(f"{words} If the plan still says otherwise:"), way])


def _way(comment: Comment) -> kit.Element:
    """Where whoever answered changes the plan: one's own items, or as the lead the plan."""
    sprint = comment.sprint
    here = key(sprint.team_id, sprint.starts_on)
    if comment.owner_id is None or comment.answered_by_id != comment.owner_id:
        return kit.button("Finalize again" if sprint.finalized_at else "Finalize", FINALIZE, here)
    if sprint.finalized_at is None:
        return kit.button("Change my plan", WRITE, here)
    return kit.button("Change my plan", CHANGE, str(sprint.id))


def answered_message(comment: Comment, link: str | None) -> Message:
    """What its writer is told in a direct message."""
    title = kit.escape(comment.title) if comment.title is not None else None
    about = f"on “{title}”" if title else f"on the plan of {kit.name(comment.sprint.team.name)}"
    feedback = f"<{link}|your feedback>" if link else "your feedback"
    name = kit.name(comment.answered_by.name) if comment.answered_by else "The lead"
    return Message(f"{name} answered {feedback} {about}: {_reply(comment)}")


def open_line(number: int) -> str:
    """How much feedback waits for an answer, in one line. A plan is finalized all the same."""
    return f"💬 {'1 comment is' if number == 1 else f'{number} comments are'} open, in the plan's thread."
