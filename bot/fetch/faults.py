"""Foreign errors become FetchError, by type."""

from __future__ import annotations

import ssl

import httpcore
import httpx

from bot.errors import FetchError

FOREIGN = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    httpx.InvalidURL,
)
DROPPED = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
"""What a kept connection says that the server closed in the moment we used it again."""

_CAUSES: tuple[tuple[type[Exception], str], ...] = (
    (httpcore.TimeoutException, "timeout"),
    (httpcore.NetworkError, "refused"),
    (httpcore.ProxyError, "refused"),
    (httpcore.ConnectionNotAvailable, "refused"),
)


def fault(error: Exception) -> FetchError:
    """The FetchError that says what a foreign error means to us."""
    below = error.__cause__ or error.__context__
    if isinstance(error, httpcore.ConnectError) and isinstance(below, ssl.SSLError):
        reason = below.verify_message if isinstance(below, ssl.SSLCertVerificationError) else str(below)
        return FetchError("tls", reason)
    cause = next((cause for kind, cause in _CAUSES if isinstance(error, kind)), "protocol")
    return FetchError(cause, str(error) or type(error).__name__)
