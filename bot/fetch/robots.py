"""What robots.txt allows (RFC 9309). Text in, answers out; the Fetcher brings the text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.errors import FetchError

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: a crawler must read at least 500 KiB
MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2
CLOSED = "User-agent: *\nDisallow: /\n"
_LONGEST_DELAY = 86_400.0
_WHY = "# not reachable: "


def closed(error: FetchError) -> str:
    """What stands for a robots.txt that could not be reached: nothing is allowed (RFC 9309 §2.3.1.4), and why."""
    return f"{CLOSED}{_WHY}{error.cause}: {' '.join(error.detail.split())}\n"


def unreachable(robots: str) -> FetchError | None:
    """Why the robots.txt could not be reached, when this text only stands for it."""
    if not robots.startswith(CLOSED + _WHY):
        return None
    cause, _, detail = robots[len(CLOSED + _WHY) :].strip().partition(": ")
    return FetchError(cause, detail)


def allows(robots: str, url: str, user_agent: str) -> bool:
    """Whether `robots` lets the product named in `user_agent` fetch `url`; an empty text allows everything."""
    return not robots.strip() or bool(_rules(robots).can_fetch(url, _product(user_agent)))


def crawl_delay(robots: str, user_agent: str) -> float:
    """The seconds that `robots` asks for between two requests, 0 for none (not in RFC 9309, yet widely meant)."""
    delay = float(_rules(robots).crawl_delay(_product(user_agent)) or 0.0) if robots.strip() else 0.0
    return min(delay, _LONGEST_DELAY) if delay > 0 else 0.0  # also for "nan" and "inf"


@lru_cache(maxsize=256)
def _rules(robots: str) -> Protego:
    from protego import Protego

    return Protego.parse(robots)


def _product(user_agent: str) -> str:
    """RFC 9309 §2.2.1: rules are matched against the product token alone."""
    return user_agent.partition("/")[0].strip() or user_agent
