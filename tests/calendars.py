"""A calendar program, and what two readers of iCalendar that know nothing of each other make of a calendar."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection, HTTPMessage
from typing import Any

import icalendar
from ical.calendar_stream import IcsCalendarStream

from bot.serving.calendars import Calendars
from bot.serving.web import Web
from sandbox.people.person import Person
from tests.world import PUBLIC_URL, World

ADDRESS = re.compile(rf"{re.escape(PUBLIC_URL)}(/calendar/[\w-]{{43}}\.ics)")


@dataclass(frozen=True)
class Seen:
    """An event, as a reader sees it. Of days the last one is `ends`, and not the one after it as in the file."""

    summary: str
    starts: date | datetime
    ends: date | datetime
    uid: str
    sequence: int
    stamp: datetime
    location: str = ""
    description: str = ""


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    headers: HTTPMessage
    body: str

    @property
    def events(self) -> list[Seen]:
        """The events, which both readers see alike."""
        one, other = _by_icalendar(self.body), _by_ical(self.body)
        assert one == other
        return one

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Each event in words: when, until when and what, the earliest first."""
        seen = sorted(self.events, key=lambda each: (str(each.starts), each.summary))
        return [(_when(each.starts), _when(each.ends), each.summary) for each in seen]


class Program:
    """Asks the bot for calendars, over HTTP."""

    def __init__(self, port: int) -> None:
        self._port = port

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Said:
        """Ask for what is at this path."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        with closing(connection):
            connection.request(method, path, headers={name.replace("_", "-"): said for name, said in headers.items()})
            answer = connection.getresponse()
            return Said(answer.status, answer.headers, answer.read().decode())


@contextmanager
def served(world: World) -> Iterator[Program]:
    """The bot's front is up, as it is in Socket Mode with a public address."""
    web = Web(None, world.db, host="127.0.0.1", port=0, calendars=Calendars(world.db))
    web.start()
    try:
        yield Program(web.port)
    finally:
        web.stop()


def shown(person: Person) -> str:
    """The path of the address in the window."""
    found = ADDRESS.findall(str(person.view))
    assert len(found) == 1, person.view
    return str(found[0])


def subscribe(world: World, name: str, team: str = "") -> str:
    """Somebody makes an address for their own calendar, or for a team's. Returns its path."""
    person = world.person(name)
    if team:
        person.command(f"/small-team show {team}")
        person.click("team_calendar")
    else:
        person.command("/prickle calendar")
    person.click("calendar_make")
    path = shown(person)
    person.close_all()
    return path


def _by_icalendar(text: str) -> list[Seen]:
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors
    return sorted(map(_seen, calendar.walk("VEVENT")), key=lambda each: each.uid)


def _seen(event: Any) -> Seen:
    assert not event.errors
    said = {name: str(event.get(name, "")) for name in ("summary", "uid", "location", "description")}
    starts, ends = event.decoded("dtstart"), _last(event.decoded("dtend"))
    return Seen(starts=starts, ends=ends, sequence=int(event["sequence"]), stamp=event.decoded("dtstamp"), **said)


def _by_ical(text: str) -> list[Seen]:
    calendar = IcsCalendarStream.calendar_from_ics(text)
    return sorted((_read(event) for event in calendar.events), key=lambda each: each.uid)


def _read(event: Any) -> Seen:
    return Seen(
        summary=event.summary,
        starts=event.dtstart,
        ends=_last(event.dtend),
        uid=event.uid,
        sequence=event.sequence,
        stamp=event.dtstamp if event.dtstamp.tzinfo else event.dtstamp.replace(tzinfo=UTC),
        location=event.location or "",
        description=event.description or "",
    )


def _last(end: date | datetime) -> date | datetime:
    return end if isinstance(end, datetime) else end - timedelta(days=1)


def _when(at: date | datetime) -> str:
    return f"{at.astimezone(UTC):%m-%d %H:%M}" if isinstance(at, datetime) else f"{at:%m-%d}"
