"""The phrases of all languages as tries over folded words, so that one pass finds all of them.

To read the phrase files and fold 20,000 wordings takes a quarter of a second, so the tries come
along ready made: ``data/phrases.json``, which ``python -m training.phrase_book`` writes. A book
that was made from other files than those that are there is not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any, TypeAlias

from cleaners.boilerplate.phrase_rows import PHRASES, Phrase, Where, load_phrases
from cleaners.errors import BadData
from cleaners.labels import Label
from cleaners.text.fold import fold_words

BOOK = PHRASES.parent / "phrases.json"

# Keys of a node that are no words: a number, and the ways of writing a phrase that end here.
NUMBER, ENDS = "{n}", ""
Node: TypeAlias = dict[str, Any]
Way: TypeAlias = tuple[int, str, str]
_FOLDED_NUMBER = "0number0"
# So few Latin words of one language may be everyday words of another ("Data:", "Services").
_EVERYDAY = 2
_LATIN = 0x250  # where the Latin letters of Unicode end
# What is written everywhere, whatever the language of the text.
_EVERYWHERE = "en"


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Phrases as tries over folded words, from the start and from the end of a block.

    A way is the number of its row, the form as written, and the language without which it is no
    hit ("" where any will do); the tries hold numbers of ``ways``. A phrase that may stand
    ``anywhere`` is found by its longest word, which is mostly its rarest: that word leads to all
    such phrases (way, words, place of the word in them). ``opening`` has the ids of the rows that
    announce what follows. In blocks of more than ``longest`` words none of ``anywhere`` counts.
    """

    rows: tuple[Phrase, ...]
    ways: list[Way]
    start: Node
    end: Node
    anywhere: dict[str, list[tuple[int, list[str], int]]]
    opening: frozenset[str]
    longest: float
    anchors: frozenset[str]  # the words of ``anywhere``, as a set asked in two thirds of the time


def compile_phrases(rows: Iterable[Phrase]) -> PhraseBook:
    """The book of the rows; a phrase that folds to nothing is left out."""
    rows = tuple(rows)
    book = PhraseBook(rows, [], {}, {}, {}, _opening(rows), _longest(rows), frozenset())
    written = [(number, way) for number, row in enumerate(rows) for way in row.any]
    # A number may stand tight beside a word ("3개") or apart from it. All are folded in one pass,
    # which is ten times as fast as one by one.
    apart = fold_words([way.replace(NUMBER, f" {_FOLDED_NUMBER} ") for _, way in written])
    tight = fold_words([way.replace(NUMBER, _FOLDED_NUMBER) for _, way in written])
    for (number, way), *forms in zip(written, apart, tight, strict=True):
        for at, form in enumerate(forms):
            if form and (at == 0 or form != forms[0]):
                words = [it.replace(_FOLDED_NUMBER, NUMBER) for it in form]
                book.ways.append((number, way, _tongue(rows[number], words)))
                _put(book, rows[number], words)
    return replace(book, anchors=frozenset(book.anywhere))


def _put(book: PhraseBook, row: Phrase, words: list[str]) -> None:
    """Adds the newest way."""
    way = len(book.ways) - 1
    if row.where is Where.ANYWHERE:
        anchor = max((it for it in words if NUMBER not in it), key=len, default="")
        if not anchor:
            raise BadData(row.id, "a phrase that may stand anywhere needs a word")
        book.anywhere.setdefault(anchor, []).append((way, words, words.index(anchor)))
        return
    is_end = row.where is Where.END
    node = book.end if is_end else book.start
    for word in reversed(words) if is_end else words:
        node = node.setdefault(word, {})
    node.setdefault(ENDS, []).append(way)


def _tongue(row: Phrase, words: list[str]) -> str:
    """The language that a text must be in for a short phrase to count; "" where any will do."""
    tongue = row.id.rpartition(".")[2]
    if tongue == _EVERYWHERE or len(words) > _EVERYDAY:
        return ""
    return tongue if max(map(ord, chain.from_iterable(words))) < _LATIN else ""


@cache
def phrase_book() -> PhraseBook:
    """The phrases that come with the package; read at first use."""
    return read_book(BOOK, stamp()) or compile_phrases(load_phrases())


def stamp(folder: Path = PHRASES) -> str:
    """Changes with the content of the phrase files."""
    content = blake2b(digest_size=16)
    try:
        for path in sorted(folder.glob("*.toml")):
            content.update(path.read_bytes())
    except OSError as error:
        raise BadData(str(folder), str(error)) from error
    return content.hexdigest()


def as_json(book: PhraseBook, stamp: str) -> str:
    """What ``phrase_book`` reads: the same text for the same book. Hits and misses stay behind."""
    rows = [
        [it.id, it.label, it.where, it.confidence, it.max_words, it.punct, it.upper, it.heading,
         it.opens]
        for it in book.rows
    ]  # fmt: skip
    content = {
        "stamp": stamp,
        "rows": rows,
        "ways": book.ways,
        "start": book.start,
        "end": book.end,
        "anywhere": book.anywhere,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def read_book(path: Path, stamp: str) -> PhraseBook | None:
    """The book of a file; None where there is none, or one of other phrases."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["stamp"] != stamp:
            return None
        rows = tuple([_row(*it) for it in content["rows"]])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadData(str(path), f"no book of phrases: {error}") from error
    tries = content["ways"], content["start"], content["end"], content["anywhere"]
    return PhraseBook(rows, *tries, _opening(rows), _longest(rows), frozenset(tries[-1]))


def _opening(rows: Iterable[Phrase]) -> frozenset[str]:
    return frozenset(it.id for it in rows if it.opens)


def _longest(rows: Iterable[Phrase]) -> float:
    most = [
        inf if it.max_words is None else it.max_words for it in rows if it.where is Where.ANYWHERE
    ]
    return max(most, default=0)


def _row(name: str, label: str, where: str, confidence: float, *narrowed: Any) -> Phrase:
    return Phrase(name, Label(label), Where(where), (), confidence, (), (), *narrowed)
