"""make demo: a fictional world lives through some months; the real App looks, judges, tells. Only the clock is unreal.

Nothing that is printed here is canned but the narrator's sentences: messages, verdicts, coverage and figures come from
the store of this very run.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot import sources as sources_room
from bot.app import App, build
from bot.demo import asking
from bot.demo.world import STORY, Step, World
from bot.errors import OperatorError
from bot.model import Change, Finding, Flow, Footprint, Outcome, Subscription
from bot.settings import Settings

PAUSE = 0.7  # seconds between scenes, on a terminal
AFTER = timedelta(seconds=1)  # the clock stands still in a scene: what was seen then is not of the next one
READER = "Dana, privacy counsel"  # as made up as the rest
FLOWS = (("CN", "US"), ("EU", "US"), ("TW", "US"), ("US", "CN"))
US = Footprint("acme", ("US",), tuple(Flow(start, end) for start, end in FLOWS), sectors=("cloud",))
"""Whose eyes we read with: a software maker in the United States whose customers' data cross borders."""


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
        stage = Stage(world, stream=stream, home=folder, keep=home is not None)
        stack.callback(stage.app.close)
        stage.open()
        for step in STORY:
            stage.scene(step)
            if stream.isatty() and not fast:
                time.sleep(PAUSE)
        stage.end()
        return 0 if stage.told else 1


class Stage:
    """One performance: the world, the App over it, and the narrator."""

    def __init__(self, world: World, *, stream: TextIO, home: Path, keep: bool) -> None:
        self.world, self.stream, self.home, self.keep = world, stream, home, keep
        self.moment: datetime = world.at(0)
        self.last: datetime | None = None
        self.told, self.reader = 0, 0
        self.kept: list[str] = []  # files
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
        self.app.keep_footprint(US)
        self.reader = self.app.subscribe(Subscription(0, "console", "acme", footprint=US.name))
        flows = ", ".join(f"{start} → {end}" for start, end in FLOWS)
        self.say(f"{count} sources are declared. The reader here is a software maker in the US; its data flow {flows}.")
        self.say("What touches that is told on this screen as ACT, PLAN or KNOW; the rest waits for the digest.")

    def scene(self, step: Step) -> None:
        """One day: turn the page, look, judge, tell; where nothing is told, say what was seen instead."""
        self.world.day(step.day)
        self.moment = self.world.at(step.day)
        self.say(f"\n{self.strong(f'── {self.moment:%a %d %B %Y}: {step.title}')}\n   {step.sentence}")
        self._declare(self.world.sources_toml(step.day))
        outcomes = [outcome for outcome, _ in self.app.check(everything=True)]
        findings = [(case.change, finding) for case, finding, _ in self.app.judge_all()]
        for _ in self.app.remind_all():
            pass
        told = [delivery for delivery in self.app.deliver_all() if delivery.state == "done"]
        self.told += len(told)
        self._aside(outcomes, findings)
        if not told:
            self.say(f"   Nobody is alerted: {self.app.coverage_sentence(since=self.last)}")
        self.last = self.moment + AFTER
        if step.then == "acknowledge":
            self._acknowledge()
        elif step.then == "ask":
            self._ask()

    def _acknowledge(self) -> None:
        """The reader answers for the newest alert; who and when is remembered beside the evidence."""
        for row in self.app.open_items(self.reader)[-1:]:
            change = int(row.subject.split(":")[1])
            self.app.handle(change, "acknowledged", actor=READER, subscription=self.reader)
            left = len(self.app.open_items(self.reader))
            self.say(f"   {READER}, acknowledges change {change}. Alerts that wait for an answer: {left}.")

    def _ask(self) -> None:
        """What a reader asks on a Monday."""
        self._show("the weekly digest, by mail", asking.digest(self.app, self.reader))
        if self.keep:
            self.kept += asking.files(self.app, self.reader, folder=self.home / "digest")
        self._show("regwatch upcoming footprint:acme", asking.upcoming(self.app, footprint=US.name))
        self._show("regwatch state CN", asking.state(self.app, "CN"))
        amended = self._amended()
        self._show(f"change {amended} once more, as Slack shows it", asking.on_slack(self.app, amended))

    def _show(self, title: str, lines: Iterable[str]) -> None:
        self.say(f"\n{self.strong(f'   ─ {title}')}")
        for line in lines:
            self.say(f"   {line}")

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
        lists = {source.id for source in self.app.declared if source.follow}  # their documents speak for them
        for change, finding in findings:
            quiet = change.cause in {"baseline", "extractor"} or change.source_id in lists
            if not quiet and (why := self._untold(change, finding)):
                self.say(f"   on record, {why}: {asking.cut(finding.headline)}")

    def _untold(self, change: Change, finding: Finding) -> str:
        """Why the reader is not alerted, in words; "" when there is an alert."""
        if finding.verdict != "relevant":
            return f"told to nobody ({finding.verdict.replace('_', ' ')})"
        return "" if self.app.told(change.id) else "for the digest (outside the footprint)"

    # ------------------------------------------------------------------------------------------------ the end

    def end(self) -> None:
        """One `why`, the figures, what to try next."""
        amended = self._amended()
        self.say(f"\n{self.strong(f'── regwatch why {amended}')}\n")
        self.say("\n".join(f"   {line}" for line in self.app.why(amended).splitlines()))
        self.say(f"\n{self.strong('── in figures')}\n")
        for name, value in self._figures():
            self.say(f"   {name:<40}{value}")
        self.say(f"\n{self.strong('── what to try next')}\n")
        self.say("\n".join(f"   {line}" for line in self._next()))

    def _amended(self) -> int:
        """The first amendment that was told: one word of one article."""
        found = self.app.changes(limit=200, relevant=True)
        return min(change.id for change, _ in found if change.cause == "source")

    def _joined(self) -> int:
        """The event that several sources speak of."""
        found = (self.app.event_of(change.id) for change, _ in self.app.changes(limit=200, relevant=True))
        return next(event.id for event in found if event and len(event.changes) > 1)

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

    def _next(self) -> list[str]:
        home = self.home if self.keep else "DIR"
        again = ["make demo keeps nothing; to look around: .venv/bin/regwatch demo --fast --keep DIR"]
        first = [f"the digest: {', '.join(self.kept)}"] if self.keep else again
        ask = f".venv/bin/regwatch --home {home} --sources {home}/sources.toml"
        return [
            *first,
            f"{ask} changes --relevant",
            f"{ask} diff 20        also: search 应当, event show {self._joined()}",
            f"{ask} run            pages on http://127.0.0.1:8080/; the publishers are gone, and it says so",
            "make run                                 the service over the real sources, on this terminal",
        ]
