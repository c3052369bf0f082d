"""Comparing two Versions: the Edits between them, of lists by item; and learned volatility. Pure."""

from bot.diff.blocks import edits, of_new
from bot.diff.items import Items, item_edits
from bot.diff.replaying import replay, reversed_edits
from bot.diff.volatility import learn, mark_key, rest

__all__ = ["Items", "edits", "item_edits", "learn", "mark_key", "of_new", "replay", "rest", "reversed_edits"]
