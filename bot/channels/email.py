"""E-mail over SMTP: one message, one recipient, one connection; it is known whether the final dot went out.

Before the final dot of DATA nothing can have been delivered (RFC 5321 §4.1.1.4), so whatever goes wrong is tried again.
After it, until the server's answer, the message may have been delivered: that is doubt, and the only doubt there is.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from socket import gethostname
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from bot.errors import DeliveryError, OperatorError
from bot.messages import mail
from bot.model import Message
from bot.ports import Clock

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TIMEOUT = 30.0  # seconds for every step
ANSWER = 60.0  # seconds for the answer to the final dot; a late answer costs a second copy, a long wait holds up others
_SIGNED = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "list-id", "list-unsubscribe",
    "list-unsubscribe-post", "auto-submitted", "in-reply-to", "references",
)  # fmt: skip
_AGAIN = "Possibly repeated: we could not see whether the first copy reached you."
_OURS = frozenset({"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"})
"""Headers that a letter may bring; whatever else it names is left out."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")


class Server(NamedTuple):
    """Where mails are handed in. tls: "none", "starttls" or "implicit"."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""


class Dkim(NamedTuple):
    """Who signs: domain, selector, path of the private key (PEM)."""

    domain: str
    selector: str
    key: str


def server(url: str) -> Server:
    """The server of REGWATCH_SMTP_URL; raises OperatorError.

    `smtp://` speaks in the clear, so it is for this machine only, unless it says `?plain=yes`.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port or parts.path not in ("", "/"):
        raise OperatorError("REGWATCH_SMTP_URL should read smtp+starttls://USER:PASSWORD@HOST:PORT, or smtps:// or smtp://")
    plain = parse_qs(parts.query).get("plain") == ["yes"]
    if parts.scheme == "smtp" and not plain and not _is_here(host):
        raise OperatorError(
            f"REGWATCH_SMTP_URL: smtp:// to {host} would speak in the clear; use smtp+starttls:// or smtps://, "
            "or add ?plain=yes to do so all the same"
        )
    tls = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "implicit"}[parts.scheme]
    return Server(host, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address(text: str) -> str:
    """One mail address (RFC 5321, unquoted, ASCII before the @); the domain as IDNA. Raises OperatorError."""
    local, at, domain = text.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise OperatorError(f"{text!r} is not a mail address such as name@example.org")
    return f"{local}@{domain}"


def sender(text: str) -> Address:
    """The sender of REGWATCH_MAIL_FROM: an address, or `Name <address>`. Raises OperatorError."""
    name, given = parseaddr(text)
    if not given or "\n" in text or "\r" in text:
        raise OperatorError(f"REGWATCH_MAIL_FROM: {text!r} should read name@example.org or Name <name@example.org>")
    try:
        return Address(name, addr_spec=address(given))
    except (OperatorError, ValueError) as error:
        raise OperatorError(f"REGWATCH_MAIL_FROM: {error}") from error


class Email:
    """Sends mails, each with the Message-ID that its delivery always has: doubles are folded by servers and clients."""

    blind = True
    folds = True

    def __init__(
        self,
        where: Server,
        *,
        sender: Address,
        clock: Clock,
        dkim: Dkim | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._where, self._sender, self._clock, self._dkim, self._tls = where, sender, clock, dkim, tls

    def send(self, message: Message, *, address: str, marker: str) -> str:
        """Hand one mail in; returns its Message-ID. Raises DeliveryError: doubtful only after the final dot."""
        content = self.sealed(message, address=address, marker=marker)
        with self._connected() as smtp:
            self._envelope(smtp, address)
            _data(smtp, content)
        return message_id(marker, address=address, domain=self._sender.domain)

    def find(self, *, address: str, marker: str, since: object, thread: str = "") -> str:
        """A mailbox of somebody else cannot be read: always DeliveryError."""
        raise DeliveryError("a mailbox cannot be read back")

    def knock(self) -> None:
        """Connect, encrypt and log in as for a mail, and send none. Raises DeliveryError."""
        with self._connected() as smtp:
            try:
                code, said = smtp.noop()
            except (smtplib.SMTPException, OSError) as error:
                raise DeliveryError(f"the mail server: {_trouble(error)}", scope="channel") from error
            _expect(code, said, "the mail server does not answer as it should", scope="channel")

    def sealed(self, message: Message, *, address: str, marker: str) -> bytes:
        """The mail as it goes out, signed if mails are. Raises DeliveryError when it cannot be signed."""
        return self._signed(self.compose(message, address=address, marker=marker).as_bytes())

    def compose(self, message: Message, *, address: str, marker: str) -> EmailMessage:
        """The mail as it goes out, not signed; text first, then HTML, both quoted-printable UTF-8."""
        letter = mail.unpack(message.rich) if message.rich else mail.alert_letter(message)
        made = EmailMessage(policy=SMTP)
        made["From"] = self._sender
        made["To"] = address
        made["Subject"] = mail.subject_line(letter.subject)
        made["Date"] = format_datetime(self._clock())
        made["Message-ID"] = message_id(marker, address=address, domain=self._sender.domain)
        if message.thread.startswith("<") and message.thread.endswith(">"):
            made["In-Reply-To"] = made["References"] = message.thread
        for name, value in letter.headers:
            if name in _OURS:
                made[name] = " ".join(value.split())
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5
        made["Precedence"] = "bulk"
        made["X-Auto-Response-Suppress"] = "All"
        text, html = (_again(letter) if message.again else (letter.text, letter.html))
        made.set_content(text, cte="quoted-printable")
        made.add_alternative(html, subtype="html", cte="quoted-printable")
        for part in made.iter_parts():
            del part["MIME-Version"]  # the mail's own is enough (RFC 2045 §4)
        return made

    # ---------------------------------------------------------------------------------------------- signing

    def _signed(self, content: bytes) -> bytes:
        """With DKIM (RFC 6376) over the headers that RFC 8058 §4 asks for; a key that fails holds mails up."""
        if self._dkim is None:
            return content
        try:
            import dkim

            key = Path(self._dkim.key).read_bytes()
            present = [name.encode() for name in _SIGNED if re.search(rb"(?mi)^" + name.encode() + rb":", content)]
            names = (self._dkim.selector.encode(), self._dkim.domain.encode())
            return bytes(dkim.sign(content, *names, key, include_headers=present)) + content
        except ImportError as error:
            raise DeliveryError("mails cannot be signed: install regwatch[dkim]", scope="channel") from error
        except OSError as error:
            raise DeliveryError(f"the DKIM key {self._dkim.key}: {error.strerror}", scope="channel") from error
        except (dkim.DKIMException, dkim.UnparsableKeyError) as error:
            raise DeliveryError(f"the DKIM key {self._dkim.key} cannot sign: {error}", scope="channel") from error

    # ------------------------------------------------------------------------------------------- the conversation

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is encrypted and verified as the setting asks, logged in, and closed in the end."""
        where = f"the mail server {self._where.host}:{self._where.port}"
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._open()
            self._enter(smtp)
        except (smtplib.SMTPException, OSError) as error:
            if smtp is not None:
                smtp.close()
            raise DeliveryError(f"{where}: {_trouble(error)}", scope="channel") from error
        try:
            yield smtp
        finally:
            with suppress(smtplib.SMTPException, OSError):
                if smtp.sock is not None:
                    smtp.quit()
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        host, port, name = self._where.host, self._where.port, gethostname()  # getfqdn would ask DNS
        if self._where.tls == "implicit":
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=TIMEOUT, context=self._context())
        return smtplib.SMTP(host, port, local_hostname=name, timeout=TIMEOUT)

    def _enter(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._where.tls == "starttls":
            smtp.starttls(context=self._context())
            smtp.ehlo()
        if self._where.user:
            smtp.login(self._where.user, self._where.password)

    def _context(self) -> ssl.SSLContext:
        """Verifies name and chain; `SSL_CERT_FILE` adds an authority of one's own (OpenSSL)."""
        return self._tls or ssl.create_default_context()

    def _envelope(self, smtp: smtplib.SMTP, to: str) -> None:
        """MAIL and RCPT: a sender that is refused is everybody's trouble, a recipient only his own."""
        try:
            code, said = smtp.mail(self._sender.addr_spec)
            _expect(code, said, "the sender was refused", scope="channel", lasting=False)
            code, said = smtp.rcpt(to)
            _expect(code, said, "the recipient was refused", scope="message")
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"the mail server: {_trouble(error)}", scope="channel") from error


def _data(smtp: smtplib.SMTP, content: bytes) -> None:
    """DATA in two steps: all lines, and then the final dot, from which on the message may have been taken."""
    try:
        smtp.putcmd("data")
        code, said = smtp.getreply()
        if code != 354:
            _expect(code, said, "the message was refused", scope="message")
            raise DeliveryError(f"the mail server: {_said(code, said)} instead of 354")
        smtp.send(_dotted(content))
        smtp.send(b".\r\n")
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"the mail server: {_trouble(error)}, before the message was handed over") from error
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER)
        code, said = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"no answer after the message was handed over: {_trouble(error)}", doubtful=True) from error
    _expect(code, said, "the message was refused", scope="message")


def _dotted(content: bytes) -> bytes:
    """Lines ended by CRLF, with a dot doubled at their beginning (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r?\n|\r", b"\r\n", content)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _expect(code: int, said: bytes, what: str, *, scope: str, lasting: bool = True) -> None:
    """2xx is well; 4xx is for later, 5xx final (RFC 5321 §4.2.1); 421 closes the whole service for a while."""
    if 200 <= code < 300:
        return
    if code == 421:
        raise DeliveryError(f"the mail server pauses: {_said(code, said)}", scope="channel")
    raise DeliveryError(f"{what}: {_said(code, said)}", final=lasting and 500 <= code < 600, scope=scope)


def _said(code: int, said: bytes) -> str:
    return f"{code} {' '.join(said.decode('utf-8', 'replace').split())[:200]}".strip()


def _trouble(error: Exception) -> str:
    """A foreign error in our words, by its type."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        return _said(error.smtp_code, said)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "it offers no STARTTLS, or no login, and we do not go on without"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be verified ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "no TLS connection could be made"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "the connection was refused or cut"
    return f"it could not be reached ({error})"


def _again(letter: mail.Letter) -> tuple[str, str]:
    """Text and HTML that say they may be a repetition."""
    html = letter.html.replace(mail.AGAIN, f'<p style="margin:0 0 16px"><strong>{_AGAIN}</strong></p>', 1)
    return f"{_AGAIN}\n\n{letter.text}", html


def message_id(marker: str, *, address: str, domain: str) -> str:
    """The same delivery has the same Message-ID at every attempt."""
    return f"<regwatch.{sha256(f'{marker} {address}'.encode()).hexdigest()[:32]}@{domain}>"
