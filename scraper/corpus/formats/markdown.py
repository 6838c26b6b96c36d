"""An article as Markdown: CommonMark 0.31 with GitHub's tables, and nothing that acts."""

from __future__ import annotations

import re

from cleaners.blocks import Block, Kind
from scraper.article import Article
from scraper.corpus.formats.runs import (
    Run,
    cells,
    depth,
    heading_level,
    is_ordered,
    pieces,
    runs,
    whole,
)


def markdown(article: Article) -> str:
    """The title as a heading, the main image, the text with its links, and the other images."""
    parts = []
    if article.title:
        parts.append(f"# {escaped(_line(article.title))}")
    if article.main_image and (address := whole(article.main_image, article.url)):
        parts.append(f"![{_alt(article, article.main_image)}]({_target(address)})")
    parts += [it for it in (_run(run, article.url) for run in runs(article)) if it]
    for image in article.images:
        address = whole(image.url, article.url)
        if address and image.url != article.main_image:
            parts.append(f"![{escaped(_line(image.alt))}]({_target(address)})")
    return "\n\n".join(parts) + "\n"


def _run(run: Run, url: str | None) -> str:
    match run.kind:
        case Kind.HEADING:
            return f"{'#' * heading_level(run.blocks[0])} {_inline(run.blocks[0], url)}"
        case Kind.LIST_ITEM:
            return _list(run.blocks, url)
        case Kind.QUOTE:
            quoted = (_inline(it, url).replace("\n", "\n> ") for it in run.blocks)
            return "> " + "\n>\n> ".join(quoted)
        case Kind.CODE:
            return "\n\n".join(_code(it.text) for it in run.blocks)
        case Kind.TABLE:
            return _table(run.blocks)
        case Kind.CAPTION:
            return f"*{_inline(run.blocks[0], url)}*"
        case _:
            return _inline(run.blocks[0], url).replace("\n", "\\\n")


def _list(blocks: tuple[Block, ...], url: str | None) -> str:
    counts: dict[int, int] = {}
    lines = []
    for it in blocks:
        level = depth(it)
        counts = {at: count for at, count in counts.items() if at <= level}
        counts[level] = counts.get(level, 0) + 1
        mark = f"{counts[level]}." if is_ordered(it) else "-"
        indent = "    " * (min(level, 8) - 1)
        text = _inline(it, url).replace("\n", f"\n{indent}    ")
        lines.append(f"{indent}{mark} {text}")
    return "\n".join(lines)


def _code(text: str) -> str:
    # A fence longer than any row of backticks in the code itself.
    longest = max((len(it) for it in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _table(blocks: tuple[Block, ...]) -> str:
    rows = [cells(it) for it in blocks]
    width = max(map(len, rows))
    if width < 2 or len(rows) < 2:
        return "\n\n".join(" · ".join(escaped(it) for it in row if it) for row in rows)
    filled = [[escaped(it).replace("|", "\\|") for it in row] for row in rows]
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in filled]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _inline(block: Block, url: str | None) -> str:
    found = ""
    for it in pieces(block, url):
        if it.href is None:
            found += escaped(it.text, at_start=not found or found.endswith("\n"))
        else:
            found += f"[{escaped(_line(it.text), at_start=False)}]({_target(it.href)})"
    return found.strip()


# Characters that CommonMark reads as markup inside of a line.
_INLINE = re.compile(r"([\\`*_\[\]<>]|&(?=#?\w+;)|~(?=~)|!(?=\[))")
# What makes a line a heading, a list, a quote, a rule or a table when it stands first.
_BULLET = re.compile(r"^(\s{0,3})([#+\-=|~])", re.MULTILINE)
_NUMBER = re.compile(r"^(\s{0,3}\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def escaped(text: str, *, at_start: bool = True) -> str:
    """Text such that Markdown shows it as it is.

    >>> escaped("1. *Not* a list"), escaped("- 5 degrees")
    ('1\\\\. \\\\*Not\\\\* a list', '\\\\- 5 degrees')
    """
    plain = _INLINE.sub(r"\\\1", text)
    if not at_start and "\n" not in plain:
        return plain
    return _NUMBER.sub(r"\1\\\2", _BULLET.sub(r"\1\\\2", plain))


def _target(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _alt(article: Article, address: str) -> str:
    alt = next((it.alt for it in article.images if it.url == address), "")
    return escaped(_line(alt), at_start=False)


def _line(text: str) -> str:
    return " ".join(text.split())
