"""What the Home tab shows somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain import company, desks, overviews, queues, teams
from bot.domain.overviews import Overview
from bot.domain.queues import Line
from models.teams import Team

SHOWN = 5  # of the requests that wait on somebody


@dataclass(frozen=True)
class Home:
    """The overview of somebody's team, or the teams there are for somebody who has none.

    `to_set_up` for an admin whose company is not. `triage` names each desk, and who answers first there.
    `waiting` are the requests that wait on them, one more than is shown if there are more.
    """

    overview: Overview | None
    teams: Sequence[Team] = ()
    to_set_up: bool = False
    triage: Sequence[tuple[str, str | None]] = ()
    waiting: Sequence[Line] = ()


def of(session: Session, person_id: str, *, now: datetime) -> Home:
    """What this person's Home shows now."""
    overview = overviews.of(session, person_id, now=now)
    others = [] if overview else teams.all_teams(session)
    to_set_up = company.waits_for(session, person_id)
    waiting = queues.waiting_on(session, person_id, most=SHOWN + 1, now=now)
    return Home(overview, others, to_set_up, desks.triage_names(session, now=now), waiting)
