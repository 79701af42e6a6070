"""What nobody in the company does: Slack's bad days, clocks that jump, channels that change, people who come and go."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import timedelta

from sandbox.world.errors import SandboxError
from sandbox.world.store import Channel, User
from tests.simulation.company import Company
from tests.simulation.founding import ADMIN, ZONES

KINDS = ("ratelimited", "server_error", "lost_reply", "slow")
NONSENSE = ("Etc/Unknown", "", "Mars/Olympus", "Europe/Berlin ")
STATUSES = ((":palm_tree:", "Vacationing"), (":face_with_thermometer:", "Out sick"), ("", ""), (":rocket:", "Shipping"))
REFUSALS = ("internal_error", "fatal_error", "service_unavailable")
FEWEST = 5  # people who stay
UNTIL_SEEN = 61  # seconds: the bot looks at a channel once a minute, if Slack's word of it was lost


class Weather:
    """Draws how bad the days of this company are, and what happens on them."""

    def __init__(self, company: Company) -> None:
        self._company, self._dice = company, company.dice
        self._fault_rate = self._dice.choice((0, 0, 0.02, 0.05, 0.15))
        self._changes = self._dice.choice((0, 0.1, 0.3))
        company.kill_rate = self._dice.choice((0, 0, 0.03, 0.1))
        company.later.disorder = self._dice.choice((0, 0, 0.3))
        self._jumps = self._dice.choice((0, 0, 0.02))
        self._is_doubled = self._dice.random() < 0.3

    @property
    def is_fair(self) -> bool:
        """Whether nothing goes wrong on the way between Slack and the bot."""
        return not (self._fault_rate or self._company.kill_rate)

    def breaks(self) -> None:
        """From now on Slack fails, now and then."""
        faults = self._company.slack.faults
        for kind in KINDS if self._fault_rate else ():
            faults.add(
                kind,
                times=None,
                probability=self._fault_rate / len(KINDS),
                retry_after=self._dice.choice((1, 5, 30)),
                seconds=self._dice.choice((0.5, 4)),
            )
        if self._fault_rate:
            code = self._dice.choice(REFUSALS)
            faults.add("error", times=None, probability=self._fault_rate / 10, code=code)
        if self._is_doubled:
            faults.add("duplicate_event", times=None, probability=0.3)

    def clears(self) -> None:
        """A good day: nothing fails any more, and the clock is right."""
        faults = self._company.slack.faults
        for fault in faults.active:
            self._company.met[f"Slack: {fault.kind}"] += fault.hits
        faults.clear()
        self._company.kill_rate = self._company.later.disorder = 0
        self._company.skew = timedelta(0)

    def changes(self) -> None:
        """Something changes, perhaps."""
        if self._dice.random() < self._jumps:
            minutes = self._dice.choice((-10, -2, 0, 0, 3, 10))
            self._company.skew = timedelta(minutes=minutes)
            self._note("the clock jumps", f"the bot's clock is {minutes} minutes off")
        if self._dice.random() < self._changes:
            changes: Sequence[Callable[[], None]] = (
                self._moves_zone,
                self._moves_zone,
                self._has_a_status,
                self._has_a_status,
                self._leaves,
                self._becomes_a_guest,
                self._comes,
                self._channel_changes,
                self._channel_changes,
                self._loses_a_message,
                self._loses_a_message,
            )
            with contextlib.suppress(SandboxError):
                self._dice.choice(changes)()

    def _note(self, kind: str, words: str) -> None:
        self._company.met[kind] += 1
        self._company.note(words)

    def _somebody(self) -> User:
        users = self._company.slack.store.users.values()
        return self._dice.choice([each for each in users if _is_staff(each)])

    def _moves_zone(self) -> None:
        user, zone = self._somebody(), self._dice.choice((*ZONES, *NONSENSE))
        self._note("somebody's zone changes", f"{user.name} is in the zone {zone!r} now")
        self._company.slack.change_user(user.name, tz=zone)

    def _has_a_status(self) -> None:
        user, (emoji, words) = self._somebody(), self._dice.choice(STATUSES)
        self._note("somebody has a status", f"{user.name} says {emoji} {words}")
        ends = int(self._company.slack.clock() + self._dice.choice((3600, 86400, 5 * 86400))) if words else 0
        self._company.slack.set_status(user.name, words, emoji, ends)

    def _leaves(self) -> None:
        user = self._somebody()
        if user.name == ADMIN or self._staff() <= FEWEST:
            return
        self._note("somebody leaves", f"{user.name} leaves the company")
        self._company.slack.change_user(user.name, deleted=True)

    def _becomes_a_guest(self) -> None:
        user = self._somebody()
        if user.name == ADMIN or self._staff() <= FEWEST:
            return
        self._note("somebody becomes a guest", f"{user.name} becomes a guest")
        self._company.slack.change_user(user.name, is_restricted=True)

    def _comes(self) -> None:
        name = f"new{len(self._company.slack.store.users)}"
        self._note("somebody new comes", f"{name} comes")
        self._company.slack.join_team(name, tz=self._dice.choice(ZONES))

    def _staff(self) -> int:
        return sum(_is_staff(each) for each in self._company.slack.store.users.values())

    def _channel_changes(self) -> None:
        slack = self._company.slack
        channels = [each for each in slack.store.channels.values() if not each.is_im and each.name != "random"]
        channel: Channel = self._dice.choice(channels)
        acts: dict[str, Callable[[], None]] = {
            "archived": lambda: slack.archive(channel.id, archived=not channel.is_archived),
            "made private": lambda: slack.make_private(channel.id),
            "shared": lambda: self._shares(channel),
            "left without the bot": lambda: slack.kick(channel.id),
            "renamed": lambda: slack.rename(channel.id, f"{channel.name[:20]}-x"),
        }
        what = self._dice.choice(sorted(acts))
        self._note(f"a channel is {what}", f"#{channel.name} is {what} (or no more)")
        acts[what]()

    def _shares(self, channel: Channel) -> None:
        self._company.slack.share(channel.id, shared=not channel.is_ext_shared)
        self._company.shared[channel.id] = self._company.slack.clock() + UNTIL_SEEN

    def _loses_a_message(self) -> None:
        slack = self._company.slack
        store = slack.store
        ours = [ts for each in store.channels.values() for ts, m in each.messages.items() if m.get("bot_id")]
        if ours:
            self._note("an admin deletes a message", "an admin deletes a message of the bot's")
            slack.person(ADMIN).delete({"ts": self._dice.choice(ours)})


def _is_staff(user: User) -> bool:
    return not (user.is_bot or user.deleted or user.is_restricted or user.name == "slackbot")
