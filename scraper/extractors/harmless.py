"""A page's own body as HTML that can do nothing, every word marked with its block and label.

Only names of elements and text are taken over, none of the page's attributes, styles and scripts.
So there is nothing in it that could run, be sent or be asked for, whatever a browser makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from cleaners.labels import Cleaned, Labeled
from scraper.extractors.charset import as_utf8
from scraper.extractors.columns import Columns, columns
from scraper.extractors.frames import parsed
from scraper.extractors.prescan import prescan
from scraper.extractors.tags import IS_UNSEEN, NAME, TEXT
from scraper.extractors.walk import walk

# They say how a text is laid out, and have no behavior without attributes.
_KEPT_TAGS: Final = frozenset(
    """address article aside blockquote caption center dd details div dl dt fieldset figcaption
    figure footer h1 h2 h3 h4 h5 h6 header hgroup li main menu nav ol p pre search section summary
    table tbody td tfoot th thead tr ul abbr b bdi bdo big cite code del dfn em i ins kbd mark q
    s samp small span strike strong sub sup time tt u var""".split()  # noqa: SIM905
)
# Elements that close one another where they nest wrongly would not nest as the page's tree does.
_VOID: Final = frozenset({"br", "hr", "wbr"})
# A browser's own parser cuts deeper nesting (512 in Chromium and lexbor); less will do to look at.
DEEPEST: Final = 100
# A frame holds its page as an attribute of ours: more is slow to open and nobody looks at it.
LONGEST: Final = 2_000_000  # characters
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def harmless(html: str | bytes, body: Cleaned, style: str) -> str:
    """A whole HTML document; ``body`` are the blocks that ``extract`` made of the same page.

    ``style`` is the sheet for it: each word stands in a ``span`` with class kept or removed,
    ``l-<label>`` and ``data-why``; the first of a block has ``data-label`` and the id ``b<index>``.
    Raises ExtractError as ``extract`` does.
    """
    page = html.encode("utf-8", "replace") if isinstance(html, str) else as_utf8(html)[0]
    prescan(page, "page")
    found = columns(parsed(page))
    written = "".join(_bounded(_body(found, body))) if found is not None else ""
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="referrer" content="no-referrer">'
        f"<style>{style}</style></head><body>{written}</body></html>"
    )


def _bounded(parts: Iterator[str]) -> Iterator[str]:
    length = 0
    for it in parts:
        length += len(it)
        if length > LONGEST:
            yield "<p>The rest of this page is left out, it is very long.</p>"
            return
        yield it


def _body(page: Columns, body: Cleaned) -> Iterator[str]:
    """The rows of the page, elements as far as they only say how a text is laid out."""
    segments = walk(page)
    blocks = {it.block.index: it for it in body.blocks}
    of_row: dict[int, int] = {}
    for index, (start, stop) in enumerate(zip(segments.start, segments.stop, strict=True)):
        of_row.update(dict.fromkeys(segments.rows[start:stop].tolist(), index))
    seen: set[int] = set()
    unseen = IS_UNSEEN[page.tag].tolist()
    tags, ends = page.tag.tolist(), page.end.tolist()
    texts = dict(zip(page.read.tolist(), page.texts, strict=True))
    open_: list[tuple[int, str]] = []
    row = 1
    while row < len(tags):
        while open_ and open_[-1][0] <= row:
            yield f"</{open_.pop()[1]}>"
        if unseen[row]:
            row = ends[row]
            continue
        if tags[row] == TEXT:
            yield _text(texts[row], of_row.get(row), blocks, seen, body)
        else:
            name = NAME.get(tags[row], "")
            if name in _VOID:
                yield f"<{name}>"
            elif name == "img":
                yield _picture(page.attributes(row))
            elif len(open_) < DEEPEST:
                name = _shown_as(name)
                yield f"<{name}>"
                open_.append((ends[row], name))
        row += 1
    while open_:
        yield f"</{open_.pop()[1]}>"


def _shown_as(name: str) -> str:
    if name in {"details", "summary"}:
        return "div"  # nothing of the page is folded away in a view that shows all of it
    if name in _KEPT_TAGS:
        return name
    return (
        "u" if name == "a" else "div" if name in {"form", "label", "legend", "option"} else "span"
    )


def _picture(attributes: Mapping[str, str | None]) -> str:
    alt = " ".join((attributes.get("alt") or "").split())[:200]
    return f'<span class="picture">picture{": " if alt else ""}{escape(alt)}</span>'


def _text(
    text: str, index: int | None, blocks: Mapping[int, Labeled], seen: set[int], body: Cleaned
) -> str:
    shown = escape(text.replace("\x00", "\ufffd"))
    it = blocks.get(index) if index is not None else None
    if it is None or text.isspace() or index is None:
        return shown
    side = "kept" if it.label in body.keeping else "removed"
    name = it.label.value.replace("_", " ")
    first = ""
    if index not in seen:
        seen.add(index)
        first = f' id="b{index}" tabindex="0" data-label="{escape(name)}"'
    vote = it.because
    why = f"{name} · {vote.confidence:.2f} · {vote.rule} · {vote.evidence}"
    return (
        f'<span class="w {side} l-{escape(it.label.value)}"{first} title="{escape(why)}" '
        f'data-why="{escape(why)}">{shown}</span>'
    )
