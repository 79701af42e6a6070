"""Every text that people read, by where it is shown: for a reader who goes through all of them.

The texts are read from the source, so that none is forgotten. `…` marks what is filled in later.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot/views", "bot/domain", "bot/cli", "bot/serving", "bot/demo", "handlers", "jobs", "sandbox")
FILES = ("bot/__main__.py", "bot/platform/settings.py", "bot/platform/errors.py")
PAGE = "sandbox/page"
_IN_SCRIPT = re.compile(r'"((?:[^"\\\n]|\\.)+)"')  # the sandbox's page is JavaScript: its texts are in double quotes
# Only what is raised for a person, or kept as a sentence, is shown of the rules.
RAISED = {"Refusal", "SettingsError", "SchemaError", "SandboxError", "Finding", "Outdated", "_failed"}
QUIET = {"log", "logging"}
_WORD = re.compile(r"[A-Z][a-z]+(?:…|\.)?")
_SQL = re.compile(r"\b(?:SELECT|BETWEEN|IS NULL|IS NOT NULL|IN \()\b|^[a-z_]+ (?:IS|IN|=|<)")


@dataclass(frozen=True)
class Text:
    """One text, and where it stands: a module and what in it, such as `planning.plans.form`."""

    place: str
    words: str
    line: int


def all_texts() -> Iterator[Text]:
    """All of them, by room and module, in the order of the source."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from _of_file(path, room)
    for name in FILES:
        yield from _of_file(ROOT / name, str(Path(name).parent))
    for path in sorted((ROOT / PAGE).rglob("*.js")):
        yield from _of_script(path)


def lines() -> Iterator[str]:
    """The print: a heading for each place, and its texts below it."""
    place = ""
    for text in all_texts():
        if text.place != place:
            place = text.place
            yield f"\n{place}"
        yield f"  {text.words}"


def _of_file(path: Path, room: str) -> Iterator[Text]:
    module = ".".join(path.relative_to(ROOT / room).with_suffix("").parts)
    name = f"{Path(room).name}: {module}" if module else room
    tree = ast.parse(path.read_text("utf-8"))
    only_raised = room in ("bot/domain", "jobs", "sandbox", "bot/platform", "bot/serving")
    for node in tree.body[1:]:  # the first is the module's docstring
        inside = getattr(node, "name", "")
        for found in _texts(node, only_raised=only_raised):
            yield Text(f"{name}.{inside}" if inside else name, found[0], found[1])


def _of_script(path: Path) -> Iterator[Text]:
    for number, row in enumerate(path.read_text("utf-8").splitlines(), start=1):
        for words in _IN_SCRIPT.findall(row):
            if words[0].isupper() and _is_text(words, sentence=False):
                yield Text(f"page: {path.stem}", words, number)


def _texts(node: ast.AST, *, only_raised: bool) -> Iterator[tuple[str, int]]:
    is_kept = isinstance(node, ast.Assign | ast.AnnAssign)
    for each in _walk(node, shown=not only_raised or is_kept):
        words = " ".join(_words(each).split())
        if _is_text(words, sentence=only_raised and is_kept):
            yield words, each.lineno


def _walk(node: ast.AST, *, shown: bool) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The strings of a tree that may be shown: not its docstrings, nor what goes to the log or raises another error."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        if shown:
            yield node
        return
    if isinstance(node, ast.Call):
        called = _name(node.func)
        if called.partition(".")[0] in QUIET:
            return
        shown = shown or called.rpartition(".")[2] in RAISED
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        shown = _name(node.exc.func).rpartition(".")[2] in RAISED
    for child in ast.iter_child_nodes(node):
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not is_docstring:
            yield from _walk(child, shown=shown)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) for part in node.values)
    # What a line fills in may have words of its own, such as `{"is" if … else "are"}`.
    parts = [
        _words(child) for child in ast.walk(node) if isinstance(child, ast.Constant) and isinstance(child.value, str)
    ]
    inner = [part for part in parts if _is_text(part, sentence=False)]
    return f"…{'|'.join(inner)}…" if inner else "…"


def _is_text(words: str, *, sentence: bool) -> bool:
    if not re.search(r"[A-Za-z]{2}", words) or _SQL.search(words):
        return False
    if sentence:
        return " " in words and words[0].isupper()
    return " " in words.strip("… ") or _WORD.fullmatch(words) is not None
