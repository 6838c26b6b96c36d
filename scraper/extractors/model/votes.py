"""What the model and the choice after it say of each block, as votes with labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks import Block, Kind
from cleaners.labels import Label, Vote
from scraper.extractors.columns import Ints
from scraper.extractors.model.place_labels import SUSPECTS
from scraper.extractors.walk import KINDS

RULE: Final = "model.page"
REPEATED: Final = "repeats.on-page"
# Of the blocks that the choice leaves out, so many are not in the gold text, and of those that it
# takes, so many are: means over pages of sites held out (printed by training.page_model).
REMOVED: Final = 0.94
KEPT: Final = 0.84
CAPTION: Final = KINDS.index(Kind.CAPTION)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """One vote for each segment: content where it was kept, repeated where it was chosen but says
    what was said before, else what its place suggests.

    ``story`` float64 [n] are the probabilities, ``labels`` [n] what follows for each segment.
    """

    story: NDArray[np.float64]
    labels: list[Label]

    def vote(self, at: int) -> Vote:
        """The vote on one segment."""
        label, likely = self.labels[at], float(self.story[at])
        if label is Label.REPEATED:
            return Vote(at, label, REPEATED, REMOVED, "said before")
        sure = max(KEPT, likely) if label is Label.CONTENT else max(REMOVED, 1 - likely)
        return Vote(at, label, RULE, sure, f"p={likely:.2f}")


def model_votes(
    kind: Ints,
    story: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    suspected: Ints,
) -> Votes:
    """``kind`` counts in ``KINDS``, ``suspected`` in ``SUSPECTS``; all arrays are [n]."""
    place = np.where((suspected < 0) & (kind == CAPTION), PHOTO, suspected)
    place[chosen] = SAID_BEFORE
    place[kept] = STORY
    return Votes(story, [LABELS[it] for it in place.tolist()])


# By their places; -1 is the last.
LABELS: Final = (*SUSPECTS, Label.CONTENT, Label.REPEATED, Label.NAVIGATION)
STORY, SAID_BEFORE = len(SUSPECTS), len(SUSPECTS) + 1
PHOTO: Final = SUSPECTS.index(Label.PHOTO_CREDIT)


def state_votes(shown: Sequence[Block], laid: Sequence[Block], origin: str) -> list[Vote]:
    """For a page whose body shows no story: what it shows is the frame around it."""
    rule = f"state.{origin}"
    votes = [Vote(it.index, Label.NAVIGATION, "state.shell", REMOVED, "no story") for it in shown]
    votes += [Vote(it.index, Label.CONTENT, rule, 0.9, "found in a script") for it in laid]
    return votes
