"""Swapping weeks of the rota: the message that asks who takes one, and the forms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar.wording import days, weekday
from bot.domain.heroes import swaps
from bot.domain.heroes.offers import Swap
from bot.domain.heroes.rota import RotaWeek, TeamRota
from bot.domain.heroes.swaps import SeenWeek, Wish
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.kit import Element, Fields, View, keys
from models.heroes import WHY_LENGTH

WEEK = "hero_week"  # the menu beside a week of one's own
SWAP = "hero_swap"
ASK = "hero_ask"
TAKE = "hero_swap_take"
END = "hero_swap_end"
SOON, VERY_SOON = 7, 2  # days before the first one


# --- the message in the channel -----------------------------------------------------------------------------------


def card(swap: Swap) -> Message:
    """The question who takes this week or these days, and later the answer."""
    words = f"🦸 {_words(swap)}"
    if swap.taken_by is not None or swap.ended or swap.over:
        return Message(words, [kit.section(words)])
    buttons = kit.actions(
        kit.button("I'll take it", TAKE, str(swap.id), style="primary"),
        kit.button(f"{kit.shorten(swap.by, 40)} keeps it", END, str(swap.id)),
    )
    return Message(words, [kit.section(words), buttons])


def _words(swap: Swap) -> str:
    by, when = kit.escape(swap.by), _when(swap.week.starts_on, swap.week.ends_on, swap.days)
    if swap.taken_by is not None:
        return f"*{kit.escape(swap.taken_by)}* takes over from {by} as support hero {when}."
    if swap.ended:
        return f"{by} asked who takes over as support hero {when}, and keeps it."
    if swap.over:
        return f"{by} asked who takes over as support hero {when}. Nobody did."
    why = f"{kit.note(swap.why)}\n" if swap.why is not None else " "
    asks = f"*{by}* asks" if swap.why is not None else f"*{by}* is away"
    otherwise = f"it stays with {by}" if swap.why is not None else "nobody is support hero then"
    return f"{asks}: who takes over as support hero {when}?{why}{_left(swap.left)}If nobody takes it, {otherwise}."


def _left(left: int) -> str:
    if left <= 0:
        return "⏳ That's now, and nobody has taken it yet. "
    if left <= VERY_SOON:
        return f"⏳ {'Tomorrow' if left == 1 else 'In two days'}, and nobody has taken it yet. "
    return "⏳ Within a week, and nobody has taken it yet. " if left <= SOON else ""


def _when(first: date, last: date, chosen: Sequence[date]) -> str:
    return f"on {kit.names([weekday(day) for day in chosen])}" if chosen else days(first, last)


def swapped_message(mine: SeenWeek, other: SeenWeek, by: str) -> Message:
    """What the channel reads when two people have each other's weeks."""
    first, second = sorted((mine, other), key=lambda week: week.week_on)
    words = (
        f"🦸 {kit.mention(by)} swapped two weeks as support hero: {kit.mention(second.person_id)} has the one from "
        f"{weekday(first.week_on)}, {kit.mention(first.person_id)} the one from {weekday(second.week_on)}."
    )
    return Message(words, [kit.section(words)])


# --- beside a week in the rota's window ---------------------------------------------------------------------------


def accessory(week: RotaWeek, rota: TeamRota) -> Element | None:
    """What the viewer can do about a week: take it, or swap their own."""
    if not rota.is_member or week.dates.ends_on < rota.today:
        return None
    row = f"{rota.team_id}_{week.dates.starts_on:%Y%m%d}"
    if week.asks is not None and week.asks.by != rota.viewer:
        return kit.button("I'll take it", f"{TAKE}_{week.asks.id}", str(week.asks.id))
    if week.holder is None or week.holder.id != rota.viewer:
        return None
    key = week_key(SeenWeek(rota.team_id, week.dates.starts_on, rota.viewer))
    choices = [kit.option("Swap it for another week…", f"{SWAP}:{key}"), kit.option("Ask for a swap…", f"{ASK}:{key}")]
    if week.asks is not None:
        choices.append(kit.option("I keep it after all", f"{END}:{week.asks.id}"))
    return kit.overflow(f"{WEEK}_{row}", choices)


def asked(week: RotaWeek, viewer: str) -> str:
    """That the hero of a week asks who takes it, or days of it."""
    if week.asks is None:
        return ""
    which = f" {_when(week.dates.starts_on, week.dates.ends_on, week.asks.days)}" if week.asks.days else ""
    return f" · you ask who takes it{which}" if week.asks.by == viewer else f" · asks who takes it{which}"


def week_key(week: SeenWeek) -> str:
    """A week of somebody's, as a value."""
    return f"{week.team_id}:{week.week_on}:{week.person_id}"


def read_week(key: str) -> SeenWeek:
    """The week that a value stands for."""
    team_id, _, week = key.partition(":")
    week_on, _, person_id = week.partition(":")
    return SeenWeek(keys.number(team_id), keys.day(week_on), person_id)


def read_id(text: str) -> int:
    """What somebody asked for."""
    return keys.number(text)


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen beside a week, and what it is about."""
    verb, _, key = value.partition(":")
    return verb, key


# --- the forms ----------------------------------------------------------------------------------------------------


def swap_form(rota: TeamRota, mine: SeenWeek) -> View | None:
    """The form that offers other people's weeks in exchange; None if there are none ahead."""
    ahead = [week for week in rota.weeks if week.dates.starts_on >= rota.today and week.holder is not None]
    own = next((week for week in ahead if week.dates.starts_on == mine.week_on), None)
    choices = [
        kit.option(
            f"{kit.shorten(week.holder.name, 40)}, {days(week.dates.starts_on, week.dates.ends_on)}",
            week_key(SeenWeek(mine.team_id, week.dates.starts_on, week.holder.id)),
        )
        for week in ahead
        if week.holder is not None and week.holder.id != mine.person_id
    ]
    if own is None or not choices:
        return None
    return kit.modal(
        SWAP,
        "Swap two weeks",
        [
            kit.section(f"You have the week {days(own.dates.starts_on, own.dates.ends_on)}."),
            kit.field(
                "other",
                "Swap it with",
                kit.select("other", choices),
                hint="It counts at once, and your team's channel reads it.",
            ),
        ],
        submit="Swap",
        close="Cancel",
        metadata=week_key(mine),
    )


def read_swap(view: Mapping[str, Any]) -> tuple[SeenWeek, SeenWeek]:
    """The two weeks to swap."""
    return read_week(view["private_metadata"]), read_week(Fields(view).choice("other") or "")


def ask_form(rota: TeamRota, mine: SeenWeek) -> View | None:
    """For which days somebody else is to be hero, and why; None where nothing of the week is ahead."""
    own = next((week for week in rota.weeks if week.dates.starts_on == mine.week_on), None)
    ahead = [day for day in swaps.days_of(own.dates) if day >= rota.today and day not in own.others] if own else []
    if not ahead:
        return None
    choices = [kit.option(weekday(day), day.isoformat()) for day in ahead[: kit.CHECKBOXES]]
    chosen = [choice["value"] for choice in choices]
    return kit.modal(
        ASK,
        "Ask for a swap",
        [
            kit.section("One message in your team's channel. If nobody takes it, it stays with you."),
            kit.field("days", "Which days?", kit.checkboxes("days", choices, chosen)),
            kit.field("why", "Why, in one line?", kit.text_input("why", most=WHY_LENGTH)),
        ],
        submit="Ask",
        close="Cancel",
        metadata=week_key(mine),
    )


def read_ask(view: Mapping[str, Any]) -> tuple[SeenWeek, Wish]:
    """The week, and what is asked of the others."""
    fields = Fields(view)
    days = [keys.day(day) for day in fields.choices("days")]
    return read_week(view["private_metadata"]), Wish(days, fields.text("why"))
