"""What commences, ends or is due on its own publication: the day is the list's, in every language we read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.extract import read
from bot.judge import judge_text, load_rules
from bot.judge.dates import dates_of
from bot.model import Source
from tests.scenes import Scene, followed_list, listing, rule
from tests.site import Site

RULES = load_rules()
LISTED = date(2026, 11, 19)

# language | kind:day … | title | text, all of them listed on 19 November 2026
COUNTED = """
zh|effective:2026-11-19|交通运输部令|《网约车数据出境管理办法》已于2026年10月12日经第18次部务会议审议通过，现予公布，自公布之日起施行。
zh|effective:2027-02-01|中国人民银行令|《办法》已经2026年9月11日会议审议通过，现予发布，自2027年2月1日起施行。2026年11月18日
zh|effective:2026-12-19|数据出境若干规定|2026年8月3日国务院常务会议讨论通过本规定。本规定自公布之日起30日后施行。
zh|expires:2026-11-19|关于废止部分文件的公告|该通知自本公告发布之日起不再执行。
zh|effective:2027-01-01|商务部公告|自2027年1月1日起，暂停向上述实体提供重要数据。
zh-Hant|effective:2026-11-19|限制業者將用戶個人資料傳遞至境外，並自即日生效|
zh-Hant|effective:2026-11-20|第12/2026號行政法規|本行政法規自公佈翌日起生效。
zh-Hant|deadline:2027-01-18|預告訂定國際傳輸辦法草案|對本公告內容有意見者，請於本公告刊登公報之次日起六十日內陳述意見。
ja|effective:2026-11-19|外国移転規則の改正|令和8年9月10日に委員会で議決され、公布の日から施行する。
ja|effective:2027-02-19|越境移転規則|この規則は、公布の日から起算して三月を経過した日から施行する。
ja|effective:2026-12-15|日英デジタル協定が12月15日に発効|
ko|effective:2026-11-19|국외 이전 고시 개정|2026년 9월 30일 국무회의 의결을 거쳐 확정된 이 영은 공포한 날부터 시행한다.
ko|deadline:2026-12-09|국외 이전 고시 개정안 행정예고|의견이 있는 경우 공고일부터 20일 이내에 제출하여 주십시오.
ko|deadline:2026-12-15|국외 이전 고시 개정|개정안은 12월 15일까지 입법예고된다.
en|effective:2026-11-19|Order on transfers of personal data|This Order takes effect immediately.
en|effective:2026-11-19|Transfer Rules|They shall come into force on the date of their publication in the Gazette.
en|deadline:2026-12-19|Request for comment|Comments must be filed within 30 days of publication of this notice.
de|effective:2026-11-19|Anordnung|Die Anordnung gilt mit sofortiger Wirkung.
de|effective:2026-11-20|Änderung der Verordnung|Sie tritt am Tag nach der Verkündung in Kraft.
fr|effective:2026-11-19|Décision relative aux transferts|La présente décision prend effet à compter de sa publication.
es|effective:2027-05-19|Reglamento|El presente reglamento entrará en vigor a los seis meses después de su publicación.
pt|effective:2026-11-19|Resolução nº 30|Esta Resolução entra em vigor na data de sua publicação.
it|effective:2026-11-19|Blocco dei trasferimenti|Il divieto ha effetto immediato.
nl|effective:2026-11-19|Besluit doorgifte|Dit besluit treedt in werking op de dag van bekendmaking.
pl|effective:2026-12-03|Rozporządzenie|Rozporządzenie wchodzi w życie po upływie 14 dni od dnia ogłoszenia.
sv|effective:2026-11-19|Förbud mot överföring|Förbudet gäller med omedelbar verkan.
ru|effective:2026-11-29|Приказ|Приказ вступает в силу по истечении 10 дней после дня официального опубликования.
uk|effective:2026-11-20|Закон|Цей Закон набирає чинності з дня, наступного за днем його опублікування.
tr|effective:2027-05-19|Yönetmelik|Bu Yönetmelik yayımı tarihinden altı ay sonra yürürlüğe girer.
id|effective:2026-11-19|Peraturan|Peraturan ini mulai berlaku pada tanggal diundangkan.
vi|effective:2027-01-03|Thông tư|Thông tư này có hiệu lực sau 45 ngày kể từ ngày ký.
ar|effective:2027-02-17|نظام نقل البيانات|يعمل بهذا النظام بعد 90 يوما من تاريخ نشره.
th|effective:2026-11-20|ประกาศ|ประกาศนี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศในราชกิจจานุเบกษาเป็นต้นไป
th|effective:2027-02-17|ประกาศ|ประกาศนี้ให้ใช้บังคับเมื่อพ้นกำหนด 90 วันนับแต่วันประกาศ
id|effective:2026-12-19|Peraturan|Peraturan ini mulai berlaku setelah 30 hari terhitung sejak tanggal diundangkan.
vi|effective:2027-02-19|Nghị định|Nghị định này có hiệu lực sau 3 tháng kể từ ngày ký ban hành.
uk|effective:2027-05-19|Закон|Закон набирає чинності через шість місяців з дня його опублікування.
he|effective:2026-11-19|תקנות|תחילתן של תקנות אלה ביום פרסומן.
hi|effective:2026-11-19|आदेश|यह आदेश तत्काल प्रभाव से लागू होगा।
"""

# What nobody may count: drafts, acts that a gazette has yet to bring, what is denied, feared or said of another act.
NOT_COUNTED = """
zh||数据出境管理办法（征求意见稿）|第二十条 本办法自公布之日起施行。
zh||国务院常务会议|2026年11月18日召开的国务院常务会议审议通过《数据跨境条例（草案）》，条例自公布之日起施行。
zh||说明|《数据安全法》自公布之日起施行的说法不准确。
ja||政令案に関する意見募集|この政令は、公布の日から施行する。
ja||改正法が成立|改正法は公布の日から起算して一年を超えない範囲内において政令で定める日から施行する。
ko||개정안 국회 통과|개정안은 공포될 예정이며 공포 후 6개월이 경과한 날부터 시행된다.
en||Commission adopts decision|It enters into force on the day of its publication in the Official Journal.
en||Transfer Act adopted|The Act enters into force 90 days after its publication in the Gazette.
en||Parliament passes bill|The bill will be published next month and takes effect on its publication.
en||Adequacy decision|The decision does not take effect immediately.
en||Reactions|Firms fear that the ban could take effect immediately.
en||New chair|The chair resigned with immediate effect.
en||Report|On publication of the report the minister said data transfers matter.
de||Referentenentwurf|Diese Verordnung tritt am Tag ihrer Verkündung in Kraft.
fr||Proposition de loi|La présente loi entre en vigueur à compter de sa publication.
it||Schema di decreto|Il presente decreto entra in vigore il giorno successivo a quello della sua pubblicazione.
ru||Проект приказа|Настоящий приказ вступает в силу со дня его официального опубликования.
pl||Ustawa|Ustawa wchodzi w życie po upływie kilku miesięcy z dniem ogłoszenia.
id||Rancangan Peraturan|Peraturan ini mulai berlaku pada tanggal diundangkan.
"""

LONGER = """
en|deadline|Time limit to submit SCC registrations prolonged to 15 January 2027
de|deadline|Frist zur Anmeldung von Datenübermittlungen bis 15. Januar 2027 verlängert
fr|deadline|Le délai de mise en conformité des transferts est prorogé au 15 janvier 2027
es|deadline|Se amplía hasta el 15 de enero de 2027 el plazo para presentar observaciones
it|deadline|Prorogato al 15 gennaio 2027 il termine per le osservazioni
nl|deadline|Termijn voor zienswijzen verlengd tot 15 januari 2027
sv|deadline|Tidsfristen för synpunkter förlängs till den 15 januari 2027
ru|deadline|Срок подачи уведомлений продлен до 15 января 2027 года
ru|expires|Срок действия решения продлен до 15 января 2027 года
tr|deadline|Standart sözleşme bildirim süresi 15 Ocak 2027 tarihine kadar uzatıldı
th|deadline|ขยายระยะเวลารับฟังความคิดเห็นถึงวันที่ 15 มกราคม 2570
zh|deadline|数据出境备案整改期限延长至2027年1月15日
zh|expires|该认定有效期延长至2027年1月15日
zh-Hant|deadline|跨境傳輸申報期間延長至116年1月15日
ko|deadline|의견제출 기간 2027년 1월 15일까지 연장
en|effective|Brazil: full, from 15 January 2027
de|effective|Brasilien: angemessen, ab 15. Januar 2027
"""


def days(language: str, title: str, text: str, *, published: date | None = LISTED) -> set[str]:
    found = dates_of(title, text, rules=RULES, language=language[:2], published=published)
    assert all(one.quote in title or one.quote in text for one in found)
    return {f"{one.kind}:{one.date}" for one in found if one.kind != "published"}


def rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().splitlines()]


@pytest.mark.parametrize(("language", "wanted", "title", "text"), rows(COUNTED))
def test_what_is_counted_from_publication_counts_from_the_day_of_the_list(
    language: str, wanted: str, title: str, text: str
) -> None:
    assert days(language, title, text) == set(wanted.split())


@pytest.mark.parametrize(("language", "wanted", "title", "text"), rows(NOT_COUNTED))
def test_what_its_own_publication_does_not_start_has_no_day(language: str, wanted: str, title: str, text: str) -> None:
    assert days(language, title, text) == set(wanted.split())


def test_without_a_list_the_day_that_signs_a_text_is_that_of_its_publication() -> None:
    text = "本办法自公布之日起施行。\n国家互联网信息办公室\n2026年11月18日"
    assert days("zh", "数据出境办法", text, published=None) == {"effective:2026-11-18"}
    assert days("zh", "数据出境办法", "本办法自公布之日起施行。", published=None) == set()


@pytest.mark.parametrize(("language", "kind", "said"), rows(LONGER))
def test_what_lasts_longer_is_a_deadline_where_it_is_a_time_to_act(language: str, kind: str, said: str) -> None:
    assert days(language, "", said, published=None) == {f"{kind}:2027-01-15"}


@pytest.mark.parametrize(
    ("language", "issued", "said"),
    [
        ("en", False, "Amendment of the Transfer Regulation published on 22 March 2024"),
        ("en", True, "The amendment was published on 22 March 2024"),
        ("de", False, "Änderung der am 22. März 2024 veröffentlichten Verordnung"),
        ("de", True, "Die Verordnung wurde am 22. März 2024 veröffentlicht."),
        ("fr", False, "Modification de l'arrêté publié le 22 mars 2024"),
        ("ru", False, "Изменения в приказ, опубликованный 22 марта 2024 года"),
        ("ru", True, "Приказ опубликован 22 марта 2024 года"),
        ("pl", False, "Zmiana rozporządzenia opublikowanego 22 marca 2024 r."),
        ("zh", True, "《规定》于2024年3月22日公布。"),
        ("ja", False, "令和6年3月22日に公表されたガイドラインの改正"),
        ("ja", True, "ガイドラインは令和6年3月22日に公表されました。"),
        ("ko", False, "2024년 3월 22일 공포된 시행령 개정"),
    ],
)
def test_a_day_that_only_names_an_act_is_none_of_publication(language: str, issued: bool, said: str) -> None:
    found = dates_of("", said, rules=RULES, language=language)
    assert [(one.kind, str(one.date)) for one in found] == [("published", "2024-03-22")] * issued


def test_an_earlier_act_is_told_by_its_day_and_not_published_on_it() -> None:
    title = "关于对2024年3月22日公布的《促进和规范数据跨境流动规定》公开征求意见的通知"
    now = datetime(2026, 11, 22, tzinfo=UTC)
    finding = judge_text(id="1", title=title, text="", language="zh", rules=RULES, now=now)
    assert finding.verdict == "relevant" and not finding.dates


def test_a_provision_with_a_signature_glued_to_it_is_text_and_no_heading() -> None:
    glued = "第六十条 本办法自2027年6月30日起施行。2026年11月18日"
    page = f"<meta charset=utf-8><main><h1>办法</h1><p>{glued}</p><p>第六十一条 附则</p></main>"
    found = read(page.encode(), source=Source("x", "https://a.example/"), content_type="", url="https://a.example/")
    assert [(block.kind, block.text) for block in found.blocks][1:] == [
        ("paragraph", glued), ("heading", "第六十一条 附则"),
    ]  # fmt: skip


def test_a_followed_document_is_in_force_from_the_day_its_list_gives_it(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site, followed_list(site))
    scene.subscribe()
    site.publish("/list", listing(3, 2, 1))
    scene.look()
    site.publish("/item/4", rule("shall", more="<p>These Measures take effect on their publication.</p>"))
    site.publish("/list", listing(4, 3, 2, 1))
    scene.look()
    site.publish("/item/9", rule("shall", more="<p>These Measures take effect on their publication.</p>"))
    site.publish("/list", listing(9, 4, 3, 2, 1))
    told = scene.told()
    assert "● ACT" in told and "in force: 2026-11-04" in told and "published 2026-11-04 (by the list)" in told
    scene.look()
    told = scene.told()
    assert "Notice 9" in told and "in force: 2026" not in told, "the list prints a day to come: no publication"
    scene.app.close()
