"""A real browser for the views, and a small job with a story that three papers carry."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.exits import Exit
from tests.scraper.jobs.small_site import page, serve_pages, write_job

# No sandbox of its own in a container; nothing that Chromium asks for by itself.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser. Skipped with the reason where there is none.

    Not for the whole session: while playwright is there, no other test could begin an event loop.
    """
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next((found for it in NAMES if (found := shutil.which(it))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Seen:
    """A view in the browser, and what went on: messages, errors, requests, windows."""

    tab: Any
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def assert_quiet(self, path: Path) -> None:
        """No message in the console, and no request but for the file itself."""
        assert self.messages == []
        assert [it for it in self.requests if not it.startswith(path.as_uri())] == []
        assert self.others == []


@pytest.fixture
def look(chromium: Any) -> Iterator[Any]:
    """Open a file; 1280 pixels wide unless it is said otherwise."""
    contexts = []

    def open_it(path: Path, width: int = 1280, scheme: str = "light", script: bool = True) -> Seen:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        tab = context.new_page()
        seen = Seen(tab)
        tab.on("console", lambda it: seen.messages.append(f"{it.type}: {it.text}"))
        tab.on("pageerror", lambda it: seen.messages.append(str(it)))
        tab.on("dialog", lambda it: (seen.others.append(it.message), it.dismiss()))
        context.on("request", lambda it: seen.requests.append(it.url))
        context.on("page", lambda it: seen.others.append(it.url))
        seen.others.clear()
        tab.goto(path.as_uri())
        return seen

    yield open_it
    for it in contexts:
        it.close()


WIRE = (
    "A bridge over the river Aldmoor was closed on Monday after engineers found a crack in its "
    "eastern pier. The council of Wendle said that 14 buses a day would go by way of Harne. "
    "Mayor Ilse Brandt called the closure a precaution and promised a first report by Friday. "
    "Shopkeepers on the market square fear for the weeks before the fair, their best of the year. "
    "The bridge was built in 1931 and last repaired eleven years ago, for two million crowns."
)
OTHER = {
    "one.example.test": WIRE,
    "two.example.test": WIRE.replace("14 buses", "16 buses")
    + " Ferries will run until midnight, the harbor office said.",
    "three.example.test": WIRE.rsplit(" The bridge was built", 1)[0],
}


def wire_page(host: str, text: str, day: int) -> str:
    paragraphs = "".join(f"<p>{it.strip()}.</p>" for it in text.rstrip(".").split(". "))
    return (
        f"<html lang=en><head><title>Bridge closed over a crack</title>"
        f"<link rel=canonical href='http://{host}/bridge.html'>"
        f"<meta property='article:published_time' content='2026-03-0{day}T08:00:00Z'></head><body>"
        f"<nav class=menu><a href=/>Home</a> <a href=/news>News</a></nav>"
        f"<article class=story><h1>Bridge closed over a crack</h1>{paragraphs}"
        f"<div class=promo><p>Subscribe to our newsletter</p></div></article>"
        f"<footer class=foot>Copyright {host}</footer></body></html>"
    )


@pytest.fixture(scope="session")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a job that has ended: three copies of a story, four other pages, one missing,
    and a web archive of all of it."""
    root = tmp_path_factory.mktemp("job")
    pages = {
        f"{host}/bridge.html": wire_page(host, text, day)
        for day, (host, text) in enumerate(OTHER.items(), 1)
    }
    pages |= {f"one.example.test/{n}.html": page(n) for n in range(1, 5)}
    with serve_pages(root / "sites", pages) as world:
        urls = ", ".join(f'"http://{it}"' for it in [*pages, "one.example.test/gone.html"])
        sources = f"[[source]]\nurls = [{urls}]\n"
        path = write_job(root, world, sources, '[output]\nwarc = "archive"\n')
        run_job(path)
    return root / "out"


def run_job(path: Path) -> None:
    """In a process of its own: the browser may be there, and with it an event loop."""
    command = [sys.executable, "-m", "scraper", "run", str(path), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode in (Exit.DONE, Exit.SOME_FAILED), done.stderr


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def winnow(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """The command line in this process: what it printed, and the code with which it ended."""
    from scraper.cli.main import main

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["winnow", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return call
