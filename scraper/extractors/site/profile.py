"""What returns on page after page of a site is no story: counted lines, saved as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

from cleaners.errors import BadData

# Below so many pages nothing is known about a site; a line must stand on so many, and on such a
# share of them, to be its template's.
LEAST_PAGES: Final = 4
LEAST_TIMES: Final = 3
LEAST_SHARE: Final = 0.25
# What a template line's odds of being story are multiplied by. Removing such lines outright was
# measured to harm sites with mixed pages.
ODDS: Final = 0.3
# A profile keeps the lines that it saw most often; a site's template has a few hundred.
MOST_LINES: Final = 5_000


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """``pages`` of a site were seen; ``lines`` holds on how many of them each line stood.

    Lines are kept as short hashes: a profile holds nobody's text.
    """

    pages: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def odds(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """What the odds of each text are to be multiplied by, float64 [n]: 1, or ``ODDS``."""
        if self.pages < LEAST_PAGES:
            return np.ones(len(texts))
        least = max(LEAST_TIMES, LEAST_SHARE * self.pages)
        return np.array([ODDS if self.lines.get(_mark(it), 0) >= least else 1.0 for it in texts])


def learned(profile: SiteProfile, pages: Iterable[Iterable[str]]) -> SiteProfile:
    """The profile with further pages of the site, each given as the texts of its blocks.

    >>> seen = learned(SiteProfile(), [["Menu", f"Story {n}"] for n in range(5)])
    >>> seen.odds(["Menu", "Story 9"]).tolist()
    [0.3, 1.0]
    """
    lines = Counter(dict(profile.lines))
    count = profile.pages
    for texts in pages:
        count += 1
        lines.update({_mark(it) for it in texts})
    kept = sorted(lines.items(), key=lambda it: (-it[1], it[0]))[:MOST_LINES]
    return SiteProfile(count, dict(kept))


def save(profile: SiteProfile, path: Path) -> None:
    """Writes the profile; equal profiles give equal files."""
    told = {"format": 1, "pages": profile.pages, "lines": dict(sorted(profile.lines.items()))}
    path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))


def load(path: Path) -> SiteProfile:
    """Reads what ``save`` wrote; ``BadData`` where it is something else."""
    try:
        told = orjson.loads(path.read_bytes())
        if told["format"] != 1:
            raise BadData(str(path), f"format {told['format']}, expected 1")
        return SiteProfile(int(told["pages"]), {str(k): int(v) for k, v in told["lines"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadData(str(path), f"no site profile: {error}") from error


def _mark(text: str) -> str:
    return blake2b(
        " ".join(text.lower().split()).encode("utf-8", "replace"), digest_size=8
    ).hexdigest()
