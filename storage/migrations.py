"""The tables, as numbered steps. Forward only, one transaction each, frozen once released; imports nothing of ours.

Times are milliseconds since 1970 (UTC). Hashes are blobs. `word` interns texts that repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

steps = Migrations("regwatch")

FIRST = (
    # ---- what is looked at
    """CREATE TABLE word (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL UNIQUE           -- causes, fingerprints, titles, languages, final addresses
    ) STRICT""",
    """CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,          -- the id a person chose
        host TEXT NOT NULL DEFAULT '',
        declared INTEGER NOT NULL,          -- 1: in sources.toml, 0: derived from a list
        succeeds TEXT NOT NULL DEFAULT '',  -- name of the source whose next edition this one is
        parent INTEGER REFERENCES source,
        announced_by INTEGER REFERENCES change,
        item_key TEXT NOT NULL DEFAULT '',  -- the list item that it follows
        since INTEGER,
        retired INTEGER,
        spec BLOB                           -- derived only: the Source as it was recorded, JSON
    ) STRICT""",
    "CREATE INDEX source_announced ON source (announced_by) WHERE announced_by IS NOT NULL",
    "CREATE INDEX source_host ON source (host)",
    """CREATE TABLE host (
        name TEXT PRIMARY KEY,
        not_before INTEGER,
        robots TEXT,
        robots_at INTEGER
    ) STRICT, WITHOUT ROWID""",
    # ---- looks
    """CREATE TABLE "check" (               -- some twenty of these stand beside every version: 25 to 35 bytes each
        source INTEGER NOT NULL REFERENCES source,
        at INTEGER NOT NULL,
        outcome INTEGER NOT NULL,           -- looks.OUTCOMES
        cause INTEGER REFERENCES word,
        status INTEGER,                     -- NULL: 304
        elapsed INTEGER NOT NULL,           -- milliseconds
        detail TEXT,
        PRIMARY KEY (source, at)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE same_body (             -- other bytes that read the same
        source INTEGER NOT NULL REFERENCES source,
        at INTEGER NOT NULL,
        hash BLOB NOT NULL,
        size INTEGER NOT NULL,
        head INTEGER REFERENCES snapshot,   -- whose headers are the dictionary for these
        headers BLOB NOT NULL,
        PRIMARY KEY (source, at)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE newest_body (           -- the newest of them, kept for re-reading
        source INTEGER PRIMARY KEY REFERENCES source,
        at INTEGER NOT NULL,
        status INTEGER NOT NULL,
        url INTEGER NOT NULL REFERENCES word,
        base INTEGER REFERENCES body,
        frame BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE standing (              -- one row per source, rewritten by each look
        source INTEGER PRIMARY KEY REFERENCES source,
        last_check INTEGER,
        last_good INTEGER,
        first_good INTEGER,
        last_change INTEGER,
        streak INTEGER NOT NULL DEFAULT 0,
        cause TEXT NOT NULL DEFAULT '',
        failing_since INTEGER,
        not_before INTEGER,
        hurry REAL NOT NULL DEFAULT 1.0,
        etag TEXT NOT NULL DEFAULT '',
        last_modified TEXT NOT NULL DEFAULT '',
        body_hash BLOB NOT NULL DEFAULT x'',     -- of the last body that read well
        version INTEGER NOT NULL DEFAULT 0,      -- the latest one
        head INTEGER NOT NULL DEFAULT 0,         -- snapshot whose headers are the dictionary of the next ones
        body_key INTEGER NOT NULL DEFAULT 0,     -- keyframe of its bodies
        reading_key INTEGER NOT NULL DEFAULT 0,  -- keyframe of its readings
        gone_looks TEXT NOT NULL DEFAULT '[]',   -- looks in a row that said 404 or 410, JSON
        gone INTEGER NOT NULL DEFAULT 0,         -- the Change that said so
        shrinks INTEGER NOT NULL DEFAULT 0,
        failed_hash BLOB NOT NULL DEFAULT x'',
        shrunk_since INTEGER
    ) STRICT""",
    """CREATE TABLE item (                  -- every key ever seen
        source INTEGER NOT NULL REFERENCES source,
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        listed INTEGER NOT NULL,
        PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE mark (                  -- learned volatility
        source INTEGER NOT NULL REFERENCES source,
        key TEXT NOT NULL,
        streak INTEGER NOT NULL,
        since INTEGER NOT NULL,
        marked INTEGER NOT NULL,
        PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID""",
    # ---- facts
    """CREATE TABLE body (                  -- bodies and encoded readings, each content once
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        base INTEGER REFERENCES body,       -- NULL: a keyframe; else the keyframe this is a difference to
        frame BLOB NOT NULL                 -- zstd
    ) STRICT""",
    """CREATE TABLE snapshot (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES source,
        at INTEGER NOT NULL,
        status INTEGER NOT NULL,
        url INTEGER NOT NULL REFERENCES word,
        body INTEGER NOT NULL REFERENCES body,
        head INTEGER REFERENCES snapshot,   -- whose headers are the dictionary for these
        headers BLOB NOT NULL,
        cause INTEGER REFERENCES word,      -- of a look that failed in a new way
        provenance INTEGER REFERENCES word  -- model.PROVENANCES; NULL: looked
    ) STRICT""",
    """CREATE TABLE version (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES source,
        at INTEGER NOT NULL,
        snapshot INTEGER NOT NULL REFERENCES snapshot,
        reading INTEGER NOT NULL REFERENCES body,
        hash BLOB NOT NULL,                 -- the reading's hash, as its reader computed it
        fingerprint INTEGER NOT NULL REFERENCES word,
        language INTEGER NOT NULL REFERENCES word,
        title INTEGER NOT NULL REFERENCES word
    ) STRICT""",
    "CREATE INDEX version_source ON version (source)",
    """CREATE TABLE change (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES source,
        at INTEGER NOT NULL,
        cause INTEGER NOT NULL,             -- facts.CAUSES
        before INTEGER REFERENCES version,
        after INTEGER REFERENCES version,
        counted INTEGER NOT NULL,           -- 1: people can see it
        missed INTEGER NOT NULL,
        late INTEGER NOT NULL,              -- 1: history, brought in after what came later
        edits BLOB NOT NULL                 -- JSON arrays of indices and spans, never text
    ) STRICT""",
    "CREATE INDEX change_source ON change (source)",
    "CREATE INDEX change_at ON change (at)",
    # ---- opinions
    "CREATE TABLE unjudged (change INTEGER PRIMARY KEY REFERENCES change) STRICT",
    """CREATE TABLE finding (
        id INTEGER PRIMARY KEY,
        change INTEGER NOT NULL REFERENCES change,
        at INTEGER NOT NULL,
        verdict INTEGER NOT NULL,           -- opinions.VERDICTS
        content BLOB NOT NULL               -- the whole Finding, JSON, zstd with opinions.PHRASES
    ) STRICT""",
    "CREATE INDEX finding_change ON finding (change)",
    """CREATE TABLE passage (               -- what the search row of a Change was made from
        change INTEGER PRIMARY KEY REFERENCES change,
        version INTEGER REFERENCES version, -- whose reading is the dictionary
        text BLOB NOT NULL
    ) STRICT""",
    # Thai and Indic vowel signs (Mn, Mc) must not cut words, which they do by default
    """CREATE VIRTUAL TABLE search USING fts5 (
        text, content='', columnsize=0,
        tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
    )""",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, title TEXT NOT NULL) STRICT",
    """CREATE TABLE event_change (
        event INTEGER NOT NULL REFERENCES event,
        change INTEGER NOT NULL REFERENCES change,
        PRIMARY KEY (event, change)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX event_of_change ON event_change (change)",
    # ---- people: nothing here but `actor` ever enters the chain
    """CREATE TABLE person (
        actor TEXT PRIMARY KEY,             -- random
        name TEXT UNIQUE,                   -- erasable
        address TEXT                        -- erasable
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE footprint (name TEXT PRIMARY KEY, since INTEGER NOT NULL, content BLOB NOT NULL) STRICT",
    """CREATE TABLE subscription (
        id INTEGER PRIMARY KEY,             -- 0: the owner, who gets notices
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        filters TEXT NOT NULL,              -- JSON
        mode TEXT NOT NULL,
        footprint TEXT NOT NULL,
        muted TEXT NOT NULL,                -- JSON
        paused_until INTEGER,
        since INTEGER NOT NULL,
        ended INTEGER,
        UNIQUE (channel, address, filters)
    ) STRICT""",
    "INSERT INTO subscription VALUES (0, 'owner', '', '{}', 'instant', '', '[]', NULL, 0, 0)",
    """CREATE TABLE review (
        id INTEGER PRIMARY KEY,
        change INTEGER NOT NULL REFERENCES change,
        actor TEXT NOT NULL REFERENCES person,
        at INTEGER NOT NULL,
        says TEXT NOT NULL,
        commitment BLOB NOT NULL,           -- SHA-256 of salt and remark; this alone enters the chain
        salt BLOB,                          -- erasable
        remark TEXT                         -- erasable
    ) STRICT""",
    "CREATE INDEX review_change ON review (change)",
    # ---- promises
    """CREATE TABLE delivery (
        id INTEGER PRIMARY KEY,
        subscription INTEGER NOT NULL REFERENCES subscription,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        revision INTEGER NOT NULL,
        state INTEGER NOT NULL,             -- outbox.STATES
        attempts INTEGER NOT NULL DEFAULT 0,
        due INTEGER,
        attempted INTEGER,
        payload BLOB,                       -- zstd; frozen at the first attempt
        detail TEXT NOT NULL DEFAULT '',
        UNIQUE (subscription, kind, subject, revision)
    ) STRICT""",
    "CREATE INDEX delivery_open ON delivery (id) WHERE state < 2",
    """CREATE TABLE digest (
        id INTEGER PRIMARY KEY,
        subscription INTEGER NOT NULL REFERENCES subscription,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        content BLOB NOT NULL,
        UNIQUE (subscription, since, until)
    ) STRICT""",
    # ---- the chain
    """CREATE TABLE ledger (
        seq INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,              -- ledger.KINDS
        row INTEGER NOT NULL,
        content BLOB NOT NULL,              -- SHA-256 of the row's canonical content
        hash BLOB NOT NULL                  -- SHA-256 of the previous hash, seq, kind, row and content
    ) STRICT""",
    """CREATE TRIGGER ledger_is_never_altered BEFORE UPDATE ON ledger
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)

SECOND = (
    # ---- lookups: what the latest Finding of each Change states, kept up by whoever adds a Finding
    """CREATE TABLE judged (                -- newest-first reading is a walk along it; without our own reader's Changes
        at INTEGER NOT NULL,                -- the Change's
        change INTEGER NOT NULL REFERENCES change,
        verdict INTEGER NOT NULL,
        source INTEGER NOT NULL REFERENCES source,
        finding INTEGER NOT NULL REFERENCES finding,
        PRIMARY KEY (at, change)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE facet (                 -- some five of these stand beside a finding: 16 bytes each
        word INTEGER NOT NULL REFERENCES word,  -- "mechanism:scc", "from:EU", …
        at INTEGER NOT NULL,
        change INTEGER NOT NULL REFERENCES change,
        PRIMARY KEY (word, at, change)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE dated (                 -- relevant and uncertain, not late, not *published*
        day INTEGER NOT NULL,               -- proleptic Gregorian ordinal: 1 January of year 1 is 1
        change INTEGER NOT NULL REFERENCES change,
        number INTEGER NOT NULL,            -- which of the Finding's dates it is, from 0
        PRIMARY KEY (day, change, number)
    ) STRICT, WITHOUT ROWID""",
    # ---- events
    "ALTER TABLE event ADD COLUMN merged_into INTEGER REFERENCES event",
    "ALTER TABLE event_change ADD COLUMN joined INTEGER NOT NULL DEFAULT 0",  # their order, from 1
    """CREATE TABLE event_act (
        act TEXT NOT NULL,
        event INTEGER NOT NULL REFERENCES event,
        PRIMARY KEY (act, event)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX act_of_event ON event_act (event)",
    """CREATE TABLE event_step (            -- what people merged and split; in the ledger
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        event INTEGER REFERENCES event,             -- NULL: it had none
        into_event INTEGER NOT NULL REFERENCES event,
        change INTEGER REFERENCES change            -- the one that left; NULL: all of them
    ) STRICT""",
    # ---- people
    """ALTER TABLE subscription ADD COLUMN rhythm TEXT NOT NULL DEFAULT '["mon",8,"UTC",true]'""",  # JSON
    "ALTER TABLE subscription ADD COLUMN answer_within INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE subscription ADD COLUMN team TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE review ADD COLUMN subscription INTEGER NOT NULL DEFAULT 0",  # 0: for all
    "ALTER TABLE review ADD COLUMN value TEXT NOT NULL DEFAULT ''",  # never a name
    # ---- promises
    "CREATE INDEX delivery_subject ON delivery (subject)",
    """CREATE TABLE ticket (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        hash BLOB NOT NULL,                 -- of the secret, which is nowhere
        expires INTEGER NOT NULL,
        content BLOB NOT NULL,
        used INTEGER,
        UNIQUE (kind, hash)
    ) STRICT""",
    "CREATE TABLE alarm (subject TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)


@steps()
def m001_first(db: Database) -> None:
    """The house as it was first built."""
    for statement in FIRST:
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")


@steps()
def m002_lookups(db: Database) -> None:
    """Lookups by what findings state, events, footprints, tickets, alarms. Rows of old findings are filled in after."""
    for statement in SECOND:
        db.execute(statement)


THIRD = (
    # ---- keeping: what was let go is on record, and nothing is while somebody holds it
    "CREATE TABLE hold (id INTEGER PRIMARY KEY, since INTEGER NOT NULL, ended INTEGER, why TEXT NOT NULL) STRICT",
    """CREATE TABLE letting_go (            -- in the ledger
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,                 -- keeping.KINDS
        rows INTEGER NOT NULL,              -- how many
        until INTEGER NOT NULL              -- older than this
    ) STRICT""",
    """CREATE TABLE check_day (             -- looks of a day, when the rows of each look are gone
        source INTEGER NOT NULL REFERENCES source,
        day INTEGER NOT NULL,               -- days since 1970, UTC
        outcome INTEGER NOT NULL,           -- looks.OUTCOMES
        looks INTEGER NOT NULL,
        PRIMARY KEY (source, day, outcome)
    ) STRICT, WITHOUT ROWID""",
    "ALTER TABLE delivery ADD COLUMN payload_hash BLOB",  # SHA-256 of a payload that is gone
)


@steps()
def m003_keeping(db: Database) -> None:
    """Holds, what was let go, and the hash of payloads that are gone."""
    for statement in THIRD:
        db.execute(statement)


@steps()
def m004_stages(db: Database) -> None:
    """Findings are found by their stage and their kinds of dates; facets of old ones are filled in after."""


FIFTH = (
    # asked once a second; rows that are over are many, and carry what was sent
    "CREATE INDEX delivery_waiting ON delivery (id) WHERE state IN (0, 1, 3)",
    "DROP INDEX delivery_open",
)


@steps()
def m005_waiting(db: Database) -> None:
    """What waits in the outbox is found without a walk over what is over. Old Changes are sealed after."""
    for statement in FIFTH:
        db.execute(statement)


SIXTH = (
    # a source's newest are asked for by every page of it, and a busy list has thousands
    "DROP INDEX change_source",
    "CREATE INDEX change_source ON change (source, at)",
    "DROP INDEX version_source",
    "CREATE INDEX version_source ON version (source, at)",
    "CREATE INDEX source_parent ON source (parent) WHERE parent IS NOT NULL",
)


@steps()
def m006_newest(db: Database) -> None:
    """The newest Changes and Versions of a source are found without sorting all of them; what follows from a list
    without a walk over all sources."""
    for statement in SIXTH:
        db.execute(statement)
