"""What a plan's sending says of the sprint, and what it costs."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.planning import plans, wrapping_up
from bot.domain.planning.plans import Sent
from bot.domain.planning.wrapping_up import Marking, MyPlan, PlanDraft, TypedItem
from bot.domain.sprints import sprints
from bot.platform.database import Database
from models.sprints import Mark, Sprint
from tests.domain import company
from tests.follow import queries

NEXT = company.NOW + timedelta(days=15)  # the last working day
AFTER = NEXT + timedelta(days=3)  # the first one of the sprint after
TITLES = ("Timeline", "Playback", "First frame", "Seek bar", "Export", "Speed")
EVERYBODY = ("ada", "lee", "noor", "sam", "mia", "tom")


def as_told(sprint: Sprint) -> list[list[Any]]:
    """What is read of a sprint after somebody wrote in it."""
    return [
        [(item.id, item.owner.name, item.title, item.priority, item.position) for item in sprint.items],
        [(answer.person.name, answer.sent_at) for answer in sprint.answers],
        [(absence.person.name, absence.starts_on, absence.ends_on) for absence in sprint.absences],
        [(change.title, change.reason) for change in sprint.changes],
        [person.name for person in sprints.waiting_for(sprint, NEXT)],
    ]


def begin(db: Database) -> None:
    """Six people with six items each in a sprint that ends, none of them finished."""
    with db.begin() as session:
        company.meet(session)
        team = company.found(session, *EVERYBODY)
        for name in EVERYBODY:
            sprint = company.plan(session, team, name, *TITLES)
        company.finalize(session, sprint, "ada")


def drafted(db: Database, name: str) -> PlanDraft:
    with db.read() as session:
        return wrapping_up.draft(session, 1, None, person_id=name, now=NEXT)


def carried_over(draft: PlanDraft, *titles: str) -> MyPlan:
    marks = {item.id: Marking(Mark(item.mark)) for item in draft.earlier}
    lines = [TypedItem(title) for title in titles]
    return MyPlan(1, draft.planning.dates.starts_on, marks, lines, [], None, None, keep_points=True)


def sent(db: Database, plan: MyPlan, name: str, *, now: datetime = NEXT) -> Sent:
    with db.begin() as session:
        return plans.send(session, plan, person_id=name, now=now)


def test_what_sending_says_of_the_sprint_is_what_is_stored(db: Database) -> None:
    begin(db)
    plan = carried_over(drafted(db, "lee"), "New", "Newer")
    off = replace(plan, off_from=plan.starts_on, off_until=plan.starts_on + timedelta(days=1))
    swapped = replace(plan, high=plan.high[::-1][:1])
    dropped = replace(plan, marks={key: Marking(Mark.WONT_FINISH, "no time") for key in plan.marks})
    for name, each in (
        ("ada", carried_over(drafted(db, "ada"), "Mine")),
        *(("lee", p) for p in (off, swapped, dropped)),
    ):
        told = as_told(sent(db, each, name).sprint)
        with db.read() as session:
            assert told == as_told(sprints.load(session, 2))


def test_what_somebody_adds_after_the_plan_is_final_stands_in_the_history(db: Database) -> None:
    begin(db)
    first = sent(db, carried_over(drafted(db, "ada")), "ada").sprint
    with db.begin() as session:
        company.finalize(session, sprints.load(session, first.id), "ada", now=AFTER)
    late = sent(db, carried_over(drafted(db, "lee"), "New"), "lee", now=AFTER)
    assert late.after_all
    with db.read() as session:
        assert as_told(late.sprint) == as_told(sprints.load(session, first.id))
    assert [change.title for change in late.sprint.changes] == ["New"]


def test_a_plan_that_carries_six_items_over_takes_25_statements_at_most(db: Database) -> None:
    begin(db)
    sent(db, carried_over(drafted(db, "ada"), "Mine"), "ada")
    plan = carried_over(drafted(db, "lee"), "New", "Newer", "Newest")
    for _ in range(2):
        with queries(db.engine) as statements:
            sent(db, plan, "lee")
        # SQLite's driver inserts row by row what is one statement on PostgreSQL.
        assert len(dict.fromkeys(statements)) <= 25, "\n".join(statements)
        assert len([each for each in statements if each.startswith("SELECT")]) <= 20
