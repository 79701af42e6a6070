"""What stands in no log, at any level, whatever goes wrong: the words that people typed."""

import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.intake import events
from bot.domain.planning import plans
from bot.platform import logs
from bot.platform.crypto import new_key
from bot.platform.errors import Refusal
from bot.platform.ticks import Ticks
from tests.feedback import ADVICE, EFFECT, SECRET, begin, dm, give
from tests.stories import Story
from tests.world import KEY, World

TYPED = "our secret plan for Tuesday"
ALL = (TYPED, SECRET, EFFECT, ADVICE)


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Two teams that have given no feedback yet."""
    return after(begin)


@pytest.fixture(params=["human", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that is logged at DEBUG, as `prickle serve` writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logs.handler(request.param, stream), root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def quoted(stream: io.StringIO) -> list[str]:
    """The lines that quote somebody."""
    return [line for line in stream.getvalue().splitlines() if any(words in line for words in ALL)]


def test_a_day_of_work_leaves_no_word_in_the_log(replay: World, written: io.StringIO) -> None:
    logging.getLogger("bot").debug("and this would be seen")
    replay.sweep()
    replay.plan("ada", high=TYPED)
    give(replay, "ada", "lee")
    replay.person("lee").press("Keep as my action", dm(replay, "lee"))
    replay.person("noor").command(f"/reach-out {TYPED}")
    message = replay.person("lee").say(TYPED, channel="team-posthog-ai")
    for emoji in ("retro", "hedgehog"):
        replay.person("lee").react(emoji, message)
    replay.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    replay.run_with(feedback_keys=new_key())
    replay.post()
    assert quoted(written) == []
    assert "and this would be seen" in written.getvalue()


def test_a_wrong_signature_is_logged_with_what_to_do_and_without_the_body(replay: World, written: io.StringIO) -> None:
    replay.run_with(feedback_keys=KEY)  # Bolt takes its level from the root's when it is made
    replay.slack.app.signing_secret = "another one"
    replay.slack.raise_on_trouble = False
    replay.person("ada").command(f"/sprint show {TYPED}")
    assert quoted(written) == []
    assert "signature is wrong, so it was turned away" in written.getvalue()
    assert "SLACK_SIGNING_SECRET" in written.getvalue()


def test_a_request_that_nothing_listens_to_is_logged_without_its_words(replay: World, written: io.StringIO) -> None:
    message = replay.person("ada").say("Hello", channel="team-replay")
    action = {"type": "button", "action_id": TYPED, "block_id": "b", "value": TYPED}
    replay.run_with(feedback_keys=KEY)
    replay.forge_press("ada", message, action)
    assert "from an older version" in str(replay.person("ada").view)
    assert quoted(written) == []


def test_an_exception_is_logged_by_its_kind_and_place_whatever_it_says(
    replay: World, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        try:
            int(TYPED)
        except ValueError as error:
            error.add_note(TYPED)
            raise LookupError(f"there is no {TYPED}") from error

    monkeypatch.setattr(plans, "send", fail)
    ada = replay.person("ada")
    ada.command("/sprint plan")
    assert "reference" in str(ada.submit(high=TYPED))
    assert quoted(written) == []
    for said in ("ValueError", "LookupError", "in fail", "handlers/planning/plans.py"):
        assert said in written.getvalue()


@pytest.mark.parametrize(
    ("error", "said"), [(ValueError(TYPED), "attempt 1 failed"), (Refusal(TYPED, field="title"), "makes no request")]
)
def test_what_stops_a_stored_event_is_logged_without_its_words(
    replay: World, written: io.StringIO, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(events, "reach_out", fail)
    replay.sweep()
    replay.person("lee").say(TYPED, channel="team-posthog-ai")
    replay.slack.settle()
    replay.post()
    assert quoted(written) == []
    assert said in written.getvalue()


def test_an_error_of_the_database_is_logged_without_the_values_of_the_row(replay: World, written: io.StringIO) -> None:
    with replay.db.begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER TABLE items ADD CONSTRAINT short CHECK (length(title) < 3)"))
        else:
            refuse = "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed'); END"
            session.execute(text(f"CREATE TRIGGER short BEFORE INSERT ON items {refuse}"))
    ada = replay.person("ada")
    ada.command("/sprint plan")
    assert "reference" in str(ada.submit(high=TYPED))
    assert "IntegrityError" in written.getvalue()
    assert quoted(written) == []


def test_the_databases_own_words_quote_the_row_and_are_left_out(replay: World, written: io.StringIO) -> None:
    with pytest.raises(IntegrityError) as caught, replay.db.begin() as session:
        session.execute(text("INSERT INTO people (id, name) VALUES (:id, NULL)"), {"id": TYPED})
    logging.getLogger("jobs").error("it failed", exc_info=caught.value)
    assert quoted(written) == []
    assert "sqlalchemy.exc.IntegrityError" in written.getvalue()
    assert "NOTNULL" in written.getvalue() or "23502" in written.getvalue()


@pytest.mark.parametrize("name", ["slack_sdk.web.base_client", "slack_bolt.App", "websocket", "waitress", "anything"])
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "ERROR"])
def test_what_a_library_says_is_left_out_and_where_it_said_so_is_kept(
    written: io.StringIO, name: str, level: str
) -> None:
    library = logging.getLogger(name)
    before = library.level
    library.setLevel("DEBUG")
    library.log(getattr(logging, level), "got %s", TYPED, extra={"body": TYPED})
    library.log(getattr(logging, level), f"Failed to send a request to Slack API server: {TYPED}")
    library.setLevel(before)
    assert quoted(written) == []
    lines = written.getvalue()
    assert ("test_logs.py" in lines, "Failed to send a request to Slack API server" in lines) == (level != "DEBUG",) * 2


def test_a_thread_that_dies_and_a_line_that_can_not_be_formatted_quote_nobody(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def die() -> None:
        raise ValueError(TYPED)

    monkeypatch.setattr(threading, "excepthook", logs.thread_failed)
    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    line = logging.LogRecord("bot", logging.INFO, "file.py", 7, "%d", (TYPED,), None)
    next(each for each in logging.getLogger().handlers if isinstance(each, logs.DiscreetHandler)).emit(line)
    assert "a thread has ended" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert "could not be written" in written.getvalue()
    assert quoted(written) == []
    assert TYPED not in capsys.readouterr().err


def test_json_is_one_object_a_line_with_the_traceback_in_it() -> None:
    stream = io.StringIO()
    handler = logs.handler("json", stream)
    try:
        int(TYPED)
    except ValueError as error:
        record = logging.LogRecord("jobs", logging.ERROR, "f.py", 1, "it failed", (), (type(error), error, None))
    handler.emit(record)
    line = cast("dict[str, Any]", json.loads(stream.getvalue()))
    assert (line["message"], line["level"], line["logger"]) == ("it failed", "ERROR", "jobs")
    assert "ValueError" in line["exc_info"]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """A log as `prickle serve` configures it, and what comes out."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.configure("INFO", "human")
    return capsys


def test_a_tick_that_comes_while_the_last_one_works_is_no_line_in_the_log(
    configured: pytest.CaptureFixture[str],
) -> None:
    gate, ticks = threading.Event(), Ticks()
    ticks.tick("slow", lambda: gate.wait(5), seconds=1)
    ticks.start()
    time.sleep(2.5)
    gate.set()
    ticks.shutdown()
    assert configured.readouterr().err == ""
