"""Days that a text counts from its own publication: "on the twentieth day following that of its publication"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from bot.judge.folding import Folded

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fifth": 5, "seventh": 7, "tenth": 10, "fifteenth": 15, "twentieth": 20,
    "thirtieth": 30, "sixtieth": 60, "ninetieth": 90, "zwanzigsten": 20, "vierzehnten": 14, "vingtième": 20,
    "vigésimo": 20, "ventesimo": 20, "twintigste": 20, "dwudziestego": 20,
}  # fmt: skip
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18, "sechs": 6, "zwölf": 12,
    "six mois": 6, "seis": 6, "doce": 12, "doze": 12, "sei": 6, "dodici": 12, "zes": 6, "twaalf": 12,
}  # fmt: skip
_NUMBER = r"(?P<n>\d{1,3}|" + "|".join(sorted({*_ORDINALS, *_COUNTS}, key=len, reverse=True)) + ")"
_ITS = r"(?:of )?(?:its|their|the|this \w+'s)? ?(?:official )?"
_MADE = r"(?:publication|promulgation|gazettal)"
_FORMULAS = tuple(
    (re.compile(pattern), unit)
    for pattern, unit in (
        (rf"first day of the (?:\w+ )?month (?:following|after) (?:that of )?{_ITS}{_MADE}", "month start"),
        (rf"{_NUMBER}(?:st|nd|rd|th)? day (?:following|after) (?:that of |the da(?:y|te) of )?{_ITS}{_MADE}", "days"),
        (rf"{_NUMBER} (?:calendar )?days (?:following|after|from) (?:the (?:day|date) of )?{_ITS}{_MADE}", "days"),
        (rf"{_NUMBER} months (?:following|after|from) (?:the (?:day|date) of )?{_ITS}{_MADE}", "months"),
        (rf"the day (?:following|after) (?:that of |the day of )?{_ITS}{_MADE}", "next day"),
        (rf"(?:up)?on (?:the (?:day|date) of )?{_ITS}{_MADE}", "same day"),
        (r"am tage? nach (?:der|ihrer|seiner) (?:verkündung|veröffentlichung)", "next day"),
        (rf"am {_NUMBER} tage? nach (?:der|ihrer|seiner) (?:verkündung|veröffentlichung)", "days"),
        (rf"{_NUMBER} monate nach (?:der|ihrer|seiner) (?:verkündung|veröffentlichung)", "months"),
        (r"le lendemain de (?:sa|leur|la) publication", "next day"),
        (rf"le {_NUMBER} jour suivant celui de sa publication", "days"),
        (rf"{_NUMBER} mois après (?:sa|la|leur) (?:publication|promulgation)", "months"),
        (r"(?:al|el) día siguiente (?:al )?de su publicación", "next day"),
        (rf"a los {_NUMBER} (?:días|dias) de su publicación", "days"),
        (rf"{_NUMBER} meses después de su (?:publicación|promulgación)", "months"),
        (r"il giorno successivo (?:a quello della|alla) (?:sua )?pubblicazione", "next day"),
        (r"no dia seguinte ao da sua publicação", "next day"),
        (r"na data d[ea] sua publicação", "same day"),
        (rf"{_NUMBER} (?:meses) após a (?:sua )?publicação", "months"),
        (r"met ingang van de dag na (?:die van )?(?:de |haar )(?:datum van )?(?:publi|bekend|uitgif)", "next day"),
        (r"自(?:公布|发布|印发|發布|公佈)之日起(?:施行|实施|實施|生效|执行)", "same day"),
        (r"(?:公布|发布|發布|公佈)(?:之日起)?(?P<n>\d{1,3})日后", "days"),
        (r"(?:公布|发布|發布|公佈)(?:之日起)?(?P<n>\d{1,2})个月后", "months"),
        (r"公布の日から施行", "same day"),
        (r"공포한 날부터 시행", "same day"),
        (r"공포 후 (?P<n>\d{1,2})개월이 (?:경과|지)", "months"),
    )
)

_NOUNS = re.compile(
    r"publication|promulgation|gazettal|verkündung|veröffentlichung|publicación|promulgación|publicação|pubblicazione"
    r"|publicatie|bekendmaking|uitgifte|[公发發][布佈]|印发|공포"
)
_AHEAD, _BEHIND = 100, 30  # characters around such a word in which a formula stands


class Formula(NamedTuple):
    """A day counted from publication, and where it stands in the folded text."""

    start: int
    end: int
    unit: str
    number: int

    def after(self, published: date) -> date:
        """The day itself."""
        if self.unit == "days":
            return published + timedelta(days=self.number)
        if self.unit == "months":
            return _months_later(published, self.number)
        if self.unit == "month start":
            return _months_later(published.replace(day=1), 1)
        return published + timedelta(days=self.unit == "next day")


def formulas(folded: Folded) -> list[Formula]:
    """The formulas of a text, in order; the more exact one where two stand at one place."""
    found: list[Formula] = []
    for one in sorted(_all(folded.text), key=lambda f: (f.start, -f.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _all(text: str) -> Iterator[Formula]:
    for noun in _NOUNS.finditer(text):
        low, high = max(0, noun.start() - _AHEAD), noun.end() + _BEHIND
        for pattern, unit in _FORMULAS:
            for match in pattern.finditer(text, low, high):
                yield Formula(match.start(), match.end(), unit, _number(match.groupdict().get("n") or "0"))


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _ORDINALS.get(said) or _COUNTS[said]


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
