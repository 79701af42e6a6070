"""What the clock asks of somebody at the moment: on Home, and at the head of the menu."""

from bot.domain.calendar.wording import count, days
from bot.domain.home import due
from bot.domain.home.home import Home, RetroLine
from bot.domain.sprints.overviews import Overview
from bot.views import kit, routes
from bot.views.kit import Block, Element
from bot.views.sprints import overviews, sprints
from models.sprints import UNFINISHED


def blocks(home: Home) -> list[Block]:
    """What the clock asks at the moment; nothing of somebody who is away, or while the team stands still."""
    overview = home.overview
    if overview is None or not due.asks(overview):
        return []
    turn = _to_plan(overview)
    # The form of the turn takes notes, too.
    notes_alone = [] if turn else _to_say(overview, home.retro)
    asked = [*turn, *_to_finalize(overview), *notes_alone, *_to_mark(overview)]
    return [kit.section("*For you now*"), *asked] if asked else []


def lines(home: Home) -> list[Block]:
    """The same for the menu, a line each, and the requests that wait on them."""
    overview = home.overview
    waiting = _to_answer(home)
    if overview is None or not due.asks(overview):
        return waiting
    turn = _to_write(overview)
    return [*turn, *_to_finalize(overview), *waiting, *([] if turn else _to_say(overview, home.retro))]


def _to_write(overview: Overview) -> list[Block]:
    return [kit.section(_ahead(overview), _write(overview))] if due.asks_to_plan(overview) else []


def _to_answer(home: Home) -> list[Block]:
    if not home.waiting.total:
        return []
    words = f"{count(home.waiting.total, 'request')} {'waits' if home.waiting.total == 1 else 'wait'} on you"
    return [kit.section(words, kit.button("My requests", routes.entry("/reach-out", "mine")))]


def _to_plan(overview: Overview) -> list[Block]:
    if not due.asks_to_plan(overview):
        return []
    nothing_new = routes.SAME_AGAIN.button("Nothing new", _here(overview))
    return [kit.section(_ahead(overview)), kit.actions(_write(overview), nothing_new)]


def _ahead(overview: Overview) -> str:
    dates = overview.planning.dates
    return f"What comes next: *{days(dates.starts_on, dates.ends_on)}*"


def _write(overview: Overview) -> Element:
    left = [item for item in [*overview.mine(), *overview.to_mark] if item.mark in UNFINISHED]
    words = sprints.WRAP_UP if left else sprints.PLAN
    return kit.button(words, sprints.WRITE, _here(overview), style="primary")


def _here(overview: Overview) -> str:
    return sprints.key(overview.team_id, overview.planning.dates.starts_on)


def _to_finalize(overview: Overview) -> list[Block]:
    if not due.asks_to_finalize(overview):
        return []
    dates = overview.planning.dates
    finalize = kit.button("Finalize", sprints.FINALIZE, sprints.key(overview.team_id, dates.starts_on))
    waiting = overviews.waiting_for_seats(overview)
    words = f"It's for you to finalize *{days(dates.starts_on, dates.ends_on)}*. {waiting}"
    return [kit.section(words, finalize)]


def _to_say(overview: Overview, retro: RetroLine | None) -> list[Block]:
    if retro is None or not retro.is_hidden or retro.answered:
        return []
    write = kit.button(
        "Write notes", routes.WRITE_NOTES.verb, sprints.key(overview.team_id, retro.starts_on), style="primary"
    )
    words = f"The retro of *{days(retro.starts_on, retro.ends_on)}* is open. What went well? What could be better?"
    return [kit.section(words, write)]


def _to_mark(overview: Overview) -> list[Block]:
    sprint = overview.ended
    if sprint is None or overview.answered or not any(item.mark in UNFINISHED for item in overview.to_mark):
        return []
    return [kit.section(f"*{days(sprint.starts_on, sprint.ends_on)}* has ended. How far did you get? Mark it below.")]
