"""Small guards without which a promise would break unseen: who is not told, in which order, and where nobody dials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import pipeline
from bot.errors import DeliveryError
from bot.model import Filters, Message, Outcome, Subscription
from tests.scenes import MONDAY, Scene, followed_list, listing, rule
from tests.site import Site

PRESS = "<p class=note>The press office publishes the export of personal information figures.</p>"


class Moody:
    """A channel that fails as often as it is told to at one address, and keeps what went out."""

    blind = True

    def __init__(self, *, fails: int, at: str) -> None:
        self.fails, self.at = fails, at
        self.sent: list[tuple[str, str]] = []

    def send(self, message: Message, *, address: str, marker: str) -> str:
        if address == self.at and self.fails:
            self.fails -= 1
            raise DeliveryError("not now")
        self.sent.append((address, marker.split(":")[1]))
        return marker

    def at_address(self, address: str) -> list[str]:
        """The numbers of the changes that arrived, in their order."""
        return [number for where, number in self.sent if where == address]


def amended(scene: Scene) -> int:
    """Two looks with an amended rule between them; the number of the change."""
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    ((change, _),) = scene.changes("source")
    return change.id


# ------------------------------------------------------------------------------------------------ who is not told


@pytest.mark.parametrize("every_change", [False, True])
def test_who_paused_or_muted_the_source_gets_nothing_and_the_others_do(
    tmp_path: Path, site: Site, every_change: bool
) -> None:
    scene = Scene(tmp_path, site)
    filters = Filters(every_change=every_change)
    for address, fields in {
        "paused": {"paused_until": MONDAY + timedelta(days=30)},
        "muted": {"muted": ("other", "law")},
        "back again": {"paused_until": MONDAY + timedelta(days=1)},
        "muted elsewhere": {"muted": ("other",)},
        "here": {},
    }.items():
        subscription = Subscription(0, "console", address, filters)
        scene.app.store.subscribe(replace(subscription, **fields), now=scene.now)  # type: ignore[arg-type]
    number = amended(scene)
    assert sorted(scene.app.told(number)) == [
        "console back again: done",
        "console here: done",
        "console muted elsewhere: done",
    ]
    scene.app.close()


def test_who_muted_a_list_hears_nothing_of_its_documents(tmp_path: Path, site: Site) -> None:
    scene = narrow(tmp_path, site)
    scene.app.store.subscribe(Subscription(0, "console", "here", muted=("notices",)), now=scene.now)
    site.publish("/item/4", rule("shall"))
    assert followed_to(scene, site.url("/item/4")).kind == "first"
    assert scene.told() == ""
    scene.app.close()


def test_who_reads_digests_gets_no_single_message(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    scene.subscribe(mode="digest")
    assert scene.app.told(amended(scene)) == []
    assert scene.told() == ""
    scene.app.close()


def test_our_own_edits_alert_nobody_who_asked_for_every_change(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    scene.subscribe(every_change=True)
    site.publish("/law", rule(more=PRESS))
    scene.look()
    scene.app.close()
    scene.sources = (scene.page(remove=(".note",)),)
    scene.app = scene.open()
    scene.look()
    list(scene.app.rejudge(tell=True))
    list(scene.app.deliver_all())
    ((ours, _),) = scene.changes("extractor")
    assert scene.told() == "" and scene.app.told(ours.id) == []
    scene.app.close()


@pytest.mark.parametrize("cause", ["baseline", "extractor"])
def test_a_finding_on_what_is_no_news_has_no_readers(scene: Scene, cause: str) -> None:
    made, finding = scene.app.show(amended(scene))
    reader = Subscription(1, "console", "here", Filters(every_change=True))
    assert finding and pipeline.readers(made, finding, [reader], now=scene.now)
    for silent in (replace(made.change, cause=cause), replace(made.change, late=True)):
        assert pipeline.readers(replace(made, change=silent), finding, [reader], now=scene.now) == []


# ------------------------------------------------------------------------------------------------ in which order


@pytest.fixture
def moody(tmp_path: Path, site: Site) -> Iterator[tuple[Scene, Moody]]:
    """Two changes for two addresses of one channel, which has failed once at the first address."""
    scene = Scene(tmp_path, site)
    channel = Moody(fails=1, at="first")
    scene.app.channels["pager"] = channel
    scene.app.declare([*scene.sources, scene.page("/other", id="other", title="Other measures")])
    for address in ("first", "second"):
        scene.app.subscribe(Subscription(0, "pager", address))
    for modal in ("may", "shall"):
        site.publish("/law", rule(modal))
        site.publish("/other", rule(modal))
        scene.look()
    yield scene, channel
    scene.app.close()


def test_what_comes_after_a_failed_message_waits_for_it_and_other_addresses_do_not(
    moody: tuple[Scene, Moody],
) -> None:
    scene, channel = moody
    numbers = [str(change.id) for change, _ in scene.changes("source")]
    assert len(numbers) == 2
    assert channel.at_address("first") == [] and channel.at_address("second") == numbers
    scene.pass_time(minutes=2)
    list(scene.app.deliver_all())
    assert channel.at_address("first") == numbers
    assert scene.app.outbox() == ()


def test_order_is_kept_while_the_failed_message_is_not_due_yet(moody: tuple[Scene, Moody]) -> None:
    scene, channel = moody
    scene.pass_time(seconds=30)
    list(scene.app.deliver_all())
    assert channel.at_address("first") == []


# ------------------------------------------------------------------------------------------------ where nobody dials


def narrow(tmp_path: Path, site: Site) -> Scene:
    """A followed list, in a home that may reach the publisher's own address and no other of this machine."""
    scene = Scene(tmp_path, site, followed_list(site))
    scene.app.close()
    scene.settings = replace(scene.settings, allow_nets=("127.0.0.1/32",))
    scene.app = scene.open()
    return scene


def followed_to(scene: Scene, link: str) -> Outcome:
    """What the look at a new item with this link came to."""
    old = [scene.site.url(f"/item/{n}") for n in (1, 2, 3)]
    scene.site.publish("/list", listing(*old))
    scene.look()
    scene.site.publish("/list", listing(*old, link))
    (outcome,) = [one for one in scene.look() if one.look.source_id != "notices"]
    return outcome


@pytest.mark.parametrize("host", ["127.0.0.2", "2130706434", "0x7f.0.0.2", "[::ffff:127.0.0.2]"])
def test_an_items_link_into_our_own_network_is_never_dialled(tmp_path: Path, site: Site, host: str) -> None:
    scene = narrow(tmp_path, site)
    with Site("127.0.0.2") as inside:
        inside.publish("/secret", rule())
        outcome = followed_to(scene, f"http://{host}:{inside.port}/secret")
        assert (outcome.kind, outcome.cause) == ("failed", "forbidden address")
        assert inside.connections == 0
    scene.app.close()


def test_an_items_link_to_a_clouds_metadata_is_never_dialled(tmp_path: Path, site: Site) -> None:
    scene = narrow(tmp_path, site)
    outcome = followed_to(scene, "http://169.254.169.254/latest/meta-data/")
    assert (outcome.kind, outcome.cause) == ("failed", "forbidden address")
    scene.app.close()


def test_a_redirect_into_our_own_network_is_never_dialled(tmp_path: Path, site: Site) -> None:
    scene = narrow(tmp_path, site)
    with Site("127.0.0.2") as inside:
        inside.publish("/secret", rule())
        site.redirect("/item/4", inside.url("/secret"))
        assert followed_to(scene, site.url("/item/4")).kind == "failed"
        assert inside.connections == 0
    scene.app.close()
