"""The shared brief: what both sides agree is wanted, edited by either, with every version kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.intake import asking, requests, sides
from bot.platform.errors import Refusal
from models.intake.requests import Brief, Request


@dataclass(frozen=True)
class BriefDraft:
    """The form "brief". `version` is the one that it started from; 0 where none was written."""

    request_id: int
    version: int
    problem: str
    audience: str
    smallest: str
    measure: str


def newest(request: Request) -> Brief | None:
    """The version that counts."""
    return request.briefs[-1] if request.briefs else None


def write(session: Session, draft: BriefDraft, *, by: str, now: datetime) -> Request:
    """Write the next version. The asker's side answers with it, when the ball is in their court.

    Raises Refusal when somebody else wrote one meanwhile, so that nobody's words are overwritten unread.
    """
    request = requests.locked(session, draft.request_id)
    requests.require_live(request)
    sides.require_either_side(session, request, by, to="write its brief")
    last = newest(request)
    if last is not None and last.version != draft.version:
        raise Refusal(
            f"{last.by.name} changed the brief while you wrote. Copy your lines, open it again and add them there.",
            field="problem",
        )
    fields = {
        name: requests.short(getattr(draft, name), name) for name in ("problem", "audience", "smallest", "measure")
    }
    if not any(fields.values()):
        raise Refusal("Write a line, in any of the four fields.", field="problem")
    if last is not None and all(getattr(last, name) == text for name, text in fields.items()):
        return request
    session.add(Brief(request_id=request.id, version=draft.version + 1, by_id=by, at=now, **fields))
    session.flush()
    if requests.is_askers_side(request, by):
        return asking.heard(session, request.id, by=by, now=now)
    requests.redraw(session, request, now=now)
    return requests.load(session, request.id)
