"""Spans of time as people write them in a job file: 30m, 6h, 7d."""

from __future__ import annotations

import re
from typing import Final

from scraper.errors import JobError

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def seconds(text: str) -> float:
    """A span of time as people write it. Raises JobError.

    >>> seconds("6h"), seconds("90")
    (21600.0, 90.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw]?)", text.strip())
    if found is None:
        raise JobError(text, f"{text!r} is no span of time: write 30m, 6h, 7d")
    return float(found[1]) * _UNITS[found[2] or "s"]
