"""What a build is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from cleaners.duplicates import CopyKind, Threshold
from scraper.jobs.settings import ExtractSettings


@dataclass(frozen=True, slots=True)
class Portions:
    """How large the pieces are that one task holds; with them grow memory and files' number.

    ``partition``: bytes of input that one task reads, as they lie there; less where there is little
    and more where there is very much. ``leaf``: articles of one Parquet file, and of one bucket of
    a join. ``edges``: matches whose components are found on one machine; where there are more, by
    joins that are iterated.
    """

    partition: int = 16 << 20
    leaf: int = 5_000
    edges: int = 20_000_000


@dataclass(frozen=True, slots=True)
class CopySettings:
    """What counts as a copy, as in ``cleaners.deduplicate``."""

    threshold: Threshold = Threshold.NORMAL
    kinds: frozenset[CopyKind] = frozenset(CopyKind)
    window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """``inputs`` and ``out`` are paths or addresses of stores."""

    inputs: tuple[str, ...]
    out: str
    copies: CopySettings = field(default_factory=CopySettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    portions: Portions = field(default_factory=Portions)
