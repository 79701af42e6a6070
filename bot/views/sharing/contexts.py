"""What people share so that others plan better."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.outbox.posts import Message
from bot.domain.sharing.contexts import SharedNote, Wording
from bot.views import kit
from bot.views.kit import Element, Fields, View, keys
from models.sharing import LINK_LENGTH, TEXT_LENGTH, Context, Kind

SHARE = "context_share"
FORM = "context_form"
UNDO = "context_undo"
AT_A_GLANCE = 160  # characters of a note where it stands among others

KINDS = {
    Kind.CUSTOMER: "What a customer said",
    Kind.METRIC: "What a metric says",
    Kind.TEAM: "What another team is doing",
    Kind.GOAL: "A goal",
    Kind.NOTE: "Good to know",
}


def form() -> View:
    """The form of `/context`."""
    kinds = [kit.option(words, kind) for kind, words in KINDS.items()]
    return kit.modal(
        FORM,
        "Share context",
        [
            kit.field("kind", "What is it?", kit.radio("kind", kinds, Kind.CUSTOMER)),
            kit.field(
                "text",
                "In a sentence or two",
                kit.text_input("text", multiline=True, most=TEXT_LENGTH),
                hint="Prickle posts it in the sprint channel with your name, and shows it above everybody's next plan.",
            ),
            kit.field(
                "link",
                "A link to more",
                kit.text_input("link", most=LINK_LENGTH, placeholder="https://…"),
                optional=True,
            ),
        ],
        submit="Share",
        close="Cancel",
    )


def read_form(view: Mapping[str, Any]) -> Wording:
    """What was filled in."""
    fields = Fields(view)
    return Wording(
        keys.word(Kind, fields.choice("kind") or Kind.NOTE), fields.text("text"), fields.text("link") or None
    )


def shared_message(context: Context, channel_id: str, *, is_unseen: bool = False) -> Message:
    """The answer to a person who shared it in one line, with *Undo*. `is_unseen` while nothing can be posted there."""
    words = f"Thank you! It is in {kit.channel(channel_id)}, and for a week above everybody's next plan."
    if is_unseen:
        words = (
            f"Thank you! For a week everybody reads it above their next plan. In {kit.channel(channel_id)} nothing can be posted "
            "at the moment: Prickle posts it there later."
        )
    return Message(words, [kit.section(words, _undo_button(context))])


def undone_message() -> Message:
    """What the same place says once it is taken back."""
    words = "Undone. Nobody sees your note any more."
    return Message(words, [kit.section(words)])


def card(context: Context, *, can_undo: bool = False) -> Message:
    """A note in the company's sprint channel. For ten minutes its author can take it back."""
    if context.taken_back_at is not None:
        gone = f"📣 {kit.name(context.author.name)} took this note back."
        return Message(gone, [kit.context(gone)])
    link = f"\n{kit.escape(context.link)}" if context.link else ""
    text = f"📣 *{KINDS[Kind(context.kind)]}* · {kit.name(context.author.name)}\n{kit.escape(context.text)}{link}"
    undo = _undo_button(context) if can_undo else None
    return Message(text, [kit.section(kit.clip(text, kit.SECTION_TEXT), undo)])


def _undo_button(context: Context) -> Element:
    return kit.button("Undo", UNDO, str(context.id))


def lines(heard: Sequence[SharedNote], most: int = AT_A_GLANCE) -> list[str]:
    """Notes among others, a line each, with so many characters of what they say."""
    return [_line(each, most) for each in heard]


def _line(heard: SharedNote, most: int) -> str:
    context = heard.context
    words = KINDS[Kind(context.kind)]
    head = f"<{heard.url}|{words}>" if heard.url else words
    said = kit.escape(kit.shorten(" ".join(context.text.split()), most))
    return f"📣 {head}: {said} — {kit.name(context.author.name)}"
