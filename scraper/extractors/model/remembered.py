"""What was made of names and short texts, as pages of one site, and of all, share many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

Made = TypeVar("Made")

# So much is remembered, some megabytes.
REMEMBERED: Final = 20_000
# So many are made at once, at some hundred bytes each; most pages have some hundreds.
AT_ONCE: Final = 4_096


def remembered(
    known: dict[str, Made],
    asked: Sequence[str],
    make: Callable[[tuple[str, ...]], Iterable[Made]],
) -> list[Made]:
    """What was made of each; by ``make``, which never gives None, of those that are new.

    ``known`` is kept bounded, and may be shared by threads.
    """
    found = list(map(known.get, asked))
    new = tuple(
        dict.fromkeys([it for it, value in zip(asked, found, strict=True) if value is None])
    )
    made: dict[str, Made] = {}
    for start in range(0, len(new), AT_ONCE):
        these = new[start : start + AT_ONCE]
        made.update(zip(these, make(these), strict=True))
    if len(known) + len(made) > REMEMBERED:
        known.clear()
    if len(made) <= REMEMBERED:
        known.update(made)
    return [made[it] if value is None else value for it, value in zip(asked, found, strict=True)]
