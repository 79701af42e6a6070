"""Days off in a plan that reach beyond its sprint: the person is away on them."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.calendar import periods, wording
from bot.domain.company import people
from bot.domain.staffing import aways
from bot.platform.errors import Refusal
from models.company import Away, AwaySource


def go(session: Session, person_id: str, days: tuple[date, date], *, now: datetime) -> None:
    """Be away on days off that reach beyond the sprint of a plan, together with what was said before where the two meet.

    Raises Refusal where they don't: one time away is kept.
    """
    first, last = days
    said = session.get(Away, (person_id, AwaySource.SAID))
    if said is not None and not periods.is_over(said):
        begins, ends = periods.days(said, aways.zone_of(session, people.known(session, person_id)))
        if begins > last + timedelta(days=1) or ends < first - timedelta(days=1):
            raise Refusal(
                f"You said that you are away {wording.days(begins, ends)}, and Prickle keeps one time away. "
                "Choose days in this sprint, or change the other with `/sprint away`.",
                field="off_until",
            )
        first, last = min(first, begins), max(last, ends)
    try:
        aways.go(session, person_id, first, last, now=now)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="off_until") from refusal
