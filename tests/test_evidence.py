"""Promise 11: any finding can be exported, and a stranger verifies it offline; one flipped bit anywhere is found."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import warnings
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from bot.cli import main
from bot.errors import OperatorError, StoreError
from bot.evidence import Wrong, verify
from bot.evidence.verifier import SEAL
from tests.scenes import Scene, rule
from tests.site import Site


@pytest.fixture
def exported(tmp_path: Path, site: Site) -> Path:
    """A change from *may* to *shall*, judged, told and reviewed, as a ZIP."""
    scene = Scene(tmp_path / "home", site)
    scene.subscribe()
    site.publish("/law", rule("may"))
    scene.look()
    site.publish("/law", rule("shall"))
    scene.look()
    change = scene.changes("source")[0][0]
    scene.app.review(change.id, "relevant", actor="Ada Lovelace", remark="we file these ourselves")
    path = tmp_path / "finding.zip"
    scene.app.export(change.id, path)
    with pytest.raises(OperatorError, match="exists"):
        scene.app.export(change.id, path)
    scene.app.close()
    return path


def test_a_stranger_verifies_it_with_the_program_inside_and_nothing_else(exported: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported) as container:
        container.extract("verify.py", tmp_path)
    told = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(exported)],
        capture_output=True, text=True, timeout=30, cwd=tmp_path, env={},
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("ok: change ")


def test_it_holds_the_bytes_the_redline_the_opinion_and_nobody(exported: Path) -> None:
    with zipfile.ZipFile(exported) as container:
        names = container.namelist()
        everything = b"".join(container.read(name) for name in names)
        bodies = [container.read(name) for name in names if name.endswith(".body")]
        with container.open("captures.warc") as stream:
            captured = [record.content_stream().read() for record in ArchiveIterator(stream)]
        page = container.read("redline.html").decode()
    assert {rule("may").encode(), rule("shall").encode()} == set(bodies) == set(captured)
    assert "<del>may</del>" in page and "<ins>shall</ins>" in page
    assert b"Ada" not in everything and b"we file these" not in everything


def test_the_cover_says_when_each_version_was_read_as_the_ledger_sealed_it(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path / "home", site)
    times = []
    for word in ("may", "shall"):
        site.publish("/law", rule(word))
        scene.look()
        times.append(scene.now)
        scene.pass_time(days=1)
    change = scene.changes("source")[0][0]
    scene.app.export(change.id, tmp_path / "finding.zip")
    scene.app.close()
    with zipfile.ZipFile(tmp_path / "finding.zip") as container:
        said = container.read("README.txt").decode()
    for number, at in enumerate(times, 1):
        assert f"Read        {at:%Y-%m-%d %H:%M:%S} UTC (version {number}; sealed)" in said


def test_what_was_altered_in_the_store_is_said_by_the_export_and_by_whoever_verifies_it(
    scene: Scene, tmp_path: Path
) -> None:
    for word in ("may", "shall"):
        scene.site.publish("/law", rule(word))
        scene.look()
    with sqlite3.connect(scene.home / "regwatch.db") as db:
        db.execute("UPDATE change SET at = at + 86400000 WHERE id = 2")
    db.close()
    path = tmp_path / "finding.zip"
    with pytest.raises(StoreError, match="change 2 is not what the ledger sealed at entry"):
        scene.app.export(2, path)
    with pytest.raises(Wrong, match="change 2 is not what the ledger sealed at entry"):
        verify(str(path))


def test_one_flipped_bit_anywhere_is_found(exported: Path, tmp_path: Path) -> None:
    whole = exported.read_bytes()
    chosen = random.Random(20261122)
    places = {0, len(whole) - 1, *(chosen.randrange(len(whole)) for _ in range(300))}
    copy = tmp_path / "copy.zip"
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << chosen.randrange(8)
        copy.write_bytes(broken)
        with pytest.raises((Wrong, ValueError, KeyError)):
            verify(str(copy))


DEEP = b"[" * 200_000


def rebuilt(exported: Path, to: Path, *, packed: bool = False, **files: bytes) -> None:
    """Somebody who knows how packs it anew with these files beside or instead, and seals it."""
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(to, "w", 8 if packed else 0) as new:
        for one in old.infolist():
            new.writestr(one.filename, files.get(one.filename, old.read(one)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there twice
            for name in files.keys() - {"manifest.json", "manifest.sha256"}:
                new.writestr(name, files[name])
        new.comment = SEAL + b"0" * 64
    whole = to.read_bytes()
    to.write_bytes(whole[:-64] + sha256(whole[: -64 - len(SEAL)]).hexdigest().encode())


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"snapshot-1.body": b"another text"}, "snapshot-1.body is there twice"),
        ({"more.txt": b"more"}, "more.txt is not in the manifest"),
        ({"packed": True}, "is packed"),
        ({"manifest.json": DEEP, "manifest.sha256": sha256(DEEP).hexdigest().encode()}, "RecursionError"),
    ],
    ids=["twice", "more", "packed", "nested"],
)
def test_a_container_that_was_made_anew_shows_nothing_that_was_not_verified(
    exported: Path, tmp_path: Path, made: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rebuilt(exported, tmp_path / "copy.zip", **made)
    assert main(["verify", str(tmp_path / "copy.zip")]) == 1
    told = capsys.readouterr().out
    assert told.startswith("NOT INTACT: ") and said in told


def test_a_file_with_another_name_where_its_bytes_lie_is_named(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = exported.read_bytes().replace(b"snapshot-1.body", b"snapshot-1.bode", 1)  # not in the directory at the end
    sealed = whole[: -64 - len(SEAL)]
    (tmp_path / "copy.zip").write_bytes(whole[:-64] + sha256(sealed).hexdigest().encode())
    assert main(["verify", str(tmp_path / "copy.zip")]) == 1
    assert "snapshot-1.body has another name at byte 0" in capsys.readouterr().out


def test_what_was_altered_is_named(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.zip"
    copy.write_bytes(exported.read_bytes().replace(b"An operator may file", b"An operator can file", 1))
    assert main(["verify", str(copy)]) == 1
    assert ".body is not what was exported: within bytes 0 to" in capsys.readouterr().out


def test_a_known_hash_must_be_in_the_chain(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(exported)]) == 0
    known = capsys.readouterr().out.split()[-1]
    assert main(["verify", str(exported), known]) == 0
    assert main(["verify", str(exported), "0" * 64]) == 1


def test_the_commands_say_what_to_do(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[law]\ntitle = "Law"\nurl = "https://law.example/"\njurisdiction = "CN"\n')
    home = ["--home", str(tmp_path / "home"), "--sources", str(sources)]
    assert main([*home, "verify"]) == 0
    assert "ok: the ledger holds" in capsys.readouterr().out
    assert main([*home, "export", "999", str(tmp_path / "x.zip")]) == 2
    assert "there is no change 999" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "nowhere.zip")]) == 2
