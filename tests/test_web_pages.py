"""What the pages say, over real HTTP: changes, redlines, histories, searches, dates, the state of play."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from time import thread_time

import jsonschema
import pytest

from bot import diff
from bot.model import Block, Change, Source
from bot.pipeline import Case
from bot.web.lately import Lately
from bot.web.redlines import rows, sides, steps
from bot.web.shelf import Shelf
from tests.scenes import MONDAY, Scene
from tests.site import Site
from tests.web_reader import WebReader, serving

ARTICLES = {
    1: "These Measures apply to every operator that exports personal information.",
    2: "An operator may transfer personal information abroad after a security assessment.",
    3: "The assessment is filed within thirty days.",
    4: "Standard contracts for cross-border transfers are filed with the authority.",
}


def law(articles: dict[int, str] | None = None, more: str = "") -> str:
    parts = (f"<h2>Article {number}</h2><p>{text}</p>" for number, text in (articles or ARTICLES).items())
    return f"<main><h1>Measures on the export of personal information</h1>{''.join(parts)}{more}</main>"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A law in three versions, the last with a date; a second source in another jurisdiction that cannot be read."""
    with Site() as site:
        scene = Scene(tmp_path_factory.mktemp("web"), site)
        other = scene.page("/gone", id="eu-notices", title="Notices", jurisdiction="EU", must_watch=True)
        scene.app.declare([*scene.sources, other])
        scene.subscribe()
        site.publish("/law", law())
        site.publish("/gone", law(), status=500)
        scene.look()
        site.publish("/law", law({**ARTICLES, 2: ARTICLES[2].replace("may", "shall")}))
        scene.look()
        late = {**ARTICLES, 2: ARTICLES[2].replace("may", "shall"), 3: "The assessment is filed within ten days."}
        site.publish("/law", law(late, more="<p>These Measures take effect on 1 December 2026.</p>"))
        scene.look()
        yield scene
        scene.app.close()


@pytest.fixture(scope="module")
def port(history: Scene) -> Iterator[int]:
    with serving(history) as port:
        yield port


@pytest.fixture
def reader(port: int) -> WebReader:
    return WebReader(port)


# ------------------------------------------------------------------------------------------------ one change


def test_a_change_shows_what_happened_in_one_column_and_in_two(reader: WebReader) -> None:
    page = reader.get("/change/2")
    assert "<del>may</del><ins>shall</ins>" in page.body
    side = reader.get("/change/2/redline?view=side").body
    old, _, new = side.partition('class="old"')[2].partition('class="new"')
    assert "may" in old and "<del>" in old and "<ins>" not in old
    assert "shall" in new and "<ins>" in new and "<del>" not in new


def test_a_change_says_where_it_comes_from_and_the_bytes_can_be_had(history: Scene, reader: WebReader) -> None:
    page = reader.get("/change/2")
    version = history.app.versions("law")[1]
    body = history.app.original_bytes(version)
    assert hashlib.sha256(body).hexdigest() in page.body and "content-type" in page.text
    saved = reader.get(f"/source/law/version/{version.id}/original")
    assert saved.content == body
    assert saved.headers["Content-Disposition"] == f'attachment; filename="law-{version.id}.html"'
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.headers["Content-Security-Policy"].startswith("sandbox")


def test_all_that_proves_a_change_can_be_had_as_a_file(reader: WebReader) -> None:
    saved = reader.get("/change/2/evidence.zip")
    assert saved.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(saved.content)) as packed:
        assert packed.testzip() is None and packed.namelist()


def test_a_change_says_why_it_was_told_without_naming_anybody_else(history: Scene, reader: WebReader) -> None:
    text = reader.get("/change/2").text
    assert "verdict: relevant" in text and "where we start" in text and "told: console here" in text
    from bot.web.changes import discreet

    assert discreet("told: email ada@example.org: done") == "told: a reader by e-mail: done"
    assert discreet("told: slack C012AB: done") == "told: a Slack channel: done"


def test_a_redline_is_made_once_and_asked_for_again_costs_nothing(reader: WebReader) -> None:
    first = reader.get("/change/2/redline")
    tag = first.headers["ETag"]
    assert "private" in first.headers["Cache-Control"] and "max-age" in first.headers["Cache-Control"]
    again = reader.get("/change/2/redline", If_None_Match=tag)
    assert (again.status, again.content) == (304, b"")
    assert reader.get("/change/2/redline", If_None_Match='"other"').status == 200


def test_a_first_reading_is_shown_as_a_text_and_not_as_one_large_insertion(reader: WebReader) -> None:
    page = reader.get("/change/1")
    assert "Already there when watching began" in page.text and "<ins>" not in page.body


# ------------------------------------------------------------------------------------------------ one source


def test_a_source_shows_its_history_newest_first_with_what_each_version_changed(reader: WebReader) -> None:
    page = reader.get("/source/law").body
    numbers = [page.index(f'href="/change/{number}"') for number in (3, 2, 1)]
    assert numbers == sorted(numbers)


def test_any_two_versions_can_be_compared_whichever_is_named_first(history: Scene, reader: WebReader) -> None:
    newest, _, oldest = history.app.versions("law")
    pages = [
        reader.get(f"/source/law/diff?from={one.id}&to={other.id}").body
        for one, other in ((oldest, newest), (newest, oldest))
    ]
    for page in pages:
        assert "<del>may</del><ins>shall</ins>" in page and "<del>thirty</del><ins>ten</ins>" in page
    same = reader.get(f"/source/law/diff?from={newest.id}&to={newest.id}")
    assert "They read the same" in same.text


@pytest.mark.parametrize("query", ["", "?from=1", "?from=1&to=99", "?from=x&to=1", "?from=-1&to=1"])
def test_versions_that_are_none_cannot_be_compared(reader: WebReader, query: str) -> None:
    assert reader.get(f"/source/law/diff{query}").status == 404


def test_a_text_is_shown_as_it_was_on_a_day(history: Scene, reader: WebReader) -> None:
    first, second, third = reversed(history.app.versions("law"))
    for day, version, said in ((3, first, None), (4, first, "may"), (6, second, "shall"), (30, third, "ten days")):
        moved = reader.get(f"/source/law?at=2026-11-{day:02}")
        if said is None:
            assert moved.status == 404 and "on record" in moved.text
            continue
        assert moved.headers["Location"] == f"/source/law/version/{version.id}?on=2026-11-{day:02}"
        assert said in reader.get(moved.headers["Location"]).text


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "<script>"])
def test_a_day_that_is_none_is_said_to_be_none(reader: WebReader, day: str) -> None:
    answer = reader.get(f"/source/law?at={day}")
    assert answer.status == 400 and "is no date" in answer.text and "<script" not in answer.body


def test_a_source_met_in_a_replay_has_a_page_though_its_name_is_an_address(scene: Scene) -> None:
    name = "capture.warc.gz:https://ministry.example/a?b=1"
    scene.app.store.declare([Source(name, "https://ministry.example/a")], now=MONDAY)
    with serving(scene) as port:
        answer = WebReader(port).get("/source/capture.warc.gz%3Ahttps%3A//ministry.example/a%3Fb%3D1")
    assert answer.status == 200 and "never read well yet" in answer.text


# ------------------------------------------------------------------------------------------------ lists


def test_a_search_finds_words_and_goes_on_where_the_page_ends(history: Scene, reader: WebReader) -> None:
    found = reader.get("/search?words=assessment")
    assert 'href="/change/3"' in found.body and "as of" in found.text.lower()
    assert "eu-notices" in found.text  # what could not be read stands at the foot of every answer
    later = reader.get("/search?words=assessment&before=3")
    assert 'href="/change/3"' not in later.body and 'href="/change/2"' in later.body


def test_filters_narrow_and_a_wrong_one_is_explained(reader: WebReader) -> None:
    assert 'href="/change/2"' in reader.get("/search?jurisdiction=China").body
    assert 'href="/change/2"' not in reader.get("/search?jurisdiction=EU").body
    assert 'href="/change/2"' not in reader.get("/search?since=2026-11-07").body
    wrong = {"min=high": "act", "corridor=CN": "FROM-TO", "since=now": "no date", "verdict=x": "Say"}
    for query, said in wrong.items():
        answer = reader.get(f"/search?{query}")
        assert answer.status == 400 and said in answer.text


def test_a_type_that_was_asked_for_stays_chosen_in_the_form(reader: WebReader) -> None:
    assert "<option selected>draft</option>" in reader.get("/search?type=draft").body
    assert "<option selected>court</option>" in reader.get("/search?type=court").body
    several = reader.get("/search?type=court&type=faq").body
    assert '<option value="faq,court" selected>faq or court</option>' in several
    assert several == reader.get("/search?type=faq,court").body
    assert "selected>" not in reader.get("/search").body.partition('id="type"')[2].partition("</select>")[0]


def test_dates_ahead_say_how_far_they_are_and_in_which_words_they_were_stated(reader: WebReader) -> None:
    text = reader.get("/upcoming").text
    assert "1 Dec 2026 in 23 days" in text and "In force" in text and "take effect on 1 December 2026" in text
    assert "No date" in reader.get("/upcoming?days=5").text


def test_the_state_of_play_names_instruments_dates_and_blind_spots(reader: WebReader) -> None:
    china, europe = (reader.get(f"/state/{code}").text for code in ("CN", "European%20Union"))
    assert "Export measures" in china and "1 Dec 2026" in china
    assert "Blind spots" in europe and "could not be read" in europe and "not clear" in europe
    unknown = reader.get("/state/Atlantis")
    assert unknown.status == 404 and "Atlantis" in unknown.text


def test_the_first_page_plots_the_weeks_and_says_the_same_in_words(history: Scene, reader: WebReader) -> None:
    page = reader.get("/")
    number = sum(finding is not None and finding.verdict == "relevant" for _, finding in history.changes("source"))
    assert number and f'role="img" aria-label="{number} in 26 weeks; {number} this week' in page.body
    assert f"<title>week of 2026-11-02: {number}</title>" in page.body
    assert "not clear" in page.text and "1 of 2 sources could be read" in page.text


def test_coverage_lists_every_source_with_what_is_wrong(reader: WebReader) -> None:
    text = reader.get("/health").text
    assert "Export measures" in text and "Notices" in text and "unproven : the server answered with an error" in text


def test_what_was_never_read_well_is_counted_and_listed_apart_from_what_fails(scene: Scene) -> None:
    scene.app.declare([*scene.sources, *(scene.page(f"/{name}", id=name, title=name) for name in ("never", "shut"))])
    scene.site.publish("/law", law())
    scene.site.publish("/never", "", status=500)
    scene.site.publish("/shut", "", status=403)
    scene.look()
    scene.site.publish("/law", "", status=500)
    scene.look()
    with serving(scene) as port:
        text = WebReader(port).get("/health").text
        found = json.loads(WebReader(port).get("/api/v1/coverage").body)
    assert "Sources 1 failing Unproven 2 never read well yet: never, shut" in text
    assert text.count("failing : the server") == 1 and text.count("unproven : ") == 2 and "blocked" not in text
    assert found["unproven"] == ["never", "shut"] and found["failing"] == ["law"] and found["blocked"] == []


def test_every_page_is_small(reader: WebReader) -> None:
    for path in ("/", "/search", "/state", "/state/CN", "/upcoming", "/health", "/change/2", "/source/law"):
        assert len(reader.get(path).content) < 100_000


def test_what_was_worked_out_for_everybody_is_worked_out_anew_when_something_was_recorded(scene: Scene) -> None:
    scene.site.publish("/law", law())
    scene.look()
    with serving(scene) as port:
        reader = WebReader(port)
        assert "Nothing relevant has changed" in reader.get("/").text
        scene.site.publish("/law", law(more="<p>These Measures take effect on 1 December 2026.</p>"))
        scene.look()
        assert 'href="/change/2"' in reader.get("/").body and "1 Dec 2026" in reader.get("/upcoming").text


def test_an_answer_is_worked_out_once_for_all_who_ask(scene: Scene) -> None:
    lately, made = Lately(scene.app), []
    for _ in range(3):
        lately.answer("key", lambda: made.append(1))
    scene.pass_time(minutes=20)
    lately.answer("key", lambda: made.append(2))
    assert made == [1, 2]


def test_while_something_is_recorded_all_the_time_an_answer_is_at_most_ten_seconds_old(scene: Scene) -> None:
    lately, made = Lately(scene.app), []
    for number, seconds in enumerate((0, 4, 4, 4)):
        scene.pass_time(seconds=seconds)
        scene.site.publish("/law", law(more=f"<p>Operator {number} may transfer personal data abroad.</p>"))
        for _ in scene.app.check(everything=True):
            pass
        lately.answer("key", lambda number=number: made.append(number))  # type: ignore[misc]
    assert made == [0, 3]


# ------------------------------------------------------------------------------------------------ redlines


def case(old: list[Block], new: list[Block]) -> Case:
    edits = diff.edits(tuple(old), tuple(new))
    change = Change(1, "law", MONDAY, "source", None, None, edits)
    return Case(change, Source("law", "", language="en"), tuple(old), tuple(new), edits)


def test_what_was_renumbered_says_its_old_number_and_what_moved_says_so() -> None:
    words = ["alpha beta gamma delta epsilon ", "zeta eta theta iota kappa ", "lambda mu nu xi omicron ", "pi rho tau "]
    old = [Block("paragraph", f"Article {n} {text * 2}", ("Law",), f"Article {n}") for n, text in enumerate(words, 1)]
    new = [
        block._replace(text=block.text.replace(f"Article {n}", f"Article {n + 1}"), label=f"Article {n + 1}")
        for n, block in enumerate(old, 1)
    ]
    html = rows(case(old, new), case(old, new).edits, view="inline").html
    assert "Renumbered</b>" in html and "was Article 1" in html
    moved = [old[1], old[2], old[3], old[0]]
    html = rows(case(old, moved), case(old, moved).edits, view="inline").html
    assert "Moved</b>" in html and "<ins>" not in html


def test_both_sides_of_every_edit_hold_the_whole_passage() -> None:
    old = [Block("paragraph", "The operator may transfer personal data to any third country.")]
    new = [Block("paragraph", "The operator shall never transfer personal data to a third country.")]
    made = case(old, new)
    for edit in made.edits:
        left, right = sides(edit, made.before, made.after)
        assert "".join(one.text for one in left) == old[0].text
        assert "".join(one.text for one in right) == new[0].text
    assert dict(steps(made.edits)) == {"amended": 1}


@pytest.mark.parametrize("view", ["inline", "side"])
def test_scraped_text_in_a_redline_is_text(view: str) -> None:
    evil = "</p><script>alert(1)</script> \u202egnp.exe\u0000 \"onload='x'"
    old = [Block("paragraph", "Data may be exported.", (evil,), evil)]
    made = case(old, [old[0]._replace(text=f"Data may be exported. {evil}", label=evil)])
    hostile = replace(made, source=Source("law", "", language='en" onclick="x'))
    html = rows(hostile, made.edits, view=view).html
    assert "<script" not in html and "\u202e" not in html and "\u0000" not in html and '" onclick' not in html
    assert "&lt;script&gt;" in html


def test_a_long_redline_leaves_out_what_has_no_room_and_counts_it() -> None:
    old = [Block("paragraph", f"Operator {n} may transfer data {n} under condition {n}, annex {n}.") for n in range(60)]
    made = case(old, [block._replace(text=block.text.replace("may", "shall")) for block in old])
    part = rows(made, made.edits, view="inline", room=2_000)
    assert 0 < part.left < 60 and part.html.count("<ins>shall</ins>") + part.left == 60


def test_a_redline_grows_with_its_passages_and_no_faster() -> None:
    def taken(count: int) -> float:
        old = [Block("paragraph", f"Operator {n} may transfer data {n} under condition {n}." * 3) for n in range(count)]
        new = [block._replace(text=block.text.replace("may", "shall")) for block in old]
        made = case(old, new)
        best = []
        for _ in range(3):
            began = thread_time()
            rows(made, made.edits, view="side")
            best.append(thread_time() - began)
        return min(best)

    assert taken(400) < 40 * taken(40)


def test_the_shelf_holds_so_many_bytes_and_lets_the_least_read_go() -> None:
    shelf, made = Shelf(room=800), []

    def make(name: str) -> str:
        made.append(name)
        return name * 100

    for name in "abcd":
        shelf.text(name, lambda name=name: make(name))  # type: ignore[misc]
        shelf.text("a", lambda: make("a"))
        assert shelf.taken <= 800
    for _ in range(20):
        shelf.text("e", lambda: make("e"))
    assert made == ["a", "b", "c", "d", "e"]
    shelf.text("b", lambda: make("b"))
    assert made[-1] == "b"
    shelf.text("large", lambda: "x" * 10_000)
    assert shelf.taken <= 800


def test_a_derived_document_is_shown_under_the_name_of_its_list_also_when_it_is_no_longer_followed() -> None:
    from bot.app.texts import named

    known = {"notices": Source("notices", "", authority="Ministry", jurisdiction="CN", language="zh")}
    found = named("notices~1234567890", known)
    assert (found.authority, found.jurisdiction, found.parent) == ("Ministry", "CN", "notices")
    assert named("unknown", known) == Source("unknown", "")


def test_the_api_says_the_same_as_the_pages(reader: WebReader) -> None:
    change = json.loads(reader.get("/api/v1/changes/2").body)
    assert change["verdict"] == "relevant" and change["source"] == "law"
    (edit,) = [one for one in change["edits"] if one["counted"]]
    assert "may" in edit["before"] and "shall" in edit["after"]
    listed = json.loads(reader.get("/api/v1/changes?limit=1").body)
    assert [one["id"] for one in listed["items"]] == [3] and "eu-notices" in listed["asOf"]
    following = json.loads(reader.get(listed["next"]).body)
    assert [one["id"] for one in following["items"]] == [2]
    coverage = json.loads(reader.get("/api/v1/coverage").body)
    assert coverage["read"] == ["law"] and coverage["unproven"] == ["eu-notices"] and coverage["blind"] == ["EU"]
    upcoming = json.loads(reader.get("/api/v1/upcoming").body)
    assert [(one["date"], one["daysLeft"]) for one in upcoming["items"]] == [("2026-12-01", 23)]


def test_the_api_says_in_json_what_it_cannot_answer(reader: WebReader) -> None:
    for path, status in (("/api/v1/changes/99", 404), ("/api/v1/search", 404), ("/api/v1/changes?min=x", 400)):
        answer = reader.get(path)
        assert answer.status == status and json.loads(answer.body)["error"]


def test_every_answer_of_the_api_has_the_shape_that_its_description_promises(reader: WebReader) -> None:
    described = json.loads(reader.get("/api/openapi.json").body)
    for path, operation in described["paths"].items():
        asked = path.replace("{number}", "2").replace("{jurisdiction}", "CN")
        answer = json.loads(reader.get(asked + ("?words=data" if path.endswith("search") else "")).body)
        promised = operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer, {**promised, "components": described["components"]})
