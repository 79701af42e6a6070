"""No engineer is ever booked twice, whatever is booked, held and released in whatever order."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.desks import desks
from bot.domain.intake import bookings, free_windows
from bot.domain.teams import teams
from bot.platform.database import Database
from bot.platform.errors import Refusal
from models.desks import Desk
from models.intake.bookings import Booking
from models.intake.requests import Request
from models.teams import Team
from tests.domain.company import NOW, found, meet
from tests.which import BOTH, examples

pytestmark = BOTH

FIRST = date(2026, 7, 13)
HOSTS = ("Replay", "Ingestion")
ENGINEERS = ("ada", "lee")
acts = st.lists(
    st.tuples(
        st.sampled_from(["book", "hold", "release", "first free"]),
        st.sampled_from(ENGINEERS),
        st.integers(0, 1),  # the host
        st.integers(0, 5),  # weeks from the first sprint on
        st.integers(1, 2),  # sprints
    ),
    min_size=3,
    max_size=12,
)


@pytest.fixture
def company(db: Database) -> Database:
    """What `begin` makes, once for all examples."""
    with db.begin() as session:
        begin(session)
    return db


class Undone(Exception):
    """Ends a transaction of which nothing is kept."""


def begin(session: Session) -> tuple[Request, list[Team]]:
    """A desk of Ada and Lee, a host with sprints of two weeks and one with sprints of one, and a request."""
    meet(session)
    crew = found(session, *ENGINEERS, name="Crew")
    hosts = [found(session, "sam", "mia", name=HOSTS[0]), found(session, "tom", "yuki", name=HOSTS[1])]
    hosts[1].sprint_weeks = 1
    desk = Desk(name="PostHog AI", name_key="posthog ai", owns="All", team_id=crew.id, lead_id="ada", created_at=NOW)
    session.add(desk)
    session.flush()
    request = Request(source="x", title="Summaries", text="x", asker_id="sam", desk_id=desk.id, waiting_since=NOW)
    request.created_at = NOW
    session.add(request)
    session.flush()
    return request, hosts


def act(session: Session, request: Request, hosts: list[Team], what: tuple[str, str, int, int, int]) -> None:
    """Do one thing, if it may be done."""
    verb, engineer, host, week, sprints = what
    if verb == "release":
        firm = session.scalars(select(Booking).where(Booking.person_id == engineer, Booking.released_at.is_(None)))
        for booking in firm:
            bookings.release(session, booking, NOW)
            return
    starts_on = FIRST + timedelta(weeks=week)
    if verb == "first free":
        starts_on = free_windows.first_free(session, engineer, hosts[host], sprints, NOW).dates.starts_on
    make: Any = bookings.hold if verb == "hold" else bookings.book
    try:
        made = make(session, request, engineer, hosts[host].id, starts_on, sprints, by="ada", now=NOW)
    except Refusal:
        assert verb != "first free"
        return
    assert (made.ends_on - made.starts_on).days == 7 * sprints * hosts[host].sprint_weeks - 3


@settings(
    derandomize=True,
    deadline=None,
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(todo=acts)
def test_nobody_is_ever_booked_twice(company: Database, todo: list[tuple[str, str, int, int, int]]) -> None:
    try:
        with company.begin() as session:
            request = session.scalars(select(Request)).one()
            hosts = [
                teams.get(session, session.scalars(select(Team.id).where(Team.name == each)).one()) for each in HOSTS
            ]
            for what in todo:
                act(session, request, hosts, what)
                session.flush()
                query = select(Booking).where(Booking.released_at.is_(None))
                live = session.scalars(query).all()
                for one, other in combinations([each for each in live if each.is_firm], 2):
                    apart = one.ends_on < other.starts_on or other.ends_on < one.starts_on
                    assert one.person_id != other.person_id or apart
                held = [each for each in live if not each.is_firm]
                assert len(held) <= 1
            raise Undone
    except Undone:
        pass


def test_a_holiday_or_the_clock_going_back_moves_no_window(db: Database) -> None:
    with db.begin() as session:
        _, hosts = begin(session)
        autumn = NOW.replace(month=10, day=24)  # the night after, clocks in Berlin go back
        found = free_windows.windows(session, hosts[1], 1, autumn, 2)
        assert [dates.starts_on for dates in found] == [date(2026, 10, 26), date(2026, 11, 2)]
        late = autumn.replace(day=25, hour=22, minute=59)  # 23:59 in Berlin, on Sunday
        assert free_windows.windows(session, hosts[1], 1, late, 1)[0].starts_on == date(2026, 10, 26)
        assert free_windows.windows(session, hosts[1], 1, late + timedelta(minutes=1), 1)[0].starts_on == date(
            2026, 11, 2
        )


def test_the_engineers_desk_and_the_host_are_looked_at_anew(db: Database) -> None:
    with db.begin() as session:
        request, hosts = begin(session)
        booking = bookings.book(session, request, "lee", hosts[0].id, FIRST, 1, by="ada", now=NOW)
        assert booking.desk.name == "PostHog AI"
        assert desks.at_a_desk(session, "lee")[0].id == booking.desk_id
        assert not teams.is_member(teams.get(session, hosts[0].id), "lee")
