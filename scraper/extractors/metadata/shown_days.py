"""Finds the days that readers see around a headline, and those of an address or a lone element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.metadata.head import Found, one_line
from scraper.extractors.metadata.moments import around_dates, is_label, labeled_dates, moment
from scraper.extractors.metadata.visible import Line


def shown_dates(lines: list[Line]) -> Iterator[tuple[str, Found]]:
    """("published" or "modified", (value, origin)) in the order of the lines.

    A day in a sentence is one that the story tells of.
    """
    before = ""
    for line in lines:
        # "Joined:" or "Updated on" may stand in a line of its own before the day.
        is_led = before.endswith(":") or is_label(before)
        dates = labeled_dates(f"{before} {line.text}" if is_led else line.text)
        before = line.text
        if line.moments:
            kind = dates[0][0] if len(dates) == 1 else "published"
            if not dates and is_update(line.text):
                kind = "modified"
            yield kind, (line.moments[0], "time")
            dates = dates[1:]
        if dates and not _is_sentence(line.text):
            for kind, value in dates:
                yield kind, (value, "byline")


# Of the pages for tuning, right days have at most 10 words beside them, wrong ones 16 and more.
MOST_BESIDE = 14


def _is_sentence(line: str) -> bool:
    return sum(len(it.split()) for it in around_dates(line)) > MOST_BESIDE


def is_update(text: str) -> bool:
    return any(kind == "modified" for kind, _ in labeled_dates(f"{text} 2000-01-01"))


_DAY_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)"
)


def day_in_address(url: str | None) -> str | None:
    """The day that a path names: most newsrooms file a story under the day it came out.

    >>> day_in_address("https://news.example/2024/05/03/rain")
    '2024-05-03'
    """
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    found = _DAY_IN_PATH.search(path)
    return "-".join(it.zfill(2) for it in found.groups()) if found else None


_DATED = "time, [class*=date i], [class*=publish i], [class*=posted i], [itemprop*=date i]"
LONGEST_DAY = 40  # characters of an element that holds a day and its label
MOST_DATED = 200


def lone_day(tree: LexborHTMLParser) -> str | None:
    """The day that elements called a date tell, if all of them tell one and the same: with two, one
    may be another story's."""
    days: dict[datetime, str] = {}
    for node in tree.css(_DATED)[:MOST_DATED]:
        text = one_line(node.text(separator=" "))
        value = (node.attributes.get("datetime") if node.tag == "time" else None) or text
        if len(text) > LONGEST_DAY:
            continue
        around = one_line(node.parent.text(separator=" ")) if node.parent else text
        dates = labeled_dates(around if len(around) <= 2 * LONGEST_DAY else text)
        if dates and dates[0][0] != "published":
            continue
        found = moment(value)
        if found is not None:
            days.setdefault(datetime(found.year, found.month, found.day), value)
    return next(iter(days.values())) if len(days) == 1 else None
