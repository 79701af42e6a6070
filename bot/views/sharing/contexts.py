"""What people share so that others plan better."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.outbox.posts import Message
from bot.domain.sharing.contexts import SharedNote, Wording
from bot.views import kit
from bot.views.kit import Fields, View, keys
from models.sharing import LINK_LENGTH, TEXT_LENGTH, Context, Kind

SHARE = "context_share"
FORM = "context_form"
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
                hint="It is posted in the sprint channel with your name, and stands above everybody's next plan.",
            ),
            kit.field(
                "link",
                "Where there is more",
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


def shared_view(channel_id: str) -> View:
    """The receipt."""
    return kit.notice("Shared", shared_words(channel_id))


def shared_words(channel_id: str) -> str:
    """The receipt in a line."""
    return f"Thank you! It stands in {kit.channel(channel_id)}, and for a week above everybody's next plan."


def card(context: Context) -> Message:
    """A note in the company's sprint channel."""
    link = f"\n{kit.escape(context.link)}" if context.link else ""
    text = f"📣 *{KINDS[Kind(context.kind)]}* · {kit.name(context.author.name)}\n{kit.escape(context.text)}{link}"
    return Message(text, [kit.section(kit.clip(text, kit.SECTION_TEXT))])


def lines(heard: Sequence[SharedNote], most: int = AT_A_GLANCE) -> list[str]:
    """Notes among others, a line each, with so many characters of what they say."""
    return [_line(each, most) for each in heard]


def _line(heard: SharedNote, most: int) -> str:
    context = heard.context
    words = KINDS[Kind(context.kind)]
    head = f"<{heard.url}|{words}>" if heard.url else words
    said = kit.escape(kit.shorten(" ".join(context.text.split()), most))
    return f"📣 {head}: {said} — {kit.name(context.author.name)}"
