"""What comes next: who is asked what and when, as far as it is known by now."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.calendar.cadence import Cadence, PromptKind
from bot.domain.rhythm import occurrences, schedules
from bot.domain.rhythm.schedules import CLOSING, GATHERING, MEANINGS, Seat, Upcoming
from bot.domain.teams import teams
from bot.platform.database import Database
from models.company import Away, AwaySource, Person
from models.teams import Lost, Team
from tests.domain.company import finalize, found, meet, plan

WEDNESDAY = datetime(2026, 7, 8, 6, tzinfo=UTC)  # the first sprint runs 13–24 July, and is planned from Thursday on
FRIDAY = datetime(2026, 7, 10, 6, tzinfo=UTC)


def a_team(session: Session, *members: str, name: str = "Replay") -> Team:
    """A team in Berlin, and everybody's zone with it."""
    team = found(session, *members, name=name)
    session.execute(update(Team).values(created_at=WEDNESDAY, cadence_since=WEDNESDAY))
    session.execute(update(Person).where(Person.zone.is_(None)).values(zone="Europe/Berlin"))
    session.expire_all()
    return teams.get(session, team.id)


def change(session: Session, person_id: str, **values: object) -> None:
    """Write something about a person."""
    session.execute(update(Person).where(Person.id == person_id).values(**values))
    session.expire_all()


def names(each: Upcoming) -> tuple[str, ...]:
    """Of whom it is."""
    return tuple(seat.name for seat in each.people)


def told(found: Sequence[Upcoming]) -> list[str]:
    """What comes next, a line each: when on the wall there, what, and of whom."""
    return [f"{each.local:%d %H:%M} {each.kind} {' '.join(names(each))}".strip() for each in found]


def upcoming(session: Session, team: Team, count: int = 4, *, now: datetime = WEDNESDAY) -> list[str]:
    """What comes next in a team."""
    return told(schedules.upcoming(session, [teams.get(session, team.id)], now=now, count=count))


def test_what_comes_next_is_told_in_the_order_of_time(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee")
        assert upcoming(session, team, 6) == [
            "10 10:00 turn Ada Lee",
            "13 09:00 reminder Ada Lee",
            "13 11:00 gathering",
            "24 10:00 turn Ada Lee",
            "27 09:00 reminder Ada Lee",
            "27 11:00 gathering",
        ]
        assert upcoming(session, team, 7)[-1] == "29 18:00 closing"


def test_people_of_one_zone_are_asked_together_and_others_at_their_own_ten(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee", "noor")
        change(session, "lee", zone="Pacific/Auckland")
        first = schedules.upcoming(session, [teams.get(session, team.id)], now=WEDNESDAY, count=2)
        assert told(first) == ["10 10:00 turn Lee", "10 10:00 turn Ada Noor"]
        assert [each.zone for each in first] == ["Pacific/Auckland", "Europe/Berlin"]
        assert first[1].at - first[0].at == timedelta(hours=10)
        assert first[0].dates.starts_on == date(2026, 7, 13)


def test_all_teams_are_merged_by_time_with_their_names(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        a_team(session, "ada", "lee")
        a_team(session, "noor", "sam", name="Ingestion")
        both = schedules.upcoming(session, teams.all_teams(session), now=WEDNESDAY, count=3)
        assert [(each.team, *names(each)) for each in both] == [
            ("Ingestion", "Noor", "Sam"),
            ("Replay", "Ada", "Lee"),
            ("Ingestion", "Noor", "Sam"),
        ]


def test_however_many_are_wanted_so_many_come_and_none_is_left_out(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee")
        all_of_them = upcoming(session, team, 60)
        assert len(all_of_them) == 60
        assert [upcoming(session, team, count) for count in (1, 7, 23)] == [all_of_them[:n] for n in (1, 7, 23)]


def test_who_is_away_by_then_is_marked(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee")
        ends_at = datetime(2026, 7, 10, 8, tzinfo=UTC)  # Friday, ten o'clock in Berlin
        session.add(Away(person_id="lee", source=AwaySource.SAID, starts_at=WEDNESDAY, ends_at=ends_at))
        session.add(Away(person_id="ada", source=AwaySource.STATUS, starts_at=ends_at, ends_at=None))
        session.flush()
        found = schedules.upcoming(session, [team], now=WEDNESDAY, count=2)
        away = [[seat.name for seat in each.people if seat.is_away(each.at)] for each in found]
        assert away == [["Ada"], ["Ada"]]
        assert names(found[0]) == ("Ada", "Lee")


def test_whoever_answered_is_not_asked_for_a_plan(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee", "noor")
        plan(session, team, "ada", "One")
        assert upcoming(session, team, 2) == ["10 10:00 turn Lee Noor", "13 09:00 reminder Lee Noor"]


def test_once_a_plan_is_final_its_reveal_is_not_told(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee")
        finalize(session, plan(session, team, "ada", "One"), "ada")
        assert upcoming(session, team, 3) == [
            "10 10:00 turn Lee",
            "13 09:00 reminder Lee",
            "24 10:00 turn Ada Lee",
        ]


def test_what_was_asked_is_not_told_again_though_a_new_rhythm_moves_it(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee")
        friday = datetime(2026, 7, 10, 9, tzinfo=UTC)
        team.next_at = WEDNESDAY
        session.flush()
        occurrences.plan(session, now=friday)
        session.execute(update(Team).values(cadence_since=friday))
        session.expire_all()
        assert upcoming(session, team, 2, now=friday) == ["13 09:00 reminder Ada Lee", "13 11:00 gathering"]


def test_a_deactivated_account_is_not_asked(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee", "noor")
        change(session, "lee", is_deactivated=True)
        assert upcoming(session, team, 1) == ["10 10:00 turn Ada Noor"]


def test_a_team_of_which_nobody_is_asked_says_why_and_only_closes_its_sprint(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada", "lee")
        assert schedules.silence(team) is None
        plan(session, team, "ada", "One")
        reasons: dict[str, dict[str, Any]] = {
            "it pauses until Mon 17 August (summer).": {
                "paused_at": FRIDAY,
                "paused_until": date(2026, 8, 17),
                "paused_because": "summer",
            },
            "it pauses.": {"paused_until": None, "paused_because": None},
            "its channel is archived. Its lead can choose another one.": {"channel_lost": Lost.ARCHIVED},
            "Prickle is no longer in its channel. Invite it there again.": {"channel_lost": Lost.REMOVED},
            "its channel is shared with another company. Its lead can choose another one.": {
                "channel_lost": Lost.SHARED
            },
            "its channel is gone, or it is private. Its lead can choose another one.": {"channel_lost": Lost.HIDDEN},
        }
        for words, values in reasons.items():
            session.execute(update(Team).values(**values))
            session.expire_all()
            assert schedules.silence(teams.get(session, team.id)) == f"Nobody of Replay is asked: {words}"
            assert upcoming(session, team, 9) == ["29 18:00 closing"]


def test_a_team_of_one_asks_nobody(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = a_team(session, "ada")
        assert str(schedules.silence(team)).startswith("Nobody of Replay is asked yet: it is forming")
        assert upcoming(session, team) == []


def test_who_is_asked_later_than_the_others_is_told_with_the_holiday() -> None:
    monday = date(2026, 9, 7)  # Labor Day in the United States
    rhythm = Cadence(monday, 2, "Europe/Berlin")
    crew = [
        Seat("ada", "Ada", Whereabouts("Europe/Berlin"), leads=True),
        Seat("lee", "Lee", Whereabouts("America/New_York", "US"), leads=False),
    ]
    dates = cadence.sprint_dates(monday, 2)
    asks = schedules.all_asks(rhythm, [dates], crew, since=WEDNESDAY)
    found = {(each.kind, names(each)): each.moved for each in schedules.grouped("Replay", rhythm, asks)}
    assert found[PromptKind.REMINDER, ("Ada",)] is None
    assert found[PromptKind.REMINDER, ("Lee",)] == schedules.Moved(date(2026, 9, 7), "US")


def test_everything_that_comes_has_a_meaning_in_words() -> None:
    assert set(MEANINGS) == {*cadence.ASKS, GATHERING, CLOSING}
