"""Law texts in XML: each schema by its structure, and however it was serialised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from bot.extract import reading_hash
from bot.extract.lawxml import read_xml
from bot.model import Block

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

USLM = """<uscDoc xmlns="http://xml.house.gov/schemas/uslm/1.0"><main><title><num value="50">Title 50—</num>
<heading>WAR</heading><section><num value="1">§ 1.</num><heading> Transfers of data</heading>
<subsection><num value="a">(a)</num><heading> Prohibition</heading><chapeau>No person may—</chapeau>
<paragraph><num value="1">(1)</num><content> sell <ref href="x">bulk data</ref>; or</content></paragraph>
<continuation>This applies everywhere.</continuation></subsection>
<sourceCredit>(Pub. L. 1–1, Jan. 1, 2024)</sourceCredit></section></title></main></uscDoc>"""
ECFR = """<ECFR><DIV5 N="202" TYPE="PART"><HEAD>PART 202—ACCESS TO BULK DATA</HEAD><DIV8 N="202.101" TYPE="SECTION">
<HEAD>§ 202.101   Scope.</HEAD><P>(a) Executive Order <I>14117</I> applies.</P>
<CITA TYPE="N">[90 FR 1, Jan. 8, 2025]</CITA></DIV8></DIV5></ECFR>"""
CLML = """<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><Primary><Body><Part>
<Number>PART <Strong>1</Strong></Number><Title>Transfers</Title><P1group{state}><Title>The test</Title><P1>
<Pnumber>1</Pnumber><P1para><P2><Pnumber>1</Pnumber><P2para><Text>A transfer is <Substitution ChangeId="a">allowed
<CommentaryRef Ref="c1"/></Substitution>.</Text></P2para></P2></P1para></P1></P1group></Part></Body></Primary>
<Commentaries><Commentary id="c1" Type="F"><Para><Text>Word substituted by S.I. 2025/1.</Text></Para></Commentary>
</Commentaries></Legislation>"""
AKN = """<akn:akomaNtoso xmlns:akn="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><akn:act><akn:body><akn:chapter>
<akn:num>Chapter I</akn:num><akn:heading>General</akn:heading><akn:article><akn:num>Article 5</akn:num>
<akn:heading>Transfers<akn:authorialNote><akn:p>Amended in 2025.</akn:p></akn:authorialNote></akn:heading>
<akn:paragraph>
<akn:num>1.</akn:num><akn:list><akn:intro><akn:p>A transfer needs:</akn:p></akn:intro><akn:point>
<akn:num>(a)</akn:num>
<akn:content><akn:p>a contract.</akn:p></akn:content></akn:point></akn:list></akn:paragraph></akn:article>
</akn:chapter>
</akn:body></akn:act></akn:akomaNtoso>"""
EGOV = """<Law><LawNum>平成十五年法律第五十七号</LawNum><LawBody><LawTitle>個人情報の保護に関する法律</LawTitle>
<TOC><TOCLabel>目次
</TOCLabel></TOC><MainProvision><Chapter><ChapterTitle>第一章　総則</ChapterTitle><Article Num="28">
<ArticleCaption>（外国にある第三者への提供の制限）</ArticleCaption><ArticleTitle>第二十八条</ArticleTitle>
<Paragraph Num="1">
<ParagraphNum/><ParagraphSentence><Sentence>同意を得なければならない。</Sentence>
<Sentence Function="proviso">ただし、この限りでない。</Sentence></ParagraphSentence><Item Num="1">
<ItemTitle>一</ItemTitle>
<ItemSentence><Sentence>法令に基づく場合</Sentence></ItemSentence></Item></Paragraph></Article></Chapter>
</MainProvision>
<SupplProvision AmendLawNum="令和二年六月一二日法律第四四号"><SupplProvisionLabel>附　則</SupplProvisionLabel>
<Paragraph Num="1">
<ParagraphNum/><ParagraphSentence><Sentence>公布の日から施行する。</Sentence></ParagraphSentence></Paragraph>
</SupplProvision>
</LawBody></Law>"""
GII = """<dokumente builddate="1"><norm><metadaten><jurabk>BDSG</jurabk><langue>Bundesdatenschutzgesetz</langue>
<standangabe><standtyp>Stand</standtyp><standkommentar>Zuletzt geändert</standkommentar></standangabe>
</metadaten></norm>
<norm><metadaten><gliederungseinheit><gliederungskennzahl>010</gliederungskennzahl>
<gliederungsbez>Teil 1</gliederungsbez>
<gliederungstitel>Gemeinsame Bestimmungen</gliederungstitel></gliederungseinheit></metadaten></norm>
<norm><metadaten><enbez>§ 2</enbez><titel>Begriffe</titel></metadaten><textdaten><text><Content><P>(1) Daten sind
<DL><DT>1.</DT><DD><LA>Angaben,</LA></DD></DL>auch andere.</P></Content></text><fussnoten><Content>
<P>Hinweis</P></Content>
</fussnoten></textdaten></norm></dokumente>"""
TAIWAN = """<法規><法規名稱>個人資料保護法</法規名稱><法規內容><編章節>第 一 章 總則</編章節><條文>
<條號>第 21 條</條號><條文內容><![CDATA[
非公務機關為國際傳輸個人資料，得限制之：
一、涉及國家重大利益。
二、接受國法規未完善。]]></條文內容></條文></法規內容></法規>"""
CHILE = """<Norma xmlns="http://www.leychile.cl/esquemas" fechaVersion="2024-12-13"><EstructurasFuncionales>
<EstructuraFuncional tipoParte="Artículo" derogado="no derogado"><Texto>Introdúcense modificaciones.</Texto>
<Metadatos>
<NombreParte>1</NombreParte></Metadatos></EstructuraFuncional></EstructurasFuncionales></Norma>"""
ESTONIA = """<oigusakt xmlns="tyviseadus_1"><sisu><peatykk><kuvatavNr><![CDATA[1. peatükk]]></kuvatavNr>
<peatykkPealkiri>Üldsätted</peatykkPealkiri><paragrahv><paragrahvNr>1</paragrahvNr><loige><loigeNr>1</loigeNr>
<sisuTekst><tavatekst>Vastavalt § 46<sup>5</sup>.</tavatekst></sisuTekst></loige><muutmismarge>
<aktikuupaev>2015-05-06+03:00</aktikuupaev></muutmismarge></paragrahv></peatykk></sisu></oigusakt>"""
LAWS = {
    "uslm": USLM, "ecfr": ECFR, "clml": CLML.format(state=""), "akn": AKN, "egov": EGOV, "gii": GII, "taiwan": TAIWAN,
    "chile": CHILE, "estonia": ESTONIA,
}  # fmt: skip


def lines(xml: str) -> list[tuple[str, str, str]]:
    """What a text says: where, with which number, what; about the law in brackets."""
    told = []
    for block in read_xml(xml):
        text = f"<{block.text}>" if block.place == "about" else block.text
        told.append((" > ".join(block.path), block.label, text))
    return told


def test_a_section_of_the_us_code_shows_its_subsections_and_keeps_its_source_aside() -> None:
    section = "Title 50— WAR > § 1. Transfers of data"
    assert lines(USLM)[1:] == [
        ("Title 50— WAR", "§ 1.", "§ 1. Transfers of data"),
        (section, "(a)", "(a) Prohibition"),
        (f"{section} > (a) Prohibition", "", "No person may—"),
        (f"{section} > (a) Prohibition", "(1)", "(1) sell bulk data; or"),
        (f"{section} > (a) Prohibition", "", "This applies everywhere."),
        (section, "", "<(Pub. L. 1–1, Jan. 1, 2024)>"),
    ]


def test_a_part_of_the_cfr_shows_its_sections() -> None:
    assert lines(ECFR)[1:] == [
        ("PART 202 ACCESS TO BULK DATA", "§ 202.101", "§ 202.101 Scope."),
        ("PART 202 ACCESS TO BULK DATA > § 202.101 Scope.", "(a)", "(a) Executive Order 14117 applies."),
        ("PART 202 ACCESS TO BULK DATA > § 202.101 Scope.", "", "<[90 FR 1, Jan. 8, 2025]>"),
    ]


def test_a_uk_act_shows_sections_with_number_and_title_and_commentary_aside() -> None:
    assert lines(LAWS["clml"]) == [
        ("", "PART 1", "PART 1 Transfers"),
        ("PART 1 Transfers", "1", "1 The test"),
        ("PART 1 Transfers > 1 The test", "(1)", "(1) A transfer is allowed ."),
        ("", "", "<Word substituted by S.I. 2025/1.>"),
    ]


def test_a_uk_section_that_comes_into_force_shows_as_a_difference() -> None:
    before, after = (read_xml(CLML.format(state=state)) for state in (' Status="Prospective"', ""))
    assert [block.text for block in before if block not in after] == ["[Prospective]"]
    assert reading_hash(before) != reading_hash(after)


def test_an_akoma_ntoso_act_shows_articles_points_and_notes() -> None:
    article = "Chapter I General > Article 5 Transfers"
    assert lines(AKN)[1:] == [
        ("Chapter I General", "Article 5", "Article 5 Transfers"),
        (article, "", "<Amended in 2025.>"),
        (article, "1.", "1. A transfer needs:"),
        (article, "(a)", "(a) a contract."),
    ]


def test_a_japanese_law_shows_articles_with_captions_and_supplements_apart() -> None:
    article = "第一章 総則 > 第二十八条 （外国にある第三者への提供の制限）"
    assert lines(EGOV)[2:] == [
        ("", "第一章", "第一章 総則"),
        ("第一章 総則", "第二十八条", "第二十八条 （外国にある第三者への提供の制限）"),
        (article, "", "同意を得なければならない。ただし、この限りでない。"),
        (article, "一", "一 法令に基づく場合"),
        ("", "", "附 則（令和二年六月一二日法律第四四号）"),
        ("附 則（令和二年六月一二日法律第四四号）", "", "公布の日から施行する。"),
    ]
    assert [block.place for block in read_xml(EGOV)][-2:] == ["supplement", "supplement"]


def test_a_german_law_shows_sections_under_the_parts_that_stand_beside_them() -> None:
    section = "Teil 1 Gemeinsame Bestimmungen > § 2 Begriffe"
    assert lines(GII) == [
        ("", "", "Bundesdatenschutzgesetz"),
        ("", "", "<standangabe: Stand, Zuletzt geändert>"),
        ("", "Teil 1", "Teil 1 Gemeinsame Bestimmungen"),
        ("Teil 1 Gemeinsame Bestimmungen", "§ 2", "§ 2 Begriffe"),
        (section, "(1)", "(1) Daten sind"),
        (section, "1.", "1. Angaben,"),
        (section, "", "auch andere."),
        (section, "", "<Hinweis>"),
    ]


def test_a_taiwanese_law_shows_articles_under_chapters_and_items_one_by_one() -> None:
    assert lines(TAIWAN)[2:] == [
        ("第 一 章 總則", "第 21 條", "第 21 條"),
        ("第 一 章 總則 > 第 21 條", "", "非公務機關為國際傳輸個人資料，得限制之："),
        ("第 一 章 總則 > 第 21 條", "一、", "一、涉及國家重大利益。"),
        ("第 一 章 總則 > 第 21 條", "二、", "二、接受國法規未完善。"),
    ]


def test_a_chilean_law_tells_its_version_for_its_text_is_abridged() -> None:
    assert lines(CHILE) == [
        ("", "", "[fechaVersion 2024-12-13]"),
        ("", "Artículo 1", "Artículo 1"),
        ("Artículo 1", "", "Introdúcense modificaciones."),
    ]


def test_an_estonian_law_prints_bare_numbers_and_raises_digits() -> None:
    assert lines(ESTONIA)[1:] == [
        ("1. peatükk Üldsätted", "§ 1.", "§ 1."),
        ("1. peatükk Üldsätted > § 1.", "(1)", "(1) Vastavalt § 46⁵."),
        ("1. peatükk Üldsätted > § 1.", "", "<muutmismarge: 2015-05-06>"),
    ]


def other_prefixes(xml: str) -> str:
    root = etree.fromstring(xml.encode())
    for element in root.iter():
        element.tag = etree.QName("urn:other", etree.QName(element).localname)
    return etree.tostring(root, encoding="unicode")


def with_comments(xml: str) -> str:
    return re.sub(r"><(?!/|!)", "><!-- made by a machine --><", xml)


def with_other_attributes(xml: str) -> str:
    root = etree.fromstring(xml.encode())
    for number, element in enumerate(root.iter()):
        kept = list(reversed(element.attrib.items()))
        element.attrib.clear()
        element.attrib["made"] = str(number)
        element.attrib.update(kept)
    return etree.tostring(root, encoding="unicode")


def as_canonical_xml(xml: str) -> str:
    return etree.canonicalize(xml)


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("change", [other_prefixes, with_comments, with_other_attributes, as_canonical_xml])
def test_how_a_law_was_serialised_never_matters(name: str, change) -> None:
    assert read_xml(change(LAWS[name])) == read_xml(LAWS[name])


def test_text_that_an_amendment_inserts_is_no_heading_of_the_amending_act() -> None:
    group = "<P1group><Title>Bridge</Title><P1><Pnumber>45A</Pnumber><P1para><Text>New.</Text></P1para></P1></P1group>"
    quoted = f"Insert—</Text><BlockAmendment>{group}</BlockAmendment><Text>A transfer is"
    amending = CLML.format(state="").replace("A transfer is", quoted)
    inserted = next(block for block in read_xml(amending) if "45A" in block.text)
    assert (inserted.kind, inserted.path) == ("paragraph", ("PART 1 Transfers", "1 The test"))


@pytest.mark.skipif(not CORPUS.exists(), reason="the captures are not beside this repository")
@pytest.mark.parametrize("folder", ["de-bdsg", "de-awg", "ee-constitution", "tw-pdpa-rules", "tw-strategic-goods"])
def test_every_captured_version_of_a_law_shows_articles_with_text_under_them(folder: str) -> None:
    for capture in sorted((CORPUS / "histories" / folder).glob("*.xml")):
        blocks: list[Block] = read_xml(capture.read_text(encoding="utf-8"))
        articles = [block for block in blocks if block.kind == "heading" and block.label]
        assert len(articles) >= 20
        over = {heading for block in blocks for heading in block.path}
        assert sum(article.text in over for article in articles) >= 0.95 * len(articles), capture.name
