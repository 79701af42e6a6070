"""What people see who set up the desks of the AI team."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.company.company import Intake
from bot.domain.company.people import how_gone
from bot.domain.desks import desks, setups
from bot.domain.desks.duties import OnTriage
from bot.domain.desks.setups import DeskForm, DeskSetup
from bot.views import kit, routes
from bot.views.company.company import SETUP_BUTTON as COMPANY_SETUP
from bot.views.kit import Block, Element, Fields, View, keys
from bot.views.teams import seats
from models.company import Company, Person
from models.desks import Desk

EDIT = "desk_edit"
NEW = "desk_new"
SAVE = "desk_save"
SETTINGS = "desk_settings"
SEARCH_USERGROUP = "usergroup"  # the menu that looks user groups up while somebody types
NAMES = 12  # of a desk's people, before they are only counted
OPTIONS = 100  # what a Slack menu takes
NOBODY = "nobody at the moment"


def setup_view(setup: DeskSetup) -> View:
    """Every desk, and what makes a request."""
    lines = [_desk_block(turn, may_edit=setup.may_edit(turn.desk)) for turn in setup.turns]
    none = kit.section("*There is no desk yet.* A desk is a group of people who answer requests about what they own.")
    foot = _intake_blocks(setup.company, is_admin=setup.is_admin)
    if setup.is_admin:
        foot = [kit.actions(kit.button("New desk", NEW, style=None if lines else "primary")), *foot]
    return kit.modal(
        "desks", "The AI team's desks", kit.fit_view(lines or [none], foot, "There are more desks than fit here.")
    )


def _desk_block(turn: OnTriage, *, may_edit: bool) -> Block:
    desk = turn.desk
    found = [kit.escape(person.name) for person in desks.people_of(desk)]
    more = [f"{len(found) - NAMES} more"] if len(found) > NAMES else []
    gone = f" (⚠️ {how_gone(desk.lead)}: choose another lead)" if desk.lead.is_gone else ""
    lines = [
        f"*{kit.escape(desk.name)}* · {kit.escape(desk.owns)}",
        f"Lead {kit.escape(desk.lead.name)}{gone} · triage: {name_or_nobody(turn.person)}",
        f"{kit.names([*found[:NAMES], *more])} ({_source(desk)})",
    ]
    edit = kit.button("Edit", f"{EDIT}_{desk.id}", str(desk.id)) if may_edit else None
    return kit.section(kit.clip("\n".join(lines), kit.SECTION_TEXT), edit)


def _source(desk: Desk) -> str:
    team = f"team {kit.escape(desk.team.name)}"
    if desk.channel_id is not None:
        return f"{kit.channel(desk.channel_id)} and {team}"
    return f"<!subteam^{desk.usergroup_id}> and {team}" if desk.usergroup_id is not None else team


def name_or_nobody(person: Person | None) -> str:
    return kit.escape(person.name) if person is not None else NOBODY


def _intake_blocks(company: Company, *, is_admin: bool) -> list[Block]:
    channel = company.intake_channel_id
    place = f"People reach out in {kit.channel(channel)}." if channel else "There is no intake channel yet."
    prefix, emoji = kit.escape(company.intake_prefix), kit.escape(company.intake_emoji)
    what = f"A message there that begins with {prefix} makes no request. The emoji :{emoji}: on a message in a public channel makes one."
    if not is_admin:
        return [kit.divider(), kit.section(f"{place} {what}")]
    return [
        kit.divider(),
        kit.section(f"{place} Choose it in `/prickle setup`.", kit.button("Choose", COMPANY_SETUP)),
        kit.section(what, kit.button("Change", SETTINGS)),
    ]


def desk_form(desk: Desk | None) -> View:
    """The form that founds a desk, or changes this one."""
    team = kit.option(desk.team.name, str(desk.team_id)) if desk else None
    group = kit.option("The one chosen now", desk.usergroup_id) if desk and desk.usergroup_id else None
    return kit.modal(
        SAVE,
        "A desk of the AI team",
        [
            kit.field(
                "name",
                "Name",
                kit.text_input(
                    "name", initial=desk.name if desk else "", most=setups.NAME_LENGTH, placeholder="PostHog AI"
                ),
            ),
            kit.field(
                "owns",
                "What it owns",
                kit.text_input("owns", initial=desk.owns if desk else "", most=setups.OWNS_LENGTH),
                hint="One line. People read it on the pinned card, to know where they belong.",
            ),
            kit.field(
                "team",
                "Its small team",
                kit.search_select(seats.SEARCH, "Type its name", team),
                hint="Its people answer at the desk, and Prickle books its engineers by its sprints.",
            ),
            kit.field("lead", "Lead", kit.picker("users_select", "lead", desk.lead_id if desk else None)),
            kit.field(
                "channel",
                "The members of this channel answer, too",
                kit.picker("channels_select", "channel", desk.channel_id if desk else None),
                optional=True,
            ),
            kit.field(
                "usergroup",
                "… or the members of this user group",
                kit.search_select(SEARCH_USERGROUP, "Type its name", group),
                optional=True,
                hint="People who join or leave it join or leave the desk, within minutes.",
            ),
            *([kit.actions(routes.CLOSE_DESK.button("Close this desk", desk.id))] if desk else []),
        ],
        submit="Save",
        close="Cancel",
        metadata=str(desk.id) if desk else "",
    )


def read_desk(view: Mapping[str, Any]) -> tuple[int | None, DeskForm]:
    """The desk's id, none for a new one, and what was filled in."""
    fields = Fields(view)
    team = fields.choice("team")
    form = DeskForm(
        name=fields.text("name"),
        owns=fields.text("owns"),
        team=keys.optional(team),
        lead=fields.person("lead") or "",
        channel=fields.channel("channel"),
        usergroup=fields.choice("usergroup"),
    )
    return keys.optional(view["private_metadata"]), form


def usergroup_choices(groups: Sequence[Mapping[str, Any]], text: str) -> list[Element]:
    """The user groups of Slack's answer with `text` in their name, for the menu."""
    wanted = text.strip().lstrip("@").casefold()
    named = [(f"{each['name']} (@{each['handle']})", str(each["id"])) for each in groups if not each.get("date_delete")]
    return [kit.option(*each) for each in sorted(named) if wanted in each[0].casefold()][:OPTIONS]


def settings_form(company: Company) -> View:
    """What makes a request."""
    return kit.modal(
        SETTINGS,
        "What makes a request",
        [
            kit.field(
                "prefix",
                "A message that begins with this makes no request",
                kit.text_input("prefix", initial=company.intake_prefix, most=100),
            ),
            kit.field(
                "emoji",
                "This emoji on a message in a public channel makes a request of it",
                kit.text_input("emoji", initial=f":{company.intake_emoji}:", most=102),
            ),
        ],
        submit="Save",
        close="Cancel",
    )


def read_settings(view: Mapping[str, Any]) -> Intake:
    """What was filled in."""
    fields = Fields(view)
    return Intake(prefix=fields.text("prefix"), emoji=fields.text("emoji"))
