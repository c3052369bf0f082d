"""The plain client: for addresses that the operator configured (a language model, a heartbeat), never for sources.

No guard, because the operator may mean a machine inside; no redirects, no cookies, no proxy from the environment, a
deadline over the whole visit and a limit on what comes back.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx

from bot.errors import FetchError

LARGEST = 2_000_000  # bytes of an answer


def ask(
    url: str,
    *,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    deadline: float = 30.0,
    method: str = "",
) -> bytes:
    """The answer's body; POST when there is content, else GET. Raises FetchError, also for any status but 2xx."""
    ends = time.monotonic() + deadline
    verb = method or ("POST" if content else "GET")
    try:
        with (
            httpx.Client(timeout=min(deadline, 10.0), trust_env=False, follow_redirects=False) as client,
            client.stream(verb, url, content=content or None, headers=dict(headers or {})) as answer,
        ):
            return _body(answer, ends=ends)
    except httpx.TimeoutException as error:
        raise FetchError("timeout", f"no answer within {deadline:.0f} s") from error
    except httpx.HTTPError as error:
        raise FetchError("refused", type(error).__name__) from error
    except httpx.InvalidURL as error:
        raise FetchError("protocol", "that is no web address") from error


def _body(answer: httpx.Response, *, ends: float) -> bytes:
    if not answer.is_success:
        raise FetchError("http", f"status {answer.status_code}")
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > LARGEST:
            raise FetchError("too large", f"more than {LARGEST // 1_000_000} MB")
        if time.monotonic() > ends:
            raise FetchError("timeout", "the answer did not end in time")
        parts.append(part)
    return b"".join(parts)
