"""Renders pages that are nothing without their scripts, in the system's Chromium.

The browser opens no connection of its own: whatever a page asks for is fetched by our ``Polite``,
behind the same guard, within the same bounds and as robots.txt says, and handed to it. Needs the
extra ``browser``.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.exchange import ANYTHING
from scraper.fetchers.polite import Polite
from scraper.page import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = "/Applications/{0}.app/Contents/MacOS/{0}"
_ON_MAC = tuple(_MAC.format(it) for it in ("Chromium", "Google Chrome"))

# Without a name server and behind a proxy that is not there, nothing gets out but through us.
_CUT_OFF = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--no-pings",
)
_LEAN = ("--disable-gpu", "--disable-dev-shm-usage", "--js-flags=--max-old-space-size=256")

# What the words of a page do not need.
_LEFT_OUT = frozenset({"image", "media", "font", "websocket", "eventsource", "manifest", "ping"})
# Ours to say, or no longer true of a body that has been decoded.
_NOT_PASSED = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}
)


@dataclass(frozen=True, slots=True)
class RenderSettings:
    executable: Path | None = None  # None: the first of ``NAMES`` that is found
    deadline: float = 30.0  # seconds for one page
    patience: float = 5.0  # seconds after loading for a page to ask for nothing for half a second
    most_requests: int = 150  # of one page
    max_bytes: int = 20 << 20  # of the page when it is done
    at_once: int = 2  # pages; each is a process of 50 to 300 MB


def find_browser() -> Path:
    """Raises ``JobError`` where the system has none."""
    for it in (*NAMES, *_ON_MAC):
        if found := shutil.which(it):
            return Path(found)
    raise JobError("render", f"no browser found; looked for {', '.join(NAMES)}")


class Browser:
    """Holds the browser, which starts with the first page. Use it as a context."""

    def __init__(self, polite: Polite, settings: RenderSettings | None = None) -> None:
        """Raises ``JobError`` where the extra ``browser`` or the browser itself is missing."""
        try:
            import playwright.async_api as library
        except ImportError as error:
            detail = "rendering needs: pip install 'winnow-news[browser]'"
            raise JobError("render", detail) from error
        self._library = library
        self.settings = settings or RenderSettings()
        self._executable = self.settings.executable or find_browser()
        self._polite = polite
        self._room = asyncio.Semaphore(self.settings.at_once)
        self._starting = asyncio.Lock()
        self._driver: Any = None
        self._browser: Any = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def fetch(self, url: str) -> Page:
        """``render`` for what is behind an address. Raises what ``Polite.page`` does as well."""
        return await self.render(await self._polite.page(url))

    async def render(self, shell: Page) -> Page:
        """A page that was fetched, as it stands when its scripts have come to rest, in UTF-8.

        Raises ``FetchError``: deadline when it does not come to rest, too_large, and protocol when
        the browser breaks down over it.
        """
        async with self._room:
            try:
                async with asyncio.timeout(self.settings.deadline):
                    html, address = await self._render(shell)
            except TimeoutError as error:
                # A script that never ends does not answer a request to close either.
                await self._stop()
                detail = f"not at rest after {self.settings.deadline:g} s"
                raise FetchError(shell.url, Reason.DEADLINE, detail) from error
            except self._library.Error as error:
                await self._stop()
                raise FetchError(shell.url, Reason.PROTOCOL, f"browser: {error}"[:300]) from error
        headers = {"content-type": "text/html; charset=utf-8"}
        return Page(address, shell.asked, shell.fetched_at, html.encode(), shell.status, headers)

    async def _render(self, asked: Page) -> tuple[str, str]:
        browser = await self._start()
        context = await browser.new_context(service_workers="block", accept_downloads=False)
        try:
            await context.route_web_socket("**", lambda it: it.close())
            await context.route("**/*", _Requests(self._polite, self.settings, asked).answer)
            page = await context.new_page()
            page.on("dialog", lambda it: asyncio.ensure_future(it.dismiss()))
            context.on("page", lambda it: it is page or asyncio.ensure_future(it.close()))
            await page.goto(asked.url, wait_until="load", timeout=0)
            with suppress(self._library.TimeoutError):  # Some pages never stop asking.
                patience = self.settings.patience * 1000
                await page.wait_for_load_state("networkidle", timeout=patience)
            size = await page.evaluate("document.documentElement.outerHTML.length")
            if size > self.settings.max_bytes:
                raise FetchError(asked.url, Reason.TOO_LARGE, f"rendered to {size} characters")
            return await page.content(), page.url
        finally:
            await context.close()

    async def _start(self) -> Any:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._driver = self._driver or await self._library.async_playwright().start()
                self._browser = await self._driver.chromium.launch(
                    executable_path=str(self._executable),
                    args=[*_CUT_OFF, *_LEAN],
                    # Chromium's sandbox refuses to run as root.
                    chromium_sandbox=os.geteuid() != 0,
                )
            return self._browser

    async def _stop(self) -> None:
        async with self._starting:
            browser, self._browser = self._browser, None
            driver, self._driver = self._driver, None
            if browser is not None:
                await browser.close()
            if driver is not None:
                await driver.stop()


class _Requests:
    """Answers what one page asks for."""

    def __init__(self, polite: Polite, settings: RenderSettings, asked: Page) -> None:
        self._polite = polite
        self._settings = settings
        self._asked = asked
        self._count = 0

    async def answer(self, route: Any) -> None:
        request = route.request
        self._count += 1
        if request.url == self._asked.url and request.is_navigation_request():
            await self._give(route, self._asked)
        elif (
            request.method != "GET"
            or request.resource_type in _LEFT_OUT
            or self._count > self._settings.most_requests
        ):
            await route.abort("blockedbyclient")
        else:
            try:
                found = await self._polite.part(request.url, ANYTHING)
            except FetchError:
                await route.abort("failed")
                return
            await self._give(route, found)

    async def _give(self, route: Any, page: Page) -> None:
        headers = _passed(page.headers.items())
        await route.fulfill(status=page.status, headers=headers, body=page.html)


def _passed(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in headers if name not in _NOT_PASSED}
