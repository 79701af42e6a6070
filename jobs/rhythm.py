"""Plans what the clock asks: what is due becomes rows, which `jobs.outbox` posts."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.outbox.posts import Message
from bot.domain.rhythm import leading, newcomers, next_due, occurrences, prompts, turns
from bot.domain.rhythm.prompts import Prompt
from bot.domain.sprints import sprints
from bot.platform.database import Database
from bot.views.rhythm import leading as leading_views
from bot.views.rhythm import newcomers as newcomer_views
from bot.views.rhythm import prompts as prompt_views
from jobs import batches
from jobs.drawing import Draw, Drawing, Draws
from jobs.job import Job


def plan(db: Database, now: Callable[[], datetime]) -> int:
    """Plan everything that is due. Returns how many teams were looked at."""
    with db.read() as session:
        if not occurrences.due(session, now()):
            return 0
    return batches.run(db, now, occurrences.plan)


def following(db: Database, now: Callable[[], datetime]) -> datetime | None:
    """The next instant at which something is asked or closed; None if there is none."""
    with db.read() as session:
        return next_due.following(session, now())


def is_busy(db: Database, now: Callable[[], datetime]) -> bool:
    """Whether a message is on its way."""
    with db.read() as session:
        return next_due.is_busy(session, now())


def gather(db: Database, now: Callable[[], datetime]) -> int:
    """Reveal the notes and ask the leads of the teams that wait for nobody any more. Returns how many were looked at."""
    with db.read() as session:
        if not turns.due(session, now()):
            return 0
    return batches.run(db, now, turns.look_at_due)


A = TypeVar("A", bound=Prompt)


def _prompt(read: Callable[..., A], view: Callable[[A], Message]) -> Draw:
    """A prompt that nobody has to answer any more is not posted; one that stands says what became of it."""

    def drawn(card: Drawing) -> Message | None:
        asked = read(
            card.session,
            card.subject,
            card.post.channel_id,
            now=card.now,
            due_at=card.post.due_at,
            with_feedback=not card.vault.is_closed,
        )
        return view(asked) if asked.needed or card.post.message_ts else None

    return drawn


def _joined(card: Drawing) -> Message | None:
    welcome = newcomers.read(card.session, card.subject, card.post.channel_id, now=card.now)
    return newcomer_views.welcome(welcome) if welcome.needed or card.post.message_ts else None


def _open_plan(card: Drawing) -> Message | None:
    """One line, and only while the plan is open; nobody is nudged in a pause."""
    sprint = sprints.load(card.session, card.subject)
    is_open = sprint.finalized_at is None and not sprints.is_over(sprint, card.now) and sprint.team.paused_at is None
    return prompt_views.nudge(sprint) if is_open and card.post.message_ts is None else None


def _shrinks_others(card: Drawing) -> None:
    prompts.stands(card.session, card.subject, card.post.channel_id, card.post.card or "", now=card.now)


JOBS = (
    Job(
        "prompts",
        5,
        lambda ours: plan(ours.db, ours.now),
        does="writes a post for each question that is due, at each person's own time",
    ),
    Job(
        "turns",
        5,
        lambda ours: gather(ours.db, ours.now),
        does="reveals the notes of teams that wait for nobody any more, and asks their leads to finalize",
    ),
)
CARDS: Draws = {
    PromptKind.TURN: _prompt(prompts.turn, prompt_views.turn),
    PromptKind.REMINDER: _prompt(prompts.reminder, prompt_views.turn),
    PromptKind.LEAD: _prompt(leading.leading, leading_views.lead),
    newcomers.CARD: _joined,
    turns.NUDGE_CARD: _open_plan,
    **dict.fromkeys(cadence.OLD_ASKS, _prompt(prompts.old_turn, prompt_views.turn)),
    **dict.fromkeys(cadence.OLD_MARKS, _prompt(prompts.old_marks, prompt_views.old_marks)),
    cadence.OLD_NUDGE: _prompt(leading.leading, leading_views.lead),
}
WHEN_IT_STANDS: dict[str, Callable[[Drawing], None]] = dict.fromkeys(
    [PromptKind.REMINDER, PromptKind.LEAD], _shrinks_others
)
