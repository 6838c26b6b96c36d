"""Pages that lie on a disk: found with a locator, and read by it when their turn comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from scraper.corpus import parquet_pages
from scraper.corpus.parquet_pages import find_urls, is_parquet
from scraper.corpus.rows_in_order import RowsInOrder, zipped_lines
from scraper.errors import FetchError, PageError, Reason, SourceError
from scraper.fetchers import warc
from scraper.fetchers.files import MOST_BYTES, find_files, read_file
from scraper.jobs.lanes import STORED
from scraper.jobs.state import Found
from scraper.page import Page


def find_saved(path: Path) -> Iterator[Found | PageError]:
    """Each HTML file of a folder, or the one; what cannot be listed comes as an error."""
    try:
        for it in find_files(path):
            address = it.absolute().as_uri()
            yield Found(address, str(it), STORED, locator=f"html {it.absolute()}")
    except FetchError as error:
        yield error


def find_archived(path: Path) -> Iterator[Found | PageError]:
    """Each page of a web archive, or of a folder of them; a broken one ends in an error."""
    try:
        for archive in warc.find_warcs(path):
            for it in warc.find_pages(archive):
                locator = f"warc {it.offset} {archive.absolute()}"
                yield Found(it.url, it.url, STORED, locator=locator)
    except FetchError as error:
        yield error


def find_rows(path: Path) -> Iterator[Found | PageError]:
    """Each row of a JSONL or Parquet file with a url and its html; broken ones come as errors."""
    try:
        if is_parquet(path):
            yield from _find_columns(path)
        else:
            yield from _find_lines(path)
    except FetchError as error:
        yield error
    except OSError as error:
        yield SourceError(str(path), Reason.UNREADABLE, error.strerror or str(error))


def _find_columns(path: Path) -> Iterator[Found | PageError]:
    for at, url in enumerate(find_urls(path)):
        if url is None:
            yield SourceError(f"{path}:{at + 1}", Reason.UNREADABLE, "no url")
        else:
            yield Found(url, url, STORED, locator=f"parquet {at} {path.absolute()}")


def _find_lines(path: Path) -> Iterator[Found | PageError]:
    with path.open("rb") as plain:
        is_zipped = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        at = 0
        for number, line in enumerate(zipped_lines(path) if is_zipped else plain):
            # What is zipped is found again by the number of its line, else by its place.
            locator = f"jsonl.gz {number}" if is_zipped else f"jsonl {at}"
            at += len(line)
            if not line.strip():
                continue
            try:
                url = row_of(line)["url"]
            except (orjson.JSONDecodeError, TypeError, KeyError) as error:
                detail = f"no url and html: {error!r}"
                yield SourceError(f"{path}:{number + 1}", Reason.UNREADABLE, detail)
            else:
                yield Found(url, url, STORED, locator=f"{locator} {path.absolute()}")


def row_of(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = orjson.loads(line)
    if not isinstance(row["html"], str) or not isinstance(row["url"], str):
        raise TypeError("url and html must be text")
    return row


class StoredPages:
    """Reads pages by their locator; quick where they are asked for in about their order."""

    def __init__(self) -> None:
        self._parquet = RowsInOrder(parquet_pages.read)
        self._zipped = RowsInOrder(zipped_lines)

    def read(self, asked: str, locator: str) -> Page:
        """The page at a locator. Raises FetchError where it is no longer there."""
        kind, _, rest = locator.partition(" ")
        if kind == "html":
            return read_file(Path(rest))
        at, _, path = rest.partition(" ")
        if kind == "jsonl":
            return read_row(asked, int(at), Path(path))
        if kind == "jsonl.gz":
            return _read_line(asked, self._zipped.row(Path(path), int(at)), path)
        if kind == "parquet":
            return _page(asked, self._parquet.row(Path(path), int(at)), path)
        if kind == "warc":
            return warc.read_stored(warc.Stored(asked, Path(path), int(at)))
        raise FetchError(asked, Reason.UNREADABLE, f"nobody knows how to read {kind!r}")


def read_row(asked: str, at: int, path: Path) -> Page:
    try:
        with path.open("rb") as lines:
            lines.seek(at)
            return _read_line(asked, lines.readline(), str(path))
    except OSError as error:
        raise FetchError(asked, Reason.UNREADABLE, f"{path} has changed: {error!r}") from error


def _read_line(asked: str, line: bytes, path: str) -> Page:
    try:
        row = row_of(line)
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise FetchError(asked, Reason.UNREADABLE, f"{path} has changed: {error!r}") from error
    return _page(asked, row, path)


def _page(asked: str, row: Mapping[str, Any], path: str) -> Page:
    """A row whose html is text, or the bytes that came."""
    if row["url"] != asked:
        raise FetchError(asked, Reason.UNREADABLE, f"{path} has another page there")
    html, headers = row["html"], {}
    if isinstance(html, str):
        html = html.encode("utf-8", "replace")
        # Whatever encoding the page names: these characters are in ours.
        headers = {"content-type": "text/html; charset=utf-8"}
    if not isinstance(html, bytes):
        raise FetchError(asked, Reason.UNREADABLE, f"{path} has no html there")
    if len(html) > MOST_BYTES:
        raise FetchError(asked, Reason.TOO_LARGE, f"more than {MOST_BYTES} bytes")
    return Page(asked, asked, datetime.now(UTC), html, headers=headers)
