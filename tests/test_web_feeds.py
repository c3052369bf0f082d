"""Feeds, calendars, and the ways in and out by mail, over real HTTP and read by other people's parsers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
import vobject

from bot.channels import email
from bot.model import Filters, Subscription
from tests.scenes import Scene, rule
from tests.site import Site
from tests.test_reminders import ACT, AGAIN, Board
from tests.web_reader import WebReader, serving

HOSTILE = "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; ]]&gt; \u0001 \uffff"
IN_FORCE = "<p>These Measures on personal information sent abroad take effect on {}.</p>"


@pytest.fixture
def dated(scene: Scene) -> Scene:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall", more=IN_FORCE.format("1 December 2026")))
    scene.look()
    return scene


@pytest.fixture
def mail(scene: Scene) -> Iterator[Scene]:
    """A scene that could send mail, if anybody listened."""
    server, sender = email.server("smtp://127.0.0.1:9"), email.sender("RegWatch <watch@regwatch.example.org>")
    scene.app.channels["email"] = email.Email(server, sender=sender, clock=lambda: scene.now)
    yield scene


def test_the_atom_feed_is_read_by_another_parser_with_one_entry_for_each_change(dated: Scene) -> None:
    with serving(dated) as port:
        answer = WebReader(port).get("/feed.atom?jurisdiction=CN")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.version == "atom10"
    assert [entry.link for entry in feed.entries] == [f"http://127.0.0.1:{port}/change/{number}" for number in (2, 1)]
    assert len({entry.id for entry in feed.entries}) == 2
    assert all(entry.updated and entry.title for entry in feed.entries)


def test_the_json_feed_says_the_same(dated: Scene) -> None:
    with serving(dated) as port:
        feed = json.loads(WebReader(port).get("/feed.json").body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [urlsplit(item["url"]).path for item in feed["items"]] == ["/change/2", "/change/1"]
    assert all(item["id"] and item["content_text"] and item["date_published"].endswith("Z") for item in feed["items"])


def test_a_feed_that_has_not_changed_is_not_sent_again(dated: Scene) -> None:
    with serving(dated) as port:
        reader = WebReader(port)
        for path in ("/feed.atom", "/feed.json", "/calendar.ics"):
            tag = reader.get(path).headers["ETag"]
            assert reader.get(path, If_None_Match=tag).status == 304


def test_hostile_titles_leave_every_feed_well_formed(scene: Scene) -> None:
    scene.app.declare([scene.page(title="<b>&\u0001 ]]>", authority="A\u202e & \ufffe Co.")])
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall", more=f"<h2>{HOSTILE}</h2><p>Personal data abroad: {HOSTILE}</p>"))
    scene.look()
    with serving(scene) as port:
        reader = WebReader(port)
        atom, feed, ics = (reader.get(path) for path in ("/feed.atom", "/feed.json", "/calendar.ics"))
    assert ElementTree.fromstring(atom.content).tag.endswith("feed")
    assert json.loads(feed.content)["items"]
    assert ics.status == 200


def test_a_moved_date_updates_the_entry_of_the_calendar(tmp_path: Path, site: Site) -> None:
    board = Board(tmp_path / "home", site)
    board.scene.look()
    with serving(board.scene, public_url="http://127.0.0.1:8080") as port:
        reader = WebReader(port)
        found = []
        for words, path in ((ACT, "/news"), (AGAIN, "/papers")):
            day = "20 January 2027" if words == ACT else "10 February 2027"
            board.announce(f"{words}. Comments may be submitted until {day}.", path=path)
            answer = reader.get("/calendar.ics?jurisdiction=EU")
            assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
            (entry,) = vobject.readOne(answer.body).vevent_list
            found.append((entry.uid.value, entry.dtstart.value, int(entry.sequence.value)))
            assert entry.url.value.startswith("http://127.0.0.1:8080/change/")
    (uid, first, sequence), (same, second, later) = found
    assert uid == same and (first, second) == (date(2027, 1, 20), date(2027, 2, 10)) and later > sequence
    board.app.close()


# ------------------------------------------------------------------------------------------------ coming and leaving


def test_a_visitor_subscribes_by_a_form_that_a_mail_confirms(mail: Scene) -> None:
    with serving(mail, web_subscribe=True, public_url="https://regwatch.example.org", web_token="t") as port:
        visitor = WebReader(port, host="regwatch.example.org")
        assert visitor.get("/subscriptions").status == 303
        sent = visitor.fill("/subscribe", {"address": "ada@example.org", "jurisdiction": "CN"})
        assert sent.status == 200 and "mail is on its way" in sent.text
        (row,) = [one for one in mail.app.outbox(states=("queued",)) if one.subject == "confirm"]
        token = re.search(rb"/confirm/([\w-]+)", row.payload)
        assert token
        path = f"/confirm/{token[1].decode()}"
        assert visitor.get(path).status == 200
        assert [one.mode for one in mail.app.subscriptions() if one.channel == "email"] == ["asked"]
        assert "Confirmed" in visitor.post(path).text
        (made,) = [one for one in mail.app.subscriptions() if one.channel == "email"]
        assert (made.mode, made.filters) == ("digest", Filters(jurisdictions=("CN",)))
        assert visitor.post(path).status == 404


def test_the_form_is_closed_to_visitors_unless_the_operator_opens_it(mail: Scene) -> None:
    with serving(mail, public_url="https://regwatch.example.org", web_token="t") as port:
        visitor = WebReader(port, host="regwatch.example.org")
        assert visitor.get("/subscribe").status == 403
        assert visitor.post("/subscribe", {"address": "ada@example.org"}).status == 403


@pytest.mark.parametrize("address", ["", "ada", "ada@", "ada@example.org\r\nBcc: x@example.org", "<script>@x.org"])
def test_what_is_no_address_is_said_beside_the_form_that_keeps_what_was_typed(mail: Scene, address: str) -> None:
    with serving(mail, web_subscribe=True, public_url="https://regwatch.example.org") as port:
        visitor = WebReader(port, host="regwatch.example.org")
        answer = visitor.fill("/subscribe", {"address": address, "corridor": "EU-US"})
    assert answer.status == 400 and 'role="alert"' in answer.body and 'value="EU-US"' in answer.body
    assert "<script" not in answer.body and not mail.app.outbox()


def test_one_click_ends_a_subscription_and_looking_at_the_link_does_not(mail: Scene) -> None:
    number = mail.app.subscribe(Subscription(0, "email", "ada@example.org", mode="digest"))
    with serving(mail, public_url="https://regwatch.example.org") as port:
        path = urlsplit(mail.app.leave_page(mail.app.subscription(number))).path
        scanner, program = (WebReader(port, host="regwatch.example.org") for _ in range(2))
        assert "End this subscription?" in scanner.get(path).text
        assert number in {one.id for one in mail.app.subscriptions()}
        # RFC 8058 §3.2: without cookies, without credentials, from somewhere else
        gone = program.post(path, {"List-Unsubscribe": "One-Click"}, Origin="https://mail.example")
        assert gone.status == 200 and "unsubscribed" in gone.text and not program.cookies
        assert number not in {one.id for one in mail.app.subscriptions()}
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status == 200
        assert program.post(path[:-1], {"List-Unsubscribe": "One-Click"}).status == 404


def test_on_the_machine_itself_the_operator_subscribes_any_channel_and_ends_it_again(scene: Scene) -> None:
    with serving(scene) as port:
        reader = WebReader(port)
        form = {"channel": "console", "address": "night", "mode": "every", "jurisdiction": "CN", "min": "plan"}
        assert reader.fill("/subscribe", form).status == 303
        made = next(one for one in scene.app.subscriptions() if one.address == "night")
        assert made.filters == Filters(jurisdictions=("CN",), min="plan", every_change=True)
        assert "console night" in reader.get("/subscriptions").text
        wrong = reader.fill("/subscribe", {"channel": "pigeon", "address": "x"})
        assert wrong.status == 400 and "no channel" in wrong.text.lower()
        reader.fill("/subscriptions", {}, action=f"/subscriptions/{made.id}/end")
        assert "console night" not in reader.get("/subscriptions").text
