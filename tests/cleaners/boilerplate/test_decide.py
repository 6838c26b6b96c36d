"""decide: the votes are weighed the same way every time, and each block comes out once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.decide import decide
from cleaners.labels import Cleaned, Label, Vote

LONG = "A paragraph of the story that is long enough to outweigh a line or two of residue. " * 5


def blocks(*texts: str) -> list[Block]:
    return [Block(at, Kind.PARAGRAPH, it) for at, it in enumerate(texts)]


def decided(*votes: tuple[Label, str, float]) -> Label:
    cast = [Vote(0, label, rule, sure, "seen") for label, rule, sure in votes]
    return decide(blocks("a line", LONG), cast)[0].label


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([], Label.CONTENT),
        ([(Label.RELATED, "related.x.en", 0.97)], Label.RELATED),
        ([(Label.RELATED, "related.x.en", 0.7)], Label.CONTENT),
        # Two rules of one family see the same thing; two of different families do not.
        (
            [(Label.RELATED, "related.x.en", 0.8), (Label.RELATED, "related.y.en", 0.8)],
            Label.CONTENT,
        ),
        ([(Label.RELATED, "related.x.en", 0.8), (Label.RELATED, "model.x", 0.8)], Label.RELATED),
        # A sure rule is not silenced by a model that is fairly sure, a weak one is.
        ([(Label.RELATED, "related.x.en", 0.97), (Label.CONTENT, "model.x", 0.8)], Label.RELATED),
        ([(Label.RELATED, "related.x.en", 0.9), (Label.CONTENT, "model.x", 0.8)], Label.CONTENT),
        # Kept either way, the block is called what it is.
        ([(Label.DATELINE, "dateline.x.en", 0.9), (Label.CONTENT, "model.x", 0.8)], Label.DATELINE),
        ([(Label.RELATED, "a.x", 0.9), (Label.SHARING, "b.x", 0.95)], Label.SHARING),
    ],
)
def test_weighing(votes: list[tuple[Label, str, float]], expected: Label) -> None:
    assert decided(*votes) is expected


def test_where_much_is_residue_the_benefit_of_the_doubt_shrinks() -> None:
    votes = [Vote(0, Label.RELATED, "a.x", 0.7, "seen")]
    sure = [Vote(1, Label.FOOTER, "b.x", 0.99, "seen")]
    assert decide(blocks("a line", LONG), votes)[0].label is Label.CONTENT
    assert decide(blocks("a line", LONG), votes + sure)[0].label is Label.RELATED


VOTES = st.lists(
    st.builds(
        Vote,
        st.integers(0, 4),
        st.sampled_from(Label),
        st.sampled_from(["a.x", "a.y", "b.x", "c.x"]),
        st.floats(0, 1),
        st.sampled_from(["", "seen"]),
    ),
    max_size=20,
)


@given(VOTES, st.randoms())
def test_the_order_of_the_votes_does_not_matter(votes: list[Vote], chance: object) -> None:
    shuffled = list(votes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    page = blocks("a", "b", LONG, "c", "d")
    assert decide(page, votes) == decide(page, shuffled)


@given(VOTES)
def test_every_block_comes_out_once_with_a_reason(votes: list[Vote]) -> None:
    page = blocks("a", "b", LONG, "c", "d")
    labeled = decide(page, votes)
    assert [it.block for it in labeled] == page
    assert all(it.because.rule and it.because.block == it.block.index for it in labeled)
    cleaned = Cleaned(labeled)
    assert sorted(it.block.index for it in (*cleaned.kept, *cleaned.removed)) == [0, 1, 2, 3, 4]
    for it in labeled:
        own = [vote for vote in votes if vote.block == it.block.index]
        assert len(it.others) == len(own) - (it.because in own)
