"""Planning: the form "my plan", and the lead's form that makes the plan final."""

from datetime import date

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import company, people
from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.planning import comments, finalizing, overlaps, plans, readings, wrapping_up
from bot.domain.retros import actions, notes, typed
from bot.domain.rhythm import prompts, turns
from bot.domain.sprints import cards, sprints
from bot.domain.staffing import away_plans
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views import kit
from bot.views.planning import finalizing as finalizing_views
from bot.views.planning import items as item_views
from bot.views.planning import marks as mark_views
from bot.views.planning import plans as plan_views
from bot.views.planning import readings as reading_views
from bot.views.retros import notes as note_views
from bot.views.rhythm import prompts as prompt_views
from bot.views.sprints import cards as card_views
from bot.views.sprints import sprints as sprint_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SPRINT
from handlers.features import Entry, Feature, Shortcut
from handlers.responses import Body, View
from models.sprints import TITLE_LENGTH


def write(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wrote `/sprint plan`, or chose it from a menu."""
    with db.read() as session:
        team = teams.for_person(session, me)
        others = [] if team else teams.with_a_free_seat(session)
    view = _form(db, vault, team.id, None, me, on_screen=False) if team else team_views.no_team_view(others)
    responses.open_view(client, body, view)
    ack()


def write_pressed(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody pressed *Write my plan*."""
    team_id, starts_on = sprint_views.read_key(responses.value(body))
    form = _form(db, vault, team_id, starts_on, me, on_screen=responses.is_on_screen(body))
    responses.open_view(client, body, form)
    ack()


def _form(db: Database, vault: Vault, team_id: int, starts_on: date | None, me: str, *, on_screen: bool) -> View:
    now = clock.now()
    with db.read() as session:
        draft = wrapping_up.draft(session, team_id, starts_on, person_id=me, now=now)
        planned = draft.planning.sprint_id
        final = planned if draft.planning.late and draft.answered else None
        sprint = sprints.load(session, final) if final is not None else None
        known = planned is not None and not draft.answered
        beside = (
            prompts.beside(session, planned or 0, me, with_feedback=not vault.is_closed, now=now) if known else None
        )
    # A final plan that I am in already is changed with a reason, and in no other way.
    if sprint is not None:
        return item_views.change_form(sprint, me, on_screen=on_screen)
    return plan_views.form(draft, me, prompt_views.beside(beside) if beside else (), on_screen=on_screen)


def decide(ack: Ack, body: Body, client: WebClient) -> None:
    """Somebody chose how far an item is: one that won't be finished needs a reason, and what is unfinished carries over."""
    responses.replace_view(client, body, mark_views.with_fields(body["view"]))
    ack()


def sent(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted their plan."""
    plan = plan_views.read_form(body["view"])
    with db.read() as session:
        lists = readings.of(session, {"high": plan.high, "side": plan.side}, plan.left_out, plan.team_id, me)
    if shown := reading_views.unseen(body["view"], lists):
        ack(response_action="update", view=shown)
        return
    now = clock.now()
    with db.begin() as session:
        result = plans.send(session, plan, person_id=me, now=now)
        if result.away is not None:
            away_plans.go(session, me, result.away, now=now)
        prompts.answered(session, result.sprint, me, now=now)
        plans.tell(session, result, me, plan_views.added_message, now=now)
        last = prompts.may_finalize(session, result.sprint, me, now=now)
    read = note_views.how_it_was_read(body["view"], "said_")
    if last or not kit.is_seen_behind(body["view"]):
        ack(response_action="update", view=plan_views.sent_view(result.sprint, me, read, finalizes=last))
    elif read:
        ack(response_action="update", view=note_views.read_otherwise(read))
    else:
        ack(response_action="clear")


def finalize(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wrote `/sprint finalize`."""
    with db.read() as session:
        team_id = teams.mine(session, me).id
    responses.open_view(client, body, _finalize_form(db, team_id, None, me))
    ack()


def finalize_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Finalize*: the lead, or while the lead is away anybody in the team."""
    team_id, starts_on = sprint_views.read_key(responses.value(body))
    responses.open_view(client, body, _finalize_form(db, team_id, starts_on, me))
    ack()


def _finalize_form(db: Database, team_id: int, starts_on: date | None, me: str) -> View:
    now = clock.now()
    with db.read() as session:
        sprint = finalizing.draft(session, team_id, starts_on, by=me, now=now)
        to_answer, alike = comments.open_in(session, sprint.id), overlaps.for_sprint(session, sprint)
        retro = wrapping_up.to_look_back(session, sprint.team, sprint.starts_on)
        picked = actions.improvement(session, retro.id) if retro else None
        best = notes.suggested(retro) if retro and retro.revealed_at is not None else None
        hidden = sprint.asked_at is not None and sprint.gathered_at is None
        waiting = [person.name for person in sprints.waiting_for(sprint, now)] if sprint.finalized_at is None else []
        is_set_up = company.current(session).sprint_channel_id is not None
    improvement = picked.text if picked else kit.shorten(typed.as_action(best.text), TITLE_LENGTH) if best else ""
    return finalizing_views.finalize_form(
        sprint,
        now,
        to_answer,
        alike,
        retro=retro,
        improvement=improvement,
        waiting=waiting,
        hidden=hidden,
        is_set_up=is_set_up,
    )


def moved(ack: Ack, body: Body, client: WebClient) -> None:
    """The lead chose another place for an item."""
    pressed = str(body["actions"][0]["action_id"])
    responses.replace_view(client, body, finalizing_views.with_order(body["view"], pressed))
    ack()


def finalized(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The lead submitted the final plan."""
    final = finalizing_views.read_final(body["view"])
    now = clock.now()
    with db.begin() as session:
        sprint = turns.finalize(session, final, by=me, now=now)
        if sprint.revision > 1:
            message = card_views.finalized_again_message(sprint)
            posts.reply(
                session, f"final:{sprint.id}:{sprint.revision}", cards.current(session, sprint), message, now=now
            )
    ack(response_action="clear")


def reopen(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody chose *Reopen the plan*: who made it final, before anybody marked or changed something in it."""
    now = clock.now()
    with db.begin() as session:
        sprint = turns.reopen(session, responses.row(body), by=me, now=now)
        if sprint is not None:
            message = card_views.reopened_message(people.known(session, me).name)
            key = f"reopened:{sprint.id}:{now:%Y%m%d%H%M%S%f}"
            posts.reply(session, key, cards.current(session, sprint), message, now=now)
    ack()


FEATURE = Feature(
    verbs={SPRINT: {"plan": write, "finalize": finalize}},
    shortcuts=[
        Shortcut("plan_sprint", "Plan my sprint", "Write or edit your plan for the next sprint", write),
    ],
    actions={
        sprint_views.WRITE: write_pressed,
        sprint_views.FINALIZE: finalize_pressed,
        sprint_views.REOPEN: reopen,
        mark_views.MARK: decide,
        mark_views.OLD_FATE: decide,
        finalizing_views.PLACE: moved,
    },
    views={plan_views.MINE: sent, finalizing_views.FINAL: finalized},
    entries=[
        Entry(SPRINT, ["plan"], "Write my plan", write, Part.SPRINTS, frozenset({Who.MEMBER})),
        Entry(SPRINT, ["finalize"], "Finalize the plan", finalize, Part.SPRINTS, frozenset({Who.FINALIZES})),
    ],
)
