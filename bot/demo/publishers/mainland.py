"""A fictional ministry in mainland China: GB18030 without a charset in the header, counters, a clock, session ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot.demo.page import Moment, Page, Publisher, chapters, chinese_date, entries, han, prose
from bot.demo.story import MEASURE, SHALL

MEASURE_TITLE = "重要数据出境安全评估补充申报规定(虚构)"
TENDER_TITLE = "数字流通部机关办公楼电梯维修项目招标公告"
TENDER = "采购人拟对办公楼两部电梯进行维修,欢迎符合条件的供应商参加投标。投标截止时间以招标文件为准。"

SOURCES = """
[cn-mofi-demo]
title = "Policies and notices"
authority = "Ministry of Digital Circulation (fictional)"
jurisdiction = "CN"
url = "{base}/zcfg/index.htm"
type = "list"
language = "zh"
every = "24h"
items = "ul.news_list li"
follow = true
must_watch = true

[cn-mofi-rules-demo]
title = "Rules on the export of data"
authority = "Ministry of Digital Circulation (fictional)"
jurisdiction = "CN"
url = "{base}/zcfg/bf/2024-12.htm"
type = "page"
language = "zh"
every = "24h"
must_watch = true
"""

FRAME = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{title}_数字流通部(虚构)</title>
<script type="text/javascript">var token="{nonce}";</script>
</head><body>
<div class="top"><div class="date">今天是{today} {clock}</div><div class="count">访问量:{visits}</div></div>
<div class="site-header">虚构网站:本网站及其全部内容均为演示而编写,与任何真实机构无关。</div>
<div class="main-nav"><a href="/index.htm;jsessionid={nonce}">首页</a> <a href="/jgsz/">机构设置</a> <a href="/zcfg/index.htm">政策法规</a> <a href="/hdjl/">互动交流</a></div>
{content}
<div class="share">分享到: <a href="#">微信</a> <a href="#">微博</a></div>
<div class="footer"><p>主办单位:数字流通部(虚构)</p></div>
</body></html>
"""  # noqa: E501


def frame(moment: Moment, title: str, content: str) -> Page:
    """A page in the site's dress."""
    text = FRAME.format(
        title=title, content=content, nonce=moment.nonce, today=chinese_date(moment.today), clock=moment.clock,
        visits=4_102_334 + 13 * moment.asked,
    )  # fmt: skip
    return Page(text.encode("gb18030"), "text/html")


def site(moment: Moment) -> Mapping[str, Page]:
    """The list, the rules in force, and a page for each item."""
    items = tuple(documents(moment))
    pages = {f"/zcfg/gg/{name}.htm": article(moment, title, text, when) for name, title, text, when in items}
    return pages | {"/zcfg/index.htm": index(moment, items), "/zcfg/bf/2024-12.htm": rules(moment)}


def documents(moment: Moment) -> Iterator[tuple[str, str, list[str], date]]:
    """What the list shows, newest first: file name, title, paragraphs, date."""
    if moment.since(MEASURE):
        published = moment.date_of(MEASURE)
        effective = chinese_date(moment.date_of(MEASURE + 21))
        yield "c0102", MEASURE_TITLE, measure(effective), published
        yield "c0101", TENDER_TITLE, [TENDER], published
    for number, (title, text) in enumerate(entries("mainland_news")):
        yield f"c00{90 - number}", title, [text], moment.date_of(-5 - 6 * number)


def measure(effective: str) -> list[str]:
    """The new measure, article by article."""
    lines = prose("mainland_measure")
    return [f"第{han(n)}条 {line.format(effective=effective)}" for n, line in enumerate(lines, start=1)]


def index(moment: Moment, items: tuple[tuple[str, str, list[str], date], ...]) -> Page:
    """The list; the session id in each link is another one at every request."""
    rows = "\n".join(
        f'<li><span>{when:%Y-%m-%d}</span><a href="/zcfg/gg/{name}.htm;jsessionid={moment.nonce}">{title}</a></li>'
        for name, title, _, when in items
    )
    return frame(moment, "政策法规", f'<h1>政策法规</h1><ul class="news_list">\n{rows}\n</ul>')


def article(moment: Moment, title: str, text: list[str], when: date) -> Page:
    """The page of one item."""
    body = "\n".join(f"<p>　　{line}</p>" for line in text)
    meta = f'<p class="meta">发布时间:{when:%Y-%m-%d} 浏览次数:{811 + moment.asked}次</p>'
    return frame(moment, title, f'<h1>{title}</h1>{meta}<div class="TRS_Editor">\n{body}\n</div>')


def rules(moment: Moment) -> Page:
    """The rules in force; one word of one article changes."""
    modal, number, parts = ("应当" if moment.since(SHALL) else "可以"), 0, list[str]()
    for heading, lines in chapters(prose("mainland_rules")):
        parts.append(f"<h2>{heading}</h2>")
        for line in lines:
            number += 1
            parts.append(f"<p>　　第{han(number)}条　{line.format(modal=modal)}</p>")
    content = "<h1>数据出境管理办法(虚构)</h1>\n" + "\n".join(parts)
    return frame(moment, "数据出境管理办法", f'<div class="TRS_Editor">{content}</div>')


PUBLISHER = Publisher("digital-ministry.fictional.example", SOURCES, site)
