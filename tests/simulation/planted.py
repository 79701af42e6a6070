"""Bugs that are planted on purpose, one at a time, to show that the simulation finds each of them."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from bot.domain.calendar import gathering
from bot.domain.outbox import paces, submissions
from bot.domain.planning import carrying, finalizing
from bot.domain.retros import retros
from bot.domain.rhythm import occurrences, turns
from bot.domain.sprints import cards
from bot.platform import zones
from bot.platform.crypto import Vault
from handlers import gate
from jobs.outbox.delivery import Delivery

Plant = Callable[[], AbstractContextManager[Any]]


def _nothing(*_given: object, **_named: object) -> None:
    """What was to be done, or checked, is left out."""


_ROWS = occurrences._rows


def _each_twice(*given: Any) -> Iterable[dict[str, Any]]:
    for row in _ROWS(*given):
        yield row
        yield {**row, "key": f"{row['key']}:again"}


def _at_the_root(self: Delivery, claim: Any, answer: Any) -> None:
    self._settling.sent(claim, str(answer["channel"]), str(answer["ts"]))


def _everybody_is_a_member(body: Mapping[str, Any]) -> bool:
    return False


def _in_words(self: Vault, text: str, *, bound_to: str) -> str:
    return json.dumps([bound_to, text])


PLANTED: Mapping[str, Plant] = {
    "what may stand in Slack is not looked up before it is sent again": lambda: patch.object(
        Delivery, "_find", lambda *_: None
    ),
    "each prompt is planned twice": lambda: patch.object(occurrences, "_rows", _each_twice),
    "notes are revealed an hour after the last reminder": lambda: patch.object(
        gathering, "PATIENCE", timedelta(hours=1)
    ),
    "notes stay hidden when all have answered": lambda: patch.object(turns, "_reveal", _nothing),
    "anybody finalizes any plan": lambda: patch.object(finalizing, "require_finalizer", _nothing),
    "guests come in": lambda: patch.object(gate, "is_an_act", _everybody_is_a_member),
    "hidden notes are shown to all": lambda: patch.object(retros, "_is_hidden", lambda _: False),
    "feedback is stored as it is typed": lambda: patch.object(Vault, "seal", _in_words),
    "a form that comes twice is taken twice": lambda: patch.object(submissions, "record", _nothing),
    "a reply to a deleted message stays at the root": lambda: patch.object(Delivery, "_settle_posted", _at_the_root),
    "the bot posts as fast as it can": lambda: patch.object(paces, "BETWEEN_CALLS", timedelta(0)),
    "channels that others read are posted in": lambda: patch.object(Delivery, "_forbids", lambda *_: None),
    "zones are believed as they come": lambda: patch.object(zones, "known", lambda zone: zone),
    "a card is not drawn anew": lambda: patch.object(cards, "redraw", _nothing),
    "an item that was finished stays in the next plan": lambda: patch.multiple(
        carrying, follow=_nothing, settle=_nothing
    ),
}
