"""A page as it came over the wire or from a file, before anyone has read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """``url`` is where the page was in the end, ``asked`` what was asked for.

    ``html`` holds the body's bytes with the transfer and content encoding taken off; which
    characters they mean is decided by ``scraper.extractors``. ``headers`` have lower-case names.
    ``fetched_at`` has a time zone.
    """

    url: str
    asked: str
    fetched_at: datetime
    html: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
