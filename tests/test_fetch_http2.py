"""HTTP/2 over TLS: used where a server offers it, and bounded like everything else."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError

from bot.errors import FetchError
from bot.fetch import Fetcher, FetchSettings
from bot.model import Source
from tests.site import ca_file, server_tls

LOCAL = FetchSettings("RegWatch/0.1", allow_nets=("127.0.0.0/8",), total_timeout=5, max_bytes=100_000)
OK = [(":status", "200"), ("content-type", "text/html")]
Reply = Callable[[H2Connection, int, socket.socket], None]


def whole(talk: H2Connection, stream: int, wire: socket.socket) -> None:
    talk.send_headers(stream, OK)
    talk.send_data(stream, b"over http/2", end_stream=True)


def silent(talk: H2Connection, stream: int, wire: socket.socket) -> None:
    talk.send_headers(stream, OK)


def endless(talk: H2Connection, stream: int, wire: socket.socket) -> None:
    """Data until the reader leaves, whatever its window says: a frame is nine bytes of head and its payload."""
    talk.send_headers(stream, OK)
    wire.sendall(talk.data_to_send())
    frame = (16384).to_bytes(3, "big") + b"\x00\x00" + stream.to_bytes(4, "big") + bytes(16384)
    while True:
        wire.sendall(frame)


def many_headers(talk: H2Connection, stream: int, wire: socket.socket) -> None:
    talk.send_headers(stream, [*OK, *((f"x-{n}", "y" * 1000) for n in range(500))], end_stream=True)


@contextlib.contextmanager
def serving(reply: Reply) -> Iterator[tuple[str, list[int]]]:
    """A server that speaks nothing but HTTP/2: its URL, and the streams asked for on each connection."""
    tls, asked = server_tls("127.0.0.1"), list[int]()
    tls.set_alpn_protocols(["h2"])
    hush = contextlib.suppress(OSError, ProtocolError)  # readers that hang up, or speak something else

    def speak(wire: socket.socket) -> None:
        talk = H2Connection(H2Configuration(client_side=False))
        talk.initiate_connection()
        wire.sendall(talk.data_to_send())
        while received := wire.recv(65536):
            for event in talk.receive_data(received):
                if isinstance(event, RequestReceived):
                    asked.append(event.stream_id or 0)
                    reply(talk, asked[-1], wire)
            wire.sendall(talk.data_to_send())

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with hush, plain, tls.wrap_socket(plain, server_side=True) as wire:
                    speak(wire)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}/law", asked
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def fetcher(**fields: object) -> Fetcher:
    return Fetcher(replace(LOCAL, verify=ca_file(), **fields))  # type: ignore[arg-type]


def test_pages_come_over_one_http2_connection() -> None:
    with serving(whole) as (url, asked), fetcher() as client:
        for _ in range(3):
            assert client.get(Source("page", url)).body == b"over http/2"
        assert asked == [1, 3, 5]  # streams of one connection


def test_a_setting_turns_http2_off() -> None:
    with serving(whole) as (url, asked), fetcher(http2=False) as client, pytest.raises(FetchError):
        client.get(Source("page", url))
    assert asked == []


@pytest.mark.parametrize(
    ("reply", "causes", "patience"),
    [(silent, {"timeout"}, 0.5), (endless, {"too large", "protocol"}, 60), (many_headers, {"protocol", "refused"}, 60)],
)
def test_misbehaviour_ends_in_a_cause_and_the_next_visit_starts_afresh(
    reply: Reply, causes: set[str], patience: float
) -> None:
    with serving(reply) as (url, asked), fetcher(total_timeout=patience) as client:
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                client.get(Source("page", url))
            assert caught.value.cause in causes
        assert asked == [1, 1]  # the first stream of a new connection each time
