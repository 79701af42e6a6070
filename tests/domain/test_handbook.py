"""The rules of the house, as the handbook has them."""

import pathlib
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

import bot.views
from bot.domain.company import people
from bot.domain.planning import finalizing, items, plans, wrapping_up
from bot.domain.planning.items import Swap
from bot.domain.planning.wrapping_up import TypedItem
from bot.domain.sprints import closings, sprints
from bot.domain.staffing import moves
from bot.domain.teams import seats, teams
from bot.platform.database import Database
from bot.platform.errors import Refusal
from handlers import FEATURES, commands, routing
from models.outbox import Post
from models.sprints import Mark, Priority, Sprint
from models.teams import Membership, Move
from tests.domain.company import NOW, finalize, found, meet, plan


def test_a_seventh_member_is_refused(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee", "noor", "sam", "mia", "tom")
        with pytest.raises(Refusal, match="Replay has 6 people"):
            seats.join(session, team.id, person_id="yuki", now=NOW)


def test_a_seventh_seat_and_a_second_lead_do_not_fit_into_the_table_either(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team_id = found(session, "ada", "lee").id
    for row in (
        {"person_id": "yuki", "team_id": team_id, "seat": 7, "is_lead": False},
        {"person_id": "yuki", "team_id": team_id, "seat": 2, "is_lead": False},
        {"person_id": "yuki", "team_id": team_id, "seat": 3, "is_lead": True},
        {"person_id": "ada", "team_id": team_id, "seat": 3, "is_lead": False},
    ):
        with pytest.raises(IntegrityError), db.begin() as session:
            session.execute(insert(Membership).values(joined_at=NOW, **row))


def test_a_team_of_one_is_forming(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        assert teams.is_forming(found(session, "ada"))
        assert not teams.is_forming(found(session, "lee", "noor", name="Ingestion"))


def test_joining_another_team_is_a_move_that_frees_the_old_seat_and_is_kept(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        old = found(session, "ada", "lee")
        new = found(session, "noor", name="Ingestion")
        seated = seats.join(session, new.id, person_id="lee", now=NOW)
        assert (seated.left, seated.joined) == (old, new)
        assert [member.person_id for member in teams.get(session, old.id).members] == ["ada"]
        moves = session.scalars(select(Move).where(Move.person_id == "lee").order_by(Move.id)).all()
        assert [(move.from_team_id, move.to_team_id) for move in moves] == [(None, old.id), (old.id, new.id)]


def test_a_refused_move_leaves_the_old_seat_as_it_was(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        found(session, "ada", "lee", "noor", "sam", "mia", "tom")
        found(session, "yuki", name="Ingestion")
    with pytest.raises(Refusal), db.begin() as session:
        seats.join(session, teams.named(session, "replay").id, person_id="yuki", now=NOW)
    with db.begin() as session:
        assert teams.mine(session, "yuki").name == "Ingestion"


def test_a_lead_is_one_of_the_team_and_hands_over_before_leaving(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        with pytest.raises(Refusal, match="Hand the lead over first"):
            seats.leave(session, person_id="ada", now=NOW)
        with pytest.raises(Refusal, match="Choose somebody of Replay"):
            seats.hand_over(session, team.id, to="noor", by="ada")
        seats.hand_over(session, team.id, to="lee", by="ada")
        seats.leave(session, person_id="ada", now=NOW)
        assert [member.person_id for member in teams.get(session, team.id).members] == ["lee"]


def test_a_team_has_one_plan_a_sprint(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        first, second = plan(session, team, "ada", "One"), plan(session, team, "lee", "Two")
        assert first.id == second.id
    with pytest.raises(IntegrityError), db.begin() as session:
        session.execute(
            insert(Sprint).values(
                team_id=team.id,
                starts_on=first.starts_on,
                ends_on=first.ends_on,
                over_at=first.over_at,
                direction="",
                impacted="",
                revision=0,
                created_at=NOW,
            )
        )


def test_a_team_chooses_one_week_or_two(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        assert plan(session, team, "ada").ends_on - plan(session, team, "ada").starts_on == timedelta(days=11)


def test_plans_and_their_changes_are_posted_where_everybody_reads_them(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        finalize(session, plan(session, team, "ada", "One"), "ada")
        assert set(session.scalars(select(Post.channel_id))) == {team.channel_id}


def test_only_the_lead_finalizes(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = plan(session, team, "lee", "One")
        with pytest.raises(Refusal, match="Only the lead of Replay, Ada, can finalize"):
            finalize(session, sprint, "lee")
        assert finalize(session, sprint, "ada").finalized_by_id == "ada"


def test_what_the_lead_changes_is_written_down_and_items_keep_their_owners(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = plan(session, team, "lee", "One", "Two")
        one, two = (item.id for item in sprint.items)
        final = finalizing.Final(team.id, sprint.starts_on, 0, [one, two], "Quality.", "", [two])
        done = finalizing.finalize(session, final, by="ada", now=NOW)
        assert [(change.kind, change.title) for change in done.changes] == [("lowered", "One")]
        assert {item.owner_id for item in done.items} == {"lee"}


def test_people_pick_their_own_work_and_nobody_gives_work_to_another(db: Database) -> None:
    """No form of a plan names a person to do it: who sends an item owns it."""
    owners = {"owner", "owner_id", "person", "assignee"}
    for form in (wrapping_up.MyPlan, wrapping_up.TypedItem, items.Swap, finalizing.Final):
        assert not owners & set(form.__dataclass_fields__)


def test_there_is_no_approval_anywhere() -> None:
    words = "".join(file.read_text() for file in pathlib.Path(bot.views.__path__[0]).glob("*.py"))
    words += "".join(f"{command.description} {command.title}" for command in commands.COMMANDS)
    words += "".join(entry.label for entry in routing.entries_of(FEATURES))
    assert "approv" not in words.casefold()


def test_changing_what_one_picked_takes_a_reason_and_is_kept(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = finalize(session, plan(session, team, "ada", "One"), "ada")
        swap = Swap(sprint.id, [TypedItem("Two")], Priority.SIDE, [sprint.items[0].id], " ")
        with pytest.raises(Refusal, match="Say in one line why"):
            items.change(session, swap, by="ada", now=NOW)
        swapped = items.change(session, Swap(**{**swap.__dict__, "reason": "a customer"}), by="ada", now=NOW)
        assert [(change.kind, change.title, change.reason) for change in swapped.sprint.changes] == [
            ("added", "Two", "a customer"),
            ("dropped", "One", "a customer"),
        ]


def test_only_the_owner_marks_an_item_also_when_the_lead_tries(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = finalize(session, plan(session, team, "lee", "One"), "ada")
        with pytest.raises(Refusal, match="This item is Lee's"):
            items.mark(session, sprint.items[0].id, Mark.FINISHED, by="ada", now=NOW)


def test_a_plan_is_an_answer_without_a_single_item(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprint = plan(session, team, "ada")
        assert [person.id for person in sprints.waiting_for(sprint, NOW)] == ["lee"]


def test_an_item_remembers_how_often_it_was_carried(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team, now = found(session, "ada", "lee"), NOW + timedelta(days=4)
        sprint = finalize(session, plan(session, team, "ada", "One"), "ada")
        for times in (1, 2, 3):
            now += timedelta(weeks=2)
            closings.close_over(session, now=now - timedelta(days=5))
            draft = wrapping_up.draft(session, team.id, None, person_id="ada", now=now)
            starts_on = draft.planning.dates.starts_on
            mine = wrapping_up.MyPlan(team.id, starts_on, {}, [], [], None, None, keep_points=False)
            sprint = finalize(session, plans.send(session, mine, person_id="ada", now=now).sprint, "ada", now=now)
            assert [(item.title, item.carried) for item in sprint.items] == [("One", times)]


def test_a_deactivated_account_frees_its_seat_but_a_lead_stays_until_somebody_follows(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        for person_id, stays in (("lee", False), ("ada", True)):
            person = people.known(session, person_id)
            person.is_deactivated = True
            moves.vacate(session, person, now=NOW)
            assert teams.is_member(teams.get(session, team.id), person_id) is stays
