"""What holds for the whole company: its channels and its zone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.company import parts, people
from bot.domain.company.parts import Part
from bot.domain.text import emoji
from bot.platform import zones
from bot.platform.errors import Refusal
from models.company import WEEKEND, Company, Person
from models.sharing import Follower
from models.teams import Team

LONGEST_WEEKEND = 3  # four working days are the fewest that a rhythm of planning, reminder and start has room in


@dataclass(frozen=True)
class CompanySetup:
    """The form of `/prickle setup`. `weekend` holds weekdays as digits; 0 is Monday. A company may do without intake.

    `parts` are those that were ticked, of those that can be; None for a form that did not ask.
    """

    sprint_channel: str
    intake_channel: str | None
    zone: str
    weekend: str = WEEKEND
    parts: Collection[Part] | None = None


@dataclass(frozen=True)
class Intake:
    """What makes a request in the intake channel: every message but those with the prefix, and any with the emoji."""

    prefix: str
    emoji: str


def current(session: Session) -> Company:
    """The company, read once in a session."""
    # The session itself forgets a row that nobody holds, and a plan's rules ask for this one again and again.
    found = session.info[Company] = session.get_one(Company, 1)
    return found


def set_up(session: Session, setup: CompanySetup, *, by: str, now: datetime) -> Company:
    """Choose the company's channels, zone and weekend. Raises Refusal unless `by` is an admin of the workspace."""
    require_admin(session, by)
    company = session.get_one(Company, 1, with_for_update=True)
    if setup.sprint_channel == setup.intake_channel:
        raise Refusal(
            "Choose two different channels: in one, plans and requests would drown each other.",
            field="intake_channel",
        )
    if setup.intake_channel is None and company.intake_channel_id is not None:
        raise Refusal(
            "There is an intake channel already. You can choose another one, but not leave this empty.",
            field="intake_channel",
        )
    company.sprint_channel_id = setup.sprint_channel
    company.intake_channel_id = setup.intake_channel
    company.zone = known_zone(setup.zone)
    weekend = sensible_weekend(setup.weekend)
    if weekend != company.weekend:
        # Every team is asked on other days from now on.
        session.execute(update(Team).where(or_(Team.next_at.is_(None), Team.next_at > now)).values(next_at=now))
        session.execute(update(Follower).where(Follower.next_at > now).values(next_at=now))
    company.weekend = weekend
    if setup.parts is not None:
        company.parts = parts.written(setup.parts)
    company.set_up_by_id = by
    return company


def set_intake(session: Session, intake: Intake, *, by: str) -> Company:
    """Choose what makes a request. Raises Refusal unless `by` is an admin of the workspace, and for what can't be."""
    require_admin(session, by)
    company = session.get_one(Company, 1, with_for_update=True)
    prefix = intake.prefix.strip()
    if not prefix:
        raise Refusal("Type the beginning of a message that is only talk, such as `:speech_balloon:`.", field="prefix")
    if len(prefix) > emoji.NAME_LENGTH:
        raise Refusal(f"Use at most {emoji.NAME_LENGTH} characters.", field="prefix")
    company.intake_prefix = prefix
    company.intake_emoji = emoji.name(intake.emoji, example="hedgehog", field="emoji")
    session.flush()
    return company


def sensible_weekend(weekdays: str) -> str:
    """These weekdays, each once and in order. Raises Refusal unless they are one to three."""
    chosen = "".join(sorted(set(weekdays)))
    if not 1 <= len(chosen) <= LONGEST_WEEKEND:
        raise Refusal(f"Choose one to {LONGEST_WEEKEND} days on which nobody works.", field="weekend")
    return chosen


def note_start(session: Session, url: str, workspace_id: str, *, feedback: bool, public_url: str | None = None) -> None:
    """Keep which workspace this is, its address with a slash at its end, whether there is a key for feedback, and our address."""
    company = current(session)
    company.workspace_url, company.workspace_id = url, workspace_id
    company.feedback_on, company.public_url = feedback, public_url


def require_admin(session: Session, person_id: str) -> None:
    """Raise Refusal unless this person is an admin of the Slack workspace."""
    if not people.known(session, person_id).is_admin:
        raise Refusal("Only an admin of this Slack workspace can set Prickle up. Ask one to run `/prickle setup`.")


def admins(session: Session) -> Sequence[str]:
    """The admins of the workspace who are here."""
    return session.scalars(_ADMINS).all()


def responsible(session: Session) -> str | None:
    """Who hears about the company's channels: the person who set it up, or once they have left, another admin."""
    return session.scalar(_ADMINS.order_by(Person.id != current(session).set_up_by_id, Person.id).limit(1))


_ADMINS: Select[str] = select(Person.id).where(Person.is_admin, Person.is_bot.is_(False), Person.is_gone.is_(False))


def waits_for(session: Session, person_id: str) -> bool:
    """Whether the company is still to be set up, and this person is an admin who can do it."""
    person = session.get(Person, person_id)
    return person is not None and person.is_admin and current(session).sprint_channel_id is None


def known_zone(zone: str) -> str:
    """`zone`, if it is an IANA name. Raises Refusal otherwise."""
    if zones.known(zone) is None:
        raise Refusal("Choose a time zone from the list: type a city, such as Berlin.", field="zone")
    return zone
