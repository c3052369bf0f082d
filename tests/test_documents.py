"""From the list to the item to the rule in its attachment, through App and a real local publisher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model import Source
from tests.pdfs import Press
from tests.scenes import Scene, rule
from tests.site import Site

NOTICE = """<main><h1>Notice No. 12</h1><p>The measures are published. They were adopted on 3 November 2026.</p>
<p>Attachments: <a href="/files/12.pdf">1. Measures</a><br>2. <a href="/files/12-form.wps">Form</a></p></main>"""


def listing(*numbers: int) -> str:
    items = "".join(f'<li><a href="/notice/{n}">Notice No. {n}</a> <span>2026-11-{n:02}</span></li>' for n in numbers)
    return f"<main><h1>Notices</h1><ul class=news>{items}</ul></main>"


def measures(*, verb: str = "shall") -> bytes:
    """A rule that says on its second page only what it is about."""
    press = Press(head="MINISTRY OF DATA").heading("Measures No. 12")
    for number in range(1, 36):
        press.paragraph(f"Article {number} The office keeps register {number} of its furniture and lists it yearly.")
    press.heading("Chapter 2 Export", 12)
    press.paragraph(
        f"Article 36 An operator {verb} pass a security assessment before personal information is transferred to "
        "recipients outside the territory. Cross-border transfers without an assessment are prohibited."
    )
    return press.printed()


@pytest.fixture
def notices(tmp_path: Path, site: Site) -> Iterator[Scene]:
    source = Source(
        "notices", site.url("/list"), title="Notices", authority="Ministry of Data", jurisdiction="CN", type="list",
        language="en", items="ul.news li", follow=True, topics=("transfer_general",), spacing=0.0,
    )  # fmt: skip
    scene = Scene(tmp_path / "home", site, source)
    scene.subscribe()
    site.publish("/list", listing(11, 10, 9))
    scene.look()
    yield scene
    scene.app.close()


def test_an_alert_quotes_the_page_of_the_attachment_that_holds_the_rule(notices: Scene, site: Site) -> None:
    site.publish("/notice/12", NOTICE)
    site.publish("/files/12.pdf", measures(), type="application/pdf")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    told = notices.told()
    assert told.count("#change") == 1
    assert "security assessment" in told and "page 2" in told and "Notice No. 12" in told
    assert not site.asked("/files/12-form.wps")


def test_a_page_and_its_attachment_that_speak_of_the_same_are_one_message(notices: Scene, site: Site) -> None:
    about = "<p>The measures govern cross-border transfers of personal information and the security assessment.</p>"
    site.publish("/notice/12", NOTICE.replace("<p>Attachments", f"{about}<p>Attachments"))
    site.publish("/files/12.pdf", measures(), type="application/pdf")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    assert notices.told().count("#change") == 1


def test_a_page_that_speaks_for_itself_is_told_when_its_attachment_says_nothing(notices: Scene, site: Site) -> None:
    form = Press(head="FORM").paragraph("Name of the applicant, address, date, signature, seal and number of pages.")
    site.publish("/notice/12", rule("shall") + '<p><a href="/files/12.pdf">Form</a></p>')
    site.publish("/files/12.pdf", form.printed(), type="application/pdf")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    assert "security assessment" in notices.told()


def test_an_amendment_of_an_attachment_is_told_with_its_place(notices: Scene, site: Site) -> None:
    site.publish("/notice/12", NOTICE)
    site.publish("/files/12.pdf", measures(verb="may"), type="application/pdf")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    notices.told()
    site.publish("/files/12.pdf", measures(verb="shall"), type="application/pdf")
    notices.look(days=3)
    ((change, _),) = notices.changes("source")[1:]
    assert [edit.kind for edit in change.edits if edit.counted] == ["replace"]
    told = notices.told()
    assert "Article 36" in told and "page 2" in told and "shall" in told


def test_an_attachment_that_comes_late_is_followed(notices: Scene, site: Site) -> None:
    site.publish("/notice/12", "<main><h1>Notice No. 12</h1><p>The measures follow.</p></main>")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    site.publish("/notice/12", NOTICE)
    site.publish("/files/12.pdf", measures(), type="application/pdf")
    notices.look(days=3)
    assert "security assessment" in notices.told()


def test_an_item_whose_address_does_not_say_so_may_be_a_document(notices: Scene, site: Site) -> None:
    site.publish("/notice/12", measures(), type="application/pdf")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    assert "page 2" in notices.told()


def test_a_declared_page_that_becomes_a_document_is_failed(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path / "home", site)
    site.publish("/law", measures(), type="application/pdf")
    (failed,) = scene.look()
    assert (failed.kind, failed.look.cause) == ("failed", "wrong type")
    scene.app.close()


def test_an_attachment_that_cannot_be_read_is_named_with_its_cause(notices: Scene, site: Site) -> None:
    site.publish("/notice/12", NOTICE.replace("The measures are", "Measures on the export of personal information are"))
    site.publish("/files/12.pdf", b"%PDF-1.7\n%%EOF\n", type="application/pdf")
    site.publish("/list", listing(12, 11, 10, 9))
    notices.look()
    notices.look(hours=3)
    standing = [one for name, one in notices.app.standings().items() if name.count("~") == 2]
    assert [one.cause for one in standing] == ["unreadable"]
