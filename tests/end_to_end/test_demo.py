"""`prickle demo`: one command, and somebody who was never here sees a company at work."""

import fcntl
import json
import re
import signal
import socket
import sqlite3
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from tests.end_to_end.processes import Prickle, run, until

EVERYBODY = ("Ada", "Elena", "Jonas", "Kofi", "Lee", "Lena", "Noor", "Omar", "Priya", "Sam", "Wei", "Yuki")


class Page:
    """The sandbox's page, as the browser asks for it."""

    def __init__(self, prickle: Prickle) -> None:
        prickle.says("Ctrl-C stops the demo")
        found = re.search(r"^(http://[\d.:]+)$", prickle.output, flags=re.MULTILINE)
        assert found is not None
        self._address = urlsplit(found[1]).netloc
        users = self.get("/sandbox/state")["users"]
        self._users: dict[str, str] = {user["display_name"]: user["id"] for user in users}

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

    def dms(self, person: str, containing: str = " ends, ") -> list[str]:
        """What the app said to somebody in private, as a rule about the turn to the next sprint."""
        there = {each["name"] for each in self.state(person)["channels"]}
        said = self.texts(person, "Prickle") if "Prickle" in there else []
        return [text for text in said if containing in text]

    def name(self, user_id: str) -> str:
        return {each: name for name, each in self._users.items()}[user_id]

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


def berlin(page: Page) -> datetime:
    """What time it is in the demo, for most of its people."""
    return datetime.fromtimestamp(page.get("/sandbox/clock")["now"], ZoneInfo("Europe/Berlin"))


def test_the_first_click_shows_something_and_a_restart_keeps_it(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        assert f"{berlin(page):%A %H:%M}" == "Friday 09:59"
        (sprints,) = page.texts("Ada", "sprints")
        assert all(name in sprints for name in ("Replay", "Ingestion", "Mobile", "PostHog AI"))
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
        assert len(page.texts("Ada", "sprints")) == 1
        prickle.send(signal.SIGTERM)
        assert prickle.ends() == 0
        assert "Traceback" not in prickle.output


def test_it_begins_a_minute_before_the_turn_with_what_the_last_retro_led_to(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        east = [name for name in EVERYBODY if page.dms(name)]
        assert east == ["Priya", "Wei", "Yuki"]  # it was their ten o'clock hours ago
        for team, marks in (
            ("replay", "🟢 2 · 🟡 4 · 🔴 1 · ⚪ 1"),
            ("ingestion", "🟢 2 · 🟡 2"),
            ("mobile", "🟢 1 · 🟡 1 · ⚪ 1"),
        ):
            (final,) = [
                text for text in page.texts("Ivy", f"team-{team}") if "High priority" in text and "So far" in text
            ]
            assert final.splitlines()[1] == f"So far: {marks}"
        earlier = [each for each in page.texts("Ada", "team-replay") if each.startswith("Retro:")]
        assert ["*One improvement:* Delete every alarm that nobody acted on — Noor" in each for each in earlier] == [
            True
        ]
        assert "Delete every alarm that nobody acted on" in page.command("Noor", "/sprint")
        assert any("*Who takes it?*" in each for each in page.texts("Jonas", "team-ingestion"))

        following = page.get("/sandbox/clock")
        names = sorted(page.name(each) for each in following["people"])
        assert names == ["Ada", "Elena", "Jonas", "Lena", "Noor"]
        page.move_clock("next")
        until(lambda: page.get("/sandbox/clock")["run"] is None, "the next prompt")
        assert f"{berlin(page):%A %H:%M}" == "Friday 10:00"
        until(lambda: all(page.dms(name) for name in names), "everybody's turn")
        assert page.dms("Lee") == []
        for name in ("Elena", "Omar"):
            assert page.dms(name, "You have triage at") == []  # they read of it on Monday
        assert "Traceback" not in prickle.output


def test_the_page_says_who_is_who(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        roles = {user["display_name"]: user["role"] for user in page.get("/sandbox/state")["users"]}
        assert roles["Ada"] == "leads Replay"
        assert roles["Sam"] == "in Replay"
        assert roles["Ivy"] == roles["Mia"] == roles["Tom"] == "in no team"
        assert roles["Rosa"] == roles["Prickle"] == ""
        assert roles["Omar"] == "leads Array, has triage"
        on_triage = {name for name, role in roles.items() if role.endswith(", has triage")}
        assert len(on_triage & {"Elena", "Kofi", "Wei"}) == 1  # whoever has this week
        assert len(on_triage) == 2


def test_ones_calendar_is_at_an_address_on_this_machine(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        stack = json.loads(page.command("Ada", "/prickle calendar"))
        window = {"type": "view", "view_id": stack[-1]["id"]}
        assert page.do("click", "Ada", container=window, action_id="calendar_make")["ok"]
        until(lambda: "/calendar/" in str(page.state("Ada")["modal"]["stack"]), "the address")
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/calendar/[\w-]+\.ics", str(page.state("Ada")["modal"]["stack"]))
        with urlopen(url, timeout=10) as answer:  # noqa: S310  (it is our own)
            calendar = answer.read().decode()
        assert "SUMMARY:Replay: wrap up and plan" in calendar


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


def test_two_weeks_of_the_company_pass_and_no_new_plan_holds_what_was_settled(tmp_path: Path) -> None:
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        page = Page(prickle)
        began = page.get("/sandbox/clock")["now"]
        for week in (1, 2):
            page.move_clock("week")
            until(lambda: page.get("/sandbox/clock")["run"] is None, "the week's end", patience_s=240)
            assert page.get("/sandbox/clock")["now"] - began >= week * 7 * 24 * 60 * 60
        titles = [text.splitlines()[0] for text in page.texts("Ada", "sprints")]
        assert len(titles) == len(set(titles)) == 3  # one page a period
        mobile = page.texts("Yuki", "team-mobile")
        assert any("Retro: Mobile" in text and "Closed" in text for text in mobile), "nobody closed the retro"
        exported = {
            team: page.command("Ada", f"/sprint export {team}") for team in ("replay", "ingestion", "posthog ai")
        }
        prickle.send(signal.SIGTERM)
        assert prickle.ends() == 0
        assert "Traceback" not in prickle.output
    with sqlite3.connect(tmp_path / ".demo" / "prickle.db") as db:
        sent = db.execute("SELECT card, count(*) FROM posts WHERE state = 'sent' GROUP BY card").fetchall()
        assert {"turn", "page", "plan", "sprint", "retro"} <= {card for card, _count in sent}
        the_company_finished_learned_planned_and_finalized(db, datetime.fromtimestamp(began, UTC).date())
        for team, markdown in exported.items():
            settled = db.execute(SETTLED_BEFORE, {"team": team}).fetchall()
            assert len(settled) >= 2, team
            _retro, heading, plan = markdown.partition("## Plan")
            assert heading, team
            assert [title for (title,) in settled if title in plan] == [], team
    db.close()
    with Prickle(tmp_path, "demo", "--port", "0") as prickle:
        assert Page(prickle).get("/sandbox/clock")["now"] - began >= 14 * 24 * 60 * 60


def the_company_finished_learned_planned_and_finalized(db: sqlite3.Connection, friday: date) -> None:
    held = db.execute(
        PLANS, {"since": friday.isoformat(), "until": (friday + timedelta(days=14)).isoformat()}
    ).fetchall()
    by_team = Counter(name for name, *_ in held)
    assert by_team == {"Replay": 1, "Ingestion": 1, "PostHog AI": 1, "Mobile": 2}
    for name, is_final, items, improvement in held:
        assert is_final, name
        assert items >= 3, name
        assert improvement, f"{name} learned nothing"
    carried = db.execute(CARRIED).fetchall()
    assert len(carried) >= 4
    assert [row for row in carried if row[1] in ("finished", "wont_finish")] == []
    assert db.execute("SELECT count(*) FROM planned_actions").fetchone()[0] >= 4  # somebody took them


# Who planned what since the demo began, whether it is final, and what the retro before led to.
PLANS = """
    SELECT teams.name, sprints.finalized_at IS NOT NULL,
        (SELECT count(*) FROM items WHERE items.sprint_id = sprints.id),
        (SELECT actions.text FROM actions JOIN retros ON retros.id = actions.retro_id JOIN sprints AS earlier
            ON earlier.id = retros.sprint_id WHERE actions.is_improvement AND earlier.team_id = teams.id
            AND earlier.starts_on < sprints.starts_on AND earlier.ends_on >= date(sprints.starts_on, '-3 days'))
    FROM sprints JOIN teams ON teams.id = sprints.team_id WHERE sprints.starts_on BETWEEN :since AND :until
"""
# What stands in a plan because it was carried over, and how far it is where it came from.
CARRIED = """
    SELECT again.title, origin.mark FROM items AS again JOIN items AS origin ON origin.id = again.carried_from_id
    WHERE again.dropped_at IS NULL
"""
SETTLED_BEFORE = """
    SELECT items.title FROM items JOIN sprints ON sprints.id = items.sprint_id JOIN teams ON teams.id = sprints.team_id
    WHERE teams.name_key = :team AND items.mark IN ('finished', 'wont_finish') AND sprints.starts_on < (
        SELECT max(starts_on) FROM sprints AS final WHERE final.team_id = teams.id AND final.finalized_at IS NOT NULL)
"""
