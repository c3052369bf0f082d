"""Days that a sentence denies, moves, supposes or says of another act. Written by us, not taken from any text."""

from __future__ import annotations

import pytest

from bot.judge import load_rules
from bot.judge.dates import dated_quotes

RULES = load_rules()

# language | kind | day | sentence; no kind: no day of it holds
SAID = """
en|||The rule will not take effect on 20 November 2026.
en|||The Act did not enter into force on 2 December 2026.
de|||Die Verordnung tritt nicht am 1. Dezember 2026 in Kraft.
zh|||原定于2026年12月1日起施行的数据出境管理办法暂缓施行。
en|||For example, if a law takes effect on 1 December 2026, an exporter of personal data must file by 15 December 2026.
en|deadline|2027-06-01|The deadline of 1 December 2026 for filing transfer assessments has been extended to 1 June 2027.
fr|effective|2027-06-01|L'entrée en vigueur, initialement prévue le 1er décembre 2026, est reportée au 1er juin 2027.
en|effective|2027-03-01|The obligation does not apply until 1 March 2027.
en|||It will not enter into force on 1 May 2027 as planned.
en|effective|2027-03-01|The Measures take effect on 1 March 2027 and replace those that took effect on 1 June 2010.
en|effective|2010-06-01|the rule of 1 May 2010 took effect on 1 June 2010
en|effective|2027-09-01|The effective date of the transfer rule is delayed from March 1, 2027 to September 1, 2027.
ar|effective|2026-09-01|يدخل القانون حيز التنفيذ في ١ سبتمبر ٢٠٢٦
en|effective|2026-11-20|Decree on data transfers in force 20 November 2026
en|effective|2026-12-15|Personal data shall not be transferred abroad from 15 December 2026.
en|effective|2027-06-01|Transfers of personal data are no longer permitted as of 1 June 2027.
es|effective|2027-06-01|La entrada en vigor, prevista para el 1 de diciembre de 2026, se aplaza al 1 de junio de 2027.
es|||El reglamento no entrará en vigor el 1 de diciembre de 2026.
it|effective|2027-06-01|L'entrata in vigore è rinviata dal 1 dicembre 2026 al 1 giugno 2027.
it|||Il decreto non entra in vigore il 1 dicembre 2026.
pt|effective|2027-06-01|A entrada em vigor foi adiada de 1 de dezembro de 2026 para 1 de junho de 2027.
pt|||A lei não entrará em vigor em 1 de dezembro de 2026.
nl|||De wet treedt niet op 1 december 2026 in werking.
nl|effective|2027-06-01|De inwerkingtreding is uitgesteld van 1 december 2026 tot 1 juni 2027.
pl|||Ustawa nie wejdzie w życie 1 grudnia 2026.
sv|||Lagen träder inte i kraft den 1 december 2026.
ru|||Закон не вступит в силу 1 декабря 2026 года.
ru|effective|2027-06-01|Вступление закона в силу перенесено с 1 декабря 2026 года на 1 июня 2027 года.
tr|||Yönetmelik 1 Aralık 2026 tarihinde yürürlüğe girmeyecek.
tr|effective|2027-06-01|Yürürlük tarihi 1 Aralık 2026'dan 1 Haziran 2027 tarihine ertelendi.
vi|||Nghị định sẽ không có hiệu lực từ ngày 1 tháng 12 năm 2026.
vi|effective|2027-06-01|Hiệu lực của nghị định được lùi từ ngày 1 tháng 12 năm 2026 đến ngày 1 tháng 6 năm 2027.
id|||Peraturan ini tidak berlaku mulai 1 Desember 2026.
ja|||この規則は2026年12月1日に施行されない。
ja|effective|2027-06-01|施行日を2026年12月1日から2027年6月1日に延期する。
ko|||이 법은 2026년 12월 1일에 시행되지 않는다.
ko|effective|2027-06-01|시행일을 2026년 12월 1일에서 2027년 6월 1일로 연기한다.
zh|effective|2027-06-01|施行日期由2026年12月1日推迟至2027年6月1日。
zh|effective|2027-03-01|本办法自2027年3月1日起施行。2010年6月1日起施行的《数据出境办法》同时废止。
zh|effective|2026-12-15|自2026年12月15日起，不得向境外提供个人信息。
ar|||لن يدخل القانون حيز النفاذ في 1 ديسمبر 2026
de|effective|2027-03-01|Das Gesetz tritt nicht vor dem 1. März 2027 in Kraft.
de|effective|2027-06-01|Das Inkrafttreten wird vom 1. Dezember 2026 auf den 1. Juni 2027 verschoben.
fr|effective|2027-03-01|Les règles ne s'appliquent pas avant le 1er mars 2027.
fr|||Le décret n'entrera pas en vigueur le 1er décembre 2026.
de|deadline|2027-06-01|Die Frist vom 1. Dezember 2026 wurde bis zum 1. Juni 2027 verlängert.
zh-Hant|deadline|2027-06-01|諮詢期由2026年12月1日延長至2027年6月1日。
en|effective|2026-12-01|Although comments did not persuade the Board, the rule takes effect on 1 December 2026.
en|effective|2026-12-01|The rule takes effect on 1 December 2026 and does not apply to small firms.
zh|||2019年6月1日前收集的数据,不适用本办法。
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_a_day_that_a_sentence_takes_back_is_none_and_the_day_it_is_moved_to_is_one(line: str) -> None:
    language, kind, day, text = line.split("|")
    found = [(dated.kind, dated.date.isoformat()) for dated in dated_quotes(text, rules=RULES, language=language)]
    assert found == ([(kind, day)] if kind else [])
