"""Who is away: as they said with `/sprint away`, or as their Slack status says. Nobody waits for them meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence, calendars, periods
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, people, presence
from bot.domain.desks import desks, rota_card
from bot.domain.heroes import looking
from bot.domain.intake import departures, requests
from bot.domain.outbox import home_refresh, prompt_posts, set_asides, undoing
from bot.domain.outbox.set_asides import What
from bot.domain.retros import facilitators, retros
from bot.domain.rhythm import turns
from bot.domain.sprints import away_undos, cards, overviews, sprints
from bot.domain.sprints.overviews import Overview
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import WEEKEND, Away, AwaySource, Person
from models.intake.requests import Ball, Request
from models.outbox import Card
from models.teams import Membership, Team

CARD = Card.BACK  # in the DM of somebody who is back
AT_ONCE = 200  # of those that begin or end in one transaction
TOO_LATE = "It's too late to undo that: `/sprint back` says that you're here."
LONGEST = timedelta(days=2 * 365)  # parental leave takes up to two years; what lies further ahead is a typing error


@dataclass(frozen=True)
class Leave:
    """The form of `/sprint away`: the first and the last day away, both included, and whose public holidays one keeps.

    `weekend` is one's own, as digits, where it is not the company's. With only a first day it is that one day. Without any day only these two change.
    """

    first: date | None
    last: date | None
    country: str | None
    weekend: str | None = None


@dataclass(frozen=True)
class AwayDraft:
    """What the form starts from. `today` is the person's own; the days are those of what they said before, if any."""

    today: date
    first: date | None
    last: date | None
    country: str | None
    weekend: str = WEEKEND


@dataclass(frozen=True)
class Days:
    """When somebody is away, by their own calendar. `begun` when that is already so."""

    first: date
    last: date
    begun: bool


@dataclass(frozen=True)
class Back:
    """What somebody who is back reads: what runs in their team, if they have one, by their own calendar.

    `status_says_away` while their Slack status still does.
    """

    overview: Overview | None
    today: date
    status_says_away: bool


# --- said here --------------------------------------------------------------------------------------------------


def draft(session: Session, person_id: str, *, now: datetime, until: date | None = None) -> AwayDraft:
    """What the form of `/sprint away` shows this person; `until` is a last day to propose."""
    person = people.known(session, person_id)
    zone = zone_of(session, person)
    today = cadence.local_date(now, zone)
    said = session.get(Away, (person_id, AwaySource.SAID))
    weekend = person.weekend or company.current(session).weekend
    if said is None or periods.is_over(said):
        return AwayDraft(today, today if until else None, until, person.country, weekend)
    first, last = periods.days(said, zone)
    return AwayDraft(today, first, last, person.country, weekend)


def go(session: Session, person_id: str, first: date | None, last: date, *, now: datetime) -> Days:
    """Be away from the first day, or from today, until the last one. What was said before is replaced.

    Raises Refusal for days that are over, swapped or too far ahead.
    """
    person = people.known(session, person_id)
    zone = zone_of(session, person)
    today = cadence.local_date(now, zone)
    first = first or today
    if last < first:
        raise Refusal("The last day away is before the first one. Swap them.", field="last")
    if last < today:
        raise Refusal("That day has passed. Choose a later last day.", field="last")
    if last - today > LONGEST:
        raise Refusal("That is more than two years ahead. Is the year right?", field="last")
    starts_at = cadence.instant(first, time(), zone)
    ends_at = Dates(first, last).over_at(zone)
    was = away_undos.before(session, person_id)
    write(session, person_id, AwaySource.SAID, starts_at, ends_at, now, said_at=now)
    away_undos.remember(session, person_id, was, cards=turns.asking(session, person_id), now=now)
    redraw(session, [person_id], now)
    return Days(first, last, begun=starts_at <= now)


def submit(session: Session, person_id: str, leave: Leave, *, now: datetime) -> Days | None:
    """Take the form: the days if there are any, and whose public holidays this person keeps."""
    person = people.known(session, person_id)
    country = calendars.known_country(leave.country)
    weekend = _own_weekend(session, leave.weekend)
    changed = (country, weekend) != (person.country, person.weekend)
    person.country, person.weekend = country, weekend
    session.flush()
    people.look_again(session, [person_id] if changed else [], now=now)
    # A first day alone is one day, unless it is the one that the form showed.
    last = leave.last or (leave.first if leave.first != draft(session, person_id, now=now).first else None)
    if last is None and not changed:
        raise Refusal("When are you away? Choose a day.", field="first")
    return go(session, person_id, leave.first, last, now=now) if last is not None else None


def _own_weekend(session: Session, chosen: str | None) -> str | None:
    """None where it is the company's, which it then follows."""
    weekend = company.sensible_weekend(chosen) if chosen else None
    return None if weekend == company.current(session).weekend else weekend


def come_back(session: Session, person_id: str, *, now: datetime) -> Back:
    """Be back before the end, or not go at all. Raises Refusal for somebody who is not away."""
    people.known(session, person_id)
    query = select(Away).where(Away.person_id == person_id).order_by(Away.source)
    found = [away for away in session.scalars(query.with_for_update()) if not periods.is_over(away)]
    if not found:
        raise Refusal("You are not away, as far as I know. `/sprint away until friday` says that you are.")
    for away in found:
        if away.starts_at > now:
            session.delete(away)
        else:
            away.ends_at, away.next_at, away.ignored = now, None, away.source == AwaySource.STATUS
    session.flush()
    redraw(session, [person_id], now)
    return back(session, person_id, now=now)


def undo(session: Session, person_id: str, *, now: datetime) -> Days | None:
    """Undo the last *I'm away*. Returns the days they had said before, if any.

    Raises Refusal when it is too late, and once the others went on without them.
    """
    person = people.known(session, person_id)
    said = away_undos.said(session, person_id)
    state = away_undos.state(session, person_id)
    before = undoing.take_back(session, away_undos.key(person_id), state, by=person_id, now=now, too_late=TOO_LATE)
    if before and said is not None:
        undoing.put_back(said, before)
    elif before is not None:
        session.delete(said)
        said = None
    session.flush()
    redraw(session, [person_id], now)
    if said is None or periods.is_over(said):
        return None
    first, last = periods.days(said, zone_of(session, person))
    return Days(first, last, begun=said.starts_at <= now)


# --- as time passes ---------------------------------------------------------------------------------------------


def due(session: Session, now: datetime) -> bool:
    """Whether anybody's away begins or ends by now."""
    return session.scalar(_turning(now).with_only_columns(Away.person_id).limit(1)) is not None


def _turning(now: datetime) -> Select[Away]:
    return select(Away).where(Away.next_at <= now, set_asides.not_aside(What.AWAY, Away.person_id, now))


def turn(session: Session, *, now: datetime) -> int:
    """Begin and end what begins and ends by now, and have those who are back told what runs. Returns how many."""
    query = _turning(now).order_by(Away.next_at, Away.person_id).limit(AT_ONCE)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    set_asides.each(
        session, What.AWAY, found, lambda some: _turn(session, some, now), now=now, key=lambda away: away.person_id
    )
    return len(found)


def _turn(session: Session, found: Sequence[Away], now: datetime) -> None:
    back = []
    for away in found:
        ended = away.ends_at is not None and away.ends_at <= now
        if away.ends_at is not None and ended:
            back.append((away.person_id, away.ends_at))
        away.next_at = None if ended else away.starts_at if away.starts_at > now else away.ends_at
    session.flush()
    redraw(session, [away.person_id for away in found], now)
    welcome(session, back, cadence.HELLO, now)


def back(session: Session, person_id: str, *, now: datetime) -> Back:
    """What runs, for somebody who is back."""
    person = people.known(session, person_id)
    ignored = select(Away.person_id).where(Away.person_id == person_id, Away.ignored)
    return Back(
        overview=overviews.for_person(session, person_id, now=now),
        today=cadence.local_date(now, zone_of(session, person)),
        status_says_away=session.scalar(ignored) is not None,
    )


def write(
    session: Session,
    person_id: str,
    source: AwaySource,
    starts_at: datetime,
    ends_at: datetime | None,
    now: datetime,
    said_at: datetime | None = None,
) -> None:
    next_at = starts_at if starts_at > now else ends_at
    values = {"starts_at": starts_at, "ends_at": ends_at, "next_at": next_at, "ignored": False, "said_at": said_at}
    session.execute(
        insert(session, Away)
        .values(person_id=person_id, source=source, **values)
        .on_conflict_do_update(index_elements=["person_id", "source"], set_=values)
    )


def redraw(session: Session, person_ids: Sequence[str], now: datetime) -> None:
    """Have the plans say who is off and for whom they wait, and so the leads' prompts, the desks' card and the requests."""
    if not person_ids:
        return
    looking.again_for(session, person_ids, now=now)  # before any card: the clock locks them in this order
    rota_card.redraw_for(session, person_ids, now=now)
    home_refresh.touch(session, person_ids, now=now)
    at_desk = (Request.waiting_on == Ball.DESK) & Request.desk_id.in_(desks.of_people(session, person_ids))
    named = Request.claimer_id.in_(person_ids) | Request.asker_id.in_(person_ids) | at_desk
    for request in departures.live_of(session, named):
        requests.redraw(session, request, now=now)
    for sprint in sprints.open_of(session, person_ids):
        cards.redraw(session, sprint, now=now)
        prompt_posts.redraw_sent(session, [*cadence.LEAD, *cadence.ASKS], sprint.id, now=now)
    retros.redraw_hidden(session, person_ids, now=now)
    for sprint_id in turns.open_turns(session, person_ids):
        turns.look_again(session, sprint_id, now=now)
    facilitators.pass_on(session, person_ids, now=now)


def welcome(session: Session, back: Sequence[tuple[str, datetime]], earliest: time, now: datetime) -> None:
    """One quiet line for everybody who is back and sits in a team, in the daytime of a working day."""
    still_away = presence.away_at(session, [person_id for person_id, _ in back], now)
    since = {person_id: at for person_id, at in back if person_id not in still_away}
    if not since:
        return
    settings = company.current(session)
    query = select(Person, Team).join(Membership, Membership.person_id == Person.id).join(Team)
    for person, team in session.execute(query.where(Person.id.in_(since)).order_by(Person.id)):
        zone = person.zone or team.zone
        due_at = cadence.in_daytime(
            since[person.id],
            zone,
            Calendar(person.weekend or settings.weekend, person.country or team.country),
            earliest=earliest,
        )
        today = cadence.local_date(due_at, zone)
        if turns.ask_again(session, team.id, person.id, due_at=due_at, zone=zone, now=now):
            continue
        prompt_posts.ask(
            session,
            f"back:{person.id}:{today}",
            CARD,
            team.id,
            person.id,
            due_at=due_at,
            expires_at=min(due_at + asking_times.PROMPT_LIVES, cadence.instant(today, asking_times.NIGHT, zone)),
            now=now,
        )


def zone_of(session: Session, person: Person) -> str:
    """The person's own zone; where Slack has none, their team's or the company's."""
    team_zone = select(Team.zone).join(Membership).where(Membership.person_id == person.id)
    return person.zone or session.scalar(team_zone) or company.current(session).zone
