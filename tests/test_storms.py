"""A log stays readable while something is down."""

import logging
import time
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from bot.platform.storms import Storms

WINDOW_S = 0.2


class Pages(logging.Handler):
    """What was written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        self.addFilter(Storms(self.handle, WINDOW_S))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def pages() -> Iterator[Pages]:
    handler = Pages()
    logger = logging.getLogger("bot.storm")
    logger.addHandler(handler)
    logger.propagate = False
    yield handler
    logger.removeHandler(handler)
    logger.propagate = True


log = logging.getLogger("bot.storm")


class ServerGoneError(Exception):
    """As the driver raises it."""

    sqlstate = None


def fail(error: Exception, words: str) -> None:
    try:
        raise error
    except Exception:
        log.exception(words)


def test_what_repeats_is_one_line_and_then_a_count(pages: Pages) -> None:
    for _ in range(1_000):
        log.warning("a stranger knocks")
    assert pages.lines == ["WARNING bot.storm: a stranger knocks"]
    time.sleep(WINDOW_S * 1.5)
    assert pages.lines[1:] == ["WARNING bot.storm: a stranger knocks (999 times more within 0.2 s)"]


def test_what_comes_again_after_a_quiet_while_is_written_at_once(pages: Pages) -> None:
    log.warning("a stranger knocks")
    time.sleep(WINDOW_S * 1.5)
    log.warning("a stranger knocks")
    assert len(pages.lines) == 2


def test_a_database_that_is_away_is_one_line_whoever_meets_it(pages: Pages) -> None:
    away = OperationalError("SELECT secret", {}, ServerGoneError("connection refused\nIs the server running?"))
    for number in range(100):
        fail(away, f"job {number} failed")
    (line,) = pages.lines
    assert line == "ERROR bot.database: The database does not answer: connection refused"


def test_what_a_library_puts_into_its_line_does_not_make_it_another(pages: Pages) -> None:
    scheduler = logging.getLogger("apscheduler.executors")
    scheduler.addHandler(pages)
    for second in range(60):
        scheduler.warning("Execution of job %s skipped", f"next run at 10:00:{second:02}")
    scheduler.removeHandler(pages)
    assert len(pages.lines) == 1


def test_two_different_faults_are_two_tracebacks(pages: Pages) -> None:
    for _ in range(50):
        fail(ZeroDivisionError("a"), "job a failed")
        fail(KeyError("b"), "job b failed")
    assert len(pages.lines) == 2
    assert all("Traceback" in line for line in pages.lines)


def test_each_reference_that_somebody_was_told_is_in_the_log(pages: Pages) -> None:
    for number in range(3):
        log.error("reference %d", number, extra={"always": True})
    assert len(pages.lines) == 3


def test_lines_that_are_no_trouble_are_all_written(pages: Pages) -> None:
    log.setLevel(logging.INFO)
    for _ in range(3):
        log.info("a sprint was closed")
    assert len(pages.lines) == 3
