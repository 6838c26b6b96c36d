"""What plain text shows of each block, as numbers for the line model; knows no language.

A column is a share, a logarithm or a flag, so that all stay between about -1 and 8. The blocks of
many texts are laid end to end, so that numpy is called as often for a hundred texts as for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks import Kind
from cleaners.boilerplate.hashed import HashedWords, hash_words
from cleaners.boilerplate.looks import Looks
from cleaners.boilerplate.phrases import Found
from cleaners.boilerplate.signs import SIGNS, Sign, Signs, count_signs
from cleaners.boilerplate.spans import Texts, begins_of
from cleaners.boilerplate.vocabulary import vocabulary
from cleaners.labels import Label

Matrix = NDArray[np.float32]

# Words are known to the model by a hash of so many bits only.
TOKEN_BITS = 15
# A paragraph of a story: at least so many characters (a third of it in unspaced scripts), and it
# ends as a sentence does.
_PARAGRAPH = 120
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
    return features_of_all([looks], [found], token_scores)


def features_of_all(
    looks: Sequence[Looks], found: Sequence[Sequence[Found]], token_scores: Matrix
) -> Matrix:
    """The same for the blocks of up to 65,536 texts, those of the first text first."""
    sizes = np.array([len(it.blocks) for it in looks], dtype=np.int64)
    rows = np.zeros((int(sizes.sum()), len(NAMES)), dtype=np.float32)
    if not len(rows):
        return rows
    texts = Texts.of(sizes)
    begins = (sizes.cumsum() - sizes).tolist()

    signs = count_signs([it for of in looks for it in of.blocks.texts])
    words = hash_words([it for of in looks for it in of.spoken])
    closed = np.array([it for of in looks for it in of.closed], dtype=np.bool_)
    is_paragraph = (signs.chars + 2 * signs.counts[:, 3] >= _PARAGRAPH) & closed
    # One matrix that each part fills its columns of: thirty small arrays to join cost more.
    _form(looks, signs, closed, rows[:, :_FORM])
    _place(texts, signs, is_paragraph, rows[:, _FORM:_PLACE])
    vocabulary(texts, words, is_paragraph, rows[:, _PLACE:_VOCABULARY])
    _copies(looks, begins, rows[:, _PLACE + 3])
    _phrases(texts, found, begins, rows[:, _VOCABULARY:_PHRASES])
    _tokens(words, token_scores, rows[:, _PHRASES:])
    return rows


# Where the columns of each part end.
_FORM = 3 * SIGNS + 10
_PLACE = _FORM + 14
_VOCABULARY = _PLACE + 5
_PHRASES = _VOCABULARY + len(_LABELS) + 2
# A paragraph of more characters is a whole text in one line.
_GIANT = 3000
_ZERO = np.zeros(1, dtype=np.int64)
# log(1 + n) for the lengths and places of most texts.
_LOGS = np.log1p(np.arange(4096, dtype=np.float32))


def _form(looks: Sequence[Looks], signs: Signs, closed: NDArray[np.bool_], rows: Matrix) -> None:
    """How the block is written: signs, length, beginning and end."""
    chars = np.maximum(1, signs.chars).astype(np.float32)
    lengths = np.array([it for of in looks for it in of.lengths], dtype=np.float32)
    words = np.maximum(1, lengths)
    np.divide(signs.counts, chars[:, None], out=rows[:, :SIGNS])
    at = SIGNS
    logs = np.log1p(np.array((chars, words, signs.sentences)))
    rows[:, at : at + 2] = logs[:2].T
    counts = np.array((signs.capitalized, signs.shouted, signs.numbers, signs.sentences))
    rows[:, at + 2 : at + 6] = (counts / words).T
    rows[:, at + 6] = logs[2]
    at += 7
    places = np.arange(len(rows))
    rows[places, at + signs.first] = 1
    rows[places, at + SIGNS + signs.last.astype(np.int64)] = 1
    at += 2 * SIGNS
    rows[:, at] = closed
    kinds = [it for of in looks for it in of.blocks.kinds]
    for column, kind in ((at + 1, Kind.HEADING), (at + 2, Kind.LIST_ITEM)):
        if kind in kinds:
            rows[:, column] = [it is kind for it in kinds]


def _place(texts: Texts, signs: Signs, is_paragraph: NDArray[np.bool_], rows: Matrix) -> None:
    """Where the block stands in the text, and where the paragraphs are."""
    place, sizes = texts.place, texts.sizes
    longest = int(sizes.max())
    logs = _LOGS if longest < len(_LOGS) else np.log1p(np.arange(longest + 1, dtype=np.float32))
    long = is_paragraph.nonzero()[0]
    begins, ends = texts.parts(long)
    # Where there is no paragraph, the whole text is the story.
    long = np.concatenate((long, _ZERO))
    is_any = ends > begins
    first = np.where(is_any, long[begins] - texts.starts, 0)
    last = np.where(is_any, long[ends - 1] - texts.starts, sizes - 1)
    around = np.empty((2, len(place)), dtype=np.int64)
    np.subtract(texts.spread(first), place, out=around[0])
    np.subtract(place, texts.spread(last), out=around[1])
    np.maximum(0, around, out=around)
    rows[:, 0] = place.astype(np.float32) / texts.spread(sizes.astype(np.float32))
    rows[:, 1] = logs[place]
    rows[:, 2] = logs[texts.spread(sizes) - 1 - place]
    rows[:, 3] = texts.running(signs.chars)
    rows[:, 4:6] = (around > 0).T
    rows[:, 6:8] = logs[around].T
    rows[:, 8] = texts.running(signs.chars * is_paragraph)
    rows[:, 9] = is_paragraph
    whole = np.empty((len(sizes), 4), dtype=np.float32)
    whole[:, 0] = np.log1p(sizes)
    whole[:, 1] = (ends - begins) / sizes
    whole[:, 2] = np.log1p(texts.medians(signs.chars))
    whole[:, 3] = np.maximum.reduceat(signs.chars, texts.starts) > _GIANT
    rows[:, 10:] = texts.spread(whole)


def _copies(looks: Sequence[Looks], begins: Sequence[int], column: Matrix) -> None:
    """How often the block stands in its text beside this once, four times at most."""
    for begin, of in zip(begins, looks, strict=True):
        # Equal lines have equal numbers of words, and the same at either end; few others do.
        ends = {(len(it), it[0], it[-1]) if it else () for it in of.words}
        if len(ends) < len(of.words):
            folded = of.folded
            copies = Counter(folded)
            column[begin : begin + len(folded)] = [min(4, copies[it] - 1) for it in folded]


def _phrases(
    texts: Texts, found: Sequence[Sequence[Found]], begins: Sequence[int], columns: Matrix
) -> None:
    """The surest phrase of each label, how many there are, and how near one that opens a part."""
    size = len(columns)
    opened = np.full(size, -1, dtype=np.int64)
    for begin, of in zip(begins, found, strict=True):
        for it in of:
            row = columns[begin + it.block]
            if it.phrase.label in _LABELS:
                at = _LABELS[it.phrase.label]
                row[at] = max(row[at], it.phrase.confidence)
            row[-2] += 1
            if it.phrase.opens:
                opened[begin + it.block] = begin + it.block
    opened = np.maximum.accumulate(opened)
    since = np.arange(size) - opened
    columns[:, -1] = np.where(opened >= texts.starts[texts.text], np.exp(-since / 4.0), 0.0)


def _tokens(words: HashedWords, scores: Matrix, columns: Matrix) -> None:
    """Learned scores of the block's words: mean, highest, lowest, first, last."""
    if not words.lines.size:
        return
    own = scores[token(words)]
    starts = begins_of(words.lines).nonzero()[0]
    lines = words.lines[starts]
    ends = np.empty_like(starts)
    ends[:-1], ends[-1] = starts[1:], len(own)
    filled = np.empty((len(lines), 5), dtype=np.float32)
    filled[:, 0] = np.add.reduceat(own, starts) / (ends - starts)
    filled[:, 1] = np.maximum.reduceat(own, starts)
    filled[:, 2] = np.minimum.reduceat(own, starts)
    filled[:, 3] = own[starts]
    filled[:, 4] = own[ends - 1]
    columns[lines] = filled


def token(words: HashedWords) -> NDArray[np.int64]:
    """The places of words in the table of scores."""
    return (words.hashes >> np.uint64(64 - TOKEN_BITS)).astype(np.int64)
