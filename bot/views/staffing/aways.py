"""What people see of being away: the form, the answer, and the one line for somebody who is back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.domain.calendar import calendars
from bot.domain.calendar.wording import WEEKDAYS, days, weekday
from bot.domain.outbox.posts import Message
from bot.domain.sprints.overviews import Overview
from bot.domain.staffing.aways import AwayDraft, Back, Days, Leave
from bot.views import kit, routes
from bot.views.kit import Element, Fields, View, countries
from bot.views.sprints.overviews import UNDO_AWAY
from bot.views.sprints.sprints import WRITE, key
from bot.views.teams.teams import paused_words

AWAY = routes.AWAY.verb
SEARCH_COUNTRY = "away_country"  # the menu that looks countries up while somebody types
PART = "away_part"
THE_SAME = "The same as my team"
TYPED = "typed"  # a form that no screen shows the change of: it was opened by a command


def form(draft: AwayDraft, typed: str | None = None) -> View:
    """The form of `/sprint away`. What was `typed` behind it and can't be read as a day is kept in sight."""
    words = kit.escape(kit.shorten(typed or "", 200))
    unread = kit.context(f"“{words}” is no day that I can read. Choose the days here.")
    return kit.modal(
        AWAY,
        "Away",
        [
            *([unread] if typed else []),
            kit.field(
                "first",
                "My first day away",
                kit.date_input("first", draft.first),
                optional=True,
            ),
            kit.field(
                "last",
                "My last day away",
                kit.date_input("last", draft.last),
                optional=True,
                hint=(
                    "Leave it empty if it is one day. Until then Prickle asks you nothing. "
                    "Without any day you change only your holidays or weekend."
                ),
            ),
            kit.field(
                "country",
                "Public holidays I keep",
                countries.menu(SEARCH_COUNTRY, draft.country),
                optional=True,
                hint="On those days Prickle asks you nothing.",
                tells=True,
            ),
            *countries.part_field(draft.country, PART),
            kit.field(
                "weekend",
                "Weekdays I don't work",
                kit.multi_select(
                    "weekend", [kit.option(name, str(day)) for day, name in enumerate(WEEKDAYS)], list(draft.weekend)
                ),
                hint="Choose your own if they differ from the company's. On these days Prickle asks you nothing.",
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=TYPED if typed is not None else "",
    )


def was_typed(view: Mapping[str, Any]) -> bool:
    """Whether the form was opened by a command, so that nothing on the screen shows what it changed."""
    return view.get("private_metadata") == TYPED


def read_form(view: Mapping[str, Any]) -> Leave:
    """What was filled in."""
    fields = Fields(view)
    weekend = "".join(fields.choices("weekend")) or None
    return Leave(fields.date("first"), fields.date("last"), countries.read(fields), weekend)


def with_part(view: Mapping[str, Any]) -> View:
    """The same form, with the part of the country asked for that is chosen by now."""
    country = countries.read(Fields(view))
    return kit.rewritten(view, countries.with_part(view["blocks"], country, PART))


def away_words(gone: Days) -> str:
    """The answer to somebody who goes away."""
    from_when = "" if gone.begun else f" from {_day(gone.first, gone.last)}"
    until = f" until {_day(gone.last, gone.first)}"
    if gone.first == gone.last and not gone.begun:
        from_when, until = f" on {weekday(gone.first)}", ""
    return f"You are away{from_when}{until}. Nobody waits for your plan; `/sprint back` when you are back earlier."


def away_message(gone: Days) -> Message:
    """The answer to `/sprint away until friday`, with the way back."""
    words = away_words(gone)
    return Message(words, [kit.section(words, kit.button("Undo", UNDO_AWAY))])


def undone_words(stands: Days | None) -> str:
    """What a person reads after *Undo*: that they are here, or what they had said before."""
    if stands is None:
        return "Undone. You are not away."
    until = "" if stands.last == date.max else f" until {_day(stands.last, stands.first)}"
    return f"Undone. You are away{until}, as you had said before."


def saved_view(gone: Days | None, country: str | None) -> View:
    """The receipt of the form where no screen shows what it changed, with the way back."""
    keeps = f"the public holidays of {calendars.country_name(country)}" if country else "your team's public holidays"
    words = kit.section(f"You keep {keeps}. On those days Prickle asks you nothing.")
    blocks = [*away_message(gone).blocks, words] if gone else [words]
    return kit.done("Away" if gone else "Saved", blocks)


def back_message(back: Back) -> Message:
    """The one line for somebody who is back: what runs, and what can be written now."""
    line = f"Welcome back. {_what_runs(back.overview, back.today)}".strip()
    if back.status_says_away:
        line += " Your Slack status still says that you are away; I take your word for it."
    write = _write_button(back.overview)
    return Message(line, [kit.section(line), *([kit.actions(write)] if write else [])])


def _what_runs(overview: Overview | None, today: date) -> str:
    if overview is None:
        return ""
    name, still = kit.escape(overview.team_name), overview.still
    if still.paused:
        return f"{name} is {paused_words(still.paused_until, still.paused_because)}."
    dates = overview.planning.dates
    meant = days(dates.starts_on, dates.ends_on)
    if not overview.answered:
        if overview.planning.late:
            return f"The plan of {name} for {meant} is final; yours is still welcome."
        return f"{name} is planning {meant}{_until(dates.starts_on, today)}."
    running = overview.running
    if running is None or running.id == overview.planning.sprint_id:
        return f"Your plan for {meant} is in."
    runs = days(running.starts_on, running.ends_on)
    return f"In {name} the sprint {runs} runs, and your plan for {meant} is in."


def _write_button(overview: Overview | None) -> Element | None:
    if overview is None or overview.answered or overview.still.paused:
        return None
    here = key(overview.team_id, overview.planning.dates.starts_on)
    return kit.button("Write my plan", WRITE, here, style="primary")


def _until(starts_on: date, today: date) -> str:
    if starts_on <= today:
        return ""
    if starts_on - today < timedelta(days=7):
        return f" until {WEEKDAYS[starts_on.weekday()]}"
    return f" until {weekday(starts_on)}"


def _day(day: date, other: date) -> str:
    """A day with its weekday, and with its year where that is not the other one's."""
    return weekday(day) if day.year == other.year else f"{weekday(day)} {day.year}"
