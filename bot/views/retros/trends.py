"""The picture of a team's last sprints, and the same in words. It holds numbers of the team, and nobody's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.domain.calendar.wording import MONTHS, a_day, count, period, so_many_days
from bot.domain.outbox.posts import Message, Picture
from bot.domain.retros.trends import Outcome, Past, Trends
from bot.views import kit
from bot.views.kit import Element, View, lettering, pictures
from bot.views.kit.pictures import FAINT, INK, LIGHT_INK, LINE, WIDTH, Drawing

SHARE = "trends_share"
ASKED = "The picture comes in a moment, in our direct messages. From there you can share it in the team's channel."

# Everything is in pixels.
HEIGHT, MARGIN = 1348, 56
RETROS, ACTIONS = 200, 214  # so much lower is it where there is no retro, and no open action, to show
TITLE, HEADING, LABEL = 56, 38, 34
# Of Okabe and Ito's palette, which people with any colour vision tell apart; these three also differ in brightness.
COLOURS = {Outcome.FINISHED: "#0072B2", Outcome.CARRIED: "#E69F00", Outcome.DROPPED: "#918D85"}
RETRO, ACTION = "#00805E", "#5B6B7F"
FEWEST_SLOTS = 6  # so that a first sprint is a column and no wall
AGES = ((14, "under 2 weeks"), (30, "2 to 4 weeks"), (90, "1 to 3 months"), (None, "over 3 months"))


def asked_view() -> View:
    """What a person reads after choosing it in the menu."""
    return kit.notice("Trends", ASKED)


def message(trends: Trends, *, is_shared: bool) -> Message:
    """The picture under the team's name; unless it `is_shared`, with the button for that."""
    name = kit.escape(trends.team_name)
    alt = alt_text(trends)
    return Message(
        f"*Trends of {name}*\n{kit.escape(alt)}",
        [kit.section(f"*Trends of {name}*", None if is_shared else _share(trends.team_id))],
        Picture("trends.png", alt, partial(paint, trends)),
    )


def _share(team_id: int) -> Element:
    return kit.button("Share in the team's channel", SHARE, str(team_id))


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
    return pictures.paint(partial(draw, trends))


def draw(trends: Trends) -> Drawing:
    """The picture: three charts, one below the other."""
    paper = Drawing(HEIGHT - _missing_retros(trends) - (0 if trends.action_days else ACTIONS))
    slots = _Slots(len(trends.sprints))
    paper.text(MARGIN, 84, title(trends), TITLE, bold=True)
    paper.text(MARGIN, 134, dates(trends), LABEL, colour=FAINT)
    _items(paper, trends.sprints, slots, top=286, bottom=586)
    _days(paper, [past.starts_on for past in trends.sprints], slots, top=628)
    _turnouts(paper, trends.sprints, slots, top=838, bottom=960)
    _actions(paper, trends, top=1096 - _missing_retros(trends))
    return paper


def _missing_retros(trends: Trends) -> int:
    return 0 if any(past.turnout for past in trends.sprints) else RETROS


def _items(paper: Drawing, sprints: Sequence[Past], slots: _Slots, *, top: float, bottom: float) -> None:
    _legend(paper, sprints, top - 60)
    most = max((past.total for past in sprints), default=0) or 1
    for place, past in enumerate(sprints):
        _column(paper, past, slots.middle(place), slots.step * 0.84, bottom, (bottom - top) / most)
    paper.box(MARGIN, bottom, WIDTH - 2 * MARGIN, 3, LINE)


def _column(paper: Drawing, past: Past, middle: float, width: float, bottom: float, an_item: float) -> None:
    """A sprint's items, one outcome upon another, each item as high as every other. A number is there if it fits."""
    y = bottom
    for outcome in Outcome:
        height = an_item * past.items[outcome]
        y -= height
        paper.box(middle - width / 2, y, width, height, COLOURS[outcome])
        words = short(past.items[outcome])
        if height > LABEL * 1.2 and lettering.width(words, LABEL) <= width:
            colour = LIGHT_INK if outcome is Outcome.FINISHED else INK
            paper.text(middle, y + height / 2 + 12, words, LABEL, colour=colour, align="center")
    if not past.total:
        paper.text(middle, bottom - 10, "–", LABEL, colour=FAINT, align="center")


def _legend(paper: Drawing, sprints: Sequence[Past], y: float) -> None:
    x = paper.text(MARGIN, y, "Items", HEADING, bold=True) + 30
    for outcome in Outcome:
        paper.box(x, y - 26, 28, 28, COLOURS[outcome])
        total = sum(past.items[outcome] for past in sprints)
        x = paper.text(x + 40, y, f"{short(total)} {outcome}", LABEL) + 28


def _days(paper: Drawing, days: Sequence[date], slots: _Slots, *, top: float) -> None:
    """The sprints' first days, with the month where it changes."""
    for place, (day, month) in enumerate(with_months(days)):
        paper.text(slots.middle(place), top, str(day.day), LABEL, colour=FAINT, align="center")
        paper.text(slots.middle(place), top + 38, month, LABEL, colour=FAINT, align="center")


def with_months(days: Sequence[date]) -> Iterator[tuple[date, str]]:
    """Each day with its month, where that is another one than before."""
    last = None
    for day in days:
        yield day, "" if day.month == last else MONTHS[day.month - 1][:3]
        last = day.month


def _turnouts(paper: Drawing, sprints: Sequence[Past], slots: _Slots, *, top: float, bottom: float) -> None:
    x = paper.text(MARGIN, top - 72, "Took part in the retro", HEADING, bold=True)
    if not any(past.turnout for past in sprints):
        paper.text(x + 20, top - 72, "no retro yet", LABEL, colour=FAINT)
        return
    paper.text(x + 20, top - 72, "in % of the team", LABEL, colour=FAINT)
    paper.box(MARGIN, bottom, WIDTH - 2 * MARGIN, 3, LINE)
    dots = [
        (slots.middle(place), bottom - (bottom - top) * past.turnout.share) if past.turnout else None
        for place, past in enumerate(sprints)
    ]
    paper.curve(dots, RETRO)
    for place, past in enumerate(sprints):
        middle, dot = slots.middle(place), dots[place]
        if past.turnout is None or dot is None:
            paper.text(middle, bottom - 10, "–", LABEL, colour=FAINT, align="center")
        else:
            paper.text(middle, dot[1] - 22, f"{past.turnout.share * 100:.0f}", LABEL, align="center", halo=True)


def _actions(paper: Drawing, trends: Trends, *, top: float) -> None:
    paper.text(MARGIN, top - 24, actions_heading(trends), HEADING, bold=True)
    ages = by_age(trends.action_days)
    most = max(number for _, number in ages)
    if not most:
        return
    start = MARGIN + 260
    for place, (words, number) in enumerate(ages):
        y = top + 14 + place * 50
        paper.text(MARGIN, y + 31, words, LABEL, colour=FAINT)
        width = (WIDTH - MARGIN - 100 - start) * number / most
        paper.box(start, y, max(width, 1) if number else 0, 38, ACTION)  # some are a hair at least
        paper.text(start + width + 16, y + 31, short(number), LABEL)
