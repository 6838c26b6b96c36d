"""An article as simple HTML: the elements of a text, no script, no style."""

from __future__ import annotations

from html import escape

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
from scraper.corpus.rows import moment_text


def html(article: Article) -> str:
    """A whole page: head with what is known, ``article`` with the text."""
    lang = f' lang="{escape(article.language)}"' if article.language else ""
    title = escape(article.title or "")
    head = ['<meta charset="utf-8">', f"<title>{title}</title>"]
    for name, value in (
        ("author", ", ".join(article.authors)),
        ("date", moment_text(article.published)),
    ):
        if value:
            head.append(f'<meta name="{name}" content="{escape(value)}">')
    canonical = whole(article.canonical or article.url or "", None)
    if canonical:
        head.append(f'<link rel="canonical" href="{escape(canonical)}">')
    body = [f"<h1>{title}</h1>"] if title else []
    body += [_run(it, article.url) for it in runs(article)]
    for image in article.images:
        if address := whole(image.url, article.url):
            body.append(f'<img src="{escape(address)}" alt="{escape(image.alt)}">')
    lines = ["<!DOCTYPE html>", f"<html{lang}>", "<head>", *head, "</head>", "<body>", "<article>"]
    return "\n".join([*lines, *body, "</article>", "</body>", "</html>"]) + "\n"


def _run(run: Run, url: str | None) -> str:
    first = run.blocks[0]
    match run.kind:
        case Kind.HEADING:
            level = heading_level(first)
            return f"<h{level}>{_inline(first, url)}</h{level}>"
        case Kind.LIST_ITEM:
            return _list(run.blocks, url)
        case Kind.QUOTE:
            inner = "".join(f"<p>{_inline(it, url)}</p>" for it in run.blocks)
            return f"<blockquote>{inner}</blockquote>"
        case Kind.CODE:
            return "\n".join(f"<pre><code>{escape(it.text)}</code></pre>" for it in run.blocks)
        case Kind.TABLE:
            rows = (
                "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in cells(it)) + "</tr>"
                for it in run.blocks
            )
            return "<table>\n" + "\n".join(rows) + "\n</table>"
        case Kind.CAPTION:
            return f"<p><small>{_inline(first, url)}</small></p>"
        case _:
            return f"<p>{_inline(first, url)}</p>"


def _list(blocks: tuple[Block, ...], url: str | None) -> str:
    """Lists in lists: an inner one stands in the item before it."""
    out: list[str] = []
    opened: list[str] = []
    for it in blocks:
        level = min(depth(it), len(opened) + 1)
        while len(opened) > level:
            out.append(f"</li></{opened.pop()}>")
        if len(opened) == level:
            out.append("</li>")
        else:
            opened.append("ol" if is_ordered(it) else "ul")
            out.append(f"<{opened[-1]}>")
        out.append(f"<li>{_inline(it, url)}")
    while opened:
        out.append(f"</li></{opened.pop()}>")
    return "".join(out)


def _inline(block: Block, url: str | None) -> str:
    found = []
    for it in pieces(block, url):
        text = escape(it.text).replace("\n", "<br>")
        found.append(text if it.href is None else f'<a href="{escape(it.href)}">{text}</a>')
    return "".join(found)
