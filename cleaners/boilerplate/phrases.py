"""Finds all phrases of all languages in the blocks of a text, in one pass over its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.looks import Looks
from cleaners.boilerplate.phrase_rows import Phrase, Where, load_phrases
from cleaners.boilerplate.tongues import tongues
from cleaners.errors import BadData
from cleaners.labels import Label, Vote
from cleaners.text.fold import fold_words, word_span

# Keys of a node that are no words: a number, and the phrases that end here.
_NUMBER, _ENDS = "{n}", ""
_NODE = dict[str, Any]
_Way = tuple[Phrase, str, str]  # the row, as written, and the language without which it is no hit
_Candidate = tuple[_Way, int, int]  # with its first and last word
# So few Latin words of one language may be everyday words of another ("Data:", "Services").
_EVERYDAY = 2
_LATIN = 0x250  # where the Latin letters of Unicode end
# What is written everywhere, whatever the language of the text.
_EVERYWHERE = "en"


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a block, from its word number ``first``; ``written`` is the row's form of it."""

    block: int
    phrase: Phrase
    written: str
    first: int = 0


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Phrases as tries over folded words, from the start and from the end of a block.

    A phrase that may stand ``anywhere`` is found by its longest word, which is mostly its rarest:
    that word leads to all such phrases and to its place in them. ``opening`` has the ids of the
    rows that announce what follows.
    """

    start: _NODE
    end: _NODE
    anywhere: dict[str, list[tuple[_Way, tuple[str, ...], int]]]
    opening: frozenset[str]


def compile_phrases(rows: Iterable[Phrase]) -> PhraseBook:
    """The book of the rows; a phrase that folds to nothing is left out."""
    rows = tuple(rows)
    book = PhraseBook({}, {}, {}, frozenset(it.id for it in rows if it.opens))
    ways = [(row, written) for row in rows for written in row.any]
    # One pass over all of them, which is ten times as fast as one by one.
    folded = fold_words([written.replace("{n}", " 0number0 ") for _, written in ways])
    for (row, written), found in zip(ways, folded, strict=True):
        words = [_NUMBER if it == "0number0" else it for it in found]
        if not words:
            continue
        way = row, written, _tongue(row, words)
        if row.where is Where.ANYWHERE:
            anchor = max((it for it in words if it != _NUMBER), key=len, default="")
            if not anchor:
                raise BadData(row.id, "a phrase that may stand anywhere needs a word")
            entry = (way, tuple(words), words.index(anchor))
            book.anywhere.setdefault(anchor, []).append(entry)
            continue
        node = book.start
        if row.where is Where.END:
            node = book.end
            words.reverse()
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault(_ENDS, []).append(way)
    return book


def _tongue(row: Phrase, words: list[str]) -> str:
    """The language that a text must be in for a short phrase to count; "" where any will do."""
    tongue = row.id.rpartition(".")[2]
    if tongue == _EVERYWHERE or len(words) > _EVERYDAY:
        return ""
    return tongue if max(map(ord, "".join(words))) < _LATIN else ""


@cache
def phrase_book() -> PhraseBook:
    """The phrases that come with the package; read at first use."""
    return compile_phrases(load_phrases())


def find_phrases(looks: Looks, book: PhraseBook) -> Iterator[Found]:
    """Every row that hits a block, once for each block. Linear in the words.

    A word or two of another language than that of the text is no hit, where that is known.
    """
    anywhere = book.anywhere.keys()
    spoken: frozenset[str] | None = None
    for at, words in enumerate(looks.words):
        if not words:
            continue
        candidates: list[_Candidate] = []
        if words[0] in book.start or words[0].isdigit():
            _walk(book.start, words, 0, 1, candidates)
        if words[-1] in book.end or words[-1].isdigit():
            _walk(book.end, words, len(words) - 1, -1, candidates)
        if not anywhere.isdisjoint(words):
            _anchored(book, words, candidates)
        if not candidates:
            continue
        seen = set()
        for (row, written, tongue), begins, ends in candidates:
            if tongue:
                spoken = tongues(looks.words) if spoken is None else spoken
                if spoken and tongue not in spoken:
                    continue
            if row.id not in seen and _holds(looks, at, row, begins, ends):
                seen.add(row.id)
                yield Found(at, row, written, begins)


def _anchored(book: PhraseBook, words: list[str], found: list[_Candidate]) -> None:
    """Collects the phrases that may stand anywhere."""
    for place, word in enumerate(words):
        if word not in book.anywhere:
            continue
        for way, phrase, anchor in book.anywhere[word]:
            begins, ends = place - anchor, place - anchor + len(phrase)
            if begins < 0 or ends > len(words):
                continue
            pairs = zip(words[begins:ends], phrase, strict=True)
            if all(a == b or (b == _NUMBER and a.isdigit()) for a, b in pairs):
                found.append((way, begins, ends - 1))


def _walk(node: _NODE, words: list[str], at: int, step: int, found: list[_Candidate]) -> None:
    """Collects what begins at a word, forwards or, with a step of -1, backwards."""
    nodes = [(node, at)]
    while nodes:
        node, here = nodes.pop()
        if not 0 <= here < len(words):
            continue
        word = words[here]
        after = [node[word]] if word in node else []
        if _NUMBER in node and word.isdigit():
            after.append(node[_NUMBER])
        for it in after:
            first, last = min(at, here), max(at, here)
            found += [(way, first, last) for way in it.get(_ENDS, ())]
            nodes.append((it, here + step))


def _holds(looks: Looks, at: int, row: Phrase, first: int, last: int) -> bool:
    """Whether all that narrows the row is true of the block."""
    if row.where is Where.WHOLE and last + 1 != len(looks.words[at]):
        return False
    if row.max_words is not None and looks.lengths[at] > row.max_words:
        return False
    if row.heading and not looks.stands_alone(at):
        return False
    if not (row.punct or row.upper):
        return True
    text = looks.blocks[at].text
    start, end = word_span(text, first, last)
    if row.upper and text[start:end] != text[start:end].upper():
        return False
    after = text[end : end + 3].lstrip()
    return not row.punct or (after != "" and after[0] in row.punct)


# What pages have around a story under a word or two; inside a story such a word may head a part.
_AROUND = frozenset(
    {
        Label.FOOTER,
        Label.NAVIGATION,
        Label.LEGAL,
        Label.DONATION,
        Label.CONSENT,
        Label.COMMENT,
    }
)
_WORD_OR_TWO = 2
# What is quoted in a sentence is news about the phrase, or speech.
_QUOTES = "\"'“„‟‘«「『"
_SENTENCE = 8  # words
_QUOTED = 0.6
_INSIDE = (
    0.75  # set, not measured: alone it is too little to remove a line, with the model it is enough
)


def phrase_votes(looks: Looks, found: Iterable[Found]) -> Iterator[Vote]:
    """A vote for each phrase that was found; the phrase is the evidence."""
    start, end = looks.story
    for it in found:
        row, confidence = it.phrase, it.phrase.confidence
        evidence = f"“{it.written}” ({row.where})"
        if _is_quoted(looks, it):
            confidence, evidence = min(confidence, _QUOTED), f"{evidence} in quotation marks"
        is_word = row.label in _AROUND and looks.lengths[it.block] <= _WORD_OR_TWO
        is_listed = row.label is not Label.RELATED and _is_listed(looks.blocks[it.block])
        if (is_word or is_listed) and start <= it.block < end:
            confidence, evidence = min(confidence, _INSIDE), f"{evidence} inside the story"
        yield Vote(looks.blocks[it.block].index, row.label, row.id, confidence, evidence)


def _is_listed(block: Block) -> bool:
    """Whether the block is an item of a list or a row of a table: a story lists such things too."""
    return block.kind is Kind.LIST_ITEM or block.text.startswith("|")


def _is_quoted(looks: Looks, it: Found) -> bool:
    """Whether somebody says the phrase: quotation marks open right before it, in a sentence."""
    if not looks.closed[it.block] or looks.lengths[it.block] < _SENTENCE:
        return False
    text = looks.blocks[it.block].text
    start, _ = word_span(text, it.first, it.first)
    return start > 0 and text[start - 1] in _QUOTES
