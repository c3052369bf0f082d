"""The guard: policy on literals only; nothing but loopback is ever dialled here."""

from __future__ import annotations

import pytest

from bot.errors import FetchError
from bot.fetch import FetchSettings, check, resolve
from bot.fetch.guard import networks
from bot.fetch.hop import parse

FORBIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254
168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1
192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 64:ff9b:1:fffe::8.8.8.8 100::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:a9fe:a9fe::1 2002:808:808::1 3fff::1 3fff:fff::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0
2606:4700::1111%eth0 fec0::1 ff02::1 ff0e::1 4000::1
localhost example.org 0x7f.1 2130706433 127.1 0177.0.0.1 1.2.3.4.5 256.1.1.1
"""
PUBLIC = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.1.1.1 128.0.0.1 172.15.255.255 \
172.32.0.1 192.0.1.1 192.167.1.1 192.169.0.1 198.17.0.1 198.20.0.1 203.0.112.1 223.255.255.255 \
2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450::1 240e::1 64:ff9b::8.8.8.8"


@pytest.mark.parametrize("address", FORBIDDEN.split())
def test_addresses_that_are_not_public_are_forbidden(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        check(address)
    assert caught.value.cause == "forbidden address"


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_pass(address: str) -> None:
    check(address)


def test_a_setting_lets_its_networks_through_and_nothing_else() -> None:
    allow = networks(("127.0.0.0/8", "fd00::/8"))
    for address in ("127.3.2.1", "fd12::1", "8.8.8.8"):
        check(address, allow)
    for address in ("10.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1", "64:ff9b::127.0.0.1"):
        with pytest.raises(FetchError):
            check(address, allow)


def given_names(**names: tuple[str, ...]) -> FetchSettings:
    listed = tuple((name.replace("_", "."), addresses) for name, addresses in names.items())
    return FetchSettings("RegWatch/0.1", names=listed)


def test_a_name_is_resolved_to_all_its_addresses_in_their_order() -> None:
    settings = given_names(ministry_example=("2a00:1450::1", "1.1.1.1"))
    assert resolve("Ministry.Example.", 443, settings) == ("2a00:1450::1", "1.1.1.1")
    assert resolve("ministry.example", 443, settings, ipv4=True) == ("1.1.1.1",)


def test_an_ipv4_source_without_ipv4_address_has_no_address() -> None:
    with pytest.raises(FetchError) as caught:
        resolve("ministry.example", 443, given_names(ministry_example=("2a00:1450::1",)), ipv4=True)
    assert caught.value.cause == "dns"


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0x7f000001", "127.1", "0177.0.0.1", "017700000001",
                                  "1.1.1.1.1", "8.8.8.08", "[::1", "fe80::1%25eth0", "example.0x7f",
                                  "①②⑦.0.0.1"])  # fmt: skip
def test_numbers_in_disguise_are_forbidden_before_any_resolver_sees_them(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        resolve(host, 80, FetchSettings("RegWatch/0.1"))
    assert caught.value.cause == "forbidden address"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1.", "[::1]", "::1", "[::ffff:127.0.0.1]", "169.254.169.254"])
def test_literals_are_checked_without_a_resolver(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        resolve(host, 80, FetchSettings("RegWatch/0.1"))
    assert caught.value.cause == "forbidden address"


def test_a_name_that_the_system_itself_maps_to_loopback_is_forbidden() -> None:
    with pytest.raises(FetchError) as caught:
        resolve("localhost", 80, FetchSettings("RegWatch/0.1"))  # answered from /etc/hosts
    assert caught.value.cause == "forbidden address"
    local = FetchSettings("RegWatch/0.1", allow_nets=("127.0.0.0/8", "::1/128"))
    assert set(resolve("localhost", 80, local)) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("port", [0, 21, 22, 25, 53, 110, 445, 631, 1023])
def test_system_ports_are_closed_but_for_the_webs_own(port: int) -> None:
    with pytest.raises(FetchError):
        resolve("1.1.1.1", port, FetchSettings("RegWatch/0.1"))


def test_web_ports_and_high_ports_are_open_and_allowed_networks_have_all() -> None:
    for port in (80, 443, 1024, 8080, 65535):
        assert resolve("1.1.1.1", port, FetchSettings("RegWatch/0.1")) == ("1.1.1.1",)
    assert resolve("127.0.0.1", 25, FetchSettings("RegWatch/0.1", allow_nets=("127.0.0.0/8",))) == ("127.0.0.1",)


@pytest.mark.parametrize("url", ["http://good.example@127.0.0.1/", "http://user:pass@good.example/", "http://",
                                 "file:///etc/passwd", "http:///x", "//good.example/", "about:blank",
                                 "data:text/html,x"])  # fmt: skip
def test_addresses_that_mislead_are_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse(url)
    assert caught.value.cause == "forbidden address"


@pytest.mark.parametrize(
    "url", ["http://good.example\\@127.0.0.1/", "http://good.example\n/", "http://a:99999999/", "http://[::1/"]
)
def test_addresses_that_parsers_read_differently_never_lead_past_the_guard(url: str) -> None:
    try:
        host = parse(url).raw_host.decode()
    except FetchError:
        return
    with pytest.raises(FetchError):
        resolve(host, 80, given_names(other_example=("1.1.1.1",)))
