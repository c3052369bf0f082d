"""Text: what never counts, number labels, one spelling per URL, dates, charsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ReadError
from bot.extract.charset import decode
from bot.extract.dates import iso_date
from bot.text import bare, canonical_url, fold, label, tidy, without_session


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a  transfer\n of data", "a transfer of data"),
        ("Über\u00admittlung", "Übermittlung"),
        ("“adequate” protection", '"adequate" protection'),
        ("l’article 5 – « transfert »", 'l\'article 5 - "transfert"'),
        ("数据，\n出境（境外）", "数据,出境(境外)"),
        ("在 2024 年", "在2024年"),
        ("ﾃﾞｰﾀ", "データ"),
        ("Article 5 (3)", "Article 5(3)"),
        ("1\u00a0000\u202fEUR", "1 000 EUR"),
    ],
)
def test_what_only_typesetting_changes_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert bare(one) == bare(other)


def test_words_digits_and_case_are_kept() -> None:
    assert len({fold(text) for text in ("may 5", "shall 5", "may 6", "May 5", "may 5²", "may 52")}) == 6


@given(st.text())
def test_tidying_and_folding_twice_change_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(tidy(text)) == fold(text)


@given(st.text())
def test_a_label_and_the_rest_come_from_the_text(text: str) -> None:
    number, rest = label(text)
    assert text.startswith(number) and text.endswith(rest)
    assert number or rest == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Article 5(3) Transfers", "Article 5(3)"),
        ("Art. 33º A transferência", "Art. 33º"),
        ("§ 4b Übermittlung", "§ 4b"),
        ("第二十四条 数据处理者", "第二十四条"),
        ("第二十四条数据处理者应当", "第二十四条"),
        ("第3条の2 個人", "第3条の2"),
        ("제28조(국외 이전)", "제28조"),
        ("Điều 25. Chuyển dữ liệu", "Điều 25"),
        ("المادة 5", "المادة 5"),
        ("Статья 12. Передача", "Статья 12"),
        ("MADDE 9 – (1) Kişisel", "MADDE 9"),
        ("Pasal 56", "Pasal 56"),
        ("ข้อ ๕ ให้", "ข้อ ๕"),
        ("(3) The", "(3)"),
        ("1. The", "1."),
        ("a) the", "a)"),
        ("（一）个人", "（一）"),
        ("一、总则", "一、"),
        ("① 개인", "①"),
        ("12 a § Siirto", "12 a §"),
        ("CHAPTER V Transfers", "CHAPTER V"),
        ("第 1 條", "第 1 條"),
        ("ARTICULO 1o.- La presente", "ARTICULO 1o"),
        ("Artículo 1.o Objeto", "Artículo 1.o"),
        ("Art. 5 bis Transferts", "Art. 5 bis"),
        ("§ 5a Übermittlung", "§ 5a"),
        ("Čl. 5 Přenos", "Čl. 5"),
        ("Άρθρο 5 Διαβίβαση", "Άρθρο 5"),
        ("ΑΡΘΡΟ 5α", "ΑΡΘΡΟ 5α"),
        ("α) τα δεδομένα", "α)"),
        ("ιβ) τα δεδομένα", "ιβ)"),
        ("б) оператор", "б)"),
        ("Стаття 5. Передача", "Стаття 5"),
        ("مادة 5 نقل", "مادة 5"),
        ("มาตรา 5 การโอน", "มาตรา 5"),
        ("제5조(국외 이전)", "제5조"),
        ("第５条の２ 個人", "第５条の２"),
    ],
)
def test_a_number_label_is_recognised_as_printed(text: str, number: str) -> None:
    assert label(text)[0] == number


@pytest.mark.parametrize(
    "text",
    [
        "Article 5 applies to transfers",
        "第二十四条规定的安全评估",
        "12.3.2024 entry into force",
        "2024年",
        "3.5 million",
        "(EU) 2016/679",
        "Part of the Act",
        "I think so",
        "Section 3 shall apply",
        "第二十四条第二款",
        "10 days after",
        "α και β",
        "Статья 5 и статья 6",
        "Artículo 5 de la Ley",
        "Art. 5 bis de la loi",
    ],
)
def test_a_reference_or_an_amount_is_no_label(text: str) -> None:
    assert label(text) == ("", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://Example.org:80/a/", "https://example.org/a"),
        ("https://example.org/a;jsessionid=1F2E?x=1", "https://example.org/a?x=1"),
        ("https://example.org/a?utm_source=x&id=3&fbclid=y", "https://example.org/a?id=3"),
        ("https://example.org/(S(abc123))/a.aspx", "https://example.org/a.aspx"),
        ("https://example.org/a?b=2&a=1#part", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?id=3&_=1700000000000", "https://example.org/a?id=3"),
        ("//example.org/%7ea", "https://example.org/~a"),
    ],
)
def test_addresses_of_one_document_have_one_spelling(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?v=20240101", "https://example.org/a?v=20250101"),
        ("https://example.org/#!/a", "https://example.org/#!/b"),
        ("https://example.org/a?t=%B7%A8", "https://example.org/a?t=%B9%E6"),
        ("https://example.org:8443/", "https://example.org/"),
    ],
)
def test_addresses_of_different_documents_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", ["mailto:a@b", "javascript:void(0)", "http://[bad", "data:,x", "", "tel:1"])
def test_what_is_no_web_address_has_no_canonical_form(url: str) -> None:
    assert canonical_url(url) == ""


@given(st.text(), st.sampled_from(["", "https://example.org/a/b"]))
def test_canonical_addresses_are_stable_and_never_break(url: str, base: str) -> None:
    once = canonical_url(url, base)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Published 3rd May 2024", "2024-05-03"),
        ("May 5, 2024", "2024-05-05"),
        ("2024年5月1日", "2024-05-01"),
        ("令和6年4月1日", "2024-04-01"),
        ("民國113年05月01日", "2024-05-01"),
        ("二〇二四年十二月二十一日", "2024-12-21"),
        ("1 de mayo de 2024", "2024-05-01"),
        ("5. März 2024", "2024-03-05"),
        ("1er février 2024", "2024-02-01"),
        ("2024. 5. 1.", "2024-05-01"),
        ("ngày 1 tháng 5 năm 2024", "2024-05-01"),
        ("12 мая 2025 г.", "2025-05-12"),
        ("5 พฤษภาคม 2567", "2024-05-05"),
        ("31/12/2025", "2025-12-31"),
        ("Regulation 2016/679", ""),
        ("31/31/2025", ""),
    ],
)
def test_a_date_is_read_in_the_languages_we_watch(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@given(st.text(alphabet=st.sampled_from("0123456789年月日./- 令和民國一二十〇ก.May,de")))
def test_no_text_breaks_the_dates(text: str) -> None:
    assert len(iso_date(text)) in {0, 10}


CHINESE = "数据处理者向境外提供在中华人民共和国境内运营中收集和产生的重要数据，应当通过安全评估。" * 3
FRENCH = "<p>La Commission nationale a décidé que les données à caractère personnel sont protégées.</p>" * 3


@pytest.mark.parametrize(
    ("text", "charset", "content_type"),
    [
        (CHINESE, "gb18030", "text/html; charset=gb2312"),
        (CHINESE, "gb18030", "text/html; charset=utf-8"),
        (CHINESE, "gb18030", "text/html; charset=iso-8859-1"),
        (CHINESE, "gb18030", ""),
        (CHINESE, "utf-8", "text/html; charset=iso-8859-1"),
        (CHINESE, "utf-16", ""),
        (FRENCH, "cp1252", "text/html; charset=iso-8859-1"),
        (FRENCH, "cp1252", ""),
        ("個人情報の保護に関する法律の規定に基づき、次のように定める。" * 3, "cp932", "text/html; charset=Shift_JIS"),
        ("개인정보의 국외 이전에 관한 규정은 다음과 같다." * 3, "cp949", "text/html; charset=euc-kr"),
        ("個人資料之國際傳輸，由中央目的事業主管機關限制之。" * 3, "big5", "text/html; charset=big5"),
    ],
)
def test_a_body_is_decoded_also_when_its_declaration_is_wrong(text: str, charset: str, content_type: str) -> None:
    assert decode(text.encode(charset), content_type=content_type)[0] == text


def test_a_cut_through_the_last_character_is_forgiven() -> None:
    assert decode("数据".encode() + "出".encode()[:2])[0] == "数据"


def test_a_body_full_of_nul_bytes_is_no_text() -> None:
    with pytest.raises(ReadError) as caught:
        decode(b"<html>" + b"\0" * 5000)
    assert caught.value.cause == "unreadable"


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://a.example/x.htm;jsessionid=430EA688F7A588E9", "http://a.example/x.htm"),
        ("https://a.example/p?id=3&utm_source=feed&b=%E4", "https://a.example/p?id=3&b=%E4"),
        ("https://a.example/p/?q=", "https://a.example/p/?q="),
    ],
)
def test_an_address_is_asked_for_without_the_visit_it_was_found_in(given: str, asked: str) -> None:
    assert without_session(given) == asked
