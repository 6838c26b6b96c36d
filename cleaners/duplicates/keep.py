"""Chooses which of several copies to keep, and says why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

# The mark of an agency at the head of a text: "KATHMANDU, April 25 (Reuters) -".
_AGENCY: Final = re.compile(
    r"\((?:Reuters|AP|AFP|dpa|dpa-AFX|ANI|PTI|UPI|EFE|ANSA|Xinhua|TASS|Bloomberg|Kyodo(?: News)?|"
    r"Yonhap|IANS|Bernama|Antara|CP|PA|AAP|ANP|Belga|APA|SDA|TT|NTB|Ritzau|PAP|ČTK|MTI|Agerpres)\)"
)
_HEAD: Final = 300
# A copy that holds four fifths of what the copies share counts as complete.
_COMPLETE: Final = 0.8
_FAITHFUL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a story, with what counts when one is chosen.

    ``core`` is the mass that it shares with another copy, ``faithful`` the share, 0 to 1, that
    another copy has word for word.
    """

    id: str
    core: float
    faithful: float
    length: int
    agency: bool
    published: datetime | None
    url: str | None
    canonical: str | None


def has_agency(agency: str | None, text: str) -> bool:
    """Whether a text names the agency that it comes from.

    >>> has_agency(None, "KATHMANDU, April 25 (Reuters) - Nepal said")
    True
    """
    return bool(agency) or _AGENCY.search(text[:_HEAD]) is not None


def keep(copies: Sequence[Copy]) -> tuple[str, str]:
    """The id of the copy to keep and the reason in words, the same for any order of the copies.

    A copy that others name as canonical comes first. Among those that are about as complete as the
    most complete one and not rewritten, one with the mark of an agency is better than one without,
    an earlier one better than a later, a longer one better than a shorter.
    """
    named = {it.canonical for it in copies if it.canonical and it.canonical != it.url}
    canonical = [it for it in copies if it.url and it.url in named]
    if canonical:
        best = min(canonical, key=_order)
        return best.id, "the others name it as canonical"
    most = max(it.core for it in copies)
    complete = [it for it in copies if it.core >= _COMPLETE * most]
    best_faith = max(it.faithful for it in complete)
    sound = [it for it in complete if it.faithful >= _FAITHFUL * best_faith]
    reasons = [] if len(complete) == len(copies) else ["among the most complete"]
    if len(sound) < len(complete):
        reasons.append("not rewritten")
    marked = [it for it in sound if it.agency]
    if marked and len(marked) < len(sound):
        sound = marked
        reasons.append("carries the mark of an agency")
    if len(sound) > 1:
        dated = [it.published for it in sound if it.published]
        if len(dated) == len(sound) and len({_moment(it) for it in dated}) > 1:
            reasons.append("the earliest")
        else:
            reasons.append("the longest" if len({it.length for it in sound}) > 1 else "the first")
    return min(sound, key=_order).id, ", ".join(reasons) or "the most complete"


def _order(it: Copy) -> tuple[datetime, int, str]:
    return (_moment(it.published), -it.length, it.id)


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.max.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
