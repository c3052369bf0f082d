"""Where a table or a key stands in a TOML text, for messages that name the line. Pure.

tomllib keeps no positions, so this is a second, much simpler look at the text; it is taken only when there is
something to complain about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import SourcesError

# Quoted text is skipped whole, so that brackets, hashes and line ends inside it are never taken for structure.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_PART = re.compile(r"""\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)""")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A TOML text with the name it is known by."""

    name: str
    text: str

    def wrong(self, what: str, *path: str, line: int = 0) -> SourcesError:
        """The one-line complaint about what stands at `path`: a table, then a key."""
        line = line or line_of(self.text, path)
        at = f"{self.name}:{line}" if line else self.name
        table = f"[{'.'.join(_shown(part) for part in _table(path))}] " if path else ""
        return SourcesError(" ".join(f"{at}: {table}{what}".split()))


def line_of(text: str, path: Path) -> int:
    """The line, from 1, of the table or key at `path`, or of the nearest table around it; 0: nowhere."""
    found = {key: line for line, key in reversed(list(statements(text)))}
    return next((found[path[:n]] for n in range(len(path), 0, -1) if path[:n] in found), 0)


def twice(text: str) -> tuple[Path, int, int] | None:
    """The first table or key that stands there twice, with both lines."""
    seen: dict[Path, int] = {}
    for line, path in statements(text):
        if path and path in seen:
            return path, seen[path], line
        seen[path] = line
    return None


def statements(text: str) -> Iterator[tuple[int, Path]]:
    """(line, path) of every table header and every key, in order."""
    table: Path = ()
    for line, statement in _logical_lines(text):
        if statement.startswith("["):
            table = _parts(statement.strip("[ \t"))
            yield line, table
        else:
            yield line, table + _parts(statement)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Statements with the line they start on; arrays, inline tables and long strings are part of their statement."""
    start, depth, line, begun_on = 0, 0, 1, 1
    for token in _TOKEN.finditer(text + "\n"):
        mark = token.group()
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
        line += mark.count("\n")
        if mark == "\n" and depth <= 0:
            statement = text[start : token.start()].strip()
            if statement and not statement.startswith("#"):
                yield begun_on, statement
            start, depth, begun_on = token.end(), 0, line


def _parts(text: str) -> Path:
    """The dotted key that `text` begins with."""
    parts: list[str] = []
    at = 0
    while match := _PART.match(text, at):
        parts.append(next(group for group in match.groups()[:3] if group is not None))
        at = match.end()
        if not match[4]:
            break
    return tuple(parts)


def _table(path: Path) -> Path:
    """The table that a message names: the source's, or the host's."""
    return path[:2] if path[0] == "hosts" else path[:1]


def _shown(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
