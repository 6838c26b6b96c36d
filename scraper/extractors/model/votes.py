"""What the model and the choice after it say of each block, as votes with labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks import Block, Kind
from cleaners.labels import Label, Vote
from scraper.extractors.walk import KINDS, Segments

RULE: Final = "model.page"
REPEATED: Final = "repeats.on-page"
# Of the blocks that the choice leaves out, so many are not in the gold text, and of those that it
# takes, so many are: means over pages of sites held out (printed by training.page_model).
REMOVED: Final = 0.95
KEPT: Final = 0.81


def model_votes(
    segments: Segments,
    story: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    suspected: Sequence[Label | None],
) -> list[Vote]:
    """One vote for each segment: content where it was kept, repeated where it was chosen but says
    what was said before, else what its place suggests.

    ``story`` float64 [n] are the probabilities, ``suspected`` the labels of ``place_labels``.
    """
    caption = KINDS.index(Kind.CAPTION)
    votes = []
    for index, (likely, is_chosen, is_kept, kind, label) in enumerate(
        zip(
            story.tolist(),
            chosen.tolist(),
            kept.tolist(),
            segments.kind.tolist(),
            suspected,
            strict=True,
        )
    ):
        evidence = f"p={likely:.2f}"
        if is_kept:
            votes.append(Vote(index, Label.CONTENT, RULE, max(KEPT, likely), evidence))
        elif is_chosen:
            votes.append(Vote(index, Label.REPEATED, REPEATED, REMOVED, "said before"))
        else:
            if label is None:
                label = Label.PHOTO_CREDIT if kind == caption else Label.NAVIGATION
            votes.append(Vote(index, label, RULE, max(REMOVED, 1 - likely), evidence))
    return votes


def state_votes(shown: Sequence[Block], laid: Sequence[Block], origin: str) -> list[Vote]:
    """For a page whose body shows no story: what it shows is the frame around it."""
    rule = f"state.{origin}"
    votes = [Vote(it.index, Label.NAVIGATION, "state.shell", REMOVED, "no story") for it in shown]
    votes += [Vote(it.index, Label.CONTENT, rule, 0.9, "found in a script") for it in laid]
    return votes
