"""The asker's side of a request: the form for the details, taking it back, and asking in somebody's place."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.intake.asking import Details
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake import dismissals as dismissal_views
from bot.views.intake.bookings import HOLD
from bot.views.intake.matches import SIMILAR
from bot.views.kit import Element, Fields, View, keys
from models.intake.requests import BRIEF_LENGTH, TITLE_LENGTH, Request, State, Why
from models.teams import Team

DETAILS = "request_details"
WITHDRAW = "request_withdraw"
TAKE_OVER_ASKING = "request_take_over_asking"
WHYS = {
    Why.UNUSUAL: "An unusual use case",
    Why.UNSUPPORTED: "The platform does not support it yet",
    Why.DESIGN: "Help with the design",
    Why.UNSURE: "Not sure that AI is right for it",
    Why.REVIEW: "Review of a change",
    Why.PATTERN: "A missing pattern",
}


def details_form(request: Request, all_teams: Sequence[Team], *, at_a_desk: bool, asks: bool) -> View:
    """What helps to answer, of which only the title is needed; and what somebody does once in a while.

    `at_a_desk` for somebody who answers, `asks` for somebody on the asker's side.
    """
    whys = [kit.option(words, why) for why, words in WHYS.items()]
    choices = [kit.option(team.name, str(team.id)) for team in all_teams[: kit.OPTIONS]]
    team = str(request.team_id) if request.team_id is not None else None
    blocks = [
        kit.field("why", "What brings you here?", kit.select("why", whys, request.why), optional=True),
        kit.field(
            "tried",
            "What have you tried?",
            kit.text_input("tried", initial=request.tried or "", multiline=True, most=BRIEF_LENGTH),
            optional=True,
            hint="Links are welcome: a branch, a document, a thread.",
        ),
        kit.field("wanted_on", "By when?", kit.date_input("wanted_on", request.wanted_on), optional=True),
        *(
            [kit.field("team", "Which team is it for?", kit.select("team", choices, team), optional=True)]
            if choices
            else []
        ),
        kit.field("title", "In one line", kit.text_input("title", initial=request.title, most=TITLE_LENGTH)),
        kit.actions(*_once_in_a_while(request, at_a_desk=at_a_desk, asks=asks)),
    ]
    return kit.modal(DETAILS, "Details", blocks, submit="Save", close="Cancel", metadata=str(request.id))


def _once_in_a_while(request: Request, *, at_a_desk: bool, asks: bool) -> list[Element | None]:
    value = str(request.id)
    can_hold = at_a_desk and request.state == State.OPEN
    return [
        kit.button("Similar asks", SIMILAR, value),
        kit.button("Hold an engineer", HOLD, value) if can_hold else None,
        kit.button("Take the request back", WITHDRAW, value) if asks else None,
        dismissal_views.anyhow(request),
    ]


def read_details(view: Mapping[str, Any]) -> tuple[int, Details]:
    """The request's id, and what was filled in."""
    fields = Fields(view)
    team, why = fields.choice("team"), fields.choice("why")
    return keys.number(view["private_metadata"]), Details(
        title=fields.text("title"),
        why=keys.word(Why, why) if why else None,
        tried=fields.text("tried"),
        wanted_on=fields.date("wanted_on"),
        team_id=keys.optional(team),
    )


def closed_words(request: Request) -> str:
    """What a person reads after taking a request back, or saying that it is none."""
    what = "is closed: it was no request" if request.dismissed_by_id is not None else "is taken back"
    return f"#{request.id} {what}. *Undo* is on its card for ten minutes."


def withdrawn_message(request: Request, by: str) -> Message:
    """The line in the thread."""
    return Message(f"{kit.mention(by)} took this request back.")


def taken_over_asking_message(request: Request) -> Message:
    """The line in the thread."""
    return Message(f"{kit.mention(request.asker_id)} still wants this, and asks for it from now on.")
