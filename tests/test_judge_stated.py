"""What a Finding states, the changed text states; what it does not state stays empty."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot import diff
from bot.judge import judge, judge_text, load_rules
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "s", NOW, 1, "f"), Version(2, "s", NOW, 2, "f")


def of_title(title: str, *, home: str = "", text: str = "") -> Finding:
    source = Source("s", "https://s.example/", title="List", jurisdiction=home)
    block = Block("item", title, key="k", note=text)
    edits = diff.edits((), (block,))
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=(), after=(block,), edits=edits, source=source, rules=RULES, now=NOW)


def of_law(old: str, new: str, *, home: str, headings: tuple[str, ...] = (), language: str = "") -> Finding:
    before, after = [Block("paragraph", old, headings)], [Block("paragraph", new, headings)]
    edits = diff.edits(before, after)
    source = Source("s", "https://s.example/", title="Law", jurisdiction=home, language=language)
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)


def of_document(*texts: str, home: str = "CN", language: str = "zh") -> Finding:
    source = Source("s", "https://s.example/", title="Rules", jurisdiction=home, language=language)
    blocks = tuple(Block("paragraph", text) for text in texts)
    change = Change(1, "s", NOW, "new", None, NEW, ())
    return judge(
        change, before=(), after=blocks, edits=(), source=source, rules=RULES, now=NOW, headline="数据出境管理规定"
    )


@pytest.mark.parametrize(
    ("title", "home", "corridors"),
    [
        ("Commission adopts adequacy decision for Japan", "EU", (("EU", "JP"),)),
        ("Transfers of personal data outside the EU: guidance", "FR", (("FR", "*"),)),
        ("Transferts de données hors de l'Union européenne", "FR", (("FR", "*"),)),
        ("Transfers of personal data from Korea to China suspended", "KR", (("KR", "CN"),)),
        ("EU-U.S. Data Privacy Framework: annual review of the adequacy decision", "US", (("EU", "US"),)),
        ("中德签署数据跨境流动合作谅解备忘录 向德国传输数据", "CN", (("CN", "DE"),)),
        ("個人資料轉移至香港以外地方的指引：跨境資料轉移", "HK", (("HK", "*"),)),
        ("Datenübermittlung in die USA: neue Hinweise", "DE", (("DE", "US"),)),
        ("Digital trade barriers in cloud markets", "US", ()),
    ],
)
def test_a_corridor_leads_where_the_sentence_on_moving_data_says(
    title: str, home: str, corridors: tuple[tuple[str, str], ...]
) -> None:
    assert of_title(title, home=home).corridors == corridors


def test_an_amended_sentence_that_moves_no_data_has_no_corridor_though_its_law_has_one() -> None:
    finding = of_law(
        "非公務機關對當事人之請求，應於三十日內准駁，並將原因以書面通知當事人。",
        "非公務機關對當事人之請求，應於十五日內准駁，並將原因以書面通知當事人。",
        home="TW",
        headings=("個人資料國際傳輸法", "國際傳輸至歐盟"),
        language="zh-Hant",
    )
    assert (finding.verdict, finding.corridors, finding.mechanisms, finding.stage) == ("relevant", (), (), "")
    assert finding.bound == ("controller",)
    assert finding.quotes[0].text.startswith("非公務機關")


@pytest.mark.parametrize(
    ("last", "stage"),
    [
        ("第三条 本规定自2026年12月1日起施行。", "adopted"),
        ("第三条 本规定自2026年10月1日起施行。", "in_force"),
        ("第三条 本规定自公布之日起施行。", "in_force"),
    ],
)
def test_penalties_in_a_new_measure_are_no_enforcement(last: str, stage: str) -> None:
    finding = of_document(
        "第一条 为规范数据出境活动，制定本规定。", "第二条 违反本规定的，责令改正，处以罚款，并予以通报。", last
    )
    assert finding.stage == stage


def test_bare_numbers_are_never_quoted_and_the_amended_sentence_comes_first() -> None:
    texts = [f"The exporter shall document transfer of personal data number {n} abroad." for n in range(1, 9)]
    before = [b for n, t in enumerate(texts, 1) for b in (Block("heading", f"Article {n}"), Block("paragraph", t))]
    altered = texts[6].replace("shall", "may")
    after = [Block("heading", "Article 1"), Block("paragraph", "New first article.")]
    after += [b for n, t in enumerate(texts, 2) for b in (Block("heading", f"Article {n}"), Block("paragraph", t))]
    after[after.index(Block("paragraph", texts[6]))] = Block("paragraph", altered)
    edits = diff.edits(before, after)
    source = Source("s", "https://s.example/", title="Law", jurisdiction="EU", language="en")
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)
    assert [quote.text for quote in finding.quotes[:2]] == [texts[6], altered]
    assert not any(quote.text.startswith("Article") for quote in finding.quotes)
    assert "‘shall’ became ‘may’" in finding.headline


@pytest.mark.parametrize(
    "title",
    [
        "New rules on the export of personal data",
        "Measures on certification of personal information export",
        "Draft law requires personal data to be stored on servers in the country",
        "Foreign equity cap raised for value-added telecommunications services",
        "Regulation on outbound provision of data",
        "工信部扩大增值电信业务开放试点，取消外资股比限制",
        "重要数据应当在境内存储",
        "通傳會預告電信事業外資持股上限修正",
        "Nouvelles règles pour l'exportation de données personnelles",
        "Datenexport nach China: Hinweise der Aufsichtsbehörde",
        "Doorgifte van persoonsgegevens naar de VS: nieuwe regels",
        "Новые требования к локализации персональных данных",
        "Przekazywanie danych osobowych do państw trzecich",
    ],
)
def test_the_plainest_words_for_data_that_leave_or_must_stay_are_known(title: str) -> None:
    assert judge_text(id="", title=title, text="", rules=RULES, now=NOW).verdict == "relevant"


@pytest.mark.parametrize(
    "title",
    [
        "China's export data for May beat expectations",
        "Foreign investors buy stake in port operator",
        "Telecom regulator publishes statistics on broadband",
        "国家统计局发布1-10月出口数据",
        "海外渡航者への情報提供について",
        "Exportações de soja: dados de outubro",
        "Banka para transferi ücretleri",
    ],
)
def test_trade_figures_travellers_and_investors_are_not_data_that_leave(title: str) -> None:
    assert judge_text(id="", title=title, text="", rules=RULES, now=NOW).verdict == "not_relevant"


def test_a_date_at_the_end_of_a_long_document_is_found() -> None:
    filler = [f"Section {n}. The exporter keeps a register of its premises and of its staff." for n in range(900)]
    finding = of_document(
        "Transfers of personal data to third countries are permitted as follows.",
        *filler,
        "This Act enters into force on 3 May 2027.",
        home="EU",
        language="en",
    )
    assert [(dated.kind, dated.date) for dated in finding.dates] == [("effective", date(2027, 5, 3))]
