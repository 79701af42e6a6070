"""What people answer with one tap in their DM: nothing new, away, and the marks. The message says at once what was answered."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.home import home
from bot.domain.outbox.posts import Message
from bot.domain.planning import items, plans
from bot.domain.retros import retros
from bot.domain.rhythm import prompts
from bot.domain.sprints import away_undos, beginnings, sprints
from bot.domain.staffing import aways
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.home import home as home_views
from bot.views.planning import items as item_views
from bot.views.planning import plans as plan_views
from bot.views.rhythm import prompts as prompt_views
from bot.views.sprints import sprints as sprint_views
from bot.views.staffing import aways as away_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def nothing_new(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody pressed *Nothing new*: the marks stand, and what is unfinished carries over."""
    team_id, starts_on = sprint_views.read_sprint(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        result = plans.nothing_new(session, team_id, starts_on, person_id=me, now=now)
        sprint = result.sprint
        plans.tell(session, result, me, plan_views.added_message, now=now)
        ts, feedback = responses.pressed_ts(body), not vault.is_closed
        shown = prompts.planned(session, sprint.id, me, now=now, but_ts=ts, with_feedback=feedback)
        at_home = home.for_person(session, me, now=now) if responses.is_home(body) else None
    if at_home is not None:
        client.views_publish(user_id=me, view=home_views.tab(at_home))
    else:
        _show(body, prompt_views.turn(shown), db, sprint.id, me)
    ack()


def away(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I'm away*: from today, and the coming sprint's last day is proposed."""
    team_id, starts_on = sprint_views.read_sprint(responses.value(body))
    with db.read() as session:
        sprint = sprints.find(session, teams.get(session, team_id), starts_on)
        draft = aways.draft(session, me, now=clock.now(), until=sprint.ends_on if sprint else None)
    responses.open_view(client, body, away_views.form(draft))
    ack()


def here(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody pressed *Undo*: they are not away after all, or the message says that it is too late for that."""
    sprint_id, now = responses.row(body), clock.now()
    with db.begin() as session:
        if away_undos.is_offered(session, me, now=now):
            aways.undo(session, me, now=now)
        ts, feedback = responses.pressed_ts(body), not vault.is_closed
        shown = prompts.planned(session, sprint_id, me, now=now, but_ts=ts, with_feedback=feedback)
    _show(body, prompt_views.turn(shown), db, sprint_id, me)
    ack()


def off(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *I'm off* in a message of an older version: they are away for that sprint."""
    team_id, starts_on = sprint_views.read_sprint(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        sprint = beginnings.at(session, teams.get(session, team_id), starts_on, now=now)
        teams.require_member(sprint.team, me, to="be off its sprint")
        aways.go(session, me, sprint.starts_on, sprint.ends_on, now=now)
        shown = prompts.planned(session, sprint.id, me, now=now, but_ts=responses.pressed_ts(body))
    _show(body, prompt_views.turn(shown), db, sprint.id, me)
    ack()


def mark(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody chose how far an item is."""
    item_id, chosen = item_views.read_pressed_mark(responses.value(body))
    now, ts = clock.now(), responses.pressed_ts(body)
    with db.begin() as session:
        sprint = items.mark(session, item_id, chosen, by=me, now=now)
        following = prompts.marked(session, sprint.id, me, now=now, but_ts=ts)
        kind = prompts.kind_of(session, me, ts)
        if following is not None and kind not in cadence.OLD_MARKS:
            feedback = not vault.is_closed
            asked = prompts.turn(session, following.id, me, now=now, due_at=now, kind=kind, with_feedback=feedback)
            message = prompt_views.turn(asked)
        else:
            message = prompt_views.old_marks(prompts.old_marks(session, sprint.id, me, now=now, due_at=now))
        about = following.id if following is not None else sprint.id
    _show(body, message, db, about, me)
    ack()


def nothing(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Nothing to add* in a message of an older version."""
    sprint_id, now = responses.row(body), clock.now()
    with db.begin() as session:
        retros.nothing_to_add(session, sprint_id, by=me, now=now, but_ts=responses.pressed_ts(body))
        shown = prompts.old_marks(session, sprint_id, me, now=now, due_at=now)
    _show(body, prompt_views.old_marks(shown), db, sprint_id, me)
    ack()


def _show(body: Body, message: Message, db: Database, sprint_id: int, me: str) -> None:
    """At once in the message that was pressed; where that fails, as soon as the outbox gets it through."""
    if not responses.replace_message(body, message):
        with db.begin() as session:
            prompts.redraw_mine(session, sprint_id, me, now=clock.now())


FEATURE = Feature(
    actions={
        prompt_views.AGAIN: nothing_new,
        prompt_views.AWAY: away,
        prompt_views.UNDO_AWAY: here,
        prompt_views.OFF: off,
        prompt_views.MARK: mark,
        prompt_views.NOTHING: nothing,
    }
)
