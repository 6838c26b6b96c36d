"""Pages that lie on a disk: found with a locator, and read by it when their turn comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from scraper.errors import FetchError, PageError, Reason, SourceError
from scraper.fetchers import warc
from scraper.fetchers.files import find_files, read_file
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
    """Each line of a JSONL file with a url and its html; broken lines come as errors."""
    try:
        with path.open("rb") as lines:
            at = 0
            for number, line in enumerate(lines, 1):
                where, at = at, at + len(line)
                if not line.strip():
                    continue
                try:
                    url = row_of(line)["url"]
                except (orjson.JSONDecodeError, TypeError, KeyError) as error:
                    yield SourceError(
                        f"{path}:{number}", Reason.UNREADABLE, f"no url and html: {error!r}"
                    )
                else:
                    yield Found(
                        str(url), str(url), STORED, locator=f"jsonl {where} {path.absolute()}"
                    )
    except OSError as error:
        yield SourceError(str(path), Reason.UNREADABLE, error.strerror or str(error))


def row_of(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = orjson.loads(line)
    if not isinstance(row["html"], str) or not isinstance(row["url"], str):
        raise TypeError("url and html must be text")
    return row


def read_stored(asked: str, locator: str) -> Page:
    """The page at a locator. Raises FetchError where it is no longer there."""
    kind, _, rest = locator.partition(" ")
    if kind == "html":
        return read_file(Path(rest))
    at, _, path = rest.partition(" ")
    if kind == "jsonl":
        return read_row(asked, int(at), Path(path))
    if kind == "warc":
        return warc.read_stored(warc.Stored(asked, Path(path), int(at)))
    raise FetchError(asked, Reason.UNREADABLE, f"nobody knows how to read {kind!r}")


def read_row(asked: str, at: int, path: Path) -> Page:
    try:
        with path.open("rb") as lines:
            lines.seek(at)
            row = row_of(lines.readline())
    except (OSError, orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise FetchError(asked, Reason.UNREADABLE, f"{path} has changed: {error!r}") from error
    if row["url"] != asked:
        raise FetchError(asked, Reason.UNREADABLE, f"{path} has another page at byte {at}")
    return Page(asked, asked, datetime.now(UTC), row["html"].encode("utf-8", "replace"))
