"""Mail as it really travels: over SMTP to servers on loopback, and read back by a reader that is not ours."""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import dkim
import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from benchmarks.mail import Trial
from bot.channels.email import Dkim, Email, address, message_id, sender, server
from bot.errors import DeliveryError, OperatorError
from bot.messages import mail
from bot.model import Message, Run
from bot.settings import load
from tests.smtp_double import Smtp

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
WAY = mail.Way("https://watch.example.org/unsubscribe/secret", "people@example.org", 7, "example.org")
ALERT = Message(
    "CAC: 个人信息出境 measures amended",
    (
        (Run("An operator "), Run("may", "del"), Run("shall", "ins"), Run(" file.")),
        (Run("https://cac.example/1", "link"),),
        (Run(".a line that begins with a dot"),),
    ),
)
LETTER = Message("", rich=mail.pack(mail.alert_letter(ALERT, way=WAY)))


def channel(url: str, **parts: Any) -> Email:
    return Email(server(url), sender=sender("RegWatch <bot@example.org>"), clock=lambda: NOW, **parts)


def send(double: Smtp, message: Message = LETTER, *, to: str = "reader@example.org") -> str:
    return channel(f"smtp://127.0.0.1:{double.port}").send(message, address=to, marker="change:17:3:0")


# ------------------------------------------------------------------------------------------------ what arrives


def test_a_mail_arrives_with_text_first_then_html_and_the_headers_of_a_list() -> None:
    with Smtp() as double:
        name = send(double)
    (made,) = double.mails()
    assert made["Message-ID"] == name
    assert (made["From"], made["To"]) == ("RegWatch <bot@example.org>", "reader@example.org")
    assert made["Subject"] == ALERT.headline
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in made.iter_parts()} == {"quoted-printable"}
    assert made["List-Unsubscribe"] == (
        "<https://watch.example.org/unsubscribe/secret>, <mailto:people@example.org?subject=unsubscribe%207>"
    )
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["List-Id"].endswith("<subscription-7.regwatch.example.org>")
    assert (made["Auto-Submitted"], made["Precedence"]) == ("auto-generated", "bulk")
    assert made["X-Auto-Response-Suppress"] == "All"
    text, html = (part.get_content() for part in made.iter_parts())
    assert "[-may-]{+shall+}" in text and "\n.a line that begins with a dot" in text
    assert "not legal advice" in text and "https://watch.example.org/unsubscribe/secret" in text
    assert ">may</del>" in html and ">shall</ins>" in html and 'lang="en"' in html
    assert max(map(len, double.taken[0][1].split(b"\r\n"))) <= 998  # RFC 5322 §2.1.1


def test_a_delivery_has_the_same_message_id_at_every_attempt_and_another_than_every_other() -> None:
    made = message_id("change:17:3:0", address="a@example.org", domain="example.org")
    assert made == message_id("change:17:3:0", address="a@example.org", domain="example.org")
    others = [
        message_id("change:17:3:0", address="b@example.org", domain="example.org"),
        message_id("change:17:3:0:escalate", address="a@example.org", domain="example.org"),
    ]
    assert len({made, *others}) == 3


def test_a_mail_that_may_be_a_repetition_says_so_in_both_parts() -> None:
    with Smtp() as double:
        send(double, Message("", rich=LETTER.rich, again=True))
        send(double)
    again, once = double.mails()
    assert again["Message-ID"] == once["Message-ID"]
    assert all("ossibly repeated" in part.get_content() for part in again.iter_parts())
    assert not any("ossibly repeated" in part.get_content() for part in once.iter_parts())


def test_a_message_of_no_form_of_its_own_becomes_a_small_mail() -> None:
    with Smtp() as double:
        send(double, ALERT)
    (made,) = double.mails()
    assert made["Subject"] == ALERT.headline and "List-Id" not in made


HOSTILE = [
    "Measures\r\nBcc: everybody@example.net\r\n\r\n<html>",
    "</title><script>alert(1)</script><img src=x onerror=alert(2)>",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200f\u200e",
    "=?utf-8?q?forged?= <a href='javascript:alert(1)'>",
    "{{ 7 * 7 }} {% raw %} \x00\x07\x1b[31m",
    "x" * 5_000,
    "公告" * 2_000,
    "",
]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_can_forge_no_header_and_run_nothing(title: str) -> None:
    run = Run(title)
    made = Message(title, ((run, Run(title, "ins"), Run("javascript:alert(1)", "link"), Run(title, "link")),))
    with Smtp() as double:
        send(double, made)
    (got,) = double.mails()
    assert "Bcc" not in got and set(got.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert len(got["Subject"]) <= 150 and not got.defects
    text, html = (part.get_content() for part in got.iter_parts())
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html
    assert "\u202e" not in text + html and "\x1b" not in text + html and "\x00" not in text + html
    assert "49 " not in text


# ------------------------------------------------------------------------------------------------ faults

LATER = {"rcpt 4", "data 4", "cut at data", "cut before dot", "dot 4"}
FINAL = {"rcpt 5", "data 5", "dot 5"}
DOUBT = {"cut after dot", "cut after dot, lost"}


@pytest.mark.parametrize("fault", sorted(LATER | FINAL | DOUBT))
def test_only_what_was_cut_after_the_final_dot_is_in_doubt(fault: str) -> None:
    with Smtp(lambda to, n: fault if to else "") as double, pytest.raises(DeliveryError) as caught:
        send(double)
    error = caught.value
    # of a small mail that is cut off before its dot, the dot may be on the way already: then that is doubt as well
    doubtful = error.doubtful if fault == "cut before dot" else fault in DOUBT
    assert (error.doubtful, error.final, error.scope) == (doubtful, fault in FINAL, "message")
    assert len(double.taken) == (fault == "cut after dot")


@pytest.mark.parametrize("fault", ["greeting 421", "mail 4", "mail 5"])
def test_a_server_that_refuses_us_is_the_trouble_of_the_whole_channel(fault: str) -> None:
    with Smtp(lambda to, n: "" if to == "reader@example.org" else fault) as double, pytest.raises(DeliveryError) as got:
        send(double)
    assert (got.value.doubtful, got.value.final, got.value.scope) == (False, False, "channel")


def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    with Smtp() as gone:
        port = gone.port
    with pytest.raises(DeliveryError, match=f"127.0.0.1:{port}: the connection was refused") as caught:
        channel(f"smtp://127.0.0.1:{port}").send(LETTER, address="a@example.org", marker="m")
    assert (caught.value.doubtful, caught.value.final, caught.value.scope) == (False, False, "channel")


def test_a_mailbox_cannot_be_read_back() -> None:
    made = channel("smtp://localhost")
    assert made.blind and made.folds
    with pytest.raises(DeliveryError, match="cannot be read"):
        made.find(address="a@example.org", marker="m", since=NOW)


# ------------------------------------------------------------------------------------------------ TLS, login


class Inbox:
    """Takes every mail; aiosmtpd calls its hooks."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"


def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"bot", b"p@ss/word"), handled=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["smtp+starttls", "smtps"])
def secure(request: pytest.FixtureRequest, authority: trustme.CA) -> Iterator[tuple[str, Inbox]]:
    """A server with TLS and a login; its URL's beginning and what it takes."""
    offered = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(offered)
    inbox = Inbox()
    at_once = request.param == "smtps"
    more: dict[str, Any] = {"authenticator": login, "hostname": "double.example"}
    if at_once:
        more |= {"auth_require_tls": False}  # it would ask for STARTTLS
    else:
        more |= {"auth_required": True, "tls_context": offered, "require_starttls": True}
    loop = asyncio.new_event_loop()
    serving = loop.run_until_complete(
        loop.create_server(lambda: SMTP(inbox, loop=loop, **more), "127.0.0.1", 0, ssl=offered if at_once else None)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"{request.param}://bot:p%40ss%2Fword@localhost:{serving.sockets[0].getsockname()[1]}", inbox
    asyncio.run_coroutine_threadsafe(_ended(serving), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _ended(serving: asyncio.Server) -> None:
    """Stop, and let what still talks come to its end."""
    serving.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_mail_travels_encrypted_and_with_a_login(secure: tuple[str, Inbox], authority: trustme.CA) -> None:
    url, inbox = secure
    channel(url, tls=trusting(authority)).send(LETTER, address="reader@example.org", marker="m")
    assert inbox.mails[0]["Subject"] == ALERT.headline and inbox.encrypted == [True]


def test_a_certificate_that_cannot_be_verified_or_a_wrong_login_hands_nothing_in(
    secure: tuple[str, Inbox], authority: trustme.CA
) -> None:
    url, inbox = secure
    with pytest.raises(DeliveryError, match="certificate cannot be verified") as unverified:
        channel(url).send(LETTER, address="reader@example.org", marker="m")
    wrong = url.replace("p%40ss", "other")
    with pytest.raises(DeliveryError, match="535") as refused:
        channel(wrong, tls=trusting(authority)).send(LETTER, address="reader@example.org", marker="m")
    assert not inbox.mails and {unverified.value.scope, refused.value.scope} == {"channel"}
    assert "other" not in str(refused.value) and "word" not in str(refused.value)


def test_a_server_without_starttls_gets_no_mail_in_the_clear() -> None:
    with Smtp() as double, pytest.raises(DeliveryError, match="no STARTTLS"):
        channel(f"smtp+starttls://127.0.0.1:{double.port}").send(LETTER, address="a@example.org", marker="m")
    assert not double.taken


# ------------------------------------------------------------------------------------------------ DKIM


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A private key's file, and the TXT record of its public half (RFC 6376 §3.6.1)."""
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    public = b64encode(made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return path, b"v=DKIM1; k=rsa; p=" + public


def test_a_signature_holds_and_covers_what_says_how_to_leave(keys: tuple[Path, bytes]) -> None:
    key, record = keys
    with Smtp() as double:
        signing = channel(f"smtp://127.0.0.1:{double.port}", dkim=Dkim("example.org", "s1", str(key)))
        signing.send(LETTER, address="reader@example.org", marker="m")
    ((_, content),) = double.taken

    def holds(content: bytes) -> bool:
        return bool(dkim.verify(content, dnsfunc=lambda name, timeout=5: record))

    assert holds(content)
    covered = double.mails()[0]["DKIM-Signature"].replace(" ", "").lower()
    names = ("list-unsubscribe:", "list-unsubscribe-post", "list-id", "from:", "subject")
    assert all(name in covered for name in names)
    assert not holds(content.replace(b"unsubscribe/secret", b"unsubscribe/others"))


def test_a_key_that_cannot_sign_holds_mails_up_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no key")
    for name in ("missing.pem", "bad.pem"):
        with Smtp() as double, pytest.raises(DeliveryError, match="the DKIM key") as caught:
            made = channel(f"smtp://127.0.0.1:{double.port}", dkim=Dkim("example.org", "s1", str(tmp_path / name)))
            made.send(LETTER, address="reader@example.org", marker="m")
        assert not double.taken and not caught.value.final and caught.value.scope == "channel"


# ------------------------------------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://localhost", "localhost", 25, "none"),
        ("smtp://[::1]:2525", "::1", 2525, "none"),
        ("smtp+starttls://relay.example.org", "relay.example.org", 587, "starttls"),
        ("smtps://u:p@relay.example.org", "relay.example.org", 465, "implicit"),
        ("smtp://relay.example.org:26?plain=yes", "relay.example.org", 26, "none"),
    ],
)
def test_a_mail_server_is_named_by_a_url(url: str, host: str, port: int, tls: str) -> None:
    assert server(url)[:3] == (host, port, tls)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("REGWATCH_SMTP_URL", "smtp://relay.example.org", "would speak in the clear"),
        ("REGWATCH_SMTP_URL", "http://relay.example.org", "should read smtp+starttls"),
        ("REGWATCH_SMTP_URL", "smtps://u:secret@host:port", "should read smtp+starttls"),
        ("REGWATCH_SMTP_URL", "smtps://", "should read smtp+starttls"),
        ("REGWATCH_MAIL_FROM", "nobody", "REGWATCH_MAIL_FROM"),
        ("REGWATCH_MAIL_FROM", "a@example.org\nBcc: b@example.org", "REGWATCH_MAIL_FROM"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_one_line_without_its_password(
    name: str, value: str, says: str
) -> None:
    with pytest.raises(OperatorError, match=re.escape(says)) as caught:
        load({name: value})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "@b", "a b@c", "a@b@c", "a@-b", "a@b..c", "ü@b", "a\n@b", "x" * 65 + "@b"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="is not a mail address"):
        address(text)


def test_an_address_is_kept_as_it_can_be_sent_to() -> None:
    assert address(" Jane.Doe+x@Bücher.example ") == "Jane.Doe+x@xn--bcher-kva.example"


# ------------------------------------------------------------------------------------------------ kill -9


@pytest.mark.slow  # three processes; `python -m benchmarks.mail` does it with 500 recipients
def test_kills_and_faults_lose_no_digest_and_double_only_what_was_cut_after_its_final_dot(tmp_path: Path) -> None:
    toll = Trial(tmp_path, recipients=12).run(kills=1)
    assert toll.harm == []
    assert toll.states["uncertain"] >= 1 and toll.states["dead"] == 2  # in doubt twice; refused for good
    assert toll.states["done"] + toll.states["uncertain"] + toll.states["dead"] == 12
