"""What people do: press anything that they see, fill any form, say anything, twice, late, or not at all.

They know nothing of Prickle. What they can press is what stands on the screen, and what they type is words with a mark in
them, by which every word is found again wherever it turns up.
"""

import json
from collections.abc import Callable, Sequence

from handlers import FEATURES
from handlers.commands import COMMANDS
from sandbox.people.person import Person
from sandbox.world.shapes import Request
from tests.simulation.founding import ADMIN
from tests.simulation.hands import FIELDS_FILLED, Hands, is_told_no, pressable, title_of, verb_of

CURIOUS = 0.35  # of the acts begin with what nobody did so far
ASKED = 5  # people, until one is found whom the way leads on
TRIES = 3  # of a form that is refused
EMOJI = ("retro", "hedgehog", "white_check_mark", "eyes", "+1")
VERBS = [(command.name, verb) for command in COMMANDS for each in FEATURES for verb in each.verbs.get(command.name, ())]
SHORTCUTS = [shortcut for each in FEATURES for shortcut in each.shortcuts]


class People(Hands):
    """Everybody of one company, one act at a time."""

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
                is_refused = is_told_no(person)
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

    def _goes_for_what_is_rare(self) -> None:
        """Of all that anybody can press in a message, somebody presses what was pressed least so far."""
        seen = self._spots(lambda _: True)
        if seen:
            verb = self._rarest(sorted({verb_of(spot[3]["action_id"]) for spot in seen}))
            person, *spot = self._dice.choice([each for each in seen if verb_of(each[3]["action_id"]) == verb])
            self._try(person, lambda each: self._press(each, *spot))
            self._goes_on(person)

    def _goes_on(self, person: Person) -> None:
        while person.view is not None and self._dice.random() < 0.75:
            self._try(person, self._works_in_the_window)

    def _presses_in_a_message(self, person: Person) -> None:
        spots = [(m, b, e) for m in self._messages(person) for b in m.get("blocks", []) for e in pressable(b)]
        if spots:
            self._press(person, *self._any_verb(spots))

    def _answers_the_newest_message(self, person: Person) -> None:
        dms = [each for each in person.dms if any(True for block in each.get("blocks", []) for _ in pressable(block))]
        if dms:
            message = dms[-1]
            spots = [(message, block, element) for block in message["blocks"] for element in pressable(block)]
            self._press(person, *self._any_verb(spots))

    def _works_in_the_window(self, person: Person) -> None:
        view = person.view or {}
        spots = [(view, block, element) for block in view["blocks"] for element in pressable(block)]
        roll = self._dice.random()
        if view.get("submit") and roll < 0.5:
            self._sends(person, view)
        elif spots and roll < 0.85:
            self._presses_in_the_window(person, *self._any_verb(spots))
        else:
            self._note(person, f"closes {title_of(view)}")
            if self._dice.random() < 0.5:
                person.close_view()
            else:
                person.close_all()

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
        spots = [(home, block, element) for block in (home or {}).get("blocks", []) for element in pressable(block)]
        if home is not None and spots:
            _, block, element = self._any_verb([(home, b, e) for _, b, e in spots])
            picked = self._pick(person, element)
            self._company.met[f"press {verb_of(element['action_id'])}"] += 1
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


def _name(request: Request) -> str:
    body = json.loads(request.payload)
    action = (body.get("actions") or [{}])[0].get("action_id", "")
    view = (body.get("view") or {}).get("callback_id", "")
    event = (body.get("event") or {}).get("type", "")
    return " ".join(filter(None, (request.kind, body.get("command"), body.get("text"), action, view, event)))[:80]
