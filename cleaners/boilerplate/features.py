"""What plain text shows of each block, as numbers for the line model; knows no language.

A column is a share, a logarithm or a flag, so that all stay between about -1 and 8. The blocks of
many texts are laid end to end, so that numpy is called as often for a hundred texts as for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import sub

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks import Kind
from cleaners.boilerplate.hashed import HashedWords, hash_words
from cleaners.boilerplate.looks import Looks
from cleaners.boilerplate.phrases import Found
from cleaners.boilerplate.signs import SIGNS, Sign, Signs, count_signs
from cleaners.labels import Label

Matrix = NDArray[np.float32]
Ints = NDArray[np.int64]
Floats64 = NDArray[np.float64]

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


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """Which blocks, laid end to end, are of which text: for each text where it begins and how many
    blocks it has (at least one), for each block the number of its text and its place in it."""

    starts: Ints
    sizes: Ints
    text: Ints
    place: Ints

    @property
    def last(self) -> Ints:
        return self.starts + self.sizes - 1

    def running(self, values: Ints) -> Floats64:
        """The running sum of each block's text up to the block, as a share of the text's sum."""
        sums = np.cumsum(values)
        before = sums[self.starts] - values[self.starts]
        whole = np.maximum(1, sums[self.last] - before)
        shares: Floats64 = (sums - before[self.text]) / whole[self.text]
        return shares


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
    is_any = sizes > 0
    begins = np.cumsum(sizes) - sizes
    number = np.repeat(np.arange(int(is_any.sum())), sizes[is_any])
    starts = begins[is_any]
    texts = _Texts(starts, sizes[is_any], number, np.arange(len(rows)) - starts[number])

    signs = count_signs([it for of in looks for it in of.blocks.texts])
    words = hash_words([it for of in looks for it in of.spoken])
    closed = np.array([it for of in looks for it in of.closed], dtype=np.bool_)
    is_paragraph = (signs.chars + 2 * signs.counts[:, 3] >= _PARAGRAPH) & closed
    # One matrix that each part fills its columns of: thirty small arrays to join cost more.
    _form(looks, signs, closed, rows[:, :_FORM])
    _place(texts, signs, is_paragraph, rows[:, _FORM:_PLACE])
    _vocabulary(texts, words, is_paragraph, rows[:, _PLACE:_VOCABULARY])
    _copies(looks, begins.tolist(), rows[:, _PLACE + 3])
    _phrases(texts, found, begins.tolist(), rows[:, _VOCABULARY:_PHRASES])
    _tokens(words, token_scores, rows[:, _PHRASES:])
    return rows


# Where the columns of each part end.
_FORM = 3 * SIGNS + 10
_PLACE = _FORM + 14
_VOCABULARY = _PLACE + 5
_PHRASES = _VOCABULARY + len(_LABELS) + 2
# A paragraph of more characters is a whole text in one line.
_GIANT = 3000
# A word is known by the number of its text and 48 bits of its hash.
_TEXT, _HASH = np.uint64(48), np.uint64(16)
_PLACES = 1 << 16
_PLACE_BITS = np.uint64(_PLACES - 1)
# log(1 + n) for the lengths and places of most texts.
_LOGS = np.log1p(np.arange(4096, dtype=np.float32))


def _form(looks: Sequence[Looks], signs: Signs, closed: NDArray[np.bool_], rows: Matrix) -> None:
    """How the block is written: signs, length, beginning and end."""
    chars = np.maximum(1, signs.chars).astype(np.float32)
    lengths = np.array([it for of in looks for it in of.lengths], dtype=np.float32)
    words = np.maximum(1, lengths)
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
    places = np.arange(len(rows))
    rows[places, at + signs.first] = 1
    rows[places, at + SIGNS + signs.last.astype(np.int64)] = 1
    at += 2 * SIGNS
    rows[:, at] = closed
    kinds = [it for of in looks for it in of.blocks.kinds]
    for column, kind in ((at + 1, Kind.HEADING), (at + 2, Kind.LIST_ITEM)):
        if kind in kinds:
            rows[:, column] = [it is kind for it in kinds]


def _place(texts: _Texts, signs: Signs, is_paragraph: NDArray[np.bool_], rows: Matrix) -> None:
    """Where the block stands in the text, and where the paragraphs are."""
    place, sizes, of = texts.place, texts.sizes, texts.text
    longest = int(sizes.max())
    logs = _LOGS if longest < len(_LOGS) else np.log1p(np.arange(longest + 1, dtype=np.float32))
    long = np.flatnonzero(is_paragraph)
    begins, ends = np.searchsorted(long, texts.starts), np.searchsorted(long, texts.last, "right")
    # Where there is no paragraph, the whole text is the story.
    long = np.append(long, 0)
    is_any = ends > begins
    first = np.where(is_any, long[begins] - texts.starts, 0)
    last = np.where(is_any, long[ends - 1] - texts.starts, sizes - 1)
    before, after = first[of] - place, place - last[of]
    np.maximum(0, before, out=before)
    np.maximum(0, after, out=after)
    rows[:, 0] = place.astype(np.float32) / sizes.astype(np.float32)[of]
    rows[:, 1] = logs[place]
    rows[:, 2] = logs[sizes[of] - 1 - place]
    rows[:, 3] = texts.running(signs.chars)
    rows[:, 4] = before > 0
    rows[:, 5] = after > 0
    rows[:, 6] = logs[before]
    rows[:, 7] = logs[after]
    rows[:, 8] = texts.running(signs.chars * is_paragraph)
    rows[:, 9] = is_paragraph
    whole = np.empty((len(sizes), 4), dtype=np.float32)
    whole[:, 0] = np.log1p(sizes)
    whole[:, 1] = (ends - begins) / sizes
    whole[:, 2] = np.log1p(_medians(texts, signs.chars))
    whole[:, 3] = np.maximum.reduceat(signs.chars, texts.starts) > _GIANT
    rows[:, 10:] = whole[of]


def _medians(texts: _Texts, values: Ints) -> Ints:
    """The upper median of each text; values are not negative."""
    step = int(values.max()) + 1
    ordered = np.sort(texts.text * step + values)
    medians: Ints = ordered[texts.starts + texts.sizes // 2] - np.arange(len(texts.starts)) * step
    return medians


def _vocabulary(
    texts: _Texts, words: HashedWords, is_paragraph: NDArray[np.bool_], rows: Matrix
) -> None:
    """How much the words of the block belong to the paragraphs of its text."""
    if not words.lines.size:
        return
    order, is_new = _ordered(texts, words)
    lines = words.lines[order]
    begins, kind = np.flatnonzero(is_new), np.cumsum(is_new) - 1
    # In how many paragraphs each word stands: those of a line stand side by side.
    in_story = is_paragraph[lines]
    is_once = is_new
    is_once[1:] |= lines[1:] != lines[:-1]
    is_once &= in_story
    story = np.bincount(kind[is_once], minlength=len(begins))
    frequent = _most_frequent(texts.text[lines[begins]], story)
    is_head = np.zeros(len(begins), dtype=np.bool_)
    is_head[kind[(texts.place == 0)[lines]]] = True
    is_shared = story[kind] > in_story
    is_frequent = frequent[kind]
    is_telling = (words.chars > 3)[order] & ~is_frequent

    # Counted in one go: a cell for each line and all that a word may be.
    cells = lines * len(_WORDS) + is_shared
    cells += is_frequent * 2
    cells += is_telling * 4
    cells += is_head[kind] * 8
    counts = np.bincount(cells, minlength=len(rows) * len(_WORDS)).reshape(-1, len(_WORDS))
    shares = counts @ _WORDS
    rows[:] = shares[:, :5] / np.maximum(1, shares[:, 5:])


# What each cell of a line counts for: words shared with the story, frequent words, those shared of
# the telling ones, none, words of the first line; and what each is a share of.
_WORDS: Ints = np.array(
    [
        [it & 1, it >> 1 & 1, it & 1 and it >> 2 & 1, 0, it >> 3, 1, 1, it >> 2 & 1, 1, 1]
        for it in range(16)
    ]
)


def _ordered(texts: _Texts, words: HashedWords) -> tuple[Ints, NDArray[np.bool_]]:
    """The order of words by text, hash and place, and which are the first of their kind there."""
    last = texts.last
    ends = np.searchsorted(words.lines, last, "right").tolist()
    begins = [0, *ends[:-1]]
    size = len(words.lines)
    if max(map(sub, ends, begins)) > _PLACES:
        of = texts.text[words.lines].astype(np.uint64)
        keys = (of << _TEXT) | words.hashes >> _HASH
        order = np.argsort(keys, kind="stable")
        return order, _begins(keys[order])
    # Hash and place in one number each: to sort numbers takes a third of sorting places by them.
    places = np.arange(size, dtype=np.uint64)
    keys = words.hashes >> _HASH << _HASH
    for begin, end in zip(begins, ends, strict=True):
        keys[begin:end] |= places[: end - begin]
        keys[begin:end].sort()
    order = (keys & _PLACE_BITS).astype(np.int64)
    is_new = _begins(keys >> _HASH)
    for begin, end in zip(begins[1:], ends[1:], strict=True):
        order[begin:end] += begin
        is_new[begin : begin + 1] = True
    return order, is_new


def _most_frequent(text: Ints, story: Ints) -> NDArray[np.bool_]:
    """Which words are the most frequent ones of their text, given the text of each word, in order,
    and in how many paragraphs it stands. Ties go to the first, so that two runs agree."""
    frequent = np.zeros(len(text), dtype=np.bool_)
    some = np.flatnonzero(story)
    if some.size:
        most = int(story.max()) + 1
        ranked = np.sort((text[some] * most + most - story[some]) * len(text) + some)
        word = ranked % len(text)
        if text[0] == text[-1]:
            frequent[word[:_FREQUENT]] = True
            return frequent
        rank = np.arange(len(word)) - np.searchsorted(text[word], text[word])
        frequent[word[rank < _FREQUENT]] = True
    return frequent


def _copies(looks: Sequence[Looks], begins: Sequence[int], column: Matrix) -> None:
    """How often the block stands in its text beside this once, four times at most."""
    for begin, of in zip(begins, looks, strict=True):
        # Equal lines have equal numbers of words, and the same at either end; few others do.
        ends = {(len(it), it[0], it[-1]) if it else () for it in of.words}
        if len(ends) < len(of.words):
            folded = of.folded
            copies = Counter(folded)
            column[begin : begin + len(folded)] = [min(4, copies[it] - 1) for it in folded]


def _begins(ordered: Ints | NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Where a run of equal numbers begins."""
    is_new = np.ones(len(ordered), dtype=np.bool_)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return is_new


def _phrases(
    texts: _Texts, found: Sequence[Sequence[Found]], begins: Sequence[int], columns: Matrix
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
    starts = np.flatnonzero(_begins(words.lines))
    lines = words.lines[starts]
    ends = np.append(starts[1:], len(own))
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
