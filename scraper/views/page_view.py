"""One page: its blocks, the labels that can be hidden, and what is known about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from scraper.views.block_view import blocks_in_order, many, runs, word_count
from scraper.views.colors import label_class, words_of
from scraper.views.document import Link, document, facts, masthead
from scraper.views.html import Html, Part, el, joined
from scraper.views.pieces import Piece, Shown
from scraper.views.selectors import count_steps

MOST: Final = 3_000  # blocks that are shown


def page_view(shown: Shown, trail: Sequence[Link] = ()) -> str:
    """The whole file."""
    shown = _bounded(shown)
    steps = count_steps((it.path, it.is_kept) for it in shown.pieces)
    has_original = shown.original is not None
    main = el(
        "main",
        _choice() if has_original else None,
        el(
            "article",
            *blocks_in_order(shown.pieces, steps),
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


def _bounded(shown: Shown) -> Shown:
    """What a browser can hold; a page of a story has a few hundred blocks."""
    left = len(shown.pieces) - MOST
    if left <= 0:
        return shown
    note = f"The first {MOST:,} blocks are shown; {left:,} more are left out of this view."
    return replace(shown, pieces=shown.pieces[:MOST], notes=(*shown.notes, note))


def _address(url: str | None) -> Part:
    return el("p", url, class_="address", dir="ltr") if url else None


def _sums(pieces: Sequence[Piece]) -> Html:
    kept = [it for it in pieces if it.is_kept]
    gone = [it for it in pieces if not it.is_kept]
    return el(
        "p",
        el(
            "span",
            el("b", word_count(kept)),
            f" kept in {many(len(kept), 'block')}",
            class_="sum kept",
        ),
        el(
            "span",
            el("b", word_count(gone)),
            f" removed in {many(len(gone), 'block')}",
            class_="sum removed",
        ),
        class_="sums",
    )


def _strip(pieces: Sequence[Piece]) -> Html:
    """The page at a glance: a bar in which each block is as wide as it has characters."""
    total = sum(len(it.text) for it in pieces) or 1
    at = 0.0
    rects = []
    for is_kept, label, group in runs(pieces):
        width = 1000 * sum(len(it.text) for it in group) / total
        rects.append(
            el(
                "rect",
                el("title", f"{words_of(label)}: {word_count(group)}"),
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
        aria_label="The page from top to bottom: what was kept stands tall, what was removed is "
        "low and has its label's color. The list of labels has the figures.",
    )


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
            these = f".block.{side}.{label_class(label)}"
            hiding.append(f":root:has(#{box}:not(:checked)) {these}{{display:none}}")
            chips.append(
                el(
                    "label",
                    el("input", type="checkbox", id=box, checked=True),
                    el("span", words_of(label), class_="name"),
                    el("span", f"{blocks[key]:,}", class_="count"),
                    el(
                        "span",
                        many(blocks[key], "block"),
                        ", ",
                        many(words[key], "word"),
                        class_="hidden",
                    ),
                    class_=f"chip {label_class(label)}",
                    title=f"{many(blocks[key], 'block')}, {many(words[key], 'word')}",
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
            el(
                "label",
                el("input", type="radio", name="as", id=f"as-{key}", checked=key == "text"),
                name,
            )
            for key, name in (("text", "as read"), ("original", "as it was"), ("both", "both"))
        ),
        class_="choice",
    )


def _about(shown: Shown) -> Html:
    rows: list[tuple[str, Part]] = []
    for name, value in shown.known.items():
        origin = shown.origins.get(name)
        said = el("span", f"from {origin}", class_="origin") if origin else None
        rows.append((words_of(name), joined([el("span", value, dir="auto"), said])))
    body = shown.origins.get("body")
    if body and body != "body":
        rows.append(("body", el("span", f"from {body}", class_="origin")))
    told = facts(rows) if rows else el("p", "Nothing is known about this page but its text.")
    return el(
        "aside",
        el("h2", "What is known"),
        told,
        class_="about",
        aria_label="What is known about the page",
    )


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
    return el(
        "section", el("h2", "As it was"), frame, class_="original", aria_label="The page as it was"
    )
