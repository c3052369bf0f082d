"""Which act a text is about: its own number, not those that it cites. A false join is worse than a missed one.

A number counts as a text's own when its address carries it, when its title begins with it or ends with it in brackets,
or when it stands on a line of its own at the head of a document. A title that comments on an act is not that act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple

from bot.judge.numbers import NARROW, Found, family, in_address, numbers
from bot.model import Block, Change, Edit, Finding, Source, Stated
from bot.text import bare, canonical_url

DOCUMENT = "doc"  # family of documents that are known by their address alone
_TITLE, _LINE = 600, 120  # characters of a title, and of a line that says a number alone
_HEAD, _FOOT = 14, 4  # blocks of a document in which its own number stands
_ORDERS = ("令", "公告", "通告")
_ITEMS = frozenset({"new", "retitled", "back"})
_DOCUMENTS = frozenset({"pdf", "docx", "doc", "xml", "text", "markdown"})
_LISTS = frozenset({"list", "feed", "json", "csv", "sitemap", "xlsx"})

# What may stand before a text's own number: who issues it and how, never what it does to another act.
_LEAD = re.compile(
    r"(?ix)(?:\W|\b(?:the|new|adoption|final|draft|revised|updated|consolidated|official|text|version|publication|of|entry|into|"
    r"force|adopts?|adopted|publish(?:es|ed)?|issues?d?|releases?d?|announces?d?|promulgates?d?|enacts?|enacted|"
    r"signs?|signed|approves?d?|consultation\ on|call\ for\ feedback\ on|corrigendum\ to|finalises?d?|finalizes?d?|"
    r"cjeu|cgue|cjue|court\ of\ justice|general\ court|in|case|joined\ cases|judgment\ in|judgement\ in|urteil|recht"
    r"ssache|affaire|arrêt|asunto|causa|sentenza|"
    r"no|nr|presidential|federal|commission|council|european|parliament|and|data|protection|board|edpb|edps|"
    r"version|\d{1,2}|rev)\b)*"
)
_LEAD_WIDE = re.compile(r"(?:発布|公布|印发|印發|颁布|頒布|发布|發布|公佈|공포|제정|[《「『\"“【\[(\s:])*")
# Words of a title that is about an act and is not the act.
_ABOUT = re.compile(
    r"(?ix)\b(?:guidance|guide|faqs?|q\s?&\s?a|questions|answers|opinion|statement|comments?|commentary|response|reply|"
    r"report|study|summary|fact\s?sheet|explainer|explained|overview|webinar|workshop|speech|remarks|letter|"
    r"infographic|analysis|compliance|enforcement|fines?|penalt\w*|infring\w*|amend\w*|repeal\w*|supplement\w*|"
    r"implement\w*|pursuant|transposi\w*|review|evaluat\w*|assessment|application\ of|anniversary|news|toolkit|"
    r"template|form|notice\ of\ meeting|hearing|event|conference|consequences|impact|modif\w*|änder\w*|"
    r"deroga\w*|aplica\w*|application|umsetzung|durchführung|mise\ en\ œuvre|guía|leitfaden|guida|avis\ sur|commentaire"
    r")\b|解读|解讀|问答|問答|答记者问|答記者問|培训|宣贯|学习|图解|一图|专家|評論|评论|解説|概要|ガイドライン|해설|안내|설명"
)
_ABOUT_BEHIND = re.compile(  # right behind a number; what the act does to others may follow as well
    r"(?ix)^\W*(?:\w+\W+){0,3}?(?:guidance|guide|faqs?|q\s?&\s?a|questions|opinion|statement|comments?|response|"
    r"report|study|"
    r"summary|fact\s?sheet|explainer|explained|overview|webinar|workshop|compliance|enforcement|implementation|"
    r"toolkit|template|analysis|umsetzung|leitfaden|guía|guida)\b|^.{0,8}(?:解读|解讀|问答|問答|答记者问|答記者問|解説|概要|해설|안내)"
)
_ABOUT_NEXT = re.compile(
    r"^[\s》」』)\]】”\"]*(?:的|之|に係る|に関する|の一部|の改正|に基づく|施行規則|施行令|"
    r"施行细则|实施|實施|修订|修正|修改|废止|일부개정|시행령|시행규칙|'s\b|’s\b)"
)
_CLOSED = re.compile(
    r"[\s)\]）】〕》”\"’'.,;:·|–—-]*(?:公布|発布|发布|印发|施行|final|pdf|html|\.pdf)?[\s)\]）】.,;]*$", re.I
)
_DATED = re.compile(
    r"(?ix)(?:of|du|de|del|vom|den|dated|от|tanggal|ngày|số|no\.?|issued|signed|date|filed|billing|code|docket|vol\.?|"
    r"pages?|федеральный|закон|law|decree|order|regulations?|rules?|act|official|gazette|january|february|march|april|"
    r"may|june|july|august|september|october|november|december|janeiro|fevereiro|março|abril|maio|junho|julho|agosto|"
    r"setembro|outubro|novembro|dezembro|enero|febrero|marzo|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|am|pm|年|月|日|시행|"
    r"제정|일부개정|전부개정|타법개정|\W|\d)*"
)
_DAY = re.compile(
    r"^\W*(?:of|vom|du|de|del|van|от)\s+\d{1,2}\.?\s+\w+\s+(?:de\s+)?\d{4}|^\W*of \w+ \d{1,2}, \d{4}", re.I
)
_LABELS = re.compile(
    r"(?i)^\s*(?:发文字号|發文字號|发文号|文\s*号|文\s*號|索引号|"
    r"document (?:number|citation)|agency/docket numbers?|docket(?: id| no)?|rin|"
    r"fr doc|celex(?: number)?|eli|ecli|doc\. ?web|số(?: ký hiệu)?|số hiệu|nomor|公布番号|"
    r"法令番号|制定|公布)\s*[:：.]?\s*"
)


class Subject(NamedTuple):
    """What a Change is about: titles under which it goes, its address, and the lines at the head of its text."""

    titles: tuple[str, ...]
    address: str = ""
    lines: tuple[str, ...] = ()
    own: bool = False  # the address leads to this text alone


def with_acts(
    finding: Finding, change: Change, *, after: Sequence[Block], edits: Sequence[Edit], source: Source
) -> Finding:
    """The Finding with the identifiers of the act that it is about, and the words that say each.

    One of each family ("celex:", "fr:", …), and the document itself by its address. A Change that tells of several
    items has none: its message is no step of one act. Nor has what is not relevant.
    """
    if finding.verdict == "not_relevant" or change.cause in ("gone", "edition", "extractor"):
        return finding
    subject = _subject(change, finding, after=after, edits=edits, source=source)
    if subject is None:
        return finding
    said = tuple(of_subject(subject, place=source.jurisdiction, beside=source.authority))
    return replace(finding, acts=tuple(one.value for one in said), stated=(*finding.stated, *said))


def of_subject(subject: Subject, *, place: str = "", beside: str = "") -> Iterator[Stated]:
    """What address, titles and lines say, the surer first; of each family one, and none where lines disagree."""
    kept: dict[str, Stated] = {}
    for value in in_address(subject.address):
        kept.setdefault(family(value), Stated("act", value, subject.address))
    for title in subject.titles:
        for one in _in_title(title[:_TITLE], place=place, beside=f"{beside} {subject.address}"):
            kept.setdefault(family(one.value), one)
    for one in _agreed(_in_lines(subject.lines, place=place)):
        kept.setdefault(family(one.value), one)
    yield from kept.values()
    if subject.own and subject.titles and (document := canonical_url(subject.address)):
        yield Stated("act", f"{DOCUMENT}:{document}#{_digest(subject.titles[0])}", subject.address)


def _digest(title: str) -> str:
    """A title in short: what goes under another title at the same address may be another act."""
    return blake2b(bare(title).casefold().encode("utf-8", "ignore"), digest_size=4).hexdigest()


# ------------------------------------------------------------------------------------------------ what it is about


def _subject(
    change: Change, finding: Finding, *, after: Sequence[Block], edits: Sequence[Edit], source: Source
) -> Subject | None:
    told = [edit for edit in edits if edit.kind in _ITEMS and edit.counted]
    items = [after[edit.after] for edit in told if 0 <= edit.after < len(after)]
    if change.before is None and source.type in _LISTS:  # a list as it was found is no step of anything
        return None
    if items:
        return _of_item(items, finding, after=after, source=source)
    standing = change.before is not None and not source.parent  # what amends it is an act that it does not number
    if standing or source.type in _LISTS:
        return None
    return _of_document(change, after=after, source=source)


def _of_item(
    items: Sequence[Block], finding: Finding, *, after: Sequence[Block], source: Source
) -> Subject | None:
    """The one item that the Finding speaks of, if it speaks of one."""
    quoted = {quote.text for quote in finding.quotes}
    telling = [block for block in items if block.text in quoted] or items
    if len({block.text for block in telling}) != 1:
        return None
    item = telling[0]
    own = canonical_url(item.link)
    shared = any(canonical_url(b.link) == own and b.text != item.text for b in after if b.key and b.link)
    alone = bool(own) and not shared and _is_deep(own, source)
    return Subject((item.text,), "" if shared else item.link, (item.note,), own=alone)


def _is_deep(address: str, source: Source) -> bool:
    """Whether an address leads to a document and not back to its list or to a front page."""
    path = address.partition("://")[2].partition("/")[2]
    return bool(path) and address != canonical_url(source.url)


def _of_document(change: Change, *, after: Sequence[Block], source: Source) -> Subject:
    """A text of its own. What a declared page links and lists beside its text is not its own number."""
    read = change.after.title if change.after else ""
    body = [block for block in after if block.place in ("body", "about") and not block.key]
    heading = next((block.text for block in body if block.kind == "heading"), "")
    derived = bool(source.parent)
    ends = (*body[:_HEAD], *body[_HEAD:][-_FOOT:]) if derived or source.type in _DOCUMENTS else ()
    titles = dict.fromkeys(filter(None, (source.title if derived else "", heading, read)))
    return Subject(tuple(titles), source.url, tuple(block.text for block in ends), own=derived)


# ------------------------------------------------------------------------------------------------ whose number it is


def _in_title(title: str, *, place: str, beside: str) -> Iterator[Stated]:
    text = title.translate(NARROW)
    for hit in numbers(text, place=place, where="t", beside=beside):
        if _is_own(text, hit):
            yield Stated("act", hit.value, title[hit.start : hit.end])


def _is_own(text: str, hit: Found) -> bool:
    ahead, behind = text[: hit.start], text[hit.end :]
    if _ABOUT_NEXT.match(behind):
        return False
    if _leads(ahead):
        return not _ABOUT_BEHIND.match(_DAY.sub("", behind))
    bracketed = ahead.rstrip()[-1:] in "([（【〔,，;:–—-|·" and bool(_CLOSED.match(behind))
    return bracketed and not _ABOUT.search(ahead)


def _leads(ahead: str) -> bool:
    return bool(_LEAD.fullmatch(ahead) or _LEAD_WIDE.fullmatch(ahead))


def _in_lines(lines: Sequence[str], *, place: str) -> Iterator[Stated]:
    """Numbers that a line is made of, or that a label announces."""
    for line, quote in _whole(lines):
        text = line.translate(NARROW).strip()
        if not text or len(text) > _LINE:
            continue
        hits = list(numbers(text, place=place, where="l"))
        if hits and _DATED.fullmatch(_LABELS.sub("", _without(text, hits), count=1)):
            at = len(line) - len(line.lstrip())
            yield from (Stated("act", one.value, quote or line[one.start + at : one.end + at]) for one in hits)


def _whole(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The lines; an order whose number is printed below its name ("…令", "第16号") as one, quoted by its number."""
    yield from ((line, "") for line in lines)
    for one, other in zip(lines, lines[1:], strict=False):
        if one.rstrip().endswith(_ORDERS) and len(one) + len(other) < _LINE:
            yield f"{one} {other}", other.strip()


def _without(text: str, hits: Sequence[Found]) -> str:
    """What a line holds beside its numbers."""
    kept, end = "", 0
    for hit in hits:
        kept, end = f"{kept}{text[end : hit.start]} ", hit.end
    return kept + text[end:]


def _agreed(found: Iterable[Stated]) -> Iterator[Stated]:
    """Of each family the number that all lines agree on."""
    said: dict[str, dict[str, Stated]] = {}
    for one in found:
        said.setdefault(family(one.value), {}).setdefault(one.value, one)
    yield from (next(iter(values.values())) for values in said.values() if len(values) == 1)

