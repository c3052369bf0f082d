"""Keeping promises: the outbox, one row at a time.

A row goes queued -> sending -> done, uncertain or dead; what is sent is frozen before the first attempt. What may have
gone out is looked for before it is sent again (docs/decisions/0020).
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from queue import SimpleQueue

import msgspec

from bot.errors import DeliveryError, StoreError
from bot.model import Delivery, Message, Run, Subscription
from bot.ports import Channel, Clock, Store

log = logging.getLogger(__name__)

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
PROBES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))  # of an address or channel in trouble
SURE = timedelta(minutes=1)  # decision 0020: not found in two looks, the second this long after the attempt
LOOKED_BACK = timedelta(minutes=5)  # our clock and the channel's differ
BLIND = timedelta(minutes=30)  # until a channel that could not be read is looked at again
HELD = timedelta(minutes=10)  # how long a doubt that cannot be settled holds up what follows it
NEAR = timedelta(minutes=2)  # … which waits while the next look is this near
RESENT = timedelta(minutes=5)  # when a channel whose readers fold doubles is sent one again
PATIENCE = 4  # failures in a row after which the owner hears of an address
PASSES = 300  # pauses in one drain, after which the next one goes on: health asks whether drains come to an end
FAR = timedelta(days=8)  # no channel rests for so long: the clock was set back meanwhile
BURST = 8  # more posts at once than this become one post and its thread
COMPOSED = 2  # after so many failures of our own to compose a message it is set aside
SHARED = "told in the same place"  # how the detail begins of what another subscription's message there has told

Compose = Callable[[Delivery, Subscription], Message]
Withdrawn = Callable[[Delivery, Subscription], str]
"""Why a promise that was not tried yet is not to be kept any more; "" when it stands."""
Place = tuple[str, str]
"""A channel and an address in it: where order is kept."""


def deliver_all(
    *,
    store: Store,
    channels: Mapping[str, Channel],
    compose: Compose,
    clock: Clock,
    withdrawn: Withdrawn = lambda row, reader: "",
    owner: Subscription | None = None,
    rests: dict[str, datetime] | None = None,
    wait: Callable[[float], None] | None = None,
    only: str = "",
) -> Iterator[Delivery]:
    """Keep the promises that are due, in each channel one row at a time; a channel that fails or hangs holds up nobody
    else (promise 7): where several have something to do, each has a thread of its own.

    `withdrawn` is asked before the first attempt: what was paused, muted or judged otherwise meanwhile is not sent.
    `owner` gets the notices (subscription 0; without one: the console). `rests` keeps, from one drain to the next,
    until when a channel in trouble is left alone. `wait` passes the seconds that a channel wants between two messages;
    without it what is left goes out at the next drain. `only` one channel, for whoever gives each its own clock; no
    two drains of one channel may run at a time.
    """
    rests = {} if rests is None else rests
    reader = owner or Subscription(0, "console", "here")
    drains = [
        _Drain(store, channels, compose, clock, withdrawn, reader, rests, lane=name)
        for name in ([only] if only else channels)
    ]
    busy = [drain for drain in drains if drain.open_rows()]
    yield from _side_by_side([drain.passes(wait) for drain in busy])


def _side_by_side(lanes: Sequence[Iterator[Delivery]]) -> Iterator[Delivery]:
    """What comes out of each, as it comes: the first in the caller's own thread, the others in theirs.

    Whoever stops listening ends each after its row. The threads hold up no exit: a row that is cut off is looked for
    at the next start, as after a crash.
    """
    if not lanes:
        return
    done: SimpleQueue[Delivery | BaseException | None] = SimpleQueue()
    enough = threading.Event()
    for lane in lanes[1:]:
        threading.Thread(target=_run, args=(lane, done, enough), daemon=True).start()
    left = len(lanes) - 1
    try:
        yield from lanes[0]
        while left:
            said = done.get()
            if isinstance(said, BaseException):
                raise said
            left -= said is None
            if said is not None:
                yield said
    finally:
        enough.set()


def _run(lane: Iterator[Delivery], done: SimpleQueue[Delivery | BaseException | None], enough: threading.Event) -> None:
    try:
        for row in lane:
            done.put(row)
            if enough.is_set():
                break
        done.put(None)
    except BaseException as error:  # raised where the caller listens
        done.put(error)


def marker(delivery: Delivery) -> str:
    """What identifies a delivery in its channel; opaque, without names."""
    kind = "" if delivery.kind == "post" else f":{delivery.kind}"
    return f"{delivery.subject}:{delivery.subscription}:{delivery.revision}{kind}"


@dataclass(slots=True)
class _Drain:
    """One drain of what the outbox holds for one channel (`lane`)."""

    store: Store
    channels: Mapping[str, Channel]
    compose: Compose
    clock: Clock
    withdrawn: Withdrawn
    owner: Subscription
    rests: dict[str, datetime]
    lane: str
    pauses: list[float] = field(default_factory=list)  # seconds for which places that have more to say must wait
    alarms: dict[str, datetime] = field(default_factory=dict)
    readers: dict[int, Subscription] = field(default_factory=dict)

    def passes(self, wait: Callable[[float], None] | None) -> Iterator[Delivery]:
        """Go through the outbox until no place has to wait for its next message."""
        for _ in range(PASSES):
            yield from self.once()
            if not self.pauses or wait is None:
                return
            wait(min(self.pauses))

    def once(self) -> Iterator[Delivery]:
        """Go through the outbox: at each place in order, until something there fails or must wait."""
        self.alarms = dict(self.store.alarms())
        self.pauses = []
        stuck: set[Place] = set()
        for row in self._rows():
            reader = self._reader(row)
            if reader is None:
                self._settle(row, "dead", detail="the subscription is no more")
                continue
            place = (reader.channel, reader.address)
            channel = self.channels.get(reader.channel)
            if channel is None or place in stuck or self._rests(reader.channel):
                continue
            if not self._is_due(row, channel):
                if self._holds(row):  # order is kept: what failed first goes out first
                    stuck.add(place)
                continue
            if pause := _pause(channel, reader.address):
                self.pauses.append(pause)
                stuck.add(place)
                continue
            sent = self._keep(row, reader, channel)
            if self._holds(sent):
                stuck.add(place)
            yield sent

    # -------------------------------------------------------------------------------------- which, to whom, when

    def open_rows(self) -> list[Delivery]:
        """What is not over and goes to this channel, in order of promise."""
        rows = self.store.outbox(states=("queued", "sending", "uncertain"))
        if rows:
            self.readers = {subscription.id: subscription for subscription in self.store.subscriptions()}
        return [row for row in rows if self._lane(row) == self.lane]

    def _lane(self, row: Delivery) -> str:
        """The channel in whose drain a row is kept or given up; a notice in its owner's, also when it goes to the
        console instead: it must not be on its way twice."""
        reader = self.readers.get(row.subscription) if row.subscription else self.owner
        return reader.channel if reader and reader.channel in self.channels else next(iter(self.channels))

    def _rows(self) -> list[Delivery]:
        """What is open; the post that opens a burst's thread goes before the burst."""
        rows = self.open_rows()
        if self._gather(rows):
            rows = self.open_rows()
        return sorted(rows, key=lambda row: (_first_of_burst(row) or row.id, not _first_of_burst(row)))

    def _reader(self, row: Delivery) -> Subscription | None:
        """Who gets it; a notice that the owner's own place did not take goes to the console."""
        if row.subscription:
            return self.readers.get(row.subscription)
        place = (self.owner.channel, self.owner.address)
        absent = self.owner.channel not in self.channels or self._rests(self.owner.channel)
        refused = row.attempts and {_trouble("address", place), _trouble("channel", place)} & set(self.alarms)
        return Subscription(0, "console", "here") if absent or refused else self.owner

    def _rests(self, channel: str) -> bool:
        return channel in self.rests and timedelta() < self.rests[channel] - self.clock() < FAR

    def _is_due(self, row: Delivery, channel: Channel) -> bool:
        """Whether something is to be done about a row now; what is uncertain in a blind channel is for a person,
        but for the one copy that a folding channel is sent; so is what could not be composed."""
        if row.state == "uncertain" and row.due is None and (channel.blind or not row.payload):
            return False
        ahead = row.attempted and row.attempted > self.clock()  # tried before the clock was set back
        return row.due is None or row.due <= self.clock() or bool(ahead)

    def _holds(self, row: Delivery) -> bool:
        """Whether what follows at the same place waits for this row: for a retry yes, for a doubt while it is looked
        into; not for what we cannot compose."""
        if row.state == "uncertain":
            return row.due is not None and row.due - self.clock() <= NEAR
        return row.state == "sending" or row.state == "queued" and not _is_uncomposed(row)

    # -------------------------------------------------------------------------------------------- bursts

    def _gather(self, rows: Iterable[Delivery]) -> bool:
        """Many posts at once become one post with the others in its thread; whether anything was gathered.

        A post carries the name of its burst in `detail` until its first attempt, so that a crash changes nothing.
        """
        crowds: dict[Place, list[Delivery]] = defaultdict(list)
        for row in rows:
            reader = self.readers.get(row.subscription)
            channel = self.channels.get(reader.channel) if reader else None
            if not reader or not channel or self._rests(reader.channel):
                continue
            if _is_crowding(row, channel) and self._is_due(row, channel) and not self._why_not(row, reader):
                crowds[reader.channel, reader.address].append(row)
        crowded = [crowd for crowd in crowds.values() if len({row.subject for row in crowd}) > BURST]
        for first, *rest in crowded:
            subject = f"burst:{first.id}"
            for row in (first, *rest):
                self.store.settle(row, "queued", now=self.clock(), due=row.due, detail=subject)
            self.store.promise([Delivery(first.subscription, "post", subject, due=self.clock())])
        return bool(crowded)

    def _in_burst(self, row: Delivery, message: Message) -> Message:
        """A post of a burst is a reply to the post that opens its thread, once that is out."""
        if not row.detail.startswith("burst:") or row.kind != "post":
            return message
        opened = self.store.deliveries(subject=row.detail)
        name = next((one.detail for one in opened if one.state == "done"), "")
        return replace(message, kind="reply", thread=name) if name else message

    # ------------------------------------------------------------------------------------------- what stands

    def _why_not(self, row: Delivery, reader: Subscription) -> str:
        """Why a promise is not to be kept any more; "" when it stands. What was tried, stands."""
        if row.payload or row.attempts or not row.subscription:
            return ""
        try:
            return self.withdrawn(row, reader)
        except StoreError:
            raise
        except Exception:  # who cannot be asked withdraws nothing; composing will say what is wrong
            log.exception("delivery %d: our own error while asking whether it stands", row.id)
            return ""

    def _is_over(self, row: Delivery, reader: Subscription) -> Delivery | None:
        """The row as it was settled without being sent: it no longer stands, or was told in the same place."""
        if reason := self._why_not(row, reader):
            return self._settle(row, "dead", detail=f"not sent: {reason}")
        if row.payload or row.kind not in _TOGETHER:
            return None
        place = (reader.channel, reader.address)
        for one in self.store.deliveries(subject=row.subject):
            other = self.readers.get(one.subscription)
            same = _TOGETHER.get(one.kind) == _TOGETHER[row.kind] and one.revision == row.revision
            if other and same and one.id != row.id and one.state == "done" and (other.channel, other.address) == place:
                first = one.detail if is_shared(one) else f"{SHARED} with subscription {one.subscription}"
                return self._settle(row, "done", detail=first)
        return None

    # ------------------------------------------------------------------------------------------- one row

    def _keep(self, row: Delivery, reader: Subscription, channel: Channel) -> Delivery:
        """What a row needs now: to be looked for, or to be sent."""
        doubtful = row.state in ("sending", "uncertain")
        if doubtful and not channel.blind and row.kind != "update":  # an update sent twice is one update
            return self._look_for(row, reader, channel)
        return self._send(row, reader, channel)

    def _look_for(self, row: Delivery, reader: Subscription, channel: Channel, *, reason: str = "") -> Delivery:
        """Found: done. Not found in two looks, the second long enough after the attempt: sent again."""
        tried = row.attempted or self.clock()
        doubt = f"it may be there ({reason})" if reason else "it may be there"
        thread = msgspec.json.decode(row.payload, type=Message).thread if row.payload else ""
        try:
            name = channel.find(
                address=reader.address, marker=marker(row), since=tried - LOOKED_BACK, thread=thread
            )
        except DeliveryError as error:
            return self._not_looked(row, reader, error, detail=f"{doubt}: {error.reason}")
        if name:
            return self._done(row, reader, name)
        if row.state == "uncertain":  # it was looked for before, and this look was not due sooner
            return self._send(row, reader, channel)
        due = max(tried + SURE, self.clock() + SURE / 3)
        return self._settle(row, "uncertain", due=due, detail=f"{doubt}: not found yet, looked for again soon")

    def _not_looked(self, row: Delivery, reader: Subscription, error: DeliveryError, *, detail: str) -> Delivery:
        """A channel that cannot be read now is asked again soon, and rests; one that cannot be read at all, rarely.

        What was not looked for yet stays on sending until then: the next look is still its first.
        """
        now = self.clock()
        since = now - (row.attempted or now)
        lost = error.retry_after is None or since > HELD
        pause = BLIND if lost else timedelta(seconds=error.retry_after or 0)
        if error.scope == "channel" and not lost:
            self.rests[reader.channel] = now + pause
        if error.scope == "channel" and since >= HELD / 2:
            self._in_trouble(error, (reader.channel, reader.address))
        return self._settle(row, "uncertain" if lost else row.state, due=now + pause, detail=detail)

    def _send(self, row: Delivery, reader: Subscription, channel: Channel) -> Delivery:
        """-> sending -> done; in a blind channel what was cut off by a crash is marked as possibly repeated."""
        if row.kind == "update" and not getattr(channel, "rewrites", False):
            return self._settle(row, "done", detail="nothing to rewrite")
        if over := self._is_over(row, reader):
            return over
        try:
            message = self._message(row, reader)
        except StoreError:
            raise
        except Exception as error:
            log.exception("delivery %d: our own error while composing", row.id)
            return self._not_composed(row, reader, channel, error)
        if message.kind == "update" and not message.thread:
            return self._settle(row, "done", detail="nothing to rewrite")
        if channel.blind and row.state in ("sending", "uncertain"):
            message = replace(message, again=True)
        payload = msgspec.json.encode(message)
        try:
            self.store.claim(row, payload, now=self.clock())
        except DeliveryError as error:  # somebody dropped it meanwhile
            return replace(row, state="dead", detail=error.reason)
        tried = replace(row, payload=row.payload or payload, attempted=self.clock())
        try:
            name = channel.send(message, address=reader.address, marker=marker(row))
        except DeliveryError as error:
            return self._failed(tried, reader, channel, error)
        return self._done(tried, reader, name)

    def _not_composed(self, row: Delivery, reader: Subscription, channel: Channel, error: Exception) -> Delivery:
        """Composing is ours. Tried once more; then a plain line goes out in its place, and a person decides.

        The attempt counts although nothing was sent: a row that was tried and holds no message is one of these.
        """
        try:
            self.store.claim(row, b"", now=self.clock())
        except DeliveryError as gone:  # somebody dropped it meanwhile
            return replace(row, state="dead", detail=gone.reason)
        tried = replace(row, attempts=row.attempts + 1, attempted=self.clock())
        if tried.attempts < COMPOSED:
            return self._settle(tried, "queued", due=self.clock() + RETRIES[0], detail=_ours(error))
        if row.kind == "update":
            return self._settle(tried, "dead", detail=_ours(error))
        posted = tried.attempts == COMPOSED and self._posted_plainly(tried, reader, channel)
        detail = _ours(error) + ("; a plain line was sent instead" if posted else "")
        self._unwritten(tried, reader, detail)
        return self._settle(tried, "uncertain", detail=detail)

    def _posted_plainly(self, row: Delivery, reader: Subscription, channel: Channel) -> bool:
        message = _plain(row)
        try:
            channel.send(message, address=reader.address, marker=f"{marker(row)}:plain")
        except DeliveryError as error:
            log.warning("delivery %d: the plain line was not sent either: %s", row.id, error.reason)
            return False
        return True

    def _unwritten(self, row: Delivery, reader: Subscription, detail: str) -> None:
        """The owner hears once a day of messages that we could not write; each is in the outbox."""
        if not row.subscription:
            return
        now, where = self.clock(), f"{reader.channel} {reader.address}"
        text = (
            f"A message to {where} could not be written\nDelivery {row.id} ({row.kind} of {row.subject}): {detail}.\n"
            f"What follows it there goes out. After a fix: regwatch outbox retry {row.id}"
        )
        notice = Delivery(0, "notice", "delivery:unwritten", revision=now.toordinal(), due=now, detail=text)
        self.store.promise([notice])

    def _message(self, row: Delivery, reader: Subscription) -> Message:
        """Frozen at the first attempt, built before it."""
        if row.payload:
            return msgspec.json.decode(row.payload, type=Message)
        return self._in_burst(row, self.compose(row, reader))

    # --------------------------------------------------------------------------------------- what came of it

    def _done(self, row: Delivery, reader: Subscription, name: str) -> Delivery:
        done = self._settle(row, "done", detail=name)
        self._recovered((reader.channel, reader.address))
        return done

    def _failed(self, row: Delivery, reader: Subscription, channel: Channel, error: DeliveryError) -> Delivery:
        """Final failures are dead, doubtful ones uncertain, all others are tried again with growing pauses."""
        now = self.clock()
        if error.final:
            return self._settle(row, "dead", detail=error.reason)
        if error.doubtful and row.kind != "update":
            return self._in_doubt(row, reader, channel, error)
        pauses = RETRIES if error.scope == "message" else PROBES
        pause = pauses[min(row.attempts, len(pauses) - 1)]
        if error.retry_after is not None:
            pause = timedelta(seconds=error.retry_after)
        at_once = error.scope != "message" and error.retry_after is None
        lasting = row.attempts >= PATIENCE and (error.scope != "message" or error.retry_after is None)
        if at_once or lasting:
            self._in_trouble(error, (reader.channel, reader.address))
        if error.scope == "channel":
            self.rests[reader.channel] = now + pause
        state = "uncertain" if channel.blind and row.state == "uncertain" else "queued"  # one copy of two has gone
        return self._settle(row, state, due=now + pause, detail=error.reason)

    def _in_doubt(self, row: Delivery, reader: Subscription, channel: Channel, error: DeliveryError) -> Delivery:
        """A channel that can be read is looked at; one that folds doubles gets one more copy; else a person decides."""
        if not channel.blind:
            return self._look_for(replace(row, state="sending"), reader, channel, reason=error.reason)
        folds = getattr(channel, "folds", False) and row.state == "queued"
        return self._settle(row, "uncertain", due=self.clock() + RESENT if folds else None, detail=error.reason)

    def _settle(self, row: Delivery, state: str, *, due: datetime | None = None, detail: str = "") -> Delivery:
        self.store.settle(row, state, now=self.clock(), due=due, detail=detail)
        return replace(row, state=state, due=due, detail=detail)

    # ------------------------------------------------------------------------------------------- the owner

    def _in_trouble(self, error: DeliveryError, place: Place) -> None:
        """The owner hears once of a place that cannot be reached."""
        scope = "address" if error.scope == "message" else error.scope
        subject = _trouble(scope, place)
        if subject in self.alarms or place == ("console", "here"):
            return
        where = place[0] if scope == "channel" else f"{place[0]} {place[1]}"
        waits = "What is due there waits, in order, and goes out when it can."
        self._tell_owner(subject, self.clock(), f"Nothing can be delivered to {where}\n{error.reason}\n{waits}")
        self.alarms[subject] = self.clock()

    def _recovered(self, place: Place) -> None:
        """… and once when it can be again."""
        for scope in ("channel", "address"):
            subject = _trouble(scope, place)
            if subject in self.alarms:
                where = place[0] if scope == "channel" else f"{place[0]} {place[1]}"
                since = f"{self.alarms.pop(subject):%Y-%m-%d %H:%M} UTC"
                self._tell_owner(subject, None, f"Messages reach {where} again\nIt could not be reached since {since}.")
        self.rests.pop(place[0], None)

    def _tell_owner(self, subject: str, since: datetime | None, text: str) -> None:
        now = self.clock()
        notice = Delivery(0, "notice", subject, revision=int(now.timestamp()), due=now, detail=text)
        self.store.keep_alarm(subject, since, [notice])


def _trouble(scope: str, place: Place) -> str:
    """The subject under which the owner hears of a channel or of an address."""
    return f"channel:{place[0]}" if scope == "channel" else f"address:{place[0]}:{place[1]}"


def _first_of_burst(row: Delivery) -> int:
    """The first delivery of the burst that this post opens; 0 for any other row."""
    return int(row.subject.removeprefix("burst:")) if row.subject.startswith("burst:") else 0


def _is_crowding(row: Delivery, channel: Channel) -> bool:
    """A post of a Change, in a channel with threads, that was not tried yet and belongs to no burst."""
    plain = row.kind == "post" and row.subject.startswith("change:") and row.state == "queued"
    tried = row.payload or row.attempts or row.detail.startswith("burst:")
    return plain and not tried and getattr(channel, "threads", False)


_TOGETHER = {"post": "told", "reply": "told", "remind": "remind", "escalate": "escalate"}
"""Kinds of which one message per place is enough, however many of its subscriptions ask for it."""


def is_shared(row: Delivery) -> bool:
    """Whether another subscription's message at the same place has told this one's readers."""
    return row.state == "done" and row.detail.startswith(SHARED)


def _is_uncomposed(row: Delivery) -> bool:
    """Whether it was tried and holds no message."""
    return row.attempts > 0 and not row.payload


def _plain(row: Delivery) -> Message:
    """The least that can be said in the place of a message that cannot be composed."""
    what, _, number = row.subject.partition(":")
    about = f"change {number.partition(':')[0]}" if what in ("change", "date", "correction") else f"{row.kind}"
    text = "The message could not be written, by an error of ours; whoever runs RegWatch was told."
    return Message(f"There is a message about {about}", ((Run(text),),), kind=row.kind)


def _pause(channel: Channel, address: str) -> float:
    """Seconds that this address must wait for its next message."""
    asked = getattr(channel, "pause", None)
    return float(asked(address)) if asked else 0.0


def _ours(error: Exception) -> str:
    return f"our own error ({type(error).__name__}: {error})"
