"""The titles of similar asks are kept in memory, and what is found is what a search through everything finds."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from rapidfuzz.distance import JaroWinkler
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.intake import titles
from bot.domain.text import similarity
from bot.platform.database import Database
from models.intake.requests import Ball, PlannedRequest, Request, State
from models.sprints import Item, Priority, Sprint
from tests.domain.company import NOW, found, meet, plan

WORDS = [
    "summarise",
    "summaries",
    "tickets",
    "ticket",
    "billing",
    "label",
    "labels",
    "replays",
    "gpt4",
    "gpt5",
    "12",
    "123",
    "1234",
    "funnels",
    "onboarding",
]
FIRST = "Sort the mail"
Found = list[tuple[int, int]]


@pytest.fixture
def company(db: Database) -> Database:
    """People, the team Replay, and its first item."""
    with db.begin() as session:
        meet(session)
        plan(session, found(session, "ada", "lee"), "ada", FIRST)
    return db


@contextmanager
def another(db: Database) -> Iterator[Database]:
    """The same database, as another replica has it."""
    replica = Database(db.engine.url.render_as_string(hide_password=False))
    yield replica
    replica.dispose()


# --- what happens to titles -------------------------------------------------------------------------------------


def ask(session: Session, title: str, number: int | None = None, text: str = "") -> None:
    last = session.scalar(select(func.max(Request.id))) or 0
    values = {
        "asker_id": "ada",
        "waiting_on": Ball.DESK,
        "waiting_since": NOW,
        "created_at": NOW,
        "text": text or title,
    }
    session.add(Request(id=number or last + 1, source=f"test:{number or last + 1}", title=title, **values))


def pick(session: Session, title: str) -> None:
    last = session.scalar(select(func.max(Item.id))) or 0
    values = {"priority": Priority.HIGH, "position": last + 1, "carried": 0}
    session.add(Item(id=last + 1, sprint_id=1, owner_id="ada", title=title, **values))


@dataclass
class Life:
    """What people may do next, drawn at random."""

    random: Random
    minutes: int = 0

    def words(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 4)))

    def act(self, session: Session) -> None:
        """One thing that somebody does."""
        self.minutes += 1
        acts: list[Callable[[Session], None]] = [
            lambda session: ask(session, self.words(), text=self.random.choice(["", self.words()])),
            lambda session: pick(session, self.words()),
            self.retitle,
            self.take_back,
            self.merge,
            self.drop_or_take_up,
            self.swap_the_last,
        ]
        self.random.choices(acts, weights=[5, 4, 2, 1, 1, 2, 2])[0](session)

    def some(self, session: Session) -> int:
        numbers = session.scalars(select(Request.id).order_by(Request.id)).all()
        return self.random.choice([0, *numbers])

    def retitle(self, session: Session) -> None:
        values = {"title": self.words(), "text": self.words(), "retitled_at": NOW + timedelta(minutes=self.minutes)}
        session.execute(update(Request).where(Request.id == self.some(session)).values(values))

    def take_back(self, session: Session) -> None:
        session.execute(update(Request).where(Request.id == self.some(session)).values(state=State.WITHDRAWN))

    def merge(self, session: Session) -> None:
        roots = session.scalars(select(Request.id).where(Request.merged_into_id.is_(None)).order_by(Request.id)).all()
        if len(roots) > 1:
            one, into = self.random.sample(roots, 2)
            values = {"state": State.MERGED, "merged_into_id": into}
            lives_on = (Request.id == one) | (Request.merged_into_id == one)
            session.execute(update(Request).where(lives_on).values(values))

    def drop_or_take_up(self, session: Session) -> None:
        item = self.random.choice(session.scalars(select(Item).order_by(Item.id)).all())
        item.dropped_at = None if item.dropped_at else NOW

    def swap_the_last(self, session: Session) -> None:
        """Somebody writes their plan anew: SQLite gives the new line the number of the one that went."""
        last = session.scalar(select(func.max(Item.id))) or 0
        if last > 1:
            session.execute(delete(Item).where(Item.id == last))
            pick(session, self.words())


# --- a search through everything --------------------------------------------------------------------------------


def through_everything(session: Session, text: str) -> Found:
    """The same search in the plainest way: every title is read, and compared word by word."""
    requests = {each.id: each for each in session.scalars(select(Request))}
    items = session.scalars(select(Item)).all()
    read = [((0, -each.id), similarity.words(each.title)) for each in requests.values()]
    read += [((1, -each.id), similarity.words(each.title)) for each in items]
    says_more = [each for each in requests.values() if similarity.words(each.text) != similarity.words(each.title)]
    read += [((2, -each.id), similarity.words(each.text)) for each in says_more]

    def tells(word: str) -> float:
        return math.log(1 + (len(read) + similarity.FEW) / (sum(word in words for _, words in read) + 1))

    def length(words: tuple[str, ...]) -> float:
        return math.hypot(*map(tells, words))

    def share(word: str, words: tuple[str, ...]) -> float:
        spelt = sorted((-JaroWinkler.normalized_similarity(word, each), each) for each in words)
        weight, nearest = spelt[0]
        return -weight * tells(word) * tells(nearest) if -weight >= similarity.SPELT_ALIKE else 0.0

    wanted = similarity.words(text)
    scores = [
        (round(min(1.0, sum(share(word, words) for word in wanted) / (length(wanted) * length(words))), 9), key)
        for key, words in read
        if words
    ]
    ranked = [key for score, key in sorted(scores, key=lambda each: (-each[0], each[1])) if score >= similarity.CUTOFF]
    near = [(kind % 2, number) for kind, number in ranked]  # the words of a request stand for it
    dropped = {(1, each.id) for each in items if each.dropped_at}
    shown: Found = []
    for kind, number in near:
        stands_for = (kind, requests[-number].merged_into_id or -number) if kind == 0 else (kind, -number)
        is_gone = kind == 0 and State.WITHDRAWN in (requests[-number].state, requests[stands_for[1]].state)
        if not is_gone and stands_for not in dropped and stands_for not in shown:
            shown.append(stands_for)
    return shown[:3]


def search(db: Database, text: str) -> Found:
    with db.read() as session:
        return [(int(kind), number) for kind, number in titles.nearest(session, text, limit=3)]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_is_what_a_search_through_everything_finds(
    company: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titles, "AGAIN", 2)
    life, hits = Life(Random(seed)), 0  # noqa: S311  (a story, not a secret)
    with another(company) as replica:
        for _ in range(60):
            with company.begin() as session:
                life.act(session)
            text = life.words()
            with company.read() as session:
                expected = through_everything(session, text)
            assert search(life.random.choice([company, replica]), text) == expected
            hits += len(expected)
    assert hits > 60


# --- what comes out of order ------------------------------------------------------------------------------------


def test_a_number_that_comes_late_is_found(company: Database) -> None:
    """PostgreSQL shows what is committed: the transaction that took its number first may end last."""
    with company.begin() as session:
        ask(session, "Label the replays", number=9)
    assert search(company, "label replays") == [(0, 9)]
    with company.begin() as session:
        ask(session, "Explain funnels", number=7)
    assert search(company, "explain funnels") == [(0, 7)]


def test_what_was_never_committed_is_not_found(company: Database) -> None:
    with Session(company.engine) as session:
        ask(session, "Label the replays")
        session.flush()
        assert titles.nearest(session, "label replays", limit=3) == [(0, 1)]
        session.rollback()
    assert search(company, "label replays") == []
    with company.begin() as session:
        ask(session, "Explain funnels")
    assert search(company, "explain funnels") == [(0, 1)]


def test_items_leave_with_their_sprint_or_when_they_become_a_request(
    company: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titles, "AGAIN", 0)
    with company.begin() as session:
        pick(session, "Label the replays")
        ask(session, "Something else")
    assert search(company, FIRST) == [(1, 1)]
    assert search(company, "label replays") == [(1, 2)]
    with company.begin() as session:
        session.add(PlannedRequest(item_id=2, request_id=1))
    assert search(company, "label replays") == []
    with company.begin() as session:
        session.execute(update(Sprint).values(closed_at=NOW))
    assert search(company, FIRST) == []


def test_everything_is_read_anew_when_much_has_come(company: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "NEWEST", 3)
    for each in ("Explain funnels", "Label the replays"):
        with company.begin() as session:
            ask(session, each)
        assert search(company, each)
    assert search(company, "explain funnels") == [(0, 1)]
    with company.begin() as session:
        for number in range(3, 10):
            ask(session, f"Summarise {WORDS[number]}", number)
    search(company, "read what came")
    assert search(company, "explain funnels") == []
