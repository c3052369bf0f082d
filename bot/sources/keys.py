"""The keys of sources.toml: what each takes and what it is for. Loader, schema and writer all read this table. Pure."""

from __future__ import annotations

from typing import NamedTuple

from bot.model import CLASSES, OFF_REASONS, TYPES


class Key(NamedTuple):
    """One key: its name in the file, what it takes, what it is for, and the values or the pattern it is held to."""

    name: str
    takes: str  # text, texts, flag, count, seconds, span, table, pairs, paths
    meaning: str
    choices: tuple[str, ...] = ()
    pattern: str = ""  # RE2, matches the whole text

    @property
    def field(self) -> str:
        """Its name in model.Source, where `class` is a reserved word."""
        return "class_" if self.name == "class" else self.name


ID = r"[a-z0-9]+(-[a-z0-9]+)*"
SPAN = r"([0-9]{1,4})([mhdw])"
HEADER = r"[A-Za-z0-9-]+"
# `results[*]`, `meta.items[0].name`, `[*]` for an answer that is itself an array
JSON_PATH = r"(\[(\*|[0-9]+)\]|[^\s.\[\]]+)((\.[^\s.\[\]]+)|\[(\*|[0-9]+)\])*"
PAGING = rf"{JSON_PATH}|[^\s{{}}]*\{{n\}}[^\s{{}}]*"
HOURS = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
METHODS = ("GET", "POST")

KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key("title", "text", "what readers call it"),
        Key("authority", "text", "who publishes it"),
        Key("jurisdiction", "text", "whose rules: ISO 3166 alpha-2, or EU, or INT", pattern=r"[A-Z]{2,3}"),
        Key("url", "text", "the address that is looked at"),
        Key("type", "text", "what comes back", choices=TYPES),
        Key("language", "text", "its language, BCP 47; leave out when it mixes several",
            pattern=r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
        Key("every", "span", "how often to look: 15m, 6h, 2d, 1w; at least 5m"),
        Key("select", "texts", "CSS: read only these parts"),
        Key("remove", "texts", "CSS: read without these parts"),
        Key("ignore", "texts", "RE2: text that never counts as a change"),
        Key("items", "text", "CSS: one match for each entry of a list"),
        Key("paths", "paths", "json: where items lie, and in each its key, title, date, link and text; csv: columns"),
        Key("rewrite", "pairs", "parts of addresses that mean the same: found in an item's key, written instead"),
        Key("follow", "flag", "look at the pages that new entries lead to"),
        Key("topics", "texts", "what it is about", pattern=r"[a-z0-9]+([_-][a-z0-9]+)*"),
        Key("note", "text", "one sentence that is shown in alerts"),
        Key("must_watch", "flag", "its jurisdiction is never clear while this cannot be read"),
        Key("min_blocks", "count", "fewer blocks than this is a failure, not a reading"),
        Key("enabled", "flag", "false: declared but not looked at; says why in off_reason"),
        Key("off_reason", "text", "why it is not looked at", choices=OFF_REASONS),
        Key("stands_in_for", "texts", "ids of sources that cannot be read and that this one covers", pattern=ID),
        Key("expect_change_every", "span", "an alarm rises when it is silent for longer"),
        Key("expect_by", "text", "an alarm rises when nothing came by this day, MM-DD each year or YYYY-MM-DD once",
            pattern=r"([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
        Key("expect_empty", "text", "hours of its time zone in which it shows nothing, HH:MM-HH:MM: no failure then",
            pattern=HOURS),
        Key("class", "text", "official, or a vendor's page, or somebody's tracker", choices=CLASSES),
        Key("succeeds", "text", "id of the document whose next edition this is; the two are compared", pattern=ID),
        Key("method", "text", "how to ask", choices=METHODS),
        Key("body", "text", "what a POST sends"),
        Key("headers", "table", "request headers"),
        Key("key", "text", "name of the setting that holds the API key", pattern=r"REGWATCH_KEY_[A-Z0-9_]+"),
        Key("paging", "text", "json: where the address of the next page lies; or a pattern such as page={n}",
            pattern=PAGING),
        Key("pages", "count", "how many pages are read in one look; a site map's index counts as one"),
        Key("charset", "text", "when the server names the wrong one, or none", pattern=r"[A-Za-z0-9_.:-]+"),
        Key("timezone", "text", "IANA zone of the dates it prints"),
        Key("window", "count", "how many entries it shows"),
        Key("ipv4", "flag", "never over IPv6"),
        Key("render", "flag", "readable only after its scripts have run"),
    )
}  # fmt: skip

PATHS: dict[str, str] = {
    "items": "the array of items",
    "key": "in an item: what identifies it for ever",
    "title": "in an item: its title",
    "date": "in an item: its date",
    "link": "in an item: where it leads",
    "text": "in an item: a summary",
}

HOST_KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key("spacing", "seconds", "seconds between two requests to this host"),
        Key("concurrency", "count", "how many requests at once"),
        Key("ipv4", "flag", "never over IPv6"),
    )
}
