"""What people's hands do: press something that stands on the screen, fill in a form, type words that are found again.

They know nothing of Prickle: every field is filled by reading the form.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.views.kit import OWN_VERB
from handlers import FEATURES, errors, routing
from sandbox.people.person import Person
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.state import elements_of, is_many, key_of
from sandbox.world.values import Json
from tests.simulation.company import Company

RECENT = 12  # messages of a conversation that somebody looks at
FIELDS_FILLED = 0.6  # of those that may stay empty
SENTENCES = ("Ship the new timeline", "Too many meetings", "Could AI sort our tickets?", "We talk to customers first")
DAYS = ("Friday", "tomorrow", "in two weeks", "today")
DISPATCHED = ("static_select", "radio_buttons", "checkboxes", "overflow", "users_select", "datepicker")
SECRET_FORMS = ("feedback_give", "feedback_answer", "feedback_edit")
MARK = re.compile(r"w\d{4}x")
ACTIONS = sorted({action for each in FEATURES for action in each.actions})
ACTIONS_SET = frozenset(ACTIONS)
LIKED = len(ACTIONS) // 5


class Hands:
    """Of everybody in one company."""

    def __init__(self, company: Company) -> None:
        self._company, self._dice = company, company.dice
        self._numbers = itertools.count(1)
        self._liked = set(self._dice.sample(ACTIONS, LIKED))  # what this company presses more often than others do
        self._typed: dict[str, str] = {}
        self._filled = FIELDS_FILLED
        self._option = ""  # what somebody looks for in a menu
        self._refused: Mapping[str, str] = {}  # what was said of the fields of the form that somebody sent last

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

    def _messages(self, person: Person) -> list[Json]:
        """What stands in the conversations of somebody, the last few of each, and of their threads."""
        store = self._company.slack.store
        found = []
        for channel in store.channels_of(person.id):
            found += list(channel.messages.values())[-RECENT:]
        return [each for each in [*found, *store.ephemerals.get(person.id, [])] if each.get("subtype") != "tombstone"]

    def _spots(self, is_wanted: Callable[[str], bool]) -> list[tuple[Person, Json, Json, Json]]:
        return [
            (person, message, block, element)
            for person in self._everybody()
            if person.view is None
            for message in self._messages(person)
            for block in message.get("blocks", [])
            for element in pressable(block)
            if is_wanted(verb_of(element["action_id"]))
        ]

    def _any_verb(self, spots: Sequence[tuple[Json, Json, Json]]) -> tuple[Json, Json, Json]:
        """One of them, each verb as likely as the others however often it stands there."""
        verbs = sorted({verb_of(element["action_id"]) for _, _, element in spots})
        liked = [each for each in verbs if each in self._liked]
        verb = self._rarest(liked if liked and self._dice.random() < 0.3 else verbs)
        return self._dice.choice([each for each in spots if verb_of(each[2]["action_id"]) == verb])

    def _rarest(self, verbs: Sequence[str]) -> str:
        """One of them; what was pressed already, rather another time."""
        weights = [1 / (1 + 4 * self._company.met[f"press {verb}"]) for verb in verbs]
        return self._dice.choices(verbs, weights)[0]

    def _press(self, person: Person, message: Json, block: Json, element: Json) -> None:
        picked = self._pick(person, element)
        self._met(element, picked)
        self._note(person, f"presses {element['action_id']} {picked or ''} in {str(message.get('text'))[:40]!r}")
        person.click(
            element["action_id"], element.get("value"), message=message, block_id=block["block_id"], select=picked
        )

    def _goes_through(self, person: Person, verb: str) -> bool:
        """They press this verb in the window that is open. Returns whether it is there."""
        view = person.view or {}
        spots = [
            (block, e) for block in view.get("blocks", []) for e in pressable(block) if verb_of(e["action_id"]) == verb
        ]
        if not spots:
            return False
        block, element = self._dice.choice(spots)
        self._try(person, lambda each: self._presses_in_the_window(each, view, block, element))
        return True

    def _presses_in_the_window(self, person: Person, view: Json, block: Json, element: Json) -> None:
        picked = self._pick(person, element)
        self._met(element, picked)
        self._note(person, f"presses {element['action_id']} {picked or ''} in the window {title_of(view)}")
        person.click(element["action_id"], element.get("value"), select=picked, block_id=block["block_id"])

    def _sends(self, person: Person, view: Json) -> None:
        self._typed = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                self._fills(person, block)
        top = person.view
        if top is None or top["id"] != view["id"]:
            return
        # Another choice in the form may have taken a field away, with what was typed in it.
        asked = {block.get("block_id") for block in top["blocks"]}
        self._typed = {block_id: words for block_id, words in self._typed.items() if block_id in asked}
        self._note(person, f"sends {title_of(view)} {view['callback_id']} {json.dumps(self._typed)[:120]}")
        form = view["callback_id"]
        if form in SECRET_FORMS:
            self._company.secrets |= dict.fromkeys(MARK.findall(" ".join(self._typed.values())), person.id)
        self._refused = wrong = person.submit()
        refused = wrong or is_told_no(person)
        if person.trouble is None and not refused:
            self._company.look_for(form, self._typed, str(person.views))
            self._company.met[f"form {form} taken"] += 1
        elif wrong:
            self._note(person, f"reads {str(wrong)[:160]}")

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
            self._company.met[f"press {verb_of(element['action_id'])}"] += 1
        if isinstance(picked, str) and element["type"] == "plain_text_input":
            self._typed[block["block_id"]] = picked

    def _met(self, element: Json, picked: Any) -> None:
        """Count it under what it sets off: a choice may have a verb of its own."""
        verb, has_its_own, _row = str(picked).partition(OWN_VERB)
        self._company.met[f"press {verb if has_its_own else verb_of(element['action_id'])}"] += 1

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


def pressable(block: Json) -> Iterator[Json]:
    for element in elements_of(block):
        is_input = block["type"] == "input"
        if "action_id" in element and not element.get("url") and not is_input:
            kind = element["type"]
            if kind in ("button", "icon_button", *DISPATCHED) or key_of(kind) is not None:
                yield element


def verb_of(action_id: str) -> str:
    return routing.verb_of(action_id, ACTIONS_SET) or action_id


def is_told_no(person: Person) -> bool:
    """Whether the window on top says that nothing came of it."""
    return person.view is not None and person.view["title"]["text"] in errors.TITLES


def title_of(view: Json) -> str:
    return repr(view["title"]["text"])


def _is_filled(element: Json) -> bool:
    return any(key.startswith("initial_") for key in element)
