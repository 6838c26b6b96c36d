"""Says for a person, or for a program, why each block of a text was removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cleaners.labels import Cleaned, Labeled

_SHOWN = 72  # characters of a block


def explained(cleaned: Cleaned) -> Iterator[str]:
    """One line for each removed block: label, confidence, rule, evidence, how the block begins.

    >>> from cleaners import clean
    >>> for line in explained(clean("It rained all day in Ghent.\\n\\nLeave a Reply")):
    ...     print(" ".join(line.split()[:1]))
    comment_form
    """
    for it in cleaned.removed:
        vote = it.because
        text = it.block.text if len(it.block.text) <= _SHOWN else f"{it.block.text[: _SHOWN - 1]}…"
        yield f"{vote.label:<18}{vote.confidence:.2f}  {vote.rule}  [{vote.evidence}]  {text}"


def reasons(cleaned: Cleaned) -> list[dict[str, Any]]:
    """The removed blocks as plain mappings, for JSON."""
    return [_reason(it) for it in cleaned.removed]


def _reason(it: Labeled) -> dict[str, Any]:
    vote = it.because
    return {
        "text": it.block.text,
        "label": vote.label.value,
        "rule": vote.rule,
        "confidence": round(vote.confidence, 4),
        "evidence": vote.evidence,
    }
