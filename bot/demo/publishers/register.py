"""A fictional official register: a JSON API of documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from bot.demo.page import Moment, Page, Publisher, entries
from bot.demo.story import CONSULTATION

TITLE = "Prohibition of Certain Transfers of Bulk Personal Data to Cloud Facilities Abroad (RIN 0105-AB77)"
ABSTRACT = (
    "The department adopts a final rule. United States persons shall not transfer bulk sensitive personal data to data "
    "centers that covered persons operate abroad. The rule is effective {effective}."
)

SOURCES = """
[us-register-demo]
title = "Documents on data"
authority = "Official register (fictional)"
jurisdiction = "US"
url = "{base}/api/v1/documents.json?term=data&order=newest"
type = "json"
language = "en"
every = "24h"
paths = {{ items = "results[*]", key = "document_number", title = "title", date = "publication_date", link = "html_url", text = "abstract" }}
"""  # noqa: E501


def site(moment: Moment) -> Mapping[str, Page]:
    """The query's answer; it carries the time of the request as APIs do."""
    results = list(documents(moment))
    answer = {
        "fictional": True,
        "generated_at": f"{moment.today}T{moment.clock}Z",
        "count": len(results),
        "results": results,
    }
    body = json.dumps(answer, ensure_ascii=False, indent=1).encode()
    return {"/api/v1/documents.json?term=data&order=newest": Page(body, "application/json")}


def documents(moment: Moment) -> Iterator[dict[str, str]]:
    """Newest first."""
    if moment.since(CONSULTATION):
        effective = moment.date_of(CONSULTATION + 60)
        text = ABSTRACT.format(effective=f"{effective:%B} {effective.day}, {effective.year}")
        yield document(moment, "2025-19001", "Rule", TITLE, text, day=CONSULTATION)
    for number, (kind, title, text) in enumerate(entries("register")):
        yield document(moment, f"2025-1{7900 - 37 * number}", kind, title, text, day=-2 - 3 * number)


def document(moment: Moment, number: str, kind: str, title: str, text: str, *, day: int) -> dict[str, str]:
    return {
        "document_number": number, "type": kind, "title": title, "abstract": text,
        "publication_date": moment.date_of(day).isoformat(), "html_url": f"{moment.base}/documents/{number}",
    }  # fmt: skip


PUBLISHER = Publisher("register.fictional.example", SOURCES, site)
