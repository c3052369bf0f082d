"""Measuring a tool's process tree: wall, CPU seconds, peak RSS.

ProcMeter.run(cmd)      - a tool that runs, does one pass and exits (cron style)

CPU   : run() -> wait4() rusage of the child and everything it reaped;
RSS   : sum over the tree of VmHWM (peak resident set of each process), sampled every 25 ms.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")


def _children(pid):
    out = []
    try:
        for t in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{t}/children") as f:
                out += [int(x) for x in f.read().split()]
    except OSError:
        pass
    return out


def tree(pid):
    seen, todo = [], [pid]
    while todo:
        p = todo.pop()
        seen.append(p)
        todo += _children(p)
    return seen


def _cpu(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            v = f.read().rsplit(")", 1)[1].split()
        return sum(int(x) for x in v[11:15]) / TICK
    except (OSError, IndexError):
        return 0.0


def _hwm(pid):
    try:
        with open(f"/proc/{pid}/status") as f:
            for ln in f:
                if ln.startswith("VmHWM:"):
                    return int(ln.split()[1]) * 1024
    except OSError:
        pass
    return 0


def machine_busy():
    """(busy, steal) CPU seconds of the whole machine so far."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:]]
    idle = v[3] + v[4]
    return (sum(v[:8]) - idle) / TICK, v[7] / TICK


class _Sampler(threading.Thread):
    def __init__(self, pid, period=0.025):
        super().__init__(daemon=True)
        self.pid, self.period, self.peak, self.hwm, self._halt = pid, period, 0, {}, threading.Event()

    def sample(self):
        live = tree(self.pid)
        for p in live:
            h = _hwm(p)
            if h:
                self.hwm[p] = h
        self.peak = max(self.peak, sum(self.hwm.get(p, 0) for p in live))

    def run(self):
        self._halt.wait(0.005)
        while True:
            self.sample()
            if self._halt.wait(self.period):
                return

    def stop(self):
        self._halt.set()
        self.join()
        return self.peak


class Result(dict):
    __getattr__ = dict.get


class ProcMeter:
    def __init__(self, origin_pid=None):
        self.origin_pid = origin_pid

    def _before(self):
        self.b0, self.s0 = machine_busy()
        self.o0 = _cpu(self.origin_pid) if self.origin_pid else 0.0
        self.h0 = sum(os.times()[:2])
        self.t0 = time.perf_counter()

    def _after(self, cpu, rss, **kw):
        wall = kw.pop("wall", None) or time.perf_counter() - self.t0
        b, s = machine_busy()
        o = (_cpu(self.origin_pid) if self.origin_pid else 0.0) - self.o0
        own = sum(os.times()[:2]) - self.h0
        other = (b - self.b0) - cpu - o - own
        return Result(
            wall_s=wall, cpu_s=cpu, peak_rss=rss, origin_cpu_s=o, other_cpu_s=max(0.0, other), steal_s=s - self.s0, **kw
        )

    def run(self, cmd, timeout=900, stdout=None, **kw):
        """Run one command to its end; returns a Result (rc, wall_s, cpu_s, peak_rss ...)."""
        self._before()
        p = subprocess.Popen(cmd, stdout=stdout, stderr=subprocess.STDOUT if stdout else None, **kw)
        sm = _Sampler(p.pid)
        sm.start()
        timed_out = False

        def expire():
            nonlocal timed_out
            timed_out = True
            p.kill()  # our own child, by its handle

        tm = threading.Timer(timeout, expire)
        tm.start()
        _, st, ru = os.wait4(p.pid, 0)
        wall = time.perf_counter() - self.t0
        tm.cancel()
        p.returncode = os.waitstatus_to_exitcode(st)
        return self._after(ru.ru_utime + ru.ru_stime, sm.stop(), wall=wall, rc=p.returncode, timed_out=timed_out)
