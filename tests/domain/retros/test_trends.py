"""What a team's trends are made of."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.domain.retros import trends
from bot.domain.retros.trends import Outcome, Trends, Turnout
from bot.domain.teams import seats, teams
from bot.platform.database import Database
from bot.platform.errors import Refusal
from models.retros import Action, ActionState, Note, Retro, RetroAnswer, Side
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Team
from tests.domain.company import NOW, found, meet

LONG_AGO = NOW - timedelta(weeks=60)
_numbers = count(1)


def past_sprint(session: Session, team: Team, weeks_ago: int) -> Sprint:
    """A sprint that ended so many weeks ago."""
    over_at = NOW - timedelta(weeks=weeks_ago)
    starts_on, ends_on = over_at.date() - timedelta(days=12), over_at.date() - timedelta(days=1)
    sprint = Sprint(team_id=team.id, starts_on=starts_on, ends_on=ends_on, over_at=over_at, created_at=LONG_AGO)
    session.add(sprint)
    session.flush()
    return sprint


def items(session: Session, sprint: Sprint, mark: Mark, number: int, *, dropped_at: datetime | None = None) -> None:
    """So many items of a sprint."""
    for _ in range(number):
        position = next(_numbers)
        item = Item(sprint_id=sprint.id, owner_id="ada", title=f"Item {position}", priority=Priority.HIGH)
        item.mark, item.position, item.dropped_at = mark, position, dropped_at
        session.add(item)
    session.flush()


def retro(session: Session, sprint: Sprint, *, answers: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Retro:
    """A sprint's retro, with who answered and who wrote a note."""
    made = Retro(sprint_id=sprint.id, created_at=sprint.over_at)
    session.add(made)
    session.flush()
    session.add_all(RetroAnswer(retro_id=made.id, person_id=each, sent_at=NOW) for each in answers)
    session.add_all(Note(retro_id=made.id, author_id=each, side=Side.WELL, text="x", created_at=NOW) for each in notes)
    session.flush()
    return made


def action(session: Session, made: Retro, team: Team, days: int, state: ActionState = ActionState.OPEN) -> None:
    """Something that the team wants to do, for so many days."""
    created_at = NOW - timedelta(days=days, hours=1)
    session.add(
        Action(team_id=team.id, retro_id=made.id, text="Ask", owner_id="ada", state=state, created_at=created_at)
    )
    session.flush()


def read(session: Session, team: Team, now: datetime = NOW) -> Trends:
    """The team's trends, of which there are some."""
    shown = trends.read(session, team.id, now=now)
    assert shown is not None
    return shown


def test_an_item_is_finished_or_carried_or_dropped_and_nothing_else(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = past_sprint(session, team, 0)
        items(session, sprint, Mark.FINISHED, 4)
        items(session, sprint, Mark.NOT_STARTED, 2)
        items(session, sprint, Mark.IN_PROGRESS, 1)
        items(session, sprint, Mark.WONT_FINISH, 1)
        items(session, sprint, Mark.FINISHED, 1, dropped_at=NOW)
        past = read(session, team).sprints[0]
    assert past.items == {Outcome.FINISHED: 4, Outcome.CARRIED: 3, Outcome.DROPPED: 2}
    assert past.total == 9


def test_the_last_twelve_sprints_that_are_over_count_earliest_first(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        for weeks_ago in range(-2, 28, 2):
            past_sprint(session, team, weeks_ago)
        days = [past.ends_on for past in read(session, team).sprints]
    assert days == sorted(days)
    assert len(days) == trends.SPRINTS
    assert days[-1] == date(2026, 7, 8)


def test_a_sprint_that_was_closed_early_is_over(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = past_sprint(session, team, -1)
        assert trends.read(session, team.id, now=NOW) is None
        sprint.closed_at = NOW
        session.flush()
        assert len(read(session, team).sprints) == 1


def test_who_answered_and_who_wrote_a_note_took_part_once(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = teams.get(session, found(session, "ada", "lee", "noor").id)
        retro(session, past_sprint(session, team, -1), notes=("lee",))
        later = NOW + timedelta(weeks=2)
        retro(session, past_sprint(session, team, -2), answers=("ada", "lee"), notes=("lee",))
        shown = read(session, team, later).sprints
    assert [past.turnout for past in shown] == [Turnout(1, 3), Turnout(2, 3)]


def test_a_sprint_without_a_retro_is_a_gap_and_one_where_nobody_wrote_is_zero(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        past_sprint(session, team, 2)
        retro(session, past_sprint(session, team, 0))
        gap, zero = read(session, team).sprints
    assert gap.turnout is None
    assert zero.turnout == Turnout(0, 2)
    assert zero.turnout.share == 0


def test_a_retro_counts_who_sat_in_the_team_then(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        later = NOW + timedelta(weeks=4)
        retro(session, past_sprint(session, team, -1), answers=("ada", "lee"))
        seats.join(session, team.id, person_id="noor", now=NOW + timedelta(weeks=2))
        seats.join(session, team.id, person_id="sam", now=NOW + timedelta(weeks=2))
        seats.leave(session, person_id="lee", now=NOW + timedelta(weeks=2))
        retro(session, past_sprint(session, team, -3), answers=("ada", "noor"))
        shown = read(session, team, later).sprints
    assert [past.turnout for past in shown] == [Turnout(2, 2), Turnout(2, 3)]


def test_open_actions_have_an_age_and_settled_ones_do_not_count(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team, other = found(session, "ada", "lee"), found(session, "noor", "sam", name="Ingestion")
        made = retro(session, past_sprint(session, team, 0))
        for days in (3, 40, 0):
            action(session, made, team, days)
        action(session, made, team, 100, ActionState.DONE)
        action(session, made, team, 100, ActionState.DROPPED)
        action(session, made, other, 100)
        assert read(session, team).action_days == [40, 3, 0]


def test_twelve_sprints_cost_as_many_queries_as_one(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        short, long = found(session, "ada", "lee"), found(session, "noor", "sam", name="Ingestion")
        items(session, past_sprint(session, short, 0), Mark.FINISHED, 1)
        for weeks_ago in range(0, 24, 2):
            sprint = past_sprint(session, long, weeks_ago)
            items(session, sprint, Mark.FINISHED, 3)
            action(session, retro(session, sprint, answers=("noor",)), long, weeks_ago)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    numbers = []
    for team in (short, long):
        asked.clear()
        with db.read() as session:
            read(session, team)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 8


def test_a_team_of_which_no_sprint_is_over_has_no_trends(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        past_sprint(session, team, -1)
        with pytest.raises(Refusal, match="No sprint of Replay is over yet"):
            trends.ask(session, team, by="ada", now=NOW)
