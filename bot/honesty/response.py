"""Before reading: do status, headers and bytes belong to the page that was promised? Pure, and quick on good pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import msgspec

from bot.honesty.doubt import Doubt
from bot.honesty.face import Face
from bot.honesty.phrases import (
    is_notice,
    kind_of_few,
    kind_of_heading,
    kind_of_text,
    kind_of_title,
    phrases,
    plain,
    wants_script,
)
from bot.honesty.voice import PHRASED, TITLED, Voice, is_meant, own_matter, voice
from bot.model import Source

TERSE = 1_000  # a page that says less is believed to mean what its phrases say
THIN = 1_500  # a page that says less may be a shell, and its headings count like a title
SPARE = 3_000  # the same for a page whose very title is suspicious
BARE = 400  # the same for a page that bears a vendor's mark
SHELL = 160  # a page that scripts fill and that says less is a shell
BARREN = 90  # the same for a page with any script
NOTHING = 12
COME_AGAIN = (b"location.reload", b"location.href", b"location.replace", b"location.assign", b"location=")
SIGN_ON = (b'name="samlrequest"', b"name=samlrequest", b'name="wresult"', b"name=wresult", b'name="relaystate"')
PASSWORD = (b'type="password"', b"type=password", b"type='password'")
CAPTCHA = "a CAPTCHA"  # a widget that a shell may load for its own forms
NO_FIELDS: Mapping[str, str] = {}

SAYS: Mapping[str, str] = {
    "blocked": "a challenge or firewall page came instead",
    "login": "a login or consent page came instead",
    "maintenance": "a maintenance page came instead",
    "soft 404": "the page says that nothing is at this address",
    "http": "an error page came with status 200",
    "unreadable": "a browser's parser error came instead",
}
HINTS: Mapping[str, str] = {
    "blocked": "ask the publisher to admit the bot, lengthen `every`, or name a source that stands in for it",
    "login": "look for a public address of the same text",
    "soft 404": "look for its new address",
    "js shell": "look for the address that its scripts read (often JSON), or for a print view",
    "not found": "look for its new address",
}


def doubt_response(
    source: Source, *, status: int, headers: Sequence[tuple[str, str]], url: str, final_url: str, body: bytes
) -> Doubt | None:
    """Say why this response is not the page that was promised, or None.

    `url` was asked for, `final_url` answered after redirects; `body` is decompressed. Meaning of the statuses:
    RFC 9110 §15, RFC 6585 (429, 511), RFC 7725 (451).
    """
    fields = {name.lower(): value.lower() for name, value in headers}
    face = Face(body, fields.get("content-type", ""))
    return (
        _doubt_place(url, final_url)
        or _doubt_vendor(fields, status=status)
        or _doubt_status(source, face, fields, status=status)
        or _doubt_body(source, face, url=final_url or url)
        or _doubt_home(url, final_url)
        or _doubt_end(source, face, fields)
    )


def doubt(kind: str, detail: str = "", hint: str = "") -> Doubt:
    """A Doubt in the words of its kind."""
    return Doubt(kind, detail or SAYS[kind], hint or HINTS.get(kind, ""))


# ------------------------------------------------------------------------------------------------ where it came from


def _doubt_place(url: str, final_url: str) -> Doubt | None:
    """Redirects that end at a gate."""
    if not final_url or final_url == url:
        return None
    before, after = url.lower(), final_url.lower().partition("?")[0]
    for kind, places in phrases().places.items():
        if place := next((place for place in places if place in after and place not in before), ""):
            return doubt(kind, f"{SAYS[kind]}: the address leads to {final_url} ({place.strip('/.')})")
    return None


def _doubt_home(url: str, final_url: str) -> Doubt | None:
    """A deep address that leads to a front page has lost its document."""
    if not final_url or final_url == url or not _is_front(final_url) or _is_front(url):
        return None
    return Doubt("soft 404", f"the address leads to the front page {final_url}", HINTS["soft 404"])


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    steps = [step for step in parts.path.lower().split("/") if step]
    return not parts.query and all(
        _is_locale(step) or step.split(".")[0] in ("index", "default", "home", "main") for step in steps
    )


def _is_locale(step: str) -> bool:
    language, _, region = step.replace("_", "-").partition("-")
    return (
        len(language) in (2, 3)
        and language.isalpha()
        and len(region) <= 4
        and len(step) <= 7
        and (len(language) == 2 or bool(region))
    )


# ------------------------------------------------------------------------------------------------ who answered


def _doubt_vendor(fields: Mapping[str, str], *, status: int) -> Doubt | None:
    """Challenges that say so in a header, whatever the status."""
    for vendor in phrases().frank:
        if _bears(fields, vendor.always):
            return doubt("blocked", f"{vendor.name} answered with a challenge (status {status})")
    return None


def _bears(fields: Mapping[str, str], wanted: Sequence[tuple[str, str]]) -> bool:
    return any(name in fields and value in fields[name] for name, value in wanted)


def _vendor_of(face: Face, fields: Mapping[str, str] = NO_FIELDS) -> str:
    """Whose page it is, by its bytes or, where the status is an error, by its headers."""
    vendors = phrases().vendors
    return next((vendor.name for vendor in vendors if face.has(*vendor.marks) or _bears(fields, vendor.headers)), "")


# ------------------------------------------------------------------------------------------------ what the status says


def _doubt_status(source: Source, face: Face, fields: Mapping[str, str], *, status: int) -> Doubt | None:
    if status == 200:
        return None
    answer = ANSWERS.get(status, _other)
    return answer(source, face, fields, status)


def _gone(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    return Doubt("not found", f"the server says that the page does not exist (status {status})", HINTS["not found"])


def _refused(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    if status in (401, 407, 511) or _told(face) == "login":
        return doubt("login", f"the server wants a login (status {status})")
    if status == 405 and source.method != "GET":
        return Doubt("http", f"the server does not take {source.method} here (status 405)")
    by = _vendor_of(face, fields)
    return doubt("blocked", f"the server refuses us (status {status}{', ' + by if by else ''})")


def _busy(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    told = _told(face)
    if told in ("blocked", "maintenance", "login"):
        return doubt(told, f"{SAYS[told]} (status {status})")
    if face.weight < BARE and (by := _vendor_of(face, fields)):
        return doubt("blocked", f"a page of {by} came instead (status {status})")
    return Doubt("later", f"the server asks for a pause (status {status})", "lengthen `every` or the host's `spacing`")


def _accepted(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    """202 to a GET is how AWS WAF and others hand out a script to be solved first."""
    if face.is_html or not face.start:
        return (
            doubt("blocked", "the server took the request and sent no page (status 202)")
            if face.weight < BARE
            else None
        )
    return None


def _nothing(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    return Doubt("empty", f"the server says that there is nothing to send (status {status})")


def _partial(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    return Doubt("truncated", "the server sent a part of the page only (status 206)")


def _other(source: Source, face: Face, fields: Mapping[str, str], status: int) -> Doubt | None:
    if status < 300:
        return None
    told = _told(face)
    if told in ("blocked", "maintenance"):
        return doubt(told, f"{SAYS[told]} (status {status})")
    if face.weight < BARE and (by := _vendor_of(face, fields)):
        return doubt("blocked", f"a page of {by} came instead (status {status})")
    return Doubt("http", f"the server answered with an error (status {status})")


def _told(face: Face) -> str:
    """What kind of page an error page says it is; error pages may be long."""
    if not face.is_html:
        return _kind_of_words(face.decode(face.body[:THIN]))
    said = f"{face.text[:THIN]} {face.description}"
    return kind_of_title(face.title) or (_kind_of_words(said) if face.weight < SPARE else "")


def _kind_of_words(said: str) -> str:
    return kind_of_text(said)[0] or kind_of_few(said)[0]


ANSWERS: Mapping[int, Callable[[Source, Face, Mapping[str, str], int], Doubt | None]] = {
    202: _accepted, 204: _nothing, 205: _nothing, 206: _partial, 404: _gone, 410: _gone, 429: _busy, 503: _busy,
} | dict.fromkeys((401, 403, 405, 406, 407, 412, 444, 451, 511, 999), _refused)  # fmt: skip


# ------------------------------------------------------------------------------------------------ what the body is


def _doubt_body(source: Source, face: Face, *, url: str) -> Doubt | None:
    if not face.start:
        return Doubt("empty", "nothing came back")
    if face.is_html:
        return _doubt_page(face, url=url) or _doubt_type(source, face)
    return _doubt_type(source, face) or _doubt_note(source, face)


def _doubt_page(face: Face, *, url: str) -> Doubt | None:
    suspect = kind_of_title(face.title)
    if not face.small and not suspect:
        return None
    if suspect and face.weight < SPARE:
        suspect = kind_of_title(face.title, text=face.text)
    return (
        _doubt_blank(face) or _doubt_title(face, suspect) or _doubt_thin(face, url=url)
        if face.weight < SPARE
        else _doubt_marked(face, suspect)
    )


def _doubt_marked(face: Face, suspect: str) -> Doubt | None:
    """Challenges that hide behind a lot of garbage need a title and a mark."""
    if suspect == "blocked" and (by := _vendor_of(face)):
        return doubt("blocked", f"a page of {by} came instead: {face.title}")
    return None


def _doubt_blank(face: Face) -> Doubt | None:
    """A page that says nothing but bears a vendor's mark, or only sets a cookie and comes again."""
    if face.weight >= NOTHING:
        return None
    if (by := _vendor_of(face)) and by != CAPTCHA:
        return doubt("blocked", f"a page of {by} came instead")
    if face.small and face.has(b"document.cookie") and face.has(*COME_AGAIN) and not face.has(*phrases().roots):
        return doubt("blocked", "the page says nothing, sets a cookie by script and loads itself again")
    if face.has(*SIGN_ON):
        return doubt("login", "the page says nothing and sends the browser on to a login")
    return None


def _doubt_title(face: Face, suspect: str) -> Doubt | None:
    if not suspect:
        suspect = kind_of_heading(face.headings, text=face.text) if face.weight < THIN else ""
    if suspect == "http" and face.weight < TERSE:  # "Error" may be the title of anything
        suspect = _kind_of_words(face.text) or suspect
    if not suspect or not (_is_ordered(face, suspect, face.title) or is_meant(_speaker(face), least=TITLED)):
        return None  # what was read will tell
    return doubt(suspect, f"{SAYS[suspect]}: {face.title or face.headings.strip()}")


def _is_ordered(face: Face, kind: str, phrase: str) -> bool:
    """Whether a provider says at the top of its page, and below, that it blocks by order: such a page cites laws."""
    top = plain(f"{face.title} {face.headings}")
    return kind == "blocked" == kind_of_text(face.text)[0] and plain(phrase) in top


def _speaker(face: Face) -> Voice:
    """Who speaks on a page, as far as can be told before it is read."""
    return voice(own_matter(face.lines), heading=" ".join(face.headings.partition(" | ")[0].split()))


def _doubt_thin(face: Face, *, url: str) -> Doubt | None:
    if face.weight < BARE and (by := _vendor_of(face)) and not _may_bear(face, by):
        return doubt("blocked", f"a page of {by} came instead")
    if face.weight < TERSE:
        kind, phrase = kind_of_text(f"{face.text} {face.description if face.weight < BARE else ''}")
        if kind and (_is_ordered(face, kind, phrase) or is_meant(_speaker(face), least=PHRASED)):
            return doubt(kind, f"{SAYS[kind]}: it says “{phrase}”")
    if face.weight < BARE // 2 and face.has(*PASSWORD):
        return doubt("login", "the page asks for a password and says hardly anything else")
    if face.weight < BARE and face.refresh:
        return _doubt_refresh(face.refresh, url=url)
    return _doubt_shell(face)


def _may_bear(face: Face, by: str) -> bool:
    """Whether a short page may bear a vendor's mark: a form of its own, or a notice about that vendor."""
    return by == CAPTCHA and face.has(*phrases().roots) or is_notice(plain(face.text))


def _doubt_refresh(target: str, *, url: str) -> Doubt:
    """A page that only sends the browser on (HTML Living Standard, http-equiv=refresh)."""
    there = urljoin(url, target)
    if gate := _doubt_place(url, there):
        return gate
    cause = "elsewhere" if urlsplit(there).netloc != urlsplit(url).netloc else "empty"
    return Doubt(cause, f"the page only sends a browser on to {there}", f"declare {there} instead")


def _doubt_shell(face: Face) -> Doubt | None:
    """Hardly any text, but scripts that would fetch it."""
    scripted = face.has(b"<script")
    if scripted and face.weight < (SHELL if face.has(*phrases().roots) else BARREN):
        return doubt("js shell", "the page holds scripts and hardly any text")
    if face.weight < SHELL and face.has(b"<frameset", b"<iframe"):
        return Doubt("empty", "the page is only a frame around another", "declare the address inside the frame instead")
    if scripted and face.weight < THIN and (said := _awaits(face)):
        return doubt("js shell", f"the page holds little text and waits for its scripts: {said}")
    return Doubt("empty", "the page says nothing") if face.weight < NOTHING else None


def _awaits(face: Face) -> str:
    """Why a page of little text seems to wait for scripts, "" for no reason: two of three signs are wanted."""
    asks = wants_script(f"{face.noscript} {face.text}")
    waits = any(word in face.text.lower() for word in phrases().loading)
    rooted = face.has(*phrases().roots)
    if bool(asks) + waits + rooted < 2:
        return ""
    return f"it says “{asks}”" if asks else "it says that it is loading"


def _doubt_note(source: Source, face: Face) -> Doubt | None:
    """Short plain-text answers: refusals come as text, too."""
    if (
        len(face.body) > THIN
        or face.start.startswith((b"{", b"[", b"<"))
        or source.type not in ("page", "list", "text")
    ):
        return None
    kind, phrase = kind_of_text(face.decode(face.body))
    return doubt(kind, f"{SAYS[kind]}: it says “{phrase}”") if kind else None


# ------------------------------------------------------------------------------------------------ what was declared

MARKUP, JSON, PDF, ZIP, OLE, OTHER = "markup", "JSON", "a PDF", "a ZIP", "an old Office file", "text"
FITS: Mapping[str, tuple[str, ...]] = {
    "json": (JSON,), "feed": (MARKUP,), "xml": (MARKUP, ZIP), "sitemap": (MARKUP,), "pdf": (PDF,), "docx": (ZIP, OLE),
    "xlsx": (ZIP, OLE), "doc": (OLE, ZIP), "csv": (OTHER, JSON), "list": (MARKUP, OTHER), "page": (MARKUP, OTHER),
}  # fmt: skip
DOCUMENTS = (PDF, ZIP, OLE)  # what the links of a list may lead to, whatever their addresses look like
STRICT = frozenset({"feed", "json", "xml", "pdf", "doc", "docx", "xlsx", "csv", "sitemap"})  # never a web page
SIGNS = (
    (b"%PDF", PDF), (b"PK\x03\x04", ZIP), (b"\xd0\xcf\x11\xe0", OLE), (b"{", JSON), (b"[", JSON), (b"<", MARKUP),
)  # fmt: skip


def _shape(face: Face) -> str:
    """What kind of file the first bytes belong to; a bracket is JSON where the server says so, or all of it is."""
    shape = next((shape for sign, shape in SIGNS if face.start.startswith(sign)), OTHER)
    said = not face.content_type or "json" in face.content_type
    return OTHER if shape is JSON and not said and not _is_json(face.body) else shape


def _is_json(body: bytes) -> bool:
    """Whether a whole body is one JSON value (RFC 8259); nothing is made of it."""
    try:
        msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _doubt_type(source: Source, face: Face) -> Doubt | None:
    if face.is_html and source.type in STRICT:
        # Laws served as XML are sometimes HTML by their letters: where the server says XML, the reader decides.
        is_xml = source.type == "xml" and (face.start.startswith(b"<?xml") or "xml" in face.content_type)
        return None if is_xml else _wrong(source, "a web page")
    shape = JSON if source.type == "json" and face.start[:1] in (b"{", b"[") else _shape(face)
    fits = (*FITS.get(source.type, (shape,)), *(DOCUMENTS if source.type == "page" and source.parent else ()))
    return None if shape in fits or _is_scalar(source, face) else _wrong(source, shape)


def _is_scalar(source: Source, face: Face) -> bool:
    """UTF-16 bodies begin with a mark of their own; the reader decodes them."""
    return face.body[:2] in (b"\xff\xfe", b"\xfe\xff")


def _wrong(source: Source, shape: str) -> Doubt:
    return Doubt("wrong type", f"declared as {source.type}, but {shape} came", "look at the address, or correct `type`")


# ------------------------------------------------------------------------------------------------ whether it is whole


def _doubt_end(source: Source, face: Face, fields: Mapping[str, str]) -> Doubt | None:
    """Bodies cut short. A Content-Length counts compressed bytes, so it says nothing of a compressed body."""
    length = fields.get("content-length", "")
    if (
        length.isdigit()
        and int(length) > len(face.body)
        and fields.get("content-encoding", "identity") in ("", "identity")
    ):
        return Doubt("truncated", f"{len(face.body)} of {length} bytes came")
    tail = face.body[-2048:].rstrip(b" \t\r\n\0")
    if source.type in ("feed", "xml", "sitemap") and face.start.startswith(b"<") and not tail.endswith(b">"):
        return Doubt("truncated", "the XML ends in the middle")
    if face.start.startswith(b"%PDF") and b"%%EOF" not in tail:
        return Doubt("truncated", "the PDF has no end")
    return None
