"""One page: its blocks in their order, what was kept as it reads, what was removed and by whose word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from cleaners.blocks import Kind
from cleaners.labels import Vote
from scraper.views.colors import label_class, words_of
from scraper.views.correction import corrections
from scraper.views.document import Link, document, facts, masthead, table
from scraper.views.html import Html, Part, el, joined
from scraper.views.pieces import Piece, Shown
from scraper.views.selectors import Steps, count_steps

# A run of so many removed blocks of one label is folded into one line.
RUN: Final = 3
# How much of a folded block is shown in its line.
GLIMPSE: Final = 110  # characters
_TAGS: Final = {Kind.QUOTE: "blockquote", Kind.CODE: "pre"}


def page_view(shown: Shown, trail: Sequence[Link] = ()) -> str:
    """The whole file."""
    steps = count_steps((it.path, it.is_kept) for it in shown.pieces)
    has_original = shown.original is not None
    main = el(
        "main",
        _choice() if has_original else None,
        el(
            "article",
            *_body(shown.pieces, steps),
            class_="blocks",
            lang=shown.language,
            aria_label="The blocks of the page, in their order",
        ),
        _original(shown.original) if shown.original is not None else None,
        id="content",
        tabindex=-1,
    )
    return document(
        f"{shown.title} · winnow inspect",
        "page",
        masthead(
            "one page",
            shown.title,
            _address(shown.url),
            _sums(shown.pieces),
            _strip(shown.pieces),
            *(el("p", it, class_="note") for it in shown.notes),
        ),
        el("div", _filters(shown.pieces), main, _about(shown), class_="columns"),
        trail=trail,
    )


def _address(url: str | None) -> Part:
    return el("p", url, class_="address", dir="ltr") if url else None


def _sums(pieces: Sequence[Piece]) -> Html:
    kept = [it for it in pieces if it.is_kept]
    gone = [it for it in pieces if not it.is_kept]
    return el(
        "p",
        el("span", el("b", _words(kept)), f" kept in {_many(len(kept), 'block')}", class_="sum kept"),
        el(
            "span",
            el("b", _words(gone)),
            f" removed in {_many(len(gone), 'block')}",
            class_="sum removed",
        ),
        class_="sums",
    )


def _words(pieces: Sequence[Piece]) -> str:
    return _many(sum(it.words for it in pieces), "word")


def _many(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _strip(pieces: Sequence[Piece]) -> Html:
    """The page at a glance: a bar in which each block is as wide as it has characters."""
    total = sum(len(it.text) for it in pieces) or 1
    at = 0.0
    rects = []
    for is_kept, label, group in _runs(pieces):
        width = 1000 * sum(len(it.text) for it in group) / total
        rects.append(
            el(
                "rect",
                el("title", f"{words_of(label)}: {_words(group)}"),
                x=f"{at:.2f}",
                y=0 if is_kept else 4,
                width=f"{max(width, 1.2):.2f}",
                height=16 if is_kept else 12,
                class_=f"{'kept' if is_kept else 'removed'} {label_class(label)}",
            )
        )
        at += width
    return el(
        "svg",
        *rects,
        viewBox="0 0 1000 16",
        preserveAspectRatio="none",
        class_="strip",
        role="img",
        aria_label="The page from top to bottom: what was kept stands tall, what was removed is low "
        "and has the color of its label. The same as figures is in the list of labels.",
    )


def _runs(pieces: Sequence[Piece]) -> Iterator[tuple[bool, str, list[Piece]]]:
    for (is_kept, label), group in groupby(pieces, key=lambda it: (it.is_kept, it.label)):
        yield is_kept, label, list(group)


def _filters(pieces: Sequence[Piece]) -> Html:
    """A box to tick for each label; what is not ticked is hidden, by style alone."""
    blocks: Counter[tuple[bool, str]] = Counter()
    words: Counter[tuple[bool, str]] = Counter()
    for it in pieces:
        blocks[it.is_kept, it.label] += 1
        words[it.is_kept, it.label] += it.words
    boxes: list[Part] = []
    hiding = []
    for is_kept, name in ((True, "Kept"), (False, "Removed")):
        labels = sorted((it for it in blocks if it[0] is is_kept), key=lambda it: -words[it])
        chips = []
        for key in labels:
            label = key[1]
            box = f"show-{'kept' if is_kept else 'gone'}-{label_class(label)[2:]}"
            side = "kept" if is_kept else "removed"
            hiding.append(
                f":root:has(#{box}:not(:checked)) .{side}.{label_class(label)}.block{{display:none}}"
            )
            chips.append(
                el(
                    "label",
                    el("input", type="checkbox", id=box, checked=True),
                    el("span", words_of(label), class_="name"),
                    el("span", f"{blocks[key]:,}", class_="count"),
                    el("span", _many(blocks[key], "block"), ", ", _many(words[key], "word"), class_="hidden"),
                    class_=f"chip {label_class(label)}",
                    title=f"{_many(blocks[key], 'block')}, {_many(words[key], 'word')}",
                )
            )
        if chips:
            boxes.append(el("fieldset", el("legend", name), *chips))
    buttons = el(
        "p",
        el("button", "Unfold all", type="button", data_fold="open"),
        el("button", "Fold all", type="button", data_fold="close"),
        class_="buttons",
    )
    return el(
        "section",
        el("h2", "Labels"),
        *boxes,
        buttons,
        Html(f"<style>{''.join(hiding)}</style>"),
        class_="filters",
        aria_label="Labels: which blocks are shown",
    )


def _choice() -> Html:
    return el(
        "fieldset",
        el("legend", "Show the page"),
        *(
            el("label", el("input", type="radio", name="as", id=f"as-{key}", checked=key == "text"), name)
            for key, name in (("text", "as read"), ("original", "as it was"), ("both", "both"))
        ),
        class_="choice",
    )


def _body(pieces: Sequence[Piece], steps: Steps) -> Iterator[Html]:
    for is_kept, label, group in _runs(pieces):
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
                    el("span", f"{len(group)} blocks, {_words(group)}", class_="size"),
                    el("span", _glimpse(" · ".join(it.text for it in group[:12])), class_="glimpse", dir="auto"),
                ),
                *(_removed(it, steps) for it in group),
                class_=f"block run removed {label_class(label)}",
            )


def _kept(it: Piece, steps: Steps) -> Html:
    text: Html
    if it.kind is Kind.HEADING:
        text = el(f"h{min(6, max(2, it.level + 1))}", it.text, dir="auto")
    elif it.kind is Kind.TABLE:
        text = el("p", *(el("span", cell) for cell in it.text.split("\t")), class_="cells", dir="auto")
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
        _why(it, steps),
        class_=f"block removed {label_class(it.label)}",
        id=f"b{it.index}",
    )


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
    rows = [
        [words_of(it.label.value), el("code", it.rule), f"{it.confidence:.2f}", el("span", it.evidence, dir="auto")]
        for it in sorted(votes, key=lambda it: (-it.confidence, it.rule))
    ]
    return table("Other votes", ["label", "rule", "#confidence", "evidence"], rows)


def _about(shown: Shown) -> Html:
    rows: list[tuple[str, Part]] = []
    for name, value in shown.known.items():
        origin = shown.origins.get(name)
        said = el("span", f"from {origin}", class_="origin") if origin else None
        rows.append((words_of(name), joined([el("span", value, dir="auto"), said])))
    body = shown.origins.get("body")
    if body:
        rows.append(("body", el("span", f"from {body}", class_="origin")))
    told = facts(rows) if rows else el("p", "Nothing is known about this page but its text.")
    return el("aside", el("h2", "What is known"), told, class_="about", aria_label="What is known about the page")


def _original(html: str) -> Html:
    frame = el(
        "iframe",
        # Without any allowance: no script, no form, no way out of the frame.
        sandbox="",
        srcdoc=html,
        title="The page in its own order, without scripts, styles, pictures and links",
        loading="lazy",
        referrerpolicy="no-referrer",
    )
    return el("section", el("h2", "As it was"), frame, class_="original", aria_label="The page as it was")


