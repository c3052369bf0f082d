"""Forms an opinion on a Change: gathers what changed, scores it, and says what the text states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.judge import facts
from bot.judge.case import ITEMS, SWEPT, Case, Unit, fresh, is_gone, stated, units
from bot.judge.corridors import corridors, of_places
from bot.judge.dates import dates_of
from bot.judge.folding import fold
from bot.judge.force import forces, of_title, said_in
from bot.judge.headline import headline as headline_of
from bot.judge.listed import listing, sign_of
from bot.judge.parts import dates_once, joined
from bot.judge.quotes import quotes
from bot.judge.rules import RuleSet
from bot.judge.scoring import Passage, Scored, Sign, score
from bot.judge.stage import ending, stage
from bot.judge.stretches import bounded, left_unread
from bot.judge.summary import summary
from bot.model import Block, Change, Edit, Finding, Force, Part, Reason, Source, Stated

_ENDS = frozenset({"annulled", "suspended", "repealed", "withdrawn"})
_AMENDED = frozenset({"modality", "negation", "number", "date", "exemption"})
_SWEEP = 4  # the same words replaced in so many passages are a sweep
_AHEAD_OF_UTC = timedelta(hours=14)  # a publisher's day may have begun before ours
_READ = 12_000  # characters in which facts and dates are looked for


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
    told = () if _is_document(change, after) else bounded(edits)
    case = Case(change, before, after, told, source, rules, headline)
    force = forces(case.edits, before=before, after=after, rules=rules, language=case.language)
    if case.document and change.cause == "new":
        force = of_title(case.own_title, rules=rules, language=case.language)
    read = _with_list(_ranked(units(case), case), case)
    best, scored = read[0] if read else (None, score((), rules=rules))
    scored = _with_force(scored, force, rules)
    verdict, limits = _verdict(case, scored, force)
    speaking = _speaking(read, rules)
    finding = _stated(case, speaking or [(None, scored)], force, now=now, verdict=verdict)
    finding = _of_places(finding, case, force)
    signs = [sign for _, one in speaking for sign in one.signs]
    best = speaking[_weightiest(finding.parts)][0] if speaking else best
    quoted = quotes(case, best=best, words=_words(signs))
    return replace(
        finding,
        change=change.id,
        score=scored.score,
        headline=headline_of(case, force=force, best=best.edit if best else -1),
        reasons=(*limits, *scored.reasons),
        sentences=()
        if verdict == "not_relevant"
        else summary(case, quotes=quoted, force=force, dates=finding.dates, signs=signs),
        quotes=quoted,
        force=tuple(force),
        unread=(*unread, *left_unread(case.edits, before=before, after=after, language=case.language)),
    )


def _weightiest(parts: Sequence[Part]) -> int:
    """Which of several items is named in the headline: one that ends a route, one that has a day, else the highest."""
    return max(range(len(parts)), key=lambda i: (parts[i].stage in _ENDS, bool(parts[i].dates), -i), default=0)


def _is_document(change: Change, after: Sequence[Block]) -> bool:
    """Of a baseline or new document every block is new, whatever edits are handed in (unless all are asides)."""
    return change.before is None and any(block.key or block.place in ("body", "supplement") for block in after)


# ------------------------------------------------------------------------------------------- the verdict


def _ranked(read: Sequence[Unit], case: Case) -> list[tuple[Unit, Scored]]:
    """What is read with its scores, the highest first: that one gives the Change its verdict."""
    priors = _priors(case.source, case.rules)
    found = [(unit, score(unit.passages, rules=case.rules, home=_home(unit, case), priors=priors)) for unit in read]
    return sorted(found, key=lambda pair: -pair[1].score)


def _home(unit: Unit, case: Case) -> str:
    """Whose name is not abroad: that of the one who speaks, unless an item's title speaks of another's rules."""
    home = case.source.jurisdiction
    if unit.edit < 0 or not _is_item(case, unit.edit):
        return home
    return home if facts.regime([fold(unit.passages[0].text)], home=home, rules=case.rules) == home else ""


def _speaking(read: Sequence[tuple[Unit, Scored]], rules: RuleSet) -> list[tuple[Unit, Scored]]:
    """The units that speak for a Change: the highest, and every other that would give it the same verdict."""
    verdicts = [rules.judged(scored.score) for _, scored in read]
    if "not_relevant" in verdicts[:1]:
        return [*read[:1]]
    return [pair for pair, verdict in zip(read, verdicts, strict=True) if verdict == verdicts[0]]


def _priors(source: Source, rules: RuleSet) -> tuple[Reason, ...]:
    weights = rules.weights["source"]
    declared = Reason("the source is declared for " + ", ".join(source.topics), int(weights["declared"]), "source")
    return (declared,) if source.topics else ()


def _with_list(read: Sequence[tuple[Unit, Scored]], case: Case) -> Sequence[tuple[Unit, Scored]]:
    """The same, an entry of a list of places heard with what stands over the list."""
    found = listing(case) if read and not case.document else None
    if not found:
        return read
    sign, (unit, scored) = sign_of(found, case.rules), read[0]
    told = replace_scored(scored, Reason(sign.what, sign.weight, "heading", found.heading))
    return [(unit, told._replace(signs=(sign, *scored.signs))), *read[1:]]


def _with_force(scored: Scored, force: Sequence[Force], rules: RuleSet) -> Scored:
    """A change of force counts beside a strong sign, in whichever words that stands."""
    amended = next((one for one in force if one.kind not in ("duty", "link")), None)
    if not amended or not any(sign.strong for sign in scored.signs):
        return scored
    reason = Reason(f"force: {amended.kind}", int(rules.weights["strength"]["force"]), "added", _became(amended))
    return replace_scored(scored, reason)


def replace_scored(scored: Scored, reason: Reason) -> Scored:
    """The same sum with one more reason."""
    return Scored(scored.score + reason.weight, scored.signs, (*scored.reasons, reason))


def _became(force: Force) -> str:
    if force.before and force.after:
        return f"{force.before} → {force.after}"
    return f"came in: {force.after}" if force.after else f"taken out: {force.before}"


def _verdict(case: Case, scored: Scored, force: Sequence[Force]) -> tuple[str, tuple[Reason, ...]]:
    """The verdict of the score, lowered where the kind of edit cannot carry it, with the reason in words."""
    verdict, counted = case.rules.judged(scored.score), case.counted
    if case.document:
        return verdict, ()
    if not counted:
        return "not_relevant", (Reason("no difference that counts", 0),)
    if all(case.reaches(edit) for edit in counted):
        return "not_relevant", (Reason("only contact details, opening hours or counters changed", 0),)
    if not any(case.speaks(edit) for edit in counted):
        heading = _above(case, [one for one in force if one.kind == "date"])  # in a supplementary provision
        return ("uncertain", (heading,)) if heading else _of_asides(case, counted)
    supplements = [edit for edit in counted if case.place(edit) == "supplement"]
    if verdict == "not_relevant" and supplements and _speak(case, supplements):
        return _of_asides(case, supplements)
    if verdict == "relevant" and (words := _sweep(case)) and not _strong(words, case.rules):
        return "uncertain", (Reason(f"the same words replaced throughout: {words}", 0),)
    if verdict == "not_relevant" and not _sweep(case) and (heading := _above(case, force)):
        return "uncertain", (heading,)
    return verdict, ()


def _above(case: Case, force: Sequence[Force]) -> Reason | None:
    """The heading or title on data that cross borders under which an amendment gained or lost force, if there is one.

    Bare numbers and days carry no word of ours: what they are about stands above them.
    """
    read = case.change.after.title if case.change.after else ""
    for one in force:
        if one.kind in _AMENDED:
            for heading in dict.fromkeys((*one.path, case.own_title, read, case.source.title)):
                if heading and case.rules.judged(_titled(heading, case).score) != "not_relevant":
                    return Reason(
                        f"a {one.kind} changed under a heading on data that cross borders", 0, "heading", heading
                    )
    return None


def _titled(heading: str, case: Case) -> Scored:
    return score([Passage(heading, "title")], rules=case.rules, home=case.source.jurisdiction)


def _of_asides(case: Case, counted: Sequence[Edit]) -> tuple[str, tuple[Reason, ...]]:
    """Only asides, numbering or supplements changed: at most uncertain, and only if they speak strongly."""
    what = Reason(_why_aside(case, counted), 0)
    said = _said(case, counted)
    if said.score < case.rules.relevant:
        return "not_relevant", (what,)
    return "uncertain", (what, *said.reasons[1:4])


def _said(case: Case, edits: Sequence[Edit]) -> Scored:
    return score([p for edit in edits for p in _of_aside(edit, case)], rules=case.rules)


def _speak(case: Case, edits: Sequence[Edit]) -> bool:
    return _said(case, edits).score >= case.rules.relevant


def _of_aside(edit: Edit, case: Case) -> list[Passage]:
    """What an aside itself says: of an amendment only the new words."""
    text = case.block(edit).text
    if edit.kind == "renumber" or edit.reason == "date":
        return []
    return [Passage(text[c:d], "added") for _, _, c, d in edit.spans] if edit.spans else [Passage(text, "added")]


def _why_aside(case: Case, counted: Sequence[Edit]) -> str:
    if all(edit.kind == "renumber" for edit in counted):
        return "only numbering changed"
    if all(edit.reason.startswith(SWEPT) for edit in counted):
        return "the same words replaced throughout: " + counted[0].reason.removeprefix(SWEPT).lstrip(": ")
    places = {case.place(edit) for edit in counted}
    if places == {"supplement"}:
        return "only supplementary provisions changed"
    if places == {"about"}:
        return "only the description of the text changed (status, editorial notes)"
    given = sorted({edit.reason for edit in counted if edit.reason})
    return "only asides changed" + (f" ({'; '.join(given[:3])})" if given else " (teasers, links, typography)")


def _sweep(case: Case) -> str:
    """The replacement that makes up nearly all amendments of a text, or nothing."""
    replaced = [edit for edit in case.edits if edit.kind == "replace" and edit.counted]
    pairs = Counter(pair for edit in replaced for pair in _pairs(edit, case))
    amended = sum(1 for edit in case.edits if edit.counted and edit.kind not in ITEMS and edit.kind != "renumber")
    if not pairs or amended < _SWEEP:
        return ""
    (old, new), times = pairs.most_common(1)[0]
    return f"{old} → {new}" if times * 5 >= amended * 4 else ""


def _pairs(edit: Edit, case: Case) -> set[tuple[str, str]]:
    old, new = case.before[edit.before].text, case.after[edit.after].text
    return {(old[a:b].strip(), new[c:d].strip()) for a, b, c, d in edit.spans}


def _strong(words: str, rules: RuleSet) -> bool:
    return score([Passage(words, "added")], rules=rules).score >= rules.relevant


# ------------------------------------------------------------------------------------------- what is stated


def _stated(
    case: Case, speaking: Sequence[tuple[Unit | None, Scored]], force: Sequence[Force], *, now: datetime, verdict: str
) -> Finding:
    """What the units that speak state: each alone, and all of them together."""
    found = []
    for unit, scored in speaking if verdict != "not_relevant" else speaking[:1]:
        finding = _of_unit(case, unit, scored.signs, now=now, verdict=verdict)
        if unit and len(speaking) > 1:
            finding = _of_several(case, unit, finding, force)
        found.append((_title(case, unit) or case.own_title, finding))
    return joined(found)


def _of_unit(case: Case, unit: Unit | None, signs: Sequence[Sign], *, now: datetime, verdict: str) -> Finding:
    """What one unit states; without any: what the asides do."""
    title = _title(case, unit)
    told = [unit] if unit else units(case, aside=True)
    text = stated(told) if verdict != "not_relevant" else ""
    finding = read_text(
        title,
        text[:_READ],
        signs,
        home=case.source.jurisdiction,
        rules=case.rules,
        verdict=verdict,
        now=now,
        language=case.language,
        amended=not title,
        headings=() if title else _headings(case, unit),
        fresh=fresh(told)[:_READ],
        published=_listed(case, unit),
    )
    return _undated(finding) if is_gone(told) else finding


def _undated(finding: Finding) -> Finding:
    """Words that were taken away date nothing, and no act stands where they said."""
    return replace(finding, stage="", dates=(), stated=tuple(one for one in finding.stated if one.kind != "stage"))


def _of_places(finding: Finding, case: Case, force: Sequence[Force]) -> Finding:
    """Where places came or went, the corridors lead there: not to those that stand beside them."""
    moved = [one for one in force if one.kind == "country"]
    home = facts.regime([fold(case.own_title)], home=case.source.jurisdiction, rules=case.rules)
    if finding.verdict == "not_relevant" or finding.parts or not moved:
        return finding
    texts = [fold(block.text) for edit in case.counted for block in case.sides(edit)]
    moves = of_places(moved, home=home, texts=texts, rules=case.rules)
    if not moves:
        return finding
    said = (Stated("corridor", "->".join(pair), quote) for pair, quote in moves)
    rest = (one for one in finding.stated if one.kind != "corridor")
    named = dict.fromkeys((*finding.jurisdictions, *(code for pair, _ in moves for code in pair)))
    pairs = tuple(pair for pair, _ in moves)
    return replace(finding, corridors=pairs, jurisdictions=tuple(named), stated=(*said, *rest))


def _of_several(case: Case, unit: Unit, finding: Finding, force: Sequence[Force]) -> Finding:
    """Beside others an item has no force but its own, and one that left its list is due no longer."""
    if not case.edits or unit.edit < 0:
        return finding
    edit = case.edits[unit.edit]
    if edit.kind == "gone":
        return replace(finding, stage="", dates=())
    return replace(finding, force=said_in(force, case.block(edit).text) if edit.kind in ITEMS else tuple(force))


def _listed(case: Case, unit: Unit | None) -> date | None:
    """The day that a list gives for the item that speaks, or gave for this document; none that lay ahead of us.

    A day to come is that of an event or a deadline: nothing was published on it.
    """
    if unit and unit.edit >= 0 and _is_item(case, unit.edit):
        block = case.after[unit.edit] if case.document else case.block(case.edits[unit.edit])
        said = block.date
    else:
        said = case.source.dated if case.change.cause == "new" else ""
    try:
        day = date.fromisoformat(said[:10])
    except ValueError:
        return None
    return day if day <= (case.change.at + _AHEAD_OF_UTC).date() else None


def _title(case: Case, best: Unit | None) -> str:
    """Under which title the Change speaks: that of the new document or item; an amendment has none of its own."""
    if best and best.edit >= 0 and _is_item(case, best.edit):
        return best.passages[0].text
    return case.own_title if case.document else case.title


def _headings(case: Case, best: Unit | None) -> tuple[str, ...]:
    """The headings above the passage that speaks, innermost first, and the title of its text."""
    path = case.block(case.edits[best.edit]).path if best and best.edit >= 0 and not case.document else ()
    return (*reversed(path), case.own_title)


def _is_item(case: Case, index: int) -> bool:
    return bool(case.after[index].key) if case.document else case.edits[index].kind in ITEMS


def _words(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sign.quote for sign in signs))


def read_text(
    title: str,
    text: str,
    signs: Sequence[Sign],
    *,
    home: str,
    rules: RuleSet,
    verdict: str,
    now: datetime,
    language: str = "",
    amended: bool = False,
    headings: Sequence[str] = (),
    fresh: str | None = None,
    published: date | None = None,
) -> Finding:
    """What a text states about itself, in a Finding still without score; bare if it is not relevant.

    `amended`: the text is only the changed sentences of a longer one, `headings` stand above it, innermost first,
    `fresh` are its new words alone. `published` is the day on which it was, where a list or its sender gives one.
    """
    bare = Finding(0, now, rules.version, verdict, 0, "", jurisdictions=(home,) if home else ())
    if verdict == "not_relevant":
        return bare
    top, body = fold(title[:1000]), fold(text)
    own = facts.regime([top, *map(fold, headings)], home=home, rules=rules)
    said = facts.stated((top, body), rules=rules, language=language)
    moves = corridors((top, body), signs=signs, home=own, rules=rules)
    dates = dates_once(dates_of(title, text, rules=rules, language=language, published=published))
    new = fold(fresh) if amended and fresh is not None else None
    stands = stage(top, body, dates=dates, today=now.date(), rules=rules, language=language, amended=amended, fresh=new)
    dates = ending(dates, stands=stands, title=title)
    pairs = tuple(pair for pair, _ in moves)
    return replace(
        bare,
        topics=facts.topics(signs),
        mechanisms=facts.mechanisms(facts.topics(_in_changed(signs)), facts.values(said, "mechanism")),
        jurisdictions=facts.jurisdictions(home, top, body, pairs, rules=rules),
        reporter=facts.reporter(home, top, body, regime=own, rules=rules),
        corridors=pairs,
        bound=facts.values(said, "bound"),
        data=facts.values(said, "data"),
        sectors=facts.values(said, "sector"),
        stage=stands.value if stands else "",
        dates=dates,
        stated=(
            *([stands] if stands else []),
            *(Stated("corridor", "->".join(pair), quote) for pair, quote in moves),
            *(one for one in said if one.kind != "mechanism"),
        ),
    )


def _in_changed(signs: Sequence[Sign]) -> list[Sign]:
    """The signs of the changed words and their sentences, not those of headings or of the text around."""
    return [sign for sign in signs if sign.where not in ("heading", "context", "source")]
