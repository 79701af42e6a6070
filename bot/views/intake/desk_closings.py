"""What people see when a desk is closed: the form, and the line in each thread of a request that moved."""

from collections.abc import Mapping
from typing import Any

from bot.domain.intake.desk_closings import Closing, DeskClosed, Moved
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.kit import Block, Fields, View, keys
from models.desks import Desk

CLOSE = routes.CLOSE_DESK.verb


def form(closing: Closing) -> View:
    """Asks once before a desk is closed, and where its requests go."""
    name = kit.escape(closing.desk.name)
    about = (
        f"Nobody answers at *{name}* any more, and its name is free. The requests that it answered stay as they are."
    )
    return kit.modal(
        CLOSE,
        "Close this desk",
        [kit.section(about), *_requests(closing)],
        submit="Close the desk",
        close="Cancel",
        metadata=str(closing.desk.id),
    )


def _requests(closing: Closing) -> list[Block]:
    if not closing.others:
        return [kit.context("No request is open there, and it is the last desk: from now on nobody answers.")]
    choices = [_option(desk) for desk in closing.others][: kit.OPTIONS]
    pick = kit.radio if len(choices) <= kit.RADIOS else kit.select
    count = {0: "No request is", 1: "1 request is"}.get(closing.live, f"{closing.live} requests are")
    hint = f"{count} open there. Each thread says who answers now."
    label = "Which desk takes its requests?"
    # One may come in while this is open, and then it is asked for.
    return [kit.field("desk", label, pick("desk", choices), hint=hint, optional=not closing.live)]


def _option(desk: Desk) -> kit.Element:
    return kit.option(f"{desk.name}: {desk.owns}", str(desk.id))


def read_form(view: Mapping[str, Any]) -> tuple[int, int | None]:
    """The desk, and the one that takes its requests; None where none was chosen."""
    return keys.number(view["private_metadata"]), keys.optional(Fields(view).choice("desk"))


def moved_message(closed: DeskClosed, moved: Moved) -> Message:
    """The line in a request's thread: who answers there now."""
    to = kit.escape(closed.to.name) if closed.to else "The AI team"
    line = f"{kit.escape(closed.desk.name)} takes no requests any more. *{to}* answers here from now on."
    if moved.freed is None:
        return Message(line)
    return Message(
        f"{line} {kit.escape(moved.freed.name)} was on it, and does not answer requests any more. Anyone at {to} can press "
        "*I'll take it*."
    )
