"""The parts of an Office file: a ZIP of XML, unpacked with counts (ECMA-376 part 2, open packaging). Pure."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from bot.errors import ReadError

MAX_PARTS = 10_000
MAX_PART = 64_000_000  # bytes of one part, unpacked
MAX_ALL = 160_000_000  # bytes of all parts that were read
_MAIN = "/officeDocument"
_DAMAGED = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error, ValueError)


class Parts:
    """An Office file; raises ReadError: unreadable (damaged, encrypted, with a DTD), too large."""

    def __init__(self, body: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(body))
            self.names = {entry.filename for entry in self._archive.infolist()}
        except _DAMAGED as error:
            raise ReadError("unreadable", f"a damaged ZIP archive: {error}") from error
        if len(self.names) > MAX_PARTS:
            raise ReadError("too large", f"{len(self.names)} parts; the limit is {MAX_PARTS}")
        self._read = 0

    def bytes_of(self, name: str) -> bytes:
        """A part unpacked, b"" when there is none."""
        if name not in self.names:
            return b""
        try:
            with self._archive.open(name) as part:
                found = part.read(MAX_PART + 1)
        except _DAMAGED as error:
            raise ReadError("unreadable", f"a damaged or encrypted part {name[:80]}: {error}") from error
        self._read += len(found)
        if len(found) > MAX_PART or self._read > MAX_ALL:
            raise ReadError("too large", f"the parts unpack to more than {MAX_PART} or {MAX_ALL} bytes")
        return found

    def tree(self, name: str) -> Any:
        """The root element of an XML part, None when there is none."""
        body = self.bytes_of(name)
        return parse(body, name) if body.strip() else None

    def main(self, fallback: str) -> str:
        """The name of the part that holds the document."""
        found = [target for kind, _, target in self.relations("") if kind.endswith(_MAIN)]
        return next((target for target in found if target in self.names), fallback)

    def relations(self, name: str) -> Iterator[tuple[str, str, str]]:
        """(type, id, name of the part) for everything that a part refers to inside the file."""
        folder, _, base = name.rpartition("/")
        root = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        for relation in root if root is not None else ():
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = relation.get("Target") or ""
                # Joining with a target that begins with "/" leaves the target alone.
                at = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
                yield relation.get("Type") or "", relation.get("Id") or "", at


def parse(body: bytes, name: str) -> Any:
    """An XML part; entities are not expanded, and a DTD is refused: Office files have none (ECMA-376 part 2 §7.2.5)."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("unreadable", f"the part {name[:80]} is not well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        raise ReadError("unreadable", f"the part {name[:80]} declares a DTD, which Office files do not")
    return root
