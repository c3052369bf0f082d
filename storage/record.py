"""Writing down what looks came to: the outcomes of one unit, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from bot.model import Edit, Host, Look, Outcome
from storage import bodies, headers, ledger, standing
from storage.facts import CAUSES, pack_edits
from storage.looks import CHANGED, FAILED, FIRST, LOST, NOISE, NOT_MODIFIED, SAME, latest_of
from storage.packing import squeeze, stamp, unsqueeze
from storage.room import Room, spelled, word
from storage.sources import derive, keep_hosts
from storage.standing import Line, failure

DETAIL = 300  # characters of a failure's detail that a check keeps
NEWEST_LEVEL = 1  # the newest body is replaced by every noisy look: quick before small


class Records(Room):
    """The store's part that writes looks down."""

    def record(self, outcomes: Sequence[Outcome], *, hosts: Sequence[Host] = ()) -> tuple[int, ...]:
        """Write the outcomes of one unit in one transaction; returns the Change id of each, 0 for none.

        Of an outcome with an `upgrade`, the Change returned is the publisher's, not our own reader's. Differences that
        are all uncounted make a Change, too (an uncounted one). A source that was never declared becomes known here.
        """
        with self._db.writing(durable=False) as db:
            scribe = Scribe(db, outcomes)
            made = tuple(scribe.write(outcome) for outcome in outcomes)
            standing.save(db, scribe.lines.values())
            keep_hosts(db, hosts)
        return made


class Scribe:
    """Writes one unit's outcomes, in their order, inside the caller's transaction."""

    late = False  # whether what is written is older than what is there

    def __init__(self, db: sqlite3.Connection, outcomes: Sequence[Outcome]) -> None:
        self._db = db
        self.lines = _lines(db, outcomes)
        # as it was when the outcomes were decided, not as this unit leaves it
        self._predecessors = {o.source_id: _predecessor(db, o.source_id) for o in outcomes if o.cause == "edition"}

    def write(self, outcome: Outcome) -> int:
        """One outcome with everything that hangs on it; returns its Change, 0: none."""
        line, look = self.lines[outcome.source_id], outcome.look
        at = self._check(outcome, line)
        readings = self._upgrade(outcome, line)
        change = self._fact(outcome, line, at, readings)
        line.looked(look)
        if outcome.kind in ("failed", "gone"):
            line.read_badly(outcome)
            line.gone = change or line.gone
        else:
            line.read_well(look)
        self._remember(outcome, line, change)
        return change

    def _fact(self, outcome: Outcome, line: Line, at: int, readings: dict[bytes, bytes]) -> int:
        look = outcome.look
        if outcome.kind == "failed":
            self._keep_unread(outcome, line)
            return 0
        if outcome.kind == "gone":
            return self._gone(outcome, line)
        if outcome.kind == "same" and not outcome.edits:
            if differs(outcome, line):
                self._keep_same(look, line, at)
            return 0
        return self._new_version(outcome, line, look.reading or readings.get(look.reading_hash, b""))

    # -------------------------------------------------------------------------------------------- each look

    def _check(self, outcome: Outcome, line: Line) -> int:
        """The check row; two looks within a millisecond are told apart by adding one. Returns its time."""
        look = outcome.look
        cause = failure(outcome)
        status = None if look.status == NOT_MODIFIED else look.status
        number = word(self._db, cause) if cause else None
        row = [_code(outcome, line), number, status, look.elapsed_ms, look.detail[:DETAIL] or None]
        at = stamp(look.at)
        while not self._db.execute(CHECK, (line.source, at, *row)).rowcount:
            at += 1
        return at

    def _remember(self, outcome: Outcome, line: Line, change: int) -> None:
        db, source = self._db, line.source
        if outcome.kind == "changed":
            line.hurry = 0.5 if outcome.missed else 1.0
        if outcome.items:
            rows = [(source, item.key, item.title, item.listed) for item in outcome.items]
            db.executemany("REPLACE INTO item (source, key, title, listed) VALUES (?, ?, ?, ?)", rows)
        if outcome.marks is not None:
            db.execute("DELETE FROM mark WHERE source = ?", (source,))
            marks = [(source, key, m.streak, stamp(m.since), m.marked) for key, m in outcome.marks.items()]
            db.executemany("INSERT INTO mark VALUES (?, ?, ?, ?, ?)", marks)
        if outcome.follow:
            for child in outcome.follow:
                derive(db, child, parent=source, change=change, key=child.item_key or child.url, at=outcome.at)

    # -------------------------------------------------------------------------------------------- our own reader

    def _upgrade(self, outcome: Outcome, line: Line) -> dict[bytes, bytes]:
        """What a newer reader makes of the stored bytes (promise 5). Returns the readings a look may refer to."""
        look, db = outcome.look, self._db
        if not line.version or not look.reread_hash:
            return self._stored_reading(line) if outcome.kind == "changed" and not look.reading else {}
        stored = self._stored_reading(line)
        if look.reread_hash in stored:
            renewed = (word(db, look.fingerprint), line.version)
            db.execute("UPDATE version SET fingerprint = ? WHERE id = ?", renewed)
            return stored
        if outcome.upgrade is None or not look.reread:
            return stored
        before = line.version
        self._version(look, line, self._reread_snapshot(line), frame=look.reread, hash_=look.reread_hash)
        if outcome.upgrade:
            self._change(outcome, line, cause="extractor", before=before, edits=outcome.upgrade)
        return {**stored, look.reread_hash: look.reread}

    def _stored_reading(self, line: Line) -> dict[bytes, bytes]:
        row = self._db.execute("SELECT hash, reading FROM version WHERE id = ?", (line.version,)).fetchone()
        return {row[0]: bodies.load_frame(self._db, row[1])} if row else {}

    def _reread_snapshot(self, line: Line) -> int:
        """The Snapshot that was re-read: the latest Version's, or the newest body that read the same, now kept."""
        db = self._db
        newest = db.execute(PROMOTED, (line.source,)).fetchone()
        if newest is None:
            return int(db.execute("SELECT snapshot FROM version WHERE id = ?", (line.version,)).fetchone()[0])
        at, status, url, base, frame, head, sent = newest
        content = bodies.expand(db, base, frame)
        kept = bodies.keep(db, content, frame=squeeze(content), key=line.body_key)
        line.body_key = kept.key
        self._forget_newest(line)
        return self._insert_snapshot((line.source, at, status, url, kept.id, head, sent, None, None), content)

    # -------------------------------------------------------------------------------------------- facts

    def _new_version(self, outcome: Outcome, line: Line, reading: bytes) -> int:
        look, before = outcome.look, self._before(outcome, line)
        first = outcome.kind == "first"
        level = bodies.QUICK if outcome.kind == "same" else bodies.SMALL
        snapshot = self._snapshot(look, line, level=level)
        self._version(look, line, snapshot, frame=reading or squeeze(b"[]"), hash_=look.reading_hash, level=level)
        cause = outcome.cause if outcome.cause in CAUSES else "baseline" if first else "source"
        return self._change(outcome, line, cause=cause, before=before, edits=outcome.edits)

    def _before(self, outcome: Outcome, line: Line) -> int:
        """The Version that a new one is compared with."""
        return self._predecessors.get(outcome.source_id, 0) if outcome.kind == "first" else line.version

    def _snapshot(self, look: Look, line: Line, *, level: int, cause: str = "") -> int:
        db = self._db
        frame = look.body or squeeze(b"")
        content = unsqueeze(frame)
        kept = bodies.keep(db, content, frame=frame, key=line.body_key, level=level, address=look.body_hash)
        sent = headers.pack(db, look.headers, head=line.head)
        failed = word(db, cause) if cause else None
        url = word(db, look.final_url)
        whence = word(db, look.provenance) if look.provenance else None
        row = (line.source, stamp(look.at), look.status, url, kept.id, sent.head, sent.frame, failed, whence)
        number = self._insert_snapshot(row, content)
        if not cause:  # what a challenge page looks like helps to store no later page
            line.body_key = kept.key
            line.head = sent.head or number
            self._forget_newest(line)
        return number

    def _insert_snapshot(self, row: tuple[object, ...], content: bytes) -> int:
        number = _inserted(self._db.execute(ADD_SNAPSHOT, row))
        ledger.append(self._db, ledger.SNAPSHOT, number, body=content)
        return number

    def _version(
        self, look: Look, line: Line, snapshot: int, *, frame: bytes, hash_: bytes, level: int = bodies.SMALL
    ) -> None:
        db, content = self._db, unsqueeze(frame)
        kept = bodies.keep(db, content, frame=frame, key=line.reading_key, level=level)
        said = (look.language, look.title) if not look.cause and not look.unchanged else self._said(line, look)
        words = (word(db, look.fingerprint), *(word(db, text) for text in said))
        row = (line.source, stamp(look.at), snapshot, kept.id, hash_, *words)
        line.version, line.reading_key = _inserted(db.execute(ADD_VERSION, row)), kept.key
        ledger.append(db, ledger.VERSION, line.version, body=content)

    def _said(self, line: Line, look: Look) -> tuple[str, str]:
        """Language and title, where the look itself brought none: as the Version before said."""
        row = self._db.execute("SELECT language, title FROM version WHERE id = ?", (line.version,)).fetchone()
        language, title = (spelled(self._db, number) for number in row or (None, None))
        return look.language or language, look.title or title

    def _change(self, outcome: Outcome, line: Line, *, cause: str, before: int, edits: Sequence[Edit]) -> int:
        db, after = self._db, 0 if cause == "gone" else line.version
        counted = not before or cause == "gone" or any(edit.counted for edit in edits)
        # every block of a first Version is new: nothing to store
        packed = pack_edits(edits if before else ())
        row = (line.source, stamp(outcome.at), CAUSES.index(cause), before or None, after or None, counted)
        number = _inserted(db.execute(ADD_CHANGE, (*row, outcome.missed and cause != "extractor", self.late, packed)))
        ledger.append(db, ledger.CHANGE, number)
        if cause != "extractor" and (counted or any(edit.judged for edit in edits)):
            db.execute("INSERT INTO unjudged VALUES (?)", (number,))
        if counted and cause in ("source", "gone") and not self.late:
            line.last_change = stamp(outcome.at)
        return number

    def _gone(self, outcome: Outcome, line: Line) -> int:
        if line.gone or not line.version:  # said once
            return 0
        return self._change(outcome, line, cause="gone", before=line.version, edits=())

    # -------------------------------------------------------------------------------------------- bodies without facts

    def _keep_unread(self, outcome: Outcome, line: Line) -> None:
        """The body of a look that failed in a new way is evidence, too."""
        cause = failure(outcome)
        if outcome.look.body and cause != line.cause:
            self._snapshot(outcome.look, line, level=bodies.SMALL, cause=cause)

    def _keep_same(self, look: Look, line: Line, at: int) -> None:
        """Other bytes that read the same: hash, size and headers, and the body until the next such one."""
        db = self._db
        sent = headers.pack(db, look.headers, head=line.head)
        db.execute(
            "INSERT INTO same_body VALUES (?, ?, ?, ?, ?, ?)",
            (line.source, at, look.body_hash, look.size, sent.head, sent.frame),
        )
        if look.body:
            base, frame = self._beside_key(unsqueeze(look.body), line.body_key)
            row = (line.source, at, look.status, word(db, look.final_url), base, frame)
            db.execute("REPLACE INTO newest_body VALUES (?, ?, ?, ?, ?, ?)", row)

    def _beside_key(self, content: bytes, key: int) -> tuple[int | None, bytes]:
        """The body as a difference to the keyframe where that is small (a page packs to a fifth), else whole."""
        if key:
            shorter = squeeze(content, like=bodies.load(self._db, key), level=NEWEST_LEVEL)
            if len(shorter) <= max(len(content) // 20, bodies.FEW):
                return key, shorter
        return None, squeeze(content)

    def _forget_newest(self, line: Line) -> None:
        self._db.execute("DELETE FROM newest_body WHERE source = ?", (line.source,))


CHECK = (
    'INSERT OR IGNORE INTO "check" (source, at, outcome, cause, status, elapsed, detail) VALUES (?, ?, ?, ?, ?, ?, ?)'
)
ADD_SNAPSHOT = """INSERT INTO snapshot (source, at, status, url, body, head, headers, cause, provenance)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_VERSION = """INSERT INTO version (source, at, snapshot, reading, hash, fingerprint, language, title)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
ADD_CHANGE = """INSERT INTO change (source, at, cause, before, after, counted, missed, late, edits)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
PROMOTED = """SELECT at, status, url, base, frame, head, headers FROM newest_body JOIN same_body USING (source, at)
    WHERE source = ?"""


def differs(outcome: Outcome, line: Line) -> bool:
    """Whether a look that reads the same came with other bytes."""
    return not outcome.look.unchanged and outcome.look.body_hash != line.body_hash


def _code(outcome: Outcome, line: Line) -> int:
    if outcome.kind == "same":
        return NOISE if outcome.edits or differs(outcome, line) else SAME
    return {"first": FIRST, "changed": CHANGED, "failed": FAILED, "gone": LOST}[outcome.kind]


def _inserted(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid
    return cursor.lastrowid


def _lines(db: sqlite3.Connection, outcomes: Iterable[Outcome]) -> dict[str, Line]:
    names = {outcome.source_id for outcome in outcomes}
    lines = standing.load(db, names)
    for name in names - lines.keys():
        number = _inserted(db.execute("INSERT INTO source (name, declared) VALUES (?, 1)", (name,)))
        lines[name] = Line(number)
    return lines


def _predecessor(db: sqlite3.Connection, name: str) -> int:
    row = db.execute("SELECT succeeds FROM source WHERE name = ?", (name,)).fetchone()
    return latest_of(db, row[0]) if row else 0
