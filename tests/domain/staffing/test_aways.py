"""Who is away, and when they read that they are back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.domain.company import absences, company, people, presence
from bot.domain.company.people import Profile, Status
from bot.domain.planning import exports
from bot.domain.sprints import overviews, sprints
from bot.domain.staffing import away_statuses, aways
from bot.domain.staffing.aways import Leave
from bot.domain.teams import teams
from bot.platform.database import Database
from bot.platform.errors import Refusal
from models.company import Away
from models.outbox import Post
from models.sprints import Absence, Sprint
from models.teams import Team
from tests.domain.company import NOW, found, meet, plan

# The team's first sprint runs from Monday 13 to Friday 24 July; NOW is ten o'clock on the Thursday before, in Berlin.
FIRST, LAST = date(2026, 7, 13), date(2026, 7, 24)
VACATION = Status("Vacation", "palm_tree")


def at(moment: str) -> datetime:
    """An instant, in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def hear(session: Session, status: Status, *, now: datetime = NOW, who: str = "sam", **changes: Any) -> None:
    """Slack tells of somebody's status."""
    traits: dict[str, Any] = {"is_admin": False, "is_bot": False, "is_guest": False, "is_deactivated": False, **changes}
    profile = Profile(id=who, name=who.capitalize(), zone="Europe/Berlin", status=status, **traits)
    people.sync(session, [profile], now=now)
    away_statuses.heard(session, [profile], now=now)


def planned(session: Session) -> Sprint:
    """Team Replay of Ada, Lee and Sam; Ada's plan for its first sprint is in."""
    meet(session, zone="Europe/Berlin")
    return plan(session, found(session, "ada", "lee", "sam"), "ada", "Timeline")


def waiting(session: Session, sprint: Sprint, now: datetime = NOW) -> list[str]:
    """For whom the card waits, which is the same as for whom `/sprint` does."""
    names = [person.name for person in sprints.waiting_for(sprints.load(session, sprint.id), now)]
    shown = overviews.for_person(session, "ada", now=now)
    assert shown is not None
    assert list(shown.waiting) == names
    return names


def off(session: Session, sprint: Sprint) -> list[str]:
    """Who is off when, as every plan says it."""
    whole = sprints.load(session, sprint.id)
    return [exports.off(each, whole) for each in absences.in_sprint(whole)]


def told(session: Session) -> list[tuple[str, datetime]]:
    """Who is told that they are back, and when."""
    posts = session.scalars(select(Post).where(Post.card == aways.CARD).order_by(Post.id))
    return [(post.channel_id, post.due_at) for post in posts]


# --- which status means away ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        ("palm_tree", ""),
        ("palm_tree", "Bali!"),
        ("face_with_thermometer", "Out sick"),
        ("baby", "until January"),
        ("speech_balloon", "On vacation"),
        ("", "OOO until Monday"),
        ("", "Out of the office"),
        ("", "Parental leave"),
        ("", "day off"),
        ("", "PTO"),
        ("", "Im Urlaub"),
        ("", "En congé"),
        ("", "Not working today, sick"),
    ],
)
def test_a_status_that_says_away(emoji: str, text: str) -> None:
    assert away_statuses.says_away(Status(text, emoji), NOW)


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        ("", ""),
        ("spiral_calendar_pad", "In a meeting"),
        ("bus", "Commuting"),
        ("hamburger", "Lunch"),
        ("house", "Working remotely"),
        ("", "In the office"),
        ("", "Kick-off"),
        ("", "Offsite"),
        ("", "Officer of the day"),
        ("", "Away for lunch"),
        ("", "Back from vacation"),
        ("", "Off to the dentist"),
        ("palm_tree", "Working from Lisbon"),
    ],
)
def test_a_status_of_somebody_who_is_here(emoji: str, text: str) -> None:
    assert not away_statuses.says_away(Status(text, emoji), NOW)


def test_a_status_that_is_over_says_nothing() -> None:
    assert not away_statuses.says_away(Status("Vacation", "palm_tree", NOW), NOW)
    assert away_statuses.says_away(Status("Vacation", "palm_tree", NOW + timedelta(minutes=1)), NOW)


# --- said here --------------------------------------------------------------------------------------------------


def test_who_is_away_shows_as_off_on_the_days_of_the_sprint_and_is_not_waited_for(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        assert waiting(session, sprint) == ["Lee", "Sam"]
        aways.go(session, "sam", None, date(2026, 7, 15), now=NOW)
        assert waiting(session, sprint) == ["Lee"]
        assert off(session, sprint) == ["Sam (13–15 July)"]
        assert presence.away_at(session, ["ada", "sam"], NOW) == {"sam"}


def test_somebody_away_later_is_waited_for_until_then_unless_it_is_the_whole_sprint(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        aways.go(session, "sam", date(2026, 7, 15), date(2026, 8, 2), now=NOW)
        assert waiting(session, sprint) == ["Lee", "Sam"]
        assert waiting(session, sprint, at("2026-07-15 08:00")) == ["Lee"]
        assert off(session, sprint) == ["Sam (15–24 July)"]
        aways.go(session, "sam", date(2026, 7, 11), date(2026, 8, 2), now=NOW)
        assert waiting(session, sprint) == ["Lee"]
        assert off(session, sprint) == ["Sam"]


def test_days_that_were_written_for_the_sprint_and_an_away_that_touches_them_are_one(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        whole = sprints.load(session, sprint.id)
        plan_with_days_off(session, whole, date(2026, 7, 13), date(2026, 7, 17))
        aways.go(session, "sam", date(2026, 7, 18), date(2026, 8, 2), now=NOW)
        assert off(session, sprint) == ["Sam"]
        assert waiting(session, sprint) == ["Lee"]


def plan_with_days_off(session: Session, sprint: Sprint, first: date, last: date) -> None:
    """Sam is off on these days, as the lead wrote."""
    session.add(Absence(sprint_id=sprint.id, person_id="sam", starts_on=first, ends_on=last))
    session.flush()


def test_days_that_are_over_swapped_or_too_far_ahead_are_refused_under_the_last_one(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        for first, last, words in (
            (None, date(2026, 7, 8), "before the first"),
            (date(2026, 7, 1), date(2026, 7, 8), "That day has passed"),
            (date(2026, 8, 2), date(2026, 8, 1), "Swap them"),
            (None, date(2062, 8, 2), "two years"),
        ):
            with pytest.raises(Refusal, match=words) as refused:
                aways.go(session, "sam", first, last, now=NOW)
            assert refused.value.field == "last"


def test_the_days_are_those_on_the_wall_of_who_is_away(db: Database) -> None:
    with db.begin() as session:
        meet(session, zone="Asia/Tokyo")
        evening = at("2026-07-09 20:00")  # Friday in Tokyo
        assert aways.draft(session, "sam", now=evening).today == date(2026, 7, 10)
        aways.go(session, "sam", None, date(2026, 7, 10), now=evening)
        assert presence.is_away(session, "sam", at("2026-07-10 14:59"))
        assert not presence.is_away(session, "sam", at("2026-07-10 15:00"))


def test_without_a_zone_of_ones_own_it_is_the_teams_and_without_a_team_the_companys(db: Database) -> None:
    with db.begin() as session:
        company.current(session).zone = "America/New_York"
        meet(session, zone=None)
        evening = at("2026-07-09 23:00")
        assert aways.draft(session, "sam", now=evening).today == date(2026, 7, 9)
        found(session, "ada", "sam")
        assert aways.draft(session, "sam", now=evening).today == date(2026, 7, 10)


def test_back_earlier_ends_it_and_the_plan_keeps_the_days_that_were_off(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        aways.go(session, "sam", None, date(2026, 8, 2), now=NOW)
        later = at("2026-07-16 09:00")
        aways.come_back(session, "sam", now=later)
        assert off(session, sprint) == ["Sam (13–15 July)"]
        assert waiting(session, sprint, later) == ["Lee", "Sam"]
        assert aways.turn(session, now=at("2026-08-03 00:00")) == 0
        assert told(session) == []
        with pytest.raises(Refusal, match="You are not away"):
            aways.come_back(session, "sam", now=later)


def test_back_before_it_began_takes_it_all_back(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        aways.go(session, "sam", date(2026, 7, 15), date(2026, 8, 2), now=NOW)
        aways.come_back(session, "sam", now=NOW)
        assert off(session, sprint) == []
        assert session.scalars(select(Away)).all() == []


def test_whose_holidays_one_keeps_can_be_said_without_going_away(db: Database) -> None:
    with db.begin() as session:
        planned(session)
        session.execute(update(Team).values(next_at=None))
        assert aways.submit(session, "sam", Leave(None, None, "FR"), now=NOW) is None
        assert people.known(session, "sam").country == "FR"
        session.expire_all()
        assert teams.mine(session, "sam").next_at == NOW  # Sam is asked on other days now
        with pytest.raises(Refusal) as refused:
            aways.submit(session, "sam", Leave(None, None, "FR"), now=NOW)
        assert refused.value.field == "first"
        with pytest.raises(Refusal) as refused:
            aways.submit(session, "sam", Leave(None, None, "Atlantis"), now=NOW)
        assert refused.value.field == "country"


# --- as a status says -------------------------------------------------------------------------------------------


def test_a_status_counts_until_it_is_cleared_however_often_slack_tells_of_it(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        hear(session, VACATION)
        hear(session, VACATION, now=NOW + timedelta(hours=1))
        assert session.scalars(select(Away.starts_at)).one() == NOW
        assert off(session, sprint) == ["Sam"]
        hear(session, Status(), now=at("2026-07-14 09:00"))
        hear(session, Status(), now=at("2026-07-14 09:01"))
        assert off(session, sprint) == ["Sam (13 July)"]
        assert told(session) == [("sam", at("2026-07-14 09:00"))]


def test_a_status_with_an_end_in_the_same_day_counts_until_then(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        noon = NOW + timedelta(hours=2)
        hear(session, Status("Out sick", "face_with_thermometer", noon))
        assert waiting(session, sprint) == ["Lee"]
        assert waiting(session, sprint, noon) == ["Lee", "Sam"]


def test_another_end_of_the_same_status_moves_the_end(db: Database) -> None:
    with db.begin() as session:
        planned(session)
        hear(session, Status("Vacation", "palm_tree", at("2026-07-10 12:00")))
        hear(session, Status("Vacation", "palm_tree", at("2026-07-20 12:00")))
        assert aways.turn(session, now=at("2026-07-10 12:00")) == 0
        assert presence.is_away(session, "sam", at("2026-07-20 11:59"))


def test_slack_clearing_a_status_at_its_end_is_told_once_whoever_comes_first(db: Database) -> None:
    end = at("2026-07-14 12:00")
    for first in (aways.turn, hear_cleared):
        with db.begin() as session:
            session.execute(delete(Post))
            if first is aways.turn:
                planned(session)
            hear(session, Status("Vacation", "palm_tree", end), now=NOW)
            first(session, now=end)
            aways.turn(session, now=end)
            hear_cleared(session, now=end + timedelta(seconds=1))
            aways.turn(session, now=end + timedelta(minutes=1))
            assert told(session) == [("sam", end)]


def hear_cleared(session: Session, *, now: datetime) -> None:
    hear(session, Status(), now=now)


def test_who_says_back_while_the_status_still_says_away_is_taken_at_their_word(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        hear(session, VACATION)
        assert aways.come_back(session, "sam", now=NOW).status_says_away
        hear(session, VACATION, now=NOW + timedelta(hours=6))
        assert waiting(session, sprint) == ["Lee", "Sam"]
        hear(session, Status(), now=NOW + timedelta(hours=7))
        assert told(session) == []
        hear(session, VACATION, now=NOW + timedelta(hours=8))
        assert waiting(session, sprint, NOW + timedelta(hours=8)) == ["Lee"]


def test_a_deactivated_account_is_not_away_and_is_told_nothing(db: Database) -> None:
    with db.begin() as session:
        planned(session)
        hear(session, VACATION, who="ada")
        aways.go(session, "ada", None, date(2026, 7, 10), now=NOW)
        hear(session, VACATION, who="ada", is_deactivated=True)
        assert session.scalars(select(Away)).all() == []
        aways.turn(session, now=at("2026-07-13 08:00"))
        assert told(session) == []


def test_an_app_is_never_away(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        hear(session, VACATION, is_bot=True)
        assert session.scalars(select(Away)).all() == []


# --- back again -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "country", "due"),
    [
        ("2026-07-15", None, "2026-07-16 07:00"),  # nine o'clock on the next day
        ("2026-07-17", None, "2026-07-20 07:00"),  # a Friday: on Monday
        ("2026-07-13", "FR", "2026-07-15 07:00"),  # the fourteenth of July is a holiday
    ],
)
def test_after_an_away_with_an_end_the_line_comes_at_nine_on_the_first_working_day(
    db: Database, last: str, country: str | None, due: str
) -> None:
    with db.begin() as session:
        planned(session)
        people.known(session, "sam").country = country
        aways.go(session, "sam", None, date.fromisoformat(last), now=NOW)
        assert aways.turn(session, now=at(f"{last} 21:59")) == 0
        assert aways.turn(session, now=at(f"{last} 22:00")) == 1
        assert aways.turn(session, now=at(f"{last} 22:01")) == 0
        assert told(session) == [("sam", at(due))]


@pytest.mark.parametrize(
    ("cleared", "due"),
    [
        ("2026-07-14 06:00", "2026-07-14 06:00"),  # eight o'clock in the morning: at once
        ("2026-07-14 17:59", "2026-07-14 17:59"),
        ("2026-07-14 20:00", "2026-07-15 07:00"),  # at night: in the morning
        ("2026-07-14 02:00", "2026-07-14 07:00"),
        ("2026-07-18 10:00", "2026-07-20 07:00"),  # a Saturday
    ],
)
def test_after_a_cleared_status_it_comes_soon_but_never_in_somebodys_night(
    db: Database, cleared: str, due: str
) -> None:
    with db.begin() as session:
        planned(session)
        hear(session, VACATION)
        hear(session, Status(), now=at(cleared))
        assert told(session) == [("sam", at(due))]


def test_who_is_still_away_otherwise_is_told_nothing_yet(db: Database) -> None:
    with db.begin() as session:
        planned(session)
        aways.go(session, "sam", None, date(2026, 7, 31), now=NOW)
        hear(session, VACATION)
        hear(session, Status(), now=at("2026-07-14 09:00"))
        assert told(session) == []


def test_who_sits_in_no_team_is_told_nothing(db: Database) -> None:
    with db.begin() as session:
        meet(session, zone="Europe/Berlin")
        aways.go(session, "sam", None, date(2026, 7, 9), now=NOW)
        aways.turn(session, now=at("2026-07-10 08:00"))
        assert told(session) == []


def test_when_an_away_begins_and_ends_the_plan_is_drawn_again(db: Database) -> None:
    with db.begin() as session:
        sprint = planned(session)
        aways.go(session, "sam", date(2026, 7, 14), date(2026, 7, 15), now=NOW)
        for moment in ("2026-07-13 22:00", "2026-07-15 22:00"):
            before = wanted(session, sprint)
            aways.turn(session, now=at(moment))
            assert wanted(session, sprint) == before + 1
            aways.turn(session, now=at(moment))
            assert wanted(session, sprint) == before + 1


def wanted(session: Session, sprint: Sprint) -> int:
    """How often the plan's card was asked for."""
    return session.scalars(select(Post.wanted).where(Post.card == "plan", Post.subject_id == sprint.id)).one()
