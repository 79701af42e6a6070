"""Giving a plan its direction and order, which makes it final, and what that changed: the lead's word, or another's for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.calendar import asking_times, periods
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.calendar.wording import weekday
from bot.domain.company import people
from bot.domain.heroes import heroes
from bot.domain.outbox import posts
from bot.domain.planning import carrying, contents, reopening, wrapping_up
from bot.domain.retros import closings
from bot.domain.sprints import beginnings, cards, sequence, sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.sprints import Change, ChangeKind, Priority, Sprint
from models.teams import Team


@dataclass(frozen=True)
class Final:
    """The form *Finalize*. `high` holds the ids of the high priority items in order.

    `shown_high` is what the form showed: what owners wrote while it was open stands.
    """

    team_id: int
    starts_on: date
    revision: int
    shown_high: Sequence[int]
    direction: str
    impacted: str
    high: Sequence[int]
    improvement: str = ""


def draft(session: Session, team_id: int, starts_on: date | None, *, by: str, now: datetime) -> Sprint:
    """What the form shows; a sprint that nobody wrote for yet is not stored by looking at it.

    Raises Refusal unless `by` leads the team or finalizes for its lead, and before the turn to this sprint has come.
    """
    team = teams.get(session, team_id)
    planning, sprint = wrapping_up.meant(session, team, starts_on, now)
    require_finalizer(session, team, by, planning.dates.starts_on, now)
    _require_turn(session, team, planning.dates.starts_on, sprint, now)
    if sprint is not None:
        return sprint
    people.load_aways(session, [member.person for member in team.members])
    dates = planning.dates
    shown = Sprint(
        team=team,
        team_id=team.id,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        direction="",
        impacted="",
        revision=0,
    )
    set_committed_value(shown, "hero_weeks", heroes.rows(session, team.id, dates))
    return shown


def why_not_the_lead(session: Session, team: Team, starts_on: date, now: datetime) -> str | None:
    """Why somebody else finalizes: "Ada is away". None while the lead can."""
    lead = teams.lead_of(team)
    if lead is None:
        return "The team has no lead"
    if lead.person.is_gone:
        return f"{lead.person.name} {people.how_gone(lead.person)}"
    people.load_aways(session, [lead.person])
    if any(periods.is_away(away, now) for away in lead.person.aways):
        return f"{lead.person.name} is away"
    rhythm = sprints.cadence_of(session, team)
    first = rhythm.calendar.working_day(starts_on)
    where = Whereabouts(lead.person.zone or team.zone, lead.person.country, lead.person.weekend)
    works = asking_times.calendar_of(rhythm, where)
    return None if works.is_working_day(first) else f"{lead.person.name} has a holiday on {weekday(first)}"


def require_finalizer(session: Session, team: Team, by: str, starts_on: date, now: datetime) -> Person | None:
    """Raise Refusal unless `by` leads the team or finalizes for its lead. Returns for whom, if for somebody else."""
    lead = teams.lead_of(team)
    if lead is not None and lead.person_id == by:
        return None
    teams.require_member(team, by, to="finalize its plan")
    if why_not_the_lead(session, team, starts_on, now) is None:
        teams.require_lead(team, by, to="finalize the plan")
    return lead.person if lead is not None else None


def _require_turn(session: Session, team: Team, starts_on: date, sprint: Sprint | None, now: datetime) -> None:
    if sprint is not None and (sprint.asked_at is not None or sprint.finalized_at is not None):
        return
    last = sequence.last_planned(session, team.id, starts_on)
    if last is not None and not sprints.is_over(last, now):
        opens = sprints.cadence_of(session, team).opens_on(starts_on)
        raise Refusal(
            f"The turn to this sprint comes on {weekday(opens)}. You can finalize its plan from then on: "
            "first comes what happened and what the team learned.",
            field="direction",
        )


def finalize(session: Session, final: Final, *, by: str, now: datetime) -> Sprint:
    """Make the plan final, or final again.

    Raises Refusal unless `by` leads the team or finalizes for its lead, and saw the latest version. The notes of the sprint
    before are revealed first, in `turns.finalize`.
    """
    team = teams.get(session, final.team_id)
    for_whom = require_finalizer(session, team, by, final.starts_on, now)
    sprint = beginnings.at(session, team, final.starts_on, now=now)
    sprints.require_open(sprint, now, field="direction")
    _require_turn(session, team, final.starts_on, sprint, now)
    if sprint.asked_at is not None and sprint.gathered_at is None:
        raise Refusal("The notes are not revealed yet. Open *Finalize* again.", field="direction")
    if sprint.revision != final.revision:
        name = sprint.finalized_by.name if sprint.finalized_by else "Somebody"
        raise Refusal(
            f"{name} finalized this plan a moment ago. Copy what you wrote, and open *Finalize* again to see it.",
            field="direction",
        )
    if not final.direction.strip():
        raise Refusal("Give the sprint a direction: one sentence is enough.", field="direction")
    retro = wrapping_up.to_look_back(session, team, sprint.starts_on)
    carrying.settle(session, sprint, now=now)
    was = reopening.before(session, sprint, retro)
    sprint.revision += 1
    before = _said(sprint)
    session.add_all(_order(sprint, final, by, now))
    sprint.direction, sprint.impacted = final.direction.strip(), final.impacted.strip()
    sprint.finalized_at, sprint.finalized_by_id = now, by
    sprint.finalized_for_id = for_whom.id if for_whom is not None else None
    if retro is not None:
        closings.improve(session, retro, final.improvement, by=by, now=now)
    session.flush()
    sprint = sprints.load(session, sprint.id)
    session.add_all(_rewritten(sprint, before, _said(sprint), by, now))
    session.flush()
    contents.show(session, sprint, now=now)
    posts.redraw(session, cards.PLAN_CARD, sprint.id, now=now)
    sprint = sprints.load(session, sprint.id)
    reopening.remember(session, sprint, was, by=by, now=now)
    return sprint


def _said(sprint: Sprint) -> dict[ChangeKind, str]:
    return {ChangeKind.DIRECTION: sprint.direction, ChangeKind.IMPACTED: sprint.impacted}


def _rewritten(
    sprint: Sprint, before: Mapping[ChangeKind, str], after: Mapping[ChangeKind, str], by: str, now: datetime
) -> list[Change]:
    """What stood there and says something else now. What was empty before is no change: the plan shows it."""
    return [
        contents.log_change(sprint, by, kind, text, after[kind], now)
        for kind, text in before.items()
        if text and text != after[kind]
    ]


def _order(sprint: Sprint, final: Final, by: str, now: datetime) -> list[Change]:
    items = {item.id: item for item in contents.active(sprint)}
    was_high = [item.id for item in items.values() if item.priority == Priority.HIGH]
    # Only what the lead moved in the form is the lead's change; the rest is as its owner has it by now.
    moved = set(final.high) ^ set(final.shown_high)
    kept = [item_id for item_id in dict.fromkeys(final.high) if item_id in moved or item_id in was_high]
    others = [item_id for item_id in was_high if item_id not in final.high and item_id not in moved]
    now_high = [item_id for item_id in [*kept, *others] if item_id in items]
    changes = []
    for item_id in now_high:
        if items[item_id].priority != Priority.HIGH:
            changes.append(contents.log_change(sprint, by, ChangeKind.RAISED, items[item_id].title, "", now))
    for item_id in was_high:
        if item_id not in now_high:
            changes.append(contents.log_change(sprint, by, ChangeKind.LOWERED, items[item_id].title, "", now))
    changes += [
        contents.log_change(sprint, by, ChangeKind.REORDERED, items[item_id].title, str(place), now)
        for place, item_id in _moved_up(was_high, now_high)
    ]
    # What was promised before stands first among the side quests.
    rest = sorted((item_id for item_id in items if item_id not in now_high), key=lambda each: not items[each].carried)
    for position, item_id in enumerate([*now_high, *rest], start=1):
        items[item_id].position = position
        items[item_id].priority = Priority.HIGH if item_id in now_high else Priority.SIDE
    return changes


def _moved_up(before: Sequence[int], after: Sequence[int]) -> list[tuple[int, int]]:
    """The items that the lead put ahead of one that stood before them, with their new place, counted from 1."""
    stayed = [item_id for item_id in before if item_id in after]
    moved = []
    for item_id in after:
        if item_id in stayed:
            if stayed[0] != item_id:
                moved.append((after.index(item_id) + 1, item_id))
            stayed.remove(item_id)
    return moved


def latest_changes(sprint: Sprint) -> list[Change]:
    """What the lead changed with the latest finalization."""
    owners = (ChangeKind.ADDED, ChangeKind.DROPPED)
    return [change for change in sprint.changes if change.revision == sprint.revision and change.kind not in owners]
