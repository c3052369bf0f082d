"""The verbs that prove: an export for strangers, and our own ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot import evidence
from bot.app.lookups import Lookups
from bot.errors import OperatorError, StoreError
from bot.evidence.warc import Capture
from bot.model import Proof


class Evidence(Lookups):
    """The part of App that proves."""

    def export(self, change_id: int, path: Path) -> int:
        """Write everything that proves a Change into a ZIP; returns its size in bytes.

        People are left out. Raises OperatorError for an unknown change and a file that is there or cannot be written,
        StoreError when what the store holds is not what the ledger sealed.
        """
        proof = self.store.proof(change_id)
        made, finding = self.show(change_id)
        exhibit = evidence.Exhibit(
            source=made.source,
            cause=made.change.cause,
            at=made.change.at,
            finding=finding,
            redline=self.redline(change_id),
            captures=tuple(_captures(proof)),
            why=self.reasoning(finding, made.source) if finding else "",  # without who was told
        )
        content = evidence.pack(proof, exhibit, now=self.clock())
        try:
            with path.open("xb") as stream:
                stream.write(content)
        except OSError as error:
            raise OperatorError(f"{path}: {error.strerror or type(error).__name__}") from error
        try:
            evidence.verify(str(path))
        except evidence.Wrong as wrong:
            raise StoreError(f"{path} was written, but proves nothing: {wrong}; see `regwatch verify`") from wrong
        return len(content)

    def verify_ledger(self) -> str:
        """Walk our own ledger: "" when it holds, else one sentence."""
        return self.store.verify()

    def head(self) -> tuple[int, str]:
        """The ledger's last entry and its hash in hex: what a reader keeps in order to prove later what was there."""
        entry, hash_ = self.store.head()
        return entry, hash_.hex()


def _captures(proof: Proof) -> Iterator[Capture]:
    """The responses behind a Change, from their sealed rows."""
    for row in proof.rows:
        if row.kind == "snapshot":
            _, at, status, url, headers, *_ = json.loads(row.content)
            try:
                when = datetime.fromtimestamp(at / 1000, tz=UTC)
            except (OverflowError, ValueError, OSError) as error:  # the last two: as the platform sees it
                raise StoreError(f"snapshot {row.row} is not what was recorded; see `regwatch verify`") from error
            yield Capture(url, when, proof.files[f"snapshot-{row.row}.body"], status, headers)
