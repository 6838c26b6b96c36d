"""Pages that lie in files: one saved page, or a folder of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scraper.errors import FetchError, Reason
from scraper.fetchers.decode import decode
from scraper.page import Page

SUFFIXES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz", ".xhtml.gz")
MOST_BYTES = 20 << 20  # as for a page over the network, after unpacking


def find_files(path: Path) -> Iterator[Path]:
    """The file itself, whatever its name; of a folder every page below it, in order of names.

    Links to folders are not followed. Raises ``FetchError`` (unreadable) for what is not there,
    and for a folder that may not be listed.
    """
    if not path.is_dir():
        if not path.exists():
            raise FetchError(str(path), Reason.UNREADABLE, "no such file or folder")
        yield path
        return

    def refuse(error: OSError) -> None:
        detail = error.strerror or str(error)
        raise FetchError(str(error.filename), Reason.UNREADABLE, detail) from error

    for folder, below, names in os.walk(path, onerror=refuse):
        below.sort()
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield Path(folder, name)


def read_file(path: Path, url: str | None = None) -> Page:
    """A page as it lies on the disk, unpacked if it is gzipped; ``url`` where it once came from.

    ``fetched_at`` is when the file was written. Raises ``FetchError``: unreadable, too_large, or
    what is wrong with its gzip.
    """
    where = str(path)
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) and not stat.S_ISFIFO(about.st_mode):
                raise FetchError(where, Reason.UNREADABLE, "not a file")
            body = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FetchError(where, Reason.UNREADABLE, error.strerror or str(error)) from error
    packed = "gzip" if body.startswith(b"\x1f\x8b") else ""
    html = decode(body, packed, MOST_BYTES, where)
    address = url or path.absolute().as_uri()
    written = datetime.fromtimestamp(about.st_mtime, UTC)
    return Page(address, url or where, written, html)
