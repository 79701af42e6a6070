"""Seats that are taken and freed, and what that means for the plans of the teams concerned."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.heroes import heroes, looking
from bot.domain.outbox import home_refresh, posts
from bot.domain.outbox.posts import Message
from bot.domain.planning import contents
from bot.domain.retros import facilitators
from bot.domain.rhythm import newcomers, prompts, turns
from bot.domain.sharing import following
from bot.domain.sprints import cards, sprints
from bot.domain.teams import seats, teams
from bot.domain.teams.seats import Seated
from models.company import Person
from models.sprints import Absence, Answer, ChangeKind, Sprint
from models.teams import Team


def join(session: Session, team_id: int, *, person_id: str, now: datetime) -> Seated:
    """Take a seat in a team; from another team this is a move. Raises Refusal when there is no way."""
    seated = seats.join(session, team_id, person_id=person_id, now=now)
    following.took_a_seat(session, team_id, person_id)
    settled = _settled(session, seated, now)
    if settled.joined is not None:
        newcomers.begin(session, settled.joined, now=now)
        newcomers.greet(session, settled.joined, settled.person, now=now)
    return settled


def leave(session: Session, *, person_id: str, now: datetime) -> Seated:
    """Leave one's team. Raises Refusal for a lead, who has to hand over first, and for somebody in no team."""
    return _settled(session, seats.leave(session, person_id=person_id, now=now), now)


def vacate(session: Session, person: Person, *, now: datetime) -> Seated | None:
    """Free the seat of a deactivated account. A lead's seat stays until somebody takes the lead."""
    team = teams.for_person(session, person.id)
    if team is None or teams.leads(team, person.id):
        return None
    return leave(session, person_id=person.id, now=now)


def hand_over(
    session: Session, team_id: int, *, to: str, by: str, say: Callable[[Team, date], Message], now: datetime
) -> Team:
    """Make another member the lead, and tell the team; the seat of a deactivated lead is freed with it.

    Raises Refusal unless `by` leads the team, or sits in it while the lead's account is deactivated.
    """
    before = teams.lead_of(teams.get(session, team_id, lock=True))
    team = seats.hand_over(session, team_id, to=to, by=by)
    session.flush()
    home_refresh.touch_team(session, team_id, now=now)
    for sprint in sprints.open_ones(session, team_id):
        prompts.redraw_mine(session, sprint.id, before.person_id if before else by, now=now)
    if before is not None and before.person.is_gone:
        leave(session, person_id=before.person_id, now=now)
        team = teams.get(session, team_id)
    for sprint in sprints.open_ones(session, team_id):
        turns.lead_changed(session, sprint.id, now=now)
    message = say(team, cadence.local_date(now, team.zone))
    posts.write(session, f"lead:{team.id}:{to}:{now:%Y%m%d%H%M%S%f}", team.channel_id, message, now=now)
    return team


def _settled(session: Session, seated: Seated, now: datetime) -> Seated:
    """What was picked for a sprint that has not begun goes with the person; in a running one it stays as it is."""
    home_refresh.touch(session, [seated.person.id], now=now)
    for team in filter(None, (seated.left, seated.joined)):
        teams.look_again(team, now)
        home_refresh.touch_team(session, team.id, now=now)
    if seated.left is not None:
        heroes.leave(session, seated.left, seated.person.id, now=now)
        where = f"moved to {seated.joined.name}" if seated.joined else "left the team"
        for sprint in sprints.open_ones(session, seated.left.id):
            if sprint.starts_on > cadence.local_date(now, seated.left.zone):
                _take_out(session, sprint, seated.person, where, now)
            cards.redraw(session, sprint, now=now)
            turns.look_again(session, sprint.id, now=now)
            prompts.redraw_mine(session, sprint.id, seated.person.id, now=now)
        facilitators.pass_on(session, [seated.person.id], now=now)
    if seated.joined is not None:
        looking.again(session, [seated.joined.id], now=now)
        for sprint in sprints.open_ones(session, seated.joined.id):
            cards.redraw(session, sprint, now=now)
    return seated


def _take_out(session: Session, sprint: Sprint, person: Person, where: str, now: datetime) -> None:
    whole = sprints.load(session, sprint.id)
    for item in contents.active(whole):
        if item.owner_id == person.id:
            item.dropped_at = now
            session.add(contents.log_change(whole, person.id, ChangeKind.DROPPED, item.title, where, now))
    theirs: list[Answer | Absence] = [*whole.answers, *whole.absences]
    for row in theirs:
        if row.person_id == person.id:
            session.delete(row)
    session.flush()
