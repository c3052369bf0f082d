"""Deterministic generator of regulator-like HTML pages (stdlib only).

Site(n, seed) holds n page models.  render(i) gives the bytes of page i in its
current version; change(...) edits the *visible text* of a given fraction of
pages and returns the ground truth.  Everything is a pure function of
(seed, page index, version), so two tools driven through the same sequence of
calls see byte-identical pages.

Volatile noise lives in three kinds of slots, switched independently:
  hidden  - CSRF token, <meta>, script nonce, HTML comment, JS timestamp: never
            visible in the text
  link    - ;jsessionid= and cache-buster values inside href/src: visible only
            to extractors that print link targets
  visible - "Visitors: N" and the server clock in the footer: visible text
"""

from __future__ import annotations

import hashlib
import json
import random
import re

SLOT_RE = re.compile("\x00([HLV]\\d)\x00")
KINDS = {"H": "hidden", "L": "link", "V": "visible"}

# ------------------------------------------------------------------ text pools
_BODY = [
    "the Authority",
    "the Commission",
    "the Board",
    "the Supervisor",
    "the Central Bank",
    "the Agency",
    "the Registrar",
    "the Secretariat",
    "the Ombudsman",
    "the competent authority",
]
_FIRM = [
    "authorised firms",
    "credit institutions",
    "payment institutions",
    "investment managers",
    "insurers",
    "listed issuers",
    "data controllers",
    "medical device manufacturers",
    "fund administrators",
    "reporting entities",
    "licensed operators",
    "approved persons",
    "market participants",
]
_TOPIC = [
    "operational resilience",
    "outsourcing arrangements",
    "climate-related disclosure",
    "capital adequacy",
    "liquidity coverage",
    "anti-money laundering controls",
    "transaction reporting",
    "consumer protection",
    "algorithmic trading",
    "product governance",
    "pharmacovigilance",
    "cross-border data transfers",
    "remuneration policy",
    "beneficial ownership",
    "third-party risk",
    "incident notification",
    "stress testing",
    "recovery planning",
    "market abuse surveillance",
    "clinical evaluation",
]
_VERB = [
    "must submit",
    "shall maintain",
    "are required to document",
    "should review",
    "must notify the Authority of",
    "shall retain evidence of",
    "are expected to publish",
    "must reconcile",
    "shall appoint a person responsible for",
    "must demonstrate the adequacy of",
]
_TAIL = [
    "unless an exemption has been granted in writing",
    "irrespective of the size of the undertaking",
    "subject to the transitional provisions in Annex {r}",
    "in the form prescribed by Instrument {y}/{n}",
    "and shall keep the records for not less than {k} years",
    "within {k} working days of the event",
    "where the aggregate exposure exceeds EUR {a} million",
    "having regard to paragraph {k} of the Guidance",
    "with effect from {d}",
    "for each reporting period ending on or after {d}",
]
_EN_T = [
    "Under section {n} of the {t} Rules, {f} {v} {t2} {tail}.",
    "{B} has concluded that {f} {v} {t} {tail}, and that the approach set out in Consultation Paper {y}/{k} remains appropriate.",
    "Respondents asked whether the requirement on {t} applies to {f}; {b} confirms that it does, {tail}.",
    "The threshold of {p} per cent. is calculated on a consolidated basis and {f} {v} {t} {tail}.",
    "Following the review of {t}, {b} intends to amend rule {n}.{k} so that {f} {v} {t2} {tail}.",
    "A person who contravenes paragraph ({k}) is liable to a penalty not exceeding EUR {a},000 {tail}.",
    "Further guidance on {t} and {t2} will be published by {d}, and {f} should plan their implementation accordingly.",
    "For the purposes of this Part, a reference to {t} includes any arrangement under which {f} delegate {t2} to a service provider {tail}.",
    "{B} received {n} responses from {f}, the majority of which supported the proposals on {t}.",
    "The return must be filed by {d} and covers {t}, {t2} and any material change notified since the previous submission.",
]
_ZH_B = [
    "监管局",
    "人民银行",
    "证监会",
    "金融监管总局",
    "市场监督管理总局",
    "国家药监局",
    "网信办",
    "外汇管理局",
    "财政部",
    "审计署",
]
_ZH_F = [
    "商业银行",
    "支付机构",
    "证券公司",
    "保险公司",
    "上市公司",
    "基金管理人",
    "个人信息处理者",
    "医疗器械注册人",
    "融资担保公司",
    "期货公司",
]
_ZH_TP = [
    "资本充足率",
    "流动性风险",
    "反洗钱内部控制",
    "数据出境安全评估",
    "信息披露",
    "关联交易",
    "客户身份识别",
    "网络安全等级保护",
    "关键岗位轮换",
    "业务连续性",
    "外包风险管理",
    "不良反应监测",
    "消费者权益保护",
    "压力测试",
    "公司治理",
    "绿色金融",
]
_ZH_T = [
    "根据《{t}管理办法》第{n}条规定,{f}应当建立健全{t2}制度,并于{d}前向{b}报送书面报告。",
    "{b}有关部门负责人就{t}有关问题答记者问时表示,{f}应当在{k}个工作日内完成整改,逾期未改正的,处{a}万元以下罚款。",
    "本通知自{d}起施行,此前有关{t}的规定与本通知不一致的,以本通知为准。",
    "{f}的{t}比例不得低于百分之{p},{b}可以根据审慎监管需要对{t2}提出更高要求。",
    "各地派出机构应当加强对{f}的现场检查,重点核查{t}、{t2}以及第{n}号文件的落实情况。",
    "公开征求意见期间共收到意见建议{n}条,{b}对涉及{t}的意见进行了认真研究并予以吸收。",
    "{f}委托第三方开展{t2}的,不免除其依法应当承担的{t}责任,相关档案保存期限不少于{k}年。",
    "为进一步规范{t}工作,防范化解{t2}领域的重大风险,现将有关事项通知如下。",
]


def _slots(r, zh=False):
    y, m, d = r.randint(2019, 2027), r.randint(1, 12), r.randint(1, 28)
    en_d = f"{d} {['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'][m - 1]} {y}"
    s = dict(
        n=r.randint(1, 480),
        k=r.randint(2, 60),
        p=r.randint(3, 95),
        a=r.randint(1, 900),
        y=y,
        r=r.choice(["I", "II", "III", "IV", "V", "VI"]),
        d=f"{y}年{m}月{d}日" if zh else en_d,
    )
    if zh:
        s.update(b=r.choice(_ZH_B), f=r.choice(_ZH_F), t=r.choice(_ZH_TP), t2=r.choice(_ZH_TP))
    else:
        b = r.choice(_BODY)
        s.update(
            b=b, B=b[0].upper() + b[1:], f=r.choice(_FIRM), t=r.choice(_TOPIC), t2=r.choice(_TOPIC), v=r.choice(_VERB)
        )
        s["tail"] = r.choice(_TAIL).format(**s)
    return s


# A Zipf-distributed vocabulary, so that the text compresses about as well as real
# regulatory prose (zlib-6: about 3:1) and not as well as pure templates (8:1).
_VOC: dict = {}


def vocabulary(zh):
    if zh not in _VOC:
        r = random.Random(f"voc:{zh}")
        if zh:
            words = [chr(c) for c in r.sample(range(0x4E00, 0x9000), 1800)]
            words += [a + b for a, b in zip(r.sample(words, 1500), r.sample(words, 1500), strict=True)]
        else:
            on = [
                "b",
                "br",
                "c",
                "cl",
                "d",
                "dr",
                "f",
                "fl",
                "g",
                "gr",
                "h",
                "l",
                "m",
                "n",
                "p",
                "pr",
                "qu",
                "r",
                "s",
                "st",
                "str",
                "t",
                "tr",
                "v",
                "",
            ]
            nu = ["a", "e", "i", "o", "u", "ea", "io", "ou"]
            co = [
                "n",
                "r",
                "l",
                "s",
                "t",
                "nt",
                "st",
                "ct",
                "m",
                "d",
                "ble",
                "tion",
                "ment",
                "ance",
                "ity",
                "ing",
                "ed",
                "",
            ]
            words = sorted(
                {
                    "".join(r.choice(on) + r.choice(nu) + r.choice(co) for _ in range(r.choice([1, 1, 2, 2, 3])))
                    for _ in range(5000)
                }
            )
            r.shuffle(words)
        w, cum = 0.0, []
        for k in range(len(words)):
            w += 1 / (k + 5)
            cum.append(w)
        _VOC[zh] = (words, cum)
    return _VOC[zh]


def clause(r, zh):
    words, cum = vocabulary(zh)
    ws = r.choices(words, cum_weights=cum, k=r.randint(14, 34))
    return "".join(ws) if zh else " ".join(ws)


def sentence(r, zh):
    t = r.choice(_ZH_T if zh else _EN_T).format(**_slots(r, zh))
    if zh:
        return t[:-1] + "," + clause(r, zh) + "。"
    return t[:-1] + ", " + clause(r, zh) + "."


_POOL: dict = {}


def pool(zh):
    if zh not in _POOL:
        r = random.Random(f"pool:{zh}")
        _POOL[zh] = [sentence(r, zh) for _ in range(5000)]
    return _POOL[zh]


def headline(r, zh):
    s = _slots(r, zh)
    if zh:
        return r.choice(
            [
                "{b}关于进一步加强{t}管理的通知",
                "{b}就{t}公开征求意见",
                "关于规范{f}{t}有关事项的公告",
                "{b}发布《{t}指引({y}年修订)》",
            ]
        ).format(**s)
    return r.choice(
        [
            "{B} publishes final rules on {t}",
            "Consultation on {t} for {f}",
            "Statement on {t} and {t2}",
            "Dear CEO letter: {t}",
            "Enforcement notice {n}/{y}: {t}",
            "Update to the {t} reporting template",
        ]
    ).format(**s)


def _date(r, zh):
    y, m, d = r.randint(2019, 2026), r.randint(1, 12), r.randint(1, 28)
    return f"{y}-{m:02d}-{d:02d}" if zh else f"{d:02d}/{m:02d}/{y}"


_NUM = re.compile(r"\d+")


def amend(s, r, zh):
    """The smallest realistic amendment: one number in one sentence moves."""
    nums = list(_NUM.finditer(s))
    if nums:
        m = r.choice(nums)
        old = int(m.group())
        new = old + r.choice([1, 2, 5, 10])
        return s[: m.start()] + str(new) + s[m.end() :]
    return s[:-1] + ("(修订)。" if zh else ", as amended.")


class Page:
    __slots__ = ("i", "site", "zh", "blocks", "news", "title", "version", "lastmod", "body", "segs", "etag")


class Site:
    def __init__(self, n, seed="peerbench-1", zh_share=0.25, pages_per_site=20):
        self.n, self.seed, self.zh_share, self.pps = n, seed, zh_share, pages_per_site
        self._chrome: dict = {}
        self.pages = [self._new(i) for i in range(n)]

    # ------------------------------------------------------------- page models
    def _rng(self, *key):
        return random.Random(":".join(map(str, (self.seed,) + key)))

    def path(self, i):
        return f"/site-{i // self.pps:03d}/page-{i:05d}.html"

    def _new(self, i):
        p = Page()
        site = i // self.pps
        p.i, p.site, p.version = i, site, 0
        p.zh = (site * 7919 % 100) < self.zh_share * 100
        r = self._rng("page", i)
        p.title = headline(r, p.zh)
        ss = pool(p.zh)
        p.blocks = []
        for _sec in range(r.randint(6, 11)):
            p.blocks.append(["h2", [headline(r, p.zh)]])
            for _ in range(r.randint(2, 5)):
                kind = r.choices(["p", "ul", "tr"], [8, 2, 1])[0]
                p.blocks.append([kind, r.sample(ss, r.randint(2, 6))])
        p.news = [(_date(r, p.zh), headline(r, p.zh), r.randint(10000, 99999)) for _ in range(r.randint(12, 30))]
        p.lastmod, p.body, p.segs, p.etag = None, None, None, None
        return p

    def reset(self):
        for p in self.pages:
            if p.version:
                self.pages[p.i] = self._new(p.i)

    def change(self, fraction, tag, min_pages=1):
        """Edit a fraction of pages; returns [(index, kind)] - the ground truth."""
        r = self._rng("change", tag)
        k = max(min_pages, round(self.n * fraction)) if fraction > 0 else 0
        out = []
        for j, i in enumerate(sorted(r.sample(range(self.n), min(k, self.n)))):
            out.append((i, self._edit(i, ["insert", "amend", "delete", "news"][j % 4])))
        return out

    def _edit(self, i, kind):
        p = self.pages[i]
        p.version += 1
        r = self._rng("edit", i, p.version)
        text = [b for b in p.blocks if b[0] != "h2"]
        if kind == "insert":
            new = ["p", [sentence(r, p.zh) for _ in range(r.randint(2, 4))]]
            p.blocks.insert(r.randint(1, len(p.blocks)), new)
        elif kind == "amend":
            b = r.choice(text)
            j = r.randrange(len(b[1]))
            b[1][j] = amend(b[1][j], r, p.zh)
        elif kind == "delete":
            b = r.choice(text)
            if len(b[1]) > 1:
                b[1].pop(r.randrange(len(b[1])))
            else:
                p.blocks.remove(b)
        else:
            p.news.insert(0, (_date(r, p.zh), headline(r, p.zh) + f" ({r.randint(100, 999)})", r.randint(10000, 99999)))
        p.body = p.segs = p.etag = None
        return kind

    # --------------------------------------------------------------- rendering
    def chrome(self, site, zh):
        """Per-site boilerplate shared by its pages: CSS, JS, nav, footer."""
        if site in self._chrome:
            return self._chrome[site]
        r = self._rng("chrome", site)
        words = [
            "container",
            "row",
            "col",
            "card",
            "nav",
            "menu",
            "btn",
            "hero",
            "grid",
            "table",
            "list",
            "footer",
            "alert",
            "badge",
        ]
        css = "".join(
            f".{r.choice(words)}-{r.choice(words)}-{k}{{margin:{r.randint(0, 40)}px;padding:{r.randint(0, 30)}px;color:#{r.randint(0, 0xFFFFFF):06x};display:{r.choice(['block', 'flex', 'grid'])}}}\n"
            for k in range(r.randint(40, 110))
        )
        js = "".join(
            f"function f{k}(a,b){{if(a<b&&b>{r.randint(1, 99)}){{return a*{r.randint(2, 99)}+b;}}var el=document.getElementById('x{k}');"
            f"el&&el.addEventListener('click',function(e){{e.preventDefault();window.dataLayer=window.dataLayer||[];dataLayer.push({{event:'c{k}',v:{r.randint(1, 9999)}}});}});return b;}}\n"
            for k in range(r.randint(30, 90))
        )
        nav = []
        for g in range(r.randint(6, 9)):
            items = "".join(
                f'<li class="menu-item menu-item-{g}-{k} has-icon" role="none"><a role="menuitem" href="/site-{site:03d}/topic-{g}-{k}/'
                + (f";jsessionid=\x00L{(g + k) % 3}\x00" if k == 0 else "")
                + f'"><svg class="ico" viewBox="0 0 16 16" aria-hidden="true"><path d="M{r.randint(0, 16)} {r.randint(0, 16)}h{r.randint(1, 9)}v{r.randint(1, 9)}z"/></svg><span>{headline(r, zh)}</span></a></li>\n'
                for k in range(r.randint(8, 16))
            )
            nav.append(
                f'<li class="menu-group" role="none"><button type="button" aria-expanded="false">{headline(r, zh)}</button>\n<ul class="submenu" role="menu">\n{items}</ul></li>\n'
            )
        foot = "".join(
            f'<li><a href="/site-{site:03d}/foot-{k}/">{headline(r, zh)}</a></li>\n' for k in range(r.randint(15, 35))
        )
        name = (
            (r.choice(_ZH_B) + "门户网站")
            if zh
            else (
                r.choice(_BODY)[4:].title()
                + " of "
                + r.choice(["Ruritania", "Freedonia", "Sylvania", "Genovia", "Latveria"])
            )
        )
        # 1 in 4 Chinese sites is a legacy GB18030 one
        enc = "gb18030" if zh and r.random() < 0.25 else "utf-8"
        legacy = r.random() < 0.3
        self._chrome[site] = (css, js, "".join(nav), foot, name, enc, legacy)
        return self._chrome[site]

    def encoding(self, i):
        p = self.pages[i]
        return self.chrome(p.site, p.zh)[5]

    def markup(self, i):
        p = self.pages[i]
        css, js, nav, foot, name, enc, legacy = self.chrome(p.site, p.zh)
        zh = p.zh
        art = []
        for kind, ss in p.blocks:
            if kind == "h2":
                art.append(f'<h2 class="section-title">{ss[0]}</h2>')
            elif kind == "p":
                art.append(f'<p class="body-text">{("" if zh else " ").join(ss)}</p>')
            elif kind == "ul":
                art.append('<ul class="reg-list">\n' + "\n".join(f"<li>{s}</li>" for s in ss) + "\n</ul>")
            else:
                art.append(
                    '<table class="reg-table"><tbody>\n'
                    + "\n".join(f'<tr><th scope="row">{k}</th><td>{s}</td></tr>' for k, s in enumerate(ss, 1))
                    + "\n</tbody></table>"
                )
        news = "\n".join(
            f'<li class="news-item"><time>{d}</time> <a href="/site-{p.site:03d}/news/{k}.html">{t}</a></li>'
            for d, t, k in p.news
        )
        ld = json.dumps(
            {"@context": "https://schema.org", "@type": "GovernmentService", "name": p.title, "provider": name},
            ensure_ascii=False,
        )
        wrap_o, wrap_c = (
            ('<table width="980" align="center"><tr><td>', "</td></tr></table>")
            if legacy
            else ('<div class="page-wrap"><div class="row">', "</div></div>")
        )
        return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if zh else "en"}">
<head>
<meta charset="{enc}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="\x00H0\x00">
<title>{p.title} | {name}</title>
<link rel="stylesheet" href="/static/site-{p.site:03d}/main.css?v=\x00L1\x00">
<link rel="canonical" href="{self.path(i)}">
<style>
{css}</style>
<script type="application/ld+json">{ld}</script>
<script nonce="\x00H1\x00">
window.__page = {{"id": {i}, "ts": "\x00H2\x00"}};
{js}</script>
</head>
<body class="page page-{i} {"legacy" if legacy else "modern"}">
<!-- rendered in \x00H3\x00 -->
<a class="skip" href="#main">{"跳转到主要内容" if zh else "Skip to main content"}</a>
<header class="site-header"><div class="brand"><a href="/site-{p.site:03d}/">{name}</a></div>
<form class="search" action="/search" method="post"><input type="hidden" name="_csrf" value="\x00H0\x00"><input type="search" name="q" placeholder="{"搜索" if zh else "Search"}"><button>{"搜索" if zh else "Search"}</button></form>
<nav class="main-nav" aria-label="Main"><ul class="menu" role="menubar">
{nav}</ul></nav></header>
{wrap_o}
<nav class="breadcrumb"><ol><li><a href="/">{"首页" if zh else "Home"}</a></li><li><a href="/site-{p.site:03d}/">{name}</a></li><li>{p.title}</li></ol></nav>
<main id="main" class="content"><article>
<h1>{p.title}</h1>
<p class="meta">{"发布机构" if zh else "Published by"}: {name}</p>
{chr(10).join(art)}
</article></main>
<aside class="sidebar"><h2>{"最新动态" if zh else "Latest news"}</h2>
<ul class="news">
{news}
</ul></aside>
{wrap_c}
<footer class="site-footer"><ul class="links">
{foot}</ul>
<p class="counter">{"访问量" if zh else "Visitors"}: \x00V0\x00</p>
<p class="clock">{"服务器时间" if zh else "Server time"}: \x00V1\x00</p>
<p class="copy">&copy; 2026 {name}</p></footer>
<script src="/static/site-{p.site:03d}/app.js?v=\x00L2\x00" defer></script>
</body>
</html>
"""

    def _segments(self, i):
        p = self.pages[i]
        if p.segs is None:
            enc = self.encoding(i)
            parts = SLOT_RE.split(self.markup(i))
            p.segs = [x if k % 2 else x.encode(enc) for k, x in enumerate(parts)]
        return p.segs

    def default_slot(self, i, slot):
        h = hashlib.md5(f"{i}:{slot}".encode()).hexdigest()
        if slot == "V0":
            return str(100000 + i * 37)
        if slot == "V1":
            return "2026-01-15 09:30:00"
        return h if slot[0] == "H" else h[:12]

    def body(self, i):
        """Bytes of the page with all noise off (cached)."""
        p = self.pages[i]
        if p.body is None:
            p.body = b"".join(self.default_slot(i, x).encode() if k % 2 else x for k, x in enumerate(self._segments(i)))
            p.segs = None  # keep memory flat; rebuilt if noise is on
            p.etag = '"' + hashlib.md5(p.body).hexdigest() + '"'
        return p.body

    def noisy(self, i, noise, counter, now, token):
        """Bytes with the slots of the kinds in `noise` drawn per request."""
        out = []
        for k, x in enumerate(self._segments(i)):
            if k % 2 == 0:
                out.append(x)
            elif KINDS[x[0]] not in noise:
                out.append(self.default_slot(i, x).encode())
            elif x == "V0":
                out.append(str(500000 + counter).encode())
            elif x == "V1":
                out.append(now)
            else:
                out.append(token[:12] if x[0] == "L" else token + x.encode())
        return b"".join(out)


if __name__ == "__main__":
    import statistics
    import time

    t = time.time()
    s = Site(400)
    t1 = time.time()
    sizes = [len(s.body(i)) for i in range(400)]
    print(f"model {1000 * (t1 - t) / 400:.2f} ms/page, render {1000 * (time.time() - t1) / 400:.2f} ms/page")
    print("bytes min/median/mean/max", min(sizes), statistics.median(sizes), round(statistics.mean(sizes)), max(sizes))
    print("zh", sum(p.zh for p in s.pages), "gb18030", sum(s.encoding(i) != "utf-8" for i in range(400)))
