"""The exception tree. The class says who acts.

BotError
├── OperatorError      the operator fixes something (settings, sources.toml); one line; exit 2
│   ├── SourcesError   a declaration is wrong: names table, line and the nearest known key
│   └── LockedError    another process looks, re-reads, judges or delivers in this home
├── ReadError          a body could not be read: becomes Failed(cause), the run goes on
├── FetchError         a source could not be fetched: becomes Failed(cause), the run goes on
├── DeliveryError      a message did not go out: the row stays in the outbox
└── StoreError         the store is in trouble: the run stops; exit 3

Anything else is a bug and keeps its traceback.
"""

from __future__ import annotations


class BotError(Exception):
    """Root of everything we raise on purpose."""

    exit_code = 1


class OperatorError(BotError):
    """The operator must fix something; the message is one line that says what and where."""

    exit_code = 2


class SourcesError(OperatorError):
    """A declaration in sources.toml is wrong."""


class LockedError(OperatorError):
    """Another process holds the home."""


class ReadError(BotError):
    """A body could not be read. `cause` is one of model.CAUSES, `detail` a plain sentence."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail = cause, detail


class FetchError(BotError):
    """A source could not be fetched. `retry_after` is in seconds, when the server asked for a pause."""

    def __init__(self, cause: str, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail, self.retry_after = cause, detail, retry_after


class DeliveryError(BotError):
    """A message did not go out. `doubtful`: it may have; look before sending again.

    `scope` is what is in trouble: this *message*, its *address*, or the whole *channel*. `retry_after` is in seconds,
    when the channel asked for a pause.
    """

    def __init__(
        self,
        reason: str,
        *,
        doubtful: bool = False,
        final: bool = False,
        scope: str = "message",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.doubtful, self.final = reason, doubtful, final
        self.scope, self.retry_after = scope, retry_after


class StoreError(BotError):
    """The store is in trouble."""

    exit_code = 3
