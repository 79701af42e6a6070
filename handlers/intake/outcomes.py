"""What the asker says of a request that is done."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.intake import outcomes, requests
from bot.domain.intake.outcomes import Verdict
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import outcomes as outcome_views
from bot.views.kit import keys
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def helped(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The asker pressed whether it helped."""
    verdict = keys.word(Verdict, _pressed(body, outcome_views.HELPED))
    now = clock.now()
    with db.begin() as session:
        request = outcomes.say_helped(session, responses.row(body), verdict, by=me, now=now)
        if verdict is not Verdict.YES:  # the card says that it helped, and no more is to be said
            message = outcome_views.helped_message(request, verdict)
            requests.say(session, request, f"helped:{request.id}:{request.done_at or now}", message, now=now)
    ack()


def differently(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The asker pressed *What should we do differently?*."""
    with db.read() as session:
        request, outcome = outcomes.mine(session, responses.row(body), by=me)
    responses.open_view(client, body, outcome_views.differently_form(request, outcome))
    ack()


def said_differently(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The asker submitted their line."""
    request_id, words = outcome_views.read_differently(body["view"])
    with db.begin() as session:
        outcomes.say_differently(session, request_id, words, by=me, now=clock.now())
    ack(response_action="clear")


def in_use(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The asker pressed whether it is in use."""
    is_in_use = _pressed(body, outcome_views.IN_USE) == "yes"
    with db.begin() as session:
        outcomes.say_in_use(session, responses.row(body), is_in_use, by=me, now=clock.now())
    ack()


def _pressed(body: Body, action_id: str) -> str:
    return str(body["actions"][0]["action_id"]).removeprefix(f"{action_id}_")


FEATURE = Feature(
    actions={
        outcome_views.HELPED: helped,
        outcome_views.DIFFERENTLY: differently,
        outcome_views.IN_USE: in_use,
    },
    views={outcome_views.DIFFERENTLY: said_differently},
)
