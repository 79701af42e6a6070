"""The week's digest in the intake channel: in words, and how long answers took as one picture."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.calendar.wording import MONTHS, a_day, count, period
from bot.domain.intake.digests import A_WEEK, Digest, Owed, Pace
from bot.domain.outbox.posts import Message, Picture
from bot.views import kit
from bot.views.intake import nudges
from bot.views.intake.decisions import MODES
from bot.views.kit import pictures
from bot.views.kit.pictures import FAINT, LINE
from models.intake.requests import Request

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = 10  # of each kind; a count says how many more
MORE = "There is more: `/reach-out queue` shows all of it."
FEWEST = 2  # weeks, or there is nothing to compare
IN_DAYS = timedelta(days=2)  # from then on

# In pixels. Slack shows the picture a third as wide on a phone.
WIDTH, HEIGHT, MARGIN = 1080, 760, 56
TITLE, HEADING, SMALL = 48, 34, 30
ANSWER, DECISION = "#0072B2", "#B34700"


# --- in words ---------------------------------------------------------------------------------------------------


def message(digest: Digest) -> Message:
    """What came, what was answered, what waits on whom, and how long it took."""
    head = f"*Requests to the AI team, {period(digest.week_on, _sunday(digest))}*"
    parts = [
        _part("New", [_new(each, digest) for each in digest.new]),
        _part("Decided", [f"{_linked(each, digest)}: *{MODES[mode]}*" for each, mode in digest.decided]),
        _part("Done", [_linked(each, digest) for each in digest.done]),
        _waiting(digest),
        [_took(digest.paces[-1])] if digest.paces and not digest.paces[-1].is_empty else [],
    ]
    parts = [[_counts(digest)], *(part for part in parts if part)]
    blocks = [kit.section(head), *(block for part in parts for block in kit.paragraphs(part))]
    text = kit.in_short([head, *(line for part in parts for line in part)], more=MORE)
    return Message(text, kit.fit_message(blocks, [], MORE), _picture(digest))


def _sunday(digest: Digest) -> date:
    return digest.week_on + A_WEEK - timedelta(days=1)


def _counts(digest: Digest) -> str:
    waits = sum(len(each.requests) for each in digest.owed)
    return f"{len(digest.new)} new · {len(digest.decided)} decided · {len(digest.done)} done · {waits} waiting now"


def _part(heading: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"… and {len(lines) - LINES} more"] if len(lines) > LINES else []
    return [f"*{heading}*", *(f"• {line}" for line in lines[:LINES]), *more]


def _new(request: Request, digest: Digest) -> str:
    team = f" of {kit.name(request.team.name)}" if request.team else ""
    return f"{_linked(request, digest)} · {kit.name(request.asker.name)}{team}"


def _waiting(digest: Digest) -> list[str]:
    """By desk and by person, on whom something waits longest first."""
    lines: list[str] = []
    shown = 0
    for debt in digest.owed:
        part = debt.requests[: LINES - shown]
        if part:
            lines += [_debtor(debt), *(f"• {_linked(each, digest)} · since {_since(each)}" for each in part)]
        shown += len(part)
    left = sum(len(debt.requests) for debt in digest.owed) - shown
    return [*lines, *([f"… and {left} more: `/reach-out queue`"] if left else [])]


def _debtor(debt: Owed) -> str:
    return f"*Waiting on {kit.name(debt.who)}* ({len(debt.requests)})"


def _linked(request: Request, digest: Digest) -> str:
    return nudges.linked(request, digest.links.get(request.id))


def _since(request: Request) -> str:
    return kit.moment(request.waiting_since, with_time=False)


def _took(pace: Pace) -> str:
    return f"Median of the week's new requests: {_both(pace)}."


def _span(span: timedelta) -> str:
    """A median in words: hours under two days, else days."""
    hours = round(span.total_seconds() / 3600)
    if span >= IN_DAYS:
        return count(round(hours / 24), "day")
    return count(hours, "hour") if hours else "less than an hour"


def alt_text(paces: Sequence[Pace]) -> str:
    """What the picture shows, in words."""
    return "\n".join(
        [f"{_title(paces)}.", *(f"{a_day(pace.week_on)}: {_both(pace)}." for pace in paces if not pace.is_empty)]
    )


def _title(paces: Sequence[Pace]) -> str:
    return f"Median time to an answer, the last {count(len(paces), 'week')}"


def _both(pace: Pace) -> str:
    answer = f"first answer after {_span(pace.answer)}" if pace.answer is not None else "no answer yet"
    return (
        f"{answer}, decision after {_span(pace.decision)}" if pace.decision is not None else f"{answer}, none decided"
    )


# --- the picture ------------------------------------------------------------------------------------------------


def _picture(digest: Digest) -> Picture | None:
    if sum(not pace.is_empty for pace in digest.paces) < FEWEST:
        return None
    return Picture("answers.png", alt_text(digest.paces), partial(paint, digest.paces))


def paint(paces: Sequence[Pace]) -> bytes:
    """The picture as a PNG."""
    return pictures.paint(WIDTH, HEIGHT, lambda axes: _draw(axes, paces))


def _draw(axes: "Axes", paces: Sequence[Pace]) -> None:
    pictures.text(axes, MARGIN, 84, "How long people wait for an answer", TITLE, weight="bold")
    pictures.text(axes, MARGIN, 132, "Median of each week's requests", SMALL, colour=FAINT)
    x = _legend(axes, MARGIN, 200, "first answer", ANSWER)
    _legend(axes, x + 48, 200, "decision", DECISION)
    top, bottom, step = 300, 600, (WIDTH - 2 * MARGIN) / len(paces)
    spans = [span for pace in paces for span in (pace.answer, pace.decision) if span is not None]
    most = max(spans, default=IN_DAYS) or IN_DAYS
    middles = [MARGIN + (place + 0.5) * step for place in range(len(paces))]
    axes.plot([MARGIN, WIDTH - MARGIN], [bottom, bottom], color=LINE, linewidth=3)
    for colour, values, below in (
        (DECISION, [p.decision for p in paces], False),
        (ANSWER, [p.answer for p in paces], True),
    ):
        # A week without one is no number, and the line breaks there.
        heights = [float("nan") if value is None else bottom - (bottom - top) * (value / most) for value in values]
        axes.plot(middles, heights, color=colour, linewidth=6, marker="o", markersize=16, clip_on=False)
        for middle, height, value in zip(middles, heights, values, strict=True):
            if value is not None:
                y = height + 42 if below else height - 22
                pictures.text(axes, middle, y, _brief(value), SMALL, colour=colour, align="center", halo=True)
    for middle, (day, month) in zip(middles, _with_months([pace.week_on for pace in paces]), strict=True):
        pictures.text(axes, middle, 686, str(day.day), SMALL, colour=FAINT, align="center")
        pictures.text(axes, middle, 724, month, SMALL, colour=FAINT, align="center")


def _legend(axes: "Axes", x: float, y: float, words: str, colour: str) -> float:
    pictures.box(axes, x, y - 18, 40, 10, colour)
    return pictures.text(axes, x + 54, y, words, HEADING)


def _brief(span: timedelta) -> str:
    """A median where there is little room: `5 h`, `3 d`."""
    hours = round(span.total_seconds() / 3600)
    return f"{round(hours / 24)} d" if span >= IN_DAYS else f"{hours} h" if hours else "<1 h"


def _with_months(days: Sequence[date]) -> Iterator[tuple[date, str]]:
    last = None
    for day in days:
        yield day, "" if day.month == last else MONTHS[day.month - 1][:3]
        last = day.month
