"""What sentences of fifteen languages say of a day: its kind, or nothing. Written by us, not taken from any text."""

from __future__ import annotations

import pytest

from bot.judge import load_rules
from bot.judge.dates import dated_quotes

RULES = load_rules()

# language | kind | day | sentence; no kind: the sentence says nothing of its day
SAID = """
en|effective|2026-07-01|From 1 July 2026, companies must file the standard contract.
en|effective|2026-07-01|As of 1 July 2026 transfers to the country are prohibited.
en|effective|2026-04-08|The final rule is effective April 8, 2026.
en|effective|2026-04-08|Effective date: April 8, 2026.
en|effective|2026-04-08|EFFECTIVE DATE: This rule is effective on April 8, 2026.
en|deadline|2026-04-08|DATES: Comments must be received on or before April 8, 2026.
en|deadline|2026-04-08|Written comments are due no later than 5 p.m. EDT on April 8, 2026.
en|deadline|2026-04-08|The consultation closes at 11:45pm on 8 April 2026.
en|deadline|2026-04-08|Controllers have until 8 April 2026 to update their contracts.
en|deadline|2026-04-08|Feedback period: 8 March 2026 - 8 April 2026
en|deadline|2026-04-08|Responses are invited by 8 April 2026.
en|expires|2031-12-27|The decision expires on 27 December 2031.
en|expires|2031-12-27|This Decision shall apply until 27 December 2031.
en|transition_end|2027-06-30|The transitional period ends on 30 June 2027.
en|transition_end|2027-06-30|Existing contracts remain valid during a grace period ending 30 June 2027.
en|review_due|2028-03-01|The Commission shall review this Decision by 1 March 2028.
en|review_due|2028-03-01|The next review is due on 1 March 2028.
en|published|2026-01-05|Published on 5 January 2026.
en|effective|2026-01-15|The notice was published on 15 January 2026 and takes effect on the date of publication.
en|||On 5 December 2024 the Minister visited the data centre.
en|||The Act of 5 December 2024 requires exporters to notify.
zh|effective|2024-06-23|2024年6月23日，根据众议院第815号决议第一节，《保护美国人的数据免受外国对手侵害法》生效。
zh|effective|2024-07-10|2024年7月10日，KVKK宣布该条例于同日在《官方公报》上公布后生效。
zh|effective|2026-03-22|2026年3月22日，国家网信办公布《规定》，自公布之日起施行。
zh|effective|2026-01-01|本条例自二〇二六年一月一日起施行。
zh|effective|2026-01-01|该法将于2026年1月1日正式生效。
zh|effective|2026-01-01|新规2026年1月1日起实施
zh|deadline|2026-05-15|如有意见或建议请于2026年5月15日24:00前反馈秘书处。
zh|deadline|2026-05-15|意见反馈截止时间为2026年5月15日。
zh|deadline|2026-05-15|征求意见截止至2026年5月15日
zh|deadline|2026-05-15|公众可于2026年5月15日前提交意见。
zh|deadline|2026-05-15|企业应当在2026年5月15日之前完成备案。
zh|expires|2027-05-31|本公告有效期至2027年5月31日。
zh|transition_end|2027-05-31|过渡期至2027年5月31日止。
zh|published|2026-02-28|2026年2月28日发布
zh|||2026年2月28日，国家网信办主任会见德国部长。
zh|||2024年7月8日，马来西亚宣布内阁批准修正案，明年施行。
zh-Hant|effective|2025-11-11|中華民國114年11月11日起施行
zh-Hant|effective|2026-01-01|本辦法自民國一百十五年一月一日施行。
zh-Hant|deadline|2026-03-31|諮詢期將於2026年3月31日結束
zh-Hant|deadline|2026-03-31|各界可於2026年3月31日或之前提交意見
ja|effective|2022-04-01|令和4年4月1日より、外国の名称をあらかじめ本人に提供しなければならない。
ja|effective|2026-04-01|この規則は、令和八年四月一日から施行する。
ja|effective|2026-04-01|改正法は2026年4月1日に全面施行されます。
ja|effective|2026-04-01|施行日：2026年4月1日
ja|effective|2026-04-01|2026年4月1日以降、外国への移転には同意が必要となる。
ja|deadline|2026-01-14|意見募集中（締切2026年1月14日）。
ja|deadline|2026-01-14|意見・情報受付締切日 2026年1月14日
ja|deadline|2026-01-14|意見の提出期間は令和8年1月14日までです。
ja|deadline|2026-01-14|令和7年12月15日（月）から令和8年1月14日（水）まで意見を募集します。
ja|published|2026-02-01|2026年2月1日公布
ja|expires|2027-03-31|この法律は、令和9年3月31日限り、その効力を失う。
ja|||令和7年3月3日、委員会は会議を開催した。
ko|effective|2026-03-15|이 고시는 2026년 3월 15일부터 시행한다.
ko|effective|2026-03-15|시행일: 2026년 3월 15일
ko|effective|2026-03-15|[시행 2026. 3. 15.]
ko|effective|2026-03-15|개정된 법은 2026.3.15. 시행된다.
ko|deadline|2026-03-15|의견은 2026년 3월 15일까지 제출하여 주시기 바랍니다.
ko|deadline|2026-03-15|의견제출기한: 2026. 3. 15.까지
ko|expires|2028-12-31|이 고시는 2028년 12월 31일까지 효력을 가진다.
ko|transition_end|2026-09-30|계도기간은 2026년 9월 30일까지이다.
ko|||위원회는 2026년 3월 15일 전체회의를 열었다.
fr|effective|2026-07-01|À partir du 1er juillet 2026, les transferts doivent être autorisés.
fr|effective|2026-07-01|Le règlement s'applique depuis le 1er juillet 2026.
fr|effective|2026-07-01|La loi entre en vigueur au 1er juillet 2026.
fr|deadline|2026-07-01|Les contributions sont attendues avant le 1er juillet 2026.
fr|deadline|2026-07-01|Les organismes ont jusqu'au 1er juillet 2026 pour se mettre en conformité.
fr|deadline|2026-07-01|Date limite de réponse : 1er juillet 2026
fr|expires|2026-07-01|La décision expire le 1er juillet 2026.
fr|transition_end|2026-07-01|La période de transition prend fin le 1er juillet 2026.
fr|review_due|2028-07-01|La décision sera réexaminée au plus tard le 1er juillet 2028.
fr|published|2026-07-01|Publié le 1er juillet 2026
fr|||La loi du 6 janvier 1978 s'applique aux traitements.
de|effective|2026-09-01|Ab dem 1. September 2026 gilt die neue Verordnung.
de|effective|2026-09-01|Das revidierte Gesetz tritt auf den 1. September 2026 in Kraft.
de|effective|2026-09-01|Die Verordnung ist ab dem 1. September 2026 anwendbar.
de|effective|2026-09-01|Inkrafttreten: 1. September 2026
de|deadline|2026-09-01|Stellungnahmen können bis zum 1. September 2026 eingereicht werden.
de|deadline|2026-09-01|Die Vernehmlassung dauert bis zum 1. September 2026.
de|expires|2026-09-01|Der Beschluss tritt am 1. September 2026 außer Kraft.
de|expires|2026-09-01|Die Genehmigung ist bis 1. September 2026 befristet.
de|transition_end|2026-09-01|Es gilt eine Übergangsfrist bis zum 1. September 2026.
de|published|2026-09-01|Veröffentlicht am 1. September 2026
de|||Bundesgesetz vom 25. September 2020 über den Datenschutz
es|effective|2026-07-10|A partir del 10 de julio de 2026 las transferencias requieren autorización.
es|effective|2026-07-10|La ley entró en vigor el 10 de julio de 2026.
es|effective|2026-07-10|La norma comenzará a regir el 10 de julio de 2026.
es|deadline|2026-07-10|Se recibirán comentarios hasta el 10 de julio de 2026.
es|deadline|2026-07-10|El plazo de alegaciones finaliza el 10 de julio de 2026.
es|expires|2026-07-10|La autorización expira el 10 de julio de 2026.
es|transition_end|2026-07-10|El período transitorio concluye el 10 de julio de 2026.
es|published|2026-07-10|Publicada el 10 de julio de 2026
es|||Ley Orgánica 3/2018, de 5 de diciembre de 2018, de Protección de Datos
pt|effective|2024-08-23|A resolução entrou em vigor na publicação (23.08.2024).
pt|effective|2026-08-23|A partir de 23 de agosto de 2026, as empresas devem usar as cláusulas.
pt|effective|2026-08-23|A lei vigora desde 23 de agosto de 2026.
pt|deadline|2026-08-23|Os agentes têm até 23 de agosto de 2026 para adequar os contratos.
pt|deadline|2026-08-23|O prazo para contribuições termina em 23 de agosto de 2026.
pt|deadline|2026-08-23|Contribuições podem ser enviadas até o dia 23 de agosto de 2026.
pt|expires|2026-08-23|A autorização expira em 23 de agosto de 2026.
pt|transition_end|2026-08-23|O período de transição encerra-se em 23 de agosto de 2026.
pt|published|2026-08-23|Publicado em 23 de agosto de 2026
it|effective|2026-03-01|Dal 1° marzo 2026 i trasferimenti richiedono un'autorizzazione.
it|effective|2026-03-01|Il regolamento è entrato in vigore il 1 marzo 2026.
it|effective|2026-03-01|Il decreto è applicabile dal 1 marzo 2026.
it|deadline|2026-03-01|I contributi vanno inviati entro il 1 marzo 2026.
it|deadline|2026-03-01|La consultazione si chiude il 1 marzo 2026.
it|expires|2026-03-01|La decisione scade il 1 marzo 2026.
it|transition_end|2026-03-01|Il periodo transitorio termina il 1 marzo 2026.
it|published|2026-03-01|Pubblicato il 1 marzo 2026
nl|effective|2026-04-01|Vanaf 1 april 2026 is een vergunning verplicht.
nl|effective|2026-04-01|De wet treedt in werking op 1 april 2026.
nl|deadline|2026-04-01|Reageren kan tot 1 april 2026.
nl|deadline|2026-04-01|Reacties uiterlijk 1 april 2026 indienen.
nl|expires|2026-04-01|Het besluit vervalt op 1 april 2026.
nl|transition_end|2026-04-01|De overgangsperiode eindigt op 1 april 2026.
nl|published|2026-04-01|Gepubliceerd op 1 april 2026
vi|effective|2026-01-01|Luật có hiệu lực thi hành từ ngày 01 tháng 01 năm 2026.
vi|effective|2026-01-01|Từ ngày 01/01/2026, doanh nghiệp phải lập hồ sơ đánh giá tác động.
vi|effective|2026-01-01|Nghị định có hiệu lực từ 1/1/2026.
vi|deadline|2026-01-01|Ý kiến góp ý gửi trước ngày 01/01/2026.
vi|deadline|2026-01-01|Thời hạn góp ý đến hết ngày 01 tháng 01 năm 2026.
vi|expires|2026-01-01|Thông tư hết hiệu lực từ ngày 01 tháng 01 năm 2026.
vi|published|2026-01-01|Ban hành ngày 01 tháng 01 năm 2026
id|effective|2026-10-17|UU PDP berlaku penuh pada 17 Oktober 2026.
id|effective|2026-10-17|Mulai 17 Oktober 2026, pengendali wajib memberi tahu.
id|deadline|2026-10-17|Masukan disampaikan paling lambat 17 Oktober 2026.
id|deadline|2026-10-17|Konsultasi publik dibuka hingga 17 Oktober 2026.
id|transition_end|2026-10-17|Masa transisi berakhir pada 17 Oktober 2026.
id|published|2026-10-17|Diundangkan pada tanggal 17 Oktober 2026
ru|effective|2025-07-01|С 1 июля 2025 года запрещено собирать данные с использованием зарубежных серверов.
ru|effective|2025-07-01|С 1 июля 2025 года действует новая редакция закона.
ru|effective|2025-07-01|Поправки вступают в силу с 01.07.2025.
ru|deadline|2025-07-01|Операторы обязаны подать уведомление до 1 июля 2025 года.
ru|deadline|2025-07-01|Замечания принимаются по 1 июля 2025 года.
ru|expires|2025-07-01|Постановление действует до 1 июля 2025 года.
ru|transition_end|2025-07-01|Переходный период завершается 1 июля 2025 года.
ru|published|2025-07-01|Опубликовано 1 июля 2025 года
ru|||Федеральный закон от 27 июля 2006 г. № 152-ФЗ
tr|effective|2024-07-10|10 Temmuz 2024 tarihli Yönetmelik yürürlüğe girdi; dört standart sözleşme yayımlandı.
tr|effective|2026-06-01|1 Haziran 2026 tarihinden itibaren yurt dışına aktarım için bildirim zorunludur.
tr|effective|2026-06-01|Değişiklik 01.06.2026 tarihinde yürürlüğe girecektir.
tr|deadline|2026-06-01|Görüşler 1 Haziran 2026 tarihine kadar gönderilebilir.
tr|deadline|2026-06-01|Başvurular en geç 1 Haziran 2026 tarihinde yapılmalıdır.
tr|transition_end|2026-06-01|Geçiş süresi 1 Haziran 2026 tarihinde sona erecektir.
tr|published|2026-06-01|1 Haziran 2026 tarihli Resmî Gazete'de yayımlandı.
ar|effective|2024-09-14|تدخل اللائحة حيز النفاذ في ١٤ سبتمبر ٢٠٢٤.
ar|effective|2024-09-14|يسري النظام اعتباراً من 14 سبتمبر 2024.
ar|effective|2024-09-14|يبدأ العمل بالقانون في 14 سبتمبر 2024م.
ar|deadline|2024-09-14|آخر موعد لتقديم الملاحظات 14 سبتمبر 2024.
ar|deadline|2024-09-14|على الجهات توفيق أوضاعها قبل 14 سبتمبر 2024.
ar|transition_end|2024-09-14|تنتهي المهلة الانتقالية في 14 سبتمبر 2024.
ar|published|2024-09-14|نشر في الجريدة الرسمية بتاريخ 14 سبتمبر 2024.
th|effective|2026-03-24|ประกาศนี้ให้ใช้บังคับตั้งแต่วันที่ 24 มีนาคม พ.ศ. 2569 เป็นต้นไป
pl|effective|2026-01-01|Ustawa wchodzi w życie 1 stycznia 2026 r.
pl|effective|2026-01-01|Od 1 stycznia 2026 r. obowiązują nowe zasady.
sv|effective|2026-01-01|Lagen träder i kraft den 1 januari 2026.
uk|effective|2026-01-01|Закон набирає чинності 1 січня 2026 року.
en|effective|2026-07-15|Published on 15 April 2026, the Decree enters into force three months after its publication.
de|effective|2026-04-16|Das Gesetz wurde am 15. April 2026 verkündet. Es tritt am Tag nach der Verkündung in Kraft.
fr|effective|2026-04-16|Publié le 15 avril 2026, le décret entre en vigueur le lendemain de sa publication.
es|effective|2026-04-16|Publicada el 15 de abril de 2026, la ley entrará en vigor al día siguiente de su publicación.
zh|effective|2026-05-15|办法于2026年4月15日公布，自公布之日起30日后施行。
en|||It enters into force on the twentieth day following that of its publication in the Official Journal.
zh|||本办法自公布之日起施行。
zh|||2026年4月15日，部长表示新规将于明年施行。
ru|||Совещание прошло 15 апреля 2026 года по вопросам передачи данных.
nl|||Op 15 april 2026 sprak de minister met de Kamer.
it|||Il 15 aprile 2026 il Garante ha incontrato le imprese.
pt|||Em 15 de abril de 2026 a autoridade reuniu-se com empresas.
tr|||Kurul 15 Nisan 2026 tarihinde toplandı.
vi|||Ngày 15 tháng 4 năm 2026, Bộ tổ chức hội nghị.
id|||Menteri bertemu delegasi pada 15 April 2026.
ar|||اجتمع الوزير مع الوفد في 15 أبريل 2026.
ko|||2026년 4월 15일 간담회를 개최했다.
fr|||Le 15 avril 2026, la présidente a rencontré les associations.
de|||Am 15. April 2026 traf der Minister die Verbände.
es|||El 15 de abril de 2026 la directora se reunió con las asociaciones.
"""
LONG = (
    (
        "en", "effective", "2026-02-04", "The Regulation was published on 15 January 2026 and shall enter into force "
        "on the twentieth day following that of its publication.",
    ),
    (
        "en", "effective", "2026-02-01", "Published in the Gazette on 15 January 2026, the Order takes effect on the "
        "first day of the month following publication.",
    ),
    (
        "en", "effective", "2025-06-05", "The Act was promulgated on 5 December 2024 and comes into force six months "
        "after its promulgation.",
    ),
)  # fmt: skip
ROWS = [tuple(line.split("|")) for line in SAID.strip().splitlines()]


@pytest.mark.parametrize(("language", "kind", "day", "text"), [*ROWS, *LONG])
def test_a_day_has_the_kind_that_its_sentence_says_or_none(language: str, kind: str, day: str, text: str) -> None:
    found = {(dated.kind, dated.date.isoformat()) for dated in dated_quotes(text, rules=RULES, language=language[:2])}
    wanted = {(kind, day)} if kind else set()
    assert wanted <= found
    assert {kind for kind, _ in found - wanted} <= {"published"}  # beside its kind a day may be that of publication
