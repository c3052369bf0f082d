"""robots.txt, fetched and obeyed by RFC 9309."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.fetch import Fetcher, FetchSettings, allows, crawl_delay, unreachable
from tests.site import Site

AGENT = "RegWatch/0.1 (+mailto:desk@example.org)"
LAW = "https://host.example/law"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(FetchSettings(AGENT, allow_nets=("127.0.0.0/8",), total_timeout=2)) as fetcher:
        yield fetcher


def test_the_text_of_the_origins_robots_is_brought(site: Site, fetcher: Fetcher) -> None:
    site.publish("/robots.txt", "\ufeffUser-agent: *\nDisallow: /x\n", type="text/plain")
    assert fetcher.robots(site.url("/deep/page?q=1#x")) == "User-agent: *\nDisallow: /x\n"
    assert site.requests[-1].headers["user-agent"] == AGENT


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_robots_means_no_rules(site: Site, fetcher: Fetcher, status: int) -> None:
    site.publish("/robots.txt", "Disallow: /", status=status)
    assert fetcher.robots(site.url("/law")) == ""


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_robots_that_cannot_be_reached_close_the_host_and_say_why(site: Site, fetcher: Fetcher, status: int) -> None:
    site.publish("/robots.txt", "", status=status)
    robots = fetcher.robots(site.url("/law"))
    assert not allows(robots, site.url("/law"), AGENT)
    why = unreachable(robots)
    assert why is not None and why.cause == "http" and str(status) in why.detail


def test_a_host_that_is_down_keeps_its_own_cause(fetcher: Fetcher) -> None:
    with Site() as gone:
        url = gone.url("/law")
    why = unreachable(fetcher.robots(url))
    assert why is not None and why.cause == "refused"


def test_a_host_that_closes_itself_is_not_called_unreachable() -> None:
    assert unreachable("User-agent: *\nDisallow: /\n") is None


def test_redirects_are_followed_five_times_also_to_other_hosts(site: Site, fetcher: Fetcher) -> None:
    with Site("127.0.0.2") as other:
        site.redirect("/robots.txt", other.url("/1"))
        for n in range(1, 5):
            other.redirect(f"/{n}", f"/{n + 1}")
        other.publish("/5", "User-agent: *\nDisallow: /private\n")
        assert "/private" in fetcher.robots(site.url("/law"))
        other.redirect("/5", "/6")
        assert fetcher.robots(site.url("/law")) == ""


def test_redirects_of_robots_meet_the_guard(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/robots.txt", "http://169.254.169.254/robots.txt")
    why = unreachable(fetcher.robots(site.url("/law")))
    assert why is not None and why.cause == "forbidden address"


def test_of_endless_robots_the_first_half_megabyte_counts(site: Site, fetcher: Fetcher) -> None:
    rules = "User-agent: *\nDisallow: /private\n"
    site.publish("/robots.txt", rules + "# filler\n" * 100_000)
    robots = fetcher.robots(site.url("/law"))
    assert len(robots) == 500 * 1024
    assert not allows(robots, site.url("/private"), AGENT)


def test_a_web_page_in_place_of_robots_forbids_nothing(site: Site, fetcher: Fetcher) -> None:
    site.publish("/robots.txt", "<html><body>Welcome: to our site</body></html>")
    assert allows(fetcher.robots(site.url("/law")), site.url("/law"), AGENT)


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/law", True),
        ("User-agent: *\nDisallow:", "/law", True),
        ("User-agent: *\nDisallow: /law", "/law/5", False),
        ("User-agent: *\nDisallow: /law\nAllow: /law/5", "/law/5", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: regwatch\nDisallow: /\n\nUser-agent: *\nAllow: /", "/law", False),
        ("User-agent: OtherBot\nDisallow: /", "/law", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: RegWatch\nAllow: /", "/law", True),
        ("User-agent: *\nDisallow: /数据", "/%E6%95%B0%E6%8D%AE/1", False),
    ],
)
def test_rules_are_those_for_our_product_token_longest_match_first(robots: str, path: str, allowed: bool) -> None:
    assert allows(robots, f"https://host.example{path}", AGENT) is allowed


def test_the_words_in_brackets_of_our_name_match_nobodys_rules() -> None:
    assert allows("User-agent: mailto\nDisallow: /", LAW, AGENT)


def test_a_crawl_delay_is_read_and_rubbish_is_none() -> None:
    assert crawl_delay("User-agent: *\nCrawl-delay: 7.5", AGENT) == 7.5
    for rubbish in ("often", "-5", "nan"):
        assert crawl_delay(f"User-agent: *\nCrawl-delay: {rubbish}", AGENT) == 0
    assert crawl_delay("User-agent: *\nCrawl-delay: 99999999", AGENT) == 86_400
    assert crawl_delay("", AGENT) == 0
