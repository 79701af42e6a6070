"""What people see of feedback: the form, the message to its receiver, the giver's copy, and the window with what is mine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.calendar.wording import count
from bot.domain.feedback import letters, revising
from bot.domain.feedback.letters import Given, Letter, MyFeedback
from bot.domain.feedback.sealing import Words
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.kit import Block, Element, Fields, View, keys
from models.company import Person
from models.feedback import Feedback

GIVE = "feedback_give"
EDIT = "feedback_edit"
THANK = "feedback_thank"
CHAT = "feedback_chat"
KEEP = "feedback_keep"
DONE = "feedback_done"
MENU = "feedback_menu"
MINE = "feedback_mine"
PAGE = "feedback_page"
LABELS = {"saw": "What I saw", "effect": "Its effect", "suggestion": "What I suggest"}
SHOWN_ACTION = 300
MORE = "There is more: `/give-feedback mine` shows all of it."


@dataclass(frozen=True)
class Draft:
    """What the form starts from. `link` leads to the message `about`, which is written `CHANNEL:TS:THREAD`."""

    person_id: str | None = None
    saw: str = ""
    unclear: str = ""
    about: str = ""
    link: str | None = None


def form(draft: Draft) -> View:
    """Three prompts, of which the first is enough."""
    unclear = f"I am not sure who `{kit.escape(draft.unclear.replace('`', ''))}` is: choose below."
    head = [
        *([kit.section(unclear)] if draft.unclear else []),
        *([kit.context(f"About <{draft.link}|this message>")] if draft.link else []),
    ]
    person = kit.field("person", "Who is it for?", kit.picker("users_select", "person", draft.person_id))
    return kit.modal(
        GIVE,
        "Give feedback",
        [*head, person, *prompt_fields(Words(draft.saw)), _discretion()],
        submit="Send",
        close="Cancel",
        metadata=draft.about,
    )


def prompt_fields(words: Words) -> list[Block]:
    """The three prompts of every form for feedback."""
    hints = {
        "saw": "What happened, as a camera would have seen it: what went well, or what did not.",
        "effect": "On you, the team or a customer.",
        "suggestion": "What to do more of, or differently.",
    }
    return [
        kit.field(
            part,
            label,
            kit.text_input(part, initial=getattr(words, part)[: letters.LONGEST], multiline=True),
            optional=part != "saw",
            hint=hints[part],
        )
        for part, label in LABELS.items()
    ]


def _discretion() -> Block:
    return kit.context("This person gets it at once, with your name. Prickle shows it to nobody else.")


def read_form(view: Mapping[str, Any], giver_id: str, link: str | None) -> Given:
    """What was written, and to whom."""
    return Given(keys.sent(view), giver_id, Fields(view).person("person"), read_words(view, link))


def read_words(view: Mapping[str, Any], link: str | None = None) -> Words:
    """The answers to the three prompts."""
    fields = Fields(view)
    return Words(fields.text("saw"), fields.text("effect"), fields.text("suggestion"), link)


def read_about(view: Mapping[str, Any]) -> tuple[str, str, str | None] | None:
    """The channel, the message and its thread that the form is about; None for a form about none."""
    about = view.get("private_metadata") or ""
    if not about:
        return None
    channel_id, _, message = about.partition(":")
    ts, _, thread_ts = message.partition(":")
    return channel_id, ts, thread_ts or None


def given_view(given: Feedback) -> View:
    """The receipt."""
    name, until = kit.escape(given.receiver.name), kit.moment(revising.editable_until(given))
    words = f"*{name}* gets it in a moment, and you get a copy once it has arrived. You can change it until {until}."
    return kit.done("Sent", [kit.section(words), kit.actions(edit_field(given))])


def card(shown: Letter) -> Message:
    """What the receiver reads, and what they can do with it."""
    given = shown.feedback
    head = f"{kit.mention(given.giver_id)} has feedback for you{about_words(shown.words)}"
    asked = [f"You asked: {kit.clip(kit.escape(shown.question), SHOWN_ACTION)}"] if shown.question else []
    became = _became(given)
    blocks = [
        kit.section(head),
        *(kit.context(each) for each in asked),
        *parts(shown.words),
        *([kit.context(agreeing)] if (agreeing := _agreeing(given.plus_ones)) else []),
        kit.context(" · ".join([*([] if given.shared_at else ["Only you two can read this"]), *became])),
    ]
    text = kit.in_short(
        [head, *asked, *quoted_lines(shown.words), *([agreeing] if agreeing else []), *became], more=MORE
    )
    return Message(text, kit.fit_message(blocks, [_buttons(shown)], MORE))


def parts(words: Words) -> list[Block]:
    """The words, each of the three under its name."""
    blocks = []
    for part, label in LABELS.items():
        said = getattr(words, part)
        if said and len(line := _line(label, said)) <= kit.SECTION_TEXT:
            blocks.append(kit.section(line))
        elif said:
            blocks += [kit.section(f"*{label}*"), *kit.prose(said)]
    return blocks


def quoted_lines(words: Words) -> list[str]:
    return [_line(label, said) for part, label in LABELS.items() if (said := getattr(words, part))]


def _line(label: str, said: str) -> str:
    return f"*{label}*\n{kit.escape(said)}"


def about_words(words: Words) -> str:
    return f", about <{words.link}|this message>" if words.link else ""


def _agreeing(plus_ones: Sequence[Any]) -> str:
    return f"+1 from {kit.names([kit.mention(each.person_id) for each in plus_ones])}" if plus_ones else ""


def _became(given: Feedback) -> list[str]:
    said = [
        (given.edited_at, "edited"),
        (given.thanked_at, "you said thanks"),
        (given.kept_at if given.done_at is None else None, "kept as your action"),
        (given.done_at, "✅ your action is done"),
        (given.shared_at, f"you shared it in {kit.channel(given.shared_in_id or '')}"),
    ]
    return [words for at, words in said if at is not None]


def _buttons(shown: Letter) -> Block:
    mine = kit.button("My feedback", MINE)
    return kit.actions(*(_verbs(shown) or [mine]))


def _verbs(shown: Letter, of: str = "", *, is_listed: bool = False) -> list[Element]:
    """What its receiver can still do with it. In a window with several, `of` tells the buttons apart.

    Where its action `is_listed` above, *Done* stands there.
    """
    given, value = shown.feedback, str(shown.feedback.id)
    thank = kit.button("Thank", f"{THANK}{of}", value, style="primary") if given.thanked_at is None else None
    chat = kit.link_button("Ask", f"{CHAT}{of}", shown.chat) if shown.chat else None
    share = None
    if given.shared_at is None and shown.team is not None:
        share = kit.overflow(f"{MENU}{of}", [kit.option("Share it with your team…", value)])
    action = None if is_listed else _action_button(given, of)
    return [each for each in (thank, chat, action, share) if each is not None]


def _action_button(given: Feedback, of: str) -> Element | None:
    value = str(given.id)
    if given.done_at is not None:
        return None
    if given.kept_at is not None:
        return kit.button("Done", f"{DONE}{of}", value)
    return kit.button("Keep as my action", f"{KEEP}{of}", value)


def edit_field(given: Feedback) -> Element:
    return kit.button("Edit", EDIT, str(given.id))


def mine_view(mine: MyFeedback, now: datetime) -> View:
    """What somebody was told, what they do about it, and what they told others."""
    blocks = [*_actions(mine.actions), *_received(mine), *_given(mine.given, now)]
    if not blocks:
        words = "Nobody has given you feedback here yet. `/give-feedback ask` asks for some."
        blocks = [kit.section(words), kit.actions(kit.button("Give feedback", GIVE))]
    newer = kit.button("Newer", f"{PAGE}_newer", str(mine.page - 1)) if mine.page else None
    older = kit.button("Older", f"{PAGE}_older", str(mine.page + 1)) if mine.has_older else None
    foot = [kit.actions(newer, older, routes.FEEDBACK_LINE.button("Once a sprint…"))]
    fitting = kit.fit_view(blocks, foot, "Older ones are in your messages with Prickle.")
    return kit.modal(MINE, "My feedback", fitting, metadata=str(mine.page))


def read_page(value: str) -> int:
    """Which page was asked for."""
    return keys.number(value)


def read_shown_page(view: Mapping[str, Any]) -> int:
    """Which page a window shows; the first for a window that shows something else."""
    page = str(view.get("private_metadata") or "")
    return keys.number(page) if view.get("callback_id") == MINE and page.isdecimal() else 0


def _actions(actions: Sequence[Letter]) -> list[Block]:
    if not actions:
        return []
    lines = [
        kit.section(
            f"• {kit.clip(kit.escape(shown.words.suggestion or shown.words.saw), SHOWN_ACTION)}"
            f" — from {kit.escape(shown.feedback.giver.name)}",
            kit.button("Done", f"{DONE}_{shown.feedback.id}", str(shown.feedback.id)),
        )
        for shown in actions
    ]
    return [kit.header(count(len(actions), "action") + " of mine"), *lines]


def _received(mine: MyFeedback) -> list[Block]:
    blocks: list[Block] = []
    listed = {shown.feedback.id for shown in mine.actions}
    for shown in mine.received:
        given = shown.feedback
        head = f"*{kit.escape(given.giver.name)}* · {kit.moment(given.delivered_at or given.given_at)}"
        notes = [*([agreeing] if (agreeing := _agreeing(given.plus_ones)) else []), *_became(given)]
        asked = [f"you asked: {kit.clip(kit.escape(shown.question), SHOWN_ACTION)}"] if shown.question else []
        blocks += [kit.context(" · ".join([head + about_words(shown.words), *asked, *notes])), *parts(shown.words)]
        if verbs := _verbs(shown, f"_{given.id}", is_listed=given.id in listed):
            blocks.append(kit.actions(*verbs))
    return [kit.header("For me"), *blocks] if blocks else []


def _given(given: Sequence[Letter], now: datetime) -> list[Block]:
    blocks: list[Block] = []
    for shown in given:
        told = shown.feedback
        head = f"To *{kit.escape(told.receiver.name)}* · {kit.moment(told.given_at)}{about_words(shown.words)}"
        blocks += [kit.context(head + (" · they said thanks" if told.thanked_at else "")), *parts(shown.words)]
        if revising.is_editable(told, now):
            blocks.append(kit.actions(kit.button("Edit", f"{EDIT}_{told.id}", str(told.id))))
    return [kit.header("From me"), *blocks] if blocks else []


def giveable(person: Person | None, me: str) -> str | None:
    """Whom the form names already; nobody whom it would refuse anyway."""
    if person is None or person.id == me or person.is_bot or person.is_gone:
        return None
    return person.id
