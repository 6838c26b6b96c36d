"""The whole way in one call: text or blocks in, the story and what was around it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaners.blocks import Block, Columns
from cleaners.boilerplate.context import context_votes
from cleaners.boilerplate.decide import (
    ON_PAGES,
    WITH_LINE_MODEL,
    WITH_RULES,
    Presumption,
    weigh,
)
from cleaners.boilerplate.line_model import line_model, line_votes_on_all
from cleaners.boilerplate.looks import Looks, look, look_all
from cleaners.boilerplate.phrase_book import phrase_book
from cleaners.boilerplate.phrases import find_phrases
from cleaners.boilerplate.rule import Rule
from cleaners.boilerplate.rules import votes_on
from cleaners.errors import UnreadableText
from cleaners.labels import KEPT, Cleaned, Label, Laid, Vote, kept_labels
from cleaners.text.normalize import normalize
from cleaners.text.segment import lines

# "War and Peace" has 3.2 million characters, the largest encyclopedias' volumes about ten; what is
# longer is a dump of another kind, and would cost some hundred bytes of memory a character.
LONGEST, LONGEST_LINE = 50_000_000, 5_000_000
# On top of the written rules, which always run.
RULES: tuple[Rule, ...] = (line_model,)


def clean(
    text: str | bytes,
    *,
    title: str | None = None,
    keep: Iterable[Label] = (),
    drop: Iterable[Label] = (),
    rules: Sequence[Rule] = RULES,
) -> Cleaned:
    """Plain text that an extractor left: the story, and each block that is none, with its label.

    ``title`` helps to tell a repeated headline where it is known. ``keep`` and ``drop`` change
    what the labels do. Bytes are UTF-8; ``UnreadableText`` where they are not, and where a text is
    longer than ``LONGEST`` or a line of it than ``LONGEST_LINE``.

    >>> clean("It rained all day in Ghent.\\n\\nLeave a Reply").text
    'It rained all day in Ghent.'
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableText("text", f"not UTF-8: {error}") from error
    labeled = label_all(look_all([blocks_of(text)]), [title], [()], rules)[0]
    return Cleaned(labeled, kept_labels(keep, drop))


def blocks_of(text: str) -> Columns:
    """The blocks of a text, normalized; ``UnreadableText`` where it is too long to be one."""
    if len(text) > LONGEST_LINE:
        longest = max(map(len, text.splitlines()))
        if longest > LONGEST_LINE:
            raise UnreadableText("text", f"a line of {longest:,} characters is no line of a text")
        if len(text) > LONGEST:
            raise UnreadableText("text", f"{len(text):,} characters are more than one document")
    return lines(normalize(text))


def clean_blocks(
    blocks: Sequence[Block],
    *,
    title: str | None = None,
    rules: Sequence[Rule] = RULES,
    votes: Iterable[Vote] = (),
    keep: Iterable[Label] = (),
    drop: Iterable[Label] = (),
) -> Cleaned:
    """The same for blocks of whatever origin; ``votes`` are those that were cast elsewhere.

    The written rules always vote, then ``rules``. What follows from the neighborhood is voted on
    when all others have been heard.
    """
    labeled = label_all([look(blocks)], [title], [votes], rules)[0]
    return Cleaned(labeled, kept_labels(keep, drop))


def label_all(
    looks: Sequence[Looks],
    titles: Sequence[str | None],
    votes: Sequence[Iterable[Vote]],
    rules: Sequence[Rule] = RULES,
) -> list[Laid]:
    """What each block of many texts is found to be, where the looks are there already.

    The same as of one text after the other, at a third of the time. ``titles`` and ``votes``, cast
    elsewhere, are those of each text.
    """
    book = phrase_book()
    found = [list(find_phrases(it, book)) for it in looks]
    cast = [list(it) for it in votes]
    presumed = [_presumed_of(it, rules) for it in cast]
    for it, phrases, title, of in zip(looks, found, titles, cast, strict=True):
        of += votes_on(it, phrases, title)
    for rule in rules:
        if rule is line_model:
            # The line model reads what is there already instead of finding it again.
            said: Iterable[Iterable[Vote]] = line_votes_on_all(looks, found, cast)
        else:
            said = [rule(tuple(it.blocks)) for it in looks]
        for of, more in zip(cast, said, strict=True):
            of += more
    texts = zip(looks, cast, presumed, strict=True)
    return [_decided(it, of, book.opening, presumption) for it, of, presumption in texts]


def _presumed_of(cast: Sequence[Vote], rules: Sequence[Rule]) -> Presumption:
    """Who has voted for keeping before any rule was asked is the model of a page."""
    if line_model in rules:
        return WITH_LINE_MODEL
    return ON_PAGES if any(it.label in KEPT for it in cast) else WITH_RULES


def _decided(
    looks: Looks, cast: list[Vote], opening: frozenset[str], presumption: Presumption
) -> Laid:
    labeled = weigh(looks.blocks, cast, presumption)
    if context := list(context_votes(looks, labeled, opening)):
        labeled = weigh(looks.blocks, [*cast, *context], presumption)
    return labeled
