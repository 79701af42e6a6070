"""Notes: written with `/retro`, edited, agreed with and merged."""

from collections.abc import Callable, Mapping

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.retros import agreements, boards, merging, notes, retros
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views.kit import keys
from bot.views.retros import merging as merging_views
from bot.views.retros import notes as note_views
from bot.views.retros import retros as retro_views
from bot.views.sprints.sprints import read_sprint
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import RETRO
from handlers.features import Entry, Feature, Shortcut
from handlers.responses import Body, View
from models.retros import Retro


def add(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wrote `/retro`, or chose it from a menu."""
    now = clock.now()
    with db.read() as session:
        team = teams.for_person(session, me)
        others = [] if team else teams.with_a_free_seat(session)
        meant = retros.meant(session, team, now=now) if team else None
        retro = retros.load(session, meant.retro_id) if meant and meant.retro_id is not None else None
    view = note_views.form(meant, retro, me) if meant else team_views.no_team_view(others)
    responses.open_view(client, body, view)
    ack()


def add_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Write notes*, under a board or in their DM."""
    team_id, starts_on = read_sprint(responses.value(body))
    with db.read() as session:
        meant = retros.named(session, teams.get(session, team_id), starts_on)
        retro = retros.load(session, meant.retro_id) if meant.retro_id is not None else None
    teams.require_member(meant.team, me, to="write in its retro")
    responses.open_view(client, body, note_views.form(meant, retro, me))
    ack()


def written(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted notes."""
    form = note_views.read_form(body["view"])
    with db.begin() as session:
        retro = notes.add(session, form, by=me, now=clock.now())
    read = note_views.how_it_was_read(body["view"])
    ack(response_action="update", view=note_views.written_view(retro, me, read))


# --- one note ---------------------------------------------------------------------------------------------------


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose what to do with a note from its menu."""
    note_id, verb = note_views.read_menu(responses.value(body))
    now = clock.now()
    if verb in ("edit", "merge"):
        with db.read() as session:
            if verb == "edit":
                view = note_views.edit_form(notes.mine(session, note_id, by=me))
            else:
                view = merging_views.merge_form(*notes.shared(session, note_id, by=me, to="merge its notes"))
        responses.open_view(client, body, view)
        ack()
        return
    if verb == "discuss":
        with db.begin() as session:
            retro, note = notes.shared(session, note_id, by=me, to="discuss its notes there")
            board = posts.card_of(session, retros.CARD, retro.sprint_id)
            posts.reply(session, f"discuss:{note.id}", board, note_views.discussed_message(note), now=now)
            link = boards.link_to(session, board)
        responses.open_view(client, body, note_views.discussed_view(link))
        ack()
        return
    with db.begin() as session:
        retro = keys.one_of(_CHOICES, verb)(session, note_id, by=me, now=now)
    responses.replace_view(client, body, _window(body, db, retro.id, me))
    ack()


def me_too(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Me too*, or *Vote* on a board of an older version."""
    with db.begin() as session:
        notes.agree(session, responses.row(body), by=me, now=clock.now())
    ack()


def edited(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted other words for their note."""
    note_id, text, side = note_views.read_edit(body["view"])
    with db.begin() as session:
        retro = notes.edit(session, note_id, text, side, by=me, now=clock.now())
    view = _whole(db, retro.id, me) if retro.revealed_at else note_views.written_view(retro, me)
    ack(response_action="update", view=view)


def merged(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted which note says the same."""
    note_id, into_id = merging_views.read_merge(body["view"])
    with db.begin() as session:
        retro = merging.merge(session, note_id, into_id, by=me, now=clock.now())
    ack(response_action="update", view=_whole(db, retro.id, me))


_CHOICES: Mapping[str, Callable[..., Retro]] = {
    "agree": notes.agree,
    "split": merging.split,
    "delete": notes.remove,
    "keep": agreements.keep_note,
}


def _window(body: Body, db: Database, retro_id: int, me: str) -> View:
    """The same window with what has changed: the whole retro, the form with what was typed, or somebody's own notes."""
    if retro_views.read_retro(body["view"]) is not None:
        return _whole(db, retro_id, me)
    with db.read() as session:
        retro = retros.load(session, retro_id)
    return note_views.still_writing(body["view"], retro, me) or note_views.written_view(retro, me)


def _whole(db: Database, retro_id: int, me: str) -> View:
    with db.read() as session:
        return retro_views.whole_view(*boards.with_neighbours(session, retro_id, viewer=me, now=clock.now()), me)


FEATURE = Feature(
    verbs={RETRO: {"": add}},
    shortcuts=[
        Shortcut("retro_note", "Write a retro note", "Something went well, could be better, or puzzles you", add),
    ],
    actions={
        note_views.ADD: add,
        note_views.WRITE: add_pressed,
        note_views.MENU: choose,
        note_views.ME_TOO: me_too,
        note_views.VOTE: me_too,
    },
    views={
        note_views.WRITE: written,
        note_views.EDIT: edited,
        merging_views.MERGE: merged,
    },
    entries=[
        Entry(RETRO, [""], "Write a retro note", add, Part.RETROS, frozenset({Who.MEMBER}), often=True),
    ],
)
