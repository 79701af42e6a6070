"""The week's digest in the intake channel: in words, and how long answers took as one picture."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from bot.domain.calendar.wording import a_day, count, period
from bot.domain.intake.digests import A_WEEK, Digest, Owed, Pace
from bot.domain.outbox.posts import Message, Picture
from bot.views import kit
from bot.views.intake import nudges
from bot.views.intake import waiting_on as waiting_views
from bot.views.intake.decisions import MODES
from bot.views.kit import pictures
from bot.views.kit.pictures import FAINT, LINE, WIDTH, Drawing
from bot.views.retros.trends import with_months
from models.intake.requests import Request

LINES = 10  # of each kind; a count says how many more
MORE = "There is more: `/reach-out queue` shows all of it."
FEWEST = 2  # weeks, or there is nothing to compare
IN_DAYS, IN_WEEKS, IN_YEARS = timedelta(days=2), timedelta(weeks=14), timedelta(days=730)  # from then on

# In pixels.
HEIGHT, MARGIN = 770, 56
TITLE, HEADING, LABEL = 52, 38, 34
TOP, BOTTOM = 300, 600  # of the chart
ABOVE, BELOW = -22, 46  # from a dot to the baseline of its number
ANSWER, DECISION = "#0072B2", "#B34700"


# --- in words ---------------------------------------------------------------------------------------------------


def message(digest: Digest) -> Message:
    """What came, what was answered, what waits on whom, and how long it took."""
    head = f"*Requests to the AI team, {period(digest.week_on, _sunday(digest))}*"
    parts = [
        _part("New", [_new(each, digest) for each in digest.new]),
        _part("Answered", [f"{_linked(each, digest)}: *{MODES[mode]}*" for each, mode in digest.decided]),
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
    counts = {"new": digest.new, "answered": digest.decided, "done": digest.done}
    told = [f"{len(found)} {words}" for words, found in counts.items() if found]
    return " · ".join([*told, *([f"{waits} waiting now"] if waits else [])])


def _part(heading: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"… and {len(lines) - LINES} more"] if len(lines) > LINES else []
    return [f"*{heading}*", *(f"• {line}" for line in lines[:LINES]), *more]


def _new(request: Request, digest: Digest) -> str:
    team = f" of {kit.name(request.team.name)}" if request.team else ""
    return f"{_linked(request, digest)} · {kit.name(request.asker.name)}{team}{_wanted(request)}"


def _wanted(request: Request) -> str:
    return f" · {words}" if (words := waiting_views.wanted(request)) else ""


def _waiting(digest: Digest) -> list[str]:
    """By desk and by person, on whom something waits longest first."""
    lines: list[str] = []
    shown = 0
    for debt in digest.owed:
        part = debt.requests[: LINES - shown]
        if part:
            lines += [
                _debtor(debt),
                *(f"• {_linked(each, digest)} · since {_since(each)}{_wanted(each)}" for each in part),
            ]
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
    return pictures.paint(partial(draw, paces))


def draw(paces: Sequence[Pace]) -> Drawing:
    """The picture: two curves over the weeks."""
    paper = Drawing(HEIGHT)
    paper.text(MARGIN, 84, "How long people wait for an answer", TITLE, bold=True)
    paper.text(MARGIN, 134, "Median of each week's requests", LABEL, colour=FAINT)
    x = _legend(paper, MARGIN, 200, "first answer", ANSWER)
    _legend(paper, x + 48, 200, "decision", DECISION)
    step = (WIDTH - 2 * MARGIN) / len(paces)
    middles = [MARGIN + (place + 0.5) * step for place in range(len(paces))]
    paper.box(MARGIN, BOTTOM, WIDTH - 2 * MARGIN, 3, LINE)
    _curves(paper, paces, middles)
    for middle, (day, month) in zip(middles, with_months([pace.week_on for pace in paces]), strict=True):
        paper.text(middle, 692, str(day.day), LABEL, colour=FAINT, align="center")
        paper.text(middle, 732, month, LABEL, colour=FAINT, align="center")
    return paper


def _curves(paper: Drawing, paces: Sequence[Pace], middles: Sequence[float]) -> None:
    spans = [span for pace in paces for span in (pace.answer, pace.decision) if span is not None]
    most = max(spans, default=IN_DAYS) or IN_DAYS
    for colour, values in ((DECISION, [p.decision for p in paces]), (ANSWER, [p.answer for p in paces])):
        # A week without one is no number, and the line breaks there.
        paper.curve(
            [None if v is None else (x, _height(v, most)) for x, v in zip(middles, values, strict=True)], colour
        )
    for middle, pace in zip(middles, paces, strict=True):
        # The longer one's number is above its dot and the other one's below, so that they keep out of each other's way.
        answer_last = pace.answer is not None and pace.decision is not None and pace.answer > pace.decision
        for colour, value, above in ((DECISION, pace.decision, not answer_last), (ANSWER, pace.answer, answer_last)):
            if value is not None:
                y = _height(value, most) + (ABOVE if above else BELOW)
                paper.text(middle, y, _brief(value), LABEL, colour=colour, align="center", halo=True)


def _height(span: timedelta, most: timedelta) -> float:
    return BOTTOM - (BOTTOM - TOP) * (span / most)


def _legend(paper: Drawing, x: float, y: float, words: str, colour: str) -> float:
    paper.box(x, y - 18, 40, 10, colour)
    return paper.text(x + 54, y, words, HEADING)


def _brief(span: timedelta) -> str:
    """A median where there is little room: `5 h`, `3 d`, `20 w`, `3 y`."""
    hours = round(span.total_seconds() / 3600)
    if span >= IN_WEEKS:
        return f"{round(hours / 24 / 365)} y" if span >= IN_YEARS else f"{round(hours / 24 / 7)} w"
    return f"{round(hours / 24)} d" if span >= IN_DAYS else f"{hours} h" if hours else "<1 h"
