"""What people see of the weekly question: whom could you tell something?"""

from datetime import date

from bot.domain.calendar.wording import a_day
from bot.domain.feedback.rhythms import Candidate, WeeklyQuestion
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.feedback import letters
from bot.views.kit import keys

NOT_NOW = "feedback_rhythm_not_now"
MENU = "feedback_rhythm_menu"
ASKS = "Whom could you tell something this week?"


def switched(*, on: bool) -> str:
    """How it is, and how to change it."""
    if on:
        return "Once a week you are asked whom you could tell something. `/give-feedback rhythm off` ends that."
    return "You are not asked each week whom you could tell something. `/give-feedback rhythm on` begins it."


def card(question: WeeklyQuestion) -> Message:
    """Up to three teammates, and a way to be left alone."""
    if not question.is_on:
        return _closed("You are not asked this any more. `/give-feedback rhythm on` begins it again.")
    if question.quiet_until is not None:
        return _closed(f"All right: not before {a_day(question.quiet_until)}.")
    if not question.candidates:
        return _closed(f"{ASKS} You have told everybody of your team something lately.")
    rows = [kit.section(_line(each), _button(each)) for each in question.candidates]
    value = question.day.isoformat()
    end = kit.overflow(MENU, [kit.option("Do not ask me this any more", value)])
    blocks = [kit.section(f"*{ASKS}*"), *rows, kit.actions(kit.button("Not now", NOT_NOW, value), end)]
    return Message("\n".join([ASKS, *map(_line, question.candidates)]), blocks)


def _closed(words: str) -> Message:
    return Message(words, [kit.section(words)])


def _line(candidate: Candidate) -> str:
    since = f"you wrote {kit.moment(candidate.told_at, with_time=False)}" if candidate.told_at else "not yet"
    return f"{kit.escape(candidate.person.name)} · {since}"


def _button(candidate: Candidate) -> kit.Element:
    return kit.button("Give feedback", f"{letters.GIVE}_{candidate.person.id}", candidate.person.id)


def read_day(value: str) -> date:
    """Of which day the question is."""
    return keys.day(value)
