"""The week's digest of what people asked the AI team: what came, what was answered, what waits on whom, and how long it took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company
from bot.domain.intake import requests, threads
from bot.domain.outbox import prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from models.company import Company, Person
from models.desks import Desk
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, Request, Routing
from models.outbox import Card, Post

CARD = Card.INTAKE_DIGEST  # in the intake channel
AT, LATEST_AT = time(9), time(18)  # in the company's zone; what was missed comes on the next working day, or not at all
WEEKS = 12
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Pace:
    """How long the requests of the week that begins on `week_on` took, halfway; None while none of them is so far."""

    week_on: date
    answer: timedelta | None
    decision: timedelta | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare."""
        return self.answer is None and self.decision is None


@dataclass(frozen=True)
class Owed:
    """What waits on a desk, a person or two leads, the longest first."""

    who: str
    requests: Sequence[Request]


@dataclass(frozen=True)
class Digest:
    """The week that begins on `week_on`, and what waits now, on whom something waits longest first.

    `paces` are those of the last weeks, the earliest first and this one last; `links` lead to requests by their ids.
    """

    week_on: date
    new: Sequence[Request]
    decided: Sequence[tuple[Request, Mode]]
    done: Sequence[Request]
    owed: Sequence[Owed]
    paces: Sequence[Pace]
    links: Mapping[int, str | None]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened, and nothing waits."""
        return not (self.new or self.decided or self.done or self.owed)


# --- when -------------------------------------------------------------------------------------------------------


def due(session: Session, now: datetime) -> bool:
    """Whether the digest is due, and nobody has seen to it."""
    settings = company.current(session)
    day = _day(settings, now)
    if settings.intake_channel_id is None or not _is_time(settings, day, now):
        return False
    if not _has_begun(session, _monday(day), settings.zone):
        return False
    is_free = not set_asides.is_aside(session, What.DIGEST, _monday(day), now)
    return is_free and session.scalar(select(Post.id).where(Post.key == _key(day))) is None


def plan(session: Session, *, now: datetime) -> int:
    """Have the digest posted if it is due. Returns how many were: none or one."""
    if not due(session, now):
        return 0
    settings = company.current(session)
    day = _day(settings, now)
    set_asides.each(session, What.DIGEST, [_monday(day)], lambda _one: _ask(session, settings, day, now), now=now)
    return 1


def _ask(session: Session, settings: Company, day: date, now: datetime) -> None:
    last = Calendar(settings.weekend).next_working_day(day)
    prompt_posts.ask(
        session,
        _key(day),
        CARD,
        int(f"{_monday(day):%Y%m%d}"),
        settings.intake_channel_id or "",
        due_at=now,
        expires_at=cadence.instant(last, LATEST_AT, settings.zone),
        now=now,
    )


def _key(day: date) -> str:
    return f"intake-digest:{_monday(day)}"


def next_at(session: Session, now: datetime) -> datetime | None:
    """When the next digest is due; None while there is no channel for it, or nobody has reached out so far."""
    settings = company.current(session)
    if settings.intake_channel_id is None:
        return None
    days = (_day(settings, at) for at in (now, now + A_WEEK))
    due = ((cadence.instant(day, AT, settings.zone), _monday(day)) for day in days)
    return next((at for at, monday in due if at > now and _has_begun(session, monday, settings.zone)), None)


def _has_begun(session: Session, monday: date, zone: str) -> bool:
    """Whether anybody had reached out before this week: a digest tells of the week before."""
    begun = select(Request.id).where(Request.created_at < cadence.instant(monday, time(), zone)).limit(1)
    return session.scalar(begun) is not None


def _day(settings: Company, now: datetime) -> date:
    """The first working day of this week."""
    return Calendar(settings.weekend).working_day(_monday(cadence.local_date(now, settings.zone)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_time(settings: Company, day: date, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(settings.zone))
    return local.date() in (day, Calendar(settings.weekend).next_working_day(day)) and AT <= local.time() < LATEST_AT


# --- what -------------------------------------------------------------------------------------------------------


def read(session: Session, monday: date) -> Digest:
    """The digest that is posted in the week of this Monday, about the week before. Always the same few queries."""
    zone = company.current(session).zone
    week_on = monday - A_WEEK
    since, until = (cadence.instant(day, time(), zone) for day in (week_on, monday))
    new = _all(session, Request.created_at >= since, Request.created_at < until, Request.dismissed_by_id.is_(None))
    done = _all(session, Request.done_at >= since, Request.done_at < until)
    decided = _decided(session, since, until)
    owed = _owed(session)
    shown = [*new, *done, *(request for request, _ in decided), *(each for debt in owed for each in debt.requests)]
    return Digest(week_on, new, decided, done, owed, _paces(session, monday, zone), threads.to_threads(session, shown))


def of_subject(subject: int) -> date:
    """The Monday that a digest's card stands for."""
    return date.fromisoformat(str(subject))


def _all(session: Session, *conditions: object) -> Sequence[Request]:
    query = select(Request).where(*conditions).order_by(Request.id)  # type: ignore[arg-type]
    return session.scalars(query.options(joinedload(Request.asker), joinedload(Request.team))).all()


def _decided(session: Session, since: datetime, until: datetime) -> Sequence[tuple[Request, Mode]]:
    """What was decided, once each and as it was decided last."""
    query = select(Request, Decision.mode).join(Decision, Decision.request_id == Request.id).order_by(Decision.id)
    last = {
        request: Mode(mode) for request, mode in session.execute(query.where(Decision.at >= since, Decision.at < until))
    }
    return sorted(last.items(), key=lambda each: (list(Mode).index(each[1]), each[0].id))


def _owed(session: Session) -> Sequence[Owed]:
    query = (
        select(Request, Person)
        .outerjoin(Decision, (Decision.request_id == Request.id) & Decision.ended_at.is_(None))
        .outerjoin(Person, Person.id == Decision.person_id)
        .where(Request.state.in_(requests.LIVE), Request.waiting_on != Ball.NOBODY)
        .order_by(Request.waiting_since, Request.id)
        .options(
            joinedload(Request.desk).joinedload(Desk.lead),
            joinedload(Request.claimer),
            joinedload(Request.asker),
            selectinload(Request.routings).options(
                joinedload(Routing.from_desk).joinedload(Desk.lead), joinedload(Routing.to_desk).joinedload(Desk.lead)
            ),
        )
    )
    found: dict[str, list[Request]] = {}
    for request, owner in session.execute(query):
        found.setdefault(_who(request, owner), []).append(request)
    return [Owed(who, waiting) for who, waiting in found.items()]


def _who(request: Request, owner: Person | None) -> str:
    if request.waiting_on == Ball.ASKER:
        return request.asker.name
    if request.waiting_on == Ball.CLAIMER and request.claimer is not None:
        return request.claimer.name
    if request.waiting_on == Ball.OWNER and owner is not None:
        return owner.name
    if request.waiting_on == Ball.LEADS and request.routings:
        last = request.routings[-1]
        return " and ".join(dict.fromkeys([last.from_desk.lead.name, last.to_desk.lead.name]))
    return request.desk.name if request.desk else "the AI team"


def _paces(session: Session, monday: date, zone: str) -> Sequence[Pace]:
    first = monday - WEEKS * A_WEEK
    since, until = (cadence.instant(day, time(), zone) for day in (first, monday))
    query = select(Request.created_at, Request.answered_at, Request.decided_at)
    query = query.where(Request.created_at >= since, Request.created_at < until)
    found: dict[date, list[tuple[datetime, datetime | None, datetime | None]]] = {}
    for created_at, answered_at, decided_at in session.execute(query):
        week = _monday(cadence.local_date(created_at, zone))
        found.setdefault(week, []).append((created_at, answered_at, decided_at))
    weeks = [first + number * A_WEEK for number in range(WEEKS)]
    return [
        Pace(
            week,
            _halfway((answered - created) for created, answered, _ in found.get(week, []) if answered),
            _halfway((decided - created) for created, _, decided in found.get(week, []) if decided),
        )
        for week in weeks
    ]


def _halfway(spans: Iterable[timedelta]) -> timedelta | None:
    seconds = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(seconds)) if seconds else None
