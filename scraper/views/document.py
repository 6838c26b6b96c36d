"""The page around a view: one file that asks for nothing and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from scraper.views.colors import label_styles
from scraper.views.html import Html, Part, el, joined

_NO_NAME: Final = re.compile(r"[^\w-]")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a view leads: an address beside this file, and what it is called."""

    href: str
    name: str


def document(
    title: str, kind: str, *body: Part, trail: Sequence[Link] = (), language: str | None = None
) -> str:
    """The whole file. ``kind`` is page, cluster or job; ``trail`` leads back to where it belongs.

    The policy in its head allows no request at all, and as scripts only ours, by its digest: what
    a page under inspection holds could not run even if it got out of the text that it is shown as.
    """
    script = data("inspect.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="robots", content="noindex"),
        el("title", title),
        Html(f"<style>{data('inspect.css')}{data(f'{kind}.css')}{label_styles()}</style>"),
    )
    page = el(
        "body",
        el("a", "Skip to the content", href="#content", class_="skip"),
        _trail(trail),
        *body,
        el("p", id="said", class_="hidden", role="status"),
        Html(f"<script>{script}</script>"),
        class_=kind,
    )
    whole = el("html", head, page, lang=language or "en")
    return f"<!doctype html>\n{whole.source}\n"


def file_name(kind: str, name: str) -> str:
    r"""The file of a view; a name from a file of someone else's leads nowhere else.

    >>> file_name("article", "1032ed97673bbb55"), file_name("cluster", "../../x")
    ('article-1032ed97673bbb55.html', 'cluster-------x.html')
    """
    return f"{kind}-{_NO_NAME.sub('-', name)[:100]}.html"


def _trail(links: Sequence[Link]) -> Part:
    if not links:
        return None
    steps = [el("li", el("a", it.name, href=it.href)) for it in links]
    return el("nav", el("ol", *steps), class_="trail", aria_label="Where this belongs")


def masthead(kind: str, title: str, *below: Part) -> Html:
    """What stands at the head of every view."""
    return el("header", el("p", f"winnow · {kind}", class_="kind"), _heading(title), *below)


def _heading(title: str) -> Html:
    return el("h1", title, dir="auto")


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[Part]], **attributes: str
) -> Html:
    """A table; the first cell of each row is its heading, a column named ``#…`` has figures."""
    heads = [
        el("th", it.lstrip("#"), scope="col", class_="number" if it.startswith("#") else None)
        if it
        else el("td")
        for it in columns
    ]
    body = []
    for row in rows:
        cells = [el("th", row[0], scope="row")]
        cells += [
            el("td", it, class_="number" if name.startswith("#") else None)
            for name, it in zip(columns[1:], row[1:], strict=True)
        ]
        body.append(el("tr", *cells))
    held = el(
        "table",
        el("caption", caption),
        el("thead", el("tr", *heads)),
        el("tbody", *body),
        **attributes,
    )
    # A wide table scrolls in itself, and can be reached by keyboard to do so.
    return el("div", held, class_="table", tabindex=0, role="region", aria_label=caption)


def facts(pairs: Sequence[tuple[str, Part]], class_: str = "facts") -> Html:
    """Names and their values."""
    return el(
        "dl",
        joined(el("div", el("dt", name), el("dd", value)) for name, value in pairs),
        class_=class_,
    )


@lru_cache
def data(name: str) -> str:
    return files("scraper.views").joinpath("data", name).read_text("utf-8")
