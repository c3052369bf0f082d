"""The words. Frozen values; times are aware UTC; collections are tuples. Imports nothing of ours.

In the order of the work: sources (what is watched), reading (what a page says), looking, comparing, opinions (facts and
findings), telling, proving, health; codes are the words that stand for themselves in all of them.
"""

from bot.model.codes import (
    CAUSES,
    CLASSES,
    DATE_KINDS,
    MECHANISMS,
    OFF_REASONS,
    PROVENANCES,
    SEVERITIES,
    STAGES,
    TYPES,
    VERDICTS,
)  # fmt: skip
from bot.model.comparing import COUNTED, TEASERS, Edit, ItemMemory, Mark, Memory, Outcome
from bot.model.health import Announced, Bulk, CheckRow, Coverage, Hit, Host, Standing
from bot.model.looking import Known, Look, Unit, UnitDone
from bot.model.opinions import Change, DatedQuote, Finding, Force, Part, Quote, Reason, Stated, Version
from bot.model.proving import Link, Proof, Sealed, Ticket
from bot.model.reading import Block, Reading, pack, unpack
from bot.model.sources import Paths, Source, Validators
from bot.model.telling import (
    SAYINGS,
    Ahead,
    Delivery,
    Digest,
    Event,
    Filters,
    Flow,
    Footprint,
    Handling,
    Message,
    Review,
    Rhythm,
    Run,
    Subscription,
)  # fmt: skip

__all__ = [
    "CAUSES", "CLASSES", "COUNTED", "DATE_KINDS", "MECHANISMS", "OFF_REASONS", "PROVENANCES", "SAYINGS", "SEVERITIES",
    "STAGES", "TEASERS", "TYPES", "VERDICTS", "Ahead", "Announced", "Block", "Bulk", "Change", "CheckRow", "Coverage",
    "DatedQuote", "Delivery", "Digest", "Edit", "Event", "Filters", "Finding", "Flow", "Footprint", "Force",
    "Handling", "Hit", "Host", "ItemMemory", "Known", "Link", "Look", "Mark", "Memory", "Message", "Outcome", "Part",
    "Paths", "Proof", "Quote", "Reading", "Reason", "Review", "Rhythm", "Run", "Sealed", "Source", "Standing",
    "Stated", "Subscription", "Ticket", "Unit", "UnitDone", "Validators", "Version", "pack", "unpack",
]  # fmt: skip
