"""Is this the page that was promised? Pure.

Three looks, cheapest first: `doubt_response` at status, headers and bytes before anything is read, `doubt_reading` at
what was read, `doubt_against` at what was read before. Each answers None (no doubt) or a Doubt with its cause.
What other people's error pages say stands in phrases.toml; who speaks at all, in whatever wording, is told by voice.py.
"""

from bot.honesty.against import doubt_against
from bot.honesty.doubt import Doubt
from bot.honesty.reading import doubt_reading
from bot.honesty.response import doubt_response

__all__ = ["Doubt", "doubt_against", "doubt_reading", "doubt_response"]
