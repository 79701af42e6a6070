"""What holds for the whole company: its channels and its zone."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from bot.domain import people
from bot.errors import Refusal
from models.company import Company
from models.people import Person


@dataclass(frozen=True)
class Setup:
    """The form of `/prickle setup`."""

    sprint_channel: str
    intake_channel: str
    zone: str


def current(session: Session) -> Company:
    """The company."""
    return session.get_one(Company, 1)


def set_up(session: Session, setup: Setup, *, by: str) -> Company:
    """Choose the company's channels and zone. Raises Refusal unless `by` is an admin of the workspace."""
    require_admin(session, by)
    company = session.get_one(Company, 1, with_for_update=True)
    if setup.sprint_channel == setup.intake_channel:
        raise Refusal(
            "Choose two channels: plans and requests in one would drown each other.",
            field="intake_channel",
        )
    company.sprint_channel_id = setup.sprint_channel
    company.intake_channel_id = setup.intake_channel
    company.zone = known_zone(setup.zone)
    company.set_up_by_id = by
    return company


def note_workspace(session: Session, url: str) -> None:
    """Keep where Slack says that the workspace is: an address with a slash at its end."""
    current(session).workspace_url = url


def require_admin(session: Session, person_id: str) -> None:
    """Raise Refusal unless this person is an admin of the Slack workspace."""
    if not people.known(session, person_id).is_admin:
        raise Refusal("Only an admin of this Slack workspace can set Prickle up. Ask one to run `/prickle setup`.")


def waits_for(session: Session, person_id: str) -> bool:
    """Whether the company is still to be set up, and this person is an admin who can do it."""
    person = session.get(Person, person_id)
    return person is not None and person.is_admin and current(session).sprint_channel_id is None


def known_zone(zone: str) -> str:
    """`zone`, if it is an IANA name. Raises Refusal otherwise."""
    if zone not in _zones():
        raise Refusal("Choose a time zone from the list: type a city, such as Berlin.", field="zone")
    return zone


def search_zones(text: str, *, limit: int = 100) -> list[str]:
    """IANA zones with `text` in their name, those that begin a word with it first. 100 is what a Slack menu takes."""
    wanted = text.strip().casefold().replace(" ", "_")
    found = [zone for zone in _zones() if wanted in zone.casefold()]
    return sorted(found, key=lambda zone: (not _begins_a_word(zone, wanted), zone))[:limit]


def _begins_a_word(zone: str, wanted: str) -> bool:
    return any(part.casefold().startswith(wanted) for part in zone.split("/"))


@cache
def _zones() -> frozenset[str]:
    # Reading them walks the time zone files on disk, which is too slow to do while somebody types.
    return frozenset(available_timezones())
