"""`/give-feedback`: telling somebody something, and what its receiver does with it."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.feedback import addressees, keeping, letters, revising, sealing
from bot.domain.home import home
from bot.domain.outbox import posts
from bot.domain.retros import boards
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views import kit
from bot.views.feedback import keeping as keeping_views
from bot.views.feedback import letters as feedback_views
from bot.views.feedback import revising as revising_views
from bot.views.feedback.letters import Draft
from bot.views.home import home as home_views
from handlers import responses
from handlers.commands import GIVE_FEEDBACK
from handlers.features import Entry, Feature, Shortcut
from handlers.responses import Body, View


def give(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wrote `/give-feedback`, perhaps with a name behind it."""
    sealing.require_on(vault)
    with db.read() as session:
        to = addressees.addressed(session, kit.unescape(body.get("text", "")).strip())
        # Whom the form would refuse is refused before anything is typed.
        person = addressees.receiver(session, to.person.id, giver_id=me) if to.person else None
    draft = Draft(person.id if person else None, to.words, to.unclear)
    responses.open_view(client, body, feedback_views.form(draft))
    ack()


def give_pressed(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody pressed *Give feedback*, perhaps beside a name, or chose it from a menu."""
    sealing.require_on(vault)
    named = responses.value(body) if body.get("actions") else None
    with db.read() as session:
        person = feedback_views.giveable(addressees.find_person(session, named), me)
    responses.open_view(client, body, feedback_views.form(Draft(person)))
    ack()


def give_on_message(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody chose *Give feedback on this* in a message's menu."""
    sealing.require_on(vault)
    message, channel_id = body["message"], body["channel"]["id"]
    ts, thread_ts = message["ts"], message.get("thread_ts")
    with db.read() as session:
        link = boards.permalink(session, channel_id, ts, thread_ts)
        author = feedback_views.giveable(addressees.find_person(session, message.get("user")), me)
    draft = Draft(author, about=f"{channel_id}:{ts}:{thread_ts or ''}", link=link)
    responses.open_view(client, body, feedback_views.form(draft))
    ack()


def given(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted feedback."""
    about = feedback_views.read_about(body["view"])
    with db.begin() as session:
        link = boards.permalink(session, *about) if about else None
        form = feedback_views.read_form(body["view"], me, link)
        new = letters.give(session, vault, form, now=clock.now())
    ack(response_action="update", view=feedback_views.given_view(new))


# --- the giver --------------------------------------------------------------------------------------------------


def edit(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants to change what they gave."""
    with db.read() as session:
        shown = revising.editable(session, vault, responses.row(body), by=me, now=clock.now())
    responses.open_view(client, body, revising_views.edit_form(shown))
    ack()


def edited(ack: Ack, body: Body, db: Database, vault: Vault, me: str) -> None:
    """Somebody submitted what they changed."""
    feedback_id, words = revising_views.read_edit(body["view"])
    with db.begin() as session:
        revising.edit(session, vault, feedback_id, words, by=me, now=clock.now())
    ack(response_action="clear")


# --- the receiver -----------------------------------------------------------------------------------------------


def thank(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """The receiver says thanks."""
    now = clock.now()
    with db.begin() as session:
        thanked = keeping.thank(session, responses.row(body), by=me, now=now)
        if not thanked.giver.is_gone:
            message = keeping_views.thanks_message(thanked)
            posts.write(session, f"feedback-thanks:{thanked.id}", thanked.giver_id, message, now=now)
    _show_again(body, client, db, vault, me)
    ack()


def chat(ack: Ack) -> None:
    """The receiver went to the conversation with the giver: the button is a link, and Slack tells of the press."""
    ack()


def keep(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """The receiver makes it an action of theirs."""
    with db.begin() as session:
        keeping.keep(session, responses.row(body), by=me, now=clock.now())
    _show_again(body, client, db, vault, me)
    ack()


def finish(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """The receiver did what they kept."""
    with db.begin() as session:
        keeping.finish(session, responses.row(body), by=me, now=clock.now())
        at_home = home.for_person(session, me, now=clock.now()) if responses.is_home(body) else None
    if at_home is not None:
        client.views_publish(user_id=me, view=home_views.tab(at_home))
    else:
        _show_again(body, client, db, vault, me)
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """The receiver wants to share it."""
    with db.read() as session:
        shown = keeping.shareable(session, vault, responses.row(body), by=me)
    responses.open_view(client, body, keeping_views.share_form(shown))
    ack()


def shared(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """The receiver confirmed that their team may read it."""
    with db.begin() as session:
        keeping.share(session, vault, keeping_views.read_share(body["view"]), by=me, now=clock.now())
    below = body["view"].get("previous_view_id")
    if below is None:
        ack(response_action="clear")
        return
    client.views_update(view_id=below, view=_mine(db, vault, me, 0))
    ack()


# --- what is mine -----------------------------------------------------------------------------------------------


def mine(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody wants to see what they were told, and what they told others."""
    responses.open_view(client, body, _mine(db, vault, me, 0))
    ack()


def turn_page(ack: Ack, body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """Somebody turned to older or newer feedback."""
    responses.replace_view(client, body, _mine(db, vault, me, feedback_views.read_page(responses.value(body))))
    ack()


def _mine(db: Database, vault: Vault, me: str, page: int) -> View:
    with db.read() as session:
        return feedback_views.mine_view(letters.mine(session, vault, me, page=page), clock.now())


def _show_again(body: Body, client: WebClient, db: Database, vault: Vault, me: str) -> None:
    """The window with what has changed. A message is drawn again by itself."""
    if (body.get("view") or {}).get("type") == "modal":
        page = feedback_views.read_shown_page(body["view"])
        responses.replace_view(client, body, _mine(db, vault, me, page))


FEATURE = Feature(
    verbs={GIVE_FEEDBACK: {"": give, "mine": mine}},
    shortcuts=[
        Shortcut(
            "feedback_new",
            "Give feedback",
            "Tell a colleague what you saw; Prickle shows it to nobody else",
            give_pressed,
        ),
        Shortcut(
            "feedback_on_message",
            "Give feedback on this",
            "Tell a colleague what you think of this message; Prickle shows it to nobody else",
            give_on_message,
            kind="message",
        ),
    ],
    actions={
        feedback_views.GIVE: give_pressed,
        feedback_views.EDIT: edit,
        feedback_views.THANK: thank,
        feedback_views.CHAT: chat,
        feedback_views.KEEP: keep,
        feedback_views.DONE: finish,
        feedback_views.MENU: choose,
        feedback_views.MINE: mine,
        feedback_views.PAGE: turn_page,
    },
    views={
        feedback_views.GIVE: given,
        feedback_views.EDIT: edited,
        keeping_views.SHARE: shared,
    },
    entries=[
        Entry(GIVE_FEEDBACK, [""], "Give feedback", give_pressed, Part.FEEDBACK, often=True),
        Entry(GIVE_FEEDBACK, ["mine"], "My feedback", mine, Part.FEEDBACK),
    ],
)
