"""segment: every line goes into exactly one block."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.blocks import Kind
from cleaners.labels import Cleaned, Label, Labeled, Vote
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment


def kept(text: str) -> Cleaned:
    blocks = segment(text)
    return Cleaned(
        tuple(Labeled(it, Vote(it.index, Label.CONTENT, "x.y", 1.0, "")) for it in blocks)
    )


@given(
    st.lists(st.sampled_from(["a b", "- c", "# d", "> e", "| f |", "", "1. g", "```", "h"])).map(
        "\n".join
    )
)
def test_blocks_that_are_all_kept_are_the_text(text: str) -> None:
    text = normalize(text)
    assert kept(text).text == text
    assert [it.index for it in segment(text)] == list(range(len(segment(text))))


def test_kinds() -> None:
    text = "# Head\n\nProse - no item.\n\n- item\n• item\n2. item\n\n> quote\n\n| a | b |\n\n```\nx = 1\n- y\n```\nprose"
    kinds = [it.kind for it in segment(text)]
    assert kinds == [
        Kind.HEADING, Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.LIST_ITEM, Kind.LIST_ITEM, Kind.QUOTE, Kind.TABLE,
        Kind.CODE, Kind.CODE, Kind.CODE, Kind.CODE, Kind.PARAGRAPH,
    ]  # fmt: skip


def test_ten_thousand_empty_lines_are_nothing() -> None:
    assert segment("\n" * 10_000) == ()
