"""Which of a page's links belong to the job: those that a crawled site's source allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scraper.errors import SourceError
from scraper.jobs.settings import JobSettings, SourceSettings
from scraper.jobs.state import Address, Found
from scraper.sources.canonical import canonicalize, host_of
from scraper.sources.scope import Scope, read_patterns, why_not

JobLinks = Callable[[Address, Sequence[str]], tuple[Found, ...]]


def job_links(job: JobSettings) -> JobLinks:
    """From a page and its links to the addresses that the job goes on with."""
    scopes = {index: scope_of(it) for index, it in enumerate(job.source) if it.site}

    def follow(page: Address, links: Sequence[str]) -> tuple[Found, ...]:
        scope = scopes.get(page.source)
        if scope is None:
            return ()
        depth = page.depth + 1
        found: dict[str, Found] = {}
        for link in links:
            try:
                url = canonicalize(link)
            except SourceError:
                continue
            if url not in found and why_not(url, depth, scope) is None:
                found[url] = Found(url, link, host_of(url), page.source, depth)
        return tuple(found.values())

    return follow


def scope_of(source: SourceSettings) -> Scope:
    """Raises JobError for a pattern that is no regular expression."""
    return Scope(
        start=source.site or "",
        reach=source.scope,
        include=read_patterns(source.include, "source.include"),
        exclude=read_patterns(source.exclude, "source.exclude"),
        depth=source.depth,
    )
