"""From where to where, in the titles of many languages: the place named after "to" is the end, whoever speaks."""

from __future__ import annotations

import pytest

from bot.judge import judge_text, load_rules, touched
from bot.model import Flow, Footprint
from tests.test_judge_stated import NOW, of_title

RULES = load_rules()

# title | jurisdiction declared for its source | from -> to
TITLES = """
Doorgifte van persoonsgegevens naar de VS: nieuwe regels | NL | NL US
Doorgifte van persoonsgegevens uit China naar de VS | INT | CN US
Trasferimento di dati personali verso la Cina bloccato | IT | IT CN
Trasferimento di dati personali dalla Cina verso gli Stati Uniti | IT | CN US
Transferencia internacional de datos personales a China suspendida | ES | ES CN
Transferencia internacional de datos a Estados Unidos | ES | ES US
Transferencia de datos personales de China a Estados Unidos | ES | CN US
Transferencia de datos personales desde China hacia Estados Unidos | ES | CN US
Transfert de données personnelles vers la Chine interdit | FR | FR CN
La CNIL interdit le transfert de données personnelles vers les États-Unis | FR | FR US
Transfert de données personnelles de la Chine vers les États-Unis | FR | CN US
Transferência internacional de dados pessoais para os Estados Unidos | BR | BR US
Transferência de dados pessoais da China para os Estados Unidos | BR | CN US
미국으로의 개인정보 국외 이전 중지 명령 | KR | KR US
중국으로 개인정보 국외 이전 금지 | KR | KR CN
중국에서 미국으로의 개인정보 국외 이전 | KR | CN US
중국의 개인정보 국외 이전 규정 | KR | CN *
中国への個人データの越境移転に関する注意 | JP | JP CN
中国の事業者への個人データの越境移転に関する注意 | JP | JP CN
中国から米国への個人データの越境移転 | JP | CN US
中国のデータ越境移転規則 | JP | CN *
ABD'ye kişisel verilerin aktarılması durduruldu | TR | TR US
Çin'e kişisel veri aktarımı durduruldu | TR | TR CN
Çin'den ABD'ye kişisel veri aktarımı | TR | CN US
Übermittlung personenbezogener Daten in die USA untersagt | DE | DE US
Übermittlung personenbezogener Daten nach China untersagt | DE | DE CN
Übermittlung personenbezogener Daten aus China in die USA | DE | CN US
Übermittlung personenbezogener Daten von China in die USA | DE | CN US
向美国提供个人信息的规定 | CN | CN US
从美国向中国传输个人数据 | CN | US CN
越南个人数据跨境传输规则 | CN | VN *
Передача персональных данных в США запрещена | RU | RU US
Передача персональных данных из Китая в США | RU | CN US
Przekazywanie danych osobowych do Chin zakazane | PL | PL CN
Przekazywanie danych osobowych z Chin do USA | PL | CN US
Överföring av personuppgifter till Kina stoppas | SE | SE CN
Överföring av personuppgifter från Kina till USA | SE | CN US
Chuyển dữ liệu cá nhân sang Trung Quốc | VN | VN CN
Chuyển dữ liệu cá nhân từ Trung Quốc sang Hoa Kỳ | VN | CN US
Transfer data pribadi ke Tiongkok dilarang | ID | ID CN
Transfer data pribadi dari Tiongkok ke Amerika Serikat | ID | CN US
نقل البيانات الشخصية إلى الصين | SA | SA CN
نقل البيانات الشخصية من الصين إلى الولايات المتحدة | SA | CN US
Transfers of personal data to China suspended | KR | KR CN
Korea suspends transfers of personal data to China | INT | KR CN
Korea suspends transfers of personal data to the United States | US | KR US
China's new rules on the export of personal data to the United States | US | CN US
China: transfers of personal data to the United States | KR | CN US
Règles de la Chine sur le transfert transfrontalier de données | FR | CN *
Vietnam issues decree on cross-border transfer of personal data | SG | VN *
Décision d'adéquation du Japon : transferts de données personnelles | FR | FR JP
"""


@pytest.mark.parametrize("line", TITLES.strip().splitlines())
def test_a_title_that_names_both_ways_or_one_is_read_the_way_it_says(line: str) -> None:
    title, home, pair = line.split(" | ")
    start, end = pair.split()
    finding = of_title(title, home=home)
    assert (finding.verdict, finding.corridors) == ("relevant", ((start, end),))


@pytest.mark.parametrize(
    ("publisher", "title", "corridor"),
    [
        ("Garante Privacy", "Garante blocca il trasferimento di dati personali verso la Cina", ("IT", "CN")),
        ("AEPD", "Transferencia internacional de datos personales a Estados Unidos", ("ES", "US")),
        ("개인정보보호위원회", "미국으로의 개인정보 국외 이전 중지 명령", ("KR", "US")),
        ("Autoriteit Persoonsgegevens", "Doorgifte van persoonsgegevens naar China verboden", ("NL", "CN")),
    ],
)
def test_a_text_from_outside_leads_away_from_its_publisher(
    publisher: str, title: str, corridor: tuple[str, str]
) -> None:
    finding = judge_text(id="", title=title, text="", publisher=publisher, rules=RULES, now=NOW)
    assert finding.corridors == (corridor,)


@pytest.mark.parametrize(
    ("title", "home", "flow", "why"),
    [
        ("Taiwan: foreign equity cap for cloud services", "US", Flow("KR", "US"), ""),
        ("Taiwan: foreign equity cap for cloud services", "US", Flow("KR", "TW"), "your flow KR → TW"),
        ("Foreign equity cap for cloud services in Taiwan and Korea", "US", Flow("JP", "US"), ""),
        ("Foreign equity cap for cloud services lifted", "KR", Flow("JP", "KR"), "your flow JP → KR"),
        ("Korea lifts the foreign equity cap for cloud services", "KR", Flow("JP", "KR"), "your flow JP → KR"),
    ],
)
def test_who_reports_on_the_markets_of_others_is_no_destination_of_theirs(
    title: str, home: str, flow: Flow, why: str
) -> None:
    finding = of_title(title, home=home)
    assert finding.mechanisms == ("market_access",)
    assert touched(finding, Footprint("f", flows=(flow,))) == why


@pytest.mark.parametrize(
    ("language", "title", "place"),
    [
        ("th", "การส่งหรือโอนข้อมูลส่วนบุคคลไปยังต่างประเทศ", ("TH",)),
        ("", "การส่งหรือโอนข้อมูลส่วนบุคคลไปยังต่างประเทศ", ("TH",)),
        ("en", "Guide on cross-border transfers of personal data", ("SG",)),
        ("ja", "個人データの越境移転に関する指針", ()),
    ],
)
def test_of_two_authorities_with_one_name_the_language_says_which_speaks(
    language: str, title: str, place: tuple[str, ...]
) -> None:
    finding = judge_text(id="", title=title, text="", publisher="PDPC", language=language, rules=RULES, now=NOW)
    assert finding.jurisdictions == place
    assert finding.corridors == tuple((one, "*") for one in place)
