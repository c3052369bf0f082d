"""kill -9 while digests go to many recipients and the mail server fails before and after DATA: what is lost, doubled?

    python -m benchmarks.mail [RECIPIENTS] [KILLS] [SEED]        default: 500 recipients, 12 kills

A child process composes the digests of one period and hands them in; it is killed at a random moment and started
again on the same home, and at last left alone until nothing more is due. The server on loopback refuses, answers
later, and cuts the connection before the final dot and after it, each for some recipients; it notes what it took.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.model import Rhythm, Source, Subscription
from bot.settings import Settings
from tests.smtp_double import Smtp

ROOT = Path(__file__).parents[1]
BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 8, tzinfo=UTC)
HASTE = 6_000  # seconds that pass in a second: pauses between attempts are minutes and hours
SHARE = 25  # one in so many recipients meets each fault
ONCE = ("rcpt 4", "data 4", "cut at data", "cut before dot", "dot 4", "cut after dot", "cut after dot, lost")
EVER = ("rcpt 5", "dot 5")  # these are refused for good
TWICE = "cut after dot"  # at the second try as well: a person has to look


@dataclass(slots=True)
class Toll:
    """What it came to. The last three must be nothing."""

    recipients: int = 0
    kills: int = 0
    taken: int = 0  # mails that the server took
    doubled: int = 0  # recipients with a second copy
    states: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)  # noted as done, but never taken; or still owed
    strange: list[str] = field(default_factory=list)  # more than one Message-ID, or more than two copies
    unexplained: list[str] = field(default_factory=list)  # a second copy without a cut after the dot, or not marked

    @property
    def harm(self) -> list[str]:
        return [*self.lost, *self.strange, *self.unexplained]


class Trial:
    """One home, one server, many recipients."""

    def __init__(self, home: Path, *, recipients: int, seed: int = 1) -> None:
        self.home, self.random = home, random.Random(seed)
        self.addresses = [f"reader{number}@example.org" for number in range(recipients)]
        self.faults = {address: fault for address, fault in zip(self._shuffled(), self._drawn(), strict=False)}
        self.server = Smtp(self._fault)

    def _shuffled(self) -> list[str]:
        return self.random.sample(self.addresses, len(self.addresses))

    def _drawn(self) -> list[str]:
        each = max(1, len(self.addresses) // SHARE)
        return [fault for fault in (*ONCE, *EVER, "twice") for _ in range(each)]

    def _fault(self, to: str, attempt: int) -> str:
        chosen = self.faults.get(to, "")
        if chosen == "twice":
            return TWICE
        return chosen if attempt == 1 or chosen in EVER else ""

    def run(self, *, kills: int) -> Toll:
        """Subscribe, kill so many times, then let it come to its end."""
        toll = Toll(len(self.addresses), kills)
        begun = time.monotonic()
        with self.server:
            with world(self.home, self.server.port, BEGIN) as app:
                for address in self.addresses:
                    rhythm = Rhythm("mon", 8, "Europe/Berlin")
                    app.subscribe(Subscription(0, "email", address, mode="digest", rhythm=rhythm))
            self._kill(kills)
            with self._child(kills) as child:
                code = child.wait(timeout=600)
            assert code == 0, f"the last child ended with {code}"
        toll.seconds = time.monotonic() - begun
        self._judge(toll)
        return toll

    def _kill(self, kills: int) -> None:
        """Each child dies when the server has taken some more mails, in whatever it is doing then."""
        share = max(1, len(self.addresses) // (kills + 1))
        for number in range(kills):
            enough = len(self.server.taken) + self.random.randint(1, share)
            with self._child(number) as child:
                while len(self.server.taken) < enough and child.poll() is None:
                    time.sleep(self.random.uniform(0.001, 0.02))
                child.kill()

    def _child(self, number: int) -> subprocess.Popen[bytes]:
        moment = MONDAY + timedelta(minutes=1 + number)
        words = ["--child", str(self.home), str(self.server.port), moment.isoformat()]
        return subprocess.Popen([sys.executable, "-m", "benchmarks.mail", *words], cwd=ROOT)

    def _judge(self, toll: Toll) -> None:
        with world(self.home, self.server.port, MONDAY) as app:
            readers = {one.id: one.address for one in app.subscriptions()}
            rows = {readers[row.subscription]: row for row in app.store.deliveries() if row.subscription}
        taken = {address: self.server.mails(address) for address in self.addresses}
        toll.taken, by_kill = len(self.server.taken), 0
        toll.states = dict(Counter(row.state for row in rows.values()))
        for address in self.addresses:
            row, mails = rows.get(address), taken[address]
            if row is None or row.state in ("queued", "sending") or row.state == "done" and not mails:
                toll.lost.append(f"{address}: {row.state if row else 'not promised'}, {len(mails)} taken")
            if len({mail["Message-ID"] for mail in mails}) > 1 or len(mails) > 2:
                toll.strange.append(f"{address}: {[mail['Message-ID'] for mail in mails]}")
            if len(mails) == 2:
                toll.doubled += 1
                by_kill += address not in self.server.cut_after_dot
                marked = "ossibly repeated" in mails[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
                if not marked:
                    toll.unexplained.append(f"{address}: the second copy is not marked")
            if self.faults.get(address) == "twice" and row and row.state != "uncertain":
                toll.unexplained.append(f"{address}: {row.state}, though in doubt twice")
        if by_kill > toll.kills:  # a kill between the final dot and our note of it is a cut after the dot, too
            toll.unexplained.append(f"{by_kill} second copies by {toll.kills} kills")



def world(home: Path, port: int, now: datetime, *, haste: float = 0.0) -> App:
    """The real App over a home, with the mail server on loopback; its clock runs `haste` times as fast."""
    begun = time.monotonic()
    settings = Settings(home=home, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="RegWatch <bot@example.org>")
    sources = [Source("law", "http://127.0.0.1:1/law", title="Measures", jurisdiction="CN")]

    def clock() -> datetime:
        return now + timedelta(seconds=(time.monotonic() - begun) * haste)

    return build(settings, stream=io.StringIO(), sources=sources, clock=clock)


def child(home: Path, port: int, now: datetime) -> int:
    """Compose and hand in until nothing more is due by itself."""
    with world(home, port, now, haste=HASTE) as app:
        while True:
            for drain in (app.digest_all(), app.deliver_all()):
                for _ in drain:
                    pass
            waiting = app.outbox(states=("queued", "sending", "uncertain"))
            if not [row for row in waiting if row.state != "uncertain" or row.due is not None]:
                return 0
            time.sleep(0.05)


def main(words: list[str]) -> int:
    if words[:1] == ["--child"]:
        return child(Path(words[1]), int(words[2]), datetime.fromisoformat(words[3]))
    recipients, kills, seed = (int(word) for word in [*words, *["500", "12", "1"][len(words) :]])
    with tempfile.TemporaryDirectory(prefix="regwatch-mail-") as home:
        toll = Trial(Path(home), recipients=recipients, seed=seed).run(kills=kills)
    print(f"{toll.recipients} recipients, {toll.kills} kills, {toll.seconds:.0f} s: {toll.taken} mails taken")
    print(f"rows: {toll.states}; second copies: {toll.doubled}")
    for name in ("lost", "strange", "unexplained"):
        print(f"{name}: {len(getattr(toll, name))} {getattr(toll, name)[:5]}")
    return 1 if toll.harm else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
