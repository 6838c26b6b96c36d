"""What ``winnow dedup`` writes: rows, a list of passages, two copies side by side, a summary."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from cleaners.duplicates import Document, Passage, Repeat
from cleaners.duplicates.evidence import passages
from cleaners.errors import BadDocument
from scraper.cli.terminal import safe, tell
from scraper.corpus.atomic import failing_as_output, put_in_place, temporary
from scraper.corpus.dedup import Asked, OnBad, Outcome, dedup, documents_of, rows_of, written
from scraper.corpus.dedup_parquet import write_dicts
from scraper.corpus.passages import passages_of, rows_with

SHOWN: Final = 20  # problems with rows that are told one by one
_EVERY: Final = 5.0  # seconds between two words on how far it is


def deduplicated(
    inputs: list[Path], asked: Asked, to: tuple[str, bool], on_bad: OnBad | None
) -> None:
    """Finds copies, writes the rows that are left, and says on stderr what was found."""
    out, is_marked = to
    outcome = dedup(inputs, asked, on_bad, _progress())
    count = _write(out, written(inputs, asked, outcome, is_marked))
    for line in summary(outcome, count):
        tell(line)


def summary(outcome: Outcome, rows_written: int) -> Iterator[str]:
    """The outcome in a few lines."""
    found = outcome.found
    kinds = Counter(it.kind.value for it in found.matches)
    copies = sum(len(it.members) - 1 for it in found.clusters)
    yield f"{outcome.rows:,} rows read, {rows_written:,} written"
    yield f"{len(found.clusters):,} stories have copies: {copies:,} rows"
    for kind, count in kinds.most_common():
        yield f"  {count:9,} {kind} matches"
    if found.parts:
        yield f"  {len(found.parts):9,} parts of roundups, which are no copies"


def repeats(
    inputs: list[Path], asked: Asked, to: tuple[str, str, int], on_bad: OnBad | None
) -> None:
    """Lists the paragraphs that many rows hold, most text first; or marks or removes them."""
    out, deed, least = to
    found = passages_of(inputs, asked, least, on_bad, _progress())
    if deed == "list":
        rows: Iterable[dict[str, Any]] = map(_repeat, found.repeats)
    else:
        rows = rows_with(inputs, asked, found, deed == "remove")
    count = _write(out, rows)
    tell(f"{len(found.repeats):,} paragraphs stand in {least} stories or more")
    if deed != "list":
        tell(
            f"{count:,} rows written, what returns in them {deed}{'d' if deed[-1] == 'e' else 'ed'}"
        )


def _repeat(it: Repeat) -> dict[str, Any]:
    return {
        "text": it.text,
        "documents": it.documents,
        "stories": it.stories,
        "words": it.words,
        "first": list(it.first),
    }


def explained(
    inputs: list[Path], asked: Asked, names: tuple[str, str], on_bad: OnBad | None
) -> None:
    """Prints the sentences that two rows share, what differs in them, and what only one has."""
    texts = {it.id: it.text for it in _documents(inputs, asked, on_bad) if it.id in names}
    for name in names:
        if name not in texts:
            raise BadDocument(name, "no row has this id")
    a, b = (texts[it] for it in names)
    for line in _aligned(passages(a, b), (a, b), names):
        print(safe(line))


def _aligned(
    found: Iterable[Passage], texts: tuple[str, str], names: tuple[str, str]
) -> Iterator[str]:
    a, b = texts
    yield f"a: {names[0]}"
    yield f"b: {names[1]}"
    for it in found:
        yield ""
        if it.a and it.b:
            yield f"{it.likeness:4.0%}  a  {_flat(a[slice(*it.a)])}"
            yield f"      b  {_flat(b[slice(*it.b)])}"
            for differs in it.differs:
                yield f"         {differs.what}: {differs.a or '–'} → {differs.b or '–'}"
        elif it.a:
            yield f"only  a  {_flat(a[slice(*it.a)])}"
        elif it.b:
            yield f"only  b  {_flat(b[slice(*it.b)])}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _documents(inputs: list[Path], asked: Asked, on_bad: OnBad | None) -> Iterator[Document]:
    return (it for it, _ in documents_of(rows_of(inputs, on_bad), asked.field, on_bad))


def _progress() -> Callable[[str, int], None]:
    last = time.monotonic()

    def told(stage: str, done: int) -> None:
        nonlocal last
        if time.monotonic() - last > _EVERY:
            last = time.monotonic()
            tell(f"{stage} {done:,}")

    return told


def _write(out: str, rows: Iterable[dict[str, Any]]) -> int:
    """Writes rows to stdout or into a file, whole or not at all; how many."""
    count = 0
    if out == "-":
        for row in rows:
            sys.stdout.buffer.write(_line(row))
            count += 1
        sys.stdout.buffer.flush()
        return count
    path = Path(out)
    with _finished(path) as part:
        if path.suffix == ".parquet":
            return write_dicts(part, rows)
        with part.open("wb") as file:
            for row in rows:
                file.write(_line(row))
                count += 1
    return count


@contextmanager
def _finished(path: Path) -> Iterator[Path]:
    """A file beside the path that takes its place when all is written."""
    part = temporary(path)
    with failing_as_output(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            put_in_place(part, path)
        finally:
            part.unlink(missing_ok=True)


def _line(row: dict[str, Any]) -> bytes:
    return orjson.dumps(row, default=str) + b"\n"
