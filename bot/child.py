"""Reading in a child process: for bodies that could hurt this one (large, very long tags, PDF, Office).

The child gets no more memory than MEMORY and is killed at the deadline; whatever happens to it becomes a cause.
`subprocess` and not multiprocessing: cluster workers are daemonic and may have no children of the latter kind.
"""

from __future__ import annotations

import resource
import subprocess
import sys

import msgspec

from bot.errors import ReadError
from bot.extract.__main__ import Answer, Order
from bot.model import Reading, Source

SECONDS = 30.0
MEMORY = 1_500_000_000  # bytes of address space


def read_in_child(
    body: bytes, *, source: Source, content_type: str, url: str, seconds: float = SECONDS, memory: int = MEMORY
) -> Reading:
    """Like extract.read, in a process of its own; raises ReadError."""
    order = msgspec.json.encode(Order(source, content_type, url)) + b"\n"
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "bot.extract"]  # the body comes by stdin: nothing of it is a word of this
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as child:  # nosec B603  # see above
        _limit(child.pid, memory)
        try:
            said, _ = child.communicate(order + body, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            child.kill()
            raise ReadError("too slow", f"reading took longer than {seconds:.0f} seconds") from error
    if child.returncode:
        raise ReadError("too large", "the reader ran out of memory or broke down on this body")
    answer = msgspec.json.decode(said, type=Answer)
    if answer.reading is None:
        raise ReadError(answer.cause or "unreadable", answer.detail)
    return answer.reading


def _limit(pid: int, memory: int) -> None:
    """From outside, before the body is sent: a preexec_fn is not safe beside threads. Linux only."""
    if hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
