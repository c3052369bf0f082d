"""kill -9: a message may be late or, once and marked, doubled; it is never lost."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.crashes import Trial
from tests.site import Site

KILLS = 5  # `python -m benchmarks.crashes 50` goes on for longer


def test_killed_at_random_moments_nothing_is_lost_and_only_what_was_being_sent_is_doubled(
    tmp_path: Path, site: Site
) -> None:
    seed = int.from_bytes(os.urandom(4))
    toll = Trial(tmp_path, site, seed=seed).run(KILLS)
    assert toll.harm == {}, f"seed {seed}: {toll}"
    assert toll.kills == KILLS and toll.doubled <= KILLS
    assert toll.messages, f"seed {seed}: nothing happened: {toll}"
