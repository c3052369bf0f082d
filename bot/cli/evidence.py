"""export, verify: proof for strangers, and of our own ledger."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.printing import number_argument, opened, say
from bot.errors import StoreError


@click.command()
@number_argument
@click.argument("path", metavar="FILE.zip", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export(ctx: click.Context, number: int, path: Path) -> int:
    """Write all that proves change N into FILE.zip: bytes, headers, WARC, redline, findings, and the chain.

    Whoever gets it verifies it with `python3 verify.py FILE.zip` (the program is inside) or `regwatch verify FILE.zip`.
    """
    with opened(ctx) as app:
        size = app.export(number, path)
    say(f"{path}: change {number}, {size / 1000:.0f} KB; verify it with: regwatch verify {path}")
    return 0


@click.command()
@click.argument(
    "path", metavar="[FILE.zip]", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.argument("head", metavar="[HASH]", default="")
@click.pass_context
def verify(ctx: click.Context, path: Path | None, head: str) -> int:
    """Verify an export, or without FILE.zip our own ledger; names the first thing that is not intact.

    HASH is a chain hash that you know from elsewhere; the export must hold it.
    """
    if path is not None:
        from bot.evidence import verifier

        return verifier.main([str(path), head] if head else [str(path)])
    with opened(ctx) as app:
        wrong = app.verify_ledger()
        entry, hash_ = app.head()
    if wrong:
        raise StoreError(f"the ledger does not hold: {wrong}")
    say(f"ok: the ledger holds, {entry} entries, hash {hash_}")
    return 0
