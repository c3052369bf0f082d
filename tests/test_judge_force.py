"""One altered word in a long law stands in the first line, and what gained or lost force is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import diff
from bot.judge import judge, load_rules, ruled
from bot.messages import alert
from bot.model import Block, Change, Finding, Force, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "law", NOW, 1, "f"), Version(2, "law", NOW, 2, "f")

LAWS = {
    "en": (
        "Article {n}",
        "The controller shall keep a record of transfer number {n} and the authority may inspect it within 30 days.",
    ),
    "de": (
        "§ {n}",
        "Der Verantwortliche muss die Übermittlung {n} dokumentieren; die Behörde kann sie binnen 30 Tagen prüfen.",
    ),
    "zh": ("第{n}条", "数据处理者应当将第{n}类数据的出境情况记录在案,主管部门可以在三十日内进行检查。"),
    "ja": (
        "第{n}条",
        "事業者は、第{n}号の個人データの移転を記録しなければならない。委員会は、三十日以内に検査することができる。",
    ),
}


def law(language: str, *, articles: int = 200) -> list[Block]:
    """A law of so many articles, each its own."""
    label, text = LAWS[language]
    return [Block("paragraph", text.format(n=n), (), label.format(n=n)) for n in range(1, articles + 1)]


def amended(language: str, old: str, new: str, *, article: int = 117) -> Finding:
    """The opinion on a law in which one word of one article was altered."""
    before = law(language)
    text = before[article].text
    assert old in text
    after = [*before]
    after[article] = after[article]._replace(text=text.replace(old, new, 1))
    return opinion(before, after, language)


def opinion(before: list[Block], after: list[Block], language: str) -> Finding:
    edits = diff.edits(before, after)
    source = Source("law", "https://law.example/", title="Law", jurisdiction="XX", language=language)
    change = Change(1, "law", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "shall keep", "may keep"),
        ("en", "may inspect", "may not inspect"),
        ("en", "30 days", "60 days"),
        ("en", "controller", "processor"),
        ("en", "authority", "ministry"),
        ("de", "muss", "kann"),
        ("de", "kann sie", "darf sie nicht"),
        ("de", "30 Tagen", "10 Tagen"),
        ("de", "Verantwortliche", "Auftragsverarbeiter"),
        ("zh", "应当", "可以"),
        ("zh", "可以", "不得"),
        ("zh", "三十日", "十日"),
        ("zh", "数据处理者", "网络运营者"),
        ("zh", "出境", "境内存储"),
        ("ja", "しなければならない", "することができる"),
        ("ja", "三十日", "六十日"),
        ("ja", "移転", "保存"),
        ("ja", "委員会", "大臣"),
    ],
)
def test_one_altered_word_in_a_law_of_two_hundred_articles_stands_in_the_first_line(
    language: str, old: str, new: str
) -> None:
    headline = amended(language, old, new).headline
    shown = headline.partition("‘")[2]
    went, came = shown.split("’ became ‘")
    assert went and (went in old or old in went or any(c in went for c in set(old) - set(new)))
    assert came.rstrip("’") and any(c in came for c in set(new) - set(old)) or came.rstrip("’") in new
    assert LAWS[language][0].format(n=118) in headline


@pytest.mark.parametrize(
    ("language", "old", "new", "kind"),
    [
        ("en", "shall", "may", "modality"),
        ("en", "30 days", "60 days", "number"),
        ("en", "may inspect", "may not inspect", "modality"),
        ("de", "muss", "kann", "modality"),
        ("zh", "应当", "可以", "modality"),
        ("zh", "三十日", "十日", "number"),
        ("ja", "しなければならない", "することができる", "modality"),
        ("ja", "三十日", "六十日", "number"),
    ],
)
def test_the_altered_word_is_named_by_what_it_does(language: str, old: str, new: str, kind: str) -> None:
    assert [force.kind for force in amended(language, old, new).force] == [kind]


@pytest.mark.parametrize(
    ("language", "duty"),
    [
        ("en", "The exporter must notify the authority of every onward transfer."),
        ("de", "Der Exporteur muss jede Weiterübermittlung anzeigen."),
        ("zh", "境外接收方应当指定境内代表。"),
        ("ja", "提供元は、委員会に届け出なければならない。"),
    ],
)
def test_a_new_and_a_removed_duty_are_changes_of_force(language: str, duty: str) -> None:
    before = law(language)
    after = [*before[:50], Block("paragraph", duty, (), ""), *before[50:]]
    assert Force("duty", "", duty) in opinion(before, after, language).force
    assert Force("duty", duty, "") in opinion(after, before, language).force


def test_a_jurisdiction_that_joins_a_list_is_named() -> None:
    before = [Block("paragraph", "Transfers to Japan and Korea need no assessment.")]
    after = [Block("paragraph", "Transfers to Japan, Brazil and Korea need no assessment.")]
    assert [f for f in opinion(before, after, "en").force if f.kind == "country"] == [Force("country", "", "Brazil")]


def test_a_date_that_moved_is_named_with_both_days() -> None:
    before = [Block("paragraph", "This Act enters into force on 1 March 2027.")]
    after = [Block("paragraph", "This Act enters into force on 1 June 2027.")]
    assert opinion(before, after, "en").force == (Force("date", "2027-03-01", "2027-06-01"),)


def test_the_month_of_may_is_no_permission() -> None:
    assert force_of("It applies from 3 May 2027.", "It applies from 3 June 2027.") == [
        ("date", "2027-05-03", "2027-06-03")
    ]


def test_a_passage_that_only_moved_gains_and_loses_no_force() -> None:
    before = law("en", articles=12)
    after = [before[5], *before[:5], *before[6:]]
    assert opinion(before, after, "en").force == ()


def test_the_altered_words_stand_first_in_the_alert_too() -> None:
    before = law("zh")
    after = [*before]
    after[90] = after[90]._replace(text=after[90].text.replace("应当", "可以"))
    edits = diff.edits(before, after)
    finding = opinion(before, after, "zh")
    change = Change(1, "law", NOW, "source", OLD, NEW, tuple(edits))
    message = alert(
        change, finding, before=before, after=after, edits=edits, source=Source("law", "https://l.example/")
    )
    assert "‘应当’ became ‘可以’" in message.headline
    assert [run.text for run in message.lines[1] if run.style in ("del", "ins")] == ["应当", "可以"]


def force_of(old: str, new: str, *, labels: tuple[str, str] = ("", ""), language: str = "en") -> list[tuple[str, ...]]:
    before, after = [Block("paragraph", old, (), labels[0])], [Block("paragraph", new, (), labels[1])]
    return [(force.kind, force.before, force.after) for force in opinion(before, after, language).force]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It applies from 3 May 2027. See the copy.", "It applies from 3 May 2027. Within 30 days."),
        ("It applies from 3 May 2027.", "It applies from 3 May 2027. 30 days"),
        ("The panel has 42 members. It may ask 42 others.", "The panel has 42 members."),
        ("The panel has 42 members.", "The panel has 42 members. It may ask 42 others."),
        ("more than one million people", "more than 1,000,000 people"),
        ("within thirty days", "within 30 days"),
        ("应当在30日内申报", "应当在三十日内申报"),
    ],
)
def test_words_that_came_or_went_beside_a_number_change_no_number_and_no_binding_word(old: str, new: str) -> None:
    assert force_of(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("more than one million people", "more than 500,000 people", "one million people", "500,000 people"),
        ("File within 30 days.", "File within 20 working days.", "30 days", "20 working days"),
        ("File within 30 days.", "File within 300 days.", "30 days", "300 days"),
        ("File within two weeks.", "File within 3 months.", "two weeks", "3 months"),
        ("Fines of EUR 5 000 apply.", "Fines of EUR 6 000 apply.", "5 000", "6 000"),
        ("binnen 30 Tagen melden", "binnen 10 Werktagen melden", "30 Tagen", "10 Werktagen"),
        ("dans un délai de 30 jours", "dans un délai de 2 mois", "30 jours", "2 mois"),
        ("a fine of 2 % of turnover", "a fine of 4 % of turnover", "2 %", "4 %"),
    ],
)
def test_a_number_that_took_anothers_place_is_quoted_as_each_text_prints_it(
    old: str, new: str, was: str, now: str
) -> None:
    assert force_of(old, new) == [("number", was, now)]


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (("16.", "15."), "{} The exporter keeps the {} of the record."),
        (("Article 16", "Article 15"), "{} The exporter keeps the {} of the record."),
        (("第十六条", "第十五条"), "{} 数据处理者保存{}记录。"),
    ],
)
def test_the_new_number_of_an_amended_passage_is_no_number_that_changed(labels: tuple[str, str], text: str) -> None:
    old, new = text.format(labels[0], "copy"), text.format(labels[1], "register")
    before, after = [Block("paragraph", old, (), labels[0])], [Block("paragraph", new, (), labels[1])]
    finding = opinion(before, after, "")
    assert finding.force == ()
    assert finding.headline.endswith("‘copy’ became ‘register’")


@pytest.mark.parametrize(
    ("title", "path"),
    [("Data Transfer Act", ()), ("Law", ("Chapter V", "Transfers of personal data to third countries"))],
)
def test_a_term_amended_under_a_heading_on_data_that_leave_is_at_least_uncertain(
    title: str, path: tuple[str, ...]
) -> None:
    before = [Block("paragraph", "The exporter shall file within 30 days.", path)]
    after = [Block("paragraph", "The exporter shall file within 20 working days, from 1 January 2028.", path)]
    edits = diff.edits(before, after)
    source = Source("law", "https://law.example/", title=title, jurisdiction="EU", language="en")
    change = Change(1, "law", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)
    assert finding.verdict in ("uncertain", "relevant")


def test_a_duty_is_quoted_to_the_end_of_its_sentence_whatever_marks_stand_inside_words() -> None:
    duty = "Every exporter shall tell <!channel> and <!-- them --> at https://law.example/?page=2 at once."
    before = [Block("paragraph", "The list is long.")]
    after = [*before, Block("paragraph", f"{duty} More follows! 第一！第二")]
    assert opinion(before, after, "en").force == (Force("duty", "", duty),)


@pytest.mark.parametrize(
    ("language", "exemption"),
    [("en", "Small firms are exempt."), ("de", "Kleine Unternehmen sind ausgenommen."), ("zh", "小型企业免予申报。")],
)
def test_an_exemption_that_is_taken_out_is_something_to_plan_for(language: str, exemption: str) -> None:
    text = law(language, articles=20)
    finding = opinion([*text, Block("paragraph", exemption, text[-1].path)], text, language)
    assert [(force.kind, force.before) for force in finding.force] == [("exemption", exemption)]
    told = replace(finding, verdict="relevant", stage="", dates=())
    assert ruled(told, today=NOW.date()) == ("plan", "an exemption changed")
