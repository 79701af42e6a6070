"""Who is support hero in which week, and the way to be it: on cards, on Home, in `/sprint`, and in the form of one's plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar.wording import days, weekday
from bot.domain.heroes import heroes
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.heroes.heroes import Choice, Week
from bot.views import kit, routes
from bot.views.heroes import hand_overs
from bot.views.kit import Block, Element, Fields, keys

ENTER = "hero_enter"
GIVE_BACK = "hero_give_back"
UNDO = "hero_undo"
FIELD = "heroes"
ON_A_CARD = 4  # beside the one choice that a card's menu has anyway; Slack takes 5


def key(week: Week) -> str:
    """A team's week, as the value of a button."""
    return f"{week.team_id}:{week.starts_on.isoformat()}"


def read_key(value: str) -> tuple[int, date]:
    """The team, and the first day of the week."""
    team_id, _, week_on = value.partition(":")
    return keys.number(team_id), keys.day(week_on)


# --- who it is --------------------------------------------------------------------------------------------------


def facts(weeks: Sequence[Week], today: date) -> list[str]:
    """The heroes of a sprint in one line, with the weeks that nobody has; nothing of a sprint that is over without one."""
    named = heroes.named(weeks)
    free = [week for week in weeks if week.hero is None and not week.is_over(today)]
    said = [*([kit.escape(named)] if named else []), *map(_free, free)]
    if len(free) == len(weeks) and not any(week.away for week in weeks):
        said = ["nobody yet"]
    said += [
        f"{kit.escape(hero.name)} on {weekday(day)}" for week in weeks for day, hero in sorted(week.others.items())
    ]
    return [f"🦸 Support hero: {'; '.join(said)}"] if said else []


def _free(week: Week) -> str:
    why = f" ({kit.escape(week.away.name)} is away)" if week.away is not None else ""
    return f"week {week.number}: nobody yet{why}" if week.of > 1 else f"nobody yet{why}"


def in_week(weeks: Sequence[Week], today: date) -> list[str]:
    """Who is hero this week, in one line; nothing while nobody is."""
    now = [week for week in weeks if week.starts_on <= today][:1]
    current = [week.others.get(today, week.hero) for week in now]
    return [f"🦸 Support hero: {kit.name(hero.name)}" for hero in current if hero is not None]


def yours(weeks: Sequence[Week]) -> list[str]:
    """That these weeks are the reader's, in one line."""
    return [f"🦸 You are support hero {kit.names([_days(week) for week in weeks])}."] if weeks else []


# --- and how to be it -------------------------------------------------------------------------------------------


def choices(weeks: Sequence[Week], today: date) -> list[Element]:
    """The free weeks of a sprint, to be chosen behind the three dots of its card."""
    free = [week for week in weeks if week.hero is None and not week.is_over(today)]
    return [kit.menu_option(f"🦸 I'll be hero {_days(week)}", ENTER, key(week)) for week in free[:ON_A_CARD]]


def rows(
    weeks: Sequence[Week], viewer: str, today: date, *, offers: bool = True, ends: HandOver | None = None
) -> list[Block]:
    """The weeks that are the viewer's, to give back, and the first one that is free, to take, if it `offers` one.

    A week that they gave back a moment ago can be theirs again. One that `ends` is handed over.
    """
    over = [kit.section(hand_overs.ENDS, hand_overs.button(ends))] if ends is not None else []
    weeks = [week for week in weeks if ends is None or week.starts_on != ends.week_on]
    free = [week for week in weeks if week.hero is None and not week.can_undo and offers][:1]
    return [*over, *(_row(week, today) for week in weeks if week.belongs_to(viewer) or week.can_undo or week in free)]


def _row(week: Week, today: date) -> Block:
    value, row = key(week), f"{week.team_id}_{week.starts_on:%Y%m%d}"
    if week.hero is not None:
        words = f"🦸 You are support hero {_days(week)}."
        if week.in_rota:
            return kit.section(words, kit.button("Rota", f"{routes.HERO_ROTA.verb}_{row}", str(week.team_id)))
        return kit.section(words, kit.button("I can't after all", f"{GIVE_BACK}_{row}", value))
    if week.can_undo:
        words = f"🦸 You are not support hero {_days(week)} any more."
        return kit.section(words, kit.button("Undo", f"{UNDO}_{row}", value))
    why = f": {kit.name(week.away.name)} is away" if week.away is not None else ""
    label = "I'll be hero this week" if week.starts_on <= today else "I'll be hero that week"
    return kit.section(f"🦸 Nobody is support hero {_days(week)}{why}.", kit.button(label, f"{ENTER}_{row}", value))


def field(weeks: Sequence[Week], viewer: str) -> list[Block]:
    """Boxes to tick: the weeks that nobody has, and those that are the viewer's already, unless a rota runs."""
    shown = [week for week in weeks if week.hero is None or (week.belongs_to(viewer) and not week.in_rota)]
    if not shown:
        return []
    options = [kit.option(_choice(week), week.starts_on.isoformat()) for week in shown[: kit.CHECKBOXES]]
    boxes = kit.checkboxes(FIELD, options, [day.isoformat() for day in theirs(weeks, viewer)])
    return [kit.field(FIELD, "I'll be support hero", boxes, optional=True)]


def _choice(week: Week) -> str:
    return f"Week {week.number}, {_days(week)}" if week.of > 1 else _days(week)


def theirs(weeks: Sequence[Week], viewer: str) -> list[date]:
    """The first days of the viewer's own weeks, as far as they can be given back: what the form remembers of them."""
    return [week.starts_on for week in weeks if week.belongs_to(viewer) and not week.in_rota]


def read_field(fields: Fields, metadata: Mapping[str, Any]) -> Choice:
    """What was ticked. A form without the field says nothing of heroes."""
    had = [keys.day(day) for day in keys.listed(metadata.get("hero", []))]
    return Choice([keys.day(day) for day in fields.choices(FIELD)], had)


def _days(week: Week) -> str:
    return days(week.starts_on, week.ends_on)
