"""What a request's thread reads when somebody it needs has left."""

from bot.domain.company.people import how_gone
from bot.domain.intake.departures import Departed, Was
from bot.domain.outbox.posts import Message
from bot.views import kit
from models.intake.decisions import Mode


def departed_message(departed: Departed) -> Message:
    """The line in the thread of somebody who has left, or is at no desk any more, with the next step."""
    request, name = departed.request, kit.escape(departed.person.name)
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    gone = f"{name} {how_gone(departed.person) if departed.person.is_gone else _moved(departed)}"
    if departed.was is Was.CLAIMER:
        return Message(f"{gone}, so nobody is on it. Anyone at {desk} can press *I'll take it*.")
    if departed.was is Was.HELD:
        return Message(f"{gone}, so nobody is held for this. {desk} can hold somebody else, from the card's menu.")
    if departed.was is Was.OWNER:
        return Message(f"{gone}, and {_was_to(departed)}. That is open again: {desk} answers anew.")
    who = kit.escape(request.team.name) if request.team else "anybody"
    return Message(f"{gone}. Does {who} still want this? Then press *I still want it*.")


def _moved(departed: Departed) -> str:
    return f"moved to {kit.escape(departed.team_name)}" if departed.team_name else "does not answer requests any more"


def _was_to(departed: Departed) -> str:
    what = {Mode.EMBED: "was to join the team", Mode.BUILD: "was to build this", Mode.GUIDANCE: "was to advise here"}
    mode = Mode(departed.decision.mode) if departed.decision else None
    return what.get(mode, "was to do this") if mode else "was to do this"
