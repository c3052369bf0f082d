"""Dates: as they are written in the languages we read, and only what the text says of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge import load_rules
from bot.judge.dates import dated_quotes, find_dates
from bot.judge.folding import fold

RULES = load_rules()


def dates(text: str, language: str = "") -> list[date]:
    return [found.date for found in find_dates(fold(text), months=RULES.months, language=language)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 10 July 2024", date(2024, 7, 10)),
        ("on July 10, 2024", date(2024, 7, 10)),
        ("the 3rd day of June, 2025", date(2025, 6, 3)),
        ("12 Feb 2025", date(2025, 2, 12)),
        ("Sept. 5, 2025", date(2025, 9, 5)),
        ("2024-07-10", date(2024, 7, 10)),
        ("2024/7/10", date(2024, 7, 10)),
        ("10.07.2024", date(2024, 7, 10)),
        ("2024年7月10日", date(2024, 7, 10)),
        ("二〇二四年七月十日", date(2024, 7, 10)),
        ("中華民國112年5月31日", date(2023, 5, 31)),
        ("民國一百十三年一月二日", date(2024, 1, 2)),
        ("令和6年4月1日", date(2024, 4, 1)),
        ("令和元年12月13日", date(2019, 12, 13)),
        ("平成二十九年五月三十日", date(2017, 5, 30)),
        ("昭和63年12月16日", date(1988, 12, 16)),
        ("2023년 9월 15일", date(2023, 9, 15)),
        ("le 1er juillet 2025", date(2025, 7, 1)),
        ("am 1. September 2023", date(2023, 9, 1)),
        ("el 10 de julio de 2024", date(2024, 7, 10)),
        ("em 23 de agosto de 2024", date(2024, 8, 23)),
        ("il 25 maggio 2018", date(2018, 5, 25)),
        ("op 1 januari 2026", date(2026, 1, 1)),
        ("ngày 01 tháng 7 năm 2025", date(2025, 7, 1)),
        ("ngày 17/4/2023", date(2023, 4, 17)),
        ("17 Oktober 2024", date(2024, 10, 17)),
        ("с 1 июля 2025 года", date(2025, 7, 1)),
        ("10 Temmuz 2024", date(2024, 7, 10)),
        ("١٤ سبتمبر ٢٠٢٤", date(2024, 9, 14)),
        ("１０ July ２０２４", date(2024, 7, 10)),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, day: date) -> None:
    assert dates(text) == [day]


@pytest.mark.parametrize(
    "text",
    ["10 July", "July 2024", "3月22日", "Article 10 2024", "30 February 2024", "32.13.2024", "version 2.4.2024.1"],
)
def test_what_is_no_complete_date_is_none(text: str) -> None:
    assert dates(text) == []


def test_an_english_date_that_may_be_read_two_ways_is_none() -> None:
    assert dates("03/04/2025", "en") == []
    assert dates("03/04/2025", "fr") == [date(2025, 4, 3)]


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("The rule enters into force on 1 January 2027.", "effective", date(2027, 1, 1)),
        ("Comments are due by 28 February 2026.", "deadline", date(2026, 2, 28)),
        ("The decisions will expire on 27 June 2025.", "expires", date(2025, 6, 27)),
        ("本办法自2022年9月1日起施行。", "effective", date(2022, 9, 1)),
        ("意见反馈截止时间为2023年5月15日。", "deadline", date(2023, 5, 15)),
        ("この法律は、令和4年4月1日から施行する。", "effective", date(2022, 4, 1)),
        ("이 법은 2023년 9월 15일부터 시행한다.", "effective", date(2023, 9, 15)),
        ("Le décret entre en vigueur le 1er juin 2025.", "effective", date(2025, 6, 1)),
        ("Das Gesetz tritt am 1. September 2023 in Kraft.", "effective", date(2023, 9, 1)),
        ("El reglamento entra en vigor el 10 de julio de 2024.", "effective", date(2024, 7, 10)),
        ("A resolução entra em vigor em 23 de agosto de 2024.", "effective", date(2024, 8, 23)),
        ("Nghị định có hiệu lực từ ngày 01 tháng 7 năm 2023.", "effective", date(2023, 7, 1)),
        ("Закон вступает в силу с 1 марта 2023 года.", "effective", date(2023, 3, 1)),
        ("Yönetmelik 10 Temmuz 2024 tarihinde yürürlüğe girer.", "effective", date(2024, 7, 10)),
    ],
)
def test_a_date_has_the_kind_that_its_sentence_says(text: str, kind: str, day: date) -> None:
    found = dated_quotes(f"Something else. {text} And more.", rules=RULES)
    assert [(one.kind, one.date) for one in found] == [(kind, day)]
    assert str(day.day) in found[0].quote or "元" in found[0].quote


def test_a_date_of_which_the_text_says_nothing_is_left_out() -> None:
    assert dated_quotes("The board met on 10 July 2024 in Paris.", rules=RULES) == ()


def test_a_word_speaks_only_of_the_date_it_stands_nearest_to() -> None:
    text = "Published on 1 May 2024; it enters into force on 1 January 2025."
    assert [(one.kind, one.date) for one in dated_quotes(text, rules=RULES)] == [
        ("published", date(2024, 5, 1)),
        ("effective", date(2025, 1, 1)),
    ]


@given(st.text(alphabet="0123456789年月日民國令和元十百/.- July,", max_size=40))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    dated_quotes(text, rules=RULES)


@pytest.mark.parametrize(
    ("language", "text", "kind", "day"),
    [
        ("en", "These Regulations come into force on 6th April 2026.", "effective", "2026-04-06"),
        ("en", "The measure shall cease to apply on 30 June 2028.", "expires", "2028-06-30"),
        ("en", "Interested parties may submit views no later than 15 Feb 2026.", "deadline", "2026-02-15"),
        ("en", "On 3 May 2024 the Board met in Brussels.", "", ""),
        ("zh", "《办法》共五章三十条，将于2026年3月1日起正式施行。", "effective", "2026-03-01"),
        ("zh", "社会公众可在2026年1月10日之前通过以下途径提出意见", "deadline", "2026-01-10"),
        ("zh", "2023年，全国共受理申报1200件。", "", ""),
        ("zh-Hant", "本指引將於2026年1月1日起生效", "effective", "2026-01-01"),
        ("zh-Hant", "中華民國一百十四年十一月十一日修正公布全文", "published", "2025-11-11"),
        ("ja", "改正法は令和八年四月一日に施行される。", "effective", "2026-04-01"),
        ("ja", "平成15年5月30日法律第57号", "", ""),
        ("ko", "개정안은 2026년 9월 11일부터 시행될 예정이다.", "effective", "2026-09-11"),
        ("ko", "2025년 12월 31일까지 의견을 제출할 수 있다.", "deadline", "2025-12-31"),
        ("fr", "La présente loi s'applique à compter du 12 mars 2026.", "effective", "2026-03-12"),
        ("fr", "La consultation publique est ouverte jusqu'au 6 février 2026.", "deadline", "2026-02-06"),
        ("de", "Die Änderungen gelten ab dem 15. Mai 2026.", "effective", "2026-05-15"),
        ("de", "Die Übergangsfrist endet am 30.06.2027.", "transition_end", "2027-06-30"),
        ("es", "El reglamento será aplicable a partir del 20 de abril de 2026.", "effective", "2026-04-20"),
        ("es", "Fecha límite: 28 de febrero de 2026", "deadline", "2026-02-28"),
        ("pt", "A lei produz efeitos a partir de 1 de agosto de 2026.", "effective", "2026-08-01"),
        ("it", "Le disposizioni si applicano a decorrere dal 1° marzo 2026.", "effective", "2026-03-01"),
        ("it", "La consultazione resterà aperta fino al 20 febbraio 2026.", "deadline", "2026-02-20"),
        ("nl", "Het besluit treedt op 1 april 2026 in werking.", "effective", "2026-04-01"),
        ("vi", "Thông tư có hiệu lực thi hành kể từ ngày 15 tháng 3 năm 2026.", "effective", "2026-03-15"),
        ("id", "Undang-Undang ini berlaku sejak tanggal 1 Maret 2026.", "effective", "2026-03-01"),
        ("ru", "Закон вступит в силу 1 сентября 2026 г.", "effective", "2026-09-01"),
        ("ru", "Приказ от 5 февраля 2025 г. № 12", "", ""),
        ("tr", "Düzenleme 1 Ocak 2026 tarihinden itibaren geçerlidir.", "effective", "2026-01-01"),
        ("ar", "تدخل اللائحة حيز النفاذ في 14 سبتمبر 2026.", "effective", "2026-09-14"),
        ("pl", "Uwagi można zgłaszać do 31 stycznia 2026 r.", "deadline", "2026-01-31"),
        ("en", "This Regulation shall apply from 12 September 2025.", "effective", "2025-09-12"),
        ("en", "It shall enter into force on the twentieth day following that of its publication.", "", ""),
        ("en", "Comments must be received on or before December 5th, 2025.", "deadline", "2025-12-05"),
        ("en", "The rule is effective on Oct. 6, 2025, except for section 202.1104.", "effective", "2025-10-06"),
        ("en", "The decision expires on 27 December 2031 unless extended.", "expires", "2031-12-27"),
        ("en", "Controllers have until 1 March 2026 to bring contracts into line.", "deadline", "2026-03-01"),
        ("en", "A transition period runs until 21 March 2026.", "transition_end", "2026-03-21"),
        ("en", "The Commission shall review this Decision by 27 June 2029.", "review_due", "2029-06-27"),
        ("en", "Published: 14 November 2025", "published", "2025-11-14"),
        ("en", "The Act came into operation on the 1st day of July, 2024.", "effective", "2024-07-01"),
        ("en", "Regulation (EU) 2016/679 of 27 April 2016 applies.", "", ""),
        ("zh", "本办法自2025年1月1日起施行。", "effective", "2025-01-01"),
        ("zh", "意见反馈截止时间为2025年12月20日。", "deadline", "2025-12-20"),
        ("zh", "请于2025年11月30日前将意见反馈至邮箱。", "deadline", "2025-11-30"),
        ("zh", "有效期至二〇二七年十二月三十一日。", "expires", "2027-12-31"),
        ("zh", "发布日期：2025-10-17", "published", "2025-10-17"),
        ("zh-Hant", "本辦法自中華民國一百十三年七月一日施行。", "effective", "2024-07-01"),
        ("zh-Hant", "中華民國112年5月31日總統令公布", "published", "2023-05-31"),
        ("zh-Hant", "諮詢期將於2025年12月31日結束。", "deadline", "2025-12-31"),
        ("ja", "この法律は、令和7年4月1日から施行する。", "effective", "2025-04-01"),
        ("ja", "意見募集の締切は令和７年１２月２０日です。", "deadline", "2025-12-20"),
        ("ja", "昭和六十三年十二月三十日公布", "published", "1988-12-30"),
        ("ja", "施行期日　令和八年一月一日", "effective", "2026-01-01"),
        ("ko", "이 고시는 2025년 3월 13일부터 시행한다.", "effective", "2025-03-13"),
        ("ko", "의견 제출 기한: 2025. 12. 8.", "deadline", "2025-12-08"),
        ("ko", "이 영은 공포한 날부터 시행한다. <2024. 3. 12.>", "", ""),
        ("fr", "Le présent décret entre en vigueur le 1er janvier 2026.", "effective", "2026-01-01"),
        ("fr", "Les contributions sont attendues jusqu'au 15 décembre 2025.", "deadline", "2025-12-15"),
        ("fr", "Publié le 3 août 2025", "published", "2025-08-03"),
        ("de", "Dieses Gesetz tritt am 1. September 2023 in Kraft.", "effective", "2023-09-01"),
        ("de", "Stellungnahmen sind bis zum 31.01.2026 möglich.", "deadline", "2026-01-31"),
        ("de", "Die Verordnung tritt mit Ablauf des 31. Dezember 2027 außer Kraft.", "expires", "2027-12-31"),
        ("es", "La presente ley entrará en vigor el 1 de marzo de 2026.", "effective", "2026-03-01"),
        ("es", "El plazo para presentar comentarios vence el 15 de enero de 2026.", "deadline", "2026-01-15"),
        ("pt", "Esta Resolução entra em vigor em 1º de julho de 2025.", "effective", "2025-07-01"),
        ("pt", "As contribuições podem ser enviadas até 30/11/2025.", "deadline", "2025-11-30"),
        ("it", "Il decreto entra in vigore il 10 ottobre 2025.", "effective", "2025-10-10"),
        ("it", "I contributi devono pervenire entro il 15 gennaio 2026.", "deadline", "2026-01-15"),
        ("nl", "Deze wet treedt in werking op 1 januari 2026.", "effective", "2026-01-01"),
        ("nl", "Reageren kan tot en met 12 december 2025.", "deadline", "2025-12-12"),
        ("vi", "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2026.", "effective", "2026-01-01"),
        ("vi", "Luật này có hiệu lực từ ngày 01/7/2025.", "effective", "2025-07-01"),
        ("id", "Peraturan ini mulai berlaku pada tanggal 17 Oktober 2024.", "effective", "2024-10-17"),
        ("id", "Masukan disampaikan paling lambat 5 Desember 2025.", "deadline", "2025-12-05"),
        ("ru", "Настоящий Федеральный закон вступает в силу с 1 июля 2025 года.", "effective", "2025-07-01"),
        ("ru", "Предложения принимаются до 20.12.2025.", "deadline", "2025-12-20"),
        ("tr", "Bu Yönetmelik 1 Eylül 2024 tarihinde yürürlüğe girer.", "effective", "2024-09-01"),
        ("tr", "Görüşlerin 15/12/2025 tarihine kadar iletilmesi gerekmektedir.", "deadline", "2025-12-15"),
        ("ar", "يسري هذا القرار اعتباراً من ١ يناير ٢٠٢٦.", "effective", "2026-01-01"),
        ("ar", "آخر موعد لتقديم الملاحظات 15 ديسمبر 2025", "deadline", "2025-12-15"),
        ("pl", "Ustawa wchodzi w życie z dniem 1 stycznia 2026 r.", "effective", "2026-01-01"),
        ("sv", "Denna lag träder i kraft den 1 januari 2026.", "effective", "2026-01-01"),
        ("th", "ประกาศนี้ให้ใช้บังคับตั้งแต่วันที่ 24 มีนาคม พ.ศ. 2567", "effective", "2024-03-24"),
        ("en", "The consultation closes at 5pm on Friday 19 December 2025.", "deadline", "2025-12-19"),
        ("en", "Effective Date: 01/02/2026", "", ""),
        ("zh", "征求意见截止日期：2025年12月5日", "deadline", "2025-12-05"),
        ("zh", "公开征求意见时间为2025年11月5日至2025年12月5日。", "deadline", "2025-12-05"),
        ("de", "Inkrafttreten: 1. Januar 2026", "effective", "2026-01-01"),
        ("fr", "Date limite : 31/12/2025", "deadline", "2025-12-31"),
        ("es", "Entrada en vigor: 1 de enero de 2026", "effective", "2026-01-01"),
        ("ja", "2025年12月1日に施行されました。", "effective", "2025-12-01"),
        ("ko", "2026년 1월 22일 시행", "effective", "2026-01-22"),
        ("zh", "第十条 2019年6月1日前收集的数据，不适用本办法。", "", ""),
    ],
)
def test_a_date_is_given_with_what_the_text_says_of_it_or_not_at_all(
    language: str, text: str, kind: str, day: str
) -> None:
    found = [(dated.kind, dated.date.isoformat()) for dated in dated_quotes(text, rules=RULES, language=language[:2])]
    assert found == ([(kind, day)] if kind else [])
