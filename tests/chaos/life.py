"""What changes in the middle of the week: channels become archived, shared or private, people leave and fall ill, a zone is nonsense.

Each happens to a team of its own, which the plain rhythm says nothing about: what has to follow is said here, in a rule a kind.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from bot.platform.database import Database
from jobs.outbox import delivery
from models.outbox import Post, PostState
from models.teams import Lost, Team
from sandbox.workspace import Workspace
from tests.chaos.company import THIS_MONDAY, Member, Small

ZONE = "Europe/Berlin"
ANSWERS_AFTER = timedelta(minutes=30)
FROM = datetime(
    2026, 4, 1, 6, tzinfo=UTC
)  # Wednesday morning; the turn comes on Friday at ten in Berlin, at eight in UTC
HOURS = 45


@dataclass(frozen=True)
class Change:
    """Something that happens to one team at an instant."""

    kind: str
    team: Small
    at: datetime


@dataclass
class Life:
    """All that changes in the week, each when its time has come. `struck` counts them by kind."""

    changes: Sequence[Change] = ()
    struck: Counter[str] = field(default_factory=Counter)
    _done: int = 0

    @property
    def teams(self) -> list[Small]:
        """The teams that something happens to."""
        return [each.team for each in self.changes]

    @property
    def next_at(self) -> datetime | None:
        """When something changes next."""
        return self.changes[self._done].at if self._done < len(self.changes) else None

    def strike(self, slack: Workspace, ids: Mapping[str, str], now: datetime) -> None:
        """Let everything happen whose time has come, and have the bot hear of it."""
        while self.next_at is not None and self.next_at <= now:
            change = self.changes[self._done]
            KINDS[change.kind].strikes(slack, change.team, ids)
            self.struck[change.kind] += 1
            self._done += 1
        if not slack.settle(20):
            raise RuntimeError("The bot did not hear of a change.")


def draw(times: int, seed: int) -> Life:
    """So many changes of each kind, in the order of time."""
    dice = random.Random(seed)  # noqa: S311  (a week can be repeated)
    wanted = [kind for kind in KINDS for _ in range(times)]
    changes = [
        Change(kind, _team(kind, number), FROM + timedelta(minutes=dice.randrange(60 * HOURS)))
        for number, kind in enumerate(wanted)
    ]
    return Life(sorted(changes, key=lambda each: each.at))


def _team(kind: str, number: int) -> Small:
    return Small(
        name=f"Team {kind} {number:02}",
        members=[_member(f"{kind}{number:02}{letter}") for letter in "abc"],
        zone=ZONE,
        country=None,
        weeks=1,
        begun_on=THIS_MONDAY,
        turn_days=0,
        turn_at=time(10),
        finalizes="never",
        after=ANSWERS_AFTER,
    )


def _member(name: str) -> Member:
    return Member(name, ZONE, None, answers="nothing", after=ANSWERS_AFTER, items=[f"{name} item"], marks=["finished"])


# --- what happens, and what has to follow -------------------------------------------------------------------------


class Seen:
    """What stands in Slack and in the database about one team, once the week is over."""

    def __init__(self, change: Change, team: Team, slack: Workspace, ids: Mapping[str, str], keys: Iterable[str]):
        self.change, self.team, self._ids = change, team, ids
        self._keys = list(keys)
        channel = slack.store.channels[team.channel_id]
        self.last_in_the_channel = max(
            (float(ts) for ts, each in channel.messages.items() if each.get("bot_id")), default=0.0
        )

    def asked(self, letter: str) -> bool:
        """Whether this member was asked by a turn or a reminder."""
        person = next(self._ids[each.name] for each in self.change.team.members if each.name.endswith(letter))
        return any(key.endswith(f":{person}") for key in self._of("turn", "reminder"))

    def told(self, kind: str, about: str | int) -> int:
        """How many messages of this kind there are."""
        return sum(key.startswith(f"{kind}:{about}:") for key in self._keys)

    def _of(self, *kinds: str) -> Iterator[str]:
        starts = tuple(f"{kind}:{self.team.id}:" for kind in kinds)
        return (key for key in self._keys if key.startswith(starts))


@dataclass(frozen=True)
class Kind:
    """A kind of change: how it happens, and what is wrong afterwards, in words."""

    strikes: Callable[[Workspace, Small, Mapping[str, str]], None]
    wrong: Callable[[Seen], Iterator[str]]


def _lost(lost: Lost, *, is_told: bool = True) -> Callable[[Seen], Iterator[str]]:
    """What Slack does not tell is seen with a look before a post, one a minute: by then people may have been asked."""

    def wrong(seen: Seen) -> Iterator[str]:
        if seen.team.channel_lost != lost:
            yield f"its channel counts as {seen.team.channel_lost}"
        if seen.told("lost", seen.team.channel_id) != 1:
            yield f"its lead was told {seen.told('lost', seen.team.channel_id)} times"
        if is_told and any(seen.asked(letter) for letter in "abc"):
            yield "somebody was asked though nothing can be posted in its channel"
        known = seen.change.at + (timedelta() if is_told else delivery.BETWEEN_LOOKS)
        if (late := seen.last_in_the_channel - known.timestamp()) >= 0:
            yield f"something was posted into its channel {late:.0f} s after it could be known"

    return wrong


def _goes_on(*letters: str) -> Callable[[Seen], Iterator[str]]:
    def wrong(seen: Seen) -> Iterator[str]:
        for letter in "abc":
            if seen.asked(letter) != (letter in letters):
                yield f"{letter} was {'asked' if seen.asked(letter) else 'not asked'}"

    return wrong


def _leaderless(seen: Seen) -> Iterator[str]:
    yield from _goes_on("b", "c")(seen)
    if seen.told("leaderless", seen.team.id) != 1:
        yield f"it was told {seen.told('leaderless', seen.team.id)} times that its lead has left"


def _channel_of(slack: Workspace, team: Small) -> str:
    return slack.channel(team.name.lower().replace(" ", "-")).id


KINDS: dict[str, Kind] = {
    "archived": Kind(lambda slack, team, _: slack.archive(_channel_of(slack, team)), _lost(Lost.ARCHIVED)),
    "shared": Kind(lambda slack, team, _: slack.share(_channel_of(slack, team)), _lost(Lost.SHARED)),
    "private": Kind(
        lambda slack, team, _: slack.make_private(_channel_of(slack, team)), _lost(Lost.HIDDEN, is_told=False)
    ),
    "leaves": Kind(lambda slack, team, ids: _change(slack, team.members[0], ids, deleted=True), _leaderless),
    "guest": Kind(
        lambda slack, team, ids: _change(slack, team.members[1], ids, is_restricted=True), _goes_on("a", "c")
    ),
    "ill": Kind(
        lambda slack, team, ids: _say(slack, ids[team.members[1].name]),
        _goes_on("a", "c"),
    ),
    "nonsense": Kind(
        lambda slack, team, ids: _change(slack, team.members[1], ids, tz="Mars/Olympus"), _goes_on("a", "b", "c")
    ),
}


def _change(slack: Workspace, member: Member, ids: Mapping[str, str], **changes: object) -> None:
    slack.change_user(ids[member.name], **changes)


def _say(slack: Workspace, person: str) -> None:
    slack.set_status(person, "Out sick", ":face_with_thermometer:")


def judge(
    life: Life, db: Database, slack: Workspace, ids: Mapping[str, str], keys: Iterable[str], now: datetime
) -> list[str]:
    """What did not follow from a change as it has to, in words; and what is owed by the teams it happened to."""
    wrong = []
    with db.read() as session:
        teams = {team.name: team for team in session.scalars(select(Team))}
        for change in life.changes:
            team = teams[change.team.name]
            seen = Seen(change, team, slack, ids, keys)
            wrong += [f"{change.team.name}: {words}" for words in KINDS[change.kind].wrong(seen)]
        places = places_of(life, slack, ids)
        owed = select(Post.key).where(Post.state == PostState.DUE, Post.due_at <= now, Post.channel_id.in_(places))
        wrong += [f"{key} is still due" for key in session.scalars(owed)]
    return wrong


def places_of(life: Life, slack: Workspace, ids: Mapping[str, str]) -> set[str]:
    """Where the bot talks to these teams: their channels, and their members."""
    channels = {_channel_of(slack, team) for team in life.teams}
    return channels | {ids[member.name] for team in life.teams for member in team.members}
