"""A calendar as calendar programs read it: iCalendar, RFC 5545."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from bot.domain.calendar.cadence import A_DAY
from bot.domain.subscriptions.events import Event, Feed, Kind
from bot.domain.subscriptions.versions import Version

MADE_BY = "-//Prickle//Prickle//EN"
AGAIN_AFTER = timedelta(hours=1)
ANYBODY = "Anybody may come."
MINE: Mapping[Kind, str] = {
    Kind.SPRINT: "{team}: sprint",
    Kind.TURN: "{team}: wrap up and plan",
    Kind.HERO: "{team}: you're support hero",
    Kind.AWAY: "You're away",
    Kind.MEETING: "{team}: planning meeting",
}
TEAMS: Mapping[Kind, str] = {
    Kind.SPRINT: "{team}: sprint",
    Kind.HERO: "{team}: {who} is support hero",
    Kind.AWAY: "{who} is away",
    Kind.REVEAL: "{team}: retro notes are revealed",
    Kind.MEETING: "{team}: planning meeting",
}


def ics(feed: Feed, versions: Mapping[str, Version]) -> bytes:
    """The whole calendar. The same events in the same versions are the same bytes."""
    calendar = Calendar()
    name = f"Team {_plain(feed.team)}" if feed.team else "Prickle"
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what Google, Apple and Outlook read instead
    calendar.add("refresh-interval", AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    words = TEAMS if feed.team else MINE
    for event in sorted(feed.events, key=lambda each: (str(each.starts), each.kind, each.uid)):
        calendar.add_component(_entry(event, words[event.kind], versions[event.uid]))
    return bytes(calendar.to_ical())


def _entry(event: Event, words: str, version: Version) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", _seconds(version.changed_at))
    entry.add("last-modified", _seconds(version.changed_at))
    entry.add("sequence", version.sequence)
    entry.add("summary", words.format(team=_plain(event.team), who=_plain(event.who)))
    entry.add("dtstart", event.starts)
    entry.add("dtend", _end(event.ends))
    entry.add("transp", "OPAQUE" if event.kind is Kind.MEETING else "TRANSPARENT")
    if event.kind is Kind.MEETING:
        entry.add("description", f"{ANYBODY} {event.link}".strip())
        if event.link:
            entry.add("location", event.link)
            entry.add("url", event.link)
    return entry


def _end(last: date | datetime) -> date | datetime:
    """The instant, or of days the one after the last: iCalendar ends before its end."""
    return last if isinstance(last, datetime) else last + A_DAY


def _seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _plain(name: str) -> str:
    """A name on one line, without what no calendar takes."""
    return "".join(letter if letter.isprintable() else " " for letter in name)
