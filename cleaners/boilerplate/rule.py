"""The seam of the cleaner: whatever has an opinion on blocks is a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cleaners.blocks import Block
from cleaners.labels import Vote


class Rule(Protocol):
    """Sees all blocks of one text and votes on those that it knows something about.

    A rule leaves the blocks as they are and keeps nothing from one text to the next. A learned
    model is a rule as well.
    """

    def __call__(self, blocks: Sequence[Block], /) -> Iterable[Vote]: ...
