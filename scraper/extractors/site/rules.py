"""What a person has written down about one site: rules as data, one file for each host, dated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tomllib import TOMLDecodeError, loads
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from cleaners.labels import Label
from scraper.errors import JobError

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_KEYS = frozenset(
    {"checked", "keep", "drop", "title", "author", "date", "day_first", "next_page", "note"}
)


@dataclass(frozen=True, slots=True)
class SiteRules:
    """CSS selectors for the pages of one site.

    What ``keep`` matches is story, what ``drop`` matches is none, each under its label, whatever
    else was found; ``drop`` goes before ``keep``, so that a box can be cut out of a story.
    ``title``, ``author``, ``date`` name elements whose text (or ``datetime`` and ``content``)
    holds the value, ``next_page`` the link to an article's next part. ``checked`` is the day on
    which a person last saw that they fit: sites change, and rules rot.
    """

    host: str
    checked: date
    keep: tuple[str, ...] = ()
    drop: tuple[tuple[Label, str], ...] = ()
    title: str | None = None
    author: str | None = None
    date: str | None = None
    day_first: bool | None = None
    next_page: str | None = None
    note: str | None = None


def rules_for(url: str | None, folder: Path | None = None) -> SiteRules | None:
    """The rules for the site of an address, or None.

    Looks for ``<host>.toml`` of the whole host, then without its first parts: rules for
    ``example.com`` hold for ``news.example.com``. A file in ``folder`` goes before one that came
    along. Files are read once in a process. Raises JobError that names the file and the key.
    """
    try:
        host = (urlsplit(url or "").hostname or "").lower().removesuffix(".")
    except ValueError:
        return None
    if not _HOST.fullmatch(host):
        return None
    return _of_host(host, folder)


@lru_cache(maxsize=4_096)
def _of_host(host: str, folder: Path | None) -> SiteRules | None:
    names = list(_names(host))
    places: list[Traversable | Path] = [folder] if folder else []
    places.append(files("scraper").joinpath("sites"))
    for place in places:
        for name in names:
            path = place.joinpath(f"{name}.toml")
            if path.is_file():
                return read_rules(path, name)
    return None


def _names(host: str) -> Iterator[str]:
    """
    >>> list(_names("www.news.example.com"))
    ['www.news.example.com', 'news.example.com', 'example.com']
    """
    parts = host.split(".")
    for at in range(len(parts) - 1):
        yield ".".join(parts[at:])


def read_rules(path: Traversable | Path, host: str) -> SiteRules:
    """The rules in a file. Raises JobError for what is no TOML, a key that nobody knows, a value of
    the wrong kind, a selector that is none, a label that is none, a missing ``checked``."""
    try:
        told = loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, TOMLDecodeError) as error:
        raise JobError(str(path), f"site rules: {error}") from error
    unknown = sorted(set(told) - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise JobError(str(path), f"{unknown[0]}: no such key (there are {known})")
    checked = told.get("checked")
    if not isinstance(checked, date):
        raise JobError(str(path), "checked: the day on which the rules were seen to fit is missing")
    return SiteRules(
        host=host,
        checked=checked,
        keep=tuple(_selectors(path, "keep", told.get("keep", []))),
        drop=tuple(_dropped(path, told.get("drop", []))),
        title=_selector(path, "title", told.get("title")),
        author=_selector(path, "author", told.get("author")),
        date=_selector(path, "date", told.get("date")),
        day_first=_of_kind(path, "day_first", told.get("day_first"), bool),
        next_page=_selector(path, "next_page", told.get("next_page")),
        note=_of_kind(path, "note", told.get("note"), str),
    )


def extended(
    rules: SiteRules, keep: Iterable[str] = (), drop: Iterable[tuple[Label, str]] = ()
) -> SiteRules:
    """The rules with further selectors, to try them. Raises JobError for what is no selector."""
    where = Path(rules.host)
    dropped = [(label, it) for label, each in drop if (it := _selector(where, "drop", each))]
    kept = _selectors(where, "keep", list(keep))
    return replace(rules, keep=(*rules.keep, *kept), drop=(*rules.drop, *dropped))


def _dropped(path: Traversable | Path, told: Any) -> Iterator[tuple[Label, str]]:
    """A list, or a table of lists by label."""
    if not isinstance(told, Mapping):
        for selector in _selectors(path, "drop", told):
            yield Label.NAVIGATION, selector
        return
    for name, selectors in told.items():
        try:
            label = Label(name)
        except ValueError:
            raise JobError(str(path), f"drop.{name}: no such label") from None
        if label.is_kept:
            raise JobError(str(path), f"drop.{name}: a label of what is kept")
        for selector in _selectors(path, f"drop.{name}", selectors):
            yield label, selector


def _selectors(path: Traversable | Path, key: str, told: Any) -> list[str]:
    if not isinstance(told, list):
        raise JobError(str(path), f"{key}: a list of CSS selectors is expected")
    return [it for each in told if (it := _selector(path, key, each)) is not None]


def _selector(path: Traversable | Path, key: str, told: Any) -> str | None:
    selector: str | None = _of_kind(path, key, told, str)
    if selector is None:
        return None
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, ValueError) as error:
        raise JobError(str(path), f"{key}: not a CSS selector: {selector!r}") from error
    return selector


def _of_kind(path: Traversable | Path, key: str, told: Any, kind: type[Any]) -> Any:
    if told is not None and not isinstance(told, kind):
        raise JobError(str(path), f"{key}: {kind.__name__} is expected")
    return told
