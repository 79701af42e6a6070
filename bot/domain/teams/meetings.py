"""When a team meets to plan, if it does: on a sprint's first working day, at a time in its zone, perhaps behind a link."""

import re
from dataclasses import dataclass
from datetime import time

from bot.platform.errors import Refusal
from models.teams import MEETING_LINK, Team

LINK = re.compile(r"https://[^\s<>|\\]+")


@dataclass(frozen=True)
class Meeting:
    """A part of the form that edits a team: no time is no meeting."""

    meets_at: time | None = None
    meets_link: str = ""


def change(team: Team, meeting: Meeting) -> None:
    """Have the team meet then. Raises Refusal for what is no link, and for a link without a time."""
    link = meeting.meets_link.strip()
    if link and not (LINK.fullmatch(link) and link.isprintable()):
        raise Refusal(
            "A link begins with https:// and has no spaces and no backslashes. Leave it empty if there is none.",
            field="meets_link",
        )
    if len(link) > MEETING_LINK:
        raise Refusal(
            f"That link is longer than {MEETING_LINK} characters. Is there a shorter one?", field="meets_link"
        )
    if link and meeting.meets_at is None:
        raise Refusal("Choose at what time the team meets, or leave the link out, too.", field="meets_at")
    team.meets_at, team.meets_link = meeting.meets_at, link or None
