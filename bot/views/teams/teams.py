"""What people see of small teams: a team, with what each can do about it, and the list of all."""

from collections.abc import Collection, Sequence
from datetime import date

from bot.domain.calendar.wording import WEEKDAYS, a_day, city, how_long
from bot.domain.company.parts import Part
from bot.domain.company.people import how_gone
from bot.domain.sharing.following import Ties
from bot.domain.teams import teams
from bot.domain.teams.teams import TeamPage
from bot.views import kit, routes
from bot.views.kit import Block, Element, View
from bot.views.teams import channels
from bot.views.teams import foundings as founding_views
from bot.views.teams import seats as seat_views
from models.teams import SEATS, Lost, Membership, Team

RHYTHM = "team_rhythm"
CLOSE = "team_close"
MERGE = "team_merge"
SHOW = "team_show"
LIST = "team_list"
FORMING = "The team is still _forming_: nobody is asked anything until a second person joins, with `/small-team join`."
MOST_NAMES = 1_000  # characters of people who support a team


def team_view(team: Team, viewer: str, today: date, ties: Ties, on: Collection[Part] = ()) -> View:
    """One team, with what this viewer can do about it. `on` are the parts that are on."""
    supported = [kit.context(line) for line in supported_by(ties.supporters)]
    bar = routes.bar(routes.team_tabs(on), "My team" if teams.is_member(team, viewer) else "")
    buttons = _team_buttons(team, viewer, ties)
    return kit.modal("team", "Small team", [bar, *team_blocks(team, today), *supported, *buttons])


def team_blocks(team: Team, today: date) -> list[Block]:
    """What a team is and who sits in it."""
    lead = teams.lead_of(team)
    head = f"*Team {kit.escape(team.name)}*{' · _forming_' if teams.is_forming(team) else ''}\n{kit.escape(team.area)}"
    facts = [
        f"For {customer(team)} · {kit.channel(teams.home_channel(team))}",
        f"{weeks(team)} sprints from {WEEKDAYS[team.anchor_on.weekday()]} · {team.zone.replace('_', ' ')}",
        f":{team.retro_emoji}: on a message makes it a note for the retro",
        *_meeting(team),
    ]
    people = "\n".join(_seat_line(member, today) for member in team.members)
    blocks = [kit.section(head), kit.context("\n".join(facts)), kit.section(people or "Nobody sits here yet.")]
    if lead is not None and lead.person.is_gone:
        blocks.append(
            kit.context(f"⚠️ {kit.escape(lead.person.name)} {how_gone(lead.person)}. Anybody of the team can take over.")
        )
    return [*blocks, *_still_blocks(team)]


def _meeting(team: Team) -> list[str]:
    """The line that says when the team meets to plan, so that anybody can come."""
    if team.meets_at is None:
        return []
    link = f": {kit.escape(team.meets_link)}" if team.meets_link else ""
    return [
        f"Meets to plan on a sprint's first working day at {team.meets_at:%H:%M} in {city(team.zone)}. Anybody may come{link}"
    ]


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
    calendar = routes.TEAM_CALENDAR.button("Calendar", here) if ties.subscribes else None
    if team.closed_at is not None:
        return []
    if not teams.is_member(team, viewer):
        join = kit.button("Join", seat_views.JOIN, here)
        return [kit.actions(join, *_following_buttons(team, ties), rhythm, calendar)]
    lead = teams.lead_of(team)
    is_free = lead is None or lead.person.is_gone
    is_paused = team.paused_at is not None
    return [
        kit.actions(
            kit.button("I'll lead", seat_views.TAKE_LEAD, here, style="primary") if is_free else None,
            routes.RESUME_TEAM.button("Resume", team.id) if is_paused and teams.leads(team, viewer) else None,
            rhythm,
            calendar,
        )
    ]


def list_view(shown: TeamPage, on: Collection[Part] = ()) -> View:
    """Every team, a page at a time."""
    page = shown.number
    blocks = [
        kit.section(_list_line(team), kit.button("Show", f"{SHOW}_{team.id}", str(team.id))) for team in shown.teams
    ] or [kit.section("There is no small team yet. Found the first one.")]
    return kit.modal(
        "teams",
        "Small teams",
        [
            routes.bar(routes.team_tabs(on), "All teams"),
            *blocks,
            kit.actions(
                kit.button("Create a team", founding_views.CREATE),
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
        *(
            kit.section(_list_line(team), kit.button("Join", f"{seat_views.JOIN}_{team.id}", str(team.id)))
            for team in free
        ),
        kit.actions(
            kit.button("Create a team", founding_views.CREATE, style=None if free else "primary"),
            kit.button("All teams", LIST),
        ),
    ]


def _following_buttons(team: Team, ties: Ties) -> list[Element]:
    """What somebody from outside may do in a team's window, besides taking a seat."""
    if ties.supports:
        return [routes.SUPPORT_TEAM_NO_MORE.button("I don't support it any more", team.id)]
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
