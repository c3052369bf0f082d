"""Where an act stands, as its title or its own words say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from bot.judge.folding import Folded, fold, sentences
from bot.judge.index import Hit
from bot.judge.occasions import invites
from bot.judge.rules import RuleSet
from bot.judge.stops import is_done, moves_data, resumes, sentence_of, stopped
from bot.judge.undone import postponed
from bot.model import DatedQuote, Stated
from bot.text import label

# What a title says first decides; a consultation on a draft is a consultation.
_ORDER = (
    "consultation", "faq", "annulled", "repealed", "withdrawn", "expired", "court", "enforcement", "suspended",
    "proposal", "in_force", "negotiation", "agreement", "review", "guidance", "adopted", "prepublication", "notice",
    "commentary",
)  # fmt: skip
_OPEN = frozenset({"consultation", "faq", "proposal", "negotiation", "commentary"})  # of these a stop is only spoken of
_WEAK = frozenset({"guidance", "notice"})  # what happened tells more
_UNSETTLED = frozenset({"proposal", "notice", "adopted", "guidance"})  # of these a day for comments says more
_HAPPENED = frozenset({"agreement", "in_force", "consultation"})
_HEADS = frozenset({"guidance", "adopted", "court", "commentary", "faq", "negotiation"})
_ABOUT = re.compile(r" (?:on|about|regarding|concerning) ")
_PASSED = frozenset(
    {"passes", "passed", "enacted", "signed into law", "royal assent", "表决通过", "正式通过", "三讀", "可決"}
)
_GUIDES = frozenset({"guidance", "faq", "commentary", "review"})
_READ_ON = frozenset({"court", "notice"})  # titled by a number: what happened stands below
_ENDING = frozenset({"suspended", "annulled", "repealed", "withdrawn", "enforcement"})
_SIGNING = re.compile(r"sign|unterzeichn|firma|assina|签署|簽署|署名|서명")
_LAW = re.compile(
    r"\b(?:act|law|bill|executive order|the order|decree|gesetz|verordnung|loi|décret|ley|decreto|lei|legge)\b"
    r"|法案|法令|行政令|政令|法律"
)
_CONTRACT = re.compile(
    r"\b(?:contracts?|clauses?|verträge?n?|klauseln?|contrats?|contratos?|cláusulas?|contratti|clausole|contracten"
    r"|(?:operating|new|local|chinese) partners?)\b"
)
_CARRYING_OUT = frozenset({"实施", "實施", "施行", "시행"})
_RULES_OF = re.compile(
    "指引|指南|细则|細則|办法|辦法|方案|意见|意見|条例|條例|规则|規則"
    "|规定|規定|令|規程|령|세칙|규칙|계획|지침"
)
_PUBLISHED = frozenset({"公布", "发布", "發布", "發佈", "公佈"})
_IN_YEAR = re.compile(r"\b(?:in|im jahr|im jahre|en|nel|em|år|w|в) (20\d\d)(?![\d/.]*\d)|(20\d\d)年(?! ?\d)")
_WEIGHS = re.compile(r" (?:\w+ing|an?|new|whether|how|chang\w+|bans?|laws?|bills?|rules?|plans?)\b")
_ROLL = re.compile("[^,。;国國地]{0,30}(?:名单|名單)")
_BRINGS_IN = re.compile(  # another rule, beside the one that goes
    r"\b(?:enter|com|tak)\w* (?:in|effect)|in kraft|en vigueur|en vigor|em vigor|in vigore|in werking|w życie|i kraft"
    r"|вступ|yürürlüğe gir|mulai berlaku|có hiệu lực|施行|生效|発効|시행|발효"
)
_BESIDE = re.compile(  # a new act that repeals an old one is no repeal: "… and repealing Directive 95/46/EC"
    r"(?:\band (?:to |for the |the )?(?:repeal(?:ing|s? of)?|revo(?:king|cation)|rescind)"
    r"|\bund (?:zur |über die )?aufhebung|\bet (?:portant )?abrog(?:eant|ation)"
    r"|\by (?:por (?:el|la) que )?(?:se )?derog|\be (?:che |recante )?abrog|\be (?:que )?revoga|\ben tot intrekking"
    r"|\boraz uchyl|\boch om upphäv|同时废止|同時廢止|并废止|並廢止|及び[^。]{0,20}廃止)"
)
_LEAD = 3  # sentences in which a report says what happened
_LEAD_LENGTH = 500  # characters
_PASSING = frozenset({"in_force", "proposal", "consultation"})
_PAST = re.compile(
    r"\b(?:earlier|previous|former|prior|initial) (?:draft|proposal|consultation|version)|\b(?:clos|end|conclud)ed\b"
    r"|frühere\w* (?:entwurf|konsultation)|abgeschlossen|projet (?:antérieur|précédent)|s'est (?:achevée|terminée)"
    r"|proyecto anterior|concluyó|finalizó|progetto precedente|si è (?:chiusa|conclusa)|encerr"
    r"|eerdere? (?:ontwerp|consult)"
    r"|此前的?(?:草案|征求意见)|已结束|已結束|終了し|以前の案|종료(?:되|됐|하)|завершил"
)
_LINES = 60  # lines by which an act is known
_PROVISIONS = 2  # numbered provisions that make an act


def stage(
    title: Folded,
    text: Folded,
    *,
    dates: Sequence[DatedQuote],
    today: date,
    rules: RuleSet,
    language: str = "",
    amended: bool = False,
    fresh: Folded | None = None,
) -> Stated | None:
    """Where the act stands, with the words that say so; nothing when neither its title nor its own words say.

    A title is taken at its word. The words of provisions are not: penalties, notices and consultations in them are
    what the act rules, so of an act (and of an amendment, which has no title) only formulas of enactment and
    commencement count. Of a report the first sentences count. `fresh` are the new words of an amendment.
    """
    act = amended or _is_act(text.original)
    lead = 0 if act else min(_LEAD_LENGTH, ([0, *(end for _, end in sentences(text.text[:_LEAD_LENGTH])[:_LEAD])])[-1])
    read = Reading(title, text, dates, today, rules, language, act, lead)
    titled, told = read.titled(), read.told()
    named = _first(_of_head(titled, title), title)
    if named and named.value in _READ_ON and not act and (struck := _struck(read)):
        return struck
    if not named and told and told.value in _ENDING and read.reopens():
        return None  # what ended is the stop
    if stop := _stop(title, text, named, rules, language, amended=amended, fresh=fresh):
        return stop
    if (not named or named.value in _UNSETTLED) and (asked := _asked(dates)):
        return asked
    if named:
        return _of_title(named, read, titled, told)
    return _of_report(told, text, dates, today) or _enacted(text, dates, today, rules, language, formulas=act)


class Reading(NamedTuple):
    """A title and its text, and how they are read."""

    title: Folded
    text: Folded
    dates: Sequence[DatedQuote]
    today: date
    rules: RuleSet
    language: str
    act: bool
    lead: int  # characters of a report that say what happened

    def titled(self) -> list[Hit]:
        """The words of a stage in the title."""
        hits = self.rules.cues("stage", self.language).find_all(self.title)
        told = [hit for hit in hits if hit.term.kind not in _ENDING or not _is_topic(hit, hits, self.title)]
        return [_signed(hit, self.title) for hit in told if not self.is_over(hit, self.title)]

    def told(self) -> Stated | None:
        """The stage that the first sentences of a report tell."""
        hits = self.rules.cues("stage", self.language).find_all(self.text, 0, self.lead) if not self.act else []
        spoken = [_signed(hit, self.text) for hit in hits if not _private(hit, self.text)]
        return _first([hit for hit in spoken if not self.is_over(hit, self.text)], self.text)

    def reopens(self) -> bool:
        """Whether the title says that a stop is over."""
        return resumes(self.title, 0, len(self.title.text), rules=self.rules, language=self.language)

    def is_over(self, hit: Hit, text: Folded) -> bool:
        """Whether an end or a stop is only asked for, supposed or refused, is that of a stop, of talks or of a fine,
        or was in an earlier year."""
        if hit.term.kind not in _ENDING:
            return False
        years = [int(one[1] or one[2]) for one in _IN_YEAR.finditer(text.text, *sentence_of(hit, text))]
        past = hit.term.kind != "enforcement" and bool(years) and max(years) < self.today.year
        return past or not is_done(hit, text, rules=self.rules, language=self.language)


def _is_topic(stop: Hit, hits: Sequence[Hit], title: Folded) -> bool:
    """Whether a stop is only what a guide or a report is about: its word stands ahead in the same clause."""
    guides = (hit for hit in hits if hit.term.kind in _GUIDES and hit.end <= stop.start)
    return any(not set(title.text[hit.end : stop.start]) & set(",;，；、") for hit in guides)


def _of_title(named: Stated, read: Reading, titled: Sequence[Hit], told: Stated | None) -> Stated | None:
    """What a title says, in the light of the days and of the first sentences of its text."""
    text, begun = read.text, _commenced(read.dates, read.today)
    if named.value == "agreement":
        return begun or named
    if named.value == "adopted":
        return begun or _in_force(text, read.rules, read.language) or named
    if named.value == "proposal" and (passed := _passed(titled, read.title)):
        return begun or passed
    if named.value == "proposal" and told and told.value == "consultation":
        return told
    if named.value in _WEAK and not read.act and (ended := _ended(text, read.lead, read.rules, read.language)):
        return ended
    if named.value == "notice":
        return _of_notice(named, read, told)
    return _timely(named, read.dates, read.today)


def _of_notice(named: Stated, read: Reading, told: Stated | None) -> Stated | None:
    """What a notice is of: what it repeals, the day on which it begins, what happened."""
    if told and told.value in ("repealed", "withdrawn"):
        return told
    if begun := _commenced(read.dates, read.today):
        return begun
    return _of_report(told, read.text, read.dates, read.today) if told and told.value in _HAPPENED else named


def ending(dates: Sequence[DatedQuote], *, stands: Stated | None, title: str) -> tuple[DatedQuote, ...]:
    """The dates of an act, where of what is repealed or withdrawn a day of effect is the day on which it ends.

    Said in the title all of them are; said in a sentence that of this sentence, unless it brings in another rule.
    """
    if not stands or stands.value not in ("repealed", "withdrawn"):
        return tuple(dates)
    ended = (replace(one, kind="expires") if _ends(one, stands, title) else one for one in dates)
    return tuple({(one.kind, one.date): one for one in ended}.values())


def _ends(one: DatedQuote, stands: Stated, title: str) -> bool:
    if one.kind != "effective":
        return False
    if stands.quote in title:
        return True
    shared = stands.quote in one.quote or one.quote in stands.quote
    return shared and not _BRINGS_IN.search(fold(one.quote).text)


def _of_head(hits: Sequence[Hit], title: Folded) -> Sequence[Hit]:
    """Of an English title the words before its first "on": "resolution on the ruling" is a resolution, no ruling."""
    about = _ABOUT.search(title.text)
    head = [hit for hit in hits if about and hit.start < about.start()]
    return head if any(hit.term.kind in _HEADS for hit in head) else hits


def _passed(hits: Sequence[Hit], title: Folded) -> Stated | None:
    """That a bill was passed: it is one no longer."""
    return _first([hit for hit in hits if hit.term.kind == "adopted" and hit.term.words in _PASSED], title)


def _signed(hit: Hit, text: Folded) -> Hit:
    """A signature under a law makes it one; under all else it makes an agreement."""
    if hit.term.kind != "agreement" or not _SIGNING.match(hit.term.words):
        return hit
    low, high = sentence_of(hit, text)
    return hit._replace(term=hit.term._replace(kind="adopted")) if _LAW.search(text.text, low, high) else hit


def _private(hit: Hit, text: Folded) -> bool:
    """Whether an agreement is a contract of private parties, not one of states or authorities."""
    if hit.term.kind != "agreement":
        return False
    low, high = sentence_of(hit, text)
    return bool(_CONTRACT.search(text.text, low, high))


def _asked(dates: Sequence[DatedQuote]) -> Stated | None:
    """A consultation, by the day until which views may be sent in."""
    said = (one for one in dates if one.kind == "deadline")
    return next((Stated("stage", "consultation", one.quote) for one in said if invites(one.quote)), None)


def _of_report(told: Stated | None, text: Folded, dates: Sequence[DatedQuote], today: date) -> Stated | None:
    """What the first sentences of a report say happened; of a rule that they date, where that stands today."""
    if told and told.value in ("adopted", "agreement", "notice"):
        return _commenced(dates, today) or told
    if told and told.value == "enforcement":  # "higher fines for unlawful transfers apply from …"
        return _commenced([one for one in dates if one.quote in told.quote], today) or told
    return _timely(told, dates, today)


def _stop(
    title: Folded, text: Folded, named: Stated | None, rules: RuleSet, language: str, *, amended: bool,
    fresh: Folded | None,
) -> Stated | None:
    """A suspension or ban of transfers: in the title, in a report, or in what an amendment brought."""
    if named and named.value in _OPEN:
        return None
    hits = rules.cues("stage", language).find_all(title)
    halts = [hit for hit in rules.cues("stops", language).find_all(title) if hit.term.kind == "halted"]
    if any(_is_topic(halt, hits, title) for halt in halts):
        return None
    if stop := stopped(title, rules=rules, language=language):
        return stop
    if not amended and (_is_act(text.original) or named and named.value not in _WEAK | {"enforcement"}):
        return None
    if named and named.value == "enforcement":  # further down stand older orders
        text = text.part(0, next((end for _, end in sentences(text.text)), 0))
    return stopped(text, rules=rules, language=language, fresh=fresh)


def _struck(read: Reading) -> Stated | None:
    """That a route is annulled, in the first sentences of a court's notice."""
    text, rules = read.text, read.rules
    hits = [h for h in rules.cues("stage", read.language).find_all(text, 0, read.lead) if h.term.kind == "annulled"]
    about = moves_data(read.title, 0, len(read.title.text), rules)
    told = [hit for hit in hits if about or moves_data(text, *sentence_of(hit, text), rules)]
    return _first([hit for hit in told if not read.is_over(hit, text)], text)


def _ended(text: Folded, lead: int, rules: RuleSet, language: str) -> Stated | None:
    """That something is repealed, by the formula of a report."""
    found = [hit for hit in rules.cues("enacting", language).find_all(text, 0, lead) if hit.term.kind == "repealed"]
    return _first(found, text)


def _timely(said: Stated | None, dates: Sequence[DatedQuote], today: date) -> Stated | None:
    """The stage; of what is said to be in force but begins on a later day, adopted."""
    if said and said.value == "in_force":
        return _commenced(dates, today) or said
    return said


def _first(hits: Sequence[Hit], text: Folded) -> Stated | None:
    """The weightiest stage among cues, with the sentence of its first cue."""
    hits = [hit for hit in hits if not _taken_back(hit, text) and not _is_other(hit, text)]
    if not hits:
        return None
    hit = min(hits, key=lambda hit: (_ORDER.index(hit.term.kind), hit.start))
    return Stated("stage", hit.term.kind, text.around(hit.start, hit.end))


def _is_other(hit: Hit, text: Folded) -> bool:
    """Whether a word is part of another: a parliament (立法院), rules of implementation (实施细则), a roll of names
    that is only published, a minister who "considers that" something is so."""
    behind = text.text[hit.end :]
    if hit.term.kind == "repealed":
        low, high = sentence_of(hit, text)
        return any(low + 9 < one.start() and hit.start < one.end() for one in _BESIDE.finditer(text.text, low, high))
    if hit.term.kind == "court":
        return text.text[max(0, hit.start - 1) : hit.end] == "立法院"
    if hit.term.kind == "in_force":
        return bool(_RULES_OF.match(behind)) and text.text[hit.end - 2 : hit.end] in _CARRYING_OUT
    if hit.term.kind == "proposal":
        return hit.term.words == "considers" and not _WEIGHS.match(behind)
    return hit.term.words in _PUBLISHED and bool(_ROLL.match(behind))


def _taken_back(hit: Hit, text: Folded) -> bool:
    """Whether a sentence says that it is not in force (yet), or that a draft or consultation is past."""
    if hit.term.kind not in _PASSING:
        return False
    low, high = sentence_of(hit, text)
    if hit.term.kind == "in_force":
        return postponed(text.text[low:high])
    only = hit.term.kind == "consultation" and low == 0  # nothing else is told: one that is closed
    return bool(_PAST.search(text.text, low, high)) and not only


def _is_act(text: str) -> bool:
    """Whether a text consists of numbered provisions."""
    return sum(bool(label(line)[0]) for line in text.split("\n")[:_LINES]) >= _PROVISIONS


def _enacted(
    text: Folded, dates: Sequence[DatedQuote], today: date, rules: RuleSet, language: str, *, formulas: bool
) -> Stated | None:
    """Adopted or in force, by the text's own date of commencement, else (of an act) by its formulas."""
    found = rules.cues("enacting", language).find_all(text) if formulas else ()
    return _commenced(dates, today) or _first(found, text) or _running(dates, today)


def _running(dates: Sequence[DatedQuote], today: date) -> Stated | None:
    """In force while it has not expired; also what must be complied with by some day."""
    ends = [one for one in dates if one.kind == "expires"]
    if ends:
        last = max(ends, key=lambda one: one.date)
        return Stated("stage", "in_force" if last.date >= today else "expired", last.quote)
    due = [one for one in dates if one.kind in ("deadline", "transition_end")]
    return Stated("stage", "in_force", due[0].quote) if due else None


def _in_force(text: Folded, rules: RuleSet, language: str) -> Stated | None:
    """In force from its publication on, as its own formula says."""
    hits = [hit for hit in rules.cues("enacting", language).find_all(text) if hit.term.kind == "in_force"]
    return _first(hits, text)


def _commenced(dates: Sequence[DatedQuote], today: date) -> Stated | None:
    """In force from its first day of effect on, adopted before; nothing when the text names no day."""
    starts = [dated for dated in dates if dated.kind == "effective"]
    if not starts:
        return None
    first = min(starts, key=lambda dated: dated.date)
    return Stated("stage", "in_force" if first.date <= today else "adopted", first.quote)
