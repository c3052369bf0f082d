"""Fixtures that most tests want."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenes import Scene
from tests.site import Site

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the suite must not reach it."""
    import os

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
