"""The forms: why something is not relevant, who is to look, where you are, what is to be watched. Views, as values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot import grammar
from bot.errors import OperatorError
from bot.jurisdictions import name_of
from bot.model import Flow, Footprint
from bot.slack.handling import REASONS, TEAR
from bot.slack.parts import Block, clip, context, option, plain, section

_BETWEEN = re.compile(r"[\n;,]+(?![^()\n]*\))")  # not between the kinds of data of one flow
MOST_OPTIONS = 100  # of a select (docs.slack.dev, Block Kit reference)
View = dict[str, Any]


def not_relevant(meta: Mapping[str, str]) -> View:
    """Why a change is not relevant: a reason from the list, and free words if need be."""
    choice = {"type": "static_select", "action_id": "reason", "placeholder": plain("Choose a reason"),
              "options": [option(text, name) for name, text in REASONS.items()]}  # fmt: skip
    note = {"type": "plain_text_input", "action_id": "remark", "multiline": True, "max_length": 900}
    blocks = [
        _input("reason", "Why is it not relevant to this channel?", choice),
        _input("remark", "Anything to add?", note, hint=f"For RegWatch's judgement only: {TEAR}.", optional=True),
        context("It counts for this channel's subscription only. Others are told as before."),
    ]
    return _form("not_relevant", "Not relevant", "Save", blocks, meta)


def assign(meta: Mapping[str, str]) -> View:
    """Who is to look at a change."""
    choice = {"type": "users_select", "action_id": "user", "placeholder": plain("Choose a person")}
    return _form("assign", "Assign", "Assign", [_input("user", "Who should look at this change?", choice)], meta)


def where(
    meta: Mapping[str, str], *, codes: Iterable[str], called: str = "ours", known: Footprint | None = None
) -> View:
    """Three questions that make a footprint: entities, flows, sectors; filled in with what is `known` of it."""
    ours = known or Footprint()
    ranked = [*ours.entities, *sorted({*codes} - {*ours.entities})]  # what is chosen must be among the options
    options = [option(f"{name_of(code)} ({code})", code) for code in ranked][:MOST_OPTIONS]
    entities = {"type": "multi_static_select", "action_id": "entities", "options": options,
                "placeholder": plain("Choose jurisdictions")}  # fmt: skip
    flows = {"type": "plain_text_input", "action_id": "flows", "multiline": True, "max_length": 1500,
             "placeholder": plain("CN to US\nEU to *", limit=150)}  # fmt: skip
    sectors = {"type": "plain_text_input", "action_id": "sectors", "max_length": 300,
               "placeholder": plain("cloud, finance", limit=150)}  # fmt: skip
    name = {"type": "plain_text_input", "action_id": "name", "max_length": 40, "initial_value": clip(called, 40)}
    if ours.entities:
        entities["initial_options"] = options[: len(ours.entities)]
    for field, said in ((flows, "\n".join(map(_line, ours.flows))), (sectors, ", ".join(ours.sectors))):
        field |= {"initial_value": said} if said else {}
    blocks = [
        _input("entities", "Where are your companies or branches?", entities, optional=not options),
        _input("flows", "From where to where do your data go?", flows, optional=True,
               hint="One route in a line, such as CN to US. * stands for anywhere. Kinds of data in brackets, if not "
                    "all: EU to US (health, financial)."),
        _input("sectors", "In which sectors?", sectors, optional=True, hint="With commas between. Empty: all."),
        _input("name", "What shall we call this footprint?", name),
    ]  # fmt: skip
    return _form("where", "Where are you?", "Save", blocks if options else blocks[1:], meta)


def propose(meta: Mapping[str, str], *, codes: Iterable[str], said: str) -> View:
    """Why a page should be watched."""
    reason = {"type": "plain_text_input", "action_id": "reason", "multiline": True, "max_length": 500}
    title = {"type": "plain_text_input", "action_id": "title", "max_length": 150}
    options = [option(f"{name_of(code)} ({code})", code) for code in sorted(codes)][:MOST_OPTIONS]
    place = {"type": "static_select", "action_id": "place", "options": options, "placeholder": plain("Choose one")}
    blocks = [
        section(said),
        _input("reason", "Why should it be watched?", reason),
        _input("title", "What do people call it?", title, optional=True),
        *([_input("place", "Whose rules are they?", place, optional=True)] if options else []),
    ]
    return _form("propose", "Propose a source", "Propose", blocks, meta)


def _input(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block: Block = {"type": "input", "block_id": name, "label": plain(label, limit=200), "element": element}
    return block | {"optional": optional} | ({"hint": plain(hint, limit=200)} if hint else {})


def _form(name: str, title: str, submit: str, blocks: Sequence[Block], meta: Mapping[str, str]) -> View:
    return {
        "type": "modal",
        "callback_id": name,
        "title": plain(title, limit=24),
        "submit": plain(submit, limit=24),
        "close": plain("Cancel", limit=24),
        "private_metadata": clip(json.dumps(dict(meta)), 3000),
        "blocks": list(blocks),
    }


# ------------------------------------------------------------------------------------------------ what was filled in


def meta(view: Mapping[str, Any]) -> dict[str, str]:
    """What the form was opened with; raises OperatorError for a form that is not ours."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError as error:
        raise OperatorError("this form is no longer known; open it again") from error
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def filled(view: Mapping[str, Any], name: str) -> str:
    """What one field holds, "" for nothing."""
    fields = ((view.get("state") or {}).get("values") or {}).get(name) or {}
    field = fields.get(name) or next(iter(fields.values()), None) or {}
    chosen = field.get("selected_option") or {}
    return str(field.get("value") or chosen.get("value") or field.get("selected_user") or "").strip()


def chosen(view: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What several options were chosen in one field."""
    fields = ((view.get("state") or {}).get("values") or {}).get(name) or {}
    field = fields.get(name) or {}
    return tuple(str(one["value"]) for one in field.get("selected_options") or () if one.get("value"))


def footprint(view: Mapping[str, Any], *, code_of: Any) -> Footprint:
    """The footprint that the form describes; raises OperatorError for a route that cannot be read."""
    from bot.slack.typed import plain as straight

    lines = _BETWEEN.split(straight(filled(view, "flows")))
    sectors = tuple(dict.fromkeys(one.strip() for one in filled(view, "sectors").split(",") if one.strip()))
    name = re.sub(r"[^\w-]+", "-", filled(view, "name")).strip("-") or "ours"
    flows = tuple(_route(line, code_of) for line in lines if line.strip())
    return Footprint(name, chosen(view, "entities"), flows, sectors=sectors)


def _route(line: str, code_of: Any) -> Flow:
    """CN to US, or CN to US (health, financial)."""
    route, bracket, kinds = line.partition("(")
    try:
        start, end = code_of(route.split())
    except OperatorError as error:
        raise OperatorError(f"{line.strip()!r}: {error}") from error
    return grammar.footprint([f"flows:{start}-{end}{bracket}{kinds.strip()}"], name="").flows[0]


def _line(flow: Flow) -> str:
    """A flow as one types it."""
    return f"{flow.start} to {flow.end}" + (f" ({', '.join(flow.data)})" if flow.data else "")
