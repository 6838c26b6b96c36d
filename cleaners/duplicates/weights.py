"""How much a word tells about which story is told: nothing for "the", all for a rare name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.words import Hashes
from cleaners.errors import BadData

_WORDS: Final = "duplicates-words.npz"
# One slot a stem: of 2**20 slots, 15,000 are taken, so that 1.4 % of rare stems lose their weight.
_SLOTS: Final = np.uint64((1 << 20) - 1)


def weights(stems: Hashes) -> NDArray[np.float32]:
    """The weight of each stem, 0 to 1; 1 for one that our texts hardly know."""
    return _table()[(stems & _SLOTS).astype(np.int64)]


@cache
def _table() -> NDArray[np.float32]:
    path = files("cleaners") / "data" / "models" / _WORDS
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            stems, shares = data["stems"], data["weights"]
    except (OSError, KeyError, ValueError) as error:
        raise BadData(str(path), f"no table of words can be read from it: {error}") from error
    table = np.ones(int(_SLOTS) + 1, dtype=np.float32)
    np.minimum.at(table, (stems & _SLOTS).astype(np.int64), shares.astype(np.float32) / 255)
    return table
