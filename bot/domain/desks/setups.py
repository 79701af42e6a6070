"""Setting the AI team's desks up: who may, and what a desk has to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.desks import desks, duties, rota_card
from bot.domain.desks.duties import OnTriage
from bot.domain.teams import foundings, teams
from bot.domain.teams.channels import Channel
from bot.platform.errors import Refusal
from models.company import Company, Person
from models.desks import Desk

NAME_LENGTH, OWNS_LENGTH = 60, 300


@dataclass(frozen=True)
class DeskForm:
    """What a desk is. Its people are the members of a channel or of a user group, and those of its small team."""

    name: str
    owns: str
    team: int | None
    lead: str
    channel: str | None
    usergroup: str | None


@dataclass(frozen=True)
class DeskSetup:
    """What `/reach-out setup` shows a viewer, who is an admin of the workspace or leads a desk."""

    turns: Sequence[OnTriage]
    company: Company
    viewer: str
    is_admin: bool

    def may_edit(self, desk: Desk) -> bool:
        """Whether the viewer may change this desk."""
        return self.is_admin or _leads(desk, self.viewer)


def read(session: Session, viewer: str, *, now: datetime) -> DeskSetup:
    """The desks, to be set up. Raises Refusal unless the viewer is an admin of the workspace or leads a desk."""
    shown = found(session, viewer, now=now)
    if shown is None:
        leads = ", ".join(f"{turn.desk.lead.name} ({turn.desk.name})" for turn in duties.triage(session, now=now))
        others = f", and a desk's lead their own: {leads}" if leads else ""
        raise Refusal(f"Only an admin of this Slack workspace sets desks up{others}. Ask one of them.")
    return shown


def found(session: Session, viewer: str, *, now: datetime) -> DeskSetup | None:
    """The same; None for a viewer who may set nothing up."""
    is_admin = people.known(session, viewer).is_admin
    turns = duties.triage(session, now=now)
    if not is_admin and not any(_leads(turn.desk, viewer) for turn in turns):
        return None
    return DeskSetup(turns, company.current(session), viewer, is_admin)


def require_setter(session: Session, desk_id: int | None, person_id: str) -> None:
    """Raise Refusal unless this person may change that desk, or with None may found one."""
    if people.known(session, person_id).is_admin:
        return
    desk = desks.load(session, desk_id) if desk_id is not None else None
    if desk is None or not _leads(desk, person_id):
        lead = desk.lead if desk else None
        other = f" or {lead.name}, its lead," if lead else ""
        raise Refusal(f"Only an admin of this Slack workspace{other} can do that. Ask one of them.")


def _leads(desk: Desk, person_id: str) -> bool:
    """Whether this person leads the desk; once its lead is gone, everybody at it may choose the next one."""
    if not desk.lead.is_gone:
        return desk.lead_id == person_id
    return any(person.id == person_id for person in desks.people_of(desk))


def require_channel(channel: Channel | None) -> None:
    """Raise Refusal for a channel whose members can't answer at a desk; None is one that Slack does not know."""
    if channel is None:
        raise Refusal("Slack knows no such channel any more. Choose another one.", field="channel")
    if channel.is_archived:
        raise Refusal(f"#{channel.name} is archived. Unarchive it, or choose another channel.", field="channel")
    if channel.is_shared:
        words = "Choose one in which only your own people are."
        raise Refusal(f"#{channel.name} is shared with another company. {words}", field="channel")


def save(session: Session, desk_id: int | None, form: DeskForm, *, by: str, now: datetime) -> Desk:
    """Found a desk, or change this one. Its people are those of its small team until Slack has told of the others.

    Raises Refusal unless `by` is an admin or leads this desk, and for what can't be.
    """
    require_setter(session, desk_id, by)
    desk = desks.load(session, desk_id, lock=True) if desk_id is not None else Desk(created_at=now)
    name, owns = " ".join(form.name.split()), " ".join(form.owns.split())
    _require_words(name, owns)
    if form.channel and form.usergroup:
        raise Refusal("Choose a channel or a user group, not both.", field="usergroup")
    if form.team is None:
        raise Refusal("Choose the desk's small team: Prickle books its engineers by that team's sprints.", field="team")
    key = name.casefold()
    if session.scalar(select(Desk.id).where(Desk.name_key == key, Desk.id != (desk_id or 0))) is not None:
        raise _taken(name)
    team = teams.get(session, form.team, lock=True)
    teams.require_open(team, field="team")
    desk.team_id, desk.lead_id = team.id, _lead(session, form.lead).id
    desk.name, desk.name_key, desk.owns = name, key, owns
    desk.channel_id, desk.usergroup_id = form.channel, form.usergroup
    session.add(desk)
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise _taken(name) from None  # two people founded it in the same moment
    rota_card.show(session, now=now)
    return desks.load(session, desk.id)


def _require_words(name: str, owns: str) -> None:
    if not name:
        raise Refusal("Give the desk a name, such as PostHog AI.", field="name")
    if len(name) > NAME_LENGTH:
        raise Refusal(f"Use at most {NAME_LENGTH} characters for the name.", field="name")
    if foundings.MARKUP & set(name):
        raise Refusal(
            "Leave asterisks, underscores, tildes and backquotes out of the name: Slack would take them for formatting.",
            field="name",
        )
    if not owns:
        raise Refusal("Say in one line what the desk owns, so that people know where they belong.", field="owns")
    if len(owns) > OWNS_LENGTH:
        raise Refusal(f"Say it in at most {OWNS_LENGTH} characters.", field="owns")


def _taken(name: str) -> Refusal:
    return Refusal(f"There is a desk called {name} already. Choose another name.", field="name")


def _lead(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal(people.NOBODY, field="lead")
    if person.is_bot:
        raise Refusal(f"{person.name} is an app, and a desk is led by a person. Choose somebody else.", field="lead")
    return people.require_here(person, "lead")
