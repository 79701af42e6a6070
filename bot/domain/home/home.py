"""What the Home tab shows somebody: what is theirs to do, their team, the teams they follow. Eight small queries at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.company import parts
from bot.domain.company.parts import ALWAYS, Part
from bot.domain.desks import duties
from bot.domain.home import small_lists
from bot.domain.home.small_lists import Listed
from bot.domain.intake import queues
from bot.domain.intake.queues import Waits
from bot.domain.retros import actions
from bot.domain.sprints import overviews
from bot.domain.sprints.overviews import Overview
from bot.domain.teams import teams
from models.company import Company, Person
from models.retros import Action
from models.sprints import Mark
from models.teams import Lost, Team


@dataclass(frozen=True)
class RetroLine:
    """The team's retro that is open: of which sprint, whether its notes are hidden, and whether the viewer has said theirs."""

    id: int
    starts_on: date
    ends_on: date
    is_hidden: bool
    answered: bool


@dataclass(frozen=True)
class Followed:
    """A team that somebody follows, and its sprint that runs, or is next: its dates and where its items stand, if any."""

    team_id: int
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    marks: Mapping[Mark, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Home:
    """The overview of somebody's team, or the teams there are for somebody who has none.

    `to_set_up` for an admin whose company is not; `lost` is the intake channel, and why nothing can be posted there, for an
    admin as well, and `lost_sprints` the same of the sprint channel. `triage` names each desk, and who answers first there.
    `settled` are the actions that they settled a moment ago. `waiting` are the requests that wait on them, `comments` those on their plan that wait for their answer,
    `answers` recent answers to their requests, `actions` what
    a retro gave them to do, `kept` the feedback that they made an action, and `told` what somebody told them lately: of
    feedback nothing is here but from whom it is and when it came. `followed` are the first of the teams that they follow,
    `follows` of them in all. `parts` are those that are on.
    """

    overview: Overview | None
    teams: Sequence[Team] = ()
    to_set_up: bool = False
    triage: Sequence[tuple[str, str | None]] = ()
    waiting: Waits = Waits()  # noqa: RUF009  (it is frozen)
    comments: Listed = Listed()  # noqa: RUF009  (it is frozen)
    answers: Listed = Listed()  # noqa: RUF009  (it is frozen)
    actions: Listed = Listed()  # noqa: RUF009  (it is frozen)
    kept: Listed = Listed()  # noqa: RUF009  (it is frozen)
    told: Listed = Listed()  # noqa: RUF009  (it is frozen)
    retro: RetroLine | None = None
    followed: Sequence[Followed] = ()
    follows: int = 0
    lost: tuple[str, Lost] | None = None
    lost_sprints: tuple[str, Lost] | None = None
    parts: frozenset[Part] = ALWAYS
    settled: Sequence[Action] = ()


def for_person(session: Session, person_id: str, *, now: datetime) -> Home:
    """What this person's Home shows now."""
    # They are kept at hand: who asks for the company or for this person below need not ask the database again.
    company, person = session.execute(_COMPANY_AND_PERSON, {"me": person_id}).one()
    overview = overviews.for_person(session, person_id, now=now, everything=True)
    on_duty = duties.at_each_desk(session, now=now)
    on_triage = [duty.desk_id for duty in on_duty if duty.person_id == person_id]
    waiting = queues.waiting_on(session, person_id, on_triage, most=small_lists.SHOWN)
    lists = small_lists.read(session, person_id, overview, now)
    followed = lists.all("followed")
    is_admin = person is not None and person.is_admin
    return Home(
        overview=overview,
        teams=[] if overview else teams.with_a_free_seat(session),
        to_set_up=is_admin and company.sprint_channel_id is None,
        lost=_lost(company) if is_admin else None,
        lost_sprints=_lost_sprints(company) if is_admin else None,
        parts=parts.given(bool(on_duty), company.feedback_on, company.parts),
        triage=[(duty.desk, duty.person) for duty in on_duty],
        waiting=waiting,
        comments=lists.of("comment", company.workspace_url),
        answers=lists.of("answer", company.workspace_url),
        actions=lists.of("action"),
        kept=lists.of("kept"),
        told=lists.of("told"),
        retro=_retro(lists.first("retro")),
        followed=[_followed_team(row) for row in followed],
        follows=followed[0].total if followed else 0,
        settled=_settled(session, person_id, overview, now),
    )


def _settled(session: Session, person_id: str, overview: Overview | None, now: datetime) -> list[Action]:
    if overview is None or not overview.acted_lately:
        return []
    return actions.settled_lately(session, overview.team_id, person_id, now=now)


def of_team(session: Session, person_id: str, *, now: datetime) -> Home:
    """The part of it that the window of `/sprint` shows, too."""
    overview = overviews.for_person(session, person_id, now=now)
    return Home(overview, [] if overview else teams.with_a_free_seat(session))


def _lost(company: Company) -> tuple[str, Lost] | None:
    if company.intake_channel_id is None or company.intake_archived_at is None:
        return None
    return company.intake_channel_id, Lost(company.intake_lost or Lost.ARCHIVED)


def _lost_sprints(company: Company) -> tuple[str, Lost] | None:
    if company.sprint_channel_id is None or company.sprint_lost is None:
        return None
    return company.sprint_channel_id, Lost(company.sprint_lost)


def _retro(row: Any) -> RetroLine | None:
    return RetroLine(row.id, row.on_day, row.until, row.title == "hidden", bool(row.number)) if row else None


def _followed_team(row: Any) -> Followed:
    marks = {mark: number for mark in Mark if (number := getattr(row, mark.value))}
    return Followed(row.id, row.name, row.on_day, row.until, marks)


_COMPANY_AND_PERSON = select(Company, Person).outerjoin(Person, Person.id == bindparam("me")).where(Company.id == 1)
