"""Labeled pages as the network is trained on them, kept on disk between two trainings."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scraper.article import PageType
from scraper.extractors.columns import columns
from scraper.extractors.elements import elements
from scraper.extractors.frames import parsed
from scraper.extractors.model.features import features
from scraper.extractors.model.measured import measured
from scraper.extractors.model.page_model import HEADING
from scraper.extractors.model.place_labels import place_labels
from scraper.extractors.model.token_scores import Names, TokenScores, names_of, words_in
from scraper.extractors.said import said
from scraper.extractors.walk import walk
from training.page_data import Sample, samples
from training.page_labels import labels
from training.page_scores import Seen
from training.page_tokens import overlap, tokens
from training.sequence_network import Example

CLASSES = tuple(it.value for it in PageType)


@dataclass(slots=True, eq=False)
class Prepared:
    """A page with all that does not depend on which other pages are trained on.

    ``ceiling`` is the F1 of the gold segments against the gold text; where it is low, the labels
    and the page do not fit together.
    """

    name: str
    source: str
    host: str
    country: str
    page_type: str
    rows: NDArray[np.float32]
    labels: NDArray[np.float32]
    names: Names
    words: list[tuple[str, ...]]
    headings: NDArray[np.bool_]
    box: NDArray[np.int32]
    tokens: list[list[str]]
    gold: list[str]
    ceiling: float

    @property
    def lengths(self) -> NDArray[np.float32]:
        return np.array([len(it) for it in self.tokens], dtype=np.float32)


def prepared(data: Path, cache: Path | None, every: int = 1) -> list[Prepared]:
    """Of the sets each page, or each so many, that has segments; from ``cache`` where it is."""
    if cache is not None and cache.exists():
        found: list[Prepared] = pickle.loads(cache.read_bytes())
        return found
    pages = [it for sample in islice(samples(data), 0, None, every) for it in _prepare(sample)]
    if cache is not None:
        cache.write_bytes(pickle.dumps(pages, protocol=5))
    return pages


def _prepare(sample: Sample) -> Iterator[Prepared]:
    tree = parsed(sample.html)
    page = columns(tree)
    if page is None:
        return
    segments = walk(page)
    if not segments.texts:
        return
    holding = elements(page, segments)
    known = measured(page, segments, holding)
    found = labels(segments.texts, sample.gold)
    words = [tokens(it) for it in segments.texts]
    gold = tokens(sample.gold)
    taken = [word for it, share in zip(words, found, strict=True) if share > 0.5 for word in it]
    yield Prepared(
        name=sample.name,
        source=sample.source,
        host=sample.host,
        country=sample.country,
        page_type=sample.page_type,
        rows=features(known, said(tree, sample.html), place_labels(holding)).T,
        labels=found,
        names=names_of(page, segments),
        words=[words_in(it) for it in segments.texts],
        headings=segments.kind == HEADING,
        box=segments.box,
        tokens=words,
        gold=gold,
        ceiling=overlap(taken, gold)[2],
    )


def seen(page: Prepared) -> Seen:
    """The page as the token scores are counted from it."""
    mass = np.sqrt(np.minimum(page.lengths, 100))
    return Seen(page.host, page.names, page.words, page.box, page.labels, mass)


def inputs(page: Prepared, scores: TokenScores) -> NDArray[np.float32]:
    """Float32 [n, f]: what the network is given of the page with these scores."""
    told = scores.of_names(page.names, page.box), scores.of_words(page.words, page.headings)
    return np.concatenate([page.rows, *told], axis=1)


def example(page: Prepared, rows: NDArray[np.float32], importance: float) -> Example:
    """The page to learn from; a segment weighs nearly as its length in the F1 of the page."""
    weights = np.minimum(page.lengths, 200) ** 0.7 + 0.3
    return Example(
        rows,
        page.labels[:, None],
        weights[:, None].astype(np.float32),
        CLASSES.index(page.page_type),
        importance,
    )


def importance(page: Prepared, suspects: Sequence[str] = ()) -> float:
    """How much a page counts: less where its gold text cannot be right (``ceiling``)."""
    if page.name in suspects:
        return 0.3
    return float(np.clip((page.ceiling - 0.3) / 0.5, 0.05, 1.0))
