"""What people see of a round of feedback in a team: its start, its message, and the form to each person."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import city, count, weekday
from bot.domain.feedback.rounds import ENDS, Page, Standing
from bot.domain.feedback.sealing import Words
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.feedback import asks as ask_views
from bot.views.feedback import letters
from bot.views.kit import Block, Element, Fields, View, keys
from models.company import Person
from models.feedback import FeedbackRound
from models.teams import Team

START = "feedback_round_start"
OPEN = "feedback_round_open"
WRITE = "feedback_round_write"
PLUS_ONE = "feedback_round_plus_one"
STOP = "feedback_round_stop"
IS_OPEN = "open"


def start_form(team: Team, ends_on: date, zone: str, viewer: str) -> View:
    """Until when, and what will happen: it is asked once, since nobody can take back that the others were asked."""
    others = [kit.escape(member.person.name) for member in team.members if member.person_id != viewer]
    asks = f"*Start* asks {kit.names(others)} at once, in their working hours. You can stop it later, but by then people have been asked."
    words = (
        f"Everybody of *{kit.escape(team.name)}* writes to everybody, with their name. Nobody reads "
        "anything before the end. Then Prickle delivers all of it at once: each person reads only what others wrote to "
        "them, and Prickle shows it to nobody else."
    )
    hint = _delivered_at(cadence.instant(ends_on, ENDS, team.zone), team.zone, zone)
    ends = kit.field("ends_on", "Until when?", kit.date_input("ends_on", ends_on), hint=hint)
    blocks = [kit.section(words), *([kit.section(asks)] if others else []), ends]
    return kit.modal(START, "A 360 for your team", blocks, submit="Start", close="Cancel")


def _delivered_at(at: datetime, team_zone: str, zone: str) -> str:
    """On the team's wall, and on the reader's where that shows another time."""
    there, here = _clock(at, team_zone), _clock(at, zone)
    if there == here:
        return f"Prickle delivers it at {there}."
    return f"Prickle delivers it at {there} in {city(team_zone)}, which is {here} in {city(zone)}."


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def read_start(view: Mapping[str, Any]) -> date | None:
    """The last day."""
    return Fields(view).date("ends_on")


def window(standing: Standing) -> View:
    """The people one has written to, and the ones still to come. The person who started the round can stop it here."""
    value = standing.round.id
    if standing.is_stopped:
        return kit.modal("feedback_round", "A 360 for your team", [kit.section(_stopped(standing.round))])
    rows = [
        kit.section(
            f"{'✅' if person.id in standing.written else '⏳'} *{kit.escape(person.name)}*",
            kit.button(
                "Edit" if person.id in standing.written else "Write", f"{WRITE}_{person.id}", f"{value}:{person.id}"
            ),
        )
        for person in standing.others
    ]
    head = kit.context(f"{kit.escape(standing.round.team.name)} · {_until(standing)}")
    foot = [kit.actions(_stop_button(standing.round))] if standing.may_stop else []
    return kit.modal("feedback_round", "A 360 for your team", [head, *rows, *foot], metadata=str(value))


def _until(standing: Standing) -> str:
    """When it is delivered, on the reader's own clock."""
    return f"Prickle delivers all of it {kit.moment(standing.round.ends_at, zone=standing.zone)}"


def _stop_button(found: FeedbackRound) -> Element:
    asks = kit.confirmation(
        "Stop the 360?",
        "Nothing was delivered. What people wrote stays theirs, and nobody else reads it.",
        "Stop it",
    )
    return kit.button("Stop the 360", STOP, str(found.id), confirm=asks)


def _stopped(found: FeedbackRound) -> str:
    team = kit.escape(found.team.name)
    words = f"{kit.mention(found.started_by_id)} stopped the 360 for *{team}*."
    if found.started_by.is_gone:  # then anybody in it may have done so
        words = f"The 360 for *{team}* was stopped."
    return f"{words} Nothing of it is delivered. What you wrote stays yours: `/give-feedback mine` shows it."


def read_target(value: str) -> tuple[int, str]:
    """The round's id, and to whom."""
    round_id, _, person_id = value.partition(":")
    return keys.number(round_id), person_id


def card(standing: Standing) -> Message:
    """A round began: what it is, and to whom one has still to write."""
    return _card(standing, f"{kit.mention(standing.round.started_by_id)} started a 360")


def reminder(standing: Standing) -> Message:
    """The only reminder. It says the day itself: the last working day before it is not always the day before."""
    ends_on = cadence.local_date(standing.round.ends_at, standing.zone)
    return _card(standing, "The 360", f" ends on {weekday(ends_on)}")


def _card(standing: Standing, head: str, when: str = "") -> Message:
    found = standing.round
    words = f"{head} for *{kit.escape(found.team.name)}*{when}: everybody writes to everybody."
    if standing.is_stopped:
        return Message(_stopped(found), [kit.section(_stopped(found))])
    if standing.is_over:
        text = _over(found, "what was written to you is here" if standing.got_some else "nobody wrote to you this time")
        return Message(text, [kit.section(text)])
    missing = [person for person in standing.others if person.id not in standing.written]
    left = f"You still have to write to {_names(missing)}." if missing else "You have written to everybody. Thank you!"
    until = _until(standing)
    write = kit.button("Write" if missing else "Edit", OPEN, str(found.id), style="primary")
    blocks = [
        kit.section(f"{words} {left}"),
        kit.context(f"{kit.escape(found.team.name)} · {until}"),
        kit.actions(write, _stop_button(found) if standing.may_stop else None),
    ]
    return Message(f"{words} {left} {until[0].upper()}{until[1:]}.", blocks)


def _over(found: FeedbackRound, got: str) -> str:
    return f"The 360 for *{kit.escape(found.team.name)}* is over: {got}."


def nothing_message(found: FeedbackRound) -> Message:
    """The message to a person who got no feedback in a round, sent when the others get theirs."""
    ask = kit.button("Ask for feedback", ask_views.ASK_BUTTON)
    text = _over(found, "nobody wrote to you this time")
    return Message(f"{text} `/give-feedback ask` asks people of your choice.", [kit.section(text), kit.actions(ask)])


def _names(people: list[Person]) -> str:
    return kit.names([kit.escape(person.name) for person in people])


def form(page: Page) -> View:
    """What one writes to one person, below what others wrote for whoever agrees."""
    name = kit.escape(page.to.name)
    words = page.mine.words if page.mine else Words("")
    agreed = page.mine.feedback.plus_ones if page.mine else []
    head = [
        kit.section(f"For *{name}*, who reads it at the end"),
        *_others(page),
        *(
            [kit.context(f"{count(len(agreed), 'teammate')} agreed. If you change your words, their +1 is gone")]
            if agreed
            else []
        ),
    ]
    open_to = kit.option("They may read this now, and agree instead of repeating it", IS_OPEN)
    is_open = [IS_OPEN] if page.mine is None or page.mine.feedback.is_open else []
    sharing = kit.field(
        "is_open",
        kit.shorten(f"The others who write to {page.to.name}", 150),
        kit.checkboxes("is_open", [open_to], is_open),
        optional=True,
    )
    return kit.modal(
        WRITE,
        "Write",
        [*head, *letters.prompt_fields(words), sharing],
        submit="Save",
        close="Back",
        metadata=f"{page.round.id}:{page.to.id}",
    )


def _others(page: Page) -> list[Block]:
    blocks: list[Block] = []
    for shown in page.others:
        given = shown.feedback
        label = "✓ +1" if given.id in page.agreed else "+1"
        blocks += [
            kit.section(
                f"{kit.escape(given.giver.name)} wrote:", kit.button(label, f"{PLUS_ONE}_{given.id}", str(given.id))
            ),
            *letters.parts(shown.words),
        ]
    return [*blocks, kit.divider()] if blocks else []


def read_form(view: Mapping[str, Any]) -> tuple[int, str, Words, bool]:
    """The round's id, to whom, the words, and whether the others may read them."""
    round_id, person_id = read_target(view["private_metadata"])
    return round_id, person_id, letters.read_words(view), IS_OPEN in Fields(view).choices("is_open")
