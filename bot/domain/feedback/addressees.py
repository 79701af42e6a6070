"""Who gets the feedback: finds the person in what somebody typed, and checks that it can reach them."""

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
    """What somebody typed after the command: the receiver, if clear, and what they saw.

    `unclear` is a name that fits nobody, or several people.
    """

    person: Person | None
    words: str
    unclear: str = ""


def addressed(session: Session, text: str) -> Addressed:
    """Find the person named first after the command, as a mention or as `@ada`.

    It never guesses between two people with one name.
    """
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
    """The person who wrote the message in question, if a person did."""
    return session.get(Person, person_id) if person_id else None


def receiver(session: Session, person_id: str | None, *, giver_id: str, field: str = "person") -> Person:
    """The person the feedback is for. Raises Refusal, under the field, for the giver and for people it would not reach."""
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
            field=field,
        )
    return person
