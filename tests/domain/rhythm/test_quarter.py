"""Some weeks of a company's life: who reads how many messages, in which order, and what stands in the plans.

`python -m tests.domain.rhythm.test_quarter` lives a whole quarter of sixty people, which takes minutes, and prints the table.
"""

import heapq
import itertools
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import PromptKind
from bot.domain.company import company, parts, people
from bot.domain.company.parts import Part
from bot.domain.company.people import Profile
from bot.domain.desks import filling
from bot.domain.planning import contents, plans, wrapping_up
from bot.domain.planning.finalizing import Final
from bot.domain.planning.wrapping_up import Marking, MyPlan, TypedItem
from bot.domain.rhythm import next_due, prompts, turns
from bot.domain.sprints import sequence, sprints
from bot.domain.sprints import weeks as team_weeks
from bot.domain.staffing import aways, moves
from bot.domain.teams import foundings
from bot.domain.teams.foundings import Charter, Founding
from bot.platform.database import Database
from bot.views.heroes import rota as rota_views
from jobs import heroes, retros, rhythm, staffing
from jobs import sprints as sprint_jobs
from jobs.outbox import cards
from models.company import Person
from models.desks import Desk, DeskMember
from models.heroes import HeroWeek
from models.outbox import Card, Post, PostState
from models.retros import Retro
from models.sprints import UNFINISHED, Item, Mark, Priority, Sprint
from models.teams import Customer
from tests.databases import SqliteDatabases

BEGINS = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLACES = (
    ("America/Los_Angeles", "US"),
    ("America/New_York", "US"),
    ("Europe/London", "GB-ENG"),
    ("Europe/Berlin", "DE"),
    ("Asia/Tokyo", "JP"),
)
SIZE = 4  # people a team
QUIET = timedelta(hours=6)
HEROES = (heroes.fill, heroes.say_again)
BUDGET = {"member": 2, "lead": 3, "triager": 1}
JOINS = datetime(2026, 1, 13, 14, tzinfo=UTC)  # a Tuesday

Act = Callable[[Session, datetime], None]


class Quarter:
    """People in small teams; a fifth never answers, and a tenth is away for two weeks.

    One joins in the third week, the people of the first team have triage by turns, and every team has a hero rota.
    """

    def __init__(self, db: Database, size: int, weeks: int) -> None:
        self.db, self.now, self.teams, self.ends = db, BEGINS, size, BEGINS + timedelta(weeks=weeks)
        self.dice = random.Random(7)  # noqa: S311  (a quarter can be repeated)
        self.sent: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        self.triage = Counter[tuple[str, tuple[int, int]]]()
        self.live: dict[str, set[int]] = defaultdict(set)
        self.leads: set[str] = set()
        self.silent: set[str] = set()
        self.finals = 0
        self._acts: list[tuple[datetime, int, Act]] = []
        self._numbers = itertools.count()

    def found(self) -> None:
        """Everybody is met, and every team founded: each with people of several zones, on one week or on two."""
        with self.db.begin() as session:
            names = [f"p{number:02}" for number in range(self.teams * SIZE)]
            met = [Profile(each, each, self.dice.choice(PLACES)[0], False, False, False, False) for each in names]
            people.sync(session, met, now=BEGINS)
            for person in session.scalars(select(Person)):
                person.country = dict(PLACES)[person.zone or ""]
            self.silent = {name for number, name in enumerate(names) if number % 5 == 3}
            for number in range(self.teams):
                self._found(session, number, names[number * SIZE : (number + 1) * SIZE])
        for name in names[4::10]:
            first = date(2026, 1, 26) + timedelta(days=self.dice.randrange(40))
            self._later(BEGINS, self._goes_away(name, first))
        self._later(JOINS, self._joins("p-new"))

    def _found(self, session: Session, number: int, members: list[str]) -> None:
        charter = Charter(
            name=f"Team {number}", area="a", customer_kind=Customer.EXTERNAL, customer="c", channel=f"C{number:03}"
        )
        weeks, zone = 1 + number % 2, self.dice.choice(PLACES)[0]
        founding = Founding(
            charter, zone, weeks, start_weekday=2 if number % 7 == 3 else 0, lead=members[0], members=members[1:]
        )
        team = foundings.create(session, founding, by=members[0], now=BEGINS)
        team.country = dict(PLACES)[zone]
        self.leads.add(members[0])
        company.current(session).parts = parts.written([Part.ROTA])
        team_weeks.start_rota(session, team.id, by=members[0], say=rota_views.started_message, now=BEGINS)
        if not number:
            self._open_a_desk(session, members)

    def _open_a_desk(self, session: Session, members: list[str]) -> None:
        company.current(session).intake_channel_id = "C-ask"
        crew = [DeskMember(person_id=each) for each in members]
        session.add(
            Desk(name="AI", name_key="ai", owns="a", team_id=1, lead_id=members[0], created_at=BEGINS, members=crew)
        )

    def _joins(self, name: str) -> Act:
        def act(session: Session, now: datetime) -> None:
            people.sync(session, [Profile(name, name, PLACES[3][0], False, False, False, False)], now=now)
            moves.join(session, 1, person_id=name, now=now)

        return act

    def _goes_away(self, name: str, first: date) -> Act:
        def act(session: Session, now: datetime) -> None:
            aways.go(session, name, first, first + timedelta(days=13), now=now)

        return act

    def _later(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._acts, (at, next(self._numbers), act))

    def live_through(self) -> None:
        """Everything that happens until the quarter ends, in the order of time."""
        while self.now < self.ends:
            self._tick()
            with self.db.read() as session:
                following = next_due.following(session, self.now)
            moments = [
                self.now + QUIET,
                *([following] if following else []),
                *([self._acts[0][0]] if self._acts else []),
            ]
            self.now = max(min(moments), self.now + timedelta(seconds=30))

    def _tick(self) -> None:
        clock = lambda: self.now  # noqa: E731
        for job in (rhythm.plan, rhythm.gather, staffing.turn, sprint_jobs.close_over, retros.turn, *HEROES):
            job(self.db, clock)
        with self.db.begin() as session:
            if filling.due(session, now=self.now):
                filling.fill_weeks(session, now=self.now)
        self._deliver()
        while self._acts and self._acts[0][0] <= self.now:
            _, _, act = heapq.heappop(self._acts)
            with self.db.begin() as session:
                act(session, self.now)
        self._deliver()
        assert all(len(asking) <= 1 for asking in self.live.values()), "one live prompt a person"

    def _deliver(self) -> None:
        """As Slack would have it, without Slack: what is due is drawn, and stands or is dropped."""
        with self.db.begin() as session:
            due = session.scalars(
                select(Post).where(Post.state == PostState.DUE, Post.due_at <= self.now).order_by(Post.id)
            )
            for post in due.all():
                stale = post.message_ts is None and post.expires_at is not None and post.expires_at <= self.now
                message = None if stale or post.card is None else cards.draw(session, post, self.now)
                if message is None:
                    post.state = PostState.SENT if post.message_ts or post.card is None else PostState.EXPIRED
                    continue
                if post.message_ts is None:
                    post.message_ts, post.sent_at, post.posted_in_id = f"{post.id}.0", self.now, post.channel_id
                    self._arrived(session, post)
                post.state = PostState.SENT
                asks = "Nothing new" in str(message.blocks)
                (self.live[post.channel_id].add if asks else self.live[post.channel_id].discard)(post.id)

    # --- people -------------------------------------------------------------------------------------------------

    def _arrived(self, session: Session, post: Post) -> None:
        name = post.channel_id
        if not name.startswith("p"):
            return
        sprint_id = post.subject_id or 0
        if post.card == Card.TRIAGE:
            self.triage[name, self.now.isocalendar()[:2]] += 1
            return
        self.sent[name, sprint_id][post.card or ""] += 1
        after = timedelta(minutes=self.dice.randrange(5, 9 * 60))
        if post.card in (PromptKind.TURN, PromptKind.REMINDER) and name not in self.silent:
            self._later(self.now + after, self._answers(name, sprint_id))
        if post.card == PromptKind.LEAD:
            self._judge_the_reveal(session, sprint_id)
            if self.dice.random() < 0.9:
                self._later(self.now + after, self._finalizes(name, sprint_id))

    def _judge_the_reveal(self, session: Session, sprint_id: int) -> None:
        sprint = session.get_one(Sprint, sprint_id)
        hidden = select(Retro).join(Sprint).where(Sprint.team_id == sprint.team_id, Sprint.starts_on < sprint.starts_on)
        left = session.scalars(hidden.where(Retro.opened_at.is_not(None), Retro.revealed_at.is_(None))).all()
        assert not left, "no lead's message before the reveal"

    def _answers(self, name: str, sprint_id: int) -> Act:
        def act(session: Session, now: datetime) -> None:
            sprint = sprints.load(session, sprint_id)
            if sprints.is_over(sprint, now) or any(each.person_id == name for each in sprint.answers):
                return
            draft = wrapping_up.draft(session, sprint.team_id, sprint.starts_on, person_id=name, now=now)
            marks = {
                item.id: Marking(self.dice.choice((Mark.FINISHED, Mark.FINISHED, Mark.IN_PROGRESS)))
                for item in draft.earlier
            }
            new = [TypedItem(f"{name} {sprint_id} {number}") for number in range(self.dice.randrange(3))]
            mine = MyPlan(sprint.team_id, sprint.starts_on, marks, new, [], None, None, keep_points=False)
            sent = plans.send(session, mine, person_id=name, now=now)
            prompts.answered(session, sent.sprint, name, now=now)
            if name in self.leads and sprints.load(session, sprint_id).gathered_at is not None:
                self._later(now + timedelta(minutes=5), self._finalizes(name, sprint_id))

        return act

    def _finalizes(self, name: str, sprint_id: int) -> Act:
        def act(session: Session, now: datetime) -> None:
            sprint = sprints.load(session, sprint_id)
            if sprint.finalized_at is not None or sprints.is_over(sprint, now):
                return
            high = [item.id for item in contents.of_priority(sprint, Priority.HIGH)]
            final = Final(sprint.team_id, sprint.starts_on, sprint.revision, high, "Go on.", "", high)
            turns.finalize(session, final, by=name, now=now)
            self.finals += 1
            self._judge_the_plan(session, sprints.load(session, sprint_id))

        return act

    def _judge_the_plan(self, session: Session, sprint: Sprint) -> None:
        """It holds exactly what was unfinished, or is newly written."""
        origins = {item.carried_from_id for item in contents.active(sprint) if item.carried_from_id is not None}
        settled = select(Item.title).where(Item.id.in_(origins), Item.mark.not_in(UNFINISHED))
        assert session.scalars(settled).all() == []
        last = sequence.last_planned(session, sprint.team_id, sprint.starts_on)
        here = {member.person_id for member in sprint.team.members if not sprints.is_off(sprint, member.person)}
        for item in sprints.items_of(session, last.id) if last else ():
            if item.mark in UNFINISHED and item.owner_id in here:
                assert item.id in origins, f"{item.title} is lost"

    def table(self) -> dict[str, Counter[int]]:
        """How many people's sprints, and weeks of triage, brought so many messages unasked."""
        most = {"member": Counter[int](), "lead": Counter[int](), "triager": Counter(self.triage.values())}
        for (name, _sprint_id), kinds in self.sent.items():
            assert all(number == 1 for number in kinds.values()), (name, kinds)
            most["lead" if name in self.leads else "member"][kinds.total()] += 1
        return most


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_some_weeks_stay_within_the_budgets_of_messages_and_every_final_plan_is_true(db: Database) -> None:
    quarter = Quarter(db, 3, 4)
    quarter.found()
    quarter.live_through()
    assert quarter.finals >= 3
    with db.read() as session:
        assert len(set(session.scalars(select(HeroWeek.person_id)))) >= SIZE, "the rotas gave weeks out"
    assert [kinds for (name, _), kinds in quarter.sent.items() if name == "p-new" and Card.JOINED in kinds] != []
    for who, counts in quarter.table().items():
        assert 0 < max(counts) <= BUDGET[who]


def main() -> None:
    """A whole quarter of sixty people, and the table."""
    with tempfile.TemporaryDirectory() as folder, SqliteDatabases(Path(folder)).new() as url:
        quarter = Quarter(Database(url), 15, 13)
        quarter.found()
        quarter.live_through()
        lines = ["messages a sprint, or a week of triage".ljust(40) + "".join(f"{number:>8}" for number in range(1, 4))]
        for who, counts in quarter.table().items():
            lines.append(f"{who:<40}" + "".join(f"{counts[number]:>8}" for number in range(1, 4)))
        sys.stdout.write("\n".join([*lines, f"plans made final: {quarter.finals}", ""]))


if __name__ == "__main__":
    main()
