"""Suspensions and bans of transfers in the languages we read, and what only sounds like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import diff
from bot.judge import judge, judge_text, load_rules, ruled
from bot.model import Block, Change, Edit, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "s", NOW, 1, "f"), Version(2, "s", NOW, 2, "f")


def of_text(title: str, text: str = "", *, language: str = "en") -> Finding:
    return judge_text(id="", title=title, text=text, language=language, rules=RULES, now=NOW)


def of_page(old: list[str], new: list[str]) -> Finding:
    before, after = ([Block("paragraph", text) for text in texts] for texts in (old, new))
    edits = diff.edits(before, after)
    source = Source("s", "https://s.example/", title="Rules on cross-border data transfers", jurisdiction="GB")
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Regulator suspends transfers of personal data to Brazil"),
        ("en", "Transfers of personal data to China prohibited"),
        ("nl", "Toezichthouder: doorgifte van persoonsgegevens naar India opgeschort"),
        ("fr", "La CNIL interdit le transfert de données personnelles vers la Russie"),
        ("fr", "Le transfert de données personnelles vers l'Inde est suspendu"),
        ("it", "Il Garante vieta il trasferimento di dati personali verso la Russia"),
        ("de", "Übermittlung personenbezogener Daten nach Indien ausgesetzt"),
        ("de", "Behörde untersagt Übermittlung personenbezogener Daten nach Russland"),
        ("es", "La AEPD prohíbe la transferencia internacional de datos personales a Rusia"),
        ("pt", "ANPD suspende a transferência internacional de dados pessoais para a Índia"),
        ("ja", "ロシアへの個人データの越境移転を禁止"),
        ("ko", "러시아로의 개인정보 국외 이전 금지"),
        ("zh", "监管机构暂停向印度的个人信息出境"),
        ("ru", "Приостановлена трансграничная передача персональных данных в Индию"),
        ("tr", "Kişisel verilerin yurt dışına aktarımı yasaklandı"),
        ("vi", "Đình chỉ chuyển dữ liệu cá nhân ra nước ngoài"),
    ],
)
def test_a_stop_of_transfers_is_acted_on_in_any_language(language: str, title: str) -> None:
    finding = of_text(title, language=language)
    assert (finding.stage, ruled(finding, today=NOW.date())[0]) == ("suspended", "act")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Regulator lifts the suspension of transfers of personal data to Brazil"),
        ("en", "Could transfers of personal data to Brazil be suspended?"),
        ("en", "Consultation on banning transfers of personal data to Brazil"),
        ("de", "Aussetzung der Übermittlung personenbezogener Daten nach Indien aufgehoben"),
        ("fr", "Proposition : le transfert de données personnelles vers l'Inde pourrait être suspendu"),
        ("zh", "个人信息出境恢复，暂停措施解除"),
    ],
)
def test_a_stop_that_is_over_or_only_spoken_of_is_none(language: str, title: str) -> None:
    assert of_text(title, language=language).stage != "suspended"


BAN = "Transfers of personal data to Iran are prohibited."


def test_a_ban_counts_when_it_is_new_and_not_when_it_stood_in_an_amended_sentence() -> None:
    told = "Transfers of personal data to a third country need a permit under this rule."
    assert of_page([told], [told, BAN]).stage == "suspended"
    old = "Transfers of personal data to Iran are prohibited, and exporters report within 30 days."
    assert of_page([old], [old.replace("30", "20")]).stage == ""


@pytest.mark.parametrize("gone", [BAN, "The Measures on data transfers abroad take effect on 20 November 2026."])
def test_what_only_left_a_page_dates_nothing_and_puts_no_act_in_force(gone: str) -> None:
    told = "Transfers of personal data to a third country need a permit under this rule."
    finding = of_page([told, gone], [told])
    assert (finding.stage, finding.dates) == ("", ())
    assert ruled(finding, today=NOW.date())[0] != "act"


@pytest.mark.parametrize(
    ("title", "text", "stage"),
    [
        ("Opinion", "The adequacy decision is repealed with effect from 3 March 2027.", "repealed"),
        ("EU and US", "Transfers of personal data are governed anew. The earlier draft was of 2023.", ""),
        ("Rule on cross-border transfers of personal data", "It enters into force on 1 May 2027.", "adopted"),
        ("Cross-border data rule delayed", "Its effective date moves and is delayed to 1 June 2027.", "adopted"),
    ],
)
def test_a_stage_is_that_of_the_act_and_of_today(title: str, text: str, stage: str) -> None:
    assert of_text(title, text).stage == stage


def test_a_consultation_that_is_closed_is_none_to_plan_for() -> None:
    finding = of_text("Cross-border data transfers", "A consultation on cross-border data closed on 5 May 2020.")
    assert ruled(finding, today=NOW.date())[0] == "know"


ENDED = (
    ("Irish authority lifts suspension of transfers of personal data to the United States", "en"),
    ("Aussetzung der Übermittlung personenbezogener Daten in die USA aufgehoben", "de"),
    ("La CNIL lève la suspension des transferts de données personnelles vers les États-Unis", "fr"),
    ("国家网信办解除对向境外提供个人信息的暂停措施", "zh"),
    ("개인정보 국외 이전 중지 명령 해제", "ko"),
)


@pytest.mark.parametrize(("title", "language"), ENDED)
def test_that_a_stop_is_over_is_to_be_planned_for_however_it_is_told(title: str, language: str) -> None:
    other = "Study on transfers of personal data from the EU to the US"
    listed = Source("s", "https://s.example/", title="News", language=language, jurisdiction="EU")
    for titles in ((title,), (title, other), (other, title)):
        after = tuple(Block("item", one, key=one) for one in titles)
        edits = tuple(Edit("new", after=i) for i in range(len(after)))
        change = Change(1, "s", NOW, "source", OLD, NEW, edits)
        finding = judge(change, before=(), after=after, edits=edits, source=listed, rules=RULES, now=NOW)
        level, why = ruled(finding, today=NOW.date())
        assert level == "plan" and why.endswith("a suspension or ban ended"), (finding.verdict, why)
    whole = (Block("heading", title), Block("paragraph", "The text follows."))
    change = Change(1, "s", NOW, "new", None, NEW, ())
    finding = judge(change, before=(), after=whole, edits=(), source=listed, rules=RULES, now=NOW)
    assert ruled(finding, today=NOW.date())[0] == "plan"
