"""What people see of bookings: a desk's capacity in words and as a picture, the form for a hold, and what gave way."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from bot.domain.calendar.wording import days, short_days
from bot.domain.intake.booking_drafts import BookingDraft
from bot.domain.intake.bookings import Wish
from bot.domain.intake.capacity import Capacity, Cell, CellKind, Row, Stay
from bot.domain.intake.free_windows import Window
from bot.domain.outbox.posts import Message, Picture
from bot.views import kit, routes
from bot.views.intake import capacity as capacity_views
from bot.views.intake.capacity import look_of
from bot.views.kit import Block, Fields, View, keys
from bot.views.teams import seats as seat_views
from models.company import Person
from models.intake.bookings import Booking

CAPACITY = "capacity"
DESK = "capacity_desk"
PAGE = "capacity_page"
PICTURE = "capacity_picture"
SHARE = "capacity_share"
HOLD = "booking_hold"
ENGINEER = "hold_engineer"
TEAM = "hold_team"
SPRINTS = "hold_sprints"
STARTS = "hold_starts"
HOLD_FIELDS = (ENGINEER, TEAM, SPRINTS, STARTS)  # each tells what is chosen at once

ENGINEERS_A_PAGE = 20
EMOJI = {None: "✅", CellKind.WITH: "🤝", CellKind.HELD: "✋", CellKind.AWAY: "🌴"}
LEGEND = "✅ free · 🤝 with a team · ✋ held, not decided yet · 🌴 away"
MORE = "… and more: `/reach-out capacity` shows all of it."
MOST_ITEMS = 5  # of a plan, of which a booking says that it is displaced


# --- capacity ---------------------------------------------------------------------------------------------------


def capacity_view(capacity: Capacity, page: int = 0) -> View:
    """A desk's engineers and where each of them is in its coming sprints; each is a few lines on a phone."""
    start = page * ENGINEERS_A_PAGE
    shown = capacity.rows[start : start + ENGINEERS_A_PAGE]
    rows = [kit.section(kit.clip("\n".join(_lines(row)), kit.SECTION_TEXT)) for row in shown]
    return kit.modal(
        CAPACITY,
        "Capacity",
        [
            routes.bar(routes.INTAKE_TABS, "Capacity"),
            kit.section(f"*{kit.escape(capacity.desk_name)}*, {_period(capacity)}"),
            *_desks(capacity),
            *(
                rows
                or [kit.section("Nobody answers here yet. A Slack admin sets up who does, with `/reach-out setup`.")]
            ),
            kit.context(LEGEND),
            *([_buttons(capacity, page)] if capacity.rows else []),
        ],
    )


def read_page(value: str) -> tuple[int, int]:
    """The desk and the page that a button leads to."""
    desk_id, _, page = value.partition(":")
    return keys.number(desk_id), (keys.optional(page) or 0)


def _buttons(capacity: Capacity, page: int) -> Block:
    more = len(capacity.rows) > (page + 1) * ENGINEERS_A_PAGE
    return kit.actions(
        kit.button("As a picture", PICTURE, str(capacity.desk_id)),
        _page_button("Earlier in the list", capacity, page - 1) if page else None,
        _page_button("More engineers", capacity, page + 1) if more else None,
    )


def _page_button(words: str, capacity: Capacity, page: int) -> kit.Element:
    return kit.button(words, f"{PAGE}_{page}", f"{capacity.desk_id}:{page}")


def _desks(capacity: Capacity) -> list[Block]:
    """The other desks, where there are any."""
    if len(capacity.desks) < 2:
        return []
    choices = [kit.option(desk.name, str(desk.id)) for desk in capacity.desks[: kit.OPTIONS]]
    return [kit.actions(kit.select(DESK, choices, str(capacity.desk_id)))]


def _period(capacity: Capacity) -> str:
    return days(capacity.sprints[0].starts_on, capacity.sprints[-1].ends_on)


def _lines(row: Row) -> list[str]:
    return [f"*{kit.escape(row.name)}*", kit.escape(_in_words(row))]


def _in_words(row: Row) -> str:
    """`✅ 13–24 Jul free · 🤝 27 Jul–7 Aug with Replay (1 of 2)`; sprints that are free in a row are one span."""
    found: list[str] = []
    for is_free, group in groupby(row.cells, key=lambda cell: not cell.stays):
        cells = list(group)
        if is_free:
            found.append(f"{EMOJI[None]} {short_days(cells[0].dates.starts_on, cells[-1].dates.ends_on)} free")
        else:
            found += [words for cell in cells for words in _cell_words(cell)]
    return " · ".join(found)


def _cell_words(cell: Cell) -> list[str]:
    said = [f"{EMOJI[stay.kind]} {short_days(stay.starts_on, stay.ends_on)} {_stay_words(stay)}" for stay in cell.stays]
    if look_of(cell) is None:  # only some days off
        said.insert(0, f"{EMOJI[None]} {short_days(cell.dates.starts_on, cell.dates.ends_on)} free")
    elif len(said) == 1 and not cell.stays[0].whole:
        said[0] += ", else free"
    return said


def _stay_words(stay: Stay) -> str:
    if stay.kind is CellKind.AWAY:
        return "away"
    part = f" ({stay.part})" if stay.part else ""
    return f"{'with' if stay.kind is CellKind.WITH else 'held for'} {stay.team_name}{part}"


# --- the picture ------------------------------------------------------------------------------------------------


def capacity_message(capacity: Capacity, *, is_shared: bool) -> Message:
    """The same as a picture; unless it `is_shared`, with the button for that."""
    head = f"*Capacity of {kit.escape(capacity.desk_name)}*, {_period(capacity)}"
    alt = alt_text(capacity)
    lines = [head, *(kit.escape(line) for line in alt.splitlines())]
    share = kit.button("Share in the channel", SHARE, str(capacity.desk_id))
    picture = Picture("capacity.png", alt, partial(capacity_views.paint, capacity))
    return Message(kit.in_short(lines, more=MORE), [kit.section(head, None if is_shared else share)], picture)


def alt_text(capacity: Capacity) -> str:
    """What the picture shows, in words."""
    return "\n".join(f"{row.name}: {_in_words(row)}" for row in capacity.rows[: capacity_views.MOST_ROWS])


# --- a hold -----------------------------------------------------------------------------------------------------


def hold_form(draft: BookingDraft) -> View:
    """The form for a hold. The window follows whom, for whom and for how long; the first free one is proposed."""
    about = [f"*{kit.escape(draft.request.title)}*"]
    if draft.held is not None:
        about.append(f"This replaces the hold of {held_words(draft.held)}.")
    people = [kit.option(person.name, person.id) for person in draft.engineers[: kit.OPTIONS]]
    lengths = [kit.option("One sprint", "1"), kit.option("Two sprints", "2")]
    host = seat_views.choices([draft.host])[0] if draft.host else None
    return kit.modal(
        HOLD,
        "Hold an engineer",
        [
            kit.section("\n".join(about)),
            kit.field("engineer", "Who?", kit.select(ENGINEER, people, draft.engineer.id), tells=True),
            kit.field("team", "For which team?", kit.search_select(TEAM, "Type a team's name", host), tells=True),
            kit.field("sprints", "For how long?", kit.radio(SPRINTS, lengths, str(draft.sprints)), tells=True),
            *_window_field(draft),
            kit.context("A hold is no promise: a booking replaces it, and on its first day it ends by itself."),
        ],
        submit="Hold",
        close="Cancel",
        metadata=str(draft.request.id),
    )


def read_hold(view: Mapping[str, Any]) -> tuple[int, Wish]:
    """The request, and what is chosen so far."""
    fields = Fields(view)
    team, starts_on = fields.choice("team"), fields.choice("starts_on")
    return keys.number(view["private_metadata"]), Wish(
        engineer_id=fields.choice("engineer"),
        host_id=keys.optional(team),
        sprints=(keys.optional(fields.choice("sprints")) or 1),
        starts_on=keys.day(starts_on) if starts_on else None,
    )


def read_choice(view: Mapping[str, Any], action_id: str) -> tuple[int, Wish]:
    """The same, just after one of them was chosen: another engineer, team or length has another first free window."""
    request_id, wish = read_hold(view)
    return request_id, wish if action_id.startswith(STARTS) else replace(wish, starts_on=None)


def _window_field(draft: BookingDraft) -> list[Block]:
    if draft.host is None or draft.window is None:
        return [kit.context("Choose a team to see its next free sprints here.")]
    choices = [kit.option(days(each.starts_on, each.ends_on), each.starts_on.isoformat()) for each in draft.free]
    # A menu with another action id is a new one: of other dates the first is proposed, and not what was chosen before.
    action_id = f"{STARTS}_{draft.engineer.id}_{draft.host.id}_{draft.sprints}"
    chosen = draft.window.dates.starts_on.isoformat()
    return [
        kit.field("starts_on", "When?", kit.select(action_id, choices, chosen), tells=True),
        kit.context(kit.clip("\n".join(window_lines(draft.window, draft.engineer)), kit.SECTION_TEXT)),
    ]


def window_lines(window: Window, engineer: Person) -> list[str]:
    """What a booking in this window displaces, a line each."""
    name = kit.escape(engineer.name)
    lines = [f"✋ Held: {held_words(held)}" for held in window.held]
    if window.unfinished:
        titles = [kit.escape(kit.shorten(kit.unlinked(item.title), 60)) for item in window.unfinished[:MOST_ITEMS]]
        more = f" and {len(window.unfinished) - MOST_ITEMS} more" if len(window.unfinished) > MOST_ITEMS else ""
        lines.append(f"📋 In {name}'s plan by then: {'; '.join(titles)}{more}")
    if window.away:
        lines.append(f"🌴 {name} is away {kit.names([short_days(first, last) for first, last in window.away])}")
    return lines or [f"✅ {name} is free then."]


def held_words(held: Booking) -> str:
    """A hold: `Ada for Replay, 13–24 July (#12 Summaries)`. Its text is safe."""
    when = days(held.starts_on, held.ends_on)
    title = kit.escape(kit.shorten(held.request.title, 60))
    return f"{kit.escape(held.person.name)} for {kit.escape(held.team.name)}, {when} (#{held.request_id} {title})"


def held_message(held: Booking, by: str) -> Message:
    """What the request's thread reads when somebody is held for it."""
    who, team = kit.escape(held.person.name), kit.escape(held.team.name)
    when = days(held.starts_on, held.ends_on)
    return Message(f"{kit.mention(by)} holds {who} for {team}, {when}. It becomes a booking once this is decided.")


def displaced_message(held: Booking, taken: Booking | None) -> Message:
    """What a request's thread reads when its hold gave way."""
    who, team = kit.escape(held.person.name), kit.escape(held.team.name)
    when = days(held.starts_on, held.ends_on)
    instead = f": {kit.escape(taken.team.name)} has booked {who}" if taken else ""
    words = f"{kit.mention(held.by_id)}, the hold of {who} for {team}, {when}, is over{instead}."
    again = kit.actions(kit.button("Hold somebody again", HOLD, str(held.request_id)))
    return Message(f"{words} `/reach-out capacity` shows who is free.", [kit.section(words), again])


def asked_view() -> View:
    """Said in the moment until the picture is there."""
    return kit.notice(
        "As a picture",
        "The picture comes in a moment, in our direct messages. The people who answer can share it from there.",
        keep_below=True,
    )
