"""Rows of lists, directions of routes, numbers in words and contact lines, in sentences written for this table.

None of them was looked at while the rules were written; the expectations are a reader's.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import diff
from bot.judge import judge, load_rules, ruled
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "s", NOW, 1, "f"), Version(2, "s", NOW, 2, "f")


def amended(title: str, old: list[str], new: list[str], *, home: str = "XX", language: str = "") -> Finding:
    """The opinion on a page with this title of which the passages were amended."""
    top = Block("heading", title)
    before, after = ([top, *(Block("paragraph", one, (title,)) for one in side)] for side in (old, new))
    edits = diff.edits(before, after)
    source = Source("s", "https://s.example/", title=title, jurisdiction=home, language=language)
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)


def level(finding: Finding) -> str:
    return ruled(finding, today=NOW.date())[0]


# language | title | sentence | number before | number after
NUMBERS = """
en | Cross-border transfer rules | A data exporter must file the assessment {} of the transfer of personal data abroad. | within thirty days | within fifteen days
en | Outbound data measures | Consent to an overseas transfer of personal data must be renewed every {}. | two years | three years
de | Datenübermittlung in Drittländer | Der Datenexporteur hat die Aufsichtsbehörde binnen {} über jede Übermittlung personenbezogener Daten in ein Drittland zu unterrichten. | vierundzwanzig Stunden | zweiundsiebzig Stunden
de | Datenübermittlung in Drittländer | Aufzeichnungen über Übermittlungen in Drittländer müssen {} aufbewahrt werden. | drei Jahre | fünf Jahre
fr | Transferts hors de l'Union | Le responsable doit informer l'autorité du transfert de données vers un pays tiers sous {}. | soixante-douze heures | vingt-quatre heures
fr | Transferts hors de l'Union | L'évaluation du transfert vers un pays tiers est révisée tous les {}. | deux ans | quatre ans
es | Transferencias internacionales de datos | La transferencia internacional de datos personales deberá comunicarse en {}. | treinta días | quince días
it | Trasferimenti di dati all'estero | Il trasferimento di dati personali verso un paese terzo deve essere notificato entro {}. | ventiquattro ore | settantadue ore
pt | Transferência internacional de dados | O controlador deve comunicar a transferência internacional de dados em até {}. | três dias úteis | dez dias úteis
nl | Doorgifte naar derde landen | De doorgifte van persoonsgegevens naar een derde land moet binnen {} worden gemeld. | tweeënzeventig uur | achtenveertig uur
pl | Przekazywanie danych do państw trzecich | Przekazanie danych osobowych do państwa trzeciego należy zgłosić w ciągu {}. | trzydziestu dni | czternastu dni
sv | Överföring till tredjeland | Överföring av personuppgifter till tredjeland ska anmälas inom {}. | tjugofyra timmar | fyrtioåtta timmar
ru | Трансграничная передача персональных данных | Оператор обязан уведомить о трансграничной передаче персональных данных за {}. | тридцать дней | сорок пять дней
uk | Передача персональних даних за кордон | Володілець повинен повідомити про транскордонну передачу персональних даних протягом {}. | десяти робочих днів | п'яти робочих днів
tr | Yurt dışına veri aktarımı | Yurt dışına kişisel veri aktarımı {} içinde Kuruma bildirilmelidir. | on beş gün | otuz gün
zh | 数据出境安全评估办法 | 数据出境安全评估的结果有效期为{}。 | 两年 | 三年
zh-Hant | 個人資料跨境傳輸辦法 | 個人資料跨境傳輸應於{}內通報主管機關。 | 七十二小時 | 二十四小時
ja | 外国にある第三者への提供 | 個人データを外国にある第三者に提供した記録は、{}保存しなければならない。 | 三年間 | 五年間
ko | 개인정보 국외 이전 | 개인정보처리자는 개인정보를 국외로 이전한 날부터 {} 이내에 신고하여야 한다. | 삼십일 | 십오일
ko | 개인정보 국외 이전 | 국외 이전 중지 명령을 받은 자는 {} 안에 이의를 제기할 수 있다. | 이레 | 열흘
vi | Chuyển dữ liệu cá nhân ra nước ngoài | Hồ sơ chuyển dữ liệu cá nhân ra nước ngoài phải nộp trong {}. | sáu mươi ngày | ba mươi ngày
id | Transfer data pribadi ke luar negeri | Pengendali wajib melaporkan transfer data pribadi ke luar negeri dalam {}. | dua puluh empat jam | tujuh puluh dua jam
hi | व्यक्तिगत डेटा का सीमा पार अंतरण | भारत के बाहर व्यक्तिगत डेटा के अंतरण की सूचना {} के भीतर देनी होगी। | तीस दिन | पंद्रह दिन
th | การโอนข้อมูลส่วนบุคคลไปต่างประเทศ | ผู้ควบคุมข้อมูลต้องแจ้งการโอนข้อมูลส่วนบุคคลไปต่างประเทศภายใน{} | สามสิบวัน | เจ็ดวัน
ar | نقل البيانات الشخصية إلى الخارج | يجب إشعار الجهة المختصة بنقل البيانات الشخصية إلى خارج المملكة خلال {}. | خمسة عشر يوما | ثلاثين يوما
ms | Pemindahan data peribadi ke luar negara | Pengawal data hendaklah melaporkan pemindahan data peribadi ke luar Malaysia dalam {}. | tujuh hari | empat belas hari
he | העברת מידע אישי אל מחוץ לישראל | בעל מאגר חייב להודיע לרשות על העברת מידע אישי אל מחוץ לגבולות המדינה בתוך {}. | שלושים ימים | עשרה ימים
"""  # noqa: E501

# language | home | title | entries | the one that comes | its jurisdiction
LISTS = """
en | EU | Jurisdictions recognised as adequate | Andorra; Israel; New Zealand; Uruguay | Kenya (recognised 2019) | KE
en | US | Countries of concern for bulk sensitive personal data | (a) China; (b) Cuba; (c) Iran | (d) Belarus | BY
en | NG | Whitelist of countries for cross-border data transfer | Ghana; South Africa; United Kingdom | Rwanda – full | RW
fr | FR | Pays adéquats au sens du RGPD pour les transferts de données | Argentine; Israël; Uruguay | Nouvelle-Zélande* | NZ
it | IT | Paesi terzi con decisione di adeguatezza | Argentina; Svizzera; Uruguay | Corea del Sud (2021) | KR
pt | BR | Países com nível de proteção adequado de dados pessoais | Argentina; Uruguai; Chile | Canadá | CA
nl | NL | Landen met een adequaatheidsbesluit | Japan; Israël; Argentinië | Nieuw-Zeeland | NZ
pl | PL | Państwa zapewniające odpowiedni stopień ochrony danych osobowych | Japonia; Izrael; Argentyna | Nowa Zelandia | NZ
sv | SE | Länder med adekvat skyddsnivå för personuppgifter | Japan; Israel; Argentina | Nya Zeeland | NZ
ru | RU | Перечень государств, обеспечивающих адекватную защиту прав субъектов персональных данных | Австралия; Аргентина; Израиль | Новая Зеландия | NZ
zh | MO | 個人資料可轉移的具有適當保護水平的國家和地區名單 | 葡萄牙; 德國; 法國 | 新西蘭 | NZ
ja | JP | 個人データの移転先として同等の水準にあると認められる国 | EU; 英国 | カナダ | CA
ko | KR | 개인정보 국외 이전 동등성 인정 국가 | 유럽연합; 영국 | 일본 | JP
vi | VN | Danh sách quốc gia bảo đảm mức độ bảo vệ dữ liệu cá nhân tương đương | Nhật Bản; Hàn Quốc | Singapore | SG
"""  # noqa: E501

# language | home | title | corridors
WAYS = """
en | US | Vietnam commits to allow the transfer of personal data out of its territory to the United States | VN US
en | GB | UK and Singapore sign memorandum of understanding on cross-border data flows | GB SG, SG GB
en | EU | EU-Japan agreement on cross-border data flows enters into force | EU JP, JP EU
fr | FR | La CNIL sanctionne des transferts illicites de données personnelles vers la Chine | FR CN
es | ES | La AEPD bloquea la aplicación china por transferir ilegalmente datos personales a China | ES CN
pt | BR | Brasil e União Europeia assinam acordo sobre fluxo transfronteiriço de dados | BR EU, EU BR
de | DE | Deutschland und China vereinbaren Dialog über grenzüberschreitende Datenübermittlungen | DE CN, CN DE
it | IT | Stop del Garante al trasferimento illecito dei dati degli utenti in Russia | IT RU
it | IT | Il Garante blocca la app cinese per trasferimento illecito di dati personali in Cina | IT CN
fr | FR | La CNIL sanctionne un éditeur pour le transfert de données personnelles en Chine | FR CN
de | DE | Internationaler Datentransfer: USA | DE US
nl | NL | Boete voor doorgifte van persoonsgegevens naar China | NL CN
zh | CN | 中英签署数据跨境流动合作谅解备忘录 | CN GB, GB CN
zh | CN | 中新数据跨境流动对话机制首次会议召开 | CN SG, SG CN
zh-Hant | TW | 禁止業者將用戶個人資料傳輸至大陸地區 | TW CN
ja | JP | 日英デジタル協定におけるデータの越境移転に関する規定の改正 | JP GB, GB JP
ko | KR | 한미 개인정보 국외 이전 협정 서명 | KR US, US KR
ru | RU | Россия и Китай подписали соглашение о трансграничной передаче данных | RU CN, CN RU
en | EU | EDPB guidance on data processing agreements and transfers of personal data to US cloud providers | EU US
en | HK | Hong Kong and the Mainland sign memorandum on cross-boundary data flow | HK CN, CN HK
en | IN | India and UK sign FTA with chapter on cross-border data flows | IN GB, GB IN
es | ES | Transferencias internacionales de datos a Estados Unidos de acuerdo con el nuevo marco | ES US
pl | PL | Standardowe klauzule umowne a przekazywanie danych osobowych do USA | PL US
de | CH | Bekanntgabe von Personendaten aus der Schweiz in die USA: neue Regeln | CH US
sv | SE | IMY stoppar olaglig överföring av personuppgifter till Kina | SE CN
tr | TR | Türkiye ile Rusya sınır ötesi veri aktarımı anlaşması imzaladı | TR RU, RU TR
th | TH | ไทยและจีนลงนามบันทึกความเข้าใจเรื่องการโอนข้อมูลส่วนบุคคลข้ามพรมแดน | TH CN, CN TH
vi | VN | Việt Nam và Singapore ký biên bản ghi nhớ về chuyển dữ liệu cá nhân xuyên biên giới | VN SG, SG VN
"""

# language | before | after
CONTACTS = """
en | Data transfers desk: call us on 0303 123 1113 | Data transfers desk: call us on 0303 123 2224
en | International transfers team, Room 4.12, opening hours 9:00-16:00 | International transfers team, Room 5.03, opening hours 10:00-15:00
fr | Contact : service des transferts internationaux de données, dirigé par Mme Dupont | Contact : service des transferts internationaux de données, dirigé par M. Martin
en | Contact: International Transfers, 10 Pasir Panjang Road #03-01 | Contact: International Transfers, 10 Pasir Panjang Road #05-02
ja | 連絡先:国際データ移転担当 千代田区霞が関3-2-1 | 連絡先:国際データ移転担当 千代田区霞が関4-1-1
de | Zimmer 203, Mo-Do 9-15 Uhr, Tel. 030 13889-0 (Drittlandübermittlung) | Zimmer 310, Mo-Do 8-14 Uhr, Tel. 030 13889-0 (Drittlandübermittlung)
de | Referat Internationaler Datentransfer, Telefax 0228 99 7799-5550 | Referat Internationaler Datentransfer, Telefax 0228 99 7799-5551
fr | Service des transferts internationaux de données : téléphone 01 53 73 22 22 | Service des transferts internationaux de données : téléphone 01 53 73 25 00
es | Horario de atención sobre transferencias internacionales de datos: 9:00 a 14:00 | Horario de atención sobre transferencias internacionales de datos: 8:30 a 15:00
zh | 数据出境业务咨询电话:010-55627135,传真:010-55627136 | 数据出境业务咨询电话:010-55627435,传真:010-55627436
zh | 数据出境安全评估 浏览次数:12345 | 数据出境安全评估 浏览次数:12999
ja | 越境移転に関する窓口 受付時間 9時30分から17時まで 電話 03-6457-9680 | 越境移転に関する窓口 受付時間 9時から18時まで 電話 03-6457-9690
ko | 개인정보 국외 이전 상담 전화 1833-6972 | 개인정보 국외 이전 상담 전화 1833-7000
pl | Infolinia w sprawie przekazywania danych osobowych do państw trzecich: 606 950 000 | Infolinia w sprawie przekazywania danych osobowych do państw trzecich: 606 950 111
"""  # noqa: E501


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split(" | ")) for line in table.strip().splitlines()]


@pytest.mark.parametrize("row", rows(NUMBERS), ids=lambda row: f"{row[0]} {row[4]}")
def test_a_number_in_words_that_took_anothers_place_is_a_change_of_number(row: tuple[str, ...]) -> None:
    language, title, sentence, was, now = row
    finding = amended(title, [sentence.format(was)], [sentence.format(now)], language=language)
    assert (finding.verdict, level(finding)) == ("relevant", "plan")
    assert [one.kind for one in finding.force] == ["number"]


@pytest.mark.parametrize("row", rows(LISTS), ids=lambda row: f"{row[0]} {row[4]}")
def test_a_name_that_comes_to_a_list_of_places_or_leaves_it_is_a_change_of_jurisdiction(row: tuple[str, ...]) -> None:
    language, home, title, entries, fresh, code = row
    listed = entries.split("; ")
    longer = [listed[0], fresh, *listed[1:]]
    for old, new in ((listed, longer), (longer, listed)):
        finding = amended(title, old, new, home=home, language=language)
        assert (finding.verdict, level(finding)) == ("relevant", "plan")
        assert finding.corridors == ((home, code),)
        assert [(one.kind, bool(one.after)) for one in finding.force] == [("country", new is longer)]


@pytest.mark.parametrize("row", rows(WAYS), ids=lambda row: row[2][:60])
def test_a_route_has_both_its_ends_and_the_direction_that_is_said(row: tuple[str, ...]) -> None:
    language, home, title, ways = row
    source = Source("s", "https://s.example/", title="List", jurisdiction=home, language=language)
    block = Block("item", title, key="k")
    edits = diff.edits((), (block,))
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=(), after=(block,), edits=edits, source=source, rules=RULES, now=NOW)
    assert set(finding.corridors) == {tuple(way.split()) for way in ways.split(", ")}


@pytest.mark.parametrize("row", rows(CONTACTS), ids=lambda row: row[1][:50])
def test_a_number_by_which_somebody_is_reached_is_not_told(row: tuple[str, ...]) -> None:
    language, old, new = row
    about = "This page explains transfers of personal data to third countries."
    finding = amended("International data transfers", [about, old], [about, new], language=language)
    assert (finding.verdict, finding.force) == ("not_relevant", ())


# language | before | after: words that are numbers elsewhere, or say which one of the numbers counts
PLAIN = """
it | Se sei un esportatore, il trasferimento verso un paese terzo richiede garanzie. | Se sei un importatore, il trasferimento verso un paese terzo richiede garanzie.
fr | Le formulaire de transfert vers un pays tiers est neuf. | Le formulaire de transfert vers un pays tiers est disponible.
nl | De doorgifte naar derde landen vraagt ten minste acht op waarborgen. | De doorgifte naar derde landen vraagt ten minste oog voor waarborgen.
tr | Yurt dışına veri aktarımı on-line bildirilir. | Yurt dışına veri aktarımı posta ile bildirilir.
"""  # noqa: E501


@pytest.mark.parametrize("row", rows(PLAIN), ids=lambda row: row[1][:50])
def test_a_word_that_is_a_number_only_beside_a_unit_is_none_without(row: tuple[str, ...]) -> None:
    language, old, new = row
    finding = amended("International data transfers", [old], [new], language=language)
    assert "number" not in [one.kind for one in finding.force]


def test_a_limit_of_time_that_comes_into_a_duty_is_a_change_of_number_and_a_telephone_beside_it_is_none() -> None:
    said = "The exporter shall notify the authority{} of a transfer to a third country, hotline 0303 123 {}."
    finding = amended("Rules", [said.format("", 1113)], [said.format(" within 24 hours", 2224)], language="en")
    assert [(one.kind, one.before, one.after) for one in finding.force] == [("number", "", "24 hours")]


@pytest.mark.parametrize("title", ["Our offices", "Import duties by country"])
def test_a_list_of_places_about_something_else_is_not_told(title: str) -> None:
    finding = amended(title, ["Japan", "Brazil", "China"], ["Japan", "Brazil", "Chile", "China"], home="EU")
    assert finding.verdict == "not_relevant"
