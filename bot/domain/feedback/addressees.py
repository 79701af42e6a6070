"""To whom feedback goes: reading it from what somebody typed, and whether it can go there."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.platform.errors import Refusal
from models.company import Person

MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
GOES_ON = re.compile(r"[._-]*\w")


@dataclass(frozen=True)
class Addressed:
    """What somebody typed behind the command: to whom, if that is clear, and what they saw. `unclear` is a name that is not."""

    person: Person | None
    words: str
    unclear: str = ""


def addressed(session: Session, text: str) -> Addressed:
    """Whom the words behind the command name first, as Slack's mention or as `@ada`; no guess where two are called so."""
    mention = MENTION.match(text)
    if mention:
        return Addressed(session.get(Person, mention[1]), text[mention.end() :].strip())
    first, _, rest = text.partition(" ")
    is_name = text.startswith("@")
    typed = text.removeprefix("@")
    everybody = _called(session)
    whole = [(person_id, name) for person_id, name in everybody if _begins_with(typed, name)]
    length = max((len(name) for _, name in whole), default=0)
    found = {person_id for person_id, name in whole if len(name) == length}
    if not found and is_name:
        begun = first.removeprefix("@").casefold()
        length = len(begun)
        found = {person_id for person_id, name in everybody if begun and name.casefold().startswith(begun)}
    if len(found) == 1:
        (person_id,) = found
        return Addressed(session.get(Person, person_id), typed[length:].strip(" ,:"))
    if is_name:
        return Addressed(None, rest.strip(), unclear=first)
    return Addressed(None, text)


def _called(session: Session) -> list[tuple[str, str]]:
    """What people are called, by the name that is shown and by their handle."""
    names = select(Person.id, Person.name, Person.handle)
    rows = session.execute(names.where(Person.is_bot.is_(False), Person.is_gone.is_(False)))
    return [(row.id, name) for row in rows for name in (row.name, row.handle) if name]


def _begins_with(typed: str, name: str) -> bool:
    # A dot or a dash with letters behind it belongs to the handle of somebody else: `@ada.lovelace` is no `@ada`.
    return typed[: len(name)].casefold() == name.casefold() and not GOES_ON.match(typed, len(name))


def find_person(session: Session, person_id: str | None) -> Person | None:
    """Whose message something is about, if it is somebody's."""
    return session.get(Person, person_id) if person_id else None


def receiver(session: Session, person_id: str | None, *, giver_id: str, field: str = "person") -> Person:
    """The person feedback is for. Raises Refusal, under the field, for oneself and for whom it would not reach."""
    person = session.get(Person, person_id) if person_id else None
    if person is None:
        raise Refusal("Choose who it is for.", field=field)
    if person.id == giver_id:
        raise Refusal("This is you. Choose somebody else, or ask others with `/give-feedback ask`.", field=field)
    if person.is_bot:
        raise Refusal(f"{person.name} is an app and won't read it. Tell the people who run it.", field=field)
    if person.is_deactivated:
        raise Refusal(f"{person.name}'s Slack account is deactivated, so it would reach nobody.", field=field)
    if person.is_gone:
        kind = "from another organization" if person.is_stranger else "a guest here"
        raise Refusal(
            f"{person.name} is {kind}, and Prickle writes to people of the company only. Tell them directly.",
            field="person",
        )
    return person
