"""The blocks of a page: what was kept as it reads, what was removed folded, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from cleaners.blocks import Kind
from cleaners.labels import Vote
from scraper.views.colors import label_class, words_of
from scraper.views.correction import corrections
from scraper.views.document import facts, table
from scraper.views.html import Html, Part, el
from scraper.views.pieces import Piece
from scraper.views.selectors import Steps

# A run of so many removed blocks of one label is folded into one line.
RUN: Final = 3
# How much of a folded block is shown in its line.
GLIMPSE: Final = 110  # characters
_TAGS: Final = {Kind.QUOTE: "blockquote", Kind.CODE: "pre"}


def runs(pieces: Sequence[Piece]) -> Iterator[tuple[bool, str, list[Piece]]]:
    for (is_kept, label), group in groupby(pieces, key=lambda it: (it.is_kept, it.label)):
        yield is_kept, label, list(group)


def word_count(pieces: Sequence[Piece]) -> str:
    return many(sum(it.words for it in pieces), "word")


def many(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def blocks_in_order(pieces: Sequence[Piece], steps: Steps) -> Iterator[Html]:
    for is_kept, label, group in runs(pieces):
        if is_kept:
            for it in group:
                yield _kept(it, steps)
        elif len(group) < RUN:
            for it in group:
                yield _removed(it, steps)
        else:
            yield el(
                "details",
                el(
                    "summary",
                    _chip(label),
                    el("span", f"{len(group)} blocks, {word_count(group)}", class_="size"),
                    el(
                        "span",
                        _glimpse(" · ".join(it.text for it in group[:12])),
                        class_="glimpse",
                        dir="auto",
                    ),
                ),
                *(_removed(it, steps) for it in group),
                class_=f"block run removed {label_class(label)}",
            )


def _kept(it: Piece, steps: Steps) -> Html:
    text: Html
    if it.kind is Kind.HEADING:
        text = el(f"h{min(6, max(2, it.level + 1))}", it.text, dir="auto")
    elif it.kind is Kind.TABLE:
        text = el(
            "p", *(el("span", cell) for cell in it.text.split("\t")), class_="cells", dir="auto"
        )
    else:
        text = el(_TAGS.get(it.kind, "p"), it.text, dir="auto", class_=it.kind.value)
    if it.because is None:
        return el("div", text, class_="block kept l-content", id=f"b{it.index}")
    return el(
        "div",
        text,
        el(
            "details",
            el(
                "summary",
                el("span", f"Why this is kept: {words_of(it.label)}", class_="hidden"),
                el("span", f"{it.because.confidence:.2f}", aria_hidden="true"),
            ),
            _why(it, steps),
            class_="why",
            lang="en",
        ),
        class_=f"block kept {label_class(it.label)}",
        id=f"b{it.index}",
    )


def _removed(it: Piece, steps: Steps) -> Html:
    return el(
        "details",
        el(
            "summary",
            _chip(it.label),
            el("span", _glimpse(it.text), class_="glimpse", dir="auto"),
        ),
        el("p", it.text, class_="text", dir="auto"),
        _brief(it.because),
        _why(it, steps),
        class_=f"block removed {label_class(it.label)}",
        id=f"b{it.index}",
    )


def _brief(vote: Vote | None) -> Part:
    """On paper a line has to do for the panel."""
    if vote is None:
        return None
    told = " · ".join(it for it in (vote.rule, f"{vote.confidence:.2f}", vote.evidence) if it)
    return el("p", told, class_="brief", dir="auto")


def _chip(label: str) -> Html:
    return el("span", words_of(label), class_="tag", lang="en")


def _glimpse(text: str) -> str:
    line = " ".join(text[: 2 * GLIMPSE].split())
    return line if len(line) <= GLIMPSE else f"{line[: GLIMPSE - 1]}…"


def _why(it: Piece, steps: Steps) -> Html:
    """Rule, confidence, evidence, what the others said, and how to set it right."""
    vote = it.because
    if vote is None:
        return el("p", "Who kept this is not in the row.")
    pairs: list[tuple[str, Part]] = [
        ("Label", _chip(vote.label.value)),
        ("Rule", el("code", vote.rule)),
        ("Confidence", _meter(vote.confidence)),
        ("Evidence", el("q", vote.evidence, dir="auto") if vote.evidence else "none given"),
    ]
    if it.path:
        pairs.append(("Stands in", el("code", " › ".join(it.path), class_="path")))
    return el(
        "div", facts(pairs), _others(it.others), corrections(it, steps), class_="panel", lang="en"
    )


def _meter(value: float) -> Html:
    share = min(1.0, max(0.0, value))
    return el(
        "span",
        f"{value:.2f} ",
        el("span", el("i", style=f"width:{100 * share:.0f}%"), class_="meter", aria_hidden="true"),
    )


def _others(votes: Sequence[Vote]) -> Part:
    if not votes:
        return None
    rows: list[Sequence[Part]] = [
        [
            words_of(it.label.value),
            el("code", it.rule),
            f"{it.confidence:.2f}",
            el("span", it.evidence, dir="auto"),
        ]
        for it in sorted(votes, key=lambda it: (-it.confidence, it.rule))
    ]
    return table("Other votes", ["label", "rule", "#confidence", "evidence"], rows)
