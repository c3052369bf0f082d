"""Acts and Events: which act a text is about, what joins, who reads of it in which thread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import events
from bot.cli import main
from bot.judge.acts import Subject, of_subject, with_acts
from bot.judge.numbers import number
from bot.model import Block, Change, DatedQuote, Edit, Event, Finding, Force, Source, Subscription, Version
from tests.scenes import Scene
from tests.site import Site

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def said(title: str, *, address: str = "", place: str = "", beside: str = "") -> list[str]:
    """The identifiers that a title and an address give, without that of the page itself."""
    return [one.value for one in of_subject(Subject((title,), address), place=place, beside=beside)]


@pytest.mark.parametrize(
    ("title", "act"),
    [
        ("Regulation (EU) 2016/679 of the European Parliament and of the Council", "celex:32016R0679"),
        ("Verordnung (EU) 2016/679 des Europäischen Parlaments", "celex:32016R0679"),
        ("Règlement (UE) n° 910/2014 du Parlement européen", "celex:32014R0910"),
        ("Regulation (EC) No 1049/2001 regarding public access", "celex:32001R1049"),
        ("Directive 95/46/EC of the European Parliament", "celex:31995L0046"),
        ("Commission Implementing Decision (EU) 2023/1795 of 10 July 2023 pursuant to Regulation (EU) 2016/679",
         "celex:32023D1795"),
        ("EDPB adopts Guidelines 02/2024 on Article 48 GDPR", "edpb:guidelines-2/2024"),
        ("Judgment in Case C-311/18 Data Protection Commissioner", "ecj:C-311/18"),
        ("Executive Order 14117 of February 28, 2024", "eo:14117"),
        ("Access to bulk sensitive data by countries of concern (RIN 1124-AA01)", "rin:1124-AA01"),
        ("The Data Protection (Adequacy) Regulations 2023 (SI 2023/1028)", "uksi:2023/1028"),
        ("促进和规范数据跨境流动规定（国家互联网信息办公室令第16号）", "cn:国家互联网信息办公室令16"),
        ("国家网信办令第十六号", "cn:国家互联网信息办公室令16"),
        ("网络数据安全管理条例（中华人民共和国国务院令第790号）", "cn:国务院令790"),
        ("关于印发某办法的通知（国办发〔2024〕9号）", "cn:国办发〔2024〕9"),
        ("GB/T 46068－2025 数据安全技术", "gb:46068-2025"),
        ("個人情報の保護に関する法律（平成十五年法律第五十七号）", "jp:平成15法律57"),
        ("令和元年個人情報保護委員会規則第3号", "jp:令和1個人情報保護委員会規則3"),
        ("개인정보 보호법 [법률 제19234호]", "kr:법률19234"),
        ("Nghị định số 13/2023/NĐ-CP về bảo vệ dữ liệu cá nhân", "vn:13/2023/ND-CP"),
        ("Law No. 91/2025/QH15 on Personal Data Protection", "vn:91/2025/QH15"),
        ("Resolução CD/ANPD nº 19, de 23 de agosto de 2024", "br:resolucao-cd/anpd-19/2024"),
        ("Lei nº 13.709, de 14 de agosto de 2018", "br:lei-13709"),
        ("Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi", "id:uu-27/2022"),
        ("F2024L01234 Privacy Rules", "au:F2024L01234"),
        ("第8/2005號法律 個人資料保護法", "mo:法律-8/2005"),
        ("Федеральный закон от 27.07.2006 № 152-ФЗ «О персональных данных»", "ru:152-fz/2006"),
    ],
)  # fmt: skip
def test_a_title_that_is_an_act_gives_its_number(title: str, act: str) -> None:
    assert said(title) == [act]


def test_what_every_state_numbers_alike_says_whose_it_is() -> None:
    title = "Federal Decree-Law No. (45) of 2021 on the Protection of Personal Data"
    assert said(title, place="AE") == ["law:AE:federal-decree-law-45/2021"]
    assert said(title) == []


@pytest.mark.parametrize(
    "title",
    [
        "EDPB statement on Regulation (EU) 2023/2854",
        "Commission publishes FAQ on Regulation (EU) 2023/2854",
        "Proposal for a Regulation amending Regulation (EU) 2016/679",
        "Regulation (EU) 2016/679: guidance for small firms",
        "Justice Department issues final rule implementing Executive Order 14117",
        "Executive Order 14117 compliance guide",
        "FAQ on the judgment in Case C-311/18",
        "《促进和规范数据跨境流动规定》（国家互联网信息办公室令第16号）答记者问",
        "個人情報の保護に関する法律（平成十五年法律第五十七号）の一部を改正する法律案",
        "开展2024年第3号公告所列产品抽查",
        "主席令第八十四号",  # numbered anew with every term
        "Guidelines 05/2021 of another board",
        "GSR 846(E)",  # numbered anew every year
        "Report of the hearing on the Order (SI 2023/1028)",
        "28 pages, 2024/25 edition",
    ],
)
def test_a_title_that_is_about_an_act_gives_none(title: str) -> None:
    assert said(title) == []


@pytest.mark.parametrize(
    ("address", "act"),
    [
        ("https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX%3A32016R0679", "celex:32016R0679"),
        ("https://eur-lex.europa.eu/eli/reg_impl/2023/1795/oj", "celex:32023R1795"),
        ("https://www.federalregister.gov/documents/2024/12/31/2024-31486/access", "fr:2024-31486"),
        ("https://www.regulations.gov/docket/DOJ-NSD-2024-0004", "docket:DOJ-NSD-2024-0004"),
        ("https://www.legislation.gov.uk/uksi/2023/1028/contents/made", "uksi:2023/1028"),
        ("https://www.boe.es/buscar/act.php?id=BOE-A-2018-16673", "boe:A-2018-16673"),
    ],
)
def test_an_address_gives_the_number_it_carries(address: str, act: str) -> None:
    assert said("Some title", address=address) == [act]


@pytest.mark.parametrize(
    "address",
    [
        "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:02016R0679-20160504",  # amended by other acts
        "https://www.ecfr.gov/current/title-28/chapter-I/part-202",
        "https://laws.e-gov.go.jp/law/415AC0000000057",
    ],
)
def test_a_standing_text_is_no_act_whoever_amends_it(address: str) -> None:
    assert said("Consolidated text", address=address) == []


@given(st.integers(1, 9999))
def test_chinese_numerals_read_as_figures_do(value: int) -> None:
    assert number(chinese(value)) == value == number(str(value))


def chinese(value: int) -> str:
    """The usual way to write a number up to 9,999."""
    digits, units = "〇一二三四五六七八九", ("", "十", "百", "千")
    text, gap = "", False
    for power in range(3, -1, -1):
        digit = value // 10**power % 10
        if digit:
            text += ("〇" if gap and text else "") + digits[digit] + units[power]
        gap = not digit
    return text


# ------------------------------------------------------------------------------------------------ of a Change


def finding(**fields: object) -> Finding:
    return replace(Finding(1, NOW, "r", "relevant", 100, "Board: new item — Guidelines"), **fields)  # type: ignore[arg-type]


def item(text: str, link: str) -> Block:
    return Block("item", text, key=link, link=link)


LIST = Source("list", "https://board.example/news", type="list", authority="European Data Protection Board")


def listed(*blocks: Block, **fields: object) -> Finding:
    edits = tuple(Edit("new", after=i) for i in range(len(blocks)))
    change = Change(1, "list", NOW, "source", Version.__new__(Version), None, edits)
    return with_acts(finding(**fields), change, after=blocks, edits=edits, source=LIST)


def test_a_new_item_speaks_of_its_act_with_the_words_that_say_so() -> None:
    told = listed(item("Guidelines 02/2024 on Article 48", "https://board.example/g022024"))
    assert told.acts[0] == "edpb:guidelines-2/2024"
    assert [one.quote for one in told.stated] == ["Guidelines 02/2024", "https://board.example/g022024"]


def test_several_items_in_one_change_are_no_step_of_one_act() -> None:
    two = (item("Guidelines 02/2024", "https://b.example/1"), item("Guidelines 03/2024", "https://b.example/2"))
    assert listed(*two).acts == ()


def test_what_is_not_relevant_is_no_step_of_an_act() -> None:
    assert listed(item("Guidelines 02/2024", "https://b.example/1"), verdict="not_relevant").acts == ()


def test_a_page_to_which_every_item_leads_joins_nothing() -> None:
    hub = "https://board.example/fines"
    shared = (item("Fine for A", hub), replace_text(item("Fine for B", hub)))
    edits = (Edit("new", after=0),)
    change = Change(1, "list", NOW, "source", Version.__new__(Version), None, edits)
    assert with_acts(finding(), change, after=shared, edits=edits, source=LIST).acts == ()
    alone = [listed(item(title, hub)).acts for title in ("Fine for A", "Fine for B")]
    assert set(alone[0]).isdisjoint(alone[1])  # one at a time, they are two acts still


def replace_text(block: Block) -> Block:
    return block._replace(key=block.key + "#b")


def test_an_amended_standing_text_is_not_the_act_that_amends_it() -> None:
    law = Source("law", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", type="page")
    blocks = (Block("heading", "Regulation (EU) 2016/679"), Block("paragraph", "Article 1"))
    change = Change(1, "law", NOW, "source", Version.__new__(Version), None, (Edit("replace", 1, 1),))
    assert with_acts(finding(), change, after=blocks, edits=change.edits, source=law).acts == ()


@pytest.mark.parametrize(
    ("place", "lines", "acts"),
    [
        ("VN", ["Số: 13/2023/NĐ-CP", "Căn cứ Luật số 91/2025/QH15 ngày 26 tháng 6 năm 2025;"], ["vn:13/2023/ND-CP"]),
        ("US", ["28 CFR Part 202", "[Docket No. DOJ-NSD-2024-0004]", "RIN 1124–AA01", "[FR Doc. 2024–31486 Filed]"],
         ["docket:DOJ-NSD-2024-0004", "rin:1124-AA01", "fr:2024-31486"]),
        ("US", ["RIN 1124-AA01", "RIN 3084-AB69"], []),  # two of one family: of which is it?
        ("CN", ["发文字号：国办发〔2024〕9号", "根据国办发〔2020〕1号文件"], ["cn:国办发〔2024〕9"]),
        ("CN", ["国家互联网信息办公室令", "第 16 号"], ["cn:国家互联网信息办公室令16"]),
        ("JP", ["（平成十五年五月三十日法律第五十七号）"], ["jp:平成15法律57"]),
        ("KR", ["[시행 2024. 3. 15.] [법률 제19234호, 2023. 3. 14., 일부개정]"], ["kr:법률19234"]),
        ("IN", ["G.S.R. 846(E).—In exercise of its powers", "New Delhi, 2025"], []),
        ("IN", ["G.S.R. 846(E), 13 November 2025"], ["in:gsr-846(e)/2025"]),
        ("EU", ["Having regard to Regulation (EU) 2016/679"], []),
    ],
)  # fmt: skip
def test_a_document_says_its_number_on_a_line_of_its_own(place: str, lines: list[str], acts: list[str]) -> None:
    paper = Source("list~1", "https://gov.example/doc", parent="list", title="A text", jurisdiction=place)
    blocks = tuple(Block("paragraph", line) for line in lines)
    change = Change(1, "list~1", NOW, "new", None, None, ())
    told = with_acts(finding(), change, after=blocks, edits=(), source=paper)
    assert [act for act in told.acts if not act.startswith("doc:")] == acts
    said = "\n".join((*lines, paper.url))
    assert all(one.quote in said for one in told.stated)


# ------------------------------------------------------------------------------------------------ what joins


EVENT = Event(7, NOW, "Guidelines", ("edpb:guidelines-2/2024",), (1,))


def test_a_shared_number_joins_and_brings_its_own_along() -> None:
    told = finding(change=2, acts=("edpb:guidelines-2/2024", "doc:x"))
    assert events.joined(told, known=[EVENT], now=NOW) == replace(
        EVENT, acts=("edpb:guidelines-2/2024", "doc:x"), changes=(1, 2)
    )


def test_an_act_nobody_spoke_of_is_a_new_event_and_none_is_none() -> None:
    made = events.joined(finding(acts=("eo:14117",)), known=[], now=NOW)
    assert made and (made.id, made.changes) == (0, (1,))
    assert events.joined(finding(), known=[EVENT], now=NOW) is None


def change(number: int, days: float = 0) -> Change:
    return Change(number, "s", NOW + timedelta(days=days), "source", None, None, ())


@pytest.mark.parametrize(
    ("days", "fields", "level", "news"),
    [
        (1, {}, "plan", False),
        (1, {"stage": ""}, "plan", False),
        (1, {"stage": "adopted"}, "plan", True),
        (1, {"dates": (DatedQuote("deadline", date(2026, 12, 1), "q"),)}, "plan", True),
        (1, {"dates": (DatedQuote("published", date(2026, 12, 1), "q"),)}, "plan", False),
        (1, {"force": (Force("number", "10", "20"),)}, "plan", True),
        (1, {"force": (Force("reference", "Article 4", "Article 5"),)}, "plan", False),
        (1, {}, "act", True),
        (1, {}, "know", False),
        (13.9, {}, "plan", False),
        (14.1, {}, "plan", True),
    ],
)
def test_what_repeats_the_news_is_no_news(days: float, fields: dict[str, object], level: str, news: bool) -> None:
    earlier = (change(1), finding(stage="consultation"))
    later = (change(2, days), finding(change=2, **{"stage": "consultation", **fields}))
    assert events.is_news(later, [earlier], level=level, levels=["plan"]) is news


def test_the_stage_line_tells_how_far_an_act_has_come() -> None:
    spoken = [
        (change(3, 40), finding(change=3, stage="adopted")),
        (change(1), finding(stage="consultation")),
        (change(2, 3), finding(change=2, stage="consultation")),
        (change(4, 50), finding(change=4)),
    ]
    assert events.stage_line(spoken) == "consultation (2026-11-02) → adopted (2026-12-12)"


def test_titles_that_are_alike_only_point_at_one_another() -> None:
    title = "Measures for the security assessment of outbound data transfers by operators"
    one = (change(1), finding(headline=f"A: new item — {title}", jurisdictions=("CN",)))
    two = (replace(change(2), source_id="t"),
           finding(change=2, headline=f"B: new document — {title} (trial)", jurisdictions=("CN",)))  # fmt: skip
    other = (change(3), finding(change=3, headline="C: new item — Something else entirely about cheese and names here",
                                jurisdictions=("CN",)))  # fmt: skip
    elsewhere = (change(4), replace(one[1], change=4, jurisdictions=("EU",)))
    assert events.kin(two, [one, other, elsewhere]) == one
    assert events.kin((replace(two[0], source_id="s"), two[1]), [one]) is None  # one page, amended again
    numbered = [(what, replace(said, acts=(f"uksi:2026/{what.id}", f"doc:{what.id}"))) for what, said in (one, two)]
    assert events.kin(numbered[1], numbered) is None  # two numbers of one kind are two acts
    assert events.kin((two[0], replace(two[1], acts=("doc:9",))), numbered[:1]) == numbered[0]
    assert events.kin(other, [one, two]) is None
    amended = (two[0], replace(two[1], headline=f"B: {title}, Article 4: ‘may’ became ‘shall’"))
    assert events.kin(amended, [one]) is None  # says what became of a page: no title


@pytest.mark.parametrize(
    ("title", "one", "other", "places"),
    [
        ("Foreign trade barriers to data flows, estimate of 2026: {}", "Japan", "Korea", ("US", "US")),
        ("Foreign trade barriers to data flows in 2026 — {}", "services", "intellectual property", ("US", "US")),
        ("Report on barriers to the free flow of personal data across borders, chapter {}", "12", "13", ("US", "US")),
        ("Report on barriers to the free flow of personal data across borders in {}", "2025", "2026", ("US", "US")),
        ("Report on barriers to the free flow of personal data across {}", "Japan", "Korea", ("JP US", "KR US")),
        ("数据跨境流动壁垒年度评估报告{}", "第三章", "第四章", ("CN", "CN")),
    ],
)
def test_the_chapters_and_editions_of_one_report_are_not_said_to_be_one_act(
    title: str, one: str, other: str, places: tuple[str, str]
) -> None:
    told = [(replace(change(n), source_id=f"s~{n}"),
             finding(change=n, headline=f"A: new document — {title.format(name)}", jurisdictions=tuple(place.split())))
            for n, (name, place) in enumerate(zip((one, other), places, strict=True), 1)]  # fmt: skip
    assert events.kin(told[1], told[:1]) is None
    again = (replace(told[0][0], id=3, source_id="t"), replace(told[0][1], change=3))
    assert events.kin(again, told[:1]) == told[0]


# ------------------------------------------------------------------------------------------------ through the house


FIRST = "Guidelines 07/2026 on transfers of personal data to third countries: standard contractual clauses"
AGAIN = "Adoption of Guidelines 07/2026 on transfers of personal data to third countries"


class Two:
    """Two lists of one board; what they list can be set."""

    def __init__(self, home: Path, site: Site) -> None:
        self.site = site
        self.publish("/news")
        self.publish("/papers")
        fields = {"type": "list", "items": "li", "authority": "European Data Protection Board", "jurisdiction": "EU"}
        made = [
            Source(name, site.url(f"/{name}"), title=name, language="en", topics=("scc",), spacing=0.0, **fields)  # type: ignore[arg-type]
            for name in ("news", "papers")
        ]
        self.scene = Scene(home, site, *made)
        self.number = self.scene.subscribe()
        self.scene.look()

    def publish(self, path: str, *items: str) -> None:
        old = ["Annual report of the board", "Meeting calendar of the board", "Vacancies at the board"]
        listed = "".join(f'<li><a href="{path}/{len(one)}">{one}</a></li>' for one in (*items, *old))
        self.site.publish(path, f"<main><h1>Publications</h1><ul>{listed}</ul></main>")

    def told(self) -> list[tuple[str, str]]:
        rows = self.scene.app.store.deliveries(subscription=self.number)
        return [(row.kind, row.subject) for row in rows]


@pytest.fixture
def two(tmp_path: Path, site: Site) -> Iterator[Two]:
    made = Two(tmp_path / "home", site)
    yield made
    made.scene.app.close()


def test_two_sources_of_one_act_make_one_event_a_post_and_a_reply(two: Two) -> None:
    app = two.scene.app
    two.publish("/news", FIRST)
    two.scene.look()
    two.publish("/papers", AGAIN)
    two.scene.look()
    (first, _), (second, _) = two.scene.changes("source")
    event = app.event_of(first.id)
    assert event and event.changes == (first.id, second.id)
    assert two.told() == [("post", f"change:{first.id}"), ("reply", f"change:{second.id}")]
    assert app.is_broadcast(second, app.subscription(two.number)) is False
    assert f"event {event.id}: told with change {first.id}" in app.why(second.id)
    assert "act: edpb:guidelines-7/2026, by “Guidelines 07/2026”" in app.why(second.id)

    list(app.rejudge(tell=True))
    assert len(two.told()) == 2  # judged again, nobody is told twice

    own = app.split_event(second.id)
    list(app.rejudge())
    moved = app.event_of(second.id)
    assert moved and moved.id == own != event.id  # what a person split stays split
    assert app.merge_events(own, into=event.id).changes == (first.id, second.id)


def test_the_old_number_of_a_merged_event_leads_to_what_it_became(
    two: Two, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two.publish("/news", FIRST)
    two.publish("/papers", "Adoption of Guidelines 08/2026 on transfers of personal data to third countries")
    two.scene.look()
    one, other = (event.id for change, _ in two.scene.changes("source") if (event := two.scene.app.event_of(change.id)))
    assert one != other
    declared = tmp_path / "sources.toml"
    declared.write_text(f'[news]\ntitle = "news"\nurl = "{two.site.url("/news")}"\ntype = "page"\n')
    door = ["--home", str(two.scene.home), "--sources", str(declared), "event"]
    assert main([*door, "merge", str(one), str(other)]) == 0
    capsys.readouterr()
    assert main([*door, "show", str(one)]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == f"event {one} was merged into event {other}" and second.startswith(f"event {other}: ")
    assert main([*door, "show", str(one), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["event"] == other
    assert main([*door, "show", str(other)]) == 0 and "merged" not in capsys.readouterr().out


def test_an_alert_says_which_earlier_change_may_speak_of_the_same_act(two: Two) -> None:
    title = "Recommendations on measures that supplement tools for transfers of personal data to third countries"
    two.publish("/news", title)
    two.scene.look()
    early = two.scene.told()
    two.publish("/papers", f"Final {title[0].lower()}{title[1:]}")
    two.scene.look()
    (first, _), (second, _) = two.scene.changes("source")
    sentence = f"may belong to change {first.id} of {first.at:%Y-%m-%d}: the titles are alike"
    assert title in early and "may belong" not in early
    assert sentence in two.scene.told()
    assert two.told() == [("post", f"change:{first.id}"), ("post", f"change:{second.id}")]  # it joins nothing
    assert f"It {sentence}." in str(json.loads(two.scene.app.preview(second.id).rich)["blocks"])


def test_of_one_act_there_is_one_date_ahead_for_each_kind_as_it_was_said_last(two: Two) -> None:
    app = two.scene.app
    two.publish("/news", FIRST + ". Comments may be submitted until 20 December 2026.")
    two.scene.look()
    two.publish("/papers", AGAIN + ". Comments may be submitted until 31 January 2027.")
    two.scene.look()
    assert [(one.dated.kind, one.dated.date) for one in app.upcoming()] == [("deadline", date(2027, 1, 31))]
    second = two.scene.changes("source")[1][0]
    assert app.is_broadcast(second, app.subscription(two.number)) is True


def test_one_who_was_not_told_of_the_beginning_gets_a_post(two: Two) -> None:
    two.publish("/news", FIRST)
    two.scene.look()
    late = two.scene.app.subscribe(Subscription(0, "console", "late"))
    two.publish("/papers", AGAIN)
    two.scene.look()
    assert [row.kind for row in two.scene.app.store.deliveries(subscription=late)] == ["post"]


def test_baselines_that_speak_of_one_act_join_though_they_are_kept_together(tmp_path: Path, site: Site) -> None:
    title = "<h1>Guidelines 07/2026 on transfers of personal data</h1>"
    pages = ("one", "two", "three")
    for name in pages:
        site.publish(f"/{name}", f"<main>{title}<p>Standard contractual clauses for transfers to {name}.</p></main>")
    made = [
        Source(name, site.url(f"/{name}"), authority="European Data Protection Board", language="en", spacing=0.0)
        for name in pages
    ]
    scene = Scene(tmp_path / "home", site, *made)
    list(scene.app.check(everything=True))
    judged = scene.app.judge_all()
    first, _, _ = next(judged)
    assert scene.app.store.finding(first.change.id)  # what is handed on is durable
    judged.close()  # type: ignore[attr-defined]
    list(scene.app.judge_all())  # whoever was cut off is judged now
    event = scene.app.event_of(first.change.id)
    assert event and sorted(event.changes) == [1, 2, 3]
    assert "event 1: told with change" in scene.app.why(1)
    scene.app.close()
