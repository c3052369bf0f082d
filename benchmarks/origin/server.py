"""Local origin: serves pages.Site over HTTP/1.1 on 127.0.0.1 in its own process.

  python origin.py --port 0 --ctl-port 0 --n 200 --seed peerbench-1
prints one JSON line {"port":..., "ctl":..., "pid":...} when it is listening.

Content port : GET /site-NNN/page-NNNNN.html
Control port : POST /mode?etag=0|1&noise=hidden,link,visible|none&delay_ms=N&gzip=0|1
               POST /change?fraction=0.1&tag=p4   -> {"changed": [[index, kind], ...]}
               POST /reset                        -> all pages back to version 0, modes to default
               POST /load?n=1000&seed=...         -> another site
               GET  /stats   (counters since the last POST /mark)
               POST /mark                         -> zero the counters
       POST /notify                       -> sink that counts notifications
               POST /quit
asyncio.Protocol, one process; uvloop is used if importable (not required).
"""

from __future__ import annotations

import argparse
import asyncio
import email.utils
import gzip
import json
import os
import signal
import time
import urllib.parse

from benchmarks.origin.pages import Site

PAGE = {}


class State:
    def __init__(self, n, seed):
        self.load(n, seed)

    def load(self, n, seed):
        self.site = Site(n, seed)
        self.index = {self.site.path(i).encode(): i for i in range(n)}
        self.born = int(time.time()) - 30 * 86400
        self.gz = {}
        self.defaults()
        self.mark()

    def defaults(self):
        self.etag, self.noise, self.delay, self.gzip = True, frozenset(), 0.0, False

    def mark(self):
        self.c = dict(
            requests=0,
            s200=0,
            s304=0,
            s404=0,
            conditional=0,
            bytes=0,
            connections=0,
            open=0,
            max_inflight=0,
            inflight=0,
            notified=0,
        )
        self.seen = set()


ST: State


class Http(asyncio.Protocol):
    """Enough of HTTP/1.1 for GET/POST without a body of interest, keep-alive and pipelining."""

    def connection_made(self, tr):
        self.tr, self.buf, self.busy = tr, b"", False
        self.on_open()

    def on_open(self):
        pass

    def data_received(self, data):
        self.buf += data
        self.pump()

    def pump(self):
        while not self.busy and not self.tr.is_closing():
            end = self.buf.find(b"\r\n\r\n")
            if end < 0:
                return
            head, rest = self.buf[:end], self.buf[end + 4 :]
            lines = head.split(b"\r\n")
            try:
                method, target, ver = lines[0].split(b" ", 2)
            except ValueError:
                self.tr.close()
                return
            hd = {}
            for ln in lines[1:]:
                k, _, v = ln.partition(b":")
                hd[k.strip().lower()] = v.strip()
            need = int(hd.get(b"content-length", b"0") or 0)
            if len(rest) < need:
                return
            self.buf = rest[need:]
            close = hd.get(b"connection", b"").lower() == b"close" or ver == b"HTTP/1.0"
            self.handle(method, target, hd, close)

    def send(self, status, headers, body, close):
        h = b"HTTP/1.1 " + status + b"\r\nServer: nginx\r\n" + headers
        h += b"Content-Length: %d\r\n" % len(body) if status[:3] != b"304" else b""
        h += b"Connection: close\r\n\r\n" if close else b"Connection: keep-alive\r\n\r\n"
        if not self.tr.is_closing():
            self.tr.writelines([h, body]) if body else self.tr.write(h)
            if close:
                self.tr.close()


class Content(Http):
    def on_open(self):
        ST.c["connections"] += 1

    def handle(self, method, target, hd, close):
        c = ST.c
        c["requests"] += 1
        c["inflight"] += 1
        if c["inflight"] > c["max_inflight"]:
            c["max_inflight"] = c["inflight"]
        i = ST.index.get(target.partition(b"?")[0])
        if i is None:
            c["s404"] += 1
            status, headers, body = b"404 Not Found", b"Content-Type: text/plain\r\n", b"not found"
        else:
            ST.seen.add(i)
            status, headers, body = self.page(i, hd, c)
        c["bytes"] += len(body)
        if ST.delay:
            self.busy = True
            asyncio.get_running_loop().call_later(ST.delay, self.later, status, headers, body, close, c)
        else:
            c["inflight"] -= 1
            self.send(status, headers, body, close)

    def later(self, status, headers, body, close, c):
        c["inflight"] -= 1
        self.busy = False
        self.send(status, headers, body, close)
        self.pump()

    def page(self, i, hd, c):
        site = ST.site
        p = site.pages[i]
        headers = b"Content-Type: text/html; charset=" + site.encoding(i).encode() + b"\r\n"
        if b"if-none-match" in hd or b"if-modified-since" in hd:
            c["conditional"] += 1
        if ST.noise:
            body = site.noisy(
                i, ST.noise, c["requests"], time.strftime("%Y-%m-%d %H:%M:%S").encode(), os.urandom(16).hex().encode()
            )
            headers += (
                b"Cache-Control: no-cache, private\r\nSet-Cookie: SESSION="
                + os.urandom(8).hex().encode()
                + b"; Path=/; HttpOnly\r\n"
            )
        else:
            body = site.body(i)
            if ST.etag:
                lm = p.lastmod if p.lastmod else ST.born
                et = p.etag.encode()
                headers += (
                    b"ETag: "
                    + et
                    + b"\r\nLast-Modified: "
                    + email.utils.formatdate(lm, usegmt=True).encode()
                    + b"\r\nCache-Control: no-cache\r\n"
                )
                inm = hd.get(b"if-none-match")
                fresh = False
                if inm is not None:  # RFC 9110: If-None-Match wins
                    fresh = et in inm
                elif b"if-modified-since" in hd:
                    t = email.utils.parsedate_to_datetime(hd[b"if-modified-since"].decode("latin1"))
                    fresh = int(lm) <= t.timestamp()
                if fresh:
                    c["s304"] += 1
                    return b"304 Not Modified", headers, b""
            if ST.gzip and b"gzip" in hd.get(b"accept-encoding", b""):
                key = (i, p.version)
                if key not in ST.gz:
                    ST.gz[key] = gzip.compress(body, 6)
                body = ST.gz[key]
                headers += b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
        c["s200"] += 1
        return b"200 OK", headers, body


class Control(Http):
    def handle(self, method, target, hd, close):
        u = urllib.parse.urlsplit(target.decode())
        q = dict(urllib.parse.parse_qsl(u.query))
        out = {}
        if u.path == "/mode":
            if "etag" in q:
                ST.etag = q["etag"] == "1"
            if "noise" in q:
                ST.noise = frozenset(x for x in q["noise"].split(",") if x not in ("", "none"))
            if "delay_ms" in q:
                ST.delay = float(q["delay_ms"]) / 1000
            if "gzip" in q:
                ST.gzip = q["gzip"] == "1"
            out = dict(etag=ST.etag, noise=sorted(ST.noise), delay_ms=ST.delay * 1000, gzip=ST.gzip)
        elif u.path == "/change":
            ch = ST.site.change(float(q["fraction"]), q["tag"])
            now = int(time.time())
            for i, _ in ch:
                ST.site.pages[i].lastmod = now
                ST.site.body(i)  # render outside the timed pass
            out = dict(changed=ch)
        elif u.path == "/reset":
            ST.site.reset()
            ST.defaults()
            ST.mark()
            for i in range(ST.site.n):
                ST.site.body(i)
        elif u.path == "/load":
            ST.load(int(q["n"]), q.get("seed", "peerbench-1"))
            for i in range(ST.site.n):
                ST.site.body(i)
        elif u.path == "/mark":
            ST.mark()
        elif u.path == "/stats":
            out = dict(ST.c, distinct=len(ST.seen), cpu=sum(os.times()[:2]))
        elif u.path == "/notify":  # sink for tools that notify over HTTP
            ST.c["notified"] += 1
        elif u.path == "/urls":
            out = dict(paths=[ST.site.path(i) for i in range(ST.site.n)])
        elif u.path == "/quit":
            asyncio.get_running_loop().call_soon(asyncio.get_running_loop().stop)
        self.send(b"200 OK", b"Content-Type: application/json\r\n", json.dumps(out).encode(), close)


def main():
    global ST
    ap = argparse.ArgumentParser()
    ap.add_argument("--port", type=int, default=0)
    ap.add_argument("--ctl-port", type=int, default=0)
    ap.add_argument("--n", type=int, default=200)
    ap.add_argument("--hosts", type=int, default=40, help="listen on 127.0.0.1 .. 127.0.0.HOSTS")
    ap.add_argument("--seed", default="peerbench-1")
    a = ap.parse_args()
    try:
        import uvloop

        loop = uvloop.new_event_loop()
    except ImportError:
        loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    ST = State(a.n, a.seed)
    for i in range(a.n):
        ST.site.body(i)
    s1 = loop.run_until_complete(loop.create_server(Content, "127.0.0.1", a.port, backlog=1024))
    for k in range(2, a.hosts + 1):
        loop.run_until_complete(
            loop.create_server(Content, f"127.0.0.{k}", s1.sockets[0].getsockname()[1], backlog=1024)
        )
    s2 = loop.run_until_complete(loop.create_server(Control, "127.0.0.1", a.ctl_port))
    print(
        json.dumps(dict(port=s1.sockets[0].getsockname()[1], ctl=s2.sockets[0].getsockname()[1], pid=os.getpid())),
        flush=True,
    )
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    # never outlive the harness
    ppid = os.getppid()

    def watchdog():
        if os.getppid() != ppid:
            loop.stop()
        else:
            loop.call_later(2, watchdog)

    loop.call_later(2, watchdog)
    loop.run_forever()


if __name__ == "__main__":
    main()
