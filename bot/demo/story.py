"""The story that the demo lives through: which day brings what. Pages ask it, and so does the narrator."""

from __future__ import annotations

from typing import NamedTuple

NOISE, MEASURE, SHALL = 1, 3, 4
RENUMBERED, OUTAGE, TWELVE, BACK = 7, 9, 10, 12
REDESIGN, TEN, CONSULTATION, PRESS, WEEKEND, MONDAY = 14, 15, 16, 17, 19, 21
FINAL, REPORT = 134, 205  # editions take months
QUIET, STILL_QUIET = 208, 212


class Step(NamedTuple):
    """A day on which we look, and what happened since the last one."""

    day: int
    title: str
    sentence: str
    then: str = ""  # what the reader does after it: acknowledge, ask


STORY = (
    Step(0, "Day one", "Seven publishers are read for the first time: what is there is the baseline, and no news."),
    Step(NOISE, "Noise", "Counters, clocks, session ids, nonces and the order of related links move; no rule does."),
    Step(MEASURE, "A new measure", "The ministry lists two new documents: rules on important data, and a tender.",
         then="acknowledge"),
    Step(SHALL, "One word", "In article 15 of the rules in force 可以 (may) becomes 应当 (shall)."),
    Step(RENUMBERED, "A renumbering", "Article 10-1 becomes 11 and all later ones move up; one deadline is halved."),
    Step(OUTAGE, "An outage", "The Hong Kong office answers with a challenge page, and with status 200."),
    Step(TWELVE, "10 becomes 12", "Macao lengthens a time limit in both languages; Hong Kong still cannot be read."),
    Step(BACK, "The page is back", "The Hong Kong guidance can be read again and says what it said before."),
    Step(REDESIGN, "A redesign", "The Trade Representative's report has new markup throughout, and the same text."),
    Step(TEN, "12 becomes 10", "Macao returns to the old text, which is a second change and not none."),
    Step(CONSULTATION, "A consultation",
         "The EU board's feed opens a consultation with a deadline; an API lists a rule."),
    Step(PRESS, "Press",
         "Three releases: on talks, on yesterday's rule (one act, so it is told as a reply), and on cheese."),
    Step(WEEKEND, "The weekend", "Nobody publishes; the pages are read all the same."),
    Step(MONDAY, "Monday morning",
         "The statute book in Taiwan has been down since Thursday; the digest of the week is due, and says so.",
         then="ask"),
    Step(FINAL, "Four months on: a draft is final",
         "The EU board adopts the guidelines that it had put out for comment; they stand at a new address."),
    Step(REPORT, "The next edition of the yearly report",
         "The Trade Representative's report of 2026 appears beside that of 2025, with its first two chapters."),
    Step(QUIET, "A quiet week", "Nothing happens, and every page was read to know that."),
    Step(STILL_QUIET, "Still quiet", "Nothing happens again; only counters move."),
)  # fmt: skip
"""The days of the story, in order."""
