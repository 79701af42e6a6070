"""What an admin sees: the setup of the company; and the words of `/prickle`."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.calendar.places import Place
from bot.domain.calendar.wording import WEEKDAYS
from bot.domain.company import parts
from bot.domain.company.company import CompanySetup
from bot.domain.company.parts import Part
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from models.company import Company

SETUP = "company_setup"
SETUP_BUTTON = "company_set_up"
HELP_BUTTON = "company_help"

SEARCH_ZONE = "zone"
PARTS = "parts"
WHAT_THEY_DO = {Part.ROTA: "Hero rota: teams that want one take turns as support hero"}


def setup_form(company: Company) -> View:
    """The form of `/prickle setup`."""
    weekdays = [kit.option(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    return kit.modal(
        SETUP,
        "Set up Prickle",
        [
            kit.field(
                "sprint_channel",
                "The company's sprint channel",
                kit.picker("channels_select", "sprint_channel", company.sprint_channel_id),
                hint="Prickle posts every team's final plan there.",
            ),
            kit.field(
                "intake_channel",
                "Where people reach out to the AI team",
                kit.picker("channels_select", "intake_channel", company.intake_channel_id),
                optional=True,
                hint="Only if there is a team that helps others with AI.",
            ),
            zone_field(company.zone),
            kit.field(
                "weekend",
                "Weekend",
                kit.multi_select("weekend", weekdays, list(company.weekend)),
                hint="Prickle asks nobody anything on these days, and no sprint ends on one.",
            ),
            _parts_field(company),
        ],
        submit="Save",
        close="Cancel",
    )


def read_setup(view: Mapping[str, Any]) -> CompanySetup:
    """What was filled in."""
    fields = Fields(view)
    return CompanySetup(
        sprint_channel=fields.channel("sprint_channel") or "",
        intake_channel=fields.channel("intake_channel"),
        zone=fields.choice("zone") or "",
        weekend="".join(fields.choices("weekend")),
        parts=[keys.word(Part, each) for each in fields.choices(PARTS)] if fields.starting_with(PARTS) else None,
    )


def _parts_field(company: Company) -> Block:
    options = [kit.option(words, part.value) for part, words in WHAT_THEY_DO.items()]
    boxes = kit.checkboxes(PARTS, options, [part.value for part in WHAT_THEY_DO if part in parts.read(company.parts)])
    return kit.field(PARTS, "Also switched on", boxes, optional=True, hint="A part that is off doesn't show anywhere.")


def set_up_view(company: Company) -> View:
    """The receipt."""
    return kit.notice(
        "Prickle is set up",
        f"Final plans are posted in {kit.channel(company.sprint_channel_id or '')}. "
        "Next, found a team with `/small-team create`, or ask the leads to.",
    )


def zone_field(zone: str, *, tells: bool = False) -> Block:
    """The field for a time zone."""
    return kit.field(
        "zone",
        "Time zone",
        kit.search_select(SEARCH_ZONE, "Type a city, such as Berlin", zone_choices([zone])[0]),
        tells=tells,
    )


def zone_choices(zones: Sequence[str]) -> list[kit.Element]:
    """Time zones as the choices of a menu."""
    return [kit.option(zone.replace("_", " "), zone) for zone in zones]


def place_choices(found: Sequence[Place]) -> list[kit.Element]:
    """The same of what was found for the name that somebody types."""
    return [kit.option(place.words, place.zone) for place in found]
