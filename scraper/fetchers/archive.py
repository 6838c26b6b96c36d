"""Writes what came over the wire into a web archive (WARC 1.1), to be read again without a network.

Give ``Archive.write`` to a ``Fetcher`` as ``on_exchange``.
"""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

from scraper.errors import JobError, OutputError
from scraper.fetchers.exchange import Exchange

FULL = 1 << 30  # bytes; the WARC standard recommends files of about one gigabyte
# Bodies that are remembered in order to point back to them instead of storing them twice.
REMEMBERED = 100_000
_OPEN = ".open"  # while a file is being written; a killed job leaves it, whole up to one record

# We hand over the body without its chunks, so the line that announces them no longer holds.
_UNTRUE = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}


class Archive:
    """Holds the file that is being written. ``folder`` is made if it is not there."""

    def __init__(self, folder: Path, name: str = "winnow", full: int = FULL) -> None:
        """Raises ``JobError`` where the extra ``warc`` is not installed, ``OutputError``."""
        try:
            from warcio.statusandheaders import StatusAndHeaders
            from warcio.warcwriter import WARCWriter
        except ImportError as error:
            detail = "web archives need: pip install 'winnow-news[warc]'"
            raise JobError(str(folder), detail) from error
        self._head, self._open_writer = StatusAndHeaders, WARCWriter
        self._folder, self._name, self._full = folder, name, full
        self._file: IO[bytes] | None = None
        self._writer: Any = None
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(str(folder), error.strerror or str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def write(self, exchange: Exchange) -> None:
        """Request and response; a body that was stored before becomes a revisit record.

        Raises ``OutputError``.
        """
        try:
            if self._file is None or self._file.tell() > self._full:
                self._close()
                self._begin(exchange)
            response = self._response(exchange)
            self._writer.write_request_response_pair(self._request(exchange), response)
        except OSError as error:
            raise OutputError(str(self._folder), error.strerror or str(error)) from error

    def _begin(self, exchange: Exchange) -> None:
        start = f"{self._name}-{exchange.asked_at:%Y%m%d%H%M%S}"
        serial = 0
        while True:
            path = self._folder / f"{start}-{serial:05d}.warc.gz{_OPEN}"
            if not path.with_name(path.name.removesuffix(_OPEN)).exists():
                try:
                    self._file = path.open("xb")
                    break
                except FileExistsError:
                    pass
            serial += 1
        self._writer = self._open_writer(self._file, gzip=True, warc_version="1.1")
        about = {"software": "winnow-news", "format": "WARC File Format 1.1"}
        name = path.name.removesuffix(_OPEN)
        self._writer.write_record(self._writer.create_warcinfo_record(name, about))

    def _close(self) -> None:
        if self._file is not None:
            path = Path(self._file.name)
            self._file.close()
            self._file = None
            path.rename(path.with_name(path.name.removesuffix(_OPEN)))

    def _request(self, exchange: Exchange) -> Any:
        target = exchange.url.split("://", 1)[1].partition("/")[2]
        head = self._head(f"GET /{target} HTTP/1.1", list(exchange.request), is_http_request=True)
        return self._writer.create_warc_record(
            exchange.url,
            "request",
            payload=BytesIO(b""),
            http_headers=head,
            warc_headers_dict={"WARC-Date": _date(exchange)},
        )

    def _response(self, exchange: Exchange) -> Any:
        lines = [(_UNTRUE.get(k.lower(), k), v) for k, v in exchange.response]
        phrase = exchange.phrase.encode("ascii", "replace").decode("ascii")
        status = f"{exchange.status} {phrase}".strip()
        head = self._head(status, lines, protocol="HTTP/1.1")
        extra = {"WARC-Date": _date(exchange)}
        if exchange.address:
            extra["WARC-IP-Address"] = exchange.address
        if not exchange.complete:
            extra["WARC-Truncated"] = "length"
        digest = _digest(exchange.body)
        if exchange.body and digest in self._known:
            self._known.move_to_end(digest)
            url, when = self._known[digest]
            return self._writer.create_revisit_record(
                exchange.url, digest, url, when, http_headers=head, warc_headers_dict=extra
            )
        if exchange.body and exchange.complete:
            self._known[digest] = (exchange.url, _date(exchange))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._writer.create_warc_record(
            exchange.url,
            "response",
            payload=BytesIO(exchange.body),
            http_headers=head,
            warc_headers_dict=extra,
        )


def _date(exchange: Exchange) -> str:
    return exchange.asked_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _digest(body: bytes) -> str:
    """In the form that the WARC standard shows: SHA-1 in base 32."""
    value = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest())
    return f"sha1:{value.decode('ascii')}"
