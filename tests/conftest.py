"""Fixtures that most tests want."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.scenes import Scene
from tests.site import Site

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

# A loaded machine is no counter-example, and a suite says the same of the same commit: everybody tries the same
# examples. `pytest --hypothesis-profile=seek` tries new ones.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, **PATIENT)
settings.register_profile("seek", derandomize=False, max_examples=1000, print_blob=True, **PATIENT)
settings.load_profile("same")

# A suite that a script starts in the background has Ctrl-C ignored, and so would every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, for much of the suite waits for processes of its own; memory sets the limit."""
    return min((os.cpu_count() or 1) + 1, 8)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the suite must not reach it."""
    for name in list(os.environ):
        if name.startswith(("REGWATCH_", "SLACK_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def scene(tmp_path: Path, site: Site) -> Iterator[Scene]:
    """One page that is watched, with the console subscribed to what is relevant."""
    made = Scene(tmp_path / "home", site)
    made.subscribe()
    yield made
    made.app.close()


@pytest.fixture
def corpus() -> Path:
    """Real captures, kept beside the repository; tests that read them say when they are not there."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real captures (../shared/corpus) is not here")
    return CORPUS
