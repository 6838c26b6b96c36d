"""Pages that lie in web archives: WARC files, gzipped or not, such as Common Crawl's news set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.decode import decode
from scraper.fetchers.exchange import headers_of
from scraper.page import Page

# The last is what a killed job leaves of the file that it was writing.
SUFFIXES = (".warc", ".warc.gz", ".warc.gz.open")
MOST_BYTES = 20 << 20  # of one page, before and after decoding
_HTML = ("text/html", "application/xhtml+xml")
_LONGEST_HEAD = 1 << 16  # bytes of a record's header lines


@dataclass(frozen=True, slots=True)
class Stored:
    """A page in an archive. ``offset``: bytes from the start of the file to its record."""

    url: str
    path: Path
    offset: int


def find_warcs(path: Path) -> Iterator[Path]:
    """The file itself, or every archive below a folder in order of names.

    Raises ``FetchError`` (unreadable) for what is not there.
    """
    if not path.exists():
        raise FetchError(str(path), Reason.UNREADABLE, "no such file or folder")
    if path.is_dir():
        yield from sorted(it for it in path.rglob("*") if it.name.lower().endswith(SUFFIXES))
    else:
        yield path


def find_pages(path: Path) -> Iterator[Stored]:
    """Every HTML page with status 200 in one archive, without reading the bodies.

    Raises ``FetchError`` (unreadable) where the archive breaks off, after all that stands before.
    """
    for record in _records(path):
        if _is_page(record):
            yield Stored(_address(record), path, record.stream_pos)


def read_pages(path: Path) -> Iterator[Page | FetchError]:
    """The pages of one archive in one pass; an error in the place of one that cannot be read.

    An archive that breaks off ends in an error, which is yielded too.
    """
    try:
        with path.open("rb") as file:
            yield from read_stream(file, str(path))
    except OSError as error:
        yield _unreadable(str(path), error)


def read_stream(file: BinaryIO, where: str) -> Iterator[Page | FetchError]:
    """As ``read_pages``, of an archive that is open already; ``where`` names it in errors."""
    try:
        for record in _records_of(file, where):
            if _is_page(record):
                try:
                    yield _page(record)
                except FetchError as error:
                    yield error
    except FetchError as error:
        yield error


def read_stored(stored: Stored) -> Page:
    """One page that ``find_pages`` found. Raises ``FetchError``."""
    for record in _records(stored.path, stored.offset):
        if _is_page(record):
            return _page(record)
        break
    raise FetchError(stored.url, Reason.UNREADABLE, f"{stored.path} has changed")


def _records(path: Path, offset: int = 0) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            yield from _records_of(file, str(path))
    except OSError as error:
        raise _unreadable(str(path), error) from error


def _records_of(file: BinaryIO, where: str) -> Iterator[Any]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        detail = "web archives need: pip install 'winnow-news[warc]'"
        raise JobError(where, detail) from error
    try:
        yield from ArchiveIterator(
            file,
            record_types=WarcRecordType.response | WarcRecordType.resource,
            parse_http=True,
            auto_decode="transfer",  # The content's own coding could be a bomb: see decode.
            max_header_len=_LONGEST_HEAD,
        )
    except (OSError, ValueError) as error:
        raise _unreadable(where, error) from error


def _unreadable(where: str, error: Exception) -> FetchError:
    return FetchError(where, Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:300])


def _is_page(record: Any) -> bool:
    http = record.http_headers
    if http is None:
        kind = record.headers.get("Content-Type", "")
    elif http.status_code == 200:
        kind = http.get("Content-Type", "") or record.headers.get("WARC-Identified-Payload-Type")
    else:
        return False
    return (kind or "").strip().lower().startswith(_HTML) and bool(_address(record))


def _address(record: Any) -> str:
    # Some writers put the address in angle brackets, as WARC 1.0 said by mistake.
    return str(record.headers.get("WARC-Target-URI") or "").strip("<>")


def _page(record: Any) -> Page:
    url = _address(record)
    http = record.http_headers
    headers = headers_of(tuple(http.items())) if http else {}
    try:
        body = record.reader.read(MOST_BYTES + 1)
    except OSError as error:  # in the middle of chunks
        raise FetchError(url, Reason.TRUNCATED, f"the archive breaks off: {error}") from error
    if len(body) > MOST_BYTES:
        raise FetchError(url, Reason.TOO_LARGE, f"more than {MOST_BYTES} bytes in the archive")
    if len(body) < record.content_length and "transfer-encoding" not in headers:
        raise FetchError(url, Reason.TRUNCATED, "the archive breaks off")
    try:
        html = decode(body, headers.get("content-encoding", ""), MOST_BYTES, url)
    except FetchError as error:
        if error.reason is not Reason.BAD_ENCODING:
            raise
        html = body  # Archived decoded, with the header as it had been.
    when = record.record_date or datetime.fromtimestamp(0, UTC)
    return Page(url, url, when, html, http.status_code if http else 200, headers)
