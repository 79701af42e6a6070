"""`prickle demo`: one command, and somebody who was never here sees a company at work."""

import fcntl
import json
import re
import signal
import socket
import sqlite3
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.end_to_end.processes import Prickle, run, until


class Page:
    """The sandbox's page, as the browser asks for it."""

    def __init__(self, prickle: Prickle) -> None:
        prickle.says("Ctrl-C stops the demo")
        found = re.search(r"^(http://[\d.:]+)$", prickle.output, flags=re.MULTILINE)
        assert found is not None
        self._address = urlsplit(found[1]).netloc
        users = self.get("/sandbox/state")["users"]
        self._users = {user["display_name"]: user["id"] for user in users}

    def get(self, path: str, **query: str) -> Any:
        return self._ask("GET", f"{path}?{urlencode(query)}", None)

    def do(self, verb: str, person: str, **words: Any) -> Any:
        return self._ask("POST", f"/sandbox/do/{verb}", json.dumps({"as": self._users[person], **words}).encode())

    def state(self, person: str) -> Any:
        return self.get("/sandbox/state", **{"as": self._users[person]})

    def texts(self, person: str, channel: str) -> list[str]:
        channels = {each["name"]: each["id"] for each in self.state(person)["channels"]}
        messages = self.get("/sandbox/messages", **{"as": self._users[person], "channel": channels[channel]})
        return [message["text"] for message in messages["messages"]]

    def command(self, person: str, line: str) -> str:
        channel = self.state(person)["channels"][0]["id"]
        command, _, text = line.partition(" ")
        answer = self.do("command", person, channel=channel, command=command, text=text)
        assert answer["ok"], answer
        return json.dumps(self.state(person)["modal"]["stack"], ensure_ascii=False)

    def move_clock(self, verb: str) -> Any:
        return self._ask("POST", f"/sandbox/clock/{verb}", b"{}")

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        connection = HTTPConnection(self._address, timeout=5)
        try:
            connection.request(method, path, body, {"content-type": "application/json"})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


def test_the_first_click_shows_something_and_a_restart_keeps_it(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        until(lambda: len(page.texts("Ada", "sprints")) == 2, "both final plans in the company's channel")
        until(lambda: any("Waiting for Lena" in text for text in page.texts("Yuki", "team-mobile")), "Mobile's card")
        assert "Cut first-frame time" in page.command("Lee", "/sprint plan")
        assert "Ship the new timeline" in page.command("Ada", "/sprint plan")
        assert "forming" in page.command("Ada", "/small-team show array").casefold()
        assert "Off: Jonas" in page.command("Ada", "/sprint show ingestion")
        nobody = [name for name in ("Ivy", "Mia", "Tom") if "no small team" in page.command(name, "/sprint")]
        assert len(nobody) == 3
        page.do("say", "Ada", channel=page.state("Ada")["channels"][0]["id"], text="This stays.")
        prickle.send(signal.SIGINT)
        assert prickle.ends() == 0

    started = time.monotonic()
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        assert time.monotonic() - started < 10  # with a busy machine around it; make bench measures
        first = page.state("Ada")["channels"][0]["name"]
        assert "This stays." in page.texts("Ada", first)
        assert "Cut first-frame time" in page.command("Lee", "/sprint plan")
        assert len(page.texts("Ada", "sprints")) == 2
        prickle.send(signal.SIGTERM)
        assert prickle.ends() == 0
        assert "Traceback" not in prickle.output


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run(tmp_path, "demo", "--port", port)
    assert ended.returncode == 1
    assert ended.stderr == f"Port {port} is taken, perhaps by another demo. Choose one with --port, such as --port 0.\n"


def _content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_with_the_port_taken_nothing_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / ".demo").mkdir()
    (tmp_path / ".demo" / "slack.json").write_text("what somebody did")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(tmp_path, "demo", "--reset", "--port", str(taken.getsockname()[1])).returncode == 1
    assert _content(tmp_path / ".demo") == {"slack.json": b"what somebody did", "lock": b""}


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / ".demo"
    folder.mkdir()
    (folder / "slack.json").write_text("what somebody does")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for words in ((), ("--reset",)):
            ended = run(tmp_path, "demo", "--port", "0", *words)
            assert (ended.returncode, ended.stderr) == (
                1,
                "Another demo runs in .demo. Stop it first, or choose another --folder.\n",
            )
    assert _content(folder) == {"slack.json": b"what somebody does", "lock": b""}


def test_a_running_demo_survives_a_second_one(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        for words in ((), ("--reset",)):
            assert run(tmp_path, "demo", "--port", "0", *words).returncode == 1
        assert "Cut first-frame time" in page.command("Lee", "/sprint plan")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".demo").write_text("a file")
    ended = run(tmp_path, "demo", "--port", "0")
    assert ended.returncode == 1
    assert ended.stderr.startswith("The demo can't keep its state in .demo (")


def test_a_folder_that_holds_something_else_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".demo").mkdir()
    (tmp_path / ".demo" / "slack.json").write_text("not a workspace")
    ended = run(tmp_path, "demo", "--port", "0")
    assert ended.returncode == 1
    assert "cannot be read as a saved workspace" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_week_of_the_company_passes_while_one_watches_and_time_stays_where_it_was_left(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        began = page.get("/sandbox/clock")["now"]
        page.move_clock("week")
        until(lambda: page.get("/sandbox/clock")["run"] is None, "the week's end", patience_s=120)
        assert page.get("/sandbox/clock")["now"] - began >= 7 * 24 * 60 * 60
        titles = [text.splitlines()[0] for text in page.texts("Ada", "sprints")]
        assert len(titles) == len(set(titles)) >= 2  # one page a period
        mobile = page.texts("Yuki", "team-mobile")
        assert any("High priority" in text for text in mobile), "nobody of the cast answered"
        assert any("Retro: Mobile" in text and "Closed" in text for text in mobile), "nobody closed the retro"
        prickle.send(signal.SIGTERM)
        assert prickle.ends() == 0
        assert "Traceback" not in prickle.output
    with sqlite3.connect(tmp_path / ".demo" / "prickle.db") as db:
        sent = db.execute("SELECT card, count(*) FROM posts WHERE state = 'sent' GROUP BY card").fetchall()
    db.close()
    assert {"turn", "page", "plan", "sprint"} <= {card for card, _count in sent}
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        assert Page(prickle).get("/sandbox/clock")["now"] - began >= 7 * 24 * 60 * 60
