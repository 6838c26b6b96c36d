"""Article pages in, a clean corpus out: the public names.

They are loaded when they are first used, so that ``winnow --help`` waits for nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.article import Article
    from scraper.errors import Failure, Reason, ScraperError
    from scraper.extractors.extract import extract
    from scraper.fetchers.fetch import fetch
    from scraper.jobs.run import run
    from scraper.page import Page

__all__ = ["Article", "Failure", "Page", "Reason", "ScraperError", "extract", "fetch", "run"]

_HOME = {
    "Article": "scraper.article",
    "Failure": "scraper.errors",
    "Page": "scraper.page",
    "Reason": "scraper.errors",
    "ScraperError": "scraper.errors",
    "extract": "scraper.extractors.extract",
    "fetch": "scraper.fetchers.fetch",
    "run": "scraper.jobs.run",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'scraper' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
