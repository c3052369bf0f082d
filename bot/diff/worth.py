"""What a replaced passage can be worth: words, or only typography or spelling; and sweeps through a text. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from bot.diff.words import Span, is_unspaced, tokens
from bot.model import Block, Edit
from bot.numbering import is_reference, numeral, slight
from bot.text import fold

SWEEP = 5  # blocks from which the same substitution is one decision and not many
TYPO_LENGTH = 5
TYPO_DISTANCE = 2

# Words of which one is no misspelling of the other. Capitalised words, other first letters and anything with a digit
# are never taken for spelling, so only look-alikes within those limits stand here.
_MODALS = (
    "shall should would could might cannot never neither unless until without within "
    "devra devront devrait pourra pourront doivent doit peuvent jamais aucun aucune "
    "müsste müssen musste mussten dürfen dürfte durften können könnte konnte "
    "konnten sollen sollte sollten keine keinen niemals "
    "deberá deberán debería podrá podrán podría deben debían pueden nunca ningún ninguna "
    "deverá deverão deveria poderá poderão poderia devem podem nenhum nenhuma "
    "dovrà dovranno dovrebbe potrà potranno potrebbe devono possono nessun nessuna "
    "должен должна должны может могут moeten mogen moest mocht zullen zouden"
)
_LOOK_ALIKES = (
    "personal personnel/prescribe proscribe/prescribed proscribed/statue statute/statues statutes/country county/"
    "countries counties/affect effect/principal principle/adapt adopt/adapted adopted/council counsel/causal casual/"
    "martial marital/three there/three these/these those/trail trial/conform confirm/conformed confirmed/"
    "interstate intrastate/extend extent/public publish/precede proceed/perspective prospective/moral mortal/"
    "collation collection/correlation corporation/deletion depletion/revise revoke/revised revoked/"
    "import impart/exempt except/expand expend/devise device/persecute prosecute/proposed purposed/"
    "refuse reuse/remove revoke/restrict district/disclose dispose/disposal dispersal/process progress/"
    "provider provided/holder older/detained retained/attained obtained/relieved received/relative relevant"
)
_EXTREMES = ("inter", "intra", "hyper", "hypo", "super", "supra", "under", "over")


@cache
def _modals() -> frozenset[str]:
    return frozenset(_MODALS.split())


@cache
def _look_alikes() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split()) for pair in _LOOK_ALIKES.split("/"))


class Vocabulary:
    """How often a word stands in two Versions; counted when first asked."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self._versions = (before, after)
        self._counts: tuple[Counter[str], Counter[str]] | None = None

    def counts(self, word: str) -> tuple[int, int]:
        if self._counts is None:
            old, new = (Counter(t for b in version for t in tokens(b.text.lower())) for version in self._versions)
            self._counts = old, new
        return self._counts[0][word], self._counts[1][word]


def worth(old: Block, new: Block, differences: Sequence[Span], vocabulary: Vocabulary) -> tuple[str, str]:
    """(worth, reason) of a replaced passage: ("aside", "case"), ("aside", "typo") …, or ("text", "")."""
    if not differences:
        return "aside", "typography"
    reason = _cosmetic(old.text, new.text, differences)
    if reason:
        return "aside", reason
    if all(
        _is_typo(pair, vocabulary) or _is_doubled(pair, (old.text[: span[0]][-80:], old.text[span[1] :][:80]))
        for pair, span in zip(_words(old.text, new.text, differences), differences, strict=True)
    ):
        return "aside", "typo"
    reason = slight(old.text, new.text, differences)
    return ("aside", reason) if reason else ("text", "")


# ------------------------------------------------------------------------------------------------ typography


@cache
def _link() -> re.Pattern[str]:
    return re.compile(r"\]\([^()\s]*\)|(?:https?://|www\.)[^\s<>()\"'，。；、]+")


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(r"[\W_]+")


@cache
def _editorial() -> re.Pattern[str]:
    """EUR-Lex marks in consolidated texts where an amendment begins and ends: ►M1 … ◄, ▼B."""
    return re.compile(r"[►▼◄▲]\s?(?:[A-Z]{1,2}[0-9]{0,3}(?![^\W_]))?")


@cache
def _superscript() -> re.Pattern[str]:
    """Footnote numbers; after a digit it would be an exponent."""
    return re.compile(r"(?<![0-9⁰¹²³⁴-⁹])[⁰¹²³⁴-⁹]+")


def is_editorial(text: str) -> bool:
    """Whether a block says nothing but which amendment the text below comes from, or is a mere rule or bullet."""
    return not _letters(_editorial().sub("", text))


def _letters(text: str) -> str:
    return _marks().sub("", fold(text))


@cache
def _meaningful() -> re.Pattern[str]:
    """Marks that change what a number or a condition says."""
    return re.compile(r"[%‰€$£¥₩<>≤≥=+±]|(?<=\d)[.,:/-](?=\d)|(?:^|(?<=[\s(]))-(?=\d)")


def _cosmetic(old: str, new: str, differences: Sequence[Span]) -> str:
    """The one kind of markup, link, case or punctuation in which two texts differ, or ""."""
    dressed = any(pattern().search(old + new) for pattern in (_link, _editorial, _superscript))
    if not dressed and _has_other_letters(old, new, differences):
        return ""
    if _meaningful().findall(fold(old)) != _meaningful().findall(fold(new)) and _link().sub("", old) == old:
        return ""
    if _letters(old) == _letters(new):
        return "punctuation"
    if _letters(old).casefold() == _letters(new).casefold():
        return "case"
    if _letters(_editorial().sub(" ", old)) == _letters(_editorial().sub(" ", new)):
        return "editorial marks"
    if _letters(_superscript().sub(" ", old)) == _letters(_superscript().sub(" ", new)):
        return "footnote numbers"
    shown_old, shown_new = _link().sub(" ", old), _link().sub(" ", new)
    if shown_old != old and shown_new != new and _letters(shown_old) and _letters(shown_old) == _letters(shown_new):
        return "link"
    return ""


def _has_other_letters(old: str, new: str, differences: Sequence[Span]) -> bool:
    """A quick no, from the differences alone."""
    pairs = list(_words(old, new, differences))
    before, after = (sorted(_letters("".join(side)).casefold()) for side in zip(*pairs, strict=True))
    return before != after


# ------------------------------------------------------------------------------------------------ spelling


def _words(old: str, new: str, differences: Sequence[Span]) -> Iterable[tuple[str, str]]:
    return ((old[start:end], new[after_start:after_end]) for start, end, after_start, after_end in differences)


def _is_typo(pair: tuple[str, str], vocabulary: Vocabulary) -> bool:
    """One long lower-case word became a very similar one, and the text knows only one of the two."""
    from rapidfuzz.distance import OSA

    old, new = pair
    if min(len(old), len(new)) < TYPO_LENGTH or not (old.isalpha() and new.isalpha()) or is_unspaced(old + new):
        return False
    if old[0] != new[0] or old[0].isupper() or _is_known_pair(old, new):
        return False
    return OSA.distance(old, new, score_cutoff=TYPO_DISTANCE) <= TYPO_DISTANCE and _is_unknown(old, new, vocabulary)


def _is_doubled(pair: tuple[str, str], around: tuple[str, str]) -> bool:
    """Whether a word or a few went, or came, that stand right beside the place once more ("the the")."""
    word = _letters(pair[0] or pair[1])
    if not word or (pair[0] and pair[1]) or any(letter.isdigit() for letter in word) or is_unspaced(word):
        return False
    return _letters(around[0]).endswith(word) or _letters(around[1]).startswith(word)


def _is_known_pair(old: str, new: str) -> bool:
    """A modal or a negation on either side, or two words that mean different things."""
    if {old, new} & _modals() or frozenset((old, new)) in _look_alikes():
        return True
    return any(old.startswith(e) != new.startswith(e) for e in _EXTREMES)


def _is_unknown(old: str, new: str, vocabulary: Vocabulary) -> bool:
    """A misspelt word stands nowhere else; an inflection or another word often does.

    Where the ends of the words differ ("employer", "employee"), the text must also know the corrected word.
    """
    old_before, old_after = vocabulary.counts(old)
    new_before, new_after = vocabulary.counts(new)
    wrong_is_rare = old_after == 0 and old_before == 1
    if old[-1] == new[-1] or sorted(old) == sorted(new):
        return wrong_is_rare or (new_before == 0 and new_after == 1)
    return wrong_is_rare and new_before > 0


# ------------------------------------------------------------------------------------------------ renumbering

def numbering(labels: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """From the labels of renumbered blocks: which number became which."""
    moved: dict[str, set[str]] = defaultdict(set)
    for old, new in labels:
        old_numbers, new_numbers = numeral().findall(old), numeral().findall(new)
        if old != new and len(old_numbers) == len(new_numbers):
            for a, b in zip(old_numbers, new_numbers, strict=True):
                moved[a].add(b)
    return {number: frozenset(became) for number, became in moved.items()}


def follows_renumbering(old: str, new: str, differences: Sequence[Span], numbers: Mapping[str, frozenset[str]]) -> bool:
    """Whether two texts differ only in references to provisions, and each reference goes where its provision went."""
    return bool(differences) and all(_follows(old, new, span, numbers) for span in differences)


def _follows(old: str, new: str, span: Span, numbers: Mapping[str, frozenset[str]]) -> bool:
    start, end, new_start, new_end = _whole_numbers(old, new, span)
    a, b = numeral().findall(old[start:end]), numeral().findall(new[new_start:new_end])
    outside = [numeral().sub("", old[start:end]), numeral().sub("", new[new_start:new_end])]
    if not a or len(a) != len(b) or fold(outside[0]) != fold(outside[1]):
        return False
    known = all(x == y or y in numbers.get(x, ()) for x, y in zip(a, b, strict=True))
    ahead = old[max(0, start - 80) : start]
    return known and (not ahead or is_reference(ahead, old[end : end + 20]))


def _whole_numbers(old: str, new: str, span: Span) -> Span:
    """The span widened to the whole numbers it cuts into (十 in 二十八)."""
    start, end, new_start, new_end = span
    while start > 0 and new_start > 0 and old[start - 1] == new[new_start - 1] and _is_numeral(old[start - 1]):
        start, new_start = start - 1, new_start - 1
    while end < len(old) and new_end < len(new) and old[end] == new[new_end] and _is_numeral(old[end]):
        end, new_end = end + 1, new_end + 1
    return start, end, new_start, new_end


def _is_numeral(letter: str) -> bool:
    return bool(numeral().fullmatch(letter))


# ------------------------------------------------------------------------------------------------ sweeps


def with_sweeps(edits: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> list[Edit]:
    """The same substitution in many blocks and nothing else in them is named as one."""
    named = [_substitution(edit, before, after) for edit in edits]
    counts = Counter(name for name in named if name)
    return [
        edit._replace(reason=f"sweep: {name}") if name and counts[name] >= SWEEP else edit
        for edit, name in zip(edits, named, strict=True)
    ]


def _substitution(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> str:
    if edit.kind != "replace" or edit.worth != "text" or not edit.spans:
        return ""
    pairs = set(_words(before[edit.before].text, after[edit.after].text, edit.spans))
    if any(not numeral().sub("", old + new).strip() for old, new in pairs):
        return ""  # a number says something of its own in every place
    return f"{_shown(old for old, _ in pairs)} -> {_shown(new for _, new in pairs)}" if len(pairs) == 1 else ""


def _shown(texts: Iterable[str]) -> str:
    return " … ".join(text.strip() for text in texts)
