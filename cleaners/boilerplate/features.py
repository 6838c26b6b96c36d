"""What plain text shows of each block, as numbers for the line model; knows no language.

A column is a share, a logarithm or a flag, so that all stay between about -1 and 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks import Kind
from cleaners.boilerplate.hashed import HashedWords, hash_words
from cleaners.boilerplate.looks import Looks
from cleaners.boilerplate.phrases import Found
from cleaners.boilerplate.signs import SIGNS, Sign, Signs, count_signs
from cleaners.labels import Label

Matrix = NDArray[np.float32]

# Words are known to the model by a hash of so many bits only.
TOKEN_BITS = 15
# A paragraph of a story: at least so many characters (a third of it in unspaced scripts), and it
# ends as a sentence does.
_PARAGRAPH = 120
# The most frequent words of a text of some length are its function words in any language.
_FREQUENT = 25
_LABELS = {label: at for at, label in enumerate(it for it in Label if it is not Label.CONTENT)}

NAMES = (
    *(f"share {it.name.lower()}" for it in Sign),
    *("chars", "words", "capitalized", "shouted", "numbers", "sentences", "sentences at all"),
    *(f"first {it.name.lower()}" for it in Sign),
    *(f"last {it.name.lower()}" for it in Sign),
    *("closed", "heading", "list item"),
    *("at", "from start", "from end", "through", "before story", "after story", "blocks before"),
    *("blocks after", "inside", "paragraph", "blocks", "paragraphs", "median", "giant"),
    *("shared", "frequent", "telling", "copies", "as first"),
    *(f"phrase {it}" for it in _LABELS),
    *("phrases", "opened"),
    *(f"token {it}" for it in ("mean", "highest", "lowest", "first", "last")),
)


def features(looks: Looks, found: Sequence[Found], token_scores: Matrix) -> Matrix:
    """One row for each block (blocks x columns, float32). Linear in the text.

    ``token_scores`` (2 ** TOKEN_BITS) says of each hashed word how much it speaks for residue.
    """
    signs = count_signs([it.text for it in looks.blocks])
    words = hash_words(looks.folded)
    is_paragraph = _is_paragraph(looks, signs)
    # One matrix that each part fills its columns of: thirty small arrays to join cost more.
    rows = np.zeros((len(looks.blocks), len(NAMES)), dtype=np.float32)
    _form(looks, signs, rows[:, :_FORM])
    _place(signs, is_paragraph, rows[:, _FORM:_PLACE])
    _vocabulary(looks, words, is_paragraph, rows[:, _PLACE:_VOCABULARY])
    _phrases(found, rows[:, _VOCABULARY:_PHRASES])
    _tokens(words, token_scores, rows[:, _PHRASES:])
    return rows


# Where the columns of each part end.
_FORM = 3 * SIGNS + 10
_PLACE = _FORM + 14
_VOCABULARY = _PLACE + 5
_PHRASES = _VOCABULARY + len(_LABELS) + 2
# log(1 + n) for the lengths and places of most texts.
_LOGS = np.log1p(np.arange(4096, dtype=np.float32))


def _is_paragraph(looks: Looks, signs: Signs) -> NDArray[np.bool_]:
    wide = signs.chars + 2 * signs.counts[:, 3]
    return (wide >= _PARAGRAPH) & np.array(looks.closed, dtype=np.bool_)


def _form(looks: Looks, signs: Signs, rows: Matrix) -> None:
    """How the block is written: signs, length, beginning and end."""
    size = len(looks.blocks)
    chars = np.maximum(1, signs.chars).astype(np.float32)
    words = np.maximum(1, np.array(looks.lengths, dtype=np.float32))
    np.divide(signs.counts, chars[:, None], out=rows[:, :SIGNS])
    at = SIGNS
    rows[:, at] = chars
    rows[:, at + 1] = words
    counts = (signs.capitalized, signs.shouted, signs.numbers, signs.sentences)
    for number, count in enumerate(counts):
        rows[:, at + 2 + number] = count
    rows[:, at + 6] = signs.sentences
    rows[:, at + 2 : at + 6] /= words[:, None]
    for column in (at, at + 1, at + 6):
        np.log1p(rows[:, column], out=rows[:, column])
    at += 7
    places = np.arange(size)
    rows[places, at + signs.first] = 1
    rows[places, at + SIGNS + signs.last.astype(np.int64)] = 1
    at += 2 * SIGNS
    rows[:, at] = looks.closed
    for place, it in enumerate(looks.blocks):
        if it.kind is Kind.HEADING:
            rows[place, at + 1] = 1
        elif it.kind is Kind.LIST_ITEM:
            rows[place, at + 2] = 1


def _place(signs: Signs, is_paragraph: NDArray[np.bool_], rows: Matrix) -> None:
    """Where the block stands in the text, and where the paragraphs are."""
    size = len(is_paragraph)
    if not size:
        return
    logs = _LOGS if size < len(_LOGS) else np.log1p(np.arange(size + 1, dtype=np.float32))
    long = np.flatnonzero(is_paragraph)
    first, last = (int(long[0]), int(long[-1])) if long.size else (0, size - 1)
    sums = np.cumsum(signs.chars)
    weights = np.cumsum(signs.chars * is_paragraph)
    rows[:, 0] = np.arange(size, dtype=np.float32) / size
    rows[:, 1] = logs[:size]
    rows[:, 2] = logs[:size][::-1]
    rows[:, 3] = sums / max(1, int(sums[-1]))
    rows[:first, 4] = 1
    rows[last + 1 :, 5] = 1
    rows[:first, 6] = logs[1 : first + 1][::-1]
    rows[last + 1 :, 7] = logs[1 : size - last]
    rows[:, 8] = weights / max(1, int(weights[-1]))
    rows[:, 9] = is_paragraph
    rows[:, 10:] = (
        log1p(size),
        long.size / size,
        log1p(int(np.sort(signs.chars)[size // 2])),
        int(signs.chars.max()) > 3000,
    )


def _vocabulary(
    looks: Looks, words: HashedWords, is_paragraph: NDArray[np.bool_], rows: Matrix
) -> None:
    """How much the words of the block belong to the paragraphs, and how often it stands here."""
    size = len(looks.blocks)
    kinds, word = _numbered(words.hashes)
    # In how many paragraphs each word stands.
    in_story = is_paragraph[words.lines]
    pairs = np.sort(words.lines[in_story] * len(kinds) + word[in_story])
    once = pairs[_begins(pairs)]
    story = np.bincount(once % max(1, len(kinds)), minlength=len(kinds))
    frequent = np.zeros(len(kinds), dtype=np.bool_)
    # Ties go to the lower hash, so that two runs agree.
    order = np.argsort(-story, kind="stable")[:_FREQUENT]
    frequent[order[story[order] > 0]] = True
    is_shared = story[word] > in_story
    is_telling = (words.chars > 3) & ~frequent[word]
    in_head = np.zeros(len(kinds), dtype=np.bool_)
    in_head[word[words.lines == 0]] = True

    said = np.bincount(words.lines, minlength=size)
    telling = np.bincount(words.lines[is_telling], minlength=size)
    of = np.maximum(1, said)
    copies = Counter(looks.folded)
    rows[:, 0] = np.bincount(words.lines[is_shared], minlength=size) / of
    rows[:, 1] = np.bincount(words.lines[frequent[word]], minlength=size) / of
    both = words.lines[is_shared & is_telling]
    rows[:, 2] = np.bincount(both, minlength=size) / np.maximum(1, telling)
    if len(copies) < size:
        rows[:, 3] = np.minimum(4, np.array([copies[it] for it in looks.folded]) - 1)
    rows[:, 4] = np.bincount(words.lines[in_head[word]], minlength=size) / of


def _numbered(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The different hashes in their order, and for each word its number among them.

    A plain sort: ``np.unique`` takes several times as long for a few hundred words.
    """
    order = np.argsort(hashes)
    ordered = hashes[order]
    is_new = _begins(ordered)
    number = np.empty(len(ordered), dtype=np.int64)
    number[order] = np.cumsum(is_new) - 1
    return ordered[is_new], number


def _begins(ordered: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Where a run of equal numbers begins."""
    is_new = np.ones(len(ordered), dtype=np.bool_)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return is_new


def _phrases(found: Sequence[Found], columns: Matrix) -> None:
    """The surest phrase of each label, how many there are, and how near one that opens a part."""
    if not found:
        return
    size = len(columns)
    opened = np.full(size, -1, dtype=np.int64)
    for it in found:
        row = columns[it.block]
        if it.phrase.label in _LABELS:
            at = _LABELS[it.phrase.label]
            row[at] = max(row[at], it.phrase.confidence)
        row[-2] += 1
        if it.phrase.opens:
            opened[it.block] = it.block
    since = np.arange(size) - np.maximum.accumulate(opened)
    columns[:, -1] = np.where(np.maximum.accumulate(opened) >= 0, np.exp(-since / 4.0), 0.0)


def _tokens(words: HashedWords, scores: Matrix, columns: Matrix) -> None:
    """Learned scores of the block's words: mean, highest, lowest, first, last."""
    if not words.lines.size:
        return
    own = scores[token(words)]
    starts = np.flatnonzero(_begins(words.lines))
    lines = words.lines[starts]
    ends = np.append(starts[1:], len(own))
    columns[lines, 0] = np.add.reduceat(own, starts) / (ends - starts)
    columns[lines, 1] = np.maximum.reduceat(own, starts)
    columns[lines, 2] = np.minimum.reduceat(own, starts)
    columns[lines, 3] = own[starts]
    columns[lines, 4] = own[ends - 1]


def token(words: HashedWords) -> NDArray[np.int64]:
    """The places of words in the table of scores."""
    return (words.hashes >> np.uint64(64 - TOKEN_BITS)).astype(np.int64)
