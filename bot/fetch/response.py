"""What a visit brings back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Validators


@dataclass(frozen=True, slots=True)
class Response:
    """The answer at the end of the redirects, whatever its status; the body is unpacked, `headers` are lower-case.

    `retry_after` is in seconds, 0 when the server asked for no pause. A 304 has an empty body.
    """

    status: int
    final_url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    validators: Validators = Validators()
    elapsed_ms: int = 0
    retry_after: float = 0.0

    def header(self, name: str) -> str:
        """The first value of a header, "" when it is missing."""
        return next((value for key, value in self.headers if key == name), "")
