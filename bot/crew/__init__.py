"""The crew maps units over an executor: threads or processes here, or the workers of a Dask cluster.

It knows nothing of pages. mapping.py is the order of the mapping, waiting.py whose turn it is; pools.py, processes.py
and cluster.py are the workers.
"""

from __future__ import annotations

from bot.crew.mapping import Crew
from bot.crew.pools import crew

__all__ = ["Crew", "crew"]
