"""What the clock asks of somebody at the moment."""

from bot.domain.sprints.overviews import Overview


def asks(overview: Overview) -> bool:
    """Whether anything is asked of them: not while they are away, nor while the team stands still."""
    return overview.away is None and not overview.still.stops


def asks_to_plan(overview: Overview) -> bool:
    """Whether the turn has come, and they have not answered."""
    return asks(overview) and _is_planned_now(overview) and overview.asked


def asks_to_finalize(overview: Overview) -> bool:
    """Whether the plan is theirs to make final."""
    return asks(overview) and _is_planned_now(overview) and overview.leads


def _is_planned_now(overview: Overview) -> bool:
    return overview.is_open and not overview.planning.late
