"""The pictures that stand within a story."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin

import numpy as np

from scraper.article import Image
from scraper.extractors.columns import Columns, Ints
from scraper.extractors.tags import OPENS, among

IS_IMG: Final = among("img")
AROUND: Final = among("nav", "aside", "footer", "button", "form")
AROUND_BITS: Final = int(np.bitwise_or.reduce(OPENS[AROUND]))
# Where pages that load pictures late say what they will show, before the place holder in src.
SOURCES: Final = ("data-src", "data-original", "data-lazy-src", "src")
MOST: Final = 100
WHOLE: Final = ("https://", "http://")


def images(page: Columns, kept: Ints, base: str | None) -> tuple[Image, ...]:
    """Pictures between the first and the last of the rows that were kept, in their order.

    ``base`` is the page's address, against which theirs are resolved. Pictures in navigation and
    the like, and those that are written into the page itself (``data:``), are none.
    """
    if not len(kept):
        return ()
    rows = page.rows(IS_IMG)
    rows = rows[(rows > kept[0] - 40) & (rows < kept[-1])]
    if (page.within[rows] & AROUND_BITS).any():
        rows = rows[~page.inside(page.rows(AROUND))[rows]]
    found: dict[str, Image] = {}
    for row in rows[:MOST].tolist():
        attributes = page.attributes(row)
        address = next((value for it in SOURCES if (value := attributes.get(it))), "").strip()
        if not address or address.startswith("data:"):
            continue
        try:
            # Most are whole already.
            is_whole = address.startswith(WHOLE) and "[" not in address
            whole = address if is_whole else urljoin(base or "", address)
        except ValueError:
            continue
        found.setdefault(whole, Image(whole, " ".join((attributes.get("alt") or "").split())))
    return tuple(found.values())


def rows_of(first: Ints, kept: list[int]) -> Ints:
    """The rows of the segments that were kept."""
    return first[np.array(kept, dtype=np.intp)]
