"""Under which keys a text is put down in an index, and what stands under them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaners.duplicates.shelf import Sketches
from cleaners.duplicates.words import Hashes

NUMBER_BITS: Final = np.uint64(28)
MOST_NUMBERS: Final = 1 << 28
# The two upper bits of a key tell what it is; a band's key has five more for the band's number.
_TERM: Final = np.uint64(2 << 34)
_EXACT: Final = np.uint64(3 << 34)


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of documents: equal to a text, like it in a band, and by shared terms how many.

    ``useful`` are the keys that not too many documents have.
    """

    equal: list[int]
    near: list[int]
    sharing: dict[int, int]
    useful: list[int]


def keys_of(of: Sketches, place: int) -> Hashes:
    """The keys under which a text is put down, ascending: its bands, its terms and what it says."""
    bands = _BANDS | (of.bands[place, : len(_BANDS)].astype(np.uint64) >> np.uint64(3))
    terms = _TERM | of.terms[of.first[place] : of.first[place + 1]].astype(np.uint64)
    exact = _EXACT | (of.exact[place : place + 1] >> np.uint64(30))
    return np.concatenate([bands, terms, exact])


# Half of the bands: a near copy that has none of them in common (two in a thousand at a Jaccard of
# three quarters, one in nine at .6) shares most of its terms, and is found by those. With all 32 a
# document took 129 bytes more, and its search a fifth longer.
_BANDS: Final = np.arange(16, dtype=np.uint64) << np.uint64(29)
