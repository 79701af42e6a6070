"""Every screen and every card, with empty, usual and extreme values, held against Slack's limits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.calendar import cadence
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.company.parts import Part
from bot.domain.company.people import Standing
from bot.domain.heroes import heroes
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.heroes.heroes import Hero, Week
from bot.domain.heroes.offers import Swap
from bot.domain.heroes.rota import Asked, RotaWeek, TeamRota
from bot.domain.heroes.swaps import SeenWeek
from bot.domain.home.home import Followed, Home, RetroLine
from bot.domain.home.menu import Menu, Who
from bot.domain.home.small_lists import COMMENTS, Listed
from bot.domain.home.small_lists import HomeLine as HomeEntry
from bot.domain.intake.queues import QueueLine as WaitingLine
from bot.domain.intake.queues import Waits
from bot.domain.outbox.posts import Message
from bot.domain.planning.items import ItemsChanged
from bot.domain.planning.lines import MOST_ITEMS
from bot.domain.planning.plans import Sent
from bot.domain.planning.wrapping_up import PlanDraft
from bot.domain.retros.boards import Board, PageOfNotes
from bot.domain.retros.pointing import Found, Kept, Withdrawn
from bot.domain.retros.retros import Meant
from bot.domain.retros.revealing import NOTES_ON_A_PAGE
from bot.domain.retros.trends import Outcome, Past, Trends, Turnout
from bot.domain.rhythm import schedules
from bot.domain.rhythm.leading import LeadPrompt
from bot.domain.rhythm.newcomers import Welcome
from bot.domain.rhythm.prompts import OldMarks, TurnPrompt
from bot.domain.rhythm.rhythms import Preview, Rhythm
from bot.domain.rhythm.riders import Riders
from bot.domain.rhythm.schedules import Seat
from bot.domain.sharing.following import Ties
from bot.domain.sprints.overviews import AwayLine, AwayToday, ItemLine, Overview, SprintLine, Still
from bot.domain.sprints.pages import TEAMS_A_PART, Sheet, TeamLine
from bot.domain.sprints.sprints import Planning
from bot.domain.staffing.aways import AwayDraft as AwayDraft
from bot.domain.staffing.aways import Back, Days
from bot.domain.staffing.closings import Closed, Merged
from bot.domain.staffing.leavers import Left
from bot.domain.subscriptions.addresses import Offer
from bot.domain.teams.channels import Trouble
from bot.domain.teams.seats import Seated
from bot.domain.teams.teams import TEAMS_A_PAGE, TeamPage
from bot.views import kit
from bot.views.company import company
from bot.views.company import people as people_views
from bot.views.heroes import hand_overs as hand_over_views
from bot.views.heroes import rota as rota_views
from bot.views.heroes import swaps as swap_views
from bot.views.home import home
from bot.views.home import menu as menu_views
from bot.views.planning import finalizing, items, marks, plans
from bot.views.retros import actions as action_views
from bot.views.retros import boards, retros, trends
from bot.views.retros import closings as retro_closing_views
from bot.views.retros import merging as merging_views
from bot.views.retros import notes as note_views
from bot.views.retros import pointing as pointing_views
from bot.views.rhythm import leading, newcomers, prompts, rhythms
from bot.views.sprints import cards, overviews, pages, sprint_channel, sprints
from bot.views.sprints import closings as closing_views
from bot.views.staffing import aways, closings, leavers, lost_channels, pauses
from bot.views.subscriptions import addresses
from bot.views.teams import channels, foundings, seats, teams
from handlers import FEATURES, routing
from models import retros as retros_model
from models.company import Away, AwaySource, Company, Person
from models.desks import Desk
from models.heroes import HeroWeek
from models.intake.requests import Request
from models.outbox import Post
from models.retros import Action, ActionState, Agreement, MeToo, Note, NotePointer, Retro, RetroAnswer, Side
from models.sprints import (
    HEADING_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    Absence,
    Answer,
    Change,
    ChangeKind,
    Item,
    Mark,
    Page,
    Priority,
    Sprint,
)
from models.teams import MEETING_LINK, SEATS, Customer, Lost, Membership, Move, Team
from tests.views import screens
from tests.views.screens import WORST

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
TODAY = NOW.date()


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    name: str
    people: int
    items: int
    text: str
    note: str
    prose: int
    teams: int
    changes: int


SIZES = (
    Size("empty", 1, 0, "A", "", 0, 0, 0),
    Size("usual", 4, 5, "Cut first-frame time below one second", "P95 is down", 200, 9, 2),
    Size("extreme", SEATS, MOST_ITEMS, WORST * 70, WORST * 100, 1_000, 250, 90),
)


@pytest.fixture(params=SIZES, ids=lambda size: size.name)
def sprint(request: pytest.FixtureRequest) -> Sprint:
    """A sprint with its team, of some size."""
    return a_sprint(request.param)


def a_sprint(size: Size) -> Sprint:
    """A sprint with its team, without a database."""
    people = [
        Person(id=f"U{number}", name=(size.text + str(number))[:80], is_deactivated=False)
        for number in range(size.people)
    ]
    for person in people if size.items else []:
        person.aways = [an_away(person)]
    team = a_team(1, size, people)
    made = Sprint(
        id=7,
        team_id=1,
        starts_on=date(2026, 7, 13),
        ends_on=date(2026, 7, 24),
        over_at=datetime(2026, 7, 24, 22, tzinfo=UTC),
        direction=(WORST * 400)[: size.prose],
        impacted=(WORST * 400)[: size.prose],
        revision=1,
        finalized_at=NOW,
        closed_at=None,
        created_at=NOW,
    )
    made.team, made.finalized_by = team, people[0]
    made.hero_weeks = [a_hero(person, week) for week, person in enumerate(people[:2])] if size.items else []
    made.items = [an_item(size, person, number) for person in people for number in range(size.items)]
    made.answers = [an_answer(person) for person in people[1:]]
    made.absences = [absence(person) for person in people] if size.items else []
    made.changes = [
        Change(
            id=number,
            sprint_id=7,
            by_id="U0",
            kind=ChangeKind.RAISED,
            title=size.text[:200],
            reason="",
            revision=1,
            at=NOW,
        )
        for number in range(size.changes)
    ]
    return made


def a_team(number: int, size: Size, people: list[Person]) -> Team:
    """A team, without a database."""
    team = Team(
        retro_emoji="retro",
        id=number,
        name=size.text[:60],
        area=size.text[:200],
        customer_kind=Customer.EXTERNAL,
        zone="Europe/Berlin",
    )
    team.customer, team.channel_id, team.sprint_weeks = size.text[:200], "C1", 2
    team.anchor_on, team.created_at = date(2026, 7, 13), NOW
    team.meets_at, team.meets_link = time(10), f"https://meet.example/{size.text}"[:MEETING_LINK]
    for seat, person in enumerate(people, start=1):
        member = Membership(person_id=person.id, seat=seat, is_lead=seat == 1, joined_at=NOW)
        member.person = person
        team.members.append(member)
    return team


def an_item(size: Size, owner: Person, number: int) -> Item:
    """An item, without a database."""
    item = Item(
        id=int(owner.id[1:]) * 100 + number + 1, owner_id=owner.id, title=(f"{number}{size.text}")[:TITLE_LENGTH]
    )
    item.note, item.position, item.mark = size.note[:NOTE_LENGTH] or None, number, Mark.NOT_STARTED
    item.priority = Priority.HIGH if number % 2 == 0 else Priority.SIDE
    item.carried, item.owner = number, owner
    item.points = "\n".join([size.note] * 30)
    item.heading = size.text[:HEADING_LENGTH]
    item.others = "\n".join(f"U{each} {size.text[:80]}" for each in range(5)) if size.note else ""
    return item


def a_hero(person: Person, week: int) -> HeroWeek:
    """Somebody is support hero; who is away all of the week is not."""
    return HeroWeek(team_id=1, week_on=date(2026, 7, 13 + 7 * week), person_id=person.id, person=person)


def an_answer(person: Person) -> Answer:
    """Somebody answered."""
    answer = Answer(sprint_id=7, person_id=person.id, sent_at=NOW)
    answer.person = person
    return answer


def absence(person: Person) -> Absence:
    """Somebody is off for two days."""
    row = Absence(sprint_id=7, person_id=person.id, starts_on=date(2026, 7, 20), ends_on=date(2026, 7, 21))
    row.person = person
    return row


def an_away(person: Person) -> Away:
    """Somebody is away from the second week on, and nobody knows until when."""
    return Away(person_id=person.id, source=AwaySource.STATUS, starts_at=datetime(2026, 7, 22, 8, tzinfo=UTC))


def still(team: Team) -> Team:
    """The team is paused, and has lost its channel."""
    team.paused_at, team.paused_until, team.paused_because = NOW, date(2026, 8, 2), WORST * 66
    team.channel_lost = Lost.REMOVED
    return team


def back(sprint: Sprint, *, paused: bool = False) -> Back:
    """Somebody is back, and has not planned."""
    shown = replace(overview(sprint), still=Still(paused, date(2026, 8, 2), WORST * 66))
    return Back(shown, TODAY, status_says_away=True)


def all_teams(sprint: Sprint) -> list[Team]:
    """As many teams as a company of this size has."""
    size = next(size for size in SIZES if size.people == len(sprint.team.members))
    return [a_team(number, size, [member.person for member in sprint.team.members][:3]) for number in range(size.teams)]


def a_page(shown: list[Team], number: int = 0) -> TeamPage:
    """A page of these teams, and more behind it."""
    return TeamPage(shown[:TEAMS_A_PAGE], number, more=len(shown) > TEAMS_A_PAGE)


def overview(sprint: Sprint) -> Overview:
    """The running sprint, and nothing planned yet."""
    dates = Dates(sprint.starts_on, sprint.ends_on)
    lines = [ItemLine(i.id, i.owner_id, i.title, Mark(i.mark), i.note, i.carried, i.points) for i in sprint.items]
    line = SprintLine(7, sprint.starts_on, sprint.ends_on, sprint.over_at, NOW, None, sprint.direction, True)
    names = [member.person.name for member in sprint.team.members]
    planning = Planning(dates, None, late=False)
    reasons = Still(True, date(2026, 8, 2), WORST * 66, "C1", Lost.ARCHIVED, len(names) < 2)
    away = AwayLine(date(2026, 8, 2))
    return Overview(
        1,
        sprint.team.name,
        "U0",
        True,
        line,
        lines,
        planning,
        False,
        lines,
        names[1:],
        len(names),
        reasons,
        away,
        heroes=hero_weeks(sprint),
        today=TODAY,
    )


def a_rota(sprint: Sprint) -> TeamRota:
    """Eight weeks of a team's rota: some with the person whose turn it is, some swapped, some without a hero, some whose hero is away."""
    name = sprint.team.members[0].person.name if sprint.team.members else "Ada"
    one, other = Hero("U0", name), Hero("U1", name)
    weeks = [Dates(week, week + timedelta(days=4)) for week in (TODAY + timedelta(weeks=each) for each in range(8))]
    who: list[tuple[Hero | None, Hero | None, Hero | None]] = [(one, one, None), (one, other, None), (None, None, None)]
    shown = [RotaWeek(week, *who[number % 3]) for number, week in enumerate(weeks[:7])]
    asks = Asked(1, "U0", [weeks[1].starts_on])
    shown[0] = replace(shown[0], asks=asks, others={weeks[0].starts_on: other, weeks[0].ends_on: other})
    shown[1] = replace(shown[1], asks=Asked(2, "U1"))
    ends = a_hand_over()
    return TeamRota(
        1,
        sprint.team.name,
        "U0",
        TODAY,
        runs=True,
        is_member=True,
        weeks=[*shown, RotaWeek(weeks[7], one, None, one)],
        hands_over=ends,
    )


def a_hand_over() -> HandOver:
    """A week ends, and somebody with a long name comes next."""
    return HandOver(1, TODAY, Hero("U1", WORST * 26))


def some(view: kit.View | None) -> kit.View:
    """A form that there is."""
    assert view is not None
    return view


def a_swap() -> Swap:
    """Somebody asks who takes their week."""
    week = Dates(TODAY, TODAY + timedelta(days=4))
    return Swap(1, WORST * 26, week, [], (WORST * 200)[:200], None, ended=False, over=False, left=7)


def hero_weeks(sprint: Sprint) -> list[Week]:
    """The first two weeks of four are the viewer's, somebody is away in the third, and the last is free."""
    hero = Hero("U0", sprint.team.members[0].person.name)
    shown = heroes.in_dates(1, Dates(sprint.starts_on, date(2026, 8, 7)), {})
    return [*(replace(week, hero=hero) for week in shown[:2]), replace(shown[2], away=hero), shown[3]]


ENTRIES = routing.entries_of(FEATURES)


def a_menu(s: Sprint) -> Menu:
    return Menu(a_home(s), frozenset(Who), frozenset(Part))


def a_home(sprint: Sprint) -> Home:
    """Everything that can stand on somebody's Home."""
    shown = overview(sprint)
    text, items = sprint.items[0].title if sprint.items else "A", shown.items
    planning = Planning(Dates(date(2026, 7, 27), date(2026, 8, 7)), 8, late=False)
    on = replace(
        shown, planning=planning, still=Still(), away=None, is_open=True, asked=True, ended=shown.running, to_mark=items
    )
    on = replace(on, off=[AwayToday(name, TODAY if number else None) for number, name in enumerate(shown.waiting)])
    link = "https://prickle.slack.com/archives/C1/p1"
    lines = [HomeEntry(number, text, text, WORST * 300, NOW, TODAY, link) for number in range(1, 6)]
    listed = Listed(lines, 250) if items else Listed()
    said = Listed(lines[:COMMENTS], 250) if items else Listed()
    asked = [Request(id=number, title=text[:150], waiting_since=NOW) for number in range(1, 6)]
    waits = Waits([WaitingLine(each, None, None, link) for each in asked], 250) if items else Waits()
    marks = dict.fromkeys(Mark, 15)
    followed = [Followed(number, text[:60], TODAY if number else None, TODAY, marks) for number in range(5)]
    retro = RetroLine(1, sprint.starts_on, sprint.ends_on, is_hidden=True, answered=False)
    triage = [(sprint.team.name, None)] * (50 if items else 1)
    answers = replace(listed, lines=[replace(each, kind="guidance") for each in listed.lines])
    shown_home = Home(on, (), True, triage, waits, said, answers, listed, listed, listed, retro)
    return replace(shown_home, followed=followed if items else (), follows=250)


def draft(sprint: Sprint) -> PlanDraft:
    """A plan whose items all come from the last time, or were all typed."""
    mine = [item for item in sprint.items if item.owner_id == "U0"]
    half = len(mine) // 2
    planning = Planning(Dates(sprint.starts_on, sprint.ends_on), 7, late=True)
    absent = sprint.absences[0] if sprint.absences else None
    said = a_retro(sprint).notes[:15]
    return PlanDraft(
        sprint.team,
        planning,
        True,
        mine[:half],
        mine[half:],
        absent,
        looks_back=True,
        said=said,
        hero_weeks=hero_weeks(sprint),
    )


def seated(sprint: Sprint) -> Seated:
    """Somebody moved."""
    move = Move(id=1, person_id="U0", from_team_id=1, to_team_id=1, at=NOW)
    return Seated(move, sprint.team.members[0].person, sprint.team, sprint.team)


def sent(sprint: Sprint) -> Sent:
    """Somebody answered after the plan was final."""
    return Sent(sprint, Answer(sprint_id=7, person_id="U0", sent_at=NOW), True, sprint.items[:15])


def swapped(sprint: Sprint) -> ItemsChanged:
    """Somebody changed a plan."""
    return ItemsChanged(sprint, sprint.team.members[0].person, sprint.items[:15], sprint.items[:15], WORST * 100, 1)


def with_team(sprint: Sprint, team: Team) -> Sprint:
    """The sprint of this team."""
    sprint.team = team
    return sprint


def planned(sprint: Sprint) -> Sprint:
    """The sprint, before its plan was final."""
    sprint.finalized_at = None
    return sprint


def preview(sprint: Sprint, problem: str | None = None) -> Preview:
    """What a rhythm means for people who are each in a zone of their own, and off on other days."""
    team = sprint.team
    ten = time(10)
    rhythm = Rhythm(2, 0, "Europe/Berlin", "DE-BY", 2, ten, ten, ten)
    chosen = Cadence(team.anchor_on, 2, team.zone)
    countries = (None, "US", "GB-NIR", "JP", "CN", "RU")
    places = ("America/Argentina/ComodRivadavia", "Asia/Tokyo", "Europe/Berlin", "Africa/Cairo", "UTC", "America/Nome")
    crew = [
        Seat(member.person_id, member.person.name, Whereabouts(places[number], countries[number]), member.is_lead)
        for number, member in enumerate(team.members)
    ]
    ahead = cadence.coming(chosen, [], TODAY, 12)
    asks = schedules.all_asks(chosen, ahead, crew, since=NOW)
    coming = [*schedules.grouped(team.name, chosen, asks), *schedules.closings(team.name, chosen, ahead)]
    coming += schedules.gatherings(team.name, chosen, asks, ahead, NOW)
    return Preview(team, rhythm, True, ahead[:3], coming, problem)


COMPANY = Company(
    id=1, sprint_channel_id="C1", intake_channel_id=None, zone="Europe/Berlin", weekend="456", parts="rota"
)

AWAY = AwayDraft(TODAY, TODAY, date(2026, 8, 2), "DE-BY")
GONE = Days(TODAY, date(2027, 8, 2), begun=False)

VIEWS: dict[str, Callable[[Sprint], dict[str, Any]]] = {
    "staffing.aways.form": lambda s: aways.form(AWAY, s.direction),
    "staffing.aways.saved_view": lambda s: aways.saved_view(GONE, "DE-BY"),
    "staffing.aways.saved_view, only the country": lambda s: aways.saved_view(None, None),
    "company.people.closed_home": lambda s: people_views.closed_home(None),
    "company.people.closed_home, for a guest": lambda s: people_views.closed_home(Standing.GUEST),
    "staffing.closings.close_form": lambda s: closings.close_form(s.team),
    "staffing.closings.merge_form": lambda s: closings.merge_form(s.team),
    "staffing.pauses.form": lambda s: pauses.form(s.team),
    "teams.teams.team_view": lambda s: teams.team_view(s.team, "U0", TODAY, Ties()),
    "teams.teams.team_view, still": lambda s: teams.team_view(still(s.team), "U0", TODAY, Ties()),
    "teams.teams.list_view, still": lambda s: teams.list_view(a_page([still(team) for team in all_teams(s)])),
    "teams.teams.team_view, to others": lambda s: teams.team_view(
        s.team, "U99", TODAY, Ties(follows=True, supporters=[WORST * 26] * 40, subscribes=True)
    ),
    "subscriptions.addresses.offer_view": lambda s: addresses.offer_view(Offer(s.team, NOW)),
    "subscriptions.addresses.offer_view, one's own": lambda s: addresses.offer_view(Offer()),
    "subscriptions.addresses.made_view": lambda s: addresses.made_view(s.team, f"https://{'a' * 190}/{'A' * 60}.ics"),
    "teams.teams.list_view": lambda s: teams.list_view(a_page(all_teams(s), 1)),
    "teams.teams.no_team_view": lambda s: teams.no_team_view(all_teams(s)),
    "teams.foundings.create_form": lambda s: foundings.create_form("U0", "Europe/Berlin"),
    "teams.foundings.edit_form": lambda s: foundings.edit_form(s.team),
    "rhythm.rhythms.view": lambda s: rhythms.view(preview(s), "U0"),
    "rhythm.rhythms.view, to others": lambda s: rhythms.view(preview(s), "U99"),
    "rhythm.rhythms.meaning": lambda s: rhythms.meaning(preview(s)),
    "rhythm.rhythms.form": lambda s: rhythms.form(preview(s)),
    "rhythm.rhythms.form, of no rhythm": lambda s: rhythms.form(preview(s, WORST * 60)),
    "rhythm.rhythms.saved_view": lambda s: rhythms.saved_view(preview(s)),
    "teams.seats.join_form": lambda s: seats.join_form(None, s.team, TODAY),
    "teams.seats.leave_form": lambda s: seats.leave_form(s.team),
    "teams.seats.hand_over_form": lambda s: seats.hand_over_form(s.team, "U0"),
    "teams.foundings.created_view": lambda s: foundings.created_view(s.team),
    "teams.seats.joined_view": lambda s: seats.joined_view(s.team),
    "company.company.setup_form": lambda s: company.setup_form(COMPANY),
    "heroes.rota.rota_view": lambda s: rota_views.rota_view(a_rota(s), [Part.ROTA]),
    "heroes.rota.rota_view, not started": lambda s: rota_views.rota_view(
        TeamRota(1, s.team.name, "U0", TODAY, runs=False, is_member=True), [Part.ROTA]
    ),
    "heroes.hand_overs.form": lambda _: hand_over_views.form(a_hand_over()),
    "heroes.hand_overs.form, to nobody": lambda _: hand_over_views.form(replace(a_hand_over(), to=None)),
    "heroes.swaps.swap_form": lambda s: some(swap_views.swap_form(a_rota(s), SeenWeek(1, TODAY, "U0"))),
    "heroes.swaps.ask_form": lambda s: some(swap_views.ask_form(a_rota(s), SeenWeek(1, TODAY, "U0"))),
    "home.menu.menu_view": lambda s: menu_views.menu_view(a_menu(s), ENTRIES),
    "home.menu.part_view": lambda s: menu_views.part_view(a_menu(s), Part.TEAMS, ENTRIES),
    "retros.trends.asked_view": lambda _: trends.asked_view(),
    "company.company.set_up_view": lambda s: company.set_up_view(COMPANY),
    "sprints.overviews.overview_view": lambda s: overviews.overview_view(overview(s)),
    "sprints.sprints.plan_view": lambda s: sprints.plan_view(s, (1, 2), "U0", NOW),
    "sprints.sprints.no_plan_view": lambda s: sprints.no_plan_view(s.team),
    "sprints.sprints.ahead_view": lambda s: sprints.ahead_view(sprints.plan_view(s, (1, 2), "U0", NOW)),
    "sprints.sprints.nothing_ahead_view": lambda s: sprints.nothing_ahead_view(s.team),
    "sprints.sprints.export_view": lambda s: sprints.export_view(s.team, (WORST * 60 + "\n") * 90),
    "sprints.closings.close_form": closing_views.close_form,
    "planning.plans.form": lambda s: plans.form(draft(s), "U0"),
    "planning.plans.sent_view": lambda s: plans.sent_view(sent(s).sprint, "U0"),
    "planning.plans.sent_view, the lead's": lambda s: plans.sent_view(sent(s).sprint, "U0", finalizes=True),
    "planning.finalizing.finalize_form": lambda s: finalizing.finalize_form(s, NOW),
    "planning.finalizing.finalize_form, early": lambda s: finalizing.finalize_form(
        s,
        NOW,
        3,
        retro=a_retro(s),
        improvement=(WORST * 200)[:200],
        waiting=[WORST * 26] * 6,
        hidden=True,
        is_set_up=False,
    ),
    "planning.items.change_form": lambda s: items.change_form(s, "U0", on_screen=False),
    "planning.items.note_form": lambda s: items.note_form(
        (s.items or [an_item(SIZES[0], s.team.members[0].person, 0)])[0]
    ),
    "retros.notes.form": lambda s: note_views.form(meant(s), a_retro(s), "U0"),
    "retros.notes.form, first": lambda s: note_views.form(meant(s), None, "U0"),
    "retros.notes.written_view": lambda s: note_views.written_view(a_retro(s), "U0"),
    "retros.notes.written_view, of pasted notes": lambda s: note_views.written_view(
        a_retro(s), "U0", note_views.how_it_was_read(pasted_notes())
    ),
    "retros.notes.read_otherwise": lambda _: note_views.read_otherwise(note_views.how_it_was_read(pasted_notes())),
    "retros.notes.edit_form": lambda s: note_views.edit_form(a_note(1, s.team.members[0].person)),
    "retros.pointing.message_form": lambda _: pointing_views.message_form(found_message()),
    "retros.pointing.empty_form": lambda _: pointing_views.empty_form("C1", "1.000001"),
    "retros.merging.merge_form": lambda s: merging_views.merge_form(a_retro(s), a_note(500, s.team.members[0].person)),
    "retros.actions.list_view": lambda s: action_views.list_view(s.team, a_board(s).open, TODAY, "U0"),
    "retros.actions.list_view for another team": lambda s: action_views.list_view(
        s.team, a_board(s).open, TODAY, "U99"
    ),
    "retros.notes.discussed_view": lambda _: note_views.discussed_view(None),
    "retros.actions.drop_form": lambda s: action_views.drop_form(an_action(1, s.team.members[0].person), 1),
    "retros.actions.list_view, after an agreement and what was settled": lambda s: action_views.list_view(
        s.team,
        a_board(s).open,
        TODAY,
        "U0",
        settled=settled(s),
        agreed=Agreement(id=1, text=(WORST * 500)[:500]),
        past=settled(s) * 20,
    ),
    "retros.retros.whole_view": lambda s: retros.whole_view(a_board(s), (1, 2), "U0"),
    "retros.retros.whole_view, after something was settled": lambda s: retros.whole_view(
        replace(a_board(s), settled=settled(s)), (1, 2), "U0"
    ),
    "retros.retros.whole_view, hidden": lambda s: retros.whole_view(hidden(s), (1, 2), "U99"),
    "retros.retros.whole_view, closed": lambda s: retros.whole_view(
        a_board(s, closed_at=NOW, closed_by_id="U0"), (1, 2), "U0"
    ),
    "retros.retros.no_retro_view": lambda s: retros.no_retro_view(s.team),
    "retros.retros.export_view": lambda s: retros.export_view(s.team, (WORST * 60 + "\n") * 90),
    "retros.closings.close_form": lambda s: retro_closing_views.close_form(a_board(s)),
    "retros.retros.settings_form": lambda s: retros.settings_form(s.team),
    "home.home.tab": lambda s: home.tab(a_home(s)),
    "home.home.tab, between two sprints": lambda s: home.tab(
        replace(a_home(s), overview=replace(a_home(s).overview or overview(s), running=None))
    ),
    "home.home.tab, after much that can be undone": lambda s: home.tab(
        replace(
            a_home(s),
            settled=settled(s),
            overview=replace(
                overview(s),
                away=AwayLine(None, can_undo=True),
                heroes=[replace(week, hero=None, can_undo=True) for week in hero_weeks(s)],
            ),
        )
    ),
    "home.home.tab, away": lambda s: home.tab(replace(a_home(s), overview=overview(s))),
    "home.home.tab, an admin's whose intake channel is lost": lambda s: home.tab(
        replace(a_home(s), lost=("C1", Lost.SHARED))
    ),
    "home.home.tab, an admin's whose sprint channel is lost, too": lambda s: home.tab(
        replace(a_home(s), lost=("C1", Lost.SHARED), lost_sprints=("C2", Lost.HIDDEN))
    ),
    "home.home.tab, a newcomer": lambda s: home.tab(Home(None, all_teams(s), True, [(s.team.name, "Lee")])),
}

MESSAGES: dict[str, Callable[[Sprint], Message]] = {
    "heroes.rota.started_message": lambda s: rota_views.started_message(WORST * 26, a_rota(s)),
    "heroes.rota.steps_in_message": lambda _: rota_views.steps_in_message(
        1, Hero("U0", WORST), Dates(TODAY, TODAY + timedelta(days=4))
    ),
    "heroes.hand_overs.message": lambda _: hand_over_views.message(a_hand_over(), "U0", (WORST * 500)[:500]),
    "heroes.swaps.card": lambda _: swap_views.card(a_swap()),
    "heroes.swaps.card, single days": lambda _: swap_views.card(
        replace(a_swap(), days=[TODAY + timedelta(days=each) for each in range(5)], why=None, left=2)
    ),
    "heroes.swaps.card, taken": lambda _: swap_views.card(replace(a_swap(), taken_by=WORST * 26)),
    "heroes.swaps.card, ended": lambda _: swap_views.card(replace(a_swap(), ended=True)),
    "heroes.swaps.card, over": lambda _: swap_views.card(replace(a_swap(), over=True)),
    "heroes.swaps.swapped_message": lambda _: swap_views.swapped_message(
        SeenWeek(1, TODAY, "U0"), SeenWeek(1, TODAY + timedelta(days=7), "U1"), "U0"
    ),
    "heroes.rota.stopped_message": lambda _: rota_views.stopped_message(WORST * 26),
    "home.menu.help_message": lambda _: menu_views.help_message("Sprints", ENTRIES, WORST * 60),
    "sprints.cards.planning_card": lambda s: cards.planning_card(planned(s), NOW),
    "sprints.cards.planning_card, final": lambda s: cards.planning_card(s, NOW),
    "sprints.cards.planning_card, paused": lambda s: cards.planning_card(with_team(planned(s), still(s.team)), NOW),
    "sprints.cards.moved_card": lambda s: cards.moved_card(s.team),
    "sprints.cards.final_card": lambda s: cards.final_card(s, NOW),
    "staffing.aways.away_message": lambda _: aways.away_message(GONE),
    "staffing.aways.back_message": lambda s: aways.back_message(back(s)),
    "staffing.aways.back_message, paused": lambda s: aways.back_message(back(s, paused=True)),
    "staffing.aways.back_message, without a team": lambda s: aways.back_message(
        Back(None, TODAY, status_says_away=False)
    ),
    "teams.seats.leaderless_message": lambda s: seats.leaderless_message(s.team, s.team.members[0].person),
    "retros.actions.taken_message": lambda s: action_views.taken_message(an_action(1, s.team.members[0].person)),
    "staffing.closings.closed_posts": lambda s: closings.closed_posts(Closed(s.team, "C1"))[0][2],
    "staffing.closings.merged_posts": lambda s: closings.merged_posts(a_merger(s))[0][2],
    "staffing.closings.merged_posts, into": lambda s: closings.merged_posts(a_merger(s))[1][2],
    "staffing.leavers.offered_message": lambda s: leavers.offered_message(a_leaver(s)),
    "staffing.leavers.desk_message": lambda s: leavers.desk_message(
        Desk(id=1, name=(WORST * 20)[:60], team=s.team), a_leaver(s)
    ),
    "staffing.pauses.paused_message": lambda s: pauses.paused_message(still(s.team), WORST * 26),
    "staffing.pauses.resumed_message": lambda s: pauses.resumed_message(s.team),
    "staffing.lost_channels.told_message": lambda s: lost_channels.told_message(
        Trouble("key", "U0", "C1", lost=Lost.ARCHIVED, team_name=s.team.name)
    ),
    "staffing.lost_channels.told_message, removed": lambda s: lost_channels.told_message(
        Trouble("key", "U0", "C1", lost=Lost.REMOVED, team_name=s.team.name)
    ),
    "sprints.sprint_channel.told_message": lambda _: sprint_channel.told_message(
        Trouble("key", "U0", "C1", lost=Lost.ARCHIVED)
    ),
    "sprints.sprint_channel.lost_message": lambda _: sprint_channel.lost_message("C1", Lost.SHARED),
    "sprints.pages.moved_page": lambda _: pages.moved_page("C1"),
    "sprints.pages.page": lambda s: pages.page(sheet(s), TODAY),
    "rhythm.prompts.turn": lambda s: prompts.turn(turn_prompt(s)),
    "rhythm.prompts.turn, answered": lambda s: prompts.turn(turn_prompt(s, answered=True, may_finalize=True)),
    "rhythm.prompts.turn, off": lambda s: prompts.turn(turn_prompt(s, off=True)),
    "rhythm.prompts.turn, away": lambda s: prompts.turn(turn_prompt(s, away=True)),
    "rhythm.prompts.turn, passed": lambda s: prompts.turn(turn_prompt(s, needed=False)),
    "rhythm.prompts.turn, asked again below": lambda s: prompts.turn(turn_prompt(s, is_live=False)),
    "rhythm.prompts.turn, as the reminder": lambda s: prompts.turn(turn_prompt(planned(s), repeats=True)),
    "rhythm.newcomers.welcome": lambda s: newcomers.welcome(Welcome(s, TODAY, False, True, True)),
    "rhythm.newcomers.welcome, answered": lambda s: newcomers.welcome(Welcome(s, None, True, True, True)),
    "rhythm.leading.lead": lambda s: leading.lead(lead_prompt(planned(s))),
    "rhythm.leading.lead, to the team": lambda s: leading.lead(
        replace(lead_prompt(planned(s)), because=None, leader=WORST * 3, answers=False)
    ),
    "rhythm.leading.lead, final": lambda s: leading.lead(lead_prompt(s)),
    "rhythm.prompts.nudge": prompts.nudge,
    "rhythm.prompts.old_marks": lambda s: prompts.old_marks(old_marks(s)),
    "retros.boards.board": lambda s: boards.board(a_board(s)),
    "retros.boards.board, hidden": lambda s: boards.board(hidden(s)),
    "retros.boards.board, closed": lambda s: boards.board(a_board(s, closed_at=NOW, closed_by_id="U0")),
    "retros.boards.board, nobody wrote": lambda s: boards.board(a_board(s, closed_at=NOW, notes=[])),
    "retros.boards.page": lambda s: boards.page(PageOfNotes(a_retro(s), a_retro(s).notes[:NOTES_ON_A_PAGE], NOW)),
    "retros.boards.summary": lambda s: boards.summary(a_retro(s), s.items, a_board(s, closed_at=NOW).led_to),
    "retros.pointing.left_message": lambda s: pointing_views.left_message(
        Withdrawn(a_note(1, s.team.members[0].person), "You have put it in your own words.")
    ),
    "retros.pointing.noted_message": lambda s: pointing_views.noted_message(
        Kept(a_retro(s), a_note(1, s.team.members[0].person), True)
    ),
    "retros.notes.discussed_message": lambda s: note_views.discussed_message(a_note(1, s.team.members[0].person)),
    "sprints.closings.closed_message": lambda s: closing_views.closed_message(s, WORST * 26),
    "sprints.cards.final_card, just final": lambda s: cards.final_card(s, NOW, can_reopen=True),
    "sprints.cards.final_card, reopened": lambda s: cards.final_card(planned(s), NOW),
    "sprints.cards.reopened_message": lambda _: cards.reopened_message(WORST * 26),
    "sprints.cards.finalized_again_message": cards.finalized_again_message,
    "planning.plans.added_message": lambda s: plans.added_message(sent(s), WORST * 26),
    "planning.plans.meanwhile": lambda s: plans.meanwhile(
        (s.items or [an_item(SIZES[0], s.team.members[0].person, 0)])[0]
    ),
    "planning.items.changed_message": lambda s: items.changed_message(swapped(s)),
    "teams.foundings.founded_message": lambda s: foundings.founded_message(s.team),
    "teams.seats.handed_over_message": lambda s: seats.handed_over_message(s.team, TODAY),
    "retros.trends.message": lambda s: trends.message(some_trends(s), is_shared=False),
    "teams.channels.company_lost_message": lambda _: channels.company_lost_message(
        "C1", Lost.HIDDEN, what="plans", so="Nobody sees them.", then="they are posted"
    ),
    "teams.channels.refused_message": lambda s: channels.refused_message("C1", WORST),
}


def some_trends(sprint: Sprint) -> Trends:
    """A team's trends, with numbers that grow with its items."""
    number = len(sprint.items) ** 3
    items = dict.fromkeys(Outcome, number)
    past = [Past(sprint.starts_on, sprint.ends_on, items, Turnout(1, 6) if number else None)] * (12 if number else 1)
    return Trends(1, sprint.team.name, past, [number] * number)


def sheet(sprint: Sprint) -> Sheet:
    """A part of the company's page with as many teams as it holds, when the sprint has more than one member."""
    page = Page(id=1, starts_on=sprint.starts_on, ends_on=sprint.ends_on, part=2)
    card = Post(posted_in_id="C0REPLAY", message_ts="1783663200.000100")
    team = sprint.team
    teams = [Team(id=number, name=team.name, members=[], paused_at=None) for number in range(TEAMS_A_PART)]
    entries = (
        [TeamLine(each, sprint, {Mark.FINISHED: 45, Mark.IN_PROGRESS: 45}, card) for each in teams]
        if len(team.members) > 1
        else []
    )
    return Sheet(page, 3, entries, "https://example.slack.com/")


def turn_prompt(sprint: Sprint, **changes: Any) -> TurnPrompt:
    """What is asked of a member, late."""
    mine = sprint.items[:MOST_ITEMS]
    prompt = TurnPrompt(
        sprint=sprint,
        zone="Asia/Tokyo",
        needed=True,
        late_for=NOW,
        ended=sprint,
        earlier=mine,
        mine=mine,
        answered=False,
        off=False,
        away=False,
        is_live=True,
        repeats=False,
        wraps_up=True,
        may_finalize=False,
        riders=Riders(actions=a_board(sprint).open),
    )
    return replace(prompt, **changes)


def old_marks(sprint: Sprint) -> OldMarks:
    """What a message of an older version asked at a sprint's end."""
    return OldMarks(sprint, "Asia/Tokyo", False, None, sprint.items[:MOST_ITEMS], False, False)


def a_retro(sprint: Sprint) -> Retro:
    """A retro in which everybody wrote all they could, revealed; with nobody in it for an empty sprint."""
    people = [member.person for member in sprint.team.members] if sprint.items else []
    retro = Retro(id=1, sprint_id=1, sprint=sprint, opened_at=NOW, revealed_at=NOW, has_votes=False)
    retro.facilitator = people[0] if people else None
    retro.answers = [RetroAnswer(person_id=person.id, person=person, sent_at=NOW) for person in people]
    retro.notes = [a_note(number, person) for number, person in enumerate(people * 15, start=1)]
    return retro


def a_note(number: int, author: Person) -> Note:
    """A note that is as long as a note may be, with a link, edited, and agreed with."""
    text = (WORST * retros_model.NOTE_LENGTH)[: retros_model.NOTE_LENGTH]
    if number % 2:
        text = "\n".join(["Slow"] * (retros_model.NOTE_LENGTH // 5))
    note = Note(id=number, author_id=author.id, author=author, side=list(Side)[number % 3], text=text, edited_at=NOW)
    note.link = "https://prickle.slack.com/archives/C0000000001/p1700000000000001"
    note.pointers = [NotePointer(note_id=number, person_id="U8", person=author)]
    note.me_toos, note.votes = [MeToo(note_id=number, person_id="U9")], []
    return note


def an_action(number: int, owner: Person) -> Action:
    """An action of an earlier retro, as long as one may be."""
    return Action(
        id=number,
        retro_id=0,
        text=(WORST * TITLE_LENGTH)[:TITLE_LENGTH],
        is_improvement=number == 1,
        owner_id=owner.id,
        owner=owner,
        due_on=TODAY,
        created_at=NOW,
    )


def settled(sprint: Sprint) -> list[Action]:
    """Actions that the viewer settled a moment ago."""
    found = [an_action(number, sprint.team.members[0].person) for number in range(1, 4)]
    for number, each in enumerate(found):
        each.state = ActionState.DROPPED if number else ActionState.DONE
        each.because = (WORST * 300)[:300] if number else None
    return found


def a_board(sprint: Sprint, **changes: Any) -> Board:
    """A board with as much on it as there can be."""
    retro = a_retro(sprint)
    for name, value in changes.items():
        setattr(retro, name, value)
    owner = sprint.team.members[0].person
    left = [an_action(number, owner) for number in range(1, 25)] if sprint.items else []
    stands = [Agreement(id=n, text=(WORST * 500)[:500]) for n in range(1, 11)] if sprint.items else []
    closed = retro.closed_at is not None
    open_ones, led_to = ([], left[:8]) if closed else (left, [])
    return Board(retro, sprint.items, open_ones, led_to, stands, 9, NOW, earlier=settled(sprint) * 20)


def pasted_notes() -> dict[str, Any]:
    """The form's submission with as much in it as a field takes that makes no note."""
    typed = {"b": {"value": "| " + WORST * 140 + "|\n" + "---\n" * 200 + "x" * 1_500}}
    return {"state": {"values": {f"{side}": typed for side in Side}}}


def hidden(sprint: Sprint) -> Board:
    """The same before the reveal."""
    return a_board(sprint, revealed_at=None)


def meant(sprint: Sprint) -> Meant:
    """The retro to write for."""
    return Meant(sprint.team, Dates(sprint.starts_on, sprint.ends_on), 1)


def found_message() -> Found:
    """A message that becomes a note."""
    return Found(WORST * 4_000, "https://prickle.slack.com/archives/C1/p1", "C1", "1.0")


def lead_prompt(sprint: Sprint) -> LeadPrompt:
    """What is asked of a lead."""
    names = [member.person.name for member in sprint.team.members]
    touched = [(sprint.team.name, sprint.impacted)] * 20 if sprint.impacted else []
    retro = a_retro(sprint)
    return LeadPrompt(
        sprint, "Asia/Tokyo", True, None, names, retro.notes[:3], retro, touched, unasked=True, answers=True
    )


def test_the_fullest_home_leaves_nothing_out_and_leads_with_what_is_mine() -> None:
    blocks = home.tab(a_home(a_sprint(SIZES[-1])))["blocks"]
    assert len(blocks) <= kit.VIEW_BLOCKS
    assert sum("… and " in str(block) for block in blocks) == 9
    assert "For you now" in str(blocks[2])
    assert "Menu" in str(blocks[-1])


def test_the_emptiest_home_is_short() -> None:
    assert len(home.tab(Home(None))["blocks"]) <= 5


@pytest.mark.parametrize("name", VIEWS)
def test_every_screen_is_taken_by_slack_whatever_is_in_it(name: str, sprint: Sprint) -> None:
    screens.is_taken_by_slack(VIEWS[name](sprint))


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_taken_by_slack_whatever_is_in_it(name: str, sprint: Sprint) -> None:
    screens.is_taken_by_slack(MESSAGES[name](sprint))


def a_merger(sprint: Sprint) -> Merged:
    """Everybody of a team goes into another one."""
    return Merged(sprint.team, sprint.team, [member.person for member in sprint.team.members], "C1")


def a_leaver(sprint: Sprint) -> Left:
    """Somebody who leaves many actions behind."""
    person = sprint.team.members[0].person
    return Left("key", person, team=sprint.team, actions=[an_action(number, person) for number in range(1, 20)])


def first_words(text: str) -> str:
    """How a text begins, without Slack's markup."""
    return "".join(each for each in kit.unescape(text).split("\n")[0] if each.isalnum())[:12]


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_begins_in_its_first_block_with_what_its_text_begins_with(name: str, sprint: Sprint) -> None:
    """Desktop notifications read the blocks, and phones the text: both say first why somebody is asked."""
    message = MESSAGES[name](sprint)
    if not message.blocks:
        return
    first = message.blocks[0]
    said = first.get("text") or next(iter(first.get("elements") or [{}]))
    assert first_words(str(said.get("text", first.get("alt_text", "")))) == first_words(message.text), first


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*VIEWS, *MESSAGES]}
    for module in (
        addresses,
        aways,
        newcomers,
        boards,
        cards,
        closing_views,
        retro_closing_views,
        retros,
        overviews,
        company,
        foundings,
        home,
        merging_views,
        items,
        pages,
        pauses,
        finalizing,
        marks,
        plans,
        leading,
        prompts,
        rhythms,
        seats,
        sprints,
        teams,
        trends,
        channels,
        closings,
        leavers,
        people_views,
    ):
        assert set(screens.drawing(module)) <= drawn


def test_what_was_typed_is_in_no_screen_unescaped(sprint: Sprint) -> None:
    assert not [name for name, draw in {**VIEWS, **MESSAGES}.items() if not screens.is_escaped(draw(sprint))]
