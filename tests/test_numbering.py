"""Numbers of provisions, pages, notes and editions are known from those that count something."""

from __future__ import annotations

import pytest

from bot import diff
from bot.model import Block
from bot.numbering import is_edition, is_printed, referred

NUMBERS = """
see Article {46} there             | Article 46
Articles 5 and {12} of the Act     | Articles 5 and 12
依照本条例第{三十五}条规定的条件   | 第三十五条
開示等の請求は第二十八条の{二}による | 第二十八条の二
제28조의{8}과 같다                 | 제28조의8
see Annex {3} and the rest         | Annex 3
情形见附件{1}。                    | 附件1
under § {202.601} of the rule      | § 202.601
under 15 CFR {744} of the rule     | CFR 744
siehe Abschnitt {4.2} dort         | Abschnitt 4.2
Notice No. {12} of the authority   | No. 12
on page {14} of the guide          | printed
Page 1 of {12}                     | printed
third country.[{12}]               | printed
see footnote {7} below             | printed
见第{12}页的说明                   | printed
図{2}を参照                        | printed
Question {7}: Which clauses apply? | printed
en el cuadro {3} del anexo         | printed
Version {1.2} of the guide         | edition
评估申报指南(第{三}版)             | edition
within {30} days of Article 5      | counts
Article 5, {30} days later         | counts
data of {1,000} individuals        | counts
第{3}年起                          | counts
100 and {200} persons              | counts
no {12} persons                    | counts
{7}. März 2027 endet die Frist     | counts
"""


@pytest.mark.parametrize("line", NUMBERS.strip().splitlines())
def test_a_number_is_known_by_the_words_beside_it(line: str) -> None:
    marked, _, kind = (part.strip() for part in line.partition("|"))
    text = marked.replace("{", "").replace("}", "")
    place = marked.index("{"), marked.index("}") - 1
    printed, edition, reference = is_printed(text, *place), is_edition(text, *place), referred(text, *place)
    known = "printed" if printed else "edition" if edition else text[slice(*reference)] if reference else "counts"
    assert known == kind


@pytest.mark.parametrize(
    ("before", "after", "worth"),
    [
        ("See page 14 and note 3 of the guide.", "See page 16 and note 5 of the guide.", ("aside", "numbering")),
        ("It was last updated on 3 March 2025.", "It was last updated on 4 May 2026.", ("aside", "date of update")),
        ("本页最后更新于2025年3月3日。", "本页最后更新于2026年5月4日。", ("aside", "date of update")),
        ("It must be updated by 3 March 2025.", "It must be updated by 4 May 2026.", ("text", "")),
        ("Last updated on 3 March 2025, page 14.", "Last updated on 4 May 2026, page 18.", ("aside", "date of update")),
        ("It applies from 3 March 2025.", "It applies from 4 May 2026.", ("text", "")),
        ("See page 14 within 30 days.", "See page 16 within 60 days.", ("text", "")),
        ("Version 1.2 of the guide.", "Version 1.3 of the guide.", ("text", "")),
    ],
)
def test_only_numbering_and_the_day_of_an_update_are_asides(before: str, after: str, worth: tuple[str, str]) -> None:
    (edit,) = diff.edits([Block("paragraph", before)], [Block("paragraph", after)])
    assert (edit.worth, edit.reason) == worth
