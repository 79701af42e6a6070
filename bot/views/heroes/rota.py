"""The rota of a team's heroes: eight weeks in one window, and starting and stopping it."""

from collections.abc import Collection

from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.wording import days, weekday
from bot.domain.company.parts import Part
from bot.domain.heroes.heroes import Hero
from bot.domain.heroes.rota import RotaWeek, TeamRota
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.heroes import hand_overs, swaps
from bot.views.kit import Block, View

START = "rota_start"
STOP = "rota_stop"
SHOWN_IN_CHANNEL = 3
HOW = (
    "The person whose last turn is longest ago goes next, and new people go last. Prickle skips people who are away: they "
    "go next when they are back."
)
NOT_YET = "No rota runs in this team: people enter themselves for a week, one at a time."


def rota_view(rota: TeamRota, on: Collection[Part]) -> View:
    """The coming weeks of a team, and what the viewer can do about them."""
    bar = routes.bar(routes.team_tabs(on), routes.ROTA_TAB.name)
    head = kit.section(f"*{kit.escape(rota.team)}: whose turn as support hero?*\n{HOW if rota.runs else NOT_YET}")
    weeks = [_row(week, rota) for week in rota.weeks]
    return kit.modal("rota_of_team", "Hero rota", kit.fit_view([bar, head, *weeks], _foot(rota), "There is more."))


def _row(week: RotaWeek, rota: TeamRota) -> Block:
    return kit.section(f"{_line(week, rota)}{swaps.asked(week, rota.viewer)}", swaps.accessory(week, rota))


def _line(week: RotaWeek, rota: TeamRota) -> str:
    when = days(week.dates.starts_on, week.dates.ends_on)
    begun = f"*This week*, {when}" if week.dates.starts_on <= rota.today else when
    return f"🦸 {begun}: {_who(week)}"


def _who(week: RotaWeek) -> str:
    if week.hero is None:
        return f"nobody ({kit.name(week.away.name)} is away)" if week.away is not None else "nobody: everybody is away"
    swapped = week.turn is not None and week.turn != week.hero
    others = "".join(f" · {kit.name(hero.name)} on {weekday(day)}" for day, hero in sorted(week.others.items()))
    return (
        f"*{kit.name(week.hero.name)}*{f' · for {kit.name(week.turn.name)}' if swapped and week.turn else ''}{others}"
    )


def _foot(rota: TeamRota) -> list[Block]:
    if not rota.is_member:
        return []
    if rota.runs:
        ends = [hand_overs.button(rota.hands_over)] if rota.hands_over is not None else []
        return [kit.actions(*ends, kit.button("Stop the rota", STOP, str(rota.team_id)))]
    return [kit.section(HOW), kit.actions(kit.button("Start the rota", START, str(rota.team_id), style="primary"))]


def started_message(name: str, rota: TeamRota) -> Message:
    """What the team's channel reads when somebody starts the rota."""
    coming = " · ".join(
        f"{days(each.dates.starts_on, each.dates.ends_on)}: {_who(each)}" for each in rota.weeks[:SHOWN_IN_CHANNEL]
    )
    words = f"🦸 {kit.escape(name)} started a rota of support heroes. {coming}"
    return Message(words, [kit.section(words), kit.actions(routes.HERO_ROTA.button("Rota", rota.team_id))])


def stopped_message(name: str) -> Message:
    """The same when somebody stops it."""
    words = f"🦸 {kit.escape(name)} stopped the rota of support heroes. People enter themselves for a week again."
    return Message(words, [kit.section(words)])


def steps_in_message(team_id: int, hero: Hero, week: Dates) -> Message:
    """What the channel reads when the week that runs goes to the next one by itself."""
    words = (
        f"🦸 {kit.mention(hero.id)} is next in the rota, and support hero from today until {weekday(week.ends_on)}. "
    )
    words += "Can't do it? Ask for a swap."
    return Message(words, [kit.section(words), kit.actions(routes.HERO_ROTA.button("Rota", team_id))])
