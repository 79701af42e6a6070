"""What people see when they found a team, and when its lead edits what it is."""

from collections.abc import Mapping
from typing import Any

from bot.domain.calendar.wording import WEEKDAYS, city, count
from bot.domain.outbox.posts import Message
from bot.domain.teams import teams
from bot.domain.teams.foundings import Charter, Founding
from bot.domain.teams.meetings import Meeting
from bot.views import kit, routes
from bot.views.company.company import zone_field
from bot.views.kit import Block, Fields, View, keys
from models.teams import MEETING_LINK, SEATS, Customer, Team

CREATE = "team_create"
EDIT = "team_edit"


def create_form(creator: str, zone: str) -> View:
    """The form that founds a team."""
    people = [
        kit.field("lead", "Lead", kit.picker("users_select", "lead", creator), hint="One of the team, not its boss."),
        kit.field(
            "members",
            "Members",
            kit.picker("multi_users_select", "members", most=SEATS),
            optional=True,
            hint=f"2 to {SEATS} people with the lead. Nobody is in two teams; others can join later.",
        ),
    ]
    rhythm = [weeks_field(1), weekday_field(0), zone_field(zone)]
    return kit.modal(
        CREATE, "Create a small team", [*_charter_fields(None), *people, *rhythm], submit="Create", close="Cancel"
    )


def read_founding(view: Mapping[str, Any]) -> Founding:
    """What was filled in to found a team."""
    fields = Fields(view)
    return Founding(
        charter=_read_charter(fields),
        zone=fields.choice("zone") or "",
        sprint_weeks=(keys.optional(fields.choice("sprint_weeks")) or 1),
        start_weekday=(keys.optional(fields.choice("start_weekday")) or 0),
        lead=fields.person("lead") or "",
        members=fields.people("members"),
    )


def edit_form(team: Team) -> View:
    """The form in which the lead edits what the team is."""
    return kit.modal(
        EDIT,
        "Edit the team",
        [*_charter_fields(team), *_meeting_fields(team)],
        submit="Save",
        close="Cancel",
        metadata=str(team.id),
    )


def read_charter(view: Mapping[str, Any]) -> Charter:
    """What was filled in to edit a team."""
    return _read_charter(Fields(view))


def _charter_fields(team: Team | None) -> list[Block]:
    kinds = [kit.option("External: people who pay us", "external"), kit.option("Internal: people here", "internal")]
    return [
        kit.field("name", "Name", kit.text_input("name", initial=team.name if team else "", most=teams.NAME_LENGTH)),
        kit.field(
            "area",
            "The area it owns",
            kit.text_input(
                "area",
                initial=team.area if team else "",
                most=200,
                placeholder="Session replay: quality, usage, revenue",
            ),
        ),
        kit.field(
            "customer_kind",
            "Its customer",
            kit.radio("customer_kind", kinds, team.customer_kind if team else Customer.EXTERNAL),
        ),
        kit.field(
            "customer",
            "Who that is",
            kit.text_input(
                "customer", initial=team.customer if team else "", most=200, placeholder="Product engineers"
            ),
        ),
        kit.field(
            "channel",
            "Its public channel",
            kit.picker("channels_select", "channel", team.channel_id if team else None),
            hint="Plans and changes are posted there, for everybody to read.",
        ),
    ]


def _meeting_fields(team: Team) -> list[Block]:
    return [
        kit.field(
            "meets_at",
            "The team meets to plan at",
            kit.time_input("meets_at", team.meets_at),
            optional=True,
            hint=f"On a sprint's first working day, in {city(team.zone)}. Anybody may come: it is in the team's window and calendar.",
        ),
        kit.field(
            "meets_link",
            "The meeting's link",
            kit.text_input("meets_link", initial=team.meets_link or "", most=MEETING_LINK, placeholder="https://"),
            optional=True,
            hint="Everybody in the company can see it, and everybody who has the address of the team's calendar.",
        ),
    ]


def weeks_field(weeks: int, *, tells: bool = False) -> Block:
    """The field for how long a team's sprints are."""
    lengths = [kit.option("One week", "1"), kit.option("Two weeks", "2")]
    return kit.field("sprint_weeks", "A sprint takes", kit.select("sprint_weeks", lengths, str(weeks)), tells=tells)


def weekday_field(weekday: int, *, tells: bool = False) -> Block:
    """The field for the day on which a team's sprints begin; 0 is Monday."""
    weekdays = [kit.option(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    chosen = kit.select("start_weekday", weekdays, str(weekday))
    return kit.field("start_weekday", "It begins on a", chosen, tells=tells)


def _read_charter(fields: Fields) -> Charter:
    return Charter(
        name=fields.text("name"),
        area=fields.text("area"),
        customer_kind=keys.word(Customer, fields.choice("customer_kind") or Customer.EXTERNAL),
        customer=fields.text("customer"),
        channel=fields.channel("channel") or "",
        meeting=Meeting(fields.time("meets_at"), fields.text("meets_link")),
    )


def created_view(team: Team) -> View:
    """Somebody founded a team, and goes on from here."""
    missing = " It is _forming_ until somebody joins." if teams.is_forming(team) else ""
    people = count(len(team.members), "person").replace("persons", "people")
    words = f"*Team {kit.escape(team.name)}* has {people}.{missing} Its plans will be posted in {kit.channel(team.channel_id)}."
    write = routes.WRITE_PLAN.button("Write my plan", team.id)
    return kit.done("Your team is founded", [kit.section(words), kit.actions(write)])


def founded_message(team: Team) -> Message:
    """What the team's channel reads when the team is founded."""
    people = kit.names([kit.escape(member.person.name) for member in team.members])
    lead = teams.lead_of(team)
    words = f"Team {kit.escape(team.name)} begins here: {people}"
    words += f", led by {kit.escape(lead.person.name)}. " if lead and len(team.members) > 1 else ". "
    return Message(f"{words}It owns: {kit.escape(team.area)}. `/sprint plan` starts the first sprint.")
