"""Answers in pages: followed politely up to a declared number, read as one list, kept as they came."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.extract import fingerprint, joined, next_page, pages_of
from bot.fetch import FetchSettings
from bot.look import LookSettings, look
from bot.model import Block, Known, Look, Paths, Source, Unit, Validators, unpack
from bot.squeeze import expand
from tests.scenes import Scene
from tests.site import Site

NIGHT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # 03:00 in New York
MORNING = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
SETTINGS = LookSettings(FetchSettings(user_agent="RegWatch/test", allow_nets=("127.0.0.0/8",)))
PATHS = Paths(items="results[*]", key="number", title="title", link="url")
PAGED = Source("api", "", type="json", paths=PATHS, paging="next_page_url", pages=3, spacing=0.0)


def page(*numbers: int, following: str = "") -> str:
    results = [
        {"number": f"2026-{at}", "title": f"A document on cross-border data, {at}", "url": f"/d/{at}"} for at in numbers
    ]
    return json.dumps({"count": 99, "next_page_url": following or None, "results": results})


@pytest.fixture
def visit(site: Site) -> Callable[..., Look]:
    def go(
        source: Source, *, known: Known | None = None, at: datetime = MORNING, pauses: list[float] | None = None
    ) -> Look:
        asked = replace(source, url=source.url or site.url("/api"))
        unit = Unit("127.0.0.1", at, (replace(known or Known(asked), source=asked),), 0.0, source.spacing, "")

        def pause(seconds: float) -> bool:
            if pauses is not None:
                pauses.append(seconds)
            return False

        (made,) = look(unit, SETTINGS, pause).looks
        return made

    return go


def blocks(made: Look) -> tuple[Block, ...]:
    assert made.cause == "", made.detail
    return unpack(expand(made.reading))


def numbers(made: Look) -> list[str]:
    return [block.key for block in blocks(made)]


def test_pages_are_followed_by_their_own_links_and_read_as_one_list(site: Site, visit: Callable[..., Look]) -> None:
    site.publish("/api", page(3, 2, following=site.url("/api?page=2")), type="application/json")
    site.publish("/api?page=2", page(2, 1), type="application/json")
    assert numbers(visit(PAGED)) == ["2026-3", "2026-2", "2026-1"]


def test_no_more_pages_are_asked_for_than_declared(site: Site, visit: Callable[..., Look]) -> None:
    for at in range(1, 6):
        site.publish(f"/p{at}", page(at, following=site.url(f"/p{at + 1}")), type="application/json")
    made = visit(replace(PAGED, url=site.url("/p1")))
    assert numbers(made) == ["2026-1", "2026-2", "2026-3"] and not site.asked("/p4")


def test_every_page_waits_for_its_turn(site: Site, visit: Callable[..., Look]) -> None:
    site.publish("/api", page(2, following="/api?page=2"), type="application/json")
    site.publish("/api?page=2", page(1), type="application/json")
    pauses: list[float] = []
    visit(replace(PAGED, spacing=7.0), pauses=pauses)
    assert pauses == [7.0]


def test_the_bytes_of_every_page_are_kept_as_they_came(site: Site, visit: Callable[..., Look]) -> None:
    first, second = page(2, following="/api?page=2"), page(1)
    site.publish("/api", first, type="application/json")
    site.publish("/api?page=2", second, type="application/json")
    assert pages_of(expand(visit(PAGED).body)) == (first.encode(), second.encode())


def test_a_page_that_cannot_be_had_fails_the_whole_look(site: Site, visit: Callable[..., Look]) -> None:
    site.publish("/api", page(2, following="/api?page=2"), type="application/json")
    site.publish("/api?page=2", "out of order", status=500)
    assert visit(PAGED).cause == "http"


def test_a_link_to_another_host_is_not_followed(site: Site, visit: Callable[..., Look]) -> None:
    site.publish("/api", page(1, following="http://elsewhere.example/api?page=2"), type="application/json")
    assert numbers(visit(PAGED)) == ["2026-1"]


def test_a_pattern_counts_the_pages_until_one_is_empty_or_missing(site: Site, visit: Callable[..., Look]) -> None:
    source = replace(PAGED, paging="page={n}", pages=9)
    site.publish("/api", page(3), type="application/json")
    site.publish("/api?page=2", page(2), type="application/json")
    site.publish("/api?page=3", page(), type="application/json")
    assert numbers(visit(source)) == ["2026-3", "2026-2"]


def test_a_list_of_web_pages_is_read_over_all_its_pages(site: Site, visit: Callable[..., Look]) -> None:
    def listed(*at: int) -> str:
        rows = "".join(f"<li><a href='/n/{n}'>The authority announces its decision number {n}</a></li>" for n in at)
        return f"<html><body><main><h1>News of the authority</h1><ul>{rows}</ul></main></body></html>"

    site.publish("/news", listed(6, 5, 4), type="text/html")
    site.publish("/news?page=2", listed(3, 2, 1), type="text/html")
    source = Source("news", site.url("/news"), type="list", items="li", paging="page={n}", pages=2, spacing=0.0)
    assert [key[-1] for key in numbers(visit(source))] == ["6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("url", "body", "paging", "asked"),
    [
        ("https://a.example/x", "", "page={n}", ("https://a.example/x?page=2", "")),
        ("https://a.example/x?q=1", "", "page={n}", ("https://a.example/x?q=1&page=2", "")),
        ("https://a.example/x?page=1&q=1", "", "page={n}", ("https://a.example/x?page=2&q=1", "")),
        ("https://a.example/x?p=%7B%22pageNo%22%3A1%7D", "", "%22pageNo%22%3A{n}",
         ("https://a.example/x?p=%7B%22pageNo%22%3A2%7D", "")),
        ("https://a.example/x", '{"pageNumber":1}', '"pageNumber":{n}', ("https://a.example/x", '{"pageNumber":2}')),
        ("https://a.example/list/1.html", "", "/{n}.html", ("https://a.example/list/2.html", "")),
    ],
)  # fmt: skip
def test_the_number_of_the_page_is_put_where_the_pattern_stands(
    url: str, body: str, paging: str, asked: tuple[str, str]
) -> None:
    source = Source("x", url, type="json", body=body, paging=paging, pages=2)
    following = next_page(source, [b"{}"], url=url)
    assert following and (following.url, following.body) == asked


def test_the_newest_parts_of_a_site_maps_index_are_read_and_the_index_itself_says_nothing(
    site: Site, visit: Callable[..., Look]
) -> None:
    def part(at: int, day: int) -> str:
        return f"<sitemap><loc>{site.url(f'/map-{at}.xml')}</loc><lastmod>2026-10-{day:02}</lastmod></sitemap>"

    index = part(1, 1) + part(2, 9) + part(3, 5)
    site.publish("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", type="application/xml")
    for at in (1, 2, 3):
        url = f"<url><loc>https://authority.example/rules/number-{at}</loc><lastmod>2026-10-01</lastmod></url>"
        site.publish(f"/map-{at}.xml", f"<urlset>{url}</urlset>", type="application/xml")
    source = Source("map", site.url("/sitemap.xml"), type="sitemap", pages=3, spacing=0.0)
    assert [key[-1] for key in numbers(visit(source))] == ["2", "3"] and not site.asked("/map-1.xml")


def test_pages_of_one_are_that_one_and_others_come_apart_again() -> None:
    assert joined([b"{}"]) == b"{}" and pages_of(b"{}") == (b"{}",)
    assert pages_of(joined([b"[1]", b"[2]"])) == (b"[1]", b"[2]")


# ------------------------------------------------------------------------------------------------ hours of emptiness

INSPECTION = Source(
    "inspection", "", type="json", paths=PATHS, timezone="America/New_York", expect_empty="00:00-09:00", spacing=0.0
)


def seen(visit: Callable[..., Look], site: Site) -> Known:
    """What is remembered after a good morning."""
    site.publish("/api", page(2, 1), type="application/json")
    made = visit(INSPECTION)
    return Known(INSPECTION, Validators(), made.body_hash, made.reading_hash, fingerprint(INSPECTION))


def test_an_empty_list_in_its_resting_hours_says_nothing(site: Site, visit: Callable[..., Look]) -> None:
    known = seen(visit, site)
    site.publish("/api", page(), type="application/json")
    made = visit(INSPECTION, known=known, at=NIGHT)
    assert (made.cause, made.unchanged) == ("", True)


def test_an_empty_list_at_any_other_hour_is_a_failure(site: Site, visit: Callable[..., Look]) -> None:
    known = seen(visit, site)
    site.publish("/api", page(), type="application/json")
    assert visit(INSPECTION, known=known, at=MORNING).cause == "no items"


def test_resting_hours_hide_no_other_failure(site: Site, visit: Callable[..., Look]) -> None:
    known = seen(visit, site)
    site.publish("/api", "{}", status=500, type="application/json")
    assert visit(INSPECTION, known=known, at=NIGHT).cause == "http"


def test_what_a_list_shows_in_its_resting_hours_is_read_all_the_same(site: Site, visit: Callable[..., Look]) -> None:
    known = seen(visit, site)
    site.publish("/api", page(3, 2, 1), type="application/json")
    assert len(numbers(visit(INSPECTION, known=known, at=NIGHT))) == 3


def test_a_list_that_rests_at_night_is_neither_failing_then_nor_news_in_the_morning(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site, replace(INSPECTION, url=site.url("/api"), language="en"))
    told = []
    for hours, listed in ((7, (2, 1)), (15, ()), (6, (2, 1)), (1, (3, 2, 1))):  # 10:00, 01:00, 07:00, 08:00 in New York
        site.publish("/api", page(*listed), type="application/json")
        scene.pass_time(hours=hours)
        told += [(o.kind, [edit.kind for edit in o.edits]) for o, _ in scene.app.check(["inspection"])]
    assert told == [("first", []), ("same", []), ("same", []), ("changed", ["new"])]
