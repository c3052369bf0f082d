"""Law texts in XML, read by what their elements mean. Pure.

vocabularies.py says what the elements of each schema are (a division, a numbered unit, its number, a note …), walk.py
goes through them. How a text was serialised (prefixes, white space, comments, order of attributes) cannot matter here:
only names, text and a few declared attributes are looked at.
"""

from bot.extract.law.vocabularies import Vocabulary, vocabulary_of
from bot.extract.law.walk import read_law

__all__ = ["Vocabulary", "read_law", "vocabulary_of"]
