"""Honesty at a first look, in wordings that no list foresaw: whose voice it is counts, not the phrase."""

import pytest

from benchmarks.honesty import worded
from bot import extract
from bot.honesty import doubt_reading, doubt_response
from bot.honesty.voice import voice
from bot.model import Block, Reading, Source

LEAST_REFUSED = {"1": 0.95, "2": 0.90, "3": 0.65, "4": 0.95, "5": 0.95}  # 2 and 3 are worded as oddly as can be
LEAST_TAKEN = 0.98


@pytest.fixture(scope="module")
def pages():
    return worded()


def test_freely_worded_refusals_never_become_a_page(pages):
    for group, least in LEAST_REFUSED.items():
        refused = [bool(page.doubt) for page in pages if page.group == group and page.bad]
        assert len(refused) >= 40 and sum(refused) >= least * len(refused), group


def test_short_pages_that_speak_of_blocking_logins_and_maintenance_are_taken(pages):
    taken = [not page.doubt for page in pages if not page.bad]
    assert len(taken) > 300 and sum(taken) >= LEAST_TAKEN * len(taken)


PAGE = Source("page", "https://ministry.example/laws/2026/measures.html")
HTML = "text/html; charset=utf-8"


def cause(title, text, *, source=PAGE):
    body = f"<!doctype html><html lang=en><title>{title}</title><body>{text}</body></html>".encode()
    head = [("Content-Type", HTML)]
    found = doubt_response(source, status=200, headers=head, url=source.url, final_url=source.url, body=body)
    found = found or doubt_reading(source, extract.read(body, source=source, content_type=HTML, url=source.url))
    return found.cause if found else ""


SAID = "The server is being repaired and cannot show the page."


@pytest.mark.parametrize(
    "beside",
    [
        "On 12 March 2026 the court ordered the operator to publish it.",
        "Article 5 of the act obliges the ministry to keep it open.",
        "The authority opened an inquiry after complaints by two companies.",
    ],
)
def test_the_same_words_beside_a_date_or_a_rule_are_news(beside):
    assert cause("", f"<p>{SAID}</p>")
    assert cause("Outage", f"<h1>Outage of the register</h1><p>The register was out of service. {beside}</p>") == ""


def test_what_is_quoted_is_not_said():
    assert cause("", "<p>This page could not be found.</p>") == "soft 404"
    assert cause("Wording", "<h1>Wording of the form</h1><p>The form shows “This page could not be found”.</p>") == ""


def test_a_number_of_an_incident_or_a_network_address_is_a_gatekeepers():
    plain = voice("Your visit was logged.")
    assert voice("Your visit was logged. Incident number 77-1203.").weight > plain.weight
    assert voice("Your visit from 192.0.2.44 was logged.").weight > plain.weight


def test_a_page_headed_by_a_hosts_name_stands_for_a_site_that_is_not_there():
    adverts = "<ul><li>Lawyers</li><li>Web hosting</li></ul><p>Related</p>"
    assert cause("laws.example", f"<h1>laws.example</h1>{adverts}") == "soft 404"
    assert cause("Links", f"<h1>Suppliers</h1>{adverts}") == ""


def test_an_answer_in_json_is_no_gatekeepers_page():
    words = Reading((Block("paragraph", "page: 1, server: eu, status: no link"),), title="")
    assert doubt_reading(Source("api", PAGE.url, type="json"), words) is None


def test_a_page_that_may_say_hardly_anything_is_taken_for_what_it_says():
    few = "<p>The page opens soon.</p>"
    assert cause("", few) == "empty"
    assert cause("", few, source=Source("few", PAGE.url, min_blocks=0)) == ""


def test_a_warning_of_false_letters_demands_no_password():
    asked, warned = "Please enter your password.", "The court never asks for a password by letter."
    assert cause("", f"<p>{asked}</p>") == "login"
    assert cause("Warning", f"<h1>False letters</h1><p>{warned}</p>") == ""


def test_a_long_text_is_nobodys_whatever_it_says():
    assert not voice(" ".join([SAID] * 40)).is_gatekeeper
