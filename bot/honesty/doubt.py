"""The word Doubt: why a body is not taken for the page that was promised; and what counts as an item of a list."""

from __future__ import annotations

from typing import NamedTuple

from bot.model import Block


class Doubt(NamedTuple):
    """A reason to call a look Failed. `cause` is one of model.CAUSES; the others are sentences for people."""

    cause: str
    detail: str  # what was seen
    hint: str = ""  # what an operator could do, "" when nothing comes to mind


def is_entry(block: Block) -> bool:
    """Whether a block is an item of a list, feed or answer; bullet points in a text are not."""
    return bool(block.key) or block.kind == "entry"
