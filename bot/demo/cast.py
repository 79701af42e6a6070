"""What people do in the demo who are asked something while nobody plays them."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

NOT_STARTED, IN_PROGRESS, FINISHED = "⚪ Not started", "🟡 In progress", "🟢 Finished"


class Line(TypedDict):
    """What may be pressed, as the sandbox's script has it: see `sandbox.people.cast`."""

    button: str
    share: float
    fields: NotRequired[Mapping[str, str]]
    each: NotRequired[bool]
    over: NotRequired[Sequence[str]]
    says: NotRequired[str]
    unless: NotRequired[str]


def _wraps_up(**fields: str) -> Line:
    return {"button": "Wrap up and plan", "share": 0.7, "fields": {"actions": "*", **fields}}


def _finalizes(direction: str, improvement: str) -> Line:
    return {"button": "Finalize", "share": 1.0, "fields": {"direction": direction, "improvement": improvement}}


CAST: Sequence[Line] = (
    {"button": FINISHED, "share": 0.5, "each": True, "over": (NOT_STARTED, IN_PROGRESS)},
    {"button": IN_PROGRESS, "share": 0.7, "each": True, "over": (NOT_STARTED,)},
    _finalizes("Finish what we began before anything new.", "A review is answered within a day"),
    _finalizes("One customer each, before we write a line.", "We say in the channel what we begin"),
    _finalizes("Fewer things, and each of them whole.", "No meeting on Tuesday before noon"),
    _wraps_up(
        high="Answer the five oldest questions in our channel\nHalve the build's time",
        said_well="We finished what we began",
        said_better="Reviews pile up on Fridays",
    ),
    _wraps_up(
        high="Ship the beta to ten customers",
        side="Tidy the alerts",
        said_better="Two of us worked on the same thing",
    ),
    _wraps_up(
        high="Write the guide that people ask for",
        side="Pair with a newcomer",
        said_well="Asking customers first saved us a week",
        said_better="Too many meetings on Tuesday",
    ),
    {"button": "Write my plan", "share": 0.8, "fields": {"high": "Talk to five customers", "side": "Tidy the alerts"}},
    {"button": "Nothing new", "share": 0.5},
    {"button": "I'll take it", "share": 0.7},
    {"button": "Yes", "share": 0.8},
    {"button": "Me too", "share": 0.2, "each": True, "says": "Open until"},
    {"button": "I'll take it", "share": 0.5, "each": True, "says": "Who takes it?"},
    {
        **_finalizes("Finish what we began.", "A review is answered within a day"),
        "says": "Anyone in the team can finalize",
    },
    {"button": "Close the retro", "share": 0.6, "says": "Facilitator: {me}", "unless": "Revealed once"},
)
