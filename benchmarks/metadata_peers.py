"""What other libraries say of a page's title, authors and day, each asked as its docs show."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec

# newspaper4k was seen to run for minutes on one page; what is stopped counts as no answer.
LIMIT = 10.0  # seconds of CPU time
# What peers were seen to raise on pages; such a page counts as one without an answer.
BREAKS = (ValueError, TypeError, AttributeError, AssertionError, ImportError, LookupError)


@dataclass(frozen=True, slots=True)
class Answer:
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None


NOTHING = Answer(None, (), None)


def _trafilatura(html: str, url: str) -> Answer:
    from trafilatura import extract_metadata

    found = extract_metadata(html, default_url=url)
    if found is None:
        return NOTHING
    names = tuple(it.strip() for it in (found.author or "").split(";") if it.strip())
    return Answer(found.title, names, datetime.fromisoformat(found.date) if found.date else None)


def _newspaper4k(html: str, url: str) -> Answer:
    from newspaper import Article

    # Else it asks the network for each picture, and waits.
    article = Article(url or "https://example.org/", fetch_images=False)
    article.download(input_html=html)
    # The fields are read first; a language without its tokenizer, or time, ends it in the text.
    with suppress(*BREAKS, TimeoutError):
        article.parse()
    when = article.publish_date
    return Answer(
        article.title or None, tuple(article.authors), when if isinstance(when, datetime) else None
    )


PEERS: dict[str, Callable[[str, str], Answer]] = {
    "trafilatura": _trafilatura,
    "newspaper4k": _newspaper4k,
}


def is_installed(name: str) -> bool:
    return find_spec(name.removesuffix("4k")) is not None


def answered(name: str, html: str, url: str) -> Answer:
    """What a peer says, or nothing where it fails or takes longer than ``LIMIT``."""
    try:
        with _within(LIMIT):
            return PEERS[name](html, url)
    except (*BREAKS, TimeoutError) as error:
        print(f"  {name}: {type(error).__name__}: {error}"[:120], file=sys.stderr)
        return NOTHING


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raises TimeoutError after so much CPU time, and every second anew where that is caught."""

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"{seconds:.0f} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
