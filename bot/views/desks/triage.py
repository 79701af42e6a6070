"""The rota: whose week of triage it is at each desk, and swapping or taking one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.domain.calendar.wording import weekday
from bot.domain.desks import desks
from bot.domain.desks.triage import DeskRota, Rota, Week, WeeksSwapped
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.desks import desks as desk_views
from bot.views.kit import Block, Element, Fields, View, keys
from models.company import Person
from models.desks import Desk

WEEK = "desk_week"  # the menu beside a week
SWAP = "desk_swap"
TURNS = "desk_turns"
ROTA = "desk_rota"
TAKE = "take"


def rota_view(rota: Rota) -> View:
    """Who has triage in the coming weeks, at every desk."""
    blocks = [block for desk in rota.desks for block in [kit.divider(), *_rota_blocks(desk, rota.this_week)]][1:]
    none = [kit.section(desks.NO_DESK)]
    bar = routes.bar(routes.INTAKE_TABS, "Rota")
    return kit.modal("rota", "Rota", kit.fit_view([bar, *(blocks or none)], [], "There is more than fits here."))


def _rota_blocks(rota: DeskRota, this_week: date) -> list[Block]:
    desk = rota.desk
    head = f"*{kit.escape(desk.name)}* · {kit.escape(desk.owns)}\nOn triage now: *{desk_views.name_or_nobody(rota.now_there)}*"
    if not any(person for _week, person in rota.weeks):
        return [kit.section(head), kit.context("Prickle gives out the coming weeks within a minute.")]
    lines = [(_week_line(week, person, this_week), week, person) for week, person in rota.weeks]
    if not rota.is_at:
        return [kit.section(head), kit.section("\n".join(line for line, *_ in lines))]
    weeks = [kit.section(line, _week_menu(desk, week, person)) for line, week, person in lines]
    here = f"{TURNS}_{desk.id}"
    turns = (
        kit.button("I don't take turns", here, f"{desk.id}:no")
        if rota.takes_turns
        else kit.button("I take turns again", here, f"{desk.id}:yes")
    )
    return [kit.section(head), *weeks, kit.actions(turns)]


def _week_line(week: date, person: Person | None, this_week: date) -> str:
    return f"{'This week' if week == this_week else f'From {weekday(week)}'}: {desk_views.name_or_nobody(person) if person else '—'}"


def _week_menu(desk: Desk, week: date, person: Person | None) -> Element | None:
    if person is None:
        return None
    key = week_key(Week(desk.id, week, person.id))
    choices = [kit.option("Swap it for another week", f"{SWAP}:{key}"), kit.option("Take it", f"{TAKE}:{key}")]
    return kit.overflow(f"{WEEK}_{desk.id}_{week:%Y%m%d}", choices)


def week_key(week: Week) -> str:
    """A week of somebody's, as a menu's value."""
    return f"{week.desk_id}:{week.week_on}:{week.person_id}"


def read_week(key: str) -> Week:
    """The week that a menu's value stands for."""
    desk_id, _, week = key.partition(":")
    week_on, _, person_id = week.partition(":")
    return Week(keys.number(desk_id), keys.day(week_on), person_id)


def swap_form(rota: Rota, week: Week) -> View | None:
    """Whose week to have instead of this one; None where nobody else has any."""
    weeks = {each: person for desk in rota.desks if desk.desk.id == week.desk_id for each, person in desk.weeks}
    others = {each: person for each, person in weeks.items() if person and person.id != week.person_id}
    mine = weeks.get(week.week_on)
    if not others or mine is None:
        return None
    choices = [
        kit.option(f"{kit.shorten(person.name, 50)}, {weekday(each)}", week_key(Week(week.desk_id, each, person.id)))
        for each, person in others.items()
    ]
    return kit.modal(
        SWAP,
        "Swap two weeks",
        [
            kit.section(f"{kit.escape(mine.name)} has triage in the week of {weekday(week.week_on)}."),
            kit.field(
                "other",
                "Swap it with",
                kit.select("other", choices),
                hint="Prickle tells both people in a direct message.",
            ),
        ],
        submit="Swap",
        close="Cancel",
        metadata=week_key(week),
    )


def read_swap(view: Mapping[str, Any]) -> tuple[Week, Week]:
    """The two weeks to swap."""
    return read_week(view["private_metadata"]), read_week(Fields(view).choice("other") or "")


def swapped_posts(swapped: WeeksSwapped, now: datetime) -> list[tuple[str, str, Message]]:
    """A line for each person whose weeks changed, with its key and the person's id."""
    desk = kit.escape(swapped.desk.name)
    people = {person.id: person for person in [*swapped.before.values(), *swapped.weeks.values()]}
    found = []
    for person in people.values():
        words = [*_gets(person, swapped), *_gives(person, swapped)]
        line = f"Triage at {desk}: {'; '.join(words)}. {kit.escape(swapped.by.name)} changed it."
        message = Message(line, [kit.section(line), kit.actions(kit.button("Rota", ROTA))])
        found.append((f"swap:{swapped.desk.id}:{person.id}:{now:%Y%m%d%H%M%S%f}", person.id, message))
    return found


def _gets(person: Person, swapped: WeeksSwapped) -> list[str]:
    weeks = [week for week, whose in swapped.weeks.items() if whose.id == person.id]
    return [
        f"the week of {weekday(week)} is yours, instead of {kit.escape(swapped.before[week].name)}'s" for week in weeks
    ]


def _gives(person: Person, swapped: WeeksSwapped) -> list[str]:
    weeks = [week for week, whose in swapped.before.items() if whose.id == person.id]
    return [f"the week of {weekday(week)} is {kit.escape(swapped.weeks[week].name)}'s now" for week in weeks]


def turn_message(desks: Sequence[Desk]) -> Message:
    """What somebody reads at the beginning of their week."""
    line = turn_line(desks)
    return Message(line, [kit.section(line), kit.actions(kit.button("Rota", ROTA))])


def turn_line(desks: Sequence[Desk]) -> str:
    """The same in a line, where it stands with something else."""
    names = kit.names([kit.escape(desk.name) for desk in desks])
    return f"You have triage at {names} this week: you answer new requests first. Can't do it? Swap the week."
