"""The demo's server, asked over real sockets."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from scraper.demo.world import World, serve

POST = "www.harborpost.example.test"
ODD = "oddments.example.test"
ROOF = "/city/2026/02/27/library-roof-vote"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with serve() as served:
        yield served


def ask(
    world: World, host: str, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", world.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host, **(headers or {})})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(world: World, sent: bytes) -> bytes:
    """What comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", world.port), timeout=10) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while part := line.recv(65536):
            found += part
    return found


def test_a_page_comes_with_its_type_and_validators(world: World) -> None:
    response, body = ask(world, POST, ROOF)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["ETag"].startswith('W/"')
    assert "mend the library roof" in body.decode()
    assert int(response.headers["Content-Length"]) == len(body)


@pytest.mark.parametrize(
    ("theirs", "ours"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_a_page_that_is_unchanged_is_not_sent_again(world: World, theirs: str, ours: str) -> None:
    first, _ = ask(world, POST, ROOF)
    again, body = ask(world, POST, ROOF, {ours: first.headers[theirs]})
    assert (again.status, body) == (304, b"")


def test_an_etag_goes_before_a_date(world: World) -> None:
    first, _ = ask(world, POST, ROOF)
    headers = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}
    assert ask(world, POST, ROOF, headers)[0].status == 200


def test_a_date_that_is_none_is_passed_over(world: World) -> None:
    assert ask(world, POST, ROOF, {"If-Modified-Since": "yesterday"})[0].status == 200


def test_gzip_is_sent_when_asked_for_and_only_then(world: World) -> None:
    plain, body = ask(world, POST, ROOF)
    packed, sent = ask(world, POST, ROOF, {"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(sent) < len(body)
    assert gzip.decompress(sent) == body


def test_a_gzipped_sitemap_is_sent_as_it_lies(world: World) -> None:
    response, body = ask(
        world, "www.northcourier.example.test", "/sitemap.xml.gz", {"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in response.headers
    assert b"<urlset" in gzip.decompress(body)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/gone.html", 410),
        ("/broken.html", 500),
        ("/checked.html", 403),
        ("/soft-404.html", 200),
        ("/empty.html", 200),
        ("/nothing-here.html", 404),
        ("/responses.toml", 404),
        ("/../gold.jsonl", 404),
        ("/%2e%2e/gold.jsonl", 404),
        ("/%00", 404),
    ],
)
def test_statuses_are_those_of_responses_toml(world: World, path: str, status: int) -> None:
    assert ask(world, ODD, path)[0].status == status


def test_a_redirect_says_where_to(world: World) -> None:
    response, _ = ask(world, ODD, "/moved.html")
    assert (response.status, response.headers["Location"]) == (301, "/truncated.html")
    response, _ = ask(world, "presstide.example.test", "/world")
    assert (response.status, response.headers["Location"]) == (301, "/world/")


def test_a_busy_page_says_when_to_come_back(world: World) -> None:
    response, _ = ask(world, ODD, "/wait.html")
    assert (response.status, response.headers["Retry-After"]) == (429, "1")


def test_a_query_can_choose_the_page(world: World) -> None:
    host, path = "www.northcourier.example.test", "/news/article099812-the-last-lamplighter"
    pages = {ask(world, host, path + query)[1] for query in ("", "?page=2", "?page=3", "?print=1")}
    assert len(pages) == 4
    assert ask(world, host, path + "?from=home")[1] in pages


@pytest.mark.parametrize(
    ("host", "path", "charset"),
    [
        ("countyecho.example.test", "/2026/03/ferries.htm", "windows-1252"),
        ("vestnik-zaliva.example.test", "/city/2025/11/17/tramvay.html", "windows-1251"),
        ("www.haibaonews.example.test", "/life/2026-01/12/c_1120987.htm", "gb18030"),
    ],
)
def test_the_declared_charset_reads_the_page(
    world: World, host: str, path: str, charset: str
) -> None:
    response, body = ask(world, host, path)
    assert response.headers["Content-Type"] == f"text/html; charset={charset}"
    body.decode(charset)
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_a_host_that_is_not_of_this_world_is_404(world: World) -> None:
    for host in ("nowhere.example.test", "", f"{POST}.evil.test", ".."):
        assert ask(world, host, "/")[0].status == 404


def test_host_names_are_matched_without_case_port_or_last_dot(world: World) -> None:
    assert ask(world, f"{POST.upper()}.:{world.port}", ROOF)[0].status == 200


def test_head_has_the_length_and_no_body(world: World) -> None:
    response, body = ask(world, POST, ROOF, method="HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 5000


def test_other_methods_are_refused(world: World) -> None:
    assert ask(world, POST, ROOF, method="DELETE")[0].status == 405


def test_a_connection_is_kept_for_the_next_request(world: World) -> None:
    connection = HTTPConnection("127.0.0.1", world.port, timeout=10)
    connection.request("GET", ROOF, headers={"Host": POST})
    connection.getresponse().read()
    line = connection.sock
    connection.request("GET", "/gone.html", headers={"Host": ODD})
    assert connection.getresponse().read() == b""
    assert connection.sock is line
    connection.close()


def test_pipelined_requests_are_answered_in_turn(world: World) -> None:
    head = f"GET /gone.html HTTP/1.1\r\nHost: {ODD}\r\n\r\n".encode()
    assert raw(world, head * 3).count(b"HTTP/1.1 410 Gone") == 3


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a",
        b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nGET / HTT",
        b"GET //[::1 HTTP/1.1\r\nHost: oddments.example.test\r\n\r\n",
    ],
)
def test_a_broken_client_does_no_harm(world: World, sent: bytes) -> None:
    raw(world, sent)
    assert ask(world, POST, ROOF)[0].status == 200


def test_a_client_that_hangs_up_in_the_middle_does_no_harm(world: World) -> None:
    for _ in range(20):
        line = socket.create_connection(("127.0.0.1", world.port))
        line.sendall(f"GET {ROOF} HTTP/1.1\r\nHost: {POST}\r\n\r\n".encode())
        # Linger of 0 seconds: close() sends a reset.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        line.close()
    assert ask(world, POST, ROOF)[0].status == 200


def test_eight_clients_at_once_get_what_each_asked_for(world: World) -> None:
    paths = [(host, path) for host in (POST, ODD) for path in (ROOF, "/robots.txt", "/")]
    alone = {it: ask(world, *it)[1] for it in paths}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda it: (it, ask(world, *it)[1]), paths * 40))
    assert all(alone[it] == body for it, body in found)


def test_what_was_asked_is_seen() -> None:
    with serve() as world:
        ask(world, ODD, "/gone.html?a=b")
        assert [(it.host, it.path, it.status) for it in world.seen] == [
            (ODD, "/gone.html?a=b", 410)
        ]


def test_a_host_can_be_made_slow() -> None:
    with serve(delays={ODD: 0.3}) as world:
        begun = time.monotonic()
        ask(world, ODD, "/gone.html")
        between = time.monotonic()
        ask(world, POST, ROOF)
        ended = time.monotonic()
    assert between - begun >= 0.3
    assert ended - between < 0.3


def test_the_port_is_free_again_afterwards_and_taken_before() -> None:
    with serve() as world, pytest.raises(OSError, match=r"address|in use"), serve(world.port):
        pass
    with serve(world.port) as again:
        assert again.port == world.port


def test_another_folder_can_be_served(tmp_path: Path) -> None:
    page = tmp_path / "a.example.test" / "b" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>hello</p>")
    (tmp_path / "not-a-site").mkdir()
    with serve(root=tmp_path) as world:
        assert world.hosts == ("a.example.test",)
        assert ask(world, "a.example.test", "/b/")[1] == b"<p>hello</p>"
        page.write_text("<p>changed</p>")
        assert ask(world, "a.example.test", "/b/")[1] == b"<p>changed</p>"
