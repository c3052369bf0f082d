"""Where an organisation is, what it moves and to where, and whether a Finding touches that."""

from __future__ import annotations

from bot.judge.parts import alone, named
from bot.model import Finding, Flow, Footprint

# Rules of a destination on who may reach data there, or who may serve there, touch every way into it.
_OF_DESTINATION = frozenset({"government_access", "market_access", "localisation", "bulk_data"})
_OF_MARKETS = frozenset({"market_access", "localisation"})
_ANY = "*"
_NAMED = 3  # items that a reason names
# A rule on personal data binds each kind of them; one on health data touches a flow of personal data.
_KINDS = {
    "personal": frozenset({"sensitive", "health", "genetic", "biometric", "financial", "location"}),
    "sensitive": frozenset({"health", "genetic", "biometric"}),
}
# What the Union decides on transfers binds in its member states and in the EEA (Decision of the EEA Joint Committee
# No 154/2018); what one of their authorities says concerns whoever moves data out of the Union.
_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)


def touched(finding: Finding, footprint: Footprint) -> str:
    """How a Finding touches a footprint, in words ("your flow CN → US"); "" when it does not.

    By a corridor that one of its flows takes, by a rule of a destination on access, or, when the text names no
    corridor, by the jurisdiction that speaks. Sectors narrow only where text and footprint both name some. Of
    several items each is asked alone; those that touch it are named.
    """
    views = alone(finding)
    if len(views) == 1:
        return _touched(finding, footprint)
    return "; ".join([named(one, why) for one in views if (why := _touched(one, footprint))][:_NAMED])


def _touched(finding: Finding, footprint: Footprint) -> str:
    if finding.sectors and footprint.sectors and not set(finding.sectors) & set(footprint.sectors):
        return ""
    flows = [flow for flow in footprint.flows if _carries(flow, finding) and _takes(flow, finding)]
    if flows:
        return "your flow " + ", ".join(map(_named, flows)) + _as(finding, footprint)
    if finding.corridors and not any(_is_in(start, footprint) for start, _ in finding.corridors):
        return ""
    here = [entity for entity in footprint.entities if any(_one(entity, place) for place in finding.jurisdictions)]
    return f"you are established in {', '.join(here)}" + _as(finding, footprint) if here else ""


def _carries(flow: Flow, finding: Finding) -> bool:
    if not flow.data or not finding.data:
        return True
    return any(_is_kind(own, stated) for own in flow.data for stated in finding.data)


def _is_kind(own: str, stated: str) -> bool:
    """Whether one of two kinds of data is the other, or a part of it."""
    return own == stated or stated in _KINDS.get(own, ()) or own in _KINDS.get(stated, ())


def _named(flow: Flow) -> str:
    return f"{flow.start} → {flow.end}" + (f" ({', '.join(flow.data)})" if flow.data else "")


def _takes(flow: Flow, finding: Finding) -> bool:
    """Whether a flow takes one of the finding's corridors, or leads into a jurisdiction that rules on access."""
    if any(_one(flow.start, start) and _one(flow.end, end) for start, end in finding.corridors):
        return True
    if any(_one(flow.end, place) for place in _destinations(finding)):
        return True
    return not finding.corridors and any(_one(flow.start, place) for place in finding.jurisdictions)


def _destinations(finding: Finding) -> tuple[str, ...]:
    """The jurisdictions that rule on access, if any; who reports on others' markets does not rule on its own."""
    ruling = set(finding.mechanisms) & _OF_DESTINATION
    if not ruling:
        return ()
    return tuple(one for one in finding.jurisdictions if one != finding.reporter or ruling - _OF_MARKETS)


def _is_in(place: str, footprint: Footprint) -> bool:
    return any(_one(entity, place) for entity in footprint.entities)


def _one(own: str, stated: str) -> bool:
    """Whether two places meet; the Union meets its members, and only there is a part of a place the place."""
    if _ANY in (own, stated) or own == stated:
        return True
    return "EU" in (own, stated) and (own in _UNION or stated in _UNION)


def _as(finding: Finding, footprint: Footprint) -> str:
    roles = [role for role in footprint.roles if role in finding.bound]
    return f", as {', '.join(roles)}" if roles else ""
