"""Learns token scores from labeled pages, for each site from all the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.model.token_scores import Names, TokenScores

# A token that fewer sites use says more about them than about what it means.
LEAST_SITES = 4
# So many sites that behave like the average are added to those that use a token.
PRIOR_SITES = 2.0
# The mass of text below which a site's own share is worth less than one site.
FULL_MASS = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One page as the counts need it: ``labels`` and ``mass`` [n] of its segments."""

    host: str
    names: Names
    words: Sequence[tuple[str, ...]]
    box: NDArray[np.int32]
    labels: NDArray[np.float32]
    mass: NDArray[np.float32]


Shares = dict[str, dict[str, tuple[float, float]]]  # token -> site -> weight, weight times share


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """For names and words: what each site says of each token, and the sums over all sites."""

    names: Shares
    words: Shares
    prior: float

    def scores(self, without: str | None = None) -> TokenScores:
        """The scores, for pages of site ``without`` from all the others."""
        return TokenScores(
            _Others(self.names, self.prior, without), _Others(self.words, self.prior, without)
        )

    def fixed(self) -> TokenScores:
        """The scores from all sites as plain dictionaries, sorted, for the model's file."""
        return TokenScores(*[
            {token: score for token in sorted(shares) if (score := view.get(token)) is not None}
            for shares in (self.names, self.words)
            for view in [_Others(shares, self.prior, None)]
        ])  # fmt: skip


class _Others(Mapping[str, float]):
    """A view of the scores as they are when one site is left out; each computed when asked for."""

    def __init__(self, shares: Shares, prior: float, without: str | None) -> None:
        self._shares, self._prior, self._without = shares, prior, without
        self._known: dict[str, float | None] = {}

    def get(self, token: str, default: float | None = None) -> float | None:  # type: ignore[override]
        if token not in self._known:
            self._known[token] = self._score(token)
        found = self._known[token]
        return default if found is None else found

    def _score(self, token: str) -> float | None:
        of = self._shares.get(token)
        if of is None or len(of) - (self._without in of) < LEAST_SITES:
            return None
        weight = sum(it[0] for host, it in of.items() if host != self._without)
        kept = sum(it[1] for host, it in of.items() if host != self._without)
        share = (kept + PRIOR_SITES * self._prior) / (weight + PRIOR_SITES)
        share = min(0.99, max(0.01, share))
        return log(share / (1 - share)) - log(self._prior / (1 - self._prior))

    def __getitem__(self, token: str) -> float:
        found = self.get(token)
        if found is None:
            raise KeyError(token)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._shares)

    def __len__(self) -> int:
        return len(self._shares)


def count(pages: Iterable[Seen]) -> Counted:
    """Adds up the mass of text, and that of it which is gold, below each token of each site."""
    sums: list[dict[str, dict[str, list[float]]]] = [defaultdict(dict), defaultdict(dict)]
    kept_all = mass_all = 0.0
    for page in pages:
        gold = page.labels * page.mass
        kept_all += float(gold.sum()) / max(1.0, float(page.mass.sum()))
        mass_all += 1
        for which, of_page in enumerate((_below_names(page, gold), _below_words(page, gold))):
            for token, (mass, kept) in of_page.items():
                entry = sums[which][token].setdefault(page.host, [0.0, 0.0])
                entry[0] += mass
                entry[1] += kept
    shares: list[Shares] = [
        {
            token: {host: _weighed(*entry) for host, entry in hosts.items()}
            for token, hosts in of_tokens.items()
            if len(hosts) >= LEAST_SITES
        }
        for of_tokens in sums
    ]
    return Counted(shares[0], shares[1], kept_all / max(1.0, mass_all))


def _weighed(mass: float, kept: float) -> tuple[float, float]:
    weight = min(1.0, mass / FULL_MASS)
    return weight, weight * kept / max(1e-9, mass)


def _below_names(page: Seen, gold: NDArray[np.float32]) -> dict[str, list[float]]:
    n = len(page.names.keys)
    mass, kept = [0.0] * n, [0.0] * n
    for box, m, g in zip(page.box.tolist(), page.mass.tolist(), gold.tolist(), strict=True):
        mass[box] += m
        kept[box] += g
    for row in range(n - 1, 0, -1):
        above = page.names.parents[row]
        mass[above] += mass[row]
        kept[above] += kept[row]
    found: dict[str, list[float]] = {}
    for row, key in enumerate(page.names.keys):
        if key < 0 or not mass[row]:
            continue
        for token in page.names.tokens[key]:
            entry = found.setdefault(token, [0.0, 0.0])
            entry[0] += mass[row]
            entry[1] += kept[row]
    return found


def _below_words(page: Seen, gold: NDArray[np.float32]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for tokens, m, g in zip(page.words, page.mass.tolist(), gold.tolist(), strict=True):
        for token in tokens:
            entry = found.setdefault(token, [0.0, 0.0])
            entry[0] += 4 * m
            entry[1] += 4 * g
    return found
