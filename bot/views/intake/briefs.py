"""What people see of the shared brief."""

from collections.abc import Mapping
from typing import Any

from bot.domain.intake import briefs
from bot.domain.intake.briefs import BriefDraft
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.kit import Fields, View, keys
from models.intake.requests import BRIEF_LENGTH, Brief, Request

BRIEF = "request_brief"
SHOWN_PART = 300
QUESTIONS = {
    "problem": "The problem",
    "audience": "Who it is for",
    "smallest": "The smallest useful version",
    "measure": "How we will know that it works",
}


def brief_lines(brief: Brief | None) -> list[str]:
    if brief is None:
        return []
    parts = [(words, getattr(brief, name)) for name, words in QUESTIONS.items()]
    return [f"*{words}:* {kit.clip(kit.escape(text), SHOWN_PART)}" for words, text in parts if text]


def brief_form(request: Request) -> View:
    """The shared brief, to be edited by either side."""
    brief = briefs.newest(request)
    fields = [
        kit.field(
            name,
            words,
            kit.text_input(name, initial=getattr(brief, name) if brief else "", multiline=True, most=BRIEF_LENGTH),
            optional=True,
        )
        for name, words in QUESTIONS.items()
    ]
    version = brief.version if brief else 0
    before = [kit.context(f"Version {version}, by {kit.escape(brief.by.name)}")] if brief else []
    head = kit.section(f"*{kit.escape(request.title)}*\nBoth sides write here, and Prickle keeps every version.")
    return kit.modal(
        BRIEF, "Brief", [head, *before, *fields], submit="Save", close="Cancel", metadata=f"{request.id}:{version}"
    )


def read_brief(view: Mapping[str, Any]) -> BriefDraft:
    """What was written, and from which version it started."""
    request_id, _, version = view["private_metadata"].partition(":")
    fields = Fields(view)
    return BriefDraft(keys.number(request_id), keys.number(version), **{name: fields.text(name) for name in QUESTIONS})


def brief_message(request: Request, by: str) -> Message:
    """The line in the thread."""
    brief = briefs.newest(request)
    return Message(f"{kit.mention(by)} wrote the brief, version {brief.version if brief else 1}; it is on the card.")
