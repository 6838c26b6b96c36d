"""Reads sitemaps (sitemaps.org, with news tags) as a stream, however large they say they are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pyexpat import ExpatError, ParserCreate

from scraper.errors import Reason, SourceError
from scraper.sources.canonical import absolute
from scraper.sources.entry import Entry, is_since, read_date
from scraper.sources.feeds import read_feed

MOST_ENTRIES = 50_000  # sitemaps.org
MOST_BYTES = 50 << 20  # sitemaps.org, unpacked
_DEEPEST = 20  # elements in one another; urlset/url/news:news/news:publication/news:name are five
_LONGEST = 8192  # characters of one element
_PIECE = 1 << 16  # bytes

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """``children``: further sitemaps of an index; ``notes``: what was left out, and why."""

    entries: tuple[Entry, ...] = ()
    children: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


def read_sitemap(
    body: bytes, where: str, since: date | None = None, most: int = MOST_ENTRIES
) -> Sitemap:
    """XML, gzipped XML, a plain list, or a feed: all that sitemaps.org allows.

    With ``since``, what is dated earlier or not at all is left out (an undated child is kept: what
    is in it may be dated). A map that breaks off gives what came before. Raises ``SourceError``:
    hostile for a DOCTYPE or a bomb, unreadable for what is no map.
    """
    start = next(_unpacked(body, where), b"").lstrip(b"\xef\xbb\xbf \t\r\n")[:1000]
    if not start:
        raise SourceError(where, Reason.EMPTY, "an empty sitemap")
    if not start.startswith(b"<") and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _finish(_plain_list(_unpacked(body, where), where, most), since)
    if any(it in start for it in (b"<rss", b"<feed", b"<rdf:RDF")):
        entries = read_feed(b"".join(_unpacked(body, where)), where)
        return _finish(_Reader(where, most, entries=list(entries)), since)
    reader = _Reader(where, most)
    reader.read(_unpacked(body, where))
    return _finish(reader, since)


def _finish(found: _Reader, since: date | None) -> Sitemap:
    entries = [it for it in found.entries if is_since(it, since)]
    children = [it for it in found.children if it.dated is None or is_since(it, since)]
    undated = sum(it.dated is None for it in found.entries) if since else 0
    if undated:
        found.notes.append(f"{undated} entries without a date left out")
    if found.unusable:
        found.notes.append(f"{found.unusable} entries without a web address left out")
    return Sitemap(tuple(entries), tuple(children), tuple(found.notes))


class _FullError(Exception):
    """As many entries as are taken from one map."""


@dataclass(slots=True)
class _Reader:
    """What has been read so far; only one map long."""

    where: str
    most: int
    entries: list[Entry] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unusable: int = 0
    roots: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    length: int = 0

    def read(self, pieces: Iterator[bytes]) -> None:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.refuse
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        first = True
        try:
            for piece in pieces:
                parser.Parse(piece.lstrip() if first else piece, False)
                first = False
            parser.Parse(b"", True)
        except _FullError:
            self.notes.append(f"cut after {self.most} entries")
        except (ExpatError, LookupError, ValueError) as error:
            if not self.entries and not self.children:
                raise SourceError(self.where, Reason.UNREADABLE, f"not XML: {error}") from error
            self.notes.append(f"breaks off: {error}")
        if not self.roots or self.roots[0] not in ("urlset", "sitemapindex"):
            root = self.roots[0][:40] if self.roots else "nothing"
            raise SourceError(self.where, Reason.UNREADABLE, f"no sitemap: <{root}>")

    def refuse(self, *_: object) -> None:
        raise SourceError(self.where, Reason.HOSTILE, "a sitemap with a DOCTYPE")

    def start(self, name: str, _: object) -> None:
        local = name.rpartition(":")[2]
        if not self.path:
            self.roots.append(local)
        self.path.append(local)
        if len(self.path) > _DEEPEST:
            detail = f"a sitemap with more than {_DEEPEST} elements in one another"
            raise SourceError(self.where, Reason.HOSTILE, detail)
        self.text, self.length = [], 0

    def characters(self, data: str) -> None:
        if self.length < _LONGEST:
            self.text.append(data)
            self.length += len(data)

    def end(self, _: str) -> None:
        local = self.path.pop()
        parent = self.path[-1] if self.path else ""
        if parent in ("url", "sitemap", "news"):
            # image:loc stands in image:image, and is no page.
            self.values.setdefault(local, "".join(self.text).strip())
        if local in ("url", "sitemap"):
            self.add(self.values, self.entries if local == "url" else self.children)
            self.values = {}
        self.text, self.length = [], 0

    def add(self, values: dict[str, str], to: list[Entry]) -> None:
        if len(self.entries) + len(self.children) + self.unusable >= self.most:
            raise _FullError
        dates = (read_date(values.get(it, "")) for it in ("publication_date", "lastmod"))
        known = [it for it in dates if it]
        try:
            url = absolute(values.get("loc", ""))
        except SourceError:
            self.unusable += 1
        else:
            to.append(Entry(url, max(known, default=None), values.get("title", "")[:500]))


def _plain_list(pieces: Iterator[bytes], where: str, most: int) -> _Reader:
    reader = _Reader(where, most)
    try:
        for line in _lines(pieces):
            reader.add(
                {"loc": line.decode("utf-8", "replace").removeprefix("\ufeff")}, reader.entries
            )
    except _FullError:
        reader.notes.append(f"cut after {most} entries")
    if not reader.entries:
        raise SourceError(where, Reason.UNREADABLE, "neither XML nor a list of addresses")
    return reader


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that are not empty; of a very long one only the beginning, which is no address."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from (it.strip()[:_LONGEST] for it in lines if it.strip())
        rest = rest[:_LONGEST]
    if rest.strip():
        yield rest.strip()


def _unpacked(body: bytes, where: str) -> Iterator[bytes]:
    """In small pieces; a ``.gz`` may have been packed as often as twice."""
    pieces: Iterator[bytes] = (body[at : at + _PIECE] for at in range(0, len(body), _PIECE))
    for _ in range(2):
        first = next(pieces, b"")
        pieces = _chain(first, pieces)
        if first.startswith(_GZIP):
            pieces = _gunzip(pieces, where)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise SourceError(where, Reason.TOO_LARGE, f"more than {MOST_BYTES} bytes unpacked")
        yield piece


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _gunzip(pieces: Iterator[bytes], where: str) -> Iterator[bytes]:
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in pieces:
        data = piece
        while data:
            try:
                out = member.decompress(data, _PIECE)
            except zlib.error as error:
                raise SourceError(where, Reason.UNREADABLE, f"broken gzip: {error}") from error
            if out:
                yield out
            data = member.unconsumed_tail
            if member.eof:
                data = member.unused_data.lstrip(b"\0")
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    yield from iter(lambda: member.decompress(b"", _PIECE), b"")
