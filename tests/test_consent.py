"""People who come by a form and leave by a link: nothing without their word, and one click to go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from bot.app.consent import WAITING
from bot.errors import OperatorError
from bot.model import Filters, Subscription
from bot.web import Server
from bot.web import site as pages
from tests.scenes import Scene, rule
from tests.site import Site
from tests.smtp_double import Smtp


@pytest.fixture
def double() -> Iterator[Smtp]:
    with Smtp() as made:
        yield made


@pytest.fixture
def scene(tmp_path: Path, site: Site, double: Smtp) -> Iterator[Scene]:
    site.publish("/law", rule())
    made = Scene(
        tmp_path / "home",
        site,
        smtp_url=f"smtp://127.0.0.1:{double.port}",
        mail_from="bot@example.org",
        public_url="https://watch.example.org",
        web_subscribe=True,
        owner="email:people@example.org",
    )
    yield made
    made.app.close()


def link(double: Smtp, kind: str, *, to: str) -> str:
    """The token of the link in the newest mail to somebody."""
    text = double.mails(to)[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(rf"^https://watch\.example\.org/{kind}/(\S+)\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]


def weeks(scene: Scene, number: int) -> None:
    for _ in range(number):
        scene.pass_time(days=7)
        list(scene.app.digest_all())
        list(scene.app.deliver_all())


def test_nothing_is_sent_to_an_address_before_whoever_reads_it_has_confirmed(scene: Scene, double: Smtp) -> None:
    scene.look()
    scene.app.ask_subscription("reader@example.org", Filters(jurisdictions=("CN",)))
    list(scene.app.deliver_all())
    scene.site.publish("/law", rule("shall"))
    assert scene.kinds() == ["changed"], "there is something to tell"
    weeks(scene, 1)
    (asked,) = double.mails()
    assert asked["Subject"] == "Please confirm your subscription to RegWatch"
    with pytest.raises(OperatorError, match="too old"):  # it took a week
        scene.app.confirm_subscription(link(double, "confirm", to="reader@example.org"))


def test_a_confirmed_reader_gets_digests_and_leaves_by_the_link_in_each(scene: Scene, double: Smtp) -> None:
    scene.look()
    scene.app.ask_subscription("reader@example.org")
    list(scene.app.deliver_all())
    token = link(double, "confirm", to="reader@example.org")
    confirmed = scene.app.confirm_subscription(token)
    assert (confirmed.address, confirmed.mode) == ("reader@example.org", "digest")
    with pytest.raises(OperatorError, match="used already"):
        scene.app.confirm_subscription(token)
    weeks(scene, 2)
    digests = double.mails("reader@example.org")[1:]
    assert len(digests) == 2 and len({one["Message-ID"] for one in digests}) == 2
    token = re.search(r"https://watch\.example\.org/unsubscribe/([^>]+)>", digests[0]["List-Unsubscribe"])[1]  # type: ignore[index]
    assert "mailto:people@example.org" in digests[0]["List-Unsubscribe"]
    assert scene.app.leaving(token).id == confirmed.id
    assert scene.app.subscriptions()  # to ask is not to leave
    assert scene.app.unsubscribe_by(token).address == "reader@example.org"
    assert not scene.app.subscriptions()
    assert scene.app.unsubscribe_by(token).id == confirmed.id  # a second click is no error
    weeks(scene, 2)
    assert len(double.mails("reader@example.org")) == 3


def test_the_form_betrays_nobody_and_writes_once(scene: Scene, double: Smtp) -> None:
    scene.app.subscribe(Subscription(0, "email", "known@example.org", mode="digest"))
    for _ in range(3):
        scene.app.ask_subscription("known@example.org")
        scene.app.ask_subscription("new@example.org")
        scene.app.ask_subscription("new@example.org", Filters(jurisdictions=("CN",)))
    list(scene.app.deliver_all())
    assert [one["To"] for one in double.mails()] == ["new@example.org"]
    assert scene.app.subscriptions_of("email", "known@example.org")[0].mode == "digest"


def test_the_form_is_no_way_to_write_to_strangers(scene: Scene) -> None:
    for number in range(WAITING):
        scene.app.ask_subscription(f"reader{number}@example.org")
    with pytest.raises(OperatorError, match="too many wait"):
        scene.app.ask_subscription("one.more@example.org")
    scene.pass_time(days=3)
    scene.app.ask_subscription("one.more@example.org")
    assert [one.address for one in scene.app.subscriptions()] == ["one.more@example.org"]  # the others were let go


@pytest.mark.parametrize("token", ["", "x", "é" * 100, "../..", "a" * 10_000])
def test_a_link_that_nobody_was_given_does_nothing(scene: Scene, token: str) -> None:
    scene.app.subscribe(Subscription(0, "email", "known@example.org", mode="digest"))
    for verb in (scene.app.leaving, scene.app.unsubscribe_by, scene.app.confirm_subscription):
        with pytest.raises(OperatorError):
            verb(token)
    assert len(scene.app.subscriptions()) == 1


def test_the_form_stays_shut_unless_the_operator_opens_it(tmp_path: Path, site: Site) -> None:
    for settings in ({}, {"web_subscribe": True}, {"web_subscribe": True, "public_url": "https://watch.example.org"}):
        made = Scene(tmp_path / str(len(settings)), site, **settings)
        with pytest.raises(OperatorError):
            made.app.ask_subscription("reader@example.org")
        made.app.close()


def test_an_alert_by_mail_is_a_mail_that_one_can_leave(scene: Scene, double: Smtp, site: Site) -> None:
    scene.app.subscribe(Subscription(0, "email", "reader@example.org"))
    scene.look()
    site.publish("/law", rule("shall"))
    scene.look()
    (alert,) = double.mails("reader@example.org")
    assert "became ‘shall’" in alert["Subject"] and "List-Unsubscribe-Post" in alert
    scene.app.unsubscribe_by(link(double, "unsubscribe", to="reader@example.org"))
    site.publish("/law", rule("must"))
    scene.look()
    assert len(double.mails()) == 1



def test_one_click_in_a_mail_client_ends_it_and_a_scanner_that_follows_the_link_does_not(
    tmp_path: Path, site: Site, double: Smtp
) -> None:
    site.publish("/law", rule())
    mailing = {"smtp_url": f"smtp://127.0.0.1:{double.port}", "mail_from": "bot@example.org"}
    made = Scene(tmp_path / "home", site, public_url="https://watch.example.org", **mailing)
    made.app.subscribe(Subscription(0, "email", "reader@example.org", mode="digest"))
    made.look()
    weeks(made, 1)
    (sent,) = double.mails("reader@example.org")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.search(r"<https://watch\.example\.org(/unsubscribe/[^>]+)>", sent["List-Unsubscribe"])[1]  # type: ignore[index]
    server = Server(pages(made.app), bind="127.0.0.1:0")
    server.start()
    try:
        with urlopen(server.url + path) as answer:  # RFC 8058 §3.1: GET must not unsubscribe
            assert answer.status == 200 and b"<form" in answer.read()
        assert len(made.app.subscriptions()) == 1
        for _ in range(2):
            with urlopen(Request(server.url + path, b"List-Unsubscribe=One-Click", method="POST")) as answer:
                assert answer.status == 200
            assert not made.app.subscriptions()
    finally:
        server.stop()
        made.app.close()
