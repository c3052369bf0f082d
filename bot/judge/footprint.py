"""Where an organisation is, what it moves and to where, and whether a Finding touches that."""

from __future__ import annotations

from bot.model import Finding, Flow, Footprint

# Rules of a destination on who may reach data there, or who may serve there, touch every way into it.
_OF_DESTINATION = frozenset({"government_access", "market_access", "localisation", "bulk_data"})
_ANY = "*"
# What the Union decides on transfers binds in its member states and in the EEA (Decision of the EEA Joint Committee
# No 154/2018); what one of their authorities says concerns whoever moves data out of the Union.
_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)


def touched(finding: Finding, footprint: Footprint) -> str:
    """How a Finding touches a footprint, in words ("your flow CN → US"); "" when it does not.

    By a corridor that one of its flows takes, by a rule of a destination on access, or, when the text names no
    corridor, by the jurisdiction that speaks. Sectors narrow only where text and footprint both name some.
    """
    if finding.sectors and footprint.sectors and not set(finding.sectors) & set(footprint.sectors):
        return ""
    flows = [flow for flow in footprint.flows if _carries(flow, finding) and _takes(flow, finding)]
    if flows:
        return "your flow " + ", ".join(f"{flow.start} → {flow.end}" for flow in flows) + _as(finding, footprint)
    if finding.corridors and not any(_is_in(start, footprint) for start, _ in finding.corridors):
        return ""
    here = [entity for entity in footprint.entities if any(_one(entity, place) for place in finding.jurisdictions)]
    return f"you are established in {', '.join(here)}" + _as(finding, footprint) if here else ""


def _carries(flow: Flow, finding: Finding) -> bool:
    return not flow.data or not finding.data or bool(set(flow.data) & set(finding.data))


def _takes(flow: Flow, finding: Finding) -> bool:
    """Whether a flow takes one of the finding's corridors, or leads into a jurisdiction that rules on access."""
    if any(_one(flow.start, start) and _one(flow.end, end) for start, end in finding.corridors):
        return True
    if set(finding.mechanisms) & _OF_DESTINATION and any(_one(flow.end, place) for place in finding.jurisdictions):
        return True
    return not finding.corridors and any(_one(flow.start, place) for place in finding.jurisdictions)


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
