"""What came over the wire goes into an archive, and comes out of it as the same pages."""

from __future__ import annotations

import asyncio
import gzip
import sys
from io import BytesIO
from pathlib import Path
from random import Random

import brotli
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.errors import FetchError, JobError, OutputError, Reason
from scraper.fetchers.archive import Archive
from scraper.fetchers.http import Fetcher
from scraper.fetchers.warc import find_pages, find_warcs, read_pages, read_stored
from scraper.page import Page
from tests.scraper.fetchers.site import by_target, page, serving, to

HTML = b"<p>" + b"news " * 200 + b"</p>"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"

ANSWERS = {
    "/plain": page(HTML),
    "/packed": page(brotli.compress(HTML), Content_Encoding="br"),
    "/chunked": CHUNKED + b"3\r\n<p>\r\n4\r\nnews\r\n0\r\n\r\n",
    "/moved": to("/plain"),
    "/again": page(HTML),
    "/gone": page(b"<p>gone</p>", "404 Not Found"),
}


def archived(folder: Path) -> dict[str, Page]:
    """Fetches all of it into an archive; the pages that were had, by address."""

    async def go() -> dict[str, Page]:
        found = {}
        async with serving(by_target(ANSWERS)) as site:
            with Archive(folder) as archive:
                async with Fetcher(site.settings(), on_exchange=archive.write) as fetcher:
                    for target in ANSWERS:
                        try:
                            got = await fetcher.fetch(f"http://a.test{target}")
                        except FetchError:
                            continue
                        assert isinstance(got, Page)
                        found.setdefault(got.url, got)
        return found

    return asyncio.run(go())


def test_what_was_fetched_can_be_read_again_without_the_network(tmp_path: Path) -> None:
    fetched = archived(tmp_path / "warc")
    (path,) = find_warcs(tmp_path / "warc")
    assert path.suffixes[-2:] == [".warc", ".gz"]
    read = {it.url: it for it in read_pages(path) if isinstance(it, Page)}
    # "/again" has the bytes of "/plain" and is a revisit: the page stands in the archive once.
    assert set(read) == set(fetched) - {"http://a.test/again"}
    for url, it in read.items():
        assert (it.html, it.status) == (fetched[url].html, 200)
        assert abs((it.fetched_at - fetched[url].fetched_at).total_seconds()) < 1
    assert {it.url: read_stored(it).html for it in find_pages(path)} == {
        k: v.html for k, v in read.items()
    }


def test_every_exchange_is_there_with_request_and_digest(tmp_path: Path) -> None:
    archived(tmp_path)
    (path,) = find_warcs(tmp_path)
    with path.open("rb") as file:
        records = [
            (it.record_type, it.headers.get("WARC-Target-URI"), it.verify_block_digest())
            for it in ArchiveIterator(file, parse_http=False)
        ]
    kinds = [it[0] for it in records]
    assert kinds.count(WarcRecordType.warcinfo) == 1
    assert kinds.count(WarcRecordType.request) == 7
    assert kinds.count(WarcRecordType.response) == 5
    assert kinds.count(WarcRecordType.revisit) == 2
    assert all(good for _, _, good in records)
    assert gzip.decompress(path.read_bytes()).count(b"User-Agent: winnow-news") == 7


def test_files_are_closed_when_they_are_full_and_never_overwritten(tmp_path: Path) -> None:
    for _ in range(2):

        async def go() -> None:
            async with serving(by_target(ANSWERS)) as site:
                with Archive(tmp_path, full=100) as archive:
                    async with Fetcher(site.settings(), on_exchange=archive.write) as fetcher:
                        for _ in range(3):
                            await fetcher.fetch("http://a.test/plain")

        asyncio.run(go())
    assert len(list(find_warcs(tmp_path))) == 6
    assert not list(tmp_path.glob("*.open"))


def test_an_archive_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        Archive(tmp_path / "file" / "warc")


def write(path: Path, *records: tuple[str, list[tuple[str, str]], bytes]) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for status, headers, body in records:
            head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    f"http://a.test/{len(body)}",
                    "response",
                    payload=BytesIO(body),
                    http_headers=head,
                )
            )


TYPE = ("Content-Type", "text/html")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_archives_of_others_are_read(name: str, tmp_path: Path) -> None:
    chunks = b"%x\r\n" % len(HTML) + HTML + b"\r\n0\r\n\r\n"
    write(
        tmp_path / name,
        ("200 OK", [TYPE], HTML),
        ("200 OK", [TYPE, ("Transfer-Encoding", "chunked")], chunks),
        ("200 OK", [TYPE, ("Content-Encoding", "gzip")], gzip.compress(HTML)),
        ("200 OK", [TYPE, ("Content-Encoding", "gzip")], HTML + b" "),  # archived unpacked
        ("200 OK", [("Content-Type", "image/png")], b"png"),
        ("404 Not Found", [TYPE], b"<p>no</p>"),
    )
    pages = [it for it in read_pages(tmp_path / name) if isinstance(it, Page)]
    assert [it.html.strip() for it in pages] == [HTML] * 4
    assert [read_stored(it).html for it in find_pages(tmp_path / name)] == [it.html for it in pages]


def test_a_bomb_in_an_archive_costs_one_error(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(50 << 20), 1)
    write(
        tmp_path / "a.warc.gz",
        ("200 OK", [TYPE, ("Content-Encoding", "gzip")], bomb),
        ("200 OK", [TYPE], HTML),
    )
    first, second = read_pages(tmp_path / "a.warc.gz")
    assert isinstance(first, FetchError)
    assert first.reason is Reason.TOO_LARGE
    assert isinstance(second, Page)


@pytest.mark.parametrize("cut", [30, 2000])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
@pytest.mark.parametrize("chunked", [False, True])
def test_an_archive_that_breaks_off_gives_what_came_before(
    name: str, chunked: bool, cut: int, tmp_path: Path
) -> None:
    path = tmp_path / name
    noise = Random(1).randbytes(5000)
    body = b"%x\r\n" % len(noise) + noise + b"\r\n0\r\n\r\n" if chunked else noise
    headers = [TYPE, ("Transfer-Encoding", "chunked")] if chunked else [TYPE]
    write(path, ("200 OK", [TYPE], HTML), ("200 OK", headers, body))
    path.write_bytes(path.read_bytes()[:-cut])
    first, *rest = read_pages(path)
    assert isinstance(first, Page)
    assert first.html == HTML
    # With chunks there may be a second error, for the archive itself.
    reasons = [it.reason for it in rest if isinstance(it, FetchError)]
    assert reasons[0] is Reason.TRUNCATED
    assert len(reasons) == len(rest) <= 2


@pytest.mark.parametrize("body", [b"garbage " * 100, gzip.compress(b"no archive " * 100)])
def test_what_is_no_archive_is_unreadable(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(body)
    (error,) = read_pages(tmp_path / "a.warc.gz")
    assert isinstance(error, FetchError)
    assert error.reason is Reason.UNREADABLE


def test_what_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(FetchError) as caught:
        list(find_warcs(tmp_path / "none"))
    assert caught.value.reason is Reason.UNREADABLE


def test_without_its_libraries_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.warc", ("200 OK", [TYPE], HTML))
    for library in ("fastwarc.warc", "warcio.warcwriter"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(JobError, match=r"winnow-news\[warc\]"):
        list(read_pages(tmp_path / "a.warc"))
    with pytest.raises(JobError, match=r"winnow-news\[warc\]"):
        Archive(tmp_path)
