"""Findings and messages as bytes: JSON, zstd with the phrases that every one of them contains."""

from __future__ import annotations

from typing import Final

from storage.packing import squeeze, unsqueeze

# What findings and messages have in common, the commonest last. Frozen: stored rows are decoded with it.
COMMON: Final = (
    b'"unread":["the document"],"sectors":["finance","health","automotive","cloud"],"data":["personal","important",'
    b'"sensitive"],"bound":["ciio","handler","processor"],"dates":[{"kind":"effective","date":"2026-01-01","quote":"'
    b'{"kind":"deadline","date":"2026-12-31","quote":"","force":[{"kind":"modality","before":"may","after":"shall",'
    b'"path":[]},{"kind":"number","before":"","after":"","path":["Article '
    b'"mechanisms":["adequacy","scc","security_assessment","localisation","certification"],"jurisdictions":["CN","HK",'
    b'"MO","TW","EU","US"],"corridors":[["CN","*"],["EU","US"]],"topics":["cross_border"],"stage":"consultation",'
    b'"stage":"adopted","stage":"in_force","sentences":["In force since ","Comments are open until "],"quotes":[{'
    b'"side":"before","text":"","spans":[[0,1]],"path":[],"label":"Article 1","page":0},{"side":"after","text":"'
    b'"reasons":[{"what":"term: cross-border transfer of personal data","weight":120,"where":"title","quote":"'
    b'"},{"what":"source class","weight":50,"where":"","quote":""}],{"lines":[[["","dim"],["","ins"],["","del"],'
    b'["","strong"],["https://www.","link"]],[["because ","dim"]]],"headline":"'
    b'{"change":1,"at":"2026-11-22T03:30:00Z","ruleset":"rules-1","verdict":"not_relevant","score":-150,"headline":"'
)


def shorten(content: bytes) -> bytes:
    """One zstd frame that only lengthen can read."""
    return squeeze(content, like=COMMON, level=3)  # 6 takes twice as long for a twentieth less


def lengthen(frame: bytes) -> bytes:
    """The inverse of shorten."""
    return unsqueeze(frame, like=COMMON)
