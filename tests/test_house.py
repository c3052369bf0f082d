"""The house rules that a machine can check: floors, doors, purity. The rooms are the modules and packages of `bot`."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.app import App
from storage import SqliteStore

HERE = Path(__file__).parent.parent

FLOORS = {
    0: "model errors ports squeeze sieve __init__",
    1: "sources schedule extract honesty diff judge messages digest text coverage editions grammar events evidence "
    "jurisdictions reminders alarms lag numbering",
    2: "pipeline deliver decide look child crew backtest fetch channels llm archive replay wayback past "
    "storage",
    3: "app settings logs",
    4: "cli slack web scheduler demo __main__",
}
FLOOR = {room: floor for floor, rooms in FLOORS.items() for room in rooms.split()}
NEIGHBOURS = {  # who may import whom on the same floor, beside bot.text on floor 1
    "ports": "model",
    "errors": "model",
    "messages": "digest",  # puts it into words
    "digest": "coverage",  # both name what was not seen
    "evidence": "messages",  # the cover page shows cleaned text
    "sources": "extract",  # a declared selector is tried by the parser that will use it
    "grammar": "jurisdictions",
    "diff": "numbering",  # which numbers count nothing
    "judge": "numbering",
    "alarms": "coverage",  # what a trouble is follows from how a source is seen
    "pipeline": "decide",
    "look": "fetch child",
    "archive": "fetch",  # a record of a WARC is read as a Response
    "replay": "pipeline decide look archive",
    "wayback": "fetch",
    "past": "decide look fetch wayback",
    "app": "settings logs",  # doctor must know which values are secret
    "logs": "settings",  # which values are secret
    "cli": "scheduler web slack demo",
    "demo": "cli scheduler web",
    "web": "slack",  # mounts what Slack calls
    "__main__": "cli",
}
PURE = {*FLOORS[1].split(), "decide"}
IMPURE = {"sqlite3", "httpx", "httpcore", "socket", "subprocess", "os", "time", "random"}
HTTP = {"httpx", "httpcore"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, wherever it does so; but for those that only a type checker sees."""
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.dump(tree.test):
        return
    if isinstance(tree, ast.Import):
        yield from (alias.name for alias in tree.names)
    elif isinstance(tree, ast.ImportFrom) and tree.module:
        yield from (f"{tree.module}.{alias.name}" for alias in tree.names)
    for node in ast.iter_child_nodes(tree):
        yield from imported(node)


def room_of(name: str) -> str:
    """bot.fetch.guard -> fetch; storage.store -> storage; bot -> __init__; "" for what is not ours."""
    top, *rest = name.split(".")
    if top == "storage":
        return "storage"
    if top != "bot":
        return ""
    return rest[0] if rest and rest[0] in FLOOR else "__init__" if not rest or rest[0].startswith("__") else rest[0]


def complaints(modules: Mapping[str, str]) -> Iterator[str]:
    """What breaks a rule, in words; `modules` maps dotted names to source text."""
    for module, text in modules.items():
        room = room_of(module)
        if room not in FLOOR:
            yield f"{module}: no floor"
            continue
        tree = ast.parse(text)
        for name in imported(tree):
            yield from (f"{module} imports {name}: {why}" for why in objections(room, name))
        if room != "settings" and any(
            isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv") for n in ast.walk(tree)
        ):
            yield f"{module}: only settings reads the environment"


def objections(room: str, name: str) -> Iterator[str]:
    top, other = name.partition(".")[0], room_of(name)
    if top in HTTP and room != "fetch":
        yield "only fetch speaks HTTP"
    if room in PURE and top in IMPURE:
        yield "a thinking room is pure"
    if other in ("", room):
        return
    if other == "storage" and room != "app":
        yield "only app knows the store"
    if room == "storage" and other not in ("model", "errors", "squeeze", "__init__"):
        yield "the store knows words and errors only"
    if FLOOR.get(other, 9) > FLOOR[room]:
        yield "imports point down"
    if FLOOR.get(other, 9) == FLOOR[room] and other not in (*NEIGHBOURS.get(room, "").split(), "text"):
        yield "rooms of a floor do not know one another"


def ours() -> dict[str, str]:
    paths = [path for top in ("bot", "storage") for path in (HERE / top).rglob("*.py")]
    return {".".join(path.relative_to(HERE).with_suffix("").parts): path.read_text() for path in paths}


def test_every_room_keeps_to_its_floor_and_its_business() -> None:
    assert list(complaints(ours())) == []


@pytest.mark.parametrize(
    ("module", "text", "complaint"),
    [
        ("bot.diff.words", "def f():\n    import sqlite3", "bot.diff.words imports sqlite3: a thinking room is pure"),
        ("bot.judge.rules", "from bot.diff import edits", "rooms of a floor do not know one another"),
        ("bot.fetch.guard", "from bot.channels.console import Console", "rooms of a floor do not know one another"),
        ("bot.messages.alert", "from bot import pipeline", "imports point down"),
        ("bot.web.pages", "import storage", "bot.web.pages imports storage: only app knows the store"),
        ("storage.store", "from bot.text import fold", "the store knows words and errors only"),
        ("bot.channels.slack", "import httpx", "only fetch speaks HTTP"),
        ("bot.look", "import os\nos.environ['HOME']", "bot.look: only settings reads the environment"),
        ("bot.helpers", "", "bot.helpers: no floor"),
    ],
)
def test_a_seeded_violation_is_named(module: str, text: str, complaint: str) -> None:
    assert any(complaint in found for found in complaints({module: text}))


def private_names(part: type) -> set[str]:
    """What a class calls its own: methods, values, and what it keeps in itself under a name that it did not inherit."""
    named = {name for name in vars(part) if name.startswith("_") and not name.endswith("__")}
    tree = ast.parse(inspect.getsource(part))
    kept = (one for one in ast.walk(tree) if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store))
    names = {one.attr for one in kept if one.attr.startswith("_") and ast.unparse(one.value) == "self"}
    return named | {name for name in names if not hasattr(part, name)}


@pytest.mark.parametrize("whole", [App, SqliteStore], ids=lambda one: one.__name__)
def test_no_two_parts_of_a_whole_give_the_same_private_name_to_something(whole: type) -> None:
    """The parts are inherited together: of two `_rows` the second would silently be the first."""
    owners: dict[str, set[str]] = {}
    for part in whole.__mro__[:-1]:
        for name in private_names(part):
            owners.setdefault(name, set()).add(f"{part.__module__}.{part.__name__}")
    assert len(owners) > 3
    assert {name: parts for name, parts in owners.items() if len(parts) > 1} == {}
