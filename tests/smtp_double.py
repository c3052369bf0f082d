"""A mail server on loopback that does what it is told: refuse, answer late, or cut the connection at a chosen point."""

from __future__ import annotations

import socketserver
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage

FAULTS = (
    "greeting 421", "mail 4", "mail 5", "rcpt 4", "rcpt 5", "data 4", "data 5", "cut at data", "cut before dot",
    "cut after dot", "cut after dot, lost", "dot 4", "dot 5",
)  # fmt: skip


class Smtp(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP. `fault(recipient, n)` says what goes wrong at the n-th try (from 1); "" is well."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True

    def __init__(self, fault: Callable[[str, int], str] = lambda to, n: "") -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.fault = fault
        self.port = int(self.server_address[1])
        self.tries: dict[str, int] = defaultdict(int)
        self.taken: list[tuple[str, bytes]] = []  # (recipient, content) of what was accepted
        self.cut_after_dot: list[str] = []  # recipients whose mail was taken, and who never heard so
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    def __enter__(self) -> Smtp:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def mails(self, to: str = "") -> list[EmailMessage]:
        """What was accepted, as an independent reader sees it."""
        found = [content for recipient, content in self.taken if to in ("", recipient)]
        return [message_from_bytes(content, policy=policy.default) for content in found]  # type: ignore[arg-type]


class _Talk(socketserver.StreamRequestHandler):
    server: Smtp

    def handle(self) -> None:
        with suppress(OSError):  # the other side was killed
            self._talk()

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _talk(self) -> None:
        if self.server.fault("", 0) == "greeting 421":
            return self._say("421 closing for a while")
        self._say("220 double.example ESMTP")
        to, fault = "", ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                self._say("250-double.example\r\n250 8BITMIME")
            elif verb == b"MAIL":
                early = self.server.fault("sender", 0)
                self._say({"mail 4": "451 not now", "mail 5": "550 not you"}.get(early, "250 ok"))
            elif verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                with self.server.lock:
                    self.server.tries[to] += 1
                    fault = self.server.fault(to, self.server.tries[to])
                self._say({"rcpt 4": "450 later", "rcpt 5": "550 no such mailbox"}.get(fault, "250 ok"))
            elif verb == b"DATA":
                if not self._data(to, fault):
                    return
            elif verb == b"QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")

    def _data(self, to: str, fault: str) -> bool:
        """Whether the conversation goes on."""
        if fault in ("data 4", "data 5"):
            self._say({"data 4": "451 not now", "data 5": "554 no"}[fault])
            return True
        if fault == "cut at data":
            return False
        self._say("354 go on")
        if fault == "cut before dot":
            self.rfile.readline()
            return False
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False  # cut by the other side: nothing is taken (RFC 5321 §4.1.1.4)
            lines.append(line[1:] if line.startswith(b"..") else line)
        if fault in ("dot 4", "dot 5"):
            self._say({"dot 4": "451 full", "dot 5": "554 not wanted"}[fault])
            return True
        with self.server.lock:
            if fault != "cut after dot, lost":
                self.server.taken.append((to, b"".join(lines)))
            if fault.startswith("cut after dot"):
                self.server.cut_after_dot.append(to)
                return False
        self._say("250 taken")
        return True
