"""The jobs go on when the machine's clock is set: back, forward, or not at all."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from freezegun.api import FrozenDateTimeFactory

from bot.platform import ticks
from bot.platform.ticks import Ticks
from sandbox.world import steady
from tests.end_to_end.processes import until


class Counted:
    """A job that counts how often it ran."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> None:
        self.runs += 1


@pytest.fixture
def clock() -> Iterator[Ticks]:
    clock = Ticks(steady.monotonic)
    yield clock
    clock.shutdown(wait=True)


@pytest.mark.parametrize("seconds", [1, 60, 6 * 60 * 60])
@pytest.mark.parametrize("jump", [timedelta(minutes=-10), timedelta(days=40), timedelta(days=-400)], ids=str)
def test_when_the_clock_is_set_every_job_runs_within_five_seconds(
    clock: Ticks, hands: FrozenDateTimeFactory, jump: timedelta, seconds: int
) -> None:
    job = Counted()
    clock.tick("job", job, seconds=seconds)
    clock.start()
    hands.tick(jump)
    until(lambda: job.runs > 0, "a run after the jump", patience_s=5)
    before = job.runs
    hands.tick(timedelta(seconds=seconds))
    until(lambda: job.runs > before, "the run after it", patience_s=5)


def test_a_clock_that_ticks_says_nothing_and_one_that_stands_still_says_so(
    hands: FrozenDateTimeFactory, clock: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "QUIET_S", 0.3)
    clock.tick("job", Counted(), seconds=1)
    clock.start()
    assert clock.standstill() is None
    until(lambda: clock.standstill() is not None, "the sentence: nothing moves the frozen hands")
    hands.tick(timedelta(seconds=1))
    until(lambda: clock.standstill() is None, "the next tick")


def test_one_job_that_stands_still_is_named_though_the_others_tick(
    hands: FrozenDateTimeFactory, clock: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "QUIET_S", 0.5)
    let_go, other = threading.Event(), Counted()
    clock.tick("stuck", let_go.wait, seconds=1)
    clock.tick("other", other, seconds=1)
    clock.tick("rare", Counted(), seconds=6 * 60 * 60)
    clock.start()

    def sentence() -> str:
        hands.tick(timedelta(seconds=1))
        return clock.standstill() or ""

    until(lambda: "stand still: stuck (" in sentence(), "the job's name")
    assert other.runs > 0
    assert "other" not in sentence()
    assert "rare" not in sentence()
    let_go.set()
    until(lambda: not sentence(), "the end of it")


def test_a_job_that_fails_ticks_all_the_same(hands: FrozenDateTimeFactory, clock: Ticks) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    clock.tick("job", fail, seconds=1)
    clock.start()
    began = clock._pulses["job"].beat_at
    hands.tick(timedelta(seconds=1))
    until(lambda: clock._pulses["job"].beat_at > began, "a tick")
