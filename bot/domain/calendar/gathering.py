"""Who a team waits for in a turn, and until when. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.calendar import cadence
from bot.domain.calendar.asking_times import Occurrence
from bot.domain.calendar.cadence import Cadence, Dates

PATIENCE = timedelta(hours=2)  # after the last reminder that somebody is waited for was delivered
NOBODY_AT = time(11)  # where nobody answered and nobody could be reminded
SOON = timedelta(seconds=30)  # by then Slack may have a reminder that is due now


@dataclass(frozen=True)
class Voice:
    """One member's part in a turn.

    `is_out` who is away, off for the whole sprint or gone. `reminder` is when their one reminder comes, if it does;
    `reminded_at` when it was delivered, and `is_lost` once it can't be any more.
    """

    answered: bool
    is_out: bool
    reminder: Occurrence | None
    reminded_at: datetime | None = None
    is_lost: bool = False


@dataclass(frozen=True)
class Gathering:
    """When the notes are revealed and the lead is asked, if that is known; else when to look again."""

    at: datetime | None
    look_at: datetime


def waits_for(voice: Voice, rhythm: Cadence, dates: Dates, since: datetime | None) -> bool:
    """Whether this member holds up the team: their reminder comes by its first working day, and they can still answer it."""
    if voice.answered or voice.is_out or voice.is_lost or voice.reminder is None:
        return False
    return voice.reminder.on <= rhythm.waits_until(dates, since)


def of(
    voices: Sequence[Voice],
    rhythm: Cadence,
    dates: Dates,
    *,
    since: datetime | None,
    now: datetime,
    closes_at: datetime | None = None,
) -> Gathering:
    """When the turn to the sprint of these dates has gathered everybody it waits for; at `closes_at` it is over."""
    closes_at = closes_at or cadence.closing(dates.starts_on, rhythm.zone, rhythm.calendar)
    if now >= closes_at:
        return Gathering(now, now)
    waited = [voice for voice in voices if waits_for(voice, rhythm, dates, since)]
    if not waited and any(voice.answered for voice in voices):
        return Gathering(now, now)
    if not waited:
        at = min(cadence.instant(rhythm.waits_until(dates, since), NOBODY_AT, rhythm.zone), closes_at)
        return Gathering(at, at)
    reminded = [voice.reminded_at for voice in waited if voice.reminded_at is not None]
    if len(reminded) == len(waited):
        at = min(max(reminded) + PATIENCE, closes_at)
        return Gathering(at, at)
    missing = (voice.reminder.at for voice in waited if voice.reminded_at is None and voice.reminder is not None)
    return Gathering(None, min(max(min(missing), now + SOON), closes_at))
