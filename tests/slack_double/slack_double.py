"""slack_double - a strict stand-in for Slack on loopback.

    pip install aiohttp            # the only dependency
    python -m tests.slack_double.slack_double --port 8901 --app-url http://127.0.0.1:3000/slack/events

or, from a test or a check script:

    with SlackDouble(app_url=...) as slack:
        slack.inject("chat.postMessage", "drop_after")        # written, then the line goes dead
        d = slack.command("/reg", "status eba")               # signed, over HTTP or Socket Mode
        print(d.ok, d.elapsed, d.replies, slack.transcript("C0REG00001"), slack.lints)

What it plays
  Web API      /api/<method>   (point WebClient(base_url=slack.base_url) here)
  response_url /response/<id>  5 uses, 30 minutes, ephemeral/in_channel, replace/delete
  uploads      /upload/<id>    files.getUploadURLExternal flow
  Socket Mode  apps.connections.open -> ws://127.0.0.1:PORT/link?ticket=..  (one use, <=10 open)
  HTTP         commands, interactions, events and view submissions, signed v0, 3 s deadline
It is strict: Block Kit limits, tokens and token kinds, scopes, membership, trigger and
response_url lifetimes. Everything is recorded in .calls; soft faults are in .lints.
Remote control for hand checks: see /_double (GET) once it runs.
"""
from __future__ import annotations

import argparse
import asyncio
import base64
import fnmatch
import hashlib
import hmac
import itertools
import json
import random
import threading
import time
import urllib.parse
from dataclasses import asdict, dataclass, field
from typing import Any, Callable

import aiohttp
from aiohttp import WSMsgType, web

from tests.slack_double import blockkit_strict as bk

TEAM, APP, BOT_USER, BOT_ID = "T0DOUBLE01", "A0DOUBLE01", "U0BOT00001", "B0BOT00001"
PRE = {"http_429", "http_500", "http_503", "html_502", "timeout", "drop", "reset", "bad_json"}
POST = {f"{k}_after" for k in ("drop", "reset", "timeout", "http_500", "bad_json", "fatal_error")} | {"slow"}
SCOPES = {  # method -> scopes, any of which will do (from each method's reference page)
    "chat.postMessage": ["chat:write"], "chat.update": ["chat:write"], "chat.delete": ["chat:write"],
    "chat.postEphemeral": ["chat:write"], "chat.scheduleMessage": ["chat:write"],
    "conversations.history": ["channels:history", "groups:history", "im:history", "mpim:history"],
    "conversations.replies": ["channels:history", "groups:history", "im:history", "mpim:history"],
    "conversations.list": ["channels:read", "groups:read"], "conversations.info": ["channels:read", "groups:read"],
    "conversations.members": ["channels:read", "groups:read"], "conversations.join": ["channels:join"],
    "conversations.open": ["im:write"], "users.info": ["users:read"], "users.list": ["users:read"],
    "users.lookupByEmail": ["users:read.email"], "files.getUploadURLExternal": ["files:write"],
    "files.completeUploadExternal": ["files:write"], "reactions.add": ["reactions:write"],
    "chat.unfurl": ["links:write"], "team.info": ["team:read"],
}
DEFAULT_SCOPES = ("chat:write,commands,channels:read,groups:read,channels:history,groups:history,im:history,im:write,"
                  "users:read,users:read.email,files:write,reactions:write,app_mentions:read,links:write,team:read")


class SlackError(Exception):
    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.body = {"ok": False, "error": code, **extra}


@dataclass
class Fault:
    method: str            # fnmatch pattern, e.g. "chat.*"
    kind: str              # a PRE/POST kind, or any Slack error code ("channel_not_found")
    times: int = 1         # how many calls it hits; -1 = for ever
    skip: int = 0          # let this many matching calls through first
    retry_after: int = 1
    seconds: float = 30.0  # for timeout/slow
    where: dict = field(default_factory=dict)   # e.g. {"channel": "C0REG00001"}


@dataclass
class Call:
    n: int
    at: float
    method: str
    args: dict
    token: str | None
    status: int = 0
    response: Any = None
    issues: list[str] = field(default_factory=list)
    lints: list[str] = field(default_factory=list)
    fault: str | None = None


@dataclass
class Delivery:
    """One thing Slack sent to the app, and how the app answered."""
    kind: str
    via: str
    payload: dict
    ok: bool = False                 # acknowledged, properly, in time
    status: int | None = None
    body: Any = None
    elapsed: float = 0.0
    problems: list[str] = field(default_factory=list)
    response_id: str | None = None
    replies: list[dict] = field(default_factory=list)   # posts to this payload's response_url
    attempts: int = 0


class SlackDouble:
    def __init__(self, port: int = 0, *, app_url: str | None = None, signing_secret: str = "double-signing-secret",
                 bot_token: str = "xoxb-double", app_token: str = "xapp-double", scopes: str = DEFAULT_SCOPES,
                 ack_deadline: float = 3.0, rate: float | None = None, burst: int = 3, non_marketplace: bool = False,
                 dedupe_client_msg_id: bool = False, event_retries: tuple[float, ...] = (0.2, 0.5, 1.0),
                 clock: Callable[[], float] = time.time) -> None:
        self.port, self.app_url, self.signing_secret = port, app_url, signing_secret
        self.bot_token, self.app_token, self.scopes = bot_token, app_token, set(scopes.split(","))
        self.ack_deadline, self.rate, self.burst = ack_deadline, rate, burst
        self.non_marketplace, self.dedupe = non_marketplace, dedupe_client_msg_id
        self.event_retries, self.clock = event_retries, clock
        self._lock = threading.RLock()
        self.reset()

    # ---- state ---------------------------------------------------------------
    def reset(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.deliveries: list[Delivery] = []
        self.revoked: set[str] = set()
        self.users = {u: {"id": u, "team_id": TEAM, "name": n, "real_name": n.title(), "deleted": False, "is_bot": b,
                          "tz": tz, "profile": {"real_name": n.title(), "email": f"{n}@example.com"}}
                      for u, n, b, tz in [("U0ALICE001", "alice", False, "Europe/London"),
                                          ("U0BOB00001", "bob", False, "America/New_York"),
                                          (BOT_USER, "regbot", True, "UTC")]}
        def ch(cid: str, name: str, member: bool, private: bool = False, archived: bool = False, **kw: Any) -> dict:
            return {"id": cid, "name": name, "is_channel": not private, "is_private": private, "is_archived": archived,
                    "is_member": member, "members": ["U0ALICE001", "U0BOB00001"] + ([BOT_USER] if member else []), **kw}
        self.channels = {c["id"]: c for c in [
            ch("C0GENERAL1", "general", True), ch("C0REG00001", "reg-changes", True), ch("C0OTHER001", "not-invited", False),
            ch("C0ARCHIVE1", "old", True, archived=True), ch("C0READONLY", "announcements", True, read_only=True),
            ch("G0SECRET01", "legal-private", False, private=True), ch("G0JOINED01", "legal-team", True, private=True)]}
        self.store: dict[str, list[dict]] = {}
        self.ephemerals: list[dict] = []
        self.scheduled: dict[str, dict] = {}
        self.files: dict[str, dict] = {}
        self.views: dict[str, dict] = {}
        self.homes: dict[str, dict] = {}
        self._responses: dict[str, dict] = {}
        self._triggers: dict[str, dict] = {}
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = getattr(self, "_sockets", [])
        self._acks: dict[str, asyncio.Future] = {}
        self._buckets: dict[str, list[float]] = {}
        self._dedupe: dict[tuple, dict] = {}
        self._seq, self._last_ts = itertools.count(1), 0.0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def lints(self) -> list[str]:
        return [f"#{c.n} {c.method}: {x}" for c in self.calls for x in c.lints] + \
               [f"{d.kind}: {x}" for d in self.deliveries for x in d.problems]

    def messages(self, channel: str) -> list[dict]:
        return sorted(self.store.get(self._cid(channel), []), key=lambda m: float(m["ts"]))

    def transcript(self, channel: str) -> str:
        out = []
        for m in self.messages(channel):
            ind = "    " if m.get("thread_ts", m["ts"]) != m["ts"] else ""
            head = f"{ind}[{m['ts']}] {m.get('username') or m['user']}" + (" (edited)" if "edited" in m else "")
            out.append(head + "\n" + "\n".join(ind + "  " + ln for ln in bk.render(m).split("\n")))
        return "\n".join(out)

    def inject(self, method: str, kind: str, **kw: Any) -> Fault:
        f = Fault(method, kind, **kw)
        with self._lock:
            self.faults.append(f)
        return f

    def _cid(self, name: str) -> str:
        for c in self.channels.values():
            if name in (c["id"], c.get("name"), f"#{c.get('name')}"):
                return c["id"]
        return name

    def _ts(self) -> str:
        self._last_ts = max(self.clock(), self._last_ts + 0.000001)
        return f"{self._last_ts:.6f}"

    def _id(self, prefix: str) -> str:
        return f"{prefix}{next(self._seq):09X}"

    # ---- life cycle --------------------------------------------------------------
    def start(self) -> "SlackDouble":
        ready = threading.Event()

        def run() -> None:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)
            self.loop.run_until_complete(self._up())
            ready.set()
            self.loop.run_forever()
            self.loop.run_until_complete(self._runner.cleanup())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()
        self._thread = threading.Thread(target=run, name="slack-double", daemon=True)
        self._thread.start()
        ready.wait()
        return self

    async def _up(self) -> None:
        app = web.Application(client_max_size=8 << 20)
        app.add_routes([web.route("*", "/api/{method}", self._api), web.post("/response/{id}", self._response),
                        web.post("/upload/{id}", self._upload), web.get("/link", self._link),
                        web.get("/_double", self._control), web.get("/_double/{what}", self._control),
                        web.post("/_double/{what}", self._control)])
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)

    def __enter__(self) -> "SlackDouble":
        return self.start()

    def __exit__(self, *exc: Any) -> None:
        self.stop()

    def _run(self, coro: Any, timeout: float = 60) -> Any:
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result(timeout)

    # ---- Web API -------------------------------------------------------------------
    async def _args(self, req: web.Request) -> dict:
        args: dict[str, Any] = dict(req.query)
        ctype = req.content_type
        if ctype == "application/json" and req.can_read_body:
            body = await req.json()
            if not isinstance(body, dict):
                raise SlackError("json_not_object")
            args |= body
        elif ctype in ("application/x-www-form-urlencoded", "multipart/form-data"):
            args |= {k: v for k, v in (await req.post()).items()}
            for k in ("blocks", "attachments", "metadata", "view", "files", "unfurls", "message"):
                if isinstance(args.get(k), str) and args[k][:1] in "[{":
                    try:
                        args[k] = json.loads(args[k])
                    except ValueError:
                        raise SlackError("invalid_blocks_format" if k == "blocks" else "invalid_arguments") from None
            for k, v in args.items():
                if isinstance(v, str) and v in ("0", "1", "true", "false") and k not in ("text", "cursor", "limit", "ts"):
                    args[k] = v in ("1", "true")
        return args

    async def _api(self, req: web.Request) -> web.StreamResponse:
        method = req.match_info["method"]
        call = Call(next(self._seq), self.clock(), method, {}, None)
        with self._lock:
            self.calls.append(call)
        resp: web.StreamResponse
        try:
            call.args = await self._args(req)
            auth = req.headers.get("Authorization", "")
            call.token = auth[7:] if auth.startswith("Bearer ") else call.args.pop("token", None)
            call.args.pop("token", None)
            fault = self._fault(method, call.args)
            call.fault = fault.kind if fault else None
            if fault and fault.kind not in POST:
                resp = await self._misbehave(req, fault)
                call.status = getattr(resp, "status", 0)
                return resp
            self._authorize(method, call.token)
            fn = getattr(self, "m_" + method.replace(".", "_"), None)
            if fn is None:
                raise SlackError("unknown_method", req_method=method)
            body = fn(call.args, call)
            if req.content_type == "application/json" and "charset" not in req.headers.get("Content-Type", ""):
                body.setdefault("warning", "missing_charset")
            call.status, call.response = 200, body
            if fault and fault.kind in POST:
                return await self._misbehave(req, fault, body)
            return web.json_response(body)
        except SlackError as e:
            status = 429 if e.body["error"] == "ratelimited" else 200
            headers = {"Retry-After": str(e.body.pop("_retry_after", 1))} if status == 429 else {}
            call.status, call.response = status, e.body
            return web.json_response(e.body, status=status, headers=headers)
        except (ValueError, KeyError, TypeError) as e:
            call.status, call.response = 200, {"ok": False, "error": "invalid_arguments", "detail": repr(e)}
            return web.json_response(call.response)

    def _fault(self, method: str, args: dict) -> Fault | None:
        with self._lock:
            for f in self.faults:
                if f.times == 0 or not fnmatch.fnmatch(method, f.method) or any(args.get(k) != v for k, v in f.where.items()):
                    continue
                if f.skip:
                    f.skip -= 1
                    continue
                f.times -= 1 if f.times > 0 else 0
                return f
        return None

    async def _misbehave(self, req: web.Request, f: Fault, body: dict | None = None) -> web.StreamResponse:
        kind = f.kind.removesuffix("_after")
        if kind == "http_429":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(f.retry_after)})
        if kind in ("http_500", "http_503"):
            return web.json_response({"ok": False, "error": "internal_error"}, status=int(kind[-3:]))
        if kind == "html_502":
            return web.Response(text="<html><body><h1>502 Bad Gateway</h1></body></html>", status=502, content_type="text/html")
        if kind == "bad_json":
            return web.Response(text='{"ok": tru', content_type="application/json")
        if kind == "slow":
            await asyncio.sleep(f.seconds)
            return web.json_response(body)
        if kind == "timeout":
            await asyncio.sleep(f.seconds)
        if kind in ("timeout", "drop", "reset"):
            if req.transport is not None:
                (req.transport.abort if kind == "reset" else req.transport.close)()
            return web.Response(status=500)
        return web.json_response({"ok": False, "error": kind})

    def _authorize(self, method: str, token: str | None) -> None:
        if method in ("api.test", "blocks.validate"):
            return
        if not token:
            raise SlackError("not_authed")
        if token in self.revoked:
            raise SlackError("token_revoked")
        if token not in (self.bot_token, self.app_token):
            raise SlackError("invalid_auth")
        if (method == "apps.connections.open") != (token == self.app_token):
            raise SlackError("not_allowed_token_type")
        need = SCOPES.get(method)
        if need and not self.scopes & set(need):
            raise SlackError("missing_scope", needed=need[0], provided=",".join(sorted(self.scopes)))

    def _target(self, channel: Any, *, post: bool = False, read: bool = False) -> dict:
        if not isinstance(channel, str) or not channel:
            raise SlackError("channel_not_found")
        cid = self._cid(channel)
        if cid in self.users and post:                       # a user id opens the DM
            dm = f"D{cid[1:]}"
            self.channels.setdefault(dm, {"id": dm, "is_im": True, "user": cid, "is_member": True, "members": [cid, BOT_USER]})
            cid = dm
        ch = self.channels.get(cid)
        if ch is None or (ch.get("is_private") and not ch["is_member"]):
            raise SlackError("channel_not_found")
        if (post and not ch["is_member"] and "chat:write.public" not in self.scopes) or (read and not ch["is_member"]):
            raise SlackError("not_in_channel")
        if post and ch.get("is_archived"):
            raise SlackError("is_archived")
        if post and ch.get("read_only"):
            raise SlackError("restricted_action_read_only_channel")
        return ch

    def _check(self, args: dict, call: Call, update: bool = False) -> None:
        call.lints += bk.lint_message(args)
        code, issues = bk.check_message(args, update=update)
        if code:
            call.issues = [str(i) for i in issues]
            raise SlackError(code, errors=call.issues, response_metadata={"messages": [f"[ERROR] {i}" for i in call.issues]})

    def _throttle(self, cid: str) -> None:
        if self.rate is None:
            return
        now = self.clock()
        b = self._buckets[cid] = [t for t in self._buckets.get(cid, []) if now - t < self.burst / self.rate]
        if len(b) >= self.burst:
            raise SlackError("ratelimited", _retry_after=max(1, int(b[0] + self.burst / self.rate - now + 0.999)))
        b.append(now)

    def _message(self, ch: dict, args: dict, **extra: Any) -> dict:
        keep = {k: args[k] for k in ("text", "blocks", "attachments", "metadata", "thread_ts", "username", "markdown_text")
                if args.get(k) is not None}
        m = {"type": "message", "subtype": "bot_message" if args.get("username") else None, "user": BOT_USER, "bot_id": BOT_ID,
             "app_id": APP, "team": TEAM, "ts": self._ts(), "text": "", **keep, **extra}
        for i, b in enumerate(m.get("blocks", [])):
            b.setdefault("block_id", f"b{i}{random.randrange(36**3):x}")
        return {k: v for k, v in m.items() if v is not None}

    def m_api_test(self, a: dict, c: Call) -> dict:
        return {"ok": True, "args": a}

    def m_auth_test(self, a: dict, c: Call) -> dict:
        return {"ok": True, "url": "https://double.slack.com/", "team": "Double", "user": "regbot", "team_id": TEAM,
                "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False}

    def m_team_info(self, a: dict, c: Call) -> dict:
        return {"ok": True, "team": {"id": TEAM, "name": "Double", "domain": "double"}}

    def m_blocks_validate(self, a: dict, c: Call) -> dict:
        given = [k for k in ("blocks", "view", "message") if a.get(k) is not None]
        if len(given) != 1:
            raise SlackError("invalid_arguments", response_metadata={"messages": ["must provide exactly one of `blocks`, `view`, or `message`"]})
        v = a[given[0]]
        issues = (bk.validate_blocks(v, at="") if given == ["blocks"] else bk.validate_view(v) if given == ["view"]
                  else bk.check_message(v)[1])
        if issues:
            raise SlackError(f"invalid_{given[0]}", errors=[{"code": i.code, "message": i.message, "pointer": i.pointer} for i in issues])
        return {"ok": True}

    def m_chat_postMessage(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), post=True)
        self._check(a, c)
        self._throttle(ch["id"])
        key = (ch["id"], a.get("client_msg_id"))
        if self.dedupe and key[1] and key in self._dedupe:
            return {**self._dedupe[key], "is_duplicate": True}
        parent = a.get("thread_ts")
        if parent and not any(m["ts"] == parent for m in self.store.get(ch["id"], [])):
            c.lints.append(f"thread_ts {parent} is no message in {ch['id']}: Slack posts it as an orphan")
        m = self._message(ch, a)
        self.store.setdefault(ch["id"], []).append(m)
        self._dedupe[key] = {"ok": True, "channel": ch["id"], "ts": m["ts"], "message": m}
        return self._dedupe[key]

    def m_chat_update(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), post=True)
        m = self._find(ch["id"], a.get("ts"))
        if m["user"] != BOT_USER:
            raise SlackError("cant_update_message")
        self._check(a, c, update=True)
        for k in ("text", "blocks", "attachments"):
            if k in a:
                m[k] = a[k]
            elif k == "blocks" and "text" in a:
                m.pop("blocks", None)            # text alone replaces the blocks
        if "metadata" in a:
            m["metadata"] = a["metadata"]
        m["edited"] = {"user": BOT_USER, "ts": self._ts()}
        return {"ok": True, "channel": ch["id"], "ts": m["ts"], "text": m.get("text", ""), "message": m}

    def m_chat_delete(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), post=True)
        self.store[ch["id"]].remove(self._find(ch["id"], a.get("ts")))
        return {"ok": True, "channel": ch["id"], "ts": a["ts"]}

    def m_chat_postEphemeral(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), post=True)
        if a.get("user") not in ch["members"]:
            raise SlackError("user_not_in_channel")
        self._check(a, c)
        m = self._message(ch, a, channel=ch["id"], to=a["user"])
        self.ephemerals.append(m)
        return {"ok": True, "message_ts": m["ts"]}

    def m_chat_scheduleMessage(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), post=True)
        self._check(a, c)
        at = int(a["post_at"])
        if at <= self.clock():
            raise SlackError("time_in_past")
        if at > self.clock() + 120 * 86400:
            raise SlackError("time_too_far")
        sid = self._id("Q")
        self.scheduled[sid] = {"id": sid, "channel_id": ch["id"], "post_at": at, "text": a.get("text", "")}
        return {"ok": True, "channel": ch["id"], "scheduled_message_id": sid, "post_at": at, "message": self._message(ch, a)}

    def m_chat_scheduledMessages_list(self, a: dict, c: Call) -> dict:
        return {"ok": True, "scheduled_messages": list(self.scheduled.values()), "response_metadata": {"next_cursor": ""}}

    def m_chat_deleteScheduledMessage(self, a: dict, c: Call) -> dict:
        if self.scheduled.pop(a.get("scheduled_message_id"), None) is None:
            raise SlackError("invalid_scheduled_message_id")
        return {"ok": True}

    def m_chat_getPermalink(self, a: dict, c: Call) -> dict:
        ch, ts = self._target(a.get("channel")), a.get("message_ts")
        self._find(ch["id"], ts)
        return {"ok": True, "channel": ch["id"], "permalink": f"https://double.slack.com/archives/{ch['id']}/p{ts.replace('.', '')}"}

    def m_chat_unfurl(self, a: dict, c: Call) -> dict:
        return {"ok": True}

    def _find(self, cid: str, ts: Any) -> dict:
        for m in self.store.get(cid, []):
            if m["ts"] == ts:
                return m
        raise SlackError("message_not_found")

    def _page(self, items: list[dict], a: dict, default: int, top: int) -> tuple[list[dict], dict]:
        limit = int(a.get("limit") or default)
        start = 0
        if a.get("cursor"):
            try:
                start = int(base64.b64decode(a["cursor"]).decode().split(":")[1])
            except (ValueError, IndexError):
                raise SlackError("invalid_cursor") from None
        page = items[start:start + min(limit, top)]
        end = start + len(page)
        cur = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return page, {"has_more": bool(cur), "response_metadata": {"next_cursor": cur}}

    def _history(self, msgs: list[dict], a: dict) -> dict:
        lo, hi, inc = float(a.get("oldest") or 0), float(a.get("latest") or 9e12), a.get("inclusive")
        msgs = [m for m in msgs if (lo <= float(m["ts"]) <= hi if inc else lo < float(m["ts"]) < hi)]
        cap = 15 if self.non_marketplace else 999
        page, more = self._page(msgs, a, 100, cap)
        out = []
        for m in page:
            m = dict(m)
            if "metadata" in m and not a.get("include_all_metadata"):
                m["metadata"] = {"event_type": m["metadata"].get("event_type")}
            out.append(m)
        return {"ok": True, "messages": out, **more}

    def m_conversations_history(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), read=True)
        if self.non_marketplace:
            last = [x for x in self.calls if x.method == c.method and x is not c and x.status == 200 and c.at - x.at < 60]
            if last:
                raise SlackError("ratelimited", _retry_after=60)
        top = [m for m in reversed(self.messages(ch["id"])) if m.get("thread_ts", m["ts"]) == m["ts"] or m.get("reply_broadcast")]
        return self._history(top, a)

    def m_conversations_replies(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"), read=True)
        thread = [m for m in self.messages(ch["id"]) if a.get("ts") in (m["ts"], m.get("thread_ts"))]
        if not thread:
            raise SlackError("thread_not_found")
        return self._history(thread, a)

    def m_conversations_info(self, a: dict, c: Call) -> dict:
        return {"ok": True, "channel": self._target(a.get("channel"))}

    def m_conversations_list(self, a: dict, c: Call) -> dict:
        kinds = str(a.get("types") or "public_channel").split(",")
        vis = [x for x in self.channels.values() if not x.get("is_im")
               and (("public_channel" in kinds and not x.get("is_private")) or ("private_channel" in kinds and x.get("is_private") and x["is_member"]))
               and not (a.get("exclude_archived") and x["is_archived"])]
        page, more = self._page(vis, a, 100, 1000)
        return {"ok": True, "channels": page, "response_metadata": more["response_metadata"]}

    def m_conversations_members(self, a: dict, c: Call) -> dict:
        page, more = self._page(self._target(a.get("channel"))["members"], a, 100, 1000)
        return {"ok": True, "members": page, "response_metadata": more["response_metadata"]}

    def m_conversations_join(self, a: dict, c: Call) -> dict:
        ch = self._target(a.get("channel"))
        if ch.get("is_archived"):
            raise SlackError("is_archived")
        ch["is_member"] = True
        return {"ok": True, "channel": ch}

    def m_conversations_open(self, a: dict, c: Call) -> dict:
        user = str(a.get("users", "")).split(",")[0]
        if user not in self.users:
            raise SlackError("user_not_found")
        return {"ok": True, "channel": {"id": self._target(user, post=True)["id"]}}

    def m_users_info(self, a: dict, c: Call) -> dict:
        if a.get("user") not in self.users:
            raise SlackError("user_not_found")
        return {"ok": True, "user": self.users[a["user"]]}

    def m_users_list(self, a: dict, c: Call) -> dict:
        page, more = self._page(list(self.users.values()), a, 100, 1000)
        return {"ok": True, "members": page, "response_metadata": more["response_metadata"]}

    def m_users_lookupByEmail(self, a: dict, c: Call) -> dict:
        for u in self.users.values():
            if u["profile"]["email"] == a.get("email"):
                return {"ok": True, "user": u}
        raise SlackError("users_not_found")

    def m_reactions_add(self, a: dict, c: Call) -> dict:
        m = self._find(self._target(a.get("channel"))["id"], a.get("timestamp"))
        r = m.setdefault("reactions", [])
        if any(x["name"] == a.get("name") for x in r):
            raise SlackError("already_reacted")
        r.append({"name": a["name"], "users": [BOT_USER], "count": 1})
        return {"ok": True}

    def m_files_getUploadURLExternal(self, a: dict, c: Call) -> dict:
        if not a.get("filename") or int(a.get("length") or 0) <= 0:
            raise SlackError("missing_argument")
        fid = self._id("F")
        self.files[fid] = {"id": fid, "name": a["filename"], "length": int(a["length"]), "data": None, "shared": []}
        return {"ok": True, "upload_url": f"http://127.0.0.1:{self.port}/upload/{fid}", "file_id": fid}

    def m_files_completeUploadExternal(self, a: dict, c: Call) -> dict:
        done = []
        for item in a["files"]:
            f = self.files.get(item.get("id"))
            if f is None or f["data"] is None:
                raise SlackError("file_not_found")
            for cid in filter(None, [a.get("channel_id"), *str(a.get("channels") or "").split(",")]):
                ch = self._target(cid, post=True)
                m = self._message(ch, {"text": a.get("initial_comment") or "", "thread_ts": a.get("thread_ts")},
                                  files=[{"id": f["id"], "name": f["name"], "title": item.get("title")}])
                self.store.setdefault(ch["id"], []).append(m)
                f["shared"].append((ch["id"], m["ts"]))
            done.append({"id": f["id"], "title": item.get("title"), "name": f["name"], "size": f["length"]})
        return {"ok": True, "files": done}

    async def _upload(self, req: web.Request) -> web.Response:
        f = self.files.get(req.match_info["id"])
        data = await req.read()
        if req.content_type == "multipart/form-data":
            part = next(iter((await req.post()).values()))
            data = part.file.read() if hasattr(part, "file") else part.encode()
        if f is None or len(data) != f["length"]:
            return web.Response(status=400, text=f"length mismatch: got {len(data)}")
        f["data"] = data
        return web.Response(text=f"OK - {len(data)}")

    def _view(self, a: dict, c: Call) -> dict:
        v = a.get("view")
        issues = bk.validate_view(v)
        if issues:
            c.issues = [str(i) for i in issues]
            raise SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {i}" for i in c.issues]})
        if len(json.dumps(v)) > 250_000:
            raise SlackError("view_too_large")
        c.lints += [x for x in bk.lint_message({"blocks": v["blocks"], "text": "-", "unfurl_links": False})]
        vid = self._id("V")
        return {**v, "id": vid, "team_id": TEAM, "app_id": APP, "bot_id": BOT_ID, "hash": self._id("h"), "state": {"values": {}},
                "root_view_id": vid}

    def _spend_trigger(self, tid: Any) -> dict:
        t = self._triggers.get(tid)
        if t is None:
            raise SlackError("invalid_trigger_id")
        if t["used"]:
            raise SlackError("exchanged_trigger_id")
        if self.clock() - t["at"] > 3:
            raise SlackError("expired_trigger_id")
        t["used"] = True
        return t

    def m_views_open(self, a: dict, c: Call) -> dict:
        view = self._view(a, c)
        view["_user"] = self._spend_trigger(a.get("trigger_id"))["user"]
        self.views[view["id"]] = view
        return {"ok": True, "view": {k: v for k, v in view.items() if k != "_user"}}

    m_views_push = m_views_open

    def m_views_update(self, a: dict, c: Call) -> dict:
        old = self.views.get(a.get("view_id")) or next((v for v in self.views.values() if v.get("external_id") == a.get("external_id")), None)
        if old is None:
            raise SlackError("not_found")
        if a.get("hash") and a["hash"] != old["hash"]:
            raise SlackError("hash_conflict")
        new = self._view(a, c) | {"id": old["id"], "_user": old["_user"]}
        self.views[old["id"]] = new
        return {"ok": True, "view": new}

    def m_views_publish(self, a: dict, c: Call) -> dict:
        if a.get("user_id") not in self.users:
            raise SlackError("user_not_found")
        self.homes[a["user_id"]] = self._view(a, c)
        return {"ok": True, "view": self.homes[a["user_id"]]}

    def m_apps_connections_open(self, a: dict, c: Call) -> dict:
        t = self._id("ticket")
        self._tickets.add(t)
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket={t}&app_id={APP}"}

    # ---- response_url --------------------------------------------------------------
    async def _response(self, req: web.Request) -> web.Response:
        rid = req.match_info["id"]
        r = self._responses.get(rid)
        body = await req.json()
        call = Call(next(self._seq), self.clock(), "response_url", body, None, 200)
        self.calls.append(call)

        def answer(status: int, what: str) -> web.Response:
            call.status, call.response = status, what
            return web.Response(status=status, text=what)
        f = self._fault("response_url", body)
        if f and f.kind not in POST:
            call.fault = f.kind
            return await self._misbehave(req, f)
        if r is None:
            return answer(404, "no_team")
        if self.clock() - r["at"] > 1800:
            return answer(404, "expired_url")
        if r["uses"] >= 5:
            return answer(404, "used_url")
        if not body.get("delete_original"):
            call.lints += bk.lint_message({"unfurl_links": False, **body})
            code, issues = bk.check_message(body)
            if code:
                call.issues = [str(i) for i in issues]
                return answer(400 if code == "invalid_blocks" else 500, code)
        r["uses"] += 1
        d: Delivery = r["delivery"]
        d.replies.append(body)
        shown = body.get("response_type", "ephemeral")
        src = r.get("message")
        if src and body.get("replace_original"):
            src.update({k: body[k] for k in ("text", "blocks") if k in body}, edited={"user": BOT_USER, "ts": self._ts()})
        elif src and body.get("delete_original"):
            self.store[r["channel"]].remove(src)
        elif shown == "in_channel":
            self.store.setdefault(r["channel"], []).append(self._message({}, body))
        else:
            self.ephemerals.append(self._message({}, body, channel=r["channel"], to=r["user"]))
        if f:
            call.fault = f.kind
            return await self._misbehave(req, f, {"ok": True})
        return answer(200, "ok")

    # ---- Socket Mode -----------------------------------------------------------------
    async def _link(self, req: web.Request) -> web.StreamResponse:
        ticket = req.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="bad or used ticket")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(req)
        if len(self._sockets) >= 10:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": "double"}})
            await ws.close()
            return ws
        self._sockets.append(ws)
        await ws.send_json({"type": "hello", "num_connections": len(self._sockets), "connection_info": {"app_id": APP},
                            "debug_info": {"host": "double", "build_number": 1, "approximate_connection_time": 18060}})
        try:
            async for msg in ws:
                if msg.type == WSMsgType.TEXT:
                    ack = json.loads(msg.data)
                    fut = self._acks.pop(ack.get("envelope_id"), None)
                    if fut and not fut.done():
                        fut.set_result(ack.get("payload"))
        finally:
            self._sockets.remove(ws)
        return ws

    @property
    def connections(self) -> int:
        return len(self._sockets)

    def disconnect(self, reason: str = "refresh_requested", hard: bool = False, grace: float = 1.0) -> None:
        """Ask every socket to move on, as Slack does every few hours, then close it; hard=True just cuts the line."""
        async def go() -> None:
            for ws in list(self._sockets):
                if hard:
                    ws._req.transport.abort()
                    continue
                await ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "double"}})
                asyncio.get_running_loop().call_later(grace, lambda w=ws: asyncio.ensure_future(w.close()))
        self._run(go())

    # ---- deliveries to the app ---------------------------------------------------------
    def _new_response(self, d: Delivery, channel: str, user: str, message: dict | None = None) -> str:
        rid = self._id("R")
        d.response_id = rid
        self._responses[rid] = {"at": self.clock(), "uses": 0, "delivery": d, "channel": channel, "user": user, "message": message}
        return f"http://127.0.0.1:{self.port}/response/{rid}"

    def _new_trigger(self, user: str) -> str:
        tid = f"{next(self._seq)}.{random.randrange(10**9)}.{random.getrandbits(64):x}"
        self._triggers[tid] = {"at": self.clock(), "used": False, "user": user}
        return tid

    def sign(self, body: str, ts: int | None = None, secret: str | None = None) -> dict[str, str]:
        t = str(int(self.clock()) if ts is None else ts)
        mac = hmac.new((secret or self.signing_secret).encode(), f"v0:{t}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": t, "X-Slack-Signature": f"v0={mac}"}

    async def _http(self, d: Delivery, form: dict | None, js: dict | None, headers: dict | None = None,
                    sig: dict | None = None) -> None:
        if not self.app_url:
            raise RuntimeError("no app_url: give one, or connect over Socket Mode")
        body = urllib.parse.urlencode(form) if form is not None else json.dumps(js)
        ctype = "application/x-www-form-urlencoded" if form is not None else "application/json"
        h = {"Content-Type": ctype, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", **(self.sign(body) if sig is None else sig),
             **(headers or {})}
        t0 = time.perf_counter()
        try:
            async with aiohttp.ClientSession() as s, s.post(self.app_url, data=body.encode(), headers=h,
                                                            timeout=aiohttp.ClientTimeout(total=self.ack_deadline)) as r:
                d.status, raw = r.status, await r.text()
                d.body = json.loads(raw) if "json" in r.content_type and raw else raw
        except asyncio.TimeoutError:
            d.problems.append("operation_timeout: no ack within 3 s")
        except aiohttp.ClientError as e:
            d.problems.append(f"dispatch_failed: {type(e).__name__}")
        d.elapsed = time.perf_counter() - t0

    async def _socket(self, d: Delivery, kind: str, payload: dict, response_ok: bool, retry: int = 0) -> None:
        if not self._sockets:
            d.problems.append("dispatch_failed: no socket connected")
            return
        env = {"envelope_id": f"{random.getrandbits(128):032x}", "type": kind, "payload": payload, "accepts_response_payload": response_ok}
        if kind == "events_api":
            env |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        fut = self._acks[env["envelope_id"]] = asyncio.get_running_loop().create_future()
        t0 = time.perf_counter()
        await random.choice(self._sockets).send_json(env)
        try:
            d.body = await asyncio.wait_for(fut, self.ack_deadline)
            d.status = 200
        except asyncio.TimeoutError:
            d.problems.append("operation_timeout: no ack within 3 s")
        d.elapsed = time.perf_counter() - t0

    async def _deliver(self, d: Delivery, kind: str, form: dict | None, js: dict | None, response_ok: bool) -> Delivery:
        self.deliveries.append(d)
        delays = (0.0, *self.event_retries) if kind == "events_api" else (0.0,)
        for n, wait in enumerate(delays):
            if wait:
                await asyncio.sleep(wait)
            d.attempts, before = n + 1, len(d.problems)
            if d.via == "http":
                await self._http(d, form, js, {"X-Slack-Retry-Num": str(n), "X-Slack-Retry-Reason": "http_timeout"} if n else None)
                if d.status is not None and d.status != 200:
                    d.problems.append(f"ack status {d.status}")
            else:
                await self._socket(d, kind, d.payload, response_ok, n)
            if len(d.problems) == before:
                break
        d.ok = not d.problems
        if d.ok and d.body and isinstance(d.body, (dict, str)) and kind == "slash_commands":
            msg = {"text": d.body} if isinstance(d.body, str) else d.body
            code, issues = bk.check_message(msg)
            d.problems += [f"ack body rejected: {code} {i}" for i in issues] + [f"ack: {x}" for x in bk.lint_message({"unfurl_links": False, **msg})]
            ch = self._responses[d.response_id]["channel"]
            if not code:
                if msg.get("response_type") == "in_channel":
                    self.store.setdefault(ch, []).append(self._message({}, msg))
                else:
                    self.ephemerals.append(self._message({}, msg, channel=ch, to=d.payload.get("user_id")))
        return d

    def _via(self, via: str | None) -> str:
        return via or ("socket" if self._sockets else "http")

    def command(self, command: str, text: str = "", *, user: str = "U0ALICE001", channel: str = "C0REG00001", via: str | None = None) -> Delivery:
        d = Delivery("slash_commands", self._via(via), {})
        ch = self.channels.get(self._cid(channel), {"id": channel, "name": "directmessage"})
        d.payload = {"token": "deprecated", "team_id": TEAM, "team_domain": "double", "channel_id": ch["id"],
                     "channel_name": "directmessage" if ch.get("is_im") else ("privategroup" if ch.get("is_private") else ch.get("name", "")),
                     "user_id": user, "user_name": self.users[user]["name"], "command": command, "text": text, "api_app_id": APP,
                     "is_enterprise_install": "false", "response_url": self._new_response(d, ch["id"], user), "trigger_id": self._new_trigger(user)}
        return self._run(self._deliver(d, "slash_commands", d.payload, None, True))

    def raw_command(self, text: str = "", *, ts_offset: int = 0, secret: str | None = None, headers: dict | None = None,
                    body: str | None = None, **fields: str) -> Delivery:
        """A slash command with a wrong or stale signature, or any other malformed request, over HTTP."""
        d = Delivery("raw", "http", {"command": "/reg", "text": text, "team_id": TEAM, "user_id": "U0ALICE001", "channel_id": "C0REG00001",
                                      "trigger_id": self._new_trigger("U0ALICE001"), **fields})
        d.payload.setdefault("response_url", self._new_response(d, "C0REG00001", "U0ALICE001"))
        raw = urllib.parse.urlencode(d.payload) if body is None else body

        async def go() -> Delivery:
            h = {"Content-Type": "application/x-www-form-urlencoded", **self.sign(raw, int(self.clock()) + ts_offset, secret), **(headers or {})}
            async with aiohttp.ClientSession() as s, s.post(self.app_url, data=raw.encode(), headers={k: v for k, v in h.items() if v is not None}) as r:
                d.status, d.body = r.status, await r.text()
            return d
        return self._run(go())

    def _interact(self, payload: dict, d: Delivery, accepts: bool = False) -> Delivery:
        d.payload = payload
        return self._run(self._deliver(d, "interactive", {"payload": json.dumps(payload)}, None, accepts))

    def _who(self, user: str) -> dict:
        return {"team": {"id": TEAM, "domain": "double"}, "user": {"id": user, "username": self.users[user]["name"], "name": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": APP, "token": "deprecated", "enterprise": None, "is_enterprise_install": False}

    def click(self, action_id: str, *, channel: str = "C0REG00001", ts: str | None = None, user: str = "U0BOB00001", via: str | None = None,
              value: str | None = None, state: dict | None = None, home: bool = False, view_id: str | None = None) -> Delivery:
        """Press a control that is really on screen: newest message carrying it, a home tab, or an open view.

        action_id may be an fnmatch pattern; value picks among several (button value or option value)."""
        d = Delivery("block_actions", self._via(via), {})
        cid = self._cid(channel)
        if home or view_id:
            view = self.homes[user] if home else self.views[view_id]
            pool = [(view, None)]
        else:
            eph = [m for m in self.ephemerals if m["channel"] == cid and m["to"] == user]
            pool = [(m, m) for m in reversed(self.messages(cid) + eph) if ts in (None, m["ts"])]
        for holder, msg in pool:
            for b in holder.get("blocks", []):
                for el in [*(b.get("elements") or []), *([b["accessory"]] if "accessory" in b else []), *([b["element"]] if "element" in b else [])]:
                    if not fnmatch.fnmatch(el.get("action_id", ""), action_id):
                        continue
                    act = {"type": el["type"], "action_id": el["action_id"], "block_id": b.get("block_id", "b"), "action_ts": self._ts()}
                    if el["type"] == "button":
                        if value is not None and el.get("value") != value:
                            continue
                        act |= {"value": el.get("value"), "text": el["text"]}
                    elif "options" in el:
                        opt = next((o for o in el["options"] if value in (None, o["value"])), None)
                        if opt is None:
                            continue
                        act["selected_option"] = opt
                    elif el["type"] == "users_select":
                        act["selected_user"] = value
                    elif el["type"] == "datepicker":
                        act["selected_date"] = value
                    p = {"type": "block_actions", **self._who(user), "trigger_id": self._new_trigger(user), "actions": [act], "state": state or {"values": {}}}
                    if msg is not None:
                        eph = "to" in msg
                        p |= {"container": {"type": "message", "message_ts": msg["ts"], "channel_id": cid, "is_ephemeral": eph},
                              "channel": {"id": cid, "name": self.channels[cid].get("name")}, "response_url": self._new_response(d, cid, user, None if eph else msg)}
                        if not eph:
                            p["message"] = msg
                    else:
                        p |= {"container": {"type": "view", "view_id": holder["id"]}, "view": holder}
                    return self._interact(p, d)
        raise LookupError(f"no control {action_id!r} on screen")

    def submit(self, view_id: str, values: dict, *, via: str | None = None) -> Delivery:
        """Submit an open modal; values = {block_id: {action_id: {...state...}}}."""
        v = self.views[view_id]
        view = {**{k: x for k, x in v.items() if k != "_user"}, "state": {"values": values}}
        d = self._interact({"type": "view_submission", **self._who(v["_user"]), "trigger_id": self._new_trigger(v["_user"]), "view": view, "response_urls": []},
                           Delivery("view_submission", self._via(via), {}), accepts=True)
        if d.body and not (isinstance(d.body, dict) and d.body.get("response_action") in ("errors", "update", "push", "clear")):
            d.problems.append(f"bad view_submission answer: {d.body!r}")
        elif isinstance(d.body, dict) and d.body.get("view"):
            d.problems += [str(i) for i in bk.validate_view(d.body["view"])]
        return d

    def shortcut(self, callback_id: str, *, channel: str = "C0REG00001", ts: str | None = None, user: str = "U0BOB00001", via: str | None = None) -> Delivery:
        d = Delivery("shortcut", self._via(via), {})
        p = {"type": "message_action" if ts else "shortcut", **self._who(user), "callback_id": callback_id, "trigger_id": self._new_trigger(user), "action_ts": self._ts()}
        if ts:
            m = self._find(self._cid(channel), ts)
            p |= {"message": m, "message_ts": ts, "channel": {"id": self._cid(channel)}, "response_url": self._new_response(d, self._cid(channel), user)}
        return self._interact(p, d)

    def event(self, event: dict, *, via: str | None = None, event_id: str | None = None) -> Delivery:
        """Any Events API event: {"type": "app_mention", "text": ..., "channel": ..., "user": ...}."""
        ts = self._ts()
        body = {"token": "deprecated", "team_id": TEAM, "api_app_id": APP, "type": "event_callback", "event_id": event_id or self._id("Ev"),
                "event_time": int(self.clock()), "event": {"event_ts": ts, "ts": ts, **event}, "is_ext_shared_channel": False,
                "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}]}
        d = Delivery(event.get("type", "event"), self._via(via), body)
        return self._run(self._deliver(d, "events_api", None, body, False))

    def open_home(self, user: str = "U0ALICE001", via: str | None = None) -> Delivery:
        return self.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"}, via=via)

    def mention(self, text: str, *, user: str = "U0ALICE001", channel: str = "C0REG00001", via: str | None = None) -> Delivery:
        m = {"type": "message", "user": user, "text": f"<@{BOT_USER}> {text}", "ts": self._ts(), "team": TEAM}
        self.store.setdefault(self._cid(channel), []).append(m)
        return self.event({"type": "app_mention", "user": user, "text": m["text"], "channel": self._cid(channel), "ts": m["ts"]}, via=via)

    # ---- remote control ------------------------------------------------------------------
    async def _control(self, req: web.Request) -> web.Response:
        what = req.match_info.get("what", "")
        a = dict(req.query) | (await req.json() if req.can_read_body else {})
        dump = lambda x: web.json_response(x, dumps=lambda o: json.dumps(o, indent=1, default=lambda v: asdict(v) if hasattr(v, "__dataclass_fields__") else repr(v)))  # noqa: E731
        loop = asyncio.get_running_loop()
        acts: dict[str, Callable[[], Any]] = {
            "calls": lambda: [asdict(c) for c in self.calls], "lints": lambda: self.lints, "connections": lambda: self.connections,
            "messages": lambda: self.messages(a["channel"]), "ephemerals": lambda: self.ephemerals, "homes": lambda: self.homes,
            "views": lambda: self.views, "transcript": lambda: self.transcript(a["channel"]), "reset": self.reset,
            "inject": lambda: asdict(self.inject(a.pop("method"), a.pop("kind"), **a)), "revoke": lambda: self.revoked.add(a["token"]),
            "command": lambda: self.command(a.pop("command"), **a), "raw": lambda: self.raw_command(**a), "click": lambda: self.click(a.pop("action_id"), **a),
            "submit": lambda: self.submit(**a), "shortcut": lambda: self.shortcut(**a), "event": lambda: self.event(**a), "mention": lambda: self.mention(**a),
            "home": lambda: self.open_home(**a), "disconnect": lambda: self.disconnect(**a)}
        if what not in acts:
            return dump({"GET/POST /_double/<what>": sorted(acts), "fault kinds": sorted(PRE | POST) + ["<any slack error code>"],
                         "channels": {c["id"]: c.get("name") for c in self.channels.values()}, "users": {u: v["name"] for u, v in self.users.items()}})
        out = await loop.run_in_executor(None, acts[what])      # drivers block on this loop, so leave it
        return web.Response(text=out) if isinstance(out, str) else dump(out)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--port", type=int, default=8901)
    ap.add_argument("--app-url", help="the app's request URL, for deliveries over HTTP")
    ap.add_argument("--rate", type=float, help="enforce N posts per second per channel (Slack: 1)")
    ap.add_argument("--non-marketplace", action="store_true", help="conversations.history: 1 call/min, 15 items")
    o = ap.parse_args()
    s = SlackDouble(o.port, app_url=o.app_url, rate=o.rate, non_marketplace=o.non_marketplace).start()
    print(f"base_url={s.base_url}\nSLACK_BOT_TOKEN={s.bot_token}\nSLACK_APP_TOKEN={s.app_token}\nSLACK_SIGNING_SECRET={s.signing_secret}\n"
          f"control: http://127.0.0.1:{s.port}/_double", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        s.stop()


if __name__ == "__main__":
    main()
