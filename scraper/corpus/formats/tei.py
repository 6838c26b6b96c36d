"""An article as XML-TEI (P5), in the shape that users of trafilatura know."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from cleaners.blocks import Block, Kind
from scraper.article import Article
from scraper.corpus.formats.runs import Run, cells, is_ordered, pieces, runs, whole
from scraper.corpus.rows import moment_text

# What XML 1.0 has no way to say, not even as a reference.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tei(article: Article) -> str:
    """A TEI document: what is known in the header, the text in an entry, comments apart."""
    entry = "\n".join(_run(it, article.url) for it in runs(article))
    said = "\n".join(f"<p>{_text(it.block.text)}</p>" for it in article.comments)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
{_header(article)}
<text>
<body>
<div type="entry">
{entry or "<p/>"}
</div>
<div type="comments">
{said or "<p/>"}
</div>
</body>
</text>
</TEI>
"""


def _header(article: Article) -> str:
    title = _text(article.title or "")
    authors = "".join(f"<author>{_text(it)}</author>" for it in article.authors)
    own = whole(article.url or "", None)
    site = _text(article.site or (own and urlsplit(own).hostname) or "")
    day = moment_text(article.published)
    date = f"<date>{_text(day)}</date>" if day else "<date/>"
    address = _text_attribute(article.url or "")
    license = f"<licence>{_text(article.license)}</licence>" if article.license else "<p/>"
    keywords = "".join(
        f'<term type="{kind}">{_text(value)}</term>'
        for kind, value in (("categories", article.section), ("tags", ",".join(article.tags)))
        if value
    )
    told = f"<language ident={_text_attribute(article.language)}/>" if article.language else ""
    language = f"<langUsage>{told}</langUsage>" if told else ""
    return f"""<teiHeader>
<fileDesc>
<titleStmt><title type="main">{title}</title>{authors}</titleStmt>
<publicationStmt><publisher>{site}</publisher><availability>{license}</availability>{date}</publicationStmt>
<notesStmt><note type="agency">{_text(article.agency or "")}</note></notesStmt>
<sourceDesc>
<bibl>{", ".join(it for it in (title, site, _text(day or "")) if it)}</bibl>
<bibl type="sigle">{", ".join(it for it in (site, _text(day or "")) if it)}</bibl>
<biblFull>
<titleStmt><title type="main">{title}</title>{authors}</titleStmt>
<publicationStmt>
<publisher>{site}</publisher>
<ptr type="URL" target={address}/>{date}
</publicationStmt>
</biblFull>
</sourceDesc>
</fileDesc>
<encodingDesc>
<appInfo>
<application version="{_version()}" ident="winnow"><label>Winnow</label></application>
</appInfo>
</encodingDesc>
<profileDesc>
{language}<textClass>{f"<keywords>{keywords}</keywords>" if keywords else ""}</textClass>
</profileDesc>
</teiHeader>"""


def _run(run: Run, url: str | None) -> str:
    first = run.blocks[0]
    match run.kind:
        case Kind.HEADING:
            level = first.markup.level if first.markup else 2
            return f'<ab type="header" rend="h{min(6, max(1, level))}">{_inline(first, url)}</ab>'
        case Kind.LIST_ITEM:
            kind = "ol" if is_ordered(first) else "ul"
            items = "".join(f"<item>{_inline(it, url)}</item>" for it in run.blocks)
            return f'<list rend="{kind}">{items}</list>'
        case Kind.QUOTE:
            inner = "".join(f"<p>{_inline(it, url)}</p>" for it in run.blocks)
            return f"<quote>{inner}</quote>"
        case Kind.CODE:
            return "\n".join(f'<ab type="code">{_text(it.text)}</ab>' for it in run.blocks)
        case Kind.TABLE:
            rows = (
                "<row>" + "".join(f"<cell>{_text(each)}</cell>" for each in cells(it)) + "</row>"
                for it in run.blocks
            )
            return f"<table>{''.join(rows)}</table>"
        case _:
            return f"<p>{_inline(first, url)}</p>"


def _inline(block: Block, url: str | None) -> str:
    found = []
    for it in pieces(block, url):
        text = _text(it.text).replace("\n", "<lb/>")
        found.append(
            text if it.href is None else f"<ref target={_text_attribute(it.href)}>{text}</ref>"
        )
    return "".join(found)


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def _text_attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("", text))


def _version() -> str:
    try:
        return version("winnow-news")
    except PackageNotFoundError:
        return "0"
