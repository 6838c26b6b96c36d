"""What a job is told: the dataclasses that a job file is composed of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from cleaners.labels import Label
from scraper.fetchers.settings import FetchSettings

Format = Literal["jsonl", "sqlite", "csv", "parquet", "markdown"]


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where addresses come from. Exactly one of the first group; the rest narrows it.

    ``include`` and ``exclude`` are regular expressions searched in the whole address. ``limit``
    counts what is left after them.
    """

    urls: tuple[str, ...] = ()
    file: Path | None = None  # one address a line; # starts a comment
    stdin: bool = False
    html: Path | None = None  # a file or a folder of saved pages
    feed: str | None = None
    sitemap: str | None = None
    site: str | None = None  # a home page to crawl from by links
    warc: Path | None = None  # a file or a folder of .warc and .warc.gz
    pages: Path | None = None  # JSONL or Parquet with the columns url and html

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    since: date | None = None  # feeds and sitemaps: only what is dated this day or later
    depth: int = 3  # site: links away from the home page
    scope: Literal["host", "domain", "prefix"] = "host"  # site: how far a link may lead

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the ways that are set, of which there must be one."""
        ways = ("urls", "file", "stdin", "html", "feed", "sitemap", "site", "warc", "pages")
        return tuple(it for it in ways if getattr(self, it))


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """A page that takes longer or needs more than this costs a failure row, not the job."""

    engine: Literal["winnow", "trafilatura"] = "winnow"
    focus: Literal["balanced", "precision", "recall"] = "balanced"
    rules: Path | None = None  # a folder of <host>.toml beside the ones that come along
    profiles: Path | None = None  # what winnow sites learn has learned: a folder or a file
    workers: int = 1  # processes
    deadline: float = 10.0  # seconds a page
    memory: int = 1024  # MiB a worker
    max_parts: int = 20  # pages of one article that are joined


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """Labels that stay in the text, or leave it, against their default."""

    keep: tuple[Label, ...] = ()
    drop: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class DedupSettings:
    """``keep``: which copies are written; ``all`` marks them and writes every one."""

    enabled: bool = True
    keep: Literal["all", "canonical", "first"] = "all"
    threshold: Literal["strict", "normal", "loose"] = "normal"
    kinds: tuple[Literal["exact", "near", "contained", "rewritten"], ...] = (
        "exact",
        "near",
        "contained",
        "rewritten",
    )


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """``warc``: a folder to which all that comes over the wire is written, to be read again."""

    formats: tuple[Format, ...] = ("jsonl", "sqlite")
    warc: Path | None = None


@dataclass(frozen=True, slots=True)
class JobSettings:
    """A whole job. ``out`` is the folder that holds the ledger and the results."""

    source: tuple[SourceSettings, ...]
    out: Path = Path("winnow-out")
    limit: int | None = None  # addresses fetched in this run, after which it stops, resumable
    every: str = ""  # a run asks again for articles that are older than this: 30m, 6h, 7d
    render: Literal["never", "auto"] = "never"  # auto: empty shells go through a browser
    fetch: FetchSettings = field(default_factory=FetchSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    dedup: DedupSettings = field(default_factory=DedupSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
