"""make demo: a fictional world lives through some months; the real App looks, judges, tells. Only the clock is unreal.

Nothing that is printed here is canned but the narrator's sentences: messages, verdicts, coverage and figures come from
the store of this very run.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot import sources as sources_room
from bot.app import App, build
from bot.demo.world import Step, World, story
from bot.errors import OperatorError
from bot.model import Change, Finding, Outcome
from bot.settings import Settings

PAUSE = 0.7  # seconds between scenes, on a terminal
AFTER = timedelta(seconds=1)  # the clock stands still in a scene: what was seen then is not of the next one


def _empty(home: Path) -> Path:
    """A folder that the demo may fill; raises OperatorError for one that holds something."""
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise OperatorError(f"{home} holds something already; the demo keeps its data in a new or empty folder only")
    return home


def play(*, stream: TextIO, fast: bool = False, home: Path | None = None) -> int:
    """Play the whole story on `stream`; the data stay in `home` when one is given. 0, or 1 when nothing was told."""
    with ExitStack() as stack:
        world = stack.enter_context(World())
        made = "" if home else stack.enter_context(tempfile.TemporaryDirectory(prefix="regwatch-demo-"))
        folder = _empty(home) if home else Path(made)
        stage = Stage(world, stream=stream, home=folder)
        stack.callback(stage.app.close)
        stage.open()
        for step in story():
            stage.scene(step)
            if stream.isatty() and not fast:
                time.sleep(PAUSE)
        stage.end(kept=home is not None)
        return 0 if stage.told else 1


class Stage:
    """One performance: the world, the App over it, and the narrator."""

    def __init__(self, world: World, *, stream: TextIO, home: Path) -> None:
        self.world, self.stream, self.home = world, stream, home
        self.moment: datetime = world.at(0)
        self.last: datetime | None = None
        self.told = 0
        home.mkdir(parents=True, exist_ok=True)
        self.declarations = home / "sources.toml"
        self.declarations.write_text(world.sources_toml(), encoding="utf-8")
        self.app: App = build(
            Settings(home=home, sources=self.declarations, allow_nets=("127.0.0.0/8",)),
            stream=stream,
            sources=sources_room.load(world.sources_toml()),
            clock=lambda: self.moment,
            names={host: (address,) for host, address in world.names().items()},
        )

    def say(self, text: str = "") -> None:
        print(text, file=self.stream, flush=True)

    def strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.stream.isatty() else text

    def open(self) -> None:
        count = len(self.app.declared)
        self.say(self.strong("RegWatch demo: a FICTIONAL world of publishers, over real HTTP on this machine"))
        self.say(f"{count} sources are declared. One reader is subscribed to whatever is relevant, on this screen.")
        self.app.speak_here()

    def scene(self, step: Step) -> None:
        """One day: turn the page, look, judge, tell; where nothing is told, say what was seen instead."""
        self.world.day(step.day)
        self.moment = self.world.at(step.day)
        self.say(f"\n{self.strong(f'── {self.moment:%a %d %B %Y}: {step.title}')}\n   {step.sentence}")
        self._declare(self.world.sources_toml(step.day))
        self.say()
        outcomes = [outcome for outcome, _ in self.app.check(everything=True)]
        findings = [(case.change, finding) for case, finding, _ in self.app.judge_all()]
        told = sum(delivery.state == "done" for delivery in self.app.deliver_all())
        self.told += told
        self._aside(outcomes, findings)
        if not told:
            self.say(f"   nobody is alerted: {self.app.coverage_sentence(since=self.last)}")
        self.last = self.moment + AFTER

    def _declare(self, toml: str) -> None:
        """The operator's own edit of sources.toml; each source that is new to it is said in a line."""
        if toml == self.declarations.read_text(encoding="utf-8"):
            return
        self.declarations.write_text(toml, encoding="utf-8")
        known = {source.id for source in self.app.declared}
        self.app.declare(sources_room.load(toml))
        for source in self.app.declared:
            if source.id not in known:
                after = f", which succeeds {source.succeeds}" if source.succeeds else ""
                self.say(f"   The operator declares {source.id}{after}.")

    def _aside(self, outcomes: list[Outcome], findings: list[tuple[Change, Finding]]) -> None:
        """What a reader is not told, in a line each."""
        for outcome in outcomes:
            if outcome.kind == "failed":
                self.say(f"   not read: {outcome.source_id}: {outcome.look.cause}. {outcome.look.detail}")
        quiet = [f for c, f in findings if f.verdict != "relevant" and c.cause not in {"baseline", "extractor"}]
        for finding in quiet:
            self.say(f"   on record, told to nobody ({finding.verdict.replace('_', ' ')}): {finding.headline}")

    # ------------------------------------------------------------------------------------------------ the end

    def end(self, *, kept: bool) -> None:
        """One `why`, the figures, what to try next."""
        told = [c for c, f in self.app.changes(limit=200) if f and f.verdict == "relevant" and c.cause == "source"]
        if told:
            self.say(f"\n{self.strong(f'── regwatch why {told[-1].id}')}\n")
            self.say("\n".join(f"   {line}" for line in self.app.why(told[-1].id).splitlines()))
        self.say(f"\n{self.strong('── in figures')}\n")
        for name, value in self._figures():
            self.say(f"   {name:<40}{value}")
        self.say(f"\n{self.strong('── what to try next')}\n")
        self.say("\n".join(f"   {line}" for line in self._next(kept=kept)))

    def _figures(self) -> list[tuple[str, object]]:
        totals, seen = self.app.totals(), self.app.coverage()
        return [
            ("looks", totals.looks),
            ("versions", totals.versions),
            ("changes", totals.changes),
            ("  of these already there on day one", self._baselines()),
            ("findings", totals.findings),
            ("messages told", self.told),
            ("looks at noise only, ignored", totals.noise),
            ("looks that could not read the page", totals.failures),
            ("jurisdictions not clear", ", ".join(seen.blind) or "none"),
        ]

    def _baselines(self) -> int:
        return sum(change.cause == "baseline" for change, _ in self.app.changes(limit=200))

    def _next(self, *, kept: bool) -> list[str]:
        home = self.home if kept else "DIR"
        first = [] if kept else ["make demo keeps nothing; to look around: .venv/bin/regwatch demo --fast --keep DIR"]
        ask = f".venv/bin/regwatch --home {home} --sources {home}/sources.toml"
        return [
            *first,
            f"{ask} changes --relevant",
            f"{ask} search 应当",
            f"{ask} diff 20",
            ".venv/bin/regwatch sources list          the real sources, from sources.toml",
            "make run                                 the service over them, on this terminal",
        ]
