"""The picture of a team's last sprints, and the same in words. It holds numbers of the team, and nobody's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.calendar.wording import MONTHS, a_day, count, period, so_many_days
from bot.domain.outbox.posts import Message, Picture
from bot.domain.retros.trends import Outcome, Past, Trends
from bot.views import kit
from bot.views.kit import pictures
from bot.views.kit.pictures import FAINT, INK, LINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ASKED_HERE = "The picture comes in a moment, here in the channel."
ASKED_AWAY = "The picture comes in a moment, in our direct messages."

# Everything is in pixels. Slack shows the picture a third as wide on a phone, so that 30 of them are 10 there.
WIDTH, HEIGHT, MARGIN = 1080, 1348, 56
RETROS, ACTIONS = 200, 214  # so much lower is it where there is no retro, and no open action, to show
TITLE, HEADING, LABEL, SMALL = 52, 36, 32, 30
# Of Okabe and Ito's palette, which people with any colour vision tell apart; these three also differ in brightness.
COLOURS = {Outcome.FINISHED: "#0072B2", Outcome.CARRIED: "#E69F00", Outcome.DROPPED: "#918D85"}
RETRO, ACTION = "#00805E", "#5B6B7F"
FEWEST_SLOTS = 6  # so that a first sprint is a column and no wall
AGES = ((14, "under 2 weeks"), (30, "2 to 4 weeks"), (90, "1 to 3 months"), (None, "over 3 months"))


def asked(*, here: bool) -> str:
    """The answer to the command, at once."""
    return ASKED_HERE if here else ASKED_AWAY


def message(trends: Trends) -> Message:
    """The picture under the team's name."""
    name = kit.escape(trends.team_name)
    alt = alt_text(trends)
    return Message(
        f"*Trends of {name}*\n{kit.escape(alt)}",
        [kit.section(f"*Trends of {name}*")],
        Picture("trends.png", alt, partial(paint, trends)),
    )


# --- in words ---------------------------------------------------------------------------------------------------


def alt_text(trends: Trends) -> str:
    """What the picture shows, in words."""
    return "\n".join([f"{title(trends)}, {dates(trends)}.", *map(_past_line, trends.sprints), _actions_line(trends)])


def title(trends: Trends) -> str:
    """How many sprints it is about."""
    number = len(trends.sprints)
    return "The last sprint" if number == 1 else f"The last {number} sprints"


def dates(trends: Trends) -> str:
    """From the first day of the first sprint to the last one of the last."""
    return period(trends.sprints[0].starts_on, trends.sprints[-1].ends_on)


def _past_line(past: Past) -> str:
    numbers = ", ".join(f"{past.items[outcome]} {outcome}" for outcome in Outcome) if past.total else "no items"
    turnout = f"{past.turnout.present} of {past.turnout.members} took part" if past.turnout else "none"
    return f"{a_day(past.starts_on)}: {numbers}; retro: {turnout}."


def _actions_line(trends: Trends) -> str:
    if not trends.action_days:
        return "No open actions."
    ages = ", ".join(f"{number} for {words}" for words, number in by_age(trends.action_days) if number)
    return f"{actions_heading(trends)}: {ages}."


def actions_heading(trends: Trends) -> str:
    """How many actions are open, and how old the oldest is."""
    days = trends.action_days
    if not days:
        return "No open actions"
    if len(days) == 1:
        return f"1 open action, {so_many_days(days[0])} old"
    return f"{count(len(days), 'open action')}, the oldest {so_many_days(days[0])} old"


def by_age(days: Sequence[int]) -> list[tuple[str, int]]:
    """How many actions are of which age, youngest first."""
    found, youngest = [], 0
    for end, words in AGES:
        found.append((words, sum(youngest <= each and (end is None or each < end) for each in days)))
        youngest = end or youngest
    return found


def short(number: int) -> str:
    """A number in four characters at most: `980`, `1.2k`, `45k`, `3M`."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            whole, tenth = number // size, number % size * 10 // size
            return f"{whole}.{tenth}{unit}" if whole < 10 and tenth else f"{whole}{unit}"
    return str(number)


# --- the picture ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Slots:
    """The columns that the sprints stand in, one below the other in both charts."""

    number: int

    @property
    def step(self) -> float:
        return (WIDTH - 2 * MARGIN) / max(self.number, FEWEST_SLOTS)

    def middle(self, place: int) -> float:
        return MARGIN + (place + 0.5) * self.step


def paint(trends: Trends) -> bytes:
    """The picture as a PNG."""
    height = HEIGHT - _missing_retros(trends) - (0 if trends.action_days else ACTIONS)
    return pictures.paint(WIDTH, height, lambda axes: _draw(axes, trends))


def _draw(axes: "Axes", trends: Trends) -> None:
    slots = _Slots(len(trends.sprints))
    pictures.text(axes, MARGIN, 84, title(trends), TITLE, weight="bold")
    pictures.text(axes, MARGIN, 134, dates(trends), SMALL, colour=FAINT)
    _items(axes, trends.sprints, slots, top=286, bottom=586)
    _days(axes, [past.starts_on for past in trends.sprints], slots, top=624)
    _turnouts(axes, trends.sprints, slots, top=838, bottom=960)
    _actions(axes, trends, top=1096 - _missing_retros(trends))


def _missing_retros(trends: Trends) -> int:
    return 0 if any(past.turnout for past in trends.sprints) else RETROS


def _items(axes: "Axes", sprints: Sequence[Past], slots: _Slots, *, top: float, bottom: float) -> None:
    _legend(axes, sprints, top - 60)
    most = max((past.total for past in sprints), default=0) or 1
    width = slots.step * 0.76
    for place, past in enumerate(sprints):
        y = bottom
        for outcome in Outcome:
            height = (bottom - top) * past.items[outcome] / most
            y -= height
            pictures.box(axes, slots.middle(place) - width / 2, y, width, max(height - 3, 0), COLOURS[outcome])
            if height > LABEL * 1.3:
                colour = "#FFFFFF" if outcome is Outcome.FINISHED else INK
                words = short(past.items[outcome])
                pictures.text(
                    axes, slots.middle(place), y + height / 2 + 10, words, SMALL, colour=colour, align="center"
                )
        if not past.total:
            pictures.text(axes, slots.middle(place), bottom - 10, "–", LABEL, colour=FAINT, align="center")
    axes.plot([MARGIN, WIDTH - MARGIN], [bottom, bottom], color=LINE, linewidth=3)


def _legend(axes: "Axes", sprints: Sequence[Past], y: float) -> None:
    x = pictures.text(axes, MARGIN, y, "Items", HEADING, weight="bold") + 36
    for outcome in Outcome:
        pictures.box(axes, x, y - 26, 28, 28, COLOURS[outcome])
        total = sum(past.items[outcome] for past in sprints)
        x = pictures.text(axes, x + 40, y, f"{short(total)} {outcome}", LABEL) + 32


def _days(axes: "Axes", days: Sequence[date], slots: _Slots, *, top: float) -> None:
    """The sprints' first days, with the month where it changes."""
    for place, (day, month) in enumerate(_with_months(days)):
        pictures.text(axes, slots.middle(place), top, str(day.day), SMALL, colour=FAINT, align="center")
        pictures.text(axes, slots.middle(place), top + 36, month, SMALL, colour=FAINT, align="center")


def _with_months(days: Sequence[date]) -> Iterator[tuple[date, str]]:
    last = None
    for day in days:
        yield day, "" if day.month == last else MONTHS[day.month - 1][:3]
        last = day.month


def _turnouts(axes: "Axes", sprints: Sequence[Past], slots: _Slots, *, top: float, bottom: float) -> None:
    x = pictures.text(axes, MARGIN, top - 72, "Took part in the retro", HEADING, weight="bold")
    if not any(past.turnout for past in sprints):
        pictures.text(axes, x + 20, top - 72, "no retro yet", LABEL, colour=FAINT)
        return
    pictures.text(axes, x + 20, top - 72, "in % of the team", LABEL, colour=FAINT)
    heights = [bottom - (bottom - top) * past.turnout.share if past.turnout else float("nan") for past in sprints]
    middles = [slots.middle(place) for place in range(len(sprints))]
    axes.plot([MARGIN, WIDTH - MARGIN], [bottom, bottom], color=LINE, linewidth=3)
    # A sprint without a retro is no number, and a line breaks there.
    axes.plot(middles, heights, color=RETRO, linewidth=6, marker="o", markersize=18, clip_on=False)
    for middle, height, past in zip(middles, heights, sprints, strict=True):
        if past.turnout is None:
            pictures.text(axes, middle, bottom - 10, "–", LABEL, colour=FAINT, align="center")
        else:
            pictures.text(
                axes, middle, height - 22, f"{past.turnout.share * 100:.0f}", SMALL, align="center", halo=True
            )


def _actions(axes: "Axes", trends: Trends, *, top: float) -> None:
    pictures.text(axes, MARGIN, top - 24, actions_heading(trends), HEADING, weight="bold")
    ages = by_age(trends.action_days)
    most = max(number for _, number in ages)
    if not most:
        return
    start = MARGIN + 260
    for place, (words, number) in enumerate(ages):
        y = top + 14 + place * 50
        pictures.text(axes, MARGIN, y + 30, words, LABEL, colour=FAINT)
        width = (WIDTH - MARGIN - 100 - start) * number / most
        pictures.box(axes, start, y, max(width, 3), 38, ACTION if number else LINE)
        pictures.text(axes, start + width + 16, y + 30, short(number), LABEL)
