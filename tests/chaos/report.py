"""The table that `make chaos` prints."""

from collections.abc import Callable, Mapping

from tests.chaos.verdict import Verdict
from tests.chaos.week import Week

SHOWN = 20  # lines of what went wrong

ROWS: dict[str, Callable[[Week, Verdict], object]] = {
    "teams": lambda week, _: len(week.teams),
    "people": lambda week, _: len(week.ids),
    "rounds": lambda week, _: week.log.rounds,
    "replicas killed at work": lambda week, _: week.log.kills,
    "replicas killed at rest": lambda week, _: week.log.idle_kills,
    "Slack calls": lambda week, _: week.log.calls,
    "… answered 429 at random": lambda week, _: week.log.faults["ratelimited"],
    "… answered 500": lambda week, _: week.log.faults["server_error"],
    "… done, but the reply lost": lambda week, _: week.log.faults["lost_reply"],
    "… slow": lambda week, _: week.log.faults["slow"],
    **{
        name: lambda week, _, kind=kind: week.weather.struck[kind]  # type: ignore[misc]
        for kind, name in (
            ("stopped", "rounds with the database stopped"),
            ("locked", "… locked by another process"),
            ("full", "… full"),
            ("hangs", "… with Slack hanging"),
            ("half open", "… with the web sockets half open"),
            ("back", "… with the clock ten minutes back"),
        )
    },
    **{
        f"teams of which {name}": lambda week, _, kind=kind: week.life.struck[kind]  # type: ignore[misc]
        for kind, name in (
            ("archived", "the channel is archived"),
            ("shared", "… is shared with another company"),
            ("private", "… is made private"),
            ("leaves", "the lead leaves"),
            ("guest", "a member becomes a guest"),
            ("ill", "a member falls ill"),
            ("nonsense", "a member's zone is nonsense"),
        )
    },
    "presses": lambda week, _: week.crowd.presses,
    "presses that failed, and came again": lambda week, _: week.crowd.retries,
    "presses after the sprint was closed": lambda week, _: week.crowd.too_late,
    "ticks that failed, and came again": lambda week, _: week.log.failed.total(),
    "messages expected": lambda _, verdict: verdict.expected,
    "messages answered as they came": lambda _, verdict: verdict.either,
    "messages seen": lambda _, verdict: verdict.seen,
    "doubled": lambda _, verdict: len(verdict.doubled),
    "lost": lambda _, verdict: len(verdict.lost),
    "not expected": lambda _, verdict: len(verdict.unexpected),
    "early or stale": lambda _, verdict: len(verdict.stale),
    "answers": lambda _, verdict: verdict.answers,
    "marks": lambda _, verdict: verdict.marks,
    "plans made final": lambda _, verdict: verdict.finals,
    "answers, items, marks, plans not kept": lambda _, verdict: len(verdict.not_kept),
    "messages that do not say so": lambda _, verdict: len(verdict.untold),
    "changes that did not lead to what has to follow": lambda _, verdict: len(verdict.unheeded),
    "people who gave up on a press": lambda _, verdict: len(verdict.given_up),
    "posts still due, or refused": lambda _, verdict: len(verdict.still_due),
    "seconds": lambda week, _: round(week.log.seconds),
}


def table(columns: Mapping[str, tuple[Week, Verdict]]) -> str:
    """The counts, a column for each database."""
    rows = [["", *columns]]
    rows += [[name, *(str(value(*column)) for column in columns.values())] for name, value in ROWS.items()]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "".join(
        f"{row[0].ljust(widths[0])}  {'  '.join(map(str.rjust, row[1:], widths[1:]))}".rstrip() + "\n" for row in rows
    )


def wrong(columns: Mapping[str, tuple[Week, Verdict]]) -> str:
    """What went wrong, in words; "" when all is well."""
    lines = [f"{name}: {line}" for name, (_, verdict) in columns.items() for line in verdict.wrong]
    for name, (week, _) in columns.items():
        lines += [f"{name}: {kind} did not strike" for kind in week.weather.kinds if not week.weather.enough(kind)]
        if week.log.kills < week.kills:
            lines.append(f"{name}: only {week.log.kills} replicas were killed at work")
    more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "".join(f"{line}\n" for line in [*lines[:SHOWN], *more])
