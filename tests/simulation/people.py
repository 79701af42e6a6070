"""What people do: press anything that they see, fill any form, say anything, twice, late, or not at all.

They know nothing of Prickle. What they can press is what stands on the screen, and what they type is words with a mark in
them, by which every word is found again wherever it turns up.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from handlers import FEATURES, routing
from handlers.commands import COMMANDS
from sandbox.people.person import Person
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.shapes import Request
from sandbox.world.state import elements_of, is_many, key_of
from sandbox.world.values import Json
from tests.simulation.company import Company
from tests.simulation.founding import ADMIN

CURIOUS = 0.35  # of the acts begin with what nobody did so far
ASKED = 5  # people, until one is found whom the way leads on
TRIES = 3  # of a form that is refused
RECENT = 12  # messages of a conversation that somebody looks at
FIELDS_FILLED = 0.6  # of those that may stay empty
SENTENCES = ("Ship the new timeline", "Too many meetings", "Could AI sort our tickets?", "We talk to customers first")
DAYS = ("Friday", "tomorrow", "in two weeks", "today")
EMOJI = ("retro", "hedgehog", "white_check_mark", "eyes", "+1")
DISPATCHED = ("static_select", "radio_buttons", "checkboxes", "overflow", "users_select", "datepicker")
VERBS = [(command.name, verb) for command in COMMANDS for each in FEATURES for verb in each.verbs.get(command.name, ())]
SECRET_FORMS = ("feedback_give", "feedback_answer", "feedback_edit")
MARK = re.compile(r"w\d{4}x")
ACTIONS = sorted({action for each in FEATURES for action in each.actions})
ACTIONS_SET = frozenset(ACTIONS)
LIKED = len(ACTIONS) // 5
SHORTCUTS = [shortcut for each in FEATURES for shortcut in each.shortcuts]


class People:
    """Everybody of one company, one act at a time."""

    def __init__(self, company: Company) -> None:
        self._company, self._dice = company, company.dice
        self._numbers = itertools.count(1)
        self._liked = set(self._dice.sample(ACTIONS, LIKED))  # what this company presses more often than others do
        self._typed: dict[str, str] = {}
        self._filled = FIELDS_FILLED
        self._option = ""  # what somebody looks for in a menu
        self._refused: Mapping[str, str] = {}  # what was said of the fields of the form that somebody sent last

    def act(self) -> None:
        """Somebody does something."""
        if self._dice.random() < CURIOUS:
            self._goes_for_what_is_rare()
            return
        person = self._dice.choice(self._everybody())
        kinds: Sequence[tuple[float, Callable[[Person], None]]] = (
            (4, self._presses_in_a_message),
            (3, self._answers_the_newest_message),
            (4, self._types_a_command),
            (4, self._looks_at_home),
            (2, self._says_something),
            (1, self._reacts),
            (1, self._uses_a_menu),
            (1, self._edits_or_deletes),
            (1.5, self._does_it_again),
        )
        act = self._dice.choices([each for _, each in kinds], [weight for weight, _ in kinds])[0]
        if person.view is not None:
            act = self._works_in_the_window
        self._try(person, act)
        self._goes_on(person)

    def goes_for(self, wish: str) -> None:
        """Somebody goes this way and fills in what opens. Where it does not lead them on, somebody else tries."""
        role, _, way = wish.rpartition(": ")
        way, _, self._option = way.partition("=")
        first, *onwards = way.split(" > ")
        people = [each for each in self._everybody() if not role or each.name == ADMIN]
        self._dice.shuffle(people)
        for person in people[:ASKED]:
            if self._begins(person, first):
                arrived = [self._goes_through(person, verb) for verb in onwards].count(False) == 0
                is_refused = "That did not work" in str(person.view)
                if self._fills_in(person) and arrived and not is_refused:
                    return

    def _begins(self, person: Person, first: str) -> bool:
        if first.startswith("/"):
            self._try(person, lambda each: self._types(each, *first.partition(" ")[::2], words=""))
            return True
        seen = [spot for who, *spot in self._spots(lambda verb: verb == first) if who.id == person.id]
        if seen:
            spot = self._dice.choice(seen)
            self._try(person, lambda each: self._press(each, *spot))
        return bool(seen)

    def _fills_in(self, person: Person) -> bool:
        """They fill in the form that is open, at last with no more in it than has to be. Returns whether it was taken."""
        self._refused = {}
        for attempt in range(TRIES):
            if (view := person.view) is not None and view.get("submit"):
                self._filled = FIELDS_FILLED / (1 + 9 * attempt)
                self._try(person, lambda each: self._sends(each, each.view or {}))
        self._filled, self._option = FIELDS_FILLED, ""
        is_taken, self._refused = not self._refused, {}
        if person.view is not None:
            person.close_all()
        return is_taken

    def _goes_through(self, person: Person, verb: str) -> bool:
        """They press this verb in the window that is open. Returns whether it is there."""
        view = person.view or {}
        spots = [
            (block, e) for block in view.get("blocks", []) for e in _pressable(block) if _verb(e["action_id"]) == verb
        ]
        if not spots:
            return False
        block, element = self._dice.choice(spots)
        self._try(person, lambda each: self._presses_in_the_window(each, view, block, element))
        return True

    def _goes_for_what_is_rare(self) -> None:
        """Of all that anybody can press in a message, somebody presses what was pressed least so far."""
        seen = self._spots(lambda _: True)
        if seen:
            verb = self._rarest(sorted({_verb(spot[3]["action_id"]) for spot in seen}))
            person, *spot = self._dice.choice([each for each in seen if _verb(each[3]["action_id"]) == verb])
            self._try(person, lambda each: self._press(each, *spot))
            self._goes_on(person)

    def _spots(self, is_wanted: Callable[[str], bool]) -> list[tuple[Person, Json, Json, Json]]:
        return [
            (person, message, block, element)
            for person in self._everybody()
            if person.view is None
            for message in self._messages(person)
            for block in message.get("blocks", [])
            for element in _pressable(block)
            if is_wanted(_verb(element["action_id"]))
        ]

    def _rarest(self, verbs: Sequence[str]) -> str:
        """One of them; what was pressed already, rather another time."""
        weights = [1 / (1 + 4 * self._company.met[f"press {verb}"]) for verb in verbs]
        return self._dice.choices(verbs, weights)[0]

    def _goes_on(self, person: Person) -> None:
        while person.view is not None and self._dice.random() < 0.75:
            self._try(person, self._works_in_the_window)

    def _everybody(self) -> list[Person]:
        users = self._company.slack.store.users.values()
        return [
            self._company.slack.person(user.id)
            for user in users
            if not (user.is_bot or user.deleted or user.name == "slackbot")
        ]

    def _try(self, person: Person, act: Callable[[Person], None]) -> None:
        with suppress(SandboxError, AppFailed):  # Slack's own client would not let them
            act(person)
        if person.trouble:
            self._note(person, f"sees that {person.trouble}")

    def _note(self, person: Person, what: str) -> None:
        self._company.note(f"{person.name} {what}")

    # --- messages -----------------------------------------------------------------------------------------------

    def _messages(self, person: Person) -> list[Json]:
        """What stands in the conversations of somebody, the last few of each, and of their threads."""
        store = self._company.slack.store
        found = []
        for channel in store.channels_of(person.id):
            found += list(channel.messages.values())[-RECENT:]
        return [each for each in [*found, *store.ephemerals.get(person.id, [])] if each.get("subtype") != "tombstone"]

    def _presses_in_a_message(self, person: Person) -> None:
        spots = [(m, b, e) for m in self._messages(person) for b in m.get("blocks", []) for e in _pressable(b)]
        if spots:
            self._press(person, *self._any_verb(spots))

    def _answers_the_newest_message(self, person: Person) -> None:
        dms = [each for each in person.dms if any(True for block in each.get("blocks", []) for _ in _pressable(block))]
        if dms:
            message = dms[-1]
            spots = [(message, block, element) for block in message["blocks"] for element in _pressable(block)]
            self._press(person, *self._any_verb(spots))

    def _any_verb(self, spots: Sequence[tuple[Json, Json, Json]]) -> tuple[Json, Json, Json]:
        """One of them, each verb as likely as the others however often it stands there."""
        verbs = sorted({_verb(element["action_id"]) for _, _, element in spots})
        liked = [each for each in verbs if each in self._liked]
        verb = self._rarest(liked if liked and self._dice.random() < 0.3 else verbs)
        return self._dice.choice([each for each in spots if _verb(each[2]["action_id"]) == verb])

    def _press(self, person: Person, message: Json, block: Json, element: Json) -> None:
        picked = self._pick(person, element)
        self._company.met[f"press {_verb(element['action_id'])}"] += 1
        self._note(person, f"presses {element['action_id']} {picked or ''} in {str(message.get('text'))[:40]!r}")
        person.click(
            element["action_id"], element.get("value"), message=message, block_id=block["block_id"], select=picked
        )

    # --- windows ------------------------------------------------------------------------------------------------

    def _works_in_the_window(self, person: Person) -> None:
        view = person.view or {}
        pressable = [(block, element) for block in view["blocks"] for element in _pressable(block)]
        roll = self._dice.random()
        if view.get("submit") and roll < 0.5:
            self._sends(person, view)
        elif pressable and roll < 0.85:
            self._presses_in_the_window(person, *self._any_verb([(view, *each) for each in pressable]))
        else:
            self._note(person, f"closes {_title(view)}")
            if self._dice.random() < 0.5:
                person.close_view()
            else:
                person.close_all()

    def _presses_in_the_window(self, person: Person, view: Json, block: Json, element: Json) -> None:
        picked = self._pick(person, element)
        self._company.met[f"press {_verb(element['action_id'])}"] += 1
        self._note(person, f"presses {element['action_id']} {picked or ''} in the window {_title(view)}")
        person.click(element["action_id"], element.get("value"), select=picked, block_id=block["block_id"])

    def _sends(self, person: Person, view: Json) -> None:
        self._typed = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                self._fills(person, block)
        top = person.view
        if top is None or top["id"] != view["id"]:
            return
        self._note(person, f"sends {_title(view)} {view['callback_id']} {json.dumps(self._typed)[:120]}")
        form = view["callback_id"]
        if form in SECRET_FORMS:
            self._company.secrets |= dict.fromkeys(MARK.findall(" ".join(self._typed.values())), person.id)
        self._refused = errors = person.submit()
        refused = errors or "That did not work" in str(person.view)
        if person.trouble is None and not refused:
            self._company.look_for(form, self._typed, str(person.views))
            self._company.met[f"form {form} taken"] += 1
        elif errors:
            self._note(person, f"reads {str(errors)[:160]}")

    def _fills(self, person: Person, block: Json) -> None:
        element = block["element"]
        required = not block.get("optional")
        if block["block_id"] not in self._refused:
            if not required and self._dice.random() > self._filled:
                return
            if required and _is_filled(element) and self._dice.random() < 0.6:
                return
        picked = self._pick(person, element, block)
        if picked is None:
            return
        try:
            person.fill(**{block["block_id"]: picked})
        except (SandboxError, ValueError):
            return
        if block.get("dispatch_action"):
            self._company.met[f"press {_verb(element['action_id'])}"] += 1
        if isinstance(picked, str) and element["type"] == "plain_text_input":
            self._typed[block["block_id"]] = picked

    def words(self) -> str:
        """A sentence with a mark that no other sentence has."""
        return f"{self._dice.choice(SENTENCES)} w{next(self._numbers):04}x"

    def _pick(self, person: Person, element: Json, block: Json | None = None) -> Any:
        """Something that this element takes."""
        kind, dice, slack = element["type"], self._dice, self._company.slack
        today = self._company.moment.date()
        if kind == "plain_text_input":
            label = json.dumps((block or {}).get("label", "")).casefold()
            if any(word in label for word in ("until", "when", "from", "days off")) and dice.random() < 0.7:
                return dice.choice(DAYS)
            if "link" in label:
                return f"https://example.com/{self.words().split()[-1]}"
            lines = [self.words() for _ in range(dice.choice((1, 1, 1, 2)) if element.get("multiline") else 1)]
            return "\n".join(lines)
        if kind in ("button", "icon_button"):
            return None
        options = list(element.get("options", []))
        options += [each for group in element.get("option_groups", []) for each in group["options"]]
        if kind.endswith("external_select"):
            offered = person.suggest(element["action_id"], dice.choice(("", "a", "e", "team")))
            chosen = dice.choice(offered) if offered else None
            return [chosen] if chosen and is_many(kind) else chosen
        if kind in ("static_select", "radio_buttons", "overflow"):
            wanted = [each for each in options if self._option and self._option in each["value"]]
            return dice.choice(wanted or options)["value"] if options else None
        if kind in ("checkboxes", "multi_static_select"):
            most = element.get("max_selected_items", len(options))
            fewest = 0 if (block or {}).get("optional") else 1
            return [each["value"] for each in dice.sample(options, min(dice.randint(fewest, len(options)), most))]
        if kind.endswith("users_select"):
            people = [
                user.id
                for user in self._company.slack.store.users.values()
                if not (user.is_bot or user.name == "slackbot")
            ]
            most = element.get("max_selected_items", 3)
            return dice.sample(people, min(dice.randrange(1, 4), most)) if is_many(kind) else dice.choice(people)
        if kind.endswith(("channels_select", "conversations_select")):
            channels = [each.id for each in slack.store.channels.values() if not (each.is_im or each.is_private)]
            return [dice.choice(channels)] if is_many(kind) else dice.choice(channels)
        if kind == "datepicker":
            return (today + timedelta(days=dice.randrange(-2, 25))).isoformat()
        if kind == "timepicker":
            return f"{dice.randrange(24):02}:{dice.choice((0, 15, 30)):02}"
        if kind == "number_input":
            low, high = int(element.get("min_value", 0)), int(element.get("max_value", 9))
            return str(dice.randint(low, high))
        return None

    # --- everything else ----------------------------------------------------------------------------------------

    def _types_a_command(self, person: Person) -> None:
        self._types(person, *self._dice.choice(VERBS))

    def _types(self, person: Person, name: str, verb: str, words: str | None = None) -> None:
        channels = [each for each in self._company.slack.store.channels_of(person.id) if not each.is_im]
        place = self._dice.choice(channels).id if channels and self._dice.random() < 0.7 else None
        name_of_one = f"@{self._dice.choice(self._everybody()).name}"
        said = self._dice.choice(("", "", "", "amber", "until friday", name_of_one)) if words is None else words
        line = " ".join(filter(None, (name, verb, said)))
        self._company.met[f"type {name} {verb}".strip()] += 1
        self._note(person, f"types {line}")
        person.command(line, channel=place)

    def _looks_at_home(self, person: Person) -> None:
        person.open_home()
        self._company.later.work()
        home = person.home
        spots = [(home, block, element) for block in (home or {}).get("blocks", []) for element in _pressable(block)]
        if home is not None and spots:
            _, block, element = self._any_verb([(home, b, e) for _, b, e in spots])
            picked = self._pick(person, element)
            self._company.met[f"press {_verb(element['action_id'])}"] += 1
            self._note(person, f"presses {element['action_id']} {picked or ''} on Home")
            person.click(
                element["action_id"], element.get("value"), home=True, block_id=block["block_id"], select=picked
            )

    def _says_something(self, person: Person) -> None:
        channels = [each for each in self._company.slack.store.channels_of(person.id) if not each.is_archived]
        asks = [each for each in channels if each.name == "ask-ai"]
        if not channels:
            return
        channel = asks[0] if asks and self._dice.random() < 0.6 else self._dice.choice(channels)
        threads = [ts for ts in channel.top if self._dice.random() < 0.5]
        thread = self._dice.choice(threads) if threads and self._dice.random() < 0.5 else None
        words = self.words()
        self._note(person, f"says {words!r} in {channel.name or 'a DM'}{' in a thread' if thread else ''}")
        person.say(words, channel=channel.id, thread_ts=thread)

    def _reacts(self, person: Person) -> None:
        seen = self._messages(person)
        if seen:
            message, emoji = self._dice.choice(seen), self._dice.choice(EMOJI)
            self._note(person, f"reacts :{emoji}: to {str(message.get('text'))[:40]!r}")
            person.react(emoji, message)

    def _uses_a_menu(self, person: Person) -> None:
        shortcut = self._dice.choice(SHORTCUTS)
        seen = self._messages(person)
        message = self._dice.choice(seen) if shortcut.kind == "message" and seen else None
        self._note(person, f"uses the menu {shortcut.callback_id}")
        person.shortcut(shortcut.callback_id, message)

    def _edits_or_deletes(self, person: Person) -> None:
        mine = [each for each in self._messages(person) if each.get("user") == person.id]
        if not mine:
            return
        message = self._dice.choice(mine)
        if self._dice.random() < 0.5:
            self._note(person, "edits a message")
            person.edit(message, self.words())
        else:
            self._note(person, "deletes a message")
            person.delete(message)

    def _does_it_again(self, person: Person) -> None:
        """Slack delivers something a second time, or somebody's old window or button still gets through."""
        theirs = [each for each in self._company.requests if each.kind != "events_api"][-60:]
        events = [each for each in self._company.requests if each.kind == "events_api"][-20:]
        if not theirs:
            return
        forms = [each for each in theirs if '"view_submission"' in each.payload]
        roll = self._dice.random()
        some = events if events and roll < 0.3 else forms if forms and roll < 0.7 else theirs
        again: Request = self._dice.choice(some)
        self._note(person, f"(or Slack) sends again what was sent before: {_name(again)}")
        self._company.slack.app.deliver(Request(again.kind, again.payload, again.retry + 1, "http_timeout"))


def _pressable(block: Json) -> Iterator[Json]:
    for element in elements_of(block):
        is_input = block["type"] == "input"
        if "action_id" in element and not element.get("url") and not is_input:
            kind = element["type"]
            if kind in ("button", "icon_button", *DISPATCHED) or key_of(kind) is not None:
                yield element


def _verb(action_id: str) -> str:
    return routing.verb_of(action_id, ACTIONS_SET) or action_id


def _title(view: Json) -> str:
    return repr(view["title"]["text"])


def _is_filled(element: Json) -> bool:
    return any(key.startswith("initial_") for key in element)


def _name(request: Request) -> str:
    body = json.loads(request.payload)
    action = (body.get("actions") or [{}])[0].get("action_id", "")
    view = (body.get("view") or {}).get("callback_id", "")
    event = (body.get("event") or {}).get("type", "")
    return " ".join(filter(None, (request.kind, body.get("command"), body.get("text"), action, view, event)))[:80]
