"""Where PRICKLE_ALL_TESTS is set, a skipped test is a failed one: what CI leaves out, nobody looks at."""

import os
from collections.abc import Generator

import pytest

WORDS = "This test was skipped, and with PRICKLE_ALL_TESTS every test has to run."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself, or is marked so."""
    report = yield
    _count_as_failed(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file that skips itself."""
    report = yield
    _count_as_failed(report)
    return report


def _count_as_failed(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected = hasattr(report, "wasxfail")
    if report.outcome == "skipped" and not expected and os.environ.get("PRICKLE_ALL_TESTS"):
        report.outcome = "failed"
        report.longrepr = f"{WORDS}\n{report.longrepr}"
