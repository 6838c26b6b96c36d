"""What stands in a partition: pages and articles, and a failure in the place of a bad one."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final, cast

import orjson
import pyarrow.parquet

from scraper.corpus.reading import LONGEST_LINE
from scraper.corpus.rows import COLUMNS, LISTS, ArticleRow, moment_text, row_id
from scraper.errors import Failure, PageError, Reason, SourceError, Stage
from scraper.fetchers.warc import MOST_BYTES, read_stream
from scraper.page import Page
from scraper.scale.inputs import Partition, Span
from scraper.scale.store import ARROW_ERRORS, opened, said

Item = Page | ArticleRow | Failure
_ROWS: Final = 64  # of Parquet in memory at a time: pages may be large
_BUFFER: Final = 1 << 20
_PAGE: Final = ("html", "url", "asked", "fetched_at", "status", "headers")
_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_NUMBERS: Final = {"paywalled": bool, "keep": bool, "status": int, "likeness": float}


def items(partition: Partition) -> Iterator[Item]:
    """All that stands in the partition, in its order. A file that breaks off ends in a failure."""
    for span in partition.spans:
        try:
            yield from _items(span)
        except PageError as error:
            yield Failure.of(span.file.where, error)
        except (*ARROW_ERRORS, EOFError, ValueError) as error:
            yield _unreadable(span.file.where, f"{type(error).__name__}: {said(error)}")


def _items(span: Span) -> Iterator[Item]:
    system, _ = opened(span.file.root)
    if span.file.kind == "parquet":
        with system.open_input_file(span.file.path) as file:
            yield from _parquet(file, span)
        return
    is_packed = span.file.path.lower().endswith(".gz")
    with system.open_input_file(span.file.path) as file:
        if span.file.kind == "warc":
            for it in read_stream(cast(BinaryIO, file), span.file.where):
                yield Failure.of(it.where, it) if isinstance(it, PageError) else it
        elif is_packed:
            with gzip.open(file) as plain:
                yield from _lines(cast(BinaryIO, plain), span)
        else:
            with io.BufferedReader(file, _BUFFER) as plain:
                yield from _lines(plain, span)


def _parquet(file: Any, span: Span) -> Iterator[Item]:
    source = pyarrow.parquet.ParquetFile(file)
    names = set(source.schema_arrow.names)
    wanted = _PAGE if "html" in names else COLUMNS
    missing = {"html", "url"} - names if "html" in names else {"text"} - names
    if missing:
        has = ", ".join(sorted(names)[:12])
        need = "url and html, or text" if "html" not in names else ", ".join(sorted(missing))
        raise SourceError(span.file.where, Reason.UNREADABLE, f"no column {need}; it has {has}")
    last = source.num_row_groups if span.end < 0 else span.end
    number = sum(source.metadata.row_group(it).num_rows for it in range(span.start))
    for batch in source.iter_batches(
        batch_size=_ROWS,
        row_groups=list(range(span.start, last)),
        columns=[it for it in wanted if it in names],
        use_threads=False,
    ):
        for values in batch.to_pylist():
            number += 1
            yield item(values, f"{span.file.where}:{number}")


def _lines(lines: BinaryIO, span: Span) -> Iterator[Item]:
    """The rows of the lines that begin in the span."""
    at = span.start
    if at:
        # A line that began before belongs to the span before.
        lines.seek(at - 1)
        at += len(lines.readline(LONGEST_LINE)) - 1
    while span.end < 0 or at < span.end:
        line = lines.readline(LONGEST_LINE)
        if not line:
            return
        where, at = f"{span.file.where}@{at}", at + len(line)
        if not line.strip():
            continue
        try:
            values = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            yield _unreadable(where, f"not JSON: {error}")
            continue
        if isinstance(values, dict):
            yield item(values, where)
        else:
            yield _unreadable(where, "JSON, but not an object")


def item(values: Mapping[str, Any], where: str) -> Item:
    """The page or the article that a row holds; a failure names what is wrong with it."""
    try:
        return _page(values) if values.get("html") is not None else _article(values)
    except (TypeError, ValueError, KeyError) as error:
        return _unreadable(where, said(error))


def _page(values: Mapping[str, Any]) -> Page:
    html, url = values["html"], values.get("url")
    if not isinstance(url, str) or not url:
        raise TypeError("url is missing or no text")
    if not isinstance(html, str | bytes):
        raise TypeError("html is neither text nor bytes")
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html
    if len(body) > MOST_BYTES:
        raise ValueError(f"a page of more than {MOST_BYTES} bytes")
    when = values.get("fetched_at")
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    if not isinstance(when, datetime):
        when = _EPOCH
    headers = values.get("headers") or {}
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return Page(
        url,
        values.get("asked") or url,
        when if when.tzinfo else when.replace(tzinfo=UTC),
        body,
        int(values.get("status") or 200),
        {str(name).lower(): str(value) for name, value in pairs},
    )


def _article(values: Mapping[str, Any]) -> ArticleRow:
    if not isinstance(values.get("text"), str):
        has = ", ".join(list(values)[:12])
        raise TypeError(f"neither html nor text; the row has {has}")
    if len(values["text"]) > MOST_BYTES:
        raise ValueError(f"a text of more than {MOST_BYTES} characters")
    known = {it: _plain(it, values[it]) for it in COLUMNS if values.get(it) is not None}
    url = known.get("url") or ""
    known |= {"url": url, "id": known.get("id") or row_id(url or known["text"])}
    return ArticleRow.of(known)


def _plain(name: str, value: Any) -> Any:
    """The value if it is of the column's type, and text for what can stand for it."""
    if name in LISTS:
        if not isinstance(value, list | tuple) or not all(isinstance(it, str) for it in value):
            raise TypeError(f"{name} is no list of texts")
    elif name == "removed":
        if not all(isinstance(it, Mapping) for it in value):
            raise TypeError("removed is no list of blocks")
    elif name == "origins":
        return dict(value)
    elif name in _NUMBERS:
        return _NUMBERS[name](value)
    elif isinstance(value, datetime):
        return moment_text(value)
    elif hasattr(value, "isoformat"):
        return value.isoformat()
    elif name == "id" and isinstance(value, int):
        return str(value)
    elif not isinstance(value, str):
        raise TypeError(f"{name} is {type(value).__name__}, not text")
    return value


def _unreadable(where: str, detail: str) -> Failure:
    return Failure(where, Stage.SOURCE, Reason.UNREADABLE, detail)
