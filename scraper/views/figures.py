"""What there is to know of a whole job, counted in one pass over its rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import nsmallest
from typing import Any, Final

from scraper.sources.canonical import host_of

# What makes a page worth a look. These choose what is listed, never what is kept.
LITTLE: Final = 80  # words kept: shorter than a news brief
DOUBTFUL: Final = 0.75  # confidence of a vote that took a block out
MANY_DOUBTFUL: Final = 60  # words in such blocks: a paragraph or more
MOSTLY_GONE: Final = 0.9  # share of the words that were removed

# A line is of a site's template when it was removed on so many of its pages, and such a share.
LEAST_PAGES: Final = 3
LEAST_SHARE: Final = 0.25
_SPACELESS: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
# Longest lines that are counted; longer ones are told apart by their beginning.
LINE: Final = 200  # characters


@dataclass(frozen=True, slots=True)
class Suspect:
    """A page worth a look, and why. ``weight`` is more for the more suspicious."""

    id: str
    title: str | None
    host: str
    words: int
    removed: int
    doubtful: int
    reasons: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    label: str
    pages: int


@dataclass(frozen=True, slots=True)
class Template:
    """The lines that were removed again and again from the pages of one site."""

    host: str
    pages: int
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Figures:
    """Counts while the rows go by; ``suspects`` are all that have a reason."""

    articles: int = 0
    words_kept: int = 0
    words_removed: Counter[str] = field(default_factory=Counter)
    blocks_removed: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)  # by hundreds of words
    pages: Counter[str] = field(default_factory=Counter)  # articles by host
    lines: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    suspects: list[Suspect] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a row as it lies in the ledger."""
        host = host_of(row["url"]) or "no host"
        words = len(row["text"].split())
        removed = doubtful = gone = 0
        seen: set[tuple[str, str]] = set()
        for it in row.get("removed") or ():
            label, text = it["label"], it["text"]
            count = len(text.split())
            removed += count
            gone += len(text)
            if it["confidence"] < DOUBTFUL:
                doubtful += count
            self.words_removed[label] += count
            self.blocks_removed[label] += 1
            seen.add((text[:LINE], label))
        self.lines[host].update(seen)
        self.articles += 1
        self.words_kept += words
        self.pages[host] += 1
        self.languages[row.get("language") or "not known"] += 1
        self.days[(row.get("published") or "")[:10]] += 1
        self.lengths[min(words // 100, 20)] += 1
        if suspect := _suspect(row, Sums(host, words, removed, doubtful, gone)):
            self.suspects.append(suspect)

    def most_suspicious(self, most: int) -> list[Suspect]:
        return nsmallest(most, self.suspects, key=lambda it: (-it.weight, it.words, it.id))

    def templates(self, hosts: int, lines: int) -> Iterator[Template]:
        """Of the hosts with the most pages, the lines that return; hosts without any are left."""
        for host, pages in self.pages.most_common(hosts):
            least = max(LEAST_PAGES, LEAST_SHARE * pages)
            found = [
                Line(text, label, count)
                for (text, label), count in self.lines[host].most_common(lines)
                if count >= least
            ]
            if found:
                yield Template(host, pages, tuple(found))


def figures(rows: Iterable[Mapping[str, Any]]) -> Figures:
    """The figures of all rows. Linear; nothing of a row's text is held but the removed lines."""
    found = Figures()
    for row in rows:
        found.add(row)
    return found


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one row: words of the text, of what was removed, of what was removed by doubtful votes,
    and characters of what was removed."""

    host: str
    words: int
    removed: int
    doubtful: int
    gone: int


def _suspect(row: Mapping[str, Any], it: Sums) -> Suspect | None:
    reasons = []
    weight = 0.0
    text = row["text"]
    # Chinese and Japanese have hardly a space: two letters are about a word there.
    words = it.words if text.isascii() else it.words + len(_SPACELESS.findall(text)) // 2
    if words < LITTLE:
        reasons.append(f"little text: {words} words")
        weight += 1 - words / LITTLE
    if it.doubtful >= MANY_DOUBTFUL:
        reasons.append(f"{it.doubtful} words removed by votes below {DOUBTFUL:g}")
        weight += it.doubtful / (it.doubtful + words)
    # In characters, which every script has.
    share = it.gone / (it.gone + len(text) or 1)
    if share > MOSTLY_GONE:
        reasons.append(f"{share:.0%} of the text removed")
        weight += 0.5
    if not row.get("title"):
        reasons.append("no title")
        weight += 0.3
    if not reasons:
        return None
    return Suspect(
        row["id"], row.get("title"), it.host, words, it.removed, it.doubtful, tuple(reasons), weight
    )


def by_period(days: Mapping[str, int], most: int = 60) -> list[tuple[str, int]]:
    """Dated articles by day, month or year: the shortest that gives no more than ``most`` columns.

    Periods without an article between the first and the last are there with 0.

    >>> by_period({"2024-05-01": 2, "2024-05-03": 1, "": 4})
    [('2024-05-01', 2), ('2024-05-02', 0), ('2024-05-03', 1)]
    """
    counted: Counter[date] = Counter()
    for text, count in days.items():
        try:
            counted[date.fromisoformat(text)] += count
        except ValueError:
            continue
    if not counted:
        return []
    first, last = min(counted), max(counted)
    if (last - first).days < most:
        every = [first + timedelta(n) for n in range((last - first).days + 1)]
        return [(it.isoformat(), counted[it]) for it in every]
    months: Counter[int] = Counter()
    for it, count in counted.items():
        months[it.year * 12 + it.month - 1] += count
    if max(months) - min(months) < most:
        return [
            (f"{n // 12}-{n % 12 + 1:02d}", months[n]) for n in range(min(months), max(months) + 1)
        ]
    years: Counter[int] = Counter()
    for it, count in counted.items():
        years[it.year] += count
    # Of a corpus of two centuries the last ones; what lies before is one column.
    begin = max(min(years), max(years) - most + 2)
    before = sum(count for year, count in years.items() if year < begin)
    shown = [(str(year), years[year]) for year in range(begin, max(years) + 1)]
    return [(f"before {begin}", before), *shown] if before else shown
