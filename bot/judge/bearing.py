"""What differs in a stretch of a passage and bears on what is to be done: binding words, numbers, days.

Other numbers and days only number, date or name a text: they are told as references, or not at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.judge.contacts import is_contact
from bot.judge.dates import dated_quotes
from bot.judge.folding import fold, is_ideographic, sentences
from bot.judge.numbers import NARROW, numbers
from bot.judge.rules import RuleSet
from bot.judge.tokens import Side, Span, Token, sides
from bot.model import Block
from bot.numbering import is_edition, is_issued, is_noted, is_printed, referred

_RE_YEAR = re.compile(r"(?:19|20)[0-9]{2}\s?[年년]?(?:度|도)?")
_RE_STAMP = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")  # 20261101
_ERA = ("令和", "平成", "昭和", "民國", "民国")
_FROM_TO = re.compile(  # ahead of a year in which something begins or ends
    r"(?i)(?:\b(?:by|until|till|before|after|since|from|in|end|end of|start of|beginning of|to|bis|ab|seit|vor|"
    r"nach|ende|jahre?|"
    r"avant|après|depuis|en|dès|fin|jusqu'en|d'ici|hasta|desde|antes de|de|até|a partir de|em|entro|dal|nel|"
    r"fino al|vanaf|tot|"
    r"до|с|в|после|trước|từ|đến|năm|sebelum|sejak|tahun)\s|(?:自|从|於|于|至|到|在)\s?)$"
)
_FROM_TO_BEHIND = re.compile(
    r"^\s?(?:[底末初起中内]|以?前|以降|以后|以後|之前|より|から|まで|度末|까지|부터|말|이후|이전)"
)
_SILENT = frozenset({"published", "negation"})
_OTHER = frozenset({"negation", "number", "date"})
_NUMBERED = re.compile(r"\.?\s?[0-9]")
_NEAR = 40  # characters around a month's name in which its year stands
_MAY_NAME = re.compile(  # a quick no: without any of these no number names an act
    r"[0-9]/|/[0-9]|[号號호]|\bN[or]|\bn[°ºo.]|№|(?i:order|law|\bact\b|proclamation|lei|ley|loi|décret|decre|"
    r"docket|c\.?f\.?r"
    r"|case|celex|\bcom\b|\brin\b|bgbl|법률|령|令|kanun|karar)|\b[A-Z]{2,}[-./]"
)
_FEW, _FEW_SIGNS = 10, 24  # words, or signs of a script without spaces, that may say a limit of time
_STOPS = frozenset((*".。!?！？;；:：", ""))  # behind these another sentence begins
_SENTENCE = 400  # characters of a sentence that are read at either side of a number
_AROUND = 60  # characters around a number that may name an act
_PAS = re.compile(r"\s(?:pas|plus|jamais|point)\b")
_SIGN = re.compile(r"(?:\b[A-Z]{1,3})?[$€£¥₩₹]\s?$")
_OF_WHAT = re.compile(
    r"\s?(?:개|회)|(?i:\s(?:individuals|persons|people|"
    r"employees|users|"
    r"data subjects|personen|betroffenen?|personas|personnes|personne|pessoas|titulares|persone|(?:milli(?:o|ó)n|"
    r"milliard)\w*"
    r"(?: (?:euros?|yuan|dollars?|reais|pesos))?|yuan|dollars|rmb|francs?|franken|reais|pesos|rupees)\b)"
)
_RE_MONTH = re.compile(r"([^\W\d_]{3,12})\.? (?:de |del |of )?((?:19|20)[0-9]{2})(?!\d)")


class Stretch(NamedTuple):
    """One side of an altered stretch: its passage, where it lies in it, and what of these kinds stands in it."""

    block: Block
    low: int
    high: int
    side: Side

    @property
    def words(self) -> str:
        return self.block.text[self.low : self.high].strip()

    def of(self, *kinds: str) -> list[Token]:
        return [token for token in self.side.tokens if token.kind in kinds]


def differences(
    old: Block, new: Block, span: Span, *, rules: RuleSet, language: str
) -> Iterator[tuple[str, str, str]]:
    """Kind, what was and what is, in the printed words (days as YYYY-MM-DD), of what bears on what is to be done.

    Numbers and binding words only where one took the other's place (docs/decisions/0015).
    """
    left, right = sides(old, new, span, rules=rules, language=language)
    was, now = Stretch(old, span[0], span[1], left), Stretch(new, span[2], span[3], right)
    short = left.short and right.short
    yield from _modals(was, now, short=short)
    if [t.value for t in was.of("number", "date")] == [t.value for t in now.of("number", "date")]:
        yield from _months(was, now, rules=rules, language=language)
        return
    if limit := _limit(was, now, rules=rules, language=language):
        yield limit
        return
    weighed = [_weighed(one, rules=rules, language=language) for one in (was, now)]
    days = [dict.fromkeys(str(token.value) for token in one["day"]) for one in weighed]
    if list(days[0]) != list(days[1]):
        yield "date", ", ".join(days[0]), ", ".join(days[1])
    months = list(_months(was, now, rules=rules, language=language))
    yield from months
    for kind in ("number", "year"):
        pairs = _paired(weighed[0][kind], weighed[1][kind], short=short) if kind == "number" or not months else ()
        yield from (("date" if kind == "year" else kind, *_words(a, old, b, new)) for a, b in pairs)
    found = [dict.fromkeys(reference(token, block) for token in one["reference"])
             for one, block in zip(weighed, (old, new), strict=True)]  # fmt: skip
    yield from (("reference", a, b) for a, b in zip(*found, strict=False) if a != b and len(found[0]) == len(found[1]))


def _modals(was: Stretch, now: Stretch, *, short: bool) -> Iterator[tuple[str, str, str]]:
    """Binding words that differ; where they are the same, negations."""
    modals = [[t for t in one.side.tokens if t.kind not in _OTHER] for one in (was, now)]
    found = [("modality", a, b) for a, b in _paired(modals[0], modals[1], short=short, alone=short)]
    if not found and [t.kind for t in modals[0]] == [t.kind for t in modals[1]]:
        denied = [[token for token in one.of("negation") if not _is_number_sign(token, one)] for one in (was, now)]
        negated = _paired(denied[0], denied[1], short=short, alone=short)
        found = [("negation", a, b) for a, b in negated]
    for kind, a, b in found:
        said = _words(a, was.block, b, now.block)
        if a is None or b is None:  # with the words around it, if it stands among others
            said = said[0] or _answer(b, now, was), said[1] or _answer(a, was, now)
            said = (was.words, now.words) if not all(said) and was.words and now.words else said
        yield kind, *said


def _is_number_sign(token: Token, stretch: Stretch) -> bool:
    """The "No" of "No 45/2001"."""
    return token.said.lower() == "no" and bool(_NUMBERED.match(stretch.block.text, token.end))


def _words(was: Token | None, old: Block, now: Token | None, new: Block) -> tuple[str, str]:
    return _said(was, old.text), _said(now, new.text)


def _said(token: Token | None, text: str) -> str:
    """A token with what belongs to it: the second word of a French negation, what a number is a number of."""
    if token is None:
        return ""
    if token.kind != "number":
        behind = _PAS.match(text, token.end) if token.said.lower().startswith(("ne ", "n'", "n’")) else None
        return token.said + (behind[0] if behind else "")
    ahead, behind = _SIGN.search(text[max(0, token.start - 5) : token.start]), _OF_WHAT.match(text, token.end)
    return f"{ahead[0] if ahead else ''}{token.said}{behind[0] if behind and not token.unit else ''}"


def _answer(token: Token | None, here: Stretch, there: Stretch) -> str:
    """What stands on the other side where here a binding word does that the altered stretch lies in; "" elsewhere."""
    if not token or (token.start, token.end) == (here.low, here.high):
        return ""
    if token.start > here.low or token.end < here.high:
        return ""
    return there.block.text[there.low - (here.low - token.start) : there.high + (token.end - here.high)].strip()


def _weighed(stretch: Stretch, *, rules: RuleSet, language: str) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = {"day": [], "number": [], "year": [], "reference": []}
    for token in stretch.of("number", "date"):
        if kind := bearing(token, stretch.block, rules=rules, language=language):
            found[kind].append(token)
    return found


def _paired(
    left: Sequence[Token], right: Sequence[Token], *, short: bool, alone: bool = False
) -> Iterator[tuple[Token | None, Token | None]]:
    """Words that differ at the same place; of one side only where nothing but they came or went."""
    if alone and bool(left) != bool(right) and len(left) + len(right) == 1:
        yield (left[0], None) if left else (None, right[0])
    elif len(left) == len(right):
        for was, now in zip(left, right, strict=True):
            alike = was.value == now.value
            if not alike and was.unit == now.unit and (short or was.ahead == now.ahead or was.behind == now.behind):
                yield was, now


def _limit(was: Stretch, now: Stretch, *, rules: RuleSet, language: str) -> tuple[str, str, str] | None:
    """A stretch of time that alone came into a sentence that binds ("within 24 hours"), or went from one."""
    one, other = (now, was) if now.words else (was, now)
    found = one.of("number", "date")
    few = len(one.words) <= _FEW_SIGNS if any(map(is_ideographic, one.words)) else len(one.words.split()) <= _FEW
    if other.words or other.of("number", "date") or not few or [token.unit for token in found] != ["time"]:
        return None
    ahead = one.block.text[: one.low].rstrip()[-1:]
    if ahead in _STOPS or not _binds(_sentence(one.block.text, found[0].start), rules, language):
        return None
    return ("number", "", found[0].said) if one is now else ("number", found[0].said, "")


def _months(was: Stretch, now: Stretch, *, rules: RuleSet, language: str) -> Iterator[tuple[str, str, str]]:
    """A month with its year that took another's place, where a sentence binds or says when something begins or ends."""
    before, after = (list(_named(one, rules)) for one in (was, now))
    if was.of("date") or now.of("date") or now.block.kind == "heading" or not len(before) == len(after) == 1:
        return
    (old, _), (new, at) = before[0], after[0]
    if old != new and _binds(_sentence(now.block.text, at), rules, language):
        yield "date", old, new


def _named(stretch: Stretch, rules: RuleSet) -> Iterator[tuple[str, int]]:
    """Months with their year ("March 2027") that a stretch touches, and where they begin."""
    text, low, high = stretch.block.text, stretch.low, max(stretch.high, stretch.low + 1)
    for match in _RE_MONTH.finditer(text, max(0, low - _NEAR), high + _NEAR):
        if match[1].lower() in rules.months and match.start() < high and match.end() > low:
            yield match[0], match.start()


def bearing(token: Token, block: Block, *, rules: RuleSet, language: str) -> str:
    """What a number or day is: "number", "day" or "year" where it counts, "reference", or "" where it never does.

    Thresholds, amounts, stretches of time and the days of duties count. Numbers of pages, notes, lists and editions,
    years in titles, and the day on which a page was looked over or a text was issued do not.
    """
    text, (start, end) = block.text, (token.start, token.end)
    said = _sentence(text, start)
    if is_noted(text, start) or _RE_STAMP.fullmatch(token.said):
        return ""
    if token.kind == "date":
        return "" if _only_issued(token, said, rules, language) else "day"
    if is_printed(text, start, end) or is_edition(text, start, end):
        return ""
    if not token.unit and is_contact(text, start, end):
        return ""
    if reference(token, block):
        return "reference"
    if _is_year(token, text):
        dated = block.kind != "heading" and _sets_a_time(text, start, end, rules.months)
        return "year" if dated and _binds(said, rules, language) else ""
    return "number"


def reference(token: Token, block: Block) -> str:
    """The provision or act whose number a token is, with its word ("Article 46"); "" where it is none."""
    if token.unit:
        return ""
    found = _act(block.text, token) or referred(block.text, token.start, token.end)
    return block.text[slice(*found)].strip(" .") if found else ""


def _act(text: str, token: Token) -> tuple[int, int] | None:
    """Where an act is named by a number that a token is part of."""
    start = max(0, token.start - _AROUND)
    near = text[start : token.end + _AROUND].translate(NARROW)
    if not _MAY_NAME.search(near):
        return None
    found = ((one.start + start, one.end + start) for one in numbers(near, place="", where="t"))
    return next(((low, high) for low, high in found if low <= token.start and token.end <= high), None)


def _sentence(text: str, at: int) -> str:
    """The sentence that a place stands in; of an endless one what is nearest to it."""
    folded = fold(text)
    bounds = sentences(folded.text)
    found = bisect_right(bounds, at, key=lambda bound: folded.at(bound[1]))
    if found == len(bounds):
        return text[max(0, at - _SENTENCE) : at + _SENTENCE]
    low, high = (folded.at(place) for place in bounds[found])
    return text[max(low, at - _SENTENCE) : min(high, at + _SENTENCE)]


def _is_year(token: Token, text: str) -> bool:
    era = text[max(0, token.start - 2) : token.start] in _ERA
    return era or bool(_RE_YEAR.fullmatch(token.said)) and text[token.end : token.end + 1] not in ("间", "間")


def _sets_a_time(text: str, start: int, end: int, months: Mapping[str, int]) -> bool:
    """Whether a year stands behind "by", "until" or a month, or before 末 and 까지."""
    ahead = text[max(0, start - 30) : start]
    month = ahead.lower().rstrip(" .").rpartition(" ")[2] in months or ahead.lower().endswith((" de ", " del "))
    return month or bool(_FROM_TO.search(ahead) or _FROM_TO_BEHIND.match(text[end:]))


def _only_issued(token: Token, said: str, rules: RuleSet, language: str) -> bool:
    """Whether a day is only that on which a text was issued, published or looked over."""
    kinds = {dated.kind for dated in dated_quotes(said, rules=rules, language=language) if _is(dated.date, token)}
    return kinds == {"published"} if kinds else is_issued(said)


def _is(day: date, token: Token) -> bool:
    return day.isoformat() == token.value


def _binds(said: str, rules: RuleSet, language: str) -> bool:
    """Whether a sentence binds, permits or forbids, or says when something begins, ends or is due."""
    hits = [rules.cues(section, language).find_all(fold(said)) for section in ("modality", "dates")]
    return any(hit.term.kind not in _SILENT for found in hits for hit in found)
