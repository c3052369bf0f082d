"""A fictional statute book in Taiwan: one law, articles in a table of numbers and text."""

from __future__ import annotations

from collections.abc import Mapping

from bot.demo.page import Moment, Page, Publisher, chapters, prose
from bot.demo.story import MONDAY, PRESS, RENUMBERED

INSERTED = 11  # the article that was 第 10-1 條 before the renumbering

SOURCES = """
[tw-transfer-act-demo]
title = "International Transfer of Personal Data Act"
authority = "Digital Data Agency (fictional)"
jurisdiction = "TW"
url = "{base}/LawClass/LawAll.aspx?pcode=F0050021"
type = "page"
language = "zh-Hant"
every = "24h"
must_watch = true
"""

FRAME = """<!DOCTYPE html>
<html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>個人資料國際傳輸法-虛構法規資料庫</title></head>
<body><form method="post" action="./LawAll.aspx">
<input type="hidden" name="__VIEWSTATE" value="{nonce}{nonce}">
<input type="hidden" name="__EVENTVALIDATION" value="{nonce}">
<a href="#main" class="skip">跳到主要內容</a>
<div class="banner">虛構網站:本站及其法規均為示範而編寫,並非任何機關之法規。</div>
<ul class="menu"><li><a href="/Index.aspx">首頁</a></li><li><a href="/News/NewsList.aspx">最新訊息</a></li></ul>
<div id="main"><h1>個人資料國際傳輸法</h1>
<div class="law-reg-content">
{articles}
</div></div>
<footer><p>瀏覽人次:{visits}</p><p>本網站係提供法規之最新動態資訊(虛構)。</p></footer>
</form></body></html>
"""


def site(moment: Moment) -> Mapping[str, Page]:
    """The law, at the address that carries its code; for some days the server is down."""
    if PRESS <= moment.day <= MONDAY:
        return {"/LawClass/LawAll.aspx?pcode=F0050021": Page(b"<h1>502 Bad Gateway</h1>", status=502)}
    text = FRAME.format(nonce=moment.nonce, visits=2_440_017 + 3 * moment.asked, articles=articles(moment))
    return {"/LawClass/LawAll.aspx?pcode=F0050021": Page(text.encode())}


def articles(moment: Moment) -> str:
    """Every article with its number: before the renumbering the eleventh is 第 10-1 條."""
    after, count, parts = moment.since(RENUMBERED), 0, list[str]()
    for heading, lines in chapters(prose("taiwan_law")):
        parts.append(f'<h2 class="char-2">{heading}</h2>')
        for line in lines:
            count += 1
            text = line.format(days="十五日" if after else "三十日")
            parts.append(f"<h3>第 {number(count, renumbered=after)} 條</h3><p>{text}</p>")
    return "\n".join(parts)


def number(count: int, *, renumbered: bool) -> str:
    """The printed number of the article that stands at a place."""
    if renumbered or count < INSERTED:
        return str(count)
    return f"{INSERTED - 1}-1" if count == INSERTED else str(count - 1)


PUBLISHER = Publisher("statutes.fictional.example", SOURCES, site)
