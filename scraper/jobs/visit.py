"""One address to its end: fetch, read, join the later pages of an article, and say how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from scraper.errors import ExtractError, FetchError, PageError, Reason
from scraper.fetchers.browser import Browser
from scraper.fetchers.exchange import NotModified
from scraper.fetchers.polite import Polite
from scraper.jobs.links import JobLinks
from scraper.jobs.state import SKIPPING, Address, Found, Row, Settled, State
from scraper.jobs.workers import Workers
from scraper.page import Page
from scraper.sources.canonical import canonicalize, host_of

# What the later pages of an article add to the row of the first.
_JOINED: Final = ("links", "images")
# Statuses with which walls are served, and what their pages can turn out to be.
_WALLED: Final = frozenset({401, 402, 403, 405, 406, 429, 451, 503})
_WALLS: Final = frozenset({Reason.CHALLENGE, Reason.CONSENT_WALL, Reason.PAYWALL})


@dataclass(frozen=True, slots=True)
class Means:
    """What a visit works with.

    ``stored`` reads a page that lies on a disk, by its address and locator; ``browser`` renders
    what is nothing without its scripts, where the job wants that; ``had`` tells how an address
    ended that was there before another one led to it.
    """

    polite: Polite
    workers: Workers
    stored: Callable[[str, str], Page]
    links: JobLinks
    browser: Browser | None
    max_parts: int
    had: Callable[[str, Address], tuple[State, Reason | None, str] | None]


class _ThereAlready(Exception):
    """A redirect leads to what the job has had: ``ended``, as ``Ledger.had`` tells it."""

    def __init__(self, url: str, ended: tuple[State, Reason | None, str]) -> None:
        super().__init__(url)
        self.url, self.ended = url, ended


async def visit(address: Address, means: Means) -> Settled:
    """How the address ended; what is the page's fault is in it, and not raised."""
    landed = None
    try:
        page = await fetch(address, means)
        if isinstance(page, NotModified):
            return Settled(address, State.UNCHANGED, status=304)
        if address.locator is None and canonicalize(page.url) != address.url:
            landed = canonicalize(page.url)
        answer = await means.workers.read(page)
        if means.browser and answer.get("reason") == Reason.NEEDS_BROWSER and not address.locator:
            page = await means.browser.render(page)
            answer = await means.workers.read(page)
    except _ThereAlready as there:
        state, reason, asked = there.ended
        state = State.SAME if state in (State.ARTICLE, State.UNCHANGED) else state
        return Settled(address, state, reason, f"leads to {asked}", landed=there.url)
    except PageError as error:
        ended = failed(address, error.reason, error.detail, None)
        if isinstance(error, FetchError):
            ended = await refused(address, error, means)
        return replace(ended, landed=landed)
    found = means.links.follow(address, answer["links"])
    seconds = answer.get("seconds")
    if means.links.leads_only_on(address):
        detail = "no include is found in its address: read for its links"
        ended = failed(address, Reason.INDEX_PAGE, detail, page.status)
        return replace(ended, found=found, seconds=seconds, landed=landed)
    if "reason" in answer:
        ended = failed(address, Reason(answer["reason"]), answer["detail"], page.status)
        return replace(ended, found=found, seconds=seconds, landed=landed)
    later = await later_parts(page.url, answer, means)
    lost = (replace(later.lost, source=address.source),) if later.lost else ()
    return Settled(
        address,
        State.ARTICLE,
        status=page.status,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
        row=Row(answer["identity"], joined(answer["row"], later.rows)),
        parts=later.parts,
        seconds=seconds,
        found=(*found, *lost),
        landed=landed,
    )


async def refused(address: Address, error: FetchError, means: Means) -> Settled:
    """How an address ended that could not be had: as what its page says, where it says why."""
    ended = failed(address, error.reason, error.detail, error.status)
    if error.status not in _WALLED or not error.body:
        return ended
    headers = {"content-type": error.content_type}
    now = datetime.now(UTC)
    page = Page(error.where, address.asked, now, error.body, error.status or 0, headers)
    try:
        answer = await means.workers.read(page)
    except ExtractError:
        return ended
    if answer.get("reason") not in _WALLS:
        return ended
    return replace(
        ended, reason=Reason(answer["reason"]), detail=f"{error.detail}; {answer['detail']}"
    )


async def fetch(address: Address, means: Means) -> Page | NotModified:
    if address.locator is not None:
        return means.stored(address.asked, address.locator)
    if means.polite.is_down(address.url):
        raise FetchError(address.url, Reason.CONNECT, "the host has been silent too often")

    async def may(url: str) -> None:
        there = canonicalize(url)
        if there != address.url and (ended := means.had(there, address)):
            raise _ThereAlready(there, ended)

    return await means.polite.fetch(
        address.asked, etag=address.etag, last_modified=address.last_modified, may=may
    )


@dataclass(slots=True)
class Later:
    """The rows of an article's later pages in order, their addresses, and the one that failed."""

    rows: list[Mapping[str, Any]] = field(default_factory=list)
    parts: tuple[str, ...] = ()
    lost: Found | None = None


async def later_parts(url: str, answer: Mapping[str, Any], means: Means) -> Later:
    """What follows the first page of an article.

    A part that cannot be had ends the article where it is: what was read stays, and the part gets
    a failure row of its own.
    """
    later = Later()
    if not answer.get("next_part"):
        return later
    been = {canonicalize(url)}
    while (following := answer.get("next_part")) and len(been) < means.max_parts:
        address = canonicalize(following)
        if address in been:
            break
        been.add(address)
        try:
            page = await means.polite.fetch(following)
            if isinstance(page, NotModified):
                break
            answer = await means.workers.read(page, url)
            if "reason" in answer:
                raise ExtractError(page.url, Reason(answer["reason"]), answer["detail"])
        except PageError as error:
            host = host_of(address)
            later.lost = Found(address, following, host, reason=error.reason, detail=error.detail)
            break
        later.rows.append(answer["row"])
        later.parts += (address,)
    return later


def joined(first: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One row of an article's pages: the text in their order, all else as the first one says.

    >>> joined({"text": "One.", "links": ["a"]}, [{"text": "Two.", "links": ["a", "b"]}])
    {'text': 'One.\\n\\nTwo.', 'links': ['a', 'b']}
    """
    if not later:
        return first
    row = dict(first)
    row["text"] = "\n\n".join(it["text"] for it in (first, *later))
    for name in _JOINED:
        if name in row:
            together = [one for it in (first, *later) for one in it[name]]
            row[name] = [it for n, it in enumerate(together) if it not in together[:n]]
    if "removed" in row:
        row["removed"] = removed_of([first, *later])
    return row


def removed_of(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was removed from the pages of an article, once, at its place in the joined text.

    >>> line = {"text": "Menu", "at": 0}
    >>> removed_of([{"text": "One.", "removed": [line]}, {"text": "Two.", "removed": [line]}])
    [{'text': 'Menu', 'at': 0}]
    """
    found: dict[bytes, Mapping[str, Any]] = {}
    before = 0
    for it in rows:
        for one in it["removed"]:
            at = one.get("at")
            # The same line at the head of every page is one line, wherever it stands.
            key = orjson.dumps({**one, "at": None}, default=str)
            found.setdefault(key, one if at is None else {**one, "at": at + before})
        before += len(it["text"]) + 2
    return list(found.values())


def failed(address: Address, reason: Reason, detail: str, status: int | None) -> Settled:
    state = State.SKIPPED if reason in SKIPPING else State.FAILED
    return Settled(address, state, reason, detail, status)
