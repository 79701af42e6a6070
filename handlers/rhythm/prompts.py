"""What people answer with one click in their DM: same again, off, and the marks. The message says at once what was answered."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar.cadence import PromptKind
from bot.domain.company import people
from bot.domain.home import home
from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.domain.planning import items, plans
from bot.domain.retros import retros
from bot.domain.rhythm import prompts
from bot.domain.sprints import sprints
from bot.platform import clock
from bot.platform.database import Database
from bot.views.home import home as home_views
from bot.views.planning import items as item_views
from bot.views.planning import plans as plan_views
from bot.views.rhythm import prompts as prompt_views
from bot.views.sprints import sprints as sprint_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def again(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Same again*: everything unfinished is taken along."""
    team_id, starts_on = sprint_views.read_sprint(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        result = plans.same_again(session, team_id, starts_on, person_id=me, now=now)
        sprint = result.sprint
        if result.late:
            message = plan_views.late_message(result, people.known(session, me).name)
            posts.reply(session, f"late:{sprint.id}:{me}", sprints.card(session, sprint), message, now=now)
        shown = prompts.planned(session, sprint.id, me, now=now, but_ts=responses.pressed_ts(body))
        at_home = home.for_person(session, me, now=now) if responses.is_home(body) else None
    if at_home is not None:
        client.views_publish(user_id=me, view=home_views.tab(at_home))
    else:
        _show(body, prompt_views.planning(shown), db, sprint.id, me)
    ack()


def off(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *I'm off*: nobody waits for their plan."""
    team_id, starts_on = sprint_views.read_sprint(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        sprint = plans.be_off(session, team_id, starts_on, person_id=me, now=now)
        shown = prompts.planned(session, sprint.id, me, now=now, but_ts=responses.pressed_ts(body))
    _show(body, prompt_views.planning(shown), db, sprint.id, me)
    ack()


def mark(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed one of the four marks under an item."""
    item_id, chosen = item_views.read_pressed_mark(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        sprint = items.mark(session, item_id, chosen, by=me, now=now)
        prompts.marked(session, sprint.id, me, now=now, but_ts=responses.pressed_ts(body))
        kind = prompts.kind_of(session, me, responses.pressed_ts(body))
        read = prompts.marking if kind is PromptKind.MIDWAY else prompts.ending
        shown = read(session, sprint.id, me, now=now, due_at=now)
    draw = prompt_views.midway if kind is PromptKind.MIDWAY else prompt_views.marks
    _show(body, draw(shown), db, sprint.id, me)
    ack()


def nothing(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Nothing to add*, or *That is all* below their notes for the retro."""
    sprint_id, now = responses.row(body), clock.now()
    with db.begin() as session:
        retros.nothing_to_add(session, sprint_id, by=me, now=now, but_ts=responses.pressed_ts(body))
        shown = prompts.ending(session, sprint_id, me, now=now, due_at=now)
    _show(body, prompt_views.marks(shown), db, sprint_id, me)
    ack()


def _show(body: Body, message: Message, db: Database, sprint_id: int, me: str) -> None:
    """At once in the message that was pressed; where that fails, as soon as the outbox gets it through."""
    if not responses.replace_message(body, message):
        with db.begin() as session:
            prompts.redraw_mine(session, sprint_id, me, now=clock.now())


FEATURE = Feature(
    actions={prompt_views.AGAIN: again, prompt_views.OFF: off, prompt_views.MARK: mark, prompt_views.NOTHING: nothing}
)
