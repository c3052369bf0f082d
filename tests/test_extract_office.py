"""Office documents: the text as amended, with headings, numbers, tables and notes; and nothing that could hurt."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ReadError
from bot.extract import guess_type, read
from bot.model import CAUSES, Block, Reading, Source
from tests.conftest import CORPUS

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="H2"><w:name w:val="Own"/><w:basedOn w:val="H1"/><w:pPr><w:outlineLvl w:val="1"/>
<w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style></w:styles>"""
NUMBERING = f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2.%1"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def zipped(**parts: str | bytes) -> bytes:
    """A ZIP; part names are written with __ for / and _dot_ for the last dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return file.getvalue()


def docx(body: str, **parts: str | bytes) -> bytes:
    document = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    given = {"word__document_dot_xml": document, "word__styles_dot_xml": STYLES, "word__numbering_dot_xml": NUMBERING}
    return zipped(**{**given, **parts})


def paragraph(*texts: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>" for text in texts)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def reading(body: bytes, kind: str = "docx") -> Reading:
    return read(body, source=Source("law", "https://law.example/law", type=kind), content_type="", url="")


def blocks(body: bytes, kind: str = "docx") -> tuple[Block, ...]:
    return reading(body, kind).blocks


def cause(body: bytes, kind: str = "docx") -> str:
    with pytest.raises(ReadError) as failed:
        reading(body, kind)
    return failed.value.cause


# ------------------------------------------------------------------------------------------------ word


def test_a_word_text_is_read_as_amended() -> None:
    inserted = "<w:ins><w:r><w:t>shall </w:t></w:r></w:ins>"
    deleted = "<w:del><w:r><w:delText>may </w:delText></w:r></w:del>"
    moved = "<w:moveFrom><w:r><w:t>elsewhere </w:t></w:r></w:moveFrom>"
    (block,) = blocks(docx(paragraph("An operator ", inserted, deleted, moved, "file an assessment.")))
    assert block.text == "An operator shall file an assessment."


def test_a_paragraph_whose_end_was_deleted_goes_on_with_the_next() -> None:
    gone = "<w:rPr><w:del w:id='1'/></w:rPr>"
    (block,) = blocks(docx(paragraph("Personal information", properties=gone) + paragraph("is not exported.")))
    assert block.text == "Personal information is not exported."


def test_numbers_that_word_writes_are_part_of_the_text_and_headings_stand_above_it() -> None:
    body = (
        paragraph("General", style="H1") + paragraph("Scope", style="H2") + paragraph("Aim", style="H2")
        + paragraph("Export", style="H1") + paragraph("Routes", style="H2") + paragraph("Three routes are open.")
    )  # fmt: skip
    texts = [(block.kind, block.text) for block in blocks(docx(body))]
    assert texts[0] == ("heading", "第一章 General")
    assert [text for _, text in texts[1:5]] == ["1.一 Scope", "2.一 Aim", "第二章 Export", "1.二 Routes"]
    assert blocks(docx(body))[-1].path == ("第二章 Export", "1.二 Routes")


def test_a_table_is_a_row_a_block_and_deleted_rows_are_gone() -> None:
    def row(*cells: str, properties: str = "") -> str:
        made = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells)
        return f"<w:tr><w:trPr>{properties}</w:trPr>{made}</w:tr>"

    table = f"<w:tbl>{row('Data', 'Threshold')}{row('old', '1', properties='<w:del/>')}{row('Important', '0')}</w:tbl>"
    assert [(block.kind, block.text) for block in blocks(docx(table))] == [
        ("row", "Data | Threshold"),
        ("row", "Important | 0"),
    ]


def test_a_footnote_follows_its_paragraph() -> None:
    notes = f"""<w:footnotes xmlns:w="{W}"><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>
    <w:footnote w:id="7">{paragraph("Not in free-trade zones.")}</w:footnote></w:footnotes>"""
    body = paragraph("Filing is required.", "<w:r><w:footnoteReference w:id='7'/></w:r>") + paragraph("Next.")
    assert [block.text for block in blocks(docx(body, word__footnotes_dot_xml=notes))] == [
        "Filing is required.¹",
        "¹ Not in free-trade zones.",
        "Next.",
    ]


def test_a_text_box_is_read_once_and_by_itself() -> None:
    box = paragraph("In the box.")
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:txbxContent>{box}</w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent>{box}</w:txbxContent></mc:Fallback></mc:AlternateContent>"
    )
    assert [block.text for block in blocks(docx(paragraph("Beside", both, " it.")))] == ["Beside it.", "In the box."]


# ------------------------------------------------------------------------------------------------ workbooks


def xlsx(rows: str, **parts: str | bytes) -> bytes:
    workbook = (
        f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="Negative list" sheetId="1" r:id="rId1"/>'
        '<sheet name="Drafts" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>'
    )
    relations = f"""<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{R}/worksheet"
    Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{R}/worksheet" Target="/xl/worksheets/sheet2.xml"/>
    </Relationships>"""
    hidden = f'<worksheet xmlns="{S}"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>'
    sheet = f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped(
        xl__workbook_dot_xml=workbook, xl___rels__workbook_dot_xml_dot_rels=relations,
        xl__worksheets__sheet1_dot_xml=sheet, xl__worksheets__sheet2_dot_xml=hidden, **parts,
    )  # fmt: skip


def test_a_workbook_is_a_heading_a_sheet_and_a_block_a_row() -> None:
    texts = f'<sst xmlns="{S}"><si><t>Sector</t></si><si><r><t>Auto</t></r><r><t>mobiles</t></r></si></sst>'
    styles = f'<styleSheet xmlns="{S}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    rows = (
        '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>Since</t></is></c></row><row/>'
        '<row><c t="s"><v>1</v></c><c s="1"><v>45292</v></c><c><v>0.30000000000000004</v></c></row>'
    )
    made = blocks(xlsx(rows, xl__sharedStrings_dot_xml=texts, xl__styles_dot_xml=styles), "xlsx")
    assert [(block.kind, block.text, block.path) for block in made] == [
        ("heading", "Negative list", ()),
        ("row", "Sector | Since", ("Negative list",)),
        ("row", "Automobiles | 2024-01-01 | 0.3", ("Negative list",)),
    ]


# ------------------------------------------------------------------------------------------------ captures


def test_an_old_word_document_is_read_through_its_piece_table() -> None:
    path = CORPUS / "doc" / "mx_dip-109.doc"
    if not path.exists():
        pytest.skip(f"the capture is not at {path}")
    made = reading(path.read_bytes(), "doc").blocks
    assert made[0].text == "LEY FEDERAL DE JUEGOS Y SORTEOS"
    assert any(block.text.startswith("ARTICULO 13.-") for block in made)
    assert not any("\x13" in block.text or "HYPERLINK" in block.text for block in made)


def test_a_document_is_read_as_what_it_is_whatever_its_name() -> None:
    body = docx(paragraph("The rule is in force."))
    assert guess_type(content_type="application/msword", body=body, url="https://law.example/rule.doc") == "docx"
    assert [block.text for block in blocks(body, "doc")] == ["The rule is in force."]
    assert [block.text for block in blocks(body, "page")] == ["The rule is in force."]
    assert cause(body, "list") == "wrong type"
    assert cause(b"<html><body>not found</body></html>", "docx") == "wrong type"


# ------------------------------------------------------------------------------------------------ hostile


def test_a_zip_bomb_is_too_large() -> None:
    bomb = docx("", word__document_dot_xml=b"<a>" + b" " * 70_000_000)
    assert len(bomb) < 200_000
    assert cause(bomb) == "too large"


def test_many_parts_are_too_large() -> None:
    assert cause(docx("", **{f"word__part{number}": "" for number in range(10_001)})) == "too large"


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE a [<!ENTITY x "hello">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;"><!ENTITY z "&y;&y;&y;&y;">]><a>&z;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "<w:document",
        "\x00\x00",
    ],
)
def test_entities_and_broken_markup_are_refused(document: str) -> None:
    assert cause(docx("", word__document_dot_xml=document)) == "unreadable"


def test_deeply_nested_markup_is_read_or_refused() -> None:
    nested = "<w:ins>" * 5_000 + "</w:ins>" * 5_000
    assert cause(docx(f"<w:p>{nested}</w:p>")) in CAUSES


@pytest.mark.parametrize("kind", ["docx", "xlsx", "doc"])
def test_a_cut_document_is_unreadable(kind: str) -> None:
    whole = {"docx": docx(paragraph("Whole.")), "xlsx": xlsx("<row><c><v>1</v></c></row>")}.get(kind)
    body = whole[:-40] if whole else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert cause(body, kind) == "unreadable"


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_damage_does_more_than_fail_with_a_cause(data: st.DataObject) -> None:
    path = CORPUS / "doc" / "mx_dip-109.doc"
    wholes = [docx(paragraph("Whole.", style="H1")), xlsx("<row><c><v>1</v></c></row>")]
    body = bytearray(data.draw(st.sampled_from([*wholes, path.read_bytes()] if path.exists() else wholes)))
    for _ in range(data.draw(st.integers(1, 20))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert reading(bytes(body), "doc").blocks
    except ReadError as error:
        assert error.cause in CAUSES
