"""Which addresses may be dialled (server-side request forgery). Policy only; `dial` does the dialling.

The lists follow the IANA special-purpose address registries (RFC 6890 and its updates). They stand here in full
because `ipaddress.is_global` differs between Python releases and calls NAT64 addresses global.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from bot.errors import FetchError
from bot.fetch.settings import FetchSettings

Network = IPv4Network | IPv6Network

CLOSED_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network, unspecified
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; also a cloud's metadata service
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's platform service behind a public number
            "169.254.0.0/16",  # link-local, metadata services
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
OPEN_6 = IPv6Network("2000::/3")  # global unicast: everything else (loopback, mapped, ULA, site-local …) is closed
CLOSED_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, carries an IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: stands for the IPv4 address in its last 32 bits


def check(address: str, allow: Sequence[Network] = ()) -> None:
    """Raise FetchError("forbidden address") unless the literal is a public unicast address or inside `allow`."""
    try:
        ip = ip_address(address)
    except ValueError:
        raise FetchError("forbidden address", f"{address} is not an IP address") from None
    if any(ip in net for net in allow):
        return
    if not _public(ip):
        raise FetchError("forbidden address", f"{address} is not a public address")


def _public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in CLOSED_4)
    if ip.scope_id:
        return False
    if ip in NAT64:
        return _public(IPv4Address(int(ip) & 0xFFFFFFFF))
    return ip in OPEN_6 and not any(ip in net for net in CLOSED_6)


def resolve(
    host: str, port: int, settings: FetchSettings, *, ipv4: bool = False, timeout: float = 10.0
) -> tuple[str, ...]:
    """The addresses of `host`, in order of preference, each of them checked; `timeout` in seconds.

    Raises FetchError: "dns" when there is none, "forbidden address" when *one* of them may not be dialled, the host
    is a number in disguise, or the port is a system port other than 80 and 443 outside the allowed networks.
    """
    name = host.strip("[]").rstrip(".").lower()
    allow = networks(settings.allow_nets)
    addresses = literal(name) or _listed(name, settings) or _asked(name, port, settings, timeout=timeout)
    if ipv4:
        addresses = tuple(a for a in addresses if ":" not in a)
    if not addresses:
        raise FetchError("dns", f"{name} has no address")
    for address in addresses:
        check(address, allow)
        _check_port(port, address, allow)
    return addresses


def vet(host: str, port: int, settings: FetchSettings) -> None:
    """Check what can be known of a host without asking DNS: for requests that a proxy resolves."""
    name = host.strip("[]").rstrip(".").lower()
    allow = networks(settings.allow_nets)
    for address in literal(name):
        check(address, allow)
    _check_port(port, name, allow)


def literal(name: str) -> tuple[str, ...]:
    """The address when `name` is one; () for a name; FetchError for 0x7f.1, 2130706433, 127.1 and the like.

    A host whose last label is a number is an IPv4 address to resolvers and browsers (WHATWG URL, "ends in a number"),
    in notations that checks and diallers read differently; no official page needs them.
    """
    try:
        return (str(ip_address(name)),)
    except ValueError:
        last = name.rpartition(".")[2]
    if last.isdigit() or last.startswith("0x") or ":" in name or not name.isascii():
        raise FetchError("forbidden address", f"{name} is not a plain host name")
    return ()


@lru_cache(maxsize=16)
def networks(allow_nets: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks that a setting names."""
    return tuple(ip_network(net) for net in allow_nets)


def _check_port(port: int, address: str, allow: Sequence[Network]) -> None:
    # Mail, SSH and databases of the old kind listen below 1024: nothing we watch does.
    if port in (80, 443) or port >= 1024:
        return
    try:
        allowed = any(ip_address(address) in net for net in allow)
    except ValueError:
        allowed = False
    if not allowed:
        raise FetchError("forbidden address", f"port {port} is not one that web servers use")


def _listed(name: str, settings: FetchSettings) -> tuple[str, ...]:
    if not settings.names:
        return ()
    for host, addresses in settings.names:
        if host.lower() == name:
            return addresses
    raise FetchError("dns", f"{name} is not among the names given")


def _asked(name: str, port: int, settings: FetchSettings, *, timeout: float) -> tuple[str, ...]:
    """Ask the system's resolver, in a thread of its own: it knows no time-out."""
    answer: list[tuple[str, ...] | OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            answer.append(tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answer.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=ask, name=f"resolve {name}", daemon=True)
    thread.start()
    thread.join(timeout)
    if not answer:
        raise FetchError("dns", f"no answer for {name} within {timeout:.0f} s")
    if isinstance(answer[0], OSError):
        raise FetchError("dns", f"{name}: {answer[0].strerror or answer[0]}")
    return answer[0]
