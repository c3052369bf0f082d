"""Builds what people read, from values alone. Pure.

alert.py     one Change with its Finding       passages.py  amended words as runs, redlines
chosen.py    which edits are shown             searched.py  what full-text search finds
blocks.py    the same for Slack                mrkdwn.py    Slack's text objects, escaped and cut
posts.py     what else Slack gets              rich.py      Slack's rich text
rendered.py  a message for Slack as text
explain.py   why the judge decided so          clean.py     scraped text made harmless
"""

from bot.messages.alert import alert, notice, plain
from bot.messages.clean import clean
from bot.messages.explain import why
from bot.messages.passages import redline
from bot.messages.searched import search_text

__all__ = ["alert", "clean", "notice", "plain", "redline", "search_text", "why"]
