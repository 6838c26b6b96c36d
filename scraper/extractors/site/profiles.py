"""Profiles of many sites in a folder, one file for each host: learned from pages, found again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cleaners.errors import BadData
from scraper.errors import ExtractError
from scraper.extractors.charset import as_utf8
from scraper.extractors.columns import columns
from scraper.extractors.frames import parsed
from scraper.extractors.prescan import prescan
from scraper.extractors.site.profile import SiteProfile, learned, load, save
from scraper.extractors.walk import walk
from scraper.page import Page

# A site shows its template on a few dozen pages; more only cost time.
MOST_PAGES: Final = 200


def profile_for(url: str | None, folder: Path | None) -> SiteProfile | None:
    """What was learned about the site of an address: ``<host>.json`` in the folder, or None.

    A file in the folder's place holds for every address. Files are read once in a process.
    ``BadData`` where one is no profile, or where neither is there.
    """
    if folder is None:
        return None
    if not folder.is_dir():
        return _read(folder)
    host = _host(url)
    path = folder / f"{host}.json"
    return _read(path) if host and path.is_file() else None


def lines_of(page: Page) -> tuple[str, ...]:
    """The texts of a page's blocks; none where it has no body, ``ExtractError`` where it is no
    page that is safe to read."""
    html = as_utf8(page.html, page.headers.get("content-type"))[0]
    prescan(html, page.url)
    body = columns(parsed(html))
    return tuple(walk(body).texts) if body is not None else ()


def learn(host: str, pages: Iterable[Page], folder: Path, *, add: bool = False) -> SiteProfile:
    """Writes what the pages of a site have in common to its file in the folder.

    With ``add`` to what is known already; pages that are given again count again. A page that
    cannot be read teaches nothing. ``BadData`` where the file there is no profile.
    """
    name = _host(f"http://{host}/")
    if not name:
        raise BadData(host, "is no host")
    path = folder / f"{name}.json"
    before = load(path) if add and path.is_file() else SiteProfile()
    profile = learned(before, islice(_readable(pages), MOST_PAGES))
    folder.mkdir(parents=True, exist_ok=True)
    save(profile, path)
    _read.cache_clear()
    return profile


def _readable(pages: Iterable[Page]) -> Iterator[tuple[str, ...]]:
    for page in pages:
        try:
            lines = lines_of(page)
        except ExtractError:
            continue
        if lines:
            yield lines


@lru_cache(maxsize=1_024)
def _read(path: Path) -> SiteProfile:
    return load(path)


def _host(url: str | None) -> str:
    """The host of an address as the name of a file; empty where there is none."""
    try:
        host = (urlsplit(url or "").hostname or "").lower().rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
    is_name = host and all(it.isalnum() or it in "-._:" for it in host) and ".." not in host
    return host if is_name else ""
