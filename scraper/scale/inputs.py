"""From files, folders, patterns and stores to partitions: what one task reads."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

import pyarrow.parquet
from pyarrow import fs as filesystems

from scraper.corpus.dedup import JOB_FILES
from scraper.errors import NothingMatched
from scraper.scale.store import ARROW_ERRORS, opened, said, shown

Kind = Literal["warc", "jsonl", "parquet"]
KINDS: dict[str, Kind] = {
    ".warc": "warc",
    ".warc.gz": "warc",
    ".warc.gz.open": "warc",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson.gz": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_LEDGER = "ledger.sqlite"
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class File:
    """``root`` opens the file system, ``path`` is the file's place in it."""

    root: str
    path: str
    kind: Kind
    size: int

    @property
    def where(self) -> str:
        scheme, mark, _ = self.root.partition("://")
        return f"{scheme}{mark}{self.path}" if mark and scheme != "file" else self.path


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: from byte to byte, or of Parquet from row group to row group.

    ``end`` -1 is the file's end; ``weight`` is how many bytes of the file it is.
    """

    file: File
    start: int
    end: int
    weight: int


@dataclass(frozen=True, slots=True)
class Partition:
    """What one task reads, in this order."""

    spans: tuple[Span, ...]

    @property
    def weight(self) -> int:
        """Bytes, as they lie in the files."""
        return sum(it.weight for it in self.spans)


def files_of(inputs: Iterable[str]) -> list[File]:
    """The files behind some paths, folders, patterns and addresses; a file comes once.

    Raises NothingMatched where one of them leads to no file.
    """
    found: dict[tuple[str, str], File] = {}
    for given in inputs:
        those = list(_files_of(given))
        if not those:
            raise NothingMatched(shown(given), "no WARC, Parquet or JSONL file there")
        found |= {(it.root, it.path): it for it in those}
    return list(found.values())


def _files_of(given: str) -> Iterator[File]:
    # A pattern's own question mark is no query: only addresses of stores have one.
    address, _, query = given.partition("?") if "://" in given else (given, "", "")
    wild = _WILD.search(address)
    base = address if wild is None else address[: wild.start()].rpartition("/")[0] or "."
    root = f"{base}?{query}" if query else base
    system, path = opened(root)
    if "://" not in root:
        root = ""  # a local path says it all
    try:
        about = system.get_file_info(path)
        if about.is_file:
            yield _file(root, about, KINDS.get(_suffix(path), "jsonl"))
            return
        if about.type == filesystems.FileType.NotFound:
            raise NothingMatched(shown(given), "no such file or folder")
        below = system.get_file_info(filesystems.FileSelector(path, recursive=True))
    except ARROW_ERRORS as error:
        raise NothingMatched(shown(given), said(error)) from error
    infos = {it.path: it for it in below if it.is_file}
    if wild is not None:
        pattern = _path(address) if "://" in given else opened(address)[1]
        infos = {it: info for it, info in infos.items() if fnmatch.fnmatchcase(it, pattern)}
    elif f"{path.rstrip('/')}/{_LEDGER}" in infos:
        # A job's folder holds its articles in several forms: one of them is all of them.
        names = [f"{path.rstrip('/')}/{it}" for it in JOB_FILES]
        infos = {it: infos[it] for it in [it for it in names if it in infos][:1]}
    for name in sorted(infos):
        kind = KINDS.get(_suffix(name))
        if kind is not None:
            yield _file(root, infos[name], kind)


def _path(address: str) -> str:
    """The path of an address of a store, as its file system names files: bucket and key."""
    return address.partition("://")[2].rpartition("@")[2]


def _file(root: str, info: Any, kind: Kind) -> File:
    return File(root, info.path, kind, int(info.size or 0))


def _suffix(path: str) -> str:
    """The ending that tells the kind.

    >>> _suffix("a/b.2024.warc.gz")
    '.warc.gz'
    """
    name = PurePosixPath(path).name.lower()
    return next((it for it in sorted(KINDS, key=len, reverse=True) if name.endswith(it)), "")


def partitions(files: Sequence[File], most: int) -> list[Partition]:
    """All of the files in their order, in pieces of about ``most`` bytes; small files share one.

    What can be opened in the middle is cut: plain JSONL at bytes, Parquet at row groups. A file
    that cannot be read becomes a span all the same, so that its failure is told where it belongs.
    """
    found: list[Partition] = []
    waiting: list[Span] = []
    size = 0
    for span in (it for file in files for it in _spans(file, most)):
        if waiting and size + span.weight > most:
            found.append(Partition(tuple(waiting)))
            waiting, size = [], 0
        waiting.append(span)
        size += span.weight
    if waiting:
        found.append(Partition(tuple(waiting)))
    return found


def _spans(file: File, most: int) -> Iterator[Span]:
    if file.size <= most:
        yield Span(file, 0, -1, file.size)
    elif file.kind == "parquet":
        yield from _groups(file, most)
    elif file.kind == "jsonl" and not file.path.lower().endswith(".gz"):
        for start in range(0, file.size, most):
            end = min(file.size, start + most)
            yield Span(file, start, end, end - start)
    else:
        yield Span(file, 0, -1, file.size)


def _groups(file: File, most: int) -> Iterator[Span]:
    try:
        with opened(file.root)[0].open_input_file(file.path) as source:
            about = pyarrow.parquet.read_metadata(source)
    except ARROW_ERRORS:
        yield Span(file, 0, -1, file.size)
        return
    # Sizes in the file are before compression; what counts is what is read from the store.
    sizes = [about.row_group(it).total_byte_size for it in range(about.num_row_groups)]
    share = file.size / max(1, sum(sizes))
    start, held = 0, 0.0
    for number, each in enumerate(sizes):
        if number > start and held + each * share > most:
            yield Span(file, start, number, int(held))
            start, held = number, 0.0
        held += each * share
    yield Span(file, start, len(sizes), int(held))
