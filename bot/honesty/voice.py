"""Who speaks: a publisher of its matter, or a gatekeeper to a visitor about the visit? Pure.

Wordings differ without end; what they speak of does not. A short text is weighed, not looked up: for a gatekeeper
speak sentences in which the site or the visit (a page, a request, a browser) is in a bad state, demands that only a
gate makes, excuses, ways out, and the manner: you and we, please and now, servers and buttons. For a publisher speak
dates, citations, a heading of its own and the words of rules. docs/decisions/0031 says how the weights were set.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.honesty import marks
from bot.honesty.phrases import weight
from bot.honesty.words import Signs, plain, signs_of, stems

ENOUGH = 4  # a text whose faults weigh so much for a gatekeeper is one's
MANNERED, MANNERLY = 3, 4  # … or whose manner does, with some fault or without any
BOTH = 5  # … or both together
PHRASED, TITLED = 2, 1  # a publisher's voice that weighs less outweighs a known phrase, a known title
HEADING = 1  # so much more is needed under a heading that names a matter
LONE = 3  # the same where a short text has no heading and nothing of rules
BARE = 250  # Latin letters: a text that says less has nothing to say but that
LONG, LONGER, LONGEST = 500, 900, 1_500  # … and texts that say more have something else to say
PAIRS = {"yours": 4, "here": 3, "place": 2}  # what it is worth when its state is bad
BESIDES = {"sorry": 2, "out": 2, "again": 1, "yours": 1}
MANNERS = ("you", "please", "we", "now")
# What the heading of a matter may hold.
OF_MATTER = frozenset({"tool", "place", "matter", "now", "no", "reach", "state", "here"})
MEANS = frozenset({"tool", "here"})  # of a visit
TOOLS, BARRED = 3, 2  # so many means of a visit count at most; what a negated verb of reaching is worth
ASKED = 3
BRIEF = 60  # Latin letters: a sentence that says less may be a label of a form
REFERRED = 2
BROKEN, PARKED = 4, 6  # what only a program says; a host's name for a heading
DATED, YEAR, CITED, ASKING, HEADED, QUOTED = 3, 2, 3, 6, 2, 1
RULES = (0, 1, 3, 5)  # for so many words of rules
LABEL, MENU = 40, 6  # letters of a label at most (twice that in a row of them), labels that make a menu
KINDS = ("blocked", "login", "maintenance", "soft 404", "http")  # the one that is named where two are as likely
NEAREST = {
    "no": "da", "nb": "da", "nn": "da", "sk": "cs", "sl": "hr", "sr": "hr", "bs": "hr", "lv": "lt", "ms": "id",
    "fa": "ar",
}  # fmt: skip
PREFERRED = 0.6  # the declared language is believed when it explains so much of what the likeliest one does

_PARTED = re.compile(r"[|·•›»©]")
_ENDS = (".", "!", "?", "。", "！", "？", "…", ":", "।")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|[。！？；؟।\n|]+")

Sentence = tuple[str, Signs]


class Fault(NamedTuple):
    """What one sentence says is the matter, by its worth."""

    worth: int
    signs: int
    kind: str
    said: str


class Voice(NamedTuple):
    """Whose voice it is: what the faults weigh for a gatekeeper, less the weight for a publisher; and what said so."""

    weight: int
    kind: str
    said: str
    is_gatekeeper: bool = False
    matter: int = 0  # what speaks for a publisher alone


def is_meant(speaker: Voice, *, least: int) -> bool:
    """Whether known words are meant of the page itself: nothing speaks for a publisher, or too little."""
    return not speaker.matter or speaker.weight >= least


NOBODY = Voice(0, "empty", "")


def own_matter(lines: Sequence[str]) -> str:
    """The lines that say something; where many short ones stand together (a menu) those are left out."""
    counted = [(line, _labels(line)) for line in lines]
    if sum(count for _, count in counted) < MENU:
        return "\n".join(lines)
    return "\n".join(line for line, count in counted if not count)


def _labels(line: str) -> int:
    """How many labels a line is made of, 0 when it says something."""
    pieces = [piece.strip() for piece in _PARTED.split(line) if piece.strip()]
    longest = LABEL if len(pieces) < 3 else 2 * LABEL
    return len(pieces) if all(len(piece) < longest and not piece.endswith(_ENDS) for piece in pieces) else 0


def voice(text: str, *, title: str = "", heading: str = "", language: str = "") -> Voice:
    """Weigh a short text; its lines are sentences of their own. Longer texts are nobody's. `language`: as declared."""
    size = weight(text)
    if size > LONGEST:
        return NOBODY
    above = dict.fromkeys((title, heading))
    said = "\n".join((*(line for line in above if line not in text.split("\n")), text))
    said, quoted = marks.QUOTED.sub(" ", said), "\n".join(marks.QUOTED.findall(said))
    sentences = [(piece.strip(), signs_of(piece)) for piece in _SENTENCE.split(said) if piece.strip()]
    own = _spoken(sentences, declared=language)
    matter = _publisher([one for one in own if one[0] not in above], heading=heading)
    matter += (size > LONG) + (size > LONGER) + QUOTED * any(sign.kind for sign, _ in signs_of(quoted))
    faults = _gatekeeper(own, text)
    total = faults.weight + (faults.weight > 0 and not matter and size < BARE)
    bare = not heading and not matter and size < BARE
    suspect = _is_suspect(own, heading=heading, faults=total, matter=matter, bare=bare)
    return faults._replace(weight=total - matter, is_gatekeeper=suspect, matter=matter)


def _is_suspect(sentences: list[Sentence], *, heading: str, faults: int, matter: int, bare: bool) -> bool:
    """Whether faults and manner are enough. `bare`: few words, no heading, nothing that publishers speak of."""
    if heading and _is_of_matter(heading, sentences):
        return faults - matter >= ENOUGH + HEADING
    manner = _manner(sentences) - matter - _headed(heading, sentences)
    if not bare:
        return faults - matter >= ENOUGH or manner >= (MANNERED if faults else MANNERLY) or manner + faults >= BOTH
    means = any(sign.name in MEANS for _, signs in sentences for sign, _ in signs)
    return means and bool(manner or faults) or manner + faults >= LONE


def _spoken(sentences: list[Sentence], *, declared: str) -> list[Sentence]:
    """The signs of the language that explains most; long words are surer than short ones."""
    spoken = Counter[str]()
    for _, signs in sentences:
        for sign, word in signs:
            spoken[sign.language] += len(word)
    best = max(spoken, key=spoken.__getitem__, default="")
    said = _language(declared)
    language = said if spoken[said] and spoken[said] >= PREFERRED * spoken[best] else best
    return [(piece, tuple(one for one in found if one[0].language == language)) for piece, found in sentences]


def _language(declared: str) -> str:
    """Our name of a declared language."""
    name = declared.lower()
    if name.startswith("zh"):
        return "tw" if any(part in name for part in ("tw", "hk", "mo", "hant")) else "zh"
    return NEAREST.get(name[:2], name[:2])


def _gatekeeper(sentences: list[Sentence], text: str) -> Voice:
    """What speaks for a gatekeeper: the heaviest sentence whole, one for each further one, and what stands beside."""
    faults = sorted(filter(None, (_fault(piece, signs) for piece, signs in sentences)), reverse=True)
    extra = {sign.name: word for _, signs in sentences for sign, word in signs if sign.name in BESIDES}
    total = sum(BESIDES[name] for name in extra) + REFERRED * marks.refers(text)
    if sentences and marks.is_host(sentences[0][0]):
        faults.insert(0, Fault(PARKED, 0, "soft 404", sentences[0][0]))
    if program := marks.of_program(text):
        faults.insert(0, Fault(BROKEN, 0, "http", program))
    if not faults:
        kinds = Counter(sign.kind for _, signs in sentences for sign, _ in signs if sign.kind)
        return Voice(total, _likeliest(kinds), ", ".join([*extra.values(), *sorted(_tools(sentences))][:4]))
    first = faults[0]
    return Voice(total + first.worth + min(len(faults) - 1, 2), first.kind, first.said)


def _likeliest(kinds: Counter[str]) -> str:
    return max(kinds, key=lambda kind: (kinds[kind], -KINDS.index(kind)), default="empty")


def _fault(piece: str, signs: Signs) -> Fault | None:
    """What is the matter in one sentence, by its worth. What has a date or a rule beside it is told of the world."""
    by: dict[str, str] = {sign.name: word for sign, word in reversed(signs)}
    spoken_to = "yours" in by or "here" in by
    if marks.names_day(piece) and not spoken_to:
        return None
    about = next((name for name in PAIRS if name in by), "place" if _is_curt(piece, by.get("state", "")) else "")
    kinds = Counter(sign.kind for sign, _ in signs if sign.name == "state")
    asks = [(sign.kind, word) for sign, word in signs if sign.name == "asks"]
    aloud = len(asks) > 1 or weight(piece) < BRIEF or not {"you", "please", "yours", "here"}.isdisjoint(by)
    denied = "no" in by and all(kind == "login" for kind, _ in asks)  # "we never ask for your password"
    asked = asks[0] if asks and aloud and not denied else None  # a word like "password" alone asks nobody for it
    if asked and (not about or not kinds or PAIRS[about] <= ASKED):
        return Fault(ASKED + ("yours" in by), 0, *asked)
    if not about or not kinds or "matter" in by and not spoken_to:
        return None
    kind = _likeliest(kinds)
    state = next(word for sign, word in signs if sign.kind == kind)
    return Fault(PAIRS[about], len(signs), kind, f"{by[about]} … {state}" if about in by else state)


def _is_curt(piece: str, state: str) -> bool:
    """Whether a sentence of some words says hardly more than that something is wrong."""
    said = plain(piece).strip()
    return bool(state) and " " in said and 2 * len(state) >= len(said)


def _manner(sentences: list[Sentence]) -> int:
    """How much a text sounds like one that is written for a visitor of the moment."""
    names = {sign.name for _, signs in sentences for sign, _ in signs}
    barred = any({"no", "reach"} <= {sign.name for sign, _ in signs} for _, signs in sentences)
    address = sum(name in names for name in MANNERS)
    return address + min(len(_tools(sentences)), TOOLS) + BARRED * barred if address or barred else 0


def _tools(sentences: list[Sentence]) -> set[str]:
    return {word for _, signs in sentences for sign, word in signs if sign.name == "tool"}


def _headed(heading: str, sentences: list[Sentence]) -> int:
    """What a heading is worth that names a matter: it speaks to nobody, and the text takes up its words."""
    signs = next((signs for piece, signs in sentences if piece == heading), ())
    names = {sign.name for sign, _ in signs}
    if not heading or not names <= OF_MATTER:
        return 0
    common = {word[:4] for _, word in signs} if names & {"state", "no"} else set()  # "page not found": this page …
    own = {stem for stem in stems(heading) if stem[:4] not in common}
    return HEADED if any(own & stems(piece) for piece, _ in sentences if piece != heading) else 0


def _is_of_matter(heading: str, sentences: list[Sentence]) -> bool:
    """Whether a heading names a thing, and nothing bad of it."""
    names = {sign.name for piece, signs in sentences if piece == heading for sign, _ in signs}
    return names <= OF_MATTER - {"state", "no", "here"}


def _publisher(sentences: list[Sentence], *, heading: str) -> int:
    """What speaks for a publisher: dates, citations, questions that are answered, the words of rules."""
    words = {word for _, signs in sentences for sign, word in signs if sign.name == "matter"}
    world = [piece for piece, signs in sentences if not any(sign.name == "here" for sign, _ in signs)]
    dated = DATED if any(map(marks.names_day, world)) else YEAR if any(map(marks.names_time, world)) else 0
    cited = CITED if any(map(marks.cites, world)) else 0
    return dated + cited + RULES[min(len(words), len(RULES) - 1)] + ASKING * marks.asks(heading)
