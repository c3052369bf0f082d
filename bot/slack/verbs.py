"""The verbs of /reg: what each is for, how it is written, other words for it."""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """One verb: its usage after `/reg`, what it does, an example, and whether it changes something."""

    name: str
    usage: str
    says: str
    example: str
    group: str
    changes: bool = False
    other: tuple[str, ...] = ()


LOOK, LISTEN, ACT, MORE = "Look things up", "Who is told what here", "Act on a change", "More"

VERBS = {
    verb.name: verb
    for verb in (
        Verb("glance", "", "this channel at a glance", "", LOOK, other=("overview", "home")),
        Verb("search", "search WORDS [filters]", "find words in what changed, in any language",
             "search 数据出境 jurisdiction:CN", LOOK, other=("find", "s", "搜索", "查", "検索", "검색", "buscar")),
        Verb("latest", "latest [filters]", "what changed, newest first", "latest topic:adequacy since:30d", LOOK,
             other=("changes", "new", "news", "recent", "last", "最新")),
        Verb("show", "show N", "one change: what, when, before and after, source", "show 17", LOOK,
             other=("change", "open", "view")),
        Verb("diff", "diff N", "every edit of one change", "diff 17", LOOK, other=("redline",)),
        Verb("why", "why N", "why a change was told, or not, and to whom", "why 17", LOOK),
        Verb("corridor", "corridor FROM TO", "rules on data that go from one place to another", "corridor EU US", LOOK,
             other=("route", "flow")),
        Verb("jurisdiction", "jurisdiction CODE", "what changed in one jurisdiction", "jurisdiction CN", LOOK,
             other=("place",)),
        Verb("state", "state CODE", "the state of play: instruments, stages, dates, blind spots", "state CN", LOOK),
        Verb("upcoming", "upcoming [90d] [filters]", "dates ahead: consultations close, rules apply",
             "upcoming 30d jurisdiction:EU", LOOK, other=("dates", "deadlines", "ahead", "calendar", "日程")),
        Verb("status", "status [SOURCE]", "what could be read, what could not, since when", "status", LOOK,
             other=("health", "coverage", "状态")),
        Verb("sources", "sources [WORDS]", "what is watched", "sources edpb", LOOK, other=("source",)),
        Verb("subscribe", "subscribe SOURCE|TOPIC|CODE [filters]", "tell this channel about changes",
             "subscribe jurisdiction:CN min:plan mode:instant", LISTEN, True,
             ("sub", "follow", "订阅", "購読", "구독")),
        Verb("unsubscribe", "unsubscribe N|SOURCE", "end a subscription of this channel", "unsubscribe 3", LISTEN, True,
             ("unsub", "unfollow", "退订")),
        Verb("list", "list", "what this channel is told about", "list", LISTEN, other=("subscriptions", "ls")),
        Verb("pause", "pause [N] [3d|DATE]", "no messages for a while; the digest still lists all", "pause 3d", LISTEN,
             True),
        Verb("resume", "resume [N]", "end a pause", "resume", LISTEN, True, ("unpause", "continue")),
        Verb("mute", "mute SOURCE", "no messages of one source, in this channel only", "mute eu-edpb-news", LISTEN,
             True, ("silence",)),
        Verb("unmute", "unmute SOURCE", "hear a muted source again", "unmute eu-edpb-news", LISTEN, True),
        Verb("footprint", "footprint [NAME]", "where you are: entities, flows, sectors; `footprint new` asks you",
             "footprint new", LISTEN, other=("footprints",)),
        Verb("digest", "digest preview [N]", "the next digest of a subscription, as it would be sent",
             "digest preview", LISTEN),
        Verb("ack", "ack N", "acknowledge a change for this channel", "ack 17", ACT, True,
             ("acknowledge", "acked", "done", "seen")),
        Verb("unack", "unack N", "take an acknowledgement back", "unack 17", ACT, True, ("undo", "reopen")),
        Verb("assign", "assign N @PERSON", "ask a person to look at a change", "assign 17 @ann", ACT, True),
        Verb("snooze", "snooze N [7d]", "put a change aside for a while", "snooze 17 7d", ACT, True, ("later",)),
        Verb("severity", "severity N act|plan|know WHY", "override how much a change matters, with your reason",
             "severity 17 plan we left that market", ACT, True),
        Verb("relevant", "relevant N [WHY]", "say that a change is relevant", "relevant 17", ACT, True),
        Verb("irrelevant", "irrelevant N WHY", "say that a change is not relevant to this channel",
             "irrelevant 17 other sector", ACT, True, ("not-relevant", "notrelevant", "noise")),
        Verb("propose", "propose URL WHY", "ask for a page to be watched", "propose https://example.org/rules new law",
             MORE, True, ("watch", "add")),
        Verb("proposals", "proposals", "pages that somebody proposed and nobody approved yet", "proposals", MORE),
        Verb("approve", "approve N", "watch a proposed page", "approve 2", MORE, True),
        Verb("decline", "decline N", "do not watch a proposed page", "decline 2", MORE, True, ("reject",)),
        Verb("web", "web", "a link to the web pages that opens once, for ten minutes", "web", MORE,
             other=("link", "pages")),
        Verb("help", "help [VERB]", "this list, or one verb", "help subscribe", MORE,
             other=("?", "-h", "--help", "h", "usage", "帮助", "幫助", "ヘルプ", "도움말", "ayuda", "aide", "hilfe")),
    )
}  # fmt: skip
"""By name, in the order in which help lists them."""

NAMES = {name: verb.name for verb in VERBS.values() for name in (verb.name, *verb.other)}
"""Every word for a verb -> its name."""
