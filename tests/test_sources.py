"""sources.toml: what is refused and how, what comes back from dump(), and the real file."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SourcesError
from bot.model import Paths, Source
from bot.sources import dump, load, merge, schema
from bot.sources.keys import HOST_KEYS, KEYS
from bot.text import canonical_url

REPOSITORY = Path(__file__).parents[1]
REAL = (REPOSITORY / "sources.toml").read_text(encoding="utf-8")
TOPICS = {
    "transfer_general", "adequacy", "contracts", "bcr", "certification", "security_assessment", "tia", "localization",
    "important_data", "gov_access", "bulk_data_security", "digital_trade", "source_code_crypto", "sector_data",
    "nonpersonal_data", "data_embassy", "dfft", "market_access",
}  # fmt: skip


def declared(*lines: str, id: str = "cn-cac-news", url: str = "https://cac.example/news") -> str:
    return "\n".join([f"[{id}]", f'url = "{url}"', *lines, ""])


def refusal(text: str) -> str:
    with pytest.raises(SourcesError) as caught:
        load(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ------------------------------------------------------------------------------------------------ what is read


def test_a_url_alone_is_a_source_with_the_defaults_of_the_model():
    assert load(declared()) == (Source(id="cn-cac-news", url="https://cac.example/news"),)


def test_every_key_reaches_its_field():
    text = declared(
        'title = "News"', 'type = "json"', 'every = "6h"', 'select = "main"', 'remove = [".share", "#ad"]',
        "ignore = ['visits: \\d+']", 'paths = { items = "results[*]", key = "id" }', "follow = true",
        'class = "vendor"', 'method = "POST"', 'body = "{}"', 'headers = { Referer = "https://cac.example/" }',
        'key = "REGWATCH_KEY_CAC"', 'timezone = "Asia/Shanghai"', "window = 20", "enabled = false",
        'off_reason = "key"', 'expect_change_every = "2w"', 'expect_by = "03-31"',
    )  # fmt: skip
    (source,) = load(text)
    assert source.every == timedelta(hours=6) and source.expect_change_every == timedelta(days=14)
    assert source.select == ("main",) and source.remove == (".share", "#ad") and source.ignore == (r"visits: \d+",)
    assert source.paths == Paths(items="results[*]", key="id") and source.class_ == "vendor"
    assert source.headers == (("Referer", "https://cac.example/"),) and source.key == "REGWATCH_KEY_CAC"


def test_what_is_said_of_a_host_reaches_all_its_sources_and_the_nearest_name_speaks():
    hosts = '[hosts."*.gov.cn"]\nspacing = 10\nipv4 = true\n[hosts."www.cac.gov.cn"]\nspacing = 0.5\nconcurrency = 3\n'
    text = hosts + declared(id="a", url="https://www.cac.gov.cn/") + declared(id="b", url="https://www.nda.gov.cn/")
    near, far = load(text)
    assert (near.spacing, near.concurrency, near.ipv4) == (0.5, 3, False)
    assert (far.spacing, far.concurrency, far.ipv4) == (10.0, 1, True)


def test_a_post_to_the_same_address_with_another_body_is_another_question():
    text = declared('method = "POST"', 'body = "page=1"', id="a") + declared('method = "POST"', 'body = "x=2"', id="b")
    assert [source.id for source in load(text)] == ["a", "b"]


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('selct = "main"', "unknown key 'selct'; did you mean 'select'?"),
        ('type = "lst"', "'type' is 'lst'; did you mean 'list'?"),
        ('class = "oficial"', "'class' is 'oficial'; did you mean 'official'?"),
        ('off_reason = "robot"', "'off_reason' is 'robot'; did you mean 'robots'?"),
        ('off_reason = "js"', "'off_reason' without 'enabled = false'"),
        ("enabled = false", "'enabled = false' needs an 'off_reason'"),
        ('paging = "next_page_url"', "'paging' needs 'pages'"),
        ("pages = 3", "'pages' needs 'paging'"),
        ('expect_empty = "midnight"', "'expect_empty' is 'midnight', which is not"),
        ('rewrite = ["/about-us/", "/about/"]', "'rewrite' takes a table of texts, not a list"),
        ('every = "4m"', "'every' is shorter than 5 minutes"),
        ('every = "daily"', "'every' takes a span"),
        ("every = 6", "'every' takes a span"),
        ("title = 6", "'title' takes a text in quotes, not a number"),
        ("follow = 1", "'follow' takes true or false"),
        ("window = true", "'window' takes a whole number"),
        ("min_blocks = 0", "'min_blocks' takes a whole number"),
        ('jurisdiction = "China"', "'jurisdiction' is 'China', which is not"),
        ('language = "Chinese!"', "'language' is 'Chinese!', which is not"),
        ('topics = ["Data Flows"]', "'topics' is 'Data Flows', which is not"),
        ('expect_by = "31.3."', "'expect_by' is '31.3.', which is not"),
        ('key = "API_KEY"', "'key' is 'API_KEY', which is not"),
        ('timezone = "Asia/Peking"', "unknown time zone 'Asia/Peking'"),
        ('timezone = "../etc/passwd"', "unknown time zone"),
        ('select = "div["', "'select': not a CSS selector: 'div['"),
        ('items = "li:has("', "'items': not a CSS selector: 'li:has('"),
        ("ignore = ['(?=x)']", "bad pattern '(?=x)'"),
        ("ignore = ['(?s).*']", "bad pattern '(?s).*': it swallows every text"),
        ('remove = ""', "'remove': not a CSS selector: ''"),
        ("ignore = ['(a']", "bad pattern '(a': missing )"),
        ('body = "x"', "'body' needs method = \"POST\""),
        ('method = "PUT"', "'method' is 'PUT'"),
        ('paths = { items = "a[*]" }', "'paths' needs type = \"json\""),
        ('paths = { item = "a[*]" }', "'paths' has an unknown key 'item'; did you mean 'items'?"),
        ('paths = { items = "$..a" }', "'paths' has 'items', which is not a path"),
        ('headers = { Referer = "a\\nb" }', "'headers' has 'Referer', which is not a header"),
        ('succeeds = "cn-cac-old"', "'succeeds' names 'cn-cac-old', which is not declared"),
        ('succeeds = "cn-cac-news"', "'succeeds' names the source itself"),
        ('stands_in_for = ["cn-cac-mews"]', "'stands_in_for' names 'cn-cac-mews', which is not declared; did you mean"),
    ],
)
def test_a_wrong_line_is_named_with_file_line_and_table(line: str, complaint: str):
    text = "# a comment with [brackets]\n\n" + declared('note = "[not-a-table]"', line)
    assert refusal(text).startswith(f"sources.toml:6: [cn-cac-news] {complaint}")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ftp://cac.example/", "bad url scheme 'ftp'"),
        ("file:///etc/passwd", "bad url scheme 'file'"),
        ("cac.example/news", "bad url scheme ''"),
        ("https:///news", "bad url: no host"),
        ("https://[::1/", "bad url: "),
        ("https://cac.example:99999/", "bad url: "),
        ("https://me:secret@cac.example/", "bad url: no names or passwords"),
        ("https://cac.example/a b", "bad url: it holds a space"),
    ],
)
def test_a_wrong_address_is_named_with_file_line_and_table(url: str, complaint: str):
    assert refusal(declared(url=url)).startswith(f"sources.toml:2: [cn-cac-news] {complaint}")


def test_a_secret_in_an_address_is_not_repeated_in_the_complaint():
    assert "secret" not in refusal(declared(url="https://me:secret@cac.example/"))


def test_a_source_without_an_address_is_named():
    assert refusal('[cn-cac-news]\ntitle = "News"\n') == "sources.toml:1: [cn-cac-news] missing 'url'"


def test_a_bad_id_is_named_with_the_slug_it_may_have_meant():
    assert refusal('\n["CN CAC_news"]\nurl = "https://cac.example/"\n') == (
        'sources.toml:2: ["CN CAC_news"] bad id: small letters, digits and single hyphens only; '
        "did you mean 'cn-cac-news'?"
    )


def test_an_id_that_is_declared_twice_is_named_with_both_lines():
    assert refusal(declared() + declared()) == "sources.toml:3: [cn-cac-news] duplicate id, first at line 1"


def test_a_key_that_stands_twice_is_named_with_both_lines():
    assert refusal(declared('title = "a"', 'title = "b"')) == (
        "sources.toml:4: [cn-cac-news] 'title' stands there twice, first at line 3"
    )


def test_one_address_in_two_spellings_is_a_duplicate():
    text = declared(id="a", url="http://CAC.example/news/#top") + declared(id="b", url="https://cac.example/news")
    assert refusal(text) == "sources.toml:4: [b] duplicate url: [a] has it too"


def test_a_key_outside_any_table_is_named():
    assert refusal('title = "x"\n') == "sources.toml:1: [title] is not a table; a source is declared as [its-id]"


def test_text_that_is_not_toml_is_named_with_its_line():
    assert refusal("[a]\nurl = https://x\n").startswith("sources.toml:2: not TOML: Invalid value")


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('[hosts."a.example"]\nspacng = 2', "2: [hosts.\"a.example\"] unknown key 'spacng'; did you mean 'spacing'?"),
        ('[hosts."a.example"]\nspacing = -1', "2: [hosts.\"a.example\"] 'spacing' takes seconds from 0 to 3600"),
        ('[hosts."a.example"]\nspacing = nan', "2: [hosts.\"a.example\"] 'spacing' takes seconds from 0 to 3600"),
        ('[hosts."https://a.example"]', '1: [hosts."https://a.example"] is not a host name'),
        ("[hosts]\nspacing = 2", "2: [hosts.spacing] 'spacing' is not a host's table"),
    ],
)
def test_a_wrong_host_table_is_named(lines: str, complaint: str):
    assert refusal(lines + "\n").startswith(f"sources.toml:{complaint}")


def test_a_key_is_found_behind_arrays_and_long_strings():
    text = declared('remove = [\n  ".a", # [b]\n  ".c",\n]', 'note = """\n[x]\nurl = 1\n"""', 'selct = "a"')
    assert refusal(text).startswith("sources.toml:11: [cn-cac-news] unknown key 'selct'")


def test_the_file_is_called_by_its_name():
    with pytest.raises(SourcesError, match=r"^home/sources\.d/my\.toml:3: "):
        load(declared("x = 1"), name="home/sources.d/my.toml")


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("[]{}=\"'\\\n#., ab-1\ufeff\x00é"), max_size=60))
def test_odd_text_is_loaded_or_refused_in_one_line_and_never_crashes(text: str):
    _loads_or_refuses(text)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(KEYS)),
    st.sampled_from(
        [
            '""', "'\\'", "1e400", "inf", "[]", "{}", "[[]]", "{ a = 1 }", '{ "" = "" }', "1979-05-27", "-0", "0x7fff",
            '"a\\u0000b"', '"\\\\"', "9999999999999999999999", '["", 1]', '"*"', '">"', '"(?i)"', '"99999w"', '"GET"',
            '"https://[x]"', '"//a"', '"."', '"POST"', "true", "false", '"µ"', '"\\U0001F600"', '"0000-01-01"',
        ]
    ),
)  # fmt: skip
def test_any_value_under_any_key_is_loaded_or_refused_in_one_line(key: str, value: str):
    _loads_or_refuses(declared(f"{key} = {value}") if key != "url" else f"[a]\nurl = {value}\n")


@pytest.mark.parametrize("text", ["[a]\nx = " + "[" * 5000, "[a]\nx = " + "9" * 5000, "a." * 3000 + "b = 1", "\ufeff"])
def test_text_beyond_all_bounds_is_refused_in_one_line(text: str):
    assert len(refusal(text)) < 10_000


def _loads_or_refuses(text: str) -> None:
    try:
        load(text)
    except SourcesError as error:
        assert "\n" not in str(error) and str(error).startswith("sources.toml")


# ------------------------------------------------------------------------------------------------ several files


def test_a_second_file_may_name_and_may_not_repeat_the_sources_of_the_first():
    first = load(declared())
    more = declared('succeeds = "cn-cac-news"', id="next", url="https://cac.example/next")
    assert load(more, beside=first)[0].succeeds == "cn-cac-news"
    with pytest.raises(SourcesError, match="duplicate id: another file declares it too"):
        load(declared(url="https://cac.example/other"), beside=first)
    with pytest.raises(SourcesError, match=r"duplicate url: \[cn-cac-news\] has it too"):
        load(declared(id="other"), beside=first)


def test_merging_refuses_what_both_declare_and_names_both_files():
    main, names = load(declared()), ("sources.toml", "sources.d/mine.toml")
    with pytest.raises(SourcesError, match=r"^sources\.d/mine\.toml: \[cn-cac-news\] .* sources\.toml"):
        merge(main, load(declared(url="https://cac.example/b")), names=names)
    with pytest.raises(SourcesError, match=r"^sources\.d/mine\.toml: \[b\] .* \[cn-cac-news\] in sources\.toml"):
        merge(main, load(declared(id="b")), names=names)


def test_merging_refuses_what_the_second_part_repeats_within_itself():
    twice = load(declared(id="a")) + load(declared(id="b"))
    with pytest.raises(SourcesError, match=r"\[b\] duplicate url: \[a\]"):
        merge((), twice)


def test_a_merged_source_is_as_polite_to_a_host_as_the_main_file_says():
    main = load('[hosts."cac.example"]\nspacing = 12\nipv4 = true\n' + declared())
    more = load(declared(id="b", url="https://cac.example/b") + declared(id="c", url="https://other.example/"))
    _, same, other = merge(main, more)
    assert (same.spacing, same.ipv4) == (12.0, True) and (other.spacing, other.ipv4) == (2.0, False)


# ------------------------------------------------------------------------------------------------ dump and schema

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=150, deadline=None)
@given(
    title=_TEXT,
    note=_TEXT,
    body=_TEXT,
    ignore=st.sampled_from([(), (r"\d+ visits",), (r"it's \d+", "a"), ("'\\.'",)]),
    minutes=st.integers(5, 9999),
    headers=st.sampled_from([(), (("Accept", 'text/html; q="1"'),)]),
    paths=st.sampled_from([Paths(), Paths(items="[*]", key="URL")]),
    off=st.sampled_from(["", "js"]),
    spacing=st.sampled_from([0.0, 2.0, 8.5]),
)
def test_what_dump_writes_load_reads_back_to_equal_values(
    title: str, note: str, body: str, ignore: tuple[str, ...], minutes: int, headers: tuple[tuple[str, str], ...],
    paths: Paths, off: str, spacing: float,
):  # fmt: skip
    source = Source(
        id="a-1", url="https://a.example/x?y=1", title=title, note=note, body=body, method="POST", type="json",
        ignore=ignore, every=timedelta(minutes=minutes), headers=headers, paths=paths, enabled=not off,
        off_reason=off, spacing=spacing, class_="tracker", must_watch=True, window=3,
    )  # fmt: skip
    assert load(dump([source])) == (source,)


def test_dump_leaves_derived_sources_to_their_list():
    assert dump([Source(id="a", url="https://a.example/", parent="b")]) == ""


def test_the_schema_file_is_the_one_that_the_code_generates():
    written = json.loads((REPOSITORY / "docs" / "sources.schema.json").read_text(encoding="utf-8"))
    assert written == schema()


def test_the_schema_knows_every_key_and_no_other():
    shapes = schema()
    (table,) = shapes["patternProperties"].values()
    assert set(table["properties"]) == set(KEYS)
    assert set(shapes["properties"]["hosts"]["additionalProperties"]["properties"]) == set(HOST_KEYS)


def test_the_how_to_page_explains_every_key():
    page = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [key for key in (*KEYS, *HOST_KEYS) if f"`{key}`" not in page] == []


def test_the_example_of_the_how_to_page_is_read_as_it_stands():
    page = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in page.split("```toml\n")[1:]]
    assert examples and all(load(example) for example in examples)


# ------------------------------------------------------------------------------------------------ the real file


@pytest.fixture(scope="module")
def real() -> tuple[Source, ...]:
    return load(REAL)


def test_the_real_file_points_editors_at_the_schema():
    assert REAL.startswith("#:schema docs/sources.schema.json\n")


def test_the_real_file_holds_the_promised_pages_of_every_jurisdiction(real: tuple[Source, ...]):
    count = Counter(source.jurisdiction for source in real)
    assert len(real) >= 210 and len(count) >= 35
    least = {"CN": 40, "HK": 7, "MO": 4, "TW": 5, "US": 28, "EU": 24, "GB": 12, "JP": 5, "SG": 4, "INT": 13}
    assert {name: count[name] for name, number in least.items() if count[name] < number} == {}


def test_no_two_real_sources_ask_the_same_question(real: tuple[Source, ...]):
    asked = Counter((canonical_url(source.url), source.body) for source in real)
    assert [url for url, number in asked.items() if number > 1] == []


def test_ids_begin_with_their_jurisdiction(real: tuple[Source, ...]):
    assert [source.id for source in real if not source.id.startswith(source.jurisdiction.lower() + "-")] == []


def test_the_ids_that_people_subscribed_to_are_still_there(real: tuple[Source, ...]):
    """An id is a promise: whoever renames one of these breaks stored histories."""
    lasting = {
        "us-ustr-press-releases", "us-ustr-reports", "us-fr-bulk-sensitive-data", "us-doj-nsd-data-security",
        "eu-edpb-news-rss", "eu-ec-adequacy", "eu-ec-scc", "gb-ico-international-transfers", "ch-fdpic-cross-border",
        "cn-cac-data-policy", "cn-cac-export-assessment", "cn-cac-negative-lists", "cn-cac-flow-provisions-2024",
        "cn-gov-latest-policy-json", "hk-dpo-gba-cross-boundary", "mo-dspdp-transfers", "tw-moj-pdpa",
        "jp-ppc-news", "kr-pipc-press", "br-anpd-international-transfer", "tr-kvkk-transfers",
    }  # fmt: skip
    assert lasting - {source.id for source in real} == set()


def test_every_real_source_says_whose_it_is_and_what_it_is_about(real: tuple[Source, ...]):
    bare = [s.id for s in real if not (s.title and s.authority and s.jurisdiction and s.topics)]
    assert bare == []
    assert {topic for source in real for topic in source.topics} <= TOPICS


def test_whatever_cannot_be_read_stands_there_with_its_reason(real: tuple[Source, ...]):
    off = Counter(source.off_reason for source in real if not source.enabled)
    assert off["format"] <= 1 and off["refused"] >= 5 and off["js"] >= 5 and off["robots"] == 1 and off["unproven"] <= 8


def test_a_stand_in_covers_only_what_is_off(real: tuple[Source, ...]):
    off = {source.id for source in real if not source.enabled}
    assert [one for source in real for one in source.stands_in_for if one not in off] == []


def test_what_is_off_is_covered_or_named_as_a_blind_spot(real: tuple[Source, ...]):
    """Half of it has another source that speaks of the same things; the rest is off in plain sight."""
    covered = {one for source in real for one in source.stands_in_for}
    off = {source.id for source in real if not source.enabled}
    assert len(covered) >= 14 and covered <= off


def test_providers_pages_are_told_from_rule_makers(real: tuple[Source, ...]):
    hosts = ("microsoft.com", "alibabacloud.com", "amazon.com", "google.com", "oracle.com", "salesforce.com")
    assert {s.class_ for s in real if any(host in s.url for host in hosts)} == {"vendor"}
    assert not [s.id for s in real if s.class_ == "vendor" and s.must_watch]


def test_mainland_government_hosts_are_asked_slowly_and_over_ipv4(real: tuple[Source, ...]):
    hasty = [s.id for s in real if ".gov.cn/" in s.url and not (8 <= s.spacing <= 12 and s.ipv4 and s.concurrency == 1)]
    assert hasty == []


def test_about_forty_sources_are_those_that_nobody_may_miss(real: tuple[Source, ...]):
    must = [source for source in real if source.must_watch]
    assert 25 <= len(must) <= 45 and {"CN", "HK", "MO", "TW", "US", "EU", "GB"} <= {s.jurisdiction for s in must}


def test_the_real_file_survives_its_own_export(real: tuple[Source, ...]):
    assert load(dump(real)) == real


def test_the_real_file_has_a_heading_for_each_jurisdiction_and_keeps_it_together(real: tuple[Source, ...]):
    order = [source.jurisdiction for source in real]
    assert order[0] == "CN" and len([one for n, one in enumerate(order) if n == 0 or order[n - 1] != one]) == len(
        set(order)
    )


def test_the_real_file_repeats_no_default(real: tuple[Source, ...]):
    """A line that says what would hold anyway is noise for whoever reads the file."""
    plain = {"type": "page", "every": "24h", "enabled": True, "method": "GET", "class": "official", "timezone": "UTC"}
    tables = tomllib.loads(REAL)
    tables.pop("hosts")
    assert [(id, key) for id, table in tables.items() for key, held in table.items() if plain.get(key) == held] == []
