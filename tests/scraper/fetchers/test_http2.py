"""HTTP/2 where both sides want it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.exchange import Exchange
from scraper.fetchers.http import Fetcher
from scraper.fetchers.settings import FetchSettings
from scraper.page import Page

CA = trustme.CA()


class Server:
    """Answers each request on a connection in its stream; ``/slow`` never."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.versions: list[str | None] = []

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.versions.append(writer.get_extra_info("ssl_object").selected_alpn_protocol())
        if self.versions[-1] != "h2":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")
            return
        peer = H2Connection(H2Configuration(client_side=False))
        peer.initiate_connection()
        writer.write(peer.data_to_send())
        while data := await reader.read(65_536):
            for event in peer.receive_data(data):
                if isinstance(event, RequestReceived) and event.headers:
                    head = {bytes(k): bytes(v).decode() for k, v in event.headers}
                    self.paths.append(head[b":path"])
                    if self.paths[-1] != "/slow" and event.stream_id:
                        peer.send_headers(
                            event.stream_id, [(":status", "200"), ("content-type", "text/html")]
                        )
                        peer.send_data(event.stream_id, b"two", end_stream=True)
            writer.write(peer.data_to_send())


@asynccontextmanager
async def serving(server: Server, *protocols: str) -> AsyncIterator[int]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("two.test").configure_cert(tls)
    tls.set_alpn_protocols(list(protocols))
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def settings(port: int, tmp_path: Path, http2: bool) -> FetchSettings:
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return FetchSettings(
        connect_to={"*.test": f"127.0.0.1:{port}"},
        ca_file=str(tmp_path / "ca.pem"),
        http2=http2,
        deadline=1,
    )


@pytest.mark.parametrize(
    ("offered", "wanted", "spoken"),
    [
        (("h2", "http/1.1"), True, "HTTP/2"),
        (("h2", "http/1.1"), False, "HTTP/1.1"),
        (("http/1.1",), True, "HTTP/1.1"),
    ],
)
def test_it_is_spoken_where_both_sides_want_it(
    offered: tuple[str, ...], wanted: bool, spoken: str, tmp_path: Path
) -> None:
    seen: list[Exchange] = []

    async def go() -> Page:
        async with serving(Server(), *offered) as port:
            plain = settings(port, tmp_path, wanted)
            async with Fetcher(plain, on_exchange=seen.append) as fetcher:
                found = await fetcher.fetch("https://two.test/a")
                assert isinstance(found, Page)
                return found

    assert asyncio.run(go()).html == (b"two" if spoken == "HTTP/2" else b"one")
    assert seen[0].version == spoken


def test_many_pages_share_one_connection_and_one_that_hangs_is_alone(tmp_path: Path) -> None:
    server = Server()

    async def go() -> list[object]:
        async with (
            serving(server, "h2") as port,
            Fetcher(settings(port, tmp_path, True)) as fetcher,
        ):
            await fetcher.fetch("https://two.test/first")
            targets = ["/slow", *(f"/{n}" for n in range(5))]
            tasks = [fetcher.fetch(f"https://two.test{it}") for it in targets]
            return list(await asyncio.gather(*tasks, return_exceptions=True))

    slow, *others = asyncio.run(go())
    assert isinstance(slow, FetchError)
    assert slow.reason is Reason.DEADLINE
    assert all(isinstance(it, Page) for it in others)
    assert len(server.versions) == 1


def test_without_its_library_it_is_a_bad_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.fetchers.wire.find_spec", lambda name: None)
    with pytest.raises(JobError, match=r"fetch\.http2.*winnow-news\[http2\]"):
        Fetcher(FetchSettings(http2=True))
