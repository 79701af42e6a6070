"""How far a request is, who it waits for and since when, in one line."""

from bot.domain.calendar.wording import count, short_day
from bot.domain.company.people import how_gone
from bot.domain.intake.card_contents import CardContent
from bot.domain.intake.outcomes import Verdict
from bot.domain.intake.requests import LIVE
from bot.views import kit
from bot.views.intake import dismissals as dismissal_views
from bot.views.intake.outcomes import HELPS
from models.intake.requests import Ball, Request, State

STATES = {
    State.OPEN: "🟡 Open",
    State.DECIDED: "🔵 Decided",
    State.PARKED: "⏸️ Not now",
    State.DONE: "✅ Done",
    State.MERGED: "↪️ Merged",
    State.WITHDRAWN: "⚪ Taken back",
}
NO_DESK = "Nobody answers yet: a Slack admin sets up who does, with `/reach-out setup`."


def wanted(request: Request) -> str:
    """By when it is wanted, of what is not done; nothing where nobody said so."""
    if request.wanted_on is None or request.state == State.DONE:
        return ""
    return f"wanted by {short_day(request.wanted_on)}"


def status(shown: CardContent) -> str:
    """How far it is, on whom it waits and since when, and when they are reminded, in one line."""
    request = shown.request
    if request.state == State.MERGED and request.merged_into is not None:
        return f"{STATES[State.MERGED]} into #{request.merged_into_id} {kit.escape(request.merged_into.title)}"
    parts = [dismissal_views.status(request) or STATES[State(request.state)]]
    if request.waiting_on != Ball.NOBODY:
        parts.append(f"waiting on {_who(shown)} since {kit.moment(request.waiting_since)}")
        parts += _next_step(request)
    if request.claimer is not None and request.waiting_on != Ball.CLAIMER and request.state == State.OPEN:
        parts.append(f"{kit.escape(request.claimer.name)} is on it")
    if shown.helped is not None:
        parts.append(f"{kit.escape(request.asker.name)} says that {HELPS[Verdict(shown.helped)]}")
    if request.asker.is_gone and request.state in LIVE:
        parts.append(
            f"{kit.escape(request.asker.name)} {how_gone(request.asker)}; anybody who still wants it can take it over"
        )
    return " · ".join(parts)


def _next_step(request: Request) -> list[str]:
    if request.desk is None:
        return [NO_DESK]
    if request.snoozed_until is not None and request.nudge_at is not None:
        return [f"snoozed until {short_day(request.snoozed_until)}"]
    if request.nudge_at is not None:
        return [f"next reminder {kit.moment(request.nudge_at)}"]
    return [f"reminded {count(request.nudged, 'time')}; no more reminders"] if request.nudged else []


def _who(shown: CardContent) -> str:
    request = shown.request
    channel = request.desk.team.channel_id if request.desk else None
    in_channel = [kit.channel(each) for each in shown.waits_for if each == channel]
    people = kit.names([kit.mention(each) for each in shown.waits_for if each != channel])
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    if request.waiting_on == Ball.ASKER:
        return people or kit.mention(request.asker_id)
    if in_channel:
        desk += f" in {in_channel[0]}"
    if request.waiting_on == Ball.CLAIMER and shown.away is not None:
        return f"{people or desk}, since {kit.escape(shown.away.name)} is away"
    if request.waiting_on == Ball.LEADS:
        return f"both leads, {people}" if people else desk
    if request.waiting_on == Ball.DESK:
        return f"{desk} ({people} has triage)" if people else desk
    return people or desk
