"""Plans what the clock asks: what is due becomes rows, which `jobs.outbox` posts."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.domain.calendar.cadence import PromptKind
from bot.domain.outbox.posts import Message
from bot.domain.rhythm import next_due, occurrences, prompts
from bot.domain.rhythm.prompts import Prompt
from bot.platform.database import Database
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


A = TypeVar("A", bound=Prompt)


def _prompt(read: Callable[..., A], view: Callable[[A], Message]) -> Draw:
    """A prompt that nobody has to answer any more is not posted; one that stands says what became of it."""

    def drawn(card: Drawing) -> Message | None:
        asked = read(card.session, card.subject, card.post.channel_id, now=card.now, due_at=card.post.due_at)
        return view(asked) if asked.needed or card.post.message_ts else None

    return drawn


JOBS = (Job("prompts", 5, lambda ours: plan(ours.db, ours.now)),)
CARDS: Draws = {
    PromptKind.PLANNING: _prompt(prompts.planning, prompt_views.planning),
    PromptKind.REMINDER: _prompt(prompts.planning, prompt_views.reminder),
    PromptKind.LEAD: _prompt(prompts.leading, prompt_views.lead),
    PromptKind.NUDGE: _prompt(prompts.leading, prompt_views.nudge),
    PromptKind.MIDWAY: _prompt(prompts.marking, prompt_views.midway),
    PromptKind.MARKS: _prompt(prompts.ending, prompt_views.marks),
}
