"""Which of a page's links belong to the job, and which of its pages are only a way to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scraper.errors import SourceError
from scraper.jobs.settings import JobSettings, SourceSettings
from scraper.jobs.state import Address, Found
from scraper.sources.canonical import canonicalize, host_of
from scraper.sources.scope import Scope, is_wanted, read_patterns, why_not


class JobLinks:
    """The scopes of a job's crawled sites, with their patterns compiled."""

    def __init__(self, job: JobSettings) -> None:
        """Raises JobError for a pattern that is no regular expression."""
        self._scopes = {index: scope_of(it) for index, it in enumerate(job.source) if it.site}

    def follow(self, page: Address, links: Sequence[str]) -> tuple[Found, ...]:
        """From a page and its links to the addresses that the job goes on with."""
        scope = self._scopes.get(page.source)
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
                counts = is_wanted(url, scope.include, ())
                found[url] = Found(url, link, host_of(url), page.source, depth, counts=counts)
        return tuple(found.values())

    def counted(self, source: int, urls: Iterable[str]) -> int:
        """How many of a crawled site's addresses count against its limit."""
        return sum(is_wanted(it, self._scopes[source].include, ()) for it in urls)

    def leads_only_on(self, page: Address) -> bool:
        """Whether a page is visited for its links alone, as no ``include`` is found in it."""
        scope = self._scopes.get(page.source)
        return scope is not None and not is_wanted(page.url, scope.include, ())


def scope_of(source: SourceSettings) -> Scope:
    return Scope(
        start=source.site or "",
        reach=source.scope,
        include=read_patterns(source.include, "source.include"),
        exclude=read_patterns(source.exclude, "source.exclude"),
        depth=source.depth,
    )
