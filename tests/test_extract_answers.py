"""Answers of APIs, tables and site maps: what each declared kind says, in answers that we made after recorded ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.diff import item_edits
from bot.errors import ReadError
from bot.extract import read
from bot.honesty import doubt_reading, doubt_response
from bot.model import Block, Paths, Reading, Source
from bot.sources import load

REPOSITORY = Path(__file__).parents[1]
DECLARED = {source.id: source for source in load((REPOSITORY / "sources.toml").read_text(encoding="utf-8"))}
JSON_TYPE = "application/json; charset=utf-8"


def times(count: int, made: dict[str, Any]) -> list[dict[str, Any]]:
    """The same entry again and again, with {n} counted up."""
    return [json.loads(json.dumps(made, ensure_ascii=False).replace("{n}", f"{at:02}")) for at in range(1, count + 1)]


FEDERAL_REGISTER = {
    "count": 2, "description": "Documents", "total_pages": 1, "next_page_url": None,
    "results": times(2, {
        "document_number": "2026-100{n}", "title": "Access to Bulk Sensitive Data {n}", "type": "Rule",
        "abstract": "The Department amends part 202.", "publication_date": "2026-11-{n}", "effective_on": None,
        "html_url": "https://www.federalregister.gov/documents/2026/11/{n}/2026-100{n}/access-to-bulk-data",
        "agencies": [{"raw_name": "DEPARTMENT OF JUSTICE", "id": 268}],
    }),
}  # fmt: skip
GOV_CN = times(100, {
    "TITLE": "国务院关于数据出境的通知 {n}", "SUB_TITLE": "",
    "URL": "https://www.gov.cn/zhengce/content/2026/content_70{n}.htm",
    "DOCRELPUBTIME": "2026.10.21",
})  # fmt: skip
ROWS = "".join(
    f"<li><a href='/zwgk/zcfb/art/2026/art_{at}.html' title='数据安全管理办法 第{at}号'>数据安全管理…</a>"
    f"<span>2026-09-0{at}</span></li>"
    for at in (1, 2)
)
RENDERED = {"success": True, "code": "200", "data": {"html": f"<div class='list'><ul>{ROWS}</ul></div>", "count": 2}}
ANSWERS: dict[str, Any] = {
    "cn-cac-jsonlist": {"totalRec": 2, "list": times(2, {
        "topic": "个人信息出境认证办法 {n}",
        "infourl": "//www.cac.gov.cn/2026-10/{n}/c_17{n}.htm", "pubtime": "2026-10-{n} 10:00",
    })},
    "cn-gov-latest-policy-json": GOV_CN,
    "cn-gov-gazette-json": {"2026": {"1": {
        "title": "国务院公报2026年第1号", "url": "https://www.gov.cn/gongbao/2026/issue_1/",
    }}},
    "cn-mofcom-rules-api": RENDERED,
    "hk-data-gov-legislation": {"success": True, "result": {"resources": times(2, {
        "url": "https://resource.data.one.gov.hk/doj/cap{n}.zip", "name": "Chapters {n}",
        "last_modified": "2026-10-{n}T01:00:00",
    })}},
    "us-fr-ustr-documents": FEDERAL_REGISTER,
    "us-fr-public-inspection": FEDERAL_REGISTER,
    "us-regulations-gov-v4": {"data": times(2, {
        "id": "DOJ-NSD-2026-00{n}", "type": "documents",
        "attributes": {"title": "Comment {n} on cross-border data", "postedDate": "2026-10-{n}T04:00:00Z"},
    }), "meta": {"totalElements": 2}},
    "us-ecfr-28-202-versions": {"content_versions": times(2, {
        "date": "2026-04-{n}", "identifier": "202.1{n}", "name": "§ 202.1{n} Scope.", "part": "202", "removed": False,
    }), "meta": {"title": "28", "result_count": "2"}},
    "us-ecfr-titles": {"titles": times(50, {
        "number": "{n}", "name": "Title {n}", "latest_amended_on": "2026-10-{n}", "up_to_date_as_of": "2026-11-20",
    })},
    "eu-cellar-sparql": {"head": {"vars": ["relation"]}, "results": {"bindings": times(4, {
        "relation": {"type": "literal", "value": "32026D00{n} resource_legal_based_on_resource_legal 32016R0679"},
    })}},
    "gb-ico-news-api": {"results": times(2, {
        "title": "ICO statement {n}", "url": "/about-the-ico/media-centre/news-{n}/", "description": "On transfers.",
        "filterItemMetaData": "Statement, {n} October 2026",
    }), "pagination": {"totalResults": 2}},
    "gb-govuk-search-data-transfers": {"total": 2, "start": 0, "results": times(2, {
        "title": "International data transfers {n}",
        "link": "/guidance/transfers-{n}", "description": "How to.",
        "public_timestamp": "2026-10-{n}T09:30:00+01:00", "_id": "/guidance/transfers-{n}",
    })},
    "gb-govuk-data-bridge": {"title": "Data bridge", "withdrawn_notice": {}, "details": {"change_history": times(2, {
        "public_timestamp": "2026-10-{n}T10:00:00.000+01:00", "note": "Added analysis {n}.",
    })}},
    "gb-uk-singapore-dea": {"title": "Agreement", "links": {"documents": times(2, {
        "base_path": "/government/publications/dea-{n}", "title": "Agreement, part {n}",
        "public_updated_at": "2026-10-{n}T00:00:00Z", "web_url": "https://www.gov.uk/government/publications/dea-{n}",
    })}},
    "ch-fedlex-sparql-235-11": {"head": {"vars": ["dateApplicability"]}, "results": {"bindings": [
        {"dateApplicability": {"type": "literal", "value": "2026-09-15"}},
    ]}},
    "au-legislation-privacy-act": {"value": [{
        "registerId": "C2026C00100", "compilationNumber": "98", "start": "2026-07-01T00:00:00",
    }]},
    "ru-pravo-documents-api": {"items": times(2, {
        "eoNumber": "00012026100{n}", "complexName": "Федеральный закон от 0{n}.10.2026", "name": "О данных",
        "publishDateShort": "2026-10-{n}T00:00:00",
    }), "itemsTotalCount": 2},
}  # fmt: skip


def reading(answer: Any, source: Source) -> Reading:
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    return read(body, source=source, content_type=JSON_TYPE, url=source.url)


def entries(answer: Any, source: Source) -> list[Block]:
    return [block for block in reading(answer, source).blocks if block.key]


@pytest.mark.parametrize("id", ANSWERS)
def test_a_declared_api_shows_its_items_with_what_the_declaration_names(id: str) -> None:
    source = DECLARED[id]
    found = entries(ANSWERS[id], source)
    assert (found or not source.paths.items) and len({item.key for item in found}) == len(found)
    for field, path in (("date", source.paths.date), ("link", source.paths.link), ("note", source.paths.text)):
        assert not path or path == "SUB_TITLE" or all(getattr(item, field) for item in found), field
    body = json.dumps(ANSWERS[id], ensure_ascii=False).encode()
    headers = (("content-type", JSON_TYPE),)
    doubts = [
        doubt_response(source, status=200, headers=headers, url=source.url, final_url=source.url, body=body),
        doubt_reading(source, reading(ANSWERS[id], source)),
    ]
    assert doubts == [None, None]


def test_every_declared_kind_of_answer_has_an_example_here() -> None:
    proved = {DECLARED[id].paths for id in ANSWERS}
    asked = {source.id: source.paths for source in DECLARED.values() if source.type == "json" and source.enabled}
    assert [id for id, paths in asked.items() if paths not in proved] == []


def test_a_byte_order_mark_before_an_answer_does_not_matter() -> None:
    source = DECLARED["cn-gov-latest-policy-json"]
    marked = b"\xef\xbb\xbf" + json.dumps(GOV_CN, ensure_ascii=False).encode()
    assert reading(marked, source).blocks == reading(GOV_CN, source).blocks


def test_rows_that_came_as_html_within_an_answer_are_items_with_address_and_date() -> None:
    (first, second) = entries(RENDERED, DECLARED["cn-mofcom-rules-api"])
    assert (first.text, first.date) == ("数据安全管理办法 第1号", "2026-09-01")
    assert first.link == "https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_1.html"
    assert second.key.endswith("art_2.html")


def test_html_rows_are_found_without_a_declaration_when_they_are_a_list() -> None:
    html = "".join(f"<tr><td><a href='/a/{at}'>A rule on data exports, number {at}</a></td></tr>" for at in range(4))
    found = entries({"html": f"<table>{html}</table>"}, Source("x", "https://authority.example/api", type="json"))
    assert [item.key for item in found] == [f"https://authority.example/a/{at}" for at in range(4)]


def test_an_amendment_of_one_section_is_one_item_however_many_others_have_its_date() -> None:
    source = DECLARED["us-ecfr-28-202-versions"]
    rows = [{"date": "2026-04-08", "identifier": f"202.{at}", "name": f"§ 202.{at} X."} for at in (101, 102)]
    (one,), both = entries({"content_versions": rows[1:]}, source), entries({"content_versions": rows}, source)
    assert one.key == "202.102 2026-04-08" and one in both


def test_a_withdrawn_page_of_gov_uk_says_so() -> None:
    answer = json.loads(json.dumps(ANSWERS["gb-govuk-data-bridge"]))
    answer["withdrawn_notice"] = {"explanation": "<p>The bridge has ended.</p>", "withdrawn_at": "2026-11-01T10:00:00Z"}
    notice, *history = entries(answer, DECLARED["gb-govuk-data-bridge"])
    assert (notice.text, notice.date) == ("Withdrawn: The bridge has ended.", "2026-11-01")
    assert history == entries(ANSWERS["gb-govuk-data-bridge"], DECLARED["gb-govuk-data-bridge"])


def inspected(*documents: tuple[str, str]) -> tuple[Block, ...]:
    results = [
        {"document_number": number, "title": f"Preventing Access to Bulk Sensitive Data, {number}",
         "publication_date": date, "html_url": f"https://www.federalregister.gov/d/{number}"}
        for number, date in documents
    ]  # fmt: skip
    return reading({"count": len(results), "results": results}, DECLARED["us-fr-public-inspection"]).blocks


def test_documents_that_are_published_leave_public_inspection_without_a_word() -> None:
    before = inspected(("2026-3", "2026-11-05"), ("2026-1", "2026-11-03"), ("2026-2", "2026-11-03"))
    after = inspected(("2026-4", "2026-11-06"), ("2026-3", "2026-11-05"))
    told = [(edit.kind, after[edit.after].key) for edit in item_edits(before, after, seen={}).edits]
    assert told == [("new", "2026-4")]


def test_a_document_that_is_withdrawn_from_public_inspection_before_its_day_is_gone() -> None:
    before = inspected(("2026-3", "2026-11-05"), ("2026-1", "2026-11-03"))
    after = inspected(("2026-1", "2026-11-03"))
    assert [(edit.kind, before[edit.before].key) for edit in item_edits(before, after, seen={}).edits] == [
        ("gone", "2026-3")
    ]


def test_two_spellings_of_an_address_are_one_item_where_the_source_says_so() -> None:
    one, two = "https://ustr.example/about-us/press/release-1", "https://ustr.example/about/press/release-1"
    answer = {"results": [{"url": one, "title": "Release"}, {"url": two, "title": "Release"}]}
    paths = Paths(items="results[*]", key="url", title="title", link="url")
    plain = Source("x", "https://ustr.example/", type="json", paths=paths)
    same = Source("x", "https://ustr.example/", type="json", paths=paths, rewrite=(("/about-us/", "/about/"),))
    assert len(entries(answer, plain)) == 2
    assert [(item.key, item.link) for item in entries(answer, same)] == [(two, one)]


# ------------------------------------------------------------------------------------------------ tables

CELEX = "own,how,celex\r\n32016R0679,amends,32026R0001\r\n32016R0679,corrects,32016R0679R(01)\r\n"


def table(text: str, **fields: Any) -> list[Block]:
    source = Source("t", "https://authority.example/t.csv", type="csv", **fields)
    return list(read(text.encode(), source=source, content_type="text/csv", url=source.url).blocks)


def test_a_table_is_read_row_by_row_with_the_names_of_its_columns() -> None:
    assert [block.text for block in table(CELEX)] == [
        "own: 32016R0679 | how: amends | celex: 32026R0001",
        "own: 32016R0679 | how: corrects | celex: 32016R0679R(01)",
    ]


def test_a_table_whose_columns_are_named_is_a_list_of_items() -> None:
    found = table(CELEX, paths=Paths(key="celex+how+own", title="celex+how"))
    assert [(item.key, item.text) for item in found][0] == ("32026R0001 amends 32016R0679", "32026R0001 amends")
    assert {item.kind for item in found} == {"entry"}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_may_use_any_common_delimiter_and_quotes(mark: str) -> None:
    quoted = f'"one{mark}two"'
    (row,) = table(f"country{mark}note\nUnited Kingdom{mark}{quoted}\n")
    assert row.text.split() == f"country: United Kingdom | note: one{mark}two".split()


@pytest.mark.parametrize("text", ["own,how,celex\n", " \n"])
def test_a_table_without_rows_is_a_failure_and_not_an_empty_list(text: str) -> None:
    with pytest.raises(ReadError):
        table(text)


def test_a_table_that_lost_a_named_column_is_a_failure() -> None:
    with pytest.raises(ReadError, match="celex"):
        table("own,how\na,b\n", paths=Paths(key="celex"))


# ------------------------------------------------------------------------------------------------ site maps

SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://authority.example/rules/cross-border-transfers.html</loc>
<lastmod>2026-10-02T08:00:00+00:00</lastmod></url>
<url><lastmod>2026-10-01</lastmod><priority>0.5</priority>
<loc> https://authority.example/rules/ </loc></url></urlset>"""


def test_a_site_map_is_a_list_of_addresses_dated_by_their_last_modification() -> None:
    source = Source("s", "https://authority.example/sitemap.xml", type="sitemap")
    found = read(SITEMAP.encode(), source=source, content_type="application/xml", url=source.url).blocks
    assert [(item.key, item.text, item.date) for item in found] == [
        ("https://authority.example/rules/cross-border-transfers.html", "cross border transfers", "2026-10-02"),
        ("https://authority.example/rules", "rules", "2026-10-01"),
    ]


def test_another_xml_is_no_site_map() -> None:
    source = Source("s", "https://authority.example/sitemap.xml", type="sitemap")
    with pytest.raises(ReadError, match="wrong type"):
        read(b"<law><p>x</p></law>", source=source, content_type="application/xml", url=source.url)
