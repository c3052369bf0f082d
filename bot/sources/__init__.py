"""What we promised to watch: sources.toml as Sources, strictly read. Pure: text in, values out.

keys.py has the keys, loading.py reads them, lines.py finds the line to blame, writing.py goes the other way.
"""

from bot.sources.loading import load, merge
from bot.sources.writing import dump, schema

__all__ = ["dump", "load", "merge", "schema"]
