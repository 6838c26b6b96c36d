"""Finds all phrases of all languages in the blocks of a text, in one pass over its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.looks import Looks
from cleaners.boilerplate.phrase_book import ENDS, NUMBER, Node, PhraseBook
from cleaners.boilerplate.phrase_rows import Phrase, Where
from cleaners.boilerplate.tongues import tongues
from cleaners.labels import Label, Vote
from cleaners.text.fold import word_span

_Candidate = tuple[int, int, int]  # the number of a way, its first and its last word


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a block, from its word number ``first``; ``written`` is the row's form of it."""

    block: int
    phrase: Phrase
    written: str
    first: int = 0


def find_phrases(looks: Looks, book: PhraseBook) -> Iterator[Found]:
    """Every row that hits a block, once for each block. Linear in the words.

    A word or two of another language than that of the text is no hit, where that is known. Nor is
    what somebody says: quoted in a sentence, a phrase is news about it, or speech.
    """
    start, end, anywhere = book.start, book.end, book.anchors
    spoken: frozenset[str] | None = None
    for at, words in enumerate(looks.words):
        if not words:
            continue
        candidates: list[_Candidate] = []
        # Asked here and not in a function: most lines end with these three questions.
        word = words[0]
        if (word in start or word[0].isdigit()) and _may_begin(start, words, 0, 1):
            _walk(start, words, 0, 1, candidates)
        word = words[-1]
        if (word in end or word[0].isdigit()) and _may_begin(end, words, -1, -2):
            _walk(end, words, len(words) - 1, -1, candidates)
        if looks.lengths[at] <= book.longest and not anywhere.isdisjoint(words):
            _anchored(book, words, candidates)
        if not candidates:
            continue
        seen = set()
        for way, begins, ends in candidates:
            number, written, tongue = book.ways[way]
            row = book.rows[number]
            if row.id in seen or not _holds(looks, at, row, begins, ends):
                continue
            if tongue:
                # Told at the last, and once: to count a text's words takes as long as all the rest.
                spoken = tongues(looks.words) if spoken is None else spoken
                if spoken and tongue not in spoken:
                    continue
            seen.add(row.id)
            if not _is_quoted(looks, at, begins):
                yield Found(at, row, written, begins)


def _may_begin(tree: Node, words: list[str], first: int, second: int) -> bool:
    """Whether the first two words from an end are those of a phrase; of most blocks, one is."""
    word = words[first]
    if word[0].isdigit():
        return True
    node = tree.get(word)
    if node is None:
        return False
    if ENDS in node:
        return True
    return len(words) > 1 and (words[second] in node or words[second][0].isdigit())


def _anchored(book: PhraseBook, words: list[str], found: list[_Candidate]) -> None:
    """Collects the phrases that may stand anywhere."""
    anywhere = book.anywhere
    for place in [at for at, word in enumerate(words) if word in anywhere]:
        for way, phrase, anchor in anywhere[words[place]]:
            begins, ends = place - anchor, place - anchor + len(phrase)
            if begins < 0 or ends > len(words):
                continue
            said = words[begins:ends]
            if said == phrase or all(map(_is_said, said, phrase)):
                found.append((way, begins, ends - 1))


def _is_said(word: str, wanted: str) -> bool:
    return word == wanted or (NUMBER in wanted and _numbered(word) == wanted)


def _walk(node: Node, words: list[str], at: int, step: int, found: list[_Candidate]) -> None:
    """Collects what begins at a word, forwards or, with a step of -1, backwards."""
    nodes = [(node, at)]
    while nodes:
        node, here = nodes.pop()
        if not 0 <= here < len(words):
            continue
        word = words[here]
        after = [node[word]] if word in node else []
        if word[0].isdigit() and (numbered := _numbered(word)) in node:
            after.append(node[numbered])
        for it in after:
            first, last = min(at, here), max(at, here)
            found += [(way, first, last) for way in it.get(ENDS, ())]
            nodes.append((it, here + step))


def _numbered(word: str) -> str:
    """The word with a sign in the place of the figures that it begins with.

    >>> _numbered("17"), _numbered("3개"), _numbered("comments")
    ('{n}', '{n}개', 'comments')
    """
    at = next((at for at, char in enumerate(word) if not char.isdigit()), len(word))
    return NUMBER + word[at:] if at else word


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
    text = looks.blocks.texts[at]
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
# Some marks open in one language and close in another: they open where nothing but a space or a
# bracket stands before them.
_QUOTES = "\"'“”„‟‘’‚«»"
_OPENING, _CLOSING = "「『《", "」』》"
_SENTENCE = 8  # words
INSIDE = (
    0.75  # set, not measured: alone it is too little to remove a line, with the model it is enough
)


def phrase_votes(looks: Looks, found: Iterable[Found]) -> Iterator[Vote]:
    """A vote for each phrase that was found; the phrase is the evidence."""
    start, end = looks.story
    for it in found:
        row, confidence = it.phrase, it.phrase.confidence
        evidence = f"“{it.written}” ({row.where})"
        is_word = row.label in _AROUND and looks.lengths[it.block] <= _WORD_OR_TWO
        is_listed = row.label is not Label.RELATED and _is_listed(looks.blocks[it.block])
        if (is_word or is_listed) and start <= it.block < end:
            confidence, evidence = min(confidence, INSIDE), f"{evidence} inside the story"
        yield Vote(looks.blocks.index(it.block), row.label, row.id, confidence, evidence)


def _is_listed(block: Block) -> bool:
    """Whether the block is an item of a list or a row of a table: a story lists such things too."""
    return block.kind is Kind.LIST_ITEM or block.text.startswith("|")


def _is_quoted(looks: Looks, at: int, first: int) -> bool:
    """Whether somebody says what begins at a word: it stands in quotation marks, in a sentence."""
    if not looks.closed[at] or looks.lengths[at] < _SENTENCE:
        return False
    text = looks.blocks.texts[at]
    start, _ = word_span(text, first, first)
    is_open = False
    for place, char in enumerate(text[:start]):
        if char in _OPENING:
            is_open = True
        elif char in _CLOSING:
            is_open = False
        elif char in _QUOTES:
            before = text[place - 1] if place else " "
            is_word = before.isalnum() and text[place + 1].isalnum()
            is_open = is_open if is_word else before in " (["
    return is_open
