"""/metrics: what Prometheus reads, who may read it, and that it tells nothing beyond figures and ids."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.scenes import Scene, rule
from tests.test_web_access import TOKEN, outside, stranger
from tests.web_reader import WebReader, serving

Figures = dict[tuple[str, str], float]


def figures(text: str) -> Figures:
    """Each sample by its name and its label's value, as Prometheus' own parser reads it."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, next(iter(sample.labels.values()), "")): sample.value for sample in samples}


@pytest.fixture
def told(scene: Scene) -> Scene:
    """One page that was read, amended and told, one that fails, one never looked at, one that is off."""
    others = [scene.page("/b", id="b"), scene.page("/off", id="off", enabled=False, off_reason="manual")]
    scene.app.declare([scene.page(), *others])
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    scene.app.declare([scene.page(), *others, scene.page("/new", id="new")])
    return scene


def test_figures_are_what_the_store_knows(told: Scene) -> None:
    told.app.pulse.drained["looks"], told.app.pulse.took["looks"] = told.now, 2.5
    told.pass_time(seconds=90)
    with serving(told) as port:
        answer = WebReader(port).get("/metrics")
        found = figures(answer.body)
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    totals = told.app.totals()
    assert found[("regwatch_looks_total", "")] == totals.looks >= 4
    assert found[("regwatch_failures_total", "")] == totals.failures >= 2
    assert found[("regwatch_changes_total", "")] == 2
    states = {label: value for (name, label), value in found.items() if name == "regwatch_sources"}
    assert {name: number for name, number in states.items() if number} == {"read": 1, "unproven": 2, "off": 1}
    assert found[("regwatch_deliveries", "done")] == 1 and found[("regwatch_deliveries", "dead")] == 0
    assert found[("regwatch_pass_seconds", "")] == 2.5 and found[("regwatch_drain_age_seconds", "looks")] == 90
    assert found[("regwatch_ready", "")] == 1 and found[("regwatch_ledger_entries", "")] == told.app.store.head()[0]
    last = told.app.standings()["law"].last_good
    assert last and found[("regwatch_source_last_good_timestamp_seconds", "law")] == pytest.approx(last.timestamp())
    assert found[("process_resident_memory_bytes", "")] > 10_000_000


def test_what_waits_has_an_age(told: Scene) -> None:
    told.site.publish("/law", rule("must"))
    told.pass_time(days=2)
    list(told.app.check())
    told.pass_time(minutes=10)
    with serving(told) as port:
        waiting = figures(WebReader(port).get("/metrics").body)
        list(told.app.judge_all())
        told.pass_time(minutes=5)
        undelivered = figures(WebReader(port).get("/metrics").body)
    assert waiting[("regwatch_unjudged_age_seconds", "")] == pytest.approx(600, abs=5)
    assert undelivered[("regwatch_unjudged_age_seconds", "")] == 0
    assert undelivered[("regwatch_undelivered_age_seconds", "")] == pytest.approx(300, abs=5)


def test_an_ill_service_says_so(told: Scene) -> None:
    from bot.web.metrics import text

    assert figures(text(told.app.figures(), ready=False).decode())[("regwatch_ready", "")] == 0


def test_beyond_this_machine_only_the_token_opens_it_and_nobody_is_sent_to_a_login(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        refused = stranger(port).get("/metrics")
        assert refused.status == 401 and "regwatch_" not in refused.body
        assert stranger(port, Authorization="Bearer wrong").get("/metrics").status == 401
        assert "regwatch_looks_total" in stranger(port, Authorization=f"Bearer {TOKEN}").get("/metrics").body


def test_no_address_of_a_source_and_no_title_is_told(told: Scene) -> None:
    with serving(told) as port:
        body = WebReader(port).get("/metrics").body
    assert "http" not in body.replace("http_", "") and "Export measures" not in body and "console" not in body
