"""What plain text shows of each block, as numbers for the line model; knows no language.

A column is a share, a logarithm or a flag, so that all stay between about -1 and 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

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
    return np.concatenate(
        [
            _form(looks, signs),
            _place(signs, is_paragraph),
            _vocabulary(looks, words, is_paragraph),
            _phrases(len(looks.blocks), found),
            _tokens(len(looks.blocks), words, token_scores),
        ],
        axis=1,
        dtype=np.float32,
    )


def _is_paragraph(looks: Looks, signs: Signs) -> NDArray[np.bool_]:
    wide = signs.chars + 2 * signs.counts[:, 3]
    return (wide >= _PARAGRAPH) & np.array(looks.closed, dtype=np.bool_)


def _form(looks: Looks, signs: Signs) -> Matrix:
    """How the block is written: signs, length, beginning and end."""
    size = len(looks.blocks)
    chars = np.maximum(1, signs.chars).astype(np.float32)[:, None]
    words = np.maximum(1, np.array(looks.lengths, dtype=np.float32))[:, None]
    ends = np.zeros((size, 2 * SIGNS), dtype=np.float32)
    rows = np.arange(size)
    ends[rows, signs.first] = 1
    ends[rows, SIGNS + signs.last.astype(np.int64)] = 1
    counts = np.stack([signs.capitalized, signs.shouted, signs.numbers, signs.sentences], axis=1)
    kinds = [[it.kind is Kind.HEADING, it.kind is Kind.LIST_ITEM] for it in looks.blocks]
    return np.concatenate(
        [
            signs.counts / chars,
            np.log1p(chars),
            np.log1p(words),
            counts / words,
            np.log1p(counts[:, 3:]),
            ends,
            np.array(looks.closed, dtype=np.float32)[:, None],
            np.array(kinds, dtype=np.float32).reshape(size, 2),
        ],
        axis=1,
        dtype=np.float32,
    )


def _place(signs: Signs, is_paragraph: NDArray[np.bool_]) -> Matrix:
    """Where the block stands in the text, and where the paragraphs are."""
    size = len(is_paragraph)
    at = np.arange(size, dtype=np.float32)
    through = np.cumsum(signs.chars) / max(1, int(signs.chars.sum()))
    long = np.flatnonzero(is_paragraph)
    first, last = (long[0], long[-1]) if long.size else (0, size - 1)
    weight = np.where(is_paragraph, signs.chars, 0).astype(np.float64)
    inside = np.cumsum(weight) / max(1.0, weight.sum())
    text = np.array(
        [
            np.log1p(size),
            is_paragraph.mean(),
            np.log1p(np.sort(signs.chars)[size // 2]),
            signs.chars.max() > 3000,
        ]
    )
    columns = (
        at / size,
        np.log1p(at),
        np.log1p(size - 1 - at),
        through,
        at < first,
        at > last,
        np.log1p(np.maximum(0, first - at)),
        np.log1p(np.maximum(0, at - last)),
        inside,
        is_paragraph,
    )
    rows = np.empty((size, len(columns) + len(text)), dtype=np.float32)
    for number, column in enumerate(columns):
        rows[:, number] = column
    rows[:, len(columns) :] = text
    return rows


def _vocabulary(looks: Looks, words: HashedWords, is_paragraph: NDArray[np.bool_]) -> Matrix:
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

    def share(mask: NDArray[np.bool_], of: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.bincount(words.lines[mask], minlength=size) / np.maximum(1, of)

    said = np.bincount(words.lines, minlength=size)
    telling = np.bincount(words.lines[is_telling], minlength=size)
    copies = Counter(looks.folded)
    columns = [
        share(is_shared, said),
        share(frequent[word], said),
        share(is_shared & is_telling, telling),
        np.minimum(4, np.array([copies[it] for it in looks.folded]) - 1),
        share(in_head[word], said),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


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


def _phrases(size: int, found: Iterable[Found]) -> Matrix:
    """The surest phrase of each label, how many there are, and how near one that opens a part."""
    columns = np.zeros((size, len(_LABELS) + 2), dtype=np.float32)
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
    return columns


def _tokens(size: int, words: HashedWords, scores: Matrix) -> Matrix:
    """Learned scores of the block's words: mean, highest, lowest, first, last."""
    columns = np.zeros((size, 5), dtype=np.float32)
    if not words.lines.size:
        return columns
    own = scores[token(words)]
    starts = np.flatnonzero(_begins(words.lines))
    lines = words.lines[starts]
    ends = np.append(starts[1:], len(own))
    columns[lines, 0] = np.add.reduceat(own, starts) / (ends - starts)
    columns[lines, 1] = np.maximum.reduceat(own, starts)
    columns[lines, 2] = np.minimum.reduceat(own, starts)
    columns[lines, 3] = own[starts]
    columns[lines, 4] = own[ends - 1]
    return columns


def token(words: HashedWords) -> NDArray[np.int64]:
    """The places of words in the table of scores."""
    return (words.hashes >> np.uint64(64 - TOKEN_BITS)).astype(np.int64)
