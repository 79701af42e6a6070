"""What the lead's message says: who has answered, the top notes, and what touches the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.planning import comments, finalizing, overlaps, wrapping_up
from bot.domain.planning.overlaps import Overlap
from bot.domain.retros import notes
from bot.domain.rhythm import prompts, riders
from bot.domain.rhythm.prompts import Prompt
from bot.domain.rhythm.riders import FeedbackLine
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from models.outbox import Post
from models.retros import Note, Retro
from models.sprints import Sprint
from models.teams import Team

TOP_NOTES = 3  # of the retro, in the lead's message


@dataclass(frozen=True)
class LeadPrompt(Prompt):
    """The plan is to be made final: who answered, what the retro says, and what of other plans touches this team.

    `touched` holds a team's name and the line of its plan; `comments` counts the feedback that nobody answered yet;
    `overlaps` is what another team plans that looks alike. `because` says why the lead can't finalize: then the message goes
    to the team. `leader` names the lead if the message went to the team and the lead is back. `unasked` when the turn passed
    and nobody could be asked, and `answers` while the lead has still to answer themselves. `feedback` is
    the line about it, to the lead alone.
    """

    waiting: Sequence[str]
    notes: Sequence[Note]
    retro: Retro | None
    touched: Sequence[tuple[str, str]]
    comments: int = 0
    overlaps: Sequence[Overlap] = ()
    because: str | None = None
    leader: str | None = None
    unasked: bool = False
    answers: bool = False
    feedback: FeedbackLine | None = None


def leading(
    session: Session, sprint_id: int, to: str, *, now: datetime, due_at: datetime, with_feedback: bool = False
) -> LeadPrompt:
    """What the lead's message shows, in their DM or to the team."""
    sprint = sprints.load(session, sprint_id)
    team = sprint.team
    to_team = to == team.channel_id
    asks = prompts.can_meet(team) if to_team else prompts.is_asked(session, sprint, to, now) and teams.leads(team, to)
    retro = wrapping_up.to_look_back(session, team, sprint.starts_on)
    revealed = retro is not None and retro.revealed_at is not None
    is_open = sprint.finalized_at is None
    because = finalizing.why_not_the_lead(session, team, sprint.starts_on, now) if to_team else None
    lead = teams.lead_of(team)
    return LeadPrompt(
        sprint=sprint,
        zone=prompts.zone(sprint, to),
        needed=asks and is_open and not sprints.is_over(sprint, now),
        late_for=prompts.late(due_at, now),
        waiting=[person.name for person in sprints.waiting_for(sprint, now)],
        notes=notes.most_agreed(retro, TOP_NOTES) if retro is not None and revealed else (),
        retro=retro if revealed else None,
        touched=_touched(session, sprint),
        comments=comments.open_in(session, sprint.id),
        overlaps=overlaps.for_sprint(session, sprint) if is_open else (),
        because=because,
        leader=lead.person.name if to_team and because is None and lead is not None else None,
        unasked=_nobody_was_asked(session, sprint),
        answers=not to_team
        and all(answer.person_id != to for answer in sprint.answers)
        and not prompts.is_asked_about_the_next(session, sprint, to, now),
        feedback=None if to_team else riders.of_lead(session, sprint, to, with_feedback=with_feedback, now=now),
    )


def _nobody_was_asked(session: Session, sprint: Sprint) -> bool:
    """Whether the turn passed without a message to anybody: we were down."""
    if sprint.gathered_at is None or sprint.settles_at is None or sprint.gathered_at < sprint.settles_at:
        return False
    asked = select(Post.id).where(
        Post.subject_id == sprint.id, Post.card.in_(cadence.ASKS), Post.message_ts.is_not(None)
    )
    return session.scalar(asked.limit(1)) is None


def _touched(session: Session, sprint: Sprint) -> list[tuple[str, str]]:
    """The lines of other teams' running and coming plans that name this team."""
    query = (
        select(Team.name, Sprint.impacted)
        .join(Sprint, Sprint.team_id == Team.id)
        .where(
            Sprint.team_id != sprint.team_id,
            Sprint.closed_at.is_(None),
            Sprint.impacted.icontains(sprint.team.name, autoescape=True),
        )
        .order_by(Team.name_key, Sprint.starts_on)
    )
    key = sprint.team.name.casefold()
    return [
        (name, line.strip())
        for name, impacted in session.execute(query)
        for line in impacted.splitlines()
        if key in line.casefold()
    ]
