"""Words that stand for themselves in rows, filters and findings: types, causes, stages, mechanisms."""

from __future__ import annotations

from collections.abc import Mapping

TYPES = ("list", "page", "feed", "json", "xml", "text", "markdown", "pdf", "docx", "doc", "xlsx", "csv", "sitemap")
OFF_REASONS = ("js", "refused", "robots", "key", "manual", "format", "unproven")
CLASSES = ("official", "vendor", "tracker")

CAUSES: Mapping[str, str] = {
    # the way to the page
    "dns": "the host's name could not be resolved",
    "refused": "the connection was refused or reset",
    "timeout": "the server was too slow",
    "tls": "the TLS certificate could not be verified",
    "protocol": "the answer was not valid HTTP",
    "forbidden address": "the address is not a public one",
    "redirects": "too many or circular redirects",
    "elsewhere": "the address now leads to another host",
    "robots": "robots.txt forbids it",
    "too large": "the body is larger than the limit",
    "later": "the server asked for a pause",
    "http": "the server answered with an error status",
    "not found": "the server says the page does not exist",
    # what came back
    "blocked": "a challenge or a firewall page came instead",
    "login": "a login or consent wall came instead",
    "maintenance": "a maintenance page came instead",
    "soft 404": "a 'not found' page came with status 200",
    "empty": "nothing readable came back",
    "js shell": "the page is filled in by scripts only",
    "wrong type": "the body is not what was declared",
    "no items": "a list without any item, where there were some",
    "sudden shrink": "the page suddenly lost most of its text",
    "wrong language": "the page came in another language",
    "mojibake": "the text came garbled",
    "truncated": "the body ended too early",
    # our own limits
    "too deep": "the markup is nested too deeply",
    "too slow": "reading took longer than the limit",
    "no text layer": "a scan without text",
    "unreadable": "the body could not be parsed",
    "not yet read": "this kind of document is not read by this release",
}

PROVENANCES: Mapping[str, str] = {
    "": "looked",  # fetched from its own address, when it was seen
    "person": "brought by a person",
    "wayback": "Wayback",
}

VERDICTS = ("relevant", "uncertain", "not_relevant")
SEVERITIES = ("know", "plan", "act")
MECHANISMS = (
    "adequacy", "scc", "bcr", "certification", "security_assessment", "contract_filing", "localisation",
    "important_data", "bulk_data", "government_access", "digital_trade", "consent", "impact_assessment",
    "notification", "negative_list", "market_access",
)  # fmt: skip
STAGES = (
    "proposal", "consultation", "negotiation", "agreement", "prepublication", "adopted", "in_force", "review",
    "guidance", "faq", "enforcement", "court", "notice", "commentary", "suspended", "repealed", "expired",
    "annulled", "withdrawn",
)  # fmt: skip
DATE_KINDS = ("effective", "deadline", "transition_end", "expires", "review_due", "published")
