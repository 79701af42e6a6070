"""The rules of the house that no linter knows, each a small reading of the syntax tree.

A line that has to break one says why in a comment: `# room: <why>`. Every rule is also held against a few lines that
break it, so that none of them is blind.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from slack_bolt.kwargs_injection.args import Args

from handlers import FEATURES
from jobs import JOBS

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "jobs", "models", "migrations")
ESCAPE = re.compile(r"# room: \w+")


@dataclass(frozen=True)
class Code:
    """A file, read. `path` is relative to the repository."""

    path: str
    source: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    def line(self, number: int) -> str:
        return self.source.splitlines()[number - 1]

    def lines(self, node: ast.stmt | ast.ExceptHandler) -> list[str]:
        return self.source.splitlines()[node.lineno - 1 : node.end_lineno]


Find = Callable[[Code], Iterator[int]]


@dataclass(frozen=True)
class Rule:
    """`find` yields the lines of a file that break it; `bad` is a file that does."""

    find: Find
    applies: Callable[[str], bool]
    bad: str

    @property
    def __name__(self) -> str:
        return self.find.__name__

    def broken_in(self, code: Code) -> list[str]:
        if not self.applies(code.path):
            return []
        lines = sorted(set(self.find(code)))
        return [
            f"{code.path}:{line}: {code.line(line).strip()}" for line in lines if not ESCAPE.search(code.line(line))
        ]


RULES: list[Rule] = []


def rule(*, bad: str, only_in: tuple[str, ...] = (), not_in: tuple[str, ...] = ()) -> Callable[[Find], Find]:
    def applies(path: str) -> bool:
        return (not only_in or path.startswith(only_in)) and not path.startswith(not_in or ("\0",))

    def add(find: Find) -> Find:
        RULES.append(Rule(find, applies, bad))
        return find

    return add


# --- the rules --------------------------------------------------------------------------------------------------


@rule(
    not_in=("bot/platform/database.py", "migrations/"),
    bad="def join(session):\n    session.add(1)\n    session.commit()\n",
)
def nobody_commits(code: Code) -> Iterator[int]:
    """One transaction is one decision. A commit in the middle leaves half of it when the second half is refused."""
    yield from (call.lineno for call in _calls(code) if _method(call) in ("commit", "rollback"))


@rule(
    not_in=(
        "bot/platform/database.py",
        "handlers/",
        "jobs/",
        "bot/cli/",
        "bot/demo/",
    ),
    bad="def join(db):\n    with db.begin() as session:\n        pass\n",
)
def transactions_begin_in_handlers_and_jobs(code: Code) -> Iterator[int]:
    """Who begins a transaction decides what belongs together, and that is who was asked: a handler or a job."""
    for call in _calls(code):
        if _method(call) in ("begin", "read") and _owner(call) in ("db", "_db", "database"):
            yield call.lineno


@rule(
    not_in=("jobs/outbox/delivery.py",),
    bad="def sent(ack, client):\n    client.chat_postMessage(channel='C1', text='done')\n    ack()\n",
)
def only_delivery_posts(code: Code) -> Iterator[int]:
    """A message sent from a handler is lost when Slack is slow, and stands there when the transaction was rolled back."""
    posting = ("chat_postMessage", "chat_update", "chat_postEphemeral", "chat_scheduleMessage", "api_call")
    yield from (call.lineno for call in _calls(code) if _method(call) in posting)


@rule(
    only_in=("handlers/",),
    not_in=("handlers/errors.py",),
    bad="def sent(ack):\n    try:\n        decide()\n    except ValueError:\n        pass\n    ack()\n",
)
def handlers_hold_no_try(code: Code) -> Iterator[int]:
    """One place turns a "no" into words. A handler that catches it answers in its own way, and hides what went wrong."""
    yield from (node.lineno for node in ast.walk(code.tree) if isinstance(node, ast.Try | ast.TryStar))


@rule(
    only_in=("handlers/",),
    bad="def sent(ack, db):\n    ack()\n    with db.begin() as session:\n        decide(session)\n",
)
def ack_is_the_last_word(code: Code) -> Iterator[int]:
    """What comes after the acknowledgement can fail, and the person was told that all is well."""
    for function in _functions(code):
        if "ack" in _parameters(function):
            if not _ends_with_ack(function.body):
                yield function.lineno
            yield from _acks_with_something_after(function.body, last=True)


@rule(
    only_in=("models/",),
    bad="class Team:\n    members = relationship(order_by='seat')\n",
)
def relationships_raise_when_lazy(code: Code) -> Iterator[int]:
    """A lazy load after the transaction is a crash, and within it a query for every row. `lazy="raise"` names the line."""
    for call in _calls(code):
        if _method(call) == "relationship":
            lazy = next((word.value for word in call.keywords if word.arg == "lazy"), None)
            if not (isinstance(lazy, ast.Constant) and lazy.value == "raise"):
                yield call.lineno


@rule(
    not_in=("bot/platform/clock.py",),
    bad="from datetime import datetime\n\ndef today():\n    return datetime.now()\n",
)
def one_line_reads_the_clock(code: Code) -> Iterator[int]:
    """A rule that reads the clock itself can't be tested on a Sunday in autumn, when an hour comes twice."""
    clocks = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today"), ("time", "time")}
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Attribute) and (_name(node.value), node.attr) in clocks:
            yield node.lineno


@rule(
    bad="def tick():\n    try:\n        post()\n    except Exception:\n        pass\n",
)
def nothing_is_swallowed(code: Code) -> Iterator[int]:
    """`except Exception: pass` turns a bug into a riddle. Log it, raise it, or say in a comment why it is nothing."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _name(node.type) in BROAD):
            says_why = any("#" in line for line in code.lines(node))
            tells = any(isinstance(each, ast.Raise) or _logs(each) for each in ast.walk(node))
            if not (says_why or tells):
                yield node.lineno


@rule(
    only_in=("handlers/", "bot/views/"),
    not_in=("bot/views/kit/keys.py",),
    bad="def read_row(value):\n    return int(value)\n",
)
def one_reader_knows_nonsense(code: Code) -> Iterator[int]:
    """What a button or a form carries may be an older version's, or forged. `bot.views.kit.keys` answers that in words;
    a bare `int(value)` or `json.loads(…)` answers with a traceback."""
    for call in _calls(code):
        is_number = isinstance(call.func, ast.Name) and call.func.id == "int"
        is_text = (_owner(call), _method(call)) in OTHER_READERS or _method(call) == "fromisoformat"
        if is_number or is_text:
            yield call.lineno


@rule(
    only_in=("handlers/", "bot/views/"),
    not_in=("bot/views/kit/keys.py",),
    bad="def read_form(fields):\n    return Mark(fields.choice('mark'))\n",
)
def one_reader_knows_words(code: Code) -> Iterator[int]:
    """A word that came back from a form is one of a few only if nobody forged it. `kit.keys.word` says so in words;
    a bare `Mark(…)` in a reader answers with a traceback."""
    for function in ast.walk(code.tree):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("read_"):
            calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
            yield from (call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id in WORDS)


def _words() -> set[str]:
    """The kinds of which there are a few words each."""
    files = (file for room in ("bot", "models") for file in (ROOT / room).rglob("*.py"))
    return {name for file in files for name in re.findall(r"^class (\w+)\(StrEnum\)", file.read_text("utf-8"), re.M)}


WORDS = _words()
OTHER_READERS = {("json", "loads"), ("ast", "literal_eval")}
BROAD = ("Exception", "BaseException")


# --- held against the house, and against what breaks them -------------------------------------------------------


def _house() -> list[Code]:
    files = (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))
    return [Code(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for file in files]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    broken = [line for code in _house() for line in rule.broken_in(code)]
    assert not broken, f"{rule.find.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_sees_what_breaks_it(rule: Rule) -> None:
    path = next(
        path for path in ("handlers/x.py", "models/x.py", "bot/domain/x.py", "bot/views/x.py") if rule.applies(path)
    )
    assert rule.broken_in(Code(path, rule.bad))
    lines = rule.find(Code(path, rule.bad))
    escaped = rule.bad.splitlines()
    for line in set(lines):
        escaped[line - 1] += "  # room: a test wants it so"
    assert not rule.broken_in(Code(path, "\n".join(escaped) + "\n"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_says_why(rule: Rule) -> None:
    assert len((rule.find.__doc__ or "").split()) >= 8


# --- what a listener may ask for --------------------------------------------------------------------------------

OUR_WORDS = {"db", "vault", "me", "argument", "entries"}  # bot.app hands these to every listener


def _unknown_parameters(handler: Callable[..., None]) -> set[str]:
    return set(inspect.signature(handler).parameters) - set(Args.__annotations__) - OUR_WORDS


def test_every_parameter_of_a_handler_is_one_that_somebody_provides() -> None:
    """Bolt gives None for a name that it does not know, with a warning in the log and nothing else."""
    handlers = [
        handler
        for feature in FEATURES
        for group in (*feature.verbs.values(), feature.events, feature.actions, feature.views, feature.options)
        for handler in group.values()
    ]
    handlers += [entry.answer for feature in FEATURES for entry in feature.entries]
    handlers += [shortcut.answer for feature in FEATURES for shortcut in feature.shortcuts]
    assert len(handlers) > 20
    unknown = {handler.__qualname__: _unknown_parameters(handler) for handler in handlers}
    assert not {name: words for name, words in unknown.items() if words}


def test_a_misspelt_parameter_is_seen() -> None:
    def handler(akc: object, database: object) -> None: ...

    assert _unknown_parameters(handler) == {"akc", "database"}


# --- doors and names --------------------------------------------------------------------------------------------


def _sentences(text: str) -> int:
    return len(re.findall(r"[.!?](?=\s|$)", text))


def test_every_package_has_a_door_sign_of_three_sentences() -> None:
    """What lives here, what must not, who may come in: whoever adds a file reads it first."""
    packages = [file for room in (*ROOMS, "sandbox", "tests") for file in (ROOT / room).rglob("__init__.py")]
    signs = {str(file.relative_to(ROOT)): ast.get_docstring(ast.parse(file.read_text("utf-8"))) for file in packages}
    assert not [path for path, sign in signs.items() if _sentences(sign or "") != 3]


def test_a_door_sign_of_two_sentences_is_seen() -> None:
    assert _sentences("Here live the tests.\n\nNo other code does.") == 2


def _files(room: str) -> set[str]:
    """The files of a room by wing: `planning/plans`."""
    wings = (folder for folder in (ROOT / room).iterdir() if (folder / "__init__.py").exists())
    return {f"{wing.name}/{file.stem}" for wing in wings for file in wing.glob("*.py") if file.stem != "__init__"}


def _strangers(screens: set[str], rules: set[str]) -> set[str]:
    """Files of handlers or views that have no rules of the same name. What all views share is no wing."""
    return {name for name in screens - rules if not name.startswith("kit/")}


def test_a_feature_has_the_same_name_in_every_room() -> None:
    """Whoever looks for the rules of a screen finds them under the screen's name."""
    rules = _files("bot/domain")
    assert len(rules) > 50
    assert not _strangers(_files("handlers"), rules)
    assert not _strangers(_files("bot/views"), rules)
    assert _files("handlers") <= _files("bot/views"), "every feature shows something"


def test_a_stranger_is_seen() -> None:
    assert _strangers({"kit/pictures", "planning/plans", "planning/misc"}, {"planning/plans"}) == {"planning/misc"}


def test_a_wings_tables_are_one_file_of_its_name() -> None:
    wings = {folder.name for folder in (ROOT / "bot/domain").iterdir() if folder.is_dir()}
    tables = {file.stem for file in (ROOT / "models").iterdir()} - {"__init__", "__pycache__", "base"}
    assert tables <= wings


def _unregistered(feature_files: set[str], registered: set[str]) -> set[str]:
    return feature_files - registered


def test_every_feature_is_in_its_wings_list() -> None:
    """A handler nobody registered is a button that does nothing."""
    files = {
        f"handlers.{name.replace('/', '.')}"
        for name in _files("handlers")
        if "FEATURE = Feature(" in (ROOT / "handlers" / f"{name}.py").read_text("utf-8")
    }
    modules = (importlib.import_module(name) for name in files)
    registered = {module.__name__ for module in modules if any(module.FEATURE is each for each in FEATURES)}
    assert len(files) > 30
    assert _unregistered(files, registered) == set()
    assert len(FEATURES) == len(files), "each once"


def test_every_handler_is_a_feature() -> None:
    files = (ROOT / "handlers" / f"{name}.py" for name in _files("handlers"))
    assert not [str(file) for file in files if "FEATURE = Feature(" not in file.read_text("utf-8")]


def test_every_job_is_in_the_list() -> None:
    """A job nobody registered never runs."""
    files = [file for file in (ROOT / "jobs").rglob("*.py") if re.search(r"^JOBS = ", file.read_text("utf-8"), re.M)]
    names = [str(file.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__") for file in files]
    listed = [job for name in names if name != "jobs" for job in importlib.import_module(name).JOBS]
    assert len(listed) > 12
    assert sorted(job.name for job in listed) == sorted(job.name for job in JOBS)


def test_a_feature_that_nobody_registered_is_seen() -> None:
    assert _unregistered({"handlers.planning.plans", "handlers.planning.new"}, {"handlers.planning.plans"}) == {
        "handlers.planning.new"
    }


# --- length -----------------------------------------------------------------------------------------------------

LONGEST = 300
MOST_LONG = 5


def _lines(source: str) -> int:
    return len(source.splitlines())


def _says_why_it_is_long(source: str) -> bool:
    return bool(re.search(r"(?:^|[.!?]\s+)Long because \w", ast.get_docstring(ast.parse(source)) or ""))


def _product() -> dict[str, str]:
    files = (file for room in ("bot", "handlers", "jobs", "models", "sandbox") for file in (ROOT / room).rglob("*.py"))
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}


def test_a_file_is_one_idea_and_a_long_one_says_why_it_is_long() -> None:
    """Whoever opens a file sees all of its idea; one that grows beyond a few screens is split by idea."""
    long = {path: source for path, source in _product().items() if _lines(source) > LONGEST}
    assert not [path for path, source in long.items() if not _says_why_it_is_long(source)]
    assert len(long) <= MOST_LONG


def test_who_says_why_it_is_long_is_long() -> None:
    said = [path for path, source in _product().items() if _says_why_it_is_long(source)]
    assert not [path for path in said if _lines(_product()[path]) <= LONGEST]


def test_a_long_file_that_does_not_say_why_is_seen() -> None:
    assert _lines("x = 1\n" * 301) > LONGEST
    assert not _says_why_it_is_long('"""All the rules. It is long, because it grew."""\n')
    assert _says_why_it_is_long('"""All the commands.\n\nLong because their words stand here, too.\n"""\n')


# --- reading a syntax tree --------------------------------------------------------------------------------------


def _calls(code: Code) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(code.tree) if isinstance(node, ast.Call))


def _functions(code: Code) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(code.tree) if isinstance(node, ast.FunctionDef))


def _parameters(function: ast.FunctionDef) -> set[str]:
    return {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}


def _name(node: ast.expr) -> str:
    """The last word of a name: `b` of `b` and of `a.b`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _method(call: ast.Call) -> str:
    return _name(call.func)


def _owner(call: ast.Call) -> str:
    return _name(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def _logs(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _owner(node) in ("log", "logger", "logging")


def _is_ack(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _method(node.value) == "ack"


def _ends_with_ack(block: list[ast.stmt]) -> bool:
    *before, last = block
    if isinstance(last, ast.Return) and last.value is None and before:
        last = before[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _ends_with_ack(last.body) and _ends_with_ack(last.orelse)
    return _is_ack(last) or isinstance(last, ast.Raise)


def _acks_with_something_after(block: list[ast.stmt], *, last: bool) -> Iterator[int]:
    for place, node in enumerate(block):
        is_last = last and place == len(block) - 1
        then_returns = place + 1 < len(block) and isinstance(block[place + 1], ast.Return)
        if _is_ack(node) and not (is_last or then_returns):
            yield node.lineno
        for inner in ("body", "orelse"):
            if not isinstance(node, ast.FunctionDef):
                is_branch = isinstance(node, ast.If)
                yield from _acks_with_something_after(getattr(node, inner, []), last=is_last and is_branch)
        if isinstance(node, ast.Return) and not (place and _is_ack(block[place - 1])):
            yield node.lineno
