"""The extractors that people use, each called as its own documentation shows for main text."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib import import_module
from multiprocessing.connection import Connection
from types import ModuleType

from selectolax.lexbor import LexborHTMLParser

# A peer that is longer at a page than this is ended, and its text counts as empty: newspaper4k
# was seen to run for minutes on one.
LIMIT = 20  # seconds of CPU time
# And one that does nothing is not waited for forever.
PATIENCE = 600.0  # seconds by the clock

MODULES = {
    "trafilatura": "trafilatura", "resiliparse": "resiliparse.extract.html2text",
    "readability-lxml": "readability", "newspaper4k": "newspaper", "jusText": "justext",
    "rs-trafilatura": "rs_trafilatura",
}  # fmt: skip


def _newspaper(module: ModuleType, html: str) -> str:
    article = module.Article("https://example.org/")
    article.download(input_html=html)
    article.parse()
    return str(article.text)


def _readability(module: ModuleType, html: str) -> str:
    summary = module.Document(html).summary()
    body = LexborHTMLParser(summary).body
    return body.text(separator="\n") if body else ""


def _justext(module: ModuleType, html: str) -> str:
    found = module.justext(html.encode(), module.get_stoplist("English"), encoding="utf-8")
    return "\n".join(it.text for it in found if not it.is_boilerplate)


CALLS: dict[str, Callable[[ModuleType, str], str | None]] = {
    "trafilatura": lambda module, html: module.extract(html, include_comments=False),
    "resiliparse": lambda module, html: module.extract_plain_text(html, main_content=True),
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "jusText": _justext,
    "rs-trafilatura": lambda module, html: module.extract(html).main_content,
}

# What peers were seen to raise on pages; such a page counts as one without a text.
BREAKS = (ValueError, TypeError, AttributeError, AssertionError, ImportError, LookupError)


def is_installed(name: str) -> bool:
    try:
        import_module(MODULES[name])
    except ImportError:
        return False
    return True


def texts_and_seconds(name: str, pages: Sequence[str]) -> list[tuple[str, float]]:
    """For each page the peer's text and its CPU time, in a process of its own.

    A page that it does not end within ``LIMIT`` is one without a text, of so many seconds; then
    its process is ended by the system, and another one goes on with the next page.
    """
    found: list[tuple[str, float]] = []
    fork = multiprocessing.get_context("fork")
    while len(found) < len(pages):
        here, there = fork.Pipe()
        process = fork.Process(target=_work, args=(there, name, pages[len(found) :]), daemon=True)
        process.start()
        there.close()
        with closing(here):
            found += _received(here, len(pages) - len(found))
        if len(found) < len(pages):
            found.append(("", float(LIMIT)))
        process.kill()
        process.join()
    return found


def _received(answers: Connection, wanted: int) -> list[tuple[str, float]]:
    """The answers that come in time, one after the other."""
    found: list[tuple[str, float]] = []
    while len(found) < wanted and answers.poll(PATIENCE):
        try:
            found.append(answers.recv())
        except EOFError:  # the process has died at this page
            break
    return found


def _work(answers: Connection, name: str, pages: Sequence[str]) -> None:
    module = import_module(MODULES[name])
    for html in pages:
        start = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(start) + 1 + LIMIT, resource.RLIM_INFINITY))
        try:
            text = CALLS[name](module, html) or ""
        except BREAKS as error:
            print(f"  {name}: {type(error).__name__}: {error}"[:120], file=sys.stderr, flush=True)
            text = ""
        answers.send((text, time.process_time() - start))
