"""The image's recipe without Docker: its lines run in a fresh venv, as another user, from a read-only tree.

No image was built here (no daemon): what base image, layers and volumes do is not tested. The network is not used: what
the project depends on is lent by the environment that runs this test.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.site import Site

HERE = Path(__file__).parent.parent
BUILT_FROM = ("bot", "storage", "pyproject.toml", "README.md", "sources.toml")
pytestmark = pytest.mark.slow


def instructions() -> list[tuple[str, str]]:
    """(INSTRUCTION, arguments) with continuation lines joined and comments left out."""
    lines = [line for line in (HERE / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    logical = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in logical if line.strip())]


def arguments(instruction: str) -> list[str]:
    return [rest for word, rest in instructions() if word == instruction]


def exec_form(text: str) -> list[str]:
    """The argument vector of `[...]`, after any options before it."""
    return list(json.loads(text[text.index("[") :]))


@dataclass(frozen=True)
class Box:
    """A directory that stands for the container's root, and the user that lives in it."""

    root: Path
    user: int | None  # None: as we are
    python: str

    def place(self, text: str) -> str:
        """The text with the container's absolute paths put into the box."""
        for path in ("/src", "/data", "/tmp/build", "/etc/regwatch"):
            text = text.replace(path, f"{self.root}{path}")
        return text

    def run(self, *command: str, root: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        who = {} if root or self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        env = {
            "PATH": f"{self.root}/bin:{self.root}/venv/bin:/usr/local/bin:/usr/bin:/bin",
            **self.env(),
            **environment,
        }
        return subprocess.run(command, env=env, cwd=self.root / "data", capture_output=True, text=True, **who)  # type: ignore[call-overload, no-any-return]

    def env(self) -> Mapping[str, str]:
        pairs = (pair.partition("=") for line in arguments("ENV") for pair in line.split())
        return {name: self.place(value) if name != "HOME" else f"{self.root}/tmp" for name, _, value in pairs}


def pythons() -> list[str]:
    """Interpreters of this very version: ours, and the system's (ours may lie in a home that others cannot enter)."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [os.path.realpath(sys.executable), *(f"{top}/{version}" for top in ("/usr/local/bin", "/usr/bin"))]
    return [path for path in dict.fromkeys(found) if Path(path).exists()]


def usable(python: str, user: int | None) -> bool:
    who = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    try:
        found = subprocess.run([python, "-c", "import venv, zlib, ssl"], capture_output=True, cwd="/", **who)  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(found.returncode == 0)


def lent() -> list[str]:
    """The directories that hold what the project depends on, pip and setuptools among it."""
    specs = {name: find_spec(name) for name in ("httpx", "pip", "setuptools")}
    missing = [name for name, spec in specs.items() if spec is None]
    if missing:
        pytest.skip(f"building without a network needs {' and '.join(missing)} in the environment of the tests")
    return list(dict.fromkeys(str(Path(str(spec.origin)).parent.parent) for spec in specs.values() if spec))


@pytest.fixture(scope="module")
def box(request: pytest.FixtureRequest) -> Box:
    """The box after every COPY and RUN line."""
    user = int(arguments("USER")[0].partition(":")[0]) if os.getuid() == 0 else None
    python = next((python for python in pythons() if usable(python, user)), "")
    if not python:
        pytest.skip(f"no Python that user {user} may run")
    # Not in pytest's own folder: the user could not enter it, and any other run of pytest closes it again.
    root = Path(tempfile.mkdtemp(prefix="regwatch-box-"))
    request.addfinalizer(lambda: shutil.rmtree(root, ignore_errors=True))
    root.chmod(0o755)
    box = Box(root, user, python)
    furnish(box, lent())
    for line in arguments("RUN"):
        if "pip install" in line or user is None:
            done = box.run("sh", "-c", box.place(line), PIP_NO_INDEX="1", PIP_NO_BUILD_ISOLATION="0")
        else:
            done = box.run("sh", "-c", box.place(line), root=True)
        assert done.returncode == 0, done.stderr
    return box


def furnish(box: Box, directories: list[str]) -> None:
    """COPY lines, an empty venv that may borrow from `directories`, and a `pip` that installs into it."""
    for name in ("data", "tmp", "bin", "src", "etc/regwatch", "venv"):
        (box.root / name).mkdir(parents=True)
    for name in filter(lambda name: (HERE / name).exists(), BUILT_FROM):
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, box.root / "src" / name)
    shutil.copy(HERE / "sources.toml", box.root / "etc/regwatch")
    for path in [box.root / "src", *(box.root / "src").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if box.user is not None:
        for name in ("tmp", "venv"):
            os.chown(box.root / name, box.user, box.user)
        (box.root / "data").rmdir()  # RUN makes it
        (box.root / "data").mkdir(mode=0o755)
    made = box.run(box.python, "-m", "venv", "--without-pip", str(box.root / "venv"))
    assert made.returncode == 0, made.stderr
    packages = next((box.root / "venv/lib").glob("python*/site-packages"))
    (packages / "lent.pth").write_text("\n".join(directories))
    pip = box.root / "bin/pip"
    pip.write_text(f'#!/bin/sh\nexec "{box.root}/venv/bin/python" -m pip "$@"\n')
    pip.chmod(0o755)


def test_the_recipe_ends_as_a_user_who_is_not_root_with_its_data_in_a_volume() -> None:
    assert [int(part) > 0 for part in arguments("USER")[-1].split(":")] == [True, True]
    assert arguments("VOLUME") == ["/data"]
    assert "REGWATCH_HOME=/data" in arguments("ENV")[0].split()
    assert exec_form(arguments("CMD")[-1]) == ["run"]


def test_nothing_enters_the_image_but_what_it_is_built_from() -> None:
    lines = [line for line in (HERE / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert tuple(line.removeprefix("!") for line in lines if line.startswith("!")) == BUILT_FROM


def test_the_read_only_sources_install_and_stay_as_they_were(box: Box) -> None:
    installed = next((box.root / "venv/lib").glob("python*/site-packages"))
    assert (installed / "bot" / "__init__.py").exists() and (installed / "storage" / "__init__.py").exists()
    assert not list((box.root / "src").glob("*.egg-info")) and not (box.root / "src/build").exists()
    assert not (box.root / "tmp/build").exists()


def test_every_text_that_the_code_reads_is_installed_with_it(box: Box) -> None:
    installed = next((box.root / "venv/lib").glob("python*/site-packages"))
    texts = [path.relative_to(HERE) for path in (HERE / "bot").rglob("*.*") if path.suffix not in (".py", ".pyc")]
    assert [path for path in texts if not (installed / path).exists()] == []


def test_the_volume_belongs_to_the_user(box: Box) -> None:
    if box.user is None:
        pytest.skip("only root can give a directory away")
    found = (box.root / "data").stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (box.user, 0o755)


def test_the_entry_point_answers_as_that_user(box: Box) -> None:
    entry = exec_form(arguments("ENTRYPOINT")[-1])
    version = box.run(*entry, "--version")
    assert (version.returncode, version.stderr) == (0, "") and "regwatch" in version.stdout
    told = box.run(*entry, "--help")
    assert told.returncode == 0 and exec_form(arguments("CMD")[-1])[0] in told.stdout


def test_the_installed_declarations_are_valid(box: Box) -> None:
    checked = box.run(*exec_form(arguments("ENTRYPOINT")[-1]), "sources", "validate")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_health_check_says_what_the_page_says(box: Box, status: int, well: bool) -> None:
    with Site() as site:
        site.publish("/healthz", "{}", status=status, type="application/json")
        command = [part.replace("127.0.0.1:8080", f"127.0.0.1:{site.port}") for part in health_check()]
        asked = box.run(*command, http_proxy="http://127.0.0.1:9", HTTP_PROXY="http://127.0.0.1:9")
        assert (asked.returncode == 0) is well, asked.stderr
        assert len(site.asked("/healthz")) == 1


def test_the_health_check_fails_where_nothing_runs(box: Box) -> None:
    with Site() as site:
        port = site.port
    assert box.run(*(part.replace(":8080", f":{port}") for part in health_check())).returncode != 0


def test_compose_runs_the_same_health_check_on_a_read_only_root() -> None:
    compose = (HERE / "compose.yaml").read_text()
    assert json.dumps(["CMD", *health_check()]) in compose
    for line in ("read_only: true", "- /tmp", "- data:/data"):
        assert line in compose


def health_check() -> list[str]:
    return exec_form(arguments("HEALTHCHECK")[-1].partition("CMD")[2])
