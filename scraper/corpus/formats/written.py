"""An article in the format that is asked for, as one text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from scraper.article import Article
from scraper.corpus.formats.html import html
from scraper.corpus.formats.markdown import markdown
from scraper.corpus.formats.tei import tei
from scraper.corpus.rows import encoded, row

Form = Literal["text", "markdown", "json", "xml", "html"]
FORMS: tuple[Form, ...] = get_args(Form)
ENDINGS: dict[Form, str] = {
    "text": ".txt",
    "markdown": ".md",
    "json": ".json",
    "xml": ".xml",
    "html": ".html",
}


def written(article: Article, form: Form) -> str:
    """The article as a whole text that ends with a line end.

    ``json`` is one line, the row of docs/outputs.md; ``xml`` is XML-TEI.
    """
    ways: dict[Form, Callable[[Article], str]] = {
        "text": lambda it: f"{it.text}\n",
        "markdown": markdown,
        "json": lambda it: f"{encoded(row(it).as_dict()).decode()}\n",
        "xml": tei,
        "html": html,
    }
    return ways[form](article)
