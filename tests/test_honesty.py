# ruff: noqa: E501  (pages as one line each)
"""Honesty: the promised page is told from what comes instead."""

import csv
import gzip
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import extract
from bot.errors import ReadError
from bot.honesty import doubt_against, doubt_reading, doubt_response
from bot.model import CAUSES, Block, Memory, Paths, Reading, Source

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
PAGE = Source("page", "https://ministry.example/laws/2026/measures.html")
HTML = [("Content-Type", "text/html; charset=utf-8")]
PROSE = "The controller shall notify the authority before personal data leave the jurisdiction. " * 60
GOOD = f"<!doctype html><html><head><title>Measures on transfers</title></head><body><h1>Measures</h1><p>{PROSE}</p></body></html>"


def cause(body="", *, source=PAGE, status=200, headers=HTML, final_url=""):
    raw = body if isinstance(body, bytes) else body.encode()
    found = doubt_response(
        source, status=status, headers=headers, url=source.url, final_url=final_url or source.url, body=raw
    )
    assert found is None or (found.cause in CAUSES and found.detail)
    return found.cause if found else ""


def page(title="", text="", head="", more=""):
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{text}{more}</body></html>"


def test_an_ordinary_page_is_not_doubted():
    assert cause(GOOD) == ""


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, "not found"), (410, "not found"), (401, "login"), (403, "blocked"), (407, "login"), (451, "blocked"),
     (429, "later"), (503, "later"), (500, "http"), (502, "http"), (400, "http"), (405, "blocked"), (206, "truncated"), (204, "empty")],
)  # fmt: skip
def test_a_status_has_its_cause(status, expected):
    assert cause(GOOD, status=status) == expected


def test_203_and_other_successes_are_read():
    assert cause(GOOD, status=203) == ""


def test_a_refused_post_is_no_firewall():
    assert cause(GOOD, source=Source("api", PAGE.url, method="POST"), status=405) == "http"


def test_an_accepted_request_without_a_page_is_a_challenge():
    assert cause("", status=202) == "blocked"
    assert cause(page(more="<script src=/x.js></script>"), status=202) == "blocked"


def test_503_says_more_when_its_page_does():
    assert cause(page("Wartungsarbeiten", "Wir sind bald zurück."), status=503) == "maintenance"
    assert cause(page("Just a moment...", "<script>window._cf_chl_opt={}</script>"), status=503) == "blocked"


@pytest.mark.parametrize(
    "body",
    [
        page("Just a moment...", "<p>Verifying you are human.</p>", more="<script>window._cf_chl_opt={a:1}</script>"),
        page("", '<div id="px-captcha"></div>', more='<script src="https://captcha.px-cdn.net/x.js"></script>'),
        page("ministry.example", '<script src="https://ct.captcha-delivery.com/c.js"></script>'),
        page("", "<script>document.cookie='__jsl_clearance_s=1';location.reload()</script>"),
        page("网站防火墙", "<p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>"),
        page("访问被阻断", "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>"),
        page("安全验证", "<p>请完成安全验证后继续访问</p>"),
        page("存取被拒", "<p>您沒有權限存取這個網頁。</p>"),
        page("アクセス拒否", "<p>アクセスが拒否されました。</p>"),
        page("차단 안내", "<p>귀하의 접속이 차단되었습니다.</p>"),
        page("Доступ ограничен", "<p>Доступ к запрашиваемому ресурсу ограничен.</p>"),
        page("Zugriff verweigert", "<p>Ihre Anfrage wurde blockiert.</p>"),
        page("Making sure you&#39;re not a bot!", "<p>Loading...</p>"),
        page("Ministry of Data | Access Denied", "<p>Reference 18.2f</p>"),
        page("Web Page Blocked", "<p>The page you have requested has been blocked by your organisation.</p>"),
        page("403 Forbidden", "<center>nginx</center>"),
        page("", "<p>Please enable cookies and reload the page.</p>"),
        page("", '<p>Your support ID is: 99</p><p>The requested URL was rejected.</p>'),
    ],
)  # fmt: skip
def test_a_challenge_is_blocked_whatever_the_status(body):
    assert cause(body) == "blocked"
    assert cause(body, status=403) == "blocked"


def test_a_challenge_that_says_so_in_a_header_is_blocked():
    assert cause(GOOD, headers=[*HTML, ("CF-Mitigated", "challenge")]) == "blocked"
    assert cause(GOOD, headers=[*HTML, ("x-amzn-waf-action", "captcha")]) == "blocked"


def test_vendor_scripts_on_a_full_page_are_not_a_challenge():
    sensor = (
        '<script src="/_Incapsula_Resource?SW=1"></script><script src="/cdn-cgi/challenge-platform/h/x.js"></script>'
    )
    assert cause(GOOD.replace("</body>", sensor + "</body>")) == ""


def test_a_page_about_blocking_is_not_blocked():
    assert cause(page("Access denied: how barriers to data work", f"<p>{PROSE}</p>")) == ""
    assert (
        cause(GOOD.replace(PROSE, PROSE + " Scheduled maintenance is on Sunday. Page not found errors were fixed."))
        == ""
    )


@pytest.mark.parametrize(
    "body",
    [
        page("Sign in to your account", '<form><input type="password"></form>'),
        page("Anmelden", "<form>Benutzername Passwort</form>"),
        page("统一身份认证", "<form>用户名 密码</form>"),
        page("Portal", "<p>Votre session a expiré. Veuillez vous connecter.</p>"),
        page("ログイン", "<p>ユーザーID</p>"),
        page("Before you continue", "<p>Accept all</p>"),
    ],
)
def test_a_login_or_consent_wall_is_a_login(body):
    assert cause(body) == "login"


def test_a_redirect_to_a_gate_is_named_by_the_gate():
    assert cause(GOOD, final_url="https://ministry.example/login?return=/laws") == "login"
    assert cause(GOOD, final_url="https://unblock.ministry.example/") == "blocked"
    assert cause("", status=404, final_url="https://ministry.example/apology/abuse-detection.html") == "blocked"


def test_a_redirect_from_a_document_to_the_front_page_is_a_soft_404():
    assert cause(GOOD, final_url="https://ministry.example/en/index.html") == "soft 404"
    assert cause(GOOD, final_url="https://ministry.example/laws/2026/measures-v2.html") == ""


@pytest.mark.parametrize(
    "text",
    [
        "The site is down for maintenance. Please check back soon.", "Die Seite wird derzeit gewartet.", "El sitio se encuentra en mantenimiento.",
        "O site encontra-se em manutenção.", "Le service est en maintenance.", "系统维护中，请稍后访问。正在维护", "系統維護中，請稍後再試。",
        "ただいまメンテナンス中です。", "현재 시스템 점검 중입니다.", "На сайте ведутся технические работы.", "الموقع تحت الصيانة", "Hệ thống đang bảo trì",
        "Serwis jest tymczasowo niedostępny. Trwają prace techniczne.", "Situs sedang dalam pemeliharaan.",
    ],
)  # fmt: skip
def test_maintenance_is_known_in_many_languages(text):
    assert cause(page("Ministry", f"<p>{text}</p>")) == "maintenance"


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found", "Page not found | Ministry", "Ministry - Page not found", "Seite nicht gefunden", "Página no encontrada", "Página não encontrada - Governo",
        "Page introuvable", "页面不存在", "您访问的页面不存在", "找不到網頁", "ページが見つかりません", "페이지를 찾을 수 없습니다", "Страница не найдена", "الصفحة غير موجودة",
        "Error 404", "Strona nie została znaleziona", "Sidan hittades inte",
    ],
)  # fmt: skip
def test_a_soft_404_is_known_in_many_languages(title):
    assert cause(page(title, "<p>menu home contact</p>")) == "soft 404"


@pytest.mark.parametrize(
    "title", ["500 firms comment on data rules", "Maintenance of records", "404 U.S. 71", "Errors in consent"]
)
def test_a_title_with_a_number_or_a_common_word_is_no_error_page(title):
    assert cause(page(title, f"<p>{PROSE[:900]}</p>")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Decisions by automated means need a human review. Suspicious activity is reported to the authority.",
        "Роскомнадзор разъяснил порядок применения 149-ФЗ «Об информации» к трансграничной передаче.",
        "The firm must log in detail each access by support staff abroad. Records not found to be complete lead to a fine.",
    ],
)
def test_a_short_notice_in_the_words_of_the_trade_is_no_refusal(text):
    assert cause(page("Notice 14 of 2026", f"<h1>Notice 14</h1><p>{text}</p><script>1</script>")) == ""
    assert after(read(text)) == ""


def test_a_title_without_end_is_looked_at_in_part():  # each start of it in turn would take half a minute
    assert cause(page("access denied to " + "many a word " * 20_000)) in {"", "empty", "blocked"}
    assert after(read("text of a law", title="access denied to " + "many a word " * 20_000)) == ""


def test_a_parked_domain_is_a_soft_404():
    assert cause(page("ministry.example", "<p>This domain is for sale! Buy this domain now.</p>")) == "soft 404"


def test_a_meta_refresh_stub_names_its_target():
    there = doubt_response(
        PAGE, status=200, headers=HTML, url=PAGE.url, final_url=PAGE.url,
        body=page("Moved", head='<meta http-equiv="refresh" content="0; url=/laws/new.html">').encode(),
    )  # fmt: skip
    assert there and there.cause == "empty" and "https://ministry.example/laws/new.html" in there.hint
    assert cause(page("", head="<meta http-equiv=refresh content='0;URL=https://other.example/'>")) == "elsewhere"


def test_a_page_that_reloads_itself_after_minutes_is_no_stub():
    assert cause(GOOD.replace("<title>", '<meta http-equiv="refresh" content="300"><title>')) == ""


@pytest.mark.parametrize(
    "body",
    [
        page("Portal", '<div id="root"></div><script src="/main.js"></script>'),
        page("Portal", "<app-root>Loading...</app-root><script src=/main.js></script>"),
        page("Portal", '<noscript>You need to enable JavaScript to run this app.</noscript><div id="app"></div><script src=/a.js></script>'),
        page("法规库", "<div id=app></div><script src=/a.js></script>"),
    ],
)  # fmt: skip
def test_a_page_that_scripts_must_fill_is_a_shell(body):
    assert cause(body) == "js shell"


def test_nothing_is_empty():
    assert cause("") == "empty"
    assert cause(" \n\t ") == "empty"
    assert cause(page("Ministry")) == "empty"


@pytest.mark.parametrize(
    ("type", "body", "expected"),
    [
        ("json", GOOD, "wrong type"), ("feed", GOOD, "wrong type"), ("pdf", GOOD, "wrong type"), ("sitemap", GOOD, "wrong type"),
        ("page", b"%PDF-1.7 ... %%EOF", "wrong type"), ("list", b"PK\x03\x04...", "wrong type"), ("pdf", b"%PDF-1.7 ...", "truncated"),
        ("json", b'{"a": 1}', ""), ("page", b'{"error":"rate limited"}', "wrong type"), ("page", b"[Draft] Measures on data", ""),
        ("feed", b"<?xml version='1.0'?><rss><channel></channel></rss>", ""), ("feed", b"<rss><channel><item>", ""),
        ("feed", b"<rss><channel><item><title>cut of", "truncated"), ("pdf", b"%PDF-1.7 ...\n%%EOF\n", ""), ("page", b"Plain words of a law, and a good many of them.", ""),
    ],
)  # fmt: skip
def test_a_body_must_be_what_was_declared(type, body, expected):
    assert cause(body, source=Source("s", PAGE.url, type=type)) == expected


def test_a_challenge_in_place_of_json_is_a_challenge_first():
    challenge = page("Attention Required! | Cloudflare", "<p>You are unable to access</p>")
    assert cause(challenge, source=Source("s", PAGE.url, type="json")) == "blocked"


def test_a_body_shorter_than_its_length_is_truncated():
    assert cause(GOOD, headers=[*HTML, ("Content-Length", str(len(GOOD) + 1))]) == "truncated"
    assert cause(GOOD, headers=[*HTML, ("Content-Length", "999999"), ("Content-Encoding", "gzip")]) == ""


def test_a_refusal_in_plain_text_is_a_refusal():
    assert cause("Your IP address has been blocked.", headers=[("Content-Type", "text/plain")]) == "blocked"



# ------------------------------------------------------------------------------------------------ many families


def _family(kind):
    with open(Path(__file__).parent / "bodies.toml", "rb") as bodies:
        return [_body(one) for one in tomllib.load(bodies)[kind]["bodies"]]


def _body(one):
    if "raw" in one:
        return one["raw"]
    title, head, text, more = (one.get(key, "") for key in ("title", "head", "text", "more"))
    return f"<!doctype html><html lang={one.get('lang', 'en')}><title>{title}</title>{head}<body>{text}{more}</body></html>"


def _judged(body):
    """What a first look would say: before reading, then after it."""
    found = cause(body)
    if found:
        return found
    try:
        reading = extract.read(body.encode(), source=PAGE, content_type="text/html; charset=utf-8", url=PAGE.url)
    except ReadError as error:
        return error.cause
    return after(reading)


@pytest.mark.parametrize(
    "kind", ["blocked", "login", "maintenance", "soft 404", "http", "js shell", "elsewhere", "empty"]
)
def test_refusals_of_many_makers_and_languages_are_known_without_a_memory(kind):
    assert {body: found for body in _family(kind) if (found := _judged(body)) != kind} == {}


def test_short_notices_that_speak_of_blocking_logins_maintenance_and_missing_pages_are_good():
    assert {body: found for body in _family("good") if (found := _judged(body))} == {}


def test_a_form_that_only_asks_for_a_password_is_a_login_and_one_beside_a_text_is_not():
    form = "<form><input name=u><input type=password></form>"
    assert cause(page("Ministry", form)) == "login"
    assert cause(page("Ministry", f"{form}<p>{PROSE[:900]}</p>")) == ""


# ------------------------------------------------------------------------------------------------ after reading


def read(*texts, kind="paragraph", title=""):
    return Reading(tuple(Block(kind, text) for text in texts), title=title)


def after(reading, source=PAGE):
    found = doubt_reading(source, reading)
    return found.cause if found else ""


def test_a_good_reading_is_not_doubted():
    assert after(read(PROSE)) == ""
    assert after(read("第一条 为了规范数据出境活动,制定本办法。", "第二条 本办法自公布之日起施行。")) == ""


def test_fewer_blocks_than_promised_is_empty():
    assert after(read("One.", "Two of them."), Source("s", PAGE.url, min_blocks=3)) == "empty"
    assert after(Reading(())) == "empty"


def test_a_list_without_items_is_doubted_unless_it_may_be_empty():
    news = Source("s", PAGE.url, type="list")
    assert after(read("News of the authority, in order of date."), news) == "no items"
    assert after(read("There are no consultations."), Source("s", PAGE.url, type="list", min_blocks=0)) == ""
    api = Source("s", PAGE.url, type="json", paths=Paths(items="results[*]"))
    assert after(read("count: 0, nothing else of note"), api) == "no items"


def test_a_short_reading_means_what_it_says():
    assert after(read("Mon espace", "Le service est en maintenance. Revenez vite.")) == "maintenance"
    assert after(read("Page not found", kind="heading")) == "soft 404"
    assert after(read("Aller au contenu", "Chargement en cours ...")) == "js shell"
    assert after(read("Veuillez activer JavaScript.")) == "js shell"


def test_a_long_reading_may_speak_of_maintenance():
    assert after(read(PROSE, "The register is under maintenance on Sunday.")) == ""


def test_garbled_letters_are_mojibake():
    twice = "données transférées à l'étranger où l'autorité compétente a été créée".encode().decode("cp1252")
    assert after(read(*[twice] * 20)) == "mojibake"
    assert after(read("Le r\ufffdglement g\ufffdn\ufffdral sur la protection " * 20)) == "mojibake"
    assert after(read("données transférées à l'étranger " * 50)) == ""


# ------------------------------------------------------------------------------------------------ against memory


def blocks(*texts, kind="paragraph"):
    return tuple(Block(kind, text, key=str(n) if kind == "entry" else "") for n, text in enumerate(texts))


def law(count):
    return blocks(
        *(
            f"Article {n}. The processor of data no. {n} shall apply for a security assessment before the transfer."
            for n in range(count)
        )
    )


NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def against(before, now, *, hash=b"new", shrinks=0, failed=b"", hours=48, cut=False):
    since = NOON - timedelta(hours=hours)
    memory = Memory(
        PAGE, version=1, blocks=before, reading_hash=b"old", shrinks=shrinks, failed_hash=failed, shrunk_since=since
    )
    found = doubt_against(memory, now, language="en", reading_hash=hash, at=NOON, cut=cut)
    return found.cause if found else ""


def test_a_sudden_shrink_is_doubted():
    assert against(law(60), law(10)) == "sudden shrink"
    assert against(law(60), law(30)) == ""
    assert against(law(8), law(2)) == ""  # too little to be sure


FRONT = blocks(*(f"Story {n}: roads, bridges and trains of the region are repaired before the winter" for n in range(9)))
RETITLED = blocks("Ordinance on the storage of electronic records", kind="heading") + blocks(
    *(f"Section {n}. Whoever keeps records for the office shall have them audited once in {n} years." for n in range(2, 9))
)


@pytest.mark.parametrize("other", [FRONT, RETITLED, blocks("Please accept our cookies to continue")])
def test_quite_another_text_is_doubted_however_short_the_page(other):
    title = blocks("Measures on the export of personal information", kind="heading")
    before = title + law(7)
    assert against(before, other) == "sudden shrink"
    assert against(before, other, shrinks=2, failed=b"new") == ""  # a page that was written anew, after two days
    assert against(before, title + other) == ""  # the title stands: the same document
    amended = blocks(*(block.text.replace("shall apply for", "need not have") for block in law(7)))
    assert against(before, blocks("Rules") + amended) == ""


def test_a_line_may_be_replaced_by_any_other_and_a_stub_by_a_long_text():
    assert against(blocks("No measures are planned at present."), FRONT) == ""
    assert against(law(7), FRONT * 40) == ""


def test_a_list_that_shows_fewer_items_at_once_is_believed():
    releases = blocks(
        *(f"Release {n} on the transfer of personal data to third countries" for n in range(40)), kind="entry"
    )
    assert against(releases, releases[:10]) == ""
    assert against(releases, releases[:1]) == "sudden shrink"


def test_the_third_look_in_a_row_that_says_so_is_believed_after_two_days():
    assert against(law(60), law(10), shrinks=1, failed=b"new") == "sudden shrink"
    assert against(law(60), law(10), shrinks=9, failed=b"new", hours=47) == "sudden shrink"
    assert against(law(60), law(10), shrinks=2, failed=b"new") == ""
    assert against(law(60), law(10), shrinks=2, failed=b"other") == "sudden shrink"


def test_a_page_that_ends_in_the_middle_without_its_end_tag_was_cut_on_the_way():
    whole = law(60)
    cut = [*whole[:40], whole[40]._replace(text=whole[40].text[:30])]
    assert against(whole, cut, cut=True) == "truncated"
    assert against(whole, cut) == ""
    assert against(whole, [*whole[:40], *whole[41:]], cut=True) == ""


def test_a_list_that_lost_all_its_items_is_doubted():
    assert against(blocks(*"abcdef", kind="entry"), blocks("No results")) == "no items"


def test_a_page_in_another_language_is_doubted():
    english = blocks(*[f"{PROSE} It is in force for part {n}." for n in range(3)])
    french = blocks(
        *[
            f"Le responsable du traitement doit informer les autorités dans le délai prévu par la loi et par le règlement, selon la partie {n}."
            for n in range(30)
        ]
    )
    simplified = blocks(
        *[
            f"第{n}条 数据处理者向境外提供个人信息,应当按照国家网信部门规定办理安全评估,经过认证或者订立标准合同。"
            for n in range(30)
        ]
    )
    traditional = blocks(
        *[
            f"第{n}條 數據處理者向境外提供個人資訊,應當按照國家網信部門規定辦理安全評估,經過認證或者訂立標準合約。"
            for n in range(30)
        ]
    )
    assert against(english, french) == "wrong language"
    assert against(english, simplified) == "wrong language"
    assert against(simplified, traditional) == "wrong language"
    assert against(simplified, simplified[:28]) == ""


def test_a_first_reading_has_nothing_to_be_held_against():
    assert doubt_against(Memory(PAGE), law(3), language="en", reading_hash=b"x", at=NOON) is None


# ------------------------------------------------------------------------------------------------ real captures

KINDS = {  # by the first word of the file's name
    "akamai": "blocked", "aliyun": "blocked", "js_challenge": "blocked", "v_js": "blocked", "sucuri": "blocked", "f5": "blocked",
    "incapsula": "blocked", "nginx": "blocked", "sgcaptcha": "blocked", "isp": "blocked", "nat": "blocked", "prod": "blocked",
    "js-shell": "js shell", "login-wall": "login", "maintenance_vivoptim": "maintenance", "offline": "maintenance", "http500": "http",
    "redirect-stub": "elsewhere", "xml-parse": "unreadable",
}  # fmt: skip
TYPES = {
    "md": "markdown",
    "xml": "xml",
    "json": "json",
    "rss": "feed",
    "atom": "feed",
    "pdf": "pdf",
    "txt": "text",
    "doc": "doc",
    "docx": "docx",
}
corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the captures are not beside this checkout")


@corpus
def test_captured_refusals_are_recognised():
    files = [path for path in sorted((CORPUS / "blocked").rglob("*.html"))]
    wanted = {path: kind for path in files for name, kind in KINDS.items() if path.name.startswith(name)}
    assert len(wanted) > 20
    assert {path.name: cause(path.read_bytes()) for path in wanted} == {
        path.name: kind for path, kind in wanted.items()
    }


@corpus
def test_captured_good_pages_are_not_doubted():
    with open(CORPUS / "MANIFEST.tsv", encoding="utf-8") as rows:
        good = [
            row
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not row["path"].startswith("blocked")
        ]
    doubted = {row["path"]: _captured(row) for row in good if not _is_artefact(row["what_changed"])}
    assert {path: found for path, found in doubted.items() if found} == {}


def _is_artefact(what):
    return "shell" in what or "maintenance" in what


def _captured(row):
    path = CORPUS / row["path"]
    body, name = path.read_bytes(), path.name
    if name.endswith(".gz"):
        body, name = gzip.decompress(body), name[:-3]
    type = TYPES.get(name.rsplit(".", 1)[-1], "page")
    return cause(
        body,
        source=Source("s", row["url"], type=type),
        headers=[("Content-Type", f"application/{type}" if type != "page" else "text/html")],
    )
