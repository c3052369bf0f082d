"""The rule set: our packaged terms, cues, places and weights, read once into one value."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

from bot.judge import amending
from bot.judge.excerpt import anchoring
from bot.judge.folding import folded_word
from bot.judge.index import Index, Marks, Term
from bot.judge.places import named

Cues = Mapping[str, tuple[str, ...]]
"""Words by what they say: stage, modality class, kind of date, kind of part."""

_TOGETHER = {"facts": ("mechanisms", "bound", "kinds", "sectors")}  # sections read in one walk
_TABLES = ("places.toml", "weights.toml", "glosses.toml")
_WHOLE = ("duty", "prohibition", "permission", "advice", "negation", "perhaps")  # whole words only


@dataclass(frozen=True)
class RuleSet:
    """Everything the judge goes by. `version` names it; two rule sets with one version judge alike."""

    version: str
    weights: Mapping[str, Any]
    signs: Index  # terms, what speaks against them, parts of signs, places
    anchors: Marks  # the telling ones of these
    places: Index
    hosts: tuple[tuple[str, str], ...]  # (end of host name, jurisdiction), longest first
    names: Mapping[str, str]  # jurisdiction -> name shown
    languages: Mapping[str, Mapping[str, Cues]]  # language -> section -> cues
    glosses: Mapping[str, str] = field(default_factory=dict)  # folded term or topic -> what it is about, in English
    indexes: dict[tuple[str, str], Index] = field(default_factory=dict, compare=False, repr=False)  # made on first use

    @property
    def relevant(self) -> int:
        """From this score on (hundredths of log-odds) a change is told."""
        return int(self.weights["verdict"]["relevant"])

    @property
    def uncertain(self) -> int:
        """From this score on a person should look."""
        return int(self.weights["verdict"]["uncertain"])

    def weight(self, kind: str, where: str) -> int:
        """What a sign of this kind is worth at this place."""
        return int(self.weights["strength"][kind]) * int(self.weights["place"][where]) // 100

    def cues(self, section: str, language: str) -> Index:
        """The cue words of a section, in one language and English; in all when the language is not known."""
        if (section, language) not in self.indexes:
            spoken = {name: cues for name, cues in self.languages.items() if _is_spoken(name, language)}
            terms = [term for one in _TOGETHER.get(section, (section,)) for term in _cue_terms(spoken, one)]
            self.indexes[section, language] = Index(terms, whole=_WHOLE)
        return self.indexes[section, language]

    @cached_property
    def months(self) -> Mapping[str, int]:
        """Month names in every language, lower case, to their number."""
        return {
            name: number
            for sections in self.languages.values()
            for number, name in enumerate(sections.get("dates", {}).get("months", ()), 1)
        }

    def gloss(self, words: str, topic: str) -> str:
        """What a recognised term is about, in English: its own gloss, else the meaning of its topic."""
        return self.glosses.get(folded_word(words)) or self.glosses.get(topic, "")

    @cached_property
    def by_host(self) -> Mapping[str, str]:
        """Ends of host names, whole labels, to the jurisdiction that they belong to."""
        return {end.removeprefix("."): code for end, code in self.hosts}

    def judged(self, score: int) -> str:
        """The verdict for a score."""
        if score >= self.relevant:
            return "relevant"
        return "uncertain" if score >= self.uncertain else "not_relevant"


def load_rules(amendments: str = "", *, name: str = "rules") -> RuleSet:
    """Read the packaged terms, places and weights; about 50 ms, so once per process.

    `amendments` is TOML as described in bot/judge/amending.py, called `name` in errors; raises OperatorError.
    """
    room = files("bot.judge")
    texts = {entry.name: entry.read_text("utf-8") for entry in room.joinpath("terms").iterdir() if _is_toml(entry.name)}
    tables = {name: room.joinpath(name).read_text("utf-8") for name in _TABLES}
    amended = amending.read(amendments, name=name)
    ours = {name.removesuffix(".toml"): tomllib.loads(texts[name]) for name in sorted(texts)}
    languages = amending.languages(ours, amended)
    places = tomllib.loads(tables["places.toml"])
    halted = [term for term in _cue_terms(languages, "stops") if term.kind == "halted"]
    signs = [*_topic_terms(languages), *_cue_terms(languages, "parts"), *halted, *_place_terms(places)]
    dated = [term for term in _cue_terms(languages, "dates") if len(term.words) > 5 or not term.words.isascii()]
    return RuleSet(
        version=_version({**texts, **tables, **_coded(), **({"amendments": amendments} if amended else {})}),
        weights=amending.weights(tomllib.loads(tables["weights.toml"]), amended),
        signs=Index(signs),
        anchors=Marks(term for term in [*signs, *dated] if anchoring(term.kind)),
        places=Index(_place_terms(places)),
        hosts=_hosts(places),
        names=named(places),
        languages=languages,
        glosses=_glosses(tomllib.loads(tables["glosses.toml"])),
    )


def _glosses(tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {**tables["topics"], **{folded_word(words): gloss for words, gloss in tables["terms"].items()}}


def _coded() -> dict[str, str]:
    """The code of this room: two versions of it need not judge alike."""
    room = files("bot.judge").iterdir()
    return {entry.name: entry.read_text("utf-8") for entry in room if entry.name.endswith(".py")}


def _is_spoken(name: str, language: str) -> bool:
    """Chinese in either script is read with both word lists; English words stand in pages of every language."""
    return not language or name == "en" or name[:2] == language[:2].lower()


def _is_toml(name: str) -> bool:
    return name.endswith(".toml")


def _version(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{texts[name]}\0".encode())
    return digest.hexdigest()[:10]


def _topic_terms(languages: Mapping[str, Any]) -> Iterator[Term]:
    for sections in languages.values():
        for topic, strengths in sections.get("terms", {}).items():
            for strength, terms in strengths.items():
                yield from (Term(words, strength, topic) for words in terms)
        for kind in ("anti", "event"):
            for meaning, terms in sections.get(kind, {}).items():
                yield from (Term(words, kind, meaning) for words in terms)


def _cue_terms(languages: Mapping[str, Any], section: str) -> Iterator[Term]:
    for sections in languages.values():
        for kind, words in sections.get(section, {}).items():
            yield from (Term(word, kind, "", section) for word in words if kind != "months")


def _place_terms(places: Mapping[str, Any]) -> Iterator[Term]:
    for code, place in places.items():
        yield from (Term(name, "place", code, "places") for name in place["names"])
        yield from (Term(name, "official", code, "places") for name in place.get("authorities", ()))


def _hosts(places: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = [(end, code) for code, place in places.items() for end in place.get("hosts", ())]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))
