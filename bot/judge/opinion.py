"""Forms an opinion on a Change: gathers what changed, scores it, and says what the text states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.judge import facts
from bot.judge.dates import dated_quotes
from bot.judge.folding import fold
from bot.judge.force import forces
from bot.judge.headline import headline as headline_of
from bot.judge.quotes import quotes
from bot.judge.rules import RuleSet
from bot.judge.scoring import Passage, Scored, Sign, score
from bot.model import Block, Change, DatedQuote, Edit, Finding, Force, Reason, Source

_ITEMS = frozenset({"new", "gone", "retitled", "back"})
_SWEEP = 4  # the same words replaced in so many passages are a sweep
_SWEPT = "sweep"  # so the comparison marks one replacement made throughout a text
_READ = 40_000  # characters in which facts and dates are looked for


class _Unit(NamedTuple):
    """What is scored together: one list item, or everything that changed in a text."""

    edit: int  # index of the edit it speaks of
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """A Change with its texts, as the judge reads it."""

    change: Change
    before: Sequence[Block]
    after: Sequence[Block]
    edits: Sequence[Edit]
    source: Source
    rules: RuleSet
    title: str

    def block(self, edit: Edit) -> Block:
        return self.after[edit.after] if edit.after >= 0 else self.before[edit.before]

    def place(self, edit: Edit) -> str:
        return self.block(edit).place


def judge(
    change: Change,
    *,
    before: Sequence[Block],
    after: Sequence[Block],
    edits: Sequence[Edit],
    source: Source,
    rules: RuleSet,
    now: datetime,
    unread: Sequence[str] = (),
    headline: str = "",
) -> Finding:
    """Say whether a Change is about data that crosses borders, and what it states.

    `before` and `after` are the Blocks of its Versions, `edits` index into them (a new document: one insert for
    every block). `headline` is the title under which a list announced the document, `unread` what could not be
    read, in words. Deterministic; raises nothing of its own.
    """
    case = _Case(change, before, after, _edits(change, after, edits), source, rules, headline)
    force = forces(case.edits, before=before, after=after, rules=rules, language=_language(case))
    best, scored = _best(case, force)
    verdict, limits = _verdict(case, scored)
    units = _units(case, aside=verdict != "not_relevant")
    text = "\n".join(passage.text for unit in units for passage in unit.passages)
    return _stated(case, text[:_READ], best, scored, force, now=now, verdict=verdict, limits=limits, unread=unread)


def _edits(change: Change, after: Sequence[Block], edits: Sequence[Edit]) -> Sequence[Edit]:
    """Edits of a baseline or a new document are not stored: they are one insert (or new) for every block."""
    if edits or change.before is not None:
        return edits
    return tuple(Edit("new" if block.key else "insert", after=i) for i, block in enumerate(after))


# ------------------------------------------------------------------------------------------- what is scored


def _units(case: _Case, *, aside: bool = False) -> list[_Unit]:
    """One unit per item, one for all the rest; without edits that can only be worth an aside, unless asked."""
    wanted = [(i, e) for i, e in enumerate(case.edits) if e.counted and (aside or _speaks(e, case))]
    units = [_Unit(i, _of_item(e, case)) for i, e in wanted if e.kind in _ITEMS]
    rest = [(i, e) for i, e in wanted if e.kind not in _ITEMS]
    if rest:
        units.append(_Unit(rest[0][0], _of_text([e for _, e in rest], case)))
    return units


def _speaks(edit: Edit, case: _Case) -> bool:
    """Whether an edit can carry a verdict: text of the body, not a number, a listed date or one word throughout."""
    silent = edit.kind == "renumber" or edit.reason.startswith(_SWEPT) or edit.reason == "date"
    return edit.worth == "text" and not silent and case.place(edit) == "body"


def _of_item(edit: Edit, case: _Case) -> tuple[Passage, ...]:
    block = case.block(edit)
    where = "deleted" if edit.kind == "gone" else "title"
    passages = [Passage(block.text, where)]
    if block.note:
        passages.append(Passage(block.note, "deleted" if edit.kind == "gone" else "added"))
    return tuple(passages)


def _of_text(edits: Sequence[Edit], case: _Case) -> tuple[Passage, ...]:
    """Changed passages, the headings above them once each, and the title of a document that is new."""
    passages = []
    if title := case.title or case.source.title:
        passages.append(Passage(title, "title" if case.change.cause == "new" else "heading"))
    passages += _joined(edits, case)
    passages += [p for edit in edits if edit.kind == "replace" for p in _replaced(edit, case)]
    headings = dict.fromkeys(heading for edit in edits for heading in case.block(edit).path)
    return (*passages, *(Passage(heading, "heading") for heading in headings))


def _joined(edits: Sequence[Edit], case: _Case) -> list[Passage]:
    """Inserted and deleted blocks, each side read as one text (a line per block)."""
    added = [case.after[edit.after].text for edit in edits if edit.kind == "insert"]
    deleted = [case.before[edit.before].text for edit in edits if edit.kind == "delete"]
    sides = (("added", added), ("deleted", deleted))
    return [Passage("\n".join(texts), where) for where, texts in sides if texts]


def _replaced(edit: Edit, case: _Case) -> list[Passage]:
    """Both sides of an amended passage with what changed in it; an unchanged side is context."""
    if not edit.spans and case.block(edit).key:  # a list row of which only the summary changed
        return [Passage(case.after[edit.after].note, "added"), Passage(case.after[edit.after].text, "heading")]
    old, new = case.before[edit.before].text, case.after[edit.after].text
    left = tuple((s[0], s[1]) for s in edit.spans if s[1] > s[0])
    right = tuple((s[2], s[3]) for s in edit.spans)
    passages = [Passage(new, "added", right)]
    return [*passages, Passage(old, "deleted", left)] if left else passages


# ------------------------------------------------------------------------------------------- the verdict


def _best(case: _Case, force: Sequence[Force]) -> tuple[int, Scored]:
    """The unit that scores highest speaks for the Change."""
    home = case.source.jurisdiction
    priors = _priors(case.source, case.rules)
    found = [(unit.edit, score(unit.passages, rules=case.rules, home=home, priors=priors)) for unit in _units(case)]
    if not found:
        return -1, score((), rules=case.rules)
    best, scored = max(found, key=lambda pair: pair[1].score)
    return best, _with_force(scored, force, case.rules)


def _priors(source: Source, rules: RuleSet) -> tuple[Reason, ...]:
    weights = rules.weights["source"]
    declared = Reason("the source is declared for " + ", ".join(source.topics), int(weights["declared"]), "source")
    return (declared,) if source.topics else ()


def _with_force(scored: Scored, force: Sequence[Force], rules: RuleSet) -> Scored:
    """A change of force counts beside a strong sign, in whichever words that stands."""
    if not force or not any(sign.strong for sign in scored.signs):
        return scored
    reason = Reason(f"force: {force[0].kind}", int(rules.weights["strength"]["force"]), "added", _became(force[0]))
    return replace_scored(scored, reason)


def replace_scored(scored: Scored, reason: Reason) -> Scored:
    """The same sum with one more reason."""
    return Scored(scored.score + reason.weight, scored.signs, (*scored.reasons, reason))


def _became(force: Force) -> str:
    return f"{force.before or '(nothing)'} → {force.after or '(nothing)'}"


def _verdict(case: _Case, scored: Scored) -> tuple[str, tuple[Reason, ...]]:
    """The verdict of the score, lowered where the kind of edit cannot carry it, with the reason in words."""
    counted = [edit for edit in case.edits if edit.counted]
    if not counted:
        return "not_relevant", (Reason("no difference that counts", 0),)
    verdict = case.rules.judged(scored.score)
    if not any(_speaks(edit, case) for edit in counted):
        return _of_asides(case, counted)
    supplements = [edit for edit in counted if case.place(edit) == "supplement"]
    if verdict == "not_relevant" and supplements and _speak(case, supplements):
        return _of_asides(case, supplements)
    if verdict == "relevant" and (words := _sweep(case)) and not _strong(words, case.rules):
        return "uncertain", (Reason(f"the same words replaced throughout: {words}", 0),)
    return verdict, ()


def _of_asides(case: _Case, counted: Sequence[Edit]) -> tuple[str, tuple[Reason, ...]]:
    """Only asides, numbering or supplements changed: at most uncertain, and only if they speak strongly."""
    what = Reason(_why_aside(case, counted), 0)
    said = _said(case, counted)
    if said.score < case.rules.relevant:
        return "not_relevant", (what,)
    return "uncertain", (what, *said.reasons[1:4])


def _said(case: _Case, edits: Sequence[Edit]) -> Scored:
    return score([p for edit in edits for p in _of_aside(edit, case)], rules=case.rules)


def _speak(case: _Case, edits: Sequence[Edit]) -> bool:
    return _said(case, edits).score >= case.rules.relevant


def _of_aside(edit: Edit, case: _Case) -> list[Passage]:
    """What an aside itself says: of an amendment only the new words."""
    text = case.block(edit).text
    if edit.kind == "renumber" or edit.reason == "date":
        return []
    return [Passage(text[c:d], "added") for _, _, c, d in edit.spans] if edit.spans else [Passage(text, "added")]


def _why_aside(case: _Case, counted: Sequence[Edit]) -> str:
    if all(edit.kind == "renumber" for edit in counted):
        return "only numbering changed"
    if all(edit.reason.startswith(_SWEPT) for edit in counted):
        return "the same words replaced throughout: " + counted[0].reason.removeprefix(_SWEPT).lstrip(": ")
    places = {case.place(edit) for edit in counted}
    if places == {"supplement"}:
        return "only supplementary provisions changed"
    if places == {"about"}:
        return "only the description of the text changed (status, editorial notes)"
    given = sorted({edit.reason for edit in counted if edit.reason})
    return "only asides changed" + (f" ({'; '.join(given[:3])})" if given else " (teasers, links, typography)")


def _sweep(case: _Case) -> str:
    """The replacement that makes up nearly all amendments of a text, or nothing."""
    replaced = [edit for edit in case.edits if edit.kind == "replace" and edit.counted]
    pairs = Counter(pair for edit in replaced for pair in _pairs(edit, case))
    amended = sum(1 for edit in case.edits if edit.counted and edit.kind not in _ITEMS and edit.kind != "renumber")
    if not pairs or amended < _SWEEP:
        return ""
    (old, new), times = pairs.most_common(1)[0]
    return f"{old} → {new}" if times * 5 >= amended * 4 else ""


def _pairs(edit: Edit, case: _Case) -> set[tuple[str, str]]:
    old, new = case.before[edit.before].text, case.after[edit.after].text
    return {(old[a:b].strip(), new[c:d].strip()) for a, b, c, d in edit.spans}


def _strong(words: str, rules: RuleSet) -> bool:
    return score([Passage(words, "added")], rules=rules).score >= rules.relevant


# ------------------------------------------------------------------------------------------- what is stated


def _stated(
    case: _Case,
    text: str,
    best: int,
    scored: Scored,
    force: Sequence[Force],
    *,
    now: datetime,
    verdict: str,
    limits: Sequence[Reason],
    unread: Sequence[str],
) -> Finding:
    """The Finding: verdict with reasons, and what the changed text itself states."""
    title = case.title or (case.block(case.edits[best]).text if _is_item(case, best) else case.source.title)
    finding = read_text(
        title,
        text,
        scored.signs,
        home=case.source.jurisdiction,
        rules=case.rules,
        verdict=verdict,
        language=_language(case),
    )
    return replace(
        finding,
        change=case.change.id,
        at=now,
        score=scored.score,
        headline=headline_of(
            case.change,
            source=case.source,
            before=case.before,
            after=case.after,
            edits=case.edits,
            force=force,
            title=case.title,
            best=best,
        ),
        reasons=(*limits, *scored.reasons),
        quotes=quotes(case.edits, before=case.before, after=case.after, first=best, words=_words(scored)),
        force=tuple(force),
        dates=_dates(f"{title}\n{text}", verdict, case),
        unread=tuple(unread),
    )


def _language(case: _Case) -> str:
    """The language of the text: as read, else as declared."""
    read = case.change.after.language if case.change.after else ""
    return (read or case.source.language)[:2].lower()


def _dates(text: str, verdict: str, case: _Case) -> tuple[DatedQuote, ...]:
    if verdict == "not_relevant":
        return ()
    return dated_quotes(text, rules=case.rules, language=_language(case))


def _is_item(case: _Case, best: int) -> bool:
    return best >= 0 and case.edits[best].kind in _ITEMS


def _words(scored: Scored) -> tuple[str, ...]:
    return tuple(sign.quote for sign in scored.signs)


def read_text(
    title: str, text: str, signs: Sequence[Sign], *, home: str, rules: RuleSet, verdict: str, language: str = ""
) -> Finding:
    """What a text states about itself, in a Finding still without date and score; bare if it is not relevant."""
    top, body = fold(title[:1000]), fold(text)
    bare = Finding(0, datetime.min, rules.version, verdict, 0, "", jurisdictions=(home,) if home else ())
    if verdict == "not_relevant":
        return bare
    found = facts.topics(signs)
    opening = fold(text[:1500])
    named = facts.named(top, rules=rules) or facts.named(fold(text[:600]), rules=rules)
    named = tuple(dict.fromkeys((*named, *facts.repeated(opening, rules=rules))))
    everywhere: Mapping[str, None] = dict.fromkeys((*((home,) if home else ()), *named))
    return replace(
        bare,
        topics=found,
        mechanisms=facts.mechanisms(found, body, rules=rules, language=language),
        jurisdictions=tuple(everywhere),
        corridors=facts.corridors(home or next(iter(named), ""), named, found),
        bound=facts.stated("bound", body, rules=rules, language=language),
        data=facts.stated("kinds", body, rules=rules, language=language),
        sectors=facts.stated("sectors", body, rules=rules, language=language),
        stage=facts.stage(top, body, rules=rules, language=language),
    )
