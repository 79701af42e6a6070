"""The lead's word: giving a plan its direction and order, which makes it final, and what that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.calendar import wording
from bot.domain.company import people
from bot.domain.outbox import posts
from bot.domain.planning import plans
from bot.domain.planning.plans import DaysOffEntry
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.sprints import Absence, Change, ChangeKind, Priority, Sprint


@dataclass(frozen=True)
class Final:
    """The lead's form. `high` holds the ids of the high priority items in order.

    `shown_high` and `absent` are what the form showed: what owners wrote while it was open stands.
    """

    team_id: int
    starts_on: date
    revision: int
    shown_high: Sequence[int]
    absent: Sequence[str]
    direction: str
    hero: str | None
    off: Mapping[str, DaysOffEntry]
    impacted: str
    high: Sequence[int]


def draft(session: Session, team_id: int, starts_on: date | None, *, by: str, now: datetime) -> Sprint:
    """What the lead's form shows; a sprint that nobody wrote for yet is not stored by looking at it.

    Raises Refusal unless `by` leads the team.
    """
    team = teams.get(session, team_id)
    teams.require_lead(team, by, to="finalize the plan")
    planning, sprint = plans.meant(session, team, starts_on, now)
    if sprint is not None:
        return sprint
    people.load_aways(session, [member.person for member in team.members])
    dates = planning.dates
    return Sprint(
        team=team,
        team_id=team.id,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        direction="",
        impacted="",
        revision=0,
    )


def finalize(session: Session, final: Final, *, by: str, now: datetime) -> Sprint:
    """Make the plan final, or final again. Raises Refusal unless `by` leads the team and saw the latest version."""
    team = teams.get(session, final.team_id)
    teams.require_lead(team, by, to="finalize the plan")
    sprint = sprints.at(session, team, final.starts_on, now=now)
    sprints.require_open(sprint, now, field="direction")
    if sprint.revision != final.revision:
        name = sprint.finalized_by.name if sprint.finalized_by else "Somebody"
        raise Refusal(
            f"{name} finalized this plan a moment ago. Copy what you wrote, and open *Finalize* again to see it.",
            field="direction",
        )
    if not final.direction.strip():
        raise Refusal("Give the sprint a direction: one sentence is enough.", field="direction")
    if final.hero is not None and not teams.is_member(sprint.team, final.hero):
        raise Refusal(f"The support hero is one of the team. Choose somebody of {sprint.team.name}.", field="hero")
    sprint.revision += 1
    before = _said(sprint)
    session.add_all(_order(sprint, final, by, now))
    sprint.direction, sprint.hero_id = final.direction.strip(), final.hero
    sprint.impacted = final.impacted.strip()
    sprint.finalized_at, sprint.finalized_by_id = now, by
    _write_absences(session, sprint, final)
    session.flush()
    sprint = sprints.load(session, sprint.id)
    session.add_all(_rewritten(sprint, before, _said(sprint), by, now))
    session.flush()
    plans.show(session, sprint, now=now)
    posts.redraw(session, sprints.PLAN_CARD, sprint.id, now=now)
    return sprints.load(session, sprint.id)


def _said(sprint: Sprint) -> dict[ChangeKind, str]:
    return {
        ChangeKind.DIRECTION: sprint.direction,
        ChangeKind.HERO: sprint.hero.name if sprint.hero else "",
        ChangeKind.OFF: ", ".join(
            wording.off(each.person.name, each.starts_on, each.ends_on) for each in sprint.absences
        ),
        ChangeKind.IMPACTED: sprint.impacted,
    }


def _rewritten(
    sprint: Sprint, before: Mapping[ChangeKind, str], after: Mapping[ChangeKind, str], by: str, now: datetime
) -> list[Change]:
    """What stood there and says something else now. What was empty before is no change: the plan shows it."""
    return [
        plans.log_change(sprint, by, kind, text, after[kind], now)
        for kind, text in before.items()
        if text and text != after[kind]
    ]


def _order(sprint: Sprint, final: Final, by: str, now: datetime) -> list[Change]:
    items = {item.id: item for item in plans.active(sprint)}
    was_high = [item.id for item in items.values() if item.priority == Priority.HIGH]
    # Only what the lead moved in the form is the lead's change; the rest is as its owner has it by now.
    moved = set(final.high) ^ set(final.shown_high)
    kept = [item_id for item_id in dict.fromkeys(final.high) if item_id in moved or item_id in was_high]
    others = [item_id for item_id in was_high if item_id not in final.high and item_id not in moved]
    now_high = [item_id for item_id in [*kept, *others] if item_id in items]
    changes = []
    for item_id in now_high:
        if items[item_id].priority != Priority.HIGH:
            changes.append(plans.log_change(sprint, by, ChangeKind.RAISED, items[item_id].title, "", now))
    for item_id in was_high:
        if item_id not in now_high:
            changes.append(plans.log_change(sprint, by, ChangeKind.LOWERED, items[item_id].title, "", now))
    changes += [
        plans.log_change(sprint, by, ChangeKind.REORDERED, items[item_id].title, str(place), now)
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


def _write_absences(session: Session, sprint: Sprint, final: Final) -> None:
    existing = {absence.person_id: absence for absence in sprint.absences}
    for person_id in final.absent:
        if person_id in existing and person_id not in final.off:
            session.delete(existing[person_id])
    for person_id, days in final.off.items():
        if not teams.is_member(sprint.team, person_id) and person_id not in existing:
            raise Refusal(f"Only people of {sprint.team.name} can be off its sprint.", field="off")
        starts_on, ends_on = plans.within(sprint, days, (f"off_from_{person_id}", f"off_until_{person_id}"))
        row = existing.get(person_id) or Absence(sprint_id=sprint.id, person_id=person_id)
        row.starts_on, row.ends_on = starts_on, ends_on
        session.add(row)


def latest_changes(sprint: Sprint) -> list[Change]:
    """What the lead changed with the latest finalization."""
    owners = (ChangeKind.ADDED, ChangeKind.DROPPED)
    return [change for change in sprint.changes if change.revision == sprint.revision and change.kind not in owners]
