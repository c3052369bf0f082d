"""The word Doubt: why a body is not taken for the page that was promised."""

from __future__ import annotations

from typing import NamedTuple


class Doubt(NamedTuple):
    """A reason to call a look Failed. `cause` is one of model.CAUSES; the others are sentences for people."""

    cause: str
    detail: str  # what was seen
    hint: str = ""  # what an operator could do, "" when nothing comes to mind
