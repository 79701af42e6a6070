"""What people see of small teams: a team, the list, and the forms to found, edit, join, leave and hand over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar.wording import WEEKDAYS, a_day, count, how_long
from bot.domain.company.people import how_gone
from bot.domain.outbox.posts import Message
from bot.domain.sharing.following import Ties
from bot.domain.teams import teams
from bot.domain.teams.foundings import Charter, Founding
from bot.domain.teams.seats import Seated
from bot.domain.teams.teams import TeamPage
from bot.platform.errors import Refusal
from bot.views import kit, routes
from bot.views.company.company import zone_field
from bot.views.kit import Block, Element, Fields, View, keys
from bot.views.teams import channels
from models.company import Person
from models.teams import SEATS, Customer, Lost, Membership, Team

CREATE = "team_create"
EDIT = "team_edit"
JOIN = "team_join"
LEAVE = "team_leave"
HAND_OVER = "team_hand_over"
RHYTHM = "team_rhythm"
CLOSE = "team_close"
MERGE = "team_merge"
TAKE_LEAD = "team_take_lead"
SHOW = "team_show"
LIST = "team_list"
SEARCH = "team"  # the menu that looks teams up while somebody types
MOVES_ARE_RARE = "Moves usually happen every 3 to 9 months."  # the handbook, "Small teams"


HELP = """*Small teams*
• `/small-team` – your team; `/small-team show NAME` any other
• `/small-team list` – all of them
• `/small-team follow NAME` – read of it on Fridays; `/small-team unfollow NAME` ends that
• `/small-team create` – found one
• `/small-team join [NAME]` – take a seat, or move
• `/small-team leave` – free your seat
• `/small-team edit` – the lead edits name, area, customer and channel
• `/small-team lead` – the lead hands over
• `/small-team merge` – the lead takes everybody into another team; `/small-team close` ends a team of one
• `/small-team pause` – the lead pauses the sprints; `/small-team resume` ends it"""


# --- looking ----------------------------------------------------------------------------------------------------
FORMING = "The team is still _forming_: nobody is asked anything until a second person joins, with `/small-team join`."
MOST_NAMES = 1_000  # characters of people who support a team


def team_view(team: Team, viewer: str, today: date, ties: Ties) -> View:
    """One team, with what this viewer can do about it."""
    supported = [kit.context(line) for line in supported_by(ties.supporters)]
    return kit.modal("team", "Small team", [*team_blocks(team, today), *supported, *_team_buttons(team, viewer, ties)])


def team_blocks(team: Team, today: date) -> list[Block]:
    """What a team is and who sits in it."""
    lead = teams.lead_of(team)
    head = f"*Team {kit.escape(team.name)}*{' · _forming_' if teams.is_forming(team) else ''}\n{kit.escape(team.area)}"
    facts = [
        f"For {customer(team)} · {kit.channel(teams.home_channel(team))}",
        f"{weeks(team)} sprints from {WEEKDAYS[team.anchor_on.weekday()]} · {team.zone.replace('_', ' ')}",
    ]
    people = "\n".join(_seat_line(member, today) for member in team.members)
    blocks = [kit.section(head), kit.context("\n".join(facts)), kit.section(people or "Nobody sits here yet.")]
    if lead is not None and lead.person.is_gone:
        blocks.append(
            kit.context(f"⚠️ {kit.escape(lead.person.name)} {how_gone(lead.person)}. Anybody of the team can take over.")
        )
    return [*blocks, *_still_blocks(team)]


def _still_blocks(team: Team) -> list[Block]:
    """Why nobody of the team is asked anything."""
    if team.closed_at is not None:
        return [kit.context(f"The team was closed on {a_day(team.closed_at.date())}. Its plans stay readable.")]
    lines = []
    if team.paused_at is not None:
        lines.append(f"⏸️ The team is {paused_words(team.paused_until, team.paused_because)}")
    if team.channel_lost is not None:
        lines.append(f"⚠️ {channels.lost_words(team.channel_id, Lost(team.channel_lost))}")
    if teams.is_forming(team):
        lines.append(FORMING)
    return [kit.context(line) for line in lines]


def customer(team: Team) -> str:
    """For whom the team works, in words."""
    return f"{kit.escape(team.customer)} ({team.customer_kind})"


def weeks(team: Team) -> str:
    """How long the team's sprints are, in words."""
    return "One-week" if team.sprint_weeks == 1 else "Two-week"


def _seat_line(member: Membership, today: date) -> str:
    role = " · lead" if member.is_lead else ""
    gone = f" · {how_gone(member.person)}" if member.person.is_gone else ""
    return f"• {kit.escape(member.person.name)}{role}{gone} · here for {how_long(member.joined_at.date(), today)}"


def _team_buttons(team: Team, viewer: str, ties: Ties) -> list[Block]:
    here = str(team.id)
    rhythm = kit.button("Rhythm", RHYTHM, here)
    if team.closed_at is not None:
        return [kit.actions(kit.button("All teams", LIST))]
    if not teams.is_member(team, viewer):
        join = kit.button("Join", JOIN, here)
        return [kit.actions(join, *_following_buttons(team, ties), rhythm, kit.button("All teams", LIST))]
    leads = teams.leads(team, viewer)
    lead = teams.lead_of(team)
    is_free = lead is None or lead.person.is_gone
    alone = all(member.person_id == viewer or member.person.is_gone for member in team.members)
    return [
        kit.actions(
            kit.button("I’ll lead", TAKE_LEAD, here, style="primary") if is_free else None,
            kit.button("Edit", EDIT, here) if leads else None,
            rhythm,
            kit.button("Hand over the lead", HAND_OVER, here) if leads else None,
            _pause_button(team) if leads else None,
            None if leads else kit.button("Leave", LEAVE, here),
            kit.button("Merge into another team", MERGE, here) if leads or is_free else None,
            kit.button("Close the team", CLOSE, here) if leads and alone else None,
            kit.button("All teams", LIST),
        )
    ]


def _pause_button(team: Team) -> kit.Element:
    if team.paused_at is not None:
        return routes.RESUME_TEAM.button("Resume", team.id)
    return routes.PAUSE_TEAM.button("Pause", team.id)


def list_view(shown: TeamPage) -> View:
    """Every team, a page at a time."""
    page = shown.number
    blocks = [
        kit.section(_list_line(team), kit.button("Show", f"{SHOW}_{team.id}", str(team.id))) for team in shown.teams
    ] or [kit.section("There is no small team yet. Found the first one.")]
    return kit.modal(
        "teams",
        "Small teams",
        [
            *blocks,
            kit.actions(
                kit.button("Create a team", CREATE),
                routes.COMPANY_SPRINTS.button("All teams’ sprints"),
                kit.button("Earlier", f"{LIST}_{page - 1}", str(page - 1)) if page else None,
                kit.button("More teams", f"{LIST}_{page + 1}", str(page + 1)) if shown.more else None,
            ),
        ],
    )


def _list_line(team: Team) -> str:
    lead = teams.lead_of(team)
    size = "forming" if teams.is_forming(team) else f"{len(team.members)} of {SEATS}"
    who = f"lead {kit.escape(lead.person.name)}" if lead else "no lead"
    paused = f" · {paused_words(team.paused_until, team.paused_because)}" if team.paused_at is not None else ""
    line = (
        f"*{kit.escape(team.name)}* · {size} · {who} · {kit.channel(team.channel_id)}{paused}\n"
        f"{kit.escape(team.area)} · for {customer(team)}"
    )
    return kit.clip(line, kit.SECTION_TEXT)


def no_team_view(free: Sequence[Team]) -> View:
    """The way to a team, for somebody who has none."""
    return kit.modal("no_team", "Your small team", no_team_blocks(free))


def no_team_blocks(free: Sequence[Team], *, most: int = teams.FREE_SHOWN) -> list[Block]:
    """The way to a team: some of those with a free seat, and founding one."""
    free = free[:most]
    words = "*You are in no small team yet.*\nPlans and retros belong to a team of 2 to 6 people. "
    words += "Take a free seat, or found a team of your own." if free else "Found one: it takes a minute."
    return [
        kit.section(words),
        *(kit.section(_list_line(team), kit.button("Join", f"{JOIN}_{team.id}", str(team.id))) for team in free),
        kit.actions(
            kit.button("Create a team", CREATE, style=None if free else "primary"), kit.button("All teams", LIST)
        ),
    ]


def choices(found: Sequence[Team]) -> list[kit.Element]:
    """Teams as the choices of a menu."""
    return [kit.option(f"{team.name} ({len(team.members)} of {SEATS})", str(team.id)) for team in found]


# --- forms ------------------------------------------------------------------------------------------------------


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
        _charter_fields(team),
        submit="Save",
        close="Cancel",
        metadata=str(team.id),
    )


def read_charter(view: Mapping[str, Any]) -> Charter:
    """What was filled in to edit a team."""
    return _read_charter(Fields(view))


def _following_buttons(team: Team, ties: Ties) -> list[Element]:
    """What somebody from outside may do in a team's window, besides taking a seat."""
    if ties.supports:
        return [routes.SUPPORT_TEAM_NO_MORE.button("I don’t support it any more", team.id)]
    follow = (
        routes.UNFOLLOW_TEAM.button("Unfollow", team.id)
        if ties.follows
        else routes.FOLLOW_TEAM.button("Follow", team.id)
    )
    return [follow, routes.SUPPORT_TEAM.button("I support this team", team.id)]


def supported_by(names: Sequence[str]) -> list[str]:
    """Who supports a team, if anybody does: people who work for it and are not of it."""
    return [f"🤲 Supported by {kit.clip(kit.names([kit.name(each) for each in names]), MOST_NAMES)}"] if names else []


def paused_words(until: date | None, because: str | None) -> str:
    """How a team is paused, in words: `paused until 2 August: offsite`."""
    return f"paused{how_paused(until, because)}"


def how_paused(until: date | None, because: str | None) -> str:
    """Until when a team is paused, and why, as far as that was said."""
    last = f" until {a_day(until)}" if until else ""
    return f"{last}: {kit.escape(because)}" if because else last


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
    )


def join_form(seat: Membership | None, target: Team | None, today: date) -> View:
    """The form that takes a seat; for somebody who has one it says that this is a move."""
    field = kit.field(
        "team",
        "Team",
        kit.search_select(SEARCH, "Type a team's name", choices([target])[0] if target else None),
    )
    if seat is None:
        return kit.modal(JOIN, "Join a team", [field], submit="Join", close="Cancel")
    words = (
        f"This is a move: your seat in *{kit.escape(seat.team.name)}* is freed. "
        f"You have been there for *{how_long(seat.joined_at.date(), today)}*. {MOVES_ARE_RARE}"
    )
    channels = "Both teams' channels get a line, so that nobody is surprised."
    return kit.modal(
        JOIN, "Move to a team", [kit.section(words), field, kit.context(channels)], submit="Move", close="Cancel"
    )


def read_join(view: Mapping[str, Any]) -> int:
    """The id of the team to join. Raises Refusal when none was chosen."""
    chosen = Fields(view).choice("team")
    if chosen is None:
        raise Refusal("Choose a team.", field="team")
    return keys.number(chosen)


def leave_form(team: Team) -> View:
    """Asks before a seat is freed."""
    words = (
        f"You leave *{kit.escape(team.name)}*, and your seat is free for somebody else. Your items stay in its plan."
    )
    return kit.modal(LEAVE, "Leave the team", [kit.section(words)], submit="Leave", close="Stay")


def hand_over_form(team: Team, viewer: str) -> View:
    """The form in which a lead chooses the next one."""
    lead = teams.lead_of(team)
    others = [member for member in team.members if member is not lead and not member.person.is_gone]
    if not others:
        return kit.notice(
            "Hand over the lead", f"There is nobody else in {kit.escape(team.name)} who could lead it yet."
        )
    people = [kit.option(member.person.name, member.person_id) for member in others]
    return kit.modal(
        HAND_OVER,
        "Hand over the lead",
        [
            kit.section(
                f"The lead of *{kit.escape(team.name)}* sees to it that sprints take place, and gives direction."
            ),
            kit.field(
                "lead",
                "The next lead",
                kit.select("lead", people, viewer if lead and lead.person_id != viewer else None),
            ),
        ],
        submit="Hand over",
        close="Cancel",
        metadata=str(team.id),
    )


def read_heir(view: Mapping[str, Any]) -> str:
    """The id of the person who leads next."""
    return Fields(view).choice("lead") or ""


# --- receipts and announcements ---------------------------------------------------------------------------------


def created_view(team: Team) -> View:
    """The receipt of a founding."""
    missing = " It is _forming_ until somebody joins." if teams.is_forming(team) else ""
    return kit.notice(
        "Your team is there",
        f"*Team {kit.escape(team.name)}* has {count(len(team.members), 'person').replace('persons', 'people')}.{missing}\n"
        f"Next: `/sprint plan` in any channel. The plan will stand in {kit.channel(team.channel_id)}.",
    )


def edited_view(team: Team) -> View:
    """The receipt of an edit."""
    return kit.notice("Saved", f"*Team {kit.escape(team.name)}* is up to date.")


def seated_view(seated: Seated) -> View:
    """The receipt of a seat taken or freed."""
    if seated.joined is None:
        return kit.notice(
            "You left", f"Your seat in *{kit.escape(_left(seated).name)}* is free. `/small-team join` takes another."
        )
    return kit.notice(
        "Welcome",
        f"You are in *{kit.escape(seated.joined.name)}* now. Its plans stand in {kit.channel(seated.joined.channel_id)}.\n"
        "Next: `/sprint plan`.",
    )


def handed_over_view(team: Team) -> View:
    """The receipt of a handover."""
    lead = teams.lead_of(team)
    return kit.notice(
        "Handed over", f"{kit.escape(lead.person.name) if lead else 'Nobody'} leads *{kit.escape(team.name)}* now."
    )


def founded_message(team: Team) -> Message:
    """What the team's channel reads when the team is founded."""
    people = kit.names([kit.escape(member.person.name) for member in team.members])
    lead = teams.lead_of(team)
    words = f"Team {kit.escape(team.name)} begins here: {people}"
    words += f", led by {kit.escape(lead.person.name)}. " if lead and len(team.members) > 1 else ". "
    return Message(f"{words}It owns: {kit.escape(team.area)}. `/sprint plan` starts the first sprint.")


def seated_posts(seated: Seated) -> list[tuple[str, str, Message]]:
    """What the channels concerned read when somebody joined, left or moved: a post's key, its channel, its message."""
    who = kit.escape(seated.person.name)
    left, joined = seated.left, seated.joined
    told = []
    if left is not None:
        to = f" for {kit.escape(joined.name)}" if joined else ""
        told.append((left, Message(f"{who} leaves {kit.escape(left.name)}{to}. Thank you! A seat is free.")))
    if joined is not None:
        origin = f" from {kit.escape(left.name)}" if left else ""
        told.append((joined, Message(f"{who} joins {kit.escape(joined.name)}{origin}. Welcome!")))
    return [(f"move:{seated.move.id}:{team.id}", team.channel_id, message) for team, message in told]


def leaderless_message(team: Team, person: Person) -> Message:
    """What the channel reads when the lead is gone, with the way on."""
    name = kit.escape(team.name)
    words = f"{kit.escape(person.name)} {how_gone(person)}, so nobody leads {name} now. Who of you takes the lead?"
    return Message(
        words, [kit.section(words), kit.actions(kit.button("I’ll lead", TAKE_LEAD, str(team.id), style="primary"))]
    )


def handed_over_message(team: Team, today: date) -> Message:
    """What the team's channel reads when the lead changed."""
    lead = teams.lead_of(team)
    return Message(
        f"{kit.escape(lead.person.name) if lead else 'Nobody'} leads {kit.escape(team.name)} from {a_day(today)} on."
    )


def _left(seated: Seated) -> Team:
    if seated.left is None:
        raise ValueError("neither joined nor left")
    return seated.left
