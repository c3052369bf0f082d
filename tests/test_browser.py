"""The pages in a real browser: the walk of a reader, without a console error, without a request to anybody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scenes import Scene
from tests.site import Site
from tests.test_web_pages import ARTICLES, law
from tests.web_reader import serving

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[test]'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed here")

EVIL = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
ESCAPED = EVIL.replace("<", "&lt;").replace(">", "&gt;")
PAGES = (
    "/", "/search?words=transfer", "/state", "/state/CN", "/upcoming", "/health", "/subscriptions", "/subscribe",
    "/change/1", "/change/2", "/change/3", "/change/3/redline", "/change/3/redline?view=side", "/source/law",
    "/source/law/version/1", "/source/law/diff?from=1&to=3", "/source/law/diff?from=1&to=3&view=side", "/nowhere",
    "/unsubscribe/nothing", "/confirm/nothing", "/open/nothing",
)  # fmt: skip
SHAPES = tuple(path for path in PAGES if path not in ("/change/1", "/change/2", "/confirm/nothing", "/open/nothing"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A law in three versions, with hostile words in it and around it."""
    with Site() as site:
        scene = Scene(tmp_path_factory.mktemp("browser"), site)
        scene.app.declare([scene.page(title=f"Export measures {EVIL}", authority=f"Ministry {EVIL}", note=EVIL)])
        scene.subscribe()
        site.publish("/law", law())
        scene.look()
        shall = {**ARTICLES, 2: ARTICLES[2].replace("may", "shall")}
        site.publish("/law", law(shall))
        scene.look()
        late = {**shall, 3: "The assessment is filed within ten days.", 5: f"Personal data sent abroad: {ESCAPED}."}
        site.publish("/law", law(late, more=f"<p>These Measures take effect on 1 December 2026. {ESCAPED}</p>"))
        scene.look()
        with serving(scene) as port:
            yield f"http://127.0.0.1:{port}"
        scene.app.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


class Tab:
    """A tab that remembers what it asked for and what it complained of."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(base_url=address, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path: str) -> Any:
        self.page.goto(path)
        return self.page

    def strangers(self) -> list[str]:
        """Requests that left our site."""
        return [url for url in self.asked if not url.startswith((self.address + "/", "data:"))]


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Tab]:
    made = Tab(browser, address)
    yield made
    made.context.close()


def test_a_reader_walks_from_the_overview_to_a_subscription_and_out_of_it_again(tab: Tab) -> None:
    page = tab.go("/")
    page.click("a[href='/change/2']")
    assert page.locator("ins").first.inner_text() == "shall" and page.locator("del").first.inner_text() == "may"
    page.click("text=Side by side")
    assert page.locator(".new ins").inner_text() == "shall" and page.locator(".old del").inner_text() == "may"
    page.click("text=Change 2")
    page.click("text=History of this source")
    page.select_option("#from", index=2)
    page.select_option("#to", index=0)
    page.click("button:has-text('Compare')")
    assert {"shall", "ten"} <= set(page.locator("ins").all_inner_texts())
    page.click("nav >> text=Changes")
    page.fill("#words", "assessment")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?words=assessment**")
    assert page.locator(".entries li").count() == 3
    page.click("nav >> text=Subscriptions")
    page.click("a:has-text('Subscribe')")
    page.fill("#address", "night")
    page.select_option("#jurisdiction", "CN")
    page.click("button:has-text('Subscribe')")
    page.wait_for_url("**/subscriptions")
    row = page.locator("tr", has_text="console night")
    assert "jurisdiction:CN" in row.inner_text()
    row.locator("button").click()
    page.wait_for_url("**/subscriptions")
    assert page.locator("tr", has_text="console night").count() == 0
    assert tab.complaints == [] and tab.strangers() == []


def test_no_page_complains_asks_elsewhere_or_runs_what_was_scraped_or_typed(tab: Tab) -> None:
    typed = "%3Cscript%3Edocument.title=1%3C/script%3E%22%20onfocus=%22document.title=1"
    places = ("/search?words=", "/search?in=", "/state/", "/source/", "/login?next=")
    for path in (*PAGES, *(place + typed for place in places)):
        page = tab.go(path)
        assert page.title().endswith("RegWatch"), path
        assert page.evaluate("document.querySelectorAll('script, main img, iframe, [onerror], [onfocus]').length") == 0
    complaints = [one for one in tab.complaints if "404" not in one and "400" not in one]  # said of the page itself
    assert complaints == [] and tab.strangers() == []


@pytest.mark.slow
def test_no_page_has_a_fault_that_keeps_somebody_from_reading_it_in_light_or_dark(tab: Tab) -> None:
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed: pip install '.[test]'")
    rules = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    for path in SHAPES:
        page = tab.go(path)
        page.evaluate(rules)
        found = page.evaluate("axe.run().then(found => found.violations)")
        page.emulate_media(color_scheme="dark")
        found += page.evaluate("axe.run({runOnly: ['color-contrast']}).then(found => found.violations)")
        page.emulate_media(color_scheme="light")
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == [], path


def test_the_keyboard_reaches_everything_and_shows_where_it_is(tab: Tab) -> None:
    page = tab.go("/change/2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    seen = set()
    for _ in range(page.locator("a, button, summary, input:not([type=hidden]), select").count()):
        style = page.evaluate("(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))")
        assert style == "solid 3px"
        seen.add(page.evaluate("document.activeElement.outerHTML"))
        page.keyboard.press("Tab")
    assert len(seen) > 10


def test_no_page_is_wider_than_its_window(tab: Tab) -> None:
    for path in PAGES:
        page = tab.go(path)
        for width in (320, 375, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, (path, width)


def test_without_scripts_everything_works_all_the_same(browser: Any, address: str) -> None:
    tab = Tab(browser, address, java_script_enabled=False)
    page = tab.go("/search?words=assessment")
    page.click(".headline a >> nth=0")
    assert page.locator("h2", has_text="Provenance").count() == 1
    tab.context.close()
