"""Scraped text made harmless: nothing in it can move a cursor, ring a bell or turn the reading order."""

from __future__ import annotations

import re

# C0 and C1 controls (ECMA-48), bidirectional controls (Unicode TR 9), zero-width characters, line and paragraph
# separators, interlinear and tag characters, the byte order mark.
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x07|\x1b\\)|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]", re.DOTALL
)
_SPACES = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The same words without escapes, controls and direction overrides; line breaks become spaces."""
    return _HARMFUL.sub("", _SPACES.sub(" ", _ESCAPES.sub("", text)))


def bare(text: str) -> bool:
    """Whether cleaning would leave the text as it is (then offsets into it still hold)."""
    return not (_SPACES.search(text) or _HARMFUL.search(text))
