"""Scenes beyond the promises: what people notice when the whole thing runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.model import Source
from tests.scenes import Scene, rule
from tests.site import Site


def test_a_block_whose_digits_alone_differ_in_eight_looks_becomes_volatile_until_a_word_differs(scene: Scene) -> None:
    def page(number: int, words: str = "requests were answered on this server") -> str:
        counted = f"<p>So far {number} {words} without interruption of any kind.</p>"
        return f"<main><h1>Service</h1>{counted}<p>Transfers of personal data abroad are explained here.</p></main>"

    scene.site.publish("/law", page(100))
    scene.look()
    kinds = []
    for number in range(101, 112):
        scene.site.publish("/law", page(number))
        kinds += scene.kinds(hours=25)
    assert kinds[0] == "changed" and kinds[-1] == "same"
    (mark,) = scene.app.store.memory(scene.app.source("law")).marks.values()
    assert mark.marked
    scene.site.publish("/law", page(112, "requests were refused on this server"))
    assert scene.kinds(hours=25) == ["changed"]
    assert not any(mark.marked for mark in scene.app.store.memory(scene.app.source("law")).marks.values())


def test_a_list_that_is_wholly_new_says_that_items_may_have_been_missed_and_is_looked_at_sooner(
    tmp_path: Path, site: Site
) -> None:
    def listing(start: int) -> str:
        rows = (
            f'<li><a href="/n/{n}">Notice {n}: transfer of personal data abroad, standard contracts</a></li>'
            for n in range(start, start + 8)
        )
        return f"<main><h1>Notices</h1><ul class=list>{''.join(rows)}</ul></main>"

    notices = Source("notices", site.url("/list"), type="list", items=".list li", window=8, language="en", spacing=0.0)
    scene = Scene(tmp_path, site, notices)
    scene.subscribe()
    site.publish("/list", listing(1))
    scene.look()
    site.publish("/list", listing(40))
    (outcome,) = scene.look()
    assert outcome.missed
    assert "may have been missed" in scene.told()
    assert scene.app.standings()["notices"].hurry < 1
    scene.app.close()


def test_an_item_that_falls_off_the_end_is_nothing_and_one_that_comes_back_is_not_new(
    tmp_path: Path, site: Site
) -> None:
    def listing(*numbers: int) -> str:
        rows = (f'<li><a href="/n/{n}">Notice {n} on transfers of personal data</a></li>' for n in numbers)
        return f"<main><h1>Notices</h1><ul class=list>{''.join(rows)}</ul></main>"

    scene = Scene(tmp_path, site, Source("notices", site.url("/list"), type="list", items=".list li", spacing=0.0))
    kinds = []
    for numbers in ((5, 4, 3, 2, 1), (6, 5, 4, 3, 2), (6, 4, 3, 2), (6, 5, 4, 3, 2)):
        site.publish("/list", listing(*numbers))
        scene.look()
        edits = scene.changes()[-1][0].edits
        kinds.append([edit.kind for edit in edits if edit.counted])
    assert kinds == [[], ["new"], ["gone"], ["back"]]
    scene.app.close()


def test_who_asks_for_every_change_is_told_of_the_canteen_too_but_not_of_a_typo(scene: Scene) -> None:
    scene.subscribe("console", every_change=True, sources=("law",))
    scene.site.publish("/law", rule(more="<p>The canteen of the goverment is open on Friday, as it always was.</p>"))
    scene.look()
    scene.site.publish("/law", rule(more="<p>The canteen of the government is open on Friday, as it always was.</p>"))
    scene.look()
    assert scene.told() == ""
    scene.site.publish("/law", rule(more="<p>The canteen of the government is closed on Friday, as never before.</p>"))
    scene.look()
    assert "closed" in scene.told()


DEEP = "<html><body>" + "<div>" * 20_000 + "text" + "</div>" * 20_000 + "</body></html>"
WIDE = "<html><body><p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">text</p></body></html>"
BOMB = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]><r><p>&j;</p></r>"  # fmt: skip


@pytest.mark.parametrize(
    ("name", "body", "type"),
    [
        ("nested", DEEP, "page"),
        ("attributes", WIDE, "page"),
        ("nul", rule().encode().replace(b"p", b"\0"), "page"),
        ("entities", BOMB, "xml"),
        ("entities in a feed", BOMB, "feed"),
        ("half a json", '{"results": [{"title": "Trans', "json"),
        ("nothing but markup", "<html><body><div></div></body></html>", "page"),
        ("script for text", "<html><body><script>var a = 'transfer of personal data'</script></body></html>", "page"),
    ],
)
def test_hostile_bodies_are_failed_with_a_cause_and_lose_nothing(
    tmp_path: Path, site: Site, name: str, body: str | bytes, type: str
) -> None:
    good = {"page": rule(), "xml": "<law><article><p>Transfers of personal data are restricted.</p></article></law>"}
    good["feed"] = (
        '<rss version="2.0"><channel><item><title>Guidance on transfers of personal data abroad</title><link>http://a.example/1</link></item></channel></rss>'
    )
    good["json"] = '{"results": [{"title": "Guidance on transfers of data abroad", "url": "http://a.example/1"}]}'
    scene = Scene(tmp_path, site, Source("victim", site.url("/x"), type=type, spacing=0.0))
    media = {"page": "text/html", "xml": "application/xml", "feed": "application/rss+xml", "json": "application/json"}[
        type
    ]
    site.publish("/x", good[type], type=media)
    assert scene.kinds() == ["first"]
    site.publish("/x", body, type=media)
    (outcome,) = scene.look()
    assert outcome.kind == "failed" and outcome.look.cause
    assert len(scene.app.history("victim")[0]) == 1
    site.publish("/x", good[type], type=media)
    assert scene.kinds() == ["same"]
    scene.app.close()


def test_a_bomb_that_unpacks_to_gigabytes_is_too_large(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site, Source("victim", site.url("/bomb"), spacing=0.0))
    site.gzip_bomb("/bomb")
    (outcome,) = scene.look()
    assert (outcome.kind, outcome.look.cause) == ("failed", "too large")
    scene.app.close()


def test_more_new_items_than_can_be_followed_at_once_are_said(tmp_path: Path, site: Site) -> None:
    def listing(*numbers: int) -> str:
        rows = (f'<li><a href="/n/{n}">Notice {n} on the transfer of personal data abroad</a></li>' for n in numbers)
        return f"<main><h1>Notices</h1><ul class=list>{''.join(rows)}</ul></main>"

    notices = Source(
        "notices", site.url("/list"), type="list", items=".list li", follow=True, language="en", spacing=0.0
    )
    scene = Scene(tmp_path, site, notices)
    scene.subscribe()
    for number in range(60):
        site.publish(f"/n/{number}", rule("shall", more=f"<p>Notice {number}.</p>"))
    site.publish("/list", listing(*range(5)))
    scene.look()
    site.publish("/list", listing(*range(50, 0, -1)))
    scene.look()
    messages = scene.told().split("● ")
    (of_the_list,) = [message for message in messages if "further new items were not asked for" in message]
    assert "Notice 10 " in of_the_list and "Notice 50" not in of_the_list, "what has its own message is not told again"
    assert sum(int(number) for number in re.findall(r"(\d+) more edits", of_the_list)) < 6
    assert len(site.asked("/n/50")) == 1 and not site.asked("/n/7")
    scene.app.close()


def test_documents_that_fail_are_counted_with_their_list(tmp_path: Path, site: Site) -> None:
    notices = Source("notices", site.url("/list"), type="list", items="li", follow=True, language="en", spacing=0.0)
    scene = Scene(tmp_path, site, notices)
    for numbers in ("12", "123"):
        site.publish(
            "/list",
            "<main><h1>N</h1><ul>"
            + "".join(
                f'<li><a href="/n/{n}">Notice {n} on the transfer of personal data abroad</a></li>' for n in numbers
            )
            + "</ul></main>",
        )
        scene.look()
    assert scene.app.unread_documents() == {"notices": 1}
    scene.app.close()


def test_a_host_that_asks_for_a_pause_is_left_alone_by_all_of_its_sources_until_it_is_over(
    tmp_path: Path, site: Site
) -> None:
    scene = Scene(tmp_path, site)
    scene.app.declare([scene.page("/a", id="a"), scene.page("/b", id="b")])
    site.publish("/a", "busy", status=429, headers={"Retry-After": "900"})
    site.publish("/b", rule())
    asked = [len(scene.look(minutes=minutes)) for minutes in (1, 1, 5, 20)]
    assert asked[0] == 1 and asked[1] == asked[2] == 0 and asked[3] >= 1
    assert scene.app.postponed((), [], everything=True)
    scene.app.close()
