"""The names that elements are given, taken apart into tokens: of one name, or of many at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.model.remembered import REMEMBERED

PART: Final = r"[a-z]{2,}|[A-Z](?:[a-z]{2,}|[A-Z]+)"
PARTS: Final = re.compile(PART)
PARTS_OR_SEAM: Final = re.compile(rf"{PART}|\n")
MOST_PARTS: Final = 12
# Any large odd number mixes hashes (Dietzfelbinger 1997).
FACTOR: Final = np.int64(0x1E3779B97F4A7C15)


@lru_cache(maxsize=REMEMBERED)
def parts_of(name: str) -> tuple[str, ...]:
    """The tokens of one name: it as a whole, the words in it, and pairs of them.

    >>> parts_of("shareBar")
    ('.sharebar', 'share', 'bar', 'share-bar')
    """
    lower = name.lower()
    parts = list(map(str.lower, PARTS.findall(name)[:MOST_PARTS]))
    if len(parts) < 2:
        return (f".{lower}", *parts)
    return tuple(dict.fromkeys([f".{lower}", *parts, *map("-".join, pairwise(parts))]))


def tokens_of_name(name: str) -> tuple[str, ...]:
    """The same, where the name may be a tag, which is one token; only a tag is written ``<div``."""
    return (name,) if name[0] == "<" else parts_of(name)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of ``n`` names: ``tokens`` [t], and ``of`` [t], int64, the name that each is of.

    Those of one name stand in their order, with those of others in between. ``order`` [t] sorts
    them by name, and each name's ``begin`` [n] in that.
    """

    tokens: list[str]
    of: NDArray[np.int64]
    order: NDArray[np.intp]
    begin: NDArray[np.intp]


@lru_cache(maxsize=1)  # A page's names are asked for twice in a row, by the scores and the places.
def tokens_of_names(names: tuple[str, ...]) -> Tokens:
    """``tokens_of_name`` of each name at once; none may be empty or have white space in it.

    >>> tokens_of_names(("<div", "shareBar")).tokens
    ['.sharebar', 'share', 'bar', 'share-bar', '<div']
    """
    wholes = ("." + "\n.".join(names)).lower().split("\n")
    found = PARTS_OR_SEAM.findall("\n".join(names))
    is_seam = np.frombuffer(bytes(list(map("\n".__eq__, found))), dtype=np.bool_)
    of_part: NDArray[np.int64] = np.cumsum(is_seam, dtype=np.int64)[~is_seam]
    parts = " ".join(found).lower().split()
    is_odd = _odd(names, parts, of_part)
    is_pair = of_part[1:] == of_part[:-1]
    pairs = map("-".join, compress(pairwise(parts), is_pair.tolist()))
    of = np.concatenate([np.arange(len(names)), of_part, of_part[:-1][is_pair]])
    is_plain = ~is_odd[of]
    tokens = list(compress(chain(wholes, parts, pairs), is_plain.tolist()))
    odd = np.flatnonzero(is_odd)
    of_odd = [tokens_of_name(names[at]) for at in odd.tolist()]
    tokens += chain.from_iterable(of_odd)
    of = np.concatenate([of[is_plain], np.repeat(odd, list(map(len, of_odd)))])
    order = np.argsort(of, kind="stable")
    return Tokens(tokens, of, order, np.searchsorted(of[order], np.arange(len(names))))


def _odd(names: Sequence[str], parts: list[str], of_part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The names that are not taken apart with the others: tags, and those that have many parts or
    one part twice."""
    found = np.array([it[0] == "<" for it in names])
    found |= np.bincount(of_part, minlength=len(names)) > MOST_PARTS
    # A part and its name in one number; a chance likeness of two does no harm.
    told = np.fromiter(map(hash, parts), dtype=np.int64, count=len(parts)) * FACTOR + of_part
    order = np.argsort(told)
    found[of_part[order[1:][told[order][1:] == told[order][:-1]]]] = True
    return found
