"""What people see of the line about feedback: who has not heard from me for a while?"""

from collections.abc import Sequence

from bot.domain.feedback.rhythms import Candidate, Wish
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.feedback import letters
from bot.views.kit import Element, View

OLD_NOT_NOW = "feedback_rhythm_not_now"  # in a message of an older version
OLD_MENU = "feedback_rhythm_menu"
LINE = "feedback_line"
ON = "feedback_weekly_on"
OFF = "feedback_weekly_off"
OPEN = routes.FEEDBACK_LINE.verb
QUIET_CHOICE, OFF_CHOICE = "quiet", "off"
ASKS = "Anyone you have feedback for?"
OFFERS = "Should I name people here who haven't heard from you in two weeks?"
MOVED = "You're asked about feedback here now, once a sprint, and not on Wednesdays any more."
GONE = "Nobody is asked about feedback on Wednesdays any more."
SHOWN_NAME = 40


def switched(wish: Wish) -> str:
    """How it is, and how to change it."""
    if wish.quiet_until is not None:
        return f"You get no line about feedback before {kit.moment(wish.quiet_until, with_time=False)}."
    if wish.on:
        return (
            "Once a sprint, a line names people in your team who haven't heard from you in two weeks. "
            "It's in the message that asks you to wrap up and plan; leads read it in the message that asks them to finalize."
        )
    return "You get no line about feedback. Switch it on, and once a sprint a line names people in your team who haven't heard from you."


def window(wish: Wish) -> View:
    """The same, with a button that changes it."""
    on = wish.on and wish.quiet_until is None
    button = kit.button("Switch it off", OFF) if on else kit.button("Switch it on", ON, style="primary")
    return kit.modal("feedback_line", "Feedback, once a sprint", [kit.section(switched(wish)), kit.actions(button)])


def line(candidates: Sequence[Candidate]) -> str:
    """`Anyone you have feedback for? Lena: nothing in the last two weeks`."""
    untold = [each.person.name for each in candidates if each.told_at is None]
    told = [each.person.name for each in candidates if each.told_at is not None]
    said = [f"{_names(names)}: {words}" for names, words in ((untold, "nothing yet"), (told, _LATELY)) if names]
    return f"💬 {ASKS} {'; '.join(said)}"


_LATELY = "nothing in the last two weeks"


def _names(names: Sequence[str]) -> str:
    return kit.names([kit.escape(kit.shorten(name, SHOWN_NAME)) for name in names])


def menu_field(candidates: Sequence[Candidate]) -> Element:
    """What can be done about the line."""
    give = [kit.option(f"Give {each.person.name} feedback", each.person.id) for each in candidates]
    quiet = [kit.option("Not for a month", QUIET_CHOICE), kit.option("Leave this line out", OFF_CHOICE)]
    return kit.overflow(LINE, [*give, *quiet])


def offer_field() -> Element:
    """A lead who never said anything switches it on here."""
    return kit.button("Yes, name them", ON)


def old_card() -> Message:
    """What a message of an older version says, which asked on Wednesdays."""
    words = "Nobody asks you on Wednesdays any more. `/give-feedback rhythm` puts a line about feedback into your turn."
    return Message(words, [kit.section(words), kit.actions(kit.button("Give feedback", letters.GIVE))])
