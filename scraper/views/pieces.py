"""What a page view shows, whether it comes from an article or from the row that one has become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from cleaners.blocks import Block, Kind
from cleaners.labels import Label, Labeled, Vote
from scraper.article import Article
from scraper.corpus.rows import ArticleRow, Removed, moment_text
from scraper.views.colors import NAMES


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as it is shown. ``because`` is None where only the text is known (a row)."""

    index: int
    text: str
    is_kept: bool
    because: Vote | None
    others: tuple[Vote, ...] = ()
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    path: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.because.label.value if self.because else Label.CONTENT.value

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Shown:
    """An article taken apart. ``notes`` say what a reader of the view must know about it."""

    title: str
    url: str | None
    pieces: tuple[Piece, ...]
    known: Mapping[str, str]
    origins: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    notes: tuple[str, ...] = ()
    original: str | None = None  # HTML that is safe to show in a frame


def of_article(article: Article, notes: tuple[str, ...] = (), original: str | None = None) -> Shown:
    """Every block in its place, with all that was said about it."""
    keeping = article.body.keeping
    return Shown(
        title=article.title or "No title was found",
        url=article.url,
        pieces=tuple(_piece(it, it.label in keeping) for it in article.body.blocks),
        known=_known(article),
        origins=article.origins,
        language=article.language,
        notes=notes,
        original=original,
    )


def _piece(it: Labeled, is_kept: bool) -> Piece:
    block: Block = it.block
    return Piece(
        index=block.index,
        text=block.text,
        is_kept=is_kept,
        because=it.because,
        others=it.others,
        kind=block.kind,
        level=block.markup.level if block.markup else 0,
        path=block.markup.path if block.markup else (),
    )


def _known(article: Article) -> dict[str, str]:
    paywalled = {True: "yes", False: "no", None: None}[article.paywalled]
    found = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": moment_text(article.published),
        "modified": moment_text(article.modified),
        "language": article.language,
        "site": article.site,
        "section": article.section,
        "tags": ", ".join(article.tags),
        "agency": article.agency,
        "license": article.license,
        "paywalled": paywalled,
        "page_type": article.page_type.value if article.page_type else None,
        "canonical": article.canonical,
        "main_image": article.main_image,
    }
    return {name: value for name, value in found.items() if value}


def of_row(row: ArticleRow, notes: tuple[str, ...] = ()) -> Shown:
    """A row holds the kept text and what was removed; of the kept it does not say who voted.

    Where the row does not know the places of what was removed, that stands after the text.
    """
    placed = [it for it in row.removed if it.at is not None]
    after = [it for it in row.removed if it.at is None]
    if after:
        notes = (
            *notes,
            f"This row does not say where {len(after)} of its removed blocks stood; they follow "
            "after the text, in their order.",
        )
    pieces = [*_woven(row.text, placed), *after]
    known = {
        name: ", ".join(value) if isinstance(value, tuple) else str(value)
        for name in (
            "title", "authors", "published", "modified", "language", "site", "section", "tags",
            "agency", "license", "paywalled", "page_type", "canonical", "main_image", "fetched_at",
            "status", "cluster", "match", "likeness",
        )
        if (value := getattr(row, name)) not in (None, (), "")
    }  # fmt: skip
    return Shown(
        title=row.title or "No title was found",
        url=row.url,
        pieces=tuple(
            Piece(index, it, is_kept=True, because=None)
            if isinstance(it, str)
            else Piece(index, it.text, is_kept=False, because=_vote(index, it))
            for index, it in enumerate(pieces)
        ),
        known=known,
        origins=row.origins,
        language=row.language,
        notes=notes,
    )


def _woven(text: str, placed: list[Removed]) -> list[str | Removed]:
    """The paragraphs of the text, and between them what was removed there."""
    at = sorted({min(max(it.at or 0, 0), len(text)) for it in placed})
    cuts = [0, *(it for it in at if 0 < it < len(text)), len(text)]
    found: list[str | Removed] = []
    waiting = sorted(placed, key=lambda it: it.at or 0)
    for start, end in pairwise(cuts):
        while waiting and (waiting[0].at or 0) <= start:
            found.append(waiting.pop(0))
        found += [part.strip("\n") for part in text[start:end].split("\n\n") if part.strip()]
    return [*found, *waiting]


def _vote(index: int, it: Removed) -> Vote:
    # A row of a newer version may have a label that this one does not know.
    label = Label(it.label) if it.label in NAMES else Label.REPEATED
    return Vote(index, label, it.rule, it.confidence, it.evidence)
