"""The pages that a job can show again: from its web archive, or from the files that it has read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from scraper.errors import FetchError
from scraper.fetchers.files import find_files, read_file
from scraper.fetchers.warc import find_warcs, read_pages
from scraper.jobs.ledger import Ledger
from scraper.jobs.settings import JobSettings
from scraper.jobs.stored import StoredPages
from scraper.page import Page
from scraper.sources.canonical import host_of


def stored_pages(folder: Path, job: JobSettings, host: str) -> Iterator[Page]:
    """Every page of a host that lies on a disk, each address once.

    Saved files have no address of their own: they are of the host where they name it at all, and
    whoever reads them finds out. A page that cannot be read any more is left out.
    """
    seen: set[str] = set()
    read_stored = StoredPages().read
    with Ledger(folder) as ledger:
        for asked, locator in ledger.stored():
            own = host_of(asked) if "://" in asked else ""
            if own and not is_of(own, host):
                continue
            try:
                page = read_stored(asked, locator)
            except FetchError:
                continue
            if (own or host.encode() in page.html) and page.url not in seen:
                seen.add(page.url)
                yield page
    warc = job.output.warc
    if warc is None or not warc.exists():
        return
    for archive in find_warcs(warc):
        for it in read_pages(archive):
            if isinstance(it, Page) and is_of(host_of(it.url), host) and it.url not in seen:
                seen.add(it.url)
                yield it


def saved_pages(inputs: Iterable[str], host: str) -> Iterator[Page]:
    """The pages of files and folders, all taken to be of a host, and those of it in archives.

    What cannot be read is left out.
    """
    for name in inputs:
        path = Path(name)
        is_archive = path.name.lower().endswith((".warc", ".warc.gz"))
        for archive in find_warcs(path) if path.is_dir() or is_archive else ():
            for it in read_pages(archive):
                if isinstance(it, Page) and is_of(host_of(it.url), host):
                    yield it
        for file in () if is_archive else find_files(path):
            with suppress(FetchError):
                yield read_file(file)


def is_of(host: str, site: str) -> bool:
    """Whether rules of a site hold for a host: for itself and what is below it.

    >>> is_of("news.example.com", "example.com"), is_of("example.com.evil.test", "example.com")
    (True, False)
    """
    return host == site or host.endswith(f".{site}")
