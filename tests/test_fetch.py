"""The visit: what a Fetcher asks, what it brings back, and what it refuses."""

from __future__ import annotations

import gc
import gzip
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.fetch import Fetcher, FetchSettings, Response
from bot.fetch.faults import FOREIGN, fault
from bot.fetch.hop import first as first_hop
from bot.fetch.hop import onward, parse
from bot.model import CAUSES, Source, Validators
from tests.site import Site

AGENT = "RegWatch/0.1 (+mailto:desk@example.org)"
LOCAL = FetchSettings(AGENT, allow_nets=("127.0.0.0/8",))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(LOCAL) as fetcher:
        yield fetcher


def page(url: str, **fields: object) -> Source:
    return replace(Source("page", url), **fields)  # type: ignore[arg-type]


@contextmanager
def fails(cause: str) -> Iterator[pytest.ExceptionInfo[FetchError]]:
    with pytest.raises(FetchError) as caught:
        yield caught
    assert caught.value.cause == cause
    assert cause in CAUSES


# ---------------------------------------------------------------------------------------------- asking


def test_a_page_comes_back_with_its_bytes_headers_and_validators(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "<p>Článek 5</p>")
    answer = fetcher.get(page(site.url("/law")))
    assert (answer.status, answer.body.decode(), answer.final_url) == (200, "<p>Článek 5</p>", site.url("/law"))
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert answer.validators.etag == answer.header("etag") != ""


def test_we_say_who_we_are_and_which_language_we_read(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law")
    fetcher.get(page(site.url("/law"), language="zh-CN"))
    asked = site.requests[-1].headers
    assert asked["user-agent"] == AGENT
    assert asked["accept-language"] == "zh-CN, zh;q=0.9, *;q=0.1"
    assert "gzip" in asked["accept-encoding"] and "br" not in asked["accept-encoding"]


def test_an_unchanged_page_is_a_304_without_body_that_keeps_its_validators(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "text")
    first = fetcher.get(page(site.url("/law")))
    second = fetcher.get(page(site.url("/law")), validators=first.validators)
    assert (second.status, second.body, second.validators) == (304, b"", first.validators)


def test_an_edited_page_is_read_anew_in_spite_of_old_validators(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "may")
    first = fetcher.get(page(site.url("/law")))
    site.publish("/law", "shall")
    assert fetcher.get(page(site.url("/law")), validators=first.validators).body == b"shall"


def test_validators_that_cannot_be_sent_back_are_left_out(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "text")
    odd = Validators('"é"', "yester\r\nday")
    assert fetcher.get(page(site.url("/law")), validators=odd).status == 200
    assert not {"if-none-match", "if-modified-since"} & set(site.requests[-1].headers)


def test_a_declared_post_goes_out_with_its_body_and_headers(site: Site, fetcher: Fetcher) -> None:
    site.publish("/search", "[]")
    source = page(site.url("/search"), method="POST", body='{"q": "数据"}', headers=(("Accept", "application/json"),))
    fetcher.get(source)
    asked = site.requests[-1]
    assert (asked.method, asked.body.decode()) == ("POST", '{"q": "数据"}')
    assert (asked.headers["accept"], asked.headers["content-type"]) == ("application/json", "application/json")


def test_error_statuses_are_answers_and_a_pause_is_understood(site: Site, fetcher: Fetcher) -> None:
    site.publish("/busy", status=503, headers={"Retry-After": "120"})
    site.publish("/later", status=429, headers={"Retry-After": "Wed, 01 Jan 2200 00:00:00 GMT"})
    site.publish("/rubbish", status=503, headers={"Retry-After": "soon"})
    assert fetcher.get(page(site.url("/none"))).status == 404
    assert fetcher.get(page(site.url("/busy"))).retry_after == 120
    assert fetcher.get(page(site.url("/later"))).retry_after == 7 * 86_400  # at most a week
    assert fetcher.get(page(site.url("/rubbish"))).retry_after == 0


def test_connections_are_kept_between_visits(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "text")
    for _ in range(5):
        fetcher.get(page(site.url("/law")))
    assert site.connections == 1


def test_a_kept_connection_that_the_server_closed_is_opened_again(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "text")
    fetcher.get(page(site.url("/law")))
    answers = [lambda handler: handler.pour(iter([])), lambda handler: handler.answer(200, {}, b"again")]
    site.answer("/law", lambda handler: answers.pop(0)(handler))
    assert fetcher.get(page(site.url("/law"))).body == b"again"


def test_settings_travel_to_workers() -> None:
    assert pickle.loads(pickle.dumps(LOCAL)) == LOCAL


# ---------------------------------------------------------------------------------------------- keys


def test_a_key_goes_where_the_declaration_wants_it_and_is_never_shown(site: Site, fetcher: Fetcher) -> None:
    site.publish("/api?key=s%2Fcret", "{}")
    answer = fetcher.get(page(site.url("/api?key={key}")), api_key="s/cret")
    assert answer.status == 200
    assert answer.final_url == site.url("/api?key={key}")
    site.publish("/api", "{}")
    fetcher.get(page(site.url("/api")), api_key="s/cret")
    assert site.requests[-1].headers["x-api-key"] == "s/cret"


@pytest.mark.parametrize(
    "target", ["https://www.host.example/b", "http://host.example/b", "https://host.example:8443/b"]
)
def test_a_redirect_never_gives_the_key_away(target: str) -> None:
    hop = first_hop(page("https://host.example/a"), validators=Validators(), key="secret", user_agent=AGENT)
    with fails("redirects") as caught:
        onward(hop, status=302, location=target)
    assert "secret" not in str(caught.value)


def test_a_key_follows_its_own_host_to_https() -> None:
    hop = first_hop(page("http://host.example/a"), validators=Validators(), key="secret", user_agent=AGENT)
    assert str(onward(hop, status=301, location="https://host.example/a").url) == "https://host.example/a"


# ---------------------------------------------------------------------------------------------- redirects


def test_redirects_on_one_host_are_followed_to_the_end(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/old", "/newer", status=301)
    site.redirect("/newer", site.url("/new#part"), status=307)
    site.publish("/new", "text")
    answer = fetcher.get(page(site.url("/old")))
    assert (answer.body, answer.final_url) == (b"text", site.url("/new"))


def test_www_and_https_are_the_same_host() -> None:
    hop = first_hop(page("http://host.example/a"), validators=Validators(), key="", user_agent=AGENT)
    for target in ("https://host.example/a", "https://www.host.example/a", "//www.host.example/a"):
        assert onward(hop, status=301, location=target).url.path == "/a"


@pytest.mark.parametrize("target", ["http://other.example/a", "https://host.example.evil.example/", "//other.example"])
def test_another_host_is_named_instead_of_visited(site: Site, fetcher: Fetcher, target: str) -> None:
    site.redirect("/law", target)
    with fails("elsewhere") as caught:
        fetcher.get(page(site.url("/law")))
    assert caught.value.detail == str(parse(target if "://" in target else "http:" + target))


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/1", "mailto:desk@host.example", "javascript:go(1)"],
)
def test_only_web_addresses_are_followed(site: Site, fetcher: Fetcher, target: str) -> None:
    site.redirect("/law", target)
    with pytest.raises(FetchError) as caught:
        fetcher.get(page(site.url("/law")))
    assert caught.value.cause in {"forbidden address", "redirects"}
    assert len(site.requests) == 1


def test_a_redirect_to_credentials_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/law", f"http://host.example@127.0.0.1:{site.port}/x")
    with fails("forbidden address"):
        fetcher.get(page(site.url("/law")))


def test_circles_and_endless_chains_end(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    for n in range(20):
        site.redirect(f"/{n}", f"/{n + 1}")
    with fails("redirects"):
        fetcher.get(page(site.url("/a")))
    assert len(site.requests) == 2
    with fails("redirects"):
        fetcher.get(page(site.url("/0")))
    assert len(site.asked("/9")) == 0


def test_a_cookie_set_on_the_way_is_sent_on_and_forgotten_after_the_visit(site: Site, fetcher: Fetcher) -> None:
    def law(handler: object) -> None:
        if "seen=1" in handler.headers.get("Cookie", ""):  # type: ignore[attr-defined]
            handler.answer(200, {}, b"text")  # type: ignore[attr-defined]
        else:
            handler.answer(302, {"Location": "/law", "Set-Cookie": "seen=1"})  # type: ignore[attr-defined]

    site.answer("/law", law)
    assert fetcher.get(page(site.url("/law"))).body == b"text"
    assert fetcher.get(page(site.url("/law"))).body == b"text"
    assert ["cookie" in asked.headers for asked in site.requests] == [False, True, False, True]


def test_see_other_after_a_post_is_a_get_without_body(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/search", "/result", status=303)
    site.publish("/result", "found")
    answer = fetcher.get(page(site.url("/search"), method="POST", body="q=1"))
    assert answer.body == b"found"
    assert (site.requests[-1].method, site.requests[-1].body) == ("GET", b"")
    assert "content-type" not in site.requests[-1].headers


def test_robots_are_asked_about_every_address_on_the_way(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/law", "/private/law")
    with fails("robots"):
        fetcher.get(page(site.url("/law")), allowed=lambda url: "/private/" not in url)
    assert [asked.path for asked in site.requests] == ["/law"]


def test_a_redirect_without_target_is_an_answer(site: Site, fetcher: Fetcher) -> None:
    site.publish("/law", "choose", status=302)
    assert fetcher.get(page(site.url("/law"))).status == 302


@given(st.text())
def test_no_location_crashes_us(location: str) -> None:
    hop = first_hop(page("http://host.example/a"), validators=Validators(), key="", user_agent=AGENT)
    try:
        onward(hop, status=302, location=location)
    except FetchError as error:
        assert error.cause in CAUSES


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}/.{0,20}", fullmatch=True))
def test_no_declared_address_crashes_us(url: str) -> None:
    try:
        first_hop(page(url), validators=Validators(), key="k", user_agent=AGENT)
    except FetchError as error:
        assert error.cause in CAUSES


# ---------------------------------------------------------------------------------------------- misbehaviour


def hurried(**fields: object) -> Fetcher:
    return Fetcher(replace(LOCAL, **({"total_timeout": 0.3} | fields)))  # type: ignore[arg-type]


@pytest.mark.parametrize("misbehave", [Site.drip, Site.drip_headers])
def test_a_server_that_drips_is_left_at_the_deadline(site: Site, misbehave: object) -> None:
    misbehave(site, "/law")  # type: ignore[operator]
    with hurried() as fetcher, fails("timeout"):
        fetcher.get(page(site.url("/law")))


def test_a_silent_server_is_left_at_the_read_timeout(site: Site) -> None:
    site.slow("/law", 60)
    with hurried(total_timeout=60, read_timeout=0.1) as fetcher, fails("timeout"):
        fetcher.get(page(site.url("/law")))


def test_redirects_share_one_deadline(site: Site) -> None:
    for n in range(8):
        site.redirect(f"/{n}", f"/{n + 1}")
        site.slow(f"/{n}", 0.1)
    with hurried() as fetcher, fails("timeout"):
        fetcher.get(page(site.url("/0")))


@pytest.mark.parametrize("misbehave", [Site.endless, Site.gzip_bomb])
def test_a_body_without_end_is_cut_off(site: Site, misbehave: object) -> None:
    misbehave(site, "/law")  # type: ignore[operator]
    with hurried(total_timeout=30, max_bytes=1_000_000) as fetcher, fails("too large"):
        fetcher.get(page(site.url("/law")))


def test_headers_without_end_are_cut_off(site: Site, fetcher: Fetcher) -> None:
    site.endless_headers("/law")
    with fails("protocol"):
        fetcher.get(page(site.url("/law")))


def test_interim_answers_without_end_are_cut_off(site: Site) -> None:
    def law(handler: object) -> None:
        handler.pour(iter(lambda: b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000, b""))  # type: ignore[attr-defined]

    site.answer("/law", law)
    with hurried(total_timeout=30, max_bytes=1000) as fetcher, fails("too large"):
        fetcher.get(page(site.url("/law")))


def test_hanging_up_is_told_from_half_a_body_and_from_rubbish(site: Site, fetcher: Fetcher) -> None:
    site.drop("/none")
    site.drop("/half", after=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    site.drop("/chunk", after=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nha")
    site.drop("/rubbish", after=b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    site.publish("/zip", gzip.compress(b"text" * 500)[:-20], headers={"Content-Encoding": "gzip"})
    for path, cause in (
        ("/none", "protocol"), ("/half", "truncated"), ("/chunk", "truncated"), ("/rubbish", "protocol"),
        ("/zip", "truncated"),
    ):  # fmt: skip
        with fails(cause):
            fetcher.get(page(site.url(path)))


def test_a_fetcher_goes_on_after_every_failure(site: Site, fetcher: Fetcher) -> None:
    site.drop("/half", after=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    site.publish("/law", "text")
    for _ in range(2):
        with fails("truncated"):
            fetcher.get(page(site.url("/half")))
        assert fetcher.get(page(site.url("/law"))).body == b"text"


def test_every_error_of_the_http_library_has_a_cause() -> None:
    public = [getattr(httpcore, name) for name in httpcore.__all__]
    errors = [kind for kind in public if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(errors) > 10
    for kind in errors:
        assert issubclass(kind, FOREIGN), kind
        assert fault(kind("x")).cause in CAUSES


def test_a_closed_port_is_refused() -> None:
    with Site() as site:
        url = site.url("/law")
    with Fetcher(LOCAL) as fetcher, fails("refused"):
        fetcher.get(page(url))


# ---------------------------------------------------------------------------------------------- names, TLS, proxy


def test_names_given_replace_dns(site: Site) -> None:
    site.publish("/law", "text")
    with Fetcher(replace(LOCAL, names=(("ministry.example", ("127.0.0.1",)),))) as fetcher:
        assert fetcher.get(page(f"http://Ministry.example:{site.port}/law")).body == b"text"
        assert site.requests[-1].headers["host"] == f"ministry.example:{site.port}"
        with fails("dns"):
            fetcher.get(page(f"http://unknown.example:{site.port}/law"))


def test_the_next_address_is_tried_when_one_does_not_answer(site: Site) -> None:
    site.publish("/law", "text")
    with Fetcher(replace(LOCAL, names=(("ministry.example", ("127.0.0.98", "127.0.0.1")),))) as fetcher:
        assert fetcher.get(page(f"http://ministry.example:{site.port}/law")).body == b"text"


def test_one_forbidden_address_spoils_a_name(site: Site) -> None:
    names = (("ministry.example", ("127.0.0.1", "10.0.0.1")),)
    with Fetcher(replace(LOCAL, names=names)) as fetcher, fails("forbidden address"):
        fetcher.get(page(f"http://ministry.example:{site.port}/law"))
    assert not site.requests


def test_loopback_is_forbidden_unless_a_setting_names_it(site: Site) -> None:
    with Fetcher(FetchSettings(AGENT)) as fetcher, fails("forbidden address"):
        fetcher.get(page(site.url("/law")))
    assert not site.requests


def test_tls_is_verified_by_name_though_a_checked_address_is_dialled() -> None:
    with Site(tls=True, name="ministry.example") as site:
        site.publish("/law", "text")
        names = (*site.names, ("impostor.example", ("127.0.0.1",)))
        with Fetcher(replace(LOCAL, names=names, verify=site.ca)) as fetcher:
            assert fetcher.get(page(site.url("/law"))).body == b"text"
            with fails("tls"):
                fetcher.get(page(f"https://impostor.example:{site.port}/law"))
        with Fetcher(replace(LOCAL, names=names)) as fetcher, fails("tls"):
            fetcher.get(page(site.url("/law")))


def test_plain_http_on_a_tls_port_is_a_tls_failure(site: Site, fetcher: Fetcher) -> None:
    with fails("tls"):
        fetcher.get(page(site.url("/law").replace("http:", "https:")))


def test_a_proxy_from_settings_is_asked_for_names_but_not_for_private_addresses(site: Site) -> None:
    site.publish("http://ministry.example/law", "by proxy")
    with Fetcher(FetchSettings(AGENT, proxy=site.url())) as fetcher:
        assert fetcher.get(page("http://ministry.example/law")).body == b"by proxy"
        with fails("forbidden address"):
            fetcher.get(page("http://169.254.169.254/latest/"))
    assert len(site.requests) == 1


def test_each_thread_has_its_own_fetcher_and_all_get_on(site: Site) -> None:
    site.publish("/law", "text")
    answers: list[Response] = []

    def read() -> None:
        with Fetcher(LOCAL) as fetcher:
            answers.extend(fetcher.get(page(site.url("/law"))) for _ in range(20))

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [200] * 80


def test_a_fetcher_that_is_forgotten_leaves_no_open_socket(site: Site) -> None:
    site.publish("/law", "text")

    def read() -> None:
        Fetcher(LOCAL).get(page(site.url("/law")))

    thread = Thread(target=read)
    thread.start()
    thread.join()
    gc.collect()  # an unclosed socket warns here, and a warning is an error
    assert site.requests
