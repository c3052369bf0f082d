"""A fictional privacy office in Hong Kong: one page in traditional Chinese, behind a firewall for some days."""

from __future__ import annotations

from collections.abc import Mapping

from bot.demo.page import Moment, Page, Publisher, chapters, chinese_date, prose
from bot.demo.story import BACK, OUTAGE

SOURCES = """
[hk-transfer-guidance-demo]
title = "Guidance on cross-border transfers"
authority = "Office for Personal Data (fictional)"
jurisdiction = "HK"
url = "{base}/tc/guidance/cross-border.html"
type = "page"
language = "zh-Hant"
every = "24h"
must_watch = true
"""

FRAME = """<!DOCTYPE html>
<html lang="zh-Hant-HK"><head><meta charset="utf-8"><title>跨境資料轉移指引 | 個人資料辦事處(虛構)</title>
<meta name="csrf-token" content="{nonce}"></head>
<body><header><a href="/tc/">個人資料辦事處(虛構)</a>
<nav><a href="/tc/about/">關於我們</a>
<a href="/sc/guidance/cross-border.html">简</a> <a href="/en/guidance/">English</a></nav>
<p>虛構網站:內容為示範而編寫。</p></header>
<main><h1>跨境資料轉移指引</h1>
{text}
</main>
<aside><h2>相關資訊</h2><ul>{related}</ul></aside>
<footer><p>訪客人數:{visits}</p><p>香港時間 {clock}</p><p>覆檢日期:{today}</p></footer></body></html>
"""

TEXT = "hong_kong_guidance"
RELATED = ("網絡保安貼士", "資料外洩事故通報", "私隱影響評估", "兒童私隱", "年報", "傳媒查詢")

CHALLENGE = """<!DOCTYPE html>
<html lang="zh-Hant"><head><meta charset="utf-8"><title>安全驗證</title>
<meta name="robots" content="noindex"></head>
<body><div class="box"><h1>正在進行安全驗證</h1>
<p>請稍候,我們正在檢查您的連線是否安全。請啟用 JavaScript 及 Cookie。</p>
<p>參考編號:{nonce}</p><p>(虛構的防火牆)</p></div>
<script>setTimeout(function(){{location.reload()}},5000)</script></body></html>
"""


def site(moment: Moment) -> Mapping[str, Page]:
    """The guidance, or what the firewall sends in its place, with status 200 as some do."""
    if OUTAGE <= moment.day < BACK:
        return {"/tc/guidance/cross-border.html": Page(CHALLENGE.format(nonce=moment.nonce).encode())}
    return {"/tc/guidance/cross-border.html": guidance(moment)}


def guidance(moment: Moment) -> Page:
    """The guidance; its related links come in another order at every request."""
    turn = moment.asked % len(RELATED)
    text = FRAME.format(
        text="\n".join(f"<h2>{head}</h2>\n" + paragraphs(lines) for head, lines in chapters(prose(TEXT))),
        related="".join(f'<li><a href="/tc/r{n}">{RELATED[n]}</a></li>' for n in order(turn)),
        nonce=moment.nonce, visits=918_273 + moment.asked, clock=moment.clock, today=chinese_date(moment.today),
    )  # fmt: skip
    return Page(text.encode())


def paragraphs(lines: list[str]) -> str:
    return "\n".join(f"<p>{line}</p>" for line in lines)


def order(turn: int) -> list[int]:
    return [(turn + place) % len(RELATED) for place in range(len(RELATED))]


PUBLISHER = Publisher("privacy-office.fictional.example", SOURCES, site)
