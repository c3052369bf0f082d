"""Pages in the shape in which they were recorded, written by us, read as sources.toml declares them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import extract
from bot.model import Source
from bot.sources import load

REAL = {source.id: source for source in load((Path(__file__).parents[1] / "sources.toml").read_text(encoding="utf-8"))}


@pytest.fixture
def pboc() -> Source:
    return REAL["cn-pboc-department-rules"]


def _row(number: str, title: str, day: str) -> str:
    path = f"/tiaofasi/144941/144957/{number}/index.html"
    return (
        '<table><tbody><tr><td width="15"></td><td height="22"><font class="newslist_style">'
        f'<a href="{path}" title="{title}">{title[:12]}...</a></font><span class="hui12">{day}</span></td></tr></tbody>'
        "</table>"
    )


def test_rules_of_the_peoples_bank_are_read_with_their_whole_titles_and_dates(pboc: Source) -> None:
    titles = (
        "中国人民银行令〔2026〕第9号（银行业数据安全管理办法）",
        "中国人民银行令〔2026〕第8号（支付数据出境管理办法）",
    )
    menu = '<table><tr><td><a href="/rmyh/index.html">信息公开</a></td></tr></table>'
    pager = '<table><tr><td><a class="pagingNormal" tagname="/tiaofasi/144941/144957/21892-2.html">下一页</a></td></tr>'
    rows = _row("2026052217462526593", titles[0], "2026-05-22") + _row("5414094", titles[1], "2026-01-26")
    body = f"<html><body>{menu}<div opentype='page'>{rows}{pager}</table></div></body></html>".encode()
    reading = extract.read(body, source=pboc, content_type="text/html; charset=utf-8", url=pboc.url)
    items = [block for block in reading.blocks if block.key]
    assert [(item.text, item.date) for item in items] == [(titles[0], "2026-05-22"), (titles[1], "2026-01-26")]
    assert items[1].link.endswith("/5414094/index.html")


@pytest.mark.parametrize("id", ["hk-hkma-circulars", "hk-hkma-guidelines", "us-ustr-press-term-feed"])
def test_feeds_are_read_item_by_item(id: str) -> None:
    source = REAL[id]
    body = (
        b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Feed</title>'
        b"<item><title>Cross-border use of cloud services by authorized institutions</title>"
        b"<link>https://www.hkma.gov.hk/media/eng/doc/circular-1.pdf</link>"
        b"<pubDate>Thu, 05 Nov 2026 09:00:00 +0800</pubDate></item></channel></rss>"
    )
    (item,) = extract.read(body, source=source, content_type="application/xml", url=source.url).blocks
    assert item.text.startswith("Cross-border use of cloud") and item.date == "2026-11-05" and item.key


def test_macaos_law_is_read_article_by_article() -> None:
    source = REAL["mo-bo-law-8-2005"]
    articles = "".join(f"<p><b>第{n}條</b></p><p>本法律第{n}條規定個人資料的處理及轉移。</p>" for n in range(1, 46))
    body = f"<html><body><h1>第8/2005號法律 個人資料保護法</h1>{articles}</body></html>".encode()
    reading = extract.read(body, source=source, content_type="text/html; charset=utf-8", url=source.url)
    assert len(reading.blocks) >= source.min_blocks
