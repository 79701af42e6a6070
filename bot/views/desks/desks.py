"""What people see of the desks: their setup, the triage rota, and the card that is pinned in the intake channel."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.domain.calendar.wording import weekday
from bot.domain.company.company import Intake
from bot.domain.company.people import how_gone
from bot.domain.desks import desks, setups
from bot.domain.desks.duties import OnTriage
from bot.domain.desks.setups import DeskForm, DeskSetup
from bot.domain.desks.triage import DeskRota, Rota, Ways, Week, WeeksSwapped
from bot.domain.outbox.posts import Message
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
WEEK = "desk_week"  # the menu beside a week
SWAP = "desk_swap"
TURNS = "desk_turns"
ROTA = "desk_rota"
SEARCH_USERGROUP = "usergroup"  # the menu that looks user groups up while somebody types
TAKE = "take"
NAMES = 12  # of a desk's people, before they are only counted
OPTIONS = 100  # what a Slack menu takes
NOBODY = "nobody at the moment"
NO_DESK = "No desk answers at the moment. What you write is kept for the next one."

# --- setting up -------------------------------------------------------------------------------------------------


def setup_view(setup: DeskSetup) -> View:
    """Every desk, and what makes a request."""
    lines = [_desk_block(turn, may_edit=setup.may_edit(turn.desk)) for turn in setup.turns]
    none = kit.section("*There is no desk yet.* A desk is where requests are answered: what it owns, and its people.")
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
        f"Lead {kit.escape(desk.lead.name)}{gone} · triage: {_name(turn.person)}",
        f"{kit.names([*found[:NAMES], *more])} ({_source(desk)})",
    ]
    edit = kit.button("Edit", f"{EDIT}_{desk.id}", str(desk.id)) if may_edit else None
    return kit.section(kit.clip("\n".join(lines), kit.SECTION_TEXT), edit)


def _source(desk: Desk) -> str:
    team = f"team {kit.escape(desk.team.name)}"
    if desk.channel_id is not None:
        return f"{kit.channel(desk.channel_id)} and {team}"
    return f"<!subteam^{desk.usergroup_id}> and {team}" if desk.usergroup_id is not None else team


def _name(person: Person | None) -> str:
    return kit.escape(person.name) if person is not None else NOBODY


def _intake_blocks(company: Company, *, is_admin: bool) -> list[Block]:
    channel = company.intake_channel_id
    place = f"People reach out in {kit.channel(channel)}." if channel else "There is no intake channel yet."
    prefix, emoji = kit.escape(company.intake_prefix), kit.escape(company.intake_emoji)
    what = f"A message there that begins with {prefix} makes no request; :{emoji}: on a message in a public channel makes one."
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
                hint="Its people answer at the desk, and its engineers are booked by its sprints.",
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
                "… or those of this user group",
                kit.search_select(SEARCH_USERGROUP, "Type its name", group),
                optional=True,
                hint="Who comes and goes there comes and goes here, within minutes.",
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


# --- the rota ---------------------------------------------------------------------------------------------------


def rota_view(rota: Rota) -> View:
    """Who has triage in the coming weeks, at every desk."""
    blocks = [block for desk in rota.desks for block in [kit.divider(), *_rota_blocks(desk, rota.this_week)]][1:]
    none = [kit.section(desks.NO_DESK)]
    return kit.modal("rota", "Triage", kit.fit_view(blocks or none, [], "There are more desks than fit here."))


def _rota_blocks(rota: DeskRota, this_week: date) -> list[Block]:
    desk = rota.desk
    head = f"*{kit.escape(desk.name)}* · {kit.escape(desk.owns)}\nOn triage now: *{_name(rota.now_there)}*"
    if not any(person for _week, person in rota.weeks):
        return [kit.section(head), kit.context("The coming weeks are given out within a minute.")]
    lines = [(_week_line(week, person, this_week), week, person) for week, person in rota.weeks]
    if not rota.is_at:
        return [kit.section(head), kit.section("\n".join(line for line, *_ in lines))]
    weeks = [kit.section(line, _week_menu(desk, week, person)) for line, week, person in lines]
    here = f"{TURNS}_{desk.id}"
    turns = (
        kit.button("I don't take turns", here, f"{desk.id}:no")
        if rota.takes_turns
        else kit.button("I take turns again", here, f"{desk.id}:yes")
    )
    return [kit.section(head), *weeks, kit.actions(turns)]


def _week_line(week: date, person: Person | None, this_week: date) -> str:
    return f"{'This week' if week == this_week else f'From {weekday(week)}'}: {_name(person) if person else '—'}"


def _week_menu(desk: Desk, week: date, person: Person | None) -> Element | None:
    if person is None:
        return None
    key = week_key(Week(desk.id, week, person.id))
    choices = [kit.option("Swap this week", f"{SWAP}:{key}"), kit.option("Take this week", f"{TAKE}:{key}")]
    return kit.overflow(f"{WEEK}_{desk.id}_{week:%Y%m%d}", choices)


def week_key(week: Week) -> str:
    """A week of somebody's, as a menu's value."""
    return f"{week.desk_id}:{week.week_on}:{week.person_id}"


def read_week(key: str) -> Week:
    """The week that a menu's value stands for."""
    desk_id, _, week = key.partition(":")
    week_on, _, person_id = week.partition(":")
    return Week(keys.number(desk_id), keys.day(week_on), person_id)


def swap_form(rota: Rota, week: Week) -> View | None:
    """Whose week to have instead of this one; None where nobody else has any."""
    weeks = {each: person for desk in rota.desks if desk.desk.id == week.desk_id for each, person in desk.weeks}
    others = {each: person for each, person in weeks.items() if person and person.id != week.person_id}
    mine = weeks.get(week.week_on)
    if not others or mine is None:
        return None
    choices = [
        kit.option(f"{kit.shorten(person.name, 50)}, {weekday(each)}", week_key(Week(week.desk_id, each, person.id)))
        for each, person in others.items()
    ]
    return kit.modal(
        SWAP,
        "Swap two weeks",
        [
            kit.section(f"{kit.escape(mine.name)} has triage in the week of {weekday(week.week_on)}."),
            kit.field("other", "Swap it with", kit.select("other", choices), hint="Both read it in a direct message."),
        ],
        submit="Swap",
        close="Cancel",
        metadata=week_key(week),
    )


def read_swap(view: Mapping[str, Any]) -> tuple[Week, Week]:
    """The two weeks to swap."""
    return read_week(view["private_metadata"]), read_week(Fields(view).choice("other") or "")


def swapped_posts(swapped: WeeksSwapped, now: datetime) -> list[tuple[str, str, Message]]:
    """A line to everybody who has another week now, or one less, with its key and whose it is."""
    desk = kit.escape(swapped.desk.name)
    people = {person.id: person for person in [*swapped.before.values(), *swapped.weeks.values()]}
    found = []
    for person in people.values():
        words = [*_gets(person, swapped), *_gives(person, swapped)]
        line = f"Triage at {desk}: {'; '.join(words)}. {kit.escape(swapped.by.name)} changed it."
        message = Message(line, [kit.section(line), kit.actions(kit.button("Rota", ROTA))])
        found.append((f"swap:{swapped.desk.id}:{person.id}:{now:%Y%m%d%H%M%S%f}", person.id, message))
    return found


def _gets(person: Person, swapped: WeeksSwapped) -> list[str]:
    weeks = [week for week, whose in swapped.weeks.items() if whose.id == person.id]
    return [
        f"the week of {weekday(week)} is yours, instead of {kit.escape(swapped.before[week].name)}'s" for week in weeks
    ]


def _gives(person: Person, swapped: WeeksSwapped) -> list[str]:
    weeks = [week for week, whose in swapped.before.items() if whose.id == person.id]
    return [f"the week of {weekday(week)} is {kit.escape(swapped.weeks[week].name)}'s now" for week in weeks]


def moved_card(channel_id: str) -> Message:
    """What is left of the card in a channel before."""
    text = f"Reach out to the AI team in {kit.channel(channel_id)} now: requests are made there."
    return Message(text, [kit.section(text)])


def turn_message(desks: Sequence[Desk]) -> Message:
    """What somebody reads at the beginning of their week."""
    line = turn_line(desks)
    return Message(line, [kit.section(line), kit.actions(kit.button("Rota", ROTA))])


def turn_line(desks: Sequence[Desk]) -> str:
    """The same in a line, where it stands with something else."""
    names = kit.names([kit.escape(desk.name) for desk in desks])
    return f"You have triage at {names} this week: what comes in is yours to answer first. Can't you? Swap the week."


# --- where everybody sees it ------------------------------------------------------------------------------------


def card(ways: Ways) -> Message:
    """The pinned card: how to reach out, what each desk owns, and who has triage."""
    how = (
        "*Reach out to the AI team early, with even a vague idea.* "
        f"Write a message here, type `/reach-out` with one line, or put :{kit.escape(ways.company.intake_emoji)}: "
        "on a message in a public channel."
    )
    out = f"A message that begins with {kit.escape(ways.company.intake_prefix)} makes no request."
    lines = [_card_line(turn) for turn in ways.turns] or [NO_DESK]
    foot = [
        kit.context(out),
        kit.actions(routes.REACH_OUT.button("Reach out", style="primary"), kit.button("Rota", ROTA)),
    ]
    blocks = kit.fit_message([kit.section(how), *kit.paragraphs(lines)], foot, "… and more desks: *Rota* has them all.")
    return Message(kit.in_short([how, *lines, out]), blocks)


def _card_line(turn: OnTriage) -> str:
    name, owns = kit.escape(turn.desk.name), kit.escape(turn.desk.owns)
    return f"• *{name}*: {owns} · triage this week: {_name(turn.person)}"


def home_line(triage: Sequence[tuple[str, str | None]]) -> list[Block]:
    """Who has triage at which desk, by their names, in one line; nothing while there is no desk."""
    words = [f"{kit.escape(desk)}: {kit.escape(person or NOBODY)}" for desk, person in triage]
    return [kit.context(kit.clip(f"This week's triage: {' · '.join(words)}", kit.SECTION_TEXT))] if words else []
