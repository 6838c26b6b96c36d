"""Bands and rare terms as keys of a join: who meets whom, and which pairs are worth a look."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow
from numpy.typing import NDArray

from cleaners.duplicates.candidates import enough, meetings, neighbors, once, packed
from cleaners.duplicates.fingerprint import BANDS
from cleaners.duplicates.results import CopyKind, Document
from cleaners.duplicates.shelf import seconds
from cleaners.duplicates.words import Rows
from scraper.scale.stages.frame import TO, Frame, Tables, column, table

_LOW: Final = np.uint64(0xFFFFFFFF)
_HALF: Final = np.uint64(32)


def keys(frame: Frame, leaf: int, tables: Tables) -> Tables:
    """Of each group that a document of this leaf speaks for: its keys, and its text.

    A key goes to its own bucket, the text to the bucket where the group lives.
    """
    home = tables["home"]
    home = home.filter(home.column("speaks")).sort_by("document")
    rows = column(home, "document").astype(np.int64) - frame.leaves[leaf]
    starts = np.array(frame.groups, dtype=np.int64)
    group = (starts[column(home, "bucket")] + column(home, "local")).astype(np.uint32)
    it = tables["leaf"].take(pyarrow.array(rows))
    kinds = frame.copies.kinds
    says = column(it, "words") > 0
    # Texts without a word are like nothing; where only some kinds are wanted, fewer keys do.
    banded = says & bool(kinds - {CopyKind.EXACT})
    termed = says & bool(kinds - {CopyKind.EXACT, CopyKind.NEAR})
    times = _times(it) if frame.copies.window is not None else np.zeros(len(group))
    text = it.column("text").cast(pyarrow.large_string())
    texts = table(group=group, to=frame.home(group)).append_column("text", text)
    return {
        "bands": _bands(frame, it, banded, group, times),
        "terms": _terms(frame, it, termed, group, times),
        "texts": texts,
    }


def _times(it: Any) -> NDArray[np.float64]:
    """Seconds since 1970 when each was published; NaN where it is not known."""
    found = np.full(it.num_rows, np.nan)
    for row, published in enumerate(it.column("published").to_pylist()):
        known = Document.of({"id": "it", "text": "", "published": published}).published
        if known is not None:
            found[row] = seconds(known)
    return found


def _bands(
    frame: Frame, it: Any, chosen: NDArray[np.bool_], group: Rows, times: NDArray[np.float64]
) -> Any:
    of = it.column("bands").combine_chunks().flatten().to_numpy().reshape(-1, BANDS)[chosen]
    band = np.broadcast_to(np.arange(of.shape[1], dtype=np.uint8), of.shape).ravel()
    key = of.ravel()
    whole = band.astype(np.uint64) << _HALF | key
    return table(
        band=band,
        key=key,
        group=np.repeat(group[chosen], BANDS),
        time=np.repeat(times[chosen], BANDS),
        to=frame.spread(whole),
    )


def _terms(
    frame: Frame, it: Any, chosen: NDArray[np.bool_], group: Rows, times: NDArray[np.float64]
) -> Any:
    lists = it.column("terms").filter(pyarrow.array(chosen)).combine_chunks()
    key, many = lists.flatten().to_numpy(), lists.value_lengths().to_numpy().astype(np.int64)
    return table(
        key=key,
        group=np.repeat(group[chosen], many),
        many=np.repeat(many, many).astype(np.uint8),
        time=np.repeat(times[chosen], many),
        to=frame.spread(key),
    )


def meet(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The pairs of groups that meet under the keys of this bucket, each once, and how often.

    Under one key a group meets a limited number of those that follow it, in the order of their
    numbers; a term of too many groups is no key. So a flood of one text costs no square. A pair
    goes to the bucket where its first group lives.
    """
    bands, terms = tables["bands"], tables["terms"]
    number = column(bands, "band")
    key, owner = column(bands, "key"), column(bands, "group")
    near = once([neighbors(packed(key[number == it], owner[number == it]))
                 for it in np.unique(number)])  # fmt: skip
    shared, count = meetings(packed(column(terms, "key"), column(terms, "group")))
    pairs = once([near, shared])
    often = np.zeros(len(pairs), dtype=np.uint8)
    often[np.searchsorted(pairs, shared)] = count
    is_near = np.zeros(len(pairs), dtype=bool)
    is_near[np.searchsorted(pairs, near)] = True
    a, b = (pairs >> _HALF).astype(np.uint32), (pairs & _LOW).astype(np.uint32)
    many = _Of(column(terms, "group"), column(terms, "many"), np.uint8(0))
    found = table(
        a=a, b=b, near=is_near, shared=often, fewer=np.minimum(many[a], many[b]), to=frame.home(a)
    )
    window = frame.copies.window
    if window is None:
        return {"pairs": found}
    groups = np.concatenate([owner, column(terms, "group")])
    times = _Of(groups, np.concatenate([column(bands, "time"), column(terms, "time")]), np.nan)
    apart = np.abs(times[a] - times[b]) > window.total_seconds()
    return {"pairs": found.filter(pyarrow.array(~apart))}


class _Of:
    """A value for each group, looked up by the group's number."""

    __slots__ = ("_groups", "_other", "_values")

    def __init__(self, groups: NDArray[Any], values: NDArray[Any], other: Any) -> None:
        self._groups, first = np.unique(groups, return_index=True)
        self._values, self._other = values[first], other

    def __getitem__(self, groups: NDArray[Any]) -> NDArray[Any]:
        if not len(self._groups):
            return np.full(len(groups), self._other)
        place = np.minimum(np.searchsorted(self._groups, groups), len(self._groups) - 1)
        return np.where(self._groups[place] == groups, self._values[place], self._other)


def pairs(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The pairs that share a band or enough terms; and whose texts are wanted here."""
    it = tables["pairs"]
    both = column(it, "a").astype(np.uint64) << _HALF | column(it, "b")
    order = np.argsort(both, kind="stable")
    both = both[order]
    heads = np.flatnonzero(np.append(True, both[1:] != both[:-1])) if len(both) else both
    if len(both):
        shared = np.add.reduceat(column(it, "shared")[order].astype(np.int64), heads)
        near = np.logical_or.reduceat(column(it, "near")[order], heads)
        # Where two met under a band only, their terms are not known there: the others know.
        fewer = np.maximum.reduceat(column(it, "fewer")[order].astype(np.int64), heads)
        both = both[heads][near | (shared >= enough(fewer))]
    a, b = both >> _HALF, both & _LOW
    wanted = np.unique(np.concatenate([a, b])).astype(np.uint32)
    return {
        "pairs": table(a=a.astype(np.uint32), b=b.astype(np.uint32)),
        "wanted": table(
            group=wanted, by=np.full(len(wanted), bucket, dtype=np.int32), to=frame.home(wanted)
        ),
    }


def texts(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The texts that live in this bucket, each to all that want it."""
    wanted = tables["wanted"]
    return {"sent": texts_of(tables["texts"], column(wanted, "group")).append_column(
        TO, wanted.column("by")
    )}  # fmt: skip


def texts_of(texts: Any, groups: NDArray[Any]) -> Any:
    """The texts of these groups, in their order; all of them are there."""
    known = column(texts, "group")
    order = np.argsort(known)
    place = order[np.searchsorted(known[order], groups)]
    return texts.take(pyarrow.array(place))
