"""The window in which somebody makes the address of a calendar, and reads it, once."""

from bot.domain.calendar.wording import a_day
from bot.domain.subscriptions.addresses import Offer
from bot.views import kit
from bot.views.kit import View
from models.teams import Team

MAKE = "calendar_make"
WINDOW = "calendar"
KEEP_IT = (
    "This address is yours alone: anyone who has it can read this calendar without signing in, so keep it to yourself."
)
NOTHING_PRIVATE = "It holds no feedback, no notes and no reasons."
HOW = (
    "*Google Calendar:* Other calendars, +, From URL\n"
    "*Apple Calendar:* File, New Calendar Subscription\n"
    "*Outlook:* Add calendar, Subscribe from web"
)


def offer_view(offer: Offer) -> View:
    """What the calendar holds, and the button that makes an address for it."""
    blocks = [kit.section(_holds(offer.team)), kit.context(f"{KEEP_IT} {NOTHING_PRIVATE}")]
    if offer.made_at is not None:
        blocks.append(
            kit.section(
                f"You made an address on {a_day(offer.made_at.date())}. *If you make a new one, this one stops working.*"
            )
        )
    label = "Make an address" if offer.made_at is None else "Make a new address"
    value = str(offer.team.id) if offer.team is not None else ""
    return kit.modal(
        WINDOW, _title(offer.team), [*blocks, kit.actions(kit.button(label, MAKE, value, style="primary"))]
    )


def made_view(team: Team | None, address: str) -> View:
    """The address. It is shown here, and never again."""
    words = "*Here is the address.* Copy it now: it is not shown again."
    blocks = [kit.section(words), kit.preformatted(address), kit.section(HOW), kit.context(KEEP_IT)]
    return kit.modal(WINDOW, _title(team), blocks)


def _title(team: Team | None) -> str:
    return "My calendar" if team is None else "The team's calendar"


def _holds(team: Team | None) -> str:
    if team is None:
        return (
            "*Subscribe to your calendar.* It holds your weeks as support hero, the days when you're away, your team's "
            "sprints and planning meetings, and when you wrap up and plan."
        )
    return (
        f"*Subscribe to the calendar of Team {kit.escape(team.name)}.* It holds the team's sprints and planning meetings, "
        "its support heroes, who is away, and when retro notes are revealed."
    )
