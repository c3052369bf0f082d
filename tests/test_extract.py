"""Reading: pages, lists, feeds, JSON, Markdown, XML, and bodies that mean harm."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ReadError
from bot.extract import check_selector, fingerprint, guess_type, read, reading_hash
from bot.extract.__main__ import Answer, Order
from bot.honesty import doubt_response
from bot.model import CAUSES, TYPES, Block, Paths, Reading, Source

URL = "https://authority.example/data/"
TEXT = "A controller shall transfer personal data abroad only after an assessment by the competent authority. "


def reading(body: str | bytes, *, kind: str = "page", **keys: object) -> Reading:
    source = Source("example", URL, type=kind, **keys)  # type: ignore[arg-type]
    return read(body.encode() if isinstance(body, str) else body, source=source, content_type="", url=URL)


def texts(body: str | bytes, *, kind: str = "page", **keys: object) -> list[str]:
    return [block.text for block in reading(body, kind=kind, **keys).blocks]


def cause_of(body: str | bytes, *, kind: str = "page", **keys: object) -> str:
    with pytest.raises(ReadError) as caught:
        reading(body, kind=kind, **keys)
    assert caught.value.cause in CAUSES and caught.value.detail
    return caught.value.cause


# ------------------------------------------------------------------------------------------------ pages


def test_raised_digits_do_not_run_into_the_number_before_them() -> None:
    assert texts(f"<p>{TEXT}See Article 5<sup>2</sup> and 20 m<sup>2</sup>.</p>")[0].endswith("Article 5² and 20 m².")


def test_navigation_scripts_and_hidden_parts_are_no_text() -> None:
    page = (
        f"<nav>Home</nav><script>x()</script><p hidden>nonce 1f</p><p style='display: none'>x</p><p>{TEXT}</p>"
        "<footer>© 2026</footer><div class='breadcrumb'>Home › Data</div><div class='social-share'>Tweet</div>"
    )
    assert texts(page) == [TEXT.strip()]


def test_a_folded_answer_is_text_although_it_is_hidden() -> None:
    assert any("assessment" in text for text in texts(f"<p>Question?</p><div hidden><p>{TEXT * 6}</p></div>"))


def test_a_class_name_cannot_take_the_whole_page_away() -> None:
    assert (
        texts(f"<div class='cookie-banner breadcrumb'><main><h1>Rules</h1><p>{TEXT}</p></main></div>")[-1]
        == TEXT.strip()
    )


def test_a_block_knows_the_headings_and_articles_above_it() -> None:
    page = (
        "<h1>个人信息出境办法</h1><p>第一章　总则</p><p>第五条　个人信息处理者应当申报评估。</p>"
        "<p>前款规定的评估由网信部门组织。</p><p>（一）数量较大的；</p>"
    )
    blocks = reading(page).blocks
    assert blocks[3].path == ("个人信息出境办法", "第一章 总则", "第五条")
    assert (blocks[2].label, blocks[4].label) == ("第五条", "（一）")


def test_the_title_under_a_bare_article_number_joins_the_path() -> None:
    blocks = reading(f"<p>Article 44</p><p>General principle for transfers</p><p>{TEXT}</p>").blocks
    assert blocks[-1].path == ("Article 44 General principle for transfers",)


def test_a_table_row_is_one_block_and_a_layout_table_is_none() -> None:
    page = (
        f"<table><tr><td><h2>Rules</h2><p>{TEXT}</p><table><tr><th>Data</th><td>Limit</td></tr>"
        "<tr><th>Health</th><td>10,000</td></tr></table></td></tr></table>"
    )
    assert texts(page) == ["Rules", TEXT.strip(), "Data | Limit", "Health | 10,000"]


def test_line_breaks_between_paragraphs_part_them() -> None:
    assert texts(f"<div>{TEXT}<br><br>Second paragraph of the rule.<br>It goes on.</div>")[1:] == [
        "Second paragraph of the rule. It goes on."
    ]


def test_a_link_to_a_document_counts_and_a_link_to_a_page_does_not() -> None:
    def page(link: str) -> bytes:
        return reading_hash(reading(f"<p>{TEXT}</p><ul><li><a href='{link}'>The guidelines</a></li></ul>").blocks)

    assert page("/g-v1.pdf") != page("/g-v2.pdf")
    assert page("/g-v1.pdf?utm_source=a") == page("/g-v1.pdf")
    assert page("/a") == page("/b")


def test_teasers_are_beside_the_matter() -> None:
    teaser = "<div><h2>Related news</h2><ul><li><a href='/1'>Visit of a minister</a></li></ul></div>"
    page = f"<main><h1>Act</h1><p>{TEXT * 3}</p>{teaser}</main>"
    assert [block.place for block in reading(page).blocks] == ["body", "body", "aside", "aside"]


def test_a_page_that_is_mostly_teasers_is_read_as_its_matter() -> None:
    items = "".join(f"<li><a href='/{n}'>Notice {n} on the transfer of data</a></li>" for n in range(20))
    assert {block.place for block in reading(f"<aside><ul>{items}</ul></aside><p>All notices.</p>").blocks} == {"body"}


@pytest.mark.parametrize(
    "line",
    [
        "Visitors: 123,456",
        "访问量：1024",
        "Server time: 2026-01-15 09:30:00",
        "Last updated: 12 May 2026",
        "조회수 : 12",
        "This page was last updated on May 5, 2026.",
        "最終更新日：2026年5月1日",
        "© 2026 Authority",
        "Version 2.3.1",
        "Wednesday, February 01, 2026",
        "今天是 2026年5月1日 星期五",
        "Page generated in 0.12 seconds",
        "Share on Facebook Twitter LinkedIn",
        "Visualizzazioni: 33",
        "Zuletzt aktualisiert am 12. März 2026",
    ],
)
def test_volatile_furniture_is_no_text(line: str) -> None:
    assert texts(f"<p>{TEXT}</p><p>{line}</p>") == [TEXT.strip()]


@pytest.mark.parametrize(
    "line",
    [
        "Effective 1 June 2026",
        "Deadline: 12 May 2026",
        "Last updated: 3 May 2026 Article 5 was repealed",
        "1 July 2026",
        "Version 1.2 of the guidelines applies",
        "The fee is 500",
        "Views on data transfers 2026",
        "自2026年5月1日起施行",
    ],
)
def test_facts_that_look_like_furniture_stay(line: str) -> None:
    assert line in texts(f"<p>{TEXT}</p><p>{line}</p>")


def test_a_row_of_an_article_table_is_never_furniture() -> None:
    assert "Visits | 5 a year" in texts(f"<p>{TEXT}</p><table><tr><td>Visits</td><td>5 a year</td></tr></table>")


def test_a_source_narrows_its_page() -> None:
    page = f"<div id=a><p>{TEXT}</p><p class=x>Noise</p></div><div id=b><p>Other matter of the page</p></div>"
    assert texts(page, select=("#a",), remove=(".x",)) == [TEXT.strip()]
    assert texts(page, select=("#b",), ignore=(r"\bmatter\b",)) == ["Other of the page"]
    assert cause_of(page, select=("#gone",)) == "empty"


@pytest.mark.parametrize("css", ["a[", "..x", "", "p >> q"])
def test_a_bad_selector_is_refused_with_its_text(css: str) -> None:
    with pytest.raises(ValueError, match="selector"):
        check_selector(css)


# ------------------------------------------------------------------------------------------------ lists


def news(*numbers: int, query: str = "") -> str:
    items = "".join(
        f"<li><span>{n:02}/11/2026</span> <a href='/news/{n}{query}'>Decision {n} on transfers of data</a></li>"
        for n in numbers
    )
    return f"<html lang=en><nav><a href=/>Home</a></nav><ul>{items}</ul></html>"


def test_list_items_are_keyed_by_address_and_dated() -> None:
    first = reading(news(21, 20, 19), kind="list").blocks[0]
    assert first == Block(
        "entry",
        "Decision 21 on transfers of data",
        key="https://authority.example/news/21",
        link="https://authority.example/news/21",
        date="2026-11-21",
        note="21/11/2026",
    )


def test_sessions_in_links_and_the_order_of_items_do_not_count() -> None:
    one, other = (reading(page, kind="list").blocks for page in (news(3, 2, 1), news(1, 3, 2, query=";jsessionid=9F")))
    assert reading_hash(one) == reading_hash(other)
    assert reading_hash(one) != reading_hash(reading(news(4, 3, 2, 1), kind="list").blocks)


def test_declared_items_are_read_where_they_stand() -> None:
    page = (
        "<div class=row><h3><a href=/a>First notice</a></h3><p>2026-05-01</p></div>" * 2 + "<a href=/x>Not an item</a>"
    )
    assert [block.text for block in reading(page, kind="list", items=".row").blocks] == ["First notice"]


def test_a_list_without_items_says_so() -> None:
    assert cause_of(f"<p>{TEXT}</p>", kind="list") == "no items"
    assert cause_of(news(1, 2, 3), kind="list", items=".gone") == "no items"


# ------------------------------------------------------------------------------------------------ other kinds

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>
<item><title>A &amp; B</title><link>https://authority.example/1?utm_source=rss</link>
<pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Summary&lt;/p&gt;</description></item></channel></rss>"""


def test_a_feed_gives_an_entry_per_item() -> None:
    entry = reading(RSS, kind="feed").blocks[0]
    assert (entry.text, entry.key, entry.date, entry.note) == (
        "A & B",
        "https://authority.example/1",
        "2026-05-01",
        "Summary",
    )


def test_xml_that_declares_entities_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><title>&b;</title></item></rss>'
    assert cause_of(bomb, kind="feed") == "unreadable"
    assert cause_of(bomb, kind="xml") == "unreadable"


def test_json_is_read_by_declared_paths() -> None:
    answer = {"results": [{"n": "2026-1", "t": "Rule", "d": "2026-05-01", "u": "https://fr.example/1", "a": "About."}]}
    paths = Paths(items="results[*]", key="n", title="t", date="d", link="u", text="a")
    assert reading(json.dumps(answer), kind="json", paths=paths).blocks == (
        Block("entry", "Rule", key="2026-1", link="https://fr.example/1", date="2026-05-01", note="About."),
    )
    assert cause_of(json.dumps({"results": []}), kind="json", paths=paths) == "no items"


def test_json_without_paths_gives_items_and_labelled_lines_but_not_its_fetch_time() -> None:
    answer = {
        "last_checked": "now",
        "status": "in force",
        "items": [{"title": "Act", "url": "https://a.example/1", "id": 7}],
    }
    blocks = reading(json.dumps(answer), kind="json").blocks
    assert [(block.kind, block.text) for block in blocks] == [("row", "status: in force"), ("entry", "Act")]


def test_broken_json_says_whether_it_was_cut() -> None:
    assert cause_of('{"a": [1, 2', kind="json") == "truncated"
    assert cause_of("<html></html>", kind="json") == "wrong type"


def test_markdown_marks_and_link_targets_are_no_text() -> None:
    one = "# Act\n\n**Article 5**  The *controller* [may](https://a.example/1) transfer\ndata.\n\n- one\n- two\n"
    other = "Act\n===\n\n__Article 5__ The controller [may](https://b.example/2) transfer data.\n\n* one\n* two\n"
    assert texts(one, kind="markdown") == ["Act", "Article 5 The controller may transfer data.", "one", "two"]
    assert reading_hash(reading(one, kind="markdown").blocks) == reading_hash(reading(other, kind="markdown").blocks)


def test_plain_text_is_parted_by_blank_lines_and_numbers() -> None:
    assert texts("Rules\n\n1. The controller\nshall notify.\n2. The Authority decides.\n", kind="text") == [
        "Rules",
        "1. The controller shall notify.",
        "2. The Authority decides.",
    ]


def test_an_xml_law_text_shows_articles_and_what_is_said_about_it() -> None:
    law = (
        "<law><metadata><status>in force</status></metadata><section><num>§ 1</num><heading>Scope</heading>"
        "<p>This Act governs <b>transfers</b> of data.</p><item><num>1.</num><p>personal data;</p></item>"
        "</section></law>"
    )
    blocks = reading(law, kind="xml").blocks
    assert [(block.place, block.text) for block in blocks] == [
        ("about", "status: in force"),
        ("body", "§ 1 Scope"),
        ("body", "This Act governs transfers of data."),
        ("body", "1. personal data;"),
    ]
    assert blocks[2].path == ("§ 1 Scope",)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name.replace("_", "."), body)
    return made.getvalue()


def test_a_zip_with_one_xml_is_read_and_any_other_is_not_yet() -> None:
    assert texts(zipped(law_xml=b"<law><p>Only text.</p></law>", readme_txt=b"x"), kind="xml") == ["Only text."]
    assert cause_of(zipped(a_xml=b"<a/>", b_xml=b"<b/>"), kind="xml") == "not yet read"
    assert cause_of(b"PK\x03\x04broken", kind="xml") == "unreadable"


def test_documents_that_are_no_documents_fail_honestly() -> None:
    assert cause_of(b"%PDF-1.7 ...", kind="pdf") == "unreadable"
    assert cause_of(b"%PDF-1.7 ...", kind="list") == "wrong type"


# ------------------------------------------------------------------------------------------------ harm and limits


def test_deep_markup_ends_in_a_cause() -> None:
    assert cause_of("<div>" * 20_000 + TEXT) == "too deep"
    assert cause_of("[" * 100_000, kind="json") in {"too deep", "truncated"}
    assert cause_of("<a>" * 5_000 + "x" + "</a>" * 5_000, kind="xml") in {"unreadable", "too deep"}


def test_formats_that_are_never_ended_end_in_a_cause_before_they_fill_the_memory() -> None:
    kinds = "".join(f"<b i={number}>" for number in range(2_000))
    assert cause_of(f"<p>{kinds}</p>{'<p>x' * 2_000}") == "too deep"
    sloppy = f"<p><b><font color=red>{TEXT}</p>" * 2_000
    assert TEXT.strip() in texts(sloppy)[0]


@pytest.mark.parametrize("name", ["x-user-defined", "lb2312", "hex", "rot13", "idna", "unicode_escape", "undefined"])
def test_a_charset_that_is_none_does_not_stop_the_reading(name: str) -> None:
    body = f"<meta charset={name}><p>{TEXT}Donn\xe9es transf\xe9r\xe9es \xe0 l'\xe9tranger.</p>".encode("cp1252")
    assert "Données transférées à l'étranger." in texts(body)[0]
    assert doubt_response(Source("s", URL), status=200, headers=(), url=URL, final_url=URL, body=body) is None


def test_a_feed_too_damaged_for_any_parser_is_unreadable() -> None:
    assert cause_of("<rss><channel><item><title>a &#1114112; b</item>", kind="feed") == "unreadable"


def test_a_list_of_ten_thousand_items_is_read_whole() -> None:  # a pass over all links for each would take a minute
    rows = (f"<li><a href=/n/{n}>Notice {n} on data that leave</a> 2026-01-02</li>" for n in range(10_000))
    assert len(reading(f"<ul>{''.join(rows)}</ul>", kind="list").blocks) == 10_000


def test_a_tag_with_many_attributes_ends_in_a_cause() -> None:
    assert cause_of("<div " + " ".join(f"a{n}=1" for n in range(50_000)) + f"><p>{TEXT}</p>") == "unreadable"


def test_a_picture_inside_a_tag_is_no_harm() -> None:
    assert texts(f"<img src='data:image/png;base64,{'A' * 100_000}'><p>{TEXT}</p>") == [TEXT.strip()]


def test_an_empty_body_and_a_script_shell_are_never_an_empty_reading() -> None:
    assert cause_of(b"  \n") == "empty"
    assert cause_of("<html><body><div id=root></div><script>app()</script></body></html>") == "empty"


@given(st.binary(max_size=400), st.sampled_from(["page", "list", "feed", "json", "xml", "markdown", "text"]))
def test_no_bytes_break_a_reader(body: bytes, kind: str) -> None:
    try:
        made = reading(body, kind=kind)
    except ReadError as error:
        assert error.cause in CAUSES
    else:
        assert made.blocks


@given(st.text(alphabet=st.sampled_from("<>/ap div\"='hrefulitdr&;#x1第条（a)."), max_size=300))
def test_no_markup_breaks_the_walk(markup: str) -> None:
    try:
        blocks = reading(f"<p>{TEXT}</p>{markup}").blocks
    except ReadError as error:
        assert error.cause in CAUSES
    else:
        assert blocks and all(block.text == block.text.strip() for block in blocks)


# ------------------------------------------------------------------------------------------------ kinds, child


@pytest.mark.parametrize(
    ("body", "content_type", "url", "kind"),
    [
        (b"%PDF-1.4", "text/html", "x", "pdf"),
        (RSS.encode(), "text/html", "x", "feed"),
        (b'{"a": 1}', "", "x.json", "json"),
        (b"<law><p>x</p></law>", "application/xml", "x", "xml"),
        ("<法規><條文>一</條文></法規>".encode(), "", "x", "xml"),
        (b"<!DOCTYPE html><html><body><p>x</p></body></html>", "application/xml", "x.xml", "page"),
        (b"# Title\n\ntext", "text/markdown", "x", "markdown"),
        (b"<p align=center>logo</p>\n\n# Title", "text/markdown", "x.md", "markdown"),
        (b"just words", "text/plain", "x.txt", "text"),
        (b"<urlset><url><loc>x</loc></url></urlset>", "", "x", "sitemap"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "", "x", "doc"),
    ],
)
def test_an_undeclared_body_is_known_by_its_bytes(body: bytes, content_type: str, url: str, kind: str) -> None:
    assert guess_type(content_type=content_type, body=body, url=url) == kind
    assert kind in TYPES


def test_a_page_is_called_a_list_only_when_it_is_a_dated_list_of_links() -> None:
    assert guess_type(content_type="text/html", body=news(*range(1, 20)).encode(), url=URL) == "list"
    law = news(1, 2, 3) + f"<p>{TEXT * 30}</p>"
    assert guess_type(content_type="text/html", body=law.encode(), url=URL) == "page"


def test_the_fingerprint_names_what_changes_a_reading_and_nothing_else() -> None:
    source = Source("a", URL)
    assert fingerprint(source) == fingerprint(Source("b", "https://other.example/", title="T", note="N"))
    assert fingerprint(source) != fingerprint(Source("a", URL, select=("main",)))
    assert fingerprint(source) != fingerprint(Source("a", URL, type="list"))


def test_the_child_reads_what_its_order_says() -> None:
    source = Source("a", URL, type="text")
    order = msgspec.json.encode(Order(source, "text/plain", URL)) + b"\n"
    for body, told in ((b"Some words", ""), (b"", "empty")):
        said = subprocess.run(
            [sys.executable, "-m", "bot.extract"], input=order + body, capture_output=True, check=True
        )
        answer = msgspec.json.decode(said.stdout, type=Answer)
        assert answer.cause == told
        assert answer.reading is None or answer.reading.blocks == (Block("paragraph", "Some words"),)


def test_importing_the_room_loads_no_parser() -> None:
    code = "import sys, bot.extract; print({'lxml', 'bs4', 'feedparser', 'selectolax', 're2'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"set()"


@pytest.mark.parametrize(
    ("item", "day"),
    [
        ("<a href='/{n}'>Consultation {n} on transfers closes 15 January 2027</a>", ""),
        ("<a href='/{n}'>Inquiry {n} on data closes 15 May 2027</a> <span>3 Nov 2026</span>", "2026-11-03"),
        ("<a href='/{n}'><span>3 Nov 2026</span> Rule {n} on transfers applies from 1 May 2027</a>", "2026-11-03"),
        ("<a href='/{n}'>关于第{n}号数据出境标准的通知 [2026-11-03]</a>", "2026-11-03"),
        ("<a href='/{n}'>第{n}号数据出境办法自2027年1月1日起施行</a>", ""),
        ("<a href='/{n}'>Anhörung {n} zur Übermittlung endet am 15. Januar 2027</a>", ""),
    ],
)
def test_a_day_that_a_title_speaks_of_is_not_the_items_own(item: str, day: str) -> None:
    rows = "".join(f"<li>{item.format(n=n)}</li>" for n in range(1, 5))
    found = reading(f"<main><ul>{rows}</ul></main>", kind="list").blocks
    assert [block.date for block in found if block.key] == [day] * 4
