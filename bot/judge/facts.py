"""What a text states about itself: jurisdictions, corridors, mechanisms, stage, who is bound, which data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from bot.judge.folding import Folded, fold
from bot.judge.index import Hit, leftmost, within
from bot.judge.rules import RuleSet
from bot.judge.scoring import Sign
from bot.judge.ways import is_end, is_owner
from bot.model import Stated

_STATED = {"mechanisms": "mechanism", "bound": "bound", "kinds": "data", "sectors": "sector"}
_GENERAL = "transfer_general"
_TELLS, _NARROW = 60, 80  # weight from which a sign says what a text is about; a narrower topic together
_OPENING, _LEAD = 1_500, 600  # characters of a text

_GRANTING = frozenset({"EU", "GB", "CH"})
# Authorities that share a name, by the language they write: Singapore's and Thailand's Personal Data Protection
# Commission and Committee, Portugal's and Luxembourg's Comissão/Commission nationale.
_NAMESAKES = {
    "PDPC": {"": "SG", "en": "SG", "zh": "SG", "ms": "SG", "th": "TH"},
    "CNPD": {"": "PT", "pt": "PT", "fr": "LU", "de": "LU"},
}
_NOBODY = frozenset({"", "INT"})  # whose rules they are is not declared

_MECHANISMS = {
    "adequacy": "adequacy", "contracts": "scc", "bcr": "bcr", "certification": "certification",
    "security_assessment": "security_assessment", "tia": "impact_assessment", "localization": "localisation",
    "important_data": "important_data", "gov_access": "government_access", "bulk_data_security": "bulk_data",
    "digital_trade": "digital_trade", "market_access": "market_access",
}  # fmt: skip


def topics(signs: Sequence[Sign]) -> tuple[str, ...]:
    """Topics by the weight of their signs, weak signs alone make none.

    The general one stands where none is narrower, or where it weighs more and no title names a narrower one.
    """
    telling = [sign for sign in signs if sign.weight >= _TELLS]
    sums: dict[str, int] = {}
    for sign in telling:
        sums[sign.topic] = sums.get(sign.topic, 0) + sign.weight
    narrow = {topic: weight for topic, weight in sums.items() if topic != _GENERAL and weight >= _NARROW}
    heaviest = max(narrow.values(), default=0)
    titled = any(sign.where == "title" and sign.topic in narrow for sign in telling)
    if not titled and _GENERAL in sums and sums[_GENERAL] >= heaviest:
        narrow[_GENERAL] = sums[_GENERAL]
    ranked = sorted(narrow or sums, key=lambda topic: (-sums[topic], topic))
    return tuple(topic for topic in ranked if sums[topic] * 4 >= heaviest)[:5]


def mechanisms(found: Iterable[str], named: Sequence[str] = ()) -> tuple[str, ...]:
    """How a transfer is allowed or stopped: from the topics, and as named by words of their own."""
    return tuple(dict.fromkeys([*(_MECHANISMS[topic] for topic in found if topic in _MECHANISMS), *named]))


def speaker(*, url: str, names: Sequence[str], rules: RuleSet, language: str = "") -> str:
    """The jurisdiction that speaks: by the host's name, else by the authority that signs; "" when neither says.

    Of authorities that share one name the language decides; where it does not, neither speaks.
    """
    labels = (urlsplit(url).hostname or "").split(".")
    for at in range(len(labels)):
        if code := rules.by_host.get(".".join(labels[at:])):
            return code
    for name in names:
        hits = rules.places.find(fold(name))
        by_authority = [hit for hit in hits if hit.term.kind == "official"]
        if by_authority:
            return _whose(by_authority[0], language)
    return ""


def _whose(hit: Hit, language: str) -> str:
    """The jurisdiction of an authority, by its name and, of namesakes, the language it writes."""
    namesakes = _NAMESAKES.get(hit.term.words)
    return namesakes.get(language[:2], "") if namesakes else hit.term.topic


def named(text: Folded, *, rules: RuleSet) -> tuple[str, ...]:
    """Jurisdictions a text names, in order of first mention."""
    codes: dict[str, None] = {}
    span = (0, 0)
    for hit in rules.places.find_all(text):  # one name may stand for two places (a frame between them)
        if hit.start >= span[1] or (hit.start, hit.end) == span:
            span = (hit.start, hit.end)
            codes.setdefault(hit.term.topic)
    return tuple(codes)


def regime(texts: Iterable[Folded], *, home: str, rules: RuleSet) -> str:
    """Whose rules are spoken of: the jurisdiction that the title or a heading names as theirs, else `home`.

    Where nobody is known to speak it is the one named first. A place to which something leads ("to China", 中国への)
    is not it; nor is any other where the one that speaks is named, or itself grants the way out (adequacy).
    """
    if home in _GRANTING:
        return home
    for text in texts:
        hits = [h for h in leftmost(rules.places.find_all(text)) if h.term.kind == "place" and h.term.topic != "INT"]
        hits = [hit for hit in hits if not is_end(hit, text.text)]
        if home in [hit.term.topic for hit in hits]:
            return home
        for hit in hits:
            if home in _NOBODY or is_owner(hit, text.text, home=home):
                return hit.term.topic
    return home


def reporter(home: str, title: Folded, text: Folded, *, regime: str, rules: RuleSet) -> str:
    """The jurisdiction of who speaks, where the rules are those of others; "" where they may be its own.

    They are others' where the title names those as theirs, or where it (else the text) names only others.
    """
    if regime != home:
        return home
    named_ones = named(title, rules=rules) or named(text, rules=rules)
    return home if named_ones and home not in named_ones else ""


def jurisdictions(
    home: str, title: Folded, text: Folded, moves: Sequence[tuple[str, str]], *, rules: RuleSet
) -> tuple[str, ...]:
    """Who speaks, whom the title names (without a title: the opening), whom the opening repeats, and both ends."""
    opening = Folded(text.text[:_OPENING], text.original, text.offsets)
    first = named(title, rules=rules) or named(Folded(text.text[:_LEAD], text.original, text.offsets), rules=rules)
    ends = [code for pair in moves for code in pair if code != "*"]
    return tuple(dict.fromkeys([*([home] if home else []), *first, *repeated(opening, rules=rules), *ends]))


def repeated(text: Folded, *, rules: RuleSet, times: int = 2) -> tuple[str, ...]:
    """Jurisdictions that a text names more than once."""
    counts = Counter(hit.term.topic for hit in rules.places.find(text) if hit.term.kind == "place")
    return tuple(code for code, count in counts.items() if count >= times)


def stated(texts: Iterable[Folded], *, rules: RuleSet, language: str = "") -> tuple[Stated, ...]:
    """Mechanisms, who is bound, kinds of data, sectors: the codes whose words the texts use, each with its sentence."""
    found: dict[tuple[str, str], Stated] = {}
    for text in texts:
        hits = rules.cues("facts", language).find_all(text)
        for section, kind in _STATED.items():
            for hit in leftmost(within(hits, section)):
                if (kind, hit.term.kind) not in found:
                    said = text.around(hit.start, hit.end)
                    found[kind, hit.term.kind] = Stated(kind, hit.term.kind, said)
    return tuple(found.values())


def values(said: Iterable[Stated], kind: str) -> tuple[str, ...]:
    """The values of one kind."""
    return tuple(one.value for one in said if one.kind == kind)
