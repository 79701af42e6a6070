"""Feedback on a plan: anybody gives it, and its owner answers."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.planning import comments
from bot.domain.sprints import sprints
from bot.platform import clock
from bot.platform.database import Database
from bot.views.planning import comments as comment_views
from bot.views.sprints import sprints as sprint_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body, View


def give(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Give feedback*, on a plan or on one of its items."""
    sprint_id, item_id = comment_views.read_about(responses.value(body))
    with db.read() as session:
        draft = comments.draft(session, sprint_id, item_id, by=me, now=clock.now())
    responses.open_view(client, body, comment_views.form(draft))
    ack()


def given(ack: Ack, view: View, db: Database, me: str) -> None:
    """Somebody submitted what they think."""
    said = comment_views.read_form(view)
    with db.begin() as session:
        comments.give(session, said, by=me, now=clock.now())
    ack(response_action="clear")


def changed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An owner pressed *Changed it*."""
    now = clock.now()
    with db.begin() as session:
        comment = comments.changed(session, responses.row(body), by=me, now=now)
        message = comment_views.answered_message(comment, comments.link(session, comment))
        comments.tell(session, comment, message, now=now)
    if not sprints.is_over(comment.sprint, now):
        responses.open_view(client, body, comment_views.changed_view(comment))
    ack()


def keep(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """An owner pressed *Keeping it, because…*."""
    with db.read() as session:
        comment = comments.to_keep(session, responses.row(body), by=me)
    responses.open_view(client, body, comment_views.keep_form(comment))
    ack()


def kept(ack: Ack, view: View, db: Database, me: str) -> None:
    """An owner said why the plan stays as it is."""
    comment_id, because = comment_views.read_kept(view)
    now = clock.now()
    with db.begin() as session:
        comment = comments.keep(session, comment_id, because, by=me, now=now)
        message = comment_views.answered_message(comment, comments.link(session, comment))
        comments.tell(session, comment, message, now=now)
    ack(response_action="clear")


FEATURE = Feature(
    actions={
        sprint_views.FEEDBACK: give,
        comment_views.CHANGED: changed,
        comment_views.KEEP: keep,
    },
    views={comment_views.FORM: given, comment_views.KEPT: kept},
)
