"""`/small-team`: a team, the list, and taking, leaving and handing over seats."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence, places
from bot.domain.company import company, parts
from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.sharing import following
from bot.domain.staffing import charters, leavers, moves
from bot.domain.teams import channels, foundings, seats, teams
from bot.platform import clock, slack
from bot.platform.database import Database
from bot.views import kit
from bot.views.company import company as company_views
from bot.views.kit import keys
from bot.views.staffing import leavers as leaver_views
from bot.views.teams import channels as channel_views
from bot.views.teams import foundings as founding_views
from bot.views.teams import seats as seat_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SMALL_TEAM
from handlers.features import Entry, Feature
from handlers.responses import Body, View
from models.teams import Team


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to see a team: their own, or the one they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.for_person(session, me)
        others = [] if team else teams.with_a_free_seat(session)
    responses.open_view(client, body, _window(db, team, me) if team else team_views.no_team_view(others))
    ack()


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Show* beside a team. It takes the list's place: windows on windows end at the third."""
    with db.read() as session:
        team = teams.get(session, responses.row(body))
    responses.replace_view(client, body, _window(db, team, me))
    ack()


def _window(db: Database, team: Team, me: str) -> View:
    with db.read() as session:
        ties, on = following.ties(session, team.id, me), parts.on(session)
    return team_views.team_view(team, me, cadence.local_date(clock.now(), team.zone), ties, on)


def list_all(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody wants to see all teams."""
    with db.read() as session:
        found, on = teams.page(session), parts.on(session)
    responses.open_view(client, body, team_views.list_view(found, on))
    ack()


def turn_page(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody pressed *All teams*, or turned a page of the list."""
    with db.read() as session:
        found, on = teams.page(session, keys.optional(responses.value(body)) or 0), parts.on(session)
    responses.replace_view(client, body, team_views.list_view(found, on))
    ack()


def create(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to found a team."""
    with db.read() as session:
        zone = company.current(session).zone
    responses.open_view(client, body, founding_views.create_form(me, zone))
    ack()


def created(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody submitted the form that founds a team."""
    founding = founding_views.read_founding(body["view"])
    seen = slack.find_channel(client, founding.charter.channel)
    channels.require_internal(channel_views.read_channel(seen) if seen else None, field="channel")
    now = clock.now()
    with db.begin() as session:
        team = foundings.create(session, founding, by=me, now=now)
        message = founding_views.founded_message(team)
        posts.write(session, f"founded:{team.id}", team.channel_id, message, now=now)
    ack(response_action="update", view=founding_views.created_view(team))


def edit(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wants to edit the team."""
    with db.read() as session:
        team = teams.mine(session, me)
        teams.require_lead(team, me, to="edit the team")
    responses.open_view(client, body, founding_views.edit_form(team))
    ack()


def edited(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead submitted the form that edits the team."""
    charter = founding_views.read_charter(body["view"])
    seen = slack.find_channel(client, charter.channel)
    channels.require_internal(channel_views.read_channel(seen) if seen else None, field="channel")
    with db.begin() as session:
        team = charters.edit(session, keys.number(body["view"]["private_metadata"]), charter, by=me, now=clock.now())
    ack(**responses.back_to(client, body, _window(db, team, me)))


def join(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants a seat, perhaps in the team they name."""
    with db.read() as session:
        target = teams.named(session, kit.unescape(argument)) if argument else None
    responses.open_view(client, body, _join_form(db, target, me))
    ack()


def join_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Join* beside a team."""
    with db.read() as session:
        target = teams.get(session, responses.row(body))
    responses.open_view(client, body, _join_form(db, target, me))
    ack()


def _join_form(db: Database, target: Team | None, me: str) -> View:
    """A seat that they can't take, or can't leave, is refused before there is a form."""
    with db.read() as session:
        seat = seats.since(session, me)
    if target is not None:
        seats.seat_for(target, me)
    if seat is not None:
        seats.require_free_to_move(seat)
    return seat_views.join_form(seat, target, cadence.local_date(clock.now(), "UTC"))


def joined(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted the form that takes a seat."""
    team_id = seat_views.read_join(body["view"])
    now = clock.now()
    with db.begin() as session:
        seated = moves.join(session, team_id, person_id=me, now=now)
        leavers.moved(session, seated, words=leaver_views.WORDS, now=now)
        team = teams.get(session, team_id)
    ack(response_action="update", view=seat_views.joined_view(team))


def leave(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to leave their team."""
    with db.read() as session:
        team = teams.mine(session, me)
        seats.require_free_to_leave(team, me)
    responses.open_view(client, body, seat_views.leave_form(team))
    ack()


def left(ack: Ack, db: Database, me: str) -> None:
    """Somebody confirmed that they leave."""
    now = clock.now()
    with db.begin() as session:
        seated = moves.leave(session, person_id=me, now=now)
        leavers.moved(session, seated, words=leaver_views.WORDS, now=now)
    ack(response_action="clear")


def hand_over(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wants somebody else to lead."""
    with db.read() as session:
        team = teams.mine(session, me)
        seats.require_handover(team, me)
    responses.open_view(client, body, seat_views.hand_over_form(team, me))
    ack()


def handed_over(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead chose the next one."""
    heir = seat_views.read_heir(body["view"])
    now = clock.now()
    with db.begin() as session:
        team = moves.hand_over(
            session,
            keys.number(body["view"]["private_metadata"]),
            to=heir,
            by=me,
            say=seat_views.handed_over_message,
            now=now,
        )
    ack(**responses.back_to(client, body, _window(db, team, me)))


def take_lead(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody of a team whose lead is gone pressed *I'll lead*, in its channel or in its window."""
    now, team_id = clock.now(), responses.row(body)
    with db.begin() as session:
        team = moves.hand_over(session, team_id, to=me, by=me, say=seat_views.handed_over_message, now=now)
    if body.get("view"):
        responses.replace_view(client, body, _window(db, team, me))
    ack()


def search(ack: Ack, payload: Body, db: Database) -> None:
    """Somebody types a team's name."""
    with db.read() as session:
        found = teams.search(session, payload.get("value", ""))
    ack(options=seat_views.choices(found))


def search_zone(ack: Ack, payload: Body) -> None:
    """Somebody types a city."""
    ack(options=company_views.place_choices(places.search(payload.get("value", ""))))


FEATURE = Feature(
    verbs={
        SMALL_TEAM: {
            "": show,
            "show": show,
            "list": list_all,
            "create": create,
            "join": join,
            "leave": leave,
            "edit": edit,
            "lead": hand_over,
        }
    },
    actions={
        team_views.SHOW: show_pressed,
        team_views.LIST: turn_page,
        founding_views.CREATE: create,
        founding_views.EDIT: edit,
        seat_views.JOIN: join_pressed,
        seat_views.LEAVE: leave,
        seat_views.HAND_OVER: hand_over,
        seat_views.TAKE_LEAD: take_lead,
    },
    views={
        founding_views.CREATE: created,
        founding_views.EDIT: edited,
        seat_views.JOIN: joined,
        seat_views.LEAVE: left,
        seat_views.HAND_OVER: handed_over,
    },
    options={seat_views.SEARCH: search, company_views.SEARCH_ZONE: search_zone},
    entries=[
        Entry(SMALL_TEAM, ["", "show"], "My team", show, Part.TEAMS, frozenset({Who.MEMBER})),
        Entry(SMALL_TEAM, ["list"], "All teams", list_all, Part.TEAMS),
        Entry(SMALL_TEAM, ["join"], "Join a team", join, Part.TEAMS, frozenset({Who.OUTSIDER}), often=True),
        Entry(SMALL_TEAM, ["create"], "Create a team", create, Part.TEAMS, frozenset({Who.OUTSIDER}), often=True),
        Entry(
            SMALL_TEAM,
            ["join"],
            "Move to another team",
            join,
            Part.TEAMS,
            frozenset({Who.MEMBER, Who.NOT_LEAD}),
            setting=True,
        ),
        Entry(
            SMALL_TEAM,
            ["leave"],
            "Leave the team",
            leave,
            Part.TEAMS,
            frozenset({Who.MEMBER, Who.NOT_LEAD}),
            setting=True,
        ),
        Entry(SMALL_TEAM, ["edit"], "Edit the team", edit, Part.TEAMS, frozenset({Who.LEAD}), setting=True),
        Entry(SMALL_TEAM, ["lead"], "Hand over the lead", hand_over, Part.TEAMS, frozenset({Who.LEAD}), setting=True),
    ],
)
