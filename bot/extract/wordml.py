"""How Word documents name things: elements and attributes in either of the two namespaces of the format. Pure."""

from __future__ import annotations

from typing import Any

_TRANSITIONAL = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"  # ISO/IEC 29500 Strict


def local(element: Any) -> str:
    """An element's name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Any, name: str = "val") -> str:
    """An attribute of an element, "" when either is not there."""
    if element is None:
        return ""
    return element.get(_TRANSITIONAL + name) or element.get(_STRICT + name) or ""


def number(element: Any, name: str = "val", *, default: int = 0) -> int:
    """An attribute that is a small whole number."""
    text = value(element, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default


def child(element: Any, *names: str) -> Any:
    """The descendant that one reaches by these names, or None."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def children(element: Any, name: str) -> list[Any]:
    """The children of this name; none of None."""
    return [one for one in (element if element is not None else ()) if local(one) == name]
