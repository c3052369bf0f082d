"""After reading: is what was read worth calling the page? Pure."""

from __future__ import annotations

from bot.honesty.doubt import Doubt, is_entry
from bot.honesty.phrases import kind_of_few, kind_of_heading, kind_of_text, phrases, plain, wants_script, weight
from bot.honesty.response import HINTS, SAYS, SPARE, TERSE, THIN, doubt
from bot.honesty.voice import LABEL, PHRASED, TITLED, Voice, is_meant, own_matter, voice
from bot.model import Block, Reading, Source

WORDED = frozenset({"page", "list", "text", "markdown"})  # types that a gatekeeper's words come in
FEW = "`min_blocks = 0` allows a page that says hardly anything"
LISTS = frozenset({"list", "feed", "sitemap"})
NOTHING = 12
SAMPLE = 20_000


def doubt_reading(source: Source, reading: Reading) -> Doubt | None:
    """Say why this reading is not the page that was promised, or None. `min_blocks = 0` says that emptiness is fine."""
    text = _text(reading, limit=SAMPLE)
    return (
        _doubt_words(source, reading, text)
        or _doubt_size(source, reading, text)
        or _doubt_items(source, reading)
        or _doubt_letters(text)
    )


def _text(reading: Reading, *, limit: int) -> str:
    pieces, length = [], 0
    for block in reading.blocks:
        pieces.append(block.text)
        length += len(block.text) + 1
        if length > limit:
            break
    return "\n".join(pieces)


def _doubt_words(source: Source, reading: Reading, text: str) -> Doubt | None:
    """A short reading means what it says, unless it speaks of rules; a long page may well speak of maintenance."""
    if len(text) > SPARE or (size := weight(text)) > SPARE or any(map(_is_listed, reading.blocks)):
        return None
    first = next((block.text for block in reading.blocks if block.kind == "heading"), "")
    # The title of a reading is its only large heading, when it has one.
    rows = [block.text for block in reading.blocks if block.kind == "row"]
    lines = "\n".join((own_matter([block.text for block in reading.blocks if block.kind != "row"]), *rows))
    heading = "" if lines.strip() in ("", first) else first  # all there is heads nothing

    def speaker() -> Voice:
        return voice(lines or first, title=reading.title, heading=heading, language=reading.language)

    kind = kind_of_heading(reading.title, text=lines)
    if kind := kind or (kind_of_heading(first, text=lines) if size < THIN else ""):
        return doubt(kind, f"{SAYS[kind]}: {reading.title or first}") if is_meant(speaker(), least=TITLED) else None
    if size > TERSE:
        return None
    kind, phrase = kind_of_text(text)
    who = speaker()
    if kind and is_meant(who, least=PHRASED):
        return doubt(kind, f"{SAYS[kind]}: it says “{phrase}”")
    if shell := _doubt_shell(text):
        return shell
    return _doubt_voice(who, text) if source.type in WORDED and source.min_blocks else None


def _doubt_voice(speaker: Voice, text: str) -> Doubt | None:
    """A few words that somebody other than a publisher says."""
    if not speaker.is_gatekeeper:
        return None
    kind, said = kind_of_few(text)
    kind, said = (kind, said) if kind else (speaker.kind, speaker.said)
    says = SAYS.get(kind, "a few words for a visitor came, and nothing else")
    return doubt(kind, f"{says}: it says “{said}”", HINTS.get(kind, FEW))


def _is_listed(block: Block) -> bool:
    """Whether a block is an item that a list of news or rules would hold; a menu's are short and bear no date."""
    return is_entry(block) and bool(block.date or weight(block.text) >= LABEL)


def _doubt_shell(text: str) -> Doubt | None:
    if asks := wants_script(text):
        return doubt("js shell", f"the page holds little text and says “{asks}”")
    lines = {plain(line) for line in text.splitlines()}
    if weight(text) < 200 and any(
        line.startswith(word) and len(line) < len(word) + 8 for line in lines for word in phrases().loading
    ):
        return doubt("js shell", "the page says that it is still loading")
    return None


def _doubt_size(source: Source, reading: Reading, text: str) -> Doubt | None:
    if len(reading.blocks) < source.min_blocks:
        hint = "look whether `select` still matches" if source.select or source.items else ""
        return Doubt(
            "empty" if source.type not in LISTS else "no items",
            f"{len(reading.blocks)} blocks were read, {source.min_blocks} are the least",
            hint,
        )
    listed = any(map(is_entry, reading.blocks))  # an entry may be called "GDPR"
    if source.min_blocks and not listed and len(text) < NOTHING and weight(text) < NOTHING:
        return Doubt("empty", "hardly anything was read")
    return None


def _doubt_items(source: Source, reading: Reading) -> Doubt | None:
    wanted = source.type in LISTS or bool(source.items or source.paths.items)
    if not wanted or not source.min_blocks or any(map(is_entry, reading.blocks)):
        return None
    return Doubt(
        "no items",
        "the list holds no item",
        "look whether `items` still matches; `min_blocks = 0` allows an empty list",
    )


# ------------------------------------------------------------------------------------------------ garbled letters


def _doubt_letters(text: str) -> Doubt | None:
    if text.isascii():
        return None
    lost = text.count("\ufffd") + 2 * text.count("锟斤拷")
    if lost > 10 and lost * 50 > len(text):
        return Doubt("mojibake", f"{lost} letters could not be decoded", "set `charset`")
    words = text.split()
    foreign = [word for word in words if not word.isascii()]
    twice = sum(map(_is_twice, foreign))
    # English with garbled apostrophes only stays readable; it is taken as it is.
    if twice > 8 and twice * 3 > len(foreign) and twice * 25 > len(words):
        return Doubt("mojibake", "the text was encoded twice", "set `charset`")
    return None


def _is_twice(word: str) -> bool:
    """UTF-8 that was taken for Windows-1252 and encoded again decodes once more, to fewer letters."""
    try:
        again = word.encode("cp1252").decode("utf-8")
    except UnicodeError:
        try:
            again = word.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return False
    return len(again) < len(word)
