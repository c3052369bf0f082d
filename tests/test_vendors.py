"""What a provider says of its own services: labelled as such, and told only to those who ask for it by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import Filters, Subscription
from tests.scenes import Scene, rule
from tests.site import Site


@pytest.fixture
def vendor(tmp_path: Path, site: Site) -> Scene:
    scene = Scene(tmp_path / "home", site)
    scene.sources = (scene.page(class_="vendor", title="Regions and services"),)
    scene.app.close()
    scene.app = scene.open()
    site.publish("/law", rule("may"))
    scene.look()
    return scene


def subscribe(scene: Scene, **filters: object) -> None:
    scene.app.subscribe(Subscription(0, "console", "here", Filters(**filters)))  # type: ignore[arg-type]


@pytest.mark.parametrize("filters", [{}, {"jurisdictions": ("CN",)}, {"every_change": True}])
def test_nobody_who_did_not_name_it_is_told(vendor: Scene, site: Site, filters: dict[str, object]) -> None:
    subscribe(vendor, **filters)
    site.publish("/law", rule("shall"))
    vendor.look()
    assert vendor.screen.getvalue() == ""


def test_who_names_it_is_told_that_it_is_no_rule(vendor: Scene, site: Site) -> None:
    subscribe(vendor, sources=("law",))
    site.publish("/law", rule("shall"))
    vendor.look()
    assert "operator notice, not a rule" in vendor.screen.getvalue()
    vendor.app.close()


def test_a_rule_makers_page_bears_no_such_label(scene: Scene, site: Site) -> None:
    site.publish("/law", rule("may"))
    scene.look()
    site.publish("/law", rule("shall"))
    scene.look()
    assert "shall" in scene.screen.getvalue() and "operator notice" not in scene.screen.getvalue()
