"""What is installed, and where: the locks, the image, and the two ways in."""

import re
import subprocess
import sys
import tomllib
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.lock": [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)],
    "requirements-serve.lock": PROJECT["dependencies"],
}


def _locked(lock: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;]+)", lock, flags=re.MULTILINE)
    return dict(found)


def _asked_for_directly(lock: str) -> set[str]:
    """The packages whose entry says that the project itself wants them."""
    entries = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)
    return {next(iter(_locked(entry))) for entry in entries if "prickle (pyproject.toml)" in entry}


def _out_of_date(lock: str, wanted: list[str]) -> list[str]:
    locked = _locked(lock)
    asked = {canonicalize_name(each.name): each for each in map(Requirement, wanted) if each.name != "prickle"}
    unmet = [name for name, each in asked.items() if locked.get(name, "0") not in each.specifier]
    return [*unmet, *(_asked_for_directly(lock) - asked.keys())]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_agrees_with_the_project(name: str) -> None:
    assert not _out_of_date((ROOT / name).read_text("utf-8"), LOCKS[name]), "run make lock"


def test_a_lock_that_is_behind_is_seen() -> None:
    lock = (ROOT / "requirements-serve.lock").read_text("utf-8")
    wanted = PROJECT["dependencies"]
    assert _out_of_date(lock, [*wanted, "httpx>=0.28"]) == ["httpx"]
    assert _out_of_date(lock, [*wanted[1:], "alembic>=99"]) == ["alembic"]
    assert _out_of_date(lock, [each for each in wanted if "typer" not in each]) == ["typer"]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_place_and_has_a_hash_for_everything(name: str) -> None:
    lock = (ROOT / name).read_text("utf-8")
    assert "://" not in lock
    assert not re.search(r"^\s*--(?!hash=)|\b[a-z0-9-]+\.(org|com|io|net)\b", lock, re.MULTILINE)
    for entry in re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry


def test_the_image_installs_nothing_but_what_the_bot_needs() -> None:
    served = set(_locked((ROOT / "requirements-serve.lock").read_text("utf-8")))
    assert not served & {"pytest", "ruff", "mypy", "uvicorn", "starlette", "playwright", "setuptools", "uv"}
    assert not served & {"matplotlib", "numpy"}, "pictures are drawn with Pillow, in a hundredth of the memory"


def test_the_pages_files_are_packed_once_and_its_python_as_modules() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"][
        "sandbox"
    ]
    page = {each for each in (ROOT / "sandbox" / "page").iterdir() if each.is_file()}
    assert {each for form in packed for each in (ROOT / "sandbox").glob(form)} == {
        each for each in page if each.suffix != ".py"
    }


# --- the image --------------------------------------------------------------------------------------------------


def _stages() -> list[list[str]]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    starts = [place for place, line in enumerate(lines) if line.startswith("FROM ")]
    ends = [*starts[1:], len(lines)]
    return [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def _words(stage: list[str], instruction: str) -> list[str]:
    return [line.split(maxsplit=1)[1] for line in stage if line.startswith(f"{instruction} ")]


def test_the_base_image_is_an_argument_of_every_stage() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert "ARG BASE=python:3.13-slim" in list(takewhile(lambda line: not line.startswith("FROM"), text.splitlines()))
    assert len(_stages()) == 2
    assert all(stage[0].startswith("FROM ${BASE}${DIGEST:+@${DIGEST}}") for stage in _stages())
    assert "ARG DIGEST=" in text.splitlines(), "left out, the tag alone says which image it is"


def test_the_last_stage_builds_nothing() -> None:
    assert not [run for run in _words(_stages()[-1], "RUN") if re.search(r"\b(apt|apt-get|pip|gcc|make|uv)\b", run)]


def test_the_image_runs_as_nobody_special_and_gets_its_signals() -> None:
    last = _stages()[-1]
    assert _words(last, "USER") == ["10001:10001"], "Kubernetes' runAsNonRoot takes no name"
    assert any("--gid 10001" in run and "--uid 10001" in run for run in _words(last, "RUN"))
    assert _words(last, "ENTRYPOINT") == ['["/usr/local/bin/docker-entrypoint.sh"]']
    assert _words(last, "CMD") == ['["serve"]']
    assert any("/healthz" in line for line in last)


def _started(folder: Path, *words: str, migrating: str = "true") -> tuple[int, list[str]]:
    """The exit status of the image's entry point, and what it made `prickle` do; while migrating it runs a command."""
    stand_in = folder / "prickle"
    stand_in.write_text(f'#!/bin/sh\necho "$@" >> {folder}/done\n[ "$1" != migrate ] || {migrating}\n')
    stand_in.chmod(0o755)
    entry = ["/bin/sh", str(ROOT / "docker-entrypoint.sh"), *words]
    ended = subprocess.run(entry, env={"PATH": f"{folder}:/usr/bin:/bin"}, timeout=10, check=False)
    return ended.returncode, (folder / "done").read_text("utf-8").splitlines()


def test_the_image_migrates_before_it_serves(tmp_path: Path) -> None:
    assert _started(tmp_path, "serve") == (0, ["migrate", "serve"])


def test_the_image_does_nothing_but_what_it_is_told(tmp_path: Path) -> None:
    assert _started(tmp_path, "migrate", "--check") == (0, ["migrate --check"])
    assert _started(tmp_path, "doctor") == (0, ["migrate --check", "doctor"])


def test_the_image_does_not_serve_after_a_migration_that_failed_or_was_stopped(tmp_path: Path) -> None:
    assert _started(tmp_path, "serve", migrating="exit 1") == (1, ["migrate"])
    assert _started(tmp_path, "serve", migrating="kill -TERM $PPID") == (143, ["migrate", "migrate"])


def test_the_image_gets_every_file_that_it_copies() -> None:
    allowed = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = {word for stage in _stages() for words in _words(stage, "COPY") if "--from" not in words
              for word in words.split()[:-1] if not word.startswith("--")}  # fmt: skip
    assert copied == {line.removeprefix("!") for line in allowed if line.startswith("!")}
    assert all((ROOT / each).exists() for each in copied)


# --- beside other programs --------------------------------------------------------------------------------------


def test_nothing_copies_packages_of_such_common_names_among_those_of_other_programs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index", "--target"]
    done = subprocess.run([*command, tmp_path / "site", ROOT], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "it runs from its checkout, with `make`, or as an image" in done.stdout + done.stderr
    assert not (tmp_path / "site").exists()
