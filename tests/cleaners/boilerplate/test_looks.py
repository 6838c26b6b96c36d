"""What all rules see of a block: whether it ends as a sentence does."""

from __future__ import annotations

import pytest

from cleaners.boilerplate.looks import look
from cleaners.text.segment import segment


@pytest.mark.parametrize(
    ("line", "is_closed"),
    [
        ("He said that it rained.", True),
        ("“It rains.”", True),
        ("„Es regnet.“", True),
        ("„Er rief: ‚Es regnet!‘“", True),
        ("»Es regnet.«", True),
        ("«Il pleut.»", True),
        ("雨が降った。」", True),
        ("„Es regnet“", False),
        ("Rain in Ghent", False),
    ],
)
def test_a_sentence_ends_in_the_marks_of_any_language(line: str, is_closed: bool) -> None:
    assert look(segment(line)).closed == [is_closed]
