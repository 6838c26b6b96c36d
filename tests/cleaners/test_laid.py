"""Blocks that are made when they are looked at: the same as if they had been made at once."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from cleaners.blocks import Block, Kind
from cleaners.labels import Cleaned, Label, Labeled, Laid, Vote

ROWS = st.lists(st.tuples(st.sampled_from(list(Label)), st.text("ab ", max_size=3), st.booleans()))


def laid(rows: list[tuple[Label, str, bool]]) -> tuple[Laid, tuple[Labeled, ...], list[int]]:
    made: list[int] = []
    whole = tuple(
        Labeled(Block(at, Kind.PARAGRAPH, text, None, tight), Vote(at, label, "a.rule", 0.9, "why"))
        for at, (label, text, tight) in enumerate(rows)
    )

    def make(at: int) -> Labeled:
        made.append(at)
        return whole[at]

    labels, texts, tight = ([row[side] for row in rows] for side in range(3))
    return Laid(labels, texts, tight, make), whole, made  # type: ignore[arg-type]


@given(ROWS)
def test_it_is_the_tuple_that_it_stands_for(rows: list[tuple[Label, str, bool]]) -> None:
    lazy, whole, _ = laid(rows)
    assert lazy == whole
    assert tuple(lazy) == whole
    assert len(lazy) == len(whole)
    assert lazy[1:3] == whole[1:3]
    assert pickle.loads(pickle.dumps(lazy)) == whole
    some, all_made = Cleaned(lazy), Cleaned(whole)
    assert (some.text, some.kept, some.removed) == (all_made.text, all_made.kept, all_made.removed)


@given(ROWS)
def test_a_text_costs_no_block(rows: list[tuple[Label, str, bool]]) -> None:
    lazy, whole, made = laid(rows)
    assert Cleaned(lazy).text == Cleaned(whole).text
    assert made == []
    kept = Cleaned(lazy).kept
    assert made == [it.block.index for it in kept]
    assert Cleaned(lazy).kept == kept
    assert len(made) == len(kept)
