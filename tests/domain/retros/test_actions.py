"""Which actions of earlier retros a board asks about."""

from datetime import date, timedelta

from bot.domain.retros import boards
from bot.platform.database import Database
from models.retros import Action, Retro
from models.sprints import Sprint
from tests.domain.company import NOW, found, meet


def test_a_board_asks_about_the_sprint_before_whichever_of_the_two_retros_was_made_first(db: Database) -> None:
    with db.begin() as session:
        meet(session)
        team = found(session, "ada", "lee")
        sprints = []
        for number, starts_on in enumerate((date(2026, 6, 15), date(2026, 6, 29))):
            ends_on = starts_on + timedelta(days=11)
            sprint = Sprint(team_id=team.id, starts_on=starts_on, ends_on=ends_on, created_at=NOW)
            sprint.over_at = NOW + timedelta(days=number)
            session.add(sprint)
            sprints.append(sprint)
        session.flush()
        before, after = sprints
        # A note for the later sprint was written before anything was said in the earlier one's retro.
        session.add(Retro(id=1, sprint_id=after.id, created_at=NOW))
        session.add(Retro(id=2, sprint_id=before.id, created_at=NOW))
        session.flush()
        action = Action(retro_id=2, team_id=team.id, text="Faster deploys", owner_id="ada", created_at=NOW)
        session.add(action)
    with db.read() as session:
        assert [each.text for each in boards.for_sprint(session, after.id, now=NOW).open] == ["Faster deploys"]
        assert boards.for_sprint(session, before.id, now=NOW).open == []
