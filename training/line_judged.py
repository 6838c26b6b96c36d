"""Lines that a person read and judged residue though a gold text keeps them.

Gold texts keep some ``Read more: …`` lines, stamps and photo credits. ``benchmarks/judged.txt``
names such lines by a hash, without repeating what pages say. They were picked by patterns, on the
side that was tuned on also by those of a rule, and read; what could be story was left out.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from cleaners.text.fold import fold

JUDGED = Path(__file__).parent.parent / "benchmarks" / "judged.txt"


@cache
def judged() -> frozenset[str]:
    """The hashes of the lines."""
    return frozenset(JUDGED.read_text("utf-8").split())


def line_hash(line: str) -> str:
    """How the file names a line."""
    return blake2b(fold(line).encode(), digest_size=8).hexdigest()
