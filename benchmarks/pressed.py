"""What is pressed in the benchmark, and how each answer is known to be the right one."""

import copy
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from benchmarks import companies
from bot.platform.database import Database
from bot.views.planning import plans as plan_views
from models.outbox import Submission
from models.sprints import Item
from sandbox.app import payloads
from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.shapes import Request, Response
from sandbox.world.store import User, View
from sandbox.world.values import Json

AN_ITEM = companies.TITLE.format(companies.ITEMS - 1)
FIRST, LAST, WRITTEN = "the first button", "the last button", "my plan, sent"
RECEIPT = "high priority item"
LISTED = 10  # teams on a page


@dataclass
class Ready:
    """Somebody in front of Slack, perhaps with a form that is filled in, and what they wrote into it."""

    user: User
    form: Json | None = None
    written: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Press:
    """Something that people press. It `opens` a window and does nothing else, or it `writes`; some show a list of teams."""

    name: str
    request: Callable[[Workspace, Ready], Request]
    what_is_wrong: Callable[[Workspace, Ready, Response], str | None]
    ready: Callable[[Workspace, int], Ready]
    opens: bool = True
    in_a_row: int = 2  # of each person, while all of them press
    writes: bool = False
    is_list: bool = False


# --- pressing ---------------------------------------------------------------------------------------------------


def somebody(slack: Workspace, number: int) -> Ready:
    """Somebody who has nothing open."""
    return Ready(slack.user(f"person{number:02}"))


def with_a_form(slack: Workspace, number: int) -> Ready:
    """Somebody who has opened the form "my plan"."""
    ready = somebody(slack, number)
    answer = slack.app.deliver(command("/sprint", "plan")(slack, ready))
    view = _top(slack, ready.user)
    if view is None or view.payload["callback_id"] != plan_views.MINE:
        raise RuntimeError(f"no form: {answer.status} {answer.body}")
    ready.form = payloads.submission(slack, ready.user, view)
    return ready


def command(name: str, text: str = "") -> Callable[[Workspace, Ready], Request]:
    """Somebody sends a command."""

    def press(slack: Workspace, ready: Ready) -> Request:
        with slack.lock:
            slack.store.stacks.pop(ready.user.id, None)
            payload = payloads.command(slack, ready.user, slack.channel("general"), name, text)
        return Request("slash_commands", json.dumps(payload))

    return press


def button(action_id: str) -> Callable[[Workspace, Ready], Request]:
    """Somebody presses a button on a card."""

    def press(slack: Workspace, ready: Ready) -> Request:
        with slack.lock:
            slack.store.stacks.pop(ready.user.id, None)
            channel = slack.channel("general")
            action = {"type": "button", "action_id": action_id, "block_id": "row", "value": "1"}
            message = {"ts": "1.1", "text": "A card", "type": "message"}
            payload = payloads.message_actions(slack, ready.user, channel, message, {}, action)
        return Request("interactive", json.dumps(payload))

    return press


def opens_home(slack: Workspace, ready: Ready) -> Request:
    """Somebody opens Home."""
    with slack.lock:
        slack.store.homes.pop(ready.user.id, None)
    event = {"type": "app_home_opened", "user": ready.user.id, "tab": "home", "event_ts": "1.1", "channel": "D1"}
    return Request(
        "events_api",
        json.dumps({"type": "event_callback", "team_id": slack.team_id, "event_id": uuid.uuid4().hex, "event": event}),
    )


def submits(_slack: Workspace, ready: Ready) -> Request:
    """Somebody sends the form, from a window of its own and with a line that nobody wrote before."""
    form = copy.deepcopy(ready.form or {})
    form["view"]["id"] = f"V{uuid.uuid4().hex[:10].upper()}"
    ready.written.append(f"Written {uuid.uuid4().hex}")
    for element in form["view"]["state"]["values"]["high"].values():
        lines = (element["value"] or "").splitlines()
        element["value"] = "\n".join([ready.written[-1], *(each for each in lines if not each.startswith("Written"))])
    return Request("interactive", json.dumps(form))


# --- what is right ----------------------------------------------------------------------------------------------


def _top(slack: Workspace, user: User) -> View | None:
    with slack.lock:
        return next(iter(modals.stack(slack, user.id)[::-1]), None) if slack.store.stacks.get(user.id) else None


def shows(callback_id: str, words: str, times: int = 1) -> Callable[[Workspace, Ready, Response], str | None]:
    """Whether a window of this kind stands in front of them, with these words in it so many times."""

    def look(slack: Workspace, ready: Ready, _answer: Response) -> str | None:
        view = _top(slack, ready.user)
        if view is None or view.payload["callback_id"] != callback_id:
            return f"not the window {callback_id}"
        found = json.dumps(view.payload["blocks"]).count(words)
        return None if found >= times else f"{words} stands there {found} times and not {times}"

    return look


def has_a_home(slack: Workspace, ready: Ready, _answer: Response) -> str | None:
    """Whether their Home was published, with their items."""
    with slack.lock:
        home = slack.store.views.get(slack.store.homes.get(ready.user.id, ""))
    return None if home is not None and AN_ITEM in json.dumps(home.payload["blocks"]) else "not their Home"


def is_taken(_slack: Workspace, _ready: Ready, answer: Response) -> str | None:
    """Whether the form's answer is its receipt."""
    found = answer.json() or {}
    if found.get("response_action") != "update":
        return "not taken"
    view = json.dumps(found["view"])
    # The bare app answers with a window that never changes.
    return None if RECEIPT in view or AN_ITEM in view else "not the receipt"


def require_written(database_url: str, sent: Sequence[Ready]) -> None:
    """Raise RuntimeError unless all of it was recorded, and each one's last line stands in their plan."""
    last = {each.user.id: each.written[-1] for each in sent}
    db = Database(database_url)
    with db.read() as session:
        rows = session.execute(select(Item.owner_id, Item.title).where(Item.title.in_(last.values())))
        stands = {owner: title for owner, title in rows}  # noqa: C416  (a dict of rows warns)
        recorded = session.scalar(select(func.count()).select_from(Submission)) or 0
    db.dispose()
    wanted = sum(len(each.written) for each in sent)
    if stands != last or recorded < wanted:
        raise RuntimeError(f"of {len(last)} plans {len(stands)} are there, and of {wanted} forms {recorded}")


def _list(name: str, text: str, shown: Callable[[Workspace, Ready, Response], str | None]) -> Press:
    """Somebody asks for a list that grows with the company."""
    return Press(f"{name} {text}", command(name, text), shown, somebody, is_list=True)


PRESSES = (
    Press("/sprint", command("/sprint"), shows("sprint", AN_ITEM), somebody),
    Press(FIRST, button("first_of_all"), shows("sprint", AN_ITEM), somebody),
    Press(LAST, button("last_of_all"), shows("sprint", AN_ITEM), somebody),
    _list("/small-team", "list", shows("teams", '"Show"', LISTED)),
    _list("/sprint", "company", shows("company_sprints", '"Show the plan"', LISTED)),
    Press("Home", opens_home, has_a_home, somebody, opens=False),
    Press(WRITTEN, submits, is_taken, with_a_form, opens=False, in_a_row=4, writes=True),
)
OPENING = frozenset(press.name for press in PRESSES if press.opens)
