"""Who may read the pages: rules for every route, tokens, links, sessions, forms, and how much anybody may ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from starlette.routing import Route

from bot.app import App
from bot.model import Filters, Subscription
from bot.web import DOORS, Rule
from bot.web import site as pages
from bot.web.access import Rate, local_path
from tests.scenes import Scene, rule
from tests.web_reader import WebReader, serving

TOKEN = "correct horse battery staple"
PUBLIC = "https://regwatch.example.org"
FILLED = {
    "{number}": "2", "{jurisdiction}": "CN", "{source:path}": "law", "{version}": "1", "{token}": "no-such-secret",
}  # fmt: skip
SECRETS = {"/confirm/{token}", "/unsubscribe/{token}", "/open/{token}", "/slack/events"}
ANYBODY = {"/healthz", "/robots.txt", "/login", "/subscribe"}


@pytest.fixture
def told(scene: Scene) -> Scene:
    """A home with a baseline and one amended rule."""
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    return scene


@contextmanager
def outside(scene: Scene, **settings: object) -> Iterator[int]:
    """Served behind a proxy, to the world."""
    with serving(scene, public_url=PUBLIC, **settings) as port:
        yield port


def stranger(port: int, **headers: str) -> WebReader:
    return WebReader(port, host="regwatch.example.org", headers=headers)


def filled(path: str) -> str:
    for part, value in FILLED.items():
        path = path.replace(part, value)
    return path


def routes(app: App) -> list[Route]:
    found = pages(app).routes
    assert all(isinstance(one, Route) for one in found), "something was mounted past the doors"
    return found  # type: ignore[return-value]


# ------------------------------------------------------------------------------------------------ every route


def test_every_route_has_a_rule_and_no_other_route_than_these_is_open_to_anybody(told: Scene) -> None:
    told.app.settings = replace(told.app.settings, slack_bot_token="xoxb-1", slack_signing_secret="s")
    rules = {(one.path, tuple(one.methods or ())): getattr(one.endpoint, "rule", None) for one in routes(told.app)}
    unruled = {path for (path, _), ruled in rules.items() if ruled is None}
    assert unruled == {"/slack/events"}  # Slack's own signature guards it
    assert {path for (path, _), ruled in rules.items() if ruled is Rule.ANYBODY} == ANYBODY
    assert {path for (path, _), ruled in rules.items() if ruled is Rule.SECRET} == SECRETS - {"/slack/events"}


def test_a_stranger_reads_nothing_at_any_route(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        for door in DOORS:
            if door.rule in (Rule.ANYBODY, Rule.SECRET):
                continue
            for method in door.methods:
                who = stranger(port)
                path = filled(door.path)
                answer = who.get(path) if method == "GET" else who.post(path)
                assert answer.status in (303, 401, 403), door.path
                assert "shall" not in answer.body and "Export measures" not in answer.body
                assert answer.status != 303 or answer.headers["Location"].startswith("/login?next=")


def test_without_any_token_the_pages_say_how_to_come_in(told: Scene) -> None:
    with outside(told) as port:
        answer = stranger(port).get("/")
    assert answer.status == 403 and "REGWATCH_WEB_TOKEN" in answer.text


def test_what_changes_something_wants_a_form_of_ours_at_every_route(told: Scene) -> None:
    with serving(told) as port:
        for door in DOORS:
            if "POST" in door.methods and door.rule is not Rule.SECRET:
                assert WebReader(port).post(filled(door.path)).status == 403, door.path
    assert [one.address for one in told.app.subscriptions()] == ["here"]


# ------------------------------------------------------------------------------------------------ the token


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_token_opens_the_pages_in_a_header(told: Scene, scheme: str) -> None:
    with outside(told, web_token=TOKEN) as port:
        assert stranger(port, Authorization=f"{scheme} {TOKEN}").get("/change/2").status == 200
        for wrong in ("", "wrong", TOKEN + "x", TOKEN[:-1]):
            assert stranger(port, Authorization=f"{scheme} {wrong}").get("/api/v1/changes").status == 401


def test_whoever_logs_in_has_a_session_that_scripts_and_other_sites_cannot_use(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        who = stranger(port)
        moved = who.get("/change/2?x=1")
        assert (moved.status, moved.headers["Location"]) == (303, "/login?next=/change/2%3Fx%3D1")
        answer = who.fill("/login?next=/change/2%3Fx%3D1", {"token": TOKEN}, action="/login")
        assert (answer.status, answer.headers["Location"]) == (303, "/change/2?x=1")
        kept = next(line for line in answer.headers.get_all("Set-Cookie") if line.startswith("__Host-regwatch="))
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(kept.split("; "))
        assert who.get("/change/2").status == 200


def test_a_wrong_token_is_refused_and_after_ten_of_them_so_is_the_right_one(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        who = stranger(port)
        said = [who.fill("/login", {"token": f"guess {number}"}).status for number in range(10)]
        assert said == [403] * 10
        assert who.fill("/login", {"token": TOKEN}).status == 429
        assert who.get("/change/2").status == 303


def test_a_session_that_was_planted_is_not_the_one_that_logging_in_opens(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        who = stranger(port)
        who.cookies["__Host-regwatch"] = "planted"
        who.fill("/login", {"token": TOKEN})
        mine = who.cookies["__Host-regwatch"]
        assert mine != "planted"
        other = stranger(port)
        other.cookies["__Host-regwatch"] = "planted"
        assert other.get("/").status == 303
        assert who.get("/").status == 200


def test_a_session_ends_after_twelve_hours_and_when_it_is_ended(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        first, second = stranger(port), stranger(port)
        for who in (first, second):
            who.fill("/login", {"token": TOKEN})
        secret = second.cookies["__Host-regwatch"]
        assert second.fill("/", {}, action="/logout").status == 200
        second.cookies["__Host-regwatch"] = secret
        assert second.get("/").status == 303
        told.pass_time(hours=11.9)
        assert first.get("/").status == 200
        told.pass_time(hours=0.2)
        assert first.get("/").status == 303


def test_a_session_ends_when_another_token_is_in_force_however_it_began(told: Scene) -> None:
    with outside(told, slack_bot_token="xoxb-1", web_token=TOKEN) as port:
        by_token, by_link = stranger(port), stranger(port)
        by_token.fill("/login", {"token": TOKEN})
        by_link.post(urlsplit(told.app.web_link("Ada")).path)
    for token, status in ((TOKEN, 200), ("another " + TOKEN, 303), ("", 403)):
        with outside(told, slack_bot_token="xoxb-1", web_token=token) as port:
            for who in (by_token, by_link):
                who.port = port
                assert who.get("/change/2").status == status


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example", "/\\evil.example", "\t/x", "/a\nb", ""])
def test_logging_in_never_leads_to_another_site(path: str) -> None:
    assert local_path(path) == "/"


# ------------------------------------------------------------------------------------------------ links


def test_a_link_opens_the_pages_once_within_ten_minutes_and_looking_at_it_does_not_use_it_up(told: Scene) -> None:
    with outside(told, slack_bot_token="xoxb-1") as port:
        link = told.app.web_link("Ada")
        assert link.startswith(f"{PUBLIC}/open/")
        path = urlsplit(link).path
        preview, who, late = stranger(port), stranger(port), stranger(port)
        assert preview.get(path).status == 200 and preview.get("/").status == 403
        assert who.post(path).status == 303
        assert who.get("/change/2").status == 200
        again = late.post(path)
        assert again.status == 403 and "used already" in again.text and late.get("/").status == 403
        other = urlsplit(told.app.web_link("Ada")).path
        told.pass_time(minutes=10.1)
        assert late.post(other).status == 403


def test_whoever_came_by_a_link_reads_and_changes_nothing_that_is_others(told: Scene) -> None:
    number = told.subscribe()
    told.app.store.subscribe(Subscription(0, "email", "ada@example.org", Filters(topics=("cloud",))), now=told.now)
    with outside(told, slack_bot_token="xoxb-1", web_token=TOKEN) as port:
        who = stranger(port)
        who.post(urlsplit(told.app.web_link("Ada")).path)
        listed = who.get("/subscriptions")
        assert listed.status == 200 and "ada@example.org" not in listed.body and "a reader by e-mail" in listed.text
        token = re.search(r'name="form" value="([0-9a-f]+)"', listed.body)
        assert token
        assert who.post(f"/subscriptions/{number}/end", {"form": token[1]}).status == 403
    assert len(told.app.subscriptions()) == 2


def test_only_hashes_of_secrets_are_kept(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        who = stranger(port)
        who.fill("/login", {"token": TOKEN})
        secrets = [who.cookies["__Host-regwatch"], told.app.web_link("Ada").rpartition("/")[2], told.app.feed_key("x")]
    told.app.store.close()
    kept = b"".join(path.read_bytes() for path in told.home.iterdir() if path.is_file())
    assert not any(secret.encode() in kept for secret in secrets)


# ------------------------------------------------------------------------------------------------ forms


def test_a_form_from_another_site_changes_nothing_though_the_cookies_come_with_it(told: Scene) -> None:
    with serving(told) as port:
        who = WebReader(port)
        shown = who.get("/subscribe")
        token = re.search(r'name="form" value="([0-9a-f]+)"', shown.body)
        assert token
        fields = {"form": token[1], "channel": "console", "address": "evil"}
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert who.post("/subscribe", fields, **headers).status == 403
        assert who.post("/subscribe", {**fields, "form": "0" * 64}).status == 403
        assert who.post("/subscribe", {**fields, "form": "é"}).status == 403
        assert WebReader(port).post("/subscribe", fields).status == 403  # the same form without the cookie
        assert [one.address for one in told.app.subscriptions()] == ["here"]
        assert who.post("/subscribe", fields, Origin=f"http://127.0.0.1:{port}").status == 303
    assert [one.address for one in told.app.subscriptions()] == ["here", "evil"]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 100, b"a=" + b"x" * 40_000])
def test_a_form_that_is_none_is_refused(told: Scene, body: bytes) -> None:
    with serving(told) as port:
        who = WebReader(port)
        answer = who._ask("POST", "/subscribe", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status in (400, 403, 413)


def test_a_body_larger_than_anything_of_ours_is_refused_unread(told: Scene) -> None:
    with serving(told) as port:
        answer = WebReader(port)._ask("POST", "/subscribe", b"", {"Content-Length": "99999999"})
    assert answer.status == 413


# ------------------------------------------------------------------------------------------------ feeds


def test_a_feed_key_opens_feeds_and_calendars_and_nothing_else_until_it_is_revoked(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        who = stranger(port)
        who.fill("/login", {"token": TOKEN})
        shown = who.fill("/subscriptions", {"remark": "Ada's phone"}, action="/keys")
        key = re.search(r"calendar\.ics\?key=([\w-]+)", shown.body)
        assert key
        program = stranger(port)
        for path in ("/calendar.ics", "/feed.atom", "/feed.json"):
            assert program.get(path).status == 401
            opened = program.get(f"{path}?key={key[1]}")
            assert opened.status == 200 and key[1] not in opened.body
        assert program.get(f"/?key={key[1]}").status == 303
        assert program.get(f"/api/v1/changes?key={key[1]}").status == 401
        (number, remark), *_ = told.app.feed_keys()
        assert remark == "Ada's phone"
        who.fill("/subscriptions", {}, action=f"/keys/{number}/revoke")
        assert program.get(f"/calendar.ics?key={key[1]}").status == 401


# ------------------------------------------------------------------------------------------------ how much


def test_whoever_asks_faster_than_anybody_reads_is_told_to_wait(told: Scene) -> None:
    with outside(told, web_token=TOKEN) as port:
        who = stranger(port)
        answers = [who.get("/login") for _ in range(230)]
    slow = [one for one in answers if one.status == 429]
    assert answers[0].status == 200 and slow and slow[0].headers["Retry-After"]


def test_a_rate_lets_so_many_at_once_and_remembers_so_many_names_only() -> None:
    rate = Rate(per_second=1, at_once=3)
    assert [rate.admits("ada", now=0) for _ in range(4)] == [True, True, True, False]
    assert rate.admits("ada", now=1.1) and not rate.admits("ada", now=1.2)
    for number in range(2 * Rate.NAMES):
        assert rate.admits(f"other {number}", now=2)
    assert len(rate._left) == Rate.NAMES
