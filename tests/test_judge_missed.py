"""Titles written by us: occasions that are no rule, clouds that leave, an authority's own words, Hebrew and Malay."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot import diff
from bot.judge import judge, judge_text, load_rules
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()


def of_title(line: str) -> Finding:
    """The opinion on a line "title | publisher"."""
    title, _, publisher = line.partition(" | ")
    return judge_text(id="1", title=title, text="", publisher=publisher, rules=RULES, now=NOW)


OCCASIONS = """
Vacancy: Senior policy officer, international data transfers | ICO
Career with us: data transfer policy lead (Grade 7) | ICO
Register by 5 January for our seminar on adequacy decisions
Join us online: what the new BCR referential means for you | CNIL
Tender for a study on cloud sovereignty and data localisation | ENISA
Privacy Act of 1974; System of Records; passenger name records | Department of Homeland Security
Stellenausschreibung: Referent für internationalen Datentransfer | BfDI
Referententagung zum Thema Angemessenheitsbeschlüsse | DSK
La CNIL recrute un juriste spécialisé en transferts internationaux de données | CNIL
Jornada sobre transferencias internacionales de datos: inscripción abierta | AEPD
Palestra gratuita: cláusulas-padrão contratuais e transferência internacional de dados | ANPD
Convegno sul trasferimento di dati personali verso paesi terzi | Garante
Vacature: senior adviseur doorgifte persoonsgegevens naar derde landen
Szkolenie: przekazywanie danych osobowych do państw trzecich
Webbinarium om överföring av personuppgifter till tredjeland
Вакансия: специалист по трансграничной передаче персональных данных
Вебінар про транскордонну передачу персональних даних
Kişisel verilerin yurt dışına aktarılması semineri
ورشة عمل حول نقل البيانات الشخصية إلى خارج المملكة
Thông báo mời thầu hệ thống giám sát chuyển dữ liệu xuyên biên giới
Sosialisasi aturan transfer data pribadi ke luar negeri
Taklimat pemindahan data peribadi rentas sempadan: pendaftaran dibuka
כנס מקצועי: העברת מידע לחו"ל ותאימות
สัมมนา: การโอนข้อมูลส่วนบุคคลไปยังต่างประเทศ ลงทะเบียนวันนี้
डेटा का सीमा पार अंतरण पर कार्यशाला
越境データ移転に関するオンライン説明会の開催について
개인정보 국외 이전 설명회 개최 안내
数据出境安全评估政策宣讲会在上海举办
国家网信办公开招聘数据出境安全评估岗位人员
数据出境安全评估服务采购项目竞争性磋商公告
跨境隱私規則（CBPR）認證研習課程
해외 해커가 개인정보 12만 건을 국외 서버로 전송… 과징금 부과
Consultant wanted: international data transfers vacancy
Hackers moved customer data to servers abroad, company fined
"""

TOLD = """
Public hearing on the draft regulation on cross-border data transfers
Consultation meeting on the proposed rules for the export of personal data
Anhörung zum Entwurf der Verordnung über die Datenübermittlung in Drittstaaten
Hội thảo góp ý dự thảo nghị định về chuyển dữ liệu cá nhân ra nước ngoài
「개인정보 국외 이전 운영 등에 관한 규정」 제정안 설명회 및 의견수렴
关于召开《个人信息出境认证办法（征求意见稿）》听证会的公告
個人資料保護法國際傳輸辦法草案公聽會
人工智能训练数据出境管理规定公布
AP: geen doorgifte van persoonsgegevens naar de VS voor training van AI
Роскомнадзор запретил трансграничную передачу персональных данных для обучения нейросетей
Proyecto de circular sobre transferencias internacionales de datos personales a consulta
Microsoft to end operation of Azure by its China partner; customers have until March to move out
AWS China (Beijing) Region: Sinnet to be replaced as operating partner
Google Cloud to shut down its Hong Kong region
AWS schließt Cloud-Region in Israel: Kunden müssen migrieren
Microsoft 365 : fermeture du service exploité par 21Vianet en Chine
Amazon Web Services прекращает работу в России
Azure中国リージョン、運営事業者の変更に伴い移行が必要
AWS 중국 리전 운영사 변경… 고객은 데이터를 이전해야
亚马逊云科技（宁夏）区域运营方变更公告
关于Azure中国区由世纪互联终止运营及客户数据迁移的公告
微軟宣布終止由世紀互聯營運的Azure，客戶須遷移資料
EDPB adopts Guidelines 02/2024 on Article 48 transfers
Guidelines 07/2026 on transfers under Article 49 | European Data Protection Board
Nieuwe uitleg over doorgifte | Autoriteit Persoonsgegevens
הצעת תקנות: תנאים להעברת מידע אישי אל מחוץ לגבולות המדינה
חובה לאחסן נתונים בישראל: טיוטת הוראה של בנק ישראל
Garis Panduan Pemindahan Data Peribadi Rentas Sempadan (Pindaan 2026)
Bank Negara: data pelanggan mesti disimpan di dalam Malaysia
DOJ delays effective date of bulk sensitive data rule to April 8, 2027
海南自由贸易港国际数据中心发展规定公布
EU及び英国の指定に関する告示の一部改正について（英国の指定の取消し） | 個人情報保護委員会
Hébergement des données de santé : le référentiel HDS impose un stockage dans l'EEE
Dane medyczne mają być przechowywane wyłącznie w EOG
AP legt taxidienst boete op om doorgifte van chauffeursgegevens naar de VS | Autoriteit Persoonsgegevens
"""

QUIET = """
AWS launches new instance types in the China (Ningxia) Region operated by NWCD | AWS
由光环新网运营的亚马逊云科技中国（北京）区域现已推出新实例 | 亚马逊云科技
Azure in China: new virtual machine sizes available | Microsoft
阿里云与北京市签署战略合作协议
AWS Transfer Family adds SFTP connectors
Transfer of complaints between offices | Information Commissioner
Bank transfers: new fee rules | Central bank
Transferencias de fondos a las comunidades autónomas | Ministerio de Hacienda
העברת כספים לחו"ל: הנחיות בנק ישראל
הרשות להגנת הפרטיות פתחה בהליך פיקוח בעקבות דליפת מידע
Pemindahan wang rentas sempadan: garis panduan baharu Bank Negara
Pelanggaran data peribadi: syarikat didenda RM200,000
"""


@pytest.mark.parametrize("line", OCCASIONS.strip().splitlines())
def test_an_occasion_about_transfers_is_no_rule(line: str) -> None:
    assert of_title(line).verdict != "relevant"


@pytest.mark.parametrize("line", TOLD.strip().splitlines())
def test_rules_hearings_and_clouds_that_leave_are_told(line: str) -> None:
    assert of_title(line).verdict == "relevant"


@pytest.mark.parametrize("line", QUIET.strip().splitlines())
def test_what_only_sounds_alike_is_not_relevant(line: str) -> None:
    assert of_title(line).verdict == "not_relevant"


def test_hebrew_says_where_a_draft_stands_and_until_when() -> None:
    finding = judge_text(
        id="1",
        title="תקנות הגנת הפרטיות (העברת מידע אל מאגרי מידע שמחוץ לגבולות המדינה): טיוטה להערות הציבור",
        text="ניתן להעביר הערות עד ליום 10 בדצמבר 2026.",
        publisher="הרשות להגנת הפרטיות",
        rules=RULES,
        now=NOW,
        language="he",
    )
    assert (finding.jurisdictions, finding.corridors, finding.stage) == (("IL",), (("IL", "*"),), "consultation")
    assert [(one.kind, one.date) for one in finding.dates] == [("deadline", date(2026, 12, 10))]


def test_malay_says_who_speaks_and_from_when() -> None:
    title = "Pekeliling Pesuruhjaya: data peribadi tidak boleh dipindahkan ke luar Malaysia mulai 1 Jun 2027"
    finding = judge_text(id="1", title=title, text="", publisher="JPDP", rules=RULES, now=NOW, language="ms")
    assert (finding.corridors, finding.stage) == ((("MY", "*"),), "guidance")
    assert [(one.kind, one.date) for one in finding.dates] == [("effective", date(2027, 6, 1))]


NOTES = [  # heading, what stood under it, what stands there now, language, whose
    ("Section 33. Prohibition against transfer of personal data to place outside Hong Kong", "(Not yet in operation)",
     "(Section 33 comes into operation on 1 February 2027: L.N. 184 of 2026)", "en", "HK"),
    ("第二十八条 外国にある第三者への提供の制限", "（未施行）", "（令和9年4月1日から施行）", "ja", "JP"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "old", "new", "language", "home"), NOTES)
def test_a_note_of_commencement_speaks_of_the_heading_above_it(
    heading: str, old: str, new: str, language: str, home: str
) -> None:
    assert amended(heading, old=old, new=new, language=language, home=home).verdict == "relevant"


def test_a_permit_in_place_of_a_notice_for_transfers_from_macao_is_told() -> None:
    old = (
        "A transferência de dados pessoais para um ordenamento jurídico que não assegure um nível de protecção "
        "adequado pode ser permitida mediante notificação à autoridade pública."
    )
    new = old.replace("notificação à", "autorização prévia da")
    assert amended("Artigo 20.º Derrogações", old=old, new=new, language="pt", home="MO").verdict == "relevant"


def amended(heading: str, *, old: str, new: str, language: str, home: str) -> Finding:
    """The opinion on a law of which one passage is replaced."""
    before, after = ((Block("heading", heading), Block("paragraph", text, (heading,))) for text in (old, new))
    versions = Version(1, "law", NOW, 1, "f"), Version(2, "law", NOW, 2, "f")
    edits = diff.edits(before, after)
    source = Source("law", "https://law.example/", title="Law", jurisdiction=home, language=language)
    change = Change(1, "law", NOW, "source", *versions, tuple(edits))
    return judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)
