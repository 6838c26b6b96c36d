"""Keeps what is known about a batch's documents besides their texts: when, where, of whom.

Dates stand in a column; addresses in a temporary file, since only those of copies are asked for.
"""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.keep import has_agency
from cleaners.duplicates.results import Document
from cleaners.duplicates.shelf import Mark, seconds
from cleaners.duplicates.spool import Spool

_UNKNOWN: Final = float("nan")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Both ends of what a datetime can say; one in another time zone may lie a little beyond.
_FIRST: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH).total_seconds()
_LAST: Final = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH).total_seconds()


class Provenance:
    """What is known about documents by their number, in the order in which they came."""

    def __init__(self, addresses: Spool) -> None:
        """``addresses`` is an empty spool that nobody else writes."""
        self._addresses = addresses
        self._times = array("d")
        self._agency = bytearray()

    def add(self, portion: list[Document]) -> None:
        """Puts down the next documents."""
        for it in portion:
            self._times.append(_UNKNOWN if it.published is None else seconds(it.published))
            self._agency.append(has_agency(it.agency, it.text))
        self._addresses.add([part or "" for it in portion for part in (it.url, it.canonical)])

    def times(self) -> NDArray[np.float64]:
        """Seconds since 1970 when each was published; NaN where it is not known."""
        return np.array(self._times)

    def get(self, number: int) -> Mark:
        """What is known about a document."""
        at = self._times[number]
        url, canonical = self._addresses.texts(np.array([2 * number, 2 * number + 1]))
        is_known = at == at
        published = _EPOCH + timedelta(seconds=min(max(at, _FIRST), _LAST)) if is_known else None
        return Mark(published, url or None, canonical or None, bool(self._agency[number]))
