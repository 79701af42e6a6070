"""What people see of a rhythm: the form in which the lead changes it, and what it means in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from bot.domain.calendar.cadence import PromptKind
from bot.domain.calendar.calendars import country_name
from bot.domain.calendar.wording import WEEKDAYS, city, count, days, short_day
from bot.domain.rhythm import schedules
from bot.domain.rhythm.rhythms import SHOWN, Preview, Rhythm
from bot.domain.rhythm.schedules import CLOSING, GATHERING, Upcoming
from bot.domain.teams import teams
from bot.views import kit
from bot.views.company.company import zone_field
from bot.views.kit import Block, Fields, View, countries, keys
from bot.views.teams.foundings import weekday_field, weeks_field

EDIT = "rhythm_edit"
PREVIEW = "preview"
SEARCH_COUNTRY = "country"
PART = "rhythm_part"
NO_HOLIDAYS = "No public holidays"
# The fields of the form, each of which tells what was chosen as soon as it is.
FIELDS = (
    "sprint_weeks",
    "start_weekday",
    "zone",
    "country",
    PART,
    "turn_days",
    "turn_at",
    "reminder_at",
    "nudge_at",
)
KINDS = {
    PromptKind.TURN: "Wrap up and plan",
    PromptKind.REMINDER: "One reminder",
    GATHERING: "Reveal, and the lead finalizes, at the latest",
    CLOSING: "The retro closes",
}
LINE = 1_200  # six people with long names, each in a zone of their own, need about half of it


def view(preview: Preview, viewer: str) -> View:
    """The team's rhythm: the form for its lead, and for everybody else what it means."""
    return form(preview) if teams.leads(preview.team, viewer) else meaning(preview)


def meaning(preview: Preview) -> View:
    """What the team's rhythm means, to read."""
    lead = teams.lead_of(preview.team)
    foot = f"Its lead, {kit.escape(lead.person.name)}, can change it." if lead else "Its lead can change it."
    return kit.modal("rhythm", "Rhythm", [kit.section(_head(preview)), *_preview_blocks(preview), kit.context(foot)])


def form(preview: Preview) -> View:
    """The form in which the lead changes the rhythm. What it means stands above, and follows what is chosen."""
    team, rhythm = preview.team, preview.rhythm
    since = team.cadence_since.isoformat() if team.cadence_since else None
    about = f"Team {kit.escape(team.name)}. All times are everybody's own, wherever they are."
    return kit.modal(
        EDIT,
        "Rhythm",
        [
            kit.context(about),
            *_preview_blocks(preview),
            kit.divider(),
            weeks_field(rhythm.sprint_weeks, tells=True),
            weekday_field(rhythm.start_weekday, tells=True),
            zone_field(rhythm.zone, tells=True),
            _country_field(rhythm.country),
            *countries.part_field(rhythm.country, PART, tells=True),
            *_day_fields(rhythm),
        ],
        submit="Save",
        close="Cancel",
        metadata=json.dumps({"team": team.id, "since": since}),
    )


def read_team(view: Mapping[str, Any]) -> int:
    """The id of the team whose rhythm the form shows."""
    return keys.number(keys.stored(view)["team"])


def read_since(view: Mapping[str, Any]) -> datetime | None:
    """When the rhythm was chosen that the form was filled from."""
    since = keys.stored(view)["since"]
    return keys.instant(since) if since else None


def read_form(view: Mapping[str, Any]) -> Rhythm:
    """What is filled in. A time that was taken out is midnight, at which nobody can be asked."""
    fields = Fields(view)
    return Rhythm(
        sprint_weeks=(keys.optional(fields.choice("sprint_weeks")) or 1),
        start_weekday=(keys.optional(fields.choice("start_weekday")) or 0),
        zone=fields.choice("zone") or "",
        country=countries.read(fields),
        turn_days=keys.optional(fields.choice("turn_days")) or 0,
        turn_at=fields.time("turn_at") or time(),
        reminder_at=fields.time("reminder_at") or time(),
        nudge_at=fields.time("nudge_at") or time(),
    )


def with_preview(view: Mapping[str, Any], preview: Preview) -> View:
    """The same form, with what the rhythm means that is filled in by now."""
    old = [place for place, block in enumerate(view["blocks"]) if block["block_id"].startswith(PREVIEW)]
    before, after = view["blocks"][: old[0]], view["blocks"][old[-1] + 1 :]
    blocks = [*before, *_preview_blocks(preview), *after]
    return kit.rewritten(view, countries.with_part(blocks, preview.rhythm.country, PART, tells=True))


def saved_view(preview: Preview) -> View:
    """The receipt, with what comes next."""
    words = f"*Team {kit.escape(preview.team.name)}* has this rhythm now."
    return kit.done("Saved", [kit.section(words), *_preview_blocks(preview)])


# --- fields -----------------------------------------------------------------------------------------------------


def _country_field(country: str | None) -> Block:
    return kit.field(
        "country",
        "Public holidays of",
        countries.menu(SEARCH_COUNTRY, country),
        optional=True,
        hint="Nobody is asked anything on these days.",
        tells=True,
    )


def _day_fields(rhythm: Rhythm) -> list[Block]:
    last = kit.option("A sprint's last working day", "0")
    before = [kit.option(f"{count(number, 'working day')} before that", str(number)) for number in (1, 2, 3)]
    return [
        kit.field(
            "turn_days",
            "People wrap up and plan on",
            kit.select("turn_days", [last, *before], str(rhythm.turn_days)),
            tells=True,
        ),
        _time_field("turn_at", "They are asked at", rhythm.turn_at),
        _time_field(
            "reminder_at",
            "The one reminder comes at",
            rhythm.reminder_at,
            "On the next working day, to people who have not answered.",
        ),
        _time_field(
            "nudge_at",
            "An open plan is recalled at",
            rhythm.nudge_at,
            "In its thread, the working day after the lead was asked to finalize.",
        ),
    ]


def _time_field(block_id: str, label: str, at: time, hint: str = "") -> Block:
    return kit.field(block_id, label, kit.time_input(block_id, at), hint=hint, tells=True)


# --- in words ---------------------------------------------------------------------------------------------------


def _head(preview: Preview) -> str:
    rhythm = preview.rhythm
    length = "One-week" if rhythm.sprint_weeks == 1 else "Two-week"
    holidays = f" · holidays of {kit.escape(country_name(rhythm.country))}" if rhythm.country else ""
    return (
        f"*Team {kit.escape(preview.team.name)}*\n{length} sprints from {WEEKDAYS[rhythm.start_weekday]} · "
        f"{city(rhythm.zone)}{holidays}"
    )


def _preview_blocks(preview: Preview) -> list[Block]:
    sections = kit.paragraphs(kit.clip(line, LINE) for line in _preview_lines(preview))
    return [{**block, "block_id": f"{PREVIEW}_{number}"} for number, block in enumerate(sections)]


def _preview_lines(preview: Preview) -> list[str]:
    if preview.problem is not None:
        return [f"⚠️ {kit.escape(preview.problem)}"]
    silence = schedules.silence(preview.team)
    sprints = [days(dates.starts_on, dates.ends_on) for dates in preview.sprints]
    lines = [f"*Next sprints:* {kit.names(sprints)}"]
    told: set[tuple[str, ...]] = set()
    for kind, label in KINDS.items():
        brings = [each for each in preview.coming if each.kind == kind]
        if brings:
            lines.append(f"*{label}:* {_dates(brings, told)}")
    return [*([f"⚠️ {kit.escape(silence)}"] if silence else []), *lines]


def _dates(brings: Iterable[Upcoming], told: set[tuple[str, ...]]) -> str:
    """The next three dates: the first one with who is asked at what time, the others as short as they can be."""
    by_sprint = sorted(brings, key=lambda each: (each.dates.starts_on, each.at))
    sprints = [list(group) for _, group in groupby(by_sprint, key=lambda each: each.dates)]
    first, *others = sprints[:SHOWN]
    words = _in_full(first, told)
    return f"{words}; then {kit.names([_in_short(each) for each in others])}" if others else words


def _in_full(asked: Sequence[Upcoming], told: set[tuple[str, ...]]) -> str:
    day = min(map(_day, asked))
    people = tuple(sorted(seat.person_id for each in asked for seat in each.people))
    together = [each for each in asked if _day(each) == day]
    if asked[0].kind in (CLOSING, GATHERING):
        words = f"{_time(asked[0])} in {city(asked[0].zone)}"
    elif len(people) > 1 and people in told and len(together) == len(asked):
        words = f"{_time(asked[0])} for everybody"
    else:
        words = ", ".join(f"{_time(each)} for {_people(each)} in {city(each.zone)}" for each in together)
    told.add(people)
    return "; ".join([f"{short_day(day)}, {words}", *_later(asked, day)])


def _in_short(asked: Sequence[Upcoming]) -> str:
    day = min(map(_day, asked))
    later = ", ".join(_later(asked, day))
    return f"{short_day(day)} ({later})" if later else short_day(day)


def _later(asked: Sequence[Upcoming], day: date) -> list[str]:
    """Who is asked on a later day than the others, and why."""
    return [f"{short_day(_day(each))} for {_people(each)}{_because(each)}" for each in asked if _day(each) != day]


def _because(each: Upcoming) -> str:
    if each.moved is None:
        return ""
    return (
        f", since {WEEKDAYS[each.moved.day.weekday()]} is a holiday in {kit.escape(country_name(each.moved.country))}"
    )


def _people(each: Upcoming) -> str:
    return kit.names([kit.escape(seat.name) for seat in each.people])


def _day(each: Upcoming) -> date:
    """The day on the wall there."""
    return each.local.date()


def _time(each: Upcoming) -> str:
    return f"{each.local:%H:%M}"
