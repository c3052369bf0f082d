"""One Change as evidence: a ZIP that a stranger verifies offline with nothing but Python.

pack.py      the container and its manifest        cover.py    what a person reads first
warc.py      the captures as WARC records          verifier.py the program inside the ZIP; standard library only
"""

from bot.evidence.pack import Exhibit, pack
from bot.evidence.verifier import Wrong, verify

__all__ = ["Exhibit", "Wrong", "pack", "verify"]
