"""Titles written by us and checked by hand, in the languages we read: what is told, and what is never told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.judge import judge_text, load_rules

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()

TOLD = """
New rules on the export of personal data
Guidance on export of personal information takes effect
Measures on certification of personal information export
Ministry publishes standard contract for personal information exports
Draft law requires personal data to be stored on servers in the country
Foreign equity cap raised for value-added telecommunications services
Regulator lifts foreign ownership limit for internet data centres
Security assessment required before transferring important data overseas
Regulation on outbound provision of data
Overseas transfers of health data: new conditions
工信部扩大增值电信业务开放试点，取消外资股比限制
个人信息出境认证办法公布
关于促进数据出境便利化的若干措施
重要数据应当在境内存储
個人資料跨境傳輸規定修正
通傳會預告電信事業外資持股上限修正
外国にある第三者への個人データの提供に関する規則の一部改正
개인정보의 국외 이전에 관한 고시 개정
Nouvelles règles pour l'exportation de données personnelles
Transferts de données personnelles vers les États-Unis : recommandations
Neue Regeln für die Übermittlung personenbezogener Daten in Drittländer
Datenexport nach China: Hinweise der Aufsichtsbehörde
Reglamento sobre transferencia transfronteriza de datos personales
Instruções sobre a transferência de dados pessoais para fora da RAEM
Trasferimento dei dati personali verso paesi terzi: nuove regole
Doorgifte van persoonsgegevens naar de VS: nieuwe regels
Nghị định quy định chuyển dữ liệu cá nhân ra nước ngoài
Peraturan transfer data pribadi ke luar negeri
Новые требования к локализации персональных данных
Kişisel verilerin yurt dışına aktarılmasına ilişkin rehber
اللائحة التنفيذية لنقل البيانات الشخصية إلى خارج المملكة
Przekazywanie danych osobowych do państw trzecich - nowe wytyczne
Local storage of payment data: central bank circular
Cloud providers must be licensed through a local partner; foreign investors limited to 50 percent
Bill bars transfer of genomic data to foreign adversaries
Court annuls decision on adequacy for transfers to the United States
個人資料保護法國際傳輸限制令修正草案預告
數位發展部公告境外雲端服務資料落地要求
金管會放寬銀行將作業委託至境外雲端業者處理之規定
私隱專員公署發表跨境資料轉移指引：建議合約條文範本
粵港澳大灣區（內地、香港）個人信息跨境流動標準合同便利措施擴展
個人資料保護局就個人資料轉移至澳門特別行政區以外地方發出指引
關鍵基礎設施資料不得傳輸至大陸地區
澳門個人資料保護局批准將資料轉移至內地的申請
國際傳輸個人資料之限制：衛生福利部令
歐盟適足性認定談判進展
ANPD abre consulta sobre decisões de adequação para transferência internacional de dados
Autorização n.º 5: transferência de dados pessoais para a China continental
GPDP emite parecer sobre transferência de dados para fora da RAEM
Resolução aprova cláusulas-padrão contratuais para transferência internacional
Projeto de lei exige armazenamento de dados em território nacional
Comissão Europeia adota decisão de adequação do Brasil
CNPD suspende envio de dados para os Estados Unidos
Normas corporativas globais: ANPD publica guia
Acordo de comércio digital Mercosul-Singapura sobre fluxo de dados
Governo limita computação em nuvem estrangeira para dados do governo: soberania de dados
""".strip().splitlines()

NOT_TOLD = """
US export data show record trade surplus
China's export data for May beat expectations
Agency releases data on exports of agricultural goods
Data breach at hospital exposes personal data of patients
Company fined for cookies without consent
Ministry opens new data centre for weather forecasting
Foreign investors buy stake in port operator
License renewed for foreign bank
Commissioner appointed to data protection authority
Overseas students: information on visas
Public consultation on cloud storage of school records
Right to data portability: new guide
Foreign ministry provides information to travellers abroad
Telecom regulator publishes statistics on broadband
关于举办外资企业数据统计培训班的通知
国家统计局发布1-10月出口数据
海外仓建设稳步推进
外国人入境须知
個人資料外洩事件調查報告
資料中心用電量統計
雲端硬碟操作手冊
海外渡航者への情報提供について
外国人住民に関するデータの公表
개인정보 유출 사고 조사 결과
해외 관광객 통계 발표
Transfert de compétences aux régions
Transports internationaux : données 2025
Übermittlung der Steuererklärung
Export von Maschinen gestiegen
Transferencias internacionales de fútbol
Exportações de soja: dados de outubro
Trasferimento di personale docente
Gegevens over export van bloemen
Dữ liệu xuất khẩu tháng 10
Data ekspor Indonesia Oktober
Передача показаний счетчиков
Banka para transferi ücretleri
نقل الموظفين إلى الخارج
Eksport danych do pliku CSV
National cloud strategy: foreign minister speaks at opening
個人資料外洩通報程序修正
關於春節期間服務時間的公告
資料中心節能獎勵計畫
電信詐騙境外機房破獲
跨境電商物流補助
香港居民出境旅遊統計
個資保護宣導講習
境外人士居留資料更新通知
轉移就業輔導計畫
雲端發票中獎號碼
Transferência de competências para os municípios
ANPD multa empresa por vazamento de dados
Exportações brasileiras crescem em outubro
Transferências de fundos para os estados
Consulta pública sobre biometria em estádios
Câmbio: transferências internacionais de dinheiro ficam mais baratas
Dados do comércio exterior de setembro
Concurso público para técnico de dados
Acesso de crianças a redes sociais
Nuvem de cinzas fecha aeroporto internacional
""".strip().splitlines()


def verdict(title: str, text: str = "", language: str = "") -> str:
    return judge_text(id="", title=title, text=text, language=language, rules=RULES, now=NOW).verdict


def written(sign: str) -> list[tuple[str, str, str]]:
    """Title, text and language of our own items that are (+) or are not (-) about data that cross borders."""
    lines = Path(__file__).with_name("judge_titles.txt").read_text("utf-8").splitlines()
    found = [line.split("|", 2)[1:] for line in lines if line.startswith(sign)]
    return [(title.partition("||")[0], title.partition("||")[2], language) for language, title in found]


@pytest.mark.parametrize("title", TOLD)
def test_a_title_on_data_that_leave_or_must_stay_is_told(title: str) -> None:
    assert verdict(title) == "relevant"


@pytest.mark.parametrize("title", NOT_TOLD)
def test_a_title_that_only_sounds_like_it_is_not_told(title: str) -> None:
    assert verdict(title) != "relevant"


def test_nineteen_in_twenty_of_our_own_items_in_nineteen_languages_reach_a_person() -> None:
    items = written("+")
    unseen = [title for title, text, language in items if verdict(title, text, language) == "not_relevant"]
    assert len(items) > 250
    assert len(unseen) * 20 <= len(items), unseen


def test_of_our_tempting_items_none_is_told_and_at_most_one_in_ten_is_doubted() -> None:
    verdicts = {title: verdict(title, text, language) for title, text, language in written("-")}
    assert [title for title, said in verdicts.items() if said == "relevant"] == []
    assert sum(said == "uncertain" for said in verdicts.values()) * 10 <= len(verdicts)
