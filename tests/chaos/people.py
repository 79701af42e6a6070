"""What a thousand people do with the messages that they really got: press, write, mark, and press again what failed."""

import heapq
import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.people.person import Person
from sandbox.workspace import Workspace
from sandbox.world.errors import AppFailed, SandboxError
from tests.chaos import rules
from tests.chaos.company import Member, Small
from tests.chaos.rules import Ask

HANDS = 3  # how many people press at the same moment
AGAIN_AFTER = timedelta(seconds=40)  # who saw an error tries again
GIVES_UP_AFTER = timedelta(hours=2)  # longer than any weather lasts
# Nobody answers in the minutes around a message of their own: whether that message still comes would be a toss-up.
BEFORE, AFTER = timedelta(minutes=20), timedelta(minutes=45)


class TooLate(Exception):
    """Somebody got to it when the sprint was closed already, and was told so."""


@dataclass(frozen=True)
class Deed:
    """Something that was done: it took effect between these two instants."""

    tried_at: datetime
    done_at: datetime


@dataclass
class Diary:
    """What somebody did: their answer, what is to stand in the plan by now, and the marks that they set, by title."""

    answered: Deed | None = None
    away: Deed | None = None
    planned: set[str] = field(default_factory=set)
    marks: dict[str, str] = field(default_factory=dict)
    marking: bool = False
    marked: list[tuple[Deed, str]] = field(default_factory=list)
    finalized: Deed | None = None

    def unfinished(self, member: Member) -> list[str]:
        """The items of the running sprint that are still open."""
        return [title for title in member.items if self.marks.get(title) not in ("finished", "wont_finish")]


@dataclass(order=True)
class _Act:
    at: datetime
    number: int
    member: Member = field(compare=False)
    ts: str = field(compare=False)
    do: Callable[["Crowd", "_Act"], None] = field(compare=False)
    words: str = field(default="", compare=False)
    tried_at: datetime | None = field(default=None, compare=False)


class Crowd:
    """Everybody, each with a character and a diary. `ids` are their Slack ids by name."""

    def __init__(
        self, slack: Workspace, teams: Sequence[Small], ids: Mapping[str, str], now: Callable[[], datetime]
    ) -> None:
        self._slack, self._ids, self._now = slack, ids, now
        self.teams = {member.name: team for team in teams for member in team.members}
        self.members = {member.name: member for team in teams for member in team.members}
        self.diaries = {name: Diary() for name in self.members}
        self._asks: dict[str, list[Ask]] = defaultdict(list)
        for team in teams:
            for ask in rules.asks(team):
                self._asks[ask.member.name].append(ask)
        self._names = {slack_id: name for name, slack_id in ids.items()}
        self._read: dict[str, int] = defaultdict(int)
        self._acts: list[_Act] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="people")
        self.presses = self.retries = self.too_late = 0
        self.given_up: list[tuple[Small, str]] = []

    def close(self) -> None:
        """Everybody goes home."""
        self._pool.shutdown(wait=True)

    @property
    def next_at(self) -> datetime | None:
        """When somebody does something next."""
        return self._acts[0].at if self._acts else None

    def act(self) -> None:
        """Let everybody do what they are about to do by now. Those of one team act one after the other."""
        by_team: dict[str, list[_Act]] = defaultdict(list)
        while self._acts and self._acts[0].at <= self._now():
            act = heapq.heappop(self._acts)
            by_team[self.teams[act.member.name].name].append(act)
        for done in [self._pool.submit(self._do_all, acts) for acts in by_team.values()]:
            done.result()

    def _do_all(self, acts: Iterable[_Act]) -> None:
        for act in acts:
            act.tried_at = act.tried_at or self._now()
            try:
                act.do(self, act)
                self.presses += 1
            except TooLate:
                self.too_late += 1
            except (AppFailed, SandboxError) as error:
                self._tidy(act.member)
                self.retries += 1
                act.at = self._now() + AGAIN_AFTER
                if act.at - act.tried_at < GIVES_UP_AFTER:
                    self._plan(act)
                else:
                    self.given_up.append((self.teams[act.member.name], f"{act.member.name}: {error}"))

    def _plan(self, act: _Act) -> None:
        with self._lock:
            heapq.heappush(self._acts, act)

    def _tidy(self, member: Member) -> None:
        person = self._person(member)
        if person.view is not None:
            person.close_all()

    def _person(self, member: Member) -> Person:
        return self._slack.person(self._ids[member.name])

    def _deed(self, act: _Act) -> Deed:
        now = self._now()
        return Deed(act.tried_at or now, now)

    # --- reading ------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Have everybody read what is new, and make up their mind."""
        for name, slack_id in self._ids.items():
            channel = self._slack.store.im(self._slack.bot_user_id, slack_id)
            if channel is None or len(channel.top) == self._read[name]:
                continue
            new, self._read[name] = channel.top[self._read[name] :], len(channel.top)
            for ts in new:
                self._decide(self.members[name], ts, kind_of(channel.messages[ts]))

    def _decide(self, member: Member, ts: str, kind: str) -> None:
        team, diary = self.teams[member.name], self.diaries[member.name]
        wants_to_answer = member.answers not in ("never", "reminded") or (
            member.answers == "reminded" and kind == "reminder"
        )
        if kind not in ("turn", "reminder"):
            if kind == "lead" and team.finalizes == "asked":
                self._later(member, ts, team.after, Crowd._finalize)
            return
        if wants_to_answer and diary.answered is None and diary.away is None:
            verb = {"away": Crowd._go_away, "form": Crowd._write}.get(member.answers, Crowd._nothing_new)
            self._later(member, ts, member.after, verb)
        if not diary.marking:
            diary.marking = True
            for number, (title, mark) in enumerate(zip(member.items, member.marks, strict=False)):
                after = member.after / 4 + timedelta(seconds=20 * number)
                self._later(member, ts, after, Crowd._mark, f"{mark} {title}")

    def _later(
        self, member: Member, ts: str, after: timedelta, do: Callable[["Crowd", _Act], None], words: str = ""
    ) -> None:
        at = self._now() + after
        for ask in sorted(self._asks[member.name], key=lambda each: each.due_at):
            if ask.due_at - BEFORE < at < ask.due_at + AFTER:
                at = ask.due_at + AFTER
        self._plan(_Act(at, next(self._numbers), member, ts, do, words))

    # --- acting -------------------------------------------------------------------------------------------------

    def _nothing_new(self, act: _Act) -> None:
        if self.diaries[act.member.name].answered is not None:
            return
        act.ts = self._newest(act.member, act.ts)
        self._press(act, "Nothing new")
        self._answered(act, [])

    def _write(self, act: _Act) -> None:
        diary, name = self.diaries[act.member.name], act.member.name
        if diary.answered is not None:
            return
        act.ts = self._newest(act.member, act.ts)
        person = self._open(act, "Wrap up and plan", "high")
        lines = [f"{name} new {number}" for number in range(2)]
        self._submit(person, high=lines[0], side=lines[1])
        self._answered(act, lines)

    def _newest(self, member: Member, ts: str) -> str:
        """The message that asks somebody now: a later one shrinks the one before it."""
        channel = self._slack.store.im(self._slack.bot_user_id, self._ids[member.name])
        asking = (
            [each for each in channel.top if "Nothing new" in str(channel.messages[each].get("blocks"))]
            if channel
            else []
        )
        return asking[-1] if asking else ts

    def _answered(self, act: _Act, lines: Sequence[str]) -> None:
        diary = self.diaries[act.member.name]
        if diary.answered is None:
            diary.answered = self._deed(act)
            diary.planned |= set(lines)

    def _go_away(self, act: _Act) -> None:
        act.ts = self._newest(act.member, act.ts)
        person = self._open(act, "I'm away", "last")
        self._submit(person)
        diary = self.diaries[act.member.name]
        diary.away = diary.away or self._deed(act)

    def _finalize(self, act: _Act) -> None:
        person = self._open(act, "Finalize", "direction")
        self._submit(person, direction=f"What {act.member.name} wants.")
        self.diaries[act.member.name].finalized = self._deed(act)

    def _mark(self, act: _Act) -> None:
        mark, _, title = act.words.partition(" ")
        channel = self._slack.store.im(self._slack.bot_user_id, self._ids[act.member.name])
        shown = [channel.messages[each] for each in channel.top] if channel else []
        found = [
            (message, block["accessory"])
            for message in shown
            for block in message.get("blocks", [])
            if "accessory" in block and block["text"]["text"].splitlines()[0] == title
        ]
        if not found:
            raise SandboxError(f"{title} is in no message of {act.member.name}'s")
        message, select = found[-1]
        value = next(each["value"] for each in select["options"] if each["value"].endswith(f":{mark}"))
        self._attentively(act, lambda person: person.click(select["action_id"], select=value, message=message))
        diary = self.diaries[act.member.name]
        diary.marks[title] = mark
        diary.marked.append((self._deed(act), mark))

    def _press(self, act: _Act, words: str) -> None:
        self._attentively(act, lambda person: person.press(words, self._message(act)))

    def _attentively(self, act: _Act, press: Callable[[Person], None]) -> None:
        """Press, and notice what Prickle says about it: a window or a whisper means that it did not work."""
        person = self._person(act.member)
        whispers = len(person.ephemerals)
        press(person)
        heard = " ".join(str(each["text"]) for each in person.ephemerals[whispers:])
        if "This sprint is closed" in heard:
            raise TooLate
        if person.view is not None or heard:
            raise SandboxError(heard or "A window opened that nobody asked for.")

    def _open(self, act: _Act, words: str, block_id: str) -> Person:
        person = self._person(act.member)
        person.press(words, self._message(act))
        blocks = (person.view or {}).get("blocks", [])
        if all(block.get("block_id") != block_id for block in blocks):
            raise SandboxError("Another window opened than the one that was asked for, or none.")
        return person

    def _submit(self, person: Person, **values: str) -> None:
        errors = person.submit(**values)
        if errors:
            raise SandboxError(f"{person.name} cannot send this: {errors}")
        person.close_all()

    def _message(self, act: _Act) -> dict[str, Any]:
        channel = self._slack.store.channels[self._slack.store.channel_of[act.ts]]
        return channel.messages[act.ts]

    def _buttons(self, act: _Act) -> Iterator[dict[str, Any]]:
        for block in self._message(act).get("blocks", []):
            yield from (each for each in block.get("elements", []) if each.get("type") == "button")


def key_of(message: Mapping[str, Any]) -> str:
    """The key of the post that became this message, "" for a message that is none of the bot's."""
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))


def kind_of(message: Mapping[str, Any]) -> str:
    """What a message asks: the first word of its key."""
    return key_of(message).partition(":")[0]
