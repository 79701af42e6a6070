"""What can still be undone, who can undo it, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.outbox import undoing
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.errors import Refusal
from jobs.outbox import undoing as job
from models.company import Away, AwaySource, Person
from models.outbox import Undo
from models.retros import Action
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH

NOON = datetime(2026, 7, 9, 10, 0, tzinfo=UTC)
BEFORE, LEFT = {"owner": None}, {"owner": "ada", "due": "2026-07-10"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def acted(db: Database) -> Database:
    """Ada did something at noon."""
    with db.begin() as session:
        session.add_all([Person(id="ada", name="Ada"), Person(id="lee", name="Lee")])
        session.flush()
        undoing.remember(session, "thing:1", by="ada", before=BEFORE, left=LEFT, now=NOON)
    return db


def undo(session: Session, by: str = "ada", at: datetime = NOON, left: undoing.State = LEFT) -> undoing.State | None:
    return undoing.take_back(session, "thing:1", left, by=by, now=at)


def test_the_person_who_did_it_gets_back_what_stood_before_and_only_once(acted: Database) -> None:
    with acted.begin() as session:
        assert undoing.is_offered(session, "thing:1", LEFT, now=NOON, to="ada")
        assert undoing.lately(session, "ada", now=NOON) == {"thing:1"}
        assert undo(session) == BEFORE
        assert undoing.lately(session, "ada", now=NOON) == set()
        assert not undoing.is_offered(session, "thing:1", LEFT, now=NOON)
        assert undo(session) is None


def test_it_ends_ten_minutes_later(acted: Database) -> None:
    with acted.begin() as session:
        assert undoing.is_offered(session, "thing:1", LEFT, now=NOON + 9.9 * MINUTE)
        assert not undoing.is_offered(session, "thing:1", LEFT, now=NOON + 10 * MINUTE)
        assert undoing.lately(session, "ada", now=NOON + 9.9 * MINUTE)
        assert not undoing.lately(session, "ada", now=NOON + 10 * MINUTE)
        with pytest.raises(Refusal, match="Ten minutes have passed"):
            undo(session, at=NOON + 10 * MINUTE)


def test_nobody_undoes_what_another_person_did(acted: Database) -> None:
    with acted.begin() as session:
        assert not undoing.is_offered(session, "thing:1", LEFT, now=NOON, to="lee")
        with pytest.raises(Refusal, match="Ada did this, so only they can undo it"):
            undo(session, by="lee")


def test_where_somebody_acted_on_it_it_stays(acted: Database) -> None:
    changed = {**LEFT, "owner": "lee"}
    with acted.begin() as session:
        assert not undoing.is_offered(session, "thing:1", changed, now=NOON)
        with pytest.raises(Refusal, match="This has changed since"):
            undo(session, left=changed)


def test_what_the_next_person_does_to_it_is_theirs_to_undo(acted: Database) -> None:
    with acted.begin() as session:
        undoing.remember(session, "thing:1", by="lee", before=LEFT, left=BEFORE, now=NOON + MINUTE)
        with pytest.raises(Refusal, match="Lee did this"):
            undo(session, left=BEFORE)
        assert undo(session, by="lee", left=BEFORE) == LEFT


def test_what_was_never_done_or_is_long_forgotten_is_too_late(acted: Database) -> None:
    with acted.begin() as session, pytest.raises(Refusal, match="Ten minutes have passed"):
        undoing.take_back(session, "thing:2", LEFT, by="ada", now=NOON)


def test_it_is_forgotten_once_it_is_over_unless_it_has_no_end(acted: Database) -> None:
    with acted.begin() as session:
        undoing.remember(session, "thing:2", by="ada", before=BEFORE, left=LEFT, now=NOON, lasts=None)
    assert job.end(acted, lambda: NOON + 9 * MINUTE) == 0
    assert job.end(acted, lambda: NOON + 10 * MINUTE) == 1
    assert job.end(acted, lambda: NOON + 11 * MINUTE) == 0
    with acted.read() as session:
        assert session.scalars(select(Undo.key)).all() == ["thing:2"]
        assert undoing.is_offered(session, "thing:2", LEFT, now=NOON + timedelta(days=30))


def test_a_row_says_again_what_it_said(db: Database) -> None:
    away = Away(person_id="ada", source=AwaySource.SAID, starts_at=NOON, ends_at=None, next_at=NOON, ignored=False)
    before = undoing.of(away, "starts_at", "ends_at", "ignored")
    assert before == {"starts_at": "2026-07-09T10:00:00+00:00", "ends_at": None, "ignored": False}
    away.starts_at, away.ends_at, away.ignored = NOON + MINUTE, NOON, True
    undoing.put_back(away, before)
    assert undoing.of(away, "starts_at", "ends_at", "ignored") == before
    assert away.starts_at == NOON
    action = Action(text="Pair more", due_on=date(2026, 7, 10))
    due = undoing.of(action, "due_on")
    action.due_on = None
    undoing.put_back(action, due)
    assert action.due_on == date(2026, 7, 10)


def test_two_presses_at_once_undo_it_once(world: World) -> None:
    ada = world.id("ada")
    with world.db.begin() as session:
        undoing.remember(session, "thing:1", by=ada, before=BEFORE, left=LEFT, now=clock.now())

    def press() -> undoing.State | None:
        with world.db.begin() as session:
            return undoing.take_back(session, "thing:1", LEFT, by=ada, now=clock.now())

    undone = world.at_once(press, press, press)
    assert sorted(each is None for each in undone) == [False, True, True]
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Undo)) == 1
