"""What a digest says: which findings of a period, in which order, in how many words, with the proof of coverage. Pure.

A digest is read in two minutes: counts, what needs action and the dates ahead come first and stay under 400 words
however much happened; an entry has at most 60 words; of a long section the first ten are shown, the others linked.
Rooms: periods (when it is due), entries, contents (their order), proof (of coverage), words (counting them).
"""

from bot.digest.contents import DATES_SHOWN, WEEKS, Contents, Room, Section, contents
from bot.digest.entries import Entry, Line, Shown, folded
from bot.digest.periods import DAYS, label, period, week, zone_of
from bot.digest.proof import Gap, Proof, Seen
from bot.digest.words import count, cut

__all__ = [
    "DATES_SHOWN", "DAYS", "WEEKS", "Contents", "Entry", "Gap", "Line", "Proof", "Room", "Section", "Seen", "Shown",
    "contents", "count", "cut", "folded", "label", "period", "week", "zone_of",
]  # fmt: skip
