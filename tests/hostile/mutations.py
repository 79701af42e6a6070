"""Ways to take a payload apart. All chance comes from a seeded generator, so that a failure can be repeated."""

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import urlencode

from sandbox.world.shapes import Request
from sandbox.world.values import Json

Path = list[str | int]

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    1e308,
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "1e999",
    "٣",
    "nan",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e\u0000",
    "x" * 5_000,
    "é" * 3_001,
    "'; DROP TABLE people; --",
    "<!channel> <@U1|x> &amp;",
    "{}",
    "[]",
    "null",
    '{"team": null}',
    "2026-02-30",
    "U" * 300,
    [],
    {},
    [None],
    [[]],
    {"id": None},
    {"type": "plain_text", "text": None},
    ["x"] * 500,
)


def paths(value: Any, before: Path | None = None) -> list[Path]:
    """Where something stands in a payload."""
    here = before or []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([here] if here else []), *(path for key, each in inside for path in paths(each, [*here, key]))]


def mutated(random: Random, payload: Json, others: list[Json]) -> Json:
    """The payload with one to four things wrong in it."""
    body = copy.deepcopy(payload)
    for _ in range(random.randint(1, 4)):
        places = paths(body)
        if places:
            random.choice(_WAYS)(random, body, random.choice(places), others)
    return body


def _holder(body: Any, path: Path) -> Any:
    for key in path[:-1]:
        body = body[key]
    return body


def _replace(random: Random, body: Json, path: Path, _others: list[Json]) -> None:
    _holder(body, path)[path[-1]] = copy.deepcopy(random.choice(STRANGE))


def _remove(_random: Random, body: Json, path: Path, _others: list[Json]) -> None:
    del _holder(body, path)[path[-1]]


def _nest(random: Random, body: Json, path: Path, _others: list[Json]) -> None:
    holder = _holder(body, path)
    for _ in range(random.choice((1, 3, 60))):
        holder[path[-1]] = [holder[path[-1]]] if random.random() < 0.5 else {"value": holder[path[-1]]}


def _borrow(random: Random, body: Json, path: Path, others: list[Json]) -> None:
    """What stands somewhere in another payload, perhaps under the same name."""
    other = random.choice(others)
    same = [each for each in paths(other) if each[-1] == path[-1]] or paths(other)
    where = random.choice(same)
    _holder(body, path)[path[-1]] = copy.deepcopy(_holder(other, where)[where[-1]])


def _double(_random: Random, body: Json, path: Path, _others: list[Json]) -> None:
    holder = _holder(body, path)
    if isinstance(holder, list):
        holder.append(copy.deepcopy(holder[int(path[-1])]))
    else:
        holder[f"{path[-1]}_"] = holder[path[-1]]


_WAYS: tuple[Callable[[Random, Json, Path, list[Json]], None], ...] = (
    _replace,
    _replace,
    _remove,
    _nest,
    _borrow,
    _double,
)


def body_of(random: Random, kind: str, payload: Json) -> bytes:
    """The bytes of a request, now and then broken as well."""
    text = json.dumps(payload)
    if kind == "slash_commands":
        fields = {key: value if isinstance(value, str) else json.dumps(value) for key, value in payload.items()}
        body = urlencode(fields, errors="surrogatepass").encode()
    else:
        body = Request(kind, text).body()
    return _broken(random, body) if random.random() < 0.1 else body


def _broken(random: Random, body: bytes) -> bytes:
    place = random.randrange(len(body) + 1)
    ways = (
        body[:place],
        body[:place] + b"\xff\xfe" + body[place:],
        body[:place] + b"%" + body[place:],
        b"",
        b"payload=",
        b"payload=null",
        b"payload=[]",
        b"payload=%22text%22",
        b"[" * 100_000,
        b"payload=" + b"[" * 100_000,
        body + b"&payload=1",
    )
    return random.choice(ways)
