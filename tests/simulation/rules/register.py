"""How a rule is written down: a function and a sentence, and when it is judged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.base import Base
from sandbox.world.values import Json
from tests.simulation.company import Company
from tests.simulation.written import Reader


@dataclass
class Seen:
    """What the rules remember from one step to the next. `news` knows which tables were written to meanwhile."""

    news: Reader
    gathered: set[int] = field(default_factory=set)
    finalized: dict[int, int] = field(default_factory=dict)
    deciders: dict[int, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    outside: dict[str, datetime] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    replies: set[str] = field(default_factory=set)
    hidden: dict[str, set[str]] = field(default_factory=dict)


Judge = Callable[[Company, Session, Seen], Iterator[str]]


@dataclass(frozen=True)
class Rule:
    """`judge` yields what breaks the rule. It is judged when one of the tables that it reads was written to.

    A rule that names no tables looks at Slack, or remembers by itself, and is judged after every step.
    """

    sentence: str
    judge: Judge
    reads: tuple[type[Base], ...]
    in_the_end: bool

    def broken(self, company: Company, session: Session, seen: Seen) -> Iterator[str]:
        """What breaks it now."""
        if not self.reads or seen.news.is_news(self.sentence, *self.reads):
            yield from self.judge(company, session, seen)


RULES: list[Rule] = []


def rule(sentence: str, *reads: type[Base], in_the_end: bool = False) -> Callable[[Judge], Judge]:
    """This function judges whether the sentence is true; `in_the_end`, once everything has got through on a good day."""

    def registered(judge: Judge) -> Judge:
        RULES.append(Rule(sentence, judge, reads, in_the_end))
        return judge

    return registered


def bot_messages(company: Company) -> Iterator[tuple[str, Json]]:
    """Every message of the bot's, with its channel."""
    for channel in company.slack.store.channels.values():
        for message in channel.messages.values():
            if message.get("bot_id") and message.get("subtype") != "tombstone":
                yield channel.id, message


def key_of(message: Json) -> str | None:
    """Which post it is."""
    payload: Mapping[str, Any] = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("key")
